/* Who is served, and how often who is not is told so. */
#include "access.h"

#include <string.h>

#define SILENCE_SECONDS  (6 * 3600) /* between two refusals of one chat */
#define REFUSALS_AN_HOUR 60

struct access {
    char **chats, **admins;
    GHashTable *refused; /* chat -> when, as seconds (gint64 *new*) */
    int64_t hour;        /* of `refusals` */
    int refusals;
};

access_list *access_new(const struct config *c)
{
    access_list *a = g_new0(access_list, 1);

    a->chats = config_list(c, OPT_CHATS);
    a->admins = config_list(c, OPT_ADMINS);
    a->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return a;
}

void access_free(access_list *a)
{
    if (a == NULL)
        return;
    g_strfreev(a->chats);
    g_strfreev(a->admins);
    g_hash_table_unref(a->refused);
    g_free(a);
}

bool access_is_admin(const access_list *a, const char *user)
{
    return g_strv_contains((const char *const *)a->admins, user);
}

bool access_names_chat(const access_list *a, const char *chat)
{
    return g_strv_contains((const char *const *)a->chats, chat);
}

const char *const *access_chats(const access_list *a)
{
    return (const char *const *)a->chats;
}

static bool any_named(const access_list *a, char **groups)
{
    bool found = false;

    for (char **g = groups; *g != NULL && !found; g++)
        found = access_names_chat(a, *g);
    g_strfreev(groups);
    return found;
}

/* "/start r12-c0ffee": the round's group, when the token is right. */
static bool comes_by_link(const access_list *a, store *s, const char *text)
{
    g_autofree char *chat = NULL;
    enum platform platform;
    int64_t group = g_str_has_prefix(text, "/start r")
                        ? interview_link_chat(store_book(s), text + strlen("/start r"))
                        : 0;

    return group != 0 && store_chat_ext(s, group, &platform, &chat) && access_names_chat(a, chat);
}

bool access_allows(const access_list *a, store *s, const struct inbound *in)
{
    if (a->chats[0] == NULL || in->platform == PLATFORM_TERMINAL || access_names_chat(a, in->chat))
        return true;
    if (in->chat_kind != CHAT_PRIVATE)
        return false;
    return access_is_admin(a, in->user) || comes_by_link(a, s, in->text) ||
           any_named(a, store_groups_of(s, in->platform, in->user));
}

bool access_may_refuse(access_list *a, const char *chat, int64_t now)
{
    const gint64 *last = g_hash_table_lookup(a->refused, chat);

    if (now / 3600 != a->hour) {
        a->hour = now / 3600;
        a->refusals = 0;
    }
    if ((last != NULL && now - *last < SILENCE_SECONDS) || a->refusals >= REFUSALS_AN_HOUR)
        return false;
    a->refusals++;
    /* The hour's limit bounds the table too: what it forgets was told hours ago. */
    if (g_hash_table_size(a->refused) >= REFUSALS_AN_HOUR * SILENCE_SECONDS / 3600)
        g_hash_table_remove_all(a->refused);
    gint64 *when = g_new(gint64, 1);
    *when = now;
    g_hash_table_replace(a->refused, g_strdup(chat), when);
    return true;
}
