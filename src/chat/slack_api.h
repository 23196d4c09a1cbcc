/* Calls of Slack's Web API: one way to ask, one way to be answered. */
#ifndef INTERVIEWD_CHAT_SLACK_API_H
#define INTERVIEWD_CHAT_SLACK_API_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "http.h"

typedef struct slack_api slack_api;

enum slack_verdict {
    SLACK_OK,
    SLACK_REFUSED, /* Slack said no: the same call will not do better */
    SLACK_LATER,   /* nothing was done (not reached, or told to wait): ask again */
    SLACK_UNSURE,  /* it may have been done; the answer was lost or unreadable */
};

/* *Borrowed*, valid during the callback. */
struct slack_answer {
    enum slack_verdict verdict;
    const json_t *json;  /* the answer, an object; NULL when there is none */
    const char *error;   /* Slack's own word or one line in English; NULL when OK */
    bool unreachable;    /* no connection: it is not about this call */
    int64_t retry_after; /* seconds that Slack asks to wait, -1: did not say */
};

typedef void (*slack_answer_fn)(const struct slack_answer *answer, void *data);

/*
 * A *new* client of the API at BASE (with or without a closing slash). L and H
 * are *borrowed*. UNLIMITED: Slack's tiers are not kept (load tests only).
 */
slack_api *slack_api_new(loop *l, http *h, const char *base, const char *bot_token,
                         const char *app_token, bool unlimited);
/* Cancels what is under way. Accepts NULL. */
void slack_api_free(slack_api *a);
bool slack_api_is_local(const slack_api *a); /* the API is on this machine: a test */

/* Asks METHOD with the name-value pairs ARGS, closed by NULL, as a form (some methods take no
 * JSON). */
void slack_api_form(slack_api *a, const char *method, const char *const *args, int64_t total_ms,
                    slack_answer_fn done, void *data);
/* The same with the app-level token: apps.connections.open. */
void slack_api_app(slack_api *a, const char *method, int64_t total_ms, slack_answer_fn done,
                   void *data);
/* Asks METHOD with the JSON object BODY as text. */
void slack_api_json(slack_api *a, const char *method, const char *body, int64_t total_ms,
                    slack_answer_fn done, void *data);
/* Posts BODY to a response_url: no token travels. In the clear only where the API is local. */
void slack_api_respond(slack_api *a, const char *url, const char *body, slack_answer_fn done,
                       void *data);

/*
 * Milliseconds until METHOD may be called, 0 for now: Slack's Retry-After and the method's tier.
 * Nothing stops a call that does not ask; it counts all the same.
 */
int64_t slack_api_wait(const slack_api *a, const char *method);
/* The same of Retry-After alone: for what is worth more than its tier. */
int64_t slack_api_closed(const slack_api *a, const char *method);

/* Whether Slack's word ERROR means that the token itself no longer works. */
bool slack_error_is_final(const char *error);

#endif
