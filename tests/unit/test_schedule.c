/* The daily schedule: what people type, its text, when a question is due, what is remembered. */
#include "schedule.h"

#include <string.h>

static zones *all;

static int64_t day(const char *text)
{
    int64_t d = 0;
    g_assert_true(date_parse(text, &d));
    return d;
}

#define TODAY day("2026-11-23") /* a Monday */

/* The schedule of a canonical text. */
static struct schedule of(const char *text)
{
    struct schedule s = {0};
    if (!schedule_parse(text, &s))
        g_test_message("not canonical: %s", text);
    g_assert_true(schedule_parse(text, &s));
    return s;
}

static bool same(const struct schedule *a, const struct schedule *b)
{
    return a->n_entries == b->n_entries && memcmp(a->entry, b->entry, sizeof a->entry) == 0 &&
           a->n_quiet == b->n_quiet && memcmp(a->quiet, b->quiet, sizeof a->quiet) == 0 &&
           a->paused == b->paused && a->paused_until == b->paused_until &&
           memcmp(a->room, b->room, sizeof a->room) == 0;
}

/* Printed text is read back to the same value. */
static void assert_round_trip(const struct schedule *s)
{
    struct schedule again;
    g_autofree char *text = schedule_print(s);
    g_assert_true(schedule_parse(text, &again));
    g_assert_true(same(&again, s));
}

typedef bool (*command)(struct schedule *, const char *, int64_t, struct schedule_reply *);

struct typed_case {
    const char *before, *typed, *key, *after; /* after NULL: unchanged */
    const char *what;                         /* NULL: not looked at */
};

static void run_cases(command run, const struct typed_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct schedule s = of(cases[i].before), unchanged = s;
        struct schedule_reply reply;
        g_test_message("%s", cases[i].typed);
        bool ok = run(&s, cases[i].typed, TODAY, &reply);
        g_assert_cmpstr(reply.key, ==, cases[i].key);
        g_assert_cmpint(ok, ==, cases[i].after != NULL);
        if (!ok)
            g_assert_true(same(&s, &unchanged));
        g_autofree char *text = schedule_print(&s);
        g_assert_cmpstr(text, ==, cases[i].after != NULL ? cases[i].after : cases[i].before);
        if (cases[i].what != NULL)
            g_assert_cmpstr(reply.what, ==, cases[i].what);
        assert_round_trip(&s);
    }
}

/* ---- /daily ---- */

static const struct typed_case daily[] = {
    /* times */
    {"", "09:00", "schedule.set", "09:00", NULL},
    {"", "9:05", "schedule.set", "09:05", NULL},
    {"", "9", "schedule.set", "09:00", NULL},
    {"", "0930", "schedule.set", "09:30", NULL},
    {"", "9.30", "schedule.set", "09:30", NULL},
    {"", "21h15", "schedule.set", "21:15", NULL},
    {"", "９：００", "schedule.set", "09:00", NULL},
    {"", "24:00", "schedule.set", "00:00", NULL},
    {"", "9am", "schedule.set", "09:00", NULL},
    {"", "9 AM", "schedule.set", "09:00", NULL},
    {"", "12am", "schedule.set", "00:00", NULL},
    {"", "12pm", "schedule.set", "12:00", NULL},
    {"", "9:30 p.m.", "schedule.set", "21:30", NULL},
    {"", "at 9 in the evening", "schedule.set", "21:00", NULL},
    {"", "noon", "schedule.set", "12:00", NULL},
    {"", "9 o'clock", "schedule.set", "09:00", NULL},
    {"", "9시", "schedule.set", "09:00", NULL},
    {"", "9시에", "schedule.set", "09:00", NULL},
    {"", "9 시 30 분", "schedule.set", "09:30", NULL},
    {"", "9시30", "schedule.set", "09:30", NULL},
    {"", "아홉시 반", "schedule.set", "09:30", NULL},
    {"", "열두시", "schedule.set", "12:00", NULL},
    {"", "오전 9시 30분", "schedule.set", "09:30", NULL},
    {"", "오후3시", "schedule.set", "15:00", NULL},
    {"", "오후 3:30", "schedule.set", "15:30", NULL},
    {"", "오전 12시", "schedule.set", "00:00", NULL},
    {"", "오후 12시", "schedule.set", "12:00", NULL},
    {"", "밤 10시", "schedule.set", "22:00", NULL},
    {"", "밤 12시", "schedule.set", "00:00", NULL},
    {"", "새벽 2시", "schedule.set", "02:00", NULL},
    {"", "점심 12시", "schedule.set", "12:00", NULL},
    {"", "낮 1시", "schedule.set", "13:00", NULL},
    {"", "저녁 7시 반", "schedule.set", "19:30", NULL},
    {"", "정오", "schedule.set", "12:00", NULL},
    {"", "자정에", "schedule.set", "00:00", NULL},
    {"", "매일 아침 9시", "schedule.set", "09:00", NULL},
    {"", "every day at 9am", "schedule.set", "09:00", NULL},
    {"", "매일 아침 9시에 질문해줘", "schedule.set", "09:00", NULL},
    {"", "평일 9시에 보내줘", "schedule.set", "09:00 mon-fri", NULL},
    {"", "please send questions at 9am", "schedule.set", "09:00", NULL},
    {"", "9시에 네트워크 질문", "schedule.set", "09:00 \"네트워크 질문\"", NULL},
    /* NFD, as macOS sends it */
    {"", "9\u1109\u1175", "schedule.set", "09:00", NULL},
    /* weekdays */
    {"", "평일 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "9시 평일", "schedule.set", "09:00 mon-fri", NULL},
    {"", "평일 9", "schedule.set", "09:00 mon-fri", NULL},
    {"", "주말에 10시", "schedule.set", "10:00 sat,sun", NULL},
    {"", "월수금 9시", "schedule.set", "09:00 mon,wed,fri", NULL},
    {"", "월 9시", "schedule.set", "09:00 mon", NULL},
    {"", "월, 수, 금 9시", "schedule.set", "09:00 mon,wed,fri", NULL},
    {"", "월/수/금 9시", "schedule.set", "09:00 mon,wed,fri", NULL},
    {"", "매주 월요일 화요일 9시", "schedule.set", "09:00 mon,tue", NULL},
    {"", "월~목 9시", "schedule.set", "09:00 mon-thu", NULL},
    {"", "월요일부터 금요일까지 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "금-월 9시", "schedule.set", "09:00 mon,fri-sun", NULL},
    {"", "주말 제외 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "월요일 빼고 9시", "schedule.set", "09:00 tue-sun", NULL},
    {"", "mon-fri 09:00", "schedule.set", "09:00 mon-fri", NULL},
    {"", "09:00 mon-fri", "schedule.set", "09:00 mon-fri", NULL},
    {"", "09:00 mon,wed", "schedule.set", "09:00 mon,wed", NULL},
    {"", "Mondays and Thursdays 9am", "schedule.set", "09:00 mon,thu", NULL},
    {"", "tue to thu 9am", "schedule.set", "09:00 tue-thu", NULL},
    {"", "weekdays 7:05", "schedule.set", "07:05 mon-fri", NULL},
    {"", "every day except sunday at 9am", "schedule.set", "09:00 mon-sat", NULL},
    /* topics */
    {"", "09:00 가상화", "schedule.set", "09:00 \"가상화\"", NULL},
    {"", "가상화 평일 9시", "schedule.set", "09:00 mon-fri \"가상화\"", NULL},
    {"", "09:00 운영 체제 2", "schedule.set", "09:00 \"운영 체제 2\"", NULL},
    {"", "9 시스템", "schedule.set", "09:00 \"시스템\"", NULL},
    {"", "09:00 수화", "schedule.set", "09:00 \"수화\"", NULL},
    {"", "09:00 월드컵", "schedule.set", "09:00 \"월드컵\"", NULL},
    {"", "09:00 off by one", "schedule.set", "09:00 \"off by one\"", NULL},
    {"", "09:00 \"평일 9시\"", "schedule.set", "09:00 \"평일 9시\"", NULL},
    {"", "09:00 “C; C++, 10:00”", "schedule.set", "09:00 \"C; C++, 10:00\"", NULL},
    {"", "09:00 C++", "schedule.set", "09:00 \"C++\"", NULL},
    /* several */
    {"", "09:00 21:00", "schedule.set", "09:00; 21:00", NULL},
    {"", "오전 8시, 오후 6시 월~금", "schedule.set", "08:00 mon-fri; 18:00 mon-fri", NULL},
    {"", "09:00 mon-fri; 11:00 주말 운영체제", "schedule.set",
     "09:00 mon-fri; 11:00 sat,sun \"운영체제\"", NULL},
    {"", "9시\n10시", "schedule.set", "09:00; 10:00", NULL},
    {"", "09:00 평일 A; 09:00 B", "schedule.set", "09:00 \"B\"", NULL},
    {"", "09:00 A; 09:00 평일 B", "schedule.set", "09:00 mon-fri \"B\"; 09:00 sat,sun \"A\"", NULL},
    /* as thumbs type it */
    {"", "매일9시", "schedule.set", "09:00", NULL},
    {"", "평일9시30분", "schedule.set", "09:30 mon-fri", NULL},
    {"", "월수금9시", "schedule.set", "09:00 mon,wed,fri", NULL},
    {"", "평일오전9시반", "schedule.set", "09:30 mon-fri", NULL},
    {"", "매일아침 9시", "schedule.set", "09:00", NULL},
    {"", "주말빼고 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "주말은 빼고 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "토일제외 9시", "schedule.set", "09:00 mon-fri", NULL},
    {"", "아침에 8시", "schedule.set", "08:00", NULL},
    {"", "아침 9시랑 저녁 9시", "schedule.set", "09:00; 21:00", NULL},
    {"", "평일 8시 반이랑 21시", "schedule.set", "08:30 mon-fri; 21:00 mon-fri", NULL},
    {"", "9시와 18시", "schedule.set", "09:00; 18:00", NULL},
    {"", "9시하고 18시에", "schedule.set", "09:00; 18:00", NULL},
    {"", "하루 두번 9시 18시", "schedule.set", "09:00; 18:00", NULL},
    {"", "하루에 두 번 9시, 18시", "schedule.set", "09:00; 18:00", NULL},
    {"", "9:00부터", "schedule.set", "09:00", NULL},
    {"", "9시로", "schedule.set", "09:00", NULL},
    {"", "9시로 바꿔줘", "schedule.set", "09:00", NULL},
    {"", "9시요", "schedule.set", "09:00", NULL},
    {"", "9시 30분이요", "schedule.set", "09:30", NULL},
    {"", "아침 9시에 부탁드려요", "schedule.set", "09:00", NULL},
    {"", "월수금 아침 9시에 문제 내줘", "schedule.set", "09:00 mon,wed,fri", NULL},
    {"", "every morning at 8", "schedule.set", "08:00", NULL},
    {"", "every evening at 8", "schedule.set", "20:00", NULL},
    {"", "change to 10am", "schedule.set", "10:00", NULL},
    {"", "10am about networks", "schedule.set", "10:00 \"networks\"", NULL},
    {"", "9am, not on weekends", "schedule.set", "09:00 mon-fri", NULL},
    {"", "twice a day, 9am and 6pm", "schedule.set", "09:00; 18:00", NULL},
    {"09:00; 18:00", "18시 빼줘", "schedule.removed", "09:00", NULL},
    {"09:00; 18:00", "18:00은 빼 주세요", "schedule.removed", "09:00", NULL},
    {"09:00; 18:00", "저녁 6시 지워줘", "schedule.removed", "09:00", NULL},
    {"09:00", "일주일 쉬기", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "오늘은 쉴래", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "12월 25일까지 쉬자", "schedule.paused", "09:00; until 2026-12-26", NULL},
    /* a day to rest on is no day to rest until */
    {"09:00", "내일 쉬어", "schedule.quiet-added", "09:00; quiet 2026-11-24", NULL},
    {"09:00", "12월 25일은 쉬기", "schedule.quiet-added", "09:00; quiet 2026-12-25", NULL},
    {"09:00", "다음 주 쉬자", "schedule.quiet-added", "09:00; quiet 2026-11-30..2026-12-06", NULL},
    {"09:00", "10:00; 9시 61분", "schedule.bad-time", NULL, "9시 61분"},
    /* replacing, adding, removing */
    {"09:00", "10:00", "schedule.set", "10:00", NULL},
    {"09:00", "+21:00", "schedule.added", "09:00; 21:00", NULL},
    {"09:00", "추가 평일 21시", "schedule.added", "09:00; 21:00 mon-fri", NULL},
    {"09:00; 21:00", "21:00 off", "schedule.removed", "09:00", NULL},
    {"09:00; 21:00", "9시 끄기", "schedule.removed", "21:00", NULL},
    {"09:00", "09:00 주말 삭제", "schedule.removed", "09:00 mon-fri", NULL},
    {"09:00; 21:00", "off", "schedule.off", "", NULL},
    {"09:00", "끄기", "schedule.off", "", NULL},
    {"09:00", "꺼", "schedule.off", "", NULL},
    {"", "off", "schedule.off", "", NULL},
    {"", "on", "schedule.set", "09:00", NULL},
    {"10:00; until 2027-01-05", "켜기", "schedule.set", "10:00", NULL},
    {"09:00", "pause until 2027-01-05", "schedule.paused", "09:00; until 2027-01-05", NULL},
    {"09:00; until 2027-01-05", "재개", "schedule.resumed", "09:00", NULL},
    {"09:00", "  ", "schedule.show", "09:00", NULL},
    {"", "", "schedule.none", "", NULL},
    /* quiet dates outlive the times */
    {"09:00; quiet 2026-12-25", "off", "schedule.off", "quiet 2026-12-25", NULL},
    /* errors */
    {"09:00", "25:00", "schedule.bad-time", NULL, "25:00"},
    {"09:00", "9:75", "schedule.bad-time", NULL, "9:75"},
    {"09:00", "9:5", "schedule.bad-time", NULL, "9:5"},
    {"09:00", "25시", "schedule.bad-time", NULL, "25시"},
    {"09:00", "오전 13시", "schedule.bad-time", NULL, "오전 13시"},
    {"09:00", "30", "schedule.bad-time", NULL, "30"},
    {"09:00", "24:30", "schedule.bad-time", NULL, "24:30"},
    {"09:00", "10:00; 99:99", "schedule.bad-time", NULL, "99:99"},
    {"09:00", "내일", "schedule.no-time", NULL, "내일"},
    {"09:00", "평일", "schedule.no-time", NULL, "평일"},
    {"09:00", "2시간", "schedule.no-time", NULL, "2시간"},
    {"09:00", "10:00 off", "schedule.not-set", NULL, NULL},
    {"09:00", ";", "schedule.no-time", NULL, NULL},
    {"", "1 2 3 4:00 5:00 6:00 7:00 8:00 9:00 10:00 11:00", "schedule.set",
     "01:00 \"2 3\"; 04:00 \"2 3\"; 05:00 \"2 3\"; 06:00 \"2 3\"; 07:00 \"2 3\"; 08:00 \"2 3\"; "
     "09:00 \"2 3\"; 10:00 \"2 3\"; 11:00 \"2 3\"",
     NULL},
    {"01:00; 02:00; 03:00; 04:00; 05:00; 06:00; 07:00; 08:00; 09:00; 10:00; 11:00; 12:00", "+13:00",
     "schedule.too-many-times", NULL, NULL},
    {"",
     "09:00 pneumonoultramicroscopicsilicovolcanoconiosis pneumonoultramicroscopic "
     "silicovolcanoconiosis and what else there may be to ask about it",
     "schedule.long-topic", NULL, NULL},
};

static void test_daily(void)
{
    run_cases(schedule_daily, daily, G_N_ELEMENTS(daily));
}

/* ---- /holiday ---- */

static const struct typed_case holiday[] = {
    {"", "2026-12-25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "2026.12.25.", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "2026/12/25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "20261225", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "2026년 12월 25일(금)", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12/25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "25/12", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12-25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12/25/2027", "schedule.quiet-added", "quiet 2027-12-25", NULL},
    {"", "12월 25일", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12월25일은 쉬기", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12월 25일 쉬어", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12월 24일부터 26일까지 쉴게요", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26",
     NULL},
    {"", "내일은 쉬는 날", "schedule.quiet-added", "quiet 2026-11-24", NULL},
    {"", "내일 하루 쉽니다", "schedule.quiet-added", "quiet 2026-11-24", NULL},
    {"", "글피", "schedule.quiet-added", "quiet 2026-11-26", NULL},
    /* the weekday of the date named is no other date */
    {"", "2026년 12월 25일 금요일", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12/24 목요일~12/25 금요일", "schedule.quiet-added", "quiet 2026-12-24..2026-12-25", NULL},
    {"", "dec 25 friday", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "12월 25일 목요일", "schedule.bad-date", NULL, NULL},
    {"", "금요일 토요일", "schedule.quiet-added", "quiet 2026-11-27..2026-11-28", NULL},
    {"", "12월 25일, 금요일", "schedule.quiet-added", "quiet 2026-11-27; quiet 2026-12-25", NULL},
    {"", "26.12.25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "26/12/25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "크리스마스", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "성탄절, 신정", "schedule.quiet-added", "quiet 2026-12-25; quiet 2027-01-01", NULL},
    {"", "christmas", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "3.1절", "schedule.quiet-added", "quiet 2027-03-01", NULL},
    {"quiet 2026-12-25", "12월 25일 빼줘", "schedule.quiet-removed", "", NULL},
    {"quiet 2026-12-25", "전부 지워줘", "schedule.quiet-cleared", "", NULL},
    {"", "어제", "schedule.past", NULL, NULL},
    {"", "1월 1일", "schedule.quiet-added", "quiet 2027-01-01", NULL},
    {"", "11/23", "schedule.quiet-added", "quiet 2026-11-23", NULL},
    {"", "11/22", "schedule.quiet-added", "quiet 2027-11-22", NULL},
    {"", "2월 29일", "schedule.quiet-added", "quiet 2028-02-29", NULL},
    {"", "25일", "schedule.quiet-added", "quiet 2026-11-25", NULL},
    {"", "dec 25", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "December 25th, 2027", "schedule.quiet-added", "quiet 2027-12-25", NULL},
    {"", "25 dec 2026", "schedule.quiet-added", "quiet 2026-12-25", NULL},
    {"", "내일", "schedule.quiet-added", "quiet 2026-11-24", NULL},
    {"", "2026-12-24..2026-12-26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "2026-12-24 - 2026-12-26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "2026-12-24~26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "12월 24일~26일", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "12월 24일부터 12월 26일까지", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26",
     NULL},
    {"", "12/24 to 12/26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "12.24~12.26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "dec 24-26", "schedule.quiet-added", "quiet 2026-12-24..2026-12-26", NULL},
    {"", "12/30 - 1/2", "schedule.quiet-added", "quiet 2026-12-30..2027-01-02", NULL},
    {"", "12월 30일~2일", "schedule.quiet-added", "quiet 2026-12-30..2027-01-02", NULL},
    {"", "12/25, 1/1", "schedule.quiet-added", "quiet 2026-12-25; quiet 2027-01-01", NULL},
    /* neighbours and overlaps are one range; what has gone by is dropped */
    {"", "12/24, 12/25", "schedule.quiet-added", "quiet 2026-12-24..2026-12-25", NULL},
    {"quiet 2026-12-20..2026-12-24", "12/23..12/31", "schedule.quiet-added",
     "quiet 2026-12-20..2026-12-31", NULL},
    {"quiet 2026-11-01; quiet 2026-11-20..2026-11-24", "12/25", "schedule.quiet-added",
     "quiet 2026-11-23..2026-11-24; quiet 2026-12-25", NULL},
    /* removing */
    {"quiet 2026-12-20..2026-12-31", "off 12/25", "schedule.quiet-removed",
     "quiet 2026-12-20..2026-12-24; quiet 2026-12-26..2026-12-31", NULL},
    {"quiet 2026-12-25", "12월 25일 삭제", "schedule.quiet-removed", "", NULL},
    {"09:00; quiet 2026-12-25", "off", "schedule.quiet-cleared", "09:00", NULL},
    {"09:00; quiet 2026-12-25", "", "schedule.quiet-show", "09:00; quiet 2026-12-25", NULL},
    {"09:00", "", "schedule.quiet-none", "09:00", NULL},
    /* errors */
    {"", "12/24 삭제", "schedule.not-quiet", NULL, NULL},
    {"", "2026-02-30", "schedule.bad-date", NULL, "2026-02-30"},
    {"", "13/13", "schedule.bad-date", NULL, "13/13"},
    {"", "설날", "schedule.bad-date", NULL, "설날"}, /* by the moon */
    {"", "12/25, foo", "schedule.bad-date", NULL, "foo"},
    {"", "2026-12-26..2026-12-24", "schedule.bad-range", NULL, NULL},
    {"", "12/26~12/24", "schedule.bad-range", NULL, NULL}, /* and no year without questions */
    {"", "12/24~1/2", "schedule.quiet-added", "quiet 2026-12-24..2027-01-02", NULL},
    {"", "다음 주", "schedule.quiet-added", "quiet 2026-11-30..2026-12-06", NULL},
    {"", "next week", "schedule.quiet-added", "quiet 2026-11-30..2026-12-06", NULL},
    {"", "금요일", "schedule.quiet-added", "quiet 2026-11-27", NULL},
    {"", "금요일~일요일", "schedule.quiet-added", "quiet 2026-11-27..2026-11-29", NULL},
    {"", "다음주 금요일부터 월요일까지", "schedule.quiet-added", "quiet 2026-12-04..2026-12-07",
     NULL},
    {"", "2026-12-24..2029-12-24", "schedule.bad-range", NULL, NULL},
    {"", "2025-01-01", "schedule.past", NULL, NULL},
    {"", "2026-12-24-", "schedule.bad-date", NULL, NULL},
};

static void test_holiday(void)
{
    run_cases(schedule_holiday, holiday, G_N_ELEMENTS(holiday));
}

static void test_many_holidays(void)
{
    struct schedule s = {0};
    struct schedule_reply reply;
    char date[DATE_TEXT_SIZE];
    for (int i = 0; i < SCHEDULE_QUIET; i++) {
        date_print(TODAY + 2 * i, date);
        g_assert_true(schedule_holiday(&s, date, TODAY, &reply));
    }
    date_print(TODAY + 2 * SCHEDULE_QUIET, date);
    g_assert_false(schedule_holiday(&s, date, TODAY, &reply));
    g_assert_cmpstr(reply.key, ==, "schedule.too-many-quiet");
    assert_round_trip(&s);
    /* A gap closed makes room; next month the past ones are gone. */
    date_print(TODAY + 1, date);
    g_assert_true(schedule_holiday(&s, date, TODAY, &reply));
    g_assert_cmpuint(s.n_quiet, ==, SCHEDULE_QUIET - 1);
    date_print(TODAY + 200, date);
    g_assert_true(schedule_holiday(&s, date, TODAY + 199, &reply));
    g_assert_cmpuint(s.n_quiet, ==, 1);
}

/* ---- /pause ---- */

static const struct typed_case pauses[] = {
    {"09:00", "until 2027-01-05", "schedule.paused", "09:00; until 2027-01-05", NULL},
    /* 까지 takes its day in: who rests 5일까지 is asked again on the 6th */
    {"09:00", "2027-01-05까지", "schedule.paused", "09:00; until 2027-01-06", NULL},
    {"09:00", "1/5까지", "schedule.paused", "09:00; until 2027-01-06", NULL},
    {"09:00", "1월 5일", "schedule.paused", "09:00; until 2027-01-05", NULL},
    {"09:00", "5일까지", "schedule.paused", "09:00; until 2026-12-06", NULL},
    /* TODAY is a Monday */
    {"09:00", "월요일", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "금요일까지", "schedule.paused", "09:00; until 2026-11-28", NULL},
    {"09:00", "다음 주 월요일", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "다음주 수요일까지", "schedule.paused", "09:00; until 2026-12-03", NULL},
    {"09:00", "until friday", "schedule.paused", "09:00; until 2026-11-27", NULL},
    {"09:00", "until next tuesday", "schedule.paused", "09:00; until 2026-12-01", NULL},
    {"09:00", "3일", "schedule.paused", "09:00; until 2026-11-26", NULL},
    {"09:00", "for 3 days", "schedule.paused", "09:00; until 2026-11-26", NULL},
    {"09:00", "일주일", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "2주 동안", "schedule.paused", "09:00; until 2026-12-07", NULL},
    {"09:00", "a week", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "tomorrow", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "오늘", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "오늘만", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "오늘 하루", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "오늘까지 쉴게요", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "today", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "하루", "schedule.paused", "09:00; until 2026-11-24", NULL},
    {"09:00", "이틀만", "schedule.paused", "09:00; until 2026-11-25", NULL},
    {"09:00", "사흘 동안 쉬자", "schedule.paused", "09:00; until 2026-11-26", NULL},
    {"09:00", "열흘", "schedule.paused", "09:00; until 2026-12-03", NULL},
    {"09:00", "보름", "schedule.paused", "09:00; until 2026-12-08", NULL},
    {"09:00", "2주 쉴래요", "schedule.paused", "09:00; until 2026-12-07", NULL},
    {"09:00", "12월 25일까지 쉬어", "schedule.paused", "09:00; until 2026-12-26", NULL},
    {"09:00", "12월 25일 쉬어", "schedule.quiet-added", "09:00; quiet 2026-12-25", NULL},
    {"09:00", "12월 24일부터 26일까지 쉴게요", "schedule.quiet-added",
     "09:00; quiet 2026-12-24..2026-12-26", NULL},
    {"09:00", "on dec 25", "schedule.quiet-added", "09:00; quiet 2026-12-25", NULL},
    {"09:00", "on", "schedule.need-date", NULL, NULL},
    {"09:00", "for two weeks", "schedule.paused", "09:00; until 2026-12-07", NULL},
    {"09:00; until 2027-01-05", "stop", "schedule.resumed", "09:00", NULL},
    {"09:00", "다음주까지", "schedule.paused", "09:00; until 2026-12-07", NULL},
    {"09:00", "이번 주", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "this week", "schedule.paused", "09:00; until 2026-11-30", NULL},
    {"09:00", "다음 주", "schedule.pause-range", NULL, "다음 주"},
    {"09:00; until 2027-01-05", "끝", "schedule.resumed", "09:00", NULL},
    {"09:00; until 2027-01-05", "그만", "schedule.resumed", "09:00", NULL},
    {"09:00; until 2027-01-05", "until 2027-02-01", "schedule.paused", "09:00; until 2027-02-01",
     NULL},
    {"09:00; until 2027-01-05", "off", "schedule.resumed", "09:00", NULL},
    {"09:00; until 2027-01-05", "재개", "schedule.resumed", "09:00", NULL},
    {"09:00", "", "schedule.need-date", NULL, NULL},
    {"09:00", "until", "schedule.need-date", NULL, NULL},
    {"09:00", "언젠가", "schedule.bad-pause", NULL, "언젠가"},
    {"09:00", "다음주", "schedule.pause-range", NULL, "다음주"},
    {"09:00", "월", "schedule.bad-pause", NULL, "월"},
    {"09:00", "2026-11-23", "schedule.past", NULL, NULL},
    {"09:00", "2026-12-01..2026-12-05", "schedule.pause-range", NULL, "2026-12-01..2026-12-05"},
};

static void test_pause(void)
{
    run_cases(schedule_pause, pauses, G_N_ELEMENTS(pauses));
}

/* ---- text ---- */

/* What people type of times leaves the room alone; who sets it is the interview. */
static void test_room(void)
{
    struct schedule s = of("09:00; quiet 2026-12-25; until 2027-01-05; in 42");
    struct schedule_reply reply;

    g_assert_cmpstr(s.room, ==, "42");
    assert_round_trip(&s);
    g_assert_true(schedule_daily(&s, "21:00 추가", TODAY, &reply));
    g_assert_cmpstr(s.room, ==, "42");
    schedule_set_room(&s, "4503599627370495");
    assert_round_trip(&s);
    schedule_set_room(&s, "C0123");
    g_assert_cmpstr(s.room, ==, "");
    schedule_set_room(&s, "7");
    schedule_set_room(&s, NULL);
    g_assert_cmpstr(s.room, ==, "");
}

static void test_not_canonical(void)
{
    static const char *const bad[] = {"9:00",
                                      "09:00;21:00",
                                      "21:00; 09:00",
                                      "09:00 fri-mon",
                                      "09:00 mon,tue,wed",
                                      "09:00 topic",
                                      "09:00; 09:00",
                                      "quiet 2026-12-25; 09:00",
                                      "quiet 2026-12-26..2026-12-25",
                                      "quiet 2026-12-25..2026-12-25",
                                      "quiet 2026-12-25; quiet 2026-12-26",
                                      "until 2026-13-01",
                                      "until 2026-12-01; until 2026-12-02",
                                      "off",
                                      "09:00 ",
                                      ";",
                                      "09:00 \"a\"b\"",
                                      "09:00\n",
                                      "09:00; in ",
                                      "09:00; in x",
                                      "in 4; 09:00",
                                      "09:00; in 4; in 5",
                                      "09:00; in 123456789012345678901",
                                      "\xff"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct schedule s = {.n_entries = 77};
        g_test_message("%s", bad[i]);
        g_assert_false(schedule_parse(bad[i], &s));
        g_assert_cmpuint(s.n_entries, ==, 77);
    }
}

static void test_days_text(void)
{
    static const struct schedule_words ko = {.day = {"월", "화", "수", "목", "금", "토", "일"},
                                             .every = "매일",
                                             .weekdays = "평일",
                                             .weekend = "주말",
                                             .list = "·",
                                             .range = "~"};
    static const struct {
        unsigned mask;
        const char *text;
    } cases[] = {{0x7f, "매일"},  {0x1f, "평일"},     {0x60, "주말"},  {0x01, "월"},
                 {0x03, "월·화"}, {0x15, "월·수·금"}, {0x07, "월~수"}, {0x5d, "월·수~금·일"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = schedule_days_text(cases[i].mask, &ko);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* Any set of weekdays, times, topics and dates comes back from its text. */
static void test_random_round_trips(void)
{
    static const char *const topics[] = {"",        "가상화", "off", "평일",
                                         "a \"b\"", "9:00",   "; x", "+1"};
    GRand *rand = g_rand_new_with_seed(6);
    for (int i = 0; i < 3000; i++) {
        struct schedule s = {0};
        struct schedule_reply reply;
        int n = g_rand_int_range(rand, 0, 6);
        for (int k = 0; k < n; k++) {
            static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
            GString *typed = g_string_new(NULL);
            g_string_printf(typed, "+%d:%02d ", g_rand_int_range(rand, 0, 24),
                            g_rand_int_range(rand, 0, 3));
            for (int d = 0; d < 7; d++)
                if (g_rand_boolean(rand))
                    g_string_append_printf(typed, "%s ", days[d]);
            g_string_append_printf(typed, "\"%s\"", topics[g_rand_int_range(rand, 0, 8)]);
            g_assert_true(schedule_daily(&s, typed->str, TODAY, &reply));
            g_string_free(typed, TRUE);
        }
        char date[DATE_TEXT_SIZE];
        date_print(TODAY + g_rand_int_range(rand, 1, 300), date);
        g_assert_true(schedule_holiday(&s, date, TODAY, &reply));
        if (g_rand_boolean(rand))
            g_assert_true(schedule_pause(&s, date, TODAY, &reply));
        assert_round_trip(&s);
        /* No weekday has a minute twice. */
        for (size_t a = 0; a < s.n_entries; a++)
            for (size_t b = a + 1; b < s.n_entries; b++)
                if (s.entry[a].minute == s.entry[b].minute)
                    g_assert_cmpuint(s.entry[a].weekdays & s.entry[b].weekdays, ==, 0);
    }
    g_rand_free(rand);
}

/* ---- when ---- */

static const struct {
    const char *zone, *schedule, *after; /* local date and minute in that zone */
    int after_minute;
    const char *date; /* NULL: none */
    int minute;       /* asked for */
    int at;           /* the local minute at which it comes, of `date` */
} next[] = {
    {"Asia/Seoul", "09:00", "2026-11-23", 539, "2026-11-23", 540, 540},
    {"Asia/Seoul", "09:00", "2026-11-23", 540, "2026-11-24", 540, 540}, /* strictly after */
    {"Asia/Seoul", "09:00; 21:00", "2026-11-23", 540, "2026-11-23", 1260, 1260},
    {"Asia/Seoul", "09:00 mon-fri", "2026-11-27", 600, "2026-11-30", 540, 540},
    {"Asia/Seoul", "09:00; quiet 2026-12-24..2026-12-26", "2026-12-23", 541, "2026-12-27", 540,
     540},
    {"Asia/Seoul", "09:00; until 2027-01-05", "2026-11-23", 0, "2027-01-05", 540, 540},
    {"Asia/Seoul", "09:00 mon; quiet 2026-11-30; quiet 2026-12-07; until 2026-11-24", "2026-11-23",
     0, "2026-12-14", 540, 540},
    {"Asia/Seoul", "", "2026-11-23", 0, NULL, 0, 0},
    {"Asia/Seoul", "quiet 2026-12-25", "2026-11-23", 0, NULL, 0, 0},
    {"Europe/Berlin", "02:30", "2026-03-28", 600, "2026-03-29", 150, 180},
    {"Europe/Berlin", "02:30", "2026-03-29", 180, "2026-03-30", 150, 150},
    {"Europe/Berlin", "02:10; 02:40; 03:00", "2026-03-29", 0, "2026-03-29", 180, 180}, /* once */
    {"Australia/Lord_Howe", "02:15", "2026-10-04", 0, "2026-10-04", 135, 150},
    {"America/Havana", "00:00", "2026-03-07", 60, "2026-03-08", 0, 60},
    {"Pacific/Apia", "09:00", "2011-12-29", 540, "2011-12-31", 540, 540}, /* no 30th */
    {"America/Nuuk", "23:30", "2026-03-28", 60, "2026-03-28", 1410, 1440},
};

static void test_next(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(next); i++) {
        const zone *z = zones_get(all, next[i].zone, NULL);
        struct schedule s = of(next[i].schedule);
        struct schedule_due d;
        g_test_message("%s %s after %s", next[i].zone, next[i].schedule, next[i].after);
        bool found =
            schedule_next(&s, z, zone_minute(z, day(next[i].after), next[i].after_minute), &d);
        g_assert_cmpint(found, ==, next[i].date != NULL);
        if (!found)
            continue;
        g_assert_cmpint(d.day, ==, day(next[i].date));
        g_assert_cmpint(d.minute, ==, next[i].minute);
        g_assert_cmpint(d.at, ==, zone_minute(z, d.day + next[i].at / 1440, next[i].at % 1440));
        g_assert_cmpint(d.key, ==, d.day * 1440 + d.minute);
    }
}

static void test_between(void)
{
    const zone *z = zones_get(all, "Europe/Berlin", NULL);
    struct schedule s = of("02:30; 09:00 sat,sun");
    struct schedule_due due[16];
    int64_t from = zone_minute(z, day("2026-10-23"), 150),
            to = zone_minute(z, day("2026-10-26"), 150);
    g_assert_cmpuint(schedule_between(&s, z, from, to, due, 16), ==, 5);
    /* Half open: not the 23rd, but the 26th; 2:30, which comes twice on the 25th, is once. */
    const int64_t keys[] = {day("2026-10-24") * 1440 + 150, day("2026-10-24") * 1440 + 540,
                            day("2026-10-25") * 1440 + 150, day("2026-10-25") * 1440 + 540,
                            day("2026-10-26") * 1440 + 150};
    for (int i = 0; i < 5; i++)
        g_assert_cmpint(due[i].key, ==, keys[i]);
    g_assert_cmpuint(schedule_between(&s, z, from, to, due, 2), ==, 2);
    g_assert_cmpuint(schedule_between(&s, z, to, from, due, 16), ==, 0);
}

/* ---- ticks ---- */

static void test_missed(void)
{
    const zone *z = zones_get(all, "Asia/Seoul", NULL);
    struct schedule s = of("09:00; 12:00; 23:50");
    struct schedule_state state = {.since = zone_day_start(z, day("2026-11-20"))};
    struct schedule_due d;
    /* Down since days: of today's two only the newest. */
    int64_t now = zone_minute(z, day("2026-11-23"), 13 * 60);
    g_assert_true(schedule_tick(&s, z, &state, now, &d));
    g_assert_cmpint(d.minute, ==, 720);
    g_assert_cmpint(d.day, ==, day("2026-11-23"));
    g_assert_false(schedule_tick(&s, z, &state, now, &d));
    /* Down over 23:50 and midnight: its day is over. */
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, day("2026-11-24"), 5), &d));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, day("2026-11-24"), 539), &d));
    g_assert_true(schedule_tick(&s, z, &state, zone_minute(z, day("2026-11-24"), 540), &d));
}

static void test_changed(void)
{
    const zone *z = zones_get(all, "Asia/Seoul", NULL);
    struct schedule s = of("09:00");
    struct schedule_state state = {0};
    struct schedule_due d;
    /* Set at ten: nine o'clock was not missed. */
    schedule_changed(&state, zone_minute(z, TODAY, 600));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 601), &d));
    /* The clock is put back behind the change: still not missed, but nine comes again. */
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 550), &d));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 530), &d));
    g_assert_true(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 540), &d));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 541), &d));
    /* Put off and on again within the day, the same question does not come twice. */
    schedule_changed(&state, zone_minute(z, TODAY, 500));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 545), &d));
    /* West of here it is nine again on the same date: not again. */
    const zone *york = zones_get(all, "America/New_York", NULL);
    schedule_changed(&state, zone_minute(z, TODAY, 700));
    g_assert_false(schedule_tick(&s, york, &state, zone_minute(york, TODAY, 540), &d));
    g_assert_true(schedule_tick(&s, york, &state, zone_minute(york, TODAY + 1, 540), &d));
}

/* A clock that was a year ahead for a while blocks nothing and repeats nothing. */
static void test_clock_year_ahead(void)
{
    const zone *z = zones_get(all, "Europe/Berlin", NULL);
    struct schedule s = of("09:00");
    struct schedule_state state = {0};
    struct schedule_due d;
    g_assert_true(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 540), &d));
    g_assert_true(schedule_tick(&s, z, &state, zone_minute(z, TODAY + 365, 600), &d));
    g_assert_false(schedule_tick(&s, z, &state, zone_minute(z, TODAY, 541), &d));
    g_assert_true(schedule_tick(&s, z, &state, zone_minute(z, TODAY + 1, 540), &d));
}

static void test_state_text(void)
{
    struct schedule_state state = {.since = -5}, again;
    for (int i = 0; i < SCHEDULE_REMEMBERED; i++)
        state.fired[state.n_fired++] = INT64_MAX - i;
    g_autofree char *text = schedule_state_print(&state);
    g_assert_true(schedule_state_parse(text, &again));
    g_assert_true(memcmp(&again, &state, sizeof state) == 0); /* no padding */
    g_autofree char *longer = g_strconcat(text, " 1", NULL);
    g_assert_false(schedule_state_parse(longer, &again));
    g_assert_false(schedule_state_parse("", &again));
    g_assert_false(schedule_state_parse("1 x", &again));
    g_assert_false(schedule_state_parse("1  2", &again));
    g_assert_true(schedule_state_parse("17", &again));
    g_assert_cmpuint(again.n_fired, ==, 0);
}

static void test_round_close(void)
{
    const zone *z = zones_get(all, "Europe/Berlin", NULL);
    struct schedule none = {0}, twice = of("09:00; 21:00"), week = of("09:00 mon-fri");
    int64_t nine = zone_minute(z, day("2026-10-23"), 540); /* a Friday */
    g_assert_cmpint(schedule_round_close(&none, z, nine, 0), ==, nine + 24 * 3600);
    g_assert_cmpint(schedule_round_close(&none, z, nine, 3), ==, nine + 3 * 3600);
    g_assert_cmpint(schedule_round_close(&twice, z, nine, 0), ==, nine + 12 * 3600);
    g_assert_cmpint(schedule_round_close(&week, z, nine, 0), ==, nine + 24 * 3600);
    int64_t saturday = zone_minute(z, day("2026-10-24"), 540); /* clocks go back */
    g_assert_cmpint(schedule_round_close(&none, z, saturday, 0), ==, saturday + 25 * 3600);
    const zone *apia = zones_get(all, "Pacific/Apia", NULL);
    int64_t last = zone_minute(apia, day("2011-12-29"), 540);
    g_assert_cmpint(schedule_round_close(&none, apia, last, 0), >, last);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    all = zones_new();
    g_test_add_func("/schedule/daily", test_daily);
    g_test_add_func("/schedule/holiday", test_holiday);
    g_test_add_func("/schedule/many-holidays", test_many_holidays);
    g_test_add_func("/schedule/pause", test_pause);
    g_test_add_func("/schedule/room", test_room);
    g_test_add_func("/schedule/not-canonical", test_not_canonical);
    g_test_add_func("/schedule/days-text", test_days_text);
    g_test_add_func("/schedule/random-round-trips", test_random_round_trips);
    g_test_add_func("/schedule/next", test_next);
    g_test_add_func("/schedule/between", test_between);
    g_test_add_func("/schedule/missed", test_missed);
    g_test_add_func("/schedule/changed", test_changed);
    g_test_add_func("/schedule/clock-year-ahead", test_clock_year_ahead);
    g_test_add_func("/schedule/state-text", test_state_text);
    g_test_add_func("/schedule/round-close", test_round_close);
    int failed = g_test_run();
    zones_free(all);
    return failed;
}
