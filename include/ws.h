/*
 * A WebSocket client (RFC 6455): text messages over TLS, in the loop.
 *
 * libcurl connects (proxy, TLS, happy eyeballs), the handshake is our own, wslay
 * does the frames. Whatever the peer sends, memory stays below max_message +
 * max_queue + 128 KiB a connection. A connection that has silently died is
 * found by pings: at the latest ping_ms + pong_ms after the last byte.
 *
 * Ignore SIGPIPE (signals.h) before use: OpenSSL writes without MSG_NOSIGNAL.
 */
#ifndef INTERVIEWD_WS_H
#define INTERVIEWD_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

typedef struct ws ws;

enum ws_reason {
    WS_UNREACHABLE,    /* no connection, or no answer to the handshake in time */
    WS_REFUSED,        /* the handshake got another answer than 101, or a wrong one */
    WS_CLOSED_BY_PEER, /* a close frame came; code and text are the peer's */
    WS_CLOSED_BY_US,   /* ws_close(), answered or not */
    WS_LOST,           /* the connection ended without a close frame */
    WS_SILENT,         /* nothing came back for a ping: half-open */
    WS_PROTOCOL,       /* the peer broke the rules or a bound; code is what we told it */
};

/* *Borrowed*, valid during on_closed only. */
struct ws_closed {
    enum ws_reason reason;
    int status; /* HTTP status of a refused handshake, else 0 */
    int code;   /* close code, else 0 */
    const char
        *text; /* one line in English, no part of the URL in it; hostile text possible: escape it */
};

struct ws_handler {
    void (*on_open)(void *data);
    /* TEXT is valid UTF-8, *borrowed*, followed by a NUL that is not counted. */
    void (*on_message)(const char *text, size_t len, void *data);
    /* The last call. The ws may be freed here, as in every callback. */
    void (*on_closed)(const struct ws_closed *closed, void *data);
};

/* 0 in a number takes the default. */
struct ws_options {
    const char *url;    /* wss://...; ws:// only as below. *Borrowed*, copied */
    bool allow_plain;   /* accept ws://, and even then to loopback only */
    int64_t connect_ms; /* until on_open, all in all: 10,000 */
    int64_t ping_ms;    /* silence after which a ping is sent: 20,000 */
    int64_t pong_ms;    /* how long anything at all may take to come back: 15,000 */
    int64_t close_ms;   /* wait for the peer's close frame: 3,000 */
    size_t max_message; /* bytes of one incoming message: 1 MiB */
    size_t max_queue;   /* bytes waiting to be sent: 1 MiB */
};

/* A *new* connection under way. HANDLER and DATA are *borrowed* until on_closed or ws_free(). */
ws *ws_open(loop *l, const struct ws_options *options, const struct ws_handler *handler,
            void *data);
/* Cuts the connection without a word; no callback follows. Accepts NULL. */
void ws_free(ws *w);
/*
 * Queues a text message; what a turn has queued leaves in one write at its end.
 * False when the connection is not open, the text is not UTF-8, or the queue
 * would pass max_queue: then nothing is queued.
 */
bool ws_send(ws *w, const char *text, size_t len);
/* Writes what is queued now, as far as it goes, and not only at the turn's end; on_closed may
 * follow. */
void ws_flush(ws *w);
/* Sends a ping now; what comes back within pong_ms proves the connection. */
void ws_ping(ws *w);
/* Starts the closing handshake with CODE (1000: done, 1001: going away); on_closed follows. */
void ws_close(ws *w, int code);
bool ws_is_open(const ws *w);
/* Bytes that wait to be sent. */
size_t ws_queued(const ws *w);

#endif
