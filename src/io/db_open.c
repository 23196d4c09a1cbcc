/* Opening a database: its folder, its lock, its version; and what its errors mean. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db_internal.h"

/* What of the database is kept in memory: 1.7 MiB. SQLite's pages have 4 KiB unless told otherwise.
 */
#define CACHE_PAGES 420
#define CACHE_SIZE  G_STRINGIFY(CACHE_PAGES)
enum {
    PAGE_BYTES = 4096,
    SPARE_PAGES = 20, /* with few free ones SQLite thinks that memory is scarce */
};

G_DEFINE_QUARK(interviewd - db - error - quark, db_error)

enum db_error db_error_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DB_ERROR_CORRUPT;
    case SQLITE_FULL:
        return DB_ERROR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_ERROR_LOCKED;
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

const char *db_advice(enum db_error e)
{
    switch (e) {
    case DB_ERROR_CORRUPT:
        return "it is damaged or no database; restore a backup over it";
    case DB_ERROR_FULL:
        return "the disk is full; make room, nothing that was answered is lost";
    case DB_ERROR_LOCKED:
        return "another program is writing to it, a copy that is made or a shell of sqlite3; it is "
               "tried again";
    case DB_ERROR_READONLY:
        return "it cannot be written; check the owner and mode of the file and its folder";
    case DB_ERROR_RULE:
        return "a fault of this program, please report it";
    default:
        return "check the disk";
    }
}

GError *db_make_error(const db *d, const char *what)
{
    int rc = d->conn != NULL ? sqlite3_extended_errcode(d->conn) : SQLITE_NOMEM;
    enum db_error e = db_error_of(rc);

    return g_error_new(DB_ERROR, (int)e, "database %s: %s: %s (%s)", d->path, what,
                       d->conn != NULL ? sqlite3_errmsg(d->conn) : "out of memory", db_advice(e));
}

static bool exec(db *d, const char *sql, GError **error)
{
    if (sqlite3_exec(d->conn, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    g_propagate_error(error, db_make_error(d, "cannot be set up"));
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
        g_propagate_error(error, db_make_error(d, "cannot be read"));
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
    d->uses = g_new0(struct uses, schema->n_statements + 1);
    d->lock = -1;
    return d;
}

/*
 * One thread only ever calls SQLite here, and nobody asks it how much memory it
 * has: without its locks and its bookkeeping a statement costs a tenth less.
 * The pages that it keeps have a block of their own for the life of the process,
 * so that the heap does not grow around them. All of it is refused, without
 * harm, once SQLite has begun.
 */
static void configure(void)
{
    int header = 0;

    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &header);
    int page = PAGE_BYTES + (header + 7) / 8 * 8;
    void *block = g_malloc_n(CACHE_PAGES + SPARE_PAGES, (gsize)page);
    if (sqlite3_config(SQLITE_CONFIG_PAGECACHE, block, page, CACHE_PAGES + SPARE_PAGES) !=
        SQLITE_OK)
        g_free(block);
}

static uint32_t bit_of(const db *d, const char *table)
{
    for (int i = 0; i < d->schema->n_watched; i++) {
        if (table != NULL && strcmp(d->schema->watched[i], table) == 0)
            return UINT32_C(1) << i;
    }
    return 0;
}

/* SQLite's authorizer is asked for every table that a statement touches; here it only listens. */
static int learn(void *data, int action, const char *table, const char *column,
                 const char *database, const char *trigger)
{
    db *d = data;

    (void)column, (void)database, (void)trigger;
    if (d->learning == NULL)
        return SQLITE_OK;
    if (action == SQLITE_READ)
        d->learning->reads |= bit_of(d, table);
    else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
        d->learning->writes |= bit_of(d, table);
    return SQLITE_OK;
}

static bool connect_to(db *d, int flags, GError **error)
{
    configure();
    if (sqlite3_open_v2(d->path, &d->conn, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        g_propagate_error(error, db_make_error(d, "cannot be opened"));
        return false;
    }
    sqlite3_extended_result_codes(d->conn, 1);
    sqlite3_set_authorizer(d->conn, learn, d);
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
                   "PRAGMA temp_store=MEMORY; PRAGMA cache_size=" CACHE_SIZE ";"
                   "PRAGMA wal_autocheckpoint=4000; PRAGMA trusted_schema=OFF;"
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
    for (int i = 0; i < FRAME_COUNT; i++)
        sqlite3_finalize(d->frame[i]);
    sqlite3_close(d->conn);
    if (d->lock >= 0)
        close(d->lock);
    g_clear_error(&d->failed);
    g_free(d->prepared);
    g_free(d->uses);
    g_free(d->path);
    g_free(d);
}
