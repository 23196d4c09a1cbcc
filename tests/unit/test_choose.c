/* Which question comes next. */
#include "choose.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { N = 40 };

static void fill(struct choose_item items[N])
{
    memset(items, 0, N * sizeof items[0]);
    for (int i = 0; i < N; i++) {
        g_autofree char *id = g_strdup_printf("%016x", i * 7919);
        items[i].id = choose_hash(id);
    }
}

static int64_t *clock_of_asking(void)
{
    static int64_t n = 0;
    return &n;
}

/* Asks the next one on a day and notes it as the caller is told to. */
static size_t ask(struct choose_item *items, size_t n, uint64_t seed, int64_t day)
{
    int pass = -1;
    size_t i = choose_next(items, n, seed, &pass);
    g_assert_cmpuint(i, <, n);
    g_assert_cmpint(pass, >, 0);
    items[i].pass = pass;
    items[i].last_day = day;
    items[i].last = ++*clock_of_asking();
    return i;
}

static void test_empty(void)
{
    g_assert_true(choose_next(NULL, 0, 1, NULL) == CHOOSE_NONE);
    struct choose_item one = {.id = 5};
    for (int i = 0; i < 5; i++)
        g_assert_cmpuint(ask(&one, 1, 9, i), ==, 0);
}

static void test_hash(void)
{
    /* Published values of FNV-1a. */
    g_assert_cmpuint(choose_hash(""), ==, UINT64_C(0xcbf29ce484222325));
    g_assert_cmpuint(choose_hash("a"), ==, UINT64_C(0xaf63dc4c8601ec8c));
    g_assert_cmpuint(choose_hash("foobar"), ==, UINT64_C(0x85944171f73967e8));
}

/* Ten passes, one a day: each pass has every question once; the second and later ones in the order
 * of the one before, least recently seen first. */
static void test_whole_bank_first(void)
{
    struct choose_item items[N];
    size_t order[N];
    fill(items);
    for (int pass = 0; pass < 10; pass++) {
        bool seen[N] = {false};
        for (int k = 0; k < N; k++) {
            size_t i = ask(items, N, 77, pass * N + k);
            g_assert_false(seen[i]);
            seen[i] = true;
            if (pass == 0)
                order[k] = i;
            else
                g_assert_cmpuint(i, ==, order[k]);
        }
    }
}

/* The same on a single day, as in practice: still nothing twice before all had their turn, nothing
 * again at once, and a pass begins with what went badly. */
static void test_one_day(void)
{
    struct choose_item items[N];
    int when[N] = {0}, now = 0;
    int64_t early = 0, late = 0;
    fill(items);
    for (int pass = 0; pass < 10; pass++) {
        bool seen[N] = {false};
        for (int k = 0; k < N; k++) {
            size_t i = ask(items, N, 78, 20000);
            g_assert_false(seen[i]);
            seen[i] = true;
            now++;
            if (pass > 0) {
                *(k < N / 4 ? &early : &late) += (int64_t)i % 10 * 10;
                g_assert_cmpint(now - when[i], >, N / 4);
            }
            when[i] = now;
            items[i].answers++;
            items[i].score_sum += (int)i % 10 * 10;
        }
    }
    g_assert_cmpint(early / (N / 4), <, late / (N - N / 4));
}

static void test_seed(void)
{
    struct choose_item a[N], b[N], c[N];
    fill(a);
    fill(b);
    fill(c);
    int differ = 0, in_order = 0;
    size_t last = 0;
    for (int k = 0; k < N; k++) {
        size_t first = ask(a, N, 1, k);
        g_assert_cmpuint(first, ==, ask(b, N, 1, k));
        differ += first != ask(c, N, 2, k);
        in_order += first == last + 1;
        last = first;
    }
    g_assert_cmpint(differ, >, N / 2);
    g_assert_cmpint(in_order, <, N / 2); /* shuffled, not the bank's order */
}

/* A question that leaves the bank changes nothing in the order of the others. */
static void test_order_is_stable(void)
{
    struct choose_item all[N], fewer[N];
    fill(all);
    fill(fewer);
    memmove(&fewer[11], &fewer[12], (N - 12) * sizeof fewer[0]);
    uint64_t order[N];
    int n = 0;
    for (int k = 0; k < N; k++) {
        size_t i = ask(all, N, 5, k);
        if (i != 11)
            order[n++] = all[i].id;
    }
    for (int k = 0; k < N - 1; k++)
        g_assert_cmpuint(fewer[ask(fewer, N - 1, 5, k)].id, ==, order[k]);
}

/* Least recently seen by day, then worst answered, unanswered worst of all. */
static void test_criteria(void)
{
    struct choose_item items[] = {
        {.id = 1, .pass = 3, .last_day = 10, .score_sum = 10, .answers = 1},
        {.id = 2, .pass = 3, .last_day = 9, .score_sum = 180, .answers = 2},
        {.id = 3, .pass = 3, .last_day = 9, .score_sum = 120, .answers = 2},
        {.id = 4, .pass = 3, .last_day = 9, .score_sum = 61, .answers = 1},
        {.id = 5, .pass = 4, .last_day = 1},
    };
    static const size_t expect[] = {2, 3, 1, 0, 4};
    for (size_t k = 0; k < G_N_ELEMENTS(expect); k++)
        g_assert_cmpuint(ask(items, G_N_ELEMENTS(items), 3, 20), ==, expect[k]);
    items[1] = (struct choose_item){.id = 2, .pass = 1, .last_day = 9};
    items[2] = (struct choose_item){.id = 3, .pass = 1, .last_day = 9, .answers = 1};
    g_assert_cmpuint(ask(items, G_N_ELEMENTS(items), 3, 20), ==, 1);
}

/* A question new in an old bank comes next, once, and not until it has caught up. */
static void test_newcomer(void)
{
    struct choose_item items[N];
    fill(items);
    for (int k = 0; k < 50 * (N - 1); k++)
        ask(items, N - 1, 8, 20000);
    g_assert_cmpuint(ask(items, N, 8, 20000), ==, N - 1);
    bool seen[N] = {false};
    for (int k = 0; k < N - 1; k++) {
        size_t i = ask(items, N, 8, 20000);
        g_assert_cmpuint(i, !=, N - 1);
        g_assert_false(seen[i]);
        seen[i] = true;
    }
}

/* One topic asked for on its own, the whole bank in between: each choice takes one that is furthest
 * behind in what it chooses from, and nobody starves. */
static void test_topics_between(void)
{
    struct choose_item items[N];
    fill(items);
    GRand *rand = g_rand_new_with_seed(4);
    int asked[N] = {0};
    for (int k = 1; k < 5000; k++) {
        size_t from = g_rand_boolean(rand) ? 0 : 10, n = from == 0 ? N : 8;
        struct choose_item before[N];
        memcpy(before, items, sizeof items);
        size_t i = from + ask(items + from, n, 6, k / 4);
        for (size_t j = from; j < from + n; j++) {
            g_assert_cmpint(before[j].pass, >=, before[i].pass);
            g_assert_cmpint(before[j].pass, <=, items[i].pass);
        }
        asked[i] = k;
    }
    for (int i = 0; i < N; i++)
        g_assert_cmpint(asked[i], >, 5000 - 6 * N);
    g_rand_free(rand);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/choose/empty", test_empty);
    g_test_add_func("/choose/hash", test_hash);
    g_test_add_func("/choose/whole-bank-first", test_whole_bank_first);
    g_test_add_func("/choose/one-day", test_one_day);
    g_test_add_func("/choose/seed", test_seed);
    g_test_add_func("/choose/order-is-stable", test_order_is_stable);
    g_test_add_func("/choose/criteria", test_criteria);
    g_test_add_func("/choose/newcomer", test_newcomer);
    g_test_add_func("/choose/topics-between", test_topics_between);
    return g_test_run();
}
