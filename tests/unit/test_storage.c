/*
 * A disk that fails at its Nth write, fsync or read, and one that is full:
 * whatever is delivered again is stored once, what was acknowledged is there,
 * and the database stays sound.
 */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/failing_vfs.h"
#include "app/bot.h"
#include "console.h"
#include "log.h"

#define ANSWERS 6

struct place {
    char *folder, *path;
    config *config;
    FILE *out;
};

static void place_open(struct place *p)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

    p->folder = g_dir_make_tmp("iv-storage-XXXXXX", NULL);
    p->path = g_build_filename(p->folder, "i.db", NULL);
    p->config = config_new();
    p->out = fopen("/dev/null", "w");
    g_autofree char *set = g_strconcat("bot.database=", p->path, NULL);
    config_override(p->config, set, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void place_close(struct place *p)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(p->path, suffixes[i], NULL);

        g_unlink(name);
    }
    g_rmdir(p->folder);
    config_free(p->config);
    fclose(p->out);
    g_free(p->folder);
    g_free(p->path);
}

/* Delivers one message; false when the bot did not acknowledge it. */
static bool deliver(bot *b, int number, const char *text)
{
    struct host *host = bot_host(b);
    struct inbound in = {
        .platform = PLATFORM_TERMINAL,
        .update_number = number,
        .chat = "terminal",
        .chat_kind = CHAT_PRIVATE,
        .chat_title = "terminal",
        .user = "kim",
        .user_name = "Kim",
        .kind = EVENT_TEXT,
        .text = text,
        .admin = ADMIN_YES,
    };

    host->ops->begin(host);
    host->ops->handle(host, &in);
    return host->ops->commit(host);
}

/* As a platform does: again and again, until it is acknowledged. */
static void deliver_until(bot *b, int number, const char *text, int *failures)
{
    for (int i = 0; !deliver(b, number, text); i++) {
        (*failures)++;
        g_assert_false(store_broke_rule(bot_store(b))); /* the disk's fault: never passed by */
        g_assert_cmpint(i, <, 5);
        if (i >= 4)
            return;
        if (i == 2)
            failing_disarm(); /* somebody has made room */
    }
}

static bot *open_bot(struct place *p)
{
    for (int i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        bot *b = bot_new(p->config, clock_system(), &error);

        if (b != NULL)
            return b;
        g_assert_nonnull(strchr(error->message, '(')); /* says what to do */
        if (i == 1)
            failing_disarm();
    }
    return NULL;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t n = -1;

    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &st, NULL), ==, SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void check_sound(const struct place *p)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;

    g_assert_cmpint(sqlite3_open(p->path, &db), ==, SQLITE_OK);
    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL);
    g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
    g_assert_cmpstr((const char *)sqlite3_column_text(st, 0), ==, "ok");
    sqlite3_finalize(st);
    g_assert_cmpint(number_of(db, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
    g_assert_cmpint(number_of(db, "SELECT count(*) FROM answers"), ==, ANSWERS);
    g_assert_cmpint(number_of(db, "SELECT count(DISTINCT text) FROM answers"), ==, ANSWERS);
    g_assert_cmpint(number_of(db, "SELECT sum(points) FROM members"), ==,
                    number_of(db, "SELECT sum(ranked) FROM answers"));
    g_assert_cmpint(number_of(db, "SELECT sum(points) FROM tallies"), ==,
                    number_of(db, "SELECT sum(ranked) FROM answers"));
    sqlite3_close(db);
}

/* A whole life on a disk that fails; gives how often it did. */
static int live(enum failing_kind kind, int nth, bool lasting, int code)
{
    struct place p;
    int failures = 0;

    place_open(&p);
    failing_arm(kind, nth, lasting, code);
    bot *b = open_bot(&p);
    g_assert_nonnull(b);
    console *c = console_new("kim", stdin, p.out);
    bot_add_transport(b, console_transport(c));
    for (int i = 0; b != NULL && i < ANSWERS; i++) {
        g_autofree char *text = g_strdup_printf("answer number %d: ring 0 is the kernel", i);

        deliver_until(b, 2 * i + 1, "/question", &failures);
        deliver_until(b, 2 * i + 2, text, &failures);
    }
    failing_disarm();
    bot_free(b);
    console_free(c);
    check_sound(&p);
    place_close(&p);
    return failing.hits;
}

/* Every one, until the whole life has no Nth any more. */
static void every_nth(enum failing_kind kind, bool lasting, int code)
{
    int tried = 0;

    for (int nth = 1; live(kind, nth, lasting, code) > 0; nth++)
        tried++;
    g_test_message("%d places", tried);
    g_assert_cmpint(tried, >=, kind == FAIL_READ ? 3 : 10);
}

static void test_write(void)
{
    every_nth(FAIL_WRITE, false, SQLITE_IOERR_WRITE);
}

static void test_sync(void)
{
    every_nth(FAIL_SYNC, false, SQLITE_IOERR_FSYNC);
}

static void test_read(void)
{
    every_nth(FAIL_READ, false, SQLITE_IOERR_READ);
}

static void test_full(void)
{
    every_nth(FAIL_WRITE, true, SQLITE_FULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    failing_register();
    log_set_level(LOG_LEVEL_ERROR);
    log_set_fd(-1); /* each failure has its line, as it should */
    g_test_add_func("/storage/write", test_write);
    g_test_add_func("/storage/sync", test_sync);
    g_test_add_func("/storage/read", test_read);
    g_test_add_func("/storage/full", test_full);
    return g_test_run();
}
