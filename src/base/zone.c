/* One time zone as a table of offsets, and the civil time it gives. */
#include "zone_internal.h"

enum { DAY = 86400 };

/* Tables end here: tzdata's rules are guesses that far out, and a daemon does not live so long. */
#define HORIZON  INT64_C(4102444800) /* 2100-01-01 */
#define TIME_MIN (DATE_MIN * (int64_t)DAY)
#define TIME_MAX ((DATE_MAX + (int64_t)1) * DAY - 1)

/* ---- building ---- */

static int interval_at(GTimeZone *tz, int64_t time)
{
    return g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, time);
}

/* The first time after `from` in another interval, or HORIZON. GTimeZone tells no interval's end.
 */
static int64_t interval_end(GTimeZone *tz, int64_t from)
{
    int here = interval_at(tz, from);
    int64_t lo = from, hi = HORIZON;
    if (interval_at(tz, hi) == here)
        return hi;
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        if (interval_at(tz, mid) == here)
            lo = mid;
        else
            hi = mid;
    }
    return hi;
}

static zone *zone_make(const char *name, const GArray *starts, const GArray *offsets)
{
    zone *z = g_new0(zone, 1);
    z->name = g_strdup(name);
    z->n = starts->len;
    z->start = g_memdup2(starts->data, starts->len * sizeof(int64_t));
    z->offset = g_memdup2(offsets->data, offsets->len * sizeof(int));
    return z;
}

zone *zone_read(const char *name)
{
    g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(name);
    if (tz == NULL)
        return NULL;
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(int));
    int64_t start = INT64_MIN;
    for (int64_t t = 0; t < HORIZON; start = t = interval_end(tz, t)) {
        int offset = g_time_zone_get_offset(tz, interval_at(tz, t));
        if (offsets->len > 0 && offset == g_array_index(offsets, int, offsets->len - 1))
            continue; /* only the abbreviation changed */
        g_array_append_val(starts, start);
        g_array_append_val(offsets, offset);
    }
    return zone_make(name, starts, offsets);
}

zone *zone_fixed(const char *name, int offset)
{
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(int));
    int64_t start = INT64_MIN;
    g_array_append_val(starts, start);
    g_array_append_val(offsets, offset);
    return zone_make(name, starts, offsets);
}

void zone_free(zone *z)
{
    if (z == NULL)
        return;
    g_free(z->name);
    g_free(z->start);
    g_free(z->offset);
    g_free(z);
}

/* ---- asking ---- */

const char *zone_name(const zone *z)
{
    return z->name;
}

static size_t find(const zone *z, int64_t time)
{
    size_t lo = 0, hi = z->n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (z->start[mid] <= time)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

int zone_offset(const zone *z, int64_t time)
{
    return z->offset[find(z, time)];
}

/* The first time whose wall clock shows `local` or later: both rules of zone_minute in one. */
static int64_t first_reaching(const zone *z, int64_t local)
{
    size_t i = find(z, local - DAY); /* no offset reaches a day: the clock then showed less */
    for (; i + 1 < z->n; i++) {
        int64_t time = MAX(local - z->offset[i], z->start[i]);
        if (time < z->start[i + 1])
            return time;
    }
    return MAX(local - z->offset[i], z->start[i]);
}

static int64_t floor_day(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY : -((DAY - 1 - seconds) / DAY);
}

void zone_local(const zone *z, int64_t time, struct local_time *ret_local)
{
    time = CLAMP(time, TIME_MIN + DAY, TIME_MAX - DAY);
    struct local_time l = {.offset = zone_offset(z, time)};
    int64_t local = time + l.offset;
    l.day = floor_day(local);
    int second = (int)(local - l.day * DAY);
    l.hour = second / 3600;
    l.minute = second / 60 % 60;
    l.second = second % 60;
    l.weekday = date_weekday(l.day);
    date_to_ymd(l.day, &l.year, &l.month, &l.dom);
    *ret_local = l;
}

int64_t zone_minute(const zone *z, int64_t day, int minute)
{
    day = CLAMP(day, DATE_MIN, DATE_MAX);
    return first_reaching(z, day * DAY + minute * 60);
}

int64_t zone_day_start(const zone *z, int64_t day)
{
    return zone_minute(z, day, 0);
}

int64_t zone_day(const zone *z, int64_t time)
{
    time = CLAMP(time, TIME_MIN + DAY, TIME_MAX - DAY);
    int64_t day = floor_day(time + zone_offset(z, time));
    /* Where clocks go back across midnight the next day has begun already. */
    return zone_day_start(z, day + 1) <= time ? day + 1 : day;
}

bool zone_day_exists(const zone *z, int64_t day)
{
    return zone_day_start(z, day) < zone_day_start(z, day + 1);
}
