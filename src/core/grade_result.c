/* The result: points that add up, the user's own words, deductions. */
#include <string.h>

#include "grade_internal.h"

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

void deduct(struct sheet_grade *x, const char *key, int token, int cost)
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
        if (m->units[m->terms[t].unit].point != point || o->by[t] < 0 || o->match[t] == 0 ||
            m->terms[t].whole != 0)
            continue; /* a part is quoted with its whole */
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

void fill_points(struct sheet_grade *x, const struct model *m, const struct outcome *o, int earned)
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
