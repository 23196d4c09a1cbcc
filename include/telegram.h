/*
 * Telegram as a platform: long polling, the outbox's sender, the bot's
 * commands. Everything that fails is tried again by itself; only a token that
 * Telegram does not know ends it.
 */
#ifndef INTERVIEWD_TELEGRAM_H
#define INTERVIEWD_TELEGRAM_H

#include "catalog.h"
#include "http.h"
#include "loop.h"
#include "store.h"
#include "transport.h"

typedef struct telegram telegram;

/* Everything is copied. */
struct telegram_options {
    const char *token;
    const char *token_source; /* for messages about the token: where it came from */
    const char *api_url;      /* the base before /bot<token>/ */
    int connections;          /* open at once, the long poll among them; at least 2 */
    bool unlimited;           /* no sending limits: for load tests */
    enum lang lang;           /* of commands in clients that speak neither language */
};

/* What the adapter asks of the program, besides the host. */
struct telegram_hooks {
    /* Telegram does not know the token: nothing will ever work. WHY is for a person. */
    void (*ended)(void *data, const char *why);
    /* Whether the person (Telegram's id) may send banks. */
    bool (*may_import)(void *data, const char *user);
    /*
     * Checks DATA as a bank called NAME, takes it into use where that is allowed,
     * and says so, *new*.
     */
    char *(*import)(void *data, enum lang lang, const char *name, const char *text, size_t len);
    void *data;
};

/*
 * What keeps TOKEN from being one of Telegram's, by its form alone ("it has no colon"), or NULL.
 * Static text, nothing of the token in it.
 */
const char *telegram_token_fault(const char *token);
/* What to do about it. */
#define TELEGRAM_TOKEN_ADVICE                                                                      \
    "One looks like 123456789:AAF... . Copy it again from @BotFather (/mybots, API Token)"

/*
 * A *new* adapter; all parts are *borrowed*. It does nothing before
 * telegram_start. Add telegram_transport to the host's transports first.
 */
telegram *telegram_new(loop *l, http *h, store *s, struct host *host, const catalog *cat,
                       const struct telegram_options *options, const struct telegram_hooks *hooks);
/* Cancels what is under way. Accepts NULL. */
void telegram_free(telegram *t);
struct transport *telegram_transport(telegram *t);

void telegram_start(telegram *t);
/* Takes no further updates and calls DONE (once, perhaps at once) when no message is under way. */
void telegram_stop(telegram *t, loop_fn done, void *data);

#endif
