/* WebSockets in the loop: libcurl's connection, the protocol of ws_proto.c, and deadlines. */
#include "ws.h"

#include <string.h>
#include <sys/random.h>

#include "loop_internal.h"
#include "net.h"
#include "net_internal.h"
#include "ws_proto.h"

enum {
    DEFAULT_CONNECT_MS = 10000,
    DEFAULT_PING_MS = 20000,
    DEFAULT_PONG_MS = 15000,
    DEFAULT_CLOSE_MS = 3000,
    DEFAULT_MAX_MESSAGE = 1 << 20,
    DEFAULT_MAX_QUEUE = 1 << 20,
    READ_SIZE = 16 << 10,
    READS_A_TURN = 32, /* then others get their turn */
};

struct ws {
    struct loop_transfer transfer; /* first: the ws is found from it */
    loop *loop;
    const struct ws_handler *handler;
    void *data;
    ws_proto *proto;
    loop_watch *watch;  /* once connected */
    loop_timer *timer;  /* the one deadline that counts now */
    loop_timer *resume; /* reading goes on next turn although nothing may be readable */
    int64_t connect_ms, ping_ms, pong_ms, close_ms;
    int64_t heard_at, deadline; /* monotonic ms; the deadline is for connecting and closing */
    int64_t pinged_at;          /* -1: no ping is out */
    bool in_multi, closing, write_deferred, dead;
    const char *unusable; /* why the URL was not even tried */
    uint8_t random[256];  /* masks are many: one system call for 64 of them */
    size_t random_left;
};

/* ---- the end ---- */

static void take_down(ws *w)
{
    loop_watch_free(w->watch);
    w->watch = NULL;
    loop_timer_stop(w->timer);
    loop_timer_stop(w->resume);
    if (w->in_multi)
        loop_transfer_remove(w->loop, &w->transfer); /* this closes the connection */
    w->in_multi = false;
}

static void free_now(void *data)
{
    ws *w = data;
    curl_easy_cleanup(w->transfer.easy);
    ws_proto_free(w->proto);
    loop_timer_free(w->timer);
    loop_timer_free(w->resume);
    g_free(w);
}

void ws_free(ws *w)
{
    if (w == NULL || w->dead)
        return;
    w->dead = true;
    if (w->proto != NULL)
        ws_proto_mute(w->proto);
    take_down(w);
    /* It may be in the middle of one of its own callbacks. */
    loop_defer(w->loop, free_now, w);
}

/* Says so once; the owner frees it, then or later. */
static void report(ws *w, const struct ws_closed *closed)
{
    if (w->dead || w->handler == NULL)
        return;
    const struct ws_handler *handler = w->handler;
    w->handler = NULL;
    take_down(w);
    if (w->proto != NULL)
        ws_proto_mute(w->proto);
    handler->on_closed(closed, w->data);
}

static void end(ws *w, enum ws_reason reason, const char *text)
{
    struct ws_closed closed = {.reason = reason, .text = text};
    report(w, &closed);
}

static bool is_up(const ws *w)
{
    return !w->dead && w->handler != NULL;
}

/* ---- deadlines ---- */

static void arm(ws *w)
{
    int64_t at = w->deadline;
    if (!w->closing && ws_proto_is_open(w->proto))
        at = w->pinged_at >= 0 ? w->pinged_at + w->pong_ms : w->heard_at + w->ping_ms;
    /* Every byte moves it later: let it fire and look again instead of moving it each time. */
    loop_timer_at(w->timer, at);
}

static void on_deadline(void *data)
{
    ws *w = data;
    int64_t now = loop_now(w->loop);
    if (w->unusable != NULL)
        end(w, WS_REFUSED, w->unusable);
    else if (w->closing)
        end(w, WS_CLOSED_BY_US, "closed without an answer from the peer");
    else if (!ws_proto_is_open(w->proto))
        end(w, WS_UNREACHABLE, "no connection in time");
    else if (w->pinged_at >= 0 && now >= w->pinged_at + w->pong_ms)
        end(w, WS_SILENT, "nothing came back for a ping");
    else if (w->pinged_at < 0 && now >= w->heard_at + w->ping_ms)
        ws_ping(w);
    else
        arm(w);
}

/* ---- writing ---- */

/* As much as goes at once. */
static CURLcode write_some(ws *w)
{
    size_t len, n;
    const uint8_t *bytes;
    while (w->watch != NULL && (bytes = ws_proto_output(w->proto, &len)) != NULL) {
        CURLcode code = curl_easy_send(w->transfer.easy, bytes, len, &n);
        if (code != CURLE_OK)
            return code;
        ws_proto_written(w->proto, n);
    }
    return CURLE_OK;
}

static void write_out(ws *w)
{
    CURLcode code = write_some(w);
    if (code != CURLE_OK && code != CURLE_AGAIN) /* wants_of() waits for the latter */
        end(w, WS_LOST, curl_easy_strerror(code));
}

static void write_deferred(void *data)
{
    ws *w = data;
    w->write_deferred = false;
    if (is_up(w))
        write_out(w);
}

/* What callbacks queue in this turn leaves together at its end. */
static void write_later(ws *w)
{
    if (w->write_deferred || w->watch == NULL)
        return;
    w->write_deferred = true;
    loop_defer(w->loop, write_deferred, w);
}

/* ---- reading ---- */

static void check_over(ws *w)
{
    const struct ws_closed *closed = ws_proto_over(w->proto);
    if (closed == NULL || !is_up(w))
        return;
    write_some(w); /* our close frame, if it goes at once */
    report(w, closed);
}

static void on_bytes(ws *w, const uint8_t *bytes, size_t len)
{
    w->heard_at = loop_now(w->loop);
    if (w->pinged_at >= 0) {
        w->pinged_at = -1;
        arm(w);
    }
    ws_proto_feed(w->proto, bytes, len);
}

/* Until there is no more: what TLS has already decrypted no poll will ever show. */
static void read_all(ws *w)
{
    uint8_t buffer[READ_SIZE];
    for (int i = 0; i < READS_A_TURN; i++) {
        size_t n = 0;
        CURLcode code = curl_easy_recv(w->transfer.easy, buffer, sizeof buffer, &n);
        if (code == CURLE_AGAIN)
            return;
        if (code != CURLE_OK || n == 0) {
            end(w, WS_LOST, code != CURLE_OK ? curl_easy_strerror(code) : "the peer hung up");
            return;
        }
        on_bytes(w, buffer, n);
        check_over(w);
        if (!is_up(w))
            return;
    }
    loop_timer_in(w->resume, 0);
}

static void on_resume(void *data)
{
    ws *w = data;
    if (is_up(w) && w->watch != NULL)
        read_all(w);
}

static int wants_of(void *data)
{
    ws *w = data;
    return LOOP_READ | (ws_proto_has_output(w->proto) ? LOOP_WRITE : 0);
}

static void on_ready(int ready, void *data)
{
    ws *w = data;
    if ((ready & LOOP_WRITE) != 0)
        write_out(w);
    if ((ready & LOOP_READ) != 0 && is_up(w))
        read_all(w);
    if (is_up(w) && ws_proto_has_output(w->proto))
        write_later(w);
}

/* ---- the protocol's callbacks ---- */

static void random_bytes(uint8_t *bytes, size_t len, void *data)
{
    ws *w = data;
    while (len > 0) {
        if (w->random_left == 0) {
            if (getentropy(w->random, sizeof w->random) != 0)
                g_error("getentropy: no randomness"); /* a Linux without getrandom(2) */
            w->random_left = sizeof w->random;
        }
        size_t n = MIN(len, w->random_left);
        memcpy(bytes, w->random + sizeof w->random - w->random_left, n);
        w->random_left -= n;
        bytes += n;
        len -= n;
    }
}

static void on_proto_open(void *data)
{
    ws *w = data;
    arm(w);
    if (is_up(w))
        w->handler->on_open(w->data);
}

static void on_proto_message(const char *text, size_t len, void *data)
{
    ws *w = data;
    if (is_up(w))
        w->handler->on_message(text, len, w->data);
}

/* ---- connecting ---- */

static void on_connected(struct loop_transfer *t, CURLcode code)
{
    ws *w = (ws *)t;
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (code == CURLE_OK)
        curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd);
    if (fd == CURL_SOCKET_BAD) {
        end(w, WS_UNREACHABLE, curl_easy_strerror(code));
        return;
    }
    /* The handle stays in the multi: taking it out would close the connection. */
    w->watch = loop_watch_new(w->loop, fd, wants_of, on_ready, w);
    write_out(w);
}

static void set_options(CURL *easy, const char *url)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* no h2 by ALPN */
    curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    net_set_tls(easy);
    net_set_tcp(easy);
}

/* The Host header and the request target for URL; both *new*, or NULL. */
static bool split_url(const char *url, char **ret_host, char **ret_target)
{
    char *host = NULL, *port = NULL, *path = NULL, *query = NULL;
    CURLU *u = curl_url();
    bool ok = u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PATH, &path, 0) == CURLUE_OK;
    if (ok) {
        curl_url_get(u, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT);
        curl_url_get(u, CURLUPART_QUERY, &query, 0);
        *ret_host = g_strconcat(host, port != NULL ? ":" : NULL, port, NULL);
        *ret_target = g_strconcat(path, query != NULL ? "?" : NULL, query, NULL);
    }
    curl_free(host);
    curl_free(port);
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(u);
    return ok;
}

/* URL with libcurl's name of its scheme, *new*; NULL with a reason when it may not be used. */
static char *usable_url(const struct ws_options *options, const char **ret_why)
{
    const char *url = options->url;
    *ret_why = NULL;
    if (g_ascii_strncasecmp(url, "wss://", 6) == 0)
        return g_strconcat("https://", url + 6, NULL);
    if (g_ascii_strncasecmp(url, "ws://", 5) != 0)
        *ret_why = "the URL is not one of a WebSocket";
    else if (!options->allow_plain || !url_is_loopback(url))
        *ret_why = "an unencrypted WebSocket is not allowed";
    return *ret_why == NULL ? g_strconcat("http://", url + 5, NULL) : NULL;
}

static void connect_to(ws *w, const struct ws_options *options)
{
    char *host = NULL, *target = NULL;
    g_autofree char *url = usable_url(options, &w->unusable);
    if (url == NULL)
        return;
    w->transfer.easy = curl_easy_init();
    w->unusable = "the URL is malformed";
    if (w->transfer.easy == NULL || !split_url(url, &host, &target))
        return;
    struct ws_proto_options proto = {
        .host = host,
        .target = target,
        .max_message = options->max_message > 0 ? options->max_message : DEFAULT_MAX_MESSAGE,
        .max_queue = options->max_queue > 0 ? options->max_queue : DEFAULT_MAX_QUEUE,
        .random = random_bytes,
        .on_open = on_proto_open,
        .on_message = on_proto_message,
        .data = w,
    };
    w->proto = ws_proto_new(&proto);
    g_free(host);
    g_free(target);
    set_options(w->transfer.easy, url);
    w->in_multi = loop_transfer_add(w->loop, &w->transfer) == CURLM_OK;
    if (w->in_multi)
        w->unusable = NULL;
}

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

ws *ws_open(loop *l, const struct ws_options *options, const struct ws_handler *handler, void *data)
{
    ws *w = g_new0(ws, 1);
    w->loop = l;
    w->handler = handler;
    w->data = data;
    w->transfer.done = on_connected;
    w->pinged_at = -1;
    w->connect_ms = or_default(options->connect_ms, DEFAULT_CONNECT_MS);
    w->ping_ms = or_default(options->ping_ms, DEFAULT_PING_MS);
    w->pong_ms = or_default(options->pong_ms, DEFAULT_PONG_MS);
    w->close_ms = or_default(options->close_ms, DEFAULT_CLOSE_MS);
    w->timer = loop_timer_new(l, on_deadline, w);
    w->resume = loop_timer_new(l, on_resume, w);
    connect_to(w, options);
    w->deadline = loop_now(l) + (w->unusable == NULL ? w->connect_ms : 0);
    loop_timer_at(w->timer, w->deadline);
    return w;
}

/* ---- use ---- */

bool ws_is_open(const ws *w)
{
    return is_up(w) && w->proto != NULL && ws_proto_is_open(w->proto);
}

size_t ws_queued(const ws *w)
{
    return w->proto != NULL ? ws_proto_queued(w->proto) : 0;
}

bool ws_send(ws *w, const char *text, size_t len)
{
    if (!ws_is_open(w) || !ws_proto_send(w->proto, text, len))
        return false;
    write_later(w);
    return true;
}

void ws_flush(ws *w)
{
    if (ws_is_open(w))
        write_out(w);
}

void ws_ping(ws *w)
{
    if (!ws_is_open(w) || w->pinged_at >= 0)
        return;
    ws_proto_ping(w->proto);
    w->pinged_at = loop_now(w->loop);
    arm(w);
    write_later(w);
}

void ws_close(ws *w, int code)
{
    if (!is_up(w) || w->closing)
        return;
    w->closing = true;
    if (ws_is_open(w))
        ws_proto_close(w->proto, code);
    else
        w->close_ms = 0; /* not open yet: nobody to say goodbye to */
    w->deadline = loop_now(w->loop) + w->close_ms;
    loop_timer_at(w->timer, w->deadline);
    write_later(w);
}
