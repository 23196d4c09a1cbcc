/* What the bot does by the clock: chats that are due, and upkeep. */
#include "bot_internal.h"
#include "outbox.h"

#define UPKEEP_SECONDS  3600
#define GOODBYE_SECONDS 10 /* between looks whether a goodbye has been sent */
#define DAY_SECONDS     86400
#define REMEMBERED_DAYS 8 /* updates that have been handled: a platform repeats them for hours */

/* How many chats are served in one transaction: people who wait are served in between. */
#define TICK_CHATS 50

static int platforms_on(const bot *b)
{
    int bits = 0;

    for (int i = 0; i < PLATFORMS; i++)
        bits |= b->transports[i] != NULL ? 1 << i : 0;
    return bits;
}

static bool tick_some(bot *b, int64_t now)
{
    g_autoptr(GArray) due = NULL;

    bot_begin(&b->host);
    due = store_due_chats(b->store, now, TICK_CHATS, platforms_on(b));
    for (guint i = 0; i < due->len; i++)
        interview_tick(b->interview, store_book(b->store), g_array_index(due, int64_t, i), now);
    if (bot_commit(&b->host)) {
        b->tick_pause = 0;
        return due->len == TICK_CHATS;
    }
    /* All that is due stays due: without a pause a full disk would spin, and fill with its log. */
    b->tick_pause = CLAMP(2 * b->tick_pause, 5, 60);
    b->tick_again = now + b->tick_pause;
    return false;
}

/* ---- upkeep ---- */

/* Chats that were there before the operator named them have bot.daily too. */
static void default_dailies(bot *b, int64_t now)
{
    struct book *book = store_book(b->store);

    for (const char *const *ext = access_chats(b->access); *ext != NULL; ext++) {
        for (int p = 0; p < PLATFORMS; p++) {
            int64_t id = store_chat_id(b->store, (enum platform)p, *ext);
            struct chat chat = {0};

            if (id != 0 && book->ops->chat(book, id, &chat) && !chat.gone)
                bot_default_daily(b, &chat, *ext, now);
            chat_clear(&chat);
        }
    }
}

/* What need not be done at once: at start, and then every hour. */
static void keep_up(bot *b, int64_t now)
{
    int64_t days = config_number(b->config, OPT_KEEP_ANSWERS);
    bool more = false;

    bot_begin(&b->host);
    store_finish_forgetting(b->store);
    if (config_text(b->config, OPT_DAILY)[0] != '\0')
        default_dailies(b, now);
    if (days > 0)
        more = store_erase_texts(b->store, now - days * DAY_SECONDS, now);
    if (now >= b->purge) {
        bool old = inbox_purge(b->store, now - REMEMBERED_DAYS * DAY_SECONDS);

        b->purge = old ? now : now + DAY_SECONDS;
        more = more || old;
    }
    bool ok = bot_commit(&b->host);
    /* Old texts go a few hundred at a time: people are served in between. */
    if (ok && more)
        b->upkeep = now;
    else
        b->upkeep = now + (store_is_forgetting(b->store) ? GOODBYE_SECONDS : UPKEEP_SECONDS);
}

void bot_tick(struct host *h)
{
    bot *b = bot_of(h);
    int64_t now = clock_wall_ms(b->clock) / 1000;

    /* Also when the clock was set back by more than an hour. */
    if (now >= b->upkeep || b->upkeep > now + UPKEEP_SECONDS)
        keep_up(b, now);
    int64_t next = store_next_due(b->store, platforms_on(b));

    bool refused = b->tick_pause != 0 && now < b->tick_again && b->tick_again - now <= 60;

    b->more_due = !refused && next != 0 && next <= now && tick_some(b, now);
}

void bot_hurry_goodbyes(bot *b, int64_t now)
{
    if (store_is_forgetting(b->store))
        b->upkeep = MIN(b->upkeep, now + GOODBYE_SECONDS);
}

int64_t bot_next_tick(bot *b)
{
    int64_t due = b->more_due ? 1 : store_next_due(b->store, platforms_on(b));

    if (due != 0 && b->tick_pause != 0)
        due = MAX(due, b->tick_again);
    int64_t upkeep = MAX(b->upkeep, 1);

    return due == 0 ? upkeep : MIN(due, upkeep);
}
