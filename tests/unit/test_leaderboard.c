/* Periods, ranks, streaks, progress in text, pseudonyms. */
#include "leaderboard.h"

#include <string.h>

static zones *all;

static int64_t day(const char *text)
{
    int64_t d = 0;
    g_assert_true(date_parse(text, &d));
    return d;
}

/* ---- periods ---- */

static const struct {
    const char *zone;
    enum board_period period;
    const char *now; /* local date, seen at 12:00 */
    const char *from, *to;
    int hours;
} spans[] = {
    {"Asia/Seoul", BOARD_TODAY, "2026-11-25", "2026-11-25", "2026-11-26", 24},
    {"Asia/Seoul", BOARD_WEEK, "2026-11-29", "2026-11-23", "2026-11-30", 168},
    {"Asia/Seoul", BOARD_WEEK, "2026-11-23", "2026-11-23", "2026-11-30", 168},
    {"Asia/Seoul", BOARD_LAST_WEEK, "2026-11-23", "2026-11-16", "2026-11-23", 168},
    {"Asia/Seoul", BOARD_MONTH, "2028-02-29", "2028-02-01", "2028-03-01", 29 * 24},
    {"Asia/Seoul", BOARD_MONTH, "2026-12-31", "2026-12-01", "2027-01-01", 31 * 24},
    {"Europe/Berlin", BOARD_TODAY, "2026-10-25", "2026-10-25", "2026-10-26", 25},
    {"Europe/Berlin", BOARD_WEEK, "2026-03-29", "2026-03-23", "2026-03-30", 167},
    {"Europe/Berlin", BOARD_MONTH, "2026-10-01", "2026-10-01", "2026-11-01", 31 * 24 + 1},
    {"America/Havana", BOARD_TODAY, "2026-03-08", "2026-03-08", "2026-03-09", 23},
};

static void test_spans(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        const zone *z = zones_get(all, spans[i].zone, NULL);
        struct board_span s =
            board_span(z, spans[i].period, zone_minute(z, day(spans[i].now), 720));
        g_test_message("%zu %s %s", i, spans[i].zone, spans[i].now);
        g_assert_cmpint(s.from, ==, zone_day_start(z, day(spans[i].from)));
        g_assert_cmpint(s.to, ==, zone_day_start(z, day(spans[i].to)));
        g_assert_cmpint(s.to - s.from, ==, spans[i].hours * 3600);
    }
    struct board_span s = board_span(zones_get(all, "UTC", NULL), BOARD_ALL, 0);
    g_assert_cmpint(s.from, ==, INT64_MIN);
    g_assert_cmpint(s.to, ==, INT64_MAX);
}

/* A period holds its own now, and its two ends are of neighbouring periods. */
static void test_spans_meet(void)
{
    static const char *const names[] = {"America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const zone *z = zones_get(all, names[i], NULL);
        for (int64_t t = day("2010-10-01") * 86400; t < day("2012-02-01") * 86400; t += 5011)
            for (int p = BOARD_TODAY; p <= BOARD_MONTH; p++) {
                struct board_span s = board_span(z, (enum board_period)p, t);
                struct board_span next = board_span(z, (enum board_period)p, s.to);
                g_assert_true(s.from <= t && t < s.to);
                g_assert_cmpint(next.from, ==, s.to);
            }
    }
}

static void test_weekly_post(void)
{
    const zone *z = zones_get(all, "Europe/Berlin", NULL);
    int64_t monday = zone_minute(z, day("2026-10-26"), 540);
    g_assert_cmpint(board_weekly_post(z, zone_minute(z, day("2026-10-19"), 540), 540), ==, monday);
    g_assert_cmpint(board_weekly_post(z, monday - 1, 540), ==, monday);
    g_assert_cmpint(board_weekly_post(z, monday, 540), ==, zone_minute(z, day("2026-11-02"), 540));
}

static void test_period_words(void)
{
    static const struct {
        const char *typed;
        int period; /* -1: none */
    } words[] = {{"", BOARD_ALL},
                 {"  ", BOARD_ALL},
                 {"Today", BOARD_TODAY},
                 {"오늘", BOARD_TODAY},
                 {"week", BOARD_WEEK},
                 {"이번 주", BOARD_WEEK},
                 {"주간", BOARD_WEEK},
                 {"MONTH", BOARD_MONTH},
                 {"이번달", BOARD_MONTH},
                 {"all", BOARD_ALL},
                 {"전체", BOARD_ALL},
                 {"지난 주", BOARD_LAST_WEEK},
                 {"last week", BOARD_LAST_WEEK},
                 {"year", -1},
                 {"\xff", BOARD_ALL},
                 {"가상화", -1}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        enum board_period period;
        g_test_message("%s", words[i].typed);
        bool ok = board_period_parse(words[i].typed, &period);
        if (strcmp(words[i].typed, "\xff") == 0)
            continue; /* only that it does no harm */
        g_assert_cmpint(ok, ==, words[i].period >= 0);
        if (ok)
            g_assert_cmpint(period, ==, words[i].period);
    }
}

/* ---- ranks ---- */

static void test_ranks(void)
{
    struct board_row rows[] = {
        {.user = 1, .points = 50, .reached_at = 30}, {.user = 2, .points = 90, .reached_at = 20},
        {.user = 3, .points = 90, .reached_at = 10}, {.user = 4, .points = 100, .reached_at = 40},
        {.user = 5, .points = 50, .reached_at = 30}, {.user = 6, .points = 0},
    };
    static const int64_t users[] = {4, 3, 2, 1, 5, 6};
    static const int ranks[] = {1, 2, 2, 4, 4, 6};
    board_rank(rows, G_N_ELEMENTS(rows));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpint(rows[i].user, ==, users[i]);
        g_assert_cmpint(rows[i].rank, ==, ranks[i]);
    }
    board_rank(rows, 0);
    board_rank(NULL, 0);
}

/* The order does not depend on the order in which the rows came. */
static void test_ranks_are_stable(void)
{
    GRand *rand = g_rand_new_with_seed(3);
    struct board_row first[50], rows[50];
    for (int i = 0; i < 50; i++)
        first[i] = (struct board_row){.user = i, .points = i % 5 * 20, .reached_at = i % 3};
    memcpy(rows, first, sizeof rows);
    board_rank(first, 50);
    for (int k = 0; k < 100; k++) {
        for (int i = 49; i > 0; i--) {
            int j = g_rand_int_range(rand, 0, i + 1);
            struct board_row swap = rows[i];
            rows[i] = rows[j];
            rows[j] = swap;
        }
        board_rank(rows, 50);
        for (int i = 0; i < 50; i++) {
            int better = 0;
            for (int j = 0; j < 50; j++)
                better += rows[j].points > rows[i].points;
            g_assert_cmpint(rows[i].rank, ==, better + 1);
            g_assert_cmpint(rows[i].user, ==, first[i].user);
        }
    }
    g_rand_free(rand);
}

static void test_view(void)
{
    struct board_row rows[25];
    for (int i = 0; i < 25; i++)
        rows[i] = (struct board_row){.user = i, .points = 100 - i};
    board_rank(rows, 25);
    struct board_view v = board_view(rows, 25, 3);
    g_assert_cmpuint(v.shown, ==, 10);
    g_assert_cmpuint(v.hidden, ==, 15);
    g_assert_cmpuint(v.own, ==, 3);
    g_assert_false(v.own_below);
    v = board_view(rows, 25, 10);
    g_assert_cmpuint(v.own, ==, 10);
    g_assert_true(v.own_below);
    v = board_view(rows, 25, 99);
    g_assert_true(v.own == BOARD_NOWHERE && !v.own_below);
    v = board_view(rows, 4, 3);
    g_assert_true(v.shown == 4 && v.hidden == 0 && !v.own_below);
    v = board_view(NULL, 0, 1);
    g_assert_true(v.shown == 0 && v.own == BOARD_NOWHERE);
}

static void test_means(void)
{
    static const struct {
        int64_t sum, n;
        int mean, tenths;
    } means[] = {{0, 0, 0, 0},      {1, 2, 1, 5},
                 {200, 3, 67, 667}, {100, 3, 33, 333},
                 {149, 2, 75, 745}, {99, 1, 99, 990},
                 {1, 8, 0, 1},      {1, 20, 0, 1},
                 {1, 21, 0, 0},     {100000000, 1000000, 100, 1000}};
    for (size_t i = 0; i < G_N_ELEMENTS(means); i++) {
        g_assert_cmpint(board_mean(means[i].sum, means[i].n), ==, means[i].mean);
        g_assert_cmpint(board_mean_tenths(means[i].sum, means[i].n), ==, means[i].tenths);
    }
}

/* ---- streaks ---- */

/* One letter a day: A answered, m missed, q quiet and missed, Q quiet and answered, . no question,
 * a answered without a question of the day. The last one is today. */
static struct streak streak_in(const char *history, bool *ret_at_risk)
{
    struct streak_day days[400];
    size_t n = 0, len = strlen(history);
    for (size_t i = 0; i < len; i++) {
        char c = history[i];
        if (c != '.')
            days[n++] = (struct streak_day){.day = (int64_t)i,
                                            .asked = c == 'A' || c == 'm' || c == 'q' || c == 'Q',
                                            .quiet = c == 'q' || c == 'Q',
                                            .answered = c == 'A' || c == 'Q' || c == 'a'};
    }
    return streak_of(days, n, (int64_t)len - 1, ret_at_risk);
}

static const struct {
    const char *history;
    int current, best, freezes, spent;
    bool at_risk;
} streaks[] = {
    {"", 0, 0, 0, 0, false},
    {"A", 1, 1, 0, 0, false},
    {"AAA", 3, 3, 0, 0, false},
    {"AAAmA", 1, 3, 0, 0, false},
    {"AAAm", 3, 3, 0, 0, true}, /* today is not over */
    {"AAAmm", 0, 3, 0, 0, false},
    {"AA...A..A", 4, 4, 0, 0, false}, /* no question, no break */
    {"AAqqA", 3, 3, 0, 0, false},     /* quiet days neither break nor count */
    {"AAQA", 4, 4, 0, 0, false},      /* unless answered on */
    {"AAaA", 4, 4, 0, 0, false},
    {"AAAAAA", 6, 6, 0, 0, false},
    {"AAAAAAA", 7, 7, 1, 0, false},    /* seven earn one */
    {"AAAAAAAmA", 8, 8, 0, 1, false},  /* spent by itself */
    {"AAAAAAAmmA", 1, 7, 0, 1, false}, /* one is not two */
    {"AAAAAAAAAAAAAA", 14, 14, 2, 0, false},
    {"AAAAAAAAAAAAAAAAAAAAAAAAAAAA", 28, 28, 2, 0, false}, /* two at most */
    {"AAAAAAAAAAAAAAmmA", 15, 15, 0, 2, false},
    {"AAAAAAAAAAAAAAmmm.", 0, 14, 0, 2, false},
    {"AAAAAAAmAAAAAA", 13, 13, 0, 1, false},
    {"AAAAAAAmAAAAAAA", 14, 14, 1, 1, false}, /* and earned again */
    {"mmmA", 1, 1, 0, 0, false},
    {"AAAAAAAm", 7, 7, 1, 0, true},
    {"AAq", 2, 2, 0, 0, false},
    {"m", 0, 0, 0, 0, false}, /* nothing to lose */
};

static void test_streaks(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(streaks); i++) {
        bool at_risk = !streaks[i].at_risk;
        struct streak s = streak_in(streaks[i].history, &at_risk);
        g_test_message("'%s'", streaks[i].history);
        g_assert_cmpint(s.current, ==, streaks[i].current);
        g_assert_cmpint(s.best, ==, streaks[i].best);
        g_assert_cmpint(s.freezes, ==, streaks[i].freezes);
        g_assert_cmpint(s.spent, ==, streaks[i].spent);
        g_assert_cmpint(at_risk, ==, streaks[i].at_risk);
    }
}

static void test_streak_reports(void)
{
    struct streak s = streak_in("AAAAAAA", NULL);
    g_assert_true(s.earned);
    s = streak_in("AAAAAAAA", NULL);
    g_assert_false(s.earned);
    s = streak_in("AAAAAAAAAAAAAAm.m.", NULL);
    g_assert_cmpint(s.spent_since, ==, 2);
    g_assert_cmpint(s.last_spent, ==, 16);
    s = streak_in("AAAAAAAAAAAAAAm.mA", NULL);
    g_assert_cmpint(s.spent_since, ==, 0);
    s = streak_in("AAAmm", NULL);
    g_assert_cmpint(s.broken, ==, 3);
    s = streak_in("AAAmmA", NULL);
    g_assert_cmpint(s.broken, ==, 0);
}

/* Never more than two freezes, never a streak longer than the days answered, never spent what was
 * not earned; later days change nothing. */
static void test_random_streaks(void)
{
    GRand *rand = g_rand_new_with_seed(11);
    for (int k = 0; k < 2000; k++) {
        struct streak_day days[120];
        struct streak s = {0};
        int answered = 0;
        for (int i = 0; i < 120; i++) {
            days[i] = (struct streak_day){.day = i,
                                          .asked = g_rand_int_range(rand, 0, 8) != 0,
                                          .quiet = g_rand_int_range(rand, 0, 12) == 0,
                                          .answered = g_rand_int_range(rand, 0, 12) != 0};
            streak_add(&s, &days[i]);
            answered += days[i].answered;
            g_assert_true(s.freezes >= 0 && s.freezes <= STREAK_MAX_FREEZES);
            g_assert_cmpint(s.current, <=, s.best);
            g_assert_cmpint(s.best, <=, answered);
            g_assert_cmpint(s.spent + s.freezes, <=, answered / STREAK_EARN_DAYS);
        }
        struct streak whole = streak_of(days, 120, 119, NULL);
        if (days[119].answered || !days[119].asked || days[119].quiet)
            g_assert_cmpint(whole.current, ==, s.current);
        struct streak part = streak_of(days, 60, 59, NULL), cut = streak_of(days, 120, 59, NULL);
        g_assert_cmpint(part.current, ==, cut.current);
        g_assert_cmpint(part.best, ==, cut.best);
        g_assert_cmpint(part.freezes, ==, cut.freezes);
        g_assert_cmpint(part.spent_since, ==, cut.spent_since);
    }
    g_rand_free(rand);
}

/* ---- progress ---- */

static void test_bar(void)
{
    static const struct {
        int64_t value, max;
        const char *bar;
    } bars[] = {{0, 100, "░░░░░"},  {100, 100, "▓▓▓▓▓"}, {50, 100, "▓▓▓░░"},
                {1, 100, "▓░░░░"},  {99, 100, "▓▓▓▓░"},  {120, 100, "▓▓▓▓▓"},
                {-5, 100, "░░░░░"}, {5, 0, "░░░░░"},     {40, 100, "▓▓░░░"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bars); i++) {
        g_autofree char *bar = progress_bar(bars[i].value, bars[i].max, 5);
        g_assert_cmpstr(bar, ==, bars[i].bar);
    }
    g_autofree char *none = progress_bar(1, 2, 0);
    g_assert_cmpstr(none, ==, "");
}

static void test_heat_map(void)
{
    static const char *const labels[7] = {"월", "화", "수", "목", "금", "토", "일"};
    int64_t today = day("2026-11-25"); /* a Wednesday */
    int means[HEAT_DAYS];
    g_assert_cmpint(heat_first_day(today), ==, day("2026-09-07"));
    g_assert_cmpint(date_weekday(heat_first_day(today)), ==, 0);
    for (int i = 0; i < HEAT_DAYS; i++)
        means[i] = HEAT_NONE;
    means[0] = 100;
    means[1] = 0;
    means[7] = 69;
    means[HEAT_DAYS - 7] = 40;  /* Monday of this week */
    means[HEAT_DAYS - 1] = 100; /* Sunday to come: not shown */
    g_autofree char *map = heat_map(means, today, labels);
    g_assert_cmpstr(map, ==,
                    "🟩🟨⬜⬜⬜⬜⬜⬜⬜⬜⬜🟨 월\n"
                    "🟧⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 화\n"
                    "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 수\n"
                    "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 목\n"
                    "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 금\n"
                    "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 토\n"
                    "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜ 일");
}

/* ---- pseudonyms ---- */

static const char adjectives[] = "Calm, Brave,Quick", animals[] = "Otter,Night Owl,Crane,Fox";

static void test_pseudonym(void)
{
    g_autofree char *a = pseudonym(adjectives, animals, 7, 42, 1);
    g_autofree char *b = pseudonym(adjectives, animals, 7, 42, 1);
    g_autofree char *second = pseudonym(adjectives, animals, 7, 42, 2);
    g_assert_cmpstr(a, ==, b);
    g_autofree char *with_number = g_strconcat(a, " 2", NULL);
    g_assert_cmpstr(second, ==, with_number);
    g_assert_nonnull(strchr(a, ' '));
    g_assert_null(strchr(a, ','));
    g_assert_null(strstr(a, "42"));
    /* Another chat knows the same person by another name, mostly. */
    int differ = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        g_autofree char *other = pseudonym(adjectives, animals, seed, 42, 1);
        differ += strcmp(other, a) != 0;
    }
    g_assert_cmpint(differ, >, 80);
}

/* No two members have one name, and a newcomer changes nobody's. */
static void test_no_collisions(void)
{
    enum { MEMBERS = 60 };
    int64_t users[MEMBERS];
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < MEMBERS; i++)
        users[i] = 1000 + i * 3;
    for (int i = 0; i < MEMBERS; i++) {
        int ordinal = pseudonym_ordinal(adjectives, animals, 9, users, MEMBERS, users[i]);
        g_assert_cmpint(ordinal, ==,
                        pseudonym_ordinal(adjectives, animals, 9, users, (size_t)i + 1, users[i]));
        g_assert_true(
            g_hash_table_add(names, pseudonym(adjectives, animals, 9, users[i], ordinal)));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    all = zones_new();
    g_test_add_func("/leaderboard/spans", test_spans);
    g_test_add_func("/leaderboard/spans-meet", test_spans_meet);
    g_test_add_func("/leaderboard/weekly-post", test_weekly_post);
    g_test_add_func("/leaderboard/period-words", test_period_words);
    g_test_add_func("/leaderboard/ranks", test_ranks);
    g_test_add_func("/leaderboard/ranks-are-stable", test_ranks_are_stable);
    g_test_add_func("/leaderboard/view", test_view);
    g_test_add_func("/leaderboard/means", test_means);
    g_test_add_func("/leaderboard/streaks", test_streaks);
    g_test_add_func("/leaderboard/streak-reports", test_streak_reports);
    g_test_add_func("/leaderboard/random-streaks", test_random_streaks);
    g_test_add_func("/leaderboard/bar", test_bar);
    g_test_add_func("/leaderboard/heat-map", test_heat_map);
    g_test_add_func("/leaderboard/pseudonym", test_pseudonym);
    g_test_add_func("/leaderboard/no-collisions", test_no_collisions);
    int failed = g_test_run();
    zones_free(all);
    return failed;
}
