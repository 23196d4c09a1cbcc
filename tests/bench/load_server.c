/*
 * A load server that plays Telegram: one thread, epoll, answers from prepared
 * pieces. It prints "port N", then obeys lines on standard input, and prints one
 * JSON object when each is done:
 *
 *   open USERS        USERS people type /practice 1000 in private; ends when each has had an answer
 *   backlog N         N typed answers are waiting, 100 a getUpdates; ends when each has been
 * answered paced RATE N      N typed answers come RATE a second, from one person after the other
 *   idle SECONDS      nothing happens
 *
 * What is measured is on this side of the wire: from the moment an update is
 * written to the moment the sendMessage for its chat has been read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

enum {
    MOST_CONNECTIONS = 256,
    MOST_USERS = 100000,
    BATCH = 100,
    IN_BYTES = 1 << 18,
    OUT_BYTES = 1 << 18,
    FIRST_CHAT = 500000000,
    QUIET_NS = 300 * 1000 * 1000, /* how long superfluous messages are waited for */
};

/*
 * What people type: short and long, right and wrong, Korean and English. Which question it answers
 * is the bot's affair; a bank of virtualization makes most of them partly right.
 */
static const char *const ANSWERS[] = {
    "하이퍼바이저가 호스트 위에서 여러 게스트 운영 체제를 실행하고 하드웨어 자원을 나누어 쓰게 "
    "합니다.",
    "컨테이너는 호스트의 커널을 공유하고 네임스페이스와 cgroup으로 격리하기 때문에 가상 머신보다 "
    "가볍고 빨리 시작됩니다. "
    "반면에 가상 머신은 게스트 운영 체제를 따로 가지므로 격리 수준이 더 높습니다.",
    "a hypervisor runs several guest operating systems on one host and shares the hardware between "
    "them",
    "전가상화는 하드웨어를 모두 에뮬레이션하고 반가상화는 게스트가 하이퍼콜을 직접 부릅니다.",
    "가상 머신 또는 인터프리터를 통해 실행되므로 플랫폼에 독립적이지만 성능이 떨어질 수 있습니다.",
    "도커는 이미지를 레이어로 쌓고 컨테이너로 실행합니다.",
    "Type 1 hypervisors run on bare metal; type 2 hypervisors run inside a host operating system. "
    "The first "
    "kind performs better because no host system stands between the guest and the hardware.",
    "호스트 시스템의 하드웨어 호환성을 확인하고 리소스 할당을 적절히 구성하며 방화벽과 보안 설정을 "
    "해야 합니다. 또한 "
    "스냅샷과 백업을 준비하고 모니터링으로 성능 병목을 찾아야 합니다.",
};
enum { N_ANSWERS = sizeof ANSWERS / sizeof ANSWERS[0] };

struct connection {
    int fd;
    size_t in_len, out_len, out_at;
    bool polling; /* its getUpdates waits */
    char in[IN_BYTES], out[OUT_BYTES];
};

static struct connection *connections[MOST_CONNECTIONS];
static int poller, pacer, listener;
static char texts[N_ANSWERS][2048]; /* ANSWERS as JSON string contents: they need no escapes */

/* ---- the stream of updates ---- */

enum mode { NOTHING, OPENING, BACKLOG, PACED, IDLE };

static enum mode mode;
static int users;
static int64_t first_id;                   /* update_id of the phase's update 0 */
static int64_t total, released, confirmed; /* updates of the phase */
static int64_t *delivered;                 /* ns, an update; 0: not yet */
static int32_t *answered;                  /* messages a user, this phase */
static double *latencies;                  /* ms */
static int64_t n_latencies, n_answered, superfluous, redelivered, bad;
static int64_t phase_start, last_message, paced_from, first_poll, started_at;
static double rate;
static int64_t message_id = 100;
static int64_t user_turn; /* where the next phase begins among the users */
static int64_t polls, other_calls, connections_made, sent_bytes;

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int user_of(int64_t update)
{
    return (int)((user_turn + update) % users);
}

static size_t put_update(char *at, size_t size, int64_t i)
{
    int user = user_of(i);
    const char *text = mode == OPENING ? "/practice 1000" : texts[(first_id + i) % N_ANSWERS];
    const char *entities =
        mode == OPENING ? ",\"entities\":[{\"offset\":0,\"length\":9,\"type\":\"bot_command\"}]"
                        : "";
    int id = FIRST_CHAT + user;
    int n =
        snprintf(at, size,
                 "{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"from\":{\"id\":%d,"
                 "\"is_bot\":false,\"first_name\":\"민수%d\",\"last_name\":\"김\",\"username\":"
                 "\"user%d\",\"language_code\":\"ko\"},\"chat\":{\"id\":%d,\"first_name\":"
                 "\"민수%d\",\"last_name\":\"김\",\"username\":\"user%d\",\"type\":\"private\"},"
                 "\"date\":%lld,\"text\":\"%s\"%s}}",
                 (long long)(first_id + i), (long long)++message_id, id, user, user, id, user, user,
                 (long long)time(NULL), text, entities);
    return (size_t)n < size ? (size_t)n : size;
}

/* ---- answers ---- */

static void arm(struct connection *c, bool write_too)
{
    struct epoll_event e = {.events = EPOLLIN | (write_too ? EPOLLOUT : 0), .data.ptr = c};

    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e);
}

static void flush(struct connection *c)
{
    while (c->out_at < c->out_len) {
        ssize_t n = write(c->fd, c->out + c->out_at, c->out_len - c->out_at);

        if (n < 0) {
            if (errno == EAGAIN)
                arm(c, true);
            return;
        }
        c->out_at += (size_t)n;
    }
    c->out_at = c->out_len = 0;
}

static void flush_more(struct connection *c)
{
    flush(c);
    if (c->out_len == 0)
        arm(c, false);
}

static void answer(struct connection *c, const char *body, size_t len)
{
    int head = snprintf(c->out + c->out_len, OUT_BYTES - c->out_len,
                        "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\n"
                        "Connection: keep-alive\r\nContent-Length: %zu\r\n\r\n",
                        len);

    if (c->out_len + (size_t)head + len > OUT_BYTES)
        exit(3);
    memcpy(c->out + c->out_len + head, body, len);
    c->out_len += (size_t)head + len;
    flush(c);
}

static void answer_text(struct connection *c, const char *body)
{
    answer(c, body, strlen(body));
}

/* What has been released and not yet confirmed, 100 at a time; waits when there is none. */
static void answer_poll(struct connection *c)
{
    static char body[OUT_BYTES - 1024];
    size_t len = 0;
    int64_t now, end = confirmed + BATCH < released ? confirmed + BATCH : released;

    if (end <= confirmed) {
        c->polling = true;
        return;
    }
    c->polling = false;
    len += (size_t)snprintf(body, sizeof body, "{\"ok\":true,\"result\":[");
    for (int64_t i = confirmed; i < end; i++) {
        if (i > confirmed)
            body[len++] = ',';
        len += put_update(body + len, sizeof body - len - 3, i);
    }
    memcpy(body + len, "]}", 2);
    now = now_ns();
    for (int64_t i = confirmed; i < end; i++) {
        redelivered += delivered[i] != 0;
        delivered[i] = now;
    }
    answer(c, body, len + 2);
}

static void release(int64_t n)
{
    released = n < total ? n : total;
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
        if (connections[i] != NULL && connections[i]->polling && released > confirmed)
            answer_poll(connections[i]);
    }
}

static int64_t number_after(const char *body, const char *key, int64_t otherwise)
{
    const char *at = strstr(body, key);

    if (at == NULL)
        return otherwise;
    at += strlen(key);
    while (*at == ' ' || *at == '"')
        at++;
    return strtoll(at, NULL, 10);
}

static void on_poll(struct connection *c, const char *body)
{
    int64_t offset = number_after(body, "\"offset\":", 0);

    if (first_poll == 0)
        first_poll = now_ns();
    polls++;
    if (offset > first_id + confirmed)
        confirmed = offset - first_id < released ? offset - first_id : released;
    answer_poll(c);
}

static void on_message(struct connection *c, const char *body, size_t len)
{
    char text[512];
    int64_t chat = number_after(body, "\"chat_id\":", 0);
    int64_t user = chat - FIRST_CHAT, now = now_ns();

    last_message = now;
    sent_bytes += (int64_t)len;
    snprintf(
        text, sizeof text,
        "{\"ok\":true,\"result\":{\"message_id\":%lld,\"from\":{\"id\":1,\"is_bot\":true,"
        "\"first_name\":\"bot\",\"username\":\"load_bot\"},\"chat\":{\"id\":%lld,\"first_name\":"
        "\"민수\",\"type\":\"private\"},\"date\":%lld,\"text\":\"...\"}}",
        (long long)++message_id, (long long)chat, (long long)time(NULL));
    answer_text(c, text);
    if (user < 0 || user >= users) {
        bad++;
        return;
    }
    /* Its oldest update that has not been answered. */
    int64_t at = (user - user_turn % users + users) % users + (int64_t)answered[user] * users;

    answered[user]++;
    if (at >= total || delivered[at] == 0) {
        superfluous++;
        return;
    }
    n_answered++;
    latencies[n_latencies++] = (double)(now - delivered[at]) / 1e6;
}

static bool ends_with(const char *path, size_t n, const char *name)
{
    size_t m = strlen(name);

    return n > m && path[n - m - 1] == '/' && strncasecmp(path + n - m, name, m) == 0;
}

static void on_request(struct connection *c, const char *path, size_t n, const char *body,
                       size_t len)
{
    if (ends_with(path, n, "sendMessage")) {
        on_message(c, body, len);
    } else if (ends_with(path, n, "getUpdates")) {
        on_poll(c, body);
    } else if (ends_with(path, n, "getMe")) {
        answer_text(c, "{\"ok\":true,\"result\":{\"id\":1,\"is_bot\":true,\"first_name\":\"bot\","
                       "\"username\":\"load_bot\",\"can_join_groups\":true,"
                       "\"can_read_all_group_messages\":false,\"supports_inline_queries\":false}}");
    } else if (ends_with(path, n, "getWebhookInfo")) {
        answer_text(c, "{\"ok\":true,\"result\":{\"url\":\"\",\"has_custom_certificate\":false,"
                       "\"pending_update_count\":0}}");
    } else {
        other_calls++;
        answer_text(c, "{\"ok\":true,\"result\":true}");
    }
}

/* ---- HTTP ---- */

/* One whole request at the buffer's beginning: its length, 0 when it is not yet there. */
static size_t take_request(struct connection *c, size_t from)
{
    char *head = c->in + from, *end, *path, *path_end;
    size_t len = 0, size;
    const char *field;

    c->in[c->in_len] = '\0';
    end = strstr(head, "\r\n\r\n");
    if (end == NULL)
        return 0;
    *end = '\0';
    field = strcasestr(head, "\r\nContent-Length:");
    if (field != NULL)
        len = (size_t)strtoul(field + 17, NULL, 10);
    *end = '\r';
    size = (size_t)(end + 4 - head) + len;
    if (from + size > c->in_len)
        return 0;
    path = strchr(head, ' ');
    path_end = path != NULL ? strpbrk(path + 1, " ?") : NULL;
    if (path_end == NULL)
        exit(4);
    char kept = head[size];
    head[size] = '\0';
    on_request(c, path + 1, (size_t)(path_end - path - 1), end + 4, len);
    head[size] = kept;
    return size;
}

static void drop(struct connection *c)
{
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
        if (connections[i] == c)
            connections[i] = NULL;
    }
    close(c->fd);
    free(c);
}

static void on_readable(struct connection *c)
{
    ssize_t n = read(c->fd, c->in + c->in_len, IN_BYTES - 1 - c->in_len);
    size_t from = 0, size;

    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            drop(c);
        return;
    }
    c->in_len += (size_t)n;
    while ((size = take_request(c, from)) > 0)
        from += size;
    memmove(c->in, c->in + from, c->in_len - from);
    c->in_len -= from;
}

static void on_connect(void)
{
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN};

    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
        if (connections[i] != NULL)
            continue;
        connections[i] = calloc(1, sizeof(struct connection));
        connections[i]->fd = fd;
        e.data.ptr = connections[i];
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
        connections_made++;
        return;
    }
    close(fd);
}

/* ---- phases ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double quantile(double q)
{
    return n_latencies > 0 ? latencies[(int64_t)(q * (double)(n_latencies - 1))] : 0;
}

static void begin_phase(enum mode m, int64_t n)
{
    mode = m;
    first_id += total;
    if (users > 0)
        user_turn = (user_turn + total) % users;
    total = n;
    released = confirmed = 0;
    free(delivered);
    free(latencies);
    delivered = calloc((size_t)n + 1, sizeof *delivered);
    latencies = calloc((size_t)n + 1, sizeof *latencies);
    memset(answered, 0, MOST_USERS * sizeof *answered);
    n_latencies = n_answered = superfluous = redelivered = bad = polls = other_calls = sent_bytes =
        0;
    phase_start = last_message = now_ns();
}

static void end_phase(void)
{
    double seconds = (double)(last_message - phase_start) / 1e9;

    qsort(latencies, (size_t)n_latencies, sizeof *latencies, by_size);
    printf("{\"updates\":%lld,\"answered\":%lld,\"superfluous\":%lld,\"redelivered\":%lld,\"bad\":%"
           "lld,"
           "\"seconds\":%.6f,\"p50\":%.4f,\"p99\":%.4f,\"longest\":%.4f,\"polls\":%lld,"
           "\"other_calls\":%lld,\"connections\":%lld,\"bytes\":%lld,\"first_poll_ms\":%.3f}\n",
           (long long)total, (long long)n_answered, (long long)superfluous, (long long)redelivered,
           (long long)bad, seconds, quantile(0.5), quantile(0.99), quantile(1), (long long)polls,
           (long long)other_calls, (long long)connections_made, (long long)sent_bytes,
           (double)(first_poll - started_at) / 1e6);
    fflush(stdout);
    mode = NOTHING;
}

static void set_pacer(double seconds, double every)
{
    struct itimerspec t = {{(time_t)every, (long)((every - (double)(time_t)every) * 1e9)},
                           {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)}};

    timerfd_settime(pacer, 0, &t, NULL);
}

static void on_command(char *line)
{
    long long n = 0;

    if (sscanf(line, "open %d", &users) == 1 && users > 0 && users <= MOST_USERS) {
        first_id += total;
        total = user_turn = 0;
        begin_phase(OPENING, users);
        release(users);
        set_pacer(0.05, 0.05);
    } else if (sscanf(line, "backlog %lld", &n) == 1) {
        begin_phase(BACKLOG, n);
        release(n);
        set_pacer(0.05, 0.05);
    } else if (sscanf(line, "paced %lf %lld", &rate, &n) == 2) {
        begin_phase(PACED, n);
        paced_from = now_ns();
        set_pacer(1 / rate, 1 / rate);
    } else if (sscanf(line, "idle %lf", &rate) == 1) {
        begin_phase(IDLE, 0);
        set_pacer(rate, 0);
    } else if (strncmp(line, "started", 7) == 0) {
        started_at = now_ns(); /* the bot is being started now */
        first_poll = 0;
        first_id += total;
        total = released = confirmed = 0;
    } else {
        exit(5);
    }
}

static void on_pacer(void)
{
    uint64_t times;
    int64_t now = now_ns();

    if (read(pacer, &times, sizeof times) != sizeof times)
        return;
    if (mode == PACED && released < total)
        release((int64_t)((double)(now - paced_from) / 1e9 * rate));
    /* Superfluous messages come after the last one: wait for some quiet. */
    bool done = n_answered >= total && confirmed >= total && now - last_message > QUIET_NS;
    bool stuck = (mode == OPENING || mode == BACKLOG || released >= total) &&
                 now - last_message > 20LL * 1000000000;

    if (mode == IDLE || (mode != NOTHING && (done || stuck))) {
        set_pacer(0, 0);
        end_phase();
    }
}

static void open_listener(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        exit(2);
    printf("port %d\n", ntohs(at.sin_port));
    fflush(stdout);
}

static void on_input(void)
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
        on_command(input);
        have -= (size_t)(newline + 1 - input);
        memmove(input, newline + 1, have + 1);
    }
}

static void watch(int fd, void *mark)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = mark};

    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

int main(void)
{
    struct epoll_event ready[64];
    static int input_mark, pacer_mark, listener_mark;

    first_id =
        time(NULL) % 400000 * 4000; /* above those that a database from an earlier run knows */
    poller = epoll_create1(EPOLL_CLOEXEC);
    pacer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    answered = calloc(MOST_USERS, sizeof *answered);
    for (int i = 0; i < N_ANSWERS; i++)
        snprintf(texts[i], sizeof texts[i], "%s", ANSWERS[i]);
    open_listener();
    watch(0, &input_mark);
    watch(pacer, &pacer_mark);
    watch(listener, &listener_mark);
    for (;;) {
        int n = epoll_wait(poller, ready, 64, -1);

        for (int i = 0; i < n; i++) {
            void *mark = ready[i].data.ptr;

            if (mark == &input_mark)
                on_input();
            else if (mark == &pacer_mark)
                on_pacer();
            else if (mark == &listener_mark)
                on_connect();
            else if ((ready[i].events & EPOLLOUT) != 0)
                flush_more(mark);
            else
                on_readable(mark);
        }
    }
}
