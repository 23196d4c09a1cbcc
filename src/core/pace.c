/* Times within the last minute, by key. */
#include "pace.h"

#include <glib.h>

enum { MINUTE = 60, KEYS_MOST = 4096 };

struct pace {
    GHashTable *keys; /* int64_t: struct track */
};

/* The last `room` times, the oldest overwritten first. */
struct track {
    int64_t key;
    int room;
    int next;
    int64_t times[];
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
    const struct track *t = value;

    (void)key;
    return !is_recent(t->times[(t->next + t->room - 1) % t->room], *(int64_t *)now);
}

static struct track *track_of(pace *p, int64_t key, int limit, int64_t now)
{
    struct track *t = g_hash_table_lookup(p->keys, &key);

    if (t != NULL && t->room == limit)
        return t;
    if (g_hash_table_size(p->keys) >= KEYS_MOST)
        g_hash_table_foreach_remove(p->keys, is_quiet, &now);
    if (g_hash_table_size(p->keys) >= KEYS_MOST)
        g_hash_table_remove_all(p->keys);
    t = g_malloc(sizeof *t + (size_t)limit * sizeof t->times[0]);
    t->key = key;
    t->room = limit;
    t->next = 0;
    for (int i = 0; i < limit; i++)
        t->times[i] = INT64_MIN;
    g_hash_table_replace(p->keys, &t->key, t);
    return t;
}

bool pace_note(pace *p, int64_t key, int limit, int64_t now)
{
    struct track *t = track_of(p, key, limit, now);
    bool full = is_recent(t->times[t->next], now);

    t->times[t->next] = now;
    t->next = (t->next + 1) % limit;
    return full;
}
