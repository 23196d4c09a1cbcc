/* Token buckets and windows at given instants. */
#include <glib.h>

#include "chat/bucket.h"

static void test_burst_then_rate(void)
{
    struct bucket b = {0, 0};

    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(bucket_wait(&b, 3, 1000, 5000), ==, 0);
        bucket_take(&b, 3, 1000, 5000);
    }
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 5000), >=, 1000);
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 5000), <=, 1001);
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 5600), <=, 401);
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 6001), ==, 0);
    bucket_take(&b, 3, 1000, 6001);
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 6001), >, 900);
    g_assert_cmpint(bucket_wait(&b, 3, 1000, 9100), ==, 0);
    g_assert_false(bucket_spent(&b, 3, 1000, 9100));
}

static void test_bucket_never_overfills(void)
{
    struct bucket b = {0, 0};
    int sent = 0;

    for (int64_t now = 0; now < 60000; now += 7) {
        if (bucket_wait(&b, 3, 1000, now) == 0) {
            bucket_take(&b, 3, 1000, now);
            sent++;
        }
    }
    g_assert_cmpint(sent, >=, 60);
    g_assert_cmpint(sent, <=, 63);
}

static void test_no_limit(void)
{
    struct bucket b = {0, 0};
    struct window w = {NULL, 0};

    for (int i = 0; i < 1000; i++) {
        g_assert_cmpint(bucket_wait(&b, 0, 0, 1), ==, 0);
        bucket_take(&b, 0, 0, 1);
        g_assert_cmpint(window_wait(&w, 0, 0, 0, 1), ==, 0);
        window_take(&w, 0, 1);
    }
    g_assert_null(w.at);
}

/* In no stretch of the window's length are there more than it allows. */
static void test_window_is_exact(void)
{
    struct window w = {NULL, 0};
    g_autoptr(GArray) at = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (int64_t now = 0; now < 400000; now += 37) {
        if (window_wait(&w, 20, 0, 60000, now) == 0) {
            window_take(&w, 20, now);
            g_array_append_val(at, now);
        }
    }
    g_assert_cmpint(at->len, >=, 120);
    for (guint i = 20; i < at->len; i++)
        g_assert_cmpint(g_array_index(at, int64_t, i) - g_array_index(at, int64_t, i - 20), >=,
                        60000);
    window_clear(&w);
}

static void test_spare_is_left_to_others(void)
{
    struct window w = {NULL, 0};

    for (int i = 0; i < 10; i++) {
        g_assert_cmpint(window_wait(&w, 20, 10, 60000, 1000 + i), ==, 0);
        window_take(&w, 20, 1000 + i);
    }
    g_assert_cmpint(window_wait(&w, 20, 10, 60000, 2000), ==, 59000);
    g_assert_cmpint(window_wait(&w, 20, 0, 60000, 2000), ==, 0);
    g_assert_cmpint(window_used(&w, 20, 60000, 2000), ==, 10);
    g_assert_cmpint(window_used(&w, 20, 60000, 61005), ==, 4);
    window_clear(&w);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/bucket/burst_then_rate", test_burst_then_rate);
    g_test_add_func("/bucket/never_overfills", test_bucket_never_overfills);
    g_test_add_func("/bucket/no_limit", test_no_limit);
    g_test_add_func("/window/exact", test_window_is_exact);
    g_test_add_func("/window/spare", test_spare_is_left_to_others);
    return g_test_run();
}
