/*
 * The Slack adapter: Socket Mode in, Web API out. Needs no public address.
 *
 * An envelope is acknowledged when what follows from it has been committed,
 * and not before; Slack delivers again what was not acknowledged.
 */
#ifndef INTERVIEWD_SLACK_H
#define INTERVIEWD_SLACK_H

#include <stdbool.h>

#include "catalog.h"
#include "http.h"
#include "loop.h"
#include "store.h"
#include "transport.h"

typedef struct slack slack;

/* Everything is *borrowed* and copied. */
struct slack_options {
    const char *api_url;   /* https://slack.com/api */
    const char *bot_token; /* xoxb-... */
    const char *app_token; /* xapp-... */
    bool unlimited;        /* no sending limits: for load tests only */
    /* The transport has ended for good; WHY has been logged. May stop the loop. */
    void (*ended)(const char *why, void *data);
    void *data;
};

/*
 * A *new* adapter, stopped. L, H, S, CAT and HOST are *borrowed* and must
 * outlive it; add slack_transport() to the bot before starting.
 */
slack *slack_new(loop *l, http *h, store *s, const catalog *cat, struct host *host,
                 const struct slack_options *options);
/* Cuts everything off. Accepts NULL. */
void slack_free(slack *s);
struct transport *slack_transport(slack *s);
void slack_start(slack *s);
/*
 * Takes no more events, says goodbye on the socket and begins no further send;
 * DONE(DATA) is called from the loop when what was under way has ended. What
 * is in the outbox stays there for the next start.
 */
void slack_stop(slack *s, loop_fn done, void *data);
/* Whether a socket is open and Slack has said hello on it. */
bool slack_is_live(const slack *s);

#endif
