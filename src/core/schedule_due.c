/* When a question is due, and what is remembered so that none comes twice. */
#include "schedule_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- due questions ---- */

static bool is_later(const struct schedule_due *a, const struct schedule_due *b)
{
    return a->at != b->at ? a->at > b->at : a->key > b->key;
}

static bool fires_on(const struct schedule *s, const zone *z, const struct schedule_entry *e,
                     int64_t day)
{
    return (e->weekdays >> date_weekday(day) & 1U) != 0 && !schedule_is_quiet(s, day) &&
           zone_day_exists(z, day);
}

static struct schedule_due due_on(const struct schedule *s, const zone *z, size_t entry,
                                  int64_t day)
{
    int minute = s->entry[entry].minute;
    return (struct schedule_due){.at = zone_minute(z, day, minute),
                                 .day = day,
                                 .minute = minute,
                                 .key = day * MINUTES + minute,
                                 .entry = entry};
}

/* The earliest of a day's questions after a time; of those on one instant the last asked for. */
static bool first_on(const struct schedule *s, const zone *z, int64_t day, int64_t after,
                     struct schedule_due *ret_due)
{
    bool found = false;
    for (size_t i = 0; i < s->n_entries; i++) {
        if (!fires_on(s, z, &s->entry[i], day))
            continue;
        struct schedule_due d = due_on(s, z, i, day);
        if (d.at > after && (!found || d.at <= ret_due->at)) {
            *ret_due = d;
            found = true;
        }
    }
    return found;
}

/* The first day from `day` on that is not quiet. */
static int64_t next_loud(const struct schedule *s, int64_t day)
{
    if (s->paused)
        day = MAX(day, s->paused_until);
    for (size_t i = 0; i < s->n_quiet; i++)
        if (s->quiet[i].first <= day && day <= s->quiet[i].last)
            day = s->quiet[i].last + 1;
    return day;
}

bool schedule_next(const struct schedule *s, const zone *z, int64_t after,
                   struct schedule_due *ret_due)
{
    if (s->n_entries == 0)
        return false;
    struct schedule_due best, next;
    /* A minute that yesterday lacked may come at the beginning of today. */
    int64_t day = next_loud(s, zone_day(z, after) - 1);
    /* A weekday comes within a week, unless it is quiet: then a week further. */
    for (int i = 0; i < 8 * (SCHEDULE_QUIET + 2) && day <= DATE_MAX; i++) {
        if (first_on(s, z, day, after, &best)) {
            /* The next day's first question may stand on the same instant and then is the one. */
            if (first_on(s, z, day + 1, after, &next) && next.at <= best.at)
                best = next;
            *ret_due = best;
            return true;
        }
        day = next_loud(s, day + 1);
    }
    return false;
}

size_t schedule_between(const struct schedule *s, const zone *z, int64_t from, int64_t to,
                        struct schedule_due *ret_due, size_t max)
{
    size_t n = 0;
    struct schedule_due d;
    while (n < max && schedule_next(s, z, from, &d) && d.at <= to) {
        ret_due[n++] = d;
        from = d.at;
    }
    return n;
}

bool schedule_newest(const struct schedule *s, const zone *z, int64_t now,
                     struct schedule_due *ret_due)
{
    bool found = false;
    int64_t today = zone_day(z, now), start = zone_day_start(z, today);
    for (int64_t day = today - 1; day <= today; day++) {
        for (size_t i = 0; i < s->n_entries; i++) {
            if (!fires_on(s, z, &s->entry[i], day))
                continue;
            struct schedule_due d = due_on(s, z, i, day);
            if (d.at >= start && d.at <= now && (!found || is_later(&d, ret_due))) {
                *ret_due = d;
                found = true;
            }
        }
    }
    return found;
}

/* ---- memory ---- */

static bool has_fired(const struct schedule_state *state, int64_t key)
{
    for (size_t i = 0; i < state->n_fired; i++)
        if (state->fired[i] == key)
            return true;
    return false;
}

/* When there is no room the earliest date goes, and not the one remembered first: what a clock that
 * was ahead has sent must be known until its day has come. */
static void remember(struct schedule_state *state, int64_t key)
{
    if (state->n_fired == SCHEDULE_REMEMBERED) {
        size_t earliest = 0;
        for (size_t i = 1; i < state->n_fired; i++)
            if (state->fired[i] < state->fired[earliest])
                earliest = i;
        memmove(&state->fired[earliest], &state->fired[earliest + 1],
                (state->n_fired - earliest - 1) * sizeof(int64_t));
        state->n_fired--;
    }
    state->fired[state->n_fired++] = key;
}

void schedule_changed(struct schedule_state *state, int64_t now)
{
    state->since = now;
}

bool schedule_tick(const struct schedule *s, const zone *z, struct schedule_state *state,
                   int64_t now, struct schedule_due *ret_due)
{
    /* The clock was set back behind the change: what was due before now is no missed question. */
    if (state->since > now)
        state->since = now;
    struct schedule_due d;
    if (!schedule_newest(s, z, now, &d) || d.at <= state->since || has_fired(state, d.key))
        return false;
    remember(state, d.key);
    *ret_due = d;
    return true;
}

char *schedule_state_print(const struct schedule_state *state)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%" PRId64, state->since);
    for (size_t i = 0; i < state->n_fired; i++)
        g_string_append_printf(out, " %" PRId64, state->fired[i]);
    return g_string_free(out, FALSE);
}

bool schedule_state_parse(const char *text, struct schedule_state *ret_state)
{
    struct schedule_state state = {0};
    g_auto(GStrv) part = g_strsplit(text, " ", SCHEDULE_REMEMBERED + 2);
    for (size_t i = 0; part[i] != NULL; i++) {
        int64_t value;
        if (i > SCHEDULE_REMEMBERED ||
            !g_ascii_string_to_signed(part[i], 10, INT64_MIN, INT64_MAX, &value, NULL))
            return false;
        if (i == 0)
            state.since = value;
        else
            state.fired[state.n_fired++] = value;
    }
    if (part[0] == NULL)
        return false;
    *ret_state = state;
    return true;
}

/* ---- rounds ---- */

int64_t schedule_round_close(const struct schedule *s, const zone *z, int64_t opened, int hours)
{
    if (hours > 0)
        return opened + (int64_t)hours * 3600;
    struct local_time l;
    zone_local(z, opened, &l);
    int64_t close = zone_minute(z, l.day + 1, l.hour * 60 + l.minute);
    if (close <= opened) /* the zone lost a day */
        close = opened + 86400;
    struct schedule_due next;
    return schedule_next(s, z, opened, &next) && next.at < close ? next.at : close;
}
