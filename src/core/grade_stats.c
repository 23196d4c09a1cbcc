/* How common each term is in a bank. */
#include <string.h>

#include "grade_internal.h"

static gpointer as_key(uint64_t key)
{
    return (gpointer)(uintptr_t)key;
}

static void count(const grader *g, GHashTable *df, GHashTable *seen, const char *text,
                  struct prints_draft *prints)
{
    struct gtokens k;
    gtokens_init(&k, g->lex, NULL, text, strlen(text));
    for (size_t i = 0; i < k.n; i++) {
        gpointer key = as_key(k.t[i].key);
        if (!token_content(&k.t[i]) || !g_hash_table_add(seen, key))
            continue;
        gpointer old = g_hash_table_lookup(df, key);
        g_hash_table_insert(df, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(old) + 1));
    }
    if (prints != NULL)
        prints_add(prints, &k.text);
    gtokens_clear(&k);
}

/* log2(X) in 1/64, for X in 1/64 steps of a ratio: integers only, the same everywhere. */
static int log2_64(uint64_t num, uint64_t den)
{
    int r = 0;
    while (num >= 2 * den) {
        den *= 2;
        r += 64;
    }
    /* eight binary digits of the fraction by repeated squaring, 16-bit fixed point */
    uint64_t x = num * 65536 / den;
    for (int bit = 32; bit > 0; bit /= 2) {
        x = x * x / 65536;
        if (x >= 131072) {
            x /= 2;
            r += bit;
        }
    }
    return r;
}

static int idf_of(const grader *g, unsigned df)
{
    uint64_t n = g->n + 1;
    /* smoothed: a bank of one question knows nothing of rarity */
    int rare = log2_64(2 * n + 14, 2 * (uint64_t)df + 1 + 6);
    int top = log2_64(2 * n + 14, 7);
    return top > 0 ? 200 + 800 * rare / top : 1000;
}

int grader_idf(const grader *g, uint64_t key)
{
    unsigned idf = GPOINTER_TO_UINT(g_hash_table_lookup(g->idf, as_key(key)));
    return idf > 0 ? (int)idf : g->idf_unknown;
}

/* Turns what DF counted into rarities. */
static void settle_idf(grader *g, GHashTable *df)
{
    GHashTableIter it;
    gpointer value;
    g_hash_table_iter_init(&it, df);
    while (g_hash_table_iter_next(&it, NULL, &value))
        g_hash_table_iter_replace(&it, GINT_TO_POINTER(idf_of(g, GPOINTER_TO_UINT(value))));
    g->idf = df;
    g->idf_unknown = idf_of(g, 0);
}

grader *grader_new(const lexicon *lex, const struct grade_question *questions, size_t n)
{
    return grader_new_tuned(lex, questions, n, &grade_tuning_default);
}

grader *grader_new_tuned(const lexicon *lex, const struct grade_question *questions, size_t n,
                         const struct grade_tuning *tune)
{
    grader *g = g_new0(grader, 1);
    g->lex = lex;
    g->tune = *tune;
    g->n = n;
    GHashTable *df = g_hash_table_new(NULL, NULL);
    struct prints_draft prints;
    prints_begin(&prints, true);
    for (size_t i = 0; i < n; i++) {
        GHashTable *seen = g_hash_table_new(NULL, NULL);
        count(g, df, seen, questions[i].text, NULL);
        for (size_t k = 0; k < questions[i].n_answers; k++)
            count(g, df, seen, questions[i].answers[k].text, &prints);
        g_hash_table_destroy(seen);
    }
    settle_idf(g, df);
    prints_end(&prints, &g->prints);
    return g;
}

void grader_free(grader *g)
{
    if (g == NULL)
        return;
    g_hash_table_destroy(g->idf);
    prints_clear(&g->prints);
    g_free(g);
}
