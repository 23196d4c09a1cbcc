/* How questions, results and model answers read. */
#include <string.h>

#include "iv.h"
#include "text.h"

/* A quoted word of the user's longer than this says nothing more. */
#define QUOTE_CELLS 24
#define QUOTES_MOST 6

void iv_button_round(reply *r, const char *label_key, const char *action, int64_t round,
                     bool new_row)
{
    char data[ACTION_SIZE + 1];

    g_snprintf(data, sizeof data, "%s:%lld", action, (long long)round);
    reply_button(r, label_key, data, new_row);
}

void iv_button_hint(reply *r, const struct round *round, bool new_row)
{
    iv_button_round(r, round->kind == ROUND_PRACTICE ? "button.hint-free" : "button.hint", "hint",
                    round->id, new_row);
}

static const char *heading(const struct round *round)
{
    switch (round->kind) {
    case ROUND_DAILY:
        return "question.head-daily";
    default:
        return "question.head";
    }
}

void iv_show_question(const struct iv *iv, reply *r, const struct question *q,
                      const struct round *round)
{
    /* Asked again when the practice is over, it is just a question. */
    if (round->kind == ROUND_PRACTICE && iv->seat.practice_done < iv->seat.practice_total)
        reply_say(r, "question.head-practice", "topic=%s n=%d total=%d", q->topic,
                  iv->seat.practice_done + 1, iv->seat.practice_total);
    else
        reply_say(r, heading(round), "topic=%s", q->topic);
    reply_newline(r, 1);
    if (q->parent != NULL) {
        reply_say(r, "question.follows", "question=%s", q->parent->text);
        reply_newline(r, 1);
    }
    reply_text(r, REPLY_BOLD, q->text);
    reply_newline(r, 1);
    if (q->n_context_parts > 0) {
        reply_newline(r, 2);
        reply_parts(r, q->context_parts, q->n_context_parts, REPLY_PLAIN);
        reply_newline(r, 1);
    }
}

void iv_show_model(reply *r, const struct question *q, unsigned style)
{
    for (size_t i = 0; i < q->n_answers; i++) {
        reply_newline(r, 2);
        if (q->n_answers > 1)
            reply_say(r, "model.head-many", "n=%zu", i + 1);
        else
            reply_say(r, "model.head", "");
        reply_newline(r, 1);
        reply_parts(r, q->answers[i].parts, q->answers[i].n_parts, style);
    }
    if (q->n_notes > 0) {
        reply_newline(r, 2);
        reply_say(r, "model.notes", "");
    }
    for (size_t i = 0; i < q->n_notes; i++) {
        reply_newline(r, 1);
        reply_text(r, style, q->notes[i]);
    }
    reply_newline(r, 1);
}

void iv_show_deduction(reply *r, const struct grade_deduction *d, unsigned style)
{
    g_autofree char *key = g_strconcat("deduction.", d->key, NULL);
    g_autofree char *arg = text_cut(d->arg != NULL ? d->arg : "", QUOTE_CELLS * 2);

    reply_say_in(r, style, key, "arg=%s", arg);
}

static void show_words(reply *r, const struct grade_point *p, unsigned style)
{
    GString *words = g_string_new(NULL);

    for (size_t i = 0; i < p->n_words && i < QUOTES_MOST; i++) {
        g_autofree char *word = text_cut(p->words[i], QUOTE_CELLS);

        g_string_append(words, i > 0 ? ", " : "");
        g_string_append(words, word);
    }
    if (words->len > 0)
        reply_say_in(r, style, "result.words", "words=%s", words->str);
    g_string_free(words, TRUE);
}

static const char *sign(enum grade_cover cover)
{
    switch (cover) {
    case GRADE_COVERED:
        return "result.covered";
    case GRADE_PARTLY:
        return "result.partly";
    default:
        return "result.missed";
    }
}

static void show_deductions(reply *r, const struct grade_result *g)
{
    for (size_t i = 0; i < g->n_deductions; i++) {
        reply_newline(r, 1);
        reply_say(r, "result.deduction", "cost=%d", g->deductions[i].cost);
        iv_show_deduction(r, &g->deductions[i], REPLY_PLAIN);
    }
}

/*
 * What earned nothing was not covered, whatever its heading shared with the
 * answer. What has a share of the score, but no word to show for it, is covered
 * in part when the share is a fair one; not in an experience question, whose
 * points are somebody else's story.
 */
static enum grade_cover cover_of(const struct grade_result *g, const struct grade_point *p)
{
    bool said = p->n_words > 0 || p->earned == p->weight;
    bool fair = !g->open_ended && p->earned * 10 >= p->weight * 3;

    if (p->earned == 0 || (!said && !fair))
        return GRADE_MISSED;
    return said ? p->cover : GRADE_PARTLY;
}

void iv_show_result(reply *r, const struct grade_result *g, unsigned style)
{
    for (size_t i = 0; i < g->n_points; i++) {
        const struct grade_point *p = &g->points[i];

        if (p->weight == 0)
            continue; /* of so many points that it is worth nothing */
        if (g->open_ended && cover_of(g, p) == GRADE_MISSED)
            continue; /* somebody else's experience */
        reply_newline(r, 1);
        reply_say_in(r, style, sign(cover_of(g, p)), "point=%s", p->text);
        if (cover_of(g, p) != GRADE_MISSED)
            show_words(r, p, style);
    }
    show_deductions(r, g);
    reply_newline(r, 1);
}

void iv_show_result_held_back(reply *r, const struct grade_result *g)
{
    int covered = 0, n = 0;

    for (size_t i = 0; i < g->n_points; i++) {
        covered += cover_of(g, &g->points[i]) == GRADE_COVERED ? 1 : 0;
        n += g->points[i].weight > 0 ? 1 : 0;
    }
    reply_newline(r, 1);
    reply_say(r, "result.count", "covered=%d n=%d", covered, n);
    for (size_t i = 0; i < g->n_points; i++) {
        if (cover_of(g, &g->points[i]) != GRADE_COVERED || g->points[i].n_words == 0)
            continue;
        reply_newline(r, 1);
        reply_say(r, "result.covered-own", "");
        show_words(r, &g->points[i], REPLY_PLAIN);
    }
    show_deductions(r, g);
    reply_newline(r, 1);
}

void iv_show_arithmetic(reply *r, const struct grade_result *g)
{
    int earned = 0, cost = 0;

    for (size_t i = 0; i < g->n_points; i++) {
        const struct grade_point *p = &g->points[i];

        if (p->weight == 0)
            continue;
        earned += p->earned;
        reply_newline(r, 1);
        reply_say(r, "why.point", "earned=%d weight=%d point=%s", p->earned, p->weight, p->text);
        if (p->earned > 0)
            show_words(r, p, REPLY_PLAIN);
    }
    for (size_t i = 0; i < g->n_deductions; i++)
        cost += g->deductions[i].cost;
    show_deductions(r, g);
    reply_newline(r, 1);
    reply_say(r, cost > 0 ? "why.sum-costs" : "why.sum", "earned=%d cost=%d score=%d", earned, cost,
              g->score);
    reply_newline(r, 1);
}
