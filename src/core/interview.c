/* The interview's door: who handles which event, and the reply at the end. */
#include "interview.h"

#include <string.h>

#include "iv.h"
#include "text.h"

typedef void (*handler)(struct iv *iv, const char *arg);

/* One row a command: to add one, add it here and in command.c. */
static const handler handlers[CMD_COUNT] = {
    [CMD_START] = iv_cmd_start,
    [CMD_QUESTION] = iv_cmd_question,
    [CMD_TOPIC] = iv_cmd_question,
    [CMD_TOPICS] = iv_cmd_topics,
    [CMD_PRACTICE] = iv_cmd_practice,
    [CMD_STOP] = iv_cmd_stop,
    [CMD_HINT] = iv_cmd_hint,
    [CMD_SKIP] = iv_cmd_skip,
    [CMD_AGAIN] = iv_cmd_again,
    [CMD_TODAY] = iv_cmd_today,
    [CMD_SCORE] = iv_cmd_score,
    [CMD_WHY] = iv_cmd_why,
    [CMD_LEADERBOARD] = iv_cmd_leaderboard,
    [CMD_LANG] = iv_cmd_lang,
    [CMD_HELP] = iv_cmd_help,
    [CMD_SETTINGS] = iv_cmd_settings,
    [CMD_DAILY] = iv_cmd_daily,
    [CMD_HOLIDAY] = iv_cmd_holiday,
    [CMD_PAUSE] = iv_cmd_pause,
    [CMD_TIMEZONE] = iv_cmd_timezone,
    [CMD_CLOSE] = iv_cmd_close,
    [CMD_REVEAL] = iv_cmd_reveal,
    [CMD_WEEKLY] = iv_cmd_weekly,
    [CMD_REMINDER] = iv_cmd_reminder,
    [CMD_SHARE] = iv_cmd_share,
    [CMD_ANONYMOUS] = iv_cmd_anonymous,
    [CMD_EXPORT] = iv_cmd_export,
    [CMD_FORGETME] = iv_cmd_forgetme,
    [CMD_LINK] = iv_cmd_link,
};

/* What a button carries before the colon -> the command that it stands for. */
static const struct {
    const char *action;
    enum command_id command;
} actions[] = {
    {"ask", CMD_QUESTION},      {"question", CMD_QUESTION}, {"hint", CMD_HINT},
    {"skip", CMD_SKIP},         {"again", CMD_AGAIN},       {"why", CMD_WHY},
    {"board", CMD_LEADERBOARD}, {"help", CMD_HELP},         {"topics", CMD_TOPICS},
    {"practice", CMD_PRACTICE}, {"stop", CMD_STOP},         {"score", CMD_SCORE},
    {"lang", CMD_LANG},         {"today", CMD_TODAY},
};
/* Every other action is a command's own name: "daily:09:00", "weekly:off". */

interview *interview_new(const catalog *cat, const lexicon *lex,
                         const struct interview_options *options)
{
    interview *in = g_new0(interview, 1);

    in->cat = cat;
    in->lex = lex;
    in->options = *options;
    in->zones = zones_new();
    in->pace = pace_new();
    return in;
}

void interview_use_lexicon(interview *in, const lexicon *lex)
{
    in->lex = lex;
}

void interview_set_options(interview *in, const struct interview_options *options)
{
    in->options = *options;
}

void interview_free(interview *in)
{
    if (in == NULL)
        return;
    iv_bank_free(in->bank);
    zones_free(in->zones);
    pace_free(in->pace);
    g_free(in);
}

void interview_take_bank(interview *in, bank *b, const int64_t *keys)
{
    iv_bank_free(in->bank);
    in->bank = iv_bank_new_taking(b, in->lex, keys);
}

const bank *interview_bank(const interview *in)
{
    return in->bank != NULL ? iv_bank_get(in->bank) : NULL;
}

void iv_set_seat_round(struct iv *iv, int64_t round)
{
    iv->seat.round = round;
    iv->seat_changed = true;
}

/* Longer it would fill the screen of everybody in a group. */
#define ECHO_CELLS 60

char *iv_echo(const char *typed)
{
    return text_cut(typed, ECHO_CELLS);
}

void iv_say_quietly(struct iv *iv, const char *key)
{
    if (iv_private(iv) || iv->ev->kind != EVENT_BUTTON)
        reply_say(iv->r, key, "");
    else
        BOOK(iv, popup, catalog_text(iv->in->cat, iv->chat->lang, key));
}

/* In a group a setting is changed by administrators; everyone may look at it. */
static bool may(struct iv *iv, const struct command *cmd)
{
    const struct command_row *row = command_row(cmd->id);

    if (iv_private(iv) || row == NULL || !row->admin || cmd->arg[0] == '\0' ||
        iv->ev->admin == ADMIN_YES)
        return true;
    if (iv->ev->admin == ADMIN_UNKNOWN)
        iv->needs_admin = true;
    else
        iv_say_quietly(iv, "admin.only");
    return false;
}

static bool is_setting(enum command_id id)
{
    return (id >= CMD_LANG && id <= CMD_ANONYMOUS) || id == CMD_TOPICS;
}

/* "/settings daily 9시" is "/daily 9시". */
static bool handle_inner_setting(struct iv *iv, const struct command *cmd)
{
    g_autofree char *typed = g_strconcat("/", cmd->arg, NULL);
    struct command inner;
    bool found = false;

    if (cmd->id != CMD_SETTINGS || cmd->arg[0] == '\0')
        return false;
    command_parse(typed, false, &inner);
    if (is_setting(inner.id) && inner.id != CMD_SETTINGS) {
        found = true;
        if (may(iv, &inner))
            handlers[inner.id](iv, inner.arg);
    }
    command_clear(&inner);
    return found;
}

static void handle_command(struct iv *iv, const struct command *typed)
{
    struct command cmd = *typed; /* what it points to stays the caller's */

    /* "/topic off 가상화" is /topics, a setting. */
    if (cmd.id == CMD_TOPIC && iv_is_topic_switch(cmd.arg))
        cmd.id = CMD_TOPICS;
    if (cmd.id == CMD_UNKNOWN)
        iv_cmd_unknown(iv, &cmd);
    else if (may(iv, &cmd) && !handle_inner_setting(iv, &cmd))
        handlers[cmd.id](iv, cmd.arg);
}

void iv_wait_for(struct iv *iv, enum seat_waiting what)
{
    iv->seat.waiting = (int)what;
    iv->seat_changed = true;
}

/* A plain message that names one of the choices just offered; an answer is longer than a name. */
static bool handle_choice(struct iv *iv, enum seat_waiting waiting)
{
    g_autoptr(GArray) found = NULL;
    g_autoptr(GPtrArray) choices = NULL;
    const char *name = NULL;
    enum lang lang;

    if (waiting == WAITING_LANG && lang_parse(iv->ev->text, &lang)) {
        struct command cmd = {.id = CMD_LANG, .arg = (char *)(uintptr_t)iv->ev->text};

        handle_command(iv, &cmd);
        return true;
    }
    if (waiting != WAITING_TOPIC || strlen(iv->ev->text) > 200)
        return false;
    iv_bank_match(iv->in->bank, iv->in->lex, iv->ev->text, &found, &name, &choices);
    if (name == NULL)
        return false;
    iv_cmd_question(iv, iv->ev->text);
    return true;
}

/* What the setting said goes up for a moment; the message then shows how things stand. */
static void turn_page(struct iv *iv, const struct command *cmd)
{
    if (cmd->arg[0] != '\0') {
        g_autofree char *said = NULL;

        if (!may(iv, cmd))
            return; /* the message stays as it is */
        handlers[cmd->id](iv, cmd->arg);
        said = reply_plain(iv->r, true);
        BOOK(iv, popup, said);
        reply_free(iv->r);
        iv->r = reply_new(iv->in->cat, iv->chat->lang);
    }
    iv->edits = true;
    iv_say_page(iv, cmd->arg[0] != '\0' && cmd->id != CMD_TOPICS ? CMD_SETTINGS : cmd->id);
}

/* A button of /settings: "set:weekly:off" sets and shows, "set:reveal" shows a page. */
static void handle_page(struct iv *iv, const char *action)
{
    g_autofree char *typed = g_strconcat("/", action, NULL);
    char *colon = strchr(typed, ':');
    struct command cmd;

    if (colon != NULL)
        *colon = ' ';
    command_parse(typed, false, &cmd);
    if (is_setting(cmd.id))
        turn_page(iv, &cmd);
    else
        iv_say_quietly(iv, "button.stale");
    command_clear(&cmd);
}

static void handle_text(struct iv *iv)
{
    enum seat_waiting waiting = (enum seat_waiting)iv->seat.waiting;
    struct command cmd;

    if (waiting != WAITING_NONE)
        iv_wait_for(iv, WAITING_NONE);
    if (iv->ev->is_answer) {
        iv_answer(iv);
        return;
    }
    command_parse(iv->ev->text, iv->ev->bare_commands, &cmd);
    if (cmd.id != CMD_NONE && iv->ev->text[strspn(iv->ev->text, " \t\n")] != '/' &&
        !iv_bare_command(iv, &cmd))
        cmd.id = CMD_NONE; /* an answer that begins with a command's word */
    if (iv_not_for_bot(iv, &cmd))
        ;
    else if (cmd.id != CMD_NONE)
        handle_command(iv, &cmd);
    else if (iv->ev->nameless)
        reply_say(iv->r, "answer.nameless", "");
    else if (waiting == WAITING_NONE || !handle_choice(iv, waiting))
        iv_answer(iv);
    command_clear(&cmd);
}

static void handle_button(struct iv *iv)
{
    const char *colon = strchr(iv->ev->text, ':');
    size_t n = colon != NULL ? (size_t)(colon - iv->ev->text) : strlen(iv->ev->text);
    g_autofree char *typed =
        g_strdup_printf("/%.*s %s", (int)n, iv->ev->text, colon != NULL ? colon + 1 : "");
    struct command cmd;

    if (g_str_has_prefix(iv->ev->text, "set:")) {
        handle_page(iv, iv->ev->text + strlen("set:"));
        return;
    }
    if (g_str_has_prefix(iv->ev->text, "form:")) {
        iv_form(iv, g_ascii_strtoll(iv->ev->text + strlen("form:"), NULL, 10));
        return;
    }
    command_parse(typed, false, &cmd);
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (strlen(actions[i].action) == n && strncmp(actions[i].action, iv->ev->text, n) == 0)
            cmd.id = actions[i].command;
    }
    iv->edits = cmd.id == CMD_LEADERBOARD && cmd.arg[0] != '\0'; /* the board turns its pages */
    if (cmd.id == CMD_NONE || cmd.id == CMD_UNKNOWN)
        iv_say_quietly(iv, "button.stale"); /* a button of an older version */
    else
        handle_command(iv, &cmd);
    command_clear(&cmd);
}

static void send_reply(struct iv *iv)
{
    struct send_opts opts = {
        .chat = iv->chat->id,
        .reply_to = iv_private(iv) ? NULL : iv->ev->message,
        .thread = iv->ev->thread,
        .post_of = iv->post_of,
    };

    if (iv->edits)
        BOOK(iv, edit, iv->r);
    else if (reply_run_count(iv->r) > 0)
        BOOK(iv, send, &opts, iv->r);
}

const zone *iv_zone_of(interview *in, const struct chat *chat)
{
    const zone *z = zones_get(in->zones, chat->zone, NULL);

    /* UTC needs no database: a system without tzdata still interviews. */
    return z != NULL ? z : zones_get(in->zones, "UTC", NULL);
}

enum handled interview_handle(interview *in, struct book *book, const struct event *event)
{
    struct iv iv = {.in = in,
                    .book = book,
                    .ev = event,
                    .chat = event->chat,
                    .user = event->user,
                    .zone = iv_zone_of(in, event->chat),
                    .r = reply_new(in->cat, event->chat->lang)};

    iv.now = event->now;
    iv.today = zone_day(iv.zone, event->now);
    /* Whose private chat this is must be known even when they say nothing but /forgetme. */
    if (!BOOK(&iv, seat, iv.chat->id, iv.user->id, &iv.seat) && iv_private(&iv))
        iv.seat_changed = true;
    if (iv_coming_and_going(&iv))
        ;
    else if (event->kind == EVENT_BUTTON)
        handle_button(&iv);
    else
        handle_text(&iv);
    if (iv.seat_changed && !iv.forgotten && !iv.needs_admin)
        BOOK(&iv, put_seat, iv.chat->id, iv.user->id, &iv.seat);
    if (!iv.needs_admin)
        send_reply(&iv);
    reply_free(iv.r);
    g_clear_pointer(&iv.ever, g_array_unref);
    seat_clear(&iv.seat);
    return iv.needs_admin ? HANDLED_NEEDS_ADMIN : HANDLED;
}
