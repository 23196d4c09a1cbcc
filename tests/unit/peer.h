/*
 * The other side of a connection, played on the loop of the test itself: no
 * thread, no process, no port in common with anybody.
 */
#ifndef INTERVIEWD_TEST_PEER_H
#define INTERVIEWD_TEST_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"

struct peer;

struct conn {
    struct peer *peer;
    int fd;
    loop_watch *watch;
    GString *in, *out;
    bool close_when_sent, deaf;
    bool trickle; /* one byte a turn */
    int requests;
    int state; /* the test's own */
    bool shut; /* waits for peer_free() */
};

struct peer {
    loop *l;
    int fd, port;
    loop_watch *watch;
    GPtrArray *conns;
    int accepted, open;
    /* Bytes have come: take what is understood out of conn->in. */
    void (*on_bytes)(struct conn *c);
};

static inline void conn_close(struct conn *c)
{
    if (c->shut)
        return;
    c->shut = true;
    c->peer->open--;
    loop_watch_free(c->watch);
    close(c->fd);
}

/* Ends it with a reset instead of an end of file. */
static inline void conn_reset(struct conn *c)
{
    struct linger now = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    conn_close(c);
}

static inline void conn_flush(struct conn *c)
{
    while (!c->shut && c->out->len > 0) {
        size_t len = c->trickle ? 1 : c->out->len;
        ssize_t n = send(c->fd, c->out->str, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            conn_close(c);
            return;
        }
        g_string_erase(c->out, 0, n);
        if (c->trickle && c->out->len > 0)
            return;
    }
    if (c->close_when_sent)
        conn_close(c);
}

static inline void conn_send(struct conn *c, const void *bytes, size_t len)
{
    g_string_append_len(c->out, bytes, (gssize)len);
    conn_flush(c);
}

static inline void conn_puts(struct conn *c, const char *text)
{
    conn_send(c, text, strlen(text));
}

static inline int conn_wants(void *data)
{
    struct conn *c = data;
    return (c->deaf ? 0 : LOOP_READ) | (c->out->len > 0 ? LOOP_WRITE : 0);
}

static inline void conn_ready(int ready, void *data)
{
    struct conn *c = data;
    if ((ready & LOOP_WRITE) != 0)
        conn_flush(c);
    if ((ready & LOOP_READ) == 0 || c->shut)
        return;
    char buffer[16384];
    ssize_t n = recv(c->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n > 0) {
        g_string_append_len(c->in, buffer, n);
        c->peer->on_bytes(c);
    } else if (n == 0 || errno != EAGAIN) {
        conn_close(c);
    }
}

static inline void peer_accept(int ready, void *data)
{
    (void)ready;
    struct peer *p = data;
    int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct conn *c = g_new0(struct conn, 1);
    c->peer = p;
    c->fd = fd;
    c->in = g_string_new(NULL);
    c->out = g_string_new(NULL);
    c->watch = loop_watch_new(p->l, fd, conn_wants, conn_ready, c);
    g_ptr_array_add(p->conns, c);
    p->accepted++;
    p->open++;
}

/* A listening socket on a free port of 127.0.0.1. */
static inline int listen_somewhere(int backlog, int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, backlog) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        g_error("cannot listen: %s", g_strerror(errno));
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static inline struct peer *peer_new(loop *l, void (*on_bytes)(struct conn *c))
{
    struct peer *p = g_new0(struct peer, 1);
    p->l = l;
    p->fd = listen_somewhere(64, &p->port);
    p->watch = loop_watch_new(l, p->fd, NULL, peer_accept, p);
    p->conns = g_ptr_array_new();
    p->on_bytes = on_bytes;
    return p;
}

static inline void peer_free(struct peer *p)
{
    for (unsigned i = 0; i < p->conns->len; i++) {
        struct conn *c = p->conns->pdata[i];
        conn_close(c);
        g_string_free(c->in, TRUE);
        g_string_free(c->out, TRUE);
        g_free(c);
    }
    g_ptr_array_free(p->conns, TRUE);
    loop_watch_free(p->watch);
    close(p->fd);
    g_free(p);
}

/* Turns until *FLAG is at least WANTED; false when nothing of the kind happens for very long. */
static inline bool turn_until(loop *l, const int *flag, int wanted)
{
    for (int turns = 0; turns < 20000 && *flag < wanted; turns++) {
        if (!loop_turn(l, 5, NULL))
            return false;
    }
    return *flag >= wanted;
}

/* Tests talk to loopback: no proxy of the machine's may come between. */
static inline void forget_proxies(void)
{
    const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY",  "no_proxy",    "NO_PROXY",    "ws_proxy"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        g_unsetenv(names[i]);
}

#endif
