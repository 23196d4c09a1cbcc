/*
 * The interview: asks, grades, explains, keeps score. Events and a given time
 * in; effects out, as calls on a book. No I/O, no clock, no randomness of its
 * own. Everything that decides what a person sees or scores stands behind this
 * header; the terminal, Telegram and Slack are its faces.
 */
#ifndef INTERVIEWD_INTERVIEW_H
#define INTERVIEWD_INTERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "bank.h"
#include "book.h"
#include "catalog.h"
#include "grade.h"

typedef struct interview interview;

/* What the operator has set. */
struct interview_options {
    int asks_ranked_a_day; /* on-demand questions that rank, a person a day */
};

/*
 * A *new* interview without a bank. CAT and LEX are *borrowed* and must outlive
 * it; LEX may be NULL until interview_use_lexicon.
 */
interview *interview_new(const catalog *cat, const lexicon *lex,
                         const struct interview_options *options);
/* Other words (*borrowed*) for the bank that interview_take_bank brings next: until then none may
 * be asked. */
void interview_use_lexicon(interview *in, const lexicon *lex);
void interview_set_options(interview *in, const struct interview_options *options);
void interview_free(interview *in); /* accepts NULL */

/*
 * *Takes* BANK and uses it from now on. KEYS[i] is the book's key of question
 * I of it (copied).
 */
void interview_take_bank(interview *in, bank *b, const int64_t *keys);
const bank *interview_bank(const interview *in); /* *borrowed*, or NULL */

enum event_kind {
    EVENT_TEXT,     /* a person has typed */
    EVENT_BUTTON,   /* a person has tapped */
    EVENT_WORDLESS, /* a person has sent something without words: a picture, a voice, a sticker */
    EVENT_EDITED,   /* a person has edited a message that was an answer */
    EVENT_ADDED,    /* the bot has been added to a group */
    EVENT_REMOVED,  /* the bot has been removed, blocked or muted: nothing may be written */
    EVENT_RETURNED, /* the bot may write again */
    EVENT_JOINED,   /* this person has become a member */
    EVENT_LEFT,     /* this person has left */
};

/* How sure the platform is that a person may change a chat's settings. */
enum admin { ADMIN_UNKNOWN, ADMIN_NO, ADMIN_YES };

struct event {
    enum event_kind kind;
    struct chat *chat;   /* *borrowed*; a handler may change it and put it */
    struct user *user;   /* the same */
    const char *text;    /* what was typed, cleaned; what the tapped button carries */
    const char *raw;     /* what was typed, as it came (stored); NULL: the same as text */
    int64_t round;       /* the round whose post was replied to or tapped, 0 for none */
    const char *message; /* the platform's id of the message, or NULL */
    const char *thread;  /* the topic or thread it stood in, or NULL */
    int64_t now;         /* UTC seconds */
    uint64_t seed;       /* for the order of questions */
    enum admin admin;
    int answers_a_minute; /* beyond it an answer's reply is one line; 0: no limit */
    bool bare_commands;   /* a message that is just a command's word is one (Slack) */
    bool personal;    /* only this person sees the reply: it may show what a group must not see */
    bool no_spoilers; /* the platform cannot hide text in a message (Slack) */
    bool is_answer;   /* typed where only answers are: a form, a question's thread */
    bool in_room; /* the thread is a room of its own (a forum's topic): a schedule may post there */
    bool nameless; /* written in the name of a chat: never scored */
    bool to_bot;   /* in a group: meant for the bot although it replies to nothing (a mention) */
};

enum handled {
    HANDLED,
    HANDLED_NEEDS_ADMIN, /* nothing was done: ask the platform whether the person may, and come
                            again */
};

/*
 * Does what the schedule of CHAT has due by NOW: a daily question, closing a
 * round, the week's board, a reminder. Sets the chat's next_due. Calling it
 * too often, or twice, does no harm.
 */
void interview_tick(interview *in, struct book *book, int64_t chat, int64_t now);

/*
 * Gives CHAT the schedule TYPED, as /daily takes it, and puts it; false when it has, or had, one of
 * its own, or TYPED is none.
 */
bool interview_default_daily(interview *in, struct book *book, struct chat *chat, const char *typed,
                             int64_t now);

/*
 * The chat of the round that LINK ("12-c0ffee", what the button under a group's question carries)
 * opens in private; 0 when its token is wrong.
 */
int64_t interview_link_chat(struct book *book, const char *link);

/* Handles one event: all that follows from it is written into BOOK. */
enum handled interview_handle(interview *in, struct book *book, const struct event *event);

#endif
