/* The result: points that add up, the user's own words, deductions. */
#include <string.h>

#include "grade_internal.h"

static char *token_text(const struct sheet_grade *x, int token)
{
    const struct gtoken *t = &x->a->t[token];
    size_t from = x->a->text.c[t->at].off, end = x->a->text.c[t->to - 1].end;
    return arena_text(x->f->arena, x->answer + from, end - from);
}

void deduct(struct sheet_grade *x, const char *key, int token, int cost)
{
    if (cost <= 0 || x->n_deductions == DEDUCTIONS_MAX)
        return;
    char *arg = token >= 0 ? token_text(x, token) : NULL;
    x->deduction[x->n_deductions++] =
        (struct grade_deduction){.key = key, .arg = arg, .cost = cost};
}

static bool same_text(const struct sheet_grade *x, int a, int b)
{
    const struct gtoken *s = &x->a->t[a], *t = &x->a->t[b];
    size_t n = t->to - t->at;
    if (s->to - s->at != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (x->a->text.c[s->at + i].cp != x->a->text.c[t->at + i].cp)
            return false;
    return true;
}

#define WORDS_MOST 64 /* of a point */

/* The user's words that earned the units FROM..TO, each once; parts are quoted with their whole. */
static void fill_words(struct sheet_grade *x, const struct model *m, const struct outcome *o,
                       size_t from, size_t to, struct grade_point *p)
{
    int by[WORDS_MOST];
    size_t n = 0;
    size_t end = from < to ? (size_t)m->units[to - 1].first + m->units[to - 1].n : 0;
    for (size_t t = from < to ? found_next(o, m->units[from].first, end) : 0;
         t < end && n < WORDS_MOST; t = found_next(o, t + 1, end)) {
        if (o->match[t] == 0 || m->terms[t].whole != 0)
            continue;
        size_t k = 0;
        while (k < n && !same_text(x, by[k], o->by[t]))
            k++;
        if (k == n)
            by[n++] = o->by[t];
    }
    char **list = arena_alloc(x->f->arena, (n + 1) * sizeof *list);
    for (size_t k = 0; k < n; k++)
        list[k] = token_text(x, by[k]);
    p->n_words = n;
    p->words = (const char *const *)list;
}

/* Gives EARNED to the points by what each covers; none gets more than its weight. */
static void share_earned(struct arena *arena, const struct model *m, const int64_t *part,
                         int earned, struct grade_point *points)
{
    int64_t *open = arena_alloc(arena, m->n_points * sizeof *open);
    int *share = arena_alloc(arena, m->n_points * sizeof *share);
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

void fill_points(struct sheet_grade *x, const struct model *m, const struct outcome *o, int earned)
{
    struct grade_point *points = arena_alloc(x->f->arena, m->n_points * sizeof *points);
    int64_t *part = arena_alloc(x->f->arena, m->n_points * sizeof *part);
    for (size_t u = 0; u < m->n_units; u++)
        part[m->units[u].point] += (int64_t)o->unit[u] * m->units[u].weight;
    for (size_t i = 0, from = 0, to; i < m->n_points; i++, from = to) {
        for (to = from; to < m->n_units && m->units[to].point == i; to++)
            ;
        points[i].text = m->points[i].text;
        points[i].weight = m->points[i].weight;
        fill_words(x, m, o, from, to, &points[i]);
    }
    share_earned(x->f->arena, m, part, earned, points);
    for (size_t i = 0; i < m->n_points; i++)
        points[i].cover = points[i].earned * 10 >= points[i].weight * 7   ? GRADE_COVERED
                          : points[i].earned * 10 >= points[i].weight * 3 ? GRADE_PARTLY
                                                                          : GRADE_MISSED;
    x->f->r.points = points;
    x->f->r.n_points = m->n_points;
}
