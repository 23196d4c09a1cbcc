/* What the meaning of an answer costs, each with its reason. */
#include "grade_internal.h"

/*
 * Sentences without a word that the model or the question has, and mostly
 * outside the field: each costs a little.
 */
static int deduct_irrelevant(struct sheet_grade *x, const struct outcome *o, int left)
{
    const struct gtokens *a = x->a;
    int taken = 0;
    for (size_t i = 0, end; i < a->n && taken < IRRELEVANT_MOST; i = end) {
        int words = 0, field = 0, known = 0;
        for (end = i; end < a->n && a->t[end].sentence == a->t[i].sentence; end++) {
            const struct gtoken *t = &a->t[end];
            if (!token_content(t) || (t->flags & TF_NESTED))
                continue;
            words++;
            field += t->kind == TK_CONCEPT && !(t->flags & TF_FAINT);
            known += o->known[end] || question_has(x->s, t->key);
        }
        int cost = MIN(IRRELEVANT_COST, left - taken);
        if (words < 4 || known > 0 || field * 2 > words || cost <= 0)
            continue;
        deduct(x, "irrelevant", (int)i, cost);
        taken += cost;
    }
    return left - taken;
}

/*
 * A long answer that speaks of everything happens to hold the right words: what
 * it earns shrinks with its length, unless much of it is to the point.
 */
static int kept_of_ramble(const struct sheet_grade *x, const struct model *m,
                          const struct outcome *o, int left)
{
    const struct grade_tuning *t = &x->s->g->tune;
    int64_t ratio = (int64_t)(1000 * words_of(x->a) / MAX(m->n_words, 30));
    if (ratio <= t->ramble_ratio || o->precision >= t->ramble_below)
        return left;
    /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): ratio is above ramble_ratio here */
    return (int)(left * t->ramble_ratio / ratio);
}

#define SHOWN_LEAST                                                                                \
    5 /* points: what is denied or swapped is shown even where it earned nothing                   \
       */

/*
 * Takes COST off what is LEFT. A claim that clashes has earned nothing; so that
 * its reason is seen, the points it touched are shown as earned and taken off.
 */
static void charge(struct sheet_grade *x, const char *key, int token, int cost, int *earned,
                   int *left)
{
    int more = CLAMP(SHOWN_LEAST - cost, 0, 100 - *earned);
    deduct(x, key, token, cost + more);
    *earned += more;
    *left -= cost;
}

int guards(struct sheet_grade *x, const struct model *m, const struct outcome *o, int earned)
{
    const struct grade_tuning *t = &x->s->g->tune;
    int left = earned;
    if (!(t->off & RULE_OTHER) && x->copy != COPY_WHOLE && left > t->other_keep &&
        prints_of_others(&x->s->g->prints, &x->s->prints, x->f->arena, &x->a->text,
                         t->other_share)) {
        deduct(x, "other-question", -1, left - t->other_keep);
        return earned;
    }
    if (x->excerpt)
        return earned; /* the model's own words deny and swap nothing */
    if (o->swapped) {
        int64_t both = o->crossed + o->straight;
        int cost = (int)(left * o->crossed / MAX(both, 1) * t->swap_cost / 1000);
        charge(x, "swapped", o->cross_by, cost, &earned, &left);
    }
    if (o->clashed > 0 && o->clash_by >= 0) {
        int cost = (int)MIN(100 * o->clashed / MAX(m->asked, 1) * t->clash_cost / 1000, left);
        charge(x, "denied", o->clash_by, cost, &earned, &left);
    }
    if (o->reversed > 0) {
        int cost = left * t->reverse_cost / 1000;
        deduct(x, "reversed", o->reverse_by, cost);
        left -= cost;
    }
    if (o->numbers > 0) {
        int cost = (int)MIN(100 * o->numbers / MAX(m->mass, 1) * t->number_cost / 1000, left);
        charge(x, "number", o->number_by, cost, &earned, &left);
    }
    if (!(t->off & RULE_LIST) && m->has_grammar && x->a->n >= 3 &&
        grammar_share(x->a) < t->list_grammar) {
        int keep = MIN(left * t->list_keep / 1000, t->list_most);
        deduct(x, "term-list", -1, left - keep);
        left = keep;
    }
    int kept = kept_of_ramble(x, m, o, left);
    deduct(x, "ramble", -1, left - kept);
    deduct_irrelevant(x, o, kept);
    return earned;
}
