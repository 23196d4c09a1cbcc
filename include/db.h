/*
 * SQLite as this program uses it: one connection, WAL, synchronous=FULL,
 * foreign keys, STRICT tables, migrations by user_version, statements prepared
 * once. It knows nothing of interviews: the statements come from its user.
 *
 * Errors are sticky: after the first failure in a transaction every further
 * call does nothing, and db_commit rolls back and reports it. So callers need
 * not check each step.
 */
#ifndef INTERVIEWD_DB_H
#define INTERVIEWD_DB_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct db db;

#define DB_ERROR db_error_quark()
GQuark db_error_quark(void);
enum db_error {
    DB_ERROR_LOCKED,  /* another process has it open for writing, or holds it for a moment */
    DB_ERROR_NEWER,   /* made by a newer version of the program */
    DB_ERROR_CORRUPT, /* not a database, or a damaged one */
    DB_ERROR_FULL,    /* no room on the disk */
    DB_ERROR_READONLY,
    DB_ERROR_RULE, /* what was to be written breaks a rule of the schema: no disk is to blame */
    DB_ERROR_IO,   /* everything else */
};

/* What a database is made of. All is *borrowed* for the life of the db. */
struct db_schema {
    const char *const
        *migrations; /* migration I takes user_version I to I + 1; each is one script */
    int n_migrations;
    const char *const *statements; /* by the caller's own numbers */
    int n_statements;
    const char *const *watched; /* tables that db_take_written speaks of, 32 at most */
    int n_watched;
};

/*
 * Opens PATH for writing, *new*: creates its folder (0700) and the file (0600),
 * takes the lock PATH.lock that the kernel releases on death, migrates. NULL
 * with an error whose text says what to do.
 */
db *db_open(const char *path, const struct db_schema *schema, GError **error);
/* Opens PATH for reading beside a writer, *new*; nothing is created, locked or migrated. */
db *db_open_reader(const char *path, const struct db_schema *schema, GError **error);
void db_close(db *d); /* accepts NULL */

/* ---- transactions ---- */
void db_begin(db *d);
/*
 * As db_begin, but its commit does not wait for the disk (synchronous=NORMAL):
 * it outlives the process, and after a power failure it may be as if it had
 * never been. Costs a tenth.
 */
void db_begin_light(db *d);
/* False, with the first error since db_begin, when anything failed; all is then rolled back. */
bool db_commit(db *d, GError **error);
void db_rollback(db *d);
bool db_failed(const db *d);
/* Outside a transaction: false, with the first error of the reading since the last, and forgets it.
 */
bool db_check(db *d, GError **error);
bool db_in_transaction(const db *d);

/* ---- statements ---- */

/*
 * Begins statement number STATEMENT with the arguments of TYPES: i int64_t, n
 * int, s const char * (NULL is NULL). Then db_step until false, db_col_*.
 * A statement is reset by its next use, and by db_done.
 */
void db_query(db *d, int statement, const char *types, ...);
bool db_step(db *d, int statement);
int64_t db_int(db *d, int statement, int column);
/* *borrowed* until the next step; NULL for NULL. */
const char *db_text(db *d, int statement, int column);
char *db_dup(db *d, int statement, int column); /* *new*; "" for NULL */
void db_done(db *d, int statement);
/* Runs a statement that gives no rows. */
void db_run(db *d, int statement, const char *types, ...);
int64_t db_last_id(const db *d);
int db_changes(const db *d);

/* ---- for who keeps rows in memory ---- */

/*
 * The watched tables that a statement begun since the last call writes: bit I
 * is schema->watched[I]. What a statement reads and writes is asked of SQLite
 * when it is prepared: nobody has to keep a list.
 */
uint32_t db_take_written(db *d);
/*
 * FLUSH is called, once, before the next statement that reads or writes one of
 * TABLES, and at the latest by db_commit: what it writes may be put off until
 * then. A rollback forgets it.
 */
void db_defer(db *d, uint32_t tables, void (*flush)(void *data), void *data);
/* Calls FLUSH now, when it has been put off. */
void db_run_deferred(db *d);

/* ---- the file ---- */

/* Moves all of the write-ahead log into the database and empties it: what was erased is gone from
 * the disk (deleted content is overwritten). Outside a transaction. */
void db_empty_log(db *d);

/*
 * A consistent copy of the live database at PATH in the new file TO (0600),
 * checked after copying. False with an error, also when TO is there already.
 */
bool db_backup(const char *path, const char *to, GError **error);

#endif
