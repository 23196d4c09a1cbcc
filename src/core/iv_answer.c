/* An answer: graded, ranked, stored, explained. */
#include <string.h>

#include "fair.h"
#include "iv.h"
#include "text.h"

bool iv_find_round(struct iv *iv, struct round *ret)
{
    if (iv->ev->round != 0)
        return BOOK(iv, round, iv->ev->round, ret);
    if (iv_private(iv))
        return iv->seat.round != 0 && BOOK(iv, round, iv->seat.round, ret);
    return BOOK(iv, open_round, iv->chat->id, ret);
}

static bool like_any_own(struct iv *iv, const struct round *round, const char *text)
{
    g_autoptr(GPtrArray) own = BOOK(iv, own_texts, round->chat, iv->user->id, round->question);

    for (guint i = 0; i < own->len; i++) {
        if (grade_likeness(g_ptr_array_index(own, i), text) >= FAIR_NEARLY_SAME)
            return true;
    }
    return false;
}

static bool like_another(struct iv *iv, const struct round *round, const char *text)
{
    g_autoptr(GArray) all = NULL;

    if (round->answers == 0)
        return false;
    all = BOOK(iv, round_answers, round->id);
    for (guint i = 0; i < all->len; i++) {
        const struct answer *a = &g_array_index(all, struct answer, i);

        if (a->user != iv->user->id && grade_likeness(a->text, text) >= FAIR_NEARLY_SAME)
            return true;
    }
    return false;
}

/* What the answer is worth on the board. */
static struct fair_verdict judge(struct iv *iv, const struct round *round, const struct answer *a,
                                 const struct grade_result *g, struct held held,
                                 const struct entry *entry)
{
    bool on_demand = round->kind == ROUND_ASKED;
    bool scored = g->score > 0;
    struct fair_case c = {
        .score = g->score,
        .attempt = a->attempt,
        .hints = entry->hints,
        .practice = round->kind == ROUND_PRACTICE,
        .late = a->late,
        .seen_model = entry->revealed != 0,
        .model_shown = round->revealed != 0,
        .copies_model = g->copied,
        .held = held.points,
        .on_demand = on_demand,
        .on_demand_limit = iv->in->options.asks_ranked_a_day,
    };

    /* The costly looks only where they can matter. */
    if (a->attempt == 1 && scored && round->kind != ROUND_PRACTICE) {
        c.like_own = held.answers > 0 && like_any_own(iv, round, a->text);
        c.like_member = !iv_private(iv) && like_another(iv, round, a->text);
        if (on_demand)
            c.on_demand_today = BOOK(iv, ranked_today, round->chat, iv->user->id, iv->today);
    }
    return fair_judge(&c);
}

static void say_points(struct iv *iv, const struct round *round, const struct answer *a)
{
    struct tally total = BOOK(iv, tally, round->chat, iv->user->id);
    g_autofree char *key = g_strconcat("fair.", a->reason, NULL);

    reply_newline(iv->r, 2);
    if (a->points > 0) {
        reply_say(iv->r, "result.points", "points=%d total=%lld", a->points,
                  (long long)total.points);
        if (a->points < a->score)
            reply_text(iv->r, REPLY_PLAIN, " ");
    } else {
        reply_say(iv->r, "result.no-points", "total=%lld", (long long)total.points);
        reply_text(iv->r, REPLY_PLAIN, " ");
    }
    if (a->points < a->score || a->points == 0)
        reply_say(iv->r, key, "hints=%d cost=%d limit=%d", a->hints, a->hints * HINT_COST,
                  iv->in->options.asks_ranked_a_day);
    reply_newline(iv->r, 1);
}

static const char *score_key(const struct grade_result *g)
{
    if (g->dont_know)
        return "result.dont-know";
    if (g->score >= 85)
        return "result.score-high";
    if (g->score >= 50)
        return "result.score-middle";
    return "result.score-low";
}

static void say_result(struct iv *iv, const struct question *q, const struct grade_result *g,
                       bool hold_back)
{
    reply_say(iv->r, score_key(g), "score=%d", g->score);
    reply_newline(iv->r, 1);
    if (g->open_ended)
        reply_say(iv->r, "result.open-ended", "");
    if (hold_back)
        iv_show_result_held_back(iv->r, g);
    else
        iv_show_result(iv->r, g, REPLY_PLAIN);
    (void)q;
}

/* Where the model answer may stand now. */
static bool may_show_model(const struct iv *iv, const struct round *round)
{
    return iv_private(iv) || round->closed != 0 || iv->chat->reveal == REVEAL_NOW;
}

static void say_model(struct iv *iv, const struct round *round, const struct question *q,
                      const struct grade_result *g)
{
    if (may_show_model(iv, round)) {
        iv_show_model(iv->r, q, REPLY_PLAIN);
    } else if (iv->chat->reveal == REVEAL_SPOILER) {
        reply_newline(iv->r, 2);
        reply_say(iv->r, "result.hidden-head", "");
        iv_show_result(iv->r, g, REPLY_HIDDEN);
        iv_show_model(iv->r, q, REPLY_HIDDEN);
    } else if (iv->chat->reveal == REVEAL_PRIVATE) {
        g_autofree char *payload = g_strdup_printf("m%lld", (long long)round->id);

        reply_button_link(iv->r, "button.model-private", payload, true);
    } else {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "result.model-later", "");
    }
}

/* After the model answer has been shown unhidden, what this person says is no feat. */
static void note_revealed(struct iv *iv, struct round *round, struct entry *entry)
{
    if (entry->revealed == 0 && may_show_model(iv, round)) {
        entry->revealed = iv->ev->now;
        BOOK(iv, put_entry, round->id, iv->user->id, entry);
        if (!iv_private(iv) && round->revealed == 0)
            round->revealed = iv->ev->now;
    }
}

static void fill_answer(struct iv *iv, const struct round *round, const struct entry *entry,
                        const struct grade_result *g, struct answer *a)
{
    const struct event *ev = iv->ev;

    a->round = round->id;
    a->chat = round->chat;
    a->user = iv->user->id;
    a->question = round->question;
    a->attempt = BOOK(iv, attempts, round->id, iv->user->id) + 1;
    a->text = g_strdup(ev->raw != NULL ? ev->raw : ev->text);
    a->score = g->score;
    a->hints = entry->hints;
    a->day = iv->today;
    a->at = ev->now;
    a->late = round->closed != 0 || (round->closes != 0 && ev->now >= round->closes);
    a->message = g_strdup(ev->message);
}

static void after_answer(struct iv *iv, const struct round *round, const struct answer *a)
{
    struct seat *s = &iv->seat;

    s->last_round = round->id;
    iv_set_seat_round(iv, 0);
    if (round->kind == ROUND_PRACTICE && a->attempt == 1 && s->practice_total > 0) {
        s->practice_done++;
        s->practice_sum += a->score;
        iv_practice_next(iv);
        return;
    }
    if (!iv_private(iv))
        return;
    reply_button(iv->r, "button.next", "question", true);
    iv_button_round(iv->r, "button.again", "again", round->id, false);
    reply_button(iv->r, "button.why", "why", false);
    reply_button(iv->r, "button.board", "board", false);
}

/* Grades what was typed for ROUND and says everything about it. */
static void answer_round(struct iv *iv, struct round *round, const struct question *q)
{
    const grade_sheet *sheet = iv_bank_sheet(iv->in->bank, q);
    struct grade_result *g = grade(sheet, iv->ev->text);
    struct entry entry = {0, 0};
    struct answer a = {0};

    BOOK(iv, entry, round->id, iv->user->id, &entry);
    fill_answer(iv, round, &entry, g, &a);
    struct fair_verdict v =
        judge(iv, round, &a, g, BOOK(iv, held, round->chat, iv->user->id, round->question), &entry);
    a.points = v.points;
    a.reason = v.reason;
    a.copied = v.copied;
    a.id = BOOK(iv, put_answer, &a, g);
    if (a.attempt == 1 && !a.late) {
        round->answers++;
        round->score_sum += a.score;
    }
    note_revealed(iv, round, &entry);
    BOOK(iv, put_round, round);
    say_result(iv, q, g, !may_show_model(iv, round));
    say_points(iv, round, &a);
    say_model(iv, round, q, g);
    iv_refresh_post(iv, q, round);
    after_answer(iv, round, &a);
    answer_clear(&a);
    grade_result_free(g);
}

void iv_answer(struct iv *iv)
{
    struct round round;

    if (!iv_find_round(iv, &round)) {
        reply_say(iv->r, "answer.no-question", "");
        reply_button(iv->r, "button.next", "question", false);
        reply_button(iv->r, "button.help", "help", false);
        return;
    }
    const struct question *q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL) {
        reply_say(iv->r, "answer.question-gone", "");
        iv_set_seat_round(iv, 0);
        return;
    }
    answer_round(iv, &round, q);
}
