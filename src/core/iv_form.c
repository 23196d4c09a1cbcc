/* The question of a group's post once more, for a form in which one answers unseen (Slack's modal).
 */
#include <stdlib.h>

#include "iv.h"

void iv_form(struct iv *iv, int64_t id)
{
    struct round round;
    const struct question *q = NULL;

    if (BOOK(iv, round, id, &round) && round.chat == iv->chat->id)
        q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL) {
        reply_say(iv->r, "answer.question-gone", "");
        return;
    }
    iv_show_question(iv, iv->r, q, &round);
    if (round.closed != 0)
        reply_say_in(iv->r, REPLY_ITALIC, "post.closed", "");
    reply_placeholder(iv->r, "placeholder.answer"); /* tells the adapter that the form may open */
}
