/*
 * How fast one may send: token buckets, and windows ("at most N in any T
 * milliseconds"). Pure: time is passed in, in milliseconds of a clock that
 * never steps.
 */
#ifndef INTERVIEWD_CHAT_BUCKET_H
#define INTERVIEWD_CHAT_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* BURST at once, then one every MS. All zero but `full` is a full bucket. */
struct bucket {
    double missing; /* tokens taken and not yet refilled */
    int64_t at;     /* when `missing` was true */
};

/* Milliseconds until a token is there, 0 for now. BURST 0: there is no limit. */
int64_t bucket_wait(const struct bucket *b, int burst, int64_t ms, int64_t now);
/* Takes a token, also one that is not there. */
void bucket_take(struct bucket *b, int burst, int64_t ms, int64_t now);
/* Whether so much has been taken that a further token has to be waited for. */
bool bucket_spent(const struct bucket *b, int burst, int64_t ms, int64_t now);

/* The instants of the last N takings: exact where a bucket would let 2N - 1 through. */
struct window {
    int64_t *at; /* N of them, or NULL before the first */
    int next;
};

/*
 * Milliseconds until one more is allowed with SPARE of the N still left for
 * others, 0 for now. N 0: there is no limit.
 */
int64_t window_wait(const struct window *w, int n, int spare, int64_t ms, int64_t now);
void window_take(struct window *w, int n, int64_t now);
/* How many of the last N were taken within MS. */
int window_used(const struct window *w, int n, int64_t ms, int64_t now);
void window_clear(struct window *w);

#endif
