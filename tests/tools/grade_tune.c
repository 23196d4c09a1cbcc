/*
 * Grades a file of JSON lines with other constants than the built-in ones, for
 * tests/tools/ablation.py and for whoever tunes. Built by that script.
 *
 *   grade_tune FILE            for each line of `name=value ...` on standard input one line of
 * scores grade_tune FILE ID...      shows how the answers whose id begins so were read
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "core/grade_internal.h"

#define CONSTANT(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct grade_tuning, name)                                                 \
    }
static const struct {
    const char *name;
    size_t at;
} constants[] = {
    CONSTANT(in_question),  CONSTANT(parts),        CONSTANT(again),         CONSTANT(light),
    CONSTANT(faint),        CONSTANT(label),        CONSTANT(unit_least),    CONSTANT(unit_full),
    CONSTANT(unit_floor),   CONSTANT(units_asked),  CONSTANT(one_word),      CONSTANT(two_words),
    CONSTANT(reach),        CONSTANT(strewn),       CONSTANT(recall_share),  CONSTANT(recall_full),
    CONSTANT(stray),        CONSTANT(precise),      CONSTANT(precise_below), CONSTANT(asked_share),
    CONSTANT(unit_power),   CONSTANT(clash),        CONSTANT(weak),          CONSTANT(outright),
    CONSTANT(turned),       CONSTANT(turned_least), CONSTANT(clash_cost),    CONSTANT(fuzzy_least),
    CONSTANT(swap_share),   CONSTANT(swap_cost),    CONSTANT(crossed),       CONSTANT(gram_share),
    CONSTANT(latin_grams),  CONSTANT(latin_recall), CONSTANT(gram_base),     CONSTANT(gram_full),
    CONSTANT(list_grammar), CONSTANT(list_keep),    CONSTANT(list_most),     CONSTANT(other_share),
    CONSTANT(other_keep),   CONSTANT(off),          CONSTANT(reverse_cost),  CONSTANT(number_cost),
};

struct row {
    json_t *json;
    size_t question;
};

static GArray *rows, *questions; /* struct row, struct grade_question */

static void read_rows(const char *path)
{
    rows = g_array_new(FALSE, FALSE, sizeof(struct row));
    questions = g_array_new(FALSE, FALSE, sizeof(struct grade_question));
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    while (f != NULL && getline(&line, &room, f) > 0) {
        struct row r = {.json = json_loads(line, 0, NULL)};
        if (r.json == NULL)
            continue;
        const char *text = json_string_value(json_object_get(r.json, "question"));
        size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(seen, text));
        if (at == 0) {
            json_t *model = json_object_get(r.json, "model");
            size_t n = json_array_size(model);
            struct bank_answer *answers = g_new0(struct bank_answer, n + 1);
            for (size_t i = 0; i < n; i++)
                answers[i].text = json_string_value(json_array_get(model, i));
            struct grade_question q = {.text = text, .answers = answers, .n_answers = n};
            g_array_append_val(questions, q);
            at = questions->len;
            g_hash_table_insert(seen, g_strdup(text), GSIZE_TO_POINTER(at));
        }
        r.question = at - 1;
        g_array_append_val(rows, r);
    }
    free(line);
    if (f != NULL)
        fclose(f);
}

static void set_constants(struct grade_tuning *t, char *line)
{
    for (char *p = strtok(line, " \n"); p != NULL; p = strtok(NULL, " \n")) {
        char *value = strchr(p, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        if (strncmp(p, "curve", 5) == 0 && p[5] >= '0' && p[5] < '5')
            t->curve[p[5] - '0'] = atoi(value);
        for (size_t i = 0; i < G_N_ELEMENTS(constants); i++)
            if (strcmp(constants[i].name, p) == 0)
                *(int *)(void *)((char *)t + constants[i].at) = atoi(value);
    }
}

static void score_all(const lexicon *lex, char *line)
{
    struct grade_tuning tune = grade_tuning_default;
    set_constants(&tune, line);
    const struct grade_question *q = (const struct grade_question *)(void *)questions->data;
    lexicon *none = lexicon_new();
    lexicon_finish(none);
    grader *g = grader_new_tuned(tune.off & RULE_ALIASES ? none : lex, q, questions->len, &tune);
    grade_sheet **sheet = g_new0(grade_sheet *, questions->len);
    for (unsigned i = 0; i < questions->len; i++)
        sheet[i] = grade_sheet_new(g, &q[i]);
    for (unsigned i = 0; i < rows->len; i++) {
        const struct row *r = &g_array_index(rows, struct row, i);
        struct grade_result *result =
            grade(sheet[r->question], json_string_value(json_object_get(r->json, "answer")));
        printf("%d ", result->score);
        grade_result_free(result);
    }
    printf("\n");
    fflush(stdout);
    for (unsigned i = 0; i < questions->len; i++)
        grade_sheet_free(sheet[i]);
    g_free(sheet);
    grader_free(g);
    lexicon_free(none);
}

/* ---- how an answer was read ---- */

static void show_stem(const uint32_t *s, size_t n, int sign, unsigned neg)
{
    for (size_t i = 0; i < n; i++) {
        char utf8[8];
        utf8[g_unichar_to_utf8(s[i], utf8)] = '\0';
        printf("%s", utf8);
    }
    printf("%s%s", sign > 0 ? "+" : sign < 0 ? "-" : "", neg == NEG_STRONG ? "!" : neg ? "~" : "");
}

static void show_units(const struct model *m, const struct outcome *o, const struct gtokens *a)
{
    for (size_t u = 0; u < m->n_units; u++) {
        printf("   fact %zu of point %u: %d\n     ", u, m->units[u].point, o->unit[u]);
        for (size_t t = m->units[u].first; t < (size_t)m->units[u].first + m->units[u].n; t++) {
            const struct term *term = &m->terms[t];
            printf(" ");
            show_stem(m->tokens.pool + term->stem, term->stem_n, term->sign, term->neg);
            printf("(%d)", term->weight);
            if (o->by[t] < 0)
                continue;
            const struct gtoken *k = &a->t[o->by[t]];
            printf("=%d%s%s%s[", o->match[t], o->flag[t] & HIT_CROSSED ? "X" : "",
                   o->flag[t] & HIT_CLASH ? "CLASH" : "", o->flag[t] & HIT_WEAK ? "w" : "");
            show_stem(a->pool + k->stem, k->stem_n, k->sign, k->neg);
            printf("]");
        }
        printf("\n");
    }
}

static void explain(const grader *g, const struct row *r)
{
    const struct grade_question *q = &g_array_index(questions, struct grade_question, r->question);
    const char *answer = json_string_value(json_object_get(r->json, "answer"));
    grade_sheet *s = grade_sheet_new(g, q);
    struct grade_result *result = grade(s, answer);
    struct gtokens a;
    gtokens_init(&a, g->lex, NULL, answer, strlen(answer));
    printf("== %s\n   %s\n   grade %lld, score %d\n", q->text, answer,
           (long long)json_integer_value(json_object_get(r->json, "grade")), result->score);
    for (size_t i = 0; i < result->n_deductions; i++)
        printf("   -%d %s \"%s\"\n", result->deductions[i].cost, result->deductions[i].key,
               result->deductions[i].arg != NULL ? result->deductions[i].arg : "");
    const struct model *m = &s->models[result->model];
    struct outcome o;
    struct reading reading;
    struct arena *arena = arena_new();
    reading_init(&reading, arena, s, &a);
    outcome_fill(&o, &reading, result->model);
    printf("   raw %d, straight %lld, crossed %lld, sides:", o.raw, (long long)o.straight,
           (long long)o.crossed);
    for (size_t j = 0; j < m->heads.n; j++)
        for (size_t i = 0; i < m->tokens.n; i++) {
            const struct gtoken *t = &m->tokens.t[i];
            if (t->key != m->heads.k[j].key || t->sign != m->heads.k[j].sign)
                continue;
            printf(" %u:", m->heads.k[j].head);
            show_stem(m->tokens.pool + t->stem, t->stem_n, t->sign, 0);
            break;
        }
    printf("\n");
    show_units(m, &o, &a);
    uint8_t *head = g_new0(uint8_t, a.n + 1);
    heads_assign(&m->heads, &a, head);
    printf("   words:");
    for (size_t i = 0; i < a.n; i++) {
        printf(token_content(&a.t[i]) ? " " : " -");
        show_stem(a.pool + a.t[i].stem, a.t[i].stem_n, a.t[i].sign, a.t[i].neg);
        printf(head[i] == HEAD_NONE ? "" : "/%u", head[i]);
    }
    printf("\n");
    g_free(head);
    arena_free(arena);
    gtokens_clear(&a);
    grade_result_free(result);
    grade_sheet_free(s);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: grade_tune FILE [ID...]\n");
        return 2;
    }
    read_rows(argv[1]);
    lexicon *lex = embedded_lexicon();
    if (argc == 2) {
        char *line = NULL;
        size_t room = 0;
        while (getline(&line, &room, stdin) > 0)
            score_all(lex, line);
        free(line);
        return 0;
    }
    grader *g =
        grader_new(lex, (const struct grade_question *)(void *)questions->data, questions->len);
    for (unsigned i = 0; i < rows->len; i++) {
        const struct row *r = &g_array_index(rows, struct row, i);
        const char *id = json_string_value(json_object_get(r->json, "id"));
        for (int k = 2; k < argc; k++)
            if (id != NULL && strncmp(id, argv[k], strlen(argv[k])) == 0)
                explain(g, r);
    }
    grader_free(g);
    lexicon_free(lex);
    return 0;
}
