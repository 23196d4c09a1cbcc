/* The Telegram adapter: the bot's messages into the outbox, and its life. */
#include "telegram.h"

#include <string.h>

#include "gstr.h"
#include "json_out.h"
#include "log.h"
#include "render.h"
#include "telegram_internal.h"
#include "text.h"

#define POPUP_UNITS 200
#define BODY_ROOM   4096 /* most messages with their buttons fit */

/* ---- rows ---- */

static int64_t now_s(const telegram *t)
{
    return loop_wall(t->loop) / 1000;
}

static void begin_text(GString *body, const char *html)
{
    g_string_assign(body, "\"text\":");
    json_out_string(body, html);
    gstr_add_text(body, ",\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":true}");
}

static void put_thread(GString *body, const char *thread)
{
    if (thread != NULL)
        g_string_append_printf(body, ",\"message_thread_id\":%s", thread);
}

static void put_reply_to(GString *body, const char *message)
{
    if (message != NULL)
        g_string_append_printf(
            body, ",\"reply_parameters\":{\"message_id\":%s,\"allow_sending_without_reply\":true}",
            message);
}

static void add_row(telegram *t, struct outbox_row *row)
{
    row->created = now_s(t);
    pump_add(t->pump, row);
}

/* The message that is answered: a given one, or a round's post. *new* or NULL */
static char *answered(telegram *t, const struct send_opts *opts)
{
    if (opts->reply_to != NULL)
        return g_strdup(opts->reply_to);
    return opts->reply_to_post != 0 ? post_main(t->store, opts->reply_to_post) : NULL;
}

/* Where CHAT is; false when nothing may be written there: who does not want it is left alone. */
static bool place_to_write(telegram *t, int64_t chat, struct chat_place *ret)
{
    if (chat_place_get(t->store, chat, ret) && !ret->gone)
        return true;
    chat_place_clear(ret);
    return false;
}

static void on_send(struct transport *transport, const struct send_opts *opts, const reply *r)
{
    telegram *t = telegram_of(transport);
    g_autoptr(GPtrArray) parts = render_telegram(r, TELEGRAM_TEXT_UNITS);
    g_autoptr(GString) body = g_string_sized_new(BODY_ROOM);
    g_autofree char *reply_to = answered(t, opts);
    struct chat_place place = {0};

    if (!place_to_write(t, opts->chat, &place))
        return;
    for (guint i = 0; i < parts->len; i++) {
        bool last = i + 1 == parts->len, in_group = place.kind == CHAT_GROUP;
        /* In private its buttons name the round; where it has none, a field to answer in. */
        bool shows_round = in_group || reply_get_placeholder(r) != NULL;
        struct outbox_row row = {
            .chat = opts->chat,
            .lane = opts->broadcast ? OUTBOX_BROADCAST : OUTBOX_REPLY,
            .kind = TELEGRAM_MESSAGE,
            .round = shows_round ? opts->post_of : 0,
            .main = last && in_group, /* the one with the counter */
        };

        begin_text(body, g_ptr_array_index(parts, i));
        put_thread(body, opts->thread);
        put_reply_to(body, i == 0 ? reply_to : NULL);
        if (last)
            render_telegram_markup(body, r, t->me.name, place.kind == CHAT_PRIVATE);
        row.body = body->str;
        add_row(t, &row);
    }
    chat_place_clear(&place);
}

static void on_send_file(struct transport *transport, const struct send_opts *opts, const reply *r,
                         const char *name, const char *data, size_t len)
{
    telegram *t = telegram_of(transport);
    g_autoptr(GPtrArray) parts = render_telegram(r, TELEGRAM_CAPTION_UNITS);
    g_autoptr(GString) body = g_string_sized_new(len + 256);
    struct outbox_row row = {.chat = opts->chat,
                             .lane = opts->broadcast ? OUTBOX_BROADCAST : OUTBOX_REPLY,
                             .kind = TELEGRAM_FILE};

    g_string_assign(body, "{\"caption\":");
    json_out_string(body, parts->len > 0 ? g_ptr_array_index(parts, 0) : "");
    gstr_add_text(body, ",\"name\":");
    json_out_string(body, name);
    gstr_add_text(body, ",\"thread\":");
    json_out_string(body, opts->thread != NULL ? opts->thread : "");
    gstr_add_text(body, ",\"data\":\"");
    json_out_inside(body, data, len);
    gstr_add_text(body, "\"}");
    row.body = body->str;
    add_row(t, &row);
}

static void on_popup(struct transport *transport, const char *text)
{
    telegram *t = telegram_of(transport);

    g_free(t->popup);
    t->popup = g_strdup(text);
}

void telegram_add_answer(telegram *t, const struct telegram_update *u, const char *text)
{
    g_autoptr(GString) body = g_string_new("{\"callback_query_id\":");
    struct outbox_row row = {.lane = OUTBOX_FREE, .kind = TELEGRAM_ANSWER};

    json_out_string(body, u->callback);
    if (text != NULL && text[0] != '\0') {
        g_autofree char *shown = render_telegram_plain(text, POPUP_UNITS);

        gstr_add_text(body, ",\"text\":");
        json_out_string(body, shown);
        gstr_add_text(body, ",\"show_alert\":true");
    }
    g_string_append_c(body, '}');
    row.body = body->str;
    add_row(t, &row);
}

/* The body of an edit to the last part of R, the one with the buttons; false when R says nothing.
 */
static bool edit_body(telegram *t, GString *body, const reply *r)
{
    g_autoptr(GPtrArray) parts = render_telegram(r, TELEGRAM_TEXT_UNITS);

    if (parts->len == 0)
        return false;
    begin_text(body, g_ptr_array_index(parts, parts->len - 1));
    render_telegram_markup(body, r, t->me.name, false);
    return true;
}

static bool same_button(const json_node *a, const json_node *b)
{
    static const char *const parts[] = {"text", "callback_data", "url"};
    bool same = true;

    for (size_t i = 0; i < G_N_ELEMENTS(parts) && same; i++)
        same = g_strcmp0(json_node_string(json_node_get(a, parts[i])),
                         json_node_string(json_node_get(b, parts[i]))) == 0;
    return same;
}

static const json_node *keyboard(const json_node *message)
{
    return json_node_get(json_node_get(message, "reply_markup"), "inline_keyboard");
}

static bool same_keyboard(const json_node *a, const json_node *b)
{
    bool same = json_node_size(a) == json_node_size(b);

    for (size_t i = 0; i < json_node_size(a) && same; i++) {
        const json_node *row = json_node_at(a, i), *other = json_node_at(b, i);

        same = json_node_size(row) == json_node_size(other);
        for (size_t k = 0; k < json_node_size(row) && same; k++)
            same = same_button(json_node_at(row, k), json_node_at(other, k));
    }
    return same;
}

/* Whether the message whose button was tapped reads like R and BODY: Telegram refuses such an edit.
 */
static bool reads_so(const json_node *tapped, const reply *r, const GString *body)
{
    g_autofree char *object = g_strdup_printf("{%s}", body->str);
    g_autofree char *text = g_strstrip(reply_plain(r, true));
    g_autoptr(json_view) edit = json_view_new(object, strlen(object));

    return g_strcmp0(json_node_string(json_node_get(tapped, "text")), text) == 0 &&
           same_keyboard(keyboard(tapped), keyboard(json_view_root(edit)));
}

static void on_edit(struct transport *transport, const reply *r)
{
    telegram *t = telegram_of(transport);
    const struct telegram_update *u = t->now;
    g_autoptr(GString) body = g_string_sized_new(1024);
    g_autofree char *key = NULL;
    struct outbox_row row = {.lane = OUTBOX_REPLY, .kind = TELEGRAM_EDIT};

    if (u == NULL || u->callback == NULL || u->message_id == 0 || !edit_body(t, body, r) ||
        reads_so(u->tapped, r, body))
        return;
    g_string_append_printf(body, ",\"message_id\":%" G_GINT64_FORMAT, u->message_id);
    /* Who taps again before this one has been sent will not miss it. */
    row.chat = store_chat_id(t->store, PLATFORM_TELEGRAM, u->in.chat);
    key = g_strdup_printf("page:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, row.chat, u->message_id);
    row.key = key;
    row.body = body->str;
    add_row(t, &row);
}

static void on_refresh(struct transport *transport, const struct round *round, const reply *r)
{
    telegram *t = telegram_of(transport);
    g_autoptr(GString) body = g_string_sized_new(1024);
    g_autofree char *key = g_strdup_printf("round:%lld", (long long)round->id);
    struct outbox_row row = {.chat = round->chat,
                             .lane = OUTBOX_EDIT,
                             .kind = TELEGRAM_POST_EDIT,
                             .round = round->id,
                             .key = key};
    struct chat_place place = {0};

    if (!place_to_write(t, round->chat, &place))
        return;
    chat_place_clear(&place);
    if (!edit_body(t, body, r))
        return;
    row.body = body->str;
    add_row(t, &row);
}

void telegram_add_plain(telegram *t, int64_t chat, const char *text)
{
    reply *r = reply_new(t->catalog, LANG_KO);
    struct send_opts opts = {.chat = chat};

    reply_text(r, REPLY_PLAIN, text);
    on_send(&t->transport, &opts, r);
    reply_free(r);
}

void telegram_move_chat(telegram *t, const char *from, const char *to)
{
    int64_t chat = chat_move(t->store, PLATFORM_TELEGRAM, from, to);

    if (chat == 0)
        return;
    log_info("telegram: the group %s is the supergroup %s now", from, to);
    pump_chat_moved(t->pump, chat, to);
}

static void on_committed(struct transport *transport, bool ok)
{
    pump_committed(telegram_of(transport)->pump, ok);
}

static const struct transport_ops ops = {
    .send = on_send,
    .send_file = on_send_file,
    .popup = on_popup,
    .edit = on_edit,
    .refresh = on_refresh,
    .committed = on_committed,
};

/* ---- life ---- */

/*
 * Telegram's limits (core.telegram.org/bots/faq): one message a second in a
 * chat with short bursts, 20 a minute in a group, 30 a second overall. A little
 * is added to the times: what leaves in order may arrive closer together.
 */
static struct pump_limits limits_of(const struct telegram_options *o)
{
    struct pump_limits l = {.parallel = MAX(1, o->connections - 1)};

    if (o->unlimited) {
        log_warnx("telegram.unlimited=yes: NO SENDING LIMIT IS KEPT. This is for load tests; "
                  "Telegram itself would ban the bot");
        return l;
    }
    l.chat_burst = 3;
    l.chat_ms = 1010;
    l.group_most = 20;
    l.group_ms = 60500;
    l.all_most = 30;
    l.all_ms = 1050;
    l.edit_ms = 4000;
    l.few = PUMP_FEW;
    return l;
}

static void copy_options(telegram *t, const struct telegram_options *o)
{
    size_t n = strlen(o->api_url);

    while (n > 0 && o->api_url[n - 1] == '/')
        n--;
    t->options = *o;
    t->options.token = NULL;
    t->options.api_url = NULL;
    t->options.token_source = g_strdup(o->token_source);
    t->base = g_strdup_printf("%.*s/bot%s/", (int)n, o->api_url, o->token);
    t->file_base = g_strdup_printf("%.*s/file/bot%s/", (int)n, o->api_url, o->token);
}

telegram *telegram_new(loop *l, http *h, store *s, struct host *host, const catalog *cat,
                       const struct telegram_options *options, const struct telegram_hooks *hooks)
{
    telegram *t = g_new0(telegram, 1);
    struct pump_ops pump_ops = {telegram_send, t};
    struct pump_limits limits = limits_of(options);

    t->transport = (struct transport){&ops, PLATFORM_TELEGRAM};
    t->loop = l;
    t->http = h;
    t->store = s;
    t->host = host;
    t->catalog = cat;
    t->hooks = *hooks;
    copy_options(t, options);
    t->me.name = g_strdup("");
    t->pump = pump_new(l, s, PLATFORM_TELEGRAM, "telegram", &limits, &pump_ops);
    t->random = (uint64_t)loop_wall(l) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    t->sending = g_ptr_array_new();
    t->scratch = g_string_sized_new(4096);
    return t;
}

struct transport *telegram_transport(telegram *t)
{
    return &t->transport;
}

void telegram_start(telegram *t)
{
    telegram_poll_start(t);
}

void telegram_stop(telegram *t, loop_fn done, void *data)
{
    t->stopping = true;
    telegram_poll_stop(t);
    telegram_commands_stop(t);
    telegram_ask_stop(t);
    pump_stop(t->pump);
    if (pump_under_way(t->pump) == 0) {
        done(data);
        return;
    }
    t->stopped = done;
    t->stopped_data = data;
}

void telegram_free(telegram *t)
{
    if (t == NULL)
        return;
    telegram_poll_stop(t);
    telegram_commands_stop(t);
    telegram_ask_stop(t);
    telegram_send_cancel(t);
    pump_free(t->pump);
    loop_timer_free(t->poll_timer);
    loop_timer_free(t->command_timer);
    g_ptr_array_unref(t->sending);
    g_string_free(t->scratch, TRUE);
    g_free(t->me.name);
    g_free((char *)(uintptr_t)t->options.token_source);
    g_free(t->base);
    g_free(t->file_base);
    g_free(t->popup);
    g_free(t);
}
