/*
 * Updates that cannot be handled before Telegram has answered a question: does
 * this person administer the chat, what is in this document. They stand in the
 * store, and a crash forgets none. Of each kind one is asked about at a time,
 * so that they keep their order; a document that cannot be fetched is tried
 * for minutes, in which nobody's setting waits for it.
 */
#include <string.h>

#include "json_out.h"
#include "log.h"
#include "telegram_internal.h"
#include "text.h"

enum { FIRST_MS = 10000, FILE_BYTES = 8 << 20, FAILS_MOST = 30, HERE_MOST = 50 };

static int64_t now_s(const telegram *t)
{
    return loop_wall(t->loop) / 1000;
}

static void next(struct asking *k);

static struct waiting_row *first(const struct asking *k)
{
    return &g_array_index(k->waiting, struct waiting_row, 0);
}

static void forget_update(struct asking *k)
{
    telegram_update_clear(&k->update);
    g_clear_pointer(&k->json, json_view_free);
}

/* The first one is done: gone from the store with the transaction that is open, and from here. */
static void drop_first(struct asking *k)
{
    waiting_remove(k->telegram->store, first(k));
}

/* Such a row would never go: those behind it go on without it. */
static bool leave_out(struct asking *k)
{
    telegram *t = k->telegram;

    if (!store_broke_rule(t->store) || !telegram_pass_by(t, json_view_root(k->json)))
        return false;
    t->host->ops->begin(t->host);
    drop_first(k);
    return t->host->ops->commit(t->host);
}

static void advance(struct asking *k, bool ok)
{
    ok = ok || leave_out(k);
    forget_update(k);
    if (ok) {
        g_array_remove_index(k->waiting, 0);
        k->fails = 0;
        next(k);
    } else {
        loop_timer_in(k->timer, telegram_pause(k->telegram, ++k->fails, 1000, 30000));
    }
}

static void again_later(struct asking *k, const struct telegram_answer *a)
{
    int64_t ms = telegram_pause(k->telegram, ++k->fails, 500, 15000);

    forget_update(k);
    loop_timer_in(k->timer, a->retry_after > 0 ? a->retry_after * 1000 + 20 : ms);
}

/* ---- administrators ---- */

static void handle_as(struct asking *k, bool admin)
{
    telegram *t = k->telegram;
    struct telegram_update *u = &k->update;
    int64_t chat, user;

    t->host->ops->begin(t->host);
    chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);
    user = store_user_id(t->store, PLATFORM_TELEGRAM, u->in.user);
    if (chat != 0 && user != 0)
        admin_put(t->store, chat, user, admin, now_s(t));
    u->in.admin = admin ? ADMIN_YES : ADMIN_NO;
    if (waiting_is(t->store, first(k))) /* not of somebody who has been forgotten meanwhile */
        telegram_handle(t, u, NULL, 0);
    drop_first(k);
    pump_settle(t->pump);
    advance(k, t->host->ops->commit(t->host));
}

static void ask_member(struct asking *k);

/* The group is a supergroup by now: what was written in it was written in that. */
static bool follow(struct asking *k, int64_t moved_to)
{
    char to[TELEGRAM_ID];

    g_snprintf(to, sizeof to, "%" G_GINT64_FORMAT, moved_to);
    if (moved_to == 0 || strcmp(to, k->update.chat) == 0)
        return false;
    telegram_chat_moved(k->telegram, k->update.chat, to);
    g_strlcpy(k->update.chat, to, sizeof k->update.chat); /* in.chat points here */
    return true;
}

static void on_member(const struct http_response *r, void *data)
{
    struct asking *k = data;
    telegram *t = k->telegram;
    struct telegram_answer a;

    k->call = NULL;
    telegram_answer_read(r, &a);
    if (telegram_check_token(t, &a)) {
        ;
    } else if (follow(k, a.moved_to)) {
        ask_member(k);
    } else if (a.state == TELEGRAM_OK ||
               (a.state == TELEGRAM_FAILED && a.code >= 400 && a.code < 500 && a.code != 429)) {
        const char *status = json_node_string(json_node_get(a.result, "status"));

        handle_as(k, g_strcmp0(status, "creator") == 0 || g_strcmp0(status, "administrator") == 0);
    } else {
        again_later(k, &a);
    }
    telegram_answer_clear(&a);
}

static void ask_member(struct asking *k)
{
    g_autofree char *body =
        g_strdup_printf("{\"chat_id\":%s,\"user_id\":%s}", k->update.in.chat, k->update.in.user);

    k->call =
        telegram_call(k->telegram, "getChatMember", body, strlen(body), FIRST_MS, on_member, k);
}

/* ---- documents ---- */

static enum lang lang_of(telegram *t, int64_t chat)
{
    struct chat_place place = {.lang = t->options.lang};

    chat_place_get(t->store, chat, &place);
    chat_place_clear(&place);
    return place.lang;
}

/* Says TEXT to the one who sent the document, if not forgotten meanwhile, and is done with it. */
static void end_import(struct asking *k, const char *text)
{
    telegram *t = k->telegram;
    const struct inbound *in = &k->update.in;
    struct chat defaults = {.lang = t->options.lang, .zone = (char[]){"UTC"}}, chat = {0};

    t->host->ops->begin(t->host);
    if (waiting_is(t->store, first(k)) &&
        store_chat(t->store, PLATFORM_TELEGRAM, in->chat, in->chat_kind, in->chat_title, &defaults,
                   now_s(t), &chat))
        telegram_add_plain(t, chat.id, text);
    chat_clear(&chat);
    drop_first(k);
    pump_settle(t->pump);
    advance(k, t->host->ops->commit(t->host));
}

static void end_import_with(struct asking *k, const char *key)
{
    telegram *t = k->telegram;
    int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, k->update.in.chat);
    g_autofree char *text =
        catalog_format(t->catalog, lang_of(t, chat), key, "n=%d", FILE_BYTES >> 20);

    end_import(k, text);
}

/* All of what was sent, and not what something between says with a 200 of its own. */
static bool is_the_document(const struct asking *k, const struct http_response *r)
{
    return r->outcome == HTTP_ANSWERED && r->status == 200 &&
           (k->update.file_size <= 0 || (int64_t)r->body_len == k->update.file_size);
}

static void on_file(const struct http_response *r, void *data)
{
    struct asking *k = data;
    telegram *t = k->telegram;
    struct telegram_answer a = {.retry_after = r->retry_after};

    k->call = NULL;
    if (is_the_document(k, r)) {
        const char *name = k->update.file_name != NULL ? k->update.file_name : "bank.md";
        int64_t chat = store_chat_id(t->store, PLATFORM_TELEGRAM, k->update.in.chat);
        g_autofree char *line = text_clean_line(name, strlen(name));
        g_autofree char *said =
            t->hooks.import(t->hooks.data, lang_of(t, chat), line, r->body, r->body_len);

        end_import(k, said);
    } else if (r->outcome == HTTP_TOO_BIG) {
        end_import_with(k, "import.too-big");
    } else if (r->outcome == HTTP_ANSWERED && r->status >= 400 && r->status < 500 &&
               r->status != 429) {
        end_import_with(k, "import.failed");
    } else if (k->fails >= FAILS_MOST) {
        end_import_with(k, "import.failed");
    } else {
        again_later(k, &a);
    }
}

static void fetch_file(struct asking *k, const char *path)
{
    telegram *t = k->telegram;
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    g_autofree char *url = g_strconcat(t->file_base, escaped, NULL);
    struct http_request request = {.url = url, .max_response = FILE_BYTES};

    k->call = http_start(t->http, &request, on_file, k);
}

static void on_file_info(const struct http_response *r, void *data)
{
    struct asking *k = data;
    telegram *t = k->telegram;
    struct telegram_answer a;
    const char *path;

    k->call = NULL;
    telegram_answer_read(r, &a);
    path = json_node_string(json_node_get(a.result, "file_path"));
    if (telegram_check_token(t, &a))
        ;
    else if (a.state == TELEGRAM_OK && path != NULL)
        fetch_file(k, path);
    else if ((a.state == TELEGRAM_FAILED && (a.code == 400 || a.code == 404)) ||
             k->fails >= FAILS_MOST)
        end_import_with(k, "import.failed");
    else
        again_later(k, &a);
    telegram_answer_clear(&a);
}

static bool is_markdown(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name != NULL ? name : "", -1);

    return g_str_has_suffix(lower, ".md") || g_str_has_suffix(lower, ".markdown");
}

static void ask_file(struct asking *k)
{
    telegram *t = k->telegram;
    const struct telegram_update *u = &k->update;
    g_autoptr(GString) body = g_string_new("{\"file_id\":");

    if (!t->hooks.may_import(t->hooks.data, u->in.user)) {
        end_import_with(k, "import.admins-only");
    } else if (!is_markdown(u->file_name)) {
        end_import_with(k, "import.not-markdown");
    } else if (u->file_size > FILE_BYTES) {
        end_import_with(k, "import.too-big");
    } else {
        json_out_string(body, u->file_id);
        g_string_append_c(body, '}');
        k->call = telegram_call(t, "getFile", body->str, body->len, FIRST_MS, on_file_info, k);
    }
}

/* ---- one after the other ---- */

/* A row that this version cannot read is of no use to anybody. */
static void drop_unreadable(struct asking *k)
{
    telegram *t = k->telegram;

    t->host->ops->begin(t->host);
    drop_first(k);
    advance(k, t->host->ops->commit(t->host));
}

static void ask(void *data)
{
    struct asking *k = data;
    telegram *t = k->telegram;

    if (t->stopping || t->ended || k->call != NULL || k->json != NULL || k->waiting->len == 0)
        return;
    k->json = json_view_new(first(k)->body, strlen(first(k)->body));
    telegram_update_read(json_view_root(k->json), &t->me, &k->update);
    if (k->update.what == TELEGRAM_EVENT)
        ask_member(k);
    else if (k->update.what == TELEGRAM_IMPORT)
        ask_file(k);
    else
        drop_unreadable(k);
}

static bool is_of(const struct asking *k, const struct waiting_row *row)
{
    const telegram *t = k->telegram;
    g_autoptr(json_view) json = json_view_new(row->body, strlen(row->body));
    struct telegram_update u;

    telegram_update_read(json_view_root(json), &t->me, &u);
    bool is_file = u.what == TELEGRAM_IMPORT;
    telegram_update_clear(&u);
    return is_file == (k == &t->asks[ASK_FILE]);
}

/* Those of the store, when none is here; not all of them while Telegram does not answer. */
static void load(struct asking *k)
{
    g_autoptr(GArray) rows = waiting_rows(k->telegram->store, PLATFORM_TELEGRAM);

    k->more = !store_reads_ok(k->telegram->store, NULL);
    for (guint i = 0; i < rows->len; i++) {
        struct waiting_row *row = &g_array_index(rows, struct waiting_row, i);

        if (!is_of(k, row))
            continue;
        if (k->waiting->len == HERE_MOST) {
            k->more = true;
            break;
        }
        struct waiting_row copy = {row->id, g_steal_pointer(&row->body)};
        g_array_append_val(k->waiting, copy);
    }
}

static void next(struct asking *k)
{
    if (k->telegram == NULL || k->call != NULL || loop_timer_is_set(k->timer))
        return;
    if (k->waiting->len == 0 && k->more)
        load(k);
    if (k->waiting->len > 0)
        loop_timer_in(k->timer, 0); /* not from inside whatever has just committed */
}

void telegram_ask_keep(telegram *t, enum ask_kind kind, const char *update, size_t len)
{
    g_autofree char *body = g_strndup(update, len);

    waiting_add(t->store, PLATFORM_TELEGRAM, body, now_s(t));
    t->asks[kind].more = true;
}

void telegram_ask_next(telegram *t)
{
    for (int i = 0; i < ASKS; i++)
        next(&t->asks[i]);
}

void telegram_ask_start(telegram *t)
{
    for (int i = 0; i < ASKS; i++)
        t->asks[i] = (struct asking){
            .telegram = t,
            .timer = loop_timer_new(t->loop, ask, &t->asks[i]),
            .waiting = waiting_rows_new(),
            .more = true,
        };
    telegram_ask_next(t);
}

void telegram_ask_stop(telegram *t)
{
    for (int i = 0; i < ASKS; i++) {
        struct asking *k = &t->asks[i];

        if (k->telegram == NULL)
            continue;
        http_cancel(k->call);
        forget_update(k);
        loop_timer_free(k->timer);
        g_array_unref(k->waiting);
        *k = (struct asking){0};
    }
}
