/* Rows for the pump, and what Slack's answers mean to it. */
#include "slack_outbox.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pump.h"
#include "slack_deliver.h"

enum {
    CHAT_MS = 1050, /* one message a second in a channel, however fast it travels... */
    CHAT_BURST = 1, /* ...and no burst: it may be tolerated (docs.slack.dev: Rate limits) */
    EDIT_MS = 3000, /* chat.update is of tier 3, 50 calls a minute over all channels */
    PARALLEL = 8,
    WAIT_MS = 5000, /* when Slack says "too many" of a channel and not for how long */
};

struct slack_outbox {
    loop *loop;
    store *store;
    slack_api *api;
    pump *pump;
    GQueue *held; /* of struct held_answer: answers that the pump gets in the next turn */
    loop_timer *held_timer;
    GPtrArray *sendings; /* of struct sending, under way; owned */
};

struct sending {
    slack_outbox *outbox;
    struct pump_item *item;
    char *method;
    struct slack_delivery delivery;
};

struct held_answer {
    struct pump_item *item;
    enum pump_result result;
    int64_t wait_ms;
};

/* ---- rows ---- */

void slack_outbox_put(slack_outbox *o, const struct slack_row *row)
{
    bool refresh = row->kind == SLACK_ROW_REFRESH;
    g_autofree char *key = refresh ? g_strdup_printf("refresh:%lld", (long long)row->round) : NULL;
    struct outbox_row out = {
        .chat = row->aside ? 0 : row->chat,
        .lane = row->aside       ? OUTBOX_FREE
                : refresh        ? OUTBOX_EDIT
                : row->broadcast ? OUTBOX_BROADCAST
                                 : OUTBOX_REPLY,
        .kind = (int)row->kind,
        .body = (char *)(uintptr_t)row->body,
        .round = row->kind == SLACK_ROW_SEND || row->kind == SLACK_ROW_UNDER ? 0 : row->round,
        .main = row->kind == SLACK_ROW_POST,
        .key = key,
        .created = loop_wall(o->loop) / 1000,
    };

    pump_add(o->pump, &out);
}

/* ---- answers ---- */

static bool is_post(const char *method)
{
    return strcmp(method, "chat.postMessage") == 0;
}

/* "Too many" is said of a method, and of messages also of one channel. */
static void wait_for(struct sending *x, const struct slack_delivered *what,
                     struct pump_outcome *out)
{
    int64_t ms = what->retry_after >= 0 ? what->retry_after * 1000 : WAIT_MS;

    out->wait_ms = MAX(is_post(x->method) ? ms : slack_api_wait(x->outbox->api, x->method), 1);
    out->result = is_post(x->method) ? PUMP_WAIT : PUMP_WAIT_ROW;
}

static void sending_free(gpointer data)
{
    struct sending *x = data;

    g_free(x->method);
    g_free(x);
}

static void delivered(const struct slack_delivered *what, void *data)
{
    struct sending *x = data;
    struct pump_outcome out = {.why = what->error};

    if (what->verdict == SLACK_OK) {
        out.result = PUMP_SENT;
        out.message = what->ts;
    } else if (what->verdict == SLACK_LATER && what->told_to_wait) {
        wait_for(x, what, &out);
    } else if (what->verdict == SLACK_LATER) {
        out.result = what->unreachable ? PUMP_DOWN : PUMP_LATER;
    } else if (what->verdict == SLACK_UNSURE) {
        out.result = PUMP_LATER; /* it may appear twice: better than not at all */
    } else {
        out.result = what->chat_gone && x->item->row.lane != OUTBOX_FREE ? PUMP_GONE : PUMP_REFUSED;
    }
    pump_done(x->outbox->pump, x->item, &out);
    g_ptr_array_remove_fast(x->outbox->sendings, x);
}

/* ---- sending ---- */

static void answer_held(void *data)
{
    slack_outbox *o = data;
    struct held_answer *h;

    while ((h = g_queue_pop_head(o->held)) != NULL) {
        struct pump_outcome out = {.result = h->result, .wait_ms = h->wait_ms};

        pump_done(o->pump, h->item, &out);
        g_free(h);
    }
}

/* The pump wants its answer later, never at once. */
static void answer_later(slack_outbox *o, struct pump_item *item, enum pump_result result,
                         int64_t wait_ms)
{
    struct held_answer *h = g_new0(struct held_answer, 1);

    *h = (struct held_answer){item, result, wait_ms};
    g_queue_push_tail(o->held, h);
    loop_timer_in(o->held_timer, 0);
}

static bool deliver(slack_outbox *o, struct pump_item *item, const struct slack_call *c)
{
    int64_t round = item->row.kind == SLACK_ROW_REFRESH ? item->row.round : c->round;
    g_autofree char *post = round != 0 ? post_main(o->store, round) : NULL;
    struct sending *x = g_new0(struct sending, 1);

    *x = (struct sending){o, item, g_strdup(c->method), {delivered, x}};
    g_ptr_array_add(o->sendings, x);
    if (slack_deliver(o->api, (enum slack_row_kind)item->row.kind, c, post, &x->delivery))
        return true;
    g_ptr_array_remove_fast(o->sendings, x); /* an edit of a post that is not there */
    return false;
}

static bool send_item(void *ctx, struct pump_item *item)
{
    slack_outbox *o = ctx;
    struct slack_call c;
    bool sent = true;

    slack_call_read(item->row.body, (enum slack_row_kind)item->row.kind, &c);
    int64_t wait = slack_api_wait(o->api, c.method);
    if (wait > 0)
        answer_later(o, item, PUMP_WAIT_ROW, wait);
    else
        sent = deliver(o, item, &c);
    slack_call_clear(&c);
    return sent;
}

/* ---- life ---- */

slack_outbox *slack_outbox_new(loop *l, store *s, slack_api *a, bool unlimited)
{
    slack_outbox *o = g_new0(slack_outbox, 1);
    struct pump_limits limits = {
        .chat_burst = unlimited ? 0 : CHAT_BURST,
        .chat_ms = CHAT_MS,
        .edit_ms = unlimited ? 0 : EDIT_MS,
        .parallel = PARALLEL,
        .few = unlimited ? 0 : PUMP_FEW,
        .free_shows = true, /* a message that one person sees */
    };
    struct pump_ops ops = {send_item, o};

    o->loop = l;
    o->store = s;
    o->api = a;
    o->held = g_queue_new();
    o->sendings = g_ptr_array_new_with_free_func(sending_free);
    o->held_timer = loop_timer_new(l, answer_held, o);
    o->pump = pump_new(l, s, PLATFORM_SLACK, "Slack", &limits, &ops);
    return o;
}

void slack_outbox_free(slack_outbox *o)
{
    if (o == NULL)
        return;
    pump_free(o->pump);
    g_queue_free_full(o->held, g_free);
    g_ptr_array_unref(o->sendings);
    loop_timer_free(o->held_timer);
    g_free(o);
}

void slack_outbox_start(slack_outbox *o)
{
    pump_start(o->pump);
}

void slack_outbox_stop(slack_outbox *o)
{
    pump_stop(o->pump);
}

size_t slack_outbox_under_way(const slack_outbox *o)
{
    return pump_under_way(o->pump);
}

void slack_outbox_settle(slack_outbox *o)
{
    pump_settle(o->pump);
}

void slack_outbox_committed(slack_outbox *o, bool ok)
{
    pump_committed(o->pump, ok);
}
