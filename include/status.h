/*
 * What an operator sees of the daemon: written by it into the database, read
 * from there beside it by `interviewd status`, and printed as text or as a
 * Prometheus text file.
 */
#ifndef INTERVIEWD_STATUS_H
#define INTERVIEWD_STATUS_H

#include "store.h"

struct status_transport {
    enum platform platform;
    int64_t last_ok; /* UTC seconds, 0: never */
    int64_t queued;  /* messages decided and not yet sent */
    int64_t oldest;  /* when the oldest of them was decided, 0: none */
};

struct status_due {
    enum platform platform;
    char *title;
    char *zone;
    int64_t at;
};

struct status {
    char *version;                   /* of the daemon that wrote last, "" when none ever ran */
    int64_t started, alive, stopped; /* UTC seconds; stopped 0: not told that it ended */
    int64_t bank;                    /* questions */
    int64_t chats, people, answers, open_rounds;
    GArray *transports;     /* struct status_transport */
    GArray *due;            /* struct status_due: the next, soonest first */
    int64_t database_bytes; /* with its WAL */
};
void status_clear(struct status *s);

/* The platform's name in metrics and messages: "telegram"; static. */
const char *status_platform(enum platform p);

/* ---- the daemon's side ---- */

/* What the daemon tells of itself; in a transaction of its own. False with an error. */
struct status_pulse {
    const char *version;
    int64_t started, now;
    bool stopping;
    int64_t bank;
    int64_t last_ok[PLATFORM_SLACK + 1]; /* by platform, 0: not on, or never yet */
};
bool status_write(store *s, const struct status_pulse *p, GError **error);
/* PATH is the database's, for its size. */
bool status_read(store *s, const char *path, struct status *ret, GError **error);
/* The Prometheus text format, *new*. */
char *status_metrics(const struct status *s);
/* Replaces PATH by TEXT in one step, readable by all. */
bool status_write_file(const char *path, const char *text, GError **error);

/* ---- beside the daemon ---- */

/* Opens PATH for reading only, *new*; NULL with an error. */
store *store_open_reader(const char *path, GError **error);
/* For a person, *new*: lines of text. NOW in UTC seconds. */
char *status_text(const struct status *s, const char *path, int64_t now);

#endif
