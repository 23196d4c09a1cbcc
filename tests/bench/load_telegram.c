/*
 * A load server that plays Telegram: one thread, epoll, answers from prepared
 * pieces. It prints "port N", then obeys lines on standard input, and prints one
 * JSON object when each is done:
 *
 *   open USERS     USERS people type /practice 1000 in private; ends when each has had an answer
 *   backlog N      N typed answers are waiting, 100 a getUpdates; ends when each has been answered
 *   paced RATE N   N typed answers come RATE a second, from one person after the other
 *   idle SECONDS   nothing happens
 *   started        the bot is being started now (prints nothing)
 *
 * What is measured is on this side of the wire: from the moment an update is
 * written to the moment the sendMessage for its chat has been read.
 */
#include "load_net.h"
#include "load_phase.h"

enum {
    BATCH = 100,
    BODY_BYTES = 1 << 18,
    FIRST_CHAT = 500000000,
    QUIET_NS = 300 * 1000 * 1000, /* how long superfluous messages are waited for */
};

enum mode { NOTHING, OPENING, BACKLOG, PACED, IDLE };

static enum mode mode;
static struct phase phase;
static int64_t confirmed; /* updates of the phase that the offset has passed */
static int64_t started_at, first_poll, paced_from, message_id = 100;
static int64_t polls, other_calls, sent_bytes;
static double rate;

/* ---- updates ---- */

static size_t put_update(char *at, size_t size, int64_t i)
{
    int user = phase_user(&phase, i), id = FIRST_CHAT + user;
    const char *text = mode == OPENING ? "/practice 1000" : phase_text(&phase, i);
    const char *entities =
        mode == OPENING ? ",\"entities\":[{\"offset\":0,\"length\":9,\"type\":\"bot_command\"}]"
                        : "";
    int n =
        snprintf(at, size,
                 "{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"from\":{\"id\":%d,"
                 "\"is_bot\":false,\"first_name\":\"민수%d\",\"last_name\":\"김\",\"username\":"
                 "\"user%d\",\"language_code\":\"ko\"},\"chat\":{\"id\":%d,\"first_name\":"
                 "\"민수%d\",\"last_name\":\"김\",\"username\":\"user%d\",\"type\":\"private\"},"
                 "\"date\":%lld,\"text\":\"%s\"%s}}",
                 (long long)(phase.first + i), (long long)++message_id, id, user, user, id, user,
                 user, (long long)time(NULL), text, entities);

    return (size_t)n < size ? (size_t)n : size;
}

/* What has been released and not yet confirmed, 100 at a time; waits when there is none. */
static void answer_poll(struct net_connection *c)
{
    static char body[BODY_BYTES];
    size_t len = 0;
    int64_t now, end = confirmed + BATCH < phase.released ? confirmed + BATCH : phase.released;

    c->mark = end <= confirmed;
    if (c->mark)
        return;
    len += (size_t)snprintf(body, sizeof body, "{\"ok\":true,\"result\":[");
    for (int64_t i = confirmed; i < end; i++) {
        if (i > confirmed)
            body[len++] = ',';
        len += put_update(body + len, sizeof body - len - 3, i);
    }
    memcpy(body + len, "]}", 2);
    now = net_now();
    for (int64_t i = confirmed; i < end; i++)
        phase_delivered(&phase, i, now);
    net_answer(c, body, len + 2);
}

static void release(int64_t n)
{
    phase.released = n < phase.total ? n : phase.total;
    for (int i = 0; i < NET_CONNECTIONS; i++) {
        struct net_connection *c = net.connections[i];

        if (c != NULL && c->mark && phase.released > confirmed)
            answer_poll(c);
    }
}

/* ---- requests ---- */

static void on_poll(struct net_connection *c, const char *body)
{
    int64_t offset = phase_number(body, "\"offset\":", 0) - phase.first;

    if (first_poll == 0)
        first_poll = net_now();
    polls++;
    if (offset > confirmed)
        confirmed = offset < phase.released ? offset : phase.released;
    answer_poll(c);
}

static void on_message(struct net_connection *c, const struct net_request *r)
{
    char text[512];
    int64_t chat = phase_number(r->body, "\"chat_id\":", 0), now = net_now();

    sent_bytes += (int64_t)r->body_len;
    snprintf(
        text, sizeof text,
        "{\"ok\":true,\"result\":{\"message_id\":%lld,\"from\":{\"id\":1,\"is_bot\":true,"
        "\"first_name\":\"bot\",\"username\":\"load_bot\"},\"chat\":{\"id\":%lld,\"first_name\":"
        "\"민수\",\"type\":\"private\"},\"date\":%lld,\"text\":\"...\"}}",
        (long long)++message_id, (long long)chat, (long long)time(NULL));
    net_answer_text(c, text);
    phase_message(&phase, chat - FIRST_CHAT, now);
}

static bool calls(const struct net_request *r, const char *name)
{
    size_t m = strlen(name), n = r->path_len;

    return n > m && r->path[n - m - 1] == '/' && strncasecmp(r->path + n - m, name, m) == 0;
}

static void on_request(struct net_connection *c, const struct net_request *r)
{
    if (calls(r, "sendMessage")) {
        on_message(c, r);
    } else if (calls(r, "getUpdates")) {
        on_poll(c, r->body);
    } else if (calls(r, "getMe")) {
        net_answer_text(c,
                        "{\"ok\":true,\"result\":{\"id\":1,\"is_bot\":true,\"first_name\":\"bot\","
                        "\"username\":\"load_bot\",\"can_join_groups\":true,"
                        "\"can_read_all_group_messages\":false,"
                        "\"supports_inline_queries\":false}}");
    } else if (calls(r, "getWebhookInfo")) {
        net_answer_text(c, "{\"ok\":true,\"result\":{\"url\":\"\",\"has_custom_certificate\":false,"
                           "\"pending_update_count\":0}}");
    } else {
        other_calls++;
        net_answer_text(c, "{\"ok\":true,\"result\":true}");
    }
}

/* ---- phases ---- */

static void begin(enum mode m, int64_t n)
{
    mode = m;
    phase_begin(&phase, n, net_now());
    confirmed = polls = other_calls = sent_bytes = 0;
}

static void end(void)
{
    phase_print(&phase);
    printf(",\"polls\":%lld,\"other_calls\":%lld,\"connections\":%lld,\"bytes\":%lld,"
           "\"first_poll_ms\":%.3f}\n",
           (long long)polls, (long long)other_calls, (long long)net.accepted, (long long)sent_bytes,
           (double)(first_poll - started_at) / 1e6);
    fflush(stdout);
    mode = NOTHING;
}

static void on_command(char *line)
{
    long long n = 0;

    if (sscanf(line, "open %lld", &n) == 1 && n > 0 && n <= PHASE_USERS) {
        phase.users = (int)n;
        begin(OPENING, n);
        phase.turn = 0;
        release(n);
        net_pace(0.05, 0.05);
    } else if (sscanf(line, "backlog %lld", &n) == 1) {
        begin(BACKLOG, n);
        release(n);
        net_pace(0.05, 0.05);
    } else if (sscanf(line, "paced %lf %lld", &rate, &n) == 2) {
        begin(PACED, n);
        paced_from = net_now();
        net_pace(1 / rate, 1 / rate);
    } else if (sscanf(line, "idle %lf", &rate) == 1) {
        begin(IDLE, 0);
        net_pace(rate, 0);
    } else if (strcmp(line, "started") == 0) {
        started_at = net_now();
        first_poll = 0;
        begin(NOTHING, 0);
    } else {
        exit(5);
    }
}

static void on_pace(void)
{
    int64_t now = net_now();

    if (mode == PACED && phase.released < phase.total)
        release((int64_t)((double)(now - paced_from) / 1e9 * rate));
    /* Superfluous messages come after the last one: wait for some quiet. */
    bool done = phase.n_answers >= phase.total && confirmed >= phase.total &&
                now - phase.last_message > QUIET_NS;
    bool stuck =
        phase.released >= phase.total && now - phase.last_message > INT64_C(20) * 1000000000;

    if (mode == IDLE || (mode != NOTHING && (done || stuck))) {
        net_pace(0, 0);
        end();
    }
}

int main(void)
{
    static const struct net_ops ops = {
        .on_request = on_request, .on_command = on_command, .on_pace = on_pace};

    /* above those that a database from an earlier run knows */
    phase.first = time(NULL) % 400000 * 4000;
    printf("port %d\n", net_open(&ops));
    fflush(stdout);
    net_run();
    return 0;
}
