/* Transactions and statements. */
#include "db.h"

#include <stdarg.h>
#include <string.h>

#include "db_internal.h"

static const char *const frame_sql[FRAME_COUNT] = {
    [FRAME_BEGIN] = "BEGIN IMMEDIATE",
    [FRAME_COMMIT] = "COMMIT",
    [FRAME_LIGHT] = "PRAGMA synchronous=NORMAL",
    [FRAME_FULL] = "PRAGMA synchronous=FULL",
};

static void fail(db *d, const char *what)
{
    if (d->failed == NULL)
        d->failed = db_make_error(d, what);
}

/* ---- transactions ---- */

static bool run_frame(db *d, enum frame f)
{
    if (d->frame[f] == NULL &&
        sqlite3_prepare_v3(d->conn, frame_sql[f], -1, SQLITE_PREPARE_PERSISTENT, &d->frame[f],
                           NULL) != SQLITE_OK)
        return false;
    int rc = sqlite3_step(d->frame[f]);
    /* The reset gives the step's error again, and ends the statement. */
    return sqlite3_reset(d->frame[f]) == SQLITE_OK && (rc == SQLITE_DONE || rc == SQLITE_ROW);
}

void db_begin(db *d)
{
    g_clear_error(&d->failed);
    if (!run_frame(d, FRAME_BEGIN))
        fail(d, "cannot begin");
    d->open = true;
}

void db_begin_light(db *d)
{
    /* The level cannot change within a transaction, and is looked at when it commits. */
    run_frame(d, FRAME_LIGHT);
    d->light = true;
    db_begin(d);
}

static void end_light(db *d)
{
    if (d->light)
        run_frame(d, FRAME_FULL);
    d->light = false;
}

static void reset_all(db *d)
{
    for (int i = 0; i < d->schema->n_statements; i++) {
        if (d->prepared[i] != NULL)
            sqlite3_reset(d->prepared[i]);
    }
}

void db_run_deferred(db *d)
{
    if (d->deferred.tables == 0)
        return;
    d->deferred.tables = 0; /* first: what it runs touches those tables */
    d->deferred.flush(d->deferred.data);
}

bool db_commit(db *d, GError **error)
{
    db_run_deferred(d);
    d->open = false;
    bool ok = d->failed == NULL && run_frame(d, FRAME_COMMIT);
    if (!ok) {
        fail(d, "cannot write");
        reset_all(d);
        sqlite3_exec(d->conn, "ROLLBACK", NULL, NULL, NULL);
    }
    end_light(d);
    if (ok)
        return true;
    g_propagate_error(error, g_steal_pointer(&d->failed));
    return false;
}

void db_rollback(db *d)
{
    d->open = false;
    d->deferred.tables = 0;
    reset_all(d);
    sqlite3_exec(d->conn, "ROLLBACK", NULL, NULL, NULL);
    end_light(d);
    g_clear_error(&d->failed);
}

bool db_check(db *d, GError **error)
{
    if (d->failed == NULL)
        return true;
    reset_all(d);
    g_propagate_error(error, g_steal_pointer(&d->failed));
    return false;
}

void db_empty_log(db *d)
{
    sqlite3_wal_checkpoint_v2(d->conn, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

bool db_failed(const db *d)
{
    return d->failed != NULL;
}

bool db_in_transaction(const db *d)
{
    return d->open;
}

/* ---- statements ---- */

static sqlite3_stmt *statement(db *d, int n)
{
    if (d->prepared[n] != NULL)
        return d->prepared[n];
    d->learning = &d->uses[n];
    if (sqlite3_prepare_v3(d->conn, d->schema->statements[n], -1, SQLITE_PREPARE_PERSISTENT,
                           &d->prepared[n], NULL) != SQLITE_OK)
        fail(d, "cannot prepare a statement");
    d->learning = NULL;
    return d->prepared[n];
}

static void bind(sqlite3_stmt *st, const char *types, va_list ap)
{
    for (int i = 1; *types != '\0'; types++, i++) {
        if (*types == 'i') {
            sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
        } else if (*types == 'n') {
            sqlite3_bind_int(st, i, va_arg(ap, int));
        } else {
            /* The caller's string lives until the statement is done. */
            sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
        }
    }
}

static void query_va(db *d, int n, const char *types, va_list ap)
{
    sqlite3_stmt *st = d->failed == NULL ? statement(d, n) : NULL;

    if (st == NULL)
        return;
    if (((d->uses[n].reads | d->uses[n].writes) & d->deferred.tables) != 0)
        db_run_deferred(d);
    d->written |= d->uses[n].writes;
    sqlite3_reset(st);
    bind(st, types, ap);
}

void db_query(db *d, int n, const char *types, ...)
{
    va_list ap;

    va_start(ap, types);
    query_va(d, n, types, ap);
    va_end(ap);
}

bool db_step(db *d, int n)
{
    if (d->failed != NULL || d->prepared[n] == NULL)
        return false;
    int rc = sqlite3_step(d->prepared[n]);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        fail(d, "cannot read or write");
    sqlite3_reset(d->prepared[n]);
    return false;
}

int64_t db_int(db *d, int n, int column)
{
    return sqlite3_column_int64(d->prepared[n], column);
}

const char *db_text(db *d, int n, int column)
{
    return (const char *)sqlite3_column_text(d->prepared[n], column);
}

char *db_dup(db *d, int n, int column)
{
    const char *text = db_text(d, n, column);

    return g_strdup(text != NULL ? text : "");
}

void db_done(db *d, int n)
{
    if (d->prepared[n] != NULL)
        sqlite3_reset(d->prepared[n]);
}

void db_run(db *d, int n, const char *types, ...)
{
    va_list ap;

    va_start(ap, types);
    query_va(d, n, types, ap);
    va_end(ap);
    db_step(d, n);
    db_done(d, n);
}

int64_t db_last_id(const db *d)
{
    return sqlite3_last_insert_rowid(d->conn);
}

int db_changes(const db *d)
{
    return sqlite3_changes(d->conn);
}

uint32_t db_take_written(db *d)
{
    uint32_t written = d->written;

    d->written = 0;
    return written;
}

void db_defer(db *d, uint32_t tables, void (*flush)(void *data), void *data)
{
    d->deferred.tables = tables;
    d->deferred.flush = flush;
    d->deferred.data = data;
}
