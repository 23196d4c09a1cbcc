/* A bot's core over a made database: what bench_store's rooms share. */
#ifndef INTERVIEWD_BENCH_STORE_WORLD_H
#define INTERVIEWD_BENCH_STORE_WORLD_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gen_store.h"
#include "interview.h"
#include "outbox.h"
#include "store.h"

enum { RUNS = 200, COMMITS = RUNS * 4, QUESTIONS = 300 };

struct bench {
    catalog *cat;
    lexicon *lex;
    interview *in;
    store *store;
    struct book *book;
    struct gen gen;
    GRand *dice;
    int64_t now;
    double times[RUNS], commits[COMMITS];
    int n_commits;
};

/* ---- time ---- */

/*
 * The time of this thread on a processor, in microseconds: what others on the machine do does not
 * count. The pages are in the system's cache, so there is no waiting for the disk but at commits,
 * which are measured by the clock on the wall.
 */
static inline double cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline double ms_since(double begin)
{
    return (cpu_us() - begin) / 1000.0;
}

static inline int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline void report(const char *name, const char *unit, double *values, int n,
                          const char *note)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    printf("{\"bench\":\"store\",\"name\":\"%s\",\"unit\":\"%s\",\"median\":%.4f,\"min\":%.4f,"
           "\"max\":%.4f,\"runs\":%d,\"note\":\"%s\"}\n",
           name, unit, values[n / 2], values[0], values[n - 1], n, note);
    fflush(stdout);
}

/* A command, whose target is 5 ms. */
static inline void report_command(const char *name, double *times, int n)
{
    qsort(times, (size_t)n, sizeof *times, ascending);
    g_autofree char *note =
        g_strdup_printf("p99 %.3f; target: under 5", times[MIN(n - 1, n * 99 / 100)]);

    report(name, "ms", times, n, note);
}

static inline void report_one(const char *name, const char *unit, double value, const char *note)
{
    report(name, unit, &value, 1, note);
}

/* ---- the world ---- */

static inline void on_send(void *ctx, enum platform p, const struct send_opts *o, const reply *r)
{
    (void)ctx, (void)p, (void)o, (void)r;
}

static inline void on_file(void *ctx, enum platform p, const struct send_opts *o, const reply *r,
                           const char *name, const char *data, size_t len)
{
    (void)ctx, (void)p, (void)o, (void)r, (void)name, (void)data, (void)len;
}

static inline void on_text(void *ctx, const char *text)
{
    (void)ctx, (void)text;
}

static inline void on_edit(void *ctx, const reply *r)
{
    (void)ctx, (void)r;
}

static inline void on_refresh(void *ctx, enum platform p, const struct round *round, const reply *r)
{
    (void)ctx, (void)p, (void)round, (void)r;
}

static inline bank *make_bank(void)
{
    bank_builder *builder = bank_builder_new();
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < QUESTIONS; i++) {
        if (i % 50 == 0)
            g_string_append_printf(text, "# Topic%d\n\n", i / 50);
        g_string_append_printf(
            text,
            "<details><summary>What is part %d?</summary>\n\nPart number %d holds the "
            "state of the machine.\n\nIt talks to others over a bus.\n\n</details>\n\n",
            i, i);
    }
    bank_builder_add(builder, "bench.md", NULL, 0, "bench", text->str, text->len);
    return bank_builder_finish(builder);
}

static inline void commit(struct bench *b)
{
    g_autoptr(GError) error = NULL;
    int64_t begin = g_get_monotonic_time();

    if (!store_commit(b->store, &error))
        g_error("%s", error->message);
    b->commits[b->n_commits++ % COMMITS] = (double)(g_get_monotonic_time() - begin) / 1000.0;
}

static inline void open_world(struct bench *b, const char *path)
{
    static const struct store_sink sink = {on_send, on_file, on_text, on_edit, on_refresh, NULL};
    struct interview_options options = {.asks_ranked_a_day = 3};
    g_autoptr(GError) error = NULL;
    bank *bk = make_bank();

    b->cat = catalog_new();
    b->lex = lexicon_new();
    lexicon_finish(b->lex);
    b->in = interview_new(b->cat, b->lex, &options);
    b->store = store_open(path, &sink, &error);
    if (b->store == NULL)
        g_error("%s", error->message);
    b->book = store_book(b->store);
    store_begin(b->store);
    g_autofree int64_t *keys = store_register(b->store, bk);
    commit(b);
    interview_take_bank(b->in, bk, keys);
}

static inline void close_world(struct bench *b)
{
    store_close(b->store);
    interview_free(b->in);
    lexicon_free(b->lex);
    catalog_free(b->cat);
}

/* A member of a chat of KIND, at random; -1: any kind. */
static inline void pick(struct bench *b, int kind, int64_t *ret_chat, int64_t *ret_user)
{
    for (;;) {
        int64_t chat = g_rand_int_range(b->dice, 1, b->gen.chats + 1);
        g_autoptr(GArray) members = NULL;

        if (kind >= 0 && (chat % 3 == 0) != (kind == CHAT_GROUP))
            continue;
        members = b->book->ops->members(b->book, chat, false);
        if (members->len == 0)
            continue;
        *ret_chat = chat;
        *ret_user =
            g_array_index(members, int64_t, (guint)g_rand_int_range(b->dice, 0, (int)members->len));
        return;
    }
}

/* One event in a transaction of its own; gives its time without the commit. */
static inline double handle(struct bench *b, int64_t chat_id, int64_t user_id, const char *text,
                            int64_t round)
{
    struct chat chat = {0};
    struct user user = {0};
    struct event e = {.kind = EVENT_TEXT,
                      .text = text,
                      .round = round,
                      .now = b->now += 7,
                      .admin = ADMIN_YES,
                      .to_bot = true};
    double begin = cpu_us();

    store_begin(b->store);
    b->book->ops->chat(b->book, chat_id, &chat);
    b->book->ops->user(b->book, user_id, &user);
    e.chat = &chat;
    e.user = &user;
    interview_handle(b->in, b->book, &e);
    double ms = ms_since(begin);
    commit(b);
    chat_clear(&chat);
    user_clear(&user);
    return ms;
}

#endif
