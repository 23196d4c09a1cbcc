/* One envelope: what must be known first, and what it means to the interview. */
#include <string.h>

#include "log.h"
#include "outbox.h"
#include "slack_internal.h"

/* Slack's ids of direct messages begin so. */
static bool is_direct_id(const char *channel)
{
    return channel[0] == 'D';
}

static bool is_form_button(const struct slack_envelope *e)
{
    return g_str_has_prefix(e->text, "link:r");
}

/* Handled in the person's direct message with the bot, wherever it was tapped. */
static bool wants_direct(const struct slack_turn *t)
{
    const struct slack_envelope *e = &t->e;

    if (e->kind == SLACK_COMMAND) /* Slack calls every direct message so: is it ours? */
        return is_direct_id(e->channel);
    if (e->kind == SLACK_HOME)
        return e->channel == NULL;
    return e->kind == SLACK_BUTTON &&
           (e->in_view || (g_str_has_prefix(e->text, "link:") && !is_form_button(e)));
}

/* Talk among people in a channel, that is neither a question's thread nor to the bot. */
static bool is_talk(struct slack *s, const struct slack_turn *t)
{
    const struct slack_envelope *e = &t->e;

    if ((e->kind != SLACK_MESSAGE && e->kind != SLACK_EDITED) || e->direct)
        return false;
    return e->thread == NULL ||
           store_find_post(s->store, PLATFORM_SLACK, e->channel, e->thread) == 0;
}

static bool asks_room(const struct slack_turn *t)
{
    const char *channel = t->e.kind == SLACK_SUBMIT ? t->form.channel : t->e.channel;

    return channel != NULL && !is_direct_id(channel) && !t->e.direct && !wants_direct(t) &&
           t->e.kind != SLACK_HOME && t->e.kind != SLACK_LEFT;
}

static bool read_form(struct slack_turn *t)
{
    return t->e.kind != SLACK_SUBMIT || t->form.channel != NULL ||
           slack_form_read(t->e.metadata, &t->form);
}

bool slack_turn_ready(struct slack *s, struct slack_turn *t, bool late)
{
    struct slack_envelope *e = &t->e;
    const char *direct = NULL;
    bool ready = true;

    if (!read_form(t) || is_talk(s, t)) {
        e->kind = SLACK_NOTHING;
        return true;
    }
    if (e->direct && e->kind == SLACK_MESSAGE)
        slack_people_note_direct(s->people, e->user, e->channel);
    if (e->kind == SLACK_LEFT || (e->kind == SLACK_JOINED && !e->self))
        return true;
    if (!e->self)
        ready = slack_people_person(s->people, e->user)->known != SLACK_ASKED;
    if (asks_room(t))
        ready = slack_people_room(s->people, e->kind == SLACK_SUBMIT ? t->form.channel : e->channel)
                        ->known != SLACK_ASKED &&
                ready;
    if (wants_direct(t))
        ready = slack_people_direct(s->people, e->user, &direct) != SLACK_ASKED && ready;
    return ready || late;
}

/* ---- what the interview is told ---- */

static enum admin admin_of(const char *user, const struct slack_person *person,
                           const struct slack_room *room)
{
    if (person->admin ||
        (room != NULL && room->creator != NULL && strcmp(room->creator, user) == 0))
        return ADMIN_YES;
    return person->known == SLACK_KNOWN && room != NULL && room->known == SLACK_KNOWN
               ? ADMIN_NO
               : ADMIN_UNKNOWN;
}

/* The time zone that Slack names, when this system knows it too. */
static const char *zone_hint(struct slack *s, const struct slack_person *person)
{
    return person->zone != NULL && zones_get(s->zones, person->zone, NULL) != NULL ? person->zone
                                                                                   : NULL;
}

/* Tells the interview of T in CHAT: IN brings what is particular. False: seen before. */
static bool tell(struct slack *s, struct slack_turn *t, const char *chat, struct inbound *in)
{
    enum host_result result;
    const struct slack_person *person = slack_people_person(s->people, t->e.user);
    bool private = is_direct_id(chat);
    const struct slack_room *room = private ? NULL : slack_people_room(s->people, chat);
    g_autofree char *stored = store_account_name(s->store, PLATFORM_SLACK, t->e.user);
    const char *name = person->name != NULL     ? person->name
                       : stored != NULL         ? stored
                       : t->e.user_name != NULL ? t->e.user_name
                                                : t->e.user;

    g_free(t->chat);
    t->chat = g_strdup(chat);
    in->platform = PLATFORM_SLACK;
    in->chat = t->chat;
    in->chat_kind = private ? CHAT_PRIVATE : CHAT_GROUP;
    in->chat_title = private ? name : room->title != NULL ? room->title : chat;
    in->user = t->e.user;
    in->user_name = name;
    in->lang_hint = private ? person->locale : NULL; /* a channel speaks as the operator set it */
    in->zone_hint = zone_hint(s, person);
    in->no_spoilers = true;
    in->admin = private ? ADMIN_YES : admin_of(t->e.user, person, room);
    result = s->host->ops->handle(s->host, in);
    if (result == HOST_NEEDS_ADMIN) { /* Slack could not say: no harm is done by asking again */
        in->admin = ADMIN_NO;
        in->update = NULL;
        result = s->host->ops->handle(s->host, in);
    }
    return result != HOST_SEEN;
}

/* The catalogue's KEY in the language of the person of T. */
static const char *text_for(struct slack *s, const struct slack_turn *t, const char *key)
{
    const struct slack_person *person = slack_people_person(s->people, t->e.user);
    bool korean = person->locale == NULL || g_str_has_prefix(person->locale, "ko");

    return catalog_text(s->cat, korean ? LANG_KO : LANG_EN, key);
}

/* ---- kinds ---- */

static const char *direct_of(struct slack *s, const struct slack_turn *t)
{
    const char *direct = NULL;

    if (t->e.channel != NULL && t->e.kind == SLACK_HOME)
        return t->e.channel;
    slack_people_direct(s->people, t->e.user, &direct);
    return direct;
}

/* What was typed, or sent without words: a file, a picture. */
static enum event_kind typed_kind(const struct slack_envelope *e)
{
    if (e->kind == SLACK_EDITED)
        return EVENT_EDITED;
    return e->kind == SLACK_MESSAGE && e->text[0] == '\0' ? EVENT_WORDLESS : EVENT_TEXT;
}

static void handle_typed(struct slack *s, struct slack_turn *t)
{
    const struct slack_envelope *e = &t->e;
    bool mention = e->kind == SLACK_MENTION;
    struct inbound in = {
        .update = e->update,
        .kind = typed_kind(e),
        .text = mention && e->text[0] == '\0' ? "/start" : e->text,
        .message = e->ts,
        .thread = e->thread,
        .reply_to = e->thread,
        .bare_commands = mention || e->direct,
        .is_answer = !mention && !e->direct,
        .to_bot = mention,
    };

    /* What is said to a mention stands under it; in a thread, in that thread. */
    if (mention && e->thread == NULL)
        in.thread = e->ts;
    tell(s, t, e->channel, &in);
}

/* A tap does not lead into the direct message: where it was made, one line says so. */
static void say_elsewhere(struct slack *s, struct slack_turn *t)
{
    g_free(t->chat);
    t->chat = g_strdup(t->e.channel);
    s->transport.ops->popup(&s->transport, text_for(s, t, "slack.elsewhere"));
}

static void handle_button(struct slack *s, struct slack_turn *t)
{
    const struct slack_envelope *e = &t->e;
    const char *chat = wants_direct(t) ? direct_of(s, t) : e->channel;
    g_autofree char *text = NULL;
    struct inbound in = {.update = e->update, .kind = EVENT_BUTTON, .reply_to = e->ts};

    if (chat == NULL)
        return; /* Slack would not open a direct message with this person */
    if (is_form_button(e)) {
        text = g_strconcat("form:", e->text + strlen("link:r"), NULL);
    } else if (g_str_has_prefix(e->text, "link:")) {
        text = g_strconcat("/start ", e->text + strlen("link:"), NULL);
        in.kind = EVENT_TEXT;
        in.reply_to = NULL;
    } else {
        text = g_strdup(e->text);
    }
    in.text = text;
    in.thread = chat == e->channel ? e->thread : NULL;
    if (tell(s, t, chat, &in) && e->channel != NULL && strcmp(chat, e->channel) != 0)
        say_elsewhere(s, t);
}

static void handle_submit(struct slack *s, struct slack_turn *t)
{
    struct inbound in = {
        .update = t->e.update,
        .kind = EVENT_TEXT,
        .text = t->e.text,
        .reply_to = t->form.post,
        .is_answer = true,
        .personal = true,
    };

    if (t->e.text[0] == '\0') {
        t->payload = json_pack("{s:s, s:{s:s}}", "response_action", "errors", "errors", "answer",
                               text_for(s, t, "slack.empty-answer"));
        return;
    }
    tell(s, t, t->form.channel, &in);
}

/* What only the one who typed a command sees, where the interview has no part in it. */
static void say_aside(struct slack *s, struct slack_turn *t, const char *key)
{
    if (t->e.accepts_payload)
        t->payload =
            json_pack("{s:s, s:s}", "response_type", "ephemeral", "text", text_for(s, t, key));
}

/* The bot is not in CHANNEL, as far as Slack could say. */
static bool is_absent(struct slack *s, const char *channel)
{
    const struct slack_room *room = slack_people_room(s->people, channel);

    return room->known == SLACK_KNOWN ? !room->member : room->hidden;
}

static void handle_command(struct slack *s, struct slack_turn *t)
{
    const struct slack_envelope *e = &t->e;
    const char *chat = wants_direct(t) ? direct_of(s, t) : e->channel;
    g_autofree char *text = e->text[0] == '\0'  ? g_strdup("/start")
                            : e->text[0] == '/' ? g_strdup(e->text)
                                                : g_strconcat("/", e->text, NULL);
    struct inbound in = {.update = e->update, .kind = EVENT_TEXT, .text = text, .to_bot = true};

    if (chat == NULL || (!is_direct_id(chat) && is_absent(s, chat))) {
        say_aside(s, t, "slack.invite"); /* the bot cannot speak where it is not */
        return;
    }
    tell(s, t, chat, &in);
    if (strcmp(chat, e->channel) != 0)
        say_aside(s, t, "slack.elsewhere");
}

static void add_header(struct slack_turn *t, const char *text)
{
    if (json_array_size(t->home) > 0)
        json_array_append_new(t->home, json_pack("{s:s}", "type", "divider"));
    json_array_append_new(
        t->home, json_pack("{s:s, s:o}", "type", "header", "text", slack_plain_text(text, 150)));
}

/* Score and, where WITH_BOARD, the board of CHAT, gathered by slack_out.c. False: seen before. */
static bool show_place(struct slack *s, struct slack_turn *t, const char *chat, const char *title,
                       bool with_board)
{
    bool first = json_array_size(t->home) == 0; /* by its first place the event is known again */
    struct inbound in = {
        .update = first ? t->e.update : NULL,
        .kind = EVENT_TEXT,
        .text = "/score",
    };

    if (title != NULL)
        add_header(t, title);
    if (!tell(s, t, chat, &in)) {
        json_array_clear(t->home);
        return false;
    }
    in.update = NULL;
    in.text = "/leaderboard";
    if (with_board)
        tell(s, t, chat, &in);
    return true;
}

static bool show_channel(struct slack *s, struct slack_turn *t, const char *chat)
{
    const struct slack_room *room = slack_people_room(s->people, chat);
    g_autofree char *title = g_strdup_printf("📍 #%s", room->title != NULL ? room->title : chat);

    return show_place(s, t, chat, title, true);
}

/* Every place where the person has answered; the direct message also when that is none. */
static void handle_home(struct slack *s, struct slack_turn *t)
{
    const char *direct = direct_of(s, t);
    g_autoptr(GPtrArray) chats = store_chats_of(s->store, PLATFORM_SLACK, t->e.user);

    if (direct == NULL)
        return;
    bool here =
        chats->len == 0 || g_ptr_array_find_with_equal_func(chats, direct, g_str_equal, NULL);
    t->home = json_array();
    if (here && !show_place(s, t, direct, NULL, true))
        return;
    for (guint i = 0; i < chats->len; i++) {
        const char *chat = g_ptr_array_index(chats, i);

        if (!is_direct_id(chat) && !show_channel(s, t, chat))
            return;
    }
    /* Nothing here yet: what there is comes first. */
    if (!here)
        show_place(s, t, direct, text_for(s, t, "slack.home-direct"), false);
}

/* The bot was let in: it greets, as if spoken to by the one who did it. */
static void handle_added(struct slack *s, struct slack_turn *t)
{
    const struct slack_room *room = slack_people_room(s->people, t->e.channel);
    struct inbound in = {.update = t->e.update, .kind = EVENT_ADDED, .text = "", .to_bot = true};

    t->e.user = t->e.inviter != NULL ? t->e.inviter : room->creator;
    if (t->e.user != NULL)
        tell(s, t, t->e.channel, &in);
}

/* People who come and go matter where they have answered before. */
static void handle_member(struct slack *s, struct slack_turn *t)
{
    struct inbound in = {
        .update = t->e.update,
        .kind = t->e.kind == SLACK_JOINED ? EVENT_JOINED : EVENT_LEFT,
        .text = "",
    };

    if (store_chat_id(s->store, PLATFORM_SLACK, t->e.channel) != 0 &&
        store_user_id(s->store, PLATFORM_SLACK, t->e.user) != 0)
        tell(s, t, t->e.channel, &in);
}

static void handle_removed(struct slack *s, const struct slack_turn *t)
{
    int64_t chat = store_chat_id(s->store, PLATFORM_SLACK, t->e.channel);

    if (chat != 0)
        chat_set_gone(s->store, chat, true);
}

static void handle_coming_and_going(struct slack *s, struct slack_turn *t)
{
    if (!t->e.self)
        handle_member(s, t);
    else if (t->e.kind == SLACK_JOINED)
        handle_added(s, t);
    else
        handle_removed(s, t);
}

void slack_turn_handle(struct slack *s, struct slack_turn *t)
{
    switch (t->e.kind) {
    case SLACK_MESSAGE:
    case SLACK_MENTION:
    case SLACK_EDITED:
        handle_typed(s, t);
        break;
    case SLACK_BUTTON:
        handle_button(s, t);
        break;
    case SLACK_SUBMIT:
        handle_submit(s, t);
        break;
    case SLACK_COMMAND:
        handle_command(s, t);
        break;
    case SLACK_HOME:
        handle_home(s, t);
        break;
    case SLACK_JOINED:
    case SLACK_LEFT:
        handle_coming_and_going(s, t);
        break;
    default:
        break;
    }
}
