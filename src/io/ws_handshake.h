/* The client's half of the WebSocket opening handshake (RFC 6455, 4.1): bytes in, bytes out. */
#ifndef INTERVIEWD_WS_HANDSHAKE_H
#define INTERVIEWD_WS_HANDSHAKE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { WS_NONCE_LEN = 16, WS_MAX_HEAD = 16 << 10 };

enum ws_handshake_result { WS_HANDSHAKE_MORE, WS_HANDSHAKE_DONE, WS_HANDSHAKE_BAD };

/* The request. KEY is what ws_handshake_key() made. *new* */
char *ws_handshake_request(const char *host, const char *target, const char *key);
/* The Sec-WebSocket-Key for a nonce; *new*. */
char *ws_handshake_key(const uint8_t nonce[WS_NONCE_LEN]);
/*
 * Judges the answer so far. DONE: *ret_used bytes were the head; frames may
 * follow. BAD: *ret_error is a *new* text and *ret_status the HTTP status, 0
 * when there is none. A head longer than WS_MAX_HEAD is bad.
 */
enum ws_handshake_result ws_handshake_read(const char *bytes, size_t len, const char *key,
                                           size_t *ret_used, int *ret_status, char **ret_error);

#endif
