/* Dates and time zones, against known transitions of the system's tzdata. */
#include "zone.h"

#include <string.h>
#include <time.h>

static zones *all;

static const zone *get(const char *name)
{
    GError *error = NULL;
    const zone *z = zones_get(all, name, &error);
    g_assert_no_error(error);
    g_assert_nonnull(z);
    return z;
}

static int64_t day(const char *text)
{
    int64_t d = 0;
    g_assert_true(date_parse(text, &d));
    return d;
}

/* ---- dates ---- */

static void test_dates(void)
{
    int64_t d;
    int y, m, dom;
    g_assert_cmpint(day("1970-01-01"), ==, 0);
    g_assert_cmpint(day("2000-03-01"), ==, 11017);
    g_assert_cmpint(day("0001-01-01"), ==, DATE_MIN);
    g_assert_cmpint(day("9999-12-31"), ==, DATE_MAX);
    /* Every day of 30 centuries follows the one before, and comes back from its date. */
    int64_t expect = day("1500-01-01");
    for (int year = 1500; year < 4500; year++)
        for (int month = 1; month <= 12; month++)
            for (int date = 1; date_from_ymd(year, month, date, &d); date++) {
                if (d != expect++)
                    g_assert_cmpint(d, ==, expect - 1);
                date_to_ymd(d, &y, &m, &dom);
                if (y != year || m != month || dom != date)
                    g_assert_cmpint(d, ==, -1);
            }
    g_assert_cmpint(expect, ==, day("4500-01-01"));
}

static void test_no_such_date(void)
{
    static const char *const bad[] = {"2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10",
                                      "2026-04-31", "2026-1-01",  "26-01-01",   "2026-01-01x",
                                      "0000-01-01", "2026/01/01", "",           "2026-01-0x"};
    int64_t d = 42;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(date_parse(bad[i], &d));
    }
    g_assert_cmpint(d, ==, 42);
    g_assert_true(date_parse("2028-02-29", &d));
    g_assert_true(date_parse("2000-02-29", &d));
}

static void test_calendar(void)
{
    char text[DATE_TEXT_SIZE];
    g_assert_cmpint(date_weekday(day("2026-11-23")), ==, 0);
    g_assert_cmpint(date_weekday(day("1969-12-31")), ==, 2);
    g_assert_cmpint(date_weekday(day("1900-01-01")), ==, 0);
    g_assert_cmpint(date_week_start(day("2026-11-29")), ==, day("2026-11-23"));
    g_assert_cmpint(date_week_start(day("2027-01-01")), ==, day("2026-12-28"));
    g_assert_cmpint(date_month_start(day("2028-02-29")), ==, day("2028-02-01"));
    g_assert_cmpint(date_next_month(day("2028-02-29")), ==, day("2028-03-01"));
    g_assert_cmpint(date_next_month(day("2026-12-31")), ==, day("2027-01-01"));
    date_print(day("2026-12-25"), text);
    g_assert_cmpstr(text, ==, "2026-12-25");
    date_print(day("0099-01-02"), text);
    g_assert_cmpstr(text, ==, "0099-01-02");
}

/* ---- local minutes ---- */

/* What a local date and minute is in UTC, with the offset that then holds. */
static const struct {
    const char *zone, *date;
    int hour, minute;
    const char *utc_date;
    int utc_hour, utc_minute;
    int offset; /* minutes */
} minutes[] = {
    {"Asia/Seoul", "2026-12-25", 9, 0, "2026-12-25", 0, 0, 540},
    {"Asia/Seoul", "1987-05-10", 2, 30, "1987-05-09", 17, 0, 600}, /* summer time began at 2:00 */
    {"UTC", "2026-12-25", 9, 0, "2026-12-25", 9, 0, 0},
    {"UTC+05:30", "2026-12-25", 2, 0, "2026-12-24", 20, 30, 330},
    {"Europe/Berlin", "2026-03-29", 1, 59, "2026-03-29", 0, 59, 60},
    {"Europe/Berlin", "2026-03-29", 2, 0, "2026-03-29", 1, 0, 120},  /* not there: 3:00 */
    {"Europe/Berlin", "2026-03-29", 2, 30, "2026-03-29", 1, 0, 120}, /* not there: 3:00 */
    {"Europe/Berlin", "2026-03-29", 3, 0, "2026-03-29", 1, 0, 120},
    {"Europe/Berlin", "2026-10-25", 2, 30, "2026-10-25", 0, 30, 120}, /* twice: the first */
    {"Europe/Berlin", "2026-10-25", 3, 0, "2026-10-25", 2, 0, 60},
    {"America/New_York", "2026-03-08", 2, 30, "2026-03-08", 7, 0, -240},
    {"America/New_York", "2026-11-01", 1, 30, "2026-11-01", 5, 30, -240},
    {"America/New_York", "2026-11-01", 2, 0, "2026-11-01", 7, 0, -300},
    {"Australia/Lord_Howe", "2026-04-05", 1, 45, "2026-04-04", 14, 45, 660}, /* twice */
    {"Australia/Lord_Howe", "2026-04-05", 2, 0, "2026-04-04", 15, 30, 630},
    {"Australia/Lord_Howe", "2026-10-04", 2, 15, "2026-10-03", 15, 30, 660}, /* half an hour lost */
    {"Australia/Lord_Howe", "2026-10-04", 2, 30, "2026-10-03", 15, 30, 660},
    {"America/Havana", "2026-03-08", 0, 0, "2026-03-08", 5, 0, -240}, /* the day begins at 1:00 */
    {"America/Havana", "2026-11-01", 0, 30, "2026-11-01", 4, 30, -240},
    {"Asia/Beirut", "2026-03-29", 0, 10, "2026-03-28", 22, 0, 180},
    {"Pacific/Apia", "2011-12-29", 23, 59, "2011-12-30", 9, 59, -600},
    {"Pacific/Apia", "2011-12-31", 0, 0, "2011-12-30", 10, 0, 840},
    {"America/Nuuk", "2026-03-28", 23, 30, "2026-03-29", 1, 0, -60}, /* next minute: next day */
    {"Europe/Berlin", "2037-03-29", 2, 30, "2037-03-29", 1, 0, 120},
    {"Europe/Berlin", "2060-07-01", 9, 0, "2060-07-01", 7, 0, 120},
    {"America/New_York", "2060-12-01", 9, 0, "2060-12-01", 14, 0, -300},
};

static void test_minutes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
        const zone *z = get(minutes[i].zone);
        g_test_message("%s %s %d:%02d", minutes[i].zone, minutes[i].date, minutes[i].hour,
                       minutes[i].minute);
        int64_t at = zone_minute(z, day(minutes[i].date), minutes[i].hour * 60 + minutes[i].minute);
        g_assert_cmpint(at, ==,
                        day(minutes[i].utc_date) * 86400 + minutes[i].utc_hour * 3600 +
                            minutes[i].utc_minute * 60);
        g_assert_cmpint(zone_offset(z, at), ==, minutes[i].offset * 60);
    }
}

static void test_local(void)
{
    struct local_time l;
    zone_local(get("Australia/Lord_Howe"), day("2026-10-03") * 86400 + (15 * 60 + 30) * 60 + 7, &l);
    g_assert_cmpint(l.year, ==, 2026);
    g_assert_cmpint(l.month, ==, 10);
    g_assert_cmpint(l.dom, ==, 4);
    g_assert_cmpint(l.hour, ==, 2);
    g_assert_cmpint(l.minute, ==, 30);
    g_assert_cmpint(l.second, ==, 7);
    g_assert_cmpint(l.weekday, ==, 6);
    g_assert_cmpint(l.offset, ==, 11 * 3600);
    zone_local(get("America/New_York"), -1, &l);
    g_assert_cmpint(l.day, ==, -1);
    g_assert_cmpint(l.hour, ==, 18);
    zone_local(get("Asia/Seoul"), INT64_MAX, &l); /* no overflow */
    zone_local(get("Asia/Seoul"), INT64_MIN, &l);
}

static void test_days_that_are_not(void)
{
    const zone *apia = get("Pacific/Apia");
    g_assert_true(zone_day_exists(apia, day("2011-12-29")));
    g_assert_false(zone_day_exists(apia, day("2011-12-30")));
    g_assert_true(zone_day_exists(apia, day("2011-12-31")));
    g_assert_false(zone_day_exists(get("Pacific/Kwajalein"), day("1993-08-21")));
}

/* St. John's put its clocks back at 0:01: the wall shows the old date again, the day stays new. */
static void test_day_never_goes_back(void)
{
    const zone *z = get("America/St_Johns");
    int64_t start = zone_day_start(z, day("2010-11-07"));
    struct local_time l;
    zone_local(z, start + 60, &l);
    g_assert_cmpint(l.day, ==, day("2010-11-06"));
    g_assert_cmpint(l.hour, ==, 23);
    g_assert_cmpint(zone_day(z, start + 60), ==, day("2010-11-07"));
    g_assert_cmpint(zone_day(z, start - 1), ==, day("2010-11-06"));
}

/* In every zone: days cut time without gap or overlap, and a local minute leads to itself. */
static void test_partition(void)
{
    static const char *const names[] = {
        "Europe/Berlin",   "America/New_York",     "Australia/Lord_Howe", "Pacific/Apia",
        "America/Havana",  "Asia/Beirut",          "America/St_Johns",    "America/Nuuk",
        "Asia/Seoul",      "Africa/Casablanca",    "America/Asuncion",    "America/Santiago",
        "Atlantic/Azores", "Asia/Pyongyang",       "Antarctica/Troll",    "Asia/Gaza",
        "Africa/Cairo",    "America/Scoresbysund", "Pacific/Kiritimati",  "UTC-03:30"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const zone *z = get(names[i]);
        int bad = 0;
        for (int64_t d = day("1970-01-10"); d < day("2040-01-01"); d++) {
            int64_t start = zone_day_start(z, d), next = zone_day_start(z, d + 1);
            bad += start > next || next - start > 27 * 3600;
            if (start == next)
                continue;
            bad += zone_day(z, start) != d || zone_day(z, next - 1) != d;
            bad += next - start < 20 * 3600;
            struct local_time l;
            int64_t noon = zone_minute(z, d, 720);
            zone_local(z, noon, &l);
            bad += l.day != d || l.hour != 12 || l.minute != 0;
        }
        g_test_message("%s", names[i]);
        g_assert_cmpint(bad, ==, 0);
    }
}

/* Against the C library, which reads the same files in its own way. */
static void test_against_libc(void)
{
    static const char *const names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                        "Asia/Seoul",    "Pacific/Apia",     "America/Havana",
                                        "Asia/Tehran",   "Africa/Casablanca"};
    g_autofree char *before = g_strdup(g_getenv("TZ"));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const zone *z = get(names[i]);
        g_setenv("TZ", names[i], TRUE);
        tzset();
        int bad = 0;
        for (int64_t t = 0; t < INT64_C(2145916800); t += 3607 * 5) {
            time_t time = (time_t)t;
            struct tm tm;
            localtime_r(&time, &tm);
            struct local_time l;
            zone_local(z, t, &l);
            bad += l.year != tm.tm_year + 1900 || l.month != tm.tm_mon + 1 || l.dom != tm.tm_mday ||
                   l.hour != tm.tm_hour || l.minute != tm.tm_min || l.second != tm.tm_sec ||
                   l.weekday != (tm.tm_wday + 6) % 7;
        }
        g_test_message("%s", names[i]);
        g_assert_cmpint(bad, ==, 0);
    }
    if (before != NULL)
        g_setenv("TZ", before, TRUE);
    else
        g_unsetenv("TZ");
    tzset();
}

/* ---- names ---- */

static const struct {
    const char *typed, *name;
} found[] = {
    {"Asia/Seoul", "Asia/Seoul"},
    {"asia/seoul", "Asia/Seoul"},
    {" SEOUL ", "Asia/Seoul"},
    {"서울", "Asia/Seoul"},
    {"서울 시간", "Asia/Seoul"},
    {"한국 표준시", "Asia/Seoul"},
    {"KST", "Asia/Seoul"},
    {"Korea", "Asia/Seoul"},
    {"ｋｓｔ", "Asia/Seoul"},
    {"UTC", "UTC"},
    {"gmt", "UTC"},
    {"Z", "UTC"},
    {"UTC+0", "UTC"},
    {"UTC+9", "UTC+09:00"},
    {"utc + 9", "UTC+09:00"},
    {"GMT+0530", "UTC+05:30"},
    {"+5:45", "UTC+05:45"},
    {"-3", "UTC-03:00"},
    {"UTC−3", "UTC-03:00"},
    {"UTC+09:00", "UTC+09:00"},
    {"뉴욕", "America/New_York"},
    {"New York", "America/New_York"},
    {"new_york", "America/New_York"},
    {"EST", "America/New_York"},
    {"pacific time", "America/Los_Angeles"},
    {"베를린", "Europe/Berlin"},
    {"Europe/Berlin", "Europe/Berlin"},
    {"germany", "Europe/Berlin"},
    {"buenos aires", "America/Argentina/Buenos_Aires"},
    {"lord howe", "Australia/Lord_Howe"},
    {"Etc/GMT+9", "Etc/GMT+9"},
    {"서울로", "Asia/Seoul"},
    {"서울시", "Asia/Seoul"},
    {"서울로 바꿔줘", "Asia/Seoul"},
    {"한국 시간으로 해 주세요", "Asia/Seoul"},
    {"서울 (KST)", "Asia/Seoul"},
    {"Seoul, Korea", "Asia/Seoul"},
    {"아시아/서울", "Asia/Seoul"},
};

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
        GError *error = NULL;
        const zone *z = zones_find(all, found[i].typed, NULL, &error);
        g_test_message("%s", found[i].typed);
        g_assert_no_error(error);
        g_assert_nonnull(z);
        if (z == NULL)
            continue;
        g_assert_cmpstr(zone_name(z), ==, found[i].name);
        g_assert_true(zones_get(all, zone_name(z), NULL) == z);
    }
}

static const struct {
    const char *typed;
    int code;
    const char *suggestion; /* that is among them, NULL: none at all */
} lost[] = {
    {"Seol", ZONE_ERROR_UNKNOWN, "Asia/Seoul"},
    {"Berlun", ZONE_ERROR_UNKNOWN, "Europe/Berlin"},
    {"Asia/Seul", ZONE_ERROR_UNKNOWN, "Asia/Seoul"},
    {"베르린", ZONE_ERROR_UNKNOWN, "Europe/Berlin"},
    {"서울특별시", ZONE_ERROR_UNKNOWN, "Asia/Seoul"},
    {"CST", ZONE_ERROR_AMBIGUOUS, "Asia/Shanghai"},
    {"미국", ZONE_ERROR_AMBIGUOUS, "America/Los_Angeles"},
    {"../../etc/passwd", ZONE_ERROR_UNKNOWN, NULL},
    {"/etc/localtime", ZONE_ERROR_UNKNOWN, NULL},
    {"Asia/../Asia/Seoul", ZONE_ERROR_UNKNOWN, NULL},
    {"UTC+15", ZONE_ERROR_UNKNOWN, NULL},
    {"UTC+9:75", ZONE_ERROR_UNKNOWN, NULL},
    {"UTC+9:", ZONE_ERROR_UNKNOWN, NULL},
    {"EST5EDT,M3.2.0,M11.1.0", ZONE_ERROR_UNKNOWN, NULL},
    {"", ZONE_ERROR_UNKNOWN, NULL},
    {"\xff\xfe", ZONE_ERROR_UNKNOWN, NULL},
    {"어딘지모를곳", ZONE_ERROR_UNKNOWN, NULL},
    {"zone.tab", ZONE_ERROR_UNKNOWN, NULL},
    {"leapseconds", ZONE_ERROR_UNKNOWN, NULL},
};

static void test_not_found(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
        GError *error = NULL;
        char **suggestions = NULL;
        g_test_message("%s", lost[i].typed);
        g_assert_null(zones_find(all, lost[i].typed, &suggestions, &error));
        g_assert_error(error, ZONE_ERROR, lost[i].code);
        g_assert_nonnull(suggestions);
        g_assert_cmpuint(g_strv_length(suggestions), <=, 5);
        if (lost[i].suggestion != NULL)
            g_assert_true(g_strv_contains((const char *const *)suggestions, lost[i].suggestion));
        for (size_t k = 0; suggestions[k] != NULL; k++)
            g_assert_nonnull(zones_get(all, suggestions[k], NULL));
        g_clear_error(&error);
        g_strfreev(suggestions);
    }
    g_autofree char *endless = g_strnfill(100000, 'a');
    g_assert_null(zones_find(all, endless, NULL, NULL));
}

/* Without the database there is a clear error, and UTC with its offsets. */
static void test_without_tzdata(void)
{
    g_autofree char *before = g_strdup(g_getenv("TZDIR"));
    g_setenv("TZDIR", "/nonexistent", TRUE);
    zones *none = zones_new();
    GError *error = NULL;
    g_assert_null(zones_get(none, "Asia/Seoul", &error));
    g_assert_error(error, ZONE_ERROR, ZONE_ERROR_NO_TZDATA);
    g_assert_nonnull(strstr(error->message, "tzdata"));
    g_clear_error(&error);
    g_assert_null(zones_find(none, "서울", NULL, &error));
    g_assert_error(error, ZONE_ERROR, ZONE_ERROR_NO_TZDATA);
    g_clear_error(&error);
    g_assert_nonnull(zones_find(none, "UTC+9", NULL, &error)); /* needs no database */
    g_assert_no_error(error);
    zones_free(none);
    if (before != NULL)
        g_setenv("TZDIR", before, TRUE);
    else
        g_unsetenv("TZDIR");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    all = zones_new();
    g_test_add_func("/zone/dates", test_dates);
    g_test_add_func("/zone/no-such-date", test_no_such_date);
    g_test_add_func("/zone/calendar", test_calendar);
    g_test_add_func("/zone/minutes", test_minutes);
    g_test_add_func("/zone/local", test_local);
    g_test_add_func("/zone/days-that-are-not", test_days_that_are_not);
    g_test_add_func("/zone/day-never-goes-back", test_day_never_goes_back);
    g_test_add_func("/zone/partition", test_partition);
    g_test_add_func("/zone/against-libc", test_against_libc);
    g_test_add_func("/zone/find", test_find);
    g_test_add_func("/zone/not-found", test_not_found);
    g_test_add_func("/zone/without-tzdata", test_without_tzdata);
    int failed = g_test_run();
    zones_free(all);
    return failed;
}
