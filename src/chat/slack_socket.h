/*
 * Socket Mode's connection: always one good WebSocket to Slack, and for a
 * while two when one is to be replaced. Opens, watches, replaces, backs off.
 */
#ifndef INTERVIEWD_CHAT_SLACK_SOCKET_H
#define INTERVIEWD_CHAT_SLACK_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "slack_api.h"

typedef struct slack_sockets slack_sockets;

struct slack_sockets_handler {
    /* A message came over the socket SOCKET; TEXT is *borrowed*. */
    void (*message)(unsigned socket, const char *text, size_t len, void *data);
    /* Slack will have no more of us; WHY is one line that tells the operator what to do. */
    void (*ended)(const char *why, void *data);
};

/* L and A are *borrowed*. */
slack_sockets *slack_sockets_new(loop *l, slack_api *a, const struct slack_sockets_handler *handler,
                                 void *data);
void slack_sockets_free(slack_sockets *s); /* accepts NULL */
void slack_sockets_start(slack_sockets *s);
/* Says goodbye on every socket and opens none any more. */
void slack_sockets_stop(slack_sockets *s);

/* What the adapter has read on a socket: that it works, that Slack will close it. */
void slack_sockets_hello(slack_sockets *s, unsigned socket);
void slack_sockets_disconnect(slack_sockets *s, unsigned socket, const char *reason);
/* False when that socket is no more: Slack will deliver again on another. */
bool slack_sockets_send(slack_sockets *s, unsigned socket, const char *text, size_t len);
/* What has been sent leaves now, not at the end of the turn. */
void slack_sockets_flush(slack_sockets *s);
/* Sockets that are open, opening or closing. */
size_t slack_sockets_count(const slack_sockets *s);
bool slack_sockets_live(const slack_sockets *s);

/* The pause before attempt N (0: the first after a loss), in ms; RANDOM is any number. */
int64_t slack_backoff(unsigned n, uint32_t random);

#endif
