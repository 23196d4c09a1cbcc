/* /forgetme in the store: texts, quotes, names and platforms' ids go, scores stay under a number.
 */
#include "outbox.h"
#include "store_internal.h"

/*
 * In this order: while the name is known, what waits to be sent; while the seats are known, the
 * chats; then everything that stays moves to the new number.
 */
static const int steps[] = {
    ST_LINK_DROP,     ST_FORGET_REPLIES,  ST_FORGET_NAMED,    ST_FORGET_POSTS,   ST_FORGET_CHATS,
    ST_FORGET_TITLES, ST_FORGET_USER_ADD, ST_FORGET_TALLIES,  ST_FORGET_ANSWERS, ST_FORGET_ENTRIES,
    ST_FORGET_ROUNDS, ST_FORGET_SEATS,    ST_FORGET_ACCOUNTS, ST_FORGET_ADMINS,  ST_FORGET_USER,
};

static int64_t random_number(db *d)
{
    int64_t number = 0;

    db_query(d, ST_FORGET_NUMBER, "");
    if (db_step(d, ST_FORGET_NUMBER))
        number = db_int(d, ST_FORGET_NUMBER, 0);
    db_done(d, ST_FORGET_NUMBER);
    return number;
}

void store_forget(struct book *b, int64_t user)
{
    store *s = store_of_book(b);
    int64_t number = random_number(s->db);

    outbox_delete_sent(s);
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
    bool any = db_step(s->db, ST_FORGOTTEN_ANY);
    db_done(s->db, ST_FORGOTTEN_ANY);
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
