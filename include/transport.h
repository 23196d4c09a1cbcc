/*
 * Between a platform's adapter and the bot. An adapter only translates: what
 * came from the platform into an inbound event, a reply into the platform's
 * own form. The terminal, Telegram and Slack are three adapters of one kind.
 *
 * The way of a message: host begin -> host handle (dedupe, interview, the
 * replies rendered into the outbox) -> host commit -> only then does the
 * adapter tell the platform that it has the message.
 */
#ifndef INTERVIEWD_TRANSPORT_H
#define INTERVIEWD_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "interview.h"
#include "store.h"

/* What came from a platform. All strings are *borrowed* for the call. */
struct inbound {
    enum platform platform;
    const char *update;    /* the platform's own id of this delivery; NULL: cannot come twice */
    int64_t update_number; /* the same as a number, where it is one (0: none) */
    const char *chat;      /* the platform's id of the chat */
    enum chat_kind chat_kind;
    const char *chat_title;
    const char *user;      /* the platform's id of the person */
    const char *user_name; /* as members show it */
    const char *lang_hint; /* the person's language for a new chat ("ko", "en-GB"), or NULL */
    enum event_kind kind;
    const char *text;     /* typed, or what the tapped button carries; any bytes */
    const char *message;  /* the platform's id of the message, or NULL */
    const char *thread;   /* the topic or thread, or NULL */
    const char *reply_to; /* the platform's id of the message that was replied to or tapped */
    int64_t round_hint;   /* the round that that message says it shows, 0: it does not say */
    enum admin admin;
    bool in_room;  /* the thread is a room of its own, as a forum's topic is */
    bool nameless; /* speaks for a group or a channel, not for a person */
    bool bare_commands;
    bool is_answer;
    bool personal;
    bool no_spoilers;
    bool to_bot;
    const char *zone_hint; /* the person's IANA time zone for a new chat, or NULL */
};

struct transport;

/* What an adapter does with the bot's messages; called inside the transaction. */
struct transport_ops {
    void (*send)(struct transport *t, const struct send_opts *opts, const reply *r);
    void (*send_file)(struct transport *t, const struct send_opts *opts, const reply *r,
                      const char *name, const char *data, size_t len);
    void (*popup)(struct transport *t, const char *text);
    void (*edit)(struct transport *t, const reply *r);
    void (*refresh)(struct transport *t, const struct round *round, const reply *r);
    /* The transaction has been committed, or rolled back: what was gathered goes out, or not. */
    void (*committed)(struct transport *t, bool ok);
};

/* The first member of every adapter's own struct. */
struct transport {
    const struct transport_ops *ops;
    enum platform platform;
};

/* What the bot offers to the adapters. */
struct host;

enum host_result {
    HOST_DONE,
    HOST_SEEN,        /* it was handled before: nothing was done */
    HOST_NEEDS_ADMIN, /* nothing was done: find out whether the person administers the chat */
};

struct host_ops {
    void (*begin)(struct host *h);
    enum host_result (*handle)(struct host *h, const struct inbound *in);
    /* Serves what the chats' schedules have due by now, in a transaction of its own. */
    void (*tick)(struct host *h);
    /* False: all since begin is undone (the log says why); deliver it again later. */
    bool (*commit)(struct host *h);
    /* P did what it was asked, just now: for `interviewd status`. Costs nothing: call it often. */
    void (*alive)(struct host *h, enum platform p);
};

struct host {
    const struct host_ops *ops;
};

#endif
