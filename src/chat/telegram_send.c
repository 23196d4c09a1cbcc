/* Sending one row of the outbox, and what Telegram's answer means for it. */
#include <string.h>

#include "gstr.h"
#include "json_out.h"
#include "log.h"
#include "telegram_internal.h"

enum { SEND_FIRST_MS = 10000, WAIT_MARGIN_MS = 15 };

struct sending {
    telegram *telegram;
    struct pump_item *item;
    http_call *call;
};

/* ---- the answer ---- */

/*
 * What a 200 begins with is proof enough: Telegram has done it, even if the
 * rest is garbled or never came. Sending again would say it twice.
 */
static bool begins_with_ok(const struct http_response *r)
{
    static const char *const tokens[] = {"{", "\"ok\"", ":", "true"};
    const char *p = r->body;

    for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
        while (g_ascii_isspace(*p))
            p++;
        if (!g_str_has_prefix(p, tokens[i]))
            return false;
        p += strlen(tokens[i]);
    }
    return r->status == 200;
}

/* The number behind "message_id" where Telegram puts it; 0 when it stands elsewhere. */
static int64_t quick_message_id(const struct http_response *r)
{
    static const char head[] = "{\"ok\":true,\"result\":{\"message_id\":";
    size_t n = sizeof head - 1;

    if (r->body_len <= n || memcmp(r->body, head, n) != 0)
        return 0;
    return g_ascii_strtoll(r->body + n, NULL, 10);
}

static int64_t message_id(const struct http_response *r)
{
    struct telegram_answer a;
    int64_t id = quick_message_id(r);

    if (id != 0)
        return id;
    telegram_answer_read(r, &a);
    id = json_node_int(json_node_get(a.result, "message_id"));
    telegram_answer_clear(&a);
    return id;
}

static bool contains(const struct telegram_answer *a, const char *words)
{
    return strstr(a->description, words) != NULL;
}

/* 400: what can be as if it had been done, what closes the chat, and the rest, which never works.
 */
static void judge_bad_request(const struct pump_item *item, const struct telegram_answer *a,
                              struct pump_outcome *o)
{
    static const char *const closed[] = {"chat not found", "CHAT_WRITE_FORBIDDEN",
                                         "PEER_ID_INVALID", "user is deactivated",
                                         "group chat was deleted"};
    bool done = contains(a, "message is not modified") || contains(a, "query is too old") ||
                contains(a, "query ID is invalid") || contains(a, "QUERY_ID_INVALID");
    bool edit = item->row.kind == TELEGRAM_EDIT || item->row.kind == TELEGRAM_POST_EDIT;

    if (done || (edit && contains(a, "message to edit not found"))) {
        o->result = PUMP_SENT;
        return;
    }
    o->result = PUMP_REFUSED;
    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++) {
        if (contains(a, closed[i]))
            o->result = PUMP_GONE;
    }
    o->why = a->description;
}

/* What the schedule posts goes to the whole group when its topic is no more, or closed; so does the
   summary of a question in it, which stands there by its reply alone. Blanks take the parameter's
   place: the text of a message cannot hold these words, its quotes are escaped. */
static bool leave_topic(const struct pump_item *item, const struct telegram_answer *a)
{
    static const char thread[] = ",\"message_thread_id\":", reply_to[] = ",\"reply_parameters\":{";
    char *at;

    if (item->row.lane != OUTBOX_BROADCAST ||
        !(contains(a, "message thread not found") || contains(a, "TOPIC_")))
        return false;
    if ((at = strstr(item->row.body, thread)) != NULL)
        memset(at, ' ', strlen(thread) + strspn(at + strlen(thread), "0123456789"));
    else if ((at = strstr(item->row.body, reply_to)) != NULL)
        memset(at, ' ', strcspn(at, "}") + 1);
    return at != NULL;
}

static void judge_failure(const struct pump_item *item, const struct telegram_answer *a,
                          struct pump_outcome *o)
{
    o->why = a->description;
    if (a->code == 429) {
        o->result = PUMP_WAIT;
        o->wait_ms = MAX(a->retry_after, 1) * 1000 + WAIT_MARGIN_MS;
    } else if (a->code == 403) {
        o->result = item->row.lane == OUTBOX_FREE ? PUMP_REFUSED : PUMP_GONE;
    } else if (a->code == 400 && leave_topic(item, a)) {
        o->result = PUMP_LATER;
    } else if (a->code == 400) {
        judge_bad_request(item, a, o);
    } else if (a->code > 401 && a->code < 500) {
        o->result = PUMP_REFUSED;
    } else {
        o->result = PUMP_LATER; /* no code at all says nothing against the message */
    }
}

static void judge(const struct pump_item *item, const struct telegram_answer *a,
                  struct pump_outcome *o)
{
    o->why = a->description;
    switch (a->state) {
    case TELEGRAM_OK:
        o->result = PUMP_SENT;
        break;
    case TELEGRAM_FAILED:
        judge_failure(item, a, o);
        break;
    case TELEGRAM_UNREACHABLE:
        o->result = PUMP_DOWN;
        break;
    case TELEGRAM_BROKEN:
        if (a->retry_after > 0) {
            o->result = PUMP_WAIT;
            o->wait_ms = a->retry_after * 1000 + WAIT_MARGIN_MS;
            break;
        }
        o->result = a->code >= 502 ? PUMP_DOWN : PUMP_LATER;
        break;
    case TELEGRAM_LOST:
        o->result = PUMP_LATER;
    }
}

void telegram_chat_moved(telegram *t, const char *from, const char *to)
{
    g_autoptr(GError) error = NULL;

    store_begin(t->store);
    telegram_move_chat(t, from, to);
    if (!store_commit(t->store, &error))
        log_error("telegram: a group has moved, which cannot be stored: %s", error->message);
}

static void on_failed(telegram *t, struct pump_item *item, const struct http_response *r)
{
    struct telegram_answer a;
    struct pump_outcome o = {.result = PUMP_LATER};
    char moved[TELEGRAM_ID], id[TELEGRAM_ID];

    telegram_answer_read(r, &a);
    if (a.state == TELEGRAM_FAILED && a.code == 401)
        telegram_check_token(t, &a);
    g_snprintf(moved, sizeof moved, "%" G_GINT64_FORMAT, a.moved_to);
    if (a.moved_to != 0 && strcmp(moved, item->ext) != 0) {
        g_autofree char *from = g_strdup(item->ext);

        o = (struct pump_outcome){.result = PUMP_MOVED, .moved = moved};
        telegram_chat_moved(t, from, moved);
    } else {
        judge(item, &a, &o);
        if (a.state == TELEGRAM_OK) {
            g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT,
                       (gint64)json_node_int(json_node_get(a.result, "message_id")));
            o.message = id;
        }
    }
    pump_done(t->pump, item, &o);
    telegram_answer_clear(&a);
}

static void on_answer(const struct http_response *r, void *data)
{
    struct sending *s = data;
    telegram *t = s->telegram;
    struct pump_item *item = s->item;
    char id[TELEGRAM_ID];

    g_ptr_array_remove_fast(t->sending, s);
    g_free(s);
    if (begins_with_ok(r)) {
        struct pump_outcome o = {.result = PUMP_SENT};

        if (item->row.round != 0) {
            g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, message_id(r));
            o.message = id[0] != '0' ? id : NULL;
        }
        pump_done(t->pump, item, &o);
    } else {
        on_failed(t, item, r);
    }
    telegram_poll_release(t);
    if (t->stopping && pump_under_way(t->pump) == 0 && t->stopped != NULL) {
        loop_fn stopped = t->stopped;

        t->stopped = NULL;
        stopped(t->stopped_data);
    }
}

/* ---- the request ---- */

static void begin_body(GString *body, const struct pump_item *item)
{
    g_string_assign(body, "{\"chat_id\":");
    gstr_add_text(body, item->ext);
    g_string_append_c(body, ',');
}

/* The parameters of an edit of the round's post; false when there is no such post. */
static bool edit_of_post(telegram *t, GString *body, const struct pump_item *item)
{
    g_autofree char *message = post_main(t->store, item->row.round);

    if (message == NULL)
        return false;
    begin_body(body, item);
    g_string_append_printf(body, "\"message_id\":%s,%s}", message, item->row.body);
    return true;
}

static http_call *start(telegram *t, struct sending *s, const char *method)
{
    return telegram_call(t, method, t->scratch->str, t->scratch->len, SEND_FIRST_MS, on_answer, s);
}

/* ---- files ---- */

#define BOUNDARY "interviewd-7f3b9c51e0a84d26"

static void part(GString *out, const char *name, const char *value)
{
    g_string_append_printf(
        out, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", name);
    gstr_add_text(out, value);
    gstr_add_text(out, "\r\n");
}

static const char *field(const json_node *object, const char *key)
{
    const char *s = json_node_string(json_node_get(object, key));

    return s != NULL ? s : "";
}

static http_call *start_file(telegram *t, struct sending *s)
{
    static const char *const headers[] = {"Content-Type: multipart/form-data; boundary=" BOUNDARY,
                                          NULL};
    g_autoptr(json_view) view = json_view_new(s->item->row.body, strlen(s->item->row.body));
    const json_node *file = json_view_root(view);
    g_autofree char *url = g_strconcat(t->base, "sendDocument", NULL);
    GString *b = t->scratch;

    g_string_truncate(b, 0);
    part(b, "chat_id", s->item->ext);
    if (field(file, "caption")[0] != '\0') {
        part(b, "caption", field(file, "caption"));
        part(b, "parse_mode", "HTML");
    }
    if (field(file, "thread")[0] != '\0')
        part(b, "message_thread_id", field(file, "thread"));
    g_string_append_printf(b,
                           "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"document\"; "
                           "filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n",
                           field(file, "name"));
    gstr_add_text(b, field(file, "data"));
    gstr_add_text(b, "\r\n--" BOUNDARY "--\r\n");
    struct http_request request = {
        .url = url, .headers = headers, .body = b->str, .body_len = b->len};
    return http_start(t->http, &request, on_answer, s);
}

static http_call *start_kind(telegram *t, struct sending *s)
{
    const struct pump_item *item = s->item;
    GString *body = t->scratch;

    switch (item->row.kind) {
    case TELEGRAM_POST_EDIT:
        return edit_of_post(t, body, item) ? start(t, s, "editMessageText") : NULL;
    case TELEGRAM_ANSWER:
        g_string_assign(body, item->row.body);
        return start(t, s, "answerCallbackQuery");
    case TELEGRAM_FILE:
        return start_file(t, s);
    default:
        begin_body(body, item);
        gstr_add_text(body, item->row.body);
        g_string_append_c(body, '}');
        return start(t, s, item->row.kind == TELEGRAM_EDIT ? "editMessageText" : "sendMessage");
    }
}

bool telegram_send(void *ctx, struct pump_item *item)
{
    telegram *t = ctx;
    struct sending *s = g_new0(struct sending, 1);

    s->telegram = t;
    s->item = item;
    s->call = start_kind(t, s);
    if (s->call == NULL) {
        g_free(s);
        return false;
    }
    g_ptr_array_add(t->sending, s);
    return true;
}

void telegram_send_cancel(telegram *t)
{
    for (guint i = 0; i < t->sending->len; i++) {
        struct sending *s = g_ptr_array_index(t->sending, i);

        http_cancel(s->call);
        g_free(s);
    }
    g_ptr_array_set_size(t->sending, 0);
}
