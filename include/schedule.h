/*
 * The daily questions of a chat: at which local times, on which days, and when one is due. Pure.
 *
 * A schedule is a plain value: copy it, compare it by its text, zero it for none. Days, minutes
 * and times are those of zone.h.
 *
 * When a question is due
 *   - An entry fires on each local day whose weekday it names, which is not quiet and not before
 *     the day until which the chat pauses.
 *   - A local minute that does not exist that day fires at the next valid minute, one that comes
 *     twice at the first. Entries that fall on one instant that way are one question.
 *   - After downtime only the newest missed question is sent, and only while the local day in
 *     which it was due lasts.
 *   - What fired is remembered by its local date and minute, so that neither a restart nor a clock
 *     that is set back nor a change of the time zone sends it again.
 */
#ifndef INTERVIEWD_SCHEDULE_H
#define INTERVIEWD_SCHEDULE_H

#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCHEDULE_ENTRIES = 12,     /* times a chat may have */
    SCHEDULE_QUIET = 48,       /* quiet dates and ranges */
    SCHEDULE_TOPIC = 120,      /* bytes of a topic with its NUL */
    SCHEDULE_EVERY_DAY = 0x7f, /* weekdays are bits, Monday the lowest */
    SCHEDULE_WEEKDAYS = 0x1f,
    SCHEDULE_WEEKEND = 0x60,
    SCHEDULE_RANGE_DAYS = 400, /* the longest quiet range */
    SCHEDULE_ROOM = 21,        /* bytes of a room's number with its NUL */
};

struct schedule_entry {
    int minute;                 /* 0..1439 */
    unsigned weekdays;          /* never 0; a weekday and a minute belong to one entry at most */
    char topic[SCHEDULE_TOPIC]; /* as typed, in NFKC without '"'; "" for any */
};

struct schedule_range {
    int64_t first, last; /* days, both inside */
};

struct schedule {
    size_t n_entries; /* sorted by minute, then weekdays */
    struct schedule_entry entry[SCHEDULE_ENTRIES];
    size_t n_quiet; /* sorted, neither touching nor overlapping */
    struct schedule_range quiet[SCHEDULE_QUIET];
    bool paused;
    int64_t paused_until;     /* the first day with questions again */
    char room[SCHEDULE_ROOM]; /* the topic of a forum that questions are posted in; "": none */
};

/* ---- what people type ---- */

enum schedule_op {
    SCHEDULE_SHOW,   /* nothing was asked for but to see it */
    SCHEDULE_SET,    /* the times were replaced */
    SCHEDULE_ADD,    /* times were added */
    SCHEDULE_REMOVE, /* times were removed */
    SCHEDULE_OFF,    /* all times were removed */
    SCHEDULE_PAUSE,
    SCHEDULE_RESUME,
    SCHEDULE_QUIET_SHOW,
    SCHEDULE_QUIET_ADD,
    SCHEDULE_QUIET_REMOVE,
    SCHEDULE_QUIET_CLEAR,
};

/* What came of a command. */
struct schedule_reply {
    enum schedule_op op;
    const char *key; /* catalogue key of the sentence to say, "schedule.…"; never NULL */
    char what[64];   /* of an error: what was not understood, perhaps cut, perhaps "" */
    struct schedule_range range; /* of QUIET_ADD and QUIET_REMOVE: the last range named */
};

/*
 * The words after /daily. "" shows. Otherwise clauses between ';' or line ends, each with times
 * ("09:00", "9시", "오전 9시 30분", "9am", "정오"), optional weekdays ("평일", "월수금", "mon-fri",
 * "주말 제외") and, as what remains, a topic; a topic in "quotes" is taken as it stands. Words:
 * off/끄기 alone removes everything, with a time that time; add/추가 (or +09:00) adds where
 * otherwise the times are replaced; on/켜기; pause/쉬기 and resume/재개 are schedule_pause.
 * `today` is the chat's local day. true: done, ret_reply->key says what; false: *s is unchanged
 * and the key says what was wrong.
 */
bool schedule_daily(struct schedule *s, const char *typed, int64_t today,
                    struct schedule_reply *ret_reply);

/*
 * The words after /holiday. "" shows; dates and ranges, with commas between, are added; with
 * off/삭제 they are removed, off alone removes all. "2026-12-25", "12/25", "12월 25일", "dec 25",
 * "내일"; "2026-12-24..2026-12-26", "12월 24일~26일", "12/30 - 1/2". A date without a year is the
 * next one. Quiet dates that have gone by are dropped on the way.
 */
bool schedule_holiday(struct schedule *s, const char *typed, int64_t today,
                      struct schedule_reply *ret_reply);

/* The words after /pause: "until 2027-01-05", "1월 5일까지", "3 days", "2주"; the date is the first
 * day with questions again. off/resume/재개 ends the pause. "12월 25일 쉬어", "on dec 25": that day
 * alone, as schedule_holiday does. */
bool schedule_pause(struct schedule *s, const char *typed, int64_t today,
                    struct schedule_reply *ret_reply);

/* ---- text ---- */

/*
 * The canonical text, *new*: `09:00 mon-fri "가상화"; 21:00; quiet 2026-12-24..2026-12-26; until
 * 2027-01-05; in 42`, "" for none. schedule_parse reads it back to the same value; false for any
 * other text, *ret_s then unchanged.
 */
char *schedule_print(const struct schedule *s);
/* Questions are posted in ROOM (the platform's number of it) from now on; NULL or one that is no
   number: in none. */
void schedule_set_room(struct schedule *s, const char *room);
bool schedule_parse(const char *text, struct schedule *ret_s);

/* Words of a language to show weekdays with, all *borrowed*: see data/text/schedule.*.txt. */
struct schedule_words {
    const char *day[7]; /* Monday first */
    const char *every, *weekdays, *weekend;
    const char *list, *range; /* between days: "·" and "~", ", " and "–" */
};
/* "평일", "월~수", "월·수·금", *new*. */
char *schedule_days_text(unsigned weekdays, const struct schedule_words *words);
/* "09:00" */
void schedule_time_text(int minute, char ret_text[6]);

/* ---- when ---- */

struct schedule_due {
    int64_t at;   /* the time to send it */
    int64_t day;  /* the local date that it belongs to */
    int minute;   /* the local minute asked for */
    int64_t key;  /* day * 1440 + minute: what is remembered of it */
    size_t entry; /* index in the schedule */
};

/* Whether a local day has no questions: a quiet date or the pause. */
bool schedule_is_quiet(const struct schedule *s, int64_t day);

/* The first due question strictly after a time; false when there is none, ever. */
bool schedule_next(const struct schedule *s, const zone *z, int64_t after,
                   struct schedule_due *ret_due);

/* The questions due in (from, to], ascending, into ret_due[0..max): how many there were room for.
 */
size_t schedule_between(const struct schedule *s, const zone *z, int64_t from, int64_t to,
                        struct schedule_due *ret_due, size_t max);

/* The newest question due up to `now` in the local day that lasts then: the one that a restart may
 * still have to send. False when there is none. */
bool schedule_newest(const struct schedule *s, const zone *z, int64_t now,
                     struct schedule_due *ret_due);

/* What is remembered of a chat's questions, to be stored with it. */
enum { SCHEDULE_REMEMBERED = 32 };
struct schedule_state {
    int64_t since; /* nothing due up to here is sent any more: when the schedule was last changed */
    size_t n_fired;
    int64_t fired[SCHEDULE_REMEMBERED]; /* keys, in the order of firing */
};

/* A schedule or a zone was set at a time: what was due before it is not a missed question. */
void schedule_changed(struct schedule_state *state, int64_t now);

/*
 * Whether a question has to be sent now; at most one, which is then remembered. To be called when
 * the time told by schedule_next comes, at start, and whenever the clock was set; calling it more
 * often does no harm. The state must be stored in the transaction that stores the question.
 */
bool schedule_tick(const struct schedule *s, const zone *z, struct schedule_state *state,
                   int64_t now, struct schedule_due *ret_due);

/* "SINCE KEY KEY …", *new*, and back. */
char *schedule_state_print(const struct schedule_state *state);
bool schedule_state_parse(const char *text, struct schedule_state *ret_state);

/*
 * When a round that opened at a time closes: after `hours` when that is above 0, else when the next
 * daily question comes or the clock shows the same minute on the next day, whichever is first (24
 * hours, or 23 or 25 when the clocks change).
 */
int64_t schedule_round_close(const struct schedule *s, const zone *z, int64_t opened, int hours);

#endif
