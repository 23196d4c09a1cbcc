/* The loop: timers, descriptors and libcurl's transfers in one thread over curl_multi_poll. */
#include "loop_internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct loop_watch {
    loop *owner;
    int fd;
    loop_wants_fn wants;
    loop_ready_fn ready;
    void *data;
    bool dead;
};

struct deferred {
    loop_fn fn;
    void *data;
};

struct loop {
    const struct clock *clock;
    CURLM *multi;
    int transfers; /* in the multi */
    bool added;    /* a transfer was put in since the last perform */
    bool stopping;
    struct timer_heap mono, wall;
    GPtrArray *watches;
    GPtrArray *dead_watches, *dead_timers; /* freed when the turn ends */
    GArray *deferred;
    GArray *poll_set;       /* struct curl_waitfd, this turn's */
    GPtrArray *poll_owners; /* the watch behind each of them */
    int step_fd; /* a timerfd that also notices steps of the wall clock; -1 until needed */
    int64_t step_armed_for;
    loop_watch *step_watch;
};

/* A callback that starts a transfer gets it performed at once; more rounds than this wait a turn.
 */
enum { MAX_ROUNDS = 8 };

GQuark loop_error_quark(void)
{
    return g_quark_from_static_string("loop");
}

static bool fail(GError **error, CURLMcode code)
{
    g_set_error(error, LOOP_ERROR, (int)code, "libcurl: %s", curl_multi_strerror(code));
    return false;
}

loop *loop_new(const struct clock *clock, GError **error)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fail(error, CURLM_INTERNAL_ERROR);
        return NULL;
    }
    CURLM *multi = curl_multi_init();
    if (multi == NULL) {
        curl_global_cleanup();
        fail(error, CURLM_OUT_OF_MEMORY);
        return NULL;
    }
    loop *l = g_new0(loop, 1);
    l->clock = clock;
    l->multi = multi;
    l->watches = g_ptr_array_new();
    l->dead_watches = g_ptr_array_new_with_free_func(g_free);
    l->dead_timers = g_ptr_array_new_with_free_func(g_free);
    l->deferred = g_array_new(FALSE, FALSE, sizeof(struct deferred));
    l->poll_set = g_array_new(FALSE, FALSE, sizeof(struct curl_waitfd));
    l->poll_owners = g_ptr_array_new();
    l->step_fd = -1;
    return l;
}

const struct clock *loop_clock(const loop *l)
{
    return l->clock;
}

int64_t loop_now(const loop *l)
{
    return clock_mono_ms(l->clock);
}

int64_t loop_wall(const loop *l)
{
    return clock_wall_ms(l->clock);
}

/* ---- timers ---- */

loop_timer *loop_timer_new(loop *l, loop_fn fn, void *data)
{
    loop_timer *t = g_new0(loop_timer, 1);
    t->owner = l;
    t->fn = fn;
    t->data = data;
    return t;
}

void loop_timer_free(loop_timer *t)
{
    if (t == NULL || t->dead)
        return;
    timer_heap_remove(t);
    t->dead = true;
    g_ptr_array_add(t->owner->dead_timers, t);
}

static void set_in(struct timer_heap *heap, loop_timer *t, int64_t due)
{
    if (t->dead)
        return;
    timer_heap_remove(t);
    timer_heap_add(heap, t, due);
}

void loop_timer_at(loop_timer *t, int64_t mono_ms)
{
    set_in(&t->owner->mono, t, mono_ms);
}

void loop_timer_in(loop_timer *t, int64_t ms)
{
    loop_timer_at(t, loop_now(t->owner) + ms);
}

void loop_timer_at_wall(loop_timer *t, int64_t wall_ms)
{
    set_in(&t->owner->wall, t, wall_ms);
}

void loop_timer_stop(loop_timer *t)
{
    timer_heap_remove(t);
}

bool loop_timer_is_set(const loop_timer *t)
{
    return t->heap != NULL;
}

/* Only as many as stood in the heap: one that sets itself again for now must not starve the rest.
 */
static void run_due(struct timer_heap *heap, int64_t now)
{
    for (size_t left = heap->len; left > 0; left--) {
        loop_timer *t = timer_heap_top(heap);
        if (t == NULL || t->due > now)
            return;
        timer_heap_remove(t);
        t->fn(t->data);
    }
}

/* ---- steps of the wall clock ---- */

/*
 * The time to wait is derived from the wall clock too, but poll() counts
 * monotonic time: it neither sees somebody set the clock nor the hours a laptop
 * slept. This timer does both; being woken is all that is wanted of it.
 */
static void on_step(int ready, void *data)
{
    (void)ready;
    loop *l = data;
    uint64_t expirations;
    ssize_t n = read(l->step_fd, &expirations, sizeof expirations);
    (void)n; /* ECANCELED is the step itself */
    l->step_armed_for = -1;
}

static int step_wants(void *data)
{
    loop *l = data;
    const loop_timer *first = timer_heap_top(&l->wall);
    return first != NULL ? LOOP_READ : 0;
}

static void arm_step_timer(loop *l)
{
    const loop_timer *first = timer_heap_top(&l->wall);
    if (first == NULL)
        return;
    if (l->step_fd < 0) {
        l->step_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (l->step_fd < 0)
            return; /* still right unless the clock steps */
        l->step_watch = loop_watch_new(l, l->step_fd, step_wants, on_step, l);
        l->step_armed_for = -1;
    }
    int64_t due = MAX(first->due, 1); /* 0 would disarm */
    if (l->step_armed_for == due)
        return;
    struct itimerspec at = {.it_value = {due / 1000, (due % 1000) * 1000000}};
    timerfd_settime(l->step_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL);
    l->step_armed_for = due;
}

/* ---- watches ---- */

loop_watch *loop_watch_new(loop *l, int fd, loop_wants_fn wants, loop_ready_fn ready, void *data)
{
    loop_watch *w = g_new0(loop_watch, 1);
    *w = (loop_watch){l, fd, wants, ready, data, false};
    g_ptr_array_add(l->watches, w);
    return w;
}

void loop_watch_free(loop_watch *w)
{
    if (w == NULL || w->dead)
        return;
    w->dead = true;
    g_ptr_array_remove_fast(w->owner->watches, w);
    g_ptr_array_add(w->owner->dead_watches, w);
}

static void derive_poll_set(loop *l)
{
    g_array_set_size(l->poll_set, 0);
    g_ptr_array_set_size(l->poll_owners, 0);
    for (unsigned i = 0; i < l->watches->len; i++) {
        loop_watch *w = l->watches->pdata[i];
        int wants = w->wants != NULL ? w->wants(w->data) : LOOP_READ;
        if (wants == 0)
            continue;
        short events = (short)(((wants & LOOP_READ) != 0 ? CURL_WAIT_POLLIN : 0) |
                               ((wants & LOOP_WRITE) != 0 ? CURL_WAIT_POLLOUT : 0));
        struct curl_waitfd entry = {w->fd, events, 0};
        g_array_append_val(l->poll_set, entry);
        g_ptr_array_add(l->poll_owners, w);
    }
}

static void dispatch_watches(loop *l)
{
    for (unsigned i = 0; i < l->poll_set->len; i++) {
        loop_watch *w = l->poll_owners->pdata[i];
        short r = g_array_index(l->poll_set, struct curl_waitfd, i).revents;
        int ready = ((r & CURL_WAIT_POLLIN) != 0 ? LOOP_READ : 0) |
                    ((r & CURL_WAIT_POLLOUT) != 0 ? LOOP_WRITE : 0);
        if (ready != 0 && !w->dead)
            w->ready(ready, w->data);
    }
}

/* ---- waiting ---- */

static int64_t until_due(const struct timer_heap *heap, int64_t now, int64_t wait)
{
    const loop_timer *first = timer_heap_top(heap);
    return first != NULL ? MIN(wait, first->due - now) : wait;
}

static int time_to_wait(const loop *l, int max_wait_ms)
{
    if (l->stopping || l->added || l->deferred->len > 0)
        return 0;
    int64_t wait = max_wait_ms;
    if (l->mono.len > 0)
        wait = until_due(&l->mono, loop_now(l), wait);
    if (l->wall.len > 0)
        wait = until_due(&l->wall, loop_wall(l), wait);
    return (int)CLAMP(wait, 0, INT_MAX);
}

static bool wait_for_something(loop *l, int max_wait_ms, GError **error)
{
    arm_step_timer(l);
    derive_poll_set(l);
    struct curl_waitfd *set = (struct curl_waitfd *)(void *)l->poll_set->data;
    CURLMcode code =
        curl_multi_poll(l->multi, set, l->poll_set->len, time_to_wait(l, max_wait_ms), NULL);
    return code == CURLM_OK || fail(error, code);
}

/* ---- transfers ---- */

CURLMcode loop_transfer_add(loop *l, struct loop_transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    CURLMcode code = curl_multi_add_handle(l->multi, t->easy);
    if (code == CURLM_OK) {
        l->transfers++;
        l->added = true;
    }
    return code;
}

void loop_transfer_remove(loop *l, struct loop_transfer *t)
{
    if (curl_multi_remove_handle(l->multi, t->easy) == CURLM_OK)
        l->transfers--;
}

void loop_set_connection_cache(loop *l, long connections)
{
    curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS, connections);
}

static void deliver_finished(loop *l)
{
    const CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(l->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        /* The message dies with its handle: copy before calling. */
        CURLcode code = message->data.result;
        struct loop_transfer *t = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        t->done(t, code);
    }
}

static bool run_transfers(loop *l, GError **error)
{
    if (l->transfers == 0)
        l->added = false; /* put in and taken out again */
    for (int round = 0; l->transfers > 0 && round < MAX_ROUNDS; round++) {
        int running;
        l->added = false;
        CURLMcode code = curl_multi_perform(l->multi, &running);
        if (code != CURLM_OK)
            return fail(error, code);
        deliver_finished(l);
        if (!l->added)
            break;
    }
    return true;
}

/* ---- the turn ---- */

void loop_defer(loop *l, loop_fn fn, void *data)
{
    struct deferred call = {fn, data};
    g_array_append_val(l->deferred, call);
}

static void run_deferred(loop *l)
{
    for (unsigned i = 0; i < l->deferred->len; i++) {
        struct deferred call = g_array_index(l->deferred, struct deferred, i);
        call.fn(call.data);
    }
    g_array_set_size(l->deferred, 0);
}

static void free_the_dead(loop *l)
{
    if (l->dead_watches->len > 0)
        g_ptr_array_set_size(l->dead_watches, 0);
    if (l->dead_timers->len > 0)
        g_ptr_array_set_size(l->dead_timers, 0);
}

bool loop_turn(loop *l, int max_wait_ms, GError **error)
{
    run_due(&l->mono, loop_now(l));
    if (l->wall.len > 0)
        run_due(&l->wall, loop_wall(l));
    if (!wait_for_something(l, max_wait_ms, error))
        return false;
    dispatch_watches(l);
    if (!run_transfers(l, error))
        return false;
    run_deferred(l);
    free_the_dead(l);
    return true;
}

bool loop_run(loop *l, GError **error)
{
    while (!l->stopping) {
        if (!loop_turn(l, INT_MAX, error))
            return false;
    }
    l->stopping = false;
    return true;
}

void loop_stop(loop *l)
{
    l->stopping = true;
}

void loop_free(loop *l)
{
    if (l == NULL)
        return;
    run_deferred(l);
    loop_watch_free(l->step_watch);
    free_the_dead(l);
    if (l->step_fd >= 0)
        close(l->step_fd);
    timer_heap_clear(&l->mono);
    timer_heap_clear(&l->wall);
    curl_multi_cleanup(l->multi);
    curl_global_cleanup();
    g_ptr_array_free(l->watches, TRUE);
    g_ptr_array_free(l->dead_watches, TRUE);
    g_ptr_array_free(l->dead_timers, TRUE);
    g_array_free(l->deferred, TRUE);
    g_array_free(l->poll_set, TRUE);
    g_ptr_array_free(l->poll_owners, TRUE);
    g_free(l);
}
