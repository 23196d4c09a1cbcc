/* Civil dates as day numbers: conversions, weeks, months, ISO text. */
#include "zone.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_400Y = 146097, DAYS_TO_1970 = 719468 /* from 0000-03-01 */ };

/* A year that begins in March puts the leap day last, so that every month has a fixed start. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return era * DAYS_400Y + yoe * 365 + yoe / 4 - yoe / 100 + doy - DAYS_TO_1970;
}

static int month_length(int year, int month)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : length[month - 1];
}

bool date_from_ymd(int year, int month, int day, int64_t *ret_day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_length(year, month))
        return false;
    *ret_day = days_of(year, month, day);
    return true;
}

void date_to_ymd(int64_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = CLAMP(day, DATE_MIN, DATE_MAX) + DAYS_TO_1970;
    int64_t era = z / DAYS_400Y; /* z > 0 from year 1 on */
    int64_t doe = z - era * DAYS_400Y;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret_year = (int)(yoe + era * 400 + (*ret_month <= 2));
}

int date_weekday(int64_t day)
{
    int64_t w = (day % 7 + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

int64_t date_week_start(int64_t day)
{
    return day - date_weekday(day);
}

int64_t date_month_start(int64_t day)
{
    int y, m, d;
    date_to_ymd(day, &y, &m, &d);
    return day - (d - 1);
}

int64_t date_next_month(int64_t day)
{
    int y, m, d;
    date_to_ymd(day, &y, &m, &d);
    return day - (d - 1) + month_length(y, m);
}

static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool date_parse(const char *text, int64_t *ret_day)
{
    if (strlen(text) != DATE_TEXT_SIZE - 1 || text[4] != '-' || text[7] != '-')
        return false;
    return date_from_ymd(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), ret_day);
}

void date_print(int64_t day, char ret_text[DATE_TEXT_SIZE])
{
    int y, m, d;
    date_to_ymd(day, &y, &m, &d);
    snprintf(ret_text, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)y % 10000U, (unsigned)m % 100U,
             (unsigned)d % 100U);
}
