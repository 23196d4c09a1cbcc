/* Greeting, help, language, and what to say to a command that nobody knows. */
#include <stdlib.h>
#include <string.h>

#include "iv.h"

/* The round of a link under a post ("12-c0ffee"): only who has seen the post knows its token. */
static bool linked_round(struct book *book, const char *link, struct round *ret)
{
    char *end = NULL;
    int64_t id = g_ascii_strtoll(link, &end, 10);

    return *end == '-' && book->ops->round(book, id, ret) &&
           g_ascii_strtoull(end + 1, NULL, 16) == (guint64)ret->token;
}

int64_t interview_link_chat(struct book *book, const char *link)
{
    struct round round;

    return linked_round(book, link, &round) ? round.chat : 0;
}

/* Who comes by the link has read the post, so is a member of its chat. */
static void take_seat(struct iv *iv, int64_t chat)
{
    struct seat seat = {0};

    if (!BOOK(iv, seat, chat, iv->user->id, &seat))
        BOOK(iv, put_seat, chat, iv->user->id, &seat);
    seat_clear(&seat);
}

/* The open round of another chat, answered here in private. */
static void start_round(struct iv *iv, const char *link)
{
    struct round round;
    const struct question *q = NULL;

    if (linked_round(iv->book, link, &round))
        q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL) {
        reply_say(iv->r, "answer.question-gone", "");
        return;
    }
    take_seat(iv, round.chat);
    reply_say(iv->r, round.closed != 0 ? "post.closed" : "start.round", "");
    reply_newline(iv->r, 2);
    iv_show_question(iv, iv->r, q, &round);
    iv_button_round(iv->r, "button.hint", "hint", round.id, true);
    reply_placeholder(iv->r, "placeholder.answer");
    iv_set_seat_round(iv, round.id);
    iv->post_of = round.id;
}

void iv_cmd_start(struct iv *iv, const char *arg)
{
    char *end = NULL;
    int64_t id = arg[0] != '\0' ? g_ascii_strtoll(arg + 1, &end, 10) : 0;

    if (arg[0] == 'r' && id > 0 && iv_private(iv)) {
        start_round(iv, arg + 1);
        return;
    }
    if (arg[0] == 'm' && end != NULL && *end == '\0' && id > 0 && iv_private(iv)) {
        iv_show_in_private(iv, id);
        return;
    }
    if (strcmp(arg, "practice") == 0 && iv_private(iv)) {
        iv_cmd_practice(iv, "");
        return;
    }
    if (strcmp(arg, "forgetme") == 0 && iv_private(iv)) {
        iv_cmd_forgetme(iv, "");
        return;
    }
    if (strcmp(arg, "export") == 0 && iv_private(iv)) {
        iv_cmd_export(iv, "");
        return;
    }
    /* A deleted account has no name: then it is greeted by what the board would call it. */
    g_autofree char *name = iv_shown_name(iv, iv->chat, iv->user->id, iv->user->name);
    reply_say(iv->r, iv_private(iv) ? "start.private" : "start.group", "name=%s", name);
    reply_button(iv->r, "button.first", "question", true);
    if (iv_private(iv))
        reply_button(iv->r, "button.practice", "practice", false);
    if (iv->chat->schedule[0] == '\0')
        reply_button(iv->r, "button.daily", "daily:09:00", true);
    reply_button(iv->r, "button.topics", "topics", true);
    reply_button(iv->r, "button.help", "help", false);
}

void iv_cmd_help(struct iv *iv, const char *arg)
{
    (void)arg;
    reply_say(iv->r, "help.head", "");
    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        g_autofree char *korean = command_korean(row);
        g_autofree char *key = g_strconcat("help.", row->name, NULL);

        if (!row->in_help)
            continue;
        reply_newline(iv->r, 1);
        reply_say(iv->r, key, "ko=%s", korean);
    }
    reply_newline(iv->r, 2);
    reply_say(iv->r, "help.rules", "cost=%d limit=%d", FAIR_HINT_COST,
              iv->in->options.asks_ranked_a_day);
}

void iv_cmd_lang(struct iv *iv, const char *arg)
{
    enum lang lang;

    if (!lang_parse(arg, &lang)) {
        g_autofree char *wanted = iv_echo(arg);

        reply_say(iv->r, arg[0] == '\0' ? "lang.ask" : "lang.unknown", "wanted=%s", wanted);
        iv_wait_for(iv, WAITING_LANG);
        reply_button(iv->r, "button.lang-ko", "lang:ko", true);
        reply_button(iv->r, "button.lang-en", "lang:en", false);
        return;
    }
    iv->chat->lang = lang;
    BOOK(iv, put_chat, iv->chat);
    reply_set_lang(iv->r, lang);
    reply_say(iv->r, "lang.set", "");
}

void iv_cmd_unknown(struct iv *iv, const struct command *cmd)
{
    if (cmd->nearest != NULL) {
        reply_say(iv->r, "command.nearest", "word=%s nearest=%s", cmd->word, cmd->nearest);
        g_autofree char *label = g_strconcat("/", cmd->nearest, NULL);
        reply_button_text(iv->r, label, cmd->nearest, false);
    } else {
        g_autofree char *word = iv_echo(cmd->word);

        reply_say(iv->r, "command.unknown", "word=%s", word);
    }
    reply_button(iv->r, "button.help", "help", false);
}
