/*
 * The importer on folders of input and expected output: tests/cases/bank/NAME/
 * has input.md, or a folder input/, and expected.txt. With UPDATE_CASES set in
 * the environment the expected files are written instead of compared.
 */
#include "bank.h"
#include "bank_files.h"

#include <glib.h>
#include <string.h>

static void add_file(void *ctx, const char *name, const char *const *folders, size_t n_folders,
                     const char *fallback, const char *data, size_t len)
{
    bank_builder_add(ctx, name, folders, n_folders, fallback, data, len);
}

static void add_problem(void *ctx, const char *name, const char *key, const char *arg)
{
    bank_builder_problem(ctx, BANK_ERROR, name, 0, key, arg);
}

static bank *load(const char *path)
{
    bank_builder *b = bank_builder_new();
    struct bank_files_sink sink = {add_file, add_problem, b};

    bank_files_read(path, &sink);
    return bank_builder_finish(b);
}

/* A field, its further lines indented. */
static void field(GString *out, const char *name, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);

    g_string_append_printf(out, "%s: %s\n", name, lines[0] != NULL ? lines[0] : "");
    for (size_t i = 1; lines[0] != NULL && lines[i] != NULL; i++)
        g_string_append_printf(out, "    %s\n", lines[i]);
    g_strfreev(lines);
}

static void parts(GString *out, const struct bank_part *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].code)
            g_string_append_printf(out, "code: part %zu %s\n", i + 1, list[i].lang);
}

static void question(GString *out, const struct question *q, const char *base)
{
    char *path = g_strjoinv(" > ", (char **)(void *)(uintptr_t)q->topics);

    g_string_append_printf(out, "\n[%s:%d] %s\n", q->file + strlen(base), q->line, path);
    g_free(path);
    field(out, "question", q->text);
    if (q->context != NULL)
        field(out, "context", q->context);
    parts(out, q->context_parts, q->n_context_parts);
    if (q->parent != NULL)
        g_string_append_printf(out, "follows: %d\n", q->parent->line);
    for (size_t i = 0; i < q->n_answers; i++) {
        field(out, "answer", q->answers[i].text);
        parts(out, q->answers[i].parts, q->answers[i].n_parts);
    }
    for (size_t i = 0; i < q->n_notes; i++)
        field(out, "note", q->notes[i]);
    if (q->hint != NULL)
        field(out, "hint", q->hint);
}

/* The bank as the expected files show it: a *new* string. */
static char *dump(const bank *all, const char *base)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < bank_problem_count(all); i++) {
        const struct bank_problem *p = bank_problem_at(all, i);
        const char *arg = p->arg != NULL ? p->arg : "";

        if (g_str_has_prefix(arg,
                             base)) /* a twin is named by its place, wherever the tests stand */
            arg += strlen(base);
        g_string_append_printf(out, "! %s:%d %s%s%s\n", p->file + strlen(base), p->line, p->key,
                               arg[0] != '\0' ? " " : "", arg);
    }
    for (size_t i = 0; i < bank_size(all); i++)
        question(out, bank_at(all, i), base);
    return g_string_free(out, FALSE);
}

static char *input_of(const char *folder)
{
    char *path = g_build_filename(folder, "input.md", NULL);

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_free(path);
    return g_build_filename(folder, "input", NULL);
}

static void test_case(gconstpointer data)
{
    const char *folder = data;
    char *input = input_of(folder), *expected = g_build_filename(folder, "expected.txt", NULL),
         *want = NULL;
    bank *all = load(input);
    char *got = dump(all, folder);

    if (g_getenv("UPDATE_CASES") != NULL) {
        g_assert_true(g_file_set_contents(expected, got, -1, NULL));
    } else {
        g_assert_true(g_file_get_contents(expected, &want, NULL, NULL));
        g_assert_cmpstr(got, ==, want);
    }
    g_free(want);
    g_free(got);
    g_free(input);
    g_free(expected);
    bank_free(all);
}

static void free_data(gpointer data)
{
    g_free(data);
}

static void add_cases(const char *root)
{
    GDir *dir = g_dir_open(root, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *test = g_strdup_printf("/bank/case/%s", name);
        g_test_add_data_func_full(test, g_build_filename(root, name, NULL), test_case, free_data);
        g_free(test);
    }
    if (dir != NULL)
        g_dir_close(dir);
}

int main(int argc, char **argv)
{
    const char *source = g_getenv("TEST_SOURCE");
    char *root;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    root = g_build_filename(source != NULL ? source : ".", "tests/cases/bank", NULL);
    add_cases(root);
    g_free(root);
    return g_test_run();
}
