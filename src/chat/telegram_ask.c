/*
 * Updates that cannot be handled before Telegram has answered a question: does
 * this person administer the chat, what is in this document. They stand in the
 * store, one is asked about at a time, and a crash forgets none.
 */
#include <string.h>

#include "json_out.h"
#include "log.h"
#include "telegram_internal.h"
#include "text.h"

enum { FIRST_MS = 10000, FILE_BYTES = 8 << 20, FAILS_MOST = 30 };

static int64_t now_s(const telegram *t)
{
    return loop_wall(t->loop) / 1000;
}

static struct waiting_row *first(telegram *t)
{
    return &g_array_index(t->waiting, struct waiting_row, 0);
}

static void forget_update(telegram *t)
{
    telegram_update_clear(&t->ask_update);
    g_clear_pointer(&t->ask_json, json_view_free);
}

/* The first one is done: gone from the store with the transaction that is open, and from here. */
static void drop_first(telegram *t)
{
    waiting_remove(t->store, first(t)->id);
}

/* Such a row would never go: those behind it go on without it. */
static bool leave_out(telegram *t)
{
    if (!store_broke_rule(t->store) || !telegram_pass_by(t, json_view_root(t->ask_json)))
        return false;
    t->host->ops->begin(t->host);
    drop_first(t);
    return t->host->ops->commit(t->host);
}

static void advance(telegram *t, bool ok)
{
    ok = ok || leave_out(t);
    forget_update(t);
    if (ok) {
        g_array_remove_index(t->waiting, 0);
        t->ask_fails = 0;
        telegram_ask_next(t);
    } else {
        loop_timer_in(t->ask_timer, telegram_pause(t, ++t->ask_fails, 1000, 30000));
    }
}

static void again_later(telegram *t, const struct telegram_answer *a)
{
    int64_t ms = telegram_pause(t, ++t->ask_fails, 500, 15000);

    forget_update(t);
    loop_timer_in(t->ask_timer, a->retry_after > 0 ? a->retry_after * 1000 + 20 : ms);
}

/* ---- administrators ---- */

static void handle_as(telegram *t, bool admin)
{
    struct telegram_update *u = &t->ask_update;
    int64_t chat, user;

    t->host->ops->begin(t->host);
    chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);
    user = store_user_id(t->store, PLATFORM_TELEGRAM, u->in.user);
    if (chat != 0 && user != 0)
        admin_put(t->store, chat, user, admin, now_s(t));
    u->in.admin = admin ? ADMIN_YES : ADMIN_NO;
    if (waiting_is(t->store, first(t)->id)) /* not of somebody who has been forgotten meanwhile */
        telegram_handle(t, u, NULL, 0);
    drop_first(t);
    pump_settle(t->pump);
    advance(t, t->host->ops->commit(t->host));
}

static void on_member(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;

    t->ask = NULL;
    telegram_answer_read(r, &a);
    if (telegram_check_token(t, &a)) {
        ;
    } else if (a.state == TELEGRAM_OK ||
               (a.state == TELEGRAM_FAILED && a.code >= 400 && a.code < 500 && a.code != 429)) {
        const char *status = json_node_string(json_node_get(a.result, "status"));

        handle_as(t, g_strcmp0(status, "creator") == 0 || g_strcmp0(status, "administrator") == 0);
    } else {
        again_later(t, &a);
    }
    telegram_answer_clear(&a);
}

static void ask_member(telegram *t)
{
    g_autofree char *body = g_strdup_printf("{\"chat_id\":%s,\"user_id\":%s}",
                                            t->ask_update.in.chat, t->ask_update.in.user);

    t->ask = telegram_call(t, "getChatMember", body, strlen(body), FIRST_MS, on_member, t);
}

/* ---- documents ---- */

static enum lang lang_of(telegram *t, int64_t chat)
{
    struct chat_place place = {.lang = t->options.lang};

    chat_place_get(t->store, chat, &place);
    chat_place_clear(&place);
    return place.lang;
}

/* Says TEXT to the one who sent the document, and is done with it. */
static void end_import(telegram *t, const char *text)
{
    const struct inbound *in = &t->ask_update.in;
    struct chat defaults = {.lang = t->options.lang, .zone = (char[]){"UTC"}}, chat = {0};

    t->host->ops->begin(t->host);
    if (store_chat(t->store, PLATFORM_TELEGRAM, in->chat, in->chat_kind, in->chat_title, &defaults,
                   now_s(t), &chat))
        telegram_add_plain(t, chat.id, text);
    chat_clear(&chat);
    drop_first(t);
    pump_settle(t->pump);
    advance(t, t->host->ops->commit(t->host));
}

static void end_import_with(telegram *t, const char *key)
{
    int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, t->ask_update.in.chat);
    g_autofree char *text =
        catalog_format(t->catalog, lang_of(t, chat), key, "n=%d", FILE_BYTES >> 20);

    end_import(t, text);
}

static void on_file(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a = {.retry_after = r->retry_after};

    t->ask = NULL;
    if (r->outcome == HTTP_ANSWERED && r->status == 200) {
        const char *name = t->ask_update.file_name != NULL ? t->ask_update.file_name : "bank.md";
        int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, t->ask_update.in.chat);
        g_autofree char *line = text_clean_line(name, strlen(name));
        g_autofree char *said =
            t->hooks.import(t->hooks.data, lang_of(t, chat), line, r->body, r->body_len);

        end_import(t, said);
    } else if (r->outcome == HTTP_TOO_BIG) {
        end_import_with(t, "import.too-big");
    } else if (r->outcome == HTTP_ANSWERED && r->status < 500 && r->status != 429) {
        end_import_with(t, "import.failed");
    } else if (t->ask_fails >= FAILS_MOST) {
        end_import_with(t, "import.failed");
    } else {
        again_later(t, &a);
    }
}

static void fetch_file(telegram *t, const char *path)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    g_autofree char *url = g_strconcat(t->file_base, escaped, NULL);
    struct http_request request = {.url = url, .max_response = FILE_BYTES};

    t->ask = http_start(t->http, &request, on_file, t);
}

static void on_file_info(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;
    const char *path;

    t->ask = NULL;
    telegram_answer_read(r, &a);
    path = json_node_string(json_node_get(a.result, "file_path"));
    if (telegram_check_token(t, &a))
        ;
    else if (a.state == TELEGRAM_OK && path != NULL)
        fetch_file(t, path);
    else if ((a.state == TELEGRAM_FAILED && (a.code == 400 || a.code == 404)) ||
             t->ask_fails >= FAILS_MOST)
        end_import_with(t, "import.failed");
    else
        again_later(t, &a);
    telegram_answer_clear(&a);
}

static bool is_markdown(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name != NULL ? name : "", -1);

    return g_str_has_suffix(lower, ".md") || g_str_has_suffix(lower, ".markdown");
}

static void ask_file(telegram *t)
{
    const struct telegram_update *u = &t->ask_update;
    g_autoptr(GString) body = g_string_new("{\"file_id\":");

    if (!t->hooks.may_import(t->hooks.data, u->in.user)) {
        end_import_with(t, "import.admins-only");
    } else if (!is_markdown(u->file_name)) {
        end_import_with(t, "import.not-markdown");
    } else if (u->file_size > FILE_BYTES) {
        end_import_with(t, "import.too-big");
    } else {
        json_out_string(body, u->file_id);
        g_string_append_c(body, '}');
        t->ask = telegram_call(t, "getFile", body->str, body->len, FIRST_MS, on_file_info, t);
    }
}

/* ---- one after the other ---- */

/* A row that this version cannot read is of no use to anybody. */
static void drop_unreadable(telegram *t)
{
    t->host->ops->begin(t->host);
    drop_first(t);
    advance(t, t->host->ops->commit(t->host));
}

static void ask(void *data)
{
    telegram *t = data;

    if (t->stopping || t->ended || t->ask != NULL || t->ask_json != NULL || t->waiting->len == 0)
        return;
    t->ask_json = json_view_new(first(t)->body, strlen(first(t)->body));
    telegram_update_read(json_view_root(t->ask_json), &t->me, &t->ask_update);
    if (t->ask_update.what == TELEGRAM_EVENT)
        ask_member(t);
    else if (t->ask_update.what == TELEGRAM_IMPORT)
        ask_file(t);
    else
        drop_unreadable(t);
}

/* Those of the store that are not yet here. */
void telegram_ask_next(telegram *t)
{
    if (t->waiting == NULL || t->ask != NULL || loop_timer_is_set(t->ask_timer))
        return;
    if (t->waiting->len == 0) {
        g_array_unref(t->waiting);
        t->waiting = waiting_rows(t->store, PLATFORM_TELEGRAM);
    }
    if (t->waiting->len > 0)
        loop_timer_in(t->ask_timer, 0); /* not from inside whatever has just committed */
}

void telegram_ask_start(telegram *t)
{
    t->ask_timer = loop_timer_new(t->loop, ask, t);
    t->waiting = waiting_rows(t->store, PLATFORM_TELEGRAM);
    telegram_ask_next(t);
}

void telegram_ask_stop(telegram *t)
{
    http_cancel(t->ask);
    t->ask = NULL;
    forget_update(t);
    if (t->waiting != NULL)
        g_array_unref(t->waiting);
    t->waiting = NULL;
    if (t->ask_timer != NULL)
        loop_timer_stop(t->ask_timer);
}
