/* What a person may do with an open question besides answering it. */
#include <stdlib.h>

#include "iv.h"
#include "text.h"

/* The open round that a move is about, with its question; says why there is none. */
static const struct question *open_question(struct iv *iv, struct round *round)
{
    const struct question *q = NULL;

    if (!iv_find_round(iv, round))
        iv_say_no_question(iv);
    else if ((q = iv_bank_question(iv->in->bank, round->question)) == NULL)
        reply_say(iv->r, "answer.question-gone", "");
    return q;
}

/*
 * Whether ROUND, whose button was tapped in private, is over for this person, who has seen its
 * model answer; says so. What is open now, perhaps the same question /again, is not touched.
 */
static bool is_past(struct iv *iv, const struct round *round, const struct entry *entry)
{
    if (!iv_private(iv) || iv->ev->kind != EVENT_BUTTON || entry->revealed == 0 ||
        iv->seat.round == round->id)
        return false;
    reply_say(iv->r, "button.past", "");
    if (iv->seat.round == 0) {
        reply_text(iv->r, REPLY_PLAIN, " ");
        reply_say(iv->r, "button.past-next", "");
        reply_button(iv->r, "button.next", "question", true);
    }
    return true;
}

/* Hint N of a question: the bank's own comes first. *new*, or NULL when all have been given. */
static char *hint_text(struct iv *iv, const struct question *q, int n)
{
    const grade_sheet *sheet = iv_bank_sheet(iv->in->bank, q);

    if (q->hint != NULL) {
        if (n == 0)
            return g_strdup(q->hint);
        n--;
    }
    if ((size_t)n >= grade_sheet_points(sheet, 0))
        return NULL;
    return grade_sheet_hint(sheet, 0, (size_t)n);
}

/* In a group only the one who taps sees the hint, and only that one pays for it. */
static void give_hint(struct iv *iv, const struct round *round, const char *hint, int n)
{
    bool tapped = iv->ev->kind == EVENT_BUTTON && !iv_private(iv);
    const char *key = round->kind == ROUND_PRACTICE ? "hint.practice" : "hint.costs";

    if (tapped) {
        g_autofree char *text = catalog_format(iv->in->cat, iv->chat->lang, "hint.popup",
                                               "n=%d cost=%d hint=%s", n, n * FAIR_HINT_COST, hint);

        BOOK(iv, popup, text);
        return;
    }
    reply_say(iv->r, key, "n=%d cost=%d hint=%s", n, n * FAIR_HINT_COST, hint);
    iv_button_hint(iv->r, round, true);
    iv_button_round(iv->r, "button.skip", "skip", round->id, false);
}

void iv_cmd_hint(struct iv *iv, const char *arg)
{
    struct round round;
    struct entry entry;
    const struct question *q = open_question(iv, &round);

    (void)arg;
    if (q == NULL)
        return;
    /* Typed in a group, everyone would read what one person pays for. */
    if (!iv_private(iv) && !iv->ev->personal && iv->ev->kind != EVENT_BUTTON) {
        reply_say(iv->r, "hint.tap", "");
        iv_button_round(iv->r, "button.hint", "hint", round.id, true);
        return;
    }
    entry = BOOK(iv, entry, round.id, iv->user->id);
    if (is_past(iv, &round, &entry))
        return;
    g_autofree char *hint = hint_text(iv, q, entry.hints);
    if (hint == NULL) {
        iv_say_quietly(iv, "hint.no-more");
        return;
    }
    entry.hints++;
    BOOK(iv, put_entry, round.id, iv->user->id, &entry);
    give_hint(iv, &round, hint, entry.hints);
}

/* Whether the round's group sees the model answer only when it closes, which it has not yet. */
static bool held_until_close(struct iv *iv, const struct round *round)
{
    struct chat chat = {0};
    bool held = false;

    if (round->chat != iv->chat->id && round->closed == 0 && BOOK(iv, chat, round->chat, &chat))
        held = chat.kind == CHAT_GROUP && chat.reveal == REVEAL_CLOSE;
    chat_clear(&chat);
    return held;
}

void iv_cmd_skip(struct iv *iv, const char *arg)
{
    struct round round;
    struct entry entry;
    const struct question *q;
    bool was_open;

    (void)arg;
    if (!iv_private(iv)) {
        reply_say(iv->r, "skip.private-only", "");
        return;
    }
    q = open_question(iv, &round);
    if (q == NULL)
        return;
    entry = BOOK(iv, entry, round.id, iv->user->id);
    if (is_past(iv, &round, &entry))
        return;
    was_open = iv->seat.round == round.id;
    if (was_open)
        iv_set_seat_round(iv, 0);
    if (held_until_close(iv, &round)) {
        reply_say(iv->r, "result.model-later", "");
        return;
    }
    entry.revealed = MAX(entry.revealed, iv->ev->now); /* see reveals() in iv_answer.c */
    BOOK(iv, put_entry, round.id, iv->user->id, &entry);
    reply_say(iv->r, "skip.done", "");
    iv_show_model(iv->r, q, REPLY_PLAIN);
    iv->seat.last_round = round.id;
    iv->seat_changed = true;
    if (was_open && round.kind == ROUND_PRACTICE && iv->seat.practice_total > 0)
        iv_practice_next(iv);
    else
        reply_button(iv->r, "button.next", "question", true);
}

void iv_cmd_again(struct iv *iv, const char *arg)
{
    struct round round;
    int64_t id = iv->ev->round != 0 ? iv->ev->round : iv->seat.last_round;
    const struct question *q = NULL;

    (void)arg;
    if (!iv_private(iv)) {
        reply_say(iv->r, "again.group", "");
        return;
    }
    if (id != 0 && BOOK(iv, round, id, &round))
        q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL) {
        reply_say(iv->r, "again.none", "");
        reply_button(iv->r, "button.next", "question", false);
        return;
    }
    reply_say(iv->r, "again.begin", "");
    reply_newline(iv->r, 2);
    iv_show_question(iv, iv->r, q, &round);
    iv_set_seat_round(iv, round.id);
}
