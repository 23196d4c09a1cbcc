/*
 * Leaderboards, streaks and progress: computations on rows that the store has read. Pure.
 * Days, times and zones are those of zone.h.
 */
#ifndef INTERVIEWD_LEADERBOARD_H
#define INTERVIEWD_LEADERBOARD_H

#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- periods ---- */

enum board_period { BOARD_TODAY, BOARD_WEEK, BOARD_MONTH, BOARD_ALL, BOARD_LAST_WEEK };

/* Times from (inside) .. to (outside) of a period in the chat's zone, seen at a time. Weeks begin
 * on Monday; BOARD_LAST_WEEK is the one that the post of Monday morning is about. */
struct board_span {
    int64_t from, to;
};
struct board_span board_span(const zone *z, enum board_period period, int64_t now);

/* The next Monday's local minute strictly after a time: when the week's board is to be posted. */
int64_t board_weekly_post(const zone *z, int64_t after, int minute);

/* "week", "주", "이번주", "all", "전체", …: what people type; false when it is none. "" is all. */
bool board_period_parse(const char *typed, enum board_period *ret_period);

/* ---- ranks ---- */

enum { BOARD_SHOWN = 10 };

struct board_row {
    int64_t user; /* the store's number of the user; grows with the time of joining */
    int64_t points;
    int64_t answers;    /* that were graded */
    int64_t score_sum;  /* of those answers */
    int64_t reached_at; /* time of the last answer that brought points; orders ties */
    const char *name;   /* *borrowed*, may be NULL; not looked at */
    int streak;         /* not looked at */
    int rank;           /* out: 1, 2, 2, 4 */
};

/*
 * Sorts rows and fills in their ranks: more points first; the same points share a rank. Inside a
 * rank the one who got there first stands first, then the lower user number: an order that asking
 * again does not change and that favours nobody by name.
 */
void board_rank(struct board_row *rows, size_t n);

/* What of ranked rows is shown: rows[0..shown) and, when it is not among them, one's own. */
struct board_view {
    size_t shown;   /* at most BOARD_SHOWN */
    size_t hidden;  /* rows below them, one's own among them */
    size_t own;     /* index of one's own row, BOARD_NOWHERE when there is none */
    bool own_below; /* the own row comes after the shown ones */
};
#define BOARD_NOWHERE ((size_t)-1)
struct board_view board_view(const struct board_row *rows, size_t n, int64_t user);

/* A mean rounded half up, in whole points and in tenths; 0 of nothing. */
int board_mean(int64_t sum, int64_t n);
int board_mean_tenths(int64_t sum, int64_t n);

/* ---- streaks ---- */

enum { STREAK_EARN_DAYS = 7, STREAK_MAX_FREEZES = 2 };

/*
 * A streak counts local days with a counted answer. Days without a question and quiet days are
 * no days at all for it, unless they were answered on. A day with a question and without an answer
 * spends a freeze if there is one, else it ends the streak; today ends nothing before it is over.
 * Every STREAK_EARN_DAYS-th day of a streak earns a freeze while fewer than two are held; what is
 * left of them outlives the end of a streak (none is, by the rule above).
 * Feed the days in ascending order; start from a zeroed struct. It may be stored and continued.
 */
struct streak {
    int current, best;
    int freezes;        /* in hand */
    int spent;          /* in all */
    int64_t last_spent; /* the day that the latest freeze covered; valid when spent > 0 */
    int spent_since;    /* freezes spent since the last answered day: to be reported */
    int bridged; /* freezes spent just before the last answered day: to be reported with it */
    bool earned; /* the last answered day earned a freeze: to be reported */
    int broken;  /* length of the streak that the last missed day ended, until the next answer */
};

struct streak_day {
    int64_t day;
    bool asked;    /* a counted question was open to the user that day */
    bool quiet;    /* a quiet date of the chat */
    bool answered; /* the user gave a counted answer */
};

void streak_add(struct streak *s, const struct streak_day *day);

/* The streak over days in ascending order, at most one entry a day, seen from `today`: later days
 * are not looked at. ret_at_risk (may be NULL): today has a question, no answer, and a streak that
 * it would end (a freeze would be spent first, but is not counted here). */
struct streak streak_of(const struct streak_day *days, size_t n, int64_t today, bool *ret_at_risk);

/* ---- progress in text ---- */

/* A bar of `width` blocks for value of max, *new*: "▓▓▓▓▓▓░░░░". Something never shows as nothing,
 * less than all never as all. */
char *progress_bar(int64_t value, int64_t max, int width);

enum { HEAT_WEEKS = 12, HEAT_DAYS = HEAT_WEEKS * 7 };

/* The Monday that the heat map seen from `today` begins on. */
int64_t heat_first_day(int64_t today);

/*
 * The last twelve weeks, *new*: seven lines Monday to Sunday of a cell a week, oldest first, then
 * the weekday's label. Labels follow the cells, since a phone's proportional font lines up nothing
 * that comes after a letter; days to come are left out at the end for the same reason.
 * means[i]: mean score of day heat_first_day(today) + i, HEAT_NONE without an answer.
 * labels: seven texts, Monday first.
 */
#define HEAT_NONE (-1)
char *heat_map(const int means[HEAT_DAYS], int64_t today, const char *const labels[7]);

/* ---- pseudonyms ---- */

/*
 * The name of a member who wants none, *new*: an adjective and an animal, the same at every call
 * with the same seed (the chat's), user and word lists of the same lengths, so that it is the same
 * animal in Korean and English. adjectives and animals are lists with commas between. ordinal (1
 * for the first) is told by pseudonym_ordinal and shown from 2 on: "차분한 수달 2".
 */
char *pseudonym(const char *adjectives, const char *animals, uint64_t seed, int64_t user,
                int ordinal);

/* How many of `users` (all who ever were members of the chat; user numbers that grow with joining
 * keep it stable) with a number up to and including `user` share its pseudonym. */
int pseudonym_ordinal(const char *adjectives, const char *animals, uint64_t seed,
                      const int64_t *users, size_t n, int64_t user);

#endif
