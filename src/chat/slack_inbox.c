/*
 * Envelopes in: read, put in order, handled in batches of one transaction,
 * acknowledged when it is committed.
 */
#include <string.h>

#include "fault.h"
#include "json_out.h"
#include "log.h"
#include "slack_internal.h"

enum {
    BATCH_MOST = 64,      /* envelopes in one transaction: one durable commit for all */
    WAITING_MOST = 20000, /* more than that is left unacknowledged: Slack keeps it for us */
    LATE_MS = 1800,       /* then it is handled with what is known: Slack gives 3 s */
    ANSWERED_KEPT = 256,
};

void slack_turn_free(struct slack_turn *t)
{
    if (t == NULL)
        return;
    slack_envelope_clear(&t->e);
    slack_form_clear(&t->form);
    json_decref(t->payload);
    json_decref(t->home);
    g_free(t->chat);
    g_free(t->open_view);
    g_free(t);
}

/* ---- acknowledging ---- */

static void send_ack(struct slack *s, unsigned socket, const char *id, const json_t *payload)
{
    json_t *ack = json_pack("{s:s}", "envelope_id", id);

    if (payload != NULL)
        json_object_set(ack, "payload", (json_t *)(uintptr_t)payload);
    g_autofree char *text = json_out_print(ack);
    /* A socket that is gone meanwhile: Slack delivers again, and the inbox knows it. */
    slack_sockets_send(s->sockets, socket, text, strlen(text));
    json_decref(ack);
}

/* A form that is delivered again must be answered as before, or it would close on its result. */
static void remember_payload(struct slack *s, const struct slack_turn *t)
{
    if (t->payload == NULL || t->e.update == NULL)
        return;
    if (g_hash_table_size(s->answered) >= ANSWERED_KEPT)
        g_hash_table_remove(s->answered, g_queue_pop_head(s->answered_order));
    char *key = g_strdup(t->e.update);
    if (g_hash_table_insert(s->answered, key, json_out_print(t->payload)))
        g_queue_push_tail(s->answered_order, key);
}

static void recall_payload(struct slack *s, struct slack_turn *t)
{
    const char *text = t->e.update != NULL ? g_hash_table_lookup(s->answered, t->e.update) : NULL;

    if (text != NULL && t->payload == NULL && t->e.accepts_payload)
        t->payload = json_loads(text, 0, NULL);
}

static void view_opened(const struct slack_answer *answer, void *data)
{
    (void)data;
    if (answer->verdict != SLACK_OK) /* the person sees no form and taps again */
        log_warnx("Slack: the form did not open: %s", answer->error);
}

/* What is done at once and leaves no trace: a form for a tap, a home tab. */
static void show(struct slack *s, struct slack_turn *t)
{
    /* A form cannot wait for its tier: its trigger lives three seconds. */
    if (t->open_view != NULL && slack_api_closed(s->api, "views.open") > 0)
        log_warnx("Slack: a form did not open: Slack asks to wait");
    else if (t->open_view != NULL)
        slack_api_json(s->api, "views.open", t->open_view, 3000, view_opened, s);
    if (json_array_size(t->home) > 0 && slack_api_wait(s->api, "views.publish") == 0) {
        json_t *body = json_pack("{s:s, s:o}", "user_id", t->e.user, "view",
                                 slack_home_view_taking(json_incref(t->home)));
        g_autofree char *text = json_out_print(body);

        slack_api_json(s->api, "views.publish", text, 10000, view_opened, s);
        json_decref(body);
    }
}

static void acknowledge(struct slack *s, struct slack_turn *t)
{
    recall_payload(s, t);
    fault_point("before-ack", "Slack");
    send_ack(s, t->socket, t->e.envelope_id, t->e.accepts_payload ? t->payload : NULL);
    fault_point("after-ack", "Slack");
    remember_payload(s, t);
}

void slack_inbox_committed(struct slack *s, bool ok)
{
    if (!ok || s->handled->len == 0)
        return;
    for (guint i = 0; i < s->handled->len; i++)
        acknowledge(s, g_ptr_array_index(s->handled, i));
    slack_sockets_flush(s->sockets);
    for (guint i = 0; i < s->handled->len; i++)
        show(s, g_ptr_array_index(s->handled, i));
}

/* ---- batches ---- */

static void handle_one(struct slack *s, struct slack_turn *t)
{
    s->turn = t;
    slack_turn_handle(s, t);
    s->turn = NULL;
    g_ptr_array_add(s->handled, t);
}

static void free_handled(struct slack *s)
{
    for (guint i = 0; i < s->handled->len; i++)
        slack_turn_free(g_ptr_array_index(s->handled, i));
    g_ptr_array_set_size(s->handled, 0);
}

/* What a failed attempt has gathered must not be gathered twice. */
static void forget_effects(struct slack_turn *t)
{
    json_decref(t->payload);
    json_decref(t->home);
    t->payload = t->home = NULL;
    g_clear_pointer(&t->open_view, g_free);
    g_clear_pointer(&t->chat, g_free);
}

/* A batch that could not be committed: each by itself, so that one bad one harms no other. */
static void one_by_one(struct slack *s)
{
    g_autoptr(GPtrArray) all = g_ptr_array_copy(s->handled, NULL, NULL);

    g_ptr_array_set_size(s->handled, 0);
    for (guint i = 0; i < all->len; i++) {
        struct slack_turn *t = g_ptr_array_index(all, i);

        forget_effects(t);
        s->host->ops->begin(s->host);
        handle_one(s, t);
        if (!s->host->ops->commit(s->host))
            log_warnx("Slack: an event could not be stored; Slack will deliver it again");
        free_handled(s);
    }
}

/* The next batch: what is ready, oldest first, nobody's events out of order. */
static GPtrArray *take_batch(struct slack *s, bool *ret_more)
{
    GPtrArray *batch = g_ptr_array_new();
    g_autoptr(GHashTable) held = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t now = loop_now(s->loop);
    GList *link = s->waiting->head;

    *ret_more = false;
    while (link != NULL) {
        struct slack_turn *t = link->data;
        GList *next = link->next;
        const char *user = t->e.user;

        if (batch->len == BATCH_MOST) {
            *ret_more = true;
            break;
        }
        if (!g_hash_table_contains(held, user) &&
            slack_turn_ready(s, t, now - t->since >= LATE_MS)) {
            g_ptr_array_add(batch, t);
            g_queue_delete_link(s->waiting, link);
        } else {
            g_hash_table_add(held, (gpointer)(uintptr_t)user);
        }
        link = next;
    }
    return batch;
}

/* In the open transaction. */
static void run_batch(struct slack *s, const GPtrArray *batch)
{
    for (guint i = 0; i < batch->len; i++)
        handle_one(s, g_ptr_array_index(batch, i));
    if (!s->host->ops->commit(s->host)) /* slack_inbox_committed() acknowledges */
        one_by_one(s);
    free_handled(s);
}

static void schedule(struct slack *s, bool more)
{
    if (more) {
        loop_timer_in(s->work, 0);
    } else if (s->waiting->head != NULL) {
        const struct slack_turn *t = s->waiting->head->data;

        loop_timer_at(s->work, MAX(t->since + LATE_MS, loop_now(s->loop) + 50));
    } else {
        loop_timer_stop(s->work);
    }
}

static void work(void *data)
{
    struct slack *s = data;
    g_autoptr(GPtrArray) batch = NULL;
    bool more = false;

    s->work_deferred = false;
    if (g_queue_is_empty(s->waiting))
        return;
    s->host->ops->begin(s->host);
    slack_outbox_settle(s->outbox); /* an answer may follow its question's post within one turn */
    batch = take_batch(s, &more);
    run_batch(s, batch);
    schedule(s, more);
}

void slack_inbox_poke(struct slack *s)
{
    if (s->work_deferred)
        return;
    s->work_deferred = true;
    loop_defer(s->loop, work, s);
}

/* ---- taking ---- */

static bool is_control(struct slack *s, unsigned socket, const struct slack_envelope *e)
{
    if (e->kind == SLACK_HELLO)
        slack_sockets_hello(s->sockets, socket);
    else if (e->kind == SLACK_DISCONNECT)
        slack_sockets_disconnect(s->sockets, socket, e->reason);
    else
        return false;
    return true;
}

void slack_inbox_take(struct slack *s, unsigned socket, const char *text, size_t len)
{
    struct slack_turn *t = g_new0(struct slack_turn, 1);

    fault_point("envelope-arrived", "Slack");
    s->host->ops->alive(s->host, PLATFORM_SLACK);
    slack_envelope_read(text, len, s->bot_user, &t->e);
    t->socket = socket;
    t->since = loop_now(s->loop);
    bool keep = !is_control(s, socket, &t->e) && t->e.kind != SLACK_NOTHING && !s->stopped &&
                g_queue_get_length(s->waiting) < WAITING_MOST;
    if (t->e.kind == SLACK_NOTHING && t->e.envelope_id != NULL)
        send_ack(s, socket, t->e.envelope_id, NULL); /* nothing follows from it */
    if (!keep) {
        slack_turn_free(t);
        return;
    }
    if (t->e.self) /* the bot comes or goes: what is known of the channel is of before */
        slack_people_forget_room(s->people, t->e.channel);
    g_queue_push_tail(s->waiting, t);
    slack_inbox_poke(s);
}
