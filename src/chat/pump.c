/* The outbox pump: from the committed row to the platform's answer, and its removal. */
#include "pump.h"

#include <string.h>

#include "fault.h"
#include "log.h"
#include "pump_internal.h"

enum {
    BODY_BYTES = 4 << 20, /* of bodies in memory; further ones are read when their turn comes */
    FIRST_RETRY_MS = 400,
    LONGEST_RETRY_MS = 8000, /* while it may be over any second */
    PATIENT_AFTER = 20,      /* failures; then it is tried once a minute */
    PATIENT_RETRY_MS = 60000,
    OLDEST_S = 24 * 3600, /* a message that could not be sent for a day says nothing any more */
    LOAD_ROWS = 500,
    EDIT_DELAY_MS = 1500, /* an edit waits for others of the same post */
};

static void run(pump *p);

static void on_timer(void *data)
{
    run(data);
}

pump *pump_new(loop *l, store *s, enum platform platform, const char *name,
               const struct pump_limits *limits, const struct pump_ops *ops)
{
    pump *p = g_new0(pump, 1);

    p->loop = l;
    p->store = s;
    p->platform = platform;
    p->name = name;
    p->limits = *limits;
    p->limits.parallel = MAX(1, limits->parallel);
    p->ops = *ops;
    p->timer = loop_timer_new(l, on_timer, p);
    p->chats = g_hash_table_new(g_int64_hash, g_int64_equal);
    p->keys = g_hash_table_new(g_str_hash, g_str_equal);
    p->heap = g_ptr_array_new();
    p->staged = g_array_new(FALSE, FALSE, sizeof(struct outbox_row));
    p->finished = g_array_new(FALSE, FALSE, sizeof(struct pump_finished));
    p->random = (uint64_t)loop_wall(l) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    return p;
}

/* ---- rows into chats ---- */

static void keep_body(pump *p, struct pump_entry *e)
{
    struct outbox_row *row = &e->item.row;

    if (row->body == NULL)
        return;
    size_t len = strlen(row->body);
    if (p->bodies + len > BODY_BYTES) {
        g_clear_pointer(&row->body, g_free);
        return;
    }
    p->bodies += len;
}

/* A queued row with the same key becomes this one and keeps its place. */
static bool replace(pump *p, struct outbox_row *row)
{
    struct pump_entry *e = row->key != NULL ? g_hash_table_lookup(p->keys, row->key) : NULL;

    if (e == NULL)
        return false;
    struct outbox_row *old = &e->item.row;
    if (old->body != NULL)
        p->bodies -= MIN(p->bodies, strlen(old->body));
    g_free(old->body);
    old->body = g_steal_pointer(&row->body);
    old->id = row->id;
    keep_body(p, e);
    outbox_row_clear(row);
    return true;
}

/* *Takes* what ROW holds. */
static void queue_taking(pump *p, struct outbox_row *row)
{
    struct pump_chat *c;

    if (replace(p, row))
        return;
    c = pump_chat_get(p, row->lane == OUTBOX_FREE ? -row->id : row->chat, true);
    if (c == NULL) {
        outbox_row_clear(row);
        return;
    }
    struct pump_entry *e = g_new0(struct pump_entry, 1);
    e->item.row = *row;
    e->chat = c;
    e->link.data = e;
    keep_body(p, e);
    if (row->key != NULL)
        g_hash_table_insert(p->keys, e->item.row.key, e);
    if (row->lane == OUTBOX_EDIT && p->limits.edit_ms > 0)
        e->not_before = loop_now(p->loop) + EDIT_DELAY_MS;
    g_queue_push_tail_link(&c->lanes[row->lane], &e->link);
    p->queued++;
    pump_chat_place(p, c);
}

void pump_start(pump *p)
{
    g_autoptr(GArray) rows = NULL;
    int64_t after = 0;

    do {
        g_clear_pointer(&rows, g_array_unref);
        rows = outbox_rows(p->store, p->platform, after, LOAD_ROWS);
        for (guint i = 0; i < rows->len; i++) {
            struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);

            after = row->id;
            queue_taking(p, row);
        }
    } while (rows->len == LOAD_ROWS);
    if (p->queued > 0)
        log_info("%s: %zu messages from before are still to be sent", p->name, p->queued);
    p->started = true;
    loop_timer_in(p->timer, 0);
}

void pump_stop(pump *p)
{
    p->stopped = true;
    loop_timer_stop(p->timer);
}

void pump_add(pump *p, struct outbox_row *row)
{
    struct outbox_row copy;

    row->platform = p->platform;
    row->id = outbox_add(p->store, row);
    copy = *row;
    copy.body = g_strdup(row->body);
    copy.key = g_strdup(row->key);
    g_array_append_val(p->staged, copy);
}

/* ---- what has been sent leaves the outbox ---- */

static void settle_one(pump *p, const struct pump_finished *f)
{
    if (f->gone) {
        chat_set_gone(p->store, f->chat, true);
        outbox_remove_chat(p->store, f->chat);
    } else if (f->refused != NULL) {
        struct outbox_row row = {
            .id = f->id, .platform = p->platform, .chat = f->chat, .kind = f->kind};

        outbox_refused(p->store, &row, loop_wall(p->loop) / 1000, f->refused);
    } else {
        outbox_remove(p->store, f->id);
    }
    if (f->round != 0 && f->message != NULL)
        post_add(p->store, f->chat, f->message, f->round, f->main);
}

void pump_settle(pump *p)
{
    for (; p->settled < p->finished->len; p->settled++)
        settle_one(p, &g_array_index(p->finished, struct pump_finished, p->settled));
    outbox_sweep(p->store);
}

static void forget_settled(pump *p)
{
    for (guint i = 0; i < p->settled; i++) {
        struct pump_finished *f = &g_array_index(p->finished, struct pump_finished, i);

        g_free(f->message);
        g_free(f->refused);
    }
    g_array_remove_range(p->finished, 0, p->settled);
}

/* Somebody has been forgotten: what is still to be sent is read from the store, if it is there. */
static void drop_bodies(pump *p)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, p->chats);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        for (int lane = 0; lane < OUTBOX_LANES; lane++) {
            for (GList *l = ((struct pump_chat *)value)->lanes[lane].head; l != NULL; l = l->next)
                g_clear_pointer(&((struct pump_entry *)l->data)->item.row.body, g_free);
        }
    }
    p->bodies = 0; /* those under way are freed soon; the sum may only be too small meanwhile */
}

static void look_for_erasures(pump *p)
{
    unsigned now = outbox_erasures(p->store);

    if (now != p->erasures)
        drop_bodies(p);
    p->erasures = now;
}

void pump_committed(pump *p, bool ok)
{
    look_for_erasures(p);
    if (ok)
        forget_settled(p);
    p->settled = 0;
    for (guint i = 0; i < p->staged->len; i++) {
        struct outbox_row *row = &g_array_index(p->staged, struct outbox_row, i);

        if (ok)
            queue_taking(p, row);
        else
            outbox_row_clear(row);
    }
    g_array_set_size(p->staged, 0);
    if (ok)
        run(p);
}

/* At the end of a turn: what no other transaction has taken along. */
static void settle_now(void *data)
{
    pump *p = data;
    g_autoptr(GError) error = NULL;

    p->settling_deferred = false;
    if (p->freed || p->finished->len == 0)
        return;
    store_begin_light(p->store);
    pump_settle(p);
    fault_point("before-removal");
    bool ok = store_commit(p->store, &error);
    fault_point("after-removal");
    if (!ok)
        log_error("%s: what has been sent cannot be noted: %s", p->name, error->message);
    if (ok)
        forget_settled(p);
    p->settled = 0;
}

static void finish(pump *p, struct pump_entry *e, const struct pump_outcome *o)
{
    const struct outbox_row *row = &e->item.row;
    struct pump_finished f = {
        .id = row->id, .chat = row->chat, .kind = row->kind, .main = row->main};

    if (o->result == PUMP_SENT) {
        f.round = row->lane != OUTBOX_EDIT ? row->round : 0;
        f.message = g_strdup(o->message);
    } else if (o->why != NULL) {
        f.refused = g_strdup(o->why);
    }
    f.gone = o->result == PUMP_GONE;
    g_array_append_val(p->finished, f);
    if (!p->settling_deferred) {
        p->settling_deferred = true;
        loop_defer(p->loop, settle_now, p);
    }
}

/* ---- sending ---- */

/* A body that was left in the store; false when the row is gone (its person has been forgotten). */
static bool fetch_body(pump *p, struct pump_entry *e)
{
    struct outbox_row *row = &e->item.row;

    if (row->body != NULL)
        return true;
    row->body = outbox_body(p->store, row->id);
    if (row->body == NULL)
        return false;
    p->bodies += strlen(row->body);
    return true;
}

static bool too_old(const pump *p, const struct outbox_row *row)
{
    return row->created + OLDEST_S < loop_wall(p->loop) / 1000;
}

static void drop(pump *p, struct pump_entry *e, const char *why)
{
    struct pump_outcome o = {.result = PUMP_REFUSED, .why = why};
    struct pump_chat *c = e->chat;

    if (why != NULL)
        log_warnx("%s: message %lld is dropped: %s", p->name, (long long)e->item.row.id, why);
    finish(p, e, &o);
    p->queued--;
    pump_entry_free(p, e);
    pump_chat_place(p, c);
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
    if (!fetch_body(p, e)) {
        drop(p, e, NULL);
        return;
    }
    if (too_old(p, &e->item.row)) {
        drop(p, e, "it could not be sent for a day");
        return;
    }
    e->item.ext = c->ext;
    e->item.kind = c->kind;
    fault_point("before-send");
    if (!p->ops.send(p->ops.ctx, &e->item)) {
        drop(p, e, NULL);
        return;
    }
    take_tokens(p, c, lane, now);
    c->stand = PUMP_BUSY;
    c->busy = e;
    p->under_way++;
}

/* The chat whose turn it is, NULL when none is ready. */
static struct pump_chat *next_ready(pump *p, bool free_only)
{
    static const enum outbox_lane order[] = {OUTBOX_FREE, OUTBOX_REPLY, OUTBOX_BROADCAST,
                                             OUTBOX_EDIT};

    for (size_t i = 0; i < (free_only ? 1 : G_N_ELEMENTS(order)); i++) {
        if (p->ready[order[i]].length > 0)
            return p->ready[order[i]].head->data;
    }
    return NULL;
}

/* Until when the overall limits let nothing through but free rows; 0: they let through. */
static int64_t held_until(const pump *p, int64_t now)
{
    int64_t until = now + window_wait(&p->window, p->limits.all_most, 0, p->limits.all_ms, now);

    until = MAX(until, p->paused_until);
    return until > now ? until : 0;
}

static void run(pump *p)
{
    int64_t now = loop_now(p->loop), held, next;
    struct pump_chat *c;

    if (!p->started || p->stopped || p->running)
        return;
    p->running = true;
    pump_wake(p, now);
    while ((int)p->under_way < p->limits.parallel) {
        held = held_until(p, now);
        c = next_ready(p, held != 0);
        if (c == NULL)
            break;
        send_next(p, c, now);
    }
    p->running = false;
    pump_sweep(p);
    next = pump_next_due(p);
    held = held_until(p, now);
    if (held != 0 && next_ready(p, false) != NULL)
        next = MIN(next, held);
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
        c->fails++;
        c->blocked_until = loop_now(p->loop) + retry_in(p, c->fails);
        if (o->result == PUMP_DOWN)
            note_down(p, o->why != NULL ? o->why : "no connection");
        else
            log_info("%s: message %lld will be tried again: %s", p->name, (long long)e->item.row.id,
                     o->why != NULL ? o->why : "it failed");
    }
    put_back(p, e);
}

static void clear_chat(pump *p, struct pump_chat *c)
{
    for (int lane = 0; lane < OUTBOX_LANES; lane++) {
        GList *link;

        while ((link = g_queue_pop_head_link(&c->lanes[lane])) != NULL) {
            p->queued--;
            pump_entry_free(p, link->data);
        }
    }
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
        clear_chat(p, c);
    }
    finish(p, e, o);
    p->queued--;
    pump_entry_free(p, e);
}

void pump_done(pump *p, struct pump_item *item, const struct pump_outcome *o)
{
    struct pump_entry *e = (struct pump_entry *)item;
    struct pump_chat *c = e->chat;

    fault_point("after-send");
    p->under_way--;
    c->busy = NULL;
    c->stand = PUMP_RESTING;
    if (o->result == PUMP_SENT || o->result == PUMP_REFUSED || o->result == PUMP_GONE)
        end(p, e, o);
    else
        fail(p, e, o);
    pump_chat_place(p, c);
    if (c->id < 0 && c->stand == PUMP_RESTING)
        pump_chat_free(p, c);
    run(p);
}

void pump_chat_moved(pump *p, int64_t chat, const char *ext)
{
    struct pump_chat *c = pump_chat_get(p, chat, false);

    if (c == NULL)
        return;
    g_free(c->ext);
    c->ext = g_strdup(ext);
}

/* ---- life ---- */

size_t pump_queued(const pump *p)
{
    return p->queued;
}

size_t pump_ready(const pump *p)
{
    size_t n = 0;

    for (int lane = 0; lane < OUTBOX_LANES; lane++)
        n += p->ready[lane].length;
    return n;
}

size_t pump_under_way(const pump *p)
{
    return p->under_way;
}

static void free_now(void *data)
{
    g_free(data);
}

void pump_free(pump *p)
{
    GHashTableIter iter;
    gpointer value;
    g_autoptr(GPtrArray) all = NULL;

    if (p == NULL)
        return;
    settle_now(p);
    loop_timer_free(p->timer);
    all = g_ptr_array_new();
    g_hash_table_iter_init(&iter, p->chats);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(all, value);
    for (guint i = 0; i < all->len; i++)
        pump_chat_free(p, g_ptr_array_index(all, i));
    g_hash_table_unref(p->chats);
    g_hash_table_unref(p->keys);
    g_ptr_array_unref(p->heap);
    p->settled = p->finished->len;
    forget_settled(p);
    g_array_unref(p->finished);
    g_array_unref(p->staged);
    window_clear(&p->window);
    p->freed = true;
    loop_defer(p->loop, free_now, p); /* behind a settling that is still deferred */
}
