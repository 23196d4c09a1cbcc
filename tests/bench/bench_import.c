/* How fast a bank is read: made banks of three sizes, to show that the time grows in step, and
 * floods of blocks. */
#include "bank.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { QUESTIONS = 10000, BYTES_EACH = 1000, BLOCKS = 200000, RUNS = 5 };

/* A *new* bank text of N questions of a size that people write. */
static GString *make_bank(int n)
{
    GString *text = g_string_new("# Bench\n\n");

    for (int i = 0; i < n; i++) {
        size_t begin = text->len;
        g_string_append_printf(
            text, "<details>\n<summary>What does part %d of the machine do?</summary>\n\n", i);
        g_string_append(text,
                        "It **keeps** the `state`, see [the manual](https://example.org/m).\n\n"
                        "- first\n- second\n\n```c\nint x = 1;\nint y = 2;\n```\n\n");
        while (text->len - begin < BYTES_EACH)
            g_string_append(text,
                            "부품들은 버스로 차례를 지켜 말한다. The parts talk over a bus. ");
        g_string_append(text, "\n\n</details>\n\n");
    }
    return text;
}

static GString *make_flood(const char *unit, const char *tail, int n)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < n; i++)
        g_string_append(text, unit);
    for (int i = 0; i < n; i++)
        g_string_append(text, tail);
    return text;
}

static int compare_times(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Reads TEXT, which it takes, RUNS times and prints one row. */
static void measure(const char *name, GString *text)
{
    double times[RUNS];
    struct rusage use;
    size_t questions = 0;

    for (int i = 0; i < RUNS; i++) {
        int64_t from = g_get_monotonic_time();
        bank_builder *b = bank_builder_new();
        bank *all;

        bank_builder_add(b, "bench.md", NULL, 0, "bench", text->str, text->len);
        all = bank_builder_finish(b);
        times[i] = (double)(g_get_monotonic_time() - from) / 1e6;
        questions = bank_size(all);
        bank_free(all);
    }
    getrusage(RUSAGE_SELF, &use);
    qsort(times, RUNS, sizeof times[0], compare_times);
    printf("{\"bench\": \"import\", \"name\": \"%s\", \"unit\": \"s\", \"median\": %.3f, \"min\": "
           "%.3f, \"max\": %.3f, "
           "\"runs\": %d, \"note\": \"%.1f MB, %zu questions, peak %ld MB\"}\n",
           name, times[RUNS / 2], times[0], times[RUNS - 1], RUNS, (double)text->len / 1e6,
           questions, use.ru_maxrss / 1024);
    fflush(stdout);
    g_string_free(text, TRUE);
}

int main(void)
{
    measure("2,500 questions", make_bank(QUESTIONS / 4));
    measure("5,000 questions", make_bank(QUESTIONS / 2));
    measure("10,000 questions", make_bank(QUESTIONS));
    measure("100,000 nested blocks", make_flood("<details>\n", "</details>\n", BLOCKS / 2));
    measure("200,000 nested blocks", make_flood("<details>\n", "</details>\n", BLOCKS));
    measure("200,000 unclosed blocks", make_flood("<details>\n\n", "", BLOCKS));
    measure("200,000 unclosed questions",
            make_flood("<details><summary>q?</summary>\n\na\n\n", "", BLOCKS));
    measure("a line of 10 MB", make_flood("word ", "", 2000000));
    return 0;
}
