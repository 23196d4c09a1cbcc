/*
 * How long each statement of the store takes, from its first step to its reset, whoever runs it:
 * SQLite itself tells, so nothing in the program has to be changed for it.
 */
#ifndef INTERVIEWD_BENCH_STORE_STATEMENTS_H
#define INTERVIEWD_BENCH_STORE_STATEMENTS_H

#include <sqlite3.h>
#include <string.h>

#include "chat/store_sql.h"
#include "chat/store_sql_status.h"
#include "store_world.h"

struct statement {
    const char *name, *sql;
    GArray *times; /* double, ms */
    double begun;
};

static struct statement statements[] = {
#define X(name, sql) {#name, sql, NULL, 0},
    STORE_STATEMENTS(X) STORE_STATUS_STATEMENTS(X)
#undef X
};

static inline struct statement *statement_of(sqlite3_stmt *st)
{
    static GHashTable *known; /* by SQL */
    const char *sql = sqlite3_sql(st);

    if (known == NULL) {
        known = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
            statements[i].times = g_array_new(FALSE, FALSE, sizeof(double));
            g_hash_table_insert(known, (gpointer)(uintptr_t)statements[i].sql, &statements[i]);
        }
    }
    return sql != NULL ? g_hash_table_lookup(known, sql) : NULL;
}

static inline int on_trace(unsigned what, void *data, void *st, void *more)
{
    struct statement *s = statement_of(st);
    double now = cpu_us();

    (void)data, (void)more;
    if (s == NULL)
        return 0;
    if (what == SQLITE_TRACE_STMT) {
        s->begun = cpu_us();
    } else if (s->begun > 0) {
        double ms = (now - s->begun) / 1000.0;

        g_array_append_val(s->times, ms);
        s->begun = 0;
    }
    return 0;
}

static inline int on_connection(sqlite3 *conn, const char **ret_error, const void *thunk)
{
    (void)ret_error, (void)thunk;
    return sqlite3_trace_v2(conn, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, on_trace, NULL);
}

/* Every connection that is opened from now on is listened to. */
static inline void watch_statements(void)
{
    /* What db.c asks for is refused once SQLite has begun. */
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_auto_extension((void (*)(void))on_connection);
}

static inline double statement_quantile(const struct statement *s, unsigned percent)
{
    return g_array_index(s->times, double, MIN(s->times->len - 1, s->times->len * percent / 100));
}

static inline int by_p99(const void *a, const void *b)
{
    const struct statement *x = *(struct statement *const *)a, *y = *(struct statement *const *)b;
    double p = statement_quantile(x, 99), q = statement_quantile(y, 99);

    return (p < q) - (p > q);
}

/* All of them into the JSON, the slowest at the top; the table shows those. */
static inline void report_statements(void)
{
    enum { SHOWN = 12 };
    g_autoptr(GPtrArray) run = g_ptr_array_new();
    g_autoptr(GString) never = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        struct statement *s = &statements[i];

        if (s->times == NULL || s->times->len == 0) {
            g_string_append_printf(never, "%s%s", never->len > 0 ? " " : "not run: ", s->name);
            continue;
        }
        g_array_sort(s->times, ascending);
        g_ptr_array_add(run, s);
    }
    g_ptr_array_sort(run, by_p99);
    for (guint i = 0; i < run->len; i++) {
        const struct statement *s = g_ptr_array_index(run, i);

        printf("{\"bench\":\"store\",\"name\":\"statement %s\",\"unit\":\"ms\",\"median\":%.4f,"
               "\"min\":%.4f,\"max\":%.4f,\"runs\":%u,\"p99\":%.4f,\"note\":\"p99 %.3f\"%s}\n",
               s->name, statement_quantile(s, 50), statement_quantile(s, 0),
               statement_quantile(s, 100), s->times->len, statement_quantile(s, 99),
               statement_quantile(s, 99), i >= SHOWN ? ",\"detail\":true" : "");
    }
    report_one("statements that were run", "", run->len, never->str);
}

#endif
