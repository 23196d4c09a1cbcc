/* What the Slack adapter's files share. */
#ifndef INTERVIEWD_CHAT_SLACK_INTERNAL_H
#define INTERVIEWD_CHAT_SLACK_INTERNAL_H

#include <glib.h>

#include "render_slack.h"
#include "slack.h"
#include "slack_api.h"
#include "slack_envelope.h"
#include "slack_modal.h"
#include "slack_outbox.h"
#include "slack_people.h"
#include "slack_socket.h"
#include "zone.h"

#define SLACK_COMMAND_NAME "/interview"

/* An envelope on its way through: waiting, handled, to be acknowledged. */
struct slack_turn {
    struct slack_envelope e;
    unsigned socket;
    int64_t since;          /* monotonic ms */
    struct slack_form form; /* of SLACK_SUBMIT */
    const char *direct; /* the person's direct message with the bot, *borrowed* from e or people */
    char *chat;         /* the chat it is handled in, by Slack's id */
    json_t *payload;    /* rides on the acknowledgement; NULL: none */
    json_t *home;       /* blocks gathered for the home tab; NULL: not its turn */
    char *open_view;    /* views.open's body, sent after the commit; NULL: none */
};

struct slack {
    struct transport transport; /* first: slack_of casts back */
    loop *loop;
    store *store;
    const catalog *cat;
    struct host *host;
    slack_api *api;
    slack_people *people;
    slack_sockets *sockets;
    slack_outbox *outbox;
    zones *zones;
    void (*ended)(const char *why, void *data);
    void *data;
    char *bot_user;    /* NULL until auth.test has told */
    loop_timer *hello; /* asks auth.test again */
    unsigned hello_failures;
    GQueue *waiting;    /* of struct slack_turn, oldest first */
    GPtrArray *handled; /* of struct slack_turn: in the open transaction */
    loop_timer *work;   /* the next round of waiting */
    bool work_deferred;
    struct slack_turn *turn; /* being handled now; NULL: nobody's turn (a schedule) */
    GHashTable *answered;    /* recent updates -> payload of their acknowledgement (json text) */
    GQueue *answered_order;
    bool stopped;
    loop_fn done; /* called once when all that was under way at slack_stop() has ended; or NULL */
    void *done_data;
    loop_timer *done_timer;
};

static inline struct slack *slack_of(struct transport *t)
{
    return (struct slack *)(void *)t;
}

/* ---- in (slack_inbox.c) ---- */
void slack_inbox_take(struct slack *s, unsigned socket, const char *text, size_t len);
void slack_inbox_poke(struct slack *s); /* something awaited may have come */
/* The transaction has ended: what was handled in it is acknowledged, if OK. */
void slack_inbox_committed(struct slack *s, bool ok);
void slack_turn_free(struct slack_turn *t);

/* ---- one envelope (slack_turn.c) ---- */
/* Whether all that is to be asked of Slack first is known; asks for it otherwise. */
bool slack_turn_ready(struct slack *s, struct slack_turn *t, bool late);
/* Handles it, in a transaction. */
void slack_turn_handle(struct slack *s, struct slack_turn *t);

/* ---- out (slack_out.c) ---- */
extern const struct transport_ops slack_transport_ops;

#endif
