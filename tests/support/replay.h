/*
 * Runs a fuzz target over its corpus and its past crashes, inside `make test`
 * and without libFuzzer. A test program includes the target's source and calls
 * replay_main() with its name.
 */
#ifndef INTERVIEWD_TEST_REPLAY_H
#define INTERVIEWD_TEST_REPLAY_H

#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void replay_file(const void *path)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    uint8_t *exact = g_memdup2(bytes, len); /* without the NUL: reading past the end shows */
    g_assert_cmpint(LLVMFuzzerTestOneInput(exact, len), ==, 0);
    g_free(exact);
}

static inline unsigned replay_folder(const char *kind, const char *name)
{
    unsigned n = 0;
    const char *root = g_getenv("G_TEST_SRCDIR"); /* tests/run.py sets it */
    g_autofree char *folder =
        g_build_filename(root != NULL ? root : ".", "tests", "fuzz", kind, name, NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *entry;
    while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
        if (entry[0] == '.')
            continue;
        g_autofree char *test = g_strdup_printf("/fuzz/%s/%s/%s", name, kind, entry);
        g_test_add_data_func_full(test, g_build_filename(folder, entry, NULL),
                                  (GTestDataFunc)(void (*)(void))replay_file, g_free);
        n++;
    }
    if (dir != NULL)
        g_dir_close(dir);
    return n;
}

static inline int replay_main(int argc, char **argv, const char *name)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    if (replay_folder("corpus", name) == 0)
        g_error("no corpus for %s: run from the repository's folder", name);
    replay_folder("crashes", name);
    return g_test_run();
}

#endif
