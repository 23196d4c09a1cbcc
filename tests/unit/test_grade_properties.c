/*
 * What must hold of every question without any label: of the seed bank, of the
 * development questions, and of nearly all questions of two published banks.
 * Exceptions are printed.
 */
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "bank.h"
#include "embed.h"
#include "grade.h"

struct item {
    char *text;
    GPtrArray *models;
    struct bank_answer *answers;
};

struct set {
    const char *name;
    GPtrArray *items; /* struct item */
    struct grade_question *questions;
    grader *grader;
    int allowed; /* exceptions in a thousand */
};

static lexicon *lex;

static void item_free(gpointer data)
{
    struct item *it = data;
    g_ptr_array_unref(it->models);
    g_free(it->answers);
    g_free(it->text);
    g_free(it);
}

static struct item *item_new(struct set *s, const char *text)
{
    struct item *it = g_new0(struct item, 1);
    it->text = g_strdup(text);
    it->models = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(s->items, it);
    return it;
}

static size_t letters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        n += g_unichar_isalpha(g_utf8_get_char(text)) ? 1 : 0;
    return n;
}

static char *source(const char *path)
{
    const char *root = g_getenv("TEST_SOURCE");
    return g_build_filename(root != NULL ? root : ".", path, NULL);
}

static void read_lines(struct set *s, const char *path, const char *answers)
{
    g_autofree char *full = source(path);
    g_autofree char *data = NULL;
    g_assert_true(g_file_get_contents(full, &data, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(data != NULL ? data : "", "\n", -1);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line != NULL; line++) {
        json_auto_t *row = json_loads(*line, 0, NULL);
        const char *text = json_string_value(json_object_get(row, "question"));
        json_t *list = json_object_get(row, answers);
        if (text == NULL || *text == '\0' || json_array_size(list) == 0)
            continue;
        if (!g_hash_table_add(seen, g_strdup(text)))
            continue;
        struct item *it = item_new(s, text);
        for (size_t i = 0; i < json_array_size(list); i++)
            g_ptr_array_add(it->models, g_strdup(json_string_value(json_array_get(list, i))));
    }
    g_hash_table_destroy(seen);
}

static void read_seed(struct set *s)
{
    size_t len;
    const char *data = embed_get("virtualization.md", &len);
    bank_builder *b = bank_builder_new();
    bank_builder_add(b, "virtualization.md", NULL, 0, "seed", data, len);
    bank *seed = bank_builder_finish(b);
    for (size_t i = 0; i < bank_size(seed); i++) {
        const struct question *q = bank_at(seed, i);
        struct item *it = item_new(s, q->text);
        for (size_t k = 0; k < q->n_answers; k++)
            g_ptr_array_add(it->models, g_strdup(q->answers[k].text));
    }
    bank_free(seed);
}

static void compile(struct set *s)
{
    s->questions = g_new0(struct grade_question, s->items->len + 1);
    for (unsigned i = 0; i < s->items->len; i++) {
        struct item *it = s->items->pdata[i];
        it->answers = g_new0(struct bank_answer, it->models->len + 1);
        for (unsigned k = 0; k < it->models->len; k++)
            it->answers[k].text = it->models->pdata[k];
        s->questions[i] = (struct grade_question){
            .text = it->text, .answers = it->answers, .n_answers = it->models->len};
    }
    s->grader = grader_new(lex, s->questions, s->items->len);
}

static void set_clear(struct set *s)
{
    grader_free(s->grader);
    g_free(s->questions);
    g_ptr_array_unref(s->items);
}

/* Whether the model is long enough to tell, and no other question's. */
static bool counts(const struct set *s, unsigned at)
{
    const struct item *it = s->items->pdata[at];
    const char *model = it->models->pdata[it->models->len - 1];
    if (letters(model) < 40)
        return false;
    for (unsigned i = 0; i < s->items->len; i++) {
        const struct item *other = s->items->pdata[i];
        for (unsigned k = 0; i != at && k < other->models->len; k++)
            if (grade_likeness(other->models->pdata[k], model) > 800)
                return false;
    }
    return true;
}

static void check_sums(const struct grade_result *r)
{
    int weights = 0, earned = 0, cost = 0;
    for (size_t i = 0; i < r->n_points; i++) {
        weights += r->points[i].weight;
        earned += r->points[i].earned;
        g_assert_cmpint(r->points[i].earned, >=, 0);
        g_assert_cmpint(r->points[i].earned, <=, r->points[i].weight);
    }
    for (size_t i = 0; i < r->n_deductions; i++) {
        g_assert_cmpint(r->deductions[i].cost, >, 0);
        cost += r->deductions[i].cost;
    }
    g_assert_cmpint(weights, ==, 100);
    g_assert_cmpint(r->score, ==, MAX(earned - cost, 0));
}

static int score(const grade_sheet *s, const char *answer)
{
    struct grade_result *r = grade(s, answer);
    check_sums(r);
    int result = r->score;
    grade_result_free(r);
    return result;
}

/* ---- answers made of a model answer ---- */

static char *half(const char *text)
{
    glong n = g_utf8_strlen(text, -1);
    return g_utf8_substring(text, 0, n / 2);
}

static char *without_spaces(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            g_string_append_unichar(out, g_utf8_get_char(text));
    return g_string_free(out, FALSE);
}

/* A space inside every word. */
static char *torn(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p != '\0';) {
        const char *end = p;
        while (*end != '\0' && *end != ' ' && *end != '\n')
            end = g_utf8_next_char(end);
        glong n = g_utf8_strlen(p, end - p);
        const char *mid = n > 2 ? g_utf8_offset_to_pointer(p, n / 2) : end;
        g_string_append_len(out, p, mid - p);
        if (mid < end)
            g_string_append_c(out, ' ');
        g_string_append_len(out, mid, end - mid);
        if (*end != '\0')
            g_string_append_c(out, *end++);
        p = end;
    }
    return g_string_free(out, FALSE);
}

/* Four letters in a hundred mistyped: a final consonant, or a letter doubled. */
static char *mistyped(const char *text)
{
    static const unsigned finals[] = {0, 1, 4, 8, 16, 19, 21};
    GString *out = g_string_new(NULL);
    unsigned seed = 7;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        seed = seed * 1103515245u + 12345u;
        unsigned dice = (seed >> 16) % 100, which = (seed >> 8) % 7;
        if (dice < 4 && c >= 0xAC00 && c <= 0xD7A3)
            c = c - (c - 0xAC00) % 28 + finals[which];
        else if (dice < 4 && g_unichar_isalpha(c))
            g_string_append_unichar(out, c);
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* The model's sentences and lines, each a string. */
static GPtrArray *sentences(const char *text)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    const char *from = text;
    for (const char *p = text;; p++) {
        bool stop = *p == '\0' || *p == '\n' || ((*p == '.' || *p == '?') && p[1] == ' ');
        if (!stop)
            continue;
        const char *end = *p == '.' || *p == '?' ? p + 1 : p;
        g_autofree char *piece = g_strndup(from, (size_t)(end - from));
        if (*g_strstrip(piece) != '\0')
            g_ptr_array_add(out, g_strdup(piece));
        if (*p == '\0')
            return out;
        from = p + 1;
    }
}

/* ---- the properties ---- */

struct tally {
    int tried, failed;
};

static void note(struct tally *t, const char *what, const char *question, bool ok, int got)
{
    t->tried++;
    if (ok)
        return;
    t->failed++;
    g_autofree char *line = g_strdelimit(g_strndup(question, 60), "\n", ' ');
    g_autofree char *valid = g_utf8_make_valid(line, -1);
    printf("# %s: %d for: %s\n", what, got, valid);
}

enum { VERBATIM, QUESTION, UNKNOWING, OTHER, HALF, CRAMMED, TORN, TYPOS, MORE, ORDER, NFD, KINDS };
static const char *const kinds[KINDS] = {
    "model verbatim >= 95",       "question repeated <= 5", "not knowing = 0",
    "another model <= 30",        "first half 40..90",      "no spaces loses <= 15",
    "torn words lose <= 15",      "4 % typos lose <= 5",    "one sentence more never lowers",
    "order of items is the same", "NFD is the same",
};

static void check_growing(struct tally *t, const grade_sheet *s, const struct item *it,
                          const char *model)
{
    g_autoptr(GPtrArray) all = sentences(model);
    g_autoptr(GString) text = g_string_new(NULL);
    int before = 0;
    for (unsigned i = 0; i < all->len && i < 30; i++) {
        g_string_append(text, all->pdata[i]);
        g_string_append_c(text, '\n');
        int now = score(s, text->str);
        note(&t[MORE], kinds[MORE], it->text, now >= before, now - before);
        before = now;
    }
    if (all->len < 2)
        return;
    g_autoptr(GString) turned = g_string_new(NULL);
    g_string_truncate(text, 0);
    for (unsigned i = 0; i < all->len; i++) {
        g_string_append_printf(text, "%s\n", (const char *)all->pdata[i]);
        g_string_append_printf(turned, "%s\n", (const char *)all->pdata[all->len - 1 - i]);
    }
    int a = score(s, text->str), b = score(s, turned->str);
    note(&t[ORDER], kinds[ORDER], it->text, ABS(a - b) <= 2, b - a);
}

static void check_item(struct tally *t, const struct set *set, unsigned at)
{
    static const char *const unknowing[] = {"모르겠습니다",
                                            "잘 모르겠어요",
                                            "기억이 안 나요",
                                            "패스할게요",
                                            "아직 공부 안 했습니다",
                                            "처음 들어봐요",
                                            "I don't know",
                                            "no idea",
                                            "",
                                            "몰라요 ㅠㅠ",
                                            "답을 못 하겠네요",
                                            "모르겠는데요 다음 문제 주세요"};
    const struct item *it = set->items->pdata[at];
    grade_sheet *s = grade_sheet_new(set->grader, &set->questions[at]);
    const char *model = it->models->pdata[it->models->len - 1];
    for (unsigned i = 0; i < it->models->len; i++) {
        int got = score(s, it->models->pdata[i]);
        note(&t[VERBATIM], kinds[VERBATIM], it->text, got >= 95, got);
    }
    int got = score(s, it->text);
    note(&t[QUESTION], kinds[QUESTION], it->text, got <= 5, got);
    for (size_t i = 0; i < G_N_ELEMENTS(unknowing); i++) {
        got = score(s, unknowing[i]);
        note(&t[UNKNOWING], kinds[UNKNOWING], it->text, got == 0, got);
    }
    const struct item *other = set->items->pdata[(at + 5) % set->items->len];
    if (other != it && counts(set, (at + 5) % set->items->len)) {
        got = score(s, other->models->pdata[0]);
        note(&t[OTHER], kinds[OTHER], it->text, got <= 30, got);
    }
    g_autofree char *first = half(model);
    g_autofree char *cramped = without_spaces(model);
    g_autofree char *wide = torn(model);
    g_autofree char *sloppy = mistyped(model);
    got = score(s, first);
    note(&t[HALF], kinds[HALF], it->text, got >= 40 && got <= 90, got);
    g_autofree char *nfd = g_utf8_normalize(first, -1, G_NORMALIZE_NFD);
    note(&t[NFD], kinds[NFD], it->text, nfd == NULL || score(s, nfd) == got, got);
    got = score(s, cramped);
    note(&t[CRAMMED], kinds[CRAMMED], it->text, got >= 85, got);
    got = score(s, wide);
    note(&t[TORN], kinds[TORN], it->text, got >= 85, got);
    got = score(s, sloppy);
    note(&t[TYPOS], kinds[TYPOS], it->text, got >= 95, got);
    check_growing(t, s, it, model);
    grade_sheet_free(s);
}

static void run_set(struct set *set)
{
    struct tally t[KINDS] = {{0, 0}};
    int used = 0;
    compile(set);
    for (unsigned i = 0; i < set->items->len; i++) {
        if (!counts(set, i))
            continue;
        used++;
        check_item(t, set, i);
    }
    g_test_message("%s: %d questions", set->name, used);
    g_assert_cmpint(used, >, 10);
    for (int k = 0; k < KINDS; k++) {
        g_test_message("  %-32s %d of %d fail", kinds[k], t[k].failed, t[k].tried);
        g_assert_cmpint(t[k].failed * 1000, <=, t[k].tried * set->allowed);
    }
    set_clear(set);
}

static void test_seed(void)
{
    struct set s = {.name = "seed", .items = g_ptr_array_new_with_free_func(item_free)};
    read_seed(&s);
    run_set(&s);
}

static void test_development(void)
{
    struct set s = {.name = "development", .items = g_ptr_array_new_with_free_func(item_free)};
    read_lines(&s, "tests/cases/grade/ko_dev.jsonl", "model");
    run_set(&s);
}

static void test_korean_bank(void)
{
    struct set s = {
        .name = "CS-study", .allowed = 10, .items = g_ptr_array_new_with_free_func(item_free)};
    read_lines(&s, "tests/cases/banks/Seogeurim__CS-study/expected.jsonl", "answers");
    run_set(&s);
}

static void test_english_bank(void)
{
    struct set s = {.name = "30-seconds-of-interviews",
                    .allowed = 10,
                    .items = g_ptr_array_new_with_free_func(item_free)};
    read_lines(&s, "tests/cases/banks/30-seconds__30-seconds-of-interviews/expected.jsonl",
               "answers");
    run_set(&s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    lex = embedded_lexicon();
    g_test_add_func("/grade/properties/seed", test_seed);
    g_test_add_func("/grade/properties/development", test_development);
    g_test_add_func("/grade/properties/korean-bank", test_korean_bank);
    g_test_add_func("/grade/properties/english-bank", test_english_bank);
    int result = g_test_run();
    lexicon_free(lex);
    return result;
}
