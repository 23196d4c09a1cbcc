/*
 * A backlog in private /practice through the whole program: this process plays
 * Telegram (bare, without checks: it must cost less than what it measures),
 * `interviewd run` is its child. One update is one typed answer, graded, stored
 * durably and answered by one sendMessage. Prints one JSON object a line.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USERS = 500, UPDATES = 5000, BATCH = 100, FIRST_ID = 1000, CONNECTIONS = 64 };

struct conn {
    int fd;
    GString *in;
};

static int listener, poller;
static int offered, asked; /* updates given out; those that asked for practice among them */
static int sent;
static struct conn *waiting; /* the connection that holds the long poll */
static GString *out;

/* ---- what Telegram says ---- */

static const char *answer_text(int i)
{
    static const char *const texts[] = {
        "프로세스는 독립된 메모리 공간을 가지고 스레드는 코드와 힙을 공유해서 문맥 교환이 더 "
        "가볍습니다.",
        "TCP는 연결을 맺고 순서와 재전송을 보장하지만 UDP는 그런 보장 없이 빠르게 보냅니다",
        "인덱스는 B+트리로 되어 있어서 검색은 빠르지만 쓰기가 느려지고 공간을 더 씁니다",
        "hypervisor는 게스트 운영체제마다 커널을 따로 두고 컨테이너는 호스트 커널을 같이 쓴다",
        "캐시는 자주 쓰는 것을 가까이 두는 것이고 만료와 무효화를 정해야 합니다",
        "잘 모르겠지만 페이지 테이블을 보고 가상 주소를 물리 주소로 바꾸는 것 같아요",
    };

    return texts[i % (int)G_N_ELEMENTS(texts)];
}

static void append_update(int n)
{
    int user = FIRST_ID + n % USERS;
    g_autofree char *text = n < USERS
                                ? g_strdup("/practice 1000")
                                : g_strdup_printf("%s (%d)", answer_text(n * 7 + n / USERS), n);

    g_string_append_printf(out,
                           "%s{\"update_id\":%d,\"message\":{\"message_id\":%d,\"from\":{\"id\":%d,"
                           "\"is_bot\":false,\"first_name\":\"User %d\",\"language_code\":\"ko\"},"
                           "\"chat\":{\"id\":%d,\"first_name\":\"User %d\",\"type\":\"private\"},"
                           "\"date\":1700000000,\"text\":\"%s\"}}",
                           out->str[out->len - 1] == '[' ? "" : ",", 100 + n, 10 + n, user, user,
                           user, user, text);
}

static void reply(struct conn *c, const char *body, size_t len)
{
    g_autofree char *head =
        g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu"
                        "\r\nConnection: keep-alive\r\n\r\n",
                        len);
    g_autoptr(GString) all = g_string_new(head);

    g_string_append_len(all, body, (gssize)len);
    for (size_t done = 0; done < all->len;) {
        ssize_t n = write(c->fd, all->str + done, all->len - done);

        if (n < 0 && errno != EAGAIN)
            return;
        done += n > 0 ? (size_t)n : 0;
    }
}

static void give_updates(void)
{
    int most = asked < USERS || sent >= USERS ? (asked < USERS ? USERS : USERS + UPDATES) : 0;

    if (waiting == NULL || offered >= most)
        return;
    g_string_assign(out, "{\"ok\":true,\"result\":[");
    for (int i = 0; i < BATCH && offered < most; i++, offered++)
        append_update(offered);
    asked = MIN(offered, USERS);
    g_string_append(out, "]}");
    reply(waiting, out->str, out->len);
    waiting = NULL;
}

static void reply_sent(struct conn *c, const char *chat)
{
    g_autofree char *body = NULL;

    sent++;
    body = g_strdup_printf(
        "{\"ok\":true,\"result\":{\"message_id\":%d,\"from\":{\"id\":7,\"is_bot\":true,"
        "\"first_name\":\"bot\",\"username\":\"bench_bot\"},\"chat\":{\"id\":%ld,"
        "\"first_name\":\"User\",\"type\":\"private\"},\"date\":1700000000,\"text\":"
        "\"...\"}}",
        1000000 + sent, strtol(chat, NULL, 10));
    reply(c, body, strlen(body));
}

static void serve(struct conn *c, const char *path, const char *body)
{
    static const char me[] =
        "{\"ok\":true,\"result\":{\"id\":7,\"is_bot\":true,\"first_name\":\"bot\","
        "\"username\":\"bench_bot\"}}";
    static const char yes[] = "{\"ok\":true,\"result\":true}";
    const char *method = strrchr(path, '/') + 1;

    if (g_str_has_prefix(method, "getUpdates")) {
        waiting = c;
    } else if (g_str_has_prefix(method, "sendMessage")) {
        const char *chat = strstr(body, "\"chat_id\":");

        reply_sent(c, chat != NULL ? chat + strlen("\"chat_id\":") : "0");
    } else if (g_str_has_prefix(method, "getMe")) {
        reply(c, me, sizeof me - 1);
    } else {
        reply(c, yes, sizeof yes - 1);
    }
}

/* ---- connections ---- */

/* Serves the first whole request in C's buffer; false when there is none. */
static bool serve_one(struct conn *c)
{
    char *end = strstr(c->in->str, "\r\n\r\n"), *length, *space;
    size_t body = 0;

    if (end == NULL)
        return false;
    length = strcasestr(c->in->str, "content-length:");
    if (length != NULL && length < end)
        body = strtoul(length + strlen("content-length:"), NULL, 10);
    if (c->in->len < (size_t)(end + 4 - c->in->str) + body)
        return false;
    *end = '\0';
    space = strchr(c->in->str, ' ') + 1;
    *strchr(space, ' ') = '\0';
    serve(c, space, end + 4);
    g_string_erase(c->in, 0, (gssize)((size_t)(end + 4 - c->in->str) + body));
    return true;
}

static void on_readable(struct conn *c)
{
    char buffer[65536];
    ssize_t n = read(c->fd, buffer, sizeof buffer);

    if (n <= 0) {
        if (waiting == c)
            waiting = NULL;
        close(c->fd);
        g_string_free(c->in, TRUE);
        g_free(c);
        return;
    }
    g_string_append_len(c->in, buffer, n);
    while (serve_one(c))
        ;
}

static void on_connection(void)
{
    int yes = 1;
    struct conn *c = g_new0(struct conn, 1);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

    c->fd = accept(listener, NULL, NULL);
    c->in = g_string_new(NULL);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

static void turn(void)
{
    struct epoll_event ready[CONNECTIONS];
    int n = epoll_wait(poller, ready, CONNECTIONS, 60000);

    if (n == 0) {
        fprintf(stderr, "nothing happens: %d of %d updates offered, %d messages came\n", offered,
                USERS + UPDATES, sent);
        exit(1);
    }
    for (int i = 0; i < n; i++) {
        if (ready[i].data.ptr == NULL)
            on_connection();
        else
            on_readable(ready[i].data.ptr);
    }
    give_updates();
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    struct epoll_event event = {.events = EPOLLIN};

    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, len) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0)
        exit(1);
    poller = epoll_create1(0);
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    return ntohs(address.sin_port);
}

/* ---- the program ---- */

static pid_t start(const char *program, const char *folder, int port)
{
    g_autofree char *db = g_strdup_printf("bot.database=%s/bench.db", folder);
    g_autofree char *url = g_strdup_printf("telegram.api_url=http://127.0.0.1:%d", port);
    pid_t pid = fork();

    if (pid == 0) {
        setenv("INTERVIEWD_TELEGRAM_TOKEN", "7:bench-token-of-no-bot-at-all", 1);
        execl(program, program, "-o", db, "-o", url, "-o", "telegram.unlimited=yes", "-o",
              "limits.answers_per_minute=100000", "-o", "log.level=error", "run", (char *)NULL);
        _exit(127);
    }
    return pid;
}

static double cpu_us(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/schedstat", (int)pid);
    g_autofree char *text = NULL;

    /* Nanoseconds on a processor: exact, unlike the ticks of stat. */
    return g_file_get_contents(path, &text, NULL, NULL) ? strtod(text, NULL) / 1000 : 0;
}

static long anon_kib(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);
    g_autofree char *text = NULL;
    const char *at;

    if (!g_file_get_contents(path, &text, NULL, NULL) || (at = strstr(text, "RssAnon:")) == NULL)
        return 0;
    return strtol(at + strlen("RssAnon:"), NULL, 10);
}

static void print(const char *name, const char *unit, double value)
{
    printf("{\"bench\":\"telegram\",\"name\":\"%s\",\"unit\":\"%s\",\"median\":%.2f,\"min\":%.2f,"
           "\"max\":%.2f,\"runs\":1}\n",
           name, unit, value, value, value);
}

int main(int argc, char **argv)
{
    const char *program = argc > 1                         ? argv[1]
                          : g_getenv("INTERVIEWD") != NULL ? g_getenv("INTERVIEWD")
                                                           : "build/interviewd";
    g_autofree char *folder = g_dir_make_tmp("iv-bench-XXXXXX", NULL);
    g_autofree char *remove = NULL;
    pid_t pid;

    signal(SIGPIPE, SIG_IGN);
    out = g_string_new(NULL);
    pid = start(program, folder, listen_anywhere());
    while (sent < USERS)
        turn();
    double cpu = cpu_us(pid);
    gint64 began = g_get_monotonic_time();
    while (sent < USERS + UPDATES)
        turn();
    double wall = (double)(g_get_monotonic_time() - began);
    cpu = cpu_us(pid) - cpu;
    print("updates/s from a backlog in private practice", "1/s", UPDATES / wall * 1e6);
    print("CPU an update", "us", cpu / UPDATES);
    print("RssAnon after it", "KiB", (double)anon_kib(pid));
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    remove = g_strdup_printf("rm -rf %s", folder);
    return system(remove) == 0 ? 0 : 1;
}
