/* The bank in use: its questions by the book's keys, compiled sheets, topics. */
#include "choose.h"
#include "iv.h"

struct iv_bank {
    bank *bank;
    const lexicon *lex;
    grader *grader;
    int64_t *keys;        /* by index */
    uint64_t *hashes;     /* by index: of the id texts, for choose.h */
    GArray *askable;      /* of size_t: the indexes of what can be asked */
    grade_sheet **sheets; /* by index, NULL until used */
    GHashTable *by_key;   /* &keys[i] -> index + 1 */
    GArray *topics;       /* of struct iv_topic */
};

static void collect_askable(iv_bank *ib)
{
    size_t n = bank_size(ib->bank);

    ib->hashes = g_new(uint64_t, n + 1);
    ib->askable = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t i = 0; i < n; i++) {
        ib->hashes[i] = choose_hash(bank_at(ib->bank, i)->id);
        if (bank_at(ib->bank, i)->n_answers > 0)
            g_array_append_val(ib->askable, i);
    }
}

static void topic_clear(gpointer data)
{
    struct iv_topic *t = data;

    g_free(t->key);
}

static struct grade_question as_grade_question(const struct question *q)
{
    return (struct grade_question){.text = q->text,
                                   .context = q->context,
                                   .answers = q->answers,
                                   .n_answers = q->n_answers,
                                   .open_ended = q->open_ended};
}

static grader *make_grader(const bank *b, const lexicon *lex)
{
    size_t n = bank_size(b);
    g_autofree struct grade_question *all = g_new(struct grade_question, n + 1);

    for (size_t i = 0; i < n; i++)
        all[i] = as_grade_question(bank_at(b, i));
    return grader_new(lex, all, n);
}

static void count_topic(iv_bank *ib, GHashTable *known, const char *name, int depth)
{
    gpointer at = g_hash_table_lookup(known, name);

    if (at == NULL) {
        struct iv_topic t = {name, lexicon_key(ib->lex, name), depth, 0};

        g_array_append_val(ib->topics, t);
        at = GSIZE_TO_POINTER(ib->topics->len);
        g_hash_table_insert(known, (gpointer)(uintptr_t)name, at);
    }
    g_array_index(ib->topics, struct iv_topic, GPOINTER_TO_SIZE(at) - 1).count++;
}

static void collect_topics(iv_bank *ib)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < bank_size(ib->bank); i++) {
        const struct question *q = bank_at(ib->bank, i);

        for (size_t t = 0; q->n_answers > 0 && t < q->n_topics; t++)
            count_topic(ib, known, q->topics[t], (int)t);
    }
}

iv_bank *iv_bank_new_taking(bank *b, const lexicon *lex, const int64_t *keys)
{
    iv_bank *ib = g_new0(iv_bank, 1);
    size_t n = bank_size(b);

    ib->bank = b;
    ib->lex = lex;
    ib->grader = make_grader(b, lex);
    ib->keys = g_memdup2(keys, n * sizeof *keys);
    ib->sheets = g_new0(grade_sheet *, n + 1);
    ib->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(ib->by_key, &ib->keys[i], GSIZE_TO_POINTER(i + 1));
    ib->topics = g_array_new(FALSE, FALSE, sizeof(struct iv_topic));
    g_array_set_clear_func(ib->topics, topic_clear);
    collect_askable(ib);
    collect_topics(ib);
    return ib;
}

void iv_bank_free(iv_bank *ib)
{
    if (ib == NULL)
        return;
    for (size_t i = 0; i < bank_size(ib->bank); i++)
        grade_sheet_free(ib->sheets[i]);
    g_free(ib->sheets);
    g_hash_table_unref(ib->by_key);
    g_array_unref(ib->topics);
    grader_free(ib->grader);
    g_array_unref(ib->askable);
    g_free(ib->hashes);
    g_free(ib->keys);
    bank_free(ib->bank);
    g_free(ib);
}

const bank *iv_bank_get(const iv_bank *ib)
{
    return ib->bank;
}

const struct question *iv_bank_question(const iv_bank *ib, int64_t key)
{
    size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(ib->by_key, &key));

    return at == 0 ? NULL : bank_at(ib->bank, at - 1);
}

int64_t iv_bank_key(const iv_bank *ib, size_t index)
{
    return ib->keys[index];
}

uint64_t iv_bank_hash(const iv_bank *ib, size_t index)
{
    return ib->hashes[index];
}

GArray *iv_bank_askable(const iv_bank *ib)
{
    return g_array_ref(ib->askable);
}

const grade_sheet *iv_bank_sheet(iv_bank *ib, const struct question *q)
{
    size_t i = bank_index(ib->bank, q);

    if (ib->sheets[i] == NULL) {
        struct grade_question gq = as_grade_question(q);

        ib->sheets[i] = grade_sheet_new(ib->grader, &gq);
    }
    return ib->sheets[i];
}

const GArray *iv_bank_topics(const iv_bank *ib)
{
    return ib->topics;
}
