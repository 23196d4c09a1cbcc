/* The long poll: who the bot is, what has happened, and the offset that says what has been stored.
 */
#include <string.h>

#include "fault.h"
#include "json_out.h"
#include "log.h"
#include "telegram_internal.h"

enum {
    UPDATES_MOST = 100, /* the most that Telegram gives at once */
    POLL_SECONDS = 50,  /* the longest that it waits */
    POLL_FIRST_MS = (POLL_SECONDS + 5) * 1000,
    CALL_FIRST_MS = 10000,
    FIRST_PAUSE_MS = 200,
    LONGEST_PAUSE_MS = 4000,
    LONGEST_CONFLICT_MS = 30000,
    OFFSET_VALID_S = 7 * 24 * 3600, /* after a week of silence the numbers begin anew anywhere */
    READY_MOST = 50, /* chats that wait for their turn: more updates would only wait here */
    READY_FEW = 30,
};

static void poll_now(void *data);
static void ask_who(telegram *t);

static int64_t now_s(const telegram *t)
{
    return loop_wall(t->loop) / 1000;
}

static bool resting(const telegram *t)
{
    return t->stopping || t->ended;
}

/* ---- failures ---- */

static void try_again(telegram *t, const struct telegram_answer *a)
{
    int64_t ms;

    t->poll_fails++;
    ms = telegram_pause(t, t->poll_fails, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    if (a->retry_after > 0)
        ms = a->retry_after * 1000 + 20;
    if (!t->poll_down)
        log_warnx("telegram: updates cannot be fetched: %s; trying again", a->description);
    t->poll_down = true;
    loop_timer_in(t->poll_timer, ms);
}

static void note_success(telegram *t)
{
    t->host->ops->alive(t->host, PLATFORM_TELEGRAM);
    if (t->poll_down || t->conflicts > 0)
        log_info("telegram: updates come again");
    t->poll_down = false;
    t->poll_fails = t->conflicts = 0;
}

/* ---- 409: a webhook is set, or somebody else is polling ---- */

/* How often a poll that waits for the outbox to shrink looks at it. */
#define HELD_LOOK_MS 1000

static void wait_out(telegram *t)
{
    int64_t ms = telegram_pause(t, t->conflicts, 1000, LONGEST_CONFLICT_MS);

    if (t->conflicts == 1 || t->conflicts % 20 == 0)
        log_warnx("telegram: another program is using this bot's token: Telegram gives each update "
                  "to one of them only. End it, or get a new token; waiting for it");
    loop_timer_in(t->poll_timer, ms);
}

static void on_webhook_deleted(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;

    t->poll = NULL;
    telegram_answer_read(r, &a);
    if (telegram_check_token(t, &a))
        ;
    else if (a.state != TELEGRAM_OK)
        try_again(t, &a);
    else if (t->conflicts > 1)
        wait_out(t); /* somebody keeps setting it again */
    else
        poll_now(t);
    telegram_answer_clear(&a);
}

static void on_webhook_info(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;
    const char *url;

    t->poll = NULL;
    telegram_answer_read(r, &a);
    url = json_node_string(json_node_get(a.result, "url"));
    if (telegram_check_token(t, &a)) {
        ;
    } else if (a.state != TELEGRAM_OK) {
        try_again(t, &a);
    } else if (url != NULL && url[0] != '\0') {
        log_warnx(
            "telegram: a webhook was set for this bot, which keeps updates away; deleting it");
        t->poll = telegram_call(t, "deleteWebhook", "{}", 2, CALL_FIRST_MS, on_webhook_deleted, t);
    } else {
        wait_out(t);
    }
    telegram_answer_clear(&a);
}

static void conflict(telegram *t)
{
    t->conflicts++;
    t->poll = telegram_call(t, "getWebhookInfo", "{}", 2, CALL_FIRST_MS, on_webhook_info, t);
}

/* ---- updates ---- */

/* An edited message concerns us when it was an answer; its person is told once. */
static bool edit_concerns(telegram *t, const struct telegram_update *u)
{
    g_autofree char *name = NULL;

    if (u->in.kind != EVENT_EDITED)
        return true;
    int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);
    if (chat == 0 || !answer_was(t->store, PLATFORM_TELEGRAM, u->in.user, u->in.message,
                                 u->in.chat_kind == CHAT_GROUP ? chat : 0))
        return false;
    name = g_strdup_printf("edited:%s:%s", u->in.chat, u->in.message);
    return inbox_first(t->store, PLATFORM_TELEGRAM, 0, name, now_s(t));
}

/* Ten pictures at once are one answer that is none: one line about them a minute is enough. */
static bool wordless_concerns(telegram *t, const struct telegram_update *u)
{
    g_autofree char *name = NULL;

    if (u->in.kind != EVENT_WORDLESS)
        return true;
    name =
        g_strdup_printf("wordless:%s:%s:%" G_GINT64_FORMAT, u->in.chat, u->in.user, now_s(t) / 60);
    return (u->in.chat_kind == CHAT_PRIVATE || u->in.reply_to != NULL) &&
           inbox_first(t->store, PLATFORM_TELEGRAM, 0, name, now_s(t));
}

static void handle_event(telegram *t, struct telegram_update *u, const char *text, size_t len)
{
    enum host_result result = HOST_DONE;
    bool waited = text == NULL;

    if (waited)
        u->in.update_number = 0; /* it was noted when it came */
    if (edit_concerns(t, u) && wordless_concerns(t, u))
        result = t->host->ops->handle(t->host, &u->in);
    if (u->in.kind == EVENT_REMOVED && result == HOST_DONE)
        pump_chat_gone(t->pump, store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat));
    /* While the platform is asked the button spins: the refusal is said where it was tapped. */
    if (u->callback != NULL && result == HOST_DONE)
        telegram_add_answer(t, u, t->popup);
    if (result == HOST_NEEDS_ADMIN && !waited)
        telegram_ask_keep(t, ASK_MEMBER, text, len);
}

/* Only people whom the bot knows: others have no place to leave. */
static void handle_members(telegram *t, struct telegram_update *u)
{
    for (size_t i = 0; telegram_update_member(u, i); i++) {
        int64_t user = store_user_id(t->store, PLATFORM_TELEGRAM, u->in.user);
        int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);

        if (user == 0 || chat == 0)
            continue;
        if (u->member_known)
            admin_put(t->store, chat, user, u->member_is_admin, now_s(t));
        u->in.update_number = 0; /* coming and going twice does no harm */
        t->host->ops->handle(t->host, &u->in);
    }
}

static void keep_import(telegram *t, const struct telegram_update *u, const char *text, size_t len)
{
    if (inbox_first(t->store, PLATFORM_TELEGRAM, u->in.update_number, NULL, now_s(t)))
        telegram_ask_keep(t, ASK_FILE, text, len);
}

void telegram_handle(telegram *t, struct telegram_update *u, const char *text, size_t len)
{
    t->now = u;
    switch (u->what) {
    case TELEGRAM_EVENT:
        handle_event(t, u, text, len);
        break;
    case TELEGRAM_MEMBERS:
        handle_members(t, u);
        break;
    case TELEGRAM_MOVED:
        telegram_move_chat(t, u->in.chat, u->moved_to);
        break;
    case TELEGRAM_IMPORT:
        keep_import(t, u, text, len);
        break;
    case TELEGRAM_NOTHING:
        if (u->callback != NULL)
            telegram_add_answer(t, u, NULL);
    }
    t->now = NULL;
    g_clear_pointer(&t->popup, g_free);
}

static void handle_json(telegram *t, const struct telegram_answer *a, const json_node *json,
                        const char *body)
{
    size_t len, at = json_view_place(a->view, json, &len);
    struct telegram_update u;

    telegram_update_read(json, &t->me, &u);
    telegram_handle(t, &u, body + at, len);
    telegram_update_clear(&u);
}

static int64_t next_offset(const json_node *updates)
{
    int64_t last = 0;

    for (const json_node *json = json_node_first(updates); json != NULL;
         json = json_node_next(updates, json))
        last = MAX(last, json_node_int(json_node_get(json, "update_id")));
    return last + 1;
}

/* The transaction that is open also says that all of them are done; false: it has failed. */
static bool commit_with_offset(telegram *t, int64_t offset)
{
    int64_t now = now_s(t);

    /* After a jump back the offset follows the new numbers: the inbox knows what has been seen. */
    transport_put_offset(t->store, PLATFORM_TELEGRAM, offset, now);
    pump_settle(t->pump);
    if (!t->host->ops->commit(t->host))
        return false;
    t->offset = offset;
    t->offset_at = now;
    telegram_ask_next(t);
    return true;
}

/* In a transaction of its own. The offset stays: by the inbox it is known should it come again. */
static bool take_alone(telegram *t, const struct telegram_answer *a, const json_node *json,
                       const char *body)
{
    t->host->ops->begin(t->host);
    handle_json(t, a, json, body);
    pump_settle(t->pump);
    return t->host->ops->commit(t->host);
}

/*
 * One update that the database will not have must not hold up all the others:
 * each is handled alone, and the one that fails again for a reason of its own
 * is noted and passed by.
 */
static bool take_one_by_one(telegram *t, const struct telegram_answer *a, const char *body)
{
    for (const json_node *json = json_node_first(a->result); json != NULL;
         json = json_node_next(a->result, json)) {
        if (!take_alone(t, a, json, body) &&
            (!store_broke_rule(t->store) || !telegram_pass_by(t, json)))
            return false;
    }
    t->host->ops->begin(t->host);
    return commit_with_offset(t, next_offset(a->result));
}

/* False: they have to come again. */
static bool take(telegram *t, const struct telegram_answer *a, const char *body)
{
    t->host->ops->begin(t->host);
    for (const json_node *json = json_node_first(a->result); json != NULL;
         json = json_node_next(a->result, json))
        handle_json(t, a, json, body);
    return commit_with_offset(t, next_offset(a->result)) ||
           (store_broke_rule(t->store) && take_one_by_one(t, a, body));
}

static void on_updates(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;

    fault_point("updates-arrived", "telegram");
    t->poll = NULL;
    telegram_answer_read(r, &a);
    if (resting(t) || telegram_check_token(t, &a)) {
        ;
    } else if (a.state == TELEGRAM_FAILED && a.code == 409) {
        conflict(t);
    } else if (a.state != TELEGRAM_OK || !json_node_is_array(a.result)) {
        if (a.state == TELEGRAM_OK)
            a.description = "the answer is no list of updates";
        if (r->outcome == HTTP_TOO_BIG) /* fewer fit */
            t->poll_most = MAX(1, t->poll_most / 4);
        try_again(t, &a);
    } else if (json_node_size(a.result) > 0 && !take(t, &a, r->body)) {
        a.description = "they cannot be stored";
        try_again(t, &a);
    } else {
        t->poll_most = UPDATES_MOST;
        note_success(t);
        poll_now(t);
    }
    telegram_answer_clear(&a);
}

static void poll_now(void *data)
{
    telegram *t = data;
    g_autoptr(GString) body = g_string_new("{");

    t->poll_held = false;
    if (resting(t) || t->poll != NULL)
        return;
    if (pump_ready(t->pump) > READY_MOST) {
        t->poll_held = true;
        /* Looked at again by itself: what was dropped unsent releases nothing. */
        loop_timer_in(t->poll_timer, HELD_LOOK_MS);
        return;
    }
    if (t->me.id == 0) {
        ask_who(t);
        return;
    }
    if (now_s(t) - t->offset_at > OFFSET_VALID_S)
        t->offset = 0;
    if (t->offset != 0)
        g_string_append_printf(body, "\"offset\":%" G_GINT64_FORMAT ",", t->offset);
    g_string_append_printf(body,
                           "\"limit\":%d,\"timeout\":%d,\"allowed_updates\":[\"message\","
                           "\"edited_message\",\"callback_query\",\"my_chat_member\","
                           "\"chat_member\"]}",
                           t->poll_most, POLL_SECONDS);
    t->poll = telegram_call(t, "getUpdates", body->str, body->len, POLL_FIRST_MS, on_updates, t);
}

void telegram_poll_release(telegram *t)
{
    if (!t->poll_held || pump_ready(t->pump) > READY_FEW)
        return;
    t->poll_held = false;
    poll_now(t);
}

/* ---- who the bot is ---- */

static void on_me(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;
    const char *name;
    int64_t id;

    t->poll = NULL;
    telegram_answer_read(r, &a);
    id = json_node_int(json_node_get(a.result, "id"));
    name = json_node_string(json_node_get(a.result, "username"));
    if (resting(t) || telegram_check_token(t, &a)) {
        ;
    } else if (a.state != TELEGRAM_OK || name == NULL || id == 0) {
        try_again(t, &a);
    } else {
        t->me.id = id;
        g_free(t->me.name);
        t->me.name = g_strdup(name);
        log_info("telegram: this is @%s", name);
        note_success(t);
        pump_start(t->pump);
        telegram_commands_start(t);
        telegram_ask_start(t);
        poll_now(t);
    }
    telegram_answer_clear(&a);
}

static void ask_who(telegram *t)
{
    t->poll = telegram_call(t, "getMe", "{}", 2, CALL_FIRST_MS, on_me, t);
}

void telegram_poll_start(telegram *t)
{
    t->poll_timer = loop_timer_new(t->loop, poll_now, t);
    t->poll_most = UPDATES_MOST;
    t->offset = transport_offset(t->store, PLATFORM_TELEGRAM, &t->offset_at);
    poll_now(t);
}

void telegram_poll_stop(telegram *t)
{
    http_cancel(t->poll);
    t->poll = NULL;
    if (t->poll_timer != NULL)
        loop_timer_stop(t->poll_timer);
}
