/* What the files of the bot share: bot.c (life), bot_host.c (updates), bot_tick.c (time),
   bot_bank.c (the questions). */
#ifndef INTERVIEWD_APP_BOT_INTERNAL_H
#define INTERVIEWD_APP_BOT_INTERNAL_H

#include "access.h"
#include "bot.h"
#include "store.h"

#define PLATFORMS (PLATFORM_SLACK + 1)

struct bot {
    struct host host; /* first: bot_of casts back */
    const config *config;
    const struct clock *clock;
    catalog *catalog;
    lexicon *lexicon;
    interview *interview;
    store *store;
    struct store_sink sink;
    struct transport *transports[PLATFORMS];
    enum platform answering;    /* the platform of the update being handled */
    int64_t last_ok[PLATFORMS]; /* when each last worked */
    access_list *access;
    struct chat defaults; /* language and zone of a new chat */
    int64_t upkeep;       /* when the store is to be tidied next */
    int64_t purge;        /* when old updates are to be forgotten next */
    void (*on_commit)(void *data);
    void *on_commit_data;
    bool more_due;      /* the last tick left chats that are due */
    int64_t tick_pause; /* seconds between tries while the database refuses, 0: it does not */
    int64_t tick_again; /* not before this, then */
};

static inline bot *bot_of(struct host *h)
{
    return (bot *)(void *)h;
}

/* ---- bot_host.c ---- */

extern const struct host_ops bot_host_ops;
/* Where the store's messages go: to the adapter of the chat's platform. */
struct store_sink bot_sink(bot *b);
void bot_begin(struct host *h);
bool bot_commit(struct host *h);
/* The operator's own chats get bot.daily, unless they have set a time themselves. */
void bot_default_daily(bot *b, struct chat *chat, const char *ext, int64_t now);

/* ---- bot_tick.c ---- */

/* Goodbyes of people who are being forgotten are looked after soon. */
void bot_hurry_goodbyes(bot *b, int64_t now);
void bot_tick(struct host *h);

#endif
