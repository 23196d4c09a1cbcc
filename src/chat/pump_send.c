/* The pump's sending: whose turn it is, what limits let through, what an answer means. */
#include <string.h>

#include "fault.h"
#include "log.h"
#include "pump_internal.h"

enum {
    FIRST_RETRY_MS = 400,
    LONGEST_RETRY_MS = 8000, /* while it may be over any second */
    PATIENT_AFTER = 20,      /* failures; then it is tried once a minute */
    PATIENT_RETRY_MS = 60000,
    UNREADABLE_MS = 1000,
    SLOW_MS = 500, /* a send that takes longer holds nobody up */
};

/* ---- sending ---- */

/* A body that was left in the store; NULL afterwards: its row is gone (its person has been
   forgotten), or cannot be read. */
static void fetch_body(pump *p, struct pump_entry *e)
{
    struct outbox_row *row = &e->item.row;

    if (row->body != NULL)
        return;
    row->body = outbox_body(p->store, row->slot, row->id);
    if (row->body != NULL)
        p->bodies += strlen(row->body);
}

static void drop(pump *p, struct pump_entry *e, const char *why)
{
    struct pump_outcome o = {.result = PUMP_REFUSED, .why = why};
    struct pump_chat *c = e->chat;

    if (why != NULL)
        log_warnx("%s: message %lld is dropped: %s", p->name, (long long)e->item.row.id, why);
    pump_finish(p, e, &o);
    p->queued--;
    pump_entry_free(p, e);
    pump_chat_place(p, c);
}

/* Back to the head of its lane, unless a newer row with its key has come meanwhile. */
static void put_back(pump *p, struct pump_entry *e)
{
    struct outbox_row *row = &e->item.row;

    if (row->key != NULL && g_hash_table_lookup(p->keys, row->key) != NULL) {
        p->queued--;
        pump_entry_free(p, e);
        return;
    }
    if (row->key != NULL)
        g_hash_table_insert(p->keys, row->key, e);
    g_queue_push_head_link(&e->chat->lanes[row->lane], &e->link);
}

/* True when it is only the disk that does not give now what E needs: it waits, and is not lost. */
static bool is_unreadable(pump *p, struct pump_entry *e, int64_t now)
{
    g_autoptr(GError) error = NULL;
    struct pump_chat *c = e->chat;

    if (store_reads_ok(p->store, &error))
        return false;
    log_warnx("%s: messages wait, they cannot be read now: %s", p->name, error->message);
    p->paused_until = MAX(p->paused_until, now + UNREADABLE_MS);
    put_back(p, e);
    pump_chat_place(p, c);
    return true;
}

static void take_tokens(pump *p, struct pump_chat *c, enum outbox_lane lane, int64_t now)
{
    const struct pump_limits *l = &p->limits;

    c->used_at = now;
    if (lane == OUTBOX_FREE)
        return;
    bucket_take(&c->bucket, l->chat_burst, l->chat_ms, now);
    if (c->kind == CHAT_GROUP)
        window_take(&c->window, l->group_most, now);
    window_take(&p->window, l->all_most, now);
    if (lane == OUTBOX_EDIT)
        c->edit_at = now + l->edit_ms;
}

static void send_next(pump *p, struct pump_chat *c, int64_t now)
{
    enum outbox_lane lane = c->lane;
    struct pump_entry *e;

    pump_chat_lift(p, c);
    e = g_queue_pop_head_link(&c->lanes[lane])->data;
    if (e->item.row.key != NULL)
        g_hash_table_remove(p->keys, e->item.row.key); /* what comes now goes after this one */
    if (now > e->kept_until) {
        drop(p, e, "it could not be sent for a day");
        return;
    }
    store_reads_ok(p->store, NULL); /* what others could not read before is none of this */
    fetch_body(p, e);
    if (e->item.row.body == NULL) {
        if (!is_unreadable(p, e, now))
            drop(p, e, NULL);
        return;
    }
    e->item.ext = c->ext;
    e->item.kind = c->kind;
    fault_point("before-send", p->name);
    if (!p->ops.send(p->ops.ctx, &e->item)) {
        if (!is_unreadable(p, e, now)) /* an edit's post, say */
            drop(p, e, NULL);
        return;
    }
    take_tokens(p, c, lane, now);
    c->stand = PUMP_BUSY;
    c->busy = e;
    p->under_way++;
    if (pump_row_shows(p, &e->item.row)) {
        e->fresh = true;
        e->begun = now;
        e->fresh_link.data = e;
        g_queue_push_tail_link(&p->fresh, &e->fresh_link);
    }
}

/* The chat whose turn it is in the first LANES in order, NULL when none is ready. */
static struct pump_chat *next_ready(pump *p, size_t lanes)
{
    static const enum outbox_lane order[OUTBOX_LANES] = {OUTBOX_FREE, OUTBOX_REPLY,
                                                         OUTBOX_BROADCAST, OUTBOX_EDIT};

    for (size_t i = 0; i < lanes; i++) {
        if (p->ready[order[i]].length > 0)
            return p->ready[order[i]].head->data;
    }
    return NULL;
}

/* Until when the overall limits let nothing through but free rows (those wait for what the platform
   has said, not for a limit); 0: they let through. */
static int64_t held_until(const pump *p, int64_t now)
{
    int64_t until = now + window_wait(&p->window, p->limits.all_most, 0, p->limits.all_ms, now);

    until = MAX(until, p->paused_until);
    return until > now ? until : 0;
}

static void forget_slow(pump *p, int64_t now)
{
    struct pump_entry *e;

    while ((e = g_queue_peek_head(&p->fresh)) != NULL && now - e->begun >= SLOW_MS)
        pump_entry_stale(p, e);
}

/* Chats where a message that people see could begin now. */
static size_t showing(const pump *p)
{
    return p->ready[OUTBOX_REPLY].length + p->ready[OUTBOX_BROADCAST].length +
           (p->limits.free_shows ? p->ready[OUTBOX_FREE].length : 0);
}

/*
 * Whether the next message waits until the one before has been noted: a kill
 * now would repeat both. In a burst people would wait too long for that.
 */
static bool one_by_one(const pump *p)
{
    return p->limits.few > 0 && (p->fresh.length > 0 || p->unnoted > 0) &&
           showing(p) <= (size_t)p->limits.few;
}

/* How many lanes may send now. */
static size_t lanes_open(const pump *p, int64_t now)
{
    bool one = one_by_one(p);

    if (now < p->paused_until || (one && p->limits.free_shows))
        return 0;
    return one || held_until(p, now) != 0 ? 1 : OUTBOX_LANES;
}

/* When something that is ready may go without an answer coming first, INT64_MAX: nothing is. */
static int64_t ready_at(pump *p, int64_t now)
{
    const struct pump_entry *e = g_queue_peek_head(&p->fresh);
    int64_t held = held_until(p, now);

    if (next_ready(p, OUTBOX_LANES) == NULL)
        return INT64_MAX;
    if (one_by_one(p))
        return e != NULL ? MAX(e->begun + SLOW_MS, held) : INT64_MAX;
    return held != 0 ? held : INT64_MAX;
}

void pump_run(pump *p)
{
    int64_t now = loop_now(p->loop), next;
    struct pump_chat *c;

    if (!p->started || p->stopped || p->running)
        return;
    p->running = true;
    pump_wake(p, now);
    forget_slow(p, now);
    while ((int)p->under_way < p->limits.parallel) {
        c = next_ready(p, lanes_open(p, now));
        if (c == NULL)
            break;
        send_next(p, c, now);
    }
    p->running = false;
    pump_sweep(p);
    next = MIN(pump_next_due(p), ready_at(p, now));
    if (next == INT64_MAX || (int)p->under_way >= p->limits.parallel)
        loop_timer_stop(p->timer); /* the next answer brings us here again */
    else
        loop_timer_at(p->timer, next);
}

/* ---- answers ---- */

/* Half to all of MS: those who failed together do not come back together. */
static int64_t jitter(pump *p, int64_t ms)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return ms / 2 + (int64_t)(p->random % (uint64_t)(ms / 2 + 1));
}

static int64_t retry_in(pump *p, int fails)
{
    int64_t ms = FIRST_RETRY_MS;

    if (fails > PATIENT_AFTER)
        return jitter(p, PATIENT_RETRY_MS);
    for (int i = 1; i < fails && ms < LONGEST_RETRY_MS; i++)
        ms *= 2;
    return jitter(p, MIN(ms, LONGEST_RETRY_MS));
}

/*
 * A platform does not say what a wait covers. When the chat has had as much as
 * it may get, it is the chat; otherwise it can only be everything.
 */
static bool covers_all(const pump *p, const struct pump_chat *c, int64_t now)
{
    const struct pump_limits *l = &p->limits;

    if (l->chat_burst > 0 && bucket_spent(&c->bucket, l->chat_burst, l->chat_ms, now))
        return false;
    return c->kind != CHAT_GROUP || l->group_most == 0 ||
           window_used(&c->window, l->group_most, l->group_ms, now) < l->group_most * 3 / 4;
}

static void wait_as_told(pump *p, struct pump_chat *c, int64_t ms)
{
    int64_t now = loop_now(p->loop), until = now + ms;

    c->blocked_until = MAX(c->blocked_until, until);
    if (covers_all(p, c, now))
        p->paused_until = MAX(p->paused_until, until);
}

static void note_down(pump *p, const char *why)
{
    p->down++;
    p->paused_until = MAX(p->paused_until, loop_now(p->loop) + retry_in(p, MIN(p->down, 4)));
    if (!p->down_logged)
        log_warnx("%s: messages cannot be sent: %s; trying again", p->name, why);
    p->down_logged = true;
}

static void note_up(pump *p)
{
    if (p->down_logged)
        log_info("%s: messages can be sent again", p->name);
    p->down = 0;
    p->down_logged = false;
}

static void fail(pump *p, struct pump_entry *e, const struct pump_outcome *o)
{
    struct pump_chat *c = e->chat;

    if (o->result == PUMP_WAIT) {
        wait_as_told(p, c, o->wait_ms);
        log_info("%s: told to wait %lld ms", p->name, (long long)o->wait_ms);
    } else if (o->result == PUMP_WAIT_ROW) {
        int64_t until = loop_now(p->loop) + o->wait_ms;

        if (e->item.row.lane == OUTBOX_EDIT)
            e->not_before = until; /* what else there is for the chat goes on */
        else
            c->blocked_until = MAX(c->blocked_until, until);
    } else if (o->result == PUMP_MOVED) {
        g_free(c->ext);
        c->ext = g_strdup(o->moved);
    } else {
        bool down = o->result == PUMP_DOWN; /* which is not the chat's fault */

        c->fails = down ? MIN(c->fails + 1, PATIENT_AFTER) : c->fails + 1;
        c->blocked_until = loop_now(p->loop) + retry_in(p, c->fails);
        if (down)
            note_down(p, o->why != NULL ? o->why : "no connection");
        else
            log_info("%s: message %lld will be tried again: %s", p->name, (long long)e->item.row.id,
                     o->why != NULL ? o->why : "it failed");
    }
    put_back(p, e);
}

static void end(pump *p, struct pump_entry *e, const struct pump_outcome *o)
{
    struct pump_chat *c = e->chat;

    c->fails = 0;
    note_up(p); /* also a refusal is an answer */
    if (o->result == PUMP_REFUSED && o->why != NULL)
        log_warnx("%s: message %lld to chat %s is dropped: %s", p->name, (long long)e->item.row.id,
                  c->ext, o->why);
    if (o->result == PUMP_GONE) {
        log_info("%s: chat %s takes no messages any more: %s", p->name, c->ext, o->why);
        pump_chat_clear(p, c);
    }
    pump_finish(p, e, o);
    p->queued--;
    pump_entry_free(p, e);
}

void pump_done(pump *p, struct pump_item *item, const struct pump_outcome *o)
{
    struct pump_entry *e = (struct pump_entry *)item;
    struct pump_chat *c = e->chat;

    fault_point("after-send", p->name);
    p->under_way--;
    pump_entry_stale(p, e);
    c->busy = NULL;
    c->stand = PUMP_RESTING;
    if (o->result == PUMP_SENT || o->result == PUMP_REFUSED || o->result == PUMP_GONE)
        end(p, e, o);
    else
        fail(p, e, o);
    pump_chat_place(p, c);
    if (c->id < 0 && c->stand == PUMP_RESTING)
        pump_chat_free(p, c);
    pump_run(p);
}
