/*
 * What the interview says, to where it belongs in Slack. Decided inside the
 * transaction, put into the outbox, delivered by slack_deliver.c.
 *
 * In a channel only the question's post, what is said to the group by itself,
 * and what answers something said in public are public. What a tap or a slash
 * command brings up is ephemeral; the result of a form appears in the form. What a
 * reply hides is left out in public: Slack has no spoilers. The interview knows,
 * and says what the one who answered may see apart (send_opts.personal).
 */
#include <string.h>

#include "json_out.h"
#include "outbox.h"
#include "slack_internal.h"
#include "slack_outbox.h"

/* An exported file is shown as text: more than this is cut. */
#define FILE_MOST 100000

/* Where a message goes. */
struct place {
    const char *channel;
    const char *thread; /* or NULL */
    const char *only;   /* the one person who sees it, or NULL */
    const char *url;    /* a response_url instead of the channel, or NULL */
    enum slack_row_kind kind;
    int64_t round;
    bool broadcast;
    bool aside; /* needs to keep no order */
};

static const struct slack_look open_look = {false, true, SLACK_COMMAND_NAME};
static const struct slack_look personal_look = {true, true, SLACK_COMMAND_NAME};

/* ---- rows ---- */

static void put(struct slack *s, int64_t chat, const struct place *p, const char *method,
                json_t *args)
{
    json_t *body = p->url != NULL ? json_pack("{s:s, s:o}", "url", p->url, "args", args)
                                  : json_pack("{s:s, s:o}", "method", method, "args", args);
    if (p->kind == SLACK_ROW_UNDER)
        json_object_set_new(body, "under", json_integer(p->round));
    g_autofree char *text = json_out_print(body);
    struct slack_row row = {
        .chat = chat,
        .kind = p->kind,
        .round = p->round,
        .broadcast = p->broadcast,
        .aside = p->aside,
        .body = text,
    };

    slack_outbox_put(s->outbox, &row);
    json_decref(body);
}

static void put_message(struct slack *s, int64_t chat, const struct place *p, json_t *message)
{
    json_t *args = json_copy(message);
    const char *method = p->only != NULL ? "chat.postEphemeral" : "chat.postMessage";

    if (p->url != NULL) {
        json_object_set_new(args, "response_type", json_string("ephemeral"));
        json_object_set_new(args, "replace_original", json_false());
    } else {
        json_object_set_new(args, "channel", json_string(p->channel));
        if (p->thread != NULL)
            json_object_set_new(args, "thread_ts", json_string(p->thread));
        if (p->only != NULL)
            json_object_set_new(args, "user", json_string(p->only));
        else
            json_object_set_new(args, "unfurl_links", json_false());
    }
    put(s, chat, p, method, args);
}

/* R at P, in as many messages as it takes; the round's post is always one. */
static void put_reply(struct slack *s, int64_t chat, const struct place *place, const reply *r,
                      const struct slack_look *look)
{
    struct place at = *place, *p = &at;
    json_t *all, *message;
    size_t i;

    if (p->kind == SLACK_ROW_POST) {
        all = json_array();
        json_array_append_new(all, render_slack_one(r, look));
    } else {
        all = render_slack(r, look);
    }
    at.aside = (p->only != NULL || p->url != NULL) && json_array_size(all) == 1;
    json_array_foreach(all, i, message) put_message(s, chat, p, message);
    json_decref(all);
}

/* ---- the question's post in a channel ---- */

/* Its buttons are Answer, Hint, Topic, as Slack's users know forms. */
static json_t *post_message(struct slack *s, const reply *r)
{
    json_t *message = render_slack_one(r, &open_look), *block;
    json_t *blocks = json_object_get(message, "blocks");
    enum lang lang = reply_lang(r);
    size_t i, j;

    json_array_foreach(blocks, i, block)
    {
        json_t *elements = json_object_get(block, "elements"), *button;

        json_array_foreach(elements, j, button)
        {
            const char *value = json_string_value(json_object_get(button, "value"));

            if (value != NULL && g_str_has_prefix(value, "link:r"))
                json_object_set_new(
                    button, "text",
                    slack_plain_text(catalog_text(s->cat, lang, "slack.button-answer"),
                                     SLACK_LABEL_MOST));
        }
        if (j < 2) /* no row of ours */
            continue;
        json_array_insert_new(
            elements, 2,
            json_pack("{s:s, s:o, s:s, s:s}", "type", "button", "text",
                      slack_plain_text(catalog_text(s->cat, lang, "slack.button-topic"),
                                       SLACK_LABEL_MOST),
                      "action_id", "topics", "value", "topics"));
    }
    return message;
}

/* ---- where to ---- */

/* Whether what is said belongs to the turn of T: its chat, not another that hears of it. */
static bool is_turn(const struct slack_turn *t, const char *ext)
{
    return t != NULL && t->chat != NULL && strcmp(t->chat, ext) == 0;
}

static bool is_form(const struct slack_turn *t, const reply *r)
{
    return t->e.kind == SLACK_BUTTON && t->e.trigger != NULL && t->e.ts != NULL &&
           g_str_has_prefix(t->e.text, "link:r") && reply_get_placeholder(r) != NULL;
}

static void open_form(struct slack *s, struct slack_turn *t, const reply *r)
{
    json_t *body = json_pack("{s:s, s:o}", "trigger_id", t->e.trigger, "view",
                             slack_form_view(s->cat, r, SLACK_COMMAND_NAME, t->e.channel, t->e.ts));

    g_free(t->open_view);
    t->open_view = json_out_print(body);
    json_decref(body);
}

static void add_to_home(struct slack *s, struct slack_turn *t, const reply *r)
{
    bool direct = t->chat[0] == 'D';
    struct slack_look look = {true, direct, SLACK_COMMAND_NAME};
    json_t *blocks = render_slack_blocks(r, &look, SLACK_VIEW_BLOCKS_MOST / 4);
    size_t room = SLACK_VIEW_BLOCKS_MOST - MIN(SLACK_VIEW_BLOCKS_MOST, json_array_size(t->home));

    (void)s;
    const json_t *last = json_array_get(t->home, json_array_size(t->home) - 1);
    const char *above = json_string_value(json_object_get(last, "type"));

    if (above != NULL && strcmp(above, "header") != 0 && room > 0) {
        json_array_append_new(t->home, json_pack("{s:s}", "type", "divider"));
        room--;
    }
    for (size_t i = 0; i < json_array_size(blocks) && i < room; i++) {
        json_t *block = json_deep_copy(json_array_get(blocks, i)), *button;
        size_t j;

        /* Buttons of several replies stand in one view: their ids must not meet. */
        json_array_foreach(json_object_get(block, "elements"), j, button)
        {
            g_autofree char *id =
                g_strdup_printf("%zu:%s", json_array_size(t->home),
                                json_string_value(json_object_get(button, "action_id")));

            json_object_set_new(button, "action_id", json_string(id));
        }
        json_array_append_new(t->home, block);
    }
    json_decref(blocks);
}

/* Only the one whose turn it is sees it. */
static void say_to_one(struct slack *s, const struct slack_turn *t, int64_t chat,
                       const char *thread, const reply *r)
{
    struct place p = {.channel = t->chat, .thread = thread, .only = t->e.user};

    /* A command works by its own address, a thread's form by the channel. */
    if (t->e.kind == SLACK_COMMAND)
        p.url = t->e.response_url;
    put_reply(s, chat, &p, r, &personal_look);
}

/* In a channel, in somebody's turn. */
static void say_in_turn(struct slack *s, struct slack_turn *t, const struct send_opts *opts,
                        const reply *r)
{
    struct place p = {.channel = t->chat, .thread = opts->thread};

    if (opts->personal) {
        say_to_one(s, t, opts->chat, opts->thread, r);
        return;
    }
    switch (t->e.kind) {
    case SLACK_SUBMIT:
        if (t->e.accepts_payload && t->payload == NULL)
            t->payload = json_pack("{s:s, s:o}", "response_action", "update", "view",
                                   slack_result_view(s->cat, r, SLACK_COMMAND_NAME));
        else
            say_to_one(s, t, opts->chat, NULL, r);
        break;
    case SLACK_BUTTON:
    case SLACK_COMMAND:
    case SLACK_EDITED:
        say_to_one(s, t, opts->chat, t->e.thread, r);
        break;
    default:
        put_reply(s, opts->chat, &p, r, &open_look);
        break;
    }
}

static void say_post(struct slack *s, const char *ext, const struct send_opts *opts, const reply *r)
{
    struct place p = {
        .channel = ext,
        .kind = SLACK_ROW_POST,
        .round = opts->post_of,
        .broadcast = opts->broadcast,
    };
    json_t *message;

    if (ext[0] == 'D') {
        p.thread = opts->thread;
        put_reply(s, opts->chat, &p, r, &personal_look);
        return;
    }
    message = post_message(s, r);
    put_message(s, opts->chat, &p, message);
    json_decref(message);
}

static void say_alone(struct slack *s, const char *ext, const struct send_opts *opts,
                      const reply *r)
{
    struct place p = {.channel = ext, .thread = opts->thread, .broadcast = opts->broadcast};

    if (opts->reply_to_post != 0) {
        p.kind = SLACK_ROW_UNDER;
        p.round = opts->reply_to_post;
    }
    put_reply(s, opts->chat, &p, r, ext[0] == 'D' ? &personal_look : &open_look);
}

static void slack_send(struct transport *transport, const struct send_opts *opts, const reply *r)
{
    struct slack *s = slack_of(transport);
    struct slack_turn *t = s->turn;
    enum platform platform;
    g_autofree char *ext = NULL;

    if (!store_chat_ext(s->store, opts->chat, &platform, &ext))
        return;
    if (is_turn(t, ext) && t->home != NULL)
        add_to_home(s, t, r);
    else if (is_turn(t, ext) && is_form(t, r))
        open_form(s, t, r);
    else if (opts->post_of != 0)
        say_post(s, ext, opts, r);
    else if (is_turn(t, ext) && ext[0] != 'D')
        say_in_turn(s, t, opts, r);
    else
        say_alone(s, ext, opts, r);
}

/* Uploading needs one more permission of the app; a person's own data reads as well in a message.
 */
static void slack_send_file(struct transport *transport, const struct send_opts *opts,
                            const reply *caption, const char *name, const char *data, size_t len)
{
    g_autofree char *text = g_strndup(data, MIN(len, FILE_MOST));
    g_autofree char *whole = g_utf8_make_valid(text, -1);
    reply *r = reply_new(slack_of(transport)->cat, reply_lang(caption));

    reply_join(r, caption);
    reply_newline(r, 1);
    reply_text(r, REPLY_BOLD, name);
    reply_code(r, "json", whole, REPLY_PLAIN);
    slack_send(transport, opts, r);
    reply_free(r);
}

static void slack_popup(struct transport *transport, const char *text)
{
    struct slack *s = slack_of(transport);
    struct slack_turn *t = s->turn;
    enum platform platform = PLATFORM_SLACK;
    int64_t chat = t != NULL ? store_chat_id(s->store, platform, t->chat) : 0;
    struct place p = {0};
    json_t *message;

    if (chat == 0)
        return;
    g_autofree char *escaped = slack_escape(text);
    p.channel = t->chat;
    if (t->chat[0] != 'D') {
        p.only = t->e.user;
        p.thread = t->e.thread;
    }
    p.aside = p.only != NULL;
    message = json_pack("{s:s}", "text", escaped);
    put_message(s, chat, &p, message);
    json_decref(message);
}

/* The message whose button was tapped shows R instead. */
static void slack_edit(struct transport *transport, const reply *r)
{
    struct slack *s = slack_of(transport);
    const struct slack_turn *t = s->turn;
    int64_t chat = t != NULL && t->e.kind == SLACK_BUTTON && !t->e.in_view
                       ? store_chat_id(s->store, PLATFORM_SLACK, t->chat)
                       : 0;
    struct place p = {0};

    if (chat == 0 || t->e.ts == NULL)
        return;
    json_t *message = render_slack_one(r, t->chat[0] == 'D' ? &personal_look : &open_look);
    if (t->e.ephemeral && t->e.response_url != NULL) {
        p.url = t->e.response_url;
        p.aside = true;
        json_object_set_new(message, "replace_original", json_true());
    } else {
        json_object_set_new(message, "channel", json_string(t->e.channel));
        json_object_set_new(message, "ts", json_string(t->e.ts));
    }
    put(s, chat, &p, "chat.update", message);
}

static void slack_refresh(struct transport *transport, const struct round *round, const reply *r)
{
    struct slack *s = slack_of(transport);
    struct place p = {.kind = SLACK_ROW_REFRESH, .round = round->id, .broadcast = true};
    enum platform platform;
    g_autofree char *ext = NULL;
    json_t *message;

    if (!store_chat_ext(s->store, round->chat, &platform, &ext))
        return;
    message = post_message(s, r);
    json_object_set_new(message, "channel", json_string(ext));
    put(s, round->chat, &p, "chat.update", message);
}

static void slack_committed(struct transport *transport, bool ok)
{
    /* First: Slack waits for its acknowledgements, and nothing of what follows is as urgent. */
    slack_inbox_committed(slack_of(transport), ok);
    slack_outbox_committed(slack_of(transport)->outbox, ok);
}

const struct transport_ops slack_transport_ops = {
    .send = slack_send,
    .send_file = slack_send_file,
    .popup = slack_popup,
    .edit = slack_edit,
    .refresh = slack_refresh,
    .committed = slack_committed,
};
