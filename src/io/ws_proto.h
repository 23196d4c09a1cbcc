/*
 * One WebSocket connection as pure protocol: bytes in, messages and bytes out.
 * No socket, no clock, no randomness of its own, so that it can be fuzzed whole.
 */
#ifndef INTERVIEWD_WS_PROTO_H
#define INTERVIEWD_WS_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ws.h"
#include "ws_handshake.h"

typedef struct ws_proto ws_proto;

struct ws_proto_options {
    const char *host, *target; /* of the request */
    size_t max_message, max_queue;
    /* Unpredictable bytes, for the key and the masks. */
    void (*random)(uint8_t *bytes, size_t len, void *data);
    void (*on_open)(void *data);
    void (*on_message)(const char *text, size_t len, void *data);
    void *data;
};

/* A *new* connection whose request already waits as output. OPTIONS' strings are copied. */
ws_proto *ws_proto_new(const struct ws_proto_options *options);
/* Not inside a callback: silence it with ws_proto_mute() there and free it later. */
void ws_proto_free(ws_proto *p); /* accepts NULL */
/* No more callbacks. */
void ws_proto_mute(ws_proto *p);

/* Bytes from the peer. */
void ws_proto_feed(ws_proto *p, const uint8_t *bytes, size_t len);
/*
 * Bytes for the peer, *borrowed*; they stay where they are until
 * ws_proto_written() has taken them all (TLS wants a repeated write to be the
 * same). NULL when there are none.
 */
const uint8_t *ws_proto_output(ws_proto *p, size_t *ret_len);
void ws_proto_written(ws_proto *p, size_t len);
bool ws_proto_has_output(const ws_proto *p);
size_t ws_proto_queued(const ws_proto *p);

bool ws_proto_is_open(const ws_proto *p);
bool ws_proto_send(ws_proto *p, const char *text, size_t len);
void ws_proto_ping(ws_proto *p);
void ws_proto_close(ws_proto *p, int code);
/* Whether nothing more is to come, and why: *borrowed* until the proto goes. Write the output, then
 * cut. */
const struct ws_closed *ws_proto_over(const ws_proto *p);

#endif
