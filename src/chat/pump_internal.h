/* What the pump's files share: chats with their queues, and where a chat stands. */
#ifndef INTERVIEWD_CHAT_PUMP_INTERNAL_H
#define INTERVIEWD_CHAT_PUMP_INTERNAL_H

#include "bucket.h"
#include "pump.h"

struct pump_chat;

/* One row in memory. */
struct pump_entry {
    struct pump_item item; /* first: pump_done casts back */
    GList link;            /* in its chat's lane */
    struct pump_chat *chat;
    char *ext_was;      /* item.ext, when the chat has moved while this was under way; or NULL */
    int64_t not_before; /* of an edit: monotonic ms */
    int64_t kept_until; /* monotonic ms: a clock that steps makes no message old */
    int64_t begun;      /* while FRESH: monotonic ms */
    GList fresh_link;   /* in the pump's fresh */
    bool fresh;
};

enum pump_stand { PUMP_RESTING, PUMP_READY, PUMP_TIMED, PUMP_BUSY };

struct pump_chat {
    int64_t id; /* the store's; below 0 for one free row */
    char *ext;
    enum chat_kind kind;
    GQueue lanes[OUTBOX_LANES]; /* of struct pump_entry */
    struct pump_entry *busy;    /* what is under way, when BUSY */
    struct bucket bucket;
    struct window window;
    int64_t blocked_until; /* monotonic ms: told to wait, or after a failure */
    int64_t edit_at;       /* the next edit not before */
    int64_t used_at;       /* the last send */
    int fails;
    bool overflown; /* replies have been left out */
    enum pump_stand stand;
    enum outbox_lane lane; /* of what goes next, when READY */
    GList ready;           /* in the pump's ready[lane] */
    int64_t due;           /* when TIMED */
    size_t index;          /* in the heap, when TIMED */
};

/* A row that has been sent or dropped and is still in the outbox. */
struct pump_finished {
    int64_t id;
    int64_t slot;
    int64_t chat;
    int64_t round; /* not 0: MESSAGE shows it */
    char *message;
    char *refused; /* why, when the platform refused it */
    int kind;
    bool main;
    bool gone;  /* the whole chat is */
    bool shows; /* sent again it would be seen twice */
};

struct pump {
    loop *loop;
    store *store;
    enum platform platform;
    const char *name;
    struct pump_limits limits;
    struct pump_ops ops;
    loop_timer *timer;
    loop_timer *again; /* after a settling that failed */
    bool started, stopped, settling_deferred, running, freed;
    bool loading;      /* pump_start has been called, and what is stored is not queued yet */
    int64_t loaded_to; /* up to which row it is */
    GHashTable *chats; /* of &id */
    GHashTable *keys;  /* key -> struct pump_entry that is queued */
    GQueue ready[OUTBOX_LANES];
    GPtrArray *heap;  /* of struct pump_chat, TIMED */
    GArray *staged;   /* of struct outbox_row: added in the open transaction */
    GArray *finished; /* of struct pump_finished */
    guint settled;    /* how many of them the open transaction removes */
    guint unnoted;    /* how many of them were sent and show */
    GQueue fresh; /* of struct pump_entry under way that show, oldest first, without slow ones */
    struct window window;
    int64_t paused_until; /* nothing at all is sent before */
    int down;             /* failures in a row that were about no chat */
    int64_t refused_chat; /* the last chat that was told to wait */
    size_t queued, under_way, bodies;
    unsigned erasures; /* outbox_erasures when it was looked at last */
    uint64_t random;
    bool down_logged;
};

/* ---- rows (pump.c) ---- */

/* E has ended as O says: it leaves the outbox with the next transaction. */
void pump_finish(pump *p, struct pump_entry *e, const struct pump_outcome *o);

/* Sent twice ROW would be seen twice: an edit is only made again. */
bool pump_row_shows(const pump *p, const struct outbox_row *row);

/* ---- sending (pump_send.c) ---- */

/* Queues what is stored, if that has not been done. (pump.c) */
void pump_load(pump *p);

/* Begins all sends that may begin now, and sets the timer for the next. */
void pump_run(pump *p);

/* ---- where chats stand (pump_chats.c) ---- */

/* The chat of the store's id, made when needed; NULL when the store does not know it. */
struct pump_chat *pump_chat_get(pump *p, int64_t id, bool make);
void pump_chat_free(pump *p, struct pump_chat *c);
/* Drops what is queued for C. */
void pump_chat_clear(pump *p, struct pump_chat *c);
/* Finds out what goes next in C and when, and puts it there. */
void pump_chat_place(pump *p, struct pump_chat *c);
/* Takes C out of wherever it stands. */
void pump_chat_lift(pump *p, struct pump_chat *c);
/* Makes all READY whose time has come. */
void pump_wake(pump *p, int64_t now);
/* When the next of the TIMED is due, INT64_MAX: none. */
int64_t pump_next_due(const pump *p);
/* Forgets resting chats whose limits have nothing to remember. */
void pump_sweep(pump *p);

void pump_entry_free(pump *p, struct pump_entry *e);
/* E is under way no longer, or slow. */
void pump_entry_stale(pump *p, struct pump_entry *e);

#endif
