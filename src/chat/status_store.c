/* The daemon's signs of life, in and out of the database. */
#include <string.h>
#include <sys/stat.h>

#include "status.h"
#include "store_internal.h"

#define DUE_SHOWN 5

void status_clear(struct status *s)
{
    g_free(s->version);
    if (s->transports != NULL)
        g_array_unref(s->transports);
    if (s->due != NULL)
        g_array_unref(s->due);
    memset(s, 0, sizeof *s);
}

const char *status_platform(enum platform p)
{
    switch (p) {
    case PLATFORM_TERMINAL:
        return "terminal";
    case PLATFORM_TELEGRAM:
        return "telegram";
    case PLATFORM_SLACK:
        return "slack";
    default:
        return "unknown";
    }
}

bool status_write(store *s, const struct status_pulse *p, GError **error)
{
    store_begin(s);
    db_run(s->db, ST_DAEMON_PUT, "siiii", p->version, p->started, p->now,
           p->stopping ? p->now : (int64_t)0, p->bank);
    for (int i = 0; i <= PLATFORM_SLACK; i++) {
        if (p->last_ok[i] != 0)
            db_run(s->db, ST_LIVENESS_PUT, "ni", i, p->last_ok[i]);
    }
    return store_commit(s, error);
}

static void read_daemon(db *d, struct status *st)
{
    db_query(d, ST_DAEMON_GET, "");
    if (db_step(d, ST_DAEMON_GET)) {
        st->version = db_dup(d, ST_DAEMON_GET, 0);
        st->started = db_int(d, ST_DAEMON_GET, 1);
        st->alive = db_int(d, ST_DAEMON_GET, 2);
        st->stopped = db_int(d, ST_DAEMON_GET, 3);
        st->bank = db_int(d, ST_DAEMON_GET, 4);
    } else {
        st->version = g_strdup("");
    }
    db_done(d, ST_DAEMON_GET);
}

static void read_transports(db *d, struct status *st)
{
    st->transports = g_array_new(FALSE, FALSE, sizeof(struct status_transport));
    db_query(d, ST_STATUS_TRANSPORTS, "");
    while (db_step(d, ST_STATUS_TRANSPORTS)) {
        struct status_transport t = {
            .platform = (enum platform)db_int(d, ST_STATUS_TRANSPORTS, 0),
            .last_ok = db_int(d, ST_STATUS_TRANSPORTS, 1),
            .queued = db_int(d, ST_STATUS_TRANSPORTS, 2),
            .oldest = db_int(d, ST_STATUS_TRANSPORTS, 3),
        };

        g_array_append_val(st->transports, t);
    }
}

static void read_counts(db *d, struct status *st)
{
    db_query(d, ST_STATUS_COUNTS, "");
    if (db_step(d, ST_STATUS_COUNTS)) {
        st->chats = db_int(d, ST_STATUS_COUNTS, 0);
        st->people = db_int(d, ST_STATUS_COUNTS, 1);
        st->answers = db_int(d, ST_STATUS_COUNTS, 2);
        st->open_rounds = db_int(d, ST_STATUS_COUNTS, 3);
    }
    db_done(d, ST_STATUS_COUNTS);
}

static void clear_due(gpointer data)
{
    struct status_due *due = data;

    g_free(due->title);
    g_free(due->zone);
}

static void read_due(db *d, struct status *st)
{
    st->due = g_array_new(FALSE, FALSE, sizeof(struct status_due));
    g_array_set_clear_func(st->due, clear_due);
    db_query(d, ST_STATUS_DUE, "n", DUE_SHOWN);
    while (db_step(d, ST_STATUS_DUE)) {
        struct status_due due = {
            .platform = (enum platform)db_int(d, ST_STATUS_DUE, 0),
            .title = db_dup(d, ST_STATUS_DUE, 1),
            .at = db_int(d, ST_STATUS_DUE, 2),
            .zone = db_dup(d, ST_STATUS_DUE, 3),
        };

        g_array_append_val(st->due, due);
    }
}

static int64_t file_size(const char *path, const char *suffix)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);
    struct stat st;

    return stat(name, &st) == 0 ? st.st_size : 0;
}

bool status_read(store *s, const char *path, struct status *ret, GError **error)
{
    struct status st = {0};

    read_daemon(s->db, &st);
    read_transports(s->db, &st);
    read_counts(s->db, &st);
    read_due(s->db, &st);
    st.database_bytes = file_size(path, "") + file_size(path, "-wal");
    if (db_check(s->db, error)) {
        *ret = st;
        return true;
    }
    status_clear(&st);
    return false;
}

store *store_open_reader(const char *path, GError **error)
{
    db *d = db_open_reader(path, &store_schema, error);

    return d != NULL ? store_over(d, NULL) : NULL;
}
