/* A question compiled for grading: its key points, their facts and terms. */
#include <string.h>

#include "grade_internal.h"

bool tokens_have(const struct gtokens *k, uint64_t key)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->t[i].key == key)
            return true;
    return false;
}

bool question_has(const grade_sheet *s, uint64_t key)
{
    return (s->qmask >> (key & 63) & 1) && tokens_have(&s->qtokens, key);
}

size_t words_of(const struct gtokens *k)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++)
        n += token_content(&k->t[i]) && !(k->t[i].flags & TF_NESTED);
    return n;
}

/* ---- terms ---- */

static int32_t term_rarity(const grade_sheet *s, const struct gtoken *t)
{
    const struct grade_tuning *u = &s->g->tune;
    int w = u->off & RULE_IDF ? 600 : grader_idf(s->g, t->key);
    if (t->flags & TF_FAINT)
        w = w * u->faint / 1000;
    else if (t->kind == TK_HANGUL)
        w = w * u->light / 1000;
    return MAX(w, 1);
}

static int32_t term_weight(const grade_sheet *s, const struct gtoken *t, bool again)
{
    const struct grade_tuning *u = &s->g->tune;
    int w = term_rarity(s, t);
    if (!(u->off & RULE_QUESTION) && question_has(s, t->key))
        w = w * u->in_question / 1000;
    if (again)
        w = w * u->again / 1000;
    return MAX(w, 1);
}

static struct term *find_in_unit(struct model *m, const struct unit *u, const struct gtoken *t)
{
    for (size_t i = u->first; i < u->first + u->n; i++)
        if (m->terms[i].key == t->key && m->terms[i].sign == t->sign)
            return &m->terms[i];
    return NULL;
}

#define OF_NO_SIDE (UINT32_C(1) << 31)

/* Of one side a word and its denial are one thing said; denied of another side it is a new one. */
static bool said_before(const struct model *m, const struct gtoken *t, uint32_t side)
{
    for (size_t i = 0; i < m->n_terms; i++) {
        const struct term *term = &m->terms[i];
        bool turned = token_side(term->sign, term->neg) != token_side(t->sign, t->neg);
        bool apart = (term->heads & side) == 0 && ((term->heads | side) & OF_NO_SIDE) == 0;
        if (term->key == t->key && term->sign == t->sign && !(turned && apart))
            return true;
    }
    return false;
}

static void add_term(grade_sheet *s, struct model *m, struct unit *u, size_t i, uint8_t head,
                     uint8_t role, bool label, uint32_t *whole)
{
    const struct gtoken *t = &m->tokens.t[i];
    uint32_t bit = head == HEAD_NONE ? OF_NO_SIDE : UINT32_C(1) << head;
    bool part = (t->flags & TF_NESTED) != 0;
    struct term *same = find_in_unit(m, u, t);
    if (same != NULL) {
        same->heads |= bit;
        if (!part)
            *whole = (uint32_t)(same - m->terms) + 1;
        return;
    }
    /* a label names the fact: saying it alone is not knowing it */
    bool asked = label || question_has(s, t->key);
    int32_t w = part ? 0 : term_weight(s, t, said_before(m, t, bit));
    if (label && w > 0)
        w = MAX(w * s->g->tune.label / 1000, 1);
    m->terms[m->n_terms++] = (struct term){.key = t->key,
                                           .stem = t->stem,
                                           .stem_n = t->stem_n,
                                           .unit = (uint16_t)(u - m->units),
                                           .weight = w,
                                           .rarity = term_rarity(s, t),
                                           .whole = part ? *whole : 0,
                                           .heads = bit,
                                           .sign = t->sign,
                                           .neg = t->neg,
                                           .kind = t->kind,
                                           .flags = t->flags,
                                           .role = role,
                                           .asked = asked};
    if (!part)
        *whole = (uint32_t)m->n_terms;
    u->n++;
    u->mass += w;
    m->mass += w;
    u->words = (uint16_t)(u->words + (!(t->flags & (TF_NESTED | TF_FAINT)) && !asked));
}

/* ---- points ---- */

#define TERMS_MOST  60000 /* a model answer of a megabyte is cut here */
#define POINT_SHOWN 90    /* a point is shown by about this many characters */

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

/* Cuts the tokens of P into units of the point's number. */
static void add_units(grade_sheet *s, struct model *m, const uint8_t *head, const uint8_t *role,
                      const uint8_t *label, const struct passage *p)
{
    const struct grade_tuning *tune = &s->g->tune;
    struct unit *u = NULL;
    unsigned clause = 0;
    uint32_t whole = 0;
    for (size_t i = 0; i < m->tokens.n; i++) {
        const struct gtoken *t = &m->tokens.t[i];
        size_t at = m->tokens.text.c[t->at].off;
        if (at < p->from || at >= p->to || !token_content(t))
            continue;
        if (m->n_terms == m->room_terms)
            return; /* points that were marked one inside the other */
        bool full = u != NULL &&
                    ((u->n >= tune->unit_least && t->clause != clause) || u->n >= UNIT_MAX / 2);
        if (u == NULL || (full && (!(tune->off & RULE_UNITS) || u->n >= UNIT_MAX / 2))) {
            u = &m->units[m->n_units++];
            *u = (struct unit){.point = (uint16_t)m->n_points, .first = (uint16_t)m->n_terms};
        }
        clause = t->clause;
        add_term(s, m, u, i, head[i], role[i], label[i] == LABEL_INLINE || at < p->body, &whole);
    }
    /* a rest too small to be a fact joins the one before it */
    if (u != NULL && u->n < tune->unit_least && u > m->units && u[-1].point == u->point) {
        for (size_t i = u->first; i < u->first + u->n; i++)
            m->terms[i].unit = (uint16_t)(u - 1 - m->units);
        u[-1].n = (uint16_t)(u[-1].n + u->n);
        u[-1].words = (uint16_t)(u[-1].words + u->words);
        u[-1].mass += u->mass;
        m->n_units--;
    }
}

/* What the bank marks and M says, in any order; else sentences and list items. */
static GArray *passages_of(const grade_sheet *s, const struct model *m, const struct bank_answer *a,
                           const uint8_t *label)
{
    GArray *passages = passages_new();
    for (size_t i = 0; i < a->n_marked; i++) {
        g_autofree char *text = g_utf8_make_valid(a->marked[i], -1);
        const char *at = strstr(m->text, text);
        if (at == NULL)
            continue;
        size_t from = (size_t)(at - m->text);
        struct passage p = {.from = from, .body = from, .to = from + strlen(text), .text = text};
        text = NULL;
        g_array_append_val(passages, p);
    }
    if (passages->len > 0)
        return passages;
    passages_split(passages, m->text, a);
    passages_settle(s, m, label, passages);
    return passages;
}

static int by_weight(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* X to the power of a half, in integers. */
static int32_t isqrt(int64_t x)
{
    int64_t r = 0;
    for (int64_t bit = INT64_C(1) << 30; bit > 0; bit >>= 1)
        if ((r + bit) * (r + bit) <= x)
            r += bit;
    return (int32_t)r;
}

static void weigh_units(const grade_sheet *s, struct model *m)
{
    const struct grade_tuning *tune = &s->g->tune;
    g_autofree int32_t *weight = g_new0(int32_t, m->n_units + 1);
    for (size_t i = 0; i < m->n_units; i++) {
        struct unit *u = &m->units[i];
        /* between the root of the mass and the mass itself */
        int64_t root = (int64_t)isqrt((int64_t)u->mass * 1000);
        u->weight =
            (int32_t)((root * (100 - tune->unit_power) + (int64_t)u->mass * tune->unit_power) /
                      100);
        u->weight = MAX(u->weight, 1);
        m->points[u->point].mass += u->weight;
        weight[i] = u->weight;
    }
    qsort(weight, m->n_units, sizeof *weight, by_weight);
    int64_t all = 0;
    for (size_t i = 0; i < m->n_units; i++) {
        all += weight[i];
        if (i < (size_t)tune->units_asked)
            m->asked += weight[i];
    }
    m->asked = MIN(m->asked, all * tune->asked_share / 1000);
}

static void share_weights(struct model *m)
{
    g_autofree int64_t *mass = g_new0(int64_t, m->n_points);
    g_autofree int *share = g_new0(int, m->n_points);
    for (size_t i = 0; i < m->n_points; i++)
        mass[i] = MAX(m->points[i].mass, 1);
    apportion(mass, m->n_points, 100, share);
    for (size_t i = 0; i < m->n_points; i++)
        m->points[i].weight = share[i];
}

static void index_terms(struct model *m)
{
    m->n_slots = 16;
    while (m->n_slots < m->n_terms * 2)
        m->n_slots *= 2;
    m->slots = g_new0(uint32_t, m->n_slots);
    for (size_t i = 0; i < m->n_terms; i++) {
        size_t at = (size_t)m->terms[i].key & (m->n_slots - 1);
        while (m->slots[at] != 0 && m->terms[m->slots[at] - 1].key != m->terms[i].key)
            at = (at + 1) & (m->n_slots - 1);
        m->terms[i].next = m->slots[at];
        m->slots[at] = (uint32_t)i + 1;
    }
}

/* What the steps of grading go over, instead of over all terms. */
static void list_terms(struct model *m)
{
    m->wholes = g_new(uint32_t, m->n_terms + 1);
    m->numbers = g_new(uint32_t, m->n_terms + 1);
    for (size_t t = 0; t < m->n_terms; t++) {
        if (t + 1 < m->n_terms && m->terms[t + 1].whole == t + 1)
            m->wholes[m->n_wholes++] = (uint32_t)t;
        if (m->terms[t].kind == TK_NUMBER)
            m->numbers[m->n_numbers++] = (uint32_t)t;
        m->has_roles |= m->terms[t].role != ROLE_NONE;
    }
    m->wholes = g_renew(uint32_t, m->wholes, m->n_wholes + 1);
    m->numbers = g_renew(uint32_t, m->numbers, m->n_numbers + 1);
    sides_index(m);
    words_index(&m->words, m);
    m->n_words = words_of(&m->tokens);
}

bool model_has(const struct model *m, uint64_t key)
{
    size_t at = (size_t)key & (m->n_slots - 1);
    while (m->slots[at] != 0 && m->terms[m->slots[at] - 1].key != key)
        at = (at + 1) & (m->n_slots - 1);
    return m->slots[at] != 0;
}

static void compile_model(grade_sheet *s, struct model *m, const struct bank_answer *a)
{
    m->text = g_utf8_make_valid(a->text, -1);
    gtokens_init(&m->tokens, s->g->lex, NULL, m->text, strlen(m->text));
    heads_find(&m->heads, &s->qtokens, &m->tokens);
    g_autofree uint8_t *head = g_new0(uint8_t, m->tokens.n + 1);
    heads_assign(&m->heads, &m->tokens, head);
    g_autofree uint8_t *role = g_new0(uint8_t, m->tokens.n + 1);
    roles_assign(&m->tokens, role);
    g_autofree uint8_t *label = g_new0(uint8_t, m->tokens.n + 1);
    labels_mark(&m->tokens, label);
    g_autoptr(GArray) passages = passages_of(s, m, a, label);
    m->points = g_new0(struct point, passages->len + 1);
    m->room_terms = MIN(m->tokens.n * 2 + 1, TERMS_MOST);
    m->units = g_new0(struct unit, m->room_terms + 1);
    m->terms = g_new0(struct term, m->room_terms + 1);
    for (unsigned i = 0; i < passages->len; i++) {
        const struct passage *p = &g_array_index(passages, struct passage, i);
        size_t before = m->n_units;
        add_units(s, m, head, role, label, p);
        if (m->n_units > before)
            m->points[m->n_points++].text = shorten(p->text);
    }
    if (m->n_points == 0) {
        m->points[0].text = shorten(m->text);
        m->n_points = 1;
    }
    weigh_units(s, m);
    share_weights(m);
    index_terms(m);
    list_terms(m);
    m->sentences = g_new0(uint64_t, m->tokens.n + 1);
    for (size_t i = 0, end; i < m->tokens.n; i = end)
        m->sentences[m->n_sentences++] = sentence_key(&m->tokens, i, &end);
    keys_sort(m->sentences, m->n_sentences);
    grams_fill(&m->grams, NULL, &m->tokens.text);
    m->latin = true;
    for (size_t i = 0; i < m->tokens.text.n; i++)
        m->latin &= m->tokens.text.c[i].cls != GC_HANGUL;
    m->has_grammar = grammar_share(&m->tokens) >= s->g->tune.list_grammar;
}

/* Gives back what only compiling needed: a bank in use keeps a sheet a question. */
static void trim_model(struct model *m)
{
    gtext_clear(&m->tokens.text);
    m->room_terms = m->n_terms;
    m->terms = g_renew(struct term, m->terms, m->n_terms + 1);
    m->units = g_renew(struct unit, m->units, m->n_units + 1);
}

grade_sheet *grade_sheet_new(const grader *g, const struct grade_question *q)
{
    grade_sheet *s = g_new0(grade_sheet, 1);
    s->g = g;
    s->question = g_utf8_make_valid(q->text, -1);
    gtokens_init(&s->qtokens, g->lex, NULL, s->question, strlen(s->question));
    for (size_t i = 0; i < s->qtokens.n; i++)
        s->qmask |= UINT64_C(1) << (s->qtokens.t[i].key & 63);
    s->open_ended = q->open_ended || question_open_ended(q->text);
    s->n_models = q->n_answers;
    s->models = g_new0(struct model, q->n_answers + 1);
    for (size_t i = 0; i < q->n_answers; i++)
        compile_model(s, &s->models[i], &q->answers[i]);
    struct prints_draft prints;
    prints_begin(&prints, false);
    prints_add(&prints, &s->qtokens.text);
    for (size_t i = 0; i < s->n_models; i++)
        prints_add(&prints, &s->models[i].tokens.text);
    prints_end(&prints, &s->prints);
    for (size_t i = 0; i < s->n_models; i++)
        trim_model(&s->models[i]);
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
        g_free(m->units);
        g_free(m->terms);
        g_free(m->slots);
        g_free(m->wholes);
        g_free(m->numbers);
        words_clear(&m->words);
        g_free(m->sentences);
        key_set_clear(&m->grams);
        g_free(m->text);
        gtokens_clear(&m->tokens);
    }
    g_free(s->models);
    prints_clear(&s->prints);
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

bool grade_sheet_has_point(const grade_sheet *s, const char *text)
{
    for (size_t i = 0; i < s->n_models; i++)
        for (size_t k = 0; k < s->models[i].n_points; k++)
            if (strcmp(s->models[i].points[k].text, text) == 0)
                return true;
    return false;
}

bool grade_sheet_open_ended(const grade_sheet *s)
{
    return s->open_ended;
}
