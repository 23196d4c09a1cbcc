/* The grade command. */
#include "cmd_grade.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "embed.h"

/* One distinct question with its models, and the sheet made of it. */
struct task {
    char *key;
    char *question;
    char **models;
    struct grade_question q;
    struct bank_answer *answers;
    grade_sheet *sheet;
};

struct batch {
    GPtrArray *answers; /* of char *, in order */
    GArray *task_of;    /* of unsigned */
    GPtrArray *tasks;
    GHashTable *by_key; /* task key -> index + 1 */
};

static void task_free(gpointer data)
{
    struct task *t = data;
    grade_sheet_free(t->sheet);
    g_strfreev(t->models);
    g_free(t->answers);
    g_free(t->question);
    g_free(t->key);
    g_free(t);
}

static struct task *task_new(char *key, const char *question, const json_t *model)
{
    struct task *t = g_new0(struct task, 1);
    size_t n = json_array_size(model), i;
    const json_t *m;
    t->key = key;
    t->question = g_strdup(question);
    t->models = g_new0(char *, n + 1);
    t->answers = g_new0(struct bank_answer, n + 1);
    json_array_foreach(model, i, m)
    {
        t->models[i] = g_strdup(json_string_value(m));
        t->answers[i].text = t->models[i];
    }
    t->q = (struct grade_question){.text = t->question, .answers = t->answers, .n_answers = n};
    return t;
}

/* The members of a line, or false. */
static bool read_members(json_t *line, const char **ret_question, json_t **ret_model,
                         const char **ret_answer)
{
    json_t *model = json_object_get(line, "model");
    const char *question = json_string_value(json_object_get(line, "question"));
    const char *answer = json_string_value(json_object_get(line, "answer"));
    if (question == NULL || answer == NULL || json_array_size(model) == 0)
        return false;
    size_t i;
    const json_t *m;
    json_array_foreach(model, i, m) if (!json_is_string(m)) return false;
    *ret_question = question;
    *ret_model = model;
    *ret_answer = answer;
    return true;
}

static bool take_line(struct batch *b, const char *text, size_t len)
{
    json_auto_t *line = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
    const char *question, *answer;
    json_t *model;
    if (!read_members(line, &question, &model, &answer))
        return false;
    char *models = json_dumps(model, JSON_COMPACT);
    char *key = g_strconcat(question, "\n", models, NULL);
    free(models);
    unsigned at = GPOINTER_TO_UINT(g_hash_table_lookup(b->by_key, key));
    if (at == 0) {
        g_ptr_array_add(b->tasks, task_new(key, question, model));
        at = b->tasks->len;
        g_hash_table_insert(b->by_key, key, GUINT_TO_POINTER(at));
    } else {
        g_free(key);
    }
    at--;
    g_array_append_val(b->task_of, at);
    g_ptr_array_add(b->answers, g_strdup(answer));
    return true;
}

/* Reads all of IN; gives the number of the first bad line, or 0. */
static int read_lines(struct batch *b, FILE *in)
{
    char *buffer = NULL;
    size_t room = 0;
    ssize_t len;
    int number = 0, bad = 0;
    while (bad == 0 && (len = getline(&buffer, &room, in)) >= 0) {
        number++;
        if (strspn(buffer, " \t\r\n") == (size_t)len)
            continue;
        if (!take_line(b, buffer, (size_t)len))
            bad = number;
    }
    free(buffer);
    return bad;
}

static json_t *words_json(const struct grade_point *p)
{
    json_t *words = json_array();
    for (size_t i = 0; i < p->n_words; i++) {
        g_autofree char *valid = g_utf8_make_valid(p->words[i], -1);
        json_array_append_new(words, json_string(valid));
    }
    return words;
}

static json_t *result_json(const struct grade_result *r)
{
    json_t *points = json_array(), *deductions = json_array();
    for (size_t i = 0; i < r->n_points; i++) {
        const struct grade_point *p = &r->points[i];
        json_array_append_new(points,
                              json_pack("{s:s, s:i, s:i, s:o}", "text", p->text, "weight",
                                        p->weight, "earned", p->earned, "words", words_json(p)));
    }
    for (size_t i = 0; i < r->n_deductions; i++) {
        const struct grade_deduction *d = &r->deductions[i];

        json_array_append_new(deductions,
                              json_pack("{s:s, s:i}", "reason", d->key, "cost", d->cost));
    }
    return json_pack("{s:i, s:o, s:o, s:I}", "score", r->score, "points", points, "deductions",
                     deductions, "model", (json_int_t)r->model);
}

static void write_line(const struct batch *b, size_t i, const grader *g, FILE *out)
{
    struct task *t = b->tasks->pdata[g_array_index(b->task_of, unsigned, i)];
    if (t->sheet == NULL)
        t->sheet = grade_sheet_new(g, &t->q);
    struct grade_result *r = grade(t->sheet, b->answers->pdata[i]);
    json_auto_t *line = result_json(r);
    json_dumpf(line, out, JSON_COMPACT);
    fputc('\n', out);
    grade_result_free(r);
}

static grader *grader_of_bank(const lexicon *lex, const bank *from)
{
    size_t n = bank_size(from);
    g_autofree struct grade_question *q = g_new0(struct grade_question, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct question *at = bank_at(from, i);
        q[i] = (struct grade_question){.text = at->text,
                                       .context = at->context,
                                       .answers = at->answers,
                                       .n_answers = at->n_answers,
                                       .open_ended = at->open_ended};
    }
    return grader_new(lex, q, n);
}

static grader *grader_of_batch(const lexicon *lex, const struct batch *b)
{
    g_autofree struct grade_question *q = g_new0(struct grade_question, b->tasks->len + 1);
    for (unsigned i = 0; i < b->tasks->len; i++)
        q[i] = ((struct task *)b->tasks->pdata[i])->q;
    return grader_new(lex, q, b->tasks->len);
}

int cmd_grade(const lexicon *lex, const bank *from, FILE *in, FILE *out, FILE *err)
{
    struct batch b = {.answers = g_ptr_array_new_with_free_func(g_free),
                      .task_of = g_array_new(FALSE, FALSE, sizeof(unsigned)),
                      .tasks = g_ptr_array_new_with_free_func(task_free),
                      .by_key = g_hash_table_new(g_str_hash, g_str_equal)};
    int bad = read_lines(&b, in);
    grader *g = from != NULL ? grader_of_bank(lex, from) : grader_of_batch(lex, &b);
    for (unsigned i = 0; i < b.answers->len; i++)
        write_line(&b, i, g, out);
    if (bad > 0)
        fprintf(err, "line %d: not an object with \"question\", \"model\" and \"answer\"\n", bad);
    g_hash_table_destroy(b.by_key);
    g_ptr_array_unref(b.tasks);
    g_ptr_array_unref(b.answers);
    g_array_free(b.task_of, TRUE);
    grader_free(g);
    bool failed = fflush(out) != 0 || ferror(out) != 0;
    if (failed)
        fprintf(err, "cannot write the grades\n");
    return bad > 0 || failed ? 1 : 0;
}

void add_embedded_tables(lexicon *lex)
{
    for (const struct embed_file *f = embed_files; f->name != NULL; f++)
        if (g_str_has_prefix(f->name, "aliases/"))
            lexicon_add(lex, f->name, f->start, (size_t)(f->end - f->start));
}

lexicon *embedded_lexicon(void)
{
    size_t len;
    return lexicon_of_image(embed_get("lexicon.image", &len));
}
