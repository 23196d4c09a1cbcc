/* Periods and ranks of a chat's board. */
#include "leaderboard.h"

#include <stdlib.h>
#include <string.h>

struct board_span board_span(const zone *z, enum board_period period, int64_t now)
{
    int64_t today = zone_day(z, now);
    int64_t monday = date_week_start(today);
    int64_t from = today, to = today + 1;
    switch (period) {
    case BOARD_TODAY:
        break;
    case BOARD_WEEK:
        from = monday;
        to = monday + 7;
        break;
    case BOARD_LAST_WEEK:
        from = monday - 7;
        to = monday;
        break;
    case BOARD_MONTH:
        from = date_month_start(today);
        to = date_next_month(today);
        break;
    case BOARD_ALL:
        return (struct board_span){INT64_MIN, INT64_MAX};
    }
    return (struct board_span){zone_day_start(z, from), zone_day_start(z, to)};
}

int64_t board_weekly_post(const zone *z, int64_t after, int minute)
{
    int64_t monday = date_week_start(zone_day(z, after));
    int64_t time = zone_minute(z, monday, minute);
    for (; time <= after; monday += 7)
        time = zone_minute(z, monday + 7, minute);
    return time;
}

bool board_period_parse(const char *typed, enum board_period *ret_period)
{
    static const struct {
        const char *word;
        enum board_period period;
    } words[] = {
        {"", BOARD_ALL},
        {"all", BOARD_ALL},
        {"alltime", BOARD_ALL},
        {"total", BOARD_ALL},
        {"ever", BOARD_ALL},
        {"전체", BOARD_ALL},
        {"누적", BOARD_ALL},
        {"모두", BOARD_ALL},
        {"역대", BOARD_ALL},
        {"today", BOARD_TODAY},
        {"day", BOARD_TODAY},
        {"daily", BOARD_TODAY},
        {"오늘", BOARD_TODAY},
        {"일간", BOARD_TODAY},
        {"하루", BOARD_TODAY},
        {"week", BOARD_WEEK},
        {"weekly", BOARD_WEEK},
        {"thisweek", BOARD_WEEK},
        {"주", BOARD_WEEK},
        {"주간", BOARD_WEEK},
        {"이번주", BOARD_WEEK},
        {"금주", BOARD_WEEK},
        {"month", BOARD_MONTH},
        {"monthly", BOARD_MONTH},
        {"thismonth", BOARD_MONTH},
        {"월", BOARD_MONTH},
        {"월간", BOARD_MONTH},
        {"이번달", BOARD_MONTH},
        {"이달", BOARD_MONTH},
        {"lastweek", BOARD_LAST_WEEK},
        {"지난주", BOARD_LAST_WEEK},
        {"저번주", BOARD_LAST_WEEK},
    };
    g_autofree char *valid = g_utf8_make_valid(typed, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = g_utf8_casefold(normal != NULL ? normal : "", -1);
    GString *word = g_string_new(NULL);
    for (char *p = folded; *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            g_string_append_unichar(word, g_utf8_get_char(p));
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(words) && !found; i++)
        if ((found = strcmp(words[i].word, word->str) == 0))
            *ret_period = words[i].period;
    g_string_free(word, TRUE);
    return found;
}

/* ---- ranks ---- */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_rank(const void *a, const void *b)
{
    const struct board_row *x = a, *y = b;
    int order = compare(y->points, x->points);
    if (order == 0)
        order = compare(x->reached_at, y->reached_at);
    return order != 0 ? order : compare(x->user, y->user);
}

void board_rank(struct board_row *rows, size_t n)
{
    if (n == 0)
        return;
    if (n > 0)
        qsort(rows, n, sizeof *rows, by_rank);
    rows[0].rank = 1;
    for (size_t i = 1; i < n; i++)
        rows[i].rank = rows[i].points == rows[i - 1].points ? rows[i - 1].rank : (int)i + 1;
}

struct board_view board_view(const struct board_row *rows, size_t n, int64_t user)
{
    struct board_view v = {.shown = MIN(n, (size_t)BOARD_SHOWN), .own = BOARD_NOWHERE};
    v.hidden = n - v.shown;
    for (size_t i = 0; i < n && v.own == BOARD_NOWHERE; i++)
        if (rows[i].user == user)
            v.own = i;
    v.own_below = v.own != BOARD_NOWHERE && v.own >= v.shown;
    return v;
}

int board_mean(int64_t sum, int64_t n)
{
    return n > 0 ? (int)((2 * sum + n) / (2 * n)) : 0;
}

int board_mean_tenths(int64_t sum, int64_t n)
{
    return n > 0 ? (int)((20 * sum + n) / (2 * n)) : 0;
}
