/*
 * Every command against a database of 1,000 chats, 20,000 people and 1,000,000 answers: how long
 * it takes from the event to the last row written (commit apart), for members picked at random;
 * each statement by itself; a row's bytes; a backup beside a writer. INTERVIEWD_BENCH_ANSWERS makes
 * it smaller.
 */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "status.h"
#include "store_statements.h"
#include "store_world.h"

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
    report_command(s->name, b->times, RUNS);
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
        report_command(name, b->times, RUNS / 4);
    }
}

/* One of a group's members answers the question that is open there. */
static void answer_in(struct bench *b, int64_t chat)
{
    g_autoptr(GArray) members = b->book->ops->members(b->book, chat, false);
    struct round round = {0};

    if (members->len < 2)
        return;
    int64_t user = g_array_index(members, int64_t, 0);
    if (!b->book->ops->open_round(b->book, chat, &round))
        handle(b, chat, user, "/question", 0);
    if (b->book->ops->open_round(b->book, chat, &round))
        handle(b, chat, user, "it is on the bus", round.id);
}

/* A day's ticks of the chats DUE. */
static void tick_all(struct bench *b, const GArray *due, const char *name)
{
    for (guint i = 0; i < due->len; i++) {
        double begin = cpu_us();

        store_begin(b->store);
        interview_tick(b->in, b->book, g_array_index(due, int64_t, i), b->now);
        b->times[i] = ms_since(begin);
        commit(b);
    }
    report_command(name, b->times, (int)due->len);
}

static void run_ticks(struct bench *b)
{
    enum { AT_ONCE = 50 }; /* as many as a tick of the program takes */

    b->now += 86400;
    for (int i = 0; i < RUNS / 4; i++) {
        double begin = cpu_us();

        g_array_unref(store_due_chats(b->store, b->now, AT_ONCE, 1 << PLATFORM_TERMINAL));
        b->times[i] = ms_since(begin);
    }
    report_command("finding 50 of 1,000 due chats", b->times, RUNS / 4);
    g_autoptr(GArray) due = store_due_chats(b->store, b->now, RUNS, 1 << PLATFORM_TERMINAL);
    tick_all(b, due, "a chat's daily: closing, summary, posting");
    g_array_set_size(due, 0);
    for (int64_t chat = 3; chat <= 150; chat += 3) { /* groups */
        answer_in(b, chat);
        g_array_append_val(due, chat);
    }
    b->now += 86400;
    tick_all(b, due, "the same of groups that answered");
    for (int i = 0; i < RUNS; i++) {
        double begin = cpu_us();

        store_next_due(b->store, 1 << PLATFORM_TERMINAL);
        b->times[i] = ms_since(begin);
    }
    report_command("when the next is due", b->times, RUNS);
}

/* A message that quotes what USER said last waits to be sent. */
static void quote(struct bench *b, int64_t chat, int64_t user)
{
    struct answer last = {0};

    store_begin(b->store);
    kept_result_free(b->book->ops->result(b->book, chat, user, 0, &last));
    g_autofree char *body = g_strdup_printf("{\"text\":\"%s\"}", last.text);
    struct outbox_row row = {
        .platform = PLATFORM_TERMINAL, .chat = chat, .body = body, .created = b->now};
    outbox_add(b->store, &row);
    commit(b);
    answer_clear(&last);
}

/* Who was forgotten begins anew. */
static void come_back(struct bench *b, int64_t id)
{
    const struct chat fresh = {.zone = (char *)(uintptr_t) "Asia/Seoul"};
    g_autofree char *ext = g_strdup_printf("c%lld", (long long)id);
    struct chat chat = {0};

    store_begin(b->store);
    store_chat(b->store, PLATFORM_TERMINAL, ext, CHAT_PRIVATE, "again", &fresh, b->now, &chat);
    commit(b);
    chat_clear(&chat);
}

static void run_forgetting(struct bench *b)
{
    for (int i = 0; i < RUNS / 4; i++) {
        int64_t chat, user;

        pick(b, CHAT_PRIVATE, &chat, &user);
        quote(b, chat, user);
        handle(b, chat, user, "/forgetme", 0);
        b->times[i] = handle(b, chat, user, "/forgetme yes", 0);
        if (i % 4 == 0)
            come_back(b, chat);
    }
    report_command("/forgetme yes", b->times, RUNS / 4);
    for (int i = 0; i < RUNS / 4; i++) {
        double begin = cpu_us();

        store_begin(b->store);
        store_finish_forgetting(b->store);
        store_erase_texts(b->store, b->gen.now - 700LL * 86400, b->gen.now);
        b->times[i] = ms_since(begin);
        commit(b);
    }
    report_command("erasing 200 old texts (hourly upkeep)", b->times, RUNS / 4);
}

/* Two members of a group who have both answered its question become one. */
static void link_members(struct bench *b, int64_t chat)
{
    g_autoptr(GArray) members = b->book->ops->members(b->book, chat, false);
    struct round round = {0};

    if (members->len < 2)
        return;
    int64_t one = g_array_index(members, int64_t, 0), two = g_array_index(members, int64_t, 1);
    handle(b, chat, one, "/question", 0);
    if (!b->book->ops->open_round(b->book, chat, &round))
        return;
    handle(b, chat, one, "the state is on the bus", round.id);
    handle(b, chat, two, "others hold a part of the machine", round.id);
    store_begin(b->store);
    g_autofree char *code = b->book->ops->link_code(b->book, one, b->now + 600);
    commit(b);
    g_autofree char *said = g_strconcat("/link ", code, NULL);
    handle(b, chat, two, said, 0);
}

/* Two people of private chats become one. */
static void run_linking(struct bench *b)
{
    for (int i = 0; i < RUNS / 4; i++) {
        int64_t chats[2], users[2];
        g_autofree char *code = NULL, *said = NULL;

        pick(b, CHAT_PRIVATE, &chats[0], &users[0]);
        pick(b, CHAT_PRIVATE, &chats[1], &users[1]);
        store_begin(b->store);
        code = b->book->ops->link_code(b->book, users[0], b->now + 600);
        commit(b);
        said = g_strconcat("/link ", code, NULL);
        b->times[i] = handle(b, chats[1], users[1], said, 0);
        /* What only accounts that were joined ask. */
        handle(b, chats[1], users[1], "/leaderboard all", 0);
        handle(b, chats[1], users[1], "/leaderboard week", 0);
    }
    report_command("/link CODE, of two with a history", b->times, RUNS / 4);
    for (int64_t chat = 30; chat < 60; chat += 3)
        link_members(b, chat);
}

/* What a transport does around one event: seen before? the message out, its post, the offset. */
static void transport_event(struct bench *b, int64_t chat, int i)
{
    struct outbox_row row = {.platform = PLATFORM_TERMINAL,
                             .chat = chat,
                             .body = (char *)(uintptr_t) "{\"text\":\"a message\"}",
                             .key = (char *)(uintptr_t)(i % 8 == 0 ? "refresh:1" : NULL),
                             .created = b->now};
    g_autofree char *message = g_strdup_printf("m%d", i);
    struct chat_place place = {0};

    inbox_first(b->store, PLATFORM_TERMINAL, i + 1, NULL, b->now);
    outbox_add(b->store, &row);
    g_free(outbox_body(b->store, row.slot, row.id));
    chat_place_get(b->store, chat, &place);
    store_post_round(b->store, chat, "7");
    post_add(b->store, chat, message, 1 + i, true);
    g_free(post_main(b->store, 1 + i));
    transport_put_offset(b->store, PLATFORM_TERMINAL, i, b->now);
    if (i % 8 == 1)
        outbox_refused(b->store, &row, b->now, "refused");
    outbox_remove(b->store, row.slot, row.id);
    chat_place_clear(&place);
}

/* What comes more rarely. */
static void transport_upkeep(struct bench *b, int64_t chat, int64_t user, const char *ext)
{
    int64_t at;
    GArray *waiting;

    waiting_add(b->store, PLATFORM_TERMINAL, "{}", b->now);
    g_array_unref(outbox_rows(b->store, PLATFORM_TERMINAL, 0, 500));
    waiting = waiting_rows(b->store, PLATFORM_TERMINAL);
    g_ptr_array_unref(store_chats_of(b->store, PLATFORM_TERMINAL, ext));
    g_strfreev(store_groups_of(b->store, PLATFORM_TERMINAL, ext));
    g_free(store_account_name(b->store, PLATFORM_TERMINAL, ext));
    waiting_is(b->store, &g_array_index(waiting, struct waiting_row, 0));
    waiting_remove(b->store, &g_array_index(waiting, struct waiting_row, 0));
    g_array_unref(waiting);
    transport_offset(b->store, PLATFORM_TERMINAL, &at);
    answer_was(b->store, PLATFORM_TERMINAL, ext, "1", 0);
    admin_put(b->store, chat, user, true, b->now);
    admin_get(b->store, chat, user, b->now - 60);
    store_find_post(b->store, PLATFORM_TERMINAL, "c3", "7");
    outbox_delete_sent(b->store);
    inbox_purge(b->store, b->now - 8 * 86400);
    chat_set_gone(b->store, chat, false);
    outbox_remove_chat(b->store, chat);
    b->book->ops->anyone_shown(b->book, 1);
}

/* Somebody known and somebody new; the daemon's sign of life, and `interviewd status`. */
static void run_people(struct bench *b, const char *path)
{
    const struct status_pulse pulse = {
        .version = "bench", .started = 1, .now = b->now, .last_ok = {0, b->now}};
    const struct chat fresh = {.zone = (char *)(uintptr_t) "Asia/Seoul"};

    for (int i = 0; i < RUNS; i++) {
        g_autofree char *ext = g_strdup_printf("%s%d", i % 2 == 0 ? "u" : "new", i + 1);
        g_autofree char *place = g_strdup_printf("%s%d", i % 2 == 0 ? "c" : "new", i + 1);
        struct user user = {0};
        struct chat chat = {0};
        double begin = cpu_us();

        store_begin(b->store);
        store_user(b->store, PLATFORM_TERMINAL, ext, "이름", b->now, &user);
        store_chat(b->store, PLATFORM_TERMINAL, place, CHAT_PRIVATE, "title", &fresh, b->now,
                   &chat);
        b->times[i] = ms_since(begin);
        commit(b);
        if (i % 2 == 1)
            handle(b, chat.id, user.id, "/question", 0); /* and has a seat then */
        user_clear(&user);
        chat_clear(&chat);
    }
    report_command("who it is and where, every other one new", b->times, RUNS);
    for (int i = 0; i < RUNS / 20; i++) {
        struct status st = {0};

        if (!status_write(b->store, &pulse, NULL))
            g_error("the status cannot be written");
        double begin = cpu_us();
        if (!status_read(b->store, path, &st, NULL))
            g_error("the status cannot be read");
        b->times[i] = ms_since(begin);
        status_clear(&st);
    }
    report("`interviewd status`", "ms", b->times, RUNS / 20,
           "beside the daemon: counts everything");
}

static void run_moves(struct bench *b)
{
    for (int i = 0; i < RUNS / 10; i++) {
        g_autofree char *from = g_strdup_printf("c%d", 6 + 3 * i);
        /* Every other one is known already: something came from it first. */
        g_autofree char *to = g_strdup_printf(i % 2 == 0 ? "moved%d" : "new%d", 2 * (i / 2) + 2);

        store_begin(b->store);
        double begin = cpu_us();
        chat_move(b->store, PLATFORM_TERMINAL, from, to);
        b->times[i] = ms_since(begin);
        commit(b);
    }
    report_command("a group becomes a supergroup", b->times, RUNS / 10);
}

static void run_transports(struct bench *b)
{
    double upkeep[RUNS];
    int n = 0;

    for (int i = 0; i < RUNS; i++) {
        int64_t chat, user;
        g_autofree char *ext = NULL;

        pick(b, -1, &chat, &user);
        ext = g_strdup_printf("u%lld", (long long)user);
        store_begin(b->store);
        double begin = cpu_us();
        transport_event(b, chat, i);
        b->times[i] = ms_since(begin);
        begin = cpu_us();
        if (i % 2 == 0) { /* else what has been sent stays, for the next one to write over */
            transport_upkeep(b, chat, user, ext);
            upkeep[n++] = ms_since(begin);
        }
        commit(b);
    }
    report_command("a transport's part of an event", b->times, RUNS);
    report_command("a transport's upkeep", upkeep, n);
}

/* ---- the file ---- */

static double size_of(const char *path)
{
    GStatBuf st;

    return g_stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* A copy is made by another process, as `interviewd backup` does, while answers go on. */
static void run_backup(struct bench *b, const char *self, const char *path)
{
    g_autofree char *to = g_strconcat(path, ".copy", NULL);
    g_auto(GStrv) argv = g_new0(char *, 5);
    int64_t begin = g_get_monotonic_time();
    GPid pid;
    int n = 0;

    argv[0] = g_strdup(self);
    argv[1] = g_strdup("--backup");
    argv[2] = g_strdup(path);
    argv[3] = g_strdup(to);
    if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL))
        g_error("cannot start the backup");
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        int64_t chat, user;

        pick(b, CHAT_PRIVATE, &chat, &user);
        handle(b, chat, user, n % 2 == 0 ? "/question" : "it holds the state of the machine", 0);
        n++;
        g_usleep(5000);
    }
    double seconds = (double)(g_get_monotonic_time() - begin) / 1e6;
    g_autofree char *note = g_strdup_printf("%.0f MB, beside %d events", size_of(to) / 1e6, n);
    report_one("a backup beside a writer, checked", "s", seconds, note);
    n = MIN(n, COMMITS);
    report("commits during the backup", "ms", b->commits, n, "on the wall's clock");
}

static void run_all(struct bench *b, const char *self, const char *path)
{
    g_autofree char *rows =
        g_strdup_printf("%d answers with all that belongs to them", b->gen.answers);

    report_one("database an answer", "bytes", size_of(path) / b->gen.answers, rows);
    for (size_t i = 0; i < G_N_ELEMENTS(scenes); i++)
        run_scene(b, &scenes[i]);
    run_largest(b);
    run_ticks(b);
    run_transports(b);
    run_people(b, path);
    run_moves(b);
    report("commit", "ms", b->commits, MIN(b->n_commits, COMMITS), "on the wall's clock");
    b->n_commits = 0;
    run_backup(b, self, path);
    run_linking(b);
    run_forgetting(b);
    report_statements();
}

int main(int argc, char **argv)
{
    const char *smaller = g_getenv("INTERVIEWD_BENCH_ANSWERS");
    struct bench b = {.gen = {1000, 20000, smaller != NULL ? atoi(smaller) : 1000000, QUESTIONS,
                              20281109, 1830000000}};
    g_autofree char *folder = NULL, *path = NULL, *command = NULL;

    if (argc == 4 && strcmp(argv[1], "--backup") == 0)
        return store_backup(argv[2], argv[3], NULL) ? 0 : 1;
    folder = g_dir_make_tmp("iv-bench-XXXXXX", NULL);
    path = g_build_filename(folder, "bench.db", NULL);
    command = g_strdup_printf("rm -rf '%s'", folder);
    b.dice = g_rand_new_with_seed(1);
    b.now = b.gen.now + 3600;
    watch_statements();
    open_world(&b, path); /* makes the tables and the questions */
    close_world(&b);
    int64_t begin = g_get_monotonic_time();
    gen_store(path, &b.gen);
    report_one("making the database", "s", (double)(g_get_monotonic_time() - begin) / 1e6, "");
    open_world(&b, path);
    run_all(&b, argv[0], path);
    close_world(&b);
    g_rand_free(b.dice);
    return system(command) == 0 ? 0 : 1;
}
