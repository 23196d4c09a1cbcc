/* The transports of the daemon: which are on, and their common beginning and end. */
#ifndef INTERVIEWD_APP_RUN_TRANSPORTS_H
#define INTERVIEWD_APP_RUN_TRANSPORTS_H

#include "bot.h"
#include "loop.h"

struct run_transports;

/*
 * Starts each transport whose token is found, *new*; adds them to B. ENDED is
 * called when the last of them has ended for good (a bad token). NULL with an
 * error that says what to set when none is on, or one of Slack's two tokens is
 * missing.
 */
struct run_transports *run_transports_new(const struct config *c, loop *l, bot *b, loop_fn ended,
                                          void *data, GError **error);
/* Lets what is in flight end, then calls DONE. */
void run_transports_stop(struct run_transports *t, loop_fn done, void *data);
void run_transports_free(struct run_transports *t); /* accepts NULL */

#endif
