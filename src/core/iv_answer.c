/* An answer: graded, ranked, stored, explained. */
#include <string.h>

#include "fair.h"
#include "iv.h"
#include "text.h"

#define WHY_CELLS     200
#define FRESH_SECONDS (24 * 60 * 60)

bool iv_find_round(struct iv *iv, struct round *ret)
{
    if (iv->ev->round != 0)
        return BOOK(iv, round, iv->ev->round, ret);
    if (iv_private(iv))
        return iv->seat.round != 0 && BOOK(iv, round, iv->seat.round, ret);
    return BOOK(iv, open_round, iv->chat->id, ret);
}

/* The round being answered, which may be a group's that is answered in private. */
struct turn {
    struct round round;
    const struct question *q;
    struct chat *chat; /* the round's: iv->chat, or `other` */
    struct chat other;
    int64_t day; /* today in the round's chat */
    struct entry entry;
    const struct grade_result *g; /* one of the two below */
    struct grade_result *graded;
    struct kept_result *kept;
    struct answer a;
    struct fair_result fair;
    bool brief; /* too many a minute: the reply is one line, and shows no model answer */
};

/* What the answer repeats, looked for only where it can matter: that reads earlier answers. */
static void look_for_copies(struct iv *iv, const struct turn *t, const struct held *held,
                            bool asked_else, struct fair_answer *c)
{
    struct copies look = {
        .own = held->answers > 0,
        .other = t->chat->kind == CHAT_GROUP && (t->round.answers > 0 || asked_else),
        .model = c->could_see_model,
    };

    if (t->a.attempt > 1 || t->g->score == 0)
        return;
    struct copies found = iv_copies_of(iv, &t->round, t->q, t->a.text, look);
    c->same_as_own = found.own;
    c->same_as_other = found.other;
    c->same_as_model = found.model;
}

/* What the answer is worth on the board. */
static struct fair_result judge(struct iv *iv, struct turn *t)
{
    const struct round *round = &t->round;
    if (round->kind == ROUND_PRACTICE) { /* ranks for nothing, whatever came before */
        struct fair_answer practice = {
            .score = t->g->score, .nameless = iv->ev->nameless, .practice = true};

        return fair_points(&practice);
    }
    struct held held = BOOK(iv, held, round->chat, iv->user->id, round->question);
    struct shown shown = BOOK(iv, shown, iv->user->id, round);
    bool group = t->chat->kind == CHAT_GROUP;
    bool spoiler = group && round->answers > 0 && t->chat->reveal != REVEAL_CLOSE;

    /* What somebody has just read in private is no knowledge to compete with in a group. */
    int64_t fresh = group ? FRESH_SECONDS : 0;
    t->a.hints += shown.hints;
    struct fair_answer c = {
        .score = t->g->score,
        .nameless = iv->ev->nameless,
        .hints = t->a.hints,
        .attempt = t->a.attempt,
        .held = held.points,
        .on_demand = round->kind == ROUND_ASKED,
        .on_demand_limit = iv->in->options.asks_ranked_a_day,
        .closed = t->a.late,
        .seen_model = t->entry.revealed != 0 || round->revealed != 0 ||
                      (shown.last != 0 && shown.last >= round->opened - fresh),
        .could_see_model = held.answers > 0 || shown.last != 0 || shown.asked_else || spoiler ||
                           (group && BOOK(iv, anyone_shown, round->id)), /* and passed on */
    };

    if (c.on_demand)
        c.on_demand_before = BOOK(iv, ranked_today, round->chat, iv->user->id, t->day,
                                  zone_day_start(iv_zone_of(iv->in, t->chat), t->day));
    look_for_copies(iv, t, &held, shown.asked_else, &c);
    return fair_points(&c);
}

/* ---- where the model answer may stand ---- */

/* Whether this reply may show it unhidden: nobody else's round is spoiled. */
static bool may_show_model(const struct iv *iv, const struct turn *t)
{
    if (t->round.closed != 0 || t->chat->kind == CHAT_PRIVATE || t->chat->reveal == REVEAL_NOW)
        return true;
    return (iv_private(iv) || iv->ev->personal) && t->chat->reveal != REVEAL_CLOSE;
}

/* Where nothing can be hidden in a message, a second one goes to the person alone. */
static void say_aside(struct iv *iv, struct turn *t)
{
    struct send_opts opts = {.chat = iv->chat->id, .thread = iv->ev->thread, .personal = true};
    reply *r = reply_new(iv->in->cat, iv->chat->lang);

    iv_show_result(r, t->g, REPLY_PLAIN);
    iv_show_model(r, t->q, REPLY_PLAIN);
    BOOK(iv, send, &opts, r);
    reply_free(r);
    t->entry.revealed = MAX(t->entry.revealed, iv->ev->now);
    BOOK(iv, put_entry, t->round.id, iv->user->id, &t->entry);
}

/* Longer than this a model answer would push the score out of a telephone's sight. */
#define MODEL_AT_ONCE 500 /* bytes */

static unsigned fold_if_long(const struct question *q)
{
    size_t all = 0;

    for (size_t i = 0; i < q->n_answers; i++)
        all += strlen(q->answers[i].text);
    return all > MODEL_AT_ONCE ? REPLY_FOLD : REPLY_PLAIN;
}

static void say_model(struct iv *iv, struct turn *t)
{
    if (may_show_model(iv, t)) {
        iv_show_model(iv->r, t->q, fold_if_long(t->q));
    } else if (t->chat->reveal == REVEAL_SPOILER && iv->ev->no_spoilers) {
        say_aside(iv, t);
    } else if (t->chat->reveal == REVEAL_SPOILER) {
        reply_newline(iv->r, 2);
        reply_say(iv->r, "result.hidden-head", "");
        iv_show_result(iv->r, t->g, REPLY_HIDDEN);
        iv_show_model(iv->r, t->q, REPLY_HIDDEN | fold_if_long(t->q));
    } else if (t->chat->reveal == REVEAL_PRIVATE) {
        g_autofree char *payload = g_strdup_printf("m%lld", (long long)t->round.id);

        reply_button_link(iv->r, "button.model-private", payload, true);
    } else {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "result.model-later", "");
    }
}

/*
 * After the model answer has been shown unhidden, what this person says next is no feat: here, and
 * wherever the question is open now. So each time is noted, not the first alone. True when this
 * reply shows it.
 */
static bool reveals(struct iv *iv, struct turn *t)
{
    if (!may_show_model(iv, t))
        return false;
    t->entry.revealed = MAX(t->entry.revealed, iv->ev->now);
    if (!iv_private(iv) && !iv->ev->personal && t->round.revealed == 0)
        t->round.revealed = iv->ev->now; /* the whole group has seen it */
    return true;
}

/* The same where no answer is stored that says so. */
static void note_revealed(struct iv *iv, struct turn *t)
{
    if (!reveals(iv, t))
        return;
    BOOK(iv, put_entry, t->round.id, iv->user->id, &t->entry);
    BOOK(iv, put_round, &t->round);
}

/* ---- the reply ---- */

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

static void say_result(struct iv *iv, const struct turn *t)
{
    reply_say(iv->r, score_key(t->g), "score=%d", t->g->score);
    reply_newline(iv->r, 1);
    if (t->g->open_ended) {
        reply_say(iv->r, "result.open-ended", "");
        reply_newline(iv->r, 1);
    }
    if (may_show_model(iv, t))
        iv_show_result(iv->r, t->g, REPLY_PLAIN);
    else
        iv_show_result_held_back(iv->r, t->g);
}

static void say_points(struct iv *iv, const struct turn *t)
{
    struct tally total = BOOK(iv, tally, t->round.chat, iv->user->id);

    reply_newline(iv->r, 2);
    reply_say(iv->r, t->a.points > 0 ? "result.points" : "result.no-points", "points=%d total=%lld",
              t->a.points, (long long)total.points);
    /* Of a score of 0 there is nothing more to say. */
    if (t->fair.reason != FAIR_FULL && (t->fair.reason != FAIR_ZERO || t->a.score > 0)) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, fair_reason_key(t->fair.reason), "hints=%d cost=%d limit=%d", t->a.hints,
                  t->a.hints * FAIR_HINT_COST, iv->in->options.asks_ranked_a_day);
    }
    reply_newline(iv->r, 1);
}

/* The group learns that somebody has answered its open question in private, and how well. */
static void tell_group(struct iv *iv, const struct turn *t)
{
    struct send_opts opts = {.chat = t->chat->id, .reply_to_post = t->round.id};

    if (t->chat == iv->chat || t->a.attempt > 1 || t->a.late)
        return;
    reply *r = reply_new(iv->in->cat, t->chat->lang);
    g_autofree char *name =
        iv_shown_name(iv, t->chat, iv->user->id, iv->user->anonymous ? NULL : iv->user->name);
    reply_say(r, "answer.told-group", "name=%s score=%d", name, t->g->score);
    BOOK(iv, send, &opts, r);
    reply_free(r);
}

/* True when a practice goes on, with its next question. */
static bool leave_round(struct iv *iv, const struct turn *t)
{
    struct seat *s = &iv->seat;

    s->last_round = t->round.id;
    iv_set_seat_round(iv, 0);
    if (t->round.kind != ROUND_PRACTICE || t->a.attempt > 1 || s->practice_total == 0)
        return false;
    s->practice_done++;
    s->practice_sum += t->a.score;
    iv_practice_next(iv);
    return true;
}

static void after_answer(struct iv *iv, const struct turn *t)
{
    if (leave_round(iv, t) || !iv_private(iv))
        return;
    reply_button(iv->r, "button.next", "question", true);
    iv_button_round(iv->r, "button.again", "again", t->round.id, false);
    reply_button(iv->r, "button.why", "why", false);
    reply_button(iv->r, "button.board", "board", false);
}

/* ---- the turn ---- */

static void fill_answer(struct iv *iv, struct turn *t)
{
    const struct event *ev = iv->ev;
    const struct round *round = &t->round;
    struct answer *a = &t->a;

    a->round = round->id;
    a->chat = round->chat;
    a->user = iv->user->id;
    a->question = round->question;
    a->attempt = t->entry.attempts + 1;
    a->text = g_strdup(ev->raw != NULL ? ev->raw : ev->text);
    a->score = t->g->score;
    a->hints = t->entry.hints;
    a->day = t->day;
    a->at = ev->now;
    a->late = round->closed != 0 || (round->closes != 0 && ev->now >= round->closes);
    a->streak_day = round->kind == ROUND_DAILY && !a->late ? round->day : t->day;
    a->message = g_strdup(ev->message);
}

static void store_answer(struct iv *iv, struct turn *t)
{
    fill_answer(iv, t);
    t->fair = judge(iv, t);
    t->a.points = t->fair.points;
    t->a.reason = fair_reason_name(t->fair.reason);
    t->a.copied = t->fair.marked;
    bool on_demand = t->round.kind == ROUND_ASKED && t->fair.ranked > 0;
    if (!t->brief && reveals(iv, t))
        t->a.shown = iv->ev->now;
    t->a.id = BOOK(iv, put_answer, &t->a, t->g, on_demand);
    if (t->a.attempt == 1 && !t->a.late) {
        t->round.answers++;
        t->round.score_sum += t->a.score;
    }
    if (t->round.kind != ROUND_PRACTICE) /* which has no counter, no close, and nobody else */
        BOOK(iv, put_round, &t->round);
}

/* Finds the round's chat, its question if the bank still has it, and what the person did there. */
static bool turn_place(struct iv *iv, struct turn *t)
{
    t->chat = iv->chat;
    t->day = iv->today;
    if (t->round.chat != iv->chat->id) {
        if (!BOOK(iv, chat, t->round.chat, &t->other))
            return false;
        t->chat = &t->other;
        t->day = zone_day(iv_zone_of(iv->in, t->chat), iv->ev->now);
    }
    t->q = iv_bank_question(iv->in->bank, t->round.question);
    t->entry = BOOK(iv, entry, t->round.id, iv->user->id);
    return true;
}

/* The same for a turn that needs the question; says that it is missing. */
static bool turn_begin(struct iv *iv, struct turn *t)
{
    if (!turn_place(iv, t))
        return false;
    if (t->q != NULL)
        return true;
    reply_say(iv->r, "answer.question-gone", "");
    iv_set_seat_round(iv, 0);
    return false;
}

static void turn_clear(struct turn *t)
{
    chat_clear(&t->other);
    answer_clear(&t->a);
    grade_result_free(t->graded);
    kept_result_free(t->kept);
}

/* A group may be lively: it has this many times a person's limit. */
#define GROUP_LIMIT 5

/* Whether more answers came within the last minute than are explained at length. */
static bool is_flood(struct iv *iv)
{
    int limit = iv->ev->answers_a_minute;
    pace *p = iv->in->pace;

    if (limit <= 0)
        return false;
    bool person = pace_note(p, iv->user->id, limit, iv->ev->now);
    bool group = !iv_private(iv) && pace_note(p, -iv->chat->id, limit * GROUP_LIMIT, iv->ev->now);
    return person || group;
}

/* One line, whatever the answer: what it is worth is stored all the same, and /why explains it. */
static void say_briefly(struct iv *iv, const struct turn *t)
{
    reply_say(iv->r, "answer.too-fast", "score=%d", t->g->score);
    leave_round(iv, t);
}

static void say_at_length(struct iv *iv, struct turn *t)
{
    say_result(iv, t);
    say_points(iv, t);
    if (t->round.kind == ROUND_DAILY && t->a.attempt == 1 && !t->a.late)
        iv_say_streak(iv, t->chat, t->day);
    say_model(iv, t);
    tell_group(iv, t);
    if (t->a.attempt == 1 && !t->a.late) /* what does not count changes no counter */
        iv_refresh_post(iv, t->chat, t->q, &t->round);
    after_answer(iv, t);
}

void iv_say_no_question(struct iv *iv)
{
    reply_say(iv->r, "answer.no-question", "");
    reply_button(iv->r, "button.next", "question", false);
    reply_button(iv->r, "button.help", "help", false);
}

void iv_answer(struct iv *iv)
{
    struct turn t = {0};

    if (!iv_find_round(iv, &t.round)) {
        iv_say_no_question(iv);
        return;
    }
    t.brief = is_flood(iv);
    if (turn_begin(iv, &t)) {
        t.g = t.graded = grade(iv_bank_sheet(iv->in->bank, t.q), iv->ev->text);
        store_answer(iv, &t);
        if (t.brief)
            say_briefly(iv, &t);
        else
            say_at_length(iv, &t);
    }
    turn_clear(&t);
}

void iv_show_in_private(struct iv *iv, int64_t round)
{
    struct turn t = {0};

    if (!BOOK(iv, round, round, &t.round)) {
        reply_say(iv->r, "answer.question-gone", "");
        return;
    }
    if (turn_begin(iv, &t)) {
        t.kept = BOOK(iv, result, t.round.chat, iv->user->id, round, &t.a);
        if (t.kept == NULL) {
            /* The seat stays: only a question's own link, which carries a token, opens a round. */
            reply_say(iv->r, "model.answer-first", "");
        } else if (!may_show_model(iv, &t)) {
            reply_say(iv->r, "result.model-later", "");
        } else {
            t.g = &t.kept->r;
            note_revealed(iv, &t);
            say_result(iv, &t);
            iv_show_model(iv->r, t.q, REPLY_PLAIN);
        }
    }
    turn_clear(&t);
}

/* ---- /why ---- */

/* The answer in question: to the post replied to, or else the one given here last. */
static bool find_last_answer(struct iv *iv, struct turn *t)
{
    int64_t round = iv->ev->round != 0 ? iv->ev->round : iv_private(iv) ? iv->seat.last_round : 0;

    if (round != 0)
        t->kept = BOOK(iv, result, iv->chat->id, iv->user->id, round, &t->a);
    if (t->kept == NULL)
        t->kept = BOOK(iv, result, iv->chat->id, iv->user->id, 0, &t->a);
    return t->kept != NULL && BOOK(iv, round, t->a.round, &t->round);
}

void iv_cmd_why(struct iv *iv, const char *arg)
{
    struct turn t = {0};

    (void)arg;
    if (!find_last_answer(iv, &t) || !turn_place(iv, &t)) {
        reply_say(iv->r, "why.none", "");
        turn_clear(&t);
        return;
    }
    g_autofree char *text = text_cut(t.a.text, WHY_CELLS);
    reply_say(iv->r, "why.head", "score=%d", t.a.score);
    reply_newline(iv->r, 1);
    if (t.q != NULL)
        reply_text(iv->r, REPLY_BOLD, t.q->text);
    reply_newline(iv->r, 1);
    if (text[0] != '\0') /* it may have been erased for its age */
        reply_say(iv->r, "why.answer", "text=%s", text);
    reply_newline(iv->r, 1);
    if (may_show_model(iv, &t)) {
        iv_show_arithmetic(iv->r, &t.kept->r);
        note_revealed(iv, &t);
    } else {
        iv_show_result_held_back(iv->r, &t.kept->r);
    }
    turn_clear(&t);
}
