/*
 * What the load servers share beneath their platform: one thread, epoll, connections with buffers
 * that grow, HTTP requests, commands on standard input, a pacing timer. A server fills a struct
 * net_ops and calls net_run(), which returns only by exit().
 */
#ifndef INTERVIEWD_BENCH_LOAD_NET_H
#define INTERVIEWD_BENCH_LOAD_NET_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { NET_CONNECTIONS = 900, NET_IN_BYTES = 1 << 18 };

struct net_connection {
    int fd;
    bool raw;  /* no longer HTTP: bytes go to the server's own on_bytes */
    bool mark; /* the server's own */
    bool dead; /* freed when what is being done is done */
    struct net_connection *next_dead;
    size_t in_len, out_len, out_at, out_size;
    char in[NET_IN_BYTES], *out;
};

struct net_request {
    const char *path; /* not terminated */
    size_t path_len;
    const char *head; /* terminated after its last header line */
    const char *body; /* terminated */
    size_t body_len;
};

struct net_ops {
    void (*on_request)(struct net_connection *c, const struct net_request *r);
    /* Of a raw connection; gives how many of the bytes were taken. */
    size_t (*on_bytes)(struct net_connection *c, char *bytes, size_t len);
    void (*on_gone)(struct net_connection *c);
    void (*on_command)(char *line);
    void (*on_pace)(void);
};

struct net {
    const struct net_ops *ops;
    int poller, pacer, listener;
    int64_t accepted;
    struct net_connection *dead;
    struct net_connection *connections[NET_CONNECTIONS];
};

static struct net net; /* the program's one */

static inline int64_t net_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- writing ---- */

static inline void net_arm(struct net_connection *c, bool write_too)
{
    struct epoll_event e = {.events = EPOLLIN | (write_too ? EPOLLOUT : 0), .data.ptr = c};

    epoll_ctl(net.poller, EPOLL_CTL_MOD, c->fd, &e);
}

static inline void net_flush(struct net_connection *c)
{
    while (!c->dead && c->out_at < c->out_len) {
        ssize_t n = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL);

        if (n < 0) {
            if (errno == EAGAIN)
                net_arm(c, true);
            return;
        }
        c->out_at += (size_t)n;
    }
    c->out_at = c->out_len = 0;
}

/* Puts bytes behind what still waits to be written; net_flush() writes them. */
static inline void net_put(struct net_connection *c, const void *bytes, size_t len)
{
    if (c->out_len + len > c->out_size) {
        c->out_size = (c->out_len + len) * 2;
        c->out = realloc(c->out, c->out_size);
        if (c->out == NULL)
            exit(3);
    }
    memcpy(c->out + c->out_len, bytes, len);
    c->out_len += len;
}

static inline void net_answer(struct net_connection *c, const char *body, size_t len)
{
    char head[256];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\n"
                     "Connection: keep-alive\r\nContent-Length: %zu\r\n\r\n",
                     len);

    net_put(c, head, (size_t)n);
    net_put(c, body, len);
    net_flush(c);
}

static inline void net_answer_text(struct net_connection *c, const char *body)
{
    net_answer(c, body, strlen(body));
}

/* ---- reading ---- */

/* One whole request at FROM: its length, 0 when it is not yet there. */
static inline size_t net_take_request(struct net_connection *c, size_t from)
{
    char *head = c->in + from, *end, *path, *field;
    struct net_request r = {0};
    size_t size;

    c->in[c->in_len] = '\0';
    end = strstr(head, "\r\n\r\n");
    if (end == NULL)
        return 0;
    end[2] = '\0';
    field = strcasestr(head, "\r\nContent-Length:");
    r.body_len = field != NULL ? (size_t)strtoul(field + 17, NULL, 10) : 0;
    size = (size_t)(end + 4 - head) + r.body_len;
    path = strchr(head, ' ');
    if (path == NULL)
        exit(4);
    if (from + size > c->in_len) {
        end[2] = '\r';
        return 0;
    }
    r.head = head;
    r.path = path + 1;
    r.path_len = strcspn(r.path, " ?");
    r.body = end + 4;
    char kept = head[size];
    head[size] = '\0';
    net.ops->on_request(c, &r);
    head[size] = kept;
    return size;
}

static inline void net_drop(struct net_connection *c)
{
    if (c->dead)
        return;
    if (net.ops->on_gone != NULL)
        net.ops->on_gone(c);
    for (int i = 0; i < NET_CONNECTIONS; i++) {
        if (net.connections[i] == c)
            net.connections[i] = NULL;
    }
    close(c->fd);
    c->dead = true;
    c->next_dead = net.dead;
    net.dead = c;
}

static inline void net_bury(void)
{
    while (net.dead != NULL) {
        struct net_connection *c = net.dead;

        net.dead = c->next_dead;
        free(c->out);
        free(c);
    }
}

static inline size_t net_take(struct net_connection *c, size_t from)
{
    if (c->raw)
        return net.ops->on_bytes(c, c->in + from, c->in_len - from);
    return net_take_request(c, from);
}

static inline void net_on_readable(struct net_connection *c)
{
    ssize_t n = read(c->fd, c->in + c->in_len, NET_IN_BYTES - 1 - c->in_len);
    size_t from = 0, size;

    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            net_drop(c);
        return;
    }
    c->in_len += (size_t)n;
    while (!c->dead && from < c->in_len && (size = net_take(c, from)) > 0)
        from += size;
    memmove(c->in, c->in + from, c->in_len - from);
    c->in_len -= from;
}

static inline void net_on_connect(void)
{
    int one = 1, fd = accept4(net.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN};

    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (int i = 0; i < NET_CONNECTIONS; i++) {
        if (net.connections[i] != NULL)
            continue;
        net.connections[i] = calloc(1, sizeof(struct net_connection));
        net.connections[i]->fd = fd;
        e.data.ptr = net.connections[i];
        epoll_ctl(net.poller, EPOLL_CTL_ADD, fd, &e);
        net.accepted++;
        return;
    }
    close(fd);
}

static inline void net_on_input(void)
{
    static char input[1024];
    static size_t have;
    ssize_t n = read(0, input + have, sizeof input - 1 - have);
    char *newline;

    if (n <= 0)
        exit(0);
    have += (size_t)n;
    input[have] = '\0';
    while ((newline = strchr(input, '\n')) != NULL) {
        *newline = '\0';
        net.ops->on_command(input);
        have -= (size_t)(newline + 1 - input);
        memmove(input, newline + 1, have + 1);
    }
}

/* ---- pacing ---- */

static inline struct timespec net_timespec(double seconds)
{
    return (struct timespec){(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
}

/* on_pace() in FIRST seconds and every EVERY after that; 0 and 0 stop it. */
static inline void net_pace(double first, double every)
{
    struct itimerspec t = {net_timespec(every), net_timespec(first)};

    timerfd_settime(net.pacer, 0, &t, NULL);
}

static inline void net_on_pacer(void)
{
    uint64_t times;

    if (read(net.pacer, &times, sizeof times) == sizeof times)
        net.ops->on_pace();
}

/* ---- the loop ---- */

static inline int net_listen(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;

    net.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(net.listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(net.listener, 512) != 0 ||
        getsockname(net.listener, (struct sockaddr *)&at, &len) != 0)
        exit(2);
    return ntohs(at.sin_port);
}

static inline void net_watch(int fd, void *mark)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = mark};

    epoll_ctl(net.poller, EPOLL_CTL_ADD, fd, &e);
}

/* Before net_run(); gives the port that is listened on. */
static inline int net_open(const struct net_ops *ops)
{
    net.ops = ops;
    net.poller = epoll_create1(EPOLL_CLOEXEC);
    net.pacer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return net_listen();
}

static inline void net_dispatch(const struct epoll_event *e)
{
    struct net_connection *c = e->data.ptr;

    if (e->data.ptr == &net.pacer) {
        net_on_pacer();
    } else if (e->data.ptr == &net.listener) {
        net_on_connect();
    } else if (e->data.ptr == &net) {
        net_on_input();
    } else if ((e->events & EPOLLOUT) != 0) {
        net_flush(c);
        if (c->out_len == 0)
            net_arm(c, false);
    } else {
        net_on_readable(c);
    }
}

/* One event at a time: handling one may end the connection that another is of. */
static inline void net_run(void)
{
    struct epoll_event e;

    net_watch(0, &net);
    net_watch(net.pacer, &net.pacer);
    net_watch(net.listener, &net.listener);
    for (;;) {
        if (epoll_wait(net.poller, &e, 1, -1) == 1)
            net_dispatch(&e);
        net_bury();
    }
}

#endif
