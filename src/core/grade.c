/* Grading one answer: the best model answer, the guards, the result that adds up. */
#include <string.h>

#include "grade_internal.h"

struct full_result {
    struct grade_result r;
    GPtrArray *strings; /* words and arguments */
    GPtrArray *lists;
};

enum copy { COPY_NONE, COPY_PART, COPY_WHOLE };

#define DEDUCTIONS_MAX 8

struct sheet_grade {
    const grade_sheet *s;
    const struct gtokens *a;
    const char *answer;
    struct full_result *f;
    struct grade_deduction deduction[DEDUCTIONS_MAX];
    size_t n_deductions;
    enum copy copy; /* of the model answer that fitted best */
};

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

/* Compares the sorted n-grams; F3 counts recall nine times as much as precision. */
static void compare_grams(struct outcome *o, const struct model *m, const uint64_t *grams, size_t n)
{
    size_t both = 0, i = 0, j = 0;
    while (i < n && j < m->n_grams) {
        both += grams[i] == m->grams[j];
        uint64_t a = grams[i], b = m->grams[j];
        i += a <= b;
        j += b <= a;
    }
    size_t base = 9 * m->n_grams + n;
    o->grams = base > 0 ? (int)(10000 * both / base) : 0;
    o->contained = n > 0 ? (int)(1000 * both / n) : 0;
    o->covered = m->n_grams > 0 ? (int)(1000 * both / m->n_grams) : 0;
}

static int raw_score(const struct grade_tuning *t, const struct model *m, const struct outcome *o)
{
    int share = t->off & RULE_GRAMS ? 0 : m->latin ? t->latin_grams : t->gram_share;
    int base = m->latin ? t->gram_base : 0;
    int grams = CLAMP((o->grams - base) * 1000 / (t->gram_full - base), 0, 1000);
    return (o->raw * (1000 - share) + grams * share) / 1000;
}

/* Whether the answer is text of the model, word by word, and long enough to tell. */
static bool is_excerpt(const struct model *m, const struct outcome *o, size_t n_grams)
{
    return o->contained >= 940 && n_grams >= (m->latin ? 40 : 14);
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
    if (o->covered >= 950) {
        *ret_copy = COPY_WHOLE;
        return 100;
    }
    if (!is_excerpt(m, o, n_grams))
        return score;
    *ret_copy = COPY_PART;
    return CLAMP(score, o->covered * 80 / 1000, o->covered / 10 + 6);
}

/* ---- the result ---- */

static char *keep_string(struct full_result *f, char *s)
{
    g_ptr_array_add(f->strings, s);
    return s;
}

static char *token_text(const struct sheet_grade *x, int token)
{
    const struct gtoken *t = &x->a->t[token];
    size_t from = x->a->text.c[t->at].off, end = x->a->text.c[t->to - 1].end;
    return g_strndup(x->answer + from, end - from);
}

static void deduct(struct sheet_grade *x, const char *key, int token, int cost)
{
    if (cost <= 0 || x->n_deductions == DEDUCTIONS_MAX)
        return;
    char *arg = token >= 0 ? keep_string(x->f, token_text(x, token)) : NULL;
    x->deduction[x->n_deductions++] =
        (struct grade_deduction){.key = key, .arg = arg, .cost = cost};
}

static void fill_words(struct sheet_grade *x, const struct model *m, const struct outcome *o,
                       size_t point, struct grade_point *p)
{
    GPtrArray *words = g_ptr_array_new();
    for (size_t t = 0; t < m->n_terms; t++) {
        if (m->units[m->terms[t].unit].point != point || o->by[t] < 0 || o->match[t] == 0)
            continue;
        char *word = token_text(x, o->by[t]);
        if (g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
            g_free(word);
        else
            g_ptr_array_add(words, keep_string(x->f, word));
    }
    p->n_words = words->len;
    gpointer *list = g_ptr_array_free(words, FALSE);
    p->words = (const char *const *)list;
    g_ptr_array_add(x->f->lists, list);
}

/* Gives EARNED to the points by what each covers; none gets more than its weight. */
static void share_earned(const struct model *m, const int64_t *part, int earned,
                         struct grade_point *points)
{
    g_autofree int64_t *open = g_new0(int64_t, m->n_points);
    g_autofree int *share = g_new0(int, m->n_points);
    while (earned > 0) {
        int64_t sum = 0;
        for (size_t i = 0; i < m->n_points; i++) {
            open[i] = points[i].earned < points[i].weight ? part[i] : 0;
            sum += open[i];
        }
        if (sum == 0) /* the points that were touched are full: the rest follows the weights */
            for (size_t i = 0; i < m->n_points; i++)
                open[i] = points[i].weight - points[i].earned;
        apportion(open, m->n_points, earned, share);
        for (size_t i = 0; i < m->n_points; i++) {
            int more = MIN(share[i], points[i].weight - points[i].earned);
            points[i].earned += more;
            earned -= more;
        }
    }
}

static void fill_points(struct sheet_grade *x, const struct model *m, const struct outcome *o,
                        int earned)
{
    struct grade_point *points = g_new0(struct grade_point, m->n_points);
    g_ptr_array_add(x->f->lists, points);
    g_autofree int64_t *part = g_new0(int64_t, m->n_points);
    for (size_t u = 0; u < m->n_units; u++)
        part[m->units[u].point] += (int64_t)o->unit[u] * m->units[u].weight;
    for (size_t i = 0; i < m->n_points; i++) {
        points[i].text = m->points[i].text;
        points[i].weight = m->points[i].weight;
        fill_words(x, m, o, i, &points[i]);
    }
    share_earned(m, part, earned, points);
    for (size_t i = 0; i < m->n_points; i++)
        points[i].cover = points[i].earned * 10 >= points[i].weight * 7   ? GRADE_COVERED
                          : points[i].earned * 10 >= points[i].weight * 3 ? GRADE_PARTLY
                                                                          : GRADE_MISSED;
    x->f->r.points = points;
    x->f->r.n_points = m->n_points;
}

/* ---- one answer ---- */

static void guards(struct sheet_grade *x, const struct model *m, const struct outcome *o,
                   int *earned)
{
    const struct grade_tuning *t = &x->s->g->tune;
    int left = *earned;
    if (!(t->off & RULE_OTHER) && x->copy != COPY_WHOLE && left > t->other_keep &&
        prints_of_others(&x->s->g->prints, &x->s->prints, &x->a->text) >= t->other_share) {
        deduct(x, "other-question", -1, left - t->other_keep);
        return;
    }
    if (x->copy != COPY_NONE)
        return; /* the model's own words deny and swap nothing */
    if (o->swapped) {
        int64_t both = o->crossed + o->straight;
        int cost = (int)(left * o->crossed / MAX(both, 1) * t->swap_cost / 1000);
        deduct(x, "swapped", o->cross_by, cost);
        left -= cost;
    }
    if (o->clashed > 0 && o->clash_by >= 0) {
        int cost = (int)MIN(100 * o->clashed / MAX(m->asked, 1) * t->clash_cost / 1000, left);
        deduct(x, "denied", o->clash_by, cost);
        left -= cost;
    }
    if (!(t->off & RULE_LIST) && m->has_grammar && x->a->n >= 3 &&
        grammar_share(x->a) < t->list_grammar) {
        int keep = MIN(left * t->list_keep / 1000, t->list_most);
        deduct(x, "term-list", -1, left - keep);
        left = keep;
    }
}

static bool nothing_said(const struct sheet_grade *x, const struct outcome *o, int earned)
{
    if (x->a->n == 0)
        return true;
    (void)o;
    return earned < 30 && says_dont_know(x->a);
}

static void pick_model(struct sheet_grade *x, struct outcome *best, int *ret_score)
{
    size_t n = 0;
    uint64_t *grams = grams_of(&x->a->text, &n);
    *ret_score = -1;
    for (size_t i = 0; i < x->s->n_models; i++) {
        const struct model *m = &x->s->models[i];
        struct outcome o;
        outcome_fill(&o, x->s, i, x->a);
        compare_grams(&o, m, grams, n);
        enum copy copy;
        int score = score_of(&x->s->g->tune, m, &o, n, &copy);
        if (score > *ret_score) {
            outcome_clear(best);
            *best = o;
            *ret_score = score;
            x->f->r.model = i;
            x->copy = copy;
            x->f->r.copied = copy == COPY_WHOLE;
        } else {
            outcome_clear(&o);
        }
    }
    g_free(grams);
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
    if (nothing_said(x, &best, earned)) {
        r->dont_know = true;
        earned = 0;
    } else if (!r->copied && question_share(&x->s->qtokens, x->a) >= 900) {
        earned = 0;
    }
    guards(x, m, &best, &earned);
    fill_points(x, m, &best, earned);
    int cost = 0;
    for (size_t i = 0; i < x->n_deductions; i++)
        cost += x->deduction[i].cost;
    r->score = MAX(earned - cost, 0);
    if (x->n_deductions > 0) {
        struct grade_deduction *d = g_memdup2(x->deduction, sizeof *d * x->n_deductions);
        g_ptr_array_add(x->f->lists, d);
        r->deductions = d;
        r->n_deductions = x->n_deductions;
    }
    outcome_clear(&best);
}

struct grade_result *grade(const grade_sheet *s, const char *answer)
{
    struct full_result *f = g_new0(struct full_result, 1);
    f->strings = g_ptr_array_new_with_free_func(g_free);
    f->lists = g_ptr_array_new_with_free_func(g_free);
    f->r.open_ended = s->open_ended;
    struct gtokens a;
    gtokens_init(&a, s->g->lex, answer, strlen(answer));
    struct sheet_grade x = {.s = s, .a = &a, .answer = answer, .f = f};
    grade_with(&x);
    gtokens_clear(&a);
    return &f->r;
}

void grade_result_free(struct grade_result *r)
{
    if (r == NULL)
        return;
    struct full_result *f = (struct full_result *)r;
    g_ptr_array_unref(f->strings);
    g_ptr_array_unref(f->lists);
    g_free(f);
}
