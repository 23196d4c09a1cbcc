/*
 * Any question, model answer and answer (parts of the input, split at NUL), and
 * any alias table: never a crash, always sums that are exact, the same result
 * twice.
 */
#include "grade.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_result(const struct grade_result *r, size_t models)
{
    int weights = 0, earned = 0, cost = 0;
    for (size_t i = 0; i < r->n_points; i++) {
        const struct grade_point *p = &r->points[i];
        check(p->earned >= 0 && p->earned <= p->weight && p->text != NULL);
        weights += p->weight;
        earned += p->earned;
        for (size_t w = 0; w < p->n_words; w++)
            check(p->words[w] != NULL);
    }
    for (size_t i = 0; i < r->n_deductions; i++) {
        check(r->deductions[i].cost > 0);
        cost += r->deductions[i].cost;
    }
    check(weights == 100 && r->score == MAX(earned - cost, 0) && r->score <= 100);
    check(r->model < models);
}

/* The next part up to a NUL: *new*. */
static char *next_part(const uint8_t **data, size_t *size)
{
    const uint8_t *nul = memchr(*data, 0, *size);
    size_t n = nul != NULL ? (size_t)(nul - *data) : *size;
    char *part = g_strndup((const char *)*data, n);
    size_t skip = MIN(n + 1, *size);
    *data += skip;
    *size -= skip;
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *part[5];
    for (size_t i = 0; i < 5; i++)
        part[i] = next_part(&data, &size);
    lexicon *lex = lexicon_new();
    lexicon_add(lex, "fuzz.tsv", part[4], strlen(part[4]));
    lexicon_finish(lex);
    /* what follows the first line of the second model answer is code */
    const char *line = strchr(part[2], '\n');
    struct bank_part code = {.code = true, .text = line != NULL ? line + 1 : ""};
    struct bank_answer answers[2] = {{.text = part[1]},
                                     {.text = part[2], .parts = &code, .n_parts = 1}};
    struct grade_question q = {.text = part[0], .answers = answers, .n_answers = 2};
    grader *g = grader_new(lex, &q, 1);
    grade_sheet *s = grade_sheet_new(g, &q);
    struct grade_result *a = grade(s, part[3]), *b = grade(s, part[3]);
    check_result(a, 2);
    check(a->score == b->score && a->n_deductions == b->n_deductions);
    for (size_t m = 0; m < 2; m++)
        for (size_t i = 0; i < grade_sheet_points(s, m); i++)
            g_free(grade_sheet_hint(s, m, i));
    int like = grade_likeness(part[1], part[3]);
    check(like >= 0 && like <= 1000);
    g_free(lexicon_key(lex, part[3]));
    grade_result_free(a);
    grade_result_free(b);
    grade_sheet_free(s);
    grader_free(g);
    lexicon_free(lex);
    for (size_t i = 0; i < 5; i++)
        g_free(part[i]);
    return 0;
}
