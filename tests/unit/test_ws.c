/* The WebSocket client against a server on the same loop: handshakes, frames, faults, bounds,
 * deadlines. */
#include <glib.h>

#include "peer.h"
#include "ws.h"

enum { TEXT = 1, BINARY = 2, CONTINUATION = 0, CLOSE = 8, PING = 9, PONG = 10 };

static struct fake_clock fake;
static loop *l;
static struct peer *peer;
static ws *w;

/* ---- what the client saw ---- */

static struct {
    int opened, messages, closed;
    enum ws_reason reason;
    int code, status;
    GString *texts; /* joined by '|' */
    size_t longest;
    char *why;
} seen;

static bool free_on_message, close_on_open, echo;

static void on_open(void *data)
{
    (void)data;
    seen.opened++;
    if (close_on_open)
        ws_close(w, 1000);
}

static void on_message(const char *text, size_t len, void *data)
{
    (void)data;
    seen.messages++;
    seen.longest = MAX(seen.longest, len);
    g_assert_cmpint(text[len], ==, '\0');
    g_assert_true(g_utf8_validate(text, (gssize)len, NULL));
    g_string_append_len(seen.texts, text, (gssize)MIN(len, 64));
    g_string_append_c(seen.texts, '|');
    if (echo)
        g_assert_true(ws_send(w, text, len));
    if (free_on_message) {
        ws_free(w);
        w = NULL;
    }
}

static void on_closed(const struct ws_closed *closed, void *data)
{
    (void)data;
    seen.closed++;
    seen.reason = closed->reason;
    seen.code = closed->code;
    seen.status = closed->status;
    seen.why = g_strdup(closed->text);
    g_assert_nonnull(closed->text);
    g_assert_null(strstr(closed->text, "ticket"));
    ws_free(w);
    w = NULL;
}

static const struct ws_handler handler = {on_open, on_message, on_closed};

/* ---- the server ---- */

static const char *answer_status, *answer_extra; /* of the handshake */
static bool wrong_accept, say_nothing, one_byte_a_time;
static GByteArray *glued;    /* frames to send with the handshake */
static GString *server_text; /* text messages received, joined by '|' */
static int server_got, server_pings, server_pongs, server_close, server_frames;
static struct conn *server;

static void add_frame(GByteArray *to, bool fin, int opcode, const void *payload, size_t len)
{
    uint8_t head[10] = {(uint8_t)((fin ? 0x80 : 0) | opcode)};
    size_t n = 2;
    if (len < 126) {
        head[1] = (uint8_t)len;
    } else if (len < 65536) {
        head[1] = 126;
        head[2] = (uint8_t)(len >> 8);
        head[3] = (uint8_t)len;
        n = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++)
            head[2 + i] = (uint8_t)((uint64_t)len >> (56 - 8 * i));
        n = 10;
    }
    g_byte_array_append(to, head, (guint)n);
    if (len > 0)
        g_byte_array_append(to, payload, (guint)len);
}

static void send_bytes(const void *bytes, size_t len)
{
    server->trickle = one_byte_a_time;
    conn_send(server, bytes, len);
}

static void send_frame(bool fin, int opcode, const void *payload, size_t len)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    add_frame(bytes, fin, opcode, payload, len);
    send_bytes(bytes->data, bytes->len);
}

static void send_text(const char *text)
{
    send_frame(true, TEXT, text, strlen(text));
}

/* One whole frame of the client out of c->in; false when there is none yet. */
static bool take_frame(struct conn *c)
{
    const uint8_t *b = (const uint8_t *)c->in->str;
    if (c->in->len < 2)
        return false;
    size_t len = b[1] & 0x7f, head = 2;
    if (len == 126)
        len = (size_t)b[2] << 8 | b[3], head = 4;
    else if (len == 127)
        len = (size_t)b[6] << 24 | (size_t)b[7] << 16 | (size_t)b[8] << 8 | b[9], head = 10;
    if (c->in->len < head + 4 + len)
        return false;
    g_assert_cmpint(b[0] & 0xf0, ==, 0x80); /* whole, nothing reserved */
    g_assert_cmpint(b[1] & 0x80, ==, 0x80); /* masked */
    g_autoptr(GString) payload = g_string_new(NULL);
    for (size_t i = 0; i < len; i++)
        g_string_append_c(payload, (char)(b[head + 4 + i] ^ b[head + i % 4]));
    server_frames++;
    int opcode = b[0] & 15;
    if (opcode == TEXT)
        g_string_append_printf(server_text, "%.64s|", payload->str), server_got++;
    else if (opcode == PING)
        server_pings++;
    else if (opcode == PONG)
        server_pongs++;
    else if (opcode == CLOSE && len >= 2)
        server_close = (uint8_t)payload->str[0] << 8 | (uint8_t)payload->str[1];
    else if (opcode == CLOSE)
        server_close = 1005;
    else
        g_assert_not_reached();
    g_string_erase(c->in, 0, (gssize)(head + 4 + len));
    return true;
}

static char *accept_of(const char *request)
{
    uint8_t digest[20];
    gsize len = sizeof digest;
    const char *key = strstr(request, "Sec-WebSocket-Key: ");
    g_assert_nonnull(key);
    g_autofree char *text = g_strndup(key + 19, strcspn(key + 19, "\r"));
    g_autofree char *both = g_strconcat(text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
    g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sha, (const guchar *)both, -1);
    g_checksum_get_digest(sha, digest, &len);
    return g_base64_encode(digest, len);
}

static void on_bytes(struct conn *c)
{
    server = c;
    if (c->state == 1) {
        while (take_frame(c)) {
        }
        return;
    }
    if (say_nothing || strstr(c->in->str, "\r\n\r\n") == NULL)
        return;
    g_assert_true(g_str_has_prefix(c->in->str, "GET /link/?ticket=1234&app_id=5 HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(c->in->str, "\r\nSec-WebSocket-Version: 13\r\n"));
    g_autofree char *host = g_strdup_printf("\r\nHost: 127.0.0.1:%d\r\n", peer->port);
    g_assert_nonnull(strstr(c->in->str, host));
    c->state = 1;
    g_autofree char *accept = accept_of(c->in->str);
    g_string_truncate(c->in, 0);
    g_autofree char *head = g_strdup_printf(
        "HTTP/1.1 %s\r\nUpgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n%s"
        "Sec-WebSocket-Accept: %s\r\n\r\n",
        answer_status, answer_extra, wrong_accept ? "bm8gc3VjaCB0aGluZyBoZXJlIQ==" : accept);
    GString *all = g_string_new(head);
    g_string_append_len(all, (const char *)glued->data, glued->len);
    send_bytes(all->str, all->len);
    g_string_free(all, TRUE);
}

/* ---- one connection ---- */

static struct ws_options options;

static void open_ws(void)
{
    g_autofree char *url =
        g_strdup_printf("ws://127.0.0.1:%d/link/?ticket=1234&app_id=5", peer->port);
    options.url = url;
    w = ws_open(l, &options, &handler, NULL);
    options.url = NULL;
}

static void start(void)
{
    fake_clock_init(&fake, INT64_C(1700000000000), 1000);
    l = loop_new(&fake.clock, NULL);
    peer = peer_new(l, on_bytes);
    memset(&seen, 0, sizeof seen);
    seen.texts = g_string_new(NULL);
    server_text = g_string_new(NULL);
    glued = g_byte_array_new();
    answer_status = "101 Switching Protocols";
    answer_extra = "";
    wrong_accept = say_nothing = one_byte_a_time = free_on_message = close_on_open = echo = false;
    server_got = server_pings = server_pongs = server_close = server_frames = 0;
    server = NULL;
    options = (struct ws_options){.allow_plain = true, .max_message = 10000, .max_queue = 5000};
}

static void start_open(void)
{
    start();
    open_ws();
    g_assert_true(turn_until(l, &seen.opened, 1));
    g_assert_true(ws_is_open(w));
}

static void end(void)
{
    ws_free(w);
    w = NULL;
    peer_free(peer);
    loop_free(l);
    g_string_free(seen.texts, TRUE);
    g_free(seen.why);
    g_string_free(server_text, TRUE);
    g_byte_array_free(glued, TRUE);
}

static void turns(int n)
{
    for (int i = 0; i < n; i++)
        g_assert_true(loop_turn(l, 1, NULL));
}

static void expect_closed(enum ws_reason reason, int code)
{
    g_assert_true(turn_until(l, &seen.closed, 1));
    turns(3);
    g_assert_cmpint(seen.closed, ==, 1);
    if (seen.reason != reason || seen.code != code)
        g_test_message("closed: %d %d %s", seen.reason, seen.code, seen.why);
    g_assert_cmpint(seen.reason, ==, reason);
    g_assert_cmpint(seen.code, ==, code);
}

/* ---- messages ---- */

static void test_messages(void)
{
    start_open();
    send_text("hello");
    send_text("");
    send_text("가상화");
    g_assert_true(turn_until(l, &seen.messages, 3));
    g_assert_cmpstr(seen.texts->str, ==, "hello||가상화|");
    g_assert_true(ws_send(w, "one", 3));
    g_assert_true(ws_send(w, "둘", 3));
    g_assert_true(turn_until(l, &server_got, 2));
    g_assert_cmpstr(server_text->str, ==, "one|둘|");
    g_assert_false(ws_send(w, "\xff", 1));
    send_frame(true, PING, "abc", 3);
    g_assert_true(turn_until(l, &server_pongs, 1));
    g_assert_cmpint(server_frames, ==, 3);
    end();
}

static void send_script(void)
{
    g_string_truncate(seen.texts, 0);
    seen.messages = 0;
    send_frame(false, TEXT, "\xea\xb0", 2); /* cut inside a character */
    send_frame(true, PING, "between", 7);
    send_frame(false, CONTINUATION, "", 0);
    send_frame(false, CONTINUATION, "\x80", 1);
    send_frame(true, PONG, "", 0);
    send_frame(true, CONTINUATION, "!", 1);
    char medium[300], large[9000];
    memset(medium, 'm', sizeof medium);
    memset(large, 'l', sizeof large);
    send_frame(true, TEXT, medium, sizeof medium);
    send_frame(true, TEXT, large, sizeof large);
    g_assert_true(turn_until(l, &seen.messages, 3));
    g_assert_true(g_str_has_prefix(seen.texts->str, "가!|mmm"));
    g_assert_cmpuint(seen.longest, ==, sizeof large);
    g_assert_true(turn_until(l, &server_pongs, 1));
}

static void test_fragments(void)
{
    start_open();
    send_script();
    one_byte_a_time = true;
    send_script();
    g_assert_cmpint(seen.closed, ==, 0);
    end();
}

/* Thousands of fragments of one byte make one message, and cost its bytes. */
static void test_many_fragments(void)
{
    start_open();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    add_frame(bytes, false, TEXT, "a", 1);
    for (int i = 0; i < 8000; i++)
        add_frame(bytes, false, CONTINUATION, "b", i % 2 == 0 ? 1 : 0);
    add_frame(bytes, true, CONTINUATION, "c", 1);
    send_bytes(bytes->data, bytes->len);
    g_assert_true(turn_until(l, &seen.messages, 1));
    g_assert_cmpuint(seen.longest, ==, 4002);
    end();
}

static void test_glued(void)
{
    start();
    add_frame(glued, true, TEXT, "hello", 5);
    add_frame(glued, true, TEXT, "again", 5);
    open_ws();
    g_assert_true(turn_until(l, &seen.messages, 2));
    g_assert_cmpstr(seen.texts->str, ==, "hello|again|");
    end();
    start();
    one_byte_a_time = true;
    add_frame(glued, true, TEXT, "hello", 5);
    open_ws();
    g_assert_true(turn_until(l, &seen.messages, 1));
    g_assert_cmpstr(seen.texts->str, ==, "hello|");
    end();
}

/* More than a socket takes at once, both ways. */
static void test_much(void)
{
    start_open();
    echo = true;
    char text[100];
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    for (int i = 0; i < 40; i++) {
        memset(text, 'a' + i % 26, sizeof text);
        add_frame(bytes, true, TEXT, text, sizeof text);
    }
    for (int i = 1; i <= 200; i++) {
        send_bytes(bytes->data, bytes->len);
        g_assert_true(turn_until(l, &server_got, 40 * i));
    }
    g_assert_cmpint(seen.messages, ==, 8000);
    g_assert_cmpuint(ws_queued(w), ==, 0);
    end();
}

static void test_queue_bound(void)
{
    start_open();
    char text[1000];
    memset(text, 'q', sizeof text);
    int queued = 0;
    while (queued < 100 && ws_send(w, text, sizeof text))
        queued++;
    g_assert_cmpint(queued, ==, 4); /* 5,000 bytes, heads counted */
    g_assert_cmpuint(ws_queued(w), <=, 5000);
    g_assert_true(turn_until(l, &server_got, queued));
    g_assert_true(ws_send(w, text, sizeof text));
    g_assert_true(turn_until(l, &server_got, queued + 1));
    end();
}

/* ---- the peer breaks rules ---- */

static void expect_protocol_error(const void *bytes, size_t len, int code)
{
    start_open();
    send_text("before");
    send_bytes(bytes, len);
    send_text("after");
    expect_closed(WS_PROTOCOL, code);
    g_assert_cmpstr(seen.texts->str, ==, "before|");
    turns(3);
    g_assert_cmpint(server_close, !=, 0); /* it was told */
    end();
}

#define BREAKS(bytes, code) expect_protocol_error(bytes, sizeof(bytes) - 1, code)

static void test_broken_frames(void)
{
    BREAKS("\x81\x85\x01\x02\x03\x04hello", 1002); /* masked */
    BREAKS("\xc1\x02hi", 1002);                    /* a reserved bit */
    BREAKS("\x83\x02hi", 1002);                    /* unknown opcodes */
    BREAKS("\x8b\x02hi", 1002);
    BREAKS("\x80\x02hi", 1002);            /* continues nothing */
    BREAKS("\x01\x01h\x81\x01i", 1002);    /* a new one inside an old one */
    BREAKS("\x09\x01x", 1002);             /* a fragmented ping */
    BREAKS("\x89\x7e\x00\x7e", 1002);      /* a long ping */
    BREAKS("\x81\x7e\x00\x05hello", 1002); /* length not in its shortest form */
    BREAKS("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 1002);
    BREAKS("\x88\x02\x03\xed", 1002);     /* close code 1005 must not be sent */
    BREAKS("\x81\x02\xc3\x28", 1007);     /* not UTF-8 */
    BREAKS("\x01\x01\xc3\x80\x00", 1007); /* ends inside a character */
    BREAKS("\x81\x03\xed\xa0\x80", 1007); /* a surrogate */
    BREAKS("\x82\x02hi", 1003);           /* binary */
    BREAKS("\x81\x7e\x27\x11", 1009);     /* 10,001 bytes announced */
    BREAKS("\x81\x7f\x00\x00\x00\x00\xff\xff\xff\xff", 1009);
}

static void test_oversize_in_parts(void)
{
    start_open();
    char part[1000];
    memset(part, 'p', sizeof part);
    for (int i = 0; i < 11; i++)
        send_frame(false, i == 0 ? TEXT : CONTINUATION, part, sizeof part);
    expect_closed(WS_PROTOCOL, 1009);
    g_assert_cmpint(seen.messages, ==, 0);
    end();
}

/* Pings without end from a peer that reads nothing: our pongs must not pile up. */
static void test_ping_flood(void)
{
    start_open();
    server->deaf = true;
    g_autoptr(GByteArray) pings = g_byte_array_new();
    char payload[125];
    memset(payload, 'x', sizeof payload);
    for (int i = 0; i < 200; i++)
        add_frame(pings, true, PING, payload, sizeof payload);
    size_t most = 0;
    for (int i = 0; i < 20000 && seen.closed == 0; i++) {
        if (server->out->len < 1000000)
            conn_send(server, pings->data, pings->len);
        turns(1);
        most = MAX(most, w != NULL ? ws_queued(w) : 0);
    }
    g_assert_cmpint(seen.closed, ==, 1);
    g_assert_cmpint(seen.reason, ==, WS_PROTOCOL);
    g_assert_cmpuint(most, <=, 5000 + 65536 + 8192);
    end();
}

/* ---- handshakes ---- */

static void expect_refused(const char *status, const char *extra, bool wrong, int expected_status)
{
    start();
    answer_status = status;
    answer_extra = extra;
    wrong_accept = wrong;
    add_frame(glued, true, TEXT, "hello", 5);
    open_ws();
    expect_closed(WS_REFUSED, 0);
    g_assert_cmpint(seen.status, ==, expected_status);
    g_assert_cmpint(seen.opened, ==, 0);
    g_assert_cmpint(seen.messages, ==, 0);
    end();
}

static void test_bad_handshakes(void)
{
    expect_refused("429 Too Many Requests", "", false, 429);
    expect_refused("200 OK", "", false, 200);
    expect_refused("101 Switching Protocols", "", true, 101);
    expect_refused("101 Switching Protocols", "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                   false, 101);
    expect_refused("101 Switching Protocols", "Sec-WebSocket-Protocol: chat\r\n", false, 101);
    expect_refused("101 Switching Protocols", "Upgrade: h2c\r\n", false, 101);
    expect_refused("101 Switching Protocols", "no colon\r\n", false, 101);
    expect_refused("101 Switching Protocols", " folded: x\r\n", false, 101);
    expect_refused("10", "", false, 0);
    g_autoptr(GString) huge = g_string_new(NULL);
    while (huge->len < 20000)
        g_string_append(huge, "X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n");
    expect_refused("101 Switching Protocols", huge->str, false, 0);
}

static void garbage(struct conn *c)
{
    g_string_truncate(c->in, 0);
    conn_puts(c, "SSH-2.0-OpenSSH_9.2\r\n");
}

static void hang_up(struct conn *c)
{
    conn_close(c);
}

static void test_garbage(void)
{
    start();
    peer->on_bytes = garbage;
    open_ws();
    expect_closed(WS_REFUSED, 0);
    end();
    start();
    peer->on_bytes = hang_up;
    open_ws();
    expect_closed(WS_LOST, 0);
    end();
}

static void open_url(const char *url, bool allow_plain)
{
    start();
    options.url = url;
    options.allow_plain = allow_plain;
    w = ws_open(l, &options, &handler, NULL);
    g_assert_cmpint(seen.closed, ==, 0); /* never from inside */
    g_assert_false(ws_is_open(w));
    g_assert_false(ws_send(w, "x", 1));
}

static void test_unusable_urls(void)
{
    const char *const urls[] = {"ws://127.0.0.1:1/",
                                "http://127.0.0.1:1/",
                                "",
                                "wss://",
                                "wss://[::ticket/",
                                "ticket",
                                "wss://a b/ticket",
                                "ws://[::1]/ticket",
                                "file:///etc/passwd"};
    for (unsigned i = 0; i < G_N_ELEMENTS(urls); i++) {
        open_url(urls[i], false);
        expect_closed(WS_REFUSED, 0);
        end();
    }
    open_url("ws://example.org/ticket", true); /* plain to elsewhere: never */
    expect_closed(WS_REFUSED, 0);
    end();
}

static void test_nobody_there(void)
{
    int port;
    close(listen_somewhere(1, &port));
    g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%d/ticket", port);
    open_url(url, true);
    expect_closed(WS_UNREACHABLE, 0);
    end();
    /* A server that speaks no TLS. */
    start();
    peer->on_bytes = garbage;
    g_autofree char *tls = g_strdup_printf("wss://127.0.0.1:%d/ticket", peer->port);
    options.url = tls;
    w = ws_open(l, &options, &handler, NULL);
    expect_closed(WS_UNREACHABLE, 0);
    end();
}

/* ---- the end ---- */

static void test_close_by_peer(void)
{
    start_open();
    send_frame(true, CLOSE, "\x03\xe9going away", 12);
    expect_closed(WS_CLOSED_BY_PEER, 1001);
    g_assert_cmpstr(seen.why, ==, "the peer closed: going away");
    turns(3);
    g_assert_cmpint(server_close, ==, 1001);
    end();
    start_open();
    send_frame(true, CLOSE, "", 0);
    expect_closed(WS_CLOSED_BY_PEER, 1005);
    end();
    start_open();
    send_frame(true, CLOSE, "\x0f\xa0", 2);
    expect_closed(WS_CLOSED_BY_PEER, 4000);
    end();
}

static void test_close_by_us(void)
{
    start_open();
    ws_close(w, 1000);
    ws_close(w, 1000);
    g_assert_false(ws_is_open(w));
    g_assert_false(ws_send(w, "late", 4));
    send_text("still on its way");
    g_assert_true(turn_until(l, &server_close, 1));
    g_assert_cmpint(server_close, ==, 1000);
    g_assert_true(turn_until(l, &seen.messages, 1)); /* what was under way still arrives */
    send_frame(true, CLOSE, "\x03\xe8", 2);
    expect_closed(WS_CLOSED_BY_US, 1000);
    end();
    start_open(); /* the peer never answers */
    ws_close(w, 1001);
    turns(5);
    fake_clock_advance(&fake, 3000);
    expect_closed(WS_CLOSED_BY_US, 0);
    end();
    start(); /* before it was open */
    say_nothing = true;
    open_ws();
    ws_close(w, 1000);
    expect_closed(WS_CLOSED_BY_US, 0);
    end();
    start();
    close_on_open = true;
    open_ws();
    g_assert_true(turn_until(l, &server_close, 1));
    end();
}

static void test_lost(void)
{
    start_open();
    conn_close(server);
    expect_closed(WS_LOST, 0);
    end();
    start_open();
    send_frame(false, TEXT, "half", 4);
    conn_reset(server);
    expect_closed(WS_LOST, 0);
    end();
}

static void test_free_in_message(void)
{
    start();
    free_on_message = true;
    add_frame(glued, true, TEXT, "first", 5);
    add_frame(glued, true, TEXT, "second", 6);
    open_ws();
    g_assert_true(turn_until(l, &seen.messages, 1));
    turns(3);
    g_assert_cmpstr(seen.texts->str, ==, "first|");
    g_assert_cmpint(seen.closed, ==, 0);
    ws_free(NULL);
    end();
    start();
    open_ws();
    ws_free(w); /* at once, in the middle of connecting */
    w = NULL;
    turns(3);
    g_assert_cmpint(seen.closed, ==, 0);
    end();
}

/* ---- deadlines ---- */

static void test_connect_deadline(void)
{
    start();
    say_nothing = true;
    options.connect_ms = 4000;
    open_ws();
    turns(10);
    fake_clock_advance(&fake, 3999);
    turns(3);
    g_assert_cmpint(seen.closed, ==, 0);
    fake_clock_advance(&fake, 1);
    expect_closed(WS_UNREACHABLE, 0);
    end();
}

static void test_half_open(void)
{
    start_open();
    fake_clock_advance(&fake, 19999);
    turns(3);
    g_assert_cmpint(server_pings, ==, 0);
    fake_clock_advance(&fake, 1);
    g_assert_true(turn_until(l, &server_pings, 1));
    send_text("anything proves it");
    g_assert_true(turn_until(l, &seen.messages, 1));
    fake_clock_advance(&fake, 19999);
    turns(5);
    g_assert_cmpint(server_pings, ==, 1);
    fake_clock_advance(&fake, 1);
    g_assert_true(turn_until(l, &server_pings, 2));
    fake_clock_advance(&fake, 14999);
    turns(3);
    g_assert_cmpint(seen.closed, ==, 0);
    fake_clock_advance(&fake, 1); /* 35 s after the last byte */
    expect_closed(WS_SILENT, 0);
    end();
}

static void test_ping_on_demand(void)
{
    start_open();
    options.pong_ms = 100;
    ws_ping(w);
    ws_ping(w); /* one is enough */
    g_assert_true(turn_until(l, &server_pings, 1));
    send_frame(true, PONG, "", 0);
    turns(10);
    ws_ping(w);
    g_assert_true(turn_until(l, &server_pings, 2));
    g_assert_cmpint(server_pings, ==, 2);
    fake_clock_advance(&fake, 15000);
    expect_closed(WS_SILENT, 0);
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    forget_proxies();
    g_test_add_func("/ws/messages", test_messages);
    g_test_add_func("/ws/fragments", test_fragments);
    g_test_add_func("/ws/many-fragments", test_many_fragments);
    g_test_add_func("/ws/glued", test_glued);
    g_test_add_func("/ws/much", test_much);
    g_test_add_func("/ws/queue-bound", test_queue_bound);
    g_test_add_func("/ws/broken-frames", test_broken_frames);
    g_test_add_func("/ws/oversize-in-parts", test_oversize_in_parts);
    g_test_add_func("/ws/ping-flood", test_ping_flood);
    g_test_add_func("/ws/bad-handshakes", test_bad_handshakes);
    g_test_add_func("/ws/garbage", test_garbage);
    g_test_add_func("/ws/unusable-urls", test_unusable_urls);
    g_test_add_func("/ws/nobody-there", test_nobody_there);
    g_test_add_func("/ws/close-by-peer", test_close_by_peer);
    g_test_add_func("/ws/close-by-us", test_close_by_us);
    g_test_add_func("/ws/lost", test_lost);
    g_test_add_func("/ws/free-in-message", test_free_in_message);
    g_test_add_func("/ws/connect-deadline", test_connect_deadline);
    g_test_add_func("/ws/half-open", test_half_open);
    g_test_add_func("/ws/ping-on-demand", test_ping_on_demand);
    return g_test_run();
}
