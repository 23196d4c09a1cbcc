/* Slack's rows of the outbox: how they are kept, and their delivery by the pump. */
#ifndef INTERVIEWD_CHAT_SLACK_OUTBOX_H
#define INTERVIEWD_CHAT_SLACK_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "slack_api.h"
#include "store.h"

typedef struct slack_outbox slack_outbox;

enum slack_row_kind {
    SLACK_ROW_SEND,
    SLACK_ROW_POST,    /* a round's question: its ts is noted */
    SLACK_ROW_UNDER,   /* goes into the thread of a round's post */
    SLACK_ROW_REFRESH, /* a round's post shall show this; a later one replaces it */
};

struct slack_row {
    int64_t chat;
    enum slack_row_kind kind;
    int64_t round; /* 0 for none */
    bool broadcast;
    bool aside;       /* no message in the chat: ephemeral, and in no order with others */
    const char *body; /* {"method" or "url", "args"} as text */
};

/* A *new* outbox over all *borrowed* parts. UNLIMITED turns the limits off, for load tests. */
slack_outbox *slack_outbox_new(loop *l, store *s, slack_api *a, bool unlimited);
void slack_outbox_free(slack_outbox *o); /* accepts NULL */
/* Begins to send what is there already. */
void slack_outbox_start(slack_outbox *o);
/* Begins no further send; what is under way ends. */
void slack_outbox_stop(slack_outbox *o);
size_t slack_outbox_under_way(const slack_outbox *o);

/* Inside a transaction. */
void slack_outbox_put(slack_outbox *o, const struct slack_row *row);
void slack_outbox_settle(slack_outbox *o);
/* After its end. */
void slack_outbox_committed(slack_outbox *o, bool ok);

#endif
