/*
 * A year and more of chats with an injected clock: daylight saving, the leap day, downtime, clocks
 * that are set. Each local day must get exactly the questions that a slow and obvious model says.
 */
#include "schedule.h"

#include <string.h>

static zones *all;

enum { DAYS = 800, HOUR = 3600 };

static int64_t day(const char *text)
{
    int64_t d = 0;
    g_assert_true(date_parse(text, &d));
    return d;
}

/* What one run has sent: local date and minute of each question, in order of sending. */
struct log {
    int64_t first;
    int sent[DAYS]; /* questions of the local date first + i */
    int64_t last_at;
    int doubled;
    GHashTable *keys;
};

static void log_init(struct log *log, int64_t first)
{
    *log = (struct log){.first = first, .last_at = INT64_MIN};
    log->keys = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void log_add(struct log *log, const struct schedule_due *d)
{
    int64_t *key = g_new(int64_t, 1);
    *key = d->key;
    log->doubled += !g_hash_table_add(log->keys, key);
    if (d->day >= log->first && d->day < log->first + DAYS)
        log->sent[d->day - log->first]++;
}

/* The model: the minutes of a local date, walked one by one by the wall clock alone. Returns how
 * many of the times asked for come on that date, those that the clock skips at their next minute.
 */
static int model_questions(const zone *z, const struct schedule *s, int64_t date)
{
    bool came[1440] = {false}, any = false;
    for (int64_t t = date * 86400 - 26 * HOUR; t < date * 86400 + 50 * HOUR; t += 60) {
        struct local_time l;
        zone_local(z, t, &l);
        if (l.day == date) {
            came[l.hour * 60 + l.minute] = true;
            any = true;
        }
    }
    int n = 0, next_valid = -1;
    bool taken[1441] = {false};
    for (size_t i = 0; any && i < s->n_entries; i++) {
        if ((s->entry[i].weekdays >> date_weekday(date) & 1) == 0 || schedule_is_quiet(s, date))
            continue;
        for (next_valid = s->entry[i].minute; next_valid < 1440 && !came[next_valid];)
            next_valid++;
        n += !taken[next_valid];
        taken[next_valid] = true;
    }
    return n;
}

/* Runs the clock from one time to another as the daemon does: it sleeps until the next question. */
static void run(const zone *z, const struct schedule *s, struct schedule_state *state, int64_t from,
                int64_t to, struct log *log)
{
    struct schedule_due d;
    for (int64_t now = from; now <= to;) {
        if (schedule_tick(s, z, state, now, &d)) {
            g_assert_cmpint(d.at, <=, now);
            log_add(log, &d);
        }
        if (!schedule_next(s, z, now, &d))
            return;
        now = d.at;
    }
}

/* ---- without trouble ---- */

static const struct {
    const char *zone, *schedule, *first;
    int days;
} quiet_years[] = {
    {"Europe/Berlin", "02:30", "2026-01-01", 731},
    {"Europe/Berlin", "00:00; 02:00; 02:30; 03:00; 23:59", "2027-06-01", 500},
    {"America/New_York", "01:30; 02:00; 02:59 mon-fri", "2027-12-01", 400}, /* 2028-02-29 */
    {"Australia/Lord_Howe", "01:45; 02:00; 02:15; 02:30", "2026-01-01", 400},
    {"America/Havana", "00:00; 00:30; 01:00", "2026-01-01", 400},
    {"Asia/Beirut", "00:00 sun; 09:00", "2026-01-01", 400},
    {"Pacific/Apia", "09:00; 23:59", "2011-06-01", 400},
    {"Africa/Casablanca", "02:30; 03:00", "2026-01-01", 400},
    {"Asia/Seoul", "09:00 mon-fri; 10:00 sat,sun; quiet 2027-12-24..2028-01-02; quiet 2028-02-29",
     "2027-10-01", 400},
    {"America/St_Johns", "00:00; 23:30", "2010-01-01", 400},
    {"Antarctica/Troll", "02:30", "2026-01-01", 400},
};

static void test_quiet_year(gconstpointer data)
{
    size_t i = GPOINTER_TO_SIZE(data);
    const zone *z = zones_get(all, quiet_years[i].zone, NULL);
    struct schedule s;
    g_assert_true(schedule_parse(quiet_years[i].schedule, &s));
    int64_t first = day(quiet_years[i].first), last = first + quiet_years[i].days;
    struct schedule_state state = {.since = zone_day_start(z, first) - 1};
    struct log log;
    log_init(&log, first);
    run(z, &s, &state, zone_day_start(z, first), zone_day_start(z, last) - 1, &log);
    g_assert_cmpint(log.doubled, ==, 0);
    int total = 0;
    for (int64_t d = first; d < last; d++) {
        int expect = model_questions(z, &s, d), got = log.sent[d - first];
        total += got;
        if (expect != got) {
            char text[DATE_TEXT_SIZE];
            date_print(d, text);
            g_test_message("%s %s", quiet_years[i].zone, text);
            g_assert_cmpint(got, ==, expect);
        }
    }
    g_assert_cmpint(total, >=, quiet_years[i].days * 3 / 4);
    g_hash_table_unref(log.keys);
}

/* ---- downtime ---- */

/* Whether the daemon is up at a time: three kinds of outages, of minutes, hours and days. */
static bool is_up(int64_t t)
{
    int64_t hour = t / HOUR;
    if (hour % 37 == 5 && t % HOUR < 25 * 60)
        return false;
    if (hour % 211 < 9)
        return false;
    return hour % 1777 >= 53;
}

/* The model of downtime: on each local day, what must have been sent. A question is sent when the
 * daemon is up at its time; else when it is up again that day before a newer one is due. */
static void test_downtime(gconstpointer data)
{
    const zone *z = zones_get(all, data, NULL);
    struct schedule s;
    g_assert_true(schedule_parse("02:30; 09:00; 09:10; 21:00", &s));
    int64_t first = day("2027-10-01"), last = first + 400; /* over 2028-02-29 */
    struct schedule_state state = {.since = zone_day_start(z, first) - 1};
    struct log log;
    log_init(&log, first);
    int64_t end = zone_day_start(z, last);
    int bursts = 0, expected = 0;
    for (int64_t t = zone_day_start(z, first), was = -1; t < end; t += 60) {
        struct schedule_due d;
        if (!is_up(t))
            continue;
        if (schedule_tick(&s, z, &state, t, &d)) {
            bursts += was == t - 60; /* two in two minutes: no two entries are that near */
            was = t;
            log_add(&log, &d);
            g_assert_cmpint(zone_day(z, d.at), ==, zone_day(z, t));
        }
    }
    for (int64_t d = first; d < last; d++) {
        for (size_t i = 0; i < s.n_entries; i++) {
            int64_t due = zone_minute(z, d, s.entry[i].minute);
            int64_t until = i + 1 < s.n_entries ? zone_minute(z, d, s.entry[i + 1].minute)
                                                : zone_day_start(z, d + 1);
            bool up = false;
            for (int64_t t = due; t < until && !up; t += 60)
                up = is_up(t);
            int64_t key = d * 1440 + s.entry[i].minute;
            bool sent = g_hash_table_contains(log.keys, &key);
            expected += up;
            if (sent != up)
                g_assert_cmpint(key, ==, -1);
        }
    }
    g_assert_cmpint(bursts, ==, 0);
    g_assert_cmpint(log.doubled, ==, 0);
    g_assert_cmpint(expected, <, 400 * 4); /* the outages did swallow some */
    g_assert_cmpint(expected, >, 400 * 3);
    g_assert_cmpuint(g_hash_table_size(log.keys), ==, (unsigned)expected);
    g_hash_table_unref(log.keys);
}

/* ---- clocks that are set, restarts ---- */

/*
 * Real time runs on; the daemon's clock is off by an amount that changes, and now and then the
 * daemon is restarted, its state read back from text. The model: a date's question is sent exactly
 * once when the clock, right or wrong, ever showed a time from nine on that date, else never.
 */
static void test_clock_steps(gconstpointer data)
{
    static const int64_t steps[] = {30,        -30,       HOUR,           -HOUR,
                                    5 * HOUR,  -5 * HOUR, -26 * HOUR,     26 * HOUR,
                                    9 * 86400, 59,        40 * 86400 + 7, -86400};
    const zone *z = zones_get(all, data, NULL);
    struct schedule s;
    g_assert_true(schedule_parse("09:00", &s));
    int64_t first = day("2026-11-23"), last = first + 600;
    struct schedule_state state = {.since = zone_day_start(z, first) - 1};
    struct log log;
    log_init(&log, first);
    int64_t off = 0;
    int n_steps = 0;
    bool seen[DAYS] = {false};
    for (int64_t t = zone_day_start(z, first); t < zone_day_start(z, last); t += 60) {
        struct schedule_due d;
        int64_t minute = t / 60;
        if (minute % 10007 == 0) /* about once a week, right again two days later */
            off = steps[n_steps++ % (int)G_N_ELEMENTS(steps)];
        if (minute % 10007 == 2880)
            off = 0;
        if (minute % 997 == 0) { /* a restart */
            g_autofree char *text = schedule_state_print(&state);
            g_assert_true(schedule_state_parse(text, &state));
        }
        struct local_time l;
        zone_local(z, t + off, &l);
        if (l.hour >= 9 && l.day >= first)
            seen[l.day - first] = true;
        if (schedule_tick(&s, z, &state, t + off, &d))
            log_add(&log, &d);
    }
    g_assert_cmpint(n_steps, >, 50);
    g_assert_cmpint(log.doubled, ==, 0);
    int missing = 0;
    for (int i = 0; i < DAYS; i++) {
        missing += i < 600 && !seen[i];
        if (log.sent[i] != seen[i])
            g_assert_cmpint(i, ==, -1);
    }
    g_assert_cmpint(missing, <, 60); /* of 600: what a clock that is days off skips */
    g_hash_table_unref(log.keys);
}

/* A restart in the very minute of the question, many times over. */
static void test_restarts_in_the_minute(void)
{
    const zone *z = zones_get(all, "Asia/Seoul", NULL);
    struct schedule s;
    struct schedule_due d;
    g_assert_true(schedule_parse("09:00", &s));
    int64_t nine = zone_minute(z, day("2026-11-23"), 540);
    struct schedule_state state = {.since = nine - 60};
    int sent = 0;
    for (int64_t t = nine - 30; t < nine + 60; t++) {
        g_autofree char *text = schedule_state_print(&state);
        g_assert_true(schedule_state_parse(text, &state));
        sent += schedule_tick(&s, z, &state, t, &d);
    }
    g_assert_cmpint(sent, ==, 1);
}

/* Moving a chat through the time zones never sends a local date's question twice. */
static void test_travel(void)
{
    static const char *const names[] = {"Asia/Seoul",   "Europe/Berlin",    "America/New_York",
                                        "Pacific/Apia", "Pacific/Honolulu", "UTC+05:45"};
    struct schedule s;
    struct schedule_due d;
    g_assert_true(schedule_parse("09:00", &s));
    struct schedule_state state = {0};
    struct log log;
    log_init(&log, day("2026-11-01"));
    GRand *rand = g_rand_new_with_seed(7);
    const zone *z = zones_get(all, names[0], NULL);
    int64_t start = log.first * 86400;
    for (int64_t t = start; t < start + 300 * INT64_C(86400); t += 600) {
        if (g_rand_int_range(rand, 0, 100) == 0) {
            z = zones_get(all, names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))], NULL);
            schedule_changed(&state, t);
        }
        if (schedule_tick(&s, z, &state, t, &d))
            log_add(&log, &d);
    }
    g_assert_cmpint(log.doubled, ==, 0);
    g_assert_cmpuint(g_hash_table_size(log.keys), >, 150);
    g_rand_free(rand);
    g_hash_table_unref(log.keys);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"};
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    all = zones_new();
    for (size_t i = 0; i < G_N_ELEMENTS(quiet_years); i++) {
        g_autofree char *path =
            g_strdup_printf("/schedule-year/plain/%zu-%s", i, quiet_years[i].zone);
        g_strdelimit(path + strlen("/schedule-year/plain/"), "/", '-');
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_quiet_year);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *place = g_strdelimit(g_strdup(names[i]), "/", '-');
        g_autofree char *down = g_strdup_printf("/schedule-year/downtime/%s", place);
        g_autofree char *steps = g_strdup_printf("/schedule-year/clock-steps/%s", place);
        g_test_add_data_func(down, names[i], test_downtime);
        g_test_add_data_func(steps, names[i], test_clock_steps);
    }
    g_test_add_func("/schedule-year/restarts-in-the-minute", test_restarts_in_the_minute);
    g_test_add_func("/schedule-year/travel", test_travel);
    int failed = g_test_run();
    zones_free(all);
    return failed;
}
