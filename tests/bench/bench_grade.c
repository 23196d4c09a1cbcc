/* Answers graded in a second, by length and language; the lexicon; a sheet; a bank of 10,000
 * questions. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "bank.h"
#include "embed.h"
#include "grade.h"

static double since(int64_t from)
{
    return (double)(g_get_monotonic_time() - from);
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

static void rate(const char *name, const grade_sheet *s, const char *text, size_t length)
{
    g_autofree char *answer = of_length(text, length);
    int runs = length > 1000 ? 300 : 3000;
    double best = 1e12; /* of five rounds: the machine may be busy with other things */
    for (int round = 0; round < 5; round++) {
        int64_t from = g_get_monotonic_time();
        for (int i = 0; i < runs; i++)
            grade_result_free(grade(s, answer));
        best = MIN(best, since(from) / runs);
    }
    printf("grade_%s_%zu\t%.0f /s\t%.1f us each\n", name, length, 1e6 / best, best);
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

static void large_bank(const lexicon *lex, const struct grade_question *seed, size_t n_seed)
{
    enum { QUESTIONS = 10000 };
    struct grade_question *q = g_new0(struct grade_question, QUESTIONS);
    for (size_t i = 0; i < QUESTIONS; i++)
        q[i] = seed[i % n_seed];
    int64_t from = g_get_monotonic_time();
    grader *g = grader_new(lex, q, QUESTIONS);
    printf("grade_statistics_10000\t%.2f s\t10,000 questions\n", since(from) / 1e6);
    grade_sheet *s = grade_sheet_new(g, &q[0]);
    rate("ko_bank10000", s, seed[0].answers[0].text, 2000);
    grade_sheet_free(s);
    grader_free(g);
    g_free(q);
}

int main(void)
{
    long before = anonymous_kib();
    int64_t from = g_get_monotonic_time();
    lexicon *lex = embedded_lexicon();
    printf("grade_lexicon\t%.1f ms\t%ld KiB\n", since(from) / 1e3, anonymous_kib() - before);

    size_t len, n;
    const char *data = embed_get("virtualization.md", &len);
    bank_builder *b = bank_builder_new();
    bank_builder_add(b, "virtualization.md", NULL, 0, "seed", data, len);
    bank *seed = bank_builder_finish(b);
    struct grade_question *q = questions_of(seed, &n);
    from = g_get_monotonic_time();
    grader *g = grader_new(lex, q, n);
    printf("grade_statistics_seed\t%.2f ms\t%zu questions\n", since(from) / 1e3, n);

    static const size_t lengths[] = {40, 200, 2000};
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        from = g_get_monotonic_time();
        grade_sheet *s = grade_sheet_new(g, &q[i]);
        worst = MAX(worst, since(from));
        for (size_t k = 0; k < G_N_ELEMENTS(lengths) && i == 10; k++) {
            rate("ko", s, "하이퍼바이저가 하드웨어를 모사해서 게스트 운영체제를 고치지 않고 돌려요",
                 lengths[k]);
            rate("en", s, "the hypervisor emulates the hardware so the guest runs unmodified",
                 lengths[k]);
        }
        grade_sheet_free(s);
    }
    printf("grade_sheet_worst\t%.2f ms\tthe seed bank's longest\n", worst / 1e3);
    large_bank(lex, q, n);
    grader_free(g);
    g_free(q);
    bank_free(seed);
    lexicon_free(lex);
    return 0;
}
