/* The pump's chats: what goes next in each and when; ready ones in turn, the others in a heap. */
#include <string.h>

#include "pump_internal.h"

/* Resting chats are kept for their buckets; beyond this many the idle ones are forgotten. */
#define CHATS_KEPT 512

/* ---- the heap of those that wait ---- */

static struct pump_chat *at(const pump *p, size_t i)
{
    return g_ptr_array_index(p->heap, i);
}

static void put(pump *p, size_t i, struct pump_chat *c)
{
    p->heap->pdata[i] = c;
    c->index = i;
}

static void rise(pump *p, size_t i)
{
    struct pump_chat *c = at(p, i);

    for (; i > 0 && at(p, (i - 1) / 2)->due > c->due; i = (i - 1) / 2)
        put(p, i, at(p, (i - 1) / 2));
    put(p, i, c);
}

static void sink(pump *p, size_t i)
{
    struct pump_chat *c = at(p, i);

    for (size_t child = 2 * i + 1; child < p->heap->len; i = child, child = 2 * i + 1) {
        if (child + 1 < p->heap->len && at(p, child + 1)->due < at(p, child)->due)
            child++;
        if (at(p, child)->due >= c->due)
            break;
        put(p, i, at(p, child));
    }
    put(p, i, c);
}

static void heap_add(pump *p, struct pump_chat *c)
{
    g_ptr_array_add(p->heap, c);
    c->index = p->heap->len - 1;
    rise(p, c->index);
}

static void heap_remove(pump *p, struct pump_chat *c)
{
    size_t i = c->index;
    struct pump_chat *last = at(p, p->heap->len - 1);

    g_ptr_array_set_size(p->heap, (gint)p->heap->len - 1);
    if (last == c)
        return;
    put(p, i, last);
    rise(p, i);
    sink(p, last->index);
}

int64_t pump_next_due(const pump *p)
{
    return p->heap->len > 0 ? at(p, 0)->due : INT64_MAX;
}

/* ---- where a chat stands ---- */

void pump_chat_lift(pump *p, struct pump_chat *c)
{
    if (c->stand == PUMP_READY)
        g_queue_unlink(&p->ready[c->lane], &c->ready);
    else if (c->stand == PUMP_TIMED)
        heap_remove(p, c);
    c->stand = PUMP_RESTING;
}

static bool next_lane(const struct pump_chat *c, enum outbox_lane *ret)
{
    static const enum outbox_lane order[] = {OUTBOX_FREE, OUTBOX_REPLY, OUTBOX_BROADCAST,
                                             OUTBOX_EDIT};

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        if (c->lanes[order[i]].length > 0) {
            *ret = order[i];
            return true;
        }
    }
    return false;
}

/* When what goes next in C may go. */
static int64_t due_of(const pump *p, const struct pump_chat *c, enum outbox_lane lane, int64_t now)
{
    const struct pump_limits *l = &p->limits;
    int64_t due = MAX(now, c->blocked_until);

    if (lane == OUTBOX_FREE)
        return due;
    due = MAX(due, now + bucket_wait(&c->bucket, l->chat_burst, l->chat_ms, now));
    if (c->kind == CHAT_GROUP) {
        /* Edits leave half of what a group may get to messages. */
        int spare = lane == OUTBOX_EDIT ? l->group_most / 2 : 0;

        due = MAX(due, now + window_wait(&c->window, l->group_most, spare, l->group_ms, now));
    }
    if (lane == OUTBOX_EDIT) {
        const struct pump_entry *e = c->lanes[lane].head->data;

        due = MAX(due, MAX(e->not_before, c->edit_at));
    }
    return due;
}

void pump_chat_place(pump *p, struct pump_chat *c)
{
    int64_t now = loop_now(p->loop);
    enum outbox_lane lane;

    if (c->stand == PUMP_BUSY)
        return;
    if (!next_lane(c, &lane)) {
        pump_chat_lift(p, c);
        return;
    }
    int64_t due = due_of(p, c, lane, now);
    if (c->stand == PUMP_READY && c->lane == lane && due <= now)
        return; /* keeps its turn */
    pump_chat_lift(p, c);
    if (due > now) {
        c->stand = PUMP_TIMED;
        c->due = due;
        heap_add(p, c);
    } else {
        c->stand = PUMP_READY;
        c->lane = lane;
        g_queue_push_tail_link(&p->ready[lane], &c->ready);
    }
}

void pump_wake(pump *p, int64_t now)
{
    while (p->heap->len > 0 && at(p, 0)->due <= now)
        pump_chat_place(p, at(p, 0));
}

/* ---- life ---- */

struct pump_chat *pump_chat_get(pump *p, int64_t id, bool make)
{
    struct pump_chat *c = g_hash_table_lookup(p->chats, &id);
    struct chat_place place = {0};

    if (c != NULL || !make)
        return c;
    if (id > 0 && !chat_place_get(p->store, id, &place))
        return NULL;
    c = g_new0(struct pump_chat, 1);
    c->id = id;
    c->ext = place.ext != NULL ? place.ext : g_strdup("");
    c->kind = place.kind;
    c->ready.data = c;
    g_hash_table_insert(p->chats, &c->id, c);
    return c;
}

void pump_entry_stale(pump *p, struct pump_entry *e)
{
    if (e->fresh)
        g_queue_unlink(&p->fresh, &e->fresh_link);
    e->fresh = false;
}

void pump_entry_free(pump *p, struct pump_entry *e)
{
    pump_entry_stale(p, e);
    if (e->item.row.body != NULL)
        p->bodies -= MIN(p->bodies, strlen(e->item.row.body));
    if (e->item.row.key != NULL && g_hash_table_lookup(p->keys, e->item.row.key) == e)
        g_hash_table_remove(p->keys, e->item.row.key);
    outbox_row_clear(&e->item.row);
    g_free(e->ext_was);
    g_free(e);
}

void pump_chat_free(pump *p, struct pump_chat *c)
{
    pump_chat_lift(p, c);
    g_hash_table_remove(p->chats, &c->id);
    for (int lane = 0; lane < OUTBOX_LANES; lane++) {
        GList *link;

        while ((link = g_queue_pop_head_link(&c->lanes[lane])) != NULL)
            pump_entry_free(p, link->data);
    }
    if (c->busy != NULL)
        pump_entry_free(p, c->busy);
    window_clear(&c->window);
    g_free(c->ext);
    g_free(c);
}

void pump_chat_clear(pump *p, struct pump_chat *c)
{
    for (int lane = 0; lane < OUTBOX_LANES; lane++) {
        GList *link;

        while ((link = g_queue_pop_head_link(&c->lanes[lane])) != NULL) {
            p->queued--;
            pump_entry_free(p, link->data);
        }
    }
}

static bool nothing_to_remember(const pump *p, const struct pump_chat *c, int64_t now)
{
    int64_t most = MAX(p->limits.group_ms, p->limits.chat_ms * p->limits.chat_burst);

    return c->stand == PUMP_RESTING && now >= c->used_at + most && now >= c->blocked_until &&
           now >= c->edit_at;
}

void pump_sweep(pump *p)
{
    GHashTableIter iter;
    gpointer value;
    int64_t now = loop_now(p->loop);
    g_autoptr(GPtrArray) idle = NULL;

    if (g_hash_table_size(p->chats) <= CHATS_KEPT)
        return;
    idle = g_ptr_array_new();
    g_hash_table_iter_init(&iter, p->chats);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (nothing_to_remember(p, value, now))
            g_ptr_array_add(idle, value);
    }
    for (guint i = 0; i < idle->len; i++)
        pump_chat_free(p, g_ptr_array_index(idle, i));
}
