/* The bank itself: builder, identities, look-up. */
#include "bank.h"

#include "bank_import.h"
#include "bank_internal.h"

#include <string.h>

enum { ID_DIGITS = 16, PREFIX_MIN = 4 };

struct bank {
    struct arena *arena;
    GPtrArray *questions;
    GArray *problems;
    GHashTable *places; /* question -> its position + 1 */
    GHashTable *by_id;
};

bank_builder *bank_builder_new(void)
{
    bank_builder *b = g_new0(bank_builder, 1);

    b->arena = arena_new();
    b->questions = g_ptr_array_new();
    b->problems = g_array_new(FALSE, FALSE, sizeof(struct bank_problem));
    b->bank_words = bank_words_new();
    return b;
}

void bank_builder_free(bank_builder *b)
{
    if (b == NULL)
        return;
    arena_free(b->arena);
    g_ptr_array_free(b->questions, TRUE);
    g_array_free(b->problems, TRUE);
    bank_words_free(b->bank_words);
    g_free(b);
}

void bank_builder_add(bank_builder *b, const char *file, const char *const *folders,
                      size_t n_folders, const char *fallback, const char *data, size_t len)
{
    import_file(b, file, folders, n_folders, fallback, data, len);
}

void bank_builder_problem(bank_builder *b, enum bank_severity severity, const char *file, int line,
                          const char *key, const char *arg)
{
    struct bank_problem p = {.severity = severity, .line = line};

    p.file = arena_text(b->arena, file, strlen(file));
    p.key = arena_text(b->arena, key, strlen(key));
    p.arg = arg != NULL ? arena_text(b->arena, arg, strlen(arg)) : NULL;
    g_array_append_val(b->problems, p);
}

/* ---- identities ---- */

static void hash_folded(GChecksum *sum, const char *text, size_t len)
{
    char *folded = words_fold(text, len);

    g_checksum_update(sum, (const guchar *)folded, (gssize)strlen(folded));
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_free(folded);
}

/* In code the signs are the question ("==" or "==="), so only its white space is dropped. */
static void hash_code(GChecksum *sum, const char *text)
{
    for (const char *p = text; *p != '\0';) {
        size_t word = strcspn(p, " \t\r\n");
        if (word > 0)
            g_checksum_update(sum, (const guchar *)p, (gssize)word);
        p += word + strspn(p + word, " \t\r\n");
    }
}

/* Ends a sum: writes its first digits and makes it ready for the next one. */
static void take_digits(GChecksum *sum, char digits[ID_DIGITS + 1])
{
    g_strlcpy(digits, g_checksum_get_string(sum), ID_DIGITS + 1);
    g_checksum_reset(sum);
}

/* A hash of the question's text, without its number, and of its context. */
static void identity(GChecksum *sum, const struct question *q, char digits[ID_DIGITS + 1])
{
    const char *text = q->text + words_number(q->text);

    if (*text == '\0')
        text = q->text;
    hash_folded(sum, text, strlen(text));
    for (size_t i = 0; i < q->n_context_parts; i++) {
        const struct bank_part *p = &q->context_parts[i];
        if (p->code)
            hash_code(sum, p->text);
        else
            hash_folded(sum, p->text, strlen(p->text));
    }
    take_digits(sum, digits);
}

static void answers_hash(GChecksum *sum, const struct question *q, char digits[ID_DIGITS + 1])
{
    for (size_t i = 0; i < q->n_answers; i++)
        hash_folded(sum, q->answers[i].text, strlen(q->answers[i].text));
    take_digits(sum, digits);
}

/* A question among others of the same identity. */
struct twin {
    struct question *q;
    char answers[ID_DIGITS + 1];
    guint place;
};

static int compare_twins(const void *a, const void *b)
{
    const struct twin *x = a, *y = b;
    int c = strcmp(x->answers, y->answers);

    return c != 0 ? c : (x->place > y->place) - (x->place < y->place);
}

static void report_twin(bank_builder *b, const struct question *q, const struct question *first)
{
    char *where = g_strdup_printf("%s:%d", first->file, first->line);

    bank_builder_problem(b, BANK_WARNING, q->file, q->line, "twin", where);
    g_free(where);
}

/* Gives the questions of one identity their ids. Their answers, not their places, decide who is
 * first. */
static void number_twins(bank_builder *b, GChecksum *sum, GArray *twins, const char *digits)
{
    char id[ID_DIGITS + 16];

    for (guint i = 0; i < twins->len && twins->len > 1; i++) {
        struct twin *t = &g_array_index(twins, struct twin, i);
        answers_hash(sum, t->q, t->answers);
    }
    g_array_sort(twins, compare_twins);
    for (guint i = 0; i < twins->len; i++) {
        struct question *q = g_array_index(twins, struct twin, i).q;

        if (i == 0)
            g_strlcpy(id, digits, sizeof id);
        else
            g_snprintf(id, sizeof id, "%s-%u", digits, i + 1);
        q->id = arena_text(b->arena, id, strlen(id));
        if (i > 0)
            report_twin(b, q, g_array_index(twins, struct twin, 0).q);
    }
}

static void free_twins(gpointer p)
{
    g_array_free(p, TRUE);
}

static void identify(bank_builder *b)
{
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_twins);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    GHashTableIter it;
    gpointer digits, twins;

    for (guint i = 0; i < b->questions->len; i++) {
        struct twin t = {.q = g_ptr_array_index(b->questions, i), .place = i};
        char key[ID_DIGITS + 1];
        GArray *group;

        identity(sum, t.q, key);
        group = g_hash_table_lookup(groups, key);
        if (group == NULL) {
            group = g_array_new(FALSE, FALSE, sizeof(struct twin));
            g_hash_table_insert(groups, g_strdup(key), group);
        }
        g_array_append_val(group, t);
    }
    g_hash_table_iter_init(&it, groups);
    while (g_hash_table_iter_next(&it, &digits, &twins))
        number_twins(b, sum, twins, digits);
    g_hash_table_destroy(groups);
    g_checksum_free(sum);
}

/* ---- the finished bank
 * ------------------------------------------------------------------------------------------ */

static int compare_problems(const void *a, const void *b)
{
    const struct bank_problem *x = a, *y = b;
    int c = x->file != y->file ? strcmp(x->file, y->file) : 0;

    if (c != 0)
        return c;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    c = strcmp(x->key, y->key);
    return c != 0 ? c : g_strcmp0(x->arg, y->arg);
}

bank *bank_builder_finish(bank_builder *b)
{
    bank *all = g_new0(struct bank, 1);

    identify(b);
    g_array_sort(b->problems, compare_problems);
    all->arena = b->arena;
    all->questions = b->questions;
    all->problems = b->problems;
    all->places = g_hash_table_new(g_direct_hash, g_direct_equal);
    all->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < all->questions->len; i++) {
        struct question *q = g_ptr_array_index(all->questions, i);
        g_hash_table_insert(all->places, q, GUINT_TO_POINTER(i + 1));
        g_hash_table_insert(all->by_id, g_strdup(q->id), q);
    }
    bank_words_free(b->bank_words);
    g_free(b);
    return all;
}

void bank_free(bank *all)
{
    if (all == NULL)
        return;
    g_hash_table_destroy(all->places);
    g_hash_table_destroy(all->by_id);
    g_ptr_array_free(all->questions, TRUE);
    g_array_free(all->problems, TRUE);
    arena_free(all->arena);
    g_free(all);
}

size_t bank_size(const bank *all)
{
    return all->questions->len;
}

const struct question *bank_at(const bank *all, size_t i)
{
    return g_ptr_array_index(all->questions, (guint)i);
}

const struct question *bank_find(const bank *all, const char *id)
{
    const struct question *q = g_hash_table_lookup(all->by_id, id);

    if (q != NULL || strlen(id) < PREFIX_MIN)
        return q;
    for (guint i = 0; i < all->questions->len; i++) {
        const struct question *other = g_ptr_array_index(all->questions, i);
        if (!g_str_has_prefix(other->id, id))
            continue;
        if (q != NULL)
            return NULL;
        q = other;
    }
    return q;
}

size_t bank_index(const bank *all, const struct question *q)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(all->places, q)) - 1;
}

size_t bank_problem_count(const bank *all)
{
    return all->problems->len;
}

const struct bank_problem *bank_problem_at(const bank *all, size_t i)
{
    return &g_array_index(all->problems, struct bank_problem, i);
}
