/* A question compiled for grading: its key points and their terms. */
#include <string.h>

#include "grade_internal.h"

static bool in_question(const struct gtokens *q, uint64_t key)
{
    for (size_t i = 0; i < q->n; i++)
        if (q->t[i].key == key)
            return true;
    return false;
}

static const struct term *find_term(const struct model *m, uint64_t key, int sign)
{
    for (size_t i = 0; i < m->n_terms; i++)
        if (m->terms[i].key == key && m->terms[i].sign == sign)
            return &m->terms[i];
    return NULL;
}

static void add_terms(grade_sheet *s, struct model *m, struct point *p, size_t from, size_t to)
{
    p->first = m->n_terms;
    for (size_t i = 0; i < m->tokens.n; i++) {
        const struct gtoken *t = &m->tokens.t[i];
        size_t at = m->tokens.text.c[t->at].off;
        if (at < from || at >= to || !token_content(t))
            continue;
        struct term term = {.key = t->key,
                            .sig = t->sig,
                            .stem = m->tokens.pool + t->stem,
                            .stem_n = t->stem_n,
                            .point = (uint16_t)(p - m->points),
                            .sign = t->sign,
                            .neg = t->neg,
                            .kind = t->kind,
                            .flags = t->flags};
        const struct term *same = find_term(m, t->key, t->sign);
        if (same != NULL && same->point == term.point)
            continue;
        int w = grader_idf(s->g, t->key);
        if (in_question(&s->qtokens, t->key))
            w = w * 3 / 10;
        if (same != NULL || (t->flags & TF_NESTED))
            w /= 2; /* said again: half is asked */
        term.weight = w;
        m->terms[m->n_terms++] = term;
        p->mass += w;
        m->mass += w;
    }
    p->n = m->n_terms - p->first;
}

/* Points shown are cut at about this many characters. */
#define POINT_SHOWN 90

static char *shorten(const char *text)
{
    if (g_utf8_strlen(text, -1) <= POINT_SHOWN)
        return g_strdup(text);
    const char *end = g_utf8_offset_to_pointer(text, POINT_SHOWN);
    const char *space = end;
    while (space > text && *space != ' ')
        space--;
    if (space - text < (end - text) / 2)
        space = end;
    return g_strdup_printf("%.*s…", (int)(space - text), text);
}

static void compile_model(grade_sheet *s, struct model *m, const struct bank_answer *a)
{
    m->text = g_strdup(a->text);
    gtokens_init(&m->tokens, s->g->lex, m->text, strlen(m->text));
    g_autoptr(GPtrArray) pieces = points_split(m->text);
    m->points = g_new0(struct point, pieces->len + 1);
    m->terms = g_new0(struct term, m->tokens.n + 1);
    size_t from = 0;
    for (unsigned i = 0; i < pieces->len; i++) {
        const char *text = pieces->pdata[i];
        const char *at = strstr(m->text + from, text);
        size_t start = at != NULL ? (size_t)(at - m->text) : from;
        struct point *p = &m->points[m->n_points];
        size_t first = m->n_terms;
        add_terms(s, m, p, start, start + strlen(text));
        from = start + strlen(text);
        if (m->n_terms == first) {
            memset(p, 0, sizeof *p);
            continue; /* nothing to know in it */
        }
        p->text = shorten(text);
        m->n_points++;
    }
    if (m->n_points == 0) {
        m->points[0] = (struct point){.text = shorten(m->text), .mass = 1};
        m->n_points = 1;
    }
    g_autofree int64_t *mass = g_new0(int64_t, m->n_points);
    g_autofree int *share = g_new0(int, m->n_points);
    for (size_t i = 0; i < m->n_points; i++)
        mass[i] = m->points[i].mass;
    apportion(mass, m->n_points, 100, share);
    for (size_t i = 0; i < m->n_points; i++)
        m->points[i].weight = share[i];
}

grade_sheet *grade_sheet_new(const grader *g, const struct grade_question *q)
{
    grade_sheet *s = g_new0(grade_sheet, 1);
    s->g = g;
    s->question = g_strdup(q->text);
    gtokens_init(&s->qtokens, g->lex, s->question, strlen(s->question));
    s->open_ended = q->open_ended || question_open_ended(q->text);
    s->n_models = q->n_answers;
    s->models = g_new0(struct model, q->n_answers + 1);
    for (size_t i = 0; i < q->n_answers; i++)
        compile_model(s, &s->models[i], &q->answers[i]);
    return s;
}

void grade_sheet_free(grade_sheet *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n_models; i++) {
        struct model *m = &s->models[i];
        for (size_t k = 0; k < m->n_points; k++)
            g_free(m->points[k].text);
        g_free(m->points);
        g_free(m->terms);
        g_free(m->text);
        gtokens_clear(&m->tokens);
    }
    g_free(s->models);
    gtokens_clear(&s->qtokens);
    g_free(s->question);
    g_free(s);
}

size_t grade_sheet_points(const grade_sheet *s, size_t model)
{
    return model < s->n_models ? s->models[model].n_points : 0;
}

const char *grade_sheet_point(const grade_sheet *s, size_t model, size_t i, int *ret_weight)
{
    const struct point *p = &s->models[model].points[i];
    *ret_weight = p->weight;
    return p->text;
}

bool grade_sheet_open_ended(const grade_sheet *s)
{
    return s->open_ended;
}

char *grade_sheet_hint(const grade_sheet *s, size_t model, size_t i)
{
    const char *text = s->models[model].points[i].text;
    struct gtokens k;
    gtokens_init(&k, s->g->lex, text, strlen(text));
    GString *out = g_string_new(NULL);
    size_t from = 0;
    for (size_t j = 0; j < k.n; j++) {
        const struct gtoken *t = &k.t[j];
        size_t at = k.text.c[t->at].off, end = k.text.c[t->to - 1].end;
        bool main_term = token_content(t) && at >= from && !in_question(&s->qtokens, t->key) &&
                         grader_idf(s->g, t->key) >= 600;
        if (!main_term)
            continue;
        g_string_append_len(out, text + from, (gssize)(at - from));
        for (size_t r = 0; r < MIN(t->to - t->at, 5); r++)
            g_string_append(out, "○");
        from = end;
    }
    g_string_append(out, text + from);
    gtokens_clear(&k);
    return g_string_free(out, FALSE);
}
