/*
 * Asynchronous HTTP over libcurl in the loop.
 *
 * Connections are kept alive and shared, HTTP/2 is used where https offers it,
 * TLS is always verified, proxies come from the environment, redirects are not
 * followed. At most `max_connections` requests are under way; the rest wait in
 * order. Every request has deadlines kept by the loop's timers, so that nothing
 * wakes an idle program.
 *
 * No text that leaves this module contains a URL or a part of its path: bot
 * tokens stand there.
 */
#ifndef INTERVIEWD_HTTP_H
#define INTERVIEWD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

typedef struct http http;
typedef struct http_call http_call;

/* What became of a request; it decides whether it may be sent again. */
enum http_outcome {
    HTTP_ANSWERED,    /* a whole answer, whatever its status */
    HTTP_UNREACHABLE, /* no connection: the peer cannot have seen the request */
    HTTP_LOST,        /* sent, wholly or in part, but no whole answer: it may have been acted on */
    HTTP_TOO_BIG,     /* the answer passed max_response */
    HTTP_REFUSED,     /* the request itself is unusable (bad URL, other scheme): never works */
};

/* Everything is *borrowed* and copied by http_start(). 0 in a number takes the default. */
struct http_request {
    const char *url;            /* http or https */
    const char *const *headers; /* "Name: value", closed by NULL; may be NULL */
    const char *body;           /* NULL: GET; otherwise POST */
    size_t body_len;
    int64_t connect_ms;  /* to a connection, TLS included: 10,000 */
    int64_t first_ms;    /* from there to the first byte of the answer: stall_ms */
    int64_t stall_ms;    /* longest silence once connected: 20,000 */
    int64_t total_ms;    /* from http_start() to the end: 60,000 */
    size_t max_response; /* bytes of body: 16 MiB */
};

/* *Borrowed*, valid during the callback only. */
struct http_response {
    enum http_outcome outcome;
    int status;          /* 100..599; 0 when no status line came */
    const char *error;   /* one line in English unless HTTP_ANSWERED; then NULL */
    int64_t retry_after; /* seconds from a Retry-After header (number or date), -1 without */
    const char *scopes;  /* an X-OAuth-Scopes header: what the token may do; NULL without */
    const char *body;    /* followed by a NUL that is not counted; never NULL */
    size_t body_len;
};

typedef void (*http_done_fn)(const struct http_response *response, void *data);

/* A *new* client. L is *borrowed*. MAX_CONNECTIONS 0 takes the default, 8. */
http *http_new(loop *l, int max_connections);
/* Cancels everything that is under way. Safe in a callback. Accepts NULL. */
void http_free(http *h);

/*
 * Starts a request; DONE(response, DATA) is called once from the loop, never
 * from here. The call is *borrowed* and valid until DONE returns. A request
 * that DONE starts is sent in the same turn.
 *
 * libcurl itself sends a request again, once, when a kept-alive connection
 * turns out closed before the first byte of an answer.
 */
http_call *http_start(http *h, const struct http_request *request, http_done_fn done, void *data);
/* DONE will not be called. Does nothing inside this call's own DONE. Accepts NULL. */
void http_cancel(http_call *call);
/* Requests under way or waiting. */
size_t http_pending(const http *h);

#endif
