/* /daily, /holiday and /pause: what people type, applied to a schedule. */
#include "schedule_internal.h"

#include <string.h>

static const char *const pause_words[] = {"pause",    "쉬기",     "쉬자", "쉴래", "휴식",
                                          "일시정지", "일시중지", "멈춤", NULL};
static const char *const resume_words[] = {"resume", "unpause", "continue", "재개",
                                           "다시",   "계속",    NULL};
static const char *const off_words[] = {
    "off",      "remove", "delete", "cancel", "clear",      "삭제", "제거", "취소",
    "끄기",     "해제",   "지우기", "지워줘", "지워주세요", "지워", "꺼",   "빼 주세요",
    "빼주세요", "빼줘",   "빼기",   "빼",     "없애줘",     NULL};
static const char *const noise_words[] = {"add",  "추가", "on",   "and", "휴일", "에는", "은",
                                          "하루", "전부", "모두", "다",  "all",  NULL};
/* "12월 25일 쉬어": said with a date or a span, they add nothing to it. */
static const char *const rest_words[] = {
    "쉬어", "쉬어요", "쉬자",     "쉬기", "쉬는날", "쉬는 날", "쉴게", "쉴게요",
    "쉴래", "쉴래요", "쉽니다",   "쉼",   "쉬어줘", "쉴 거야", "휴무", "휴식",
    "휴가", "방학",   "쉬고싶어", "쉬게", "쉬게요", NULL};

static bool answer(struct schedule_reply *reply, enum schedule_op op, const char *key)
{
    reply->op = op;
    reply->key = key;
    return true;
}

static bool refuse(struct schedule_reply *reply, const char *key, const char *what)
{
    reply->key = key;
    g_strlcpy(reply->what, what, sizeof reply->what);
    const char *end;
    if (!g_utf8_validate(reply->what, -1, &end))
        reply->what[end - reply->what] = '\0';
    return false;
}

static char *without_rest(const char *text, bool *ret_any);

/* ---- /daily ---- */

static const char *apply(struct schedule *s, const struct clause *c)
{
    struct schedule_entry e = {.weekdays = c->weekdays != 0 ? c->weekdays : SCHEDULE_EVERY_DAY};
    g_strlcpy(e.topic, c->topic, sizeof e.topic);
    bool found = false;
    for (size_t i = 0; i < c->n_times; i++) {
        e.minute = c->minute[i];
        if (c->off)
            found |= schedule_take(s, e.minute, e.weekdays);
        else if (!schedule_put(s, &e))
            return "schedule.too-many-times";
    }
    return c->off && c->n_times > 0 && !found ? "schedule.not-set" : NULL;
}

static const char *all_off(struct schedule *s)
{
    memset(s->entry, 0, sizeof s->entry);
    s->n_entries = 0;
    return NULL;
}

static const char *apply_first(struct schedule *s, const struct clause *c, enum schedule_op *ret_op)
{
    *ret_op = c->off   ? (c->n_times > 0 ? SCHEDULE_REMOVE : SCHEDULE_OFF)
              : c->add ? SCHEDULE_ADD
                       : SCHEDULE_SET;
    if (*ret_op == SCHEDULE_OFF)
        return all_off(s);
    if (c->n_times == 0) { /* "on": as it was, else at nine */
        static const struct schedule_entry nine = {.minute = 9 * 60,
                                                   .weekdays = SCHEDULE_EVERY_DAY};
        s->paused = false;
        s->paused_until = 0;
        return s->n_entries == 0 && !schedule_put(s, &nine) ? "schedule.too-many-times" : NULL;
    }
    if (*ret_op == SCHEDULE_SET)
        all_off(s);
    return apply(s, c);
}

static const char *clause_end(const char *p)
{
    bool quoted = false;
    for (; *p != '\0' && (quoted || *p != ';'); p++)
        quoted ^= *p == '"';
    return p;
}

static const char *read_clauses(struct schedule *s, const char *text, enum schedule_op *ret_op,
                                char ret_what[64])
{
    bool first = true;
    for (const char *p = text, *end; *p != '\0'; p = *end == ';' ? end + 1 : end) {
        end = clause_end(p);
        if (skip_space(p) >= end)
            continue;
        struct clause c;
        const char *key = clause_read(p, (size_t)(end - p), &c, ret_what);
        if (key == NULL)
            key = first ? apply_first(s, &c, ret_op) : apply(s, &c);
        if (key != NULL)
            return key;
        first = false;
    }
    return first ? "schedule.no-time" : NULL;
}

static const char *done_key(enum schedule_op op)
{
    switch (op) {
    case SCHEDULE_ADD:
        return "schedule.added";
    case SCHEDULE_REMOVE:
        return "schedule.removed";
    case SCHEDULE_OFF:
        return "schedule.off";
    default:
        return "schedule.set";
    }
}

static bool daily(struct schedule *s, const struct typed *t, int64_t today,
                  struct schedule_reply *reply)
{
    const char *p = skip_space(t->low), *end;
    if (*p == '\0')
        return answer(reply, SCHEDULE_SHOW, s->n_entries > 0 ? "schedule.show" : "schedule.none");
    if ((end = match_word(p, pause_words)) != NULL)
        return schedule_pause(s, t->text + (end - t->low), today, reply);
    if (match_word(p, resume_words) != NULL)
        return schedule_pause(s, "off", today, reply);
    bool rest;
    g_free(without_rest(t->text, &rest));
    if (rest) /* "일주일 쉬기" */
        return schedule_pause(s, t->text, today, reply);
    struct schedule changed = *s;
    enum schedule_op op = SCHEDULE_SET;
    char what[64] = "";
    const char *key = read_clauses(&changed, t->text, &op, what);
    if (key != NULL)
        return refuse(reply, key, what);
    *s = changed;
    return answer(reply, op, done_key(op));
}

bool schedule_daily(struct schedule *s, const char *typed, int64_t today,
                    struct schedule_reply *ret_reply)
{
    *ret_reply = (struct schedule_reply){0};
    struct typed t = typed_new(typed);
    bool ok = daily(s, &t, today, ret_reply);
    typed_clear(&t);
    return ok;
}

/* ---- /holiday ---- */

static void drop_past(struct schedule *s, int64_t today)
{
    if (s->n_quiet > 0 && s->quiet[0].first < today)
        schedule_unhush(s, (struct schedule_range){s->quiet[0].first, today - 1});
}

static bool is_quiet_within(const struct schedule *s, struct schedule_range r)
{
    for (size_t i = 0; i < s->n_quiet; i++)
        if (s->quiet[i].first <= r.last && r.first <= s->quiet[i].last)
            return true;
    return false;
}

static const char *apply_range(struct schedule *s, struct schedule_range r, bool off, int64_t today)
{
    if (r.last < r.first || r.last - r.first >= SCHEDULE_RANGE_DAYS)
        return "schedule.bad-range";
    if (r.last < today)
        return "schedule.past";
    if (off && !is_quiet_within(s, r))
        return "schedule.not-quiet";
    bool room = off ? schedule_unhush(s, r) : schedule_hush(s, r);
    return room ? NULL : "schedule.too-many-quiet";
}

struct quiet_words {
    struct schedule_range range[SCHEDULE_QUIET];
    size_t n;
    bool off;
    const char *key; /* of an error */
    const char *at;  /* where */
};

static struct quiet_words read_quiet(const char *p, int64_t today)
{
    struct quiet_words w = {0};
    while (*p != '\0' && w.key == NULL) {
        const char *end;
        if (at_boundary(p)) {
            p++;
        } else if ((end = match_word(p, off_words)) != NULL) {
            w.off = true;
            p = end;
        } else if ((end = match_word(p, noise_words)) != NULL ||
                   (end = match_word(p, rest_words)) != NULL) {
            p = end;
        } else if (w.n == SCHEDULE_QUIET) {
            w.key = "schedule.too-many-quiet";
        } else if (match_range(p, today, &w.range[w.n], &end) == MATCH_OK) {
            w.n++;
            p = end;
        } else {
            w.key = "schedule.bad-date";
        }
        w.at = p;
    }
    return w;
}

static bool holiday(struct schedule *s, const char *low, int64_t today,
                    struct schedule_reply *reply)
{
    struct quiet_words w = read_quiet(low, today);
    if (w.key != NULL) {
        g_autofree char *word = g_strndup(w.at, (size_t)(word_end(w.at) - w.at));
        return refuse(reply, w.key, word);
    }
    struct schedule changed = *s;
    drop_past(&changed, today);
    for (size_t i = 0; i < w.n; i++) {
        const char *key = apply_range(&changed, w.range[i], w.off, today);
        if (key != NULL)
            return refuse(reply, key, "");
        reply->range = w.range[i];
    }
    if (w.n == 0 && !w.off)
        return answer(reply, SCHEDULE_QUIET_SHOW,
                      changed.n_quiet > 0 ? "schedule.quiet-show" : "schedule.quiet-none");
    if (w.n == 0) {
        memset(changed.quiet, 0, sizeof changed.quiet);
        changed.n_quiet = 0;
    }
    *s = changed;
    return w.n == 0 ? answer(reply, SCHEDULE_QUIET_CLEAR, "schedule.quiet-cleared")
           : w.off  ? answer(reply, SCHEDULE_QUIET_REMOVE, "schedule.quiet-removed")
                    : answer(reply, SCHEDULE_QUIET_ADD, "schedule.quiet-added");
}

bool schedule_holiday(struct schedule *s, const char *typed, int64_t today,
                      struct schedule_reply *ret_reply)
{
    *ret_reply = (struct schedule_reply){0};
    struct typed t = typed_new(typed);
    bool ok = holiday(s, t.low, today, ret_reply);
    typed_clear(&t);
    return ok;
}

/* ---- /pause ---- */

/* TEXT without the verbs at its end: "2주 쉴게요"; *ret_any: there was one. *new* */
static char *without_rest(const char *text, bool *ret_any)
{
    char *out = g_strchomp(g_strdup(text));
    *ret_any = false;
    for (size_t i = 0; rest_words[i] != NULL; i++) {
        char *at = out + strlen(out) - MIN(strlen(out), strlen(rest_words[i]));
        if (strcmp(at, rest_words[i]) != 0 || (at > out && at[-1] != ' '))
            continue;
        *at = '\0';
        *ret_any = true;
        break;
    }
    return g_strchomp(out);
}

/* 하루, 이틀, 오늘만: how many days; *ret_end behind them. */
static int match_named_span(const char *p, const char **ret_end)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"오늘 하루", 1}, {"오늘", 1},  {"today", 1}, {"하루", 1},
                 {"이틀", 2},      {"사흘", 3},  {"나흘", 4},  {"닷새", 5},
                 {"엿새", 6},      {"열흘", 10}, {"보름", 15}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(p, words[i].word)) {
            *ret_end = p + strlen(words[i].word);
            return words[i].days;
        }
    }
    return 0;
}

/* "two" before a space: 2, and its bytes; else 1 and 0. */
static int number_word(const char *p, int *ret_bytes)
{
    static const char *const words[] = {"two", "three", "four", "five", "six"};
    *ret_bytes = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(p, words[i]) && p[strlen(words[i])] == ' ') {
            *ret_bytes = (int)strlen(words[i]);
            return (int)i + 2;
        }
    }
    return 1;
}

/* "3 days", "3일", "2주", "a week", "일주일", "한 달": how many days. */
static int match_span(const char *p)
{
    static const struct {
        const char *word;
        int days;
    } units[] = {{"days", 1},   {"day", 1},   {"일간", 1}, {"일", 1}, {"weeks", 7},
                 {"week", 7},   {"주일", 7},  {"주간", 7}, {"주", 7}, {"months", 30},
                 {"month", 30}, {"개월", 30}, {"달", 30}};
    static const char *const ends[] = {"동안", "간", "만", NULL};
    static const char *const named_ends[] = {"동안", "만", "은", "까지", NULL};
    const char *rest = p;
    int n = match_named_span(p, &rest), taken;
    if (n > 0) {
        rest = skip_space(rest);
        const char *after = match_word(rest, named_ends);
        return *skip_space(after != NULL ? after : rest) == '\0' ? n : 0;
    }
    taken = match_number(p, 3, &n);
    if (taken == 0)
        n = number_word(p, &taken);
    if (taken > 0)
        p += taken;
    else if (g_str_has_prefix(p, "a ") || g_str_has_prefix(p, "one "))
        p = strchr(p, ' ');
    else if (g_str_has_prefix(p, "일주") || g_str_has_prefix(p, "한"))
        p += strlen("일");
    else
        return 0;
    p = skip_space(p);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (!g_str_has_prefix(p, units[i].word))
            continue;
        const char *end = skip_space(p + strlen(units[i].word));
        const char *after = match_word(end, ends);
        if (*skip_space(after != NULL ? after : end) == '\0')
            return n * units[i].days;
    }
    return 0;
}

static bool pause_until(struct schedule *s, int64_t day, int64_t today,
                        struct schedule_reply *reply)
{
    if (day <= today)
        return refuse(reply, "schedule.past", "");
    s->paused = true;
    s->paused_until = day;
    return answer(reply, SCHEDULE_PAUSE, "schedule.paused");
}

/* 다음 주까지 ends with that week, and a rest of this week begins now; 다음 주 alone is a quiet
 * week to come. True when p was one of the first two. */
static bool pause_for_week(struct schedule *s, const char *p, int64_t today,
                           struct schedule_reply *reply, bool *ret_ok)
{
    static const char *const until[] = {"까지", "까지만", NULL};
    struct schedule_range r;
    const char *end;
    if (match_whole_week(p, today, &r, &end) != MATCH_OK)
        return false;
    const char *after = match_word(end, until);
    if ((after == NULL && r.first > today) || *skip_space(after != NULL ? after : end) != '\0')
        return false;
    *ret_ok = pause_until(s, r.last + 1, today, reply);
    return true;
}

static bool read_pause(struct schedule *s, const char *p, int64_t today,
                       struct schedule_reply *reply)
{
    static const char *const until[] = {"until", "till", "to", "for", "pause", "on", "켜기", NULL};
    static const char *const enough[] = {"끝", "그만", "종료", "end", "stop", NULL};
    const char *end;
    p = skip_space(p);
    if (match_word(p, off_words) != NULL || match_word(p, resume_words) != NULL ||
        match_word(p, enough) != NULL) {
        s->paused = false;
        s->paused_until = 0;
        return answer(reply, SCHEDULE_RESUME, "schedule.resumed");
    }
    while ((end = match_word(p, until)) != NULL)
        p = skip_space(end);
    if (*p == '\0')
        return refuse(reply, "schedule.need-date", "");
    int span = match_span(p);
    if (span > 0)
        return pause_until(s, today + span, today, reply);
    bool done;
    if (pause_for_week(s, p, today, reply, &done))
        return done;
    struct schedule_range r;
    if (match_range(p, today, &r, &end) != MATCH_OK)
        return refuse(reply, "schedule.bad-pause", p);
    if (r.first != r.last)
        return refuse(reply, "schedule.pause-range", p);
    /* 25일까지 means that the 25th is still one of rest; "until the 25th" does not. */
    g_autofree char *read = g_strndup(p, (size_t)(end - p));
    return pause_until(s, r.first + (g_str_has_suffix(read, "까지") ? 1 : 0), today, reply);
}

/* Whether P is nothing but days to come: 내일, 다음 주; not 내일까지. */
static bool are_days(const char *p, int64_t today)
{
    struct schedule_range r;
    const char *end;
    p = skip_space(p);
    if (match_span(p) > 0 || match_range(p, today, &r, &end) != MATCH_OK ||
        *skip_space(end) != '\0' || r.first <= today)
        return false;
    g_autofree char *read = g_strndup(p, (size_t)(end - p));
    return r.first != r.last || !g_str_has_suffix(read, "까지");
}

bool schedule_pause(struct schedule *s, const char *typed, int64_t today,
                    struct schedule_reply *ret_reply)
{
    static const char *const on[] = {"on", NULL};
    *ret_reply = (struct schedule_reply){0};
    struct typed t = typed_new(typed);
    bool rest;
    g_autofree char *span = without_rest(t.low, &rest);
    const char *days = match_word(skip_space(span), on);
    if (days == NULL && rest)
        days = span;
    /* "내일 쉬어", "on Friday": on those days, and not until they come */
    bool ok = days != NULL && are_days(days, today) ? schedule_holiday(s, days, today, ret_reply)
                                                    : read_pause(s, span, today, ret_reply);
    typed_clear(&t);
    return ok;
}
