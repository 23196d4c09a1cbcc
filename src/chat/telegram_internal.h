/* What the files of the Telegram adapter share. */
#ifndef INTERVIEWD_CHAT_TELEGRAM_INTERNAL_H
#define INTERVIEWD_CHAT_TELEGRAM_INTERNAL_H

#include "json_view.h"

#include "pump.h"
#include "telegram.h"
#include "telegram_update.h"

/* outbox_row.kind */
enum telegram_kind {
    TELEGRAM_MESSAGE = 1, /* sendMessage; body: the parameters without the chat */
    TELEGRAM_POST_EDIT,   /* the post of row.round; body: without chat and message */
    TELEGRAM_EDIT,        /* editMessageText; body: without the chat */
    TELEGRAM_ANSWER,      /* answerCallbackQuery; body: all parameters */
    TELEGRAM_FILE,        /* sendDocument; body: {"caption","name","data"} */
    TELEGRAM_UPDATE,      /* no message: an update that was passed by, among the refused */
};

/* A wait that grows: the first pause, doubled up to the longest. */
struct telegram_pause {
    int fails;
};

enum ask_kind { ASK_MEMBER, ASK_FILE, ASKS };

/* Updates of one kind that wait for an answer of Telegram's; the first is asked about. */
struct asking {
    telegram *telegram;
    http_call *call;
    loop_timer *timer;
    GArray *waiting; /* of struct waiting_row */
    bool more;       /* the store may have some that are not here */
    int fails;
    json_view *json;
    struct telegram_update update;
};

struct telegram {
    struct transport transport; /* first: telegram_of casts back */
    loop *loop;
    http *http;
    store *store;
    struct host *host;
    const catalog *catalog;
    struct telegram_options options; /* strings owned */
    struct telegram_hooks hooks;
    char *base; /* https://.../bot<token>/ */
    char *file_base;
    struct telegram_me me;
    pump *pump;
    uint64_t random;
    bool stopping, ended;
    loop_fn stopped;
    void *stopped_data;

    /* The update that is being handled, NULL outside. */
    const struct telegram_update *now;
    char *popup;

    /* Sends under way (telegram_send.c). */
    GPtrArray *sending;
    GString *scratch;

    /* The long poll (telegram_poll.c). */
    http_call *poll;
    loop_timer *poll_timer;
    int64_t offset, offset_at; /* UTC seconds */
    int poll_fails, conflicts;
    int poll_most; /* updates at once */
    bool poll_down, poll_held;

    /* Commands (telegram_commands.c). */
    http_call *command_call;
    loop_timer *command_timer;
    int command_at, command_fails;

    struct asking asks[ASKS]; /* telegram_ask.c; nothing is in them before the start */
};

/* ---- calling (telegram_call.c) ---- */

enum telegram_state {
    TELEGRAM_OK,          /* `result` is there */
    TELEGRAM_FAILED,      /* Telegram says why not: code, description */
    TELEGRAM_BROKEN,      /* an answer that is none of Telegram's */
    TELEGRAM_LOST,        /* no whole answer */
    TELEGRAM_UNREACHABLE, /* no connection */
};

struct telegram_answer {
    enum telegram_state state;
    int code;                /* of TELEGRAM_FAILED, or the HTTP status */
    int64_t retry_after;     /* seconds, -1 without */
    int64_t moved_to;        /* migrate_to_chat_id, or 0 */
    const char *description; /* one line, never NULL; *borrowed* */
    json_view *view;         /* owned; result is *borrowed* from it */
    const json_node *result;
};

void telegram_answer_read(const struct http_response *r, struct telegram_answer *ret);
void telegram_answer_clear(struct telegram_answer *a);
/* POSTs the JSON object BODY to METHOD. FIRST_MS: how long the answer may let itself be waited for.
 */
http_call *telegram_call(telegram *t, const char *method, const char *body, size_t len,
                         int64_t first_ms, http_done_fn done, void *data);
/* How long to wait after FAILS failures in a row, from FIRST_MS to LONGEST_MS, with jitter. */
int64_t telegram_pause(telegram *t, int fails, int64_t first_ms, int64_t longest_ms);
/* Whether A says that the token is no good; then the adapter has ended. */
bool telegram_check_token(telegram *t, const struct telegram_answer *a);

/* ---- parts ---- */

bool telegram_send(void *ctx, struct pump_item *item); /* the pump's; telegram_send.c */
void telegram_send_cancel(telegram *t);
/* Telegram's answer said that the chat FROM is TO now: stored at once, in a transaction of its own.
 */
void telegram_chat_moved(telegram *t, const char *from, const char *to);

void telegram_poll_start(telegram *t); /* telegram_poll.c */
/* After a send: the next poll may have been held back. */
void telegram_poll_release(telegram *t);
void telegram_poll_stop(telegram *t);
/* Handles U inside the host's transaction; its TEXT is kept when it has to wait. NULL: it has. */
void telegram_handle(telegram *t, struct telegram_update *u, const char *text, size_t len);

/* Notes that the update JSON is left out, and tells its person; false: not even that can be stored.
   (telegram_poison.c) */
bool telegram_pass_by(telegram *t, const json_node *json);

void telegram_commands_start(telegram *t); /* telegram_commands.c */
void telegram_commands_stop(telegram *t);

void telegram_ask_start(telegram *t); /* telegram_ask.c */
/* Inside a transaction: UPDATE (LEN bytes of JSON) waits for an answer of Telegram's. */
void telegram_ask_keep(telegram *t, enum ask_kind kind, const char *update, size_t len);
void telegram_ask_next(telegram *t); /* after the end of that transaction */
void telegram_ask_stop(telegram *t);

/* ---- rows for the outbox (telegram.c), inside a transaction ---- */

/* Answers the tap that U is, with TEXT or without. */
void telegram_add_answer(telegram *t, const struct telegram_update *u, const char *text);
/* Plain TEXT to a chat of the store, cut into messages. */
void telegram_add_plain(telegram *t, int64_t chat, const char *text);
/* The chat FROM is TO from now on, in a transaction that has been begun. */
void telegram_move_chat(telegram *t, const char *from, const char *to);

static inline telegram *telegram_of(struct transport *transport)
{
    return (telegram *)(void *)transport;
}

#endif
