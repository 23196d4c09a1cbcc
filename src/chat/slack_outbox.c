/* INTERIM: rows go out in order, without limits, until the common pump is here. */
#include "slack_outbox.h"

#include <stdlib.h>

#include "log.h"
#include "outbox.h"
#include "slack_deliver.h"
#include "slack_internal.h"

void slack_outbox_put(struct slack *s, const struct slack_row *row)
{
    g_autofree char *key = row->kind == SLACK_ROW_REFRESH
                               ? g_strdup_printf("refresh:%lld", (long long)row->round)
                               : NULL;
    struct outbox_row out = {
        .platform = PLATFORM_SLACK,
        .chat = row->chat,
        .lane = row->kind == SLACK_ROW_REFRESH ? OUTBOX_EDIT
                : row->broadcast               ? OUTBOX_BROADCAST
                                               : OUTBOX_REPLY,
        .kind = (int)row->kind,
        .body = (char *)(uintptr_t)row->body,
        .round = row->round,
        .main = true,
        .key = key,
        .created = loop_wall(s->loop) / 1000,
    };

    outbox_add(s->store, &out);
}

struct sending {
    struct slack *s;
    struct outbox_row row;
};

static void next_row(struct slack *s);

static void delivered(const struct slack_delivered *what, void *data)
{
    struct sending *x = data;
    struct slack *s = x->s;

    store_begin(s->store);
    if (what->verdict == SLACK_OK && x->row.kind == SLACK_ROW_POST && what->ts != NULL)
        post_add(s->store, x->row.chat, what->ts, x->row.round, true);
    outbox_remove(s->store, x->row.id);
    store_commit(s->store, NULL);
    if (what->verdict != SLACK_OK)
        log_warnx("Slack: %s", what->error);
    outbox_row_clear(&x->row);
    g_free(x);
    s->sending = false;
    next_row(s);
}

static void next_row(struct slack *s)
{
    g_autoptr(GArray) rows = outbox_rows(s->store, PLATFORM_SLACK, 0, 1);

    if (s->sending || rows->len == 0)
        return;
    struct sending *x = g_new0(struct sending, 1);
    x->s = s;
    x->row = g_array_index(rows, struct outbox_row, 0);
    g_autofree char *body = outbox_body(s->store, x->row.id);
    g_autofree char *post = post_main(s->store, x->row.round);
    s->sending = slack_deliver(s->api, (enum slack_row_kind)x->row.kind, body, post, delivered, x);
    if (!s->sending) {
        store_begin(s->store);
        outbox_remove(s->store, x->row.id);
        store_commit(s->store, NULL);
        next_row(s);
    }
}

void slack_outbox_committed(struct slack *s, bool ok)
{
    if (ok)
        next_row(s);
}
