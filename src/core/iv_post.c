/* The post of a question: what stands under it, its buttons, its live counter. */
#include "iv.h"

static void buttons_private(reply *r, const struct round *round)
{
    iv_button_hint(r, round, true);
    iv_button_round(r, "button.skip", "skip", round->id, false);
    if (round->kind == ROUND_PRACTICE)
        reply_button(r, "button.stop", "stop", false);
}

static void buttons_group(reply *r, const struct round *round)
{
    /* With the token: a number alone could be guessed by who is no member. */
    g_autofree char *payload =
        g_strdup_printf("r%lld-%llx", (long long)round->id, (unsigned long long)round->token);

    reply_button_link(r, "button.answer-private", payload, true);
    iv_button_round(r, "button.hint", "hint", round->id, false);
    reply_button(r, "button.board", "board", false);
}

static void counter(reply *r, const struct round *round)
{
    reply_newline(r, 2);
    reply_say(r, "post.counter", "n=%d mean=%d", round->answers,
              (round->score_sum + round->answers / 2) / round->answers);
}

void iv_show_post(struct iv *iv, const struct chat *chat, reply *r, const struct question *q,
                  const struct round *round)
{
    bool group = chat->kind == CHAT_GROUP;

    iv_show_question(iv, r, q, round);
    reply_newline(r, 2);
    if (round->closed != 0)
        reply_say_in(r, REPLY_ITALIC, "post.closed", "");
    else if (group)
        reply_say_in(r, REPLY_ITALIC, "post.how-group", "");
    else if (round->kind != ROUND_PRACTICE)
        reply_say_in(r, REPLY_ITALIC, "post.how-private", "");
    else if (iv->seat.practice_done == 0) /* once is enough */
        reply_say_in(r, REPLY_ITALIC, "post.how-practice", "");
    if (group && round->answers > 0)
        counter(r, round);
    reply_newline(r, 1);
    if (round->closed != 0)
        return;
    if (group)
        buttons_group(r, round);
    else
        buttons_private(r, round);
}

void iv_refresh_post(struct iv *iv, const struct chat *chat, const struct question *q,
                     const struct round *round)
{
    if (chat->kind == CHAT_PRIVATE)
        return;
    reply *r = reply_new(iv->in->cat, chat->lang);

    iv_show_post(iv, chat, r, q, round);
    BOOK(iv, refresh, round, r);
    reply_free(r);
}
