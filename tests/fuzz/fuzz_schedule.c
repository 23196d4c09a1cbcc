/* What people type for a schedule, dates, pauses and zones: never a crash, always a round trip. */
#include "schedule.h"

#include "fair.h"
#include "leaderboard.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_round_trip(const struct schedule *s)
{
    struct schedule again;
    g_autofree char *text = schedule_print(s);
    check(schedule_parse(text, &again));
    g_autofree char *twice = schedule_print(&again);
    check(strcmp(text, twice) == 0);
    check(s->n_entries <= SCHEDULE_ENTRIES && s->n_quiet <= SCHEDULE_QUIET);
    for (size_t i = 0; i < s->n_entries; i++)
        check(s->entry[i].weekdays != 0 && s->entry[i].weekdays <= SCHEDULE_EVERY_DAY &&
              s->entry[i].minute >= 0 && s->entry[i].minute < 1440 &&
              g_utf8_validate(s->entry[i].topic, -1, NULL));
    for (size_t i = 0; i < s->n_quiet; i++)
        check(s->quiet[i].first <= s->quiet[i].last &&
              (i == 0 || s->quiet[i - 1].last + 1 < s->quiet[i].first));
}

static void check_reply(const struct schedule_reply *reply, bool ok)
{
    check(g_str_has_prefix(reply->key, "schedule."));
    check(g_utf8_validate(reply->what, -1, NULL));
    check(!ok || reply->what[0] == '\0');
}

static void check_due(const struct schedule *s, const zone *z, int64_t now)
{
    struct schedule_due d;
    struct schedule_state state = {.since = now - 86400};
    if (schedule_next(s, z, now, &d))
        check(d.at > now && d.entry < s->n_entries && !schedule_is_quiet(s, d.day));
    if (schedule_tick(s, z, &state, now, &d)) {
        check(d.at <= now);
        check(!schedule_tick(s, z, &state, now, &d));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zones *all = NULL; /* once a process: its cache is not what is tested */
    if (all == NULL)
        all = zones_new();
    g_autofree char *text = g_strndup((const char *)data, size);
    int64_t today = 20780 + (int64_t)(size % 400);
    struct schedule s = {0};
    struct schedule_reply reply;
    /* Each line is typed in turn as each of the three commands. */
    g_auto(GStrv) lines = g_strsplit(text, "\n", 30);
    for (size_t i = 0; lines[i] != NULL; i++) {
        check_reply(&reply, schedule_daily(&s, lines[i], today, &reply));
        check_round_trip(&s);
        check_reply(&reply, schedule_holiday(&s, lines[i], today, &reply));
        check_round_trip(&s);
        check_reply(&reply, schedule_pause(&s, lines[i], today, &reply));
        check_round_trip(&s);
    }
    check_due(&s, zones_get(all, "America/Havana", NULL), today * 86400 + (int64_t)(size % 86400));
    if (schedule_parse(text, &s))
        check_round_trip(&s);
    struct schedule_state state;
    if (schedule_state_parse(text, &state))
        check(state.n_fired <= SCHEDULE_REMEMBERED);
    char **suggestions = NULL;
    const zone *z = size < 40 ? zones_find(all, text, &suggestions, NULL) : NULL;
    if (z != NULL)
        check(zones_get(all, zone_name(z), NULL) == z);
    g_strfreev(suggestions);
    enum board_period period;
    board_period_parse(text, &period);
    return 0;
}
