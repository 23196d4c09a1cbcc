/* What the connection's files share. */
#ifndef INTERVIEWD_IO_DB_INTERNAL_H
#define INTERVIEWD_IO_DB_INTERNAL_H

#include <sqlite3.h>

#include "db.h"

/* What stands around every transaction: prepared once, for it comes as often as people write. */
enum frame { FRAME_BEGIN, FRAME_COMMIT, FRAME_LIGHT, FRAME_FULL, FRAME_COUNT };

/* Watched tables by their bits. */
struct uses {
    uint32_t reads;
    uint32_t writes;
};

struct db {
    sqlite3 *conn;
    const struct db_schema *schema;
    sqlite3_stmt **prepared;
    sqlite3_stmt *frame[FRAME_COUNT]; /* of transactions */
    int lock;                         /* descriptor of PATH.lock, -1 for a reader */
    char *path;
    bool open;  /* a transaction is */
    bool light; /* the open transaction need not reach the disk */
    GError *failed;
    struct uses *uses;     /* of the watched tables, by statement */
    struct uses *learning; /* of the statement that is being prepared */
    uint32_t written;      /* watched tables, since they were last asked for */
    struct {
        uint32_t tables; /* 0: nothing is put off */
        void (*flush)(void *data);
        void *data;
    } deferred;
};

/* What an SQLite result code means, and what can be done about it. */
enum db_error db_error_of(int rc);
const char *db_advice(enum db_error e);
/* The error that SQLite has just had, *new*; WHAT: what could not be done. */
GError *db_make_error(const db *d, const char *what);

#endif
