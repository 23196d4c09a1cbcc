/* Grading one answer: match, score, apportion. */
#include <string.h>

#include "grade_internal.h"

struct full_result {
    struct grade_result r;
    GPtrArray *strings; /* words and arguments */
    GPtrArray *lists;
};

struct outcome {
    int *match; /* a term: 0..1000 */
    const struct gtoken **by;
    int64_t got;
    int score;
};

static int best_match(const struct gtokens *a, const struct term *t, const struct gtoken **ret_by)
{
    int best = 0;
    for (size_t i = 0; i < a->n && best < 1000; i++) {
        const struct gtoken *k = &a->t[i];
        if (!token_content(k))
            continue;
        int m = 0;
        if (k->key == t->key)
            m = k->sign == t->sign ? 1000 : 0;
        else if (t->kind != TK_NUMBER && k->kind != TK_NUMBER &&
                 __builtin_popcountll(k->sig & t->sig) * 4 >= __builtin_popcountll(t->sig) * 3)
            m = stem_likeness(t->stem, t->stem_n, a->pool + k->stem, k->stem_n);
        if (m >= 750 && m > best) {
            best = m;
            *ret_by = k;
        }
    }
    return best;
}

static int by_weight(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

#define HEAVIEST 14

static void match_model(const struct model *m, const struct gtokens *a, struct outcome *o)
{
    o->match = g_new0(int, m->n_terms + 1);
    o->by = g_new0(const struct gtoken *, m->n_terms + 1);
    g_autofree int32_t *weights = g_new0(int32_t, m->n_terms + 1);
    o->got = 0;
    for (size_t i = 0; i < m->n_terms; i++) {
        o->match[i] = best_match(a, &m->terms[i], &o->by[i]);
        o->got += (int64_t)o->match[i] * m->terms[i].weight / 1000;
        weights[i] = m->terms[i].weight;
    }
    qsort(weights, m->n_terms, sizeof *weights, by_weight);
    int64_t asked = 0;
    for (size_t i = 0; i < m->n_terms && i < HEAVIEST; i++)
        asked += weights[i];
    int64_t r = asked > 0 ? 1000 * o->got / asked : 0;
    /* saturating: three quarters of what is asked for is a full answer */
    int64_t s = (r - 80) * 100 / 700;
    o->score = (int)CLAMP(s, 0, 100);
}

static char *keep_string(struct full_result *f, char *s)
{
    g_ptr_array_add(f->strings, s);
    return s;
}

static void fill_points(struct full_result *f, const struct model *m, const struct outcome *o,
                        const struct gtokens *a, const char *answer)
{
    struct grade_point *points = g_new0(struct grade_point, m->n_points);
    g_ptr_array_add(f->lists, points);
    g_autofree int64_t *part = g_new0(int64_t, m->n_points);
    g_autofree int *earned = g_new0(int, m->n_points);
    for (size_t i = 0; i < m->n_points; i++) {
        const struct point *p = &m->points[i];
        GPtrArray *words = g_ptr_array_new();
        for (size_t k = p->first; k < p->first + p->n; k++) {
            part[i] += (int64_t)o->match[k] * m->terms[k].weight;
            if (o->by[k] == NULL)
                continue;
            size_t from = a->text.c[o->by[k]->at].off, end = a->text.c[o->by[k]->to - 1].end;
            char *word = g_strndup(answer + from, end - from);
            if (g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
                g_free(word);
            else
                g_ptr_array_add(words, keep_string(f, word));
        }
        points[i].text = p->text;
        points[i].weight = p->weight;
        points[i].n_words = words->len;
        gpointer *list = g_ptr_array_free(words, FALSE);
        points[i].words = (const char *const *)list;
        g_ptr_array_add(f->lists, list);
    }
    apportion(part, m->n_points, o->score, earned);
    /* nobody earns more than a point weighs: the surplus goes to the next one that has room */
    int surplus = 0;
    for (size_t i = 0; i < m->n_points; i++) {
        if (earned[i] > points[i].weight) {
            surplus += earned[i] - points[i].weight;
            earned[i] = points[i].weight;
        }
    }
    for (size_t i = 0; i < m->n_points && surplus > 0; i++) {
        int room = MIN(points[i].weight - earned[i], surplus);
        earned[i] += room;
        surplus -= room;
    }
    for (size_t i = 0; i < m->n_points; i++) {
        points[i].earned = earned[i];
        points[i].cover = earned[i] * 10 >= points[i].weight * 7   ? GRADE_COVERED
                          : earned[i] * 10 >= points[i].weight * 3 ? GRADE_PARTLY
                                                                   : GRADE_MISSED;
    }
    f->r.points = points;
    f->r.n_points = m->n_points;
}

struct grade_result *grade(const grade_sheet *s, const char *answer)
{
    struct full_result *f = g_new0(struct full_result, 1);
    f->strings = g_ptr_array_new_with_free_func(g_free);
    f->lists = g_ptr_array_new_with_free_func(g_free);
    f->r.open_ended = s->open_ended;
    struct gtokens a;
    gtokens_init(&a, s->g->lex, answer, strlen(answer));
    struct outcome best = {.score = -1};
    for (size_t i = 0; i < s->n_models; i++) {
        struct outcome o;
        match_model(&s->models[i], &a, &o);
        if (grade_likeness(answer, s->models[i].text) >= 900) {
            o.score = 100;
            f->r.copied = true;
        }
        if (o.score > best.score) {
            g_free(best.match);
            g_free(best.by);
            best = o;
            f->r.model = i;
        } else {
            g_free(o.match);
            g_free(o.by);
        }
    }
    if (s->n_models > 0) {
        if (a.n == 0 || (best.score < 30 && says_dont_know(&a))) {
            f->r.dont_know = true;
            best.score = 0;
        } else if (!f->r.copied && grade_likeness(answer, s->question) >= 700) {
            best.score = 0;
        }
        f->r.score = best.score;
        fill_points(f, &s->models[f->r.model], &best, &a, answer);
    }
    g_free(best.match);
    g_free(best.by);
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
