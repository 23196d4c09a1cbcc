/* The connection: opening, locking, migrating, transactions, statements. */
#include "db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct db {
    sqlite3 *conn;
    const struct db_schema *schema;
    sqlite3_stmt **prepared;
    int lock; /* descriptor of PATH.lock, -1 for a reader */
    char *path;
    bool open;  /* a transaction is */
    bool light; /* the open transaction need not reach the disk */
    GError *failed;
};

G_DEFINE_QUARK(interviewd - db - error - quark, db_error)

static enum db_error error_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DB_ERROR_CORRUPT;
    case SQLITE_FULL:
        return DB_ERROR_FULL;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return DB_ERROR_READONLY;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return DB_ERROR_RULE;
    default:
        return DB_ERROR_IO;
    }
}

static const char *advice(enum db_error e)
{
    switch (e) {
    case DB_ERROR_CORRUPT:
        return "it is damaged or no database; restore a backup over it";
    case DB_ERROR_FULL:
        return "the disk is full; make room, nothing that was answered is lost";
    case DB_ERROR_READONLY:
        return "it cannot be written; check the owner and mode of the file and its folder";
    case DB_ERROR_RULE:
        return "a fault of this program, please report it";
    default:
        return "check the disk";
    }
}

static GError *make_error(const db *d, const char *what)
{
    int rc = d->conn != NULL ? sqlite3_extended_errcode(d->conn) : SQLITE_NOMEM;
    enum db_error e = error_of(rc);

    return g_error_new(DB_ERROR, (int)e, "database %s: %s: %s (%s)", d->path, what,
                       d->conn != NULL ? sqlite3_errmsg(d->conn) : "out of memory", advice(e));
}

static void fail(db *d, const char *what)
{
    if (d->failed == NULL)
        d->failed = make_error(d, what);
}

static bool exec(db *d, const char *sql, GError **error)
{
    if (sqlite3_exec(d->conn, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    g_propagate_error(error, make_error(d, "cannot be set up"));
    return false;
}

/* ---- opening ---- */

static bool make_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);

    if (g_mkdir_with_parents(folder, 0700) == 0)
        return true;
    g_set_error(
        error, DB_ERROR, DB_ERROR_READONLY,
        "database %s: its folder cannot be made: %s (set bot.database to a place that can be "
        "written)",
        path, g_strerror(errno));
    return false;
}

/* An OFD-free flock: the kernel lets go when the process dies, however it dies. */
static bool take_lock(db *d, GError **error)
{
    g_autofree char *name = g_strconcat(d->path, ".lock", NULL);

    d->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (d->lock < 0) {
        g_set_error(error, DB_ERROR, DB_ERROR_READONLY,
                    "database %s: cannot make its lock file: %s (check the owner and mode of the "
                    "folder)",
                    d->path, g_strerror(errno));
        return false;
    }
    if (flock(d->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    g_set_error(error, DB_ERROR, DB_ERROR_LOCKED,
                "database %s: another interviewd has it open; stop that one, or name another file "
                "with -o bot.database=FILE",
                d->path);
    return false;
}

/* The one number that SQL gives; -1 with an error when it gives none. */
static int one_number(db *d, const char *sql, GError **error)
{
    sqlite3_stmt *st = NULL;
    int number = -1;

    if (sqlite3_prepare_v2(d->conn, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        number = sqlite3_column_int(st, 0);
    else
        g_propagate_error(error, make_error(d, "cannot be read"));
    sqlite3_finalize(st);
    return number;
}

static int user_version(db *d, GError **error)
{
    return one_number(d, "PRAGMA user_version", error);
}

/* A file without our version that holds tables all the same is somebody else's. */
static bool check_owner(db *d, int version, GError **error)
{
    int tables = version == 0 ? one_number(d, "SELECT count(*) FROM sqlite_master", error) : 0;

    if (tables <= 0)
        return tables == 0;
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT,
                "database %s: it belongs to another program; name another file with "
                "-o bot.database=FILE",
                d->path);
    return false;
}

static bool check_version(db *d, int version, GError **error)
{
    if (version < 0)
        return false;
    if (version <= d->schema->n_migrations)
        return true;
    g_set_error(
        error, DB_ERROR, DB_ERROR_NEWER,
        "database %s: made by a newer interviewd (schema %d, this one knows %d); install that "
        "version, or name another file with -o bot.database=FILE",
        d->path, version, d->schema->n_migrations);
    return false;
}

/* Before anything is written: somebody else's file, or a newer version's, is left as it is. */
static bool may_use(db *d, GError **error)
{
    int version = user_version(d, error);

    return check_version(d, version, error) && check_owner(d, version, error);
}

static bool migrate(db *d, GError **error)
{
    int version = user_version(d, error);

    if (version < 0)
        return false;
    for (; version < d->schema->n_migrations; version++) {
        g_autofree char *done = g_strdup_printf("PRAGMA user_version=%d; COMMIT", version + 1);

        if (!exec(d, "BEGIN IMMEDIATE", error) || !exec(d, d->schema->migrations[version], error) ||
            !exec(d, done, error)) {
            sqlite3_exec(d->conn, "ROLLBACK", NULL, NULL, NULL);
            return false;
        }
    }
    return true;
}

static db *db_new(const char *path, const struct db_schema *schema)
{
    db *d = g_new0(db, 1);

    d->path = g_strdup(path);
    d->schema = schema;
    d->prepared = g_new0(sqlite3_stmt *, schema->n_statements + 1);
    d->lock = -1;
    return d;
}

/*
 * One thread only ever calls SQLite here, and nobody asks it how much memory it
 * has: without its locks and its bookkeeping a statement costs a tenth less.
 * Both are refused, without harm, once SQLite has begun.
 */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool connect_to(db *d, int flags, GError **error)
{
    configure();
    if (sqlite3_open_v2(d->path, &d->conn, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        g_propagate_error(error, make_error(d, "cannot be opened"));
        return false;
    }
    sqlite3_extended_result_codes(d->conn, 1);
    /* The loop stands still meanwhile: a foreign lock is waited for only briefly. */
    sqlite3_busy_timeout(d->conn, (flags & SQLITE_OPEN_READONLY) != 0 ? 5000 : 1000);
    return true;
}

db *db_open(const char *path, const struct db_schema *schema, GError **error)
{
    db *d = db_new(path, schema);
    mode_t old = umask(0077); /* the -wal and -shm files take the database's own mode */
    bool ok = make_folder(path, error) && take_lock(d, error) &&
              connect_to(d, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
              may_use(d, error) &&
              exec(d,
                   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                   "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2000; PRAGMA "
                   "wal_autocheckpoint=4000; PRAGMA trusted_schema=OFF;"
                   "PRAGMA secure_delete=ON",
                   error) &&
              migrate(d, error);

    umask(old);
    if (ok)
        return d;
    db_close(d);
    return NULL;
}

/* A reader cannot migrate; one without migrations (backup) takes what there is. */
static bool check_migrated(const db *d, int version, GError **error)
{
    if (d->schema->migrations == NULL || version == d->schema->n_migrations)
        return true;
    g_set_error(
        error, DB_ERROR, DB_ERROR_IO,
        "database %s: made by an older interviewd (schema %d, this one's is %d); start this "
        "one once, that brings it up to date",
        d->path, version, d->schema->n_migrations);
    return false;
}

db *db_open_reader(const char *path, const struct db_schema *schema, GError **error)
{
    db *d = db_new(path, schema);

    if (connect_to(d, SQLITE_OPEN_READONLY, error)) {
        int version = user_version(d, error);

        if (check_version(d, version, error) && check_migrated(d, version, error))
            return d;
    }
    db_close(d);
    return NULL;
}

void db_close(db *d)
{
    if (d == NULL)
        return;
    for (int i = 0; i < d->schema->n_statements; i++)
        sqlite3_finalize(d->prepared[i]);
    sqlite3_close(d->conn);
    if (d->lock >= 0)
        close(d->lock);
    g_clear_error(&d->failed);
    g_free(d->prepared);
    g_free(d->path);
    g_free(d);
}

/* ---- transactions ---- */

void db_begin(db *d)
{
    g_clear_error(&d->failed);
    if (sqlite3_exec(d->conn, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        fail(d, "cannot begin");
    d->open = true;
}

void db_begin_light(db *d)
{
    /* The level cannot change within a transaction, and is looked at when it commits. */
    sqlite3_exec(d->conn, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
    d->light = true;
    db_begin(d);
}

static void end_light(db *d)
{
    if (d->light)
        sqlite3_exec(d->conn, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
    d->light = false;
}

static void reset_all(db *d)
{
    for (int i = 0; i < d->schema->n_statements; i++) {
        if (d->prepared[i] != NULL)
            sqlite3_reset(d->prepared[i]);
    }
}

bool db_commit(db *d, GError **error)
{
    d->open = false;
    bool ok = d->failed == NULL && sqlite3_exec(d->conn, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
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
    if (d->prepared[n] == NULL &&
        sqlite3_prepare_v3(d->conn, d->schema->statements[n], -1, SQLITE_PREPARE_PERSISTENT,
                           &d->prepared[n], NULL) != SQLITE_OK)
        fail(d, "cannot prepare a statement");
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

/* ---- backup ---- */

static bool copy_pages(db *from, sqlite3 *to, const char *name, GError **error)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from->conn, "main");
    int rc = SQLITE_ERROR;

    if (copy != NULL) {
        while ((rc = sqlite3_backup_step(copy, -1)) == SQLITE_BUSY || rc == SQLITE_LOCKED)
            sqlite3_sleep(20);
        sqlite3_backup_finish(copy);
    }
    if (rc == SQLITE_DONE)
        return true;
    g_set_error(error, DB_ERROR, (int)error_of(rc), "backup %s: %s (%s)", name, sqlite3_errmsg(to),
                advice(error_of(rc)));
    return false;
}

static bool verify(sqlite3 *conn, const char *name, GError **error)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_exec(conn, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(conn, "PRAGMA integrity_check", -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW &&
              strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;

    sqlite3_finalize(st);
    if (!ok)
        g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT,
                    "backup %s: the copy is not sound: the database may be damaged", name);
    return ok;
}

static bool backup_into(db *from, const char *to, GError **error)
{
    sqlite3 *conn = NULL;
    bool ok = false;

    if (sqlite3_open_v2(to, &conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
        ok = copy_pages(from, conn, to, error) && verify(conn, to, error);
    else
        g_set_error(error, DB_ERROR, DB_ERROR_READONLY, "backup: cannot write %s: %s", to,
                    sqlite3_errmsg(conn));
    sqlite3_close(conn);
    return ok;
}

bool db_backup(const char *path, const char *to, GError **error)
{
    static const struct db_schema any = {NULL, G_MAXINT, NULL, 0};
    db *from = db_open_reader(path, &any, error);
    int fd = from != NULL ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    bool ok = false;

    if (from != NULL && fd < 0) {
        g_set_error(error, DB_ERROR, DB_ERROR_READONLY, "backup: cannot make %s: %s%s", to,
                    g_strerror(errno), errno == EEXIST ? " (name a new file)" : "");
    } else if (from != NULL) {
        close(fd);
        ok = backup_into(from, to, error);
        if (!ok)
            g_unlink(to);
    }
    db_close(from);
    return ok;
}
