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

char *iv_day_text(const struct iv *iv, int64_t day)
{
    const catalog *cat = iv->in->cat;
    enum lang lang = iv->chat->lang;
    g_auto(GStrv) days = g_strsplit(catalog_text(cat, lang, "schedule.days"), ",", 7);
    g_auto(GStrv) months = g_strsplit(catalog_text(cat, lang, "date.months"), ",", 12);
    int y, m, d, this_year, unused;

    date_to_ymd(day, &y, &m, &d);
    date_to_ymd(iv->today, &this_year, &unused, &unused);
    return catalog_format(cat, lang, y == this_year ? "date.this-year" : "date.other-year",
                          "y=%d m=%s d=%d weekday=%s", y, months[m - 1], d,
                          days[date_weekday(day)]);
}

char *iv_quiet_text(const struct iv *iv, const struct schedule *s)
{
    const char *sign = catalog_text(iv->in->cat, iv->chat->lang, "schedule.range");
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < s->n_quiet; i++) {
        g_autofree char *first = iv_day_text(iv, s->quiet[i].first);
        g_autofree char *last = iv_day_text(iv, s->quiet[i].last);

        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", first);
        if (s->quiet[i].last != s->quiet[i].first)
            g_string_append_printf(out, "%s%s", sign, last);
    }
    return g_string_free(out, FALSE);
}

/* When the next question comes, and by which clock. */
static void say_next(struct iv *iv, const struct schedule *s)
{
    struct schedule_due next;
    char time[6];

    if (!schedule_next(s, iv->zone, iv->now, &next))
        return;
    g_autofree char *day = iv_day_text(iv, next.day);
    schedule_time_text(next.minute, time);
    reply_newline(iv->r, 1);
    reply_say(iv->r, "schedule.next", "day=%s time=%s zone=%s", day, time, iv->chat->zone);
    if (s->room[0] != '\0' && iv->ev->in_room && g_strcmp0(iv->ev->thread, s->room) == 0) {
        reply_text(iv->r, REPLY_PLAIN, " ");
        reply_say(iv->r, "schedule.here", "");
    }
}

static void say_schedule(struct iv *iv, const struct schedule *s, const struct schedule_reply *done)
{
    g_autofree char *times = iv_schedule_text(iv, s);
    g_autofree char *dates = iv_quiet_text(iv, s);
    g_autofree char *until = iv_day_text(iv, s->paused_until);
    bool none = s->n_entries == 0 && done->op == SCHEDULE_RESUME;

    reply_say(iv->r, none ? "schedule.none" : done->key, "times=%s dates=%s until=%s what=%s",
              times, dates, until, done->what);
    reply_newline(iv->r, 1);
}

/* What follows from what was done: the next question, or that there is none to pause. */
static void say_what_follows(struct iv *iv, const struct schedule *s, enum schedule_op op)
{
    bool pauses = op == SCHEDULE_PAUSE || op == SCHEDULE_RESUME;

    if (s->n_entries > 0 && (pauses || op <= SCHEDULE_REMOVE))
        say_next(iv, s);
    if (s->n_entries > 0 && op <= SCHEDULE_REMOVE && s->paused && s->paused_until > iv->today) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "schedule.while-paused", "");
    }
    if (s->n_entries == 0 && (op == SCHEDULE_PAUSE || op == SCHEDULE_QUIET_ADD))
        reply_say(iv->r, "schedule.but-none", "");
}

/* ---- setting ---- */

static void set_schedule(struct chat *chat, const struct schedule *s, int64_t now)
{
    struct schedule_state state = {0};

    schedule_state_parse(chat->fired, &state);
    schedule_changed(&state, now);
    g_free(chat->fired);
    chat->fired = schedule_state_print(&state);
    g_free(chat->schedule);
    chat->schedule = schedule_print(s);
}

/* Rounds close when the next daily comes: earlier, when that comes earlier now. */
static void hasten_closing(struct iv *iv)
{
    g_autoptr(GArray) open = BOOK(iv, closing, iv->chat->id, INT64_MAX);
    int64_t at = iv_round_closes(iv, iv->now);

    for (guint i = 0; i < open->len; i++) {
        struct round round;

        if (BOOK(iv, round, g_array_index(open, int64_t, i), &round) && round.closes > at &&
            (round.kind != ROUND_DAILY || round.minute >= 0)) { /* a /today waits for its post */
            round.closes = at;
            BOOK(iv, put_round, &round);
        }
    }
}

static void store_schedule(struct iv *iv, const struct schedule *s)
{
    set_schedule(iv->chat, s, iv->now);
    BOOK(iv, put_quiet, iv->chat->id, iv->today, schedule_is_quiet(s, iv->today));
    hasten_closing(iv);
    iv_reschedule(iv);
    BOOK(iv, put_chat, iv->chat);
}

static bool has_topic(const struct schedule *s, const char *topic)
{
    for (size_t i = 0; i < s->n_entries; i++) {
        if (strcmp(s->entry[i].topic, topic) == 0)
            return true;
    }
    return false;
}

/* The first topic of S that WAS had not and that the bank knows nothing of, *borrowed*; NULL when
 * there is none. */
static const char *unknown_topic(const struct iv *iv, const struct schedule *s,
                                 const struct schedule *was)
{
    for (size_t i = 0; i < s->n_entries; i++) {
        if (s->entry[i].topic[0] != '\0' && !has_topic(was, s->entry[i].topic) &&
            !iv_bank_names(iv->in->bank, iv->in->lex, s->entry[i].topic))
            return s->entry[i].topic;
    }
    return NULL;
}

/* In a forum the questions come where their times were set last. */
static void choose_room(const struct iv *iv, struct schedule *s, enum schedule_op op)
{
    if (s->n_entries == 0)
        schedule_set_room(s, NULL);
    else if (op == SCHEDULE_SET || op == SCHEDULE_ADD)
        schedule_set_room(s, iv->ev->in_room ? iv->ev->thread : NULL);
}

/* "공휴일 빼고 9시": the calendar of a country is not known here. */
static bool is_about_holidays(const char *topic)
{
    g_autofree char *lower = g_ascii_strdown(topic, -1);

    return strstr(lower, "휴일") != NULL || strstr(lower, "holiday") != NULL;
}

typedef bool (*setter)(struct schedule *s, const char *typed, int64_t today,
                       struct schedule_reply *ret_reply);

static void change(struct iv *iv, const char *arg, setter set)
{
    struct schedule s = {0}, was;
    struct schedule_reply done = {0};

    schedule_parse(iv->chat->schedule, &s);
    was = s;
    bool understood = set(&s, arg, iv->today, &done);
    bool changed = understood && done.op != SCHEDULE_SHOW && done.op != SCHEDULE_QUIET_SHOW;
    const char *topic = unknown_topic(iv, &s, &was);
    /* "평일 9시 공휴일 빼줘" takes no nine o'clock away */
    bool lost = set == schedule_daily && (done.op == SCHEDULE_REMOVE || !understood);
    if (lost && is_about_holidays(arg)) {
        reply_say(iv->r, "schedule.no-calendar", "");
        return;
    }
    if (topic != NULL && (done.op == SCHEDULE_SET || done.op == SCHEDULE_ADD) && changed) {
        reply_say(iv->r,
                  is_about_holidays(topic) ? "schedule.no-calendar" : "schedule.unknown-topic",
                  "what=%s", topic);
        reply_button(iv->r, "button.topics", "topics", true);
        return;
    }
    if (changed && done.op <= SCHEDULE_OFF)
        choose_room(iv, &s, done.op);
    if (changed)
        store_schedule(iv, &s);
    say_schedule(iv, &s, &done);
    if (understood)
        say_what_follows(iv, &s, done.op);
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
    const char *first = suggestions != NULL && suggestions[0] != NULL ? suggestions[0] : "";

    if (g_error_matches(error, ZONE_ERROR, ZONE_ERROR_NO_TZDATA))
        reply_say(iv->r, "zone.no-data", "");
    else if (g_error_matches(error, ZONE_ERROR, ZONE_ERROR_AMBIGUOUS))
        reply_say(iv->r, "zone.ambiguous", "what=%s list=%s first=%s", arg, list, first);
    else
        reply_say(iv->r, list[0] != '\0' ? "zone.maybe" : "zone.unknown",
                  "what=%s list=%s first=%s", arg, list, first);
}

static void offer_zones(struct iv *iv, char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autofree char *action = g_strconcat("timezone:", *name, NULL);

        if (strlen(action) <= ACTION_SIZE)
            reply_button_text(iv->r, *name, action, true);
    }
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
        offer_zones(iv, suggestions);
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
    say_next(iv, &s); /* at the same time of another clock */
}

/* ---- how long a round stays open ---- */

enum { CLOSE_HOURS_MOST = 7 * 24 };

/* Hours in one of what is typed behind a number: "12", "12시간 뒤", "2일"; 0: no such thing. */
static int hours_in(const char *unit)
{
    static const char *const hour[] = {"", "h", "hour", "hours", "시간", NULL};
    static const char *const day[] = {"d", "day", "days", "일", NULL};
    static const char *const after[] = {"뒤에", "뒤", "후에", "후", "으로", "later", NULL};
    g_autofree char *bare = g_strstrip(g_strdup(unit));

    for (size_t i = 0; after[i] != NULL; i++) {
        if (g_str_has_suffix(bare, after[i])) {
            bare[strlen(bare) - strlen(after[i])] = '\0';
            g_strchomp(bare);
            break;
        }
    }
    return g_strv_contains(hour, bare) ? 1 : g_strv_contains(day, bare) ? 24 : 0;
}

/* "12", "12h", "12시간", "2일", "하루"; 0 for the words that mean the standard; false for anything
 * else. */
static bool parse_hours(const char *arg, int *ret)
{
    static const char *const standard[] = {"off",  "0",         "next",     "default", "기본",
                                           "다음", "다음 질문", "처음대로", NULL};
    static const struct {
        const char *word;
        int hours;
    } words[] = {{"하루", 24}, {"반나절", 12}, {"이틀", 48}, {"일주일", 168}};
    g_autofree char *lower = g_ascii_strdown(arg, -1);
    char *end = NULL;
    gint64 hours = g_ascii_strtoll(lower, &end, 10);

    if (g_strv_contains(standard, lower)) {
        *ret = 0;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(lower, words[i].word) &&
            hours_in(lower + strlen(words[i].word)) == 1) { /* "하루 뒤" */
            *ret = words[i].hours;
            return true;
        }
    }
    if (end == lower || hours < 1 || hours > CLOSE_HOURS_MOST)
        return false;
    hours *= hours_in(end);
    *ret = (int)hours;
    return hours >= 1 && hours <= CLOSE_HOURS_MOST;
}

void iv_cmd_close(struct iv *iv, const char *arg)
{
    int hours = iv->chat->close_hours;

    if (arg[0] != '\0' && !parse_hours(arg, &hours)) {
        reply_say(iv->r, "closing.unknown", "most=%d", CLOSE_HOURS_MOST);
        return;
    }
    if (arg[0] != '\0') {
        iv->chat->close_hours = hours;
        hasten_closing(iv);
        BOOK(iv, put_chat, iv->chat);
    }
    if (arg[0] != '\0') {
        reply_say(iv->r, hours > 0 ? "closing.set-hours" : "closing.set-standard", "n=%d", hours);
    } else {
        reply_say(iv->r, hours > 0 ? "closing.hours" : "closing.standard", "n=%d", hours);
        reply_newline(iv->r, 1);
        reply_say(iv->r, "closing.how", "");
    }
}

/* ---- the operator's own ---- */

bool interview_default_daily(interview *in, struct book *book, struct chat *chat, const char *typed,
                             int64_t now)
{
    struct iv iv = {.in = in, .book = book, .chat = chat, .zone = iv_zone_of(in, chat), .now = now};
    struct schedule s = {0};
    struct schedule_reply done = {0};

    /* Who has switched it off has had one: `fired` says since when. */
    if (chat->schedule[0] != '\0' || chat->fired[0] != '\0')
        return false;
    iv.today = zone_day(iv.zone, now);
    if (!schedule_daily(&s, typed, iv.today, &done) || s.n_entries == 0)
        return false;
    store_schedule(&iv, &s);
    return true;
}
