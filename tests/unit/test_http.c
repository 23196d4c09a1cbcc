/* The HTTP client against a peer on the same loop: answers, faults, deadlines, bounds, cancelling.
 */
#include <glib.h>
#include <stdlib.h>

#include "../support/peer.h"
#include "http.h"
#include "io/http_internal.h"
#include "net.h"

#define SECRET "123456:AAverySecretToken"

static struct fake_clock fake;
static loop *l;
static http *h;
static struct peer *peer;
static loop_timer *drip;
static int refuse_first; /* connections to close at the first request that reuses them */

/* ---- the peer: what it does stands in the path ---- */

static void drip_on(void *data)
{
    struct conn *c = data;
    if (c->shut)
        return;
    conn_puts(c, "x");
    loop_timer_in(drip, 0);
}

static void answer_text(struct conn *c, const char *status, const char *extra, const char *body)
{
    g_autofree char *head = g_strdup_printf("HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                                            status, extra, strlen(body), body);
    conn_puts(c, head);
}

static void answer_headers_forever(struct conn *c)
{
    g_autoptr(GString) s = g_string_new("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(s, "X-Header-%d: value\r\n", i);
    conn_send(c, s->str, s->len);
}

static void answer_big(struct conn *c)
{
    g_autoptr(GString) s = g_string_new("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 64; i++)
        g_string_append_printf(s, "400\r\n%1024d\r\n", i);
    conn_send(c, s->str, s->len);
}

static void act(struct conn *c, const char *path, const char *request)
{
    if (g_str_equal(path, "ok"))
        answer_text(c, "200 OK", "", "{\"ok\":true}");
    else if (g_str_equal(path, "echo"))
        answer_text(c, "200 OK", "", request);
    else if (g_str_equal(path, "429"))
        answer_text(c, "429 Too Many Requests", "Retry-After: 7\r\n", "slow down");
    else if (g_str_equal(path, "502"))
        answer_text(c, "502 Bad Gateway", "", "<html>bad gateway</html>");
    else if (g_str_equal(path, "moved"))
        answer_text(c, "302 Found", "Location: /ok\r\n", "");
    else if (g_str_equal(path, "empty"))
        answer_text(c, "200 OK", "", "");
    else if (g_str_equal(path, "garbage"))
        conn_puts(c, "\x01\x02 nothing like HTTP\r\n\r\n");
    else if (g_str_equal(path, "badchunk"))
        conn_puts(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nboo\r\n");
    else if (g_str_equal(path, "headers"))
        answer_headers_forever(c);
    else if (g_str_equal(path, "big"))
        answer_big(c);
    else if (g_str_equal(path, "reset"))
        conn_reset(c);
    else if (g_str_equal(path, "close"))
        conn_close(c);
    else if (g_str_equal(path, "truncated")) {
        c->close_when_sent = true;
        conn_puts(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
    } else if (g_str_equal(path, "drip")) {
        conn_puts(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        drip = loop_timer_new(l, drip_on, c);
        loop_timer_in(drip, 0);
    } else if (g_str_equal(path, "half"))
        conn_puts(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    /* "hang": nothing */
}

static void on_bytes(struct conn *c)
{
    char *end = strstr(c->in->str, "\r\n\r\n");
    if (end == NULL)
        return;
    const char *length = strstr(c->in->str, "Content-Length: ");
    size_t head = (size_t)(end + 4 - c->in->str);
    size_t whole = head + (length != NULL && length < end ? strtoul(length + 16, NULL, 10) : 0);
    if (c->in->len < whole)
        return;
    g_autofree char *request = g_strndup(c->in->str, whole);
    g_string_erase(c->in, 0, (gssize)whole);
    if (c->requests++ > 0 && refuse_first > 0) {
        refuse_first--;
        conn_close(c);
        return;
    }
    char path[64] = "";
    const char *at = strstr(request, SECRET "/");
    for (size_t i = 0; at != NULL && i < sizeof path - 1; i++) {
        char ch = at[sizeof SECRET + i];
        if (ch == ' ')
            break;
        path[i] = ch;
    }
    act(c, path, request);
}

/* ---- the client's side ---- */

struct result {
    int done;
    enum http_outcome outcome;
    int status;
    int64_t retry_after;
    char *error, *body;
    size_t body_len;
};

static void keep(const struct http_response *r, void *data)
{
    struct result *result = data;
    result->done++;
    result->outcome = r->outcome;
    result->status = r->status;
    result->retry_after = r->retry_after;
    g_free(result->error);
    g_free(result->body);
    result->error = g_strdup(r->error);
    result->body = g_strdup(r->body);
    result->body_len = r->body_len;
    g_assert_true((r->error == NULL) == (r->outcome == HTTP_ANSWERED));
    g_assert_nonnull(r->body);
    g_assert_cmpint(r->body[r->body_len], ==, '\0');
    /* A token must not reach anybody's log. */
    g_assert_true(r->error == NULL || strstr(r->error, "Secret") == NULL);
}

static void clear(struct result *r)
{
    g_free(r->error);
    g_free(r->body);
    *r = (struct result){0};
}

static void start(void)
{
    fake_clock_init(&fake, INT64_C(1700000000000), 1000);
    l = loop_new(&fake.clock, NULL);
    h = http_new(l, 4);
    peer = peer_new(l, on_bytes);
    refuse_first = 0;
    drip = NULL;
}

static void end(void)
{
    loop_timer_free(drip);
    http_free(h);
    peer_free(peer);
    loop_free(l);
}

static char *url_to(int port, const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%d/bot" SECRET "/%s", port, path);
}

static http_call *get(const char *path, struct result *r)
{
    g_autofree char *url = url_to(peer->port, path);
    struct http_request request = {.url = url, .max_response = 20000};
    return http_start(h, &request, keep, r);
}

static void ask(const char *path, struct result *r)
{
    r->done = 0;
    get(path, r);
    g_assert_cmpint(r->done, ==, 0); /* never from inside http_start() */
    g_assert_true(turn_until(l, &r->done, 1));
}

static void test_answers(void)
{
    start();
    struct result r = {0};
    ask("ok", &r);
    g_assert_cmpint(r.outcome, ==, HTTP_ANSWERED);
    g_assert_cmpint(r.status, ==, 200);
    g_assert_cmpstr(r.body, ==, "{\"ok\":true}");
    g_assert_cmpint(r.retry_after, ==, -1);
    ask("429", &r);
    g_assert_cmpint(r.outcome, ==, HTTP_ANSWERED);
    g_assert_cmpint(r.status, ==, 429);
    g_assert_cmpint(r.retry_after, ==, 7);
    g_assert_cmpstr(r.body, ==, "slow down");
    ask("502", &r);
    g_assert_cmpint(r.status, ==, 502);
    g_assert_cmpint(r.retry_after, ==, -1);
    ask("moved", &r);
    g_assert_cmpint(r.status, ==, 302); /* not followed */
    ask("empty", &r);
    g_assert_cmpint(r.status, ==, 200);
    g_assert_cmpstr(r.body, ==, "");
    g_assert_cmpint(peer->accepted, ==, 1); /* all over one connection */
    clear(&r);
    end();
}

static void post(const char *body, size_t len, const char *const *headers, struct result *r)
{
    g_autofree char *url = url_to(peer->port, "echo");
    struct http_request request = {.url = url, .headers = headers, .body = body, .body_len = len};
    r->done = 0;
    http_start(h, &request, keep, r);
    g_assert_true(turn_until(l, &r->done, 1));
}

static void test_requests(void)
{
    start();
    struct result r = {0};
    const char *const json[] = {"Content-Type: application/json", "Authorization: Bearer xyz",
                                NULL};
    post("{\"a\":1}", 7, json, &r);
    g_assert_true(g_str_has_prefix(r.body, "POST /bot" SECRET "/echo HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(r.body, "\r\nContent-Type: application/json\r\n"));
    g_assert_nonnull(strstr(r.body, "\r\nAuthorization: Bearer xyz\r\n"));
    g_assert_nonnull(strstr(r.body, "\r\nUser-Agent: interviewd\r\n"));
    g_assert_true(g_str_has_suffix(r.body, "\r\n\r\n{\"a\":1}"));
    const char *const other[] = {"Content-Type: text/plain", NULL};
    post("", 0, other, &r); /* an empty body is still a POST, and old headers are gone */
    g_assert_true(g_str_has_prefix(r.body, "POST "));
    g_assert_nonnull(strstr(r.body, "\r\nContent-Type: text/plain\r\n"));
    g_assert_null(strstr(r.body, "Authorization"));
    post(NULL, 0, NULL, &r);
    g_assert_true(g_str_has_prefix(r.body, "GET "));
    g_assert_null(strstr(r.body, "Content-Type"));
    g_autoptr(GString) large = g_string_new(NULL);
    while (large->len < 3000000)
        g_string_append(large, "0123456789");
    post(large->str, large->len, json, &r); /* past every buffer, and without "Expect:" */
    g_assert_null(strstr(r.body, "Expect:"));
    g_assert_true(g_str_has_suffix(r.body, "9"));
    g_assert_cmpuint(r.body_len, >, large->len);
    clear(&r);
    end();
}

static void expect_fault(const char *path, enum http_outcome outcome)
{
    struct result r = {0};
    ask(path, &r);
    if (r.outcome != outcome)
        g_test_message("%s: outcome %d, %s", path, r.outcome, r.error);
    g_assert_cmpint(r.outcome, ==, outcome);
    ask("ok", &r); /* and the next one works */
    g_assert_cmpint(r.status, ==, 200);
    clear(&r);
}

static void test_faults(void)
{
    start();
    expect_fault("reset", HTTP_LOST);
    expect_fault("truncated", HTTP_LOST);
    expect_fault("garbage", HTTP_LOST);
    expect_fault("badchunk", HTTP_LOST);
    expect_fault("close", HTTP_LOST);
    expect_fault("headers", HTTP_TOO_BIG);
    expect_fault("big", HTTP_TOO_BIG);
    end();
}

static void test_refused(void)
{
    start();
    struct result r = {0};
    int port;
    close(listen_somewhere(1, &port)); /* nobody listens there any more */
    g_autofree char *url = url_to(port, "ok");
    struct http_request request = {.url = url};
    http_start(h, &request, keep, &r);
    g_assert_true(turn_until(l, &r.done, 1));
    g_assert_cmpint(r.outcome, ==, HTTP_UNREACHABLE);
    g_assert_cmpint(r.status, ==, 0);
    clear(&r);
    end();
}

static void test_unusable(void)
{
    start();
    const char *const urls[] = {"",
                                "ftp://127.0.0.1/" SECRET,
                                "http://",
                                "file:///etc/passwd",
                                "http://127.0.0.1:99999/" SECRET,
                                SECRET "/x",
                                "gopher://" SECRET,
                                "http://[::" SECRET "/" SECRET};
    for (unsigned i = 0; i < G_N_ELEMENTS(urls); i++) {
        struct result r = {0};
        struct http_request request = {.url = urls[i]};
        http_start(h, &request, keep, &r);
        g_assert_cmpint(r.done, ==, 0);
        g_assert_true(turn_until(l, &r.done, 1));
        g_assert_cmpint(r.outcome, ==, HTTP_REFUSED);
        clear(&r);
    }
    g_assert_cmpuint(http_pending(h), ==, 0);
    end();
}

/* ---- deadlines: time passes only when the test says so ---- */

static void turns(int n)
{
    for (int i = 0; i < n; i++)
        g_assert_true(loop_turn(l, 2, NULL));
}

static void test_connect_deadline(void)
{
    start();
    struct result r = {0};
    int port, fillers[8];
    int full = listen_somewhere(0, &port);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((uint16_t)port);
    for (int i = 0; i < 8; i++) { /* fill the backlog: the next one gets no answer */
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int ignored = connect(fillers[i], (struct sockaddr *)&at, sizeof at);
        (void)ignored;
    }
    g_autofree char *url = url_to(port, "ok");
    struct http_request request = {.url = url, .connect_ms = 3000};
    http_start(h, &request, keep, &r);
    turns(20);
    fake_clock_advance(&fake, 2999);
    turns(2);
    g_assert_cmpint(r.done, ==, 0);
    fake_clock_advance(&fake, 1);
    turns(2);
    g_assert_cmpint(r.done, ==, 1);
    g_assert_cmpint(r.outcome, ==, HTTP_UNREACHABLE);
    g_assert_cmpstr(r.error, ==, "no connection in time");
    for (int i = 0; i < 8; i++)
        close(fillers[i]);
    close(full);
    clear(&r);
    end();
}

static void test_stall(const char *path, const char *body)
{
    start();
    struct result r = {0};
    g_autofree char *url = url_to(peer->port, path);
    struct http_request request = {.url = url, .stall_ms = 4000, .total_ms = 9000};
    request.body = body;
    request.body_len = body != NULL ? strlen(body) : 0;
    http_start(h, &request, keep, &r);
    turns(40);
    g_assert_cmpint(peer->accepted, ==, 1);
    fake_clock_advance(&fake, 3999);
    turns(2);
    g_assert_cmpint(r.done, ==, 0);
    fake_clock_advance(&fake, 1);
    turns(2);
    g_assert_cmpint(r.done, ==, 1);
    g_assert_cmpint(r.outcome, ==, HTTP_LOST);
    g_assert_cmpstr(r.error, ==, "the peer fell silent");
    clear(&r);
    end();
}

static void test_hang(void)
{
    test_stall("hang", NULL);
}

/* A body that left long ago is no sign of life. */
static void test_hang_with_body(void)
{
    test_stall("hang", "{\"timeout\":50}");
}

static void test_half(void)
{
    test_stall("half", NULL);
}

static void test_drip(void)
{
    start();
    struct result r = {0};
    g_autofree char *url = url_to(peer->port, "drip");
    struct http_request request = {.url = url, .stall_ms = 4000, .total_ms = 9000};
    http_start(h, &request, keep, &r);
    turns(40);
    for (int i = 0; i < 8; i++) { /* each second brings a byte: never silent */
        g_assert_cmpint(r.done, ==, 0);
        fake_clock_advance(&fake, 1000);
        turns(20);
    }
    g_assert_cmpint(r.done, ==, 0);
    fake_clock_advance(&fake, 1000);
    turns(20);
    g_assert_cmpint(r.done, ==, 1);
    g_assert_cmpint(r.outcome, ==, HTTP_LOST);
    g_assert_cmpstr(r.error, ==, "no whole answer in time");
    clear(&r);
    end();
}

/* ---- bounds, order, cancelling ---- */

/* Open descriptors of this process, those of the peer's side not counted. */
static int count_descriptors(void)
{
    int n = 0;
    GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    g_dir_close(dir);
    return n - peer->open;
}

static void test_bound(void)
{
    enum { N = 40 };
    start();
    int most = 0, before = count_descriptors();
    struct result r[N] = {{0}};
    const char *const paths[] = {"ok", "reset", "close", "truncated", "502", "big", "garbage"};
    for (int i = 0; i < N; i++)
        get(paths[i % (int)G_N_ELEMENTS(paths)], &r[i]);
    g_assert_cmpuint(http_pending(h), ==, N);
    for (int turn = 0; turn < 5000 && http_pending(h) > 0; turn++) {
        turns(1);
        most = MAX(most, count_descriptors() - before);
    }
    g_assert_cmpint(most, >=, 2);
    g_assert_cmpint(most, <=, 4);
    g_assert_cmpuint(http_pending(h), ==, 0);
    for (int i = 0; i < N; i++) {
        g_assert_cmpint(r[i].done, ==, 1);
        clear(&r[i]);
    }
    end();
}

/* Waiting in the queue counts towards the total, not towards the connection. */
static void test_queue_deadline(void)
{
    start();
    struct result hang[4] = {{0}}, waiting = {0}, late = {0};
    for (int i = 0; i < 4; i++)
        get("hang", &hang[i]);
    g_autofree char *url = url_to(peer->port, "ok");
    struct http_request request = {.url = url, .connect_ms = 1000, .total_ms = 5000};
    http_start(h, &request, keep, &waiting);
    request.total_ms = 90000;
    http_start(h, &request, keep, &late);
    turns(20);
    fake_clock_advance(&fake, 5000);
    turns(3);
    g_assert_cmpint(waiting.done, ==, 1);
    g_assert_cmpint(waiting.outcome, ==, HTTP_UNREACHABLE); /* surely not sent */
    g_assert_cmpint(late.done, ==, 0);
    fake_clock_advance(&fake, 20000); /* those that hang fall silent and make room */
    g_assert_true(turn_until(l, &late.done, 1));
    g_assert_cmpint(late.status, ==, 200);
    for (int i = 0; i < 4; i++)
        clear(&hang[i]);
    clear(&waiting);
    clear(&late);
    end();
}

static struct result chain_last;
static int chain_left;

static void chain(const struct http_response *r, void *data)
{
    g_assert_cmpint(r->status, ==, 200);
    if (--chain_left > 0) {
        g_autofree char *url = url_to(peer->port, "ok");
        struct http_request request = {.url = url};
        http_start(h, &request, chain, data);
    } else {
        keep(r, data);
    }
}

static void test_chain(void)
{
    start();
    chain_left = 50;
    g_autofree char *url = url_to(peer->port, "ok");
    struct http_request request = {.url = url};
    http_start(h, &request, chain, &chain_last);
    g_assert_true(turn_until(l, &chain_last.done, 1));
    g_assert_cmpint(chain_left, ==, 0);
    g_assert_cmpint(peer->accepted, ==, 1);
    clear(&chain_last);
    end();
}

static void test_cancel(void)
{
    start();
    struct result r[8] = {{0}};
    http_call *calls[8];
    for (int i = 0; i < 8; i++)
        calls[i] = get("hang", &r[i]);
    http_cancel(calls[6]); /* one that waits */
    turns(20);
    http_cancel(calls[0]); /* one under way: the next one takes its place */
    http_cancel(NULL);
    turns(20);
    g_assert_cmpuint(http_pending(h), ==, 6);
    struct result ok = {0};
    for (int i = 1; i < 6; i++)
        http_cancel(calls[i]);
    ask("ok", &ok);
    g_assert_cmpint(ok.status, ==, 200);
    g_assert_cmpuint(http_pending(h), ==, 1);
    http_free(h); /* cancels the last */
    h = NULL;
    turns(5);
    for (int i = 0; i < 8; i++)
        g_assert_cmpint(r[i].done, ==, 0);
    clear(&ok);
    end();
}

static http_call *sibling;

static void cancel_sibling(const struct http_response *r, void *data)
{
    keep(r, data);
    http_cancel(sibling);
    sibling = NULL;
}

/* Two end in the same turn, and the first one's callback cancels the other. */
static void test_cancel_finished(void)
{
    start();
    struct result a = {0}, b = {0};
    struct http_request bad = {.url = "nonsense"};
    http_start(h, &bad, cancel_sibling, &a);
    sibling = http_start(h, &bad, keep, &b);
    turns(3);
    g_assert_cmpint(a.done, ==, 1);
    g_assert_cmpint(b.done, ==, 0);
    clear(&a);
    end();
}

static void free_client(const struct http_response *r, void *data)
{
    keep(r, data);
    http_free(h);
    h = NULL;
}

static void test_free_in_callback(void)
{
    start();
    struct result r = {0}, other = {0};
    get("hang", &other);
    g_autofree char *url = url_to(peer->port, "ok");
    struct http_request request = {.url = url};
    http_start(h, &request, free_client, &r);
    g_assert_true(turn_until(l, &r.done, 1));
    turns(3);
    g_assert_cmpint(other.done, ==, 0);
    clear(&r);
    end();
}

/* A kept connection that was closed in the meantime: libcurl sends again, and nobody notices. */
static void test_stale_connection(void)
{
    start();
    struct result r = {0};
    ask("ok", &r);
    refuse_first = 1;
    ask("ok", &r);
    g_assert_cmpint(r.outcome, ==, HTTP_ANSWERED);
    g_assert_cmpint(peer->accepted, ==, 2);
    clear(&r);
    end();
}

/* A proxy from the environment is asked, with the whole URL. */
static void test_proxy(void)
{
    start();
    struct result r = {0};
    g_autofree char *proxy = g_strdup_printf("http://127.0.0.1:%d", peer->port);
    g_setenv("http_proxy", proxy, TRUE);
    struct http_request request = {.url = "http://nowhere.invalid/bot" SECRET "/echo"};
    http_start(h, &request, keep, &r);
    g_assert_true(turn_until(l, &r.done, 1));
    g_unsetenv("http_proxy");
    g_assert_cmpint(r.status, ==, 200);
    g_assert_true(g_str_has_prefix(r.body, "GET http://nowhere.invalid/bot" SECRET "/echo HTTP"));
    clear(&r);
    end();
}

/* Should libcurl ever quote what stands in a URL, its words are not passed on. */
static void test_quoting(void)
{
    start();
    struct http_channel *ch = http_channel_new(l);
    g_autoptr(GString) url =
        g_string_new("http://example.org:8081/bot" SECRET "/getMe?offset=77777");
    g_autoptr(GString) none = g_string_new(NULL);
    const char *const harmless[] = {"Connection refused", "no route to example.org port 8081"};
    const char *const quoting[] = {"bad path /bot" SECRET "/x", "odd token AAverySecretToken",
                                   "user bot123456", "offset 77777"};
    http_channel_prepare(ch, url, none, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(harmless); i++) {
        g_strlcpy(ch->detail, harmless[i], sizeof ch->detail);
        g_assert_cmpstr(http_channel_error(ch, CURLE_RECV_ERROR), ==, harmless[i]);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(quoting); i++) {
        g_strlcpy(ch->detail, quoting[i], sizeof ch->detail);
        g_assert_cmpstr(http_channel_error(ch, CURLE_RECV_ERROR), ==,
                        curl_easy_strerror(CURLE_RECV_ERROR));
    }
    http_channel_free(ch);
    end();
}

static void test_urls(void)
{
    const char *const yes[] = {
        "http://127.0.0.1/", "http://127.0.0.1:8081", "ws://localhost:1/x",    "https://[::1]:5/",
        "http://LOCALHOST",  "http://127.9.9.9/",     "http://user@127.0.0.1/"};
    const char *const no[] = {"http://127.0.0.1@example.org/",
                              "http://example.org/127.0.0.1",
                              "http://127.0.0.1.example.org",
                              "http://localhost.example.org",
                              "http://[::2]/",
                              "http://10.0.0.1",
                              "",
                              "localhost",
                              "http://",
                              "http://example.org#@127.0.0.1"};
    for (unsigned i = 0; i < G_N_ELEMENTS(yes); i++) {
        if (!url_is_loopback(yes[i]))
            g_test_message("not loopback: %s", yes[i]);
        g_assert_true(url_is_loopback(yes[i]));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(no); i++) {
        if (url_is_loopback(no[i]))
            g_test_message("loopback: %s", no[i]);
        g_assert_false(url_is_loopback(no[i]));
    }
    g_assert_true(url_is_encrypted("https://example.org/x"));
    g_assert_true(url_is_encrypted("WSS://example.org/x"));
    g_assert_false(url_is_encrypted("http://example.org/https://"));
    g_assert_false(url_is_encrypted("ws://example.org/"));
    g_assert_false(url_is_encrypted(""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    forget_proxies();
    g_test_add_func("/http/answers", test_answers);
    g_test_add_func("/http/requests", test_requests);
    g_test_add_func("/http/faults", test_faults);
    g_test_add_func("/http/refused", test_refused);
    g_test_add_func("/http/unusable", test_unusable);
    g_test_add_func("/http/connect-deadline", test_connect_deadline);
    g_test_add_func("/http/hang", test_hang);
    g_test_add_func("/http/hang-with-body", test_hang_with_body);
    g_test_add_func("/http/half", test_half);
    g_test_add_func("/http/drip", test_drip);
    g_test_add_func("/http/bound", test_bound);
    g_test_add_func("/http/queue-deadline", test_queue_deadline);
    g_test_add_func("/http/chain", test_chain);
    g_test_add_func("/http/cancel", test_cancel);
    g_test_add_func("/http/cancel-finished", test_cancel_finished);
    g_test_add_func("/http/free-in-callback", test_free_in_callback);
    g_test_add_func("/http/stale-connection", test_stale_connection);
    g_test_add_func("/http/proxy", test_proxy);
    g_test_add_func("/http/quoting", test_quoting);
    g_test_add_func("/net/urls", test_urls);
    return g_test_run();
}
