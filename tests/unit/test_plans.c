/*
 * How SQLite means to find the rows of every statement of the store: by a key or an index, never by
 * reading a table that grows with people, answers or time. The database is empty and nobody has run
 * ANALYZE, as in real life.
 */
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "chat/store_schema.h"
#include "chat/store_sql.h"
#include "chat/store_sql_status.h"

static const char *const migrations[] = {STORE_SCHEMA_1, STORE_SCHEMA_2, STORE_SCHEMA_3,
                                         STORE_SCHEMA_4, STORE_SCHEMA_5};

static const struct {
    const char *name, *sql;
} statements[] = {
#define X(name, sql) {#name, sql},
    STORE_STATEMENTS(X) STORE_STATUS_STATEMENTS(X)
#undef X
};

/* Tables that hold what is under way, or one row a platform: reading all of them is cheap. */
static const char *const small[] = {"outbox",  "o",       "forgotten",  "f",
                                    "waiting", "refused", "transports", "links",
                                    "admins",  "daemon",  NULL};

/* Goes through the days of all of a chat's members. */
static bool reads_all_days(const char *detail)
{
    return (g_str_has_prefix(detail, "SEARCH tallies ") || g_str_has_prefix(detail, "SEARCH t ")) &&
           strstr(detail, "(chat=?") != NULL && strstr(detail, "user=?") == NULL;
}

/* The table of "SCAN x", *new*; NULL when DETAIL is no scan of a stored table. Looking for all of a
 * platform is one too, and so are all days of a chat. */
static char *scanned(const char *detail)
{
    g_auto(GStrv) words = g_strsplit(detail, " ", -1);

    bool all = strcmp(words[0], "SCAN") == 0 || g_str_has_suffix(detail, "(platform=?)") ||
               reads_all_days(detail);

    if (!all || words[1] == NULL || strcmp(words[1], "CONSTANT") == 0 || words[1][0] == '(' ||
        strstr(detail, "VIRTUAL TABLE") != NULL)
        return NULL;
    return g_strdup(words[1]);
}

/* A scan that ends after its first rows, or that goes through a partial index, is none. */
static bool is_cheap(const char *name, const char *detail)
{
    static const struct {
        const char *name, *index;
    } known[] = {
        {"NEXT_DUE", "chats_due"}, /* in order, to the first */
        {"NEXT_DUE", "rounds_closing"},
        {"INBOX_PURGE", "SCAN inbox"}, /* once a day, to the first 5000 that are old */
        {"MISSED", "SCAN a"},          /* its own newest 200 answers */
        {"MISSED", "SCAN m"},          /* their missed points, counted */
        {"ROUND_MISSED", "SCAN m"},
        {"BOARD_DAYS", "day>? AND day<?"}, /* who has answered then is what it shows */
        {"CHAT_TAKE_TALLIES", "(chat=?)"}, /* a group moves, once */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(name, known[i].name) == 0 && strstr(detail, known[i].index) != NULL)
            return true;
    }
    return false;
}

static void check(sqlite3 *conn, const char *name, const char *sql)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(conn, explain, -1, &st, NULL) != SQLITE_OK) {
        g_test_message("%s: %s", name, sqlite3_errmsg(conn));
        g_test_fail();
        return;
    }
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(st, 3);
        g_autofree char *table = scanned(detail);

        /* An index made for one run reads the whole table to make it. */
        if (strstr(detail, "AUTOMATIC") != NULL) {
            g_test_message("%s: %s", name, detail);
            g_test_fail();
        }
        if (table == NULL || g_strv_contains(small, table) || is_cheap(name, detail))
            continue;
        g_test_message("%s: %s", name, detail);
        g_test_fail();
    }
    sqlite3_finalize(st);
}

static sqlite3 *open_empty(void)
{
    sqlite3 *conn = NULL;

    g_assert_cmpint(sqlite3_open(":memory:", &conn), ==, SQLITE_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(migrations); i++)
        g_assert_cmpint(sqlite3_exec(conn, migrations[i], NULL, NULL, NULL), ==, SQLITE_OK);
    return conn;
}

static void test_plans(void)
{
    sqlite3 *conn = open_empty();

    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        if (g_str_has_prefix(statements[i].name, "STATUS_"))
            continue; /* `interviewd status` counts everything, beside the daemon */
        check(conn, statements[i].name, statements[i].sql);
    }
    sqlite3_close(conn);
}

/* The check itself sees a scan. */
static void test_a_scan_is_seen(void)
{
    g_autofree char *scan = scanned("SCAN answers");
    g_autofree char *search = scanned("SEARCH answers USING INDEX answers_held (user=?)");

    g_autofree char *platform = scanned("SEARCH inbox USING PRIMARY KEY (platform=?)");
    g_autofree char *days = scanned("SEARCH tallies USING PRIMARY KEY (chat=?)");
    g_autofree char *own = scanned("SEARCH tallies USING INDEX tallies_user (chat=? AND user=?)");

    g_assert_cmpstr(scan, ==, "answers");
    g_assert_cmpstr(platform, ==, "inbox");
    g_assert_cmpstr(days, ==, "tallies");
    g_assert_null(own);
    g_assert_null(search);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/plans/all", test_plans);
    g_test_add_func("/plans/scan", test_a_scan_is_seen);
    return g_test_run();
}
