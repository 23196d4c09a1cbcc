/* Limits by the minute: who is over, and what remembering costs. */
#include <glib.h>

#include "../../src/core/pace.h"

static void test_limit(void)
{
    pace *p = pace_new();

    for (int i = 0; i < 3; i++)
        g_assert_false(pace_note(p, 1, 3, 1000 + i));
    g_assert_true(pace_note(p, 1, 3, 1003));
    g_assert_false(pace_note(p, 2, 3, 1003)); /* somebody else */
    g_assert_true(pace_note(p, 1, 3, 1059));  /* 1000 is still within the minute */
    g_assert_false(pace_note(p, 1, 3, 1063)); /* 1003 and 1059 are */
    g_assert_false(pace_note(p, 1, 3, 2000));
    pace_free(p);
}

/* The second of a minute ago is not this one, also when the clock has been set back. */
static void test_clock(void)
{
    pace *p = pace_new();

    g_assert_false(pace_note(p, 1, 1, 1000));
    g_assert_false(pace_note(p, 1, 1, 1060));
    g_assert_true(pace_note(p, 1, 1, 1060));
    g_assert_false(pace_note(p, 1, 1, 500));
    g_assert_true(pace_note(p, 1, 1, 501));
    pace_free(p);
}

/* Another limit, as after a reload, forgives nothing: what is remembered does not depend on it. */
static void test_another_limit(void)
{
    pace *p = pace_new();

    for (int i = 0; i < 5; i++)
        g_assert_false(pace_note(p, 1, 100000, 1000));
    g_assert_true(pace_note(p, 1, 5, 1001));
    pace_free(p);
}

/* More keys than are remembered. */
static void test_many(void)
{
    pace *p = pace_new();

    for (int64_t key = 1; key < 20000; key++)
        g_assert_false(pace_note(p, key, 1, 1000 + key / 100));
    g_assert_true(pace_note(p, 19999, 1, 1200));
    pace_free(p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/pace/limit", test_limit);
    g_test_add_func("/pace/clock", test_clock);
    g_test_add_func("/pace/another-limit", test_another_limit);
    g_test_add_func("/pace/many", test_many);
    return g_test_run();
}
