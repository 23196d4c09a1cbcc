/*
 * How fast a bank is read: made banks of four sizes, to show that the time grows in step, and
 * floods of blocks. Processor time, so that a busy machine tells the same; each row is read by a
 * process of its own, so that its peak of memory is its own.
 */
#include "bank.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_EACH = 1000, BLOCKS = 200000, RUNS = 5 };

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

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What a run of reading found. */
struct reading {
    double times[RUNS];
    size_t questions;
    long peak; /* KiB beside what the text itself takes */
};

/* Reads TEXT RUNS times. */
static void read_it(const GString *text, struct reading *ret)
{
    struct rusage before, after;

    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < RUNS; i++) {
        double from = now();
        bank_builder *b = bank_builder_new();
        bank *all;

        bank_builder_add(b, "bench.md", NULL, 0, "bench", text->str, text->len);
        all = bank_builder_finish(b);
        ret->times[i] = now() - from;
        ret->questions = bank_size(all);
        bank_free(all);
    }
    getrusage(RUSAGE_SELF, &after);
    ret->peak = after.ru_maxrss - before.ru_maxrss;
    qsort(ret->times, RUNS, sizeof ret->times[0], compare_times);
}

/* Reads TEXT, which it takes, in a process of its own and prints one row; gives its MB/s. */
static double measure(const char *name, GString *text, double other)
{
    struct reading r = {.peak = 0};
    int ends[2], status;
    pid_t child;
    double speed;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        exit(1);
    if (child == 0) {
        read_it(text, &r);
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &r, sizeof r) != (ssize_t)sizeof r || waitpid(child, &status, 0) < 0)
        exit(1);
    close(ends[0]);
    speed = (double)text->len / 1e6 / r.times[RUNS / 2];
    printf("{\"bench\": \"import\", \"name\": \"%s\", \"unit\": \"s\", \"median\": %.4f, \"min\": "
           "%.4f, \"max\": %.4f, \"runs\": %d, \"note\": \"%.1f MB/s, %.1f MB, %zu questions, peak "
           "%ld MB",
           name, r.times[RUNS / 2], r.times[0], r.times[RUNS - 1], RUNS, speed,
           (double)text->len / 1e6, r.questions, r.peak / 1024);
    if (other > 0)
        printf(", %.2f times the speed at 1,000", speed / other);
    printf("\"}\n");
    fflush(stdout);
    g_string_free(text, TRUE);
    return speed;
}

int main(void)
{
    measure("100 questions", make_bank(100), 0);
    double usual = measure("1,000 questions", make_bank(1000), 0);
    measure("10,000 questions", make_bank(10000), usual);
    measure("100,000 questions", make_bank(100000), usual);
    measure("100,000 nested blocks", make_flood("<details>\n", "</details>\n", BLOCKS / 2), 0);
    measure("200,000 nested blocks", make_flood("<details>\n", "</details>\n", BLOCKS), 0);
    measure("200,000 unclosed blocks", make_flood("<details>\n\n", "", BLOCKS), 0);
    measure("200,000 unclosed questions",
            make_flood("<details><summary>q?</summary>\n\na\n\n", "", BLOCKS), 0);
    measure("a line of 10 MB", make_flood("word ", "", 2000000), 0);
    return 0;
}
