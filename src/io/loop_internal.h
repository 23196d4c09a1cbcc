/* What the io floor knows of the loop beyond loop.h: timer heaps and libcurl's transfers. */
#ifndef INTERVIEWD_LOOP_INTERNAL_H
#define INTERVIEWD_LOOP_INTERNAL_H

#include <curl/curl.h>
#include <stddef.h>

#include "loop.h"

/* ---- timers ---- */

struct timer_heap;

struct loop_timer {
    loop *owner;
    loop_fn fn;
    void *data;
    struct timer_heap *heap; /* the heap it stands in; NULL when stopped */
    size_t index;            /* its place there */
    int64_t due;             /* in the heap's own clock */
    uint64_t order;          /* among equals the one set first comes first */
    bool dead;
};

/* A binary heap of borrowed timers, the earliest on top. All zero is an empty heap. */
struct timer_heap {
    loop_timer **items;
    size_t len, cap;
    uint64_t next_order;
};

void timer_heap_add(struct timer_heap *heap, loop_timer *t, int64_t due);
void timer_heap_remove(loop_timer *t); /* no-op when it stands in none */
void timer_heap_clear(struct timer_heap *heap);

static inline loop_timer *timer_heap_top(const struct timer_heap *heap)
{
    return heap->len > 0 ? heap->items[0] : NULL;
}

/* ---- libcurl's transfers ---- */

/* Embedded by whoever runs an easy handle in the loop's multi. */
struct loop_transfer {
    CURL *easy;
    /* The transfer ended. It is still in the multi: take it out, or leave a CONNECT_ONLY one in. */
    void (*done)(struct loop_transfer *t, CURLcode code);
};

/* Puts T, *borrowed* until removed, into the multi. It sets CURLOPT_PRIVATE. */
CURLMcode loop_transfer_add(loop *l, struct loop_transfer *t);
/* Never from inside a libcurl callback. */
void loop_transfer_remove(loop *l, struct loop_transfer *t);
/* How many idle connections the multi keeps. */
void loop_set_connection_cache(loop *l, long connections);

/* ---- errors ---- */

#define LOOP_ERROR loop_error_quark()
GQuark loop_error_quark(void);

#endif
