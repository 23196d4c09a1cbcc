/* The outbox pump: from the committed row to the platform's answer, and its removal. */
#include "pump.h"

#include <string.h>

#include "fault.h"
#include "log.h"
#include "pump_internal.h"

enum {
    BODY_BYTES = 1 << 20, /* of bodies in memory; further ones are read when their turn comes */
    LOAD_ROWS = 50000,    /* each reading goes through all of the outbox */
    EDIT_DELAY_MS = 1500, /* an edit waits for others of the same post */
    OLDEST_MS = 24 * 3600 * 1000, /* what could not be sent for a day says nothing any more */
    CHAT_MOST = 100,              /* replies that wait in a private chat, ... */
    GROUP_MOST = 1000,
    CHAT_FEW = 3, /* ... when many wait in all, ... */
    ALL_MANY = 20000,
    ALL_MOST = 100000, /* ... and none beyond this many */
    FREE_MOST = 1000,
    AGAIN_MS = 1000, /* between tries to note what has been sent */
};

static void on_timer(void *data)
{
    pump_load(data);
    pump_run(data);
}

static void on_again(void *data);

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
    p->again = loop_timer_new(l, on_again, p);
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
    old->slot = row->slot;
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
    e->kept_until =
        loop_now(p->loop) + OLDEST_MS - MAX(0, loop_wall(p->loop) - 1000 * row->created);
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

/* The next rows of the outbox; false when they could not be read. The last ones: RET_LAST. */
static bool load_some(pump *p, bool *ret_last, GError **error)
{
    g_autoptr(GArray) rows = outbox_rows(p->store, p->platform, p->loaded_to, LOAD_ROWS);
    bool ok = store_reads_ok(p->store, error);

    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        int64_t id = row->id;

        if (!ok) {
            outbox_row_clear(row);
            continue;
        }
        queue_taking(p, row);
        ok = store_reads_ok(p->store, error); /* its chat was read too */
        if (ok)
            p->loaded_to = id;
    }
    *ret_last = rows->len < LOAD_ROWS;
    return ok;
}

void pump_load(pump *p)
{
    g_autoptr(GError) error = NULL;
    bool last = false;

    if (!p->loading || p->stopped)
        return;
    while (!last) {
        if (load_some(p, &last, &error))
            continue;
        log_warnx("%s: what is still to be sent cannot be read now: %s", p->name, error->message);
        loop_timer_in(p->timer, AGAIN_MS);
        return;
    }
    if (p->queued > 0)
        log_info("%s: %zu messages from before are still to be sent", p->name, p->queued);
    p->loading = false;
    p->started = true;
}

void pump_start(pump *p)
{
    p->loading = true;
    loop_timer_in(p->timer, 0);
}

void pump_stop(pump *p)
{
    p->stopped = true;
    loop_timer_stop(p->timer);
}

/* How many replies may wait in C: fewer, the more wait in all. */
static guint replies_most(const pump *p, const struct pump_chat *c)
{
    if (p->queued >= ALL_MOST)
        return 0;
    if (p->queued >= ALL_MANY)
        return CHAT_FEW;
    return c->kind == CHAT_GROUP ? GROUP_MOST : CHAT_MOST;
}

/* Somebody writes much faster than may be answered: what would wait for many minutes is left out.
 */
static bool overflows(pump *p, const struct outbox_row *row)
{
    struct pump_chat *c = pump_chat_get(p, row->chat, false);

    if (p->limits.chat_burst == 0)
        return false;
    if (row->lane == OUTBOX_FREE)
        return p->ready[OUTBOX_FREE].length >= FREE_MOST;
    if (row->lane != OUTBOX_REPLY || c == NULL)
        return row->lane == OUTBOX_REPLY && p->queued >= ALL_MOST;
    bool over = c->lanes[OUTBOX_REPLY].length >= replies_most(p, c);
    if (over && !c->overflown)
        log_warnx("%s: chat %s writes faster than it can be answered: replies are left out",
                  p->name, c->ext);
    c->overflown = over;
    return over;
}

void pump_add(pump *p, struct outbox_row *row)
{
    struct outbox_row copy;

    if (overflows(p, row))
        return;
    row->platform = p->platform;
    outbox_add(p->store, row);
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
        struct outbox_row row = {.id = f->id,
                                 .slot = f->slot,
                                 .platform = p->platform,
                                 .chat = f->chat,
                                 .kind = f->kind};

        outbox_refused(p->store, &row, loop_wall(p->loop) / 1000, f->refused);
    } else {
        outbox_remove(p->store, f->slot, f->id);
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
        p->unnoted -= f->shows ? 1 : 0;
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

        /* Before the start it is in the store alone: pump_start reads all that is there. */
        if (ok && p->started)
            queue_taking(p, row);
        else
            outbox_row_clear(row);
    }
    g_array_set_size(p->staged, 0);
    if (ok)
        pump_run(p);
}

/* What no other transaction has taken along. */
static void settle_now(pump *p)
{
    g_autoptr(GError) error = NULL;

    if (p->finished->len == 0)
        return;
    store_begin_light(p->store);
    pump_settle(p);
    fault_point("before-removal", p->name);
    bool ok = store_commit(p->store, &error);
    fault_point("after-removal", p->name);
    if (!ok)
        log_error("%s: what has been sent cannot be noted: %s", p->name, error->message);
    if (ok)
        forget_settled(p);
    else
        loop_timer_in(p->again, AGAIN_MS);
    p->settled = 0;
}

/* At the end of a turn; the next message may have waited for it. */
static void settle_deferred(void *data)
{
    pump *p = data;

    p->settling_deferred = false;
    if (p->freed)
        return;
    settle_now(p);
    pump_run(p);
}

static void on_again(void *data)
{
    settle_now(data);
    pump_run(data);
}

bool pump_row_shows(const pump *p, const struct outbox_row *row)
{
    return row->lane != OUTBOX_EDIT && (row->lane != OUTBOX_FREE || p->limits.free_shows);
}

void pump_finish(pump *p, struct pump_entry *e, const struct pump_outcome *o)
{
    const struct outbox_row *row = &e->item.row;
    struct pump_finished f = {
        .id = row->id, .slot = row->slot, .chat = row->chat, .kind = row->kind, .main = row->main};

    if (o->result == PUMP_SENT) {
        f.round = row->lane != OUTBOX_EDIT ? row->round : 0;
        f.message = g_strdup(o->message);
        f.shows = pump_row_shows(p, row);
        p->unnoted += f.shows ? 1 : 0;
    } else if (o->why != NULL) {
        f.refused = g_strdup(o->why);
    }
    f.gone = o->result == PUMP_GONE;
    g_array_append_val(p->finished, f);
    if (!p->settling_deferred) {
        p->settling_deferred = true;
        loop_defer(p->loop, settle_deferred, p);
    }
}

void pump_chat_moved(pump *p, int64_t chat, const char *ext)
{
    struct pump_chat *c = pump_chat_get(p, chat, false);

    if (c == NULL)
        return;
    /* What is under way was sent to the old id, and its answer will speak of that. */
    if (c->busy != NULL && c->busy->item.ext == c->ext) {
        g_free(c->busy->ext_was);
        c->busy->ext_was = c->ext;
    } else {
        g_free(c->ext);
    }
    c->ext = g_strdup(ext);
}

void pump_chat_gone(pump *p, int64_t chat)
{
    struct pump_chat *c = pump_chat_get(p, chat, false);

    if (chat == 0) /* free rows are no chat's */
        return;
    outbox_remove_chat(p->store, chat);
    for (guint i = p->staged->len; i > 0; i--) {
        struct outbox_row *row = &g_array_index(p->staged, struct outbox_row, i - 1);

        if (row->chat != chat)
            continue;
        outbox_row_clear(row);
        g_array_remove_index(p->staged, i - 1);
    }
    if (c == NULL)
        return;
    pump_chat_clear(p, c);
    pump_chat_place(p, c);
}

/* ---- life ---- */

size_t pump_queued(const pump *p)
{
    return p->queued;
}

size_t pump_ready(const pump *p)
{
    return p->ready[OUTBOX_REPLY].length + p->ready[OUTBOX_FREE].length;
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
    loop_timer_free(p->again);
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
