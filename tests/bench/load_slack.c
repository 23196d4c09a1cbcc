/*
 * A load server that plays Slack: the Web API and Socket Mode on one port, from prepared pieces. It
 * prints "port N", then obeys lines on standard input, and prints one JSON object when each is
 * done:
 *
 *   open USERS          USERS people write "practice 1000" to the bot; ends when each has had an
 *                       answer
 *   burst N             N typed answers at once
 *   broken N            the same, and the connection is cut when half of them is acknowledged: what
 *                       is not acknowledged then comes again over the next connection
 *   paced RATE N        N typed answers come RATE a second, from one person after the other
 *   drops N             N times an answer, then the connection is cut
 *   idle SECONDS EVERY  nothing happens but a ping of Slack's EVERY seconds (0: none)
 *   started             the bot is being started now (prints nothing)
 *
 * What is measured is on this side of the wire: from the moment an envelope is written to the
 * moment its acknowledgement, or the chat.postMessage for its channel, has been read.
 */
#include <glib.h>

#include "load_net.h"
#include "load_phase.h"

enum {
    QUIET_NS = 300 * 1000 * 1000, /* how long superfluous messages are waited for */
    MOST_DROPS = 1000,
    OP_TEXT = 0x81, /* frames, whole */
    OP_CLOSE = 0x88,
    OP_PING = 0x89,
    OP_PONG = 0x8a,
};

enum mode { NOTHING, OPENING, BURST, BROKEN, PACED, DROPS, IDLE };

static enum mode mode;
static struct phase phase;
static bool *acked; /* an update */
static struct net_connection *bot;
static int64_t acks_twice, started_at, connected_at, paced_from, cut_at, idle_until;
static int64_t other_calls, bot_pings, messages_sent, base;
static double rate, reconnects[MOST_DROPS];
static int64_t n_reconnects;
static bool was_cut;
static int port;

/* ---- frames ---- */

static void put_frame(struct net_connection *c, int op, const char *bytes, size_t len)
{
    unsigned char head[4] = {(unsigned char)op, (unsigned char)len};
    size_t n = 2;

    if (len > 125) { /* none is longer than 65,535 */
        head[1] = 126;
        head[2] = (unsigned char)(len >> 8);
        head[3] = (unsigned char)len;
        n = 4;
    }
    net_put(c, head, n);
    net_put(c, bytes, len);
}

static void put_text(struct net_connection *c, const char *text)
{
    put_frame(c, OP_TEXT, text, strlen(text));
}

/* ---- envelopes ---- */

static void put_envelope(int64_t i, int attempt)
{
    char text[4096], ts[40];
    const char *typed = mode == OPENING ? "practice 1000" : phase_text(&phase, i);
    int64_t number = phase.first + i;
    int user = phase_user(&phase, i);

    snprintf(ts, sizeof ts, "%lld.%06lld", (long long)(base + number / 1000000),
             (long long)(number % 1000000));
    snprintf(
        text, sizeof text,
        "{\"envelope_id\":\"%lld-4b1e-4d0a-9c5f-%d\",\"payload\":{\"token\":\"Z\",\"team_id\":"
        "\"T00000001\",\"context_team_id\":\"T00000001\",\"context_enterprise_id\":null,"
        "\"api_app_id\":\"A00000001\",\"event\":{\"type\":\"message\",\"user\":\"U%08d\","
        "\"text\":\"%s\",\"ts\":\"%s\",\"team\":\"T00000001\",\"client_msg_id\":"
        "\"1d2b4f6a-0000-4000-8000-%012lld\",\"blocks\":[{\"type\":\"rich_text\",\"block_id\":"
        "\"b0b0b\",\"elements\":[{\"type\":\"rich_text_section\",\"elements\":[{\"type\":\"text\","
        "\"text\":\"%s\"}]}]}],\"channel\":\"D%08d\",\"event_ts\":\"%s\",\"channel_type\":\"im\"},"
        "\"type\":\"event_callback\",\"event_id\":\"Ev%010lld\",\"event_time\":%lld,"
        "\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\"T00000001\",\"user_id\":"
        "\"U99999999\",\"is_bot\":true,\"is_enterprise_install\":false}],"
        "\"is_ext_shared_channel\":false,\"event_context\":\"4-eyJldCI6Im1lc3NhZ2UifQ\"},"
        "\"type\":\"events_api\",\"accepts_response_payload\":false,\"retry_attempt\":%d,"
        "\"retry_reason\":\"%s\"}",
        (long long)number, attempt, user, typed, ts, (long long)number, typed, user, ts,
        (long long)number, (long long)base, attempt, attempt > 0 ? "timeout" : "");
    put_text(bot, text);
    phase_delivered(&phase, i, net_now());
}

static void release(int64_t n)
{
    int64_t from = phase.released;

    phase.released = n < phase.total ? n : phase.total;
    if (bot == NULL)
        return; /* the next connection gets them */
    for (int64_t i = from; i < phase.released; i++)
        put_envelope(i, 0);
    net_flush(bot);
}

/* ---- the connection ---- */

static void cut(void)
{
    cut_at = net_now();
    was_cut = true;
    net_drop(bot);
}

static void on_gone(struct net_connection *c)
{
    if (c == bot)
        bot = NULL;
}

static void put_accept(struct net_connection *c, const char *head)
{
    static const char *const field = "\r\nSec-WebSocket-Key:";
    const char *at = strcasestr(head, field);
    guint8 digest[20];
    gsize len = sizeof digest;

    if (at == NULL)
        exit(6);
    at += strlen(field) + strspn(at + strlen(field), " ");
    g_autofree char *key = g_strndup(at, strcspn(at, "\r\n "));
    g_autofree char *both = g_strconcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sum, (const guchar *)both, -1);
    g_checksum_get_digest(sum, digest, &len);
    g_autofree char *accept = g_base64_encode(digest, len);
    g_autofree char *answer =
        g_strdup_printf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                        accept);
    net_put(c, answer, strlen(answer));
}

/* Over a new connection comes what the one before did not see acknowledged. */
static void deliver_again(void)
{
    for (int64_t i = 0; i < phase.released; i++) {
        if (!acked[i])
            put_envelope(i, phase.delivered[i] != 0);
    }
}

static void on_upgrade(struct net_connection *c, const char *head)
{
    int64_t now = net_now();

    bot = c;
    c->raw = true;
    put_accept(c, head);
    put_text(c, "{\"type\":\"hello\",\"num_connections\":1,\"debug_info\":{\"host\":\"applink-1\","
                "\"build_number\":1,\"approximate_connection_time\":18060},"
                "\"connection_info\":{\"app_id\":\"A00000001\"}}");
    if (connected_at == 0)
        connected_at = now;
    if (was_cut && n_reconnects < MOST_DROPS)
        reconnects[n_reconnects++] = (double)(now - cut_at) / 1e6;
    was_cut = false;
    deliver_again();
    net_flush(c);
    if (mode == DROPS)
        release(phase.released + 1);
}

static void on_ack(char *text, int64_t now)
{
    int64_t i = phase_number(text, "\"envelope_id\":", -1) - phase.first;

    if (i < 0 || i >= phase.released) {
        phase.bad++;
        return;
    }
    acks_twice += acked[i];
    if (!acked[i])
        phase_ack(&phase, i, now);
    acked[i] = true;
    if (mode == BROKEN && !was_cut && n_reconnects == 0 && phase.n_acks >= phase.total / 2)
        cut();
}

/* One frame of the bot's: whole, masked, as a client's have to be. */
static size_t on_bytes(struct net_connection *c, char *bytes, size_t len)
{
    unsigned char *b = (unsigned char *)bytes;
    size_t size, head = 6;

    if (len < 6)
        return 0;
    size = b[1] & 127;
    if (size == 126) {
        size = (size_t)b[2] << 8 | b[3];
        head = 8;
    }
    if (size == 127 || (b[1] & 128) == 0)
        exit(7);
    if (len < head + size)
        return 0;
    char *text = bytes + head;
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(text[i] ^ text[(int)(i % 4) - 4]);
    if (b[0] == OP_PING) {
        bot_pings++;
        put_frame(c, OP_PONG, text, size);
        net_flush(c);
    } else if (b[0] == OP_CLOSE) {
        put_frame(c, OP_CLOSE, text, size);
        net_flush(c);
    } else if (b[0] == OP_TEXT) {
        char kept = text[size];

        text[size] = '\0';
        on_ack(text, net_now());
        text[size] = kept;
    }
    return head + size;
}

/* ---- the Web API ---- */

static bool calls(const struct net_request *r, const char *name)
{
    size_t m = strlen(name), n = r->path_len;

    return n > m && r->path[n - m - 1] == '/' && strncmp(r->path + n - m, name, m) == 0;
}

static void on_message(struct net_connection *c, const struct net_request *r)
{
    char text[256];
    int64_t user = phase_number(r->body, "\"channel\":\"D", -1), now = net_now();

    if (user < 0)
        user = phase_number(r->body, "channel=D", -1); /* a form: Slack takes both */
    messages_sent++;
    snprintf(text, sizeof text,
             "{\"ok\":true,\"channel\":\"D%08lld\",\"ts\":\"%lld.%06lld\",\"message\":{\"type\":"
             "\"message\",\"user\":\"U99999999\",\"text\":\"...\",\"bot_id\":\"B00000001\"}}",
             (long long)user, (long long)(base + 100000000 + messages_sent / 1000000),
             (long long)(messages_sent % 1000000));
    net_answer_text(c, text);
    phase_message(&phase, user, now);
}

static void on_person(struct net_connection *c, const struct net_request *r)
{
    char text[512];
    long long user = phase_number(r->body, "user=U", 0);

    snprintf(text, sizeof text,
             "{\"ok\":true,\"user\":{\"id\":\"U%08lld\",\"team_id\":\"T00000001\",\"name\":"
             "\"user%lld\",\"deleted\":false,\"real_name\":\"김민수%lld\",\"tz\":\"Asia/Seoul\","
             "\"tz_offset\":32400,\"is_admin\":false,\"is_owner\":false,\"is_bot\":false,"
             "\"locale\":\"ko-KR\",\"profile\":{\"real_name\":\"김민수%lld\",\"display_name\":"
             "\"민수%lld\"}}}",
             user, user, user, user, user);
    net_answer_text(c, text);
}

static void on_request(struct net_connection *c, const struct net_request *r)
{
    char text[256];

    if (strcasestr(r->head, "\r\nUpgrade: websocket") != NULL) {
        on_upgrade(c, r->head);
    } else if (calls(r, "chat.postMessage")) {
        on_message(c, r);
    } else if (calls(r, "users.info")) {
        on_person(c, r);
    } else if (calls(r, "apps.connections.open")) {
        snprintf(text, sizeof text, "{\"ok\":true,\"url\":\"ws://127.0.0.1:%d/link/?ticket=%lld\"}",
                 port, (long long)net_now());
        net_answer_text(c, text);
    } else if (calls(r, "auth.test")) {
        net_answer_text(c, "{\"ok\":true,\"url\":\"https://load.slack.com/\",\"team\":\"Load\","
                           "\"user\":\"interviewer\",\"team_id\":\"T00000001\",\"user_id\":"
                           "\"U99999999\",\"bot_id\":\"B00000001\"}");
    } else if (calls(r, "conversations.open")) {
        snprintf(text, sizeof text, "{\"ok\":true,\"channel\":{\"id\":\"D%08lld\"}}",
                 (long long)phase_number(r->body, "\"users\":\"U", 0));
        net_answer_text(c, text);
    } else {
        other_calls++;
        net_answer_text(c, "{\"ok\":true}");
    }
}

/* ---- phases ---- */

static void begin(enum mode m, int64_t n)
{
    mode = m;
    phase_begin(&phase, n, net_now());
    free(acked);
    acked = calloc((size_t)n + 1, sizeof *acked);
    acks_twice = other_calls = n_reconnects = bot_pings = 0;
    was_cut = false;
}

static void end(void)
{
    phase_print(&phase);
    qsort(reconnects, (size_t)n_reconnects, sizeof *reconnects, phase_ascending);
    printf(
        ",\"acked\":%lld,\"acked_twice\":%lld,\"ack_seconds\":%.6f,\"ack_p50\":%.4f,"
        "\"ack_p99\":%.4f,\"reconnects\":%lld,\"reconnect_p50\":%.3f,\"reconnect_longest\":"
        "%.3f,\"other_calls\":%lld,\"bot_pings\":%lld,\"connected_ms\":%.3f}\n",
        (long long)phase.n_acks, (long long)acks_twice,
        (double)(phase.last_ack - phase.start) / 1e9, phase_quantile(phase.acks, phase.n_acks, 0.5),
        phase_quantile(phase.acks, phase.n_acks, 0.99), (long long)n_reconnects,
        phase_quantile(reconnects, n_reconnects, 0.5), phase_quantile(reconnects, n_reconnects, 1),
        (long long)other_calls, (long long)bot_pings, (double)(connected_at - started_at) / 1e6);
    fflush(stdout);
    mode = NOTHING;
}

static void begin_at_once(enum mode m, int64_t n)
{
    begin(m, n);
    if (m == OPENING)
        phase.turn = 0;
    release(m == DROPS ? 1 : n);
    net_pace(0.02, 0.02);
}

static void on_command(char *line)
{
    long long n = 0;
    double every = 0;

    if (sscanf(line, "open %lld", &n) == 1 && n > 0 && n <= PHASE_USERS) {
        phase.users = (int)n;
        begin_at_once(OPENING, n);
    } else if (sscanf(line, "burst %lld", &n) == 1) {
        begin_at_once(BURST, n);
    } else if (sscanf(line, "broken %lld", &n) == 1) {
        begin_at_once(BROKEN, n);
    } else if (sscanf(line, "drops %lld", &n) == 1) {
        begin_at_once(DROPS, n);
    } else if (sscanf(line, "paced %lf %lld", &rate, &n) == 2) {
        begin(PACED, n);
        paced_from = net_now();
        net_pace(1 / rate, 1 / rate);
    } else if (sscanf(line, "idle %lf %lf", &rate, &every) == 2) {
        begin(IDLE, 0);
        idle_until = net_now() + (int64_t)(rate * 1e9);
        net_pace(every > 0 ? every : rate, every > 0 ? every : rate);
    } else if (strcmp(line, "started") == 0) {
        started_at = net_now();
        connected_at = 0;
        begin(NOTHING, 0);
    } else {
        exit(5);
    }
}

static bool answered(void)
{
    return phase.n_answers >= phase.released && phase.n_acks >= phase.released;
}

static bool is_over(int64_t now)
{
    int64_t quiet =
        now - (phase.last_message > phase.last_ack ? phase.last_message : phase.last_ack);

    if (mode == IDLE)
        return now >= idle_until - 1000000;
    if (phase.released < phase.total && quiet < INT64_C(20) * 1000000000)
        return false;
    return (answered() && quiet > QUIET_NS && bot != NULL &&
            (mode != DROPS || n_reconnects >= phase.total)) ||
           quiet > INT64_C(20) * 1000000000;
}

static void on_pace(void)
{
    int64_t now = net_now();

    if (mode == PACED && phase.released < phase.total)
        release((int64_t)((double)(now - paced_from) / 1e9 * rate));
    if (mode == DROPS && bot != NULL && answered() && n_reconnects < phase.released)
        cut();
    if (mode != NOTHING && is_over(now)) {
        net_pace(0, 0);
        end();
    } else if (mode == IDLE && bot != NULL) {
        put_frame(bot, OP_PING, "Ping from applink-1", 19);
        net_flush(bot);
    }
}

int main(void)
{
    static const struct net_ops ops = {on_request, on_bytes, on_gone, on_command, on_pace};

    base = time(NULL);
    port = net_open(&ops);
    printf("port %d\n", port);
    fflush(stdout);
    net_run();
    return 0;
}
