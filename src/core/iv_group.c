/* The bot and people coming and going, and what is said in a group but not to the bot. */
#include <string.h>

#include "iv.h"

static void set_gone(struct iv *iv, bool gone)
{
    if (iv->chat->gone == gone)
        return;
    iv->chat->gone = gone;
    BOOK(iv, put_chat, iv->chat);
}

static void greet(struct iv *iv)
{
    reply_say(iv->r, "group.hello", "");
    reply_button(iv->r, "button.first", "question", true);
    if (iv->chat->schedule[0] == '\0') /* added again, it has its times */
        reply_button(iv->r, "button.daily", "daily:09:00", false);
    reply_button(iv->r, "button.topics", "topics", true);
    reply_button(iv->r, "button.help", "help", false);
}

/* In a group only who replies to a question means an answer by it. */
static void ask_for_words(struct iv *iv)
{
    if (iv_private(iv) || iv->ev->round != 0)
        reply_say(iv->r, "answer.wordless", "");
}

static void set_left(struct iv *iv, bool left)
{
    if (iv->seat.left == left)
        return;
    iv->seat.left = left;
    iv->seat_changed = true;
}

bool iv_coming_and_going(struct iv *iv)
{
    switch (iv->ev->kind) {
    case EVENT_ADDED:
        set_gone(iv, false);
        greet(iv);
        return true;
    case EVENT_RETURNED:
        set_gone(iv, false);
        return true;
    case EVENT_REMOVED:
        set_gone(iv, true);
        return true;
    case EVENT_JOINED:
        set_left(iv, false);
        return true;
    case EVENT_LEFT:
        set_left(iv, true);
        return true;
    case EVENT_EDITED:
        reply_say(iv->r, "answer.edited", "");
        return true;
    case EVENT_WORDLESS:
        set_gone(iv, false);
        set_left(iv, false);
        ask_for_words(iv);
        return true;
    default:
        set_gone(iv, false); /* somebody who writes has let the bot in again */
        set_left(iv, false);
        return false;
    }
}

bool iv_not_for_bot(const struct iv *iv, const struct command *cmd)
{
    if (iv_private(iv) || iv->ev->to_bot || iv->ev->kind != EVENT_TEXT)
        return false;
    if (cmd->id == CMD_UNKNOWN)
        return true; /* another bot's */
    return cmd->id == CMD_NONE && iv->ev->round == 0;
}
