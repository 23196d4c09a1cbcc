/* Reading envelopes: socket control, events, interactions, slash commands. */
#include "slack_envelope.h"

#include <glib.h>
#include <string.h>

#include "text.h"

/* Every level may be missing or of another type: what comes is then NULL. */
static const char *str(const json_node *object, const char *key)
{
    const char *s = json_node_string(json_node_get(object, key));

    return s != NULL && s[0] != '\0' ? s : NULL;
}

/* ---- what people type ---- */

/* What was typed, *new*; "" when N is no string. A NUL, which would end it, becomes a space. */
static char *typed(const json_node *n)
{
    size_t len = json_node_length(n);
    char *s = g_malloc0(len + 1);

    for (size_t i = 0; i < len; i++)
        s[i] = json_node_string(n)[i] != '\0' ? json_node_string(n)[i] : ' ';
    return s;
}

/* The inside of <...>: what a person sees of it. */
static void append_reference(GString *out, const char *body, size_t len, const char *bot,
                             bool *mentioned)
{
    const char *bar = memchr(body, '|', len);
    size_t name_len = bar != NULL ? (size_t)(bar - body) : len;

    if (body[0] == '@' && bot != NULL && name_len == strlen(bot) + 1 &&
        strncmp(body + 1, bot, name_len - 1) == 0) {
        *mentioned = true;
        return;
    }
    if (bar != NULL && bar + 1 < body + len) {
        if (body[0] == '@' || body[0] == '#')
            g_string_append_c(out, body[0]);
        g_string_append_len(out, bar + 1, (gssize)(len - name_len - 1));
    } else if (body[0] == '!') {
        g_string_append_c(out, '@');
        g_string_append_len(out, body + 1, (gssize)(name_len - 1));
    } else {
        g_string_append_len(out, body, (gssize)name_len);
    }
}

static const struct {
    const char *entity;
    char plain;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

/* Decodes the three entities in place. */
static void decode_entities(char *s)
{
    char *to = s;

    while (*s != '\0') {
        size_t taken = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(entities) && taken == 0; i++) {
            if (*s == '&' && g_str_has_prefix(s, entities[i].entity)) {
                *to++ = entities[i].plain;
                taken = strlen(entities[i].entity);
            }
        }
        if (taken == 0) {
            *to++ = *s;
            taken = 1;
        }
        s += taken;
    }
    *to = '\0';
}

char *slack_typed(const char *text, const char *bot, bool *ret_mentioned)
{
    GString *out = g_string_sized_new(strlen(text) + 1);
    bool mentioned = false;

    for (const char *p = text; *p != '\0';) {
        /* A typed < is &lt;, so a bare one always opens a reference. */
        const char *close = *p == '<' ? strpbrk(p + 1, "<>") : NULL;

        if (close != NULL && *close == '>' && close > p + 1) {
            append_reference(out, p + 1, (size_t)(close - p - 1), bot, &mentioned);
            p = close + 1;
        } else {
            g_string_append_c(out, *p++);
        }
    }
    if (ret_mentioned != NULL)
        *ret_mentioned = mentioned;
    char *plain = g_string_free(out, FALSE);
    decode_entities(plain);
    return text_strip(plain);
}

/* ---- events ---- */

static bool plain_subtype(const char *subtype)
{
    static const char *const typed[] = {"thread_broadcast", "file_share", "me_message", NULL};

    return subtype == NULL || g_strv_contains(typed, subtype);
}

/* channel_type is "im", once "app_home", and may be missing: the id tells as well. */
static bool is_direct(const json_node *event, const char *channel)
{
    const char *type = str(event, "channel_type");

    return channel[0] == 'D' || (type != NULL && strcmp(type, "im") == 0);
}

/* The author is a person: not this bot, nor any other. */
static bool by_person(const json_node *message, const char *bot)
{
    const char *user = str(message, "user");

    return user != NULL && str(message, "bot_id") == NULL &&
           (bot == NULL || strcmp(user, bot) != 0);
}

static void read_typed(const json_node *message, struct slack_envelope *e, const char *bot,
                       bool mention)
{
    g_autofree char *text = typed(json_node_get(message, "text"));
    bool mentioned = false;

    e->user = str(message, "user");
    e->ts = str(message, "ts");
    e->thread = str(message, "thread_ts");
    if (e->thread != NULL && e->ts != NULL && strcmp(e->thread, e->ts) == 0)
        e->thread = NULL; /* the first message of its own thread */
    e->text = slack_typed(text, bot, &mentioned);
    e->kind = (mention || mentioned) && !e->direct ? SLACK_MENTION : SLACK_MESSAGE;
}

/* An edit: its own event, with the message as it now is inside. */
static void read_changed(const json_node *event, struct slack_envelope *e, const char *bot)
{
    const json_node *message = json_node_get(event, "message");
    const json_node *before = json_node_get(event, "previous_message");
    const char *now = json_node_string(json_node_get(message, "text"));
    const char *was = json_node_string(json_node_get(before, "text"));

    /* Slack also tells of link previews and thread counts this way: the text is then the same. */
    if (!by_person(message, bot) || now == NULL || (was != NULL && strcmp(now, was) == 0))
        return;
    read_typed(message, e, bot, false);
    e->kind = e->ts != NULL ? SLACK_EDITED : SLACK_NOTHING;
    if (str(event, "event_ts") != NULL)
        e->update = g_strdup_printf("e:%s:%s", e->channel, str(event, "event_ts"));
}

/*
 * A message in a channel that names the bot comes twice, as a message and as a
 * mention, with two event ids: the message's own place is its identity.
 */
static void read_message(const json_node *event, struct slack_envelope *e, const char *bot,
                         bool mention)
{
    const char *subtype = str(event, "subtype");

    e->channel = str(event, "channel");
    if (e->channel == NULL)
        return;
    e->direct = is_direct(event, e->channel);
    if (subtype != NULL && strcmp(subtype, "message_changed") == 0) {
        read_changed(event, e, bot);
        return;
    }
    if (!plain_subtype(subtype) || !by_person(event, bot) || str(event, "ts") == NULL)
        return;
    read_typed(event, e, bot, mention);
    /* A file or a picture alone is no answer: it would be scored 0. Among people it is talk. */
    if (e->kind == SLACK_MESSAGE && e->text[0] == '\0' && !e->direct)
        e->kind = SLACK_NOTHING;
    e->update = g_strdup_printf("m:%s:%s", e->channel, e->ts);
}

static void read_membership(const json_node *event, struct slack_envelope *e, const char *bot,
                            enum slack_kind kind)
{
    e->user = str(event, "user");
    e->channel = str(event, "channel");
    if (e->user == NULL || e->channel == NULL)
        return;
    e->inviter = str(event, "inviter");
    e->self = bot != NULL && strcmp(e->user, bot) == 0;
    e->kind = kind;
}

static void read_home(const json_node *event, struct slack_envelope *e)
{
    const char *tab = str(event, "tab");

    e->user = str(event, "user");
    e->channel = str(event, "channel");
    if (e->user != NULL && (tab == NULL || strcmp(tab, "home") == 0))
        e->kind = SLACK_HOME;
}

/* Whom the event is told to: the bot's user, as far as the payload says. */
static const char *told_to(const json_node *payload)
{
    const json_node *first = json_node_at(json_node_get(payload, "authorizations"), 0);

    return json_node_is_true(json_node_get(first, "is_bot")) ? str(first, "user_id") : NULL;
}

static void read_event(const json_node *payload, struct slack_envelope *e, const char *bot)
{
    if (bot == NULL)
        bot = told_to(payload);
    const json_node *event = json_node_get(payload, "event");
    const char *type = str(event, "type");
    const char *id = str(payload, "event_id");

    if (type == NULL)
        return;
    if (strcmp(type, "message") == 0)
        read_message(event, e, bot, false);
    else if (strcmp(type, "app_mention") == 0)
        read_message(event, e, bot, true);
    else if (strcmp(type, "member_joined_channel") == 0)
        read_membership(event, e, bot, SLACK_JOINED);
    else if (strcmp(type, "member_left_channel") == 0)
        read_membership(event, e, bot, SLACK_LEFT);
    else if (strcmp(type, "app_home_opened") == 0)
        read_home(event, e);
    if (e->update == NULL && id != NULL)
        e->update = g_strconcat("E:", id, NULL);
}

/* ---- interactions ---- */

static void read_button(const json_node *payload, struct slack_envelope *e)
{
    const json_node *action = json_node_at(json_node_get(payload, "actions"), 0);
    const json_node *container = json_node_get(payload, "container");
    const json_node *channel = json_node_get(payload, "channel");
    const char *value = str(action, "value"), *at = str(action, "action_ts");

    e->channel = str(channel, "id") != NULL ? str(channel, "id") : str(container, "channel_id");
    e->channel_name = str(channel, "name");
    e->ts = str(container, "message_ts");
    e->thread = str(container, "thread_ts");
    e->ephemeral = json_node_is_true(json_node_get(container, "is_ephemeral"));
    e->in_view = e->channel == NULL;
    if (value == NULL || e->user == NULL)
        return;
    e->text = g_strdup(value);
    e->kind = SLACK_BUTTON;
    if (e->trigger != NULL || at != NULL)
        e->update = g_strdup_printf("a:%s:%s", e->user, e->trigger != NULL ? e->trigger : at);
}

/* The text of the form's first filled field, NULL when none is. */
static const json_node *first_value(const json_node *state)
{
    const json_node *values = json_node_get(state, "values"), *block, *entry;

    for (block = json_node_first(values); block != NULL; block = json_node_next(values, block)) {
        for (entry = json_node_first(block); entry != NULL; entry = json_node_next(block, entry)) {
            if (str(entry, "value") != NULL)
                return json_node_get(entry, "value");
        }
    }
    return NULL;
}

static void read_submit(const json_node *payload, struct slack_envelope *e)
{
    const json_node *view = json_node_get(payload, "view");
    const json_node *value = first_value(json_node_get(view, "state"));

    e->view = str(view, "id");
    e->metadata = str(view, "private_metadata");
    if (e->view == NULL || e->user == NULL)
        return;
    /* What is typed into a form comes as it is, without entities. */
    e->text = text_strip(typed(value));
    e->kind = SLACK_SUBMIT;
    /* A second tap on the button has a trigger of its own: the view as it stood is the identity. */
    e->update =
        g_strdup_printf("v:%s:%s", e->view, str(view, "hash") != NULL ? str(view, "hash") : "");
}

static void read_interactive(const json_node *payload, struct slack_envelope *e)
{
    const json_node *user = json_node_get(payload, "user");
    const char *type = str(payload, "type");

    e->user = str(user, "id");
    e->user_name = str(user, "name") != NULL ? str(user, "name") : str(user, "username");
    e->trigger = str(payload, "trigger_id");
    e->response_url = str(payload, "response_url");
    if (type != NULL && strcmp(type, "block_actions") == 0)
        read_button(payload, e);
    else if (type != NULL && strcmp(type, "view_submission") == 0)
        read_submit(payload, e);
}

static void read_command(const json_node *payload, struct slack_envelope *e)
{
    g_autofree char *text = typed(json_node_get(payload, "text"));

    e->user = str(payload, "user_id");
    e->user_name = str(payload, "user_name");
    e->channel = str(payload, "channel_id");
    e->channel_name = str(payload, "channel_name");
    e->trigger = str(payload, "trigger_id");
    e->response_url = str(payload, "response_url");
    if (e->user == NULL || e->channel == NULL)
        return;
    e->text = slack_typed(text, NULL, NULL);
    e->kind = SLACK_COMMAND;
    if (e->trigger != NULL)
        e->update = g_strconcat("s:", e->trigger, NULL);
}

/* ---- the envelope ---- */

static void read_root(const json_node *root, struct slack_envelope *e, const char *bot)
{
    const char *type = str(root, "type");
    const json_node *payload = json_node_get(root, "payload");

    e->envelope_id = str(root, "envelope_id");
    e->accepts_payload = json_node_is_true(json_node_get(root, "accepts_response_payload"));
    if (type == NULL)
        return;
    if (strcmp(type, "hello") == 0) {
        e->kind = SLACK_HELLO;
    } else if (strcmp(type, "disconnect") == 0) {
        e->kind = SLACK_DISCONNECT;
        e->reason = str(root, "reason");
    } else if (e->envelope_id == NULL) {
        return; /* it could not be acknowledged, so it would come again and again */
    } else if (strcmp(type, "events_api") == 0) {
        read_event(payload, e, bot);
    } else if (strcmp(type, "interactive") == 0) {
        read_interactive(payload, e);
    } else if (strcmp(type, "slash_commands") == 0) {
        read_command(payload, e);
    }
}

void slack_envelope_read(const char *text, size_t len, const char *bot, struct slack_envelope *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->json = json_view_new(text, len);
    if (json_node_is_object(json_view_root(ret->json)))
        read_root(json_view_root(ret->json), ret, bot);
}

void slack_envelope_clear(struct slack_envelope *e)
{
    g_free(e->update);
    g_free(e->text);
    json_view_free(e->json);
    memset(e, 0, sizeof *e);
}
