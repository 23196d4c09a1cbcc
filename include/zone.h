/*
 * Dates and time zones: the civil time of a chat.
 *
 * A *day* is a count of civil days since 1970-01-01 (negative before), without a zone. A *time* is
 * UNIX seconds. A *minute* is 0..1439 of a local day. Weekdays are 0 (Monday) .. 6 (Sunday).
 *
 * Names come from the IANA database that the system carries (package tzdata; $TZDIR is honoured).
 * It is read only inside zones_get and zones_find: the first use of a name reads its file, and the
 * list of names once. Everything that takes a `const zone *` is pure, allocates nothing and costs
 * one or two binary searches.
 *
 * A zone is exact from 1970 to 2037 (compared with Python's zoneinfo for every listed zone). From
 * 2038 to 2100 GLib extends the last rule (GLib 2.74 gets that wrong for Europe/Dublin alone);
 * before and after, the first and the last offset hold.
 */
#ifndef INTERVIEWD_ZONE_H
#define INTERVIEWD_ZONE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- dates: pure arithmetic of the proleptic Gregorian calendar, years 1..9999 ---- */

#define DATE_MIN       (-719162) /* 0001-01-01 */
#define DATE_MAX       2932896   /* 9999-12-31 */
#define DATE_TEXT_SIZE 11        /* "2026-12-25" and its NUL */

/* The day of a date; false when there is no such date. */
bool date_from_ymd(int year, int month, int day, int64_t *ret_day);
/* The date of a day, clamped to DATE_MIN..DATE_MAX. */
void date_to_ymd(int64_t day, int *ret_year, int *ret_month, int *ret_day);
/* 0 Monday .. 6 Sunday. */
int date_weekday(int64_t day);
/* The Monday of that day's week; the first of its month; the first of the month after. */
int64_t date_week_start(int64_t day);
int64_t date_month_start(int64_t day);
int64_t date_next_month(int64_t day);
/* Exactly "YYYY-MM-DD" of a date that exists. */
bool date_parse(const char *text, int64_t *ret_day);
/* Writes YYYY-MM-DD. */
void date_print(int64_t day, char ret_text[DATE_TEXT_SIZE]);

/* ---- zones ---- */

typedef struct zone zone;
typedef struct zones zones;

#define ZONE_ERROR zone_error_quark()
GQuark zone_error_quark(void);
enum zone_error {
    ZONE_ERROR_UNKNOWN,   /* no such zone, perhaps with suggestions */
    ZONE_ERROR_AMBIGUOUS, /* means several zones: the suggestions */
    ZONE_ERROR_NO_TZDATA, /* the system's time zone database is missing or unreadable */
};

/* A cache of zones, *new*. Zones are *borrowed* from it and live as long as it does. */
zones *zones_new(void);
void zones_free(zones *all);

/* The zone of a canonical name ("Asia/Seoul", "UTC", "UTC+09:00"), as stored. NULL with an error.
 */
const zone *zones_get(zones *all, const char *name, GError **error);

/*
 * The zone that a person means: an IANA name in any case, its city, a Korean or English city or
 * country, a common abbreviation, or an offset from UTC ("서울", "KST", "UTC+9", "new york").
 * NULL with an error; then ret_suggestions (may be NULL) gets at most five canonical names, *new*,
 * NULL-terminated, possibly none.
 */
const zone *zones_find(zones *all, const char *typed, char ***ret_suggestions, GError **error);

/* The canonical name, *borrowed*. */
const char *zone_name(const zone *z);

/* Seconds east of UTC at a time. */
int zone_offset(const zone *z, int64_t time);

struct local_time {
    int64_t day; /* of the clock's date; see zone_day for the day that counts */
    int year, month, dom;
    int hour, minute, second;
    int weekday;
    int offset;
};
/* What a clock on the wall shows. */
void zone_local(const zone *z, int64_t time, struct local_time *ret_local);

/*
 * The time at which a local minute comes: one that does not exist that day gives the next valid
 * minute (perhaps in the next day), one that comes twice the first.
 */
int64_t zone_minute(const zone *z, int64_t day, int minute);

/*
 * Days cut time into pieces without gap or overlap: a day begins when its first minute is reached,
 * and ends where the next one begins. zone_day grows with time even where clocks are put back
 * across midnight (St. John's until 2011), when the wall's date does not.
 */
int64_t zone_day(const zone *z, int64_t time);
int64_t zone_day_start(const zone *z, int64_t day);
/* false for a day that the zone skipped as a whole (Pacific/Apia, 2011-12-30). */
bool zone_day_exists(const zone *z, int64_t day);

#endif
