/* Counts by the second within the last minute, by key. */
#include "pace.h"

#include <glib.h>

enum { MINUTE = 60, KEYS_MOST = 4096 };

struct pace {
    GHashTable *keys; /* int64_t: struct track */
};

/* A ring of the seconds that are counted: as large whatever the limit is. */
struct track {
    int64_t key;
    int64_t last;
    struct {
        int64_t at;
        int n;
    } seconds[MINUTE];
};

pace *pace_new(void)
{
    pace *p = g_new(pace, 1);

    p->keys = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return p;
}

void pace_free(pace *p)
{
    if (p == NULL)
        return;
    g_hash_table_unref(p->keys);
    g_free(p);
}

static bool is_recent(int64_t time, int64_t now)
{
    return time > now - MINUTE && time <= now;
}

static gboolean is_quiet(gpointer key, gpointer value, gpointer now)
{
    (void)key;
    return !is_recent(((struct track *)value)->last, *(int64_t *)now);
}

static struct track *track_of(pace *p, int64_t key, int64_t now)
{
    struct track *t = g_hash_table_lookup(p->keys, &key);

    if (t != NULL)
        return t;
    if (g_hash_table_size(p->keys) >= KEYS_MOST)
        g_hash_table_foreach_remove(p->keys, is_quiet, &now);
    if (g_hash_table_size(p->keys) >= KEYS_MOST)
        g_hash_table_remove_all(p->keys);
    t = g_new0(struct track, 1);
    t->key = key;
    g_hash_table_insert(p->keys, &t->key, t);
    return t;
}

bool pace_note(pace *p, int64_t key, int limit, int64_t now)
{
    struct track *t = track_of(p, key, now);
    guint64 slot = (guint64)now % MINUTE;
    int64_t before = 0;

    for (int i = 0; i < MINUTE; i++)
        before += is_recent(t->seconds[i].at, now) ? t->seconds[i].n : 0;
    if (t->seconds[slot].at != now) {
        t->seconds[slot].at = now;
        t->seconds[slot].n = 0;
    }
    t->seconds[slot].n += t->seconds[slot].n < G_MAXINT;
    t->last = now;
    return before >= limit;
}
