/* TLS as it must be: verified, for HTTP and WebSockets, against `openssl s_server` with a
 * certificate of our own. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/peer.h"
#include "http.h"
#include "ws.h"

static char *dir, *cert, *key;
static bool have_cert;

static void make_certificate(void)
{
    dir = g_dir_make_tmp("tls-XXXXXX", NULL);
    cert = g_build_filename(dir, "cert.pem", NULL);
    key = g_build_filename(dir, "key.pem", NULL);
    const char *argv[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:prime256v1",
                          "-nodes",
                          "-days",
                          "36500",
                          "-subj",
                          "/CN=localhost",
                          "-addext",
                          "subjectAltName=DNS:localhost,IP:127.0.0.1",
                          "-keyout",
                          key,
                          "-out",
                          cert,
                          NULL};
    int status = -1;
    char **args = g_strdupv((char **)(void *)argv);
    have_cert =
        g_spawn_sync(NULL, args, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, &status, NULL) &&
        status == 0;
    g_strfreev(args);
}

static bool unavailable(void)
{
    if (!have_cert)
        g_test_skip("no openssl command");
    return !have_cert;
}

/* ---- the server ---- */

struct server {
    GPid pid;
    int in, out, port;
};

/* Knocks until somebody listens: with -quiet it does not say when. */
static void wait_for(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((uint16_t)port);
    for (int i = 0; i < 1000; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int refused = connect(fd, (struct sockaddr *)&at, sizeof at);
        close(fd);
        if (refused == 0)
            return;
        g_usleep(10000);
    }
    g_error("openssl s_server does not start");
}

static void start_server(struct server *s, const char *mode)
{
    close(listen_somewhere(1, &s->port)); /* a port that is free */
    g_autofree char *port = g_strdup_printf("%d", s->port);
    const char *argv[] = {"openssl", "s_server", "-accept", port, "-cert",
                          cert,      "-key",     key,       mode, NULL};
    char **args = g_strdupv((char **)(void *)argv);
    g_assert_true(g_spawn_async_with_pipes(NULL, args, NULL,
                                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                                               G_SPAWN_STDERR_TO_DEV_NULL,
                                           NULL, NULL, &s->pid, &s->in, &s->out, NULL, NULL));
    g_strfreev(args);
    wait_for(s->port);
}

static void stop_server(struct server *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    close(s->in);
    close(s->out);
}

/* ---- HTTP ---- */

struct result {
    int done;
    enum http_outcome outcome;
    int status;
    char *error;
};

static void keep(const struct http_response *r, void *data)
{
    struct result *result = data;
    result->done++;
    result->outcome = r->outcome;
    result->status = r->status;
    result->error = g_strdup(r->error);
}

static struct result ask(loop *l, const char *host, int port)
{
    struct result r = {0};
    http *h = http_new(l, 2); /* a new one: what it trusts is read at its start */
    g_autofree char *url = g_strdup_printf("https://%s:%d/", host, port);
    struct http_request request = {.url = url};
    http_start(h, &request, keep, &r);
    g_assert_true(turn_until(l, &r.done, 1));
    http_free(h);
    return r;
}

static void test_https(void)
{
    if (unavailable())
        return;
    struct server s;
    start_server(&s, "-www");
    loop *l = loop_new(clock_system(), NULL);
    g_unsetenv("SSL_CERT_FILE");
    struct result r = ask(l, "127.0.0.1", s.port); /* signed by nobody that is known */
    g_assert_cmpint(r.outcome, ==, HTTP_UNREACHABLE);
    g_assert_nonnull(strstr(r.error, "certificate"));
    g_free(r.error);
    g_setenv("SSL_CERT_FILE", cert, TRUE);
    r = ask(l, "127.0.0.1", s.port);
    g_assert_cmpint(r.outcome, ==, HTTP_ANSWERED);
    g_assert_cmpint(r.status, ==, 200);
    r = ask(l, "127.0.0.2", s.port); /* another name than the certificate's */
    g_assert_cmpint(r.outcome, ==, HTTP_UNREACHABLE);
    g_free(r.error);
    g_unsetenv("SSL_CERT_FILE");
    loop_free(l);
    stop_server(&s);
}

/* ---- WebSockets: s_server's pipes are the server's side of the connection ---- */

static struct {
    struct server server;
    GString *request, *text;
    int opened, got, closed;
    enum ws_reason reason;
    int back; /* bytes of frames from the client */
    ws *w;
} t;

static void on_request(int ready, void *data)
{
    (void)ready, (void)data;
    char buffer[4096];
    ssize_t n = read(t.server.out, buffer, sizeof buffer);
    if (n <= 0 || t.opened > 0 || t.back > 0) {
        t.back += (int)MAX(n, 0);
        return;
    }
    g_string_append_len(t.request, buffer, n);
    if (strstr(t.request->str, "\r\n\r\n") == NULL)
        return;
    g_autofree char *accept = websocket_accept(t.request->str);
    g_autoptr(GString) answer = g_string_new(NULL);
    g_string_printf(answer,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                    accept);
    /* More than one TLS record, in one piece: the rest sits where poll() cannot see it. */
    for (int i = 0; i < 400; i++)
        g_string_append_printf(answer, "\x81\x7d%0125d", i);
    g_assert_cmpint(write(t.server.in, answer->str, answer->len), ==, (ssize_t)answer->len);
}

static void on_open(void *data)
{
    (void)data;
    t.opened++;
    g_assert_true(ws_send(t.w, "hello", 5));
}

static void on_message(const char *text, size_t len, void *data)
{
    (void)data;
    g_assert_cmpuint(len, ==, 125);
    g_assert_cmpint(atoi(text), ==, t.got);
    t.got++;
}

static void on_closed(const struct ws_closed *closed, void *data)
{
    (void)data;
    t.closed++;
    t.reason = closed->reason;
}

static void open_wss(loop *l, const char *host)
{
    static const struct ws_handler handler = {on_open, on_message, on_closed};
    g_autofree char *url = g_strdup_printf("wss://%s:%d/?x=1", host, t.server.port);
    struct ws_options options = {.url = url};
    t.w = ws_open(l, &options, &handler, NULL);
}

static void test_wss(void)
{
    if (unavailable())
        return;
    memset(&t, 0, sizeof t);
    t.request = g_string_new(NULL);
    start_server(&t.server, "-quiet");
    loop *l = loop_new(clock_system(), NULL);
    loop_watch *watch = loop_watch_new(l, t.server.out, NULL, on_request, NULL);
    g_unsetenv("SSL_CERT_FILE");
    open_wss(l, "127.0.0.1");
    g_assert_true(turn_until(l, &t.closed, 1));
    g_assert_cmpint(t.reason, ==, WS_UNREACHABLE);
    ws_free(t.w);
    g_setenv("SSL_CERT_FILE", cert, TRUE);
    open_wss(l, "127.0.0.2"); /* another name than the certificate's */
    g_assert_true(turn_until(l, &t.closed, 2));
    g_assert_cmpint(t.reason, ==, WS_UNREACHABLE);
    g_assert_cmpint(t.opened, ==, 0);
    ws_free(t.w);
    open_wss(l, "127.0.0.1");
    g_assert_true(turn_until(l, &t.got, 400));
    g_assert_true(turn_until(l, &t.back, 11)); /* a frame of 5 bytes, masked */
    g_assert_nonnull(strstr(t.request->str, "GET /?x=1 HTTP/1.1\r\n"));
    g_assert_cmpint(t.closed, ==, 2);
    g_unsetenv("SSL_CERT_FILE");
    ws_free(t.w);
    loop_watch_free(watch);
    loop_free(l);
    stop_server(&t.server);
    g_string_free(t.request, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    signal(SIGPIPE, SIG_IGN);
    forget_proxies();
    make_certificate();
    g_test_add_func("/tls/https", test_https);
    g_test_add_func("/tls/wss", test_wss);
    int status = g_test_run();
    g_remove(cert);
    g_remove(key);
    g_rmdir(dir);
    g_free(dir);
    g_free(cert);
    g_free(key);
    return status;
}
