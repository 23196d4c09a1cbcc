/*
 * The outbox pump: sends what the store's outbox holds, for one platform.
 *
 * Order is kept in a chat, one message of a chat is under way at a time;
 * replies go before broadcasts before edits; chats take turns; in a burst
 * several sends run beside each other. Limits are kept by buckets, what the
 * platform says to wait is waited, what fails is tried again later and later,
 * what is refused for good is dropped with a line in the log.
 *
 * The way of a row: pump_add inside a transaction -> pump_committed -> sent by
 * the adapter -> pump_done -> removed from the outbox with the next
 * transaction, at the latest with one of its own at the end of the turn. So a
 * row is sent twice only when the process dies between the platform's answer
 * and the end of that turn, or when the answer never came.
 *
 * How many rows that can be: while few chats wait (pump_limits.few) a message
 * is begun only when the one before has been noted, so a kill repeats one at
 * most. In a burst it can be as many as are under way, and a send that the
 * platform keeps waiting (half a second) holds nobody else up either.
 */
#ifndef INTERVIEWD_PUMP_H
#define INTERVIEWD_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"
#include "outbox.h"

typedef struct pump pump;

/* A message under way. *borrowed* until pump_done. */
struct pump_item {
    struct outbox_row row; /* with its body */
    const char *ext;       /* the platform's id of the chat; "" for none */
    enum chat_kind kind;
};

/* What is a burst: more chats than this with something to send now. */
#define PUMP_FEW 4

/* How much may be sent; 0 in a number: without limit. */
struct pump_limits {
    int chat_burst; /* one message each chat_ms in a chat, this many at once */
    int64_t chat_ms;
    int group_most; /* in any group_ms in a group */
    int64_t group_ms;
    int all_most; /* in any all_ms overall */
    int64_t all_ms;
    int64_t edit_ms; /* between two edits in a chat */
    int parallel;    /* sends under way at once, at least 1 */
    int few;         /* messages go one by one while no more chats wait; 0: never */
    bool free_shows; /* a free row that is sent twice is seen twice */
};

enum pump_result {
    PUMP_SENT,
    PUMP_LATER,    /* it failed and may work later */
    PUMP_DOWN,     /* the same, and it is not about this chat: nothing can be reached */
    PUMP_WAIT,     /* the platform says how long to wait */
    PUMP_WAIT_ROW, /* the same, and it covers nothing but messages of this sort */
    PUMP_REFUSED,  /* it will never work */
    PUMP_GONE,     /* nothing may be written to this chat any more */
    PUMP_MOVED,    /* the chat has another id now */
};

/* What became of a send. All strings are *borrowed* for the call. */
struct pump_outcome {
    enum pump_result result;
    int64_t wait_ms;     /* of PUMP_WAIT and PUMP_WAIT_ROW */
    const char *message; /* of PUMP_SENT: the platform's id of the message, or NULL */
    const char *moved;   /* of PUMP_MOVED: the new id */
    const char *why;     /* for the log; NULL: nothing to log */
};

struct pump_ops {
    /*
     * Begins to send ITEM; pump_done is called once for it, later, never from
     * here. False: there is nothing to send (an edit of a post that is not
     * there), and ITEM is dropped.
     */
    bool (*send)(void *ctx, struct pump_item *item);
    void *ctx;
};

/*
 * A *new* pump over all *borrowed* parts that sends what the outbox of PLATFORM
 * already holds, from pump_start on. NAME is for the log.
 */
pump *pump_new(loop *l, store *s, enum platform platform, const char *name,
               const struct pump_limits *limits, const struct pump_ops *ops);
/* What is under way must have been cancelled. Accepts NULL. */
void pump_free(pump *p);
void pump_start(pump *p);
/* Begins no further send. */
void pump_stop(pump *p);

/*
 * Adds ROW to the outbox, inside a transaction; ROW's strings are *borrowed*,
 * its id and platform are filled in here. The queue is bounded: a reply is left
 * out when its chat has a hundred waiting (a group a thousand), or very many
 * wait in all; not without a chat_burst, when nothing has to wait.
 */
void pump_add(pump *p, struct outbox_row *row);
/* Inside any transaction, before its end: removes what has been sent. */
void pump_settle(pump *p);
/* After the end of any transaction in which pump_add or pump_settle was called. */
void pump_committed(pump *p, bool ok);

void pump_done(pump *p, struct pump_item *item, const struct pump_outcome *outcome);

/* The chat has another id on the platform (chat_move has been called and committed). */
void pump_chat_moved(pump *p, int64_t chat, const char *ext);
/* Nothing may be written to CHAT any more: what waits for it is dropped, in a transaction too. */
void pump_chat_gone(pump *p, int64_t chat);

size_t pump_queued(const pump *p); /* rows not yet sent, those under way included */
size_t pump_under_way(const pump *p);
/* Chats where an answer to a person could be sent at once, if it were their turn. What the schedule
   posts is not counted: people go before it, so they need not wait for it. */
size_t pump_ready(const pump *p);

#endif
