/* How fast a bank is read: PATH or nothing (a made bank of 10 MB with 10,000 questions, and its
 * half). */
#include "bank.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { QUESTIONS = 10000, BYTES_EACH = 1000 };

/* A *new* bank text of N questions of a size that people write. */
static GString *make_bank(int n)
{
    GString *text = g_string_new("# Bench\n\n");

    for (int i = 0; i < n; i++) {
        size_t begin = text->len;
        g_string_append_printf(
            text, "<details>\n<summary>What does part %d of the machine do?</summary>\n\n", i);
        g_string_append(text, "It **keeps** the `state`, see [the "
                              "manual](https://example.org/m).\n\n- first\n- second\n\n"
                              "```c\nint x = 1;\nint y = 2;\n```\n\n");
        while (text->len - begin < BYTES_EACH)
            g_string_append(text, "The parts talk over a bus, each in its turn. ");
        g_string_append(text, "\n\n</details>\n\n");
    }
    return text;
}

static void measure(const char *name, const char *text, size_t len)
{
    int64_t from = g_get_monotonic_time(), spent;
    bank_builder *b = bank_builder_new();
    struct rusage use;
    bank *all;

    bank_builder_add(b, "bench.md", NULL, 0, "bench", text, len);
    all = bank_builder_finish(b);
    spent = g_get_monotonic_time() - from;
    getrusage(RUSAGE_SELF, &use);
    printf("import_%s\t%.3f s\t%zu questions, %.1f MB, peak %ld MB\n", name, (double)spent / 1e6,
           bank_size(all), (double)len / 1e6, use.ru_maxrss / 1024);
    bank_free(all);
}

int main(void)
{
    for (int n = QUESTIONS / 4; n <= QUESTIONS; n *= 2) {
        GString *text = make_bank(n);
        char *name = g_strdup_printf("%d", n);
        measure(name, text->str, text->len);
        g_free(name);
        g_string_free(text, TRUE);
    }
    return 0;
}
