/* One row of the outbox becomes a call of the Web API. */
#ifndef INTERVIEWD_CHAT_SLACK_DELIVER_H
#define INTERVIEWD_CHAT_SLACK_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "slack_api.h"
#include "slack_outbox.h"
#include "store.h"

/* What became of it. *Borrowed* strings. */
struct slack_delivered {
    enum slack_verdict verdict;
    int64_t retry_after; /* seconds, -1: Slack did not say */
    const char *error;   /* NULL when OK */
    const char *ts;      /* of the message that was posted, or NULL */
    bool told_to_wait;   /* of SLACK_LATER: too many calls */
    bool unreachable;    /* of SLACK_LATER: it is not about this message */
    bool chat_gone;      /* the bot is no longer in that channel */
};

/* Who is told. The caller's, until it is told or the API is freed, which tells nobody. */
struct slack_delivery {
    void (*done)(const struct slack_delivered *what, void *data);
    void *data;
};

/* What a row's body asks for. */
struct slack_call {
    char *method;  /* limits are counted by it; "response_url" for one of those */
    char *args;    /* JSON, when it is complete as it stands; or */
    json_t *row;   /* the whole body, of which something is still to be filled in or looked up */
    int64_t round; /* under whose post it goes, 0: under none */
};

/* Reads BODY (of struct slack_row). What cannot be read becomes a call that cannot be sent. */
void slack_call_read(const char *body, enum slack_row_kind kind, struct slack_call *ret);
void slack_call_clear(struct slack_call *c);
/*
 * Sends C. False when it cannot be sent at all: it is malformed, or it is
 * about a post that is not there. POST is the ts of the round's post, or NULL.
 */
bool slack_deliver(slack_api *a, enum slack_row_kind kind, const struct slack_call *c,
                   const char *post, struct slack_delivery *d);

#endif
