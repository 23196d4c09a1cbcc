/*
 * What one HTTP request costs over kept-alive connections on loopback: the
 * client in this process, a small server in a child. Prints one JSON object a line.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http.h"

enum { RUNS = 5, REQUESTS = 20000 };

/* ---- the server: answers every request that has arrived, with a fixed text ---- */

static const char JSON[] = "{\"ok\":true,\"result\":{\"message_id\":12345,\"date\":1700000000,"
                           "\"chat\":{\"id\":123456789,\"type\":\"private\"}}}";
static char answer[512];
static size_t answer_len;

static void build_answer(void)
{
    answer_len = (size_t)snprintf(answer, sizeof answer,
                                  "HTTP/1.1 200 OK\r\nServer: bench\r\n"
                                  "Content-Type: application/json\r\nConnection: keep-alive\r\n"
                                  "Content-Length: %zu\r\n\r\n%s",
                                  sizeof JSON - 1, JSON);
}

/* One request a read, whole: what this client does on loopback. */
static void serve_one(int fd)
{
    char buffer[65536];
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0)
        close(fd);
    else if (write(fd, answer, answer_len) < 0)
        close(fd);
}

static void serve(int listener)
{
    build_answer();
    int poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[64];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int n = epoll_wait(poller, ready, 64, -1);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.fd != listener) {
                serve_one(ready[i].data.fd);
                continue;
            }
            int fd = accept(listener, NULL, NULL), one = 1;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            struct epoll_event added = {.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(poller, EPOLL_CTL_ADD, fd, &added);
        }
    }
}

static int start_server(pid_t *ret_pid)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 64) != 0)
        g_error("listen: %s", g_strerror(errno));
    getsockname(fd, (struct sockaddr *)&at, &len);
    *ret_pid = fork();
    if (*ret_pid == 0)
        serve(fd);
    close(fd);
    return ntohs(at.sin_port);
}

/* ---- the client ---- */

struct run {
    loop *l;
    http *h;
    char *url, *body;
    int left_to_start, left_to_end, failed;
};

static double now_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void start_one(struct run *r);

static void on_done(const struct http_response *response, void *data)
{
    struct run *r = data;
    if (response->outcome != HTTP_ANSWERED || response->status != 200)
        r->failed++;
    if (--r->left_to_end == 0)
        loop_stop(r->l);
    else if (r->left_to_start > 0)
        start_one(r);
}

static void start_one(struct run *r)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    r->left_to_start--;
    struct http_request request = {
        .url = r->url, .headers = headers, .body = r->body, .body_len = strlen(r->body)};
    http_start(r->h, &request, on_done, r);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_row(const char *name, const char *unit, double *values)
{
    qsort(values, RUNS, sizeof *values, by_value);
    printf("{\"bench\":\"http\",\"name\":\"%s\",\"unit\":\"%s\",\"median\":%.2f,\"min\":%.2f,"
           "\"max\":%.2f,\"runs\":%d}\n",
           name, unit, values[RUNS / 2], values[0], values[RUNS - 1], RUNS);
}

static void measure(struct run *r, int width)
{
    double rate[RUNS], cpu[RUNS];
    for (int i = 0; i < RUNS; i++) {
        r->left_to_start = r->left_to_end = REQUESTS;
        r->failed = 0;
        double wall = now_us(CLOCK_MONOTONIC), used = now_us(CLOCK_PROCESS_CPUTIME_ID);
        for (int j = 0; j < width; j++)
            start_one(r);
        loop_run(r->l, NULL);
        rate[i] = REQUESTS / ((now_us(CLOCK_MONOTONIC) - wall) / 1e6);
        cpu[i] = (now_us(CLOCK_PROCESS_CPUTIME_ID) - used) / REQUESTS;
        if (r->failed > 0)
            g_error("%d requests failed", r->failed);
    }
    g_autofree char *a = g_strdup_printf("requests/s, %d in flight", width);
    g_autofree char *b = g_strdup_printf("client CPU a request, %d in flight", width);
    print_row(a, "1/s", rate);
    print_row(b, "us", cpu);
}

/* What a fresh easy handle for every request would cost, for comparison; connections still kept. */
static size_t ignore(char *bytes, size_t size, size_t n, void *data)
{
    (void)bytes, (void)data;
    return size * n;
}

static CURL *fresh_handle(const struct run *r, struct curl_slist *headers)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, r->url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->body);
    return easy;
}

static void measure_fresh(struct run *r)
{
    double cpu[RUNS];
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < RUNS; i++) {
        double used = now_us(CLOCK_PROCESS_CPUTIME_ID);
        for (int j = 0; j < REQUESTS / 4; j++) {
            CURL *easy = fresh_handle(r, headers);
            curl_multi_add_handle(multi, easy);
            int running = 1;
            while (curl_multi_perform(multi, &running) == CURLM_OK && running > 0)
                curl_multi_poll(multi, NULL, 0, 1000, NULL);
            curl_multi_remove_handle(multi, easy);
            curl_easy_cleanup(easy);
        }
        cpu[i] = (now_us(CLOCK_PROCESS_CPUTIME_ID) - used) / (REQUESTS / 4);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    print_row("plain libcurl, new handle each, 1 in flight", "us", cpu);
}

int main(void)
{
    pid_t server;
    int port = start_server(&server);
    signal(SIGPIPE, SIG_IGN);
    unsetenv("http_proxy");
    struct run r = {.l = loop_new(clock_system(), NULL)};
    r.h = http_new(r.l, 8);
    r.url = g_strdup_printf("http://127.0.0.1:%d/bot123456:AAExampleToken/sendMessage", port);
    GString *body = g_string_new("{\"chat_id\":123456789,\"text\":\"");
    for (int i = 0; i < 400; i++)
        g_string_append(body, "가상");
    g_string_append(body, "\"}");
    r.body = g_string_free(body, FALSE);
    measure(&r, 1);
    measure(&r, 7);
    measure_fresh(&r);
    http_free(r.h);
    loop_free(r.l);
    g_free(r.url);
    g_free(r.body);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    return 0;
}
