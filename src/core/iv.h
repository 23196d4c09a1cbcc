/* The interview's own header: what its files share. */
#ifndef INTERVIEWD_CORE_IV_H
#define INTERVIEWD_CORE_IV_H

#include "command.h"
#include "fair.h"
#include "interview.h"
#include "leaderboard.h"
#include "pace.h"
#include "schedule.h"
#include "zone.h"

#define PRACTICE_DEFAULT 5
#define PRACTICE_MOST    1000
#define CHOICES_MOST     8  /* buttons or lines offered when a topic is ambiguous */
#define ACTION_SIZE      64 /* Telegram's callback_data */

/* ---- the bank in use (iv_bank.c) ---- */

typedef struct iv_bank iv_bank;

iv_bank *iv_bank_new_taking(bank *b, const lexicon *lex, const int64_t *keys);
void iv_bank_free(iv_bank *ib);
const bank *iv_bank_get(const iv_bank *ib);
/* The question of a book's key, or NULL when the bank no longer has it. */
const struct question *iv_bank_question(const iv_bank *ib, int64_t key);
int64_t iv_bank_key(const iv_bank *ib, size_t index);
uint64_t iv_bank_hash(const iv_bank *ib, size_t index); /* of its id's text, for choose.h */
/* The indexes (size_t) of what can be asked, in the bank's order: a *new* reference, not to be
   changed. */
GArray *iv_bank_askable(const iv_bank *ib);
/* The compiled question, made at first use. *borrowed* */
const grade_sheet *iv_bank_sheet(iv_bank *ib, const struct question *q);

/* One level of a topic path, and how many askable questions stand below it. */
struct iv_topic {
    const char *name; /* *borrowed* from the bank */
    char *key;        /* lexicon_key of the name */
    int depth;        /* 0: outermost */
    size_t count;
};
/* Every distinct topic in the bank's order. *borrowed* */
const GArray *iv_bank_topics(const iv_bank *ib);

/*
 * What a person means by WANTED. Fills RET_QUESTIONS (a *new* array of size_t,
 * indexes into the bank, askable ones) when one topic, or words of questions,
 * match; *ret_name gets the topic's name (*borrowed*) or NULL when words of
 * questions matched; RET_CHOICES (a *new* array of const char *) when several
 * topics match. Both empty: nothing like it. (iv_topic.c)
 */
void iv_bank_match(iv_bank *ib, const lexicon *lex, const char *wanted, GArray **ret_questions,
                   const char **ret_name, GPtrArray **ret_choices);

/* Whether WANTED names a topic, or words of a question, of the bank: no chance find in an answer.
 */
bool iv_bank_names(const iv_bank *ib, const lexicon *lex, const char *wanted);

/* Adds the askable questions of the topic NAME to OUT. */
void iv_bank_add_topic(const iv_bank *ib, const char *name, GArray *out);

/* ---- one event ---- */

struct interview {
    const catalog *cat;
    const lexicon *lex;
    struct interview_options options;
    zones *zones;
    iv_bank *bank;
    pace *pace; /* of answers: people by their id, groups by minus theirs */
};

/* The state of handling one event. */
struct iv {
    interview *in;
    struct book *book;
    const struct event *ev;
    struct chat *chat;
    struct user *user;
    struct seat seat;
    bool seat_changed;
    const zone *zone;
    int64_t now;
    int64_t today;
    bool edits;       /* the reply takes the place of the message whose button was tapped */
    bool needs_admin; /* only an administrator may, and nobody knows yet whether this is one */
    bool forgotten;   /* the person has just been erased: nothing more is written of them */
    reply *r;         /* the reply to the person, sent at the end when anything was said */
    GArray *ever;     /* all who ever were members of the chat EVER_OF (int64_t), once needed */
    int64_t ever_of;
    int pass;        /* the turn of the question that was chosen last (choose.h) */
    int64_t post_of; /* the round whose question the reply posts */
};

#define BOOK(iv, what, ...) ((iv)->book->ops->what((iv)->book, __VA_ARGS__))

/* Private chats show all; groups hold back what would spoil a round. */
static inline bool iv_private(const struct iv *iv)
{
    return iv->chat->kind == CHAT_PRIVATE;
}

/* The text KEY: to the one who has tapped alone, where a group would read along. */
void iv_say_quietly(struct iv *iv, const char *key);
/* What was TYPED, short enough to be said back, *new*. */
char *iv_echo(const char *typed);
void iv_set_seat_round(struct iv *iv, int64_t round);
/* What the person's next plain message may answer. */
void iv_wait_for(struct iv *iv, enum seat_waiting what);
/* The zone of a chat; UTC when the system does not know it. */
const zone *iv_zone_of(interview *in, const struct chat *chat);

/* ---- asking (iv_ask.c) ---- */
void iv_cmd_question(struct iv *iv, const char *arg);
void iv_cmd_topics(struct iv *iv, const char *arg);
void iv_cmd_today(struct iv *iv, const char *arg);
void iv_cmd_practice(struct iv *iv, const char *arg);
void iv_cmd_stop(struct iv *iv, const char *arg);
/* Asks the next practice question, or sums up when there is none left. */
void iv_practice_next(struct iv *iv);
/* Opens a round on Q and says the question. */
void iv_open(struct iv *iv, const struct question *q, enum round_kind kind);

/* Opens the daily round DUE (minute -1: asked for; at: when it begins for all), says the question.
 */
void iv_open_daily(struct iv *iv, const struct question *q, const struct schedule_due *due);
/* Whether the chat has left a topic on; else it is asked from all. */
bool iv_any_topic_on(const struct iv *iv);
/* The next question of this chat, on the topic WANTED ("" for all, also when nothing is like it).
 */
const struct question *iv_choose_for(struct iv *iv, const char *wanted);
/* Says the question's post and notes that the reply is one. */
void iv_say_post(struct iv *iv, const struct question *q, const struct round *round);

/* ---- the post (iv_post.c) ---- */
void iv_show_post(struct iv *iv, const struct chat *chat, reply *r, const struct question *q,
                  const struct round *round);
/* In a group: the post in CHAT shows the new count of answers from now on. */
void iv_refresh_post(struct iv *iv, const struct chat *chat, const struct question *q,
                     const struct round *round);

/* ---- copies (iv_copies.c) ---- */
struct copies {
    bool own, other, model;
};
/* Which of the texts that LOOK names TEXT, an answer in ROUND to Q, repeats. */
struct copies iv_copies_of(struct iv *iv, const struct round *round, const struct question *q,
                           const char *text, struct copies look);

/* ---- answering (iv_answer.c) ---- */
void iv_answer(struct iv *iv);
/* That nothing is open here, and how to have something opened. */
void iv_say_no_question(struct iv *iv);
/* `/start m<round>`: how the person's answer was graded, and the model answer, in private. */
void iv_show_in_private(struct iv *iv, int64_t round);
/* The grading of the answer that was given last, in full. */
void iv_cmd_why(struct iv *iv, const char *arg);
/* The round that the event is about: replied to, tapped, or open; false when there is none. */
bool iv_find_round(struct iv *iv, struct round *ret);

/* Whether CMD, typed without a slash, is exactly a command and not the start of an answer.
   (iv_bare.c) */
bool iv_bare_command(const struct iv *iv, const struct command *cmd);
/* `form:<round>`: the question, for the form in which it is answered. (iv_form.c) */
void iv_form(struct iv *iv, int64_t round);
/* (iv_link.c) */
void iv_cmd_link(struct iv *iv, const char *arg);

/* ---- the round's other moves (iv_moves.c) ---- */
void iv_cmd_hint(struct iv *iv, const char *arg);
void iv_cmd_skip(struct iv *iv, const char *arg);
void iv_cmd_again(struct iv *iv, const char *arg);

/* ---- groups (iv_group.c) ---- */
/* Handles what is no message: the bot or a person coming or going; false: it is one. */
bool iv_coming_and_going(struct iv *iv);
/* In a group: a command that nobody knows, or talk that replies to no question. */
bool iv_not_for_bot(const struct iv *iv, const struct command *cmd);

/* ---- by itself (iv_tick.c) ---- */
/* Sets the chat's next_due from its schedule, its week's board and its reminder. */
void iv_reschedule(struct iv *iv);
/* The newest daily round that is still open. */
bool iv_open_daily_of(struct iv *iv, struct round *ret);
/* When a round of this chat that opens at OPENED closes. */
int64_t iv_round_closes(const struct iv *iv, int64_t opened);

/* ---- the schedule (iv_schedule.c) ---- */
void iv_cmd_daily(struct iv *iv, const char *arg);
void iv_cmd_holiday(struct iv *iv, const char *arg);
void iv_cmd_pause(struct iv *iv, const char *arg);
void iv_cmd_timezone(struct iv *iv, const char *arg);
void iv_cmd_close(struct iv *iv, const char *arg);
/* The times of a schedule, a line each, *new*. */
char *iv_schedule_text(const struct iv *iv, const struct schedule *s);

/* The quiet dates of a schedule, *new*. */
char *iv_quiet_text(const struct iv *iv, const struct schedule *s);
/* A date as one says it, *new*: "12월 25일(금)", with its year when that is not this one. */
char *iv_day_text(const struct iv *iv, int64_t day);

/* ---- /settings as a page of buttons (iv_page.c) ---- */
void iv_cmd_settings(struct iv *iv, const char *arg);
/* The settings, and their buttons; PAGE: CMD_SETTINGS for all, or one that has a page of its own.
 */
void iv_say_page(struct iv *iv, enum command_id page);

/* ---- settings (iv_settings.c) ---- */
/* "켬", "spoiler…": how a setting reads. */
const char *iv_on_off(const struct iv *iv, bool on);
const char *iv_reveal_text(const struct iv *iv, enum reveal_mode mode);
/* The word that /reveal takes for MODE. */
const char *iv_reveal_word(enum reveal_mode mode);
void iv_cmd_reveal(struct iv *iv, const char *arg);
void iv_cmd_weekly(struct iv *iv, const char *arg);
void iv_cmd_reminder(struct iv *iv, const char *arg);
void iv_cmd_share(struct iv *iv, const char *arg);
void iv_cmd_anonymous(struct iv *iv, const char *arg);
/* "/topics on|off NAME"; false when ARG is no such thing. */
bool iv_topic_switch(struct iv *iv, const char *arg);
/* Whether ARG says so. */
bool iv_is_topic_switch(const char *arg);
/* Switches the topic NAME of CHAT on or off. */
void iv_topics_put(struct chat *chat, const char *name, bool on);

/* ---- a person's own data (iv_personal.c) ---- */
void iv_cmd_export(struct iv *iv, const char *arg);
void iv_cmd_forgetme(struct iv *iv, const char *arg);

/* ---- boards and progress (iv_score.c) ---- */
/* Says the board of PERIOD; false when nobody has answered in it. */
bool iv_say_board(struct iv *iv, enum board_period period);
/* How CHAT's members see a person, *new*: NAME cut, a pseudonym when it is NULL or "". */
char *iv_shown_name(struct iv *iv, const struct chat *chat, int64_t user, const char *name);
/* A person's streak in this chat. */
struct streak iv_streak_of(struct iv *iv, int64_t user, bool *ret_at_risk);
/* What an answer on DAY has made of the streak in CHAT, freezes spent and earned included. */
void iv_say_streak(struct iv *iv, struct chat *chat, int64_t day);
/* Whether the bank still has the point, as it was shown, and it is not somebody's experience. */
bool iv_can_be_learnt(const struct iv *iv, const struct missed_row *row);
void iv_cmd_score(struct iv *iv, const char *arg);
void iv_cmd_leaderboard(struct iv *iv, const char *arg);

/* ---- the rest (iv_misc.c) ---- */
void iv_cmd_start(struct iv *iv, const char *arg);
void iv_cmd_help(struct iv *iv, const char *arg);
void iv_cmd_lang(struct iv *iv, const char *arg);
void iv_cmd_unknown(struct iv *iv, const struct command *cmd);

/* ---- how things read (iv_show.c) ---- */
void iv_show_question(const struct iv *iv, reply *r, const struct question *q,
                      const struct round *round);
/* Every model answer in order, then the notes. STYLE: REPLY_HIDDEN where it may spoil. */
void iv_show_model(reply *r, const struct question *q, unsigned style);
void iv_show_result(reply *r, const struct grade_result *g, unsigned style);
/* Only what may be seen before the reveal: the covered points by the person's own words. */
void iv_show_result_held_back(reply *r, const struct grade_result *g);
void iv_show_arithmetic(reply *r, const struct grade_result *g);
/* One deduction as a sentence. */
void iv_show_deduction(reply *r, const struct grade_deduction *d, unsigned style);
void iv_button_round(reply *r, const char *label_key, const char *action, int64_t round,
                     bool new_row);
/* The hint's button; in a practice it says no price. */
void iv_button_hint(reply *r, const struct round *round, bool new_row);

#endif
