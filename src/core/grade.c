/* Grading one answer: the best model answer, the guards, the result that adds up. */
#include <string.h>

#include "grade_internal.h"

/* ---- score ---- */

static int on_curve(const int *curve, int raw)
{
    if (raw <= curve[0])
        return 0;
    for (int i = 1; i < 5; i++)
        if (raw <= curve[i])
            return 25 * (i - 1) + 25 * (raw - curve[i - 1]) / (curve[i] - curve[i - 1]);
    return 100;
}

#define WHOLE_COVERED  950 /* thousandths of the model's n-grams: all of it is copied */
#define PART_CONTAINED 940 /* of the answer's: a part of the model is copied */

static int gram_share(const struct grade_tuning *t, const struct model *m)
{
    return t->off & RULE_GRAMS ? 0 : m->latin ? t->latin_grams : t->gram_share;
}

/*
 * Whether the n-grams need no counting: they are no part of the score, and the
 * answer is plainly no copy. It is too short to be the whole model answer, and
 * after a dozen n-grams that the model lacks it is no part of it either.
 */
static bool grams_idle(const struct sheet_grade *x, const struct model *m)
{
    const struct gtext *t = &x->a->text;
    size_t most = 2 * t->n; /* n-grams of the answer */
    return gram_share(&x->s->g->tune, m) == 0 && most * 1000 < m->grams.n * WHOLE_COVERED &&
           grams_miss(&m->grams, x->f->arena, t, most * (1000 - PART_CONTAINED) / 1000 + 1);
}

/*
 * Compares the n-grams; F3 counts recall nine times as much as precision. OWN
 * holds the answer's, filled where a model first asks for them.
 */
static void compare_grams(struct outcome *o, const struct sheet_grade *x, const struct model *m,
                          struct key_set *own)
{
    if (grams_idle(x, m))
        return;
    if (own->slots == NULL)
        grams_fill(own, x->f->arena, &x->a->text);
    size_t both = key_sets_share(own, &m->grams), base = 9 * m->grams.n + own->n;
    o->grams = base > 0 ? (int)(10000 * both / base) : 0;
    o->contained = own->n > 0 ? (int)(1000 * both / own->n) : 0;
    o->covered = m->grams.n > 0 ? (int)(1000 * both / m->grams.n) : 0;
}

static int raw_score(const struct grade_tuning *t, const struct model *m, const struct outcome *o)
{
    int share = gram_share(t, m);
    int base = m->latin ? t->gram_base : 0;
    int grams = CLAMP((o->grams - base) * 1000 / (t->gram_full - base), 0, 1000);
    return (o->raw * (1000 - share) + grams * share) / 1000;
}

/* Whether the answer is text of the model, word by word, and long enough to tell. */
static bool is_excerpt(const struct model *m, const struct outcome *o, size_t n_grams)
{
    return o->contained >= PART_CONTAINED && n_grams >= (m->latin ? 40 : 14);
}

/*
 * What was copied is no sign of understanding beyond what it says: an excerpt
 * earns about its share of the model answer, all of it earns all.
 */
static int score_of(const struct grade_tuning *t, const struct model *m, const struct outcome *o,
                    size_t n_grams, enum copy *ret_copy)
{
    int score = on_curve(t->curve, raw_score(t, m, o));
    *ret_copy = COPY_NONE;
    if (o->covered >= WHOLE_COVERED) {
        *ret_copy = COPY_WHOLE;
        return 100;
    }
    if (!is_excerpt(m, o, n_grams))
        return score;
    *ret_copy = COPY_PART;
    return CLAMP(score, o->covered * 80 / 1000, o->covered / 10 + 6);
}

/* ---- one answer ---- */

/* "모르겠습니다", alone or with a few words; a hedge before a real answer is none. */
static bool nothing_said(const struct sheet_grade *x, int earned)
{
    if (x->a->n == 0)
        return true;
    return (earned < 30 || words_of(x->a) <= 4) && !x->excerpt && says_dont_know(x->a);
}

static void pick_model(struct sheet_grade *x, struct outcome *best, int *ret_score)
{
    struct key_set grams = {.slots = NULL};
    struct reading reading;
    reading_init(&reading, x->f->arena, x->s, x->a);
    *ret_score = -1;
    bool excerpt = false; /* of any model answer, even where another one is fulfilled */
    for (size_t i = 0; i < x->s->n_models; i++) {
        const struct model *m = &x->s->models[i];
        struct outcome o;
        outcome_fill(&o, &reading, i);
        compare_grams(&o, x, m, &grams);
        enum copy copy;
        int score = score_of(&x->s->g->tune, m, &o, grams.n, &copy);
        excerpt |= copy == COPY_PART && o.covered < 850;
        x->excerpt |= copy != COPY_NONE;
        bool whole = copy == COPY_WHOLE && x->copy != COPY_WHOLE;
        if (score > *ret_score || whole) {
            *best = o;
            *ret_score = score;
            x->f->r.model = i;
            x->copy = copy;
            x->f->r.copied = copy == COPY_WHOLE;
        }
    }
    if (excerpt && x->copy != COPY_WHOLE)
        *ret_score = MIN(*ret_score, EXCERPT_MOST);
}

static void grade_with(struct sheet_grade *x)
{
    struct outcome best = {.match = NULL};
    int earned;
    pick_model(x, &best, &earned);
    if (earned < 0)
        return;
    const struct model *m = &x->s->models[x->f->r.model];
    struct grade_result *r = &x->f->r;
    bool repeated = false;
    if (nothing_said(x, earned)) {
        r->dont_know = true;
        earned = 0;
    } else if (!r->copied && question_share(x->s, x->a) >= 900) {
        deduct(x, "repeated", -1, earned);
        repeated = true;
    } else if (x->s->open_ended) {
        earned = MAX(earned, score_open(x->s, x->a));
    }
    if (!repeated)
        earned = guards(x, m, &best, earned);
    fill_points(x, m, &best, earned);
    int cost = 0;
    for (size_t i = 0; i < x->n_deductions; i++)
        cost += x->deduction[i].cost;
    r->score = MAX(earned - cost, 0);
    if (x->n_deductions > 0) {
        r->deductions = x->deduction;
        r->n_deductions = x->n_deductions;
    }
}

/* Bytes of a grading beside what each byte of the answer takes. */
enum { ARENA_LEAST = 8192, ARENA_A_BYTE = 40 };

struct grade_result *grade(const grade_sheet *s, const char *answer)
{
    size_t len = strlen(answer);
    struct arena *arena = arena_new_sized(ARENA_LEAST + len * ARENA_A_BYTE);
    struct full_result *f = arena_alloc(arena, sizeof *f);
    f->arena = arena;
    f->r.open_ended = s->open_ended;
    struct gtokens a;
    gtokens_init(&a, s->g->lex, arena, answer, len);
    struct sheet_grade x = {.s = s, .a = &a, .answer = answer, .f = f};
    x.deduction = arena_alloc_raw(arena, DEDUCTIONS_MAX * sizeof *x.deduction);
    grade_with(&x);
    return &f->r;
}

void grade_result_free(struct grade_result *r)
{
    if (r != NULL)
        arena_free(((struct full_result *)r)->arena);
}
