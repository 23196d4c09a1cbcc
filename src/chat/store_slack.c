/* What only the Slack adapter asks of the store. */
#include "store_internal.h"

int64_t store_find_post(store *s, enum platform platform, const char *chat, const char *message)
{
    db_query(s->db, ST_POST_FIND, "nss", (int)platform, chat, message);
    return store_one_int(s->db, ST_POST_FIND, 0);
}

char *store_account_name(store *s, enum platform platform, const char *user)
{
    db_query(s->db, ST_ACCOUNT_NAME, "ns", (int)platform, user);
    return store_one_text(s->db, ST_ACCOUNT_NAME);
}

GPtrArray *store_chats_of(store *s, enum platform platform, const char *user)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    db_query(s->db, ST_CHATS_OF, "ns", (int)platform, user);
    while (db_step(s->db, ST_CHATS_OF))
        g_ptr_array_add(out, db_dup(s->db, ST_CHATS_OF, 0));
    return out;
}
