/*
 * Answers graded in a second, by length and language; microseconds a stage; the
 * lexicon; the statistics of a large bank. Processor time, so that a busy
 * machine tells the same.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/cmd_grade.h"
#include "bank.h"
#include "core/grade_internal.h"
#include "embed.h"

enum { RUNS = 7, QUESTIONS = 10000 };

/* Microseconds that this process has worked. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints the RUNS values of V, which it sorts, as a row. */
static void row(const char *name, const char *unit, double *v, const char *note)
{
    qsort(v, RUNS, sizeof *v, by_size);
    printf("{\"bench\": \"grade\", \"name\": \"%s\", \"unit\": \"%s\", \"median\": %.3f, "
           "\"min\": %.3f, \"max\": %.3f, \"runs\": %d, \"note\": \"%s\"}\n",
           name, unit, v[RUNS / 2], v[0], v[RUNS - 1], RUNS, note);
    fflush(stdout);
}

static long anonymous_kib(void)
{
    char *data = NULL;
    long kib = 0;
    if (g_file_get_contents("/proc/self/status", &data, NULL, NULL)) {
        const char *at = strstr(data, "RssAnon:");
        if (at != NULL)
            kib = (long)g_ascii_strtoll(at + strlen("RssAnon:"), NULL, 10);
    }
    g_free(data);
    return kib;
}

/* TEXT said again and again up to N characters: *new*. */
static char *of_length(const char *text, size_t n)
{
    GString *out = g_string_new(NULL);
    while ((size_t)g_utf8_strlen(out->str, -1) < n)
        g_string_append_printf(out, "%s ", text);
    char *cut = g_utf8_substring(out->str, 0, (glong)n);
    g_string_free(out, TRUE);
    return cut;
}

/* One stage of grading, on a sheet and an answer. */
typedef void stage(const grade_sheet *s, const char *answer);

static void whole(const grade_sheet *s, const char *answer)
{
    grade_result_free(grade(s, answer));
}

/* The first UPTO stages, one after the other. */
static void partly(const grade_sheet *s, const char *answer, int upto)
{
    struct arena *arena = arena_new_sized(65536 + strlen(answer) * 40);
    struct gtokens k;
    struct reading r;
    struct outcome o;
    if (upto == 1) {
        gtext_init(&k.text, arena, answer, strlen(answer));
    } else {
        gtokens_init(&k, s->g->lex, arena, answer, strlen(answer));
        if (upto > 2)
            reading_init(&r, arena, s, &k);
        for (size_t m = 0; upto > 3 && m < s->n_models; m++)
            outcome_fill(&o, &r, m);
    }
    arena_free(arena);
}

static void characters(const grade_sheet *s, const char *answer)
{
    partly(s, answer, 1);
}

static void tokens(const grade_sheet *s, const char *answer)
{
    partly(s, answer, 2);
}

static void prepared(const grade_sheet *s, const char *answer)
{
    partly(s, answer, 3);
}

static void matched(const grade_sheet *s, const char *answer)
{
    partly(s, answer, 4);
}

/* Microseconds of a stage, RUNS times. */
static void time_stage(stage *f, const grade_sheet *s, const char *answer, double *ret)
{
    int times = strlen(answer) > 1000 ? 200 : 2000;
    for (int run = 0; run < RUNS; run++) {
        double from = now();
        for (int i = 0; i < times; i++)
            f(s, answer);
        ret[run] = (now() - from) / times;
    }
}

static void rate(const char *language, const grade_sheet *s, const char *text, size_t length)
{
    g_autofree char *answer = of_length(text, length);
    g_autofree char *name = g_strdup_printf("%s answers of %zu characters", language, length);
    double us[RUNS];
    time_stage(whole, s, answer, us);
    for (int i = 0; i < RUNS; i++)
        us[i] = 1e6 / us[i];
    row(name, "/s", us, "processor time");
}

/* What each stage takes beyond the ones before it. */
static void stages(const char *language, const grade_sheet *s, const char *text, size_t length)
{
    static const struct {
        const char *name;
        stage *f;
    } all[] = {{"characters", characters},
               {"tokens", tokens},
               {"made ready for the models", prepared},
               {"matched", matched},
               {"copies, deductions, points", whole}};
    g_autofree char *answer = of_length(text, length);
    double before[RUNS] = {0}, us[RUNS], own[RUNS];
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *name =
            g_strdup_printf("%s, %zu characters: %s", language, length, all[i].name);
        time_stage(all[i].f, s, answer, us);
        qsort(us, RUNS, sizeof *us, by_size);
        for (int k = 0; k < RUNS; k++)
            own[k] = MAX(us[k] - before[k], 0);
        memcpy(before, us, sizeof before);
        row(name, "us", own, "beyond the stages before it");
    }
}

static struct grade_question *questions_of(const bank *from, size_t *ret_n)
{
    size_t n = bank_size(from);
    struct grade_question *q = g_new0(struct grade_question, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct question *at = bank_at(from, i);
        q[i] = (struct grade_question){
            .text = at->text, .answers = at->answers, .n_answers = at->n_answers};
    }
    *ret_n = n;
    return q;
}

static const char *const korean =
    "하이퍼바이저가 하드웨어를 모사해서 게스트 운영체제를 고치지 않고 돌려요";
static const char *const english =
    "the hypervisor emulates the hardware so the guest runs unmodified";

static void answers(const grade_sheet *s)
{
    static const size_t lengths[] = {40, 100, 200, 2000};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        rate("Korean", s, korean, lengths[i]);
        rate("English", s, english, lengths[i]);
    }
    stages("Korean", s, korean, 100);
    stages("English", s, english, 100);
}

static void lexicons(void)
{
    double ms[RUNS];
    long before = anonymous_kib();
    lexicon *lex = embedded_lexicon();
    g_autofree char *note = g_strdup_printf("%ld KiB of its own", anonymous_kib() - before);
    lexicon_free(lex);
    for (int i = 0; i < RUNS; i++) {
        double from = now();
        lexicon_free(embedded_lexicon());
        ms[i] = (now() - from) / 1e3;
    }
    row("lexicon, from the image", "ms", ms, note);
    for (int i = 0; i < RUNS; i++) {
        double from = now();
        lex = lexicon_new();
        add_embedded_tables(lex);
        lexicon_finish(lex);
        ms[i] = (now() - from) / 1e3;
        lexicon_free(lex);
    }
    row("lexicon, compiled for an operator's own tables", "ms", ms, "");
}

/* The statistics of N questions, which repeat the N_SEED of SEED. */
static void statistics(const lexicon *lex, const struct grade_question *seed, size_t n_seed,
                       size_t n)
{
    g_autofree struct grade_question *q = g_new0(struct grade_question, n);
    g_autofree char *name = g_strdup_printf("statistics of %zu questions", n);
    double ms[RUNS];
    for (size_t i = 0; i < n; i++)
        q[i] = seed[i % n_seed];
    for (int i = 0; i < RUNS; i++) {
        double from = now();
        grader_free(grader_new(lex, q, n));
        ms[i] = (now() - from) / 1e3;
    }
    row(name, "ms", ms, "at a start and when the bank changes");
}

static void sheets(const grader *g, const struct grade_question *q, size_t n)
{
    double ms[RUNS];
    for (int run = 0; run < RUNS; run++) {
        ms[run] = 0;
        for (size_t i = 0; i < n; i++) {
            double from = now();
            grade_sheet_free(grade_sheet_new(g, &q[i]));
            ms[run] = MAX(ms[run], (now() - from) / 1e3);
        }
    }
    row("a question compiled, the seed bank's longest", "ms", ms, "once a question");
}

int main(void)
{
    lexicons();
    lexicon *lex = embedded_lexicon();
    size_t len, n;
    const char *data = embed_get("virtualization.md", &len);
    bank_builder *b = bank_builder_new();
    bank_builder_add(b, "virtualization.md", NULL, 0, "seed", data, len);
    bank *seed = bank_builder_finish(b);
    struct grade_question *q = questions_of(seed, &n);
    grader *g = grader_new(lex, q, n);
    grade_sheet *s = grade_sheet_new(g, &q[MIN(10, n - 1)]);
    answers(s);
    sheets(g, q, n);
    statistics(lex, q, n, n);
    statistics(lex, q, n, QUESTIONS);
    grade_sheet_free(s);
    grader_free(g);
    g_free(q);
    bank_free(seed);
    lexicon_free(lex);
    return 0;
}
