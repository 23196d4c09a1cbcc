/*
 * What is marked as a copy (fair_copied), measured: on honest answers that people graded, and on
 * copies of the model answers with K words exchanged, left out, put in, moved, or with other
 * endings. Its messages are the table of docs/grading.md.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "fair.h"

struct item {
    char *question, *kind, *answer;
    GPtrArray *models;
};

static void item_free(gpointer data)
{
    struct item *i = data;

    g_free(i->question);
    g_free(i->kind);
    g_free(i->answer);
    g_ptr_array_unref(i->models);
    g_free(i);
}

static char *dup_text(json_t *row, const char *name)
{
    return g_strdup(json_string_value(json_object_get(row, name)));
}

static void read_rows(GPtrArray *out, const char *path)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (**line == '\0')
            continue;
        json_auto_t *row = json_loads(*line, 0, NULL);
        struct item *i = g_new0(struct item, 1);
        size_t at;
        json_t *model;

        g_assert_nonnull(row);
        i->question = dup_text(row, "question");
        i->kind = dup_text(row, "kind");
        i->answer = dup_text(row, "answer");
        i->models = g_ptr_array_new_with_free_func(g_free);
        json_array_foreach(json_object_get(row, "model"), at, model)
            g_ptr_array_add(i->models, g_strdup(json_string_value(model)));
        g_ptr_array_add(out, i);
    }
}

static GPtrArray *answers(void)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(item_free);

    read_rows(out, "tests/cases/grade/ko_dev.jsonl");
    read_rows(out, "tests/cases/grade/own.jsonl");
    read_rows(out, "tests/cases/grade/third.jsonl");
    return out;
}

/* Whether an answer was made without the model's text before the eyes. */
static bool is_honest(const struct item *i)
{
    static const char *const from_the_model[] = {"first_half", "swap", "keywords", "copy_question",
                                                 NULL};

    return !g_strv_contains(from_the_model, i->kind);
}

struct seen {
    bool copied;
    int likeness;
};

static struct seen compare(const char *a, const char *b)
{
    fair_print *x = fair_print_new(a), *y = fair_print_new(b);
    struct seen s = {fair_copied(x, y), fair_likeness(x, y)};

    fair_print_free(x);
    fair_print_free(y);
    return s;
}

/* An honest answer is never marked: 308 of them against their models, and against each other. */
static void test_honest(void)
{
    g_autoptr(GPtrArray) all = answers();
    int highest = 0, n = 0, pairs = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct item *a = all->pdata[i];

        if (!is_honest(a))
            continue;
        for (guint m = 0; m < a->models->len; m++, n++) {
            struct seen s = compare(a->answer, a->models->pdata[m]);

            if (s.copied)
                g_test_message("marked: %s", a->answer);
            g_assert_false(s.copied);
            highest = MAX(highest, s.likeness);
        }
        for (guint j = 0; j < i; j++) {
            const struct item *b = all->pdata[j];

            if (!is_honest(b) || strcmp(a->question, b->question) != 0)
                continue;
            g_assert_false(compare(a->answer, b->answer).copied);
            pairs++;
        }
    }
    g_test_message("%d honest answers, likeness to the model at most %d; %d pairs of them", n,
                   highest, pairs);
    g_assert_cmpint(n, >, 300);
    g_assert_cmpint(pairs, >, 1000);
}

/* ---- copies ---- */

struct pool {
    GPtrArray *words;    /* of all models */
    GStringChunk *texts; /* of the words */
    GRand *dice;
};

typedef void (*changer)(GPtrArray *words, const struct pool *pool);

static guint any(const GPtrArray *words, const struct pool *pool)
{
    return (guint)g_rand_int_range(pool->dice, 0, (int)words->len);
}

static gpointer any_word(const struct pool *pool)
{
    return pool->words->pdata[any(pool->words, pool)];
}

static void exchange(GPtrArray *words, const struct pool *pool)
{
    words->pdata[any(words, pool)] = any_word(pool);
}

static void leave_out(GPtrArray *words, const struct pool *pool)
{
    if (words->len > 1)
        g_ptr_array_remove_index(words, any(words, pool));
}

static void put_in(GPtrArray *words, const struct pool *pool)
{
    g_ptr_array_insert(words, (int)any(words, pool), any_word(pool));
}

static void move(GPtrArray *words, const struct pool *pool)
{
    guint from = any(words, pool), to = any(words, pool);
    gpointer word = words->pdata[from];

    g_ptr_array_remove_index(words, from);
    g_ptr_array_insert(words, (int)to, word);
}

/* Another particle or ending: the last syllable of a word. */
static void other_ending(GPtrArray *words, const struct pool *pool)
{
    static const char *const endings[] = {"는", "도", "에서", "해요", "으로", "고", "이에요", "함"};
    guint at = any(words, pool);
    const char *word = words->pdata[at], *end = word + strlen(word);

    if (g_utf8_strlen(word, -1) > 2)
        end = g_utf8_find_prev_char(word, end);
    g_autofree char *stem = g_strndup(word, (gsize)(end - word));
    g_autofree char *changed = g_strconcat(
        stem, endings[g_rand_int_range(pool->dice, 0, (int)G_N_ELEMENTS(endings))], NULL);
    words->pdata[at] = g_string_chunk_insert_const(pool->texts, changed);
}

static const struct {
    const char *name;
    changer change;
} ways[] = {{"exchanged", exchange},
            {"left out", leave_out},
            {"put in", put_in},
            {"moved", move},
            {"other ending", other_ending}};

static void add_words(GPtrArray *out, const struct pool *pool, const char *text)
{
    g_auto(GStrv) split = g_strsplit_set(text, " \n", -1);

    for (char **w = split; *w != NULL; w++) {
        if (**w != '\0')
            g_ptr_array_add(out, g_string_chunk_insert_const(pool->texts, *w));
    }
}

static char *copy_with(const char *model, int k, changer change, const struct pool *pool)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GString) out = g_string_new(NULL);

    add_words(words, pool, model);
    for (int i = 0; i < k; i++)
        change(words, pool);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(out, "%s ", (const char *)words->pdata[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static size_t letters(const char *text)
{
    size_t n = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        n += g_unichar_isalnum(g_utf8_get_char(p)) ? 1 : 0;
    return n;
}

/* Each model once; its words go into the pool. */
static GPtrArray *models_of(const GPtrArray *all, const struct pool *pool)
{
    GPtrArray *models = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < all->len; i++) {
        const struct item *a = all->pdata[i];

        for (guint m = 0; m < a->models->len; m++) {
            char *model = a->models->pdata[m];

            if (!g_hash_table_add(seen, model))
                continue;
            g_ptr_array_add(models, model);
            add_words(pool->words, pool, model);
        }
    }
    return models;
}

#define COPIES 6 /* of each model, for each way and number */

/* Percent of the copies of the models of from..to letters that are marked. */
static int marked(const GPtrArray *models, const struct pool *pool, const size_t bounds[2],
                  changer change, int k)
{
    int n = 0, found = 0;

    for (guint m = 0; m < models->len; m++) {
        size_t length = letters(models->pdata[m]);

        for (int turn = 0; turn < COPIES && length >= bounds[0] && length < bounds[1]; turn++) {
            g_autofree char *copy = copy_with(models->pdata[m], k, change, pool);

            found += compare(copy, models->pdata[m]).copied ? 1 : 0;
            n++;
        }
    }
    return n > 0 ? 100 * found / n : 0;
}

static void test_copies(void)
{
    static const int counts[] = {1, 2, 3, 4, 5, 6, 8, 10};
    static const size_t bounds[] = {FAIR_LONG, FAIR_LONGER, 10000};
    g_autoptr(GPtrArray) all = answers();
    struct pool pool = {.words = g_ptr_array_new(),
                        .texts = g_string_chunk_new(4096),
                        .dice = g_rand_new_with_seed(20281128)};
    g_autoptr(GPtrArray) models = models_of(all, &pool);

    for (size_t b = 0; b + 1 < G_N_ELEMENTS(bounds); b++) {
        g_test_message("models of %zu letters and more", bounds[b]);
        for (size_t w = 0; w < G_N_ELEMENTS(ways); w++) {
            g_autoptr(GString) line = g_string_new(ways[w].name);

            for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
                int percent = marked(models, &pool, &bounds[b], ways[w].change, counts[c]);

                g_string_append_printf(line, "  %d: %d%%", counts[c], percent);
                if (counts[c] <= (bounds[b] == FAIR_LONG ? 1 : 5))
                    g_assert_cmpint(percent, >=, 98);
            }
            g_test_message("%s", line->str);
        }
    }
    g_ptr_array_unref(pool.words);
    g_string_chunk_free(pool.texts);
    g_rand_free(pool.dice);
}

/* What is copied from the model by its first half is an excerpt when it is long enough. */
static void test_excerpts(void)
{
    g_autoptr(GPtrArray) all = answers();
    int n = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct item *a = all->pdata[i];

        if (strcmp(a->kind, "first_half") == 0 && letters(a->answer) >= FAIR_LONG) {
            g_assert_true(compare(a->answer, a->models->pdata[0]).copied);
            n++;
        }
    }
    g_assert_cmpint(n, >, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/likeness/honest", test_honest);
    g_test_add_func("/likeness/copies", test_copies);
    g_test_add_func("/likeness/excerpts", test_excerpts);
    return g_test_run();
}
