/* /forgetme in the store: texts, quotes, names and platforms' ids go, scores stay under a number.
 */
#include <string.h>

#include "outbox.h"
#include "store_internal.h"
#include "text.h"

/* ---- what waits to be sent and speaks of the person ---- */

#define NAME_CELLS 18  /* names are shown at least that far */
#define TEXT_CELLS 500 /* of an answer that is quoted */
#define NAME_LEAST 2   /* characters: one stands in everything */
#define TEXT_LEAST 10

/* Letters and spaces look the same in every platform's messages; the rest is escaped somewhere. */
static bool is_plain(const char *p)
{
    return (unsigned char)*p >= 0x80 || g_ascii_isalnum(*p) || *p == ' ';
}

/* The longest stretch of S as it is shown that no platform writes otherwise; NULL when it is
 * shorter than LEAST characters. *new* */
static char *plain_stretch(const char *s, size_t cells, long least)
{
    g_autofree char *clean = text_clean_line(s, strlen(s));
    g_autofree char *cut = text_cut(clean, cells);
    char *best = NULL;

    if (g_str_has_suffix(cut, "…"))
        cut[strlen(cut) - strlen("…")] = '\0';
    for (const char *p = cut, *end; *p != '\0'; p = *end != '\0' ? end + 1 : end) {
        for (end = p; *end != '\0' && is_plain(end);)
            end++;
        g_autofree char *stretch = g_strstrip(g_strndup(p, (gsize)(end - p)));
        if (g_utf8_strlen(stretch, -1) >= least &&
            (best == NULL || strlen(stretch) > strlen(best))) {
            g_free(best);
            best = g_steal_pointer(&stretch);
        }
    }
    return best;
}

static void add_stretch(GPtrArray *all, const char *s, size_t cells, long least)
{
    char *stretch = s != NULL ? plain_stretch(s, cells, least) : NULL;

    if (stretch != NULL)
        g_ptr_array_add(all, stretch);
}

/* What betrays the person in a message: the name, and what they have said. *new* */
static GPtrArray *traces_of(db *d, int64_t user)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    db_query(d, ST_USER_GET, "i", user);
    if (db_step(d, ST_USER_GET))
        add_stretch(out, db_text(d, ST_USER_GET, 1), NAME_CELLS, NAME_LEAST);
    db_done(d, ST_USER_GET);
    db_query(d, ST_FORGET_SAID, "i", user);
    while (db_step(d, ST_FORGET_SAID))
        add_stretch(out, db_text(d, ST_FORGET_SAID, 0), TEXT_CELLS, TEXT_LEAST);
    db_done(d, ST_FORGET_SAID);
    return out;
}

static bool holds_any(const char *body, const GPtrArray *traces)
{
    for (guint i = 0; i < traces->len; i++) {
        if (strstr(body, g_ptr_array_index(traces, i)) != NULL)
            return true;
    }
    return false;
}

/* Messages about several people, such as a round's summary, belong to nobody: they are read. */
static void forget_waiting(db *d, int64_t user)
{
    g_autoptr(GPtrArray) traces = traces_of(d, user);
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(int64_t));

    db_query(d, ST_FORGET_WAITING, "i", user);
    while (db_step(d, ST_FORGET_WAITING)) {
        int64_t id = db_int(d, ST_FORGET_WAITING, 0);

        if (holds_any(db_text(d, ST_FORGET_WAITING, 1), traces))
            g_array_append_val(gone, id);
    }
    db_done(d, ST_FORGET_WAITING);
    for (guint i = 0; i < gone->len; i++)
        db_run(d, ST_FORGET_WAITING_ONE, "i", g_array_index(gone, int64_t, i));
}

/* ---- everything else ---- */

/* While the seats are known, the chats; then everything that stays moves to the new number. */
static const int steps[] = {
    ST_LINK_DROP,     ST_FORGET_REPLIES,  ST_FORGET_ASKED,   ST_FORGET_POSTS,   ST_FORGET_CHATS,
    ST_FORGET_TITLES, ST_FORGET_USER_ADD, ST_FORGET_TALLIES, ST_FORGET_ANSWERS, ST_FORGET_ENTRIES,
    ST_FORGET_SEATS,  ST_FORGET_ACCOUNTS, ST_FORGET_ADMINS,  ST_FORGET_USER,
};

static int64_t random_number(db *d)
{
    db_query(d, ST_FORGET_NUMBER, "");
    return store_one_int(d, ST_FORGET_NUMBER, 0);
}

void store_forget(struct book *b, int64_t user)
{
    store *s = store_of_book(b);
    int64_t number = random_number(s->db);

    outbox_delete_sent(s);
    forget_waiting(s->db, user);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        db_run(s->db, steps[i], "ii", user, number);
    s->person = 0;
    s->erased = true;
    s->erasures++;
}

bool store_is_forgetting(store *s)
{
    int known = store_known_forgetting(s);

    if (known >= 0)
        return known != 0;
    db_query(s->db, ST_FORGOTTEN_ANY, "");
    bool any = store_one_int(s->db, ST_FORGOTTEN_ANY, 0) != 0;
    if (!db_failed(s->db))
        s->cache.forgetting = any;
    return any;
}

void store_finish_forgetting(store *s)
{
    if (!store_is_forgetting(s))
        return;
    outbox_delete_sent(s);
    db_run(s->db, ST_FORGOTTEN_IDS, "");
    db_run(s->db, ST_FORGOTTEN_DONE, "");
    s->erased = true;
}
