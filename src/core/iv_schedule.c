/* /daily, /holiday, /pause and /timezone: the chat's schedule as people set it. */
#include <string.h>

#include "iv.h"
#include "schedule.h"
#include "text.h"

/* ---- showing ---- */

static struct schedule_words words_of(const struct iv *iv, char ***ret_days)
{
    const catalog *cat = iv->in->cat;
    enum lang lang = iv->chat->lang;
    struct schedule_words w = {
        .every = catalog_text(cat, lang, "schedule.every"),
        .weekdays = catalog_text(cat, lang, "schedule.weekdays"),
        .weekend = catalog_text(cat, lang, "schedule.weekend"),
        .list = catalog_text(cat, lang, "schedule.list"),
        .range = catalog_text(cat, lang, "schedule.range"),
    };

    *ret_days = g_strsplit(catalog_text(cat, lang, "schedule.days"), ",", 7);
    for (size_t i = 0; i < 7; i++)
        w.day[i] = (*ret_days)[i];
    return w;
}

char *iv_schedule_text(const struct iv *iv, const struct schedule *s)
{
    g_auto(GStrv) days = NULL;
    struct schedule_words words = words_of(iv, &days);
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < s->n_entries; i++) {
        g_autofree char *when = schedule_days_text(s->entry[i].weekdays, &words);
        char time[6];

        schedule_time_text(s->entry[i].minute, time);
        g_string_append_printf(out, "%s• %s %s", i > 0 ? "\n" : "", when, time);
        if (s->entry[i].topic[0] != '\0')
            g_string_append_printf(out, " · %s", s->entry[i].topic);
    }
    return g_string_free(out, FALSE);
}

static char *quiet_text(const struct schedule *s)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < s->n_quiet; i++) {
        char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];

        date_print(s->quiet[i].first, first);
        date_print(s->quiet[i].last, last);
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", first);
        if (s->quiet[i].last != s->quiet[i].first)
            g_string_append_printf(out, "~%s", last);
    }
    return g_string_free(out, FALSE);
}

static void say_schedule(struct iv *iv, const struct schedule *s, const struct schedule_reply *done)
{
    g_autofree char *times = iv_schedule_text(iv, s);
    g_autofree char *dates = quiet_text(s);
    char until[DATE_TEXT_SIZE], first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];

    date_print(s->paused_until, until);
    date_print(done->range.first, first);
    date_print(done->range.last, last);
    reply_say(iv->r, done->key, "times=%s dates=%s until=%s first=%s last=%s what=%s", times, dates,
              until, first, last, done->what);
    reply_newline(iv->r, 1);
}

/* ---- setting ---- */

static void store_schedule(struct iv *iv, const struct schedule *s)
{
    struct schedule_state state = {0};

    schedule_state_parse(iv->chat->fired, &state);
    schedule_changed(&state, iv->now);
    g_free(iv->chat->fired);
    iv->chat->fired = schedule_state_print(&state);
    g_free(iv->chat->schedule);
    iv->chat->schedule = schedule_print(s);
    iv_reschedule(iv);
    BOOK(iv, put_chat, iv->chat);
}

typedef bool (*setter)(struct schedule *s, const char *typed, int64_t today,
                       struct schedule_reply *ret_reply);

static void change(struct iv *iv, const char *arg, setter set)
{
    struct schedule s = {0};
    struct schedule_reply done = {0};

    schedule_parse(iv->chat->schedule, &s);
    if (set(&s, arg, iv->today, &done) && done.op != SCHEDULE_SHOW &&
        done.op != SCHEDULE_QUIET_SHOW)
        store_schedule(iv, &s);
    say_schedule(iv, &s, &done);
    if (done.op == SCHEDULE_SHOW && s.n_entries == 0)
        reply_button(iv->r, "button.daily", "daily:09:00", false);
}

void iv_cmd_daily(struct iv *iv, const char *arg)
{
    change(iv, arg, schedule_daily);
}

void iv_cmd_holiday(struct iv *iv, const char *arg)
{
    change(iv, arg, schedule_holiday);
}

void iv_cmd_pause(struct iv *iv, const char *arg)
{
    change(iv, arg, schedule_pause);
}

static void say_zone_problem(struct iv *iv, const char *arg, GError *error, char **suggestions)
{
    g_autofree char *list = suggestions != NULL ? g_strjoinv(", ", suggestions) : g_strdup("");

    if (g_error_matches(error, ZONE_ERROR, ZONE_ERROR_NO_TZDATA))
        reply_say(iv->r, "zone.no-data", "");
    else if (g_error_matches(error, ZONE_ERROR, ZONE_ERROR_AMBIGUOUS))
        reply_say(iv->r, "zone.ambiguous", "what=%s list=%s", arg, list);
    else
        reply_say(iv->r, list[0] != '\0' ? "zone.maybe" : "zone.unknown", "what=%s list=%s", arg,
                  list);
}

void iv_cmd_timezone(struct iv *iv, const char *arg)
{
    g_auto(GStrv) suggestions = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *wanted = text_cut(arg, 60);
    struct schedule s = {0};
    const zone *z;

    if (arg[0] == '\0') {
        reply_say(iv->r, "zone.show", "zone=%s", iv->chat->zone);
        return;
    }
    z = zones_find(iv->in->zones, arg, &suggestions, &error);
    if (z == NULL) {
        say_zone_problem(iv, wanted, error, suggestions);
        return;
    }
    g_free(iv->chat->zone);
    iv->chat->zone = g_strdup(zone_name(z));
    iv->zone = z;
    schedule_parse(iv->chat->schedule, &s);
    store_schedule(iv, &s);
    struct local_time local;
    char time[6];
    zone_local(z, iv->now, &local);
    schedule_time_text(local.hour * 60 + local.minute, time);
    reply_say(iv->r, "zone.set", "zone=%s time=%s", iv->chat->zone, time);
}
