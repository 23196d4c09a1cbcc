/* An update that the database will not have: noted, said to the person, and passed by. */
#include "log.h"
#include "telegram_internal.h"

/* Not being able to store an answer is no reason to be silent to who has written it. */
static void say_so(telegram *t, const struct telegram_update *u)
{
    int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);
    struct chat_place place = {.lang = t->options.lang};
    g_autofree char *text = NULL;

    chat_place_get(t->store, chat, &place);
    text = catalog_format(t->catalog, place.lang, "update.failed", "");
    chat_place_clear(&place);
    if (u->callback != NULL)
        telegram_add_answer(t, u, text);
    else if (chat != 0 && u->in.kind == EVENT_TEXT)
        telegram_add_plain(t, chat, text);
}

static bool pass_by(telegram *t, const json_node *json, bool aloud)
{
    struct telegram_update u;
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM, .kind = TELEGRAM_UPDATE};
    g_autofree char *why = NULL;

    telegram_update_read(json, &t->me, &u);
    why = g_strdup_printf("update %" G_GINT64_FORMAT " cannot be stored", u.id);
    t->host->ops->begin(t->host);
    outbox_refused(t->store, &row, loop_wall(t->loop) / 1000, why);
    if (aloud && u.what == TELEGRAM_EVENT)
        say_so(t, &u);
    log_error("telegram: %s and is passed by: please report this", why);
    telegram_update_clear(&u);
    return t->host->ops->commit(t->host);
}

bool telegram_pass_by(telegram *t, const json_node *json)
{
    /* What breaks the rule may be the saying. */
    return pass_by(t, json, true) || (store_broke_rule(t->store) && pass_by(t, json, false));
}
