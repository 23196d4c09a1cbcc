/* A model's distinct words, sixteen at a time: which may be like a word of the answer. */
#include <string.h>

#include "grade_internal.h"

/* Three quarters of the shorter word's letters must agree for a closer look. */
static unsigned need_of(uint64_t sig)
{
    return ((unsigned)__builtin_popcountll(sig) * 3 + 3) / 4;
}

static uint64_t hash_stem(const uint32_t *s, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++)
        h = gmix(h, s[i]);
    return h;
}

static void add_word(struct word_table *w, const struct model *m, const struct term *t)
{
    uint64_t sig = stem_sig(m->tokens.pool + t->stem, t->stem_n);
    size_t block = w->n / LANES, lane = w->n % LANES;
    for (uint64_t bits = sig; bits != 0; bits &= bits - 1)
        w->has[(size_t)__builtin_ctzll(bits) * w->n_blocks + block][lane] = 1;
    w->need[block][lane] = (uint8_t)need_of(sig);
    w->first[w->n++] = (uint32_t)(t - m->terms) + 1;
}

/* Gives the earlier term with the stem of term T, noting it, or NULL. */
static struct term *earlier(const struct model *m, uint32_t *slots, size_t n_slots, size_t t)
{
    const struct term *term = &m->terms[t];
    const uint32_t *stem = m->tokens.pool + term->stem;
    size_t i = (size_t)hash_stem(stem, term->stem_n) & (n_slots - 1);
    for (; slots[i] != 0; i = (i + 1) & (n_slots - 1)) {
        struct term *old = &m->terms[slots[i] - 1];
        if (old->stem_n == term->stem_n &&
            memcmp(m->tokens.pool + old->stem, stem, old->stem_n * sizeof *stem) == 0)
            return old;
    }
    slots[i] = (uint32_t)t + 1;
    return NULL;
}

/* Joins terms with one stem; gives how many stems there are. */
static size_t join_twins(const struct model *m, uint8_t *ret_later)
{
    size_t n_slots = 16, n = 0;
    while (n_slots < m->n_terms * 2)
        n_slots *= 2;
    g_autofree uint32_t *slots = g_new0(uint32_t, n_slots);
    for (size_t t = 0; t < m->n_terms; t++) {
        if (m->terms[t].kind == TK_NUMBER)
            continue;
        struct term *old = earlier(m, slots, n_slots, t);
        if (old == NULL) {
            n++;
            continue;
        }
        ret_later[t] = true;
        m->terms[t].twin = old->twin;
        old->twin = (uint32_t)t + 1;
    }
    return n;
}

/* Whether the word of term T is a concept wherever the model has it. */
static bool only_concepts(const struct model *m, size_t t)
{
    for (size_t i = t + 1; i != 0; i = m->terms[i - 1].twin)
        if (m->terms[i - 1].kind != TK_CONCEPT)
            return false;
    return true;
}

void words_index(struct word_table *w, const struct model *m)
{
    g_autofree uint8_t *later = g_new0(uint8_t, m->n_terms + 1);
    size_t n = join_twins(m, later);
    w->n = 0;
    w->n_blocks = (n + LANES - 1) / LANES;
    w->has = g_new0(lanes, w->n_blocks * 64 + 1);
    w->need = g_new0(lanes, w->n_blocks + 1);
    w->first = g_new(uint32_t, n + 1);
    for (size_t t = 0; t < m->n_terms; t++)
        if (m->terms[t].kind != TK_NUMBER && !later[t] && !only_concepts(m, t))
            add_word(w, m, &m->terms[t]);
    w->n_plain = w->n;
    for (size_t t = 0; t < m->n_terms; t++)
        if (m->terms[t].kind != TK_NUMBER && !later[t] && only_concepts(m, t))
            add_word(w, m, &m->terms[t]);
}

void words_clear(struct word_table *w)
{
    g_free(w->has);
    g_free(w->need);
    g_free(w->first);
    *w = (struct word_table){.n = 0};
}

void words_alike(const struct word_table *w, uint64_t sig, bool concept,
                 void (*found)(void *x, size_t word), void *x)
{
    size_t n = concept ? w->n_plain : w->n; /* two concepts are alike or not by their key */
    unsigned need = need_of(sig);
    for (size_t b = 0; b * LANES < n; b++) {
        const lanes *has = w->has + b;
        lanes both = {0}, most = both + (uint8_t)need;
        for (uint64_t bits = sig; bits != 0; bits &= bits - 1)
            both += has[(size_t)__builtin_ctzll(bits) * w->n_blocks];
        lanes enough = (lanes)(both >= w->need[b]) | (lanes)(both >= most);
        uint64_t any[2];
        memcpy(any, &enough, sizeof any);
        if ((any[0] | any[1]) == 0)
            continue;
        for (size_t i = b * LANES; i < MIN(n, (b + 1) * LANES); i++)
            if (enough[i % LANES])
                found(x, i);
    }
}
