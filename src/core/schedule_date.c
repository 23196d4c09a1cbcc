/* Reading dates and ranges of dates as people type them, in Korean and English. */
#include "schedule_internal.h"

#include <string.h>

/* Parts of a date; 0 where none was typed. */
struct date_read {
    int year, month, dom;
    const char *end;
};

/* ---- completing what was left out ---- */

/* The first date from `from` on with this day of the month, and month if it is not 0. */
static bool next_such(int64_t from, int month, int dom, int64_t *ret_day)
{
    int y, m, d;
    date_to_ymd(from, &y, &m, &d);
    for (int i = 0; i <= 12 * 8; i++) { /* 29 February comes within 8 years */
        if (month == 0 || m == month) {
            int64_t day;
            if (date_from_ymd(y, m, dom, &day) && day >= from) {
                *ret_day = day;
                return true;
            }
        }
        if (++m > 12) {
            m = 1;
            y++;
        }
    }
    return false;
}

static bool complete(const struct date_read *r, int64_t from, int64_t *ret_day)
{
    if (r->year > 0)
        return date_from_ymd(r->year, r->month, r->dom, ret_day);
    if (r->dom < 1 || r->dom > 31 || r->month > 12)
        return false;
    return next_such(from, r->month, r->dom, ret_day);
}

/* ---- forms ---- */

static const char *skip_text(const char *p, const char *text)
{
    return g_str_has_prefix(p, text) ? p + strlen(text) : NULL;
}

/* 2026-12-25, 2026.12.25, 2026/12/25, 2026년 12월 25일, 20261225 */
static enum match match_full(const char *p, struct date_read *r)
{
    int n = match_number(p, 8, &r->year);
    if (n == 8) {
        r->dom = r->year % 100;
        r->month = r->year / 100 % 100;
        r->year /= 10000;
        r->end = p + 8;
        return MATCH_OK;
    }
    if (n != 4)
        return MATCH_NONE;
    p += 4;
    const char *q = skip_text(p, "년");
    bool korean = q != NULL;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): match_number leaves p */
    char sign = *p;
    if (!korean && sign != '-' && sign != '.' && sign != '/')
        return MATCH_NONE;
    p = skip_space(korean ? q : p + 1);
    n = match_number(p, 2, &r->month);
    p += n;
    q = korean ? skip_text(p, "월") : *p == sign ? p + 1 : NULL;
    if (n == 0 || q == NULL)
        return MATCH_BAD;
    p = skip_space(q);
    n = match_number(p, 2, &r->dom);
    if (n == 0)
        return MATCH_BAD;
    p += n;
    q = skip_text(p, "일");
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): skip_space gives no NULL */
    r->end = q != NULL ? q : sign == '.' && *p == '.' && p[1] != '.' ? p + 1 : p;
    return MATCH_OK;
}

/* 12/25, 12-25, 12.25, with a year behind or without, or 26.12.25; day and month change places
 * when they must. */
static enum match match_slashed(const char *p, struct date_read *r)
{
    int a, b, n = match_number(p, 2, &a);
    char sign = p[n];
    if (n == 0 || (sign != '/' && sign != '-' && sign != '.'))
        return MATCH_NONE;
    p += n + 1;
    n = match_number(p, 2, &b);
    if (n == 0)
        return MATCH_NONE;
    p += n;
    int digits = *p == sign ? match_number(p + 1, 4, &n) : 0;
    if (digits == 4) {
        r->year = n;
        p += 5;
    } else if (digits == 2 && (a > 12 || sign == '.')) {
        *r = (struct date_read){.year = 2000 + a, .month = b, .dom = n, .end = p + 3};
        return MATCH_OK;
    }
    bool day_first = a > 12 && b <= 12;
    r->month = day_first ? b : a;
    r->dom = day_first ? a : b;
    r->end = p;
    return r->month >= 1 ? MATCH_OK : MATCH_BAD;
}

/* 12월 25일, 25일 */
static enum match match_korean(const char *p, struct date_read *r)
{
    int value, n = match_number(p, 2, &value);
    const char *q;
    if (n == 0)
        return MATCH_NONE;
    if ((q = skip_text(p + n, "월")) != NULL) {
        r->month = value;
        p = skip_space(q);
        n = match_number(p, 2, &value);
        if (n == 0 || r->month == 0)
            return MATCH_BAD;
        q = skip_text(p + n, "일");
        if (q == NULL)
            q = p + n;
    } else if ((q = skip_text(p + n, "일")) == NULL || g_str_has_prefix(q, "간")) {
        return MATCH_NONE;
    }
    r->dom = value;
    r->end = q;
    return MATCH_OK;
}

static int match_month(const char *p, const char **ret_end)
{
    static const char *const months[12] = {"january",   "february", "march",    "april",
                                           "may",       "june",     "july",     "august",
                                           "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        size_t n = 0;
        while (months[i][n] != '\0' && p[n] == months[i][n])
            n++;
        if (n < 3 || g_ascii_isalpha(p[n]))
            continue;
        *ret_end = p + n + (p[n] == '.');
        return i + 1;
    }
    return 0;
}

static const char *skip_ordinal(const char *p)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_prefix(p, ends[i]) && !g_ascii_isalpha(p[2]))
            return p + 2;
    return p;
}

/* A year after "dec 25" or "dec 25,". */
static void read_year(struct date_read *r)
{
    const char *p = r->end;
    int year;
    p = skip_space(*p == ',' ? p + 1 : p);
    if (p != r->end && match_number(p, 4, &year) == 4 && p[4] != '-') {
        r->year = year;
        r->end = p + 4;
    }
}

/* dec 25, december 25th, 2026, 25 dec 2026 */
static enum match match_english(const char *p, struct date_read *r)
{
    int n;
    const char *q = p;
    r->month = match_month(p, &q);
    if (r->month > 0) {
        p = skip_space(q);
        if ((n = match_number(p, 2, &r->dom)) == 0)
            return MATCH_NONE;
        r->end = skip_ordinal(p + n);
    } else {
        if ((n = match_number(p, 2, &r->dom)) == 0)
            return MATCH_NONE;
        r->month = match_month(skip_space(skip_ordinal(p + n)), &r->end);
        if (r->month == 0)
            return MATCH_NONE;
    }
    read_year(r);
    return MATCH_OK;
}

static enum match match_named(const char *p, int64_t today, int64_t *ret_day, const char **ret_end)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1}, {"오늘", 0},
                 {"내일", 1},  {"모레", 2},     {"글피", 3},       {"어제", -1}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *end = skip_text(p, words[i].word);
        if (end != NULL && !g_ascii_isalnum(*end)) {
            *ret_day = today + words[i].days;
            *ret_end = end;
            return MATCH_OK;
        }
    }
    return MATCH_NONE;
}

/* Holidays that keep their date; those of the moon have to be typed. */
static enum match match_feast(const char *p, struct date_read *r)
{
    static const struct {
        const char *word;
        int month, dom;
    } feasts[] = {{"크리스마스", 12, 25}, {"성탄절", 12, 25},      {"신정", 1, 1},
                  {"새해", 1, 1},         {"삼일절", 3, 1},        {"3.1절", 3, 1},
                  {"노동절", 5, 1},       {"근로자의 날", 5, 1},   {"어린이날", 5, 5},
                  {"현충일", 6, 6},       {"광복절", 8, 15},       {"개천절", 10, 3},
                  {"한글날", 10, 9},      {"christmas", 12, 25},   {"new year's day", 1, 1},
                  {"new year", 1, 1},     {"new year’s day", 1, 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(feasts); i++) {
        const char *end = skip_text(p, feasts[i].word);
        if (end == NULL || g_ascii_isalnum(*end))
            continue;
        *r = (struct date_read){.month = feasts[i].month, .dom = feasts[i].dom, .end = end};
        return MATCH_OK;
    }
    return MATCH_NONE;
}

/* "다음 주", "next week": whose Monday; 0 for neither, when p is left alone. */
static int64_t match_week(const char **p, int64_t today)
{
    static const struct {
        const char *word;
        int weeks;
    } words[] = {{"이번 주", 0},   {"이번주", 0},  {"금주", 0}, {"this week", 0},
                 {"다음 주", 1},   {"다음주", 1},  {"담주", 1}, {"next week", 1},
                 {"다다음 주", 2}, {"다다음주", 2}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *end = skip_text(*p, words[i].word);
        if (end == NULL || g_ascii_isalnum(*end))
            continue;
        *p = skip_space(end);
        return date_week_start(today) + words[i].weeks * 7;
    }
    return 0;
}

/* 금요일, friday: the next one; 다음 주 금요일, next friday: that of next week. */
static enum match match_weekday_date(const char *p, int64_t today, int64_t *ret_day,
                                     const char **ret_end)
{
    int64_t monday = match_week(&p, today);
    const char *end = skip_text(p, "next ");
    if (monday == 0 && end != NULL) {
        monday = date_week_start(today) + 7;
        p = skip_space(end);
    }
    int day = match_day_name(p, &end);
    if (day < 0) /* 월 alone would be a letter of other words: 요일 has to follow */
        return MATCH_NONE;
    *ret_day = monday != 0 ? monday + day : today + 1 + (day - date_weekday(today + 1) + 7) % 7;
    *ret_end = end;
    return MATCH_OK;
}

/* A bare day of the month, which only the end of a range may be. */
static enum match match_bare(const char *p, struct date_read *r)
{
    int n = match_number(p, 2, &r->dom);
    r->end = p + n;
    return n > 0 && !g_ascii_isalnum(*r->end) ? MATCH_OK : MATCH_NONE;
}

enum match match_date(const char *p, int64_t today, const int64_t *base, int64_t *ret_day,
                      const char **ret_end)
{
    static enum match (*const forms[])(const char *, struct date_read *) = {
        match_feast, match_full, match_slashed, match_korean, match_english, match_bare};
    enum match m = match_named(p, today, ret_day, ret_end);
    if (m == MATCH_NONE)
        m = match_weekday_date(p, base != NULL ? *base : today, ret_day, ret_end);
    if (m != MATCH_NONE)
        return m;
    struct date_read r = {0};
    size_t n = G_N_ELEMENTS(forms) - (base == NULL);
    for (size_t i = 0; i < n && m == MATCH_NONE; i++) {
        r = (struct date_read){.end = p};
        m = forms[i](p, &r);
    }
    if (m != MATCH_OK)
        return m;
    if (!complete(&r, base != NULL ? *base : today, ret_day))
        return MATCH_BAD;
    *ret_end = r.end;
    return MATCH_OK;
}

/* ---- ranges ---- */

static const char *match_range_sign(const char *p)
{
    static const char *const signs[] = {"...",  "..",   "~",   "-",      "–",        "—",    "〜",
                                        "부터", "에서", "to ", "until ", "through ", "till "};
    p = skip_space(p);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(p, signs[i]))
            return skip_space(p + strlen(signs[i]));
    return NULL;
}

/* "(금)" after a date says nothing new. */
static const char *skip_weekday_note(const char *p)
{
    const char *q = skip_space(p);
    const char *close = *q == '(' ? strchr(q, ')') : NULL;
    return close != NULL && close - q < 12 ? close + 1 : p;
}

/* Nor does 금요일 behind a date of digits or months that is a Friday; false when it is none. */
static bool skip_own_weekday(const char *typed, int64_t day, const char **end)
{
    const char *after, *p = skip_space(*end);
    bool spelt = g_ascii_isdigit(*typed) || match_month(typed, &after) > 0;
    int weekday = spelt && p != *end ? match_day_name(p, &after) : -1;
    if (weekday < 0)
        return true;
    *end = after;
    return weekday == date_weekday(day);
}

static const char *skip_after_date(const char *p)
{
    static const char *const particles[] = {"까지", "은", "는", "에", "에는", "동안", NULL};
    const char *end = match_word(skip_space(p), particles);
    return end != NULL ? end : p;
}

/* A whole week: 다음 주. */
enum match match_whole_week(const char *p, int64_t today, struct schedule_range *ret_range,
                            const char **ret_end)
{
    const char *end = p;
    int64_t monday = match_week(&end, today);
    if (monday == 0)
        return MATCH_NONE;
    *ret_range = (struct schedule_range){monday, monday + 6};
    *ret_end = end;
    return MATCH_OK;
}

/* Longer than this, a range without years has its ends the wrong way round: 12/26~12/24. */
enum { LIKELY_DAYS = 200 };

static enum match match_end_of_range(const char *p, int64_t today, struct schedule_range *r,
                                     const char **ret_end)
{
    enum match m = match_date(p, today, &r->first, &r->last, ret_end);
    int n, year;
    if (m != MATCH_OK || !skip_own_weekday(p, r->last, ret_end))
        return MATCH_BAD;
    n = match_number(p, 8, &year);
    if (r->last - r->first > LIKELY_DAYS && n < 4)
        r->last = r->first - 1;
    return MATCH_OK;
}

enum match match_range(const char *p, int64_t today, struct schedule_range *ret_range,
                       const char **ret_end)
{
    struct schedule_range r;
    const char *end;
    enum match m = match_date(p, today, NULL, &r.first, &end);
    r.last = r.first;
    if (m == MATCH_NONE)
        m = match_whole_week(p, today, &r, &end);
    if (m != MATCH_OK)
        return m;
    if (!skip_own_weekday(p, r.first, &end))
        return MATCH_BAD;
    end = skip_weekday_note(end);
    const char *second = r.first == r.last ? match_range_sign(end) : NULL;
    if (second != NULL && !at_boundary(second)) {
        m = match_end_of_range(second, today, &r, &end);
        if (m != MATCH_OK)
            return MATCH_BAD;
        end = skip_weekday_note(end);
    }
    end = skip_after_date(end);
    if (!at_boundary(end))
        return MATCH_BAD;
    *ret_range = r;
    *ret_end = end;
    return MATCH_OK;
}
