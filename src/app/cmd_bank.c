/* The commands over a bank: export, list, show. */
#include "cmd_bank.h"

#include "bank_files.h"
#include "commands.h"
#include "embed.h"
#include "text.h"

#include <glib.h>
#include <jansson.h>
#include <string.h>

enum { DONE = 0, FAILED = 1, WRONG_USE = 2 };
enum { PRINT_AT_ONCE = 64 * 1024 };

/* ---- loading ---- */

static void add_file(void *ctx, const char *name, const char *const *folders, size_t n_folders,
                     const char *fallback, const char *data, size_t len)
{
    bank_builder_add(ctx, name, folders, n_folders, fallback, data, len);
}

static void add_problem(void *ctx, const char *name, const char *key, const char *arg)
{
    bank_builder_problem(ctx, BANK_ERROR, name, 0, key, arg);
}

static void add_seed(bank_builder *b)
{
    for (const struct embed_file *f = embed_files; f->name != NULL; f++) {
        char *fallback;
        if (!g_str_has_suffix(f->name, ".md"))
            continue;
        fallback = g_strndup(f->name, strlen(f->name) - strlen(".md"));
        bank_builder_add(b, f->name, NULL, 0, fallback, f->start, (size_t)(f->end - f->start));
        g_free(fallback);
    }
}

bank *cmd_bank_load(const char *const *paths, size_t n_paths)
{
    bank_builder *b = bank_builder_new();
    struct bank_files_sink sink = {.file = add_file, .problem = add_problem, .ctx = b};

    for (size_t i = 0; i < n_paths; i++)
        bank_files_read(paths[i], &sink);
    if (n_paths == 0)
        add_seed(b);
    return bank_builder_finish(b);
}

/* ---- problems ---- */

/* The embedded English texts of problems: key -> text. A *new* table. */
static GHashTable *problem_texts(void)
{
    GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    size_t len;
    const char *all = embed_get("text/problems.en.txt", &len);
    char **lines = g_strsplit(all != NULL ? all : "", "\n", -1);

    for (size_t i = 0; lines[i] != NULL; i++) {
        char *equals = strstr(lines[i], " = ");
        if (equals != NULL && g_str_has_prefix(lines[i], "problem."))
            g_hash_table_insert(texts, g_strndup(lines[i] + 8, (gsize)(equals - lines[i] - 8)),
                                g_strdup(equals + 3));
    }
    g_strfreev(lines);
    return texts;
}

/* TEXT with ARG in place of {arg}, on one line. */
static void append_text(GString *out, const char *text, const char *arg)
{
    const char *hole = strstr(text, "{arg}");
    size_t at = out->len;

    if (hole == NULL) {
        g_string_append(out, text);
        return;
    }
    g_string_append_len(out, text, hole - text);
    g_string_append(out, arg != NULL ? arg : "");
    g_string_append(out, hole + strlen("{arg}"));
    for (; at < out->len; at++)
        if (out->str[at] == '\n')
            out->str[at] = ' ';
}

static void append_problem(GString *out, const struct bank_problem *p, GHashTable *texts)
{
    const char *text = g_hash_table_lookup(texts, p->key);

    /* What concerns the whole file is told of its first line: editors jump there. */
    GString *line = g_string_new(NULL);

    g_string_append_printf(line, "%s:%d: ", p->file, MAX(p->line, 1));
    append_text(line, text != NULL ? text : p->key, p->arg);
    g_autofree char *clean = text_clean_line(line->str, line->len);
    g_string_append_printf(out, "%s\n", clean);
    g_string_free(line, TRUE);
}

char *cmd_bank_first_error(const bank *all)
{
    for (size_t i = 0; i < bank_problem_count(all); i++) {
        const struct bank_problem *p = bank_problem_at(all, i);

        if (p->severity == BANK_ERROR) {
            GHashTable *texts = problem_texts();
            GString *out = g_string_new(NULL);

            append_problem(out, p, texts);
            g_hash_table_destroy(texts);
            return g_strchomp(g_string_free(out, FALSE));
        }
    }
    return NULL;
}

size_t cmd_bank_problems(const bank *all, FILE *to)
{
    GHashTable *texts = problem_texts();
    GString *out = g_string_new(NULL); /* standard error is not buffered */
    size_t errors = 0;

    for (size_t i = 0; i < bank_problem_count(all); i++) {
        const struct bank_problem *p = bank_problem_at(all, i);

        append_problem(out, p, texts);
        errors += p->severity == BANK_ERROR;
        if (out->len > PRINT_AT_ONCE) {
            fwrite(out->str, 1, out->len, to);
            g_string_truncate(out, 0);
        }
    }
    fwrite(out->str, 1, out->len, to);
    g_string_free(out, TRUE);
    g_hash_table_destroy(texts);
    return errors;
}

/* ---- export ---- */

static json_t *text_list(const char *const *texts, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *answer_list(const struct question *q)
{
    json_t *list = json_array();

    for (size_t i = 0; i < q->n_answers; i++)
        json_array_append_new(list, json_string(q->answers[i].text));
    return list;
}

static json_t *question_json(const struct question *q)
{
    json_t *o = json_object();

    json_object_set_new(o, "file", json_string(q->file));
    json_object_set_new(o, "line", json_integer(q->line));
    json_object_set_new(o, "id", json_string(q->id));
    json_object_set_new(o, "topic", json_string(q->topic));
    json_object_set_new(o, "topics", text_list(q->topics, q->n_topics));
    json_object_set_new(o, "question", json_string(q->text));
    json_object_set_new(o, "answers", answer_list(q));
    json_object_set_new(o, "notes", text_list(q->notes, q->n_notes));
    if (q->context != NULL)
        json_object_set_new(o, "context", json_string(q->context));
    if (q->parent != NULL)
        json_object_set_new(o, "parent", json_string(q->parent->id));
    return o;
}

static void export_question(const struct question *q, FILE *out)
{
    json_t *o = question_json(q);

    json_dumpf(o, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(o);
}

/* A file without a question is an error only when nothing else was named. */
static bool is_empty_alone(const bank *all, size_t n_paths)
{
    return bank_size(all) == 0 && n_paths == 1;
}

static int export_bank(const bank *all, const char *const *paths, size_t n_paths, FILE *out,
                       FILE *err)
{
    size_t errors;

    for (size_t i = 0; i < bank_size(all); i++)
        export_question(bank_at(all, i), out);
    errors = cmd_bank_problems(all, err);
    if (is_empty_alone(all, n_paths) && errors == 0) {
        command_say(err, "%s:1: no question found", paths[0]);
        errors++;
    }
    return errors > 0 ? FAILED : DONE;
}

/* ---- list and show ---- */

static int list_bank(const bank *all, FILE *out, FILE *err)
{
    for (size_t i = 0; i < bank_size(all); i++) {
        const struct question *q = bank_at(all, i);
        char *line = g_strdelimit(g_strdup(q->text), "\n", ' ');

        fprintf(out, "%s\t%s\t%s%s\n", q->id, q->topic, line, q->n_answers == 0 ? " (-)" : "");
        g_free(line);
    }
    return cmd_bank_problems(all, err) > 0 ? FAILED : DONE;
}

static int show_question(const bank *all, const char *id, FILE *out, FILE *err)
{
    const struct question *q = bank_find(all, id);

    if (q == NULL) {
        command_say(err, "no question has the id %s", id);
        return FAILED;
    }
    command_say(out, "%s  %s:%d", q->id, q->file, q->line);
    fprintf(out, "%s\n", q->topic);
    fprintf(out, "\n%s\n", q->text);
    if (q->context != NULL)
        fprintf(out, "\n%s\n", q->context);
    for (size_t i = 0; i < q->n_answers; i++)
        fprintf(out, "\n[%zu]\n%s\n", i + 1, q->answers[i].text);
    for (size_t i = 0; i < q->n_notes; i++)
        fprintf(out, "\n+) %s\n", q->notes[i]);
    return DONE;
}

int cmd_bank(int argc, char **argv, const char *const *paths, size_t n_paths, FILE *out, FILE *err)
{
    bool export = argc > 0 && strcmp(argv[0], "export") == 0;
    bool list = argc == 1 && strcmp(argv[0], "list") == 0;
    bool show = argc == 2 && strcmp(argv[0], "show") == 0;
    int status;
    bank *all;

    if (!export && !list && !show) {
        fputs("usage: interviewd bank export [PATH...] | list | show ID\n", err);
        return WRONG_USE;
    }
    if (export && argc > 1) {
        paths = (const char *const *)(argv + 1);
        n_paths = (size_t)(argc - 1);
    }
    all = cmd_bank_load(paths, n_paths);
    if (export)
        status = export_bank(all, paths, n_paths, out, err);
    else if (list)
        status = list_bank(all, out, err);
    else
        status = show_question(all, argv[1], out, err);
    bank_free(all);
    return status;
}
