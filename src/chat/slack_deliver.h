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

typedef void (*slack_delivered_fn)(const struct slack_delivered *what, void *data);

/*
 * Sends ROW (of slack_body_load()). False when it cannot be sent at all: it is
 * malformed, or it is about a post that is not there. POST is the ts of the
 * round's post, or NULL.
 */
bool slack_deliver(slack_api *a, enum slack_row_kind kind, const json_t *row, const char *post,
                   slack_delivered_fn done, void *data);
/*
 * BODY (of struct slack_row) as JSON, *new*; the method that it calls (limits
 * are counted by it), *borrowed* from it, and the round under whose post it
 * goes, 0 for none.
 */
json_t *slack_body_load(const char *body, const char **ret_method, int64_t *ret_round);

#endif
