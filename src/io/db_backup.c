/* A consistent copy of a database that is in use. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "db_internal.h"

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
    g_set_error(error, DB_ERROR, (int)db_error_of(rc), "backup %s: %s (%s)", name,
                sqlite3_errmsg(to), db_advice(db_error_of(rc)));
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
    static const struct db_schema any = {.n_migrations = G_MAXINT};
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
