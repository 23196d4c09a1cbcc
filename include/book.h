/*
 * The book: what the interview remembers of chats, people, rounds and answers,
 * as a table of functions. The interview (core) decides, the book keeps.
 *
 * Its two twins: store (SQLite; everything between store_begin and
 * store_commit is one transaction) and the tests' book in memory. A book that
 * fails answers with "nothing there", remembers that it failed, and the caller
 * rolls back: so the interview needs no error paths of its own.
 *
 * Times are UTC seconds; a day is a count of days since 1970-01-01 in the
 * chat's zone at that time. Questions are known by the key that the book gave
 * to their identity. Strings in a struct are owned by it and freed by its
 * _clear function.
 */
#ifndef INTERVIEWD_BOOK_H
#define INTERVIEWD_BOOK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "catalog.h"
#include "grade.h"
#include "reply.h"

enum chat_kind { CHAT_PRIVATE, CHAT_GROUP };

/* How a group's model answers are shown before the round closes. */
enum reveal_mode { REVEAL_NOW, REVEAL_SPOILER, REVEAL_PRIVATE, REVEAL_CLOSE };

struct chat {
    int64_t id;
    enum chat_kind kind;
    char *title;
    enum lang lang;
    char *zone; /* IANA name */
    enum reveal_mode reveal;
    char *schedule;      /* canonical text of schedule.h, "" for none */
    char *topics_off;    /* topic names, one a line */
    bool weekly;         /* posts the week's board on Monday morning */
    bool reminder;       /* private chats: a word before a streak breaks */
    int close_hours;     /* how long a round stays open; 0: until the next daily, 24 h at most */
    bool gone;           /* the bot was removed or blocked: nothing is sent */
    char *fired;         /* what the schedule has sent: text of schedule.h's state */
    int64_t last_weekly; /* the Monday (day) of the last weekly board */
    int64_t next_due;    /* when interview_tick has something to do at the latest, 0: never */
};
void chat_clear(struct chat *c);

struct user {
    int64_t id;
    char *name;        /* as the platform shows it, cleaned, one line */
    bool anonymous;    /* boards show a pseudonym */
    bool share;        /* the best answer of a round may be shown */
    bool asked_forget; /* has said /forgetme once */
};
void user_clear(struct user *u);

/* A choice that was offered: a plain message may name it. */
enum seat_waiting { WAITING_NONE, WAITING_TOPIC, WAITING_LANG };

/* A person's place in a chat. */
struct seat {
    bool left;
    int64_t round;      /* the round that a plain message answers, 0 for none */
    int64_t last_round; /* the round that was answered last, for /again and /why */
    int waiting;        /* what the next plain message may answer: enum seat_waiting */
    int practice_left;  /* questions still to come, 0 when not practising */
    int practice_total;
    int practice_done;
    int practice_sum;     /* of scores */
    char *practice_topic; /* as typed, "" for all */
};
void seat_clear(struct seat *s);

enum round_kind { ROUND_ASKED, ROUND_DAILY, ROUND_PRACTICE };

/* A question asked in a chat. */
struct round {
    int64_t id;
    int64_t chat;
    int64_t question;
    enum round_kind kind;
    int64_t opened;
    int64_t closes;   /* 0: when the next one opens (private chats) */
    int64_t closed;   /* 0: open */
    int64_t revealed; /* when everyone in the chat could see the model answer, 0: not yet */
    int64_t day;      /* of a daily: its local day */
    int minute;       /* of a daily: its scheduled minute, -1: asked for by /today */
    int pass;         /* of choose.h: the question's turn in the chat, noted by new_round */
    int answers;      /* first attempts so far; not counted in a practice */
    int score_sum;    /* of those */
    bool reminded;    /* the word before it closes has been said */
    int64_t token;    /* given by the book, not to be guessed: opens the round in private */
};

/* What one person has done in a round. */
struct entry {
    int hints;
    int64_t revealed; /* when this person was shown the model answer unhidden last, 0: never */
    int attempts;     /* answers so far; counted by the book, not put */
};

struct answer {
    int64_t id;
    int64_t round;
    int64_t chat;
    int64_t user;
    int64_t question;
    int attempt;        /* 1: the first */
    char *text;         /* as typed */
    int score;          /* 0..100 */
    int points;         /* what it added to the board */
    const char *reason; /* of fair.h: why it ranked or not; static */
    bool copied;        /* marked as a copy of the model or of another's answer */
    int hints;
    int64_t day;
    int64_t streak_day; /* the day it keeps a streak on: a daily's own when answered in time */
    int64_t at;
    int64_t shown; /* when its reply showed the model answer unhidden: as an entry's revealed */
    bool late;
    char *message; /* the platform's id of the message, or NULL */
};
void answer_clear(struct answer *a);

/* What a chat has done with a question. */
struct asked {
    int64_t question;
    int64_t last; /* when it was asked last */
    int64_t last_round;
    int pass;
    int64_t answers;
    int64_t score_sum;
};
/* Where QUESTION stands in ASKED, which is in the order of questions, or would stand. */
guint asked_place(const GArray *asked, int64_t question);
/* Its row, *borrowed*; NULL when it was never asked. */
struct asked *asked_find(const GArray *asked, int64_t question);

/* What a person already has from a question in a chat. */
struct held {
    int answers;
    int points;
    int best;
};

/* Whether a person could have seen the model answer of a question. */
struct shown {
    int64_t last;    /* when it was shown to this person unhidden, in any chat, by the summary of a
                        round that closed in one of this person's chats too; 0: never */
    int hints;       /* that this person took for it in rounds that opened later, in any chat */
    bool asked_else; /* there is another round on the question in the chat */
};

struct tally {
    int64_t points;
    int answers;
    int64_t score_sum;
};

/* One member's place on a chat's board; name is owned. */
struct standing {
    int64_t user;
    char *name;
    bool anonymous;
    struct tally tally;
    int64_t reached_at; /* when the last points came */
};

struct day_row {
    int64_t day;
    struct tally tally;
};

struct question_row {
    int64_t question;
    struct tally tally;
};

struct missed_row {
    int64_t question;
    char *point;
    int times;
};

/* A grading read back from the book: R's arrays and strings belong to it. */
struct kept_result {
    struct grade_result r;
    GStringChunk *strings;
    GPtrArray *lists;
};
void kept_result_free(struct kept_result *k); /* accepts NULL */

/* How a message goes out. */
struct send_opts {
    int64_t chat;
    bool broadcast;        /* not an answer to a person: may wait */
    bool personal;         /* in a group: only the person whose event it is may see it */
    const char *reply_to;  /* the platform's id of the message answered, or NULL */
    const char *thread;    /* the topic or thread to post in, or NULL */
    int64_t reply_to_post; /* the round whose post is answered, 0 for none */
    int64_t post_of;       /* the round whose question this posts, 0 for none */
};

/* What became of a code of /link. */
enum link_result { LINK_DONE, LINK_UNKNOWN, LINK_SELF };

struct book;

struct book_ops {
    /* ---- reading ---- */
    bool (*chat)(struct book *b, int64_t id, struct chat *ret);
    bool (*user)(struct book *b, int64_t id, struct user *ret);
    bool (*seat)(struct book *b, int64_t chat, int64_t user, struct seat *ret);
    bool (*round)(struct book *b, int64_t id, struct round *ret);
    bool (*daily)(struct book *b, int64_t chat, int64_t day,
                  struct round *ret);                                    /* the newest of the day */
    bool (*open_round)(struct book *b, int64_t chat, struct round *ret); /* the newest open one */
    struct entry (*entry)(struct book *b, int64_t round, int64_t user);
    struct held (*held)(struct book *b, int64_t chat, int64_t user, int64_t question);
    struct shown (*shown)(struct book *b, int64_t user, const struct round *round);
    /* Whether anybody at all has been shown the model answer of ROUND: it may have been passed on.
     */
    bool (*anyone_shown)(struct book *b, int64_t round);
    /*
     * How many on-demand answers have been ranked on DAY, which began at SINCE; also those of other
     * days' names since then, so that a change of the time zone brings no second day.
     */
    int (*ranked_today)(struct book *b, int64_t chat, int64_t user, int64_t day, int64_t since);
    /* *new* arrays; elements with strings have a clear function set. */
    GArray *(*asked)(struct book *b, int64_t chat);          /* struct asked, by question */
    GArray *(*round_answers)(struct book *b, int64_t round); /* struct answer, oldest first */
    GPtrArray *(*own_texts)(struct book *b, int64_t chat, int64_t user, int64_t question);
    /* What the others answered to a question in a group, the newest hundred. */
    GPtrArray *(*other_texts)(struct book *b, int64_t chat, int64_t user, int64_t question);
    /* Members' tallies over the days from..to (to is outside), those with an answer. */
    GArray *(*board)(struct book *b, int64_t chat, int64_t from, int64_t to); /* struct standing */
    struct tally (*tally)(struct book *b, int64_t chat, int64_t user);
    GArray *(*days)(struct book *b, int64_t chat, int64_t user); /* struct day_row, oldest first */
    /* Days with a daily that were not quiet. int64_t, oldest first. */
    GArray *(*question_days)(struct book *b, int64_t chat);
    /* Days that a person has answered on: a daily answered in time counts for its own day.
       int64_t, oldest first. */
    GArray *(*answered_days)(struct book *b, int64_t chat, int64_t user);
    GArray *(*by_question)(struct book *b, int64_t chat, int64_t user); /* struct question_row */
    GArray *(*missed)(struct book *b, int64_t chat, int64_t user, int most); /* struct missed_row */
    /* The key point that the round's first attempts missed most often; false when none was. */
    bool (*round_missed)(struct book *b, int64_t round, struct missed_row *ret);
    /* int64_t: users, those who have left as well when EVER. */
    GArray *(*members)(struct book *b, int64_t chat, bool ever);
    /* int64_t: open rounds that close by NOW, oldest first. */
    GArray *(*closing)(struct book *b, int64_t chat, int64_t now);
    /* Everything kept of a person as a JSON document, *new*. */
    char *(*export)(struct book *b, int64_t user);
    /* The grading of a person's newest answer in a chat (ROUND: 0) or a round. *new*, or NULL. */
    struct kept_result *(*result)(struct book *b, int64_t chat, int64_t user, int64_t round,
                                  struct answer *ret);

    /* ---- writing ---- */
    void (*put_chat)(struct book *b, const struct chat *c);
    void (*put_user)(struct book *b, const struct user *u);
    void (*put_seat)(struct book *b, int64_t chat, int64_t user, const struct seat *s);
    int64_t (*new_round)(struct book *b, const struct round *r); /* notes the asking too */
    void (*put_round)(struct book *b, const struct round *r);
    /* The dailies of a day: on a quiet one they keep no streak waiting. */
    void (*put_quiet)(struct book *b, int64_t chat, int64_t day, bool quiet);
    void (*put_entry)(struct book *b, int64_t round, int64_t user, const struct entry *e);
    /* Erases texts, quotes, names and the platforms' ids; scores stay under a random number. */
    void (*forget)(struct book *b, int64_t user);
    /* Stores the answer and its grading, and counts it where it counts (ON_DEMAND: as one of the
       day that rank). Gives its id. */
    int64_t (*put_answer)(struct book *b, const struct answer *a, const struct grade_result *g,
                          bool on_demand);

    /* A *new* code, XXXX-XXXX, by which USER can be joined before EXPIRES; their earlier one ends.
     */
    char *(*link_code)(struct book *b, int64_t user, int64_t expires);
    /*
     * Makes who was given CODE (letters and digits only) and USER one person: accounts, answers and
     * sums; what both had of one question counts once. The private chats of that person share one
     * history. Known as *ret_user from now on, which is whoever of the two has answered more; set
     * only when it is done.
     */
    enum link_result (*link)(struct book *b, int64_t user, const char *code, int64_t now,
                             int64_t *ret_user);

    /* ---- saying ---- */
    void (*send)(struct book *b, const struct send_opts *opts, const reply *r);
    /* Sends a file of LEN bytes with R as its caption. */
    void (*send_file)(struct book *b, const struct send_opts *opts, const reply *r,
                      const char *name, const char *data, size_t len);
    /* What a tap brings up for the one who tapped, as much of it as the platform shows; NULL:
     * nothing. */
    void (*popup)(struct book *b, const char *text);
    /* Replaces the message whose button was tapped. */
    void (*edit)(struct book *b, const reply *r);
    /* The question's post of ROUND shall show R from now on (its counter has moved). */
    void (*refresh)(struct book *b, const struct round *round, const reply *r);
};

struct book {
    const struct book_ops *ops;
};

#endif
