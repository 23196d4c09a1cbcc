/*
 * The one loop of the program: one thread, timers, descriptors and libcurl's
 * transfers.
 *
 * A turn: due timers, wait, descriptors, curl_multi_perform, finished
 * transfers, deferred calls, deferred frees. The poll set and the time to wait
 * are derived from state each turn; nothing ticks, so an idle program sleeps
 * until something is due.
 *
 * Timers and watches may be freed from any callback, their own included: the
 * memory lives until the turn ends, and a freed object is not called again.
 *
 * Block signals (signals.h) before loop_new(): libcurl resolves in threads.
 */
#ifndef INTERVIEWD_LOOP_H
#define INTERVIEWD_LOOP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

typedef struct loop loop;
typedef struct loop_timer loop_timer;
typedef struct loop_watch loop_watch;

/* ---- the loop ---- */

/* A *new* loop. CLOCK is *borrowed* and outlives it. NULL and an error when libcurl cannot start.
 */
loop *loop_new(const struct clock *clock, GError **error);
/* Runs what is still deferred. Everything made on the loop must be freed before. Accepts NULL. */
void loop_free(loop *l);
/* Turns until loop_stop(). False and an error when waiting itself fails (out of memory). */
bool loop_run(loop *l, GError **error);
/* Lets loop_run() return after the current turn, or at once when it is called next. */
void loop_stop(loop *l);
/* One turn that waits at most MAX_WAIT_MS, whatever is due later. For tests and for draining at the
 * end. */
bool loop_turn(loop *l, int max_wait_ms, GError **error);

const struct clock *loop_clock(const loop *l);
/* The loop's clock, in milliseconds: monotonic and wall. */
int64_t loop_now(const loop *l);
int64_t loop_wall(const loop *l);

typedef void (*loop_fn)(void *data);

/*
 * Calls FN(DATA) once at the end of this turn (or of the next, when called
 * between turns), before the loop sleeps: the place to commit or write in one
 * go what a turn has gathered. What is deferred meanwhile still runs in the same
 * turn. It cannot be taken back: DATA must live until then.
 */
void loop_defer(loop *l, loop_fn fn, void *data);

/* ---- timers: one shot, set again as often as needed ---- */

/* A *new* timer, stopped. DATA is *borrowed*. */
loop_timer *loop_timer_new(loop *l, loop_fn fn, void *data);
void loop_timer_free(loop_timer *t); /* accepts NULL */
/* Due at an instant of the monotonic clock; replaces what was set before. */
void loop_timer_at(loop_timer *t, int64_t mono_ms);
/* Due MS milliseconds from now; 0 is the next turn. */
void loop_timer_in(loop_timer *t, int64_t ms);
/*
 * Due when the wall clock shows WALL_MS or later, also when the clock is set or
 * the machine was asleep in between: "daily at 09:00" is never missed by a step
 * forward, and never early after a step back.
 */
void loop_timer_at_wall(loop_timer *t, int64_t wall_ms);
void loop_timer_stop(loop_timer *t);
bool loop_timer_is_set(const loop_timer *t);

/* ---- watches: descriptors that are not libcurl's ---- */

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

/* Which of LOOP_READ | LOOP_WRITE to wait for now; 0 to leave the descriptor out of this turn. */
typedef int (*loop_wants_fn)(void *data);
/* READY has what can be done without blocking. An error or a hang-up shows as both or as LOOP_READ.
 */
typedef void (*loop_ready_fn)(int ready, void *data);

/* A *new* watch on FD, which stays the caller's. WANTS NULL means LOOP_READ always. */
loop_watch *loop_watch_new(loop *l, int fd, loop_wants_fn wants, loop_ready_fn ready, void *data);
void loop_watch_free(loop_watch *w); /* accepts NULL; does not close the descriptor */

#endif
