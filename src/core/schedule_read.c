/* Reading times of day and weekdays as people type them, in Korean and English. */
#include "schedule_internal.h"

#include <string.h>

/* ---- text ---- */

struct typed typed_new(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    GString *out = g_string_new(NULL);
    for (char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\n' || c == 0x2028 || c == 0x2029)
            g_string_append_c(out, ';');
        else if (g_unichar_isspace(c) || g_unichar_iscntrl(c))
            g_string_append_c(out, ' ');
        else if (c == 0x201c || c == 0x201d) /* curly quotes */
            g_string_append_c(out, '"');
        else
            g_string_append_unichar(out, c);
    }
    char *done = g_string_free(out, FALSE);
    return (struct typed){.text = done, .low = g_ascii_strdown(done, -1)};
}

void typed_clear(struct typed *t)
{
    g_free(t->text);
    g_free(t->low);
    *t = (struct typed){0};
}

const char *skip_space(const char *p)
{
    while (*p == ' ')
        p++;
    return p;
}

bool at_boundary(const char *p)
{
    return *p == '\0' || *p == ' ' || *p == ',' || *p == ';';
}

const char *word_end(const char *p)
{
    while (!at_boundary(p))
        p++;
    return p;
}

const char *match_word(const char *p, const char *const *words)
{
    for (; *words != NULL; words++)
        if (g_str_has_prefix(p, *words) && at_boundary(p + strlen(*words)))
            return p + strlen(*words);
    return NULL;
}

int match_number(const char *p, int max, int *ret_value)
{
    int n = 0, value = 0;
    for (; g_ascii_isdigit(p[n]); n++) {
        if (n == max)
            return 0;
        value = value * 10 + (p[n] - '0');
    }
    *ret_value = value;
    return n;
}

/* Skips one of the particles when it ends the word. */
static const char *skip_particle(const char *p, const char *const *particles)
{
    const char *end = match_word(p, particles);
    return end != NULL ? end : p;
}

/* ---- times ---- */

enum half { HALF_NONE, HALF_AM, HALF_PM, HALF_NOON, HALF_NIGHT };

struct half_word {
    const char *word;
    enum half half;
};

static const struct half_word halves_before[] = {
    {"오전", HALF_AM},       {"아침", HALF_AM},       {"새벽", HALF_AM},         {"오후", HALF_PM},
    {"저녁", HALF_PM},       {"낮", HALF_NOON},       {"점심", HALF_NOON},       {"밤", HALF_NIGHT},
    {"morning at", HALF_AM}, {"evening at", HALF_PM}, {"afternoon at", HALF_PM}, {"am", HALF_AM},
    {"pm", HALF_PM},         {"a.m.", HALF_AM},       {"p.m.", HALF_PM},
};

static const struct half_word halves_after[] = {
    {"a.m.", HALF_AM},
    {"p.m.", HALF_PM},
    {"a.m", HALF_AM},
    {"p.m", HALF_PM},
    {"am", HALF_AM},
    {"pm", HALF_PM},
    {"in the morning", HALF_AM},
    {"in the afternoon", HALF_PM},
    {"in the evening", HALF_PM},
    {"at night", HALF_NIGHT},
};

static const char *const korean_hours[] = {"한",   "두",   "세",   "네", "다섯", "여섯",
                                           "일곱", "여덟", "아홉", "열", "열한", "열두"};

/* "아홉" before "시"; 0 when there is none. */
static int korean_hour(const char *p, const char **ret_end)
{
    for (int i = 11; i >= 0; i--) {
        size_t n = strlen(korean_hours[i]);
        if (g_str_has_prefix(p, korean_hours[i]) && g_str_has_prefix(p + n, "시")) {
            *ret_end = p + n;
            return i + 1;
        }
    }
    return 0;
}

static enum half half_before(const char *p, const char **ret_end)
{
    const char *unused;
    for (size_t i = 0; i < G_N_ELEMENTS(halves_before); i++) {
        if (!g_str_has_prefix(p, halves_before[i].word))
            continue;
        const char *q = p + strlen(halves_before[i].word);
        if (g_str_has_prefix(q, "에 ")) /* 아침에 9시 */
            q += strlen("에");
        q = skip_space(q);
        if (g_ascii_isdigit(*q) || korean_hour(q, &unused) > 0) {
            *ret_end = q;
            return halves_before[i].half;
        }
    }
    return HALF_NONE;
}

static enum half half_after(const char *p, const char **ret_end)
{
    p = skip_space(p);
    for (size_t i = 0; i < G_N_ELEMENTS(halves_after); i++) {
        const char *end = p + strlen(halves_after[i].word);
        if (g_str_has_prefix(p, halves_after[i].word) && at_boundary(end)) {
            *ret_end = end;
            return halves_after[i].half;
        }
    }
    return HALF_NONE;
}

/* The hour of the day; -1 when the two contradict each other. */
static int hour_of_day(enum half half, int hour)
{
    if (hour > 24)
        return -1;
    switch (half) {
    case HALF_AM:
        return hour > 12 ? -1 : hour % 12;
    case HALF_PM:
        return hour == 0 || hour == 24 ? -1 : hour < 12 ? hour + 12 : hour;
    case HALF_NOON:
        return hour < 1 || hour > 18 ? -1 : hour <= 6 ? hour + 12 : hour;
    case HALF_NIGHT: /* 밤 10시, 밤 12시, 밤 1시 */
        return hour >= 6 && hour < 12 ? hour + 12 : hour == 12 ? 0 : hour % 24;
    case HALF_NONE:
        break;
    }
    return hour % 24;
}

struct time_read {
    const char *end;
    enum half half;
    int hour, minute;
    bool bare;  /* nothing but digits so far */
    bool colon; /* 09:00 */
};

/* "시" and what may follow: "30분", "반", "30". */
static void read_korean_minutes(struct time_read *t)
{
    const char *q = skip_space(t->end);
    int minute = 0, n = match_number(q, 2, &minute);
    if (g_str_has_prefix(q, "반")) {
        t->minute = 30;
        t->end = q + strlen("반");
    } else if (n > 0 && g_str_has_prefix(skip_space(q + n), "분")) {
        t->minute = minute;
        t->end = skip_space(q + n) + strlen("분");
    } else if (n == 2 && q == t->end) {
        t->minute = minute;
        t->end = q + n;
    }
}

/* What stands between the hour and its end; false when the text is no time at all. */
static enum match read_minutes(struct time_read *t, bool dotted)
{
    const char *q = t->end;
    int n;
    if (*q == ':' && g_ascii_isdigit(q[1])) {
        n = match_number(q + 1, 2, &t->minute);
        t->colon = true;
        t->bare = false;
        t->end = q + 1 + n;
        return n == 2 ? MATCH_OK : MATCH_BAD;
    }
    const char *hour = skip_space(q), *after = hour + strlen("시");
    if (g_str_has_prefix(hour, "시") && !g_str_has_prefix(after, "간") &&
        (hour == q || at_boundary(after) || g_str_has_prefix(after, "에"))) {
        t->end = after;
        t->bare = false;
        read_korean_minutes(t);
    } else if (*q == 'h' && (at_boundary(q + 1) || match_number(q + 1, 2, &n) == 2)) {
        t->end = q + 1 + match_number(q + 1, 2, &t->minute);
        t->bare = false;
    } else if (dotted && *q == '.' && match_number(q + 1, 2, &n) == 2) {
        t->minute = n;
        t->end = q + 3;
    }
    return MATCH_OK;
}

static bool read_hour(const char *p, bool loose, struct time_read *t)
{
    int value = 0, n = match_number(p, 4, &value);
    t->hour = korean_hour(p, &t->end);
    t->bare = true;
    if (t->hour > 0)
        return true;
    t->hour = n <= 2 ? value : value / 100;
    t->minute = n <= 2 ? 0 : value % 100;
    t->end = p + n;
    return n > 0 && (n <= 2 || (loose && p[n] != ':'));
}

static const char *const time_particles[] = {
    "에",   "에는", "마다", "쯤", "경",   "정도", "로",   "으로", "부터", "랑", "이랑",
    "하고", "와",   "과",   "요", "이요", "에요", "예요", "은",   "는",   "도", NULL};

static enum match match_named_time(const char *p, int *ret_minute, const char **ret_end)
{
    static const char *const noon[] = {"정오", "정오에", "noon", "midday", NULL};
    static const char *const midnight[] = {"자정", "자정에", "midnight", NULL};
    const char *end = match_word(p, noon);
    *ret_minute = end != NULL ? 12 * 60 : 0;
    if (end == NULL)
        end = match_word(p, midnight);
    if (end == NULL)
        return MATCH_NONE;
    *ret_end = end;
    return MATCH_OK;
}

static const char *skip_clock_word(const char *p)
{
    static const char *const words[] = {"o'clock", "o’clock", "정각", "정각에", NULL};
    const char *end = match_word(skip_space(p), words);
    return end != NULL ? end : p;
}

enum match match_time(const char *p, bool first, int *ret_minute, const char **ret_end)
{
    struct time_read t = {.end = p};
    t.half = half_before(p, &t.end);
    bool loose = first || t.half != HALF_NONE;
    if (!read_hour(t.end, loose, &t))
        return match_named_time(p, ret_minute, ret_end);
    if (read_minutes(&t, loose) == MATCH_BAD)
        return MATCH_BAD;
    if (t.half == HALF_NONE && (t.half = half_after(t.end, &t.end)) != HALF_NONE)
        loose = true;
    t.end = skip_clock_word(skip_particle(t.end, time_particles));
    if (t.bare && !loose)
        return MATCH_NONE;
    if (!at_boundary(t.end) && !(t.colon && (unsigned char)*t.end >= 0x80))
        return t.colon ? MATCH_BAD : MATCH_NONE;
    *ret_end = t.end;
    int hour = hour_of_day(t.half, t.hour);
    if (hour < 0 || t.minute > 59 || (t.hour == 24 && t.minute > 0))
        return MATCH_BAD;
    *ret_minute = hour * 60 + t.minute;
    return MATCH_OK;
}

/* ---- weekdays ---- */

const char *const schedule_except_after[] = {"제외", "제외하고", "빼고", "말고", "외", NULL};

static const char *const english_days[7][5] = {
    {"monday", "mon"},
    {"tuesday", "tues", "tue"},
    {"wednesday", "weds", "wed"},
    {"thursday", "thurs", "thur", "thu"},
    {"friday", "fri"},
    {"saturday", "sat"},
    {"sunday", "sun"},
};
static const char *const korean_days[7] = {"월", "화", "수", "목", "금", "토", "일"};

static int one_korean_day(const char *p, const char **ret_end)
{
    for (int day = 0; day < 7; day++) {
        if (!g_str_has_prefix(p, korean_days[day]))
            continue;
        *ret_end = p + strlen(korean_days[day]);
        if (g_str_has_prefix(*ret_end, "요일"))
            *ret_end += strlen("요일");
        return day;
    }
    return -1;
}

/* 0..6, or -1. */
static int one_day(const char *p, const char **ret_end)
{
    for (int day = 0; day < 7; day++) {
        for (int i = 0; i < 5 && english_days[day][i] != NULL; i++) {
            if (!g_str_has_prefix(p, english_days[day][i]))
                continue;
            const char *end = p + strlen(english_days[day][i]);
            end += *end == 's' || *end == '.';
            if (g_ascii_isalnum(*end))
                continue;
            *ret_end = end;
            return day;
        }
    }
    return one_korean_day(p, ret_end);
}

int match_day_name(const char *p, const char **ret_end)
{
    const char *end = p;
    int day = one_day(p, &end);
    if (day < 0 || ((unsigned char)*p >= 0x80 && end - p < (ptrdiff_t)strlen("월요일")))
        return -1;
    *ret_end = end;
    return day;
}

static const char *match_range_sign(const char *p)
{
    static const char *const signs[] = {"-",    "~",    "–",   "—",        "〜",
                                        "부터", "에서", "to ", "through ", "thru "};
    p = skip_space(p);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(p, signs[i]))
            return skip_space(p + strlen(signs[i]));
    return NULL;
}

static unsigned days_between(int first, int last)
{
    unsigned mask = 0;
    for (int day = first;; day = (day + 1) % 7) {
        mask |= 1U << day;
        if (day == last)
            return mask;
    }
}

/* "월수금": ascending, so that 수화 (sign language) stays a topic; or "월/수/금", "mon/wed". */
static unsigned match_run(int day, const char **end)
{
    unsigned mask = 1U << day;
    for (;;) {
        const char *p = *end, *next_end;
        if (*p == '/' || *p == '&' || *p == '+')
            p++;
        else if (g_str_has_prefix(p, "·"))
            p += strlen("·");
        int next = p == *end ? one_korean_day(p, &next_end) : one_day(p, &next_end);
        if (next < 0 || (p == *end && next <= day))
            return mask;
        mask |= 1U << next;
        day = next;
        *end = next_end;
    }
}

/* 평일9시, 주말빼고: what may follow weekdays without a space. */
static bool ends_days(const char *p)
{
    const char *unused;
    return at_boundary(p) || g_ascii_isdigit(*p) || half_before(p, &unused) != HALF_NONE ||
           korean_hour(p, &unused) > 0 || match_word(p, schedule_except_after) != NULL;
}

static enum match match_day_word(const char *p, unsigned *ret_mask, const char **ret_end)
{
    static const struct {
        const char *word;
        unsigned mask;
    } words[] = {
        {"weekdays", SCHEDULE_WEEKDAYS},   {"weekday", SCHEDULE_WEEKDAYS},
        {"workdays", SCHEDULE_WEEKDAYS},   {"workday", SCHEDULE_WEEKDAYS},
        {"평일", SCHEDULE_WEEKDAYS},       {"주중", SCHEDULE_WEEKDAYS},
        {"weekends", SCHEDULE_WEEKEND},    {"weekend", SCHEDULE_WEEKEND},
        {"주말", SCHEDULE_WEEKEND},        {"everyday", SCHEDULE_EVERY_DAY},
        {"every day", SCHEDULE_EVERY_DAY}, {"daily", SCHEDULE_EVERY_DAY},
        {"매일", SCHEDULE_EVERY_DAY},      {"날마다", SCHEDULE_EVERY_DAY},
    };
    static const char *const particles[] = {"에", "에는", "마다", "만", "에만", "은", NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!g_str_has_prefix(p, words[i].word))
            continue;
        const char *end = skip_particle(p + strlen(words[i].word), particles);
        if ((unsigned char)*p >= 0x80 ? !ends_days(end) : !at_boundary(end))
            continue;
        *ret_mask = words[i].mask;
        *ret_end = end;
        return MATCH_OK;
    }
    return MATCH_NONE;
}

enum match match_weekdays(const char *p, unsigned *ret_mask, const char **ret_end)
{
    static const char *const particles[] = {"에", "에는", "마다", "만", "에만", "까지", "은", NULL};
    if (match_day_word(p, ret_mask, ret_end) == MATCH_OK)
        return MATCH_OK;
    const char *end, *last_end;
    int first = one_day(p, &end), last;
    if (first < 0)
        return MATCH_NONE;
    unsigned mask;
    const char *sign = match_range_sign(end);
    if (sign != NULL && (last = one_day(sign, &last_end)) >= 0) {
        mask = days_between(first, last);
        end = last_end;
    } else {
        mask = match_run(first, &end);
    }
    end = skip_particle(end, particles);
    if ((unsigned char)*p >= 0x80 ? !ends_days(end) : !at_boundary(end))
        return MATCH_NONE;
    *ret_mask = mask;
    *ret_end = end;
    return MATCH_OK;
}
