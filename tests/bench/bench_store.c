/*
 * Every command against a database of 1,000 chats, 20,000 people and 1,000,000 answers: how long
 * it takes from the event to the last row written (commit apart), for members picked at random.
 * INTERVIEWD_BENCH_ANSWERS makes it smaller.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gen_store.h"
#include "interview.h"
#include "store.h"

enum { RUNS = 200, QUESTIONS = 300 };

struct bench {
    catalog *cat;
    lexicon *lex;
    interview *in;
    store *store;
    struct book *book;
    struct gen gen;
    GRand *dice;
    int64_t now;
    double *times, *commits;
    int n_commits;
};

static void on_send(void *ctx, enum platform p, const struct send_opts *o, const reply *r)
{
    (void)ctx, (void)p, (void)o, (void)r;
}

static void on_file(void *ctx, enum platform p, const struct send_opts *o, const reply *r,
                    const char *name, const char *data, size_t len)
{
    (void)ctx, (void)p, (void)o, (void)r, (void)name, (void)data, (void)len;
}

static void on_text(void *ctx, const char *text)
{
    (void)ctx, (void)text;
}

static void on_edit(void *ctx, const reply *r)
{
    (void)ctx, (void)r;
}

static void on_refresh(void *ctx, enum platform p, const struct round *round, const reply *r)
{
    (void)ctx, (void)p, (void)round, (void)r;
}

static const struct store_sink sink = {on_send, on_file, on_text, on_edit, on_refresh, NULL};

static bank *make_bank(void)
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

/*
 * The time of this thread on a processor, in microseconds: what others on the machine do does not
 * count. The pages are in the system's cache, so there is no waiting for the disk but at commits,
 * which are measured by the clock on the wall.
 */
static int64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static double ms_since(int64_t begin)
{
    return (double)(cpu_us() - begin) / 1000.0;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *name, double *times, int n)
{
    qsort(times, (size_t)n, sizeof *times, ascending);
    printf("{\"bench\":\"store\",\"name\":\"%s\",\"unit\":\"ms\",\"median\":%.3f,\"min\":%.3f,"
           "\"max\":%.3f,\"runs\":%d,\"note\":\"p99 %.3f\"}\n",
           name, times[n / 2], times[0], times[n - 1], n, times[MIN(n - 1, n * 99 / 100)]);
    fflush(stdout);
}

/* A member of a chat of KIND, at random; -1: any kind. */
static void pick(struct bench *b, int kind, int64_t *ret_chat, int64_t *ret_user)
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

static void commit(struct bench *b)
{
    g_autoptr(GError) error = NULL;
    int64_t begin = g_get_monotonic_time();

    if (!store_commit(b->store, &error))
        g_error("%s", error->message);
    b->commits[b->n_commits++ % (RUNS * 4)] = (double)(g_get_monotonic_time() - begin) / 1000.0;
}

/* One event in a transaction of its own; gives its time without the commit. */
static double handle(struct bench *b, int64_t chat_id, int64_t user_id, const char *text,
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
    int64_t begin = cpu_us();

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

struct scene {
    const char *name, *text;
    int kind;           /* of the chat, -1 any */
    const char *before; /* said first, outside the time */
};

static const struct scene scenes[] = {
    {"/question", "/question", CHAT_PRIVATE, NULL},
    {"/question topic", "/question Topic3", CHAT_PRIVATE, NULL},
    {"an answer in private", "it holds the state of the machine, over a bus", CHAT_PRIVATE,
     "/question"},
    {"an answer in a group", "it holds the state of the machine and talks", CHAT_GROUP,
     "/question"},
    {"/hint", "/hint", CHAT_PRIVATE, "/question"},
    {"/skip", "/skip", CHAT_PRIVATE, "/question"},
    {"/again", "/again", CHAT_PRIVATE, NULL},
    {"/today", "/today", -1, NULL},
    {"/practice", "/practice 5", CHAT_PRIVATE, NULL},
    {"/stop", "/stop", CHAT_PRIVATE, "/practice 5"},
    {"/score in private", "/score", CHAT_PRIVATE, NULL},
    {"/score in a group", "/score", CHAT_GROUP, NULL},
    {"/leaderboard all", "/leaderboard all", CHAT_GROUP, NULL},
    {"/leaderboard month", "/leaderboard month", CHAT_GROUP, NULL},
    {"/leaderboard week", "/leaderboard week", CHAT_GROUP, NULL},
    {"/leaderboard today", "/leaderboard today", CHAT_GROUP, NULL},
    {"/why", "/why", -1, NULL},
    {"/topics", "/topics", -1, NULL},
    {"/topics off", "/topics off Topic2", -1, NULL},
    {"/settings", "/settings", -1, NULL},
    {"/daily", "/daily 09:00", -1, NULL},
    {"/holiday", "/holiday 12/25", -1, NULL},
    {"/pause", "/pause 3 days", -1, NULL},
    {"/timezone", "/timezone Asia/Seoul", -1, NULL},
    {"/reveal", "/reveal spoiler", CHAT_GROUP, NULL},
    {"/close", "/close 24", -1, NULL},
    {"/weekly", "/weekly on", CHAT_GROUP, NULL},
    {"/reminder", "/reminder on", CHAT_PRIVATE, NULL},
    {"/share", "/share on", -1, NULL},
    {"/anonymous", "/anonymous on", -1, NULL},
    {"/leaderboard, all anonymous", "/leaderboard", CHAT_GROUP, "/anonymous on"},
    {"/lang", "/lang en", -1, NULL},
    {"/help", "/help", -1, NULL},
    {"/start", "/start", -1, NULL},
    {"/export", "/export", CHAT_PRIVATE, NULL},
};

static void run_scene(struct bench *b, const struct scene *s)
{
    for (int i = 0; i < RUNS; i++) {
        int64_t chat, user;

        pick(b, s->kind, &chat, &user);
        if (s->before != NULL)
            handle(b, chat, user, s->before, 0);
        b->times[i] = handle(b, chat, user, s->text, 0);
    }
    report(s->name, b->times, RUNS);
}

/* The group of a thousand, whose boards and rounds are the longest. */
static void run_largest(struct bench *b)
{
    static const char *const said[] = {"/leaderboard all",  "/leaderboard month",
                                       "/leaderboard week", "/score",
                                       "an answer",         "/question"};

    for (size_t s = 0; s < G_N_ELEMENTS(said); s++) {
        g_autofree char *name = g_strconcat("group of 1000: ", said[s], NULL);

        for (int i = 0; i < RUNS / 4; i++) {
            g_autoptr(GArray) members = b->book->ops->members(b->book, 3, false);
            int64_t user = g_array_index(members, int64_t,
                                         (guint)g_rand_int_range(b->dice, 0, (int)members->len));

            b->times[i] = handle(b, 3, user, said[s], 0);
        }
        report(name, b->times, RUNS / 4);
    }
}

static void run_ticks(struct bench *b)
{
    int n = 0;

    b->now += 86400;
    int64_t begin = cpu_us();
    store_begin(b->store);
    g_autoptr(GArray) due = store_due_chats(b->store, b->now, b->gen.chats, 1 << PLATFORM_TERMINAL);
    b->times[0] = ms_since(begin);
    commit(b);
    report("finding 1000 due chats", b->times, 1);
    for (guint i = 0; i < due->len && n < RUNS; i++) {
        begin = cpu_us();
        store_begin(b->store);
        interview_tick(b->in, b->book, g_array_index(due, int64_t, i), b->now);
        b->times[n++] = ms_since(begin);
        commit(b);
    }
    if (n > 0)
        report("a chat's daily: closing, summary, posting", b->times, n);
    for (int i = 0; i < RUNS; i++) {
        begin = cpu_us();
        store_next_due(b->store, 1 << PLATFORM_TERMINAL);
        b->times[i] = ms_since(begin);
    }
    report("when the next is due", b->times, RUNS);
}

static void run_forgetting(struct bench *b)
{
    for (int i = 0; i < RUNS / 4; i++) {
        int64_t chat, user;

        pick(b, CHAT_PRIVATE, &chat, &user);
        handle(b, chat, user, "/forgetme", 0);
        b->times[i] = handle(b, chat, user, "/forgetme yes", 0);
    }
    report("/forgetme yes", b->times, RUNS / 4);
    for (int i = 0; i < RUNS / 4; i++) {
        int64_t begin = cpu_us();

        store_begin(b->store);
        store_erase_texts(b->store, b->gen.now - 700LL * 86400);
        b->times[i] = ms_since(begin);
        commit(b);
    }
    report("erasing 200 old texts (hourly upkeep)", b->times, RUNS / 4);
}

static void open_world(struct bench *b, const char *path)
{
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

int main(void)
{
    const char *smaller = g_getenv("INTERVIEWD_BENCH_ANSWERS");
    struct bench b = {.gen = {1000, 20000, smaller != NULL ? atoi(smaller) : 1000000, QUESTIONS,
                              20281109, 1830000000}};
    g_autofree char *folder = g_dir_make_tmp("iv-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bench.db", NULL);
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);
    double times[RUNS], commits[RUNS * 4], made;

    b.times = times;
    b.commits = commits;
    b.dice = g_rand_new_with_seed(1);
    b.now = b.gen.now + 3600;
    open_world(&b, path); /* makes the tables and the questions */
    store_close(b.store);
    int64_t begin = g_get_monotonic_time();
    gen_store(path, &b.gen);
    made = (double)(g_get_monotonic_time() - begin) / 1e6;
    interview_free(b.in);
    lexicon_free(b.lex);
    catalog_free(b.cat);
    open_world(&b, path);
    printf("{\"bench\":\"store\",\"name\":\"making the database\",\"unit\":\"s\",\"median\":%.1f,"
           "\"min\":%.1f,\"max\":%.1f,\"runs\":1}\n",
           made, made, made);
    for (size_t i = 0; i < G_N_ELEMENTS(scenes); i++)
        run_scene(&b, &scenes[i]);
    run_largest(&b);
    run_ticks(&b);
    run_forgetting(&b);
    report("commit (on the wall's clock)", commits, MIN(b.n_commits, RUNS * 4));
    store_close(b.store);
    interview_free(b.in);
    lexicon_free(b.lex);
    catalog_free(b.cat);
    g_rand_free(b.dice);
    return system(command) == 0 ? 0 : 1;
}
