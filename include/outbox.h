/*
 * What the transports keep in the store beside the book: messages that have
 * been decided and not yet sent, updates that have been handled, where a
 * transport stands, which message shows which question, who administers a
 * chat. Everything here is called inside a transaction of the store unless it
 * says otherwise.
 */
#ifndef INTERVIEWD_OUTBOX_H
#define INTERVIEWD_OUTBOX_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "interview.h"
#include "store.h"

/* ---- messages to be sent ---- */

/* What goes ahead of what. In one chat the order within a lane is kept. */
enum outbox_lane {
    OUTBOX_REPLY,     /* to a person who waits */
    OUTBOX_BROADCAST, /* by the schedule */
    OUTBOX_EDIT,      /* a post's new looks: sparingly, only the last one counts */
    OUTBOX_FREE,      /* no message in a chat: at once, without limits or order */
    OUTBOX_LANES,
};

struct outbox_row {
    int64_t id;   /* counts up: the order */
    int64_t slot; /* where it is stored: a place that many rows use in turn */
    enum platform platform;
    int64_t chat; /* the store's; 0 in OUTBOX_FREE */
    enum outbox_lane lane;
    int kind;        /* the adapter's own */
    char *body;      /* the adapter's own; NULL: still only in the store */
    int64_t round;   /* the round whose question it shows, 0 for none */
    bool main;       /* of a post in several parts: the one with the buttons */
    char *key;       /* a later row with it replaces this one; NULL: none */
    int64_t created; /* UTC seconds */
};
void outbox_row_clear(struct outbox_row *row);

/* Adds ROW, replacing one with its key; writes its id and slot. */
void outbox_add(store *s, struct outbox_row *row);
/* It has been sent, or will never be. Its slot is free, what stands there is overwritten later. */
void outbox_remove(store *s, int64_t slot, int64_t id);
/* Deletes what stands in free slots: when there are many, and at once. */
void outbox_sweep(store *s);
void outbox_delete_sent(store *s);
/* A number that changes when somebody has been forgotten: rows that are known may be gone. */
unsigned outbox_erasures(const store *s);
void outbox_remove_chat(store *s, int64_t chat);
/* A message that the platform refuses for good: removed, and remembered for a month. Without an id
   it is only remembered. */
void outbox_refused(store *s, const struct outbox_row *row, int64_t now, const char *why);
/* Up to MOST rows of PLATFORM above id AFTER without their bodies, oldest first, *new* (struct
 * outbox_row). */
GArray *outbox_rows(store *s, enum platform platform, int64_t after, int most);
/* The body of a row, *new*; NULL when it is gone. Also outside a transaction. */
char *outbox_body(store *s, int64_t slot, int64_t id);

/* ---- updates that have been handled ---- */

/* Notes the update NUMBER (or EXT, its name); false when it has been noted before. */
bool inbox_first(store *s, enum platform platform, int64_t number, const char *ext, int64_t now);
/* Forgets up to 5000 updates noted before BEFORE; true when there may be more. */
bool inbox_purge(store *s, int64_t before);

/* Updates that wait for something the platform has to be asked, as the adapter's own text. */
struct waiting_row {
    int64_t id; /* of what has gone: may be another one's later, so the body belongs to it */
    char *body;
};
void waiting_add(store *s, enum platform platform, const char *body, int64_t now);
void waiting_remove(store *s, const struct waiting_row *row);
/* Whether it still waits: who is forgotten takes along what waits of them. */
bool waiting_is(store *s, const struct waiting_row *row);
/* A *new* array of struct waiting_row, whose bodies it owns: an empty one, and those of PLATFORM,
   oldest first (also outside a transaction). */
GArray *waiting_rows_new(void);
GArray *waiting_rows(store *s, enum platform platform);

/* ---- where a transport stands ---- */

/* Telegram's offset and when it was stored (UTC seconds), 0 for none. Also outside a transaction.
 */
int64_t transport_offset(store *s, enum platform platform, int64_t *ret_at);
void transport_put_offset(store *s, enum platform platform, int64_t offset, int64_t now);

/* ---- chats, from the transport's side ---- */

struct chat_place {
    enum platform platform;
    char *ext; /* the platform's id */
    enum chat_kind kind;
    bool gone;
    enum lang lang;
};
void chat_place_clear(struct chat_place *p);
/* Also outside a transaction. */
bool chat_place_get(store *s, int64_t chat, struct chat_place *ret);
void chat_set_gone(store *s, int64_t chat, bool gone);
/*
 * The platform calls the chat FROM now TO: its history moves along. When TO is
 * known already what happened there joins it, or it joins that: whichever came
 * first keeps its settings. Gives the store's id, 0 when FROM is not known.
 */
int64_t chat_move(store *s, enum platform platform, const char *from, const char *to);

/* ---- which message shows which question ---- */

void post_add(store *s, int64_t chat, const char *message, int64_t round, bool main);
/* The post of ROUND that carries its buttons: message *new*; NULL when there is none. */
char *post_main(store *s, int64_t round);

/*
 * Whether the message MESSAGE of the person EXT was an answer that is kept.
 * GROUP: where it stands, 0 for the private chat, in which a group's round may
 * have been answered.
 */
bool answer_was(store *s, enum platform platform, const char *ext, const char *message,
                int64_t group);

/* ---- who administers a chat ---- */

/* What is known of it since SINCE (UTC seconds). */
enum admin admin_get(store *s, int64_t chat, int64_t user, int64_t since);
void admin_put(store *s, int64_t chat, int64_t user, bool admin, int64_t now);

/* ---- transactions that may be lost with the power, not with the process ---- */

/* As store_begin; its commit does not wait for the disk. */
void store_begin_light(store *s);

#endif
