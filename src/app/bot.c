/* Putting the parts together, and handling what the adapters bring. */
#include "bot.h"

#include <string.h>

#include "access.h"
#include "cmd_bank.h"
#include "fault.h"
#include "log.h"
#include "outbox.h"
#include "status.h"
#include "text.h"

#define UPKEEP_SECONDS  3600
#define GOODBYE_SECONDS 10 /* between looks whether a goodbye has been sent */
#define TITLE_CELLS     60
#define PLATFORMS       (PLATFORM_SLACK + 1)

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
    void (*on_commit)(void *data);
    void *on_commit_data;
    bool more_due;      /* the last tick left chats that are due */
    int64_t tick_pause; /* seconds between tries while the database refuses, 0: it does not */
    int64_t tick_again; /* not before this, then */
};

static bot *bot_of(struct host *h)
{
    return (bot *)(void *)h;
}

/* ---- messages out: to the adapter of the chat's platform ---- */

static void sink_send(void *ctx, enum platform platform, const struct send_opts *opts,
                      const reply *r)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL) /* a platform that is switched off now: its chats hear nothing */
        t->ops->send(t, opts, r);
}

static void sink_send_file(void *ctx, enum platform platform, const struct send_opts *opts,
                           const reply *r, const char *name, const char *data, size_t len)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL)
        t->ops->send_file(t, opts, r, name, data, len);
}

static void sink_popup(void *ctx, const char *text)
{
    bot *b = ctx;
    struct transport *t = b->transports[b->answering];

    t->ops->popup(t, text);
}

static void sink_edit(void *ctx, const reply *r)
{
    bot *b = ctx;
    struct transport *t = b->transports[b->answering];

    t->ops->edit(t, r);
}

static void sink_refresh(void *ctx, enum platform platform, const struct round *round,
                         const reply *r)
{
    struct transport *t = ((bot *)ctx)->transports[platform];

    if (t != NULL)
        t->ops->refresh(t, round, r);
}

/* ---- events in ---- */

static void host_begin(struct host *h)
{
    store_begin(bot_of(h)->store);
}

static bool host_commit(struct host *h)
{
    bot *b = bot_of(h);
    const char *platform = b->transports[b->answering] != NULL ? status_platform(b->answering) : "";
    g_autoptr(GError) error = NULL;
    bool ok;

    fault_point("before-commit", platform);
    ok = store_commit(b->store, &error);
    fault_point("after-commit", platform);

    if (!ok)
        log_error("%s", error->message);
    for (int i = 0; i < PLATFORMS; i++) {
        if (b->transports[i] != NULL)
            b->transports[i]->ops->committed(b->transports[i], ok);
    }
    if (ok && b->on_commit != NULL)
        b->on_commit(b->on_commit_data);
    return ok;
}

/* TAG: "ko", "ko-KR", "ko_KR"; "kok" is Konkani. */
static bool is_korean(const char *tag)
{
    return g_str_has_prefix(tag, "ko") && strchr("-_", tag[2]) != NULL;
}

/*
 * A chat speaks the operator's language, and Korean with who has set the platform to Korean. Not
 * English with who has set it to English: many do whose group, and whose bank, is Korean.
 */
static struct chat defaults_for(const bot *b, const struct inbound *in)
{
    struct chat c = b->defaults;

    if (in->lang_hint != NULL && is_korean(in->lang_hint))
        c.lang = LANG_KO;
    if (in->zone_hint != NULL)
        c.zone = (char *)(uintptr_t)in->zone_hint; /* only read */
    return c;
}

static int64_t round_of(bot *b, const struct chat *chat, const struct inbound *in)
{
    struct book *book = store_book(b->store);
    int64_t id = in->reply_to != NULL ? store_post_round(b->store, chat->id, in->reply_to) : 0;
    struct round round;

    /* An answer may overtake the platform's word that the question has been posted. */
    if (id == 0 && in->round_hint != 0 && book->ops->round(book, in->round_hint, &round) &&
        round.chat == chat->id)
        id = in->round_hint;
    return id;
}

/* The operator's own chats get bot.daily, unless they have set a time themselves. */
static void use_default_daily(bot *b, struct chat *chat, const char *ext, int64_t now)
{
    const char *daily = config_text(b->config, OPT_DAILY);

    if (daily[0] != '\0' && access_names_chat(b->access, ext))
        interview_default_daily(b->interview, store_book(b->store), chat, daily, now);
}

/* In a stranger's group only what was meant for the bot gets an answer. */
static bool wants_an_answer(const struct inbound *in)
{
    if (in->kind != EVENT_TEXT)
        return in->kind == EVENT_ADDED;
    return in->chat_kind == CHAT_PRIVATE || in->to_bot || in->text[0] == '/';
}

/* One polite line to who is not served; nothing of what they wrote is kept. */
static void refuse(bot *b, const struct inbound *in, int64_t now)
{
    struct chat defaults = defaults_for(b, in), chat = {0};
    struct transport *t = b->transports[in->platform];

    if (t == NULL || !wants_an_answer(in) || !access_may_refuse(b->access, in->chat, now) ||
        !store_chat(b->store, in->platform, in->chat, in->chat_kind, "", &defaults, now, &chat))
        return;
    reply *r = reply_new(b->catalog, chat.lang);
    struct send_opts opts = {.chat = chat.id};
    reply_say(r, "access.closed", "");
    t->ops->send(t, &opts, r);
    reply_free(r);
    chat_clear(&chat);
}

/* At one's own terminal there is nobody to be a bad neighbour to. */
static int answers_a_minute(const bot *b, enum platform p)
{
    bool unlimited = p == PLATFORM_TERMINAL ||
                     (p == PLATFORM_TELEGRAM && config_switch(b->config, OPT_TELEGRAM_UNLIMITED));

    return unlimited ? 0 : (int)config_number(b->config, OPT_ANSWERS_PER_MINUTE);
}

/* How long what the platform has said of an administrator is believed, in seconds. */
#define ADMIN_BELIEVED 600

/* The interview's answer, with what is remembered of the person's rights when it asks for them. */
static enum handled ask_interview(bot *b, struct event *event)
{
    struct book *book = store_book(b->store);
    enum handled handled = interview_handle(b->interview, book, event);

    if (handled != HANDLED_NEEDS_ADMIN)
        return handled;
    event->admin =
        admin_get(b->store, event->chat->id, event->user->id, event->now - ADMIN_BELIEVED);
    return event->admin != ADMIN_UNKNOWN ? interview_handle(b->interview, book, event) : handled;
}

static enum host_result handle_in(bot *b, const struct inbound *in, int64_t now)
{
    enum handled handled = HANDLED;
    g_autofree char *name = text_clean_line(in->user_name, strlen(in->user_name));
    g_autofree char *title = text_clean_line(in->chat_title, strlen(in->chat_title));
    g_autofree char *short_title = text_cut(title, TITLE_CELLS);
    g_autofree char *text = text_clean(in->text, strlen(in->text));
    struct chat defaults = defaults_for(b, in), chat = {0};
    struct user user = {0};

    if (store_chat(b->store, in->platform, in->chat, in->chat_kind, short_title, &defaults, now,
                   &chat) &&
        store_user(b->store, in->platform, in->user, name, now, &user)) {
        struct event event = {
            .kind = in->kind,
            .chat = &chat,
            .user = &user,
            .text = text,
            .raw = in->text,
            .round = round_of(b, &chat, in),
            .message = in->message,
            .thread = in->thread,
            .now = now,
            .seed = (uint64_t)now,
            .answers_a_minute = answers_a_minute(b, in->platform),
            .admin = access_is_admin(b->access, in->user) ? ADMIN_YES : in->admin,
            .nameless = in->nameless,
            .bare_commands = in->bare_commands,
            .is_answer = in->is_answer,
            .personal = in->personal,
            .no_spoilers = in->no_spoilers,
            .to_bot = in->to_bot,
        };

        use_default_daily(b, &chat, in->chat, now);
        handled = ask_interview(b, &event);
    }
    chat_clear(&chat);
    user_clear(&user);
    return handled == HANDLED ? HOST_DONE : HOST_NEEDS_ADMIN;
}

static void host_alive(struct host *h, enum platform p)
{
    bot *b = bot_of(h);

    b->last_ok[p] = clock_wall_ms(b->clock) / 1000;
}

static enum host_result host_handle(struct host *h, const struct inbound *in)
{
    bot *b = bot_of(h);
    int64_t now = clock_wall_ms(b->clock) / 1000;

    b->answering = in->platform;
    host_alive(h, in->platform);
    if ((in->update_number != 0 || in->update != NULL) &&
        !inbox_first(b->store, in->platform, in->update_number, in->update, now))
        return HOST_SEEN;
    if (!access_allows(b->access, b->store, in)) {
        refuse(b, in, now);
        return HOST_DONE;
    }
    enum host_result result = handle_in(b, in, now);
    if (store_is_forgetting(b->store))
        b->upkeep = MIN(b->upkeep, now + GOODBYE_SECONDS);
    return result;
}

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

    host_begin(&b->host);
    due = store_due_chats(b->store, now, TICK_CHATS, platforms_on(b));
    for (guint i = 0; i < due->len; i++)
        interview_tick(b->interview, store_book(b->store), g_array_index(due, int64_t, i), now);
    if (host_commit(&b->host)) {
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
                use_default_daily(b, &chat, *ext, now);
            chat_clear(&chat);
        }
    }
}

/* What need not be done at once: at start, and then every hour. */
static void keep_up(bot *b, int64_t now)
{
    int64_t days = config_number(b->config, OPT_KEEP_ANSWERS);
    bool more = false;

    host_begin(&b->host);
    store_finish_forgetting(b->store);
    if (config_text(b->config, OPT_DAILY)[0] != '\0')
        default_dailies(b, now);
    if (days > 0)
        more = store_erase_texts(b->store, now - days * 86400, now);
    bool ok = host_commit(&b->host);
    /* Old texts go a few hundred at a time: people are served in between. */
    if (ok && more)
        b->upkeep = now;
    else
        b->upkeep = now + (store_is_forgetting(b->store) ? GOODBYE_SECONDS : UPKEEP_SECONDS);
}

static void host_tick(struct host *h)
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

void bot_on_commit(bot *b, void (*fn)(void *data), void *data)
{
    b->on_commit = fn;
    b->on_commit_data = data;
}

int64_t bot_next_tick(bot *b)
{
    int64_t due = b->more_due ? 1 : store_next_due(b->store, platforms_on(b));

    if (due != 0 && b->tick_pause != 0)
        due = MAX(due, b->tick_again);
    int64_t upkeep = MAX(b->upkeep, 1);

    return due == 0 ? upkeep : MIN(due, upkeep);
}

int64_t bot_last_ok(const bot *b, enum platform p)
{
    return b->last_ok[p];
}

static const struct host_ops host_ops = {
    .begin = host_begin,
    .handle = host_handle,
    .tick = host_tick,
    .commit = host_commit,
    .alive = host_alive,
};

/* ---- reading what the configuration names ---- */

char *bot_database_path(const struct config *c, GError **error)
{
    const char *set = config_text(c, OPT_DATABASE);
    const char *state = g_getenv("STATE_DIRECTORY"); /* systemd: perhaps several, the first */
    const char *xdg = g_getenv("XDG_STATE_HOME"), *home = g_getenv("HOME");

    if (set[0] != '\0')
        return g_strdup(set);
    if (state != NULL && state[0] != '\0') {
        g_auto(GStrv) folders = g_strsplit(state, ":", 2);

        return g_build_filename(folders[0], "interviewd.db", NULL);
    }
    if (xdg != NULL && xdg[0] == '/')
        return g_build_filename(xdg, "interviewd", "interviewd.db", NULL);
    if (home != NULL && home[0] == '/')
        return g_build_filename(home, ".local", "state", "interviewd", "interviewd.db", NULL);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "no place for the database is known: set bot.database (HOME is not set)");
    return NULL;
}

/* Whether FRESH is one to use. At the start what can be read is better than nothing. */
static bool is_usable(const bot *b, const bank *fresh, GError **error)
{
    g_autofree char *first = cmd_bank_first_error(fresh);
    bool empty = bank_size(fresh) == 0, at_start = interview_bank(b->interview) == NULL;

    if (empty)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "the bank %s has no question: %s%srun `interviewd check` to see why",
                    config_text(b->config, OPT_BANK), first != NULL ? first : "",
                    first != NULL ? "; " : "");
    else if (first != NULL && !at_start)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s", first);
    else if (first != NULL)
        log_warnx("bank: %s", first);
    return !empty && (first == NULL || at_start);
}

static bool use_bank(bot *b, GError **error)
{
    struct bank *fresh = bot_read_bank(b->config);
    g_autofree int64_t *keys = NULL;
    bool ok = is_usable(b, fresh, error);

    if (ok) {
        store_begin(b->store);
        keys = store_register(b->store, fresh);
        ok = store_commit(b->store, error);
    }
    if (!ok) {
        bank_free(fresh);
        return false;
    }
    lexicon *words = bot_read_aliases(b->config);
    interview_use_lexicon(b->interview, words);
    interview_take_bank(b->interview, fresh, keys);
    lexicon_free(b->lexicon);
    b->lexicon = words;
    return true;
}

bool bot_reload(bot *b, GError **error)
{
    return use_bank(b, error);
}

void bot_use_settings(bot *b)
{
    struct interview_options options = {
        .asks_ranked_a_day = (int)config_number(b->config, OPT_RANKED_ASKS),
    };

    interview_set_options(b->interview, &options);
    access_free(b->access);
    b->access = access_new(b->config);
    lang_parse(config_text(b->config, OPT_LANGUAGE), &b->defaults.lang);
    g_free(b->defaults.zone);
    b->defaults.zone = g_strdup(config_text(b->config, OPT_TIMEZONE));
    b->upkeep = 0; /* bot.daily, bot.keep_answers_days */
}

/* ---- life ---- */

static bool open_store(bot *b, GError **error)
{
    g_autofree char *path = bot_database_path(b->config, error);

    if (path != NULL)
        b->store = store_open(path, &b->sink, error);
    return b->store != NULL;
}

bot *bot_new(const struct config *c, const struct clock *clock, GError **error)
{
    bot *b = g_new0(bot, 1);
    struct interview_options options = {0};

    b->host.ops = &host_ops;
    b->config = c;
    b->clock = clock;
    b->catalog = catalog_new();
    b->interview = interview_new(b->catalog, NULL, &options); /* the words come with the bank */
    b->sink =
        (struct store_sink){sink_send, sink_send_file, sink_popup, sink_edit, sink_refresh, b};
    bot_use_settings(b);
    if (open_store(b, error) && use_bank(b, error))
        return b;
    bot_free(b);
    return NULL;
}

void bot_free(bot *b)
{
    if (b == NULL)
        return;
    access_free(b->access);
    interview_free(b->interview);
    lexicon_free(b->lexicon);
    catalog_free(b->catalog);
    store_close(b->store);
    chat_clear(&b->defaults);
    g_free(b);
}

struct host *bot_host(bot *b)
{
    return &b->host;
}

store *bot_store(bot *b)
{
    return b->store;
}

interview *bot_interview(bot *b)
{
    return b->interview;
}

const catalog *bot_catalog(const bot *b)
{
    return b->catalog;
}

const config *bot_config(const bot *b)
{
    return b->config;
}

void bot_add_transport(bot *b, struct transport *t)
{
    b->transports[t->platform] = t;
}

enum lang bot_terminal_lang(bot *b, const enum lang *wanted)
{
    struct book *book = store_book(b->store);
    struct chat chat = {.lang = b->defaults.lang};
    enum lang lang;

    store_begin(b->store);
    if (store_chat(b->store, PLATFORM_TERMINAL, "terminal", CHAT_PRIVATE, "terminal", &b->defaults,
                   clock_wall_ms(b->clock) / 1000, &chat) &&
        wanted != NULL && chat.lang != *wanted) {
        chat.lang = *wanted;
        book->ops->put_chat(book, &chat);
    }
    lang = chat.lang;
    chat_clear(&chat);
    if (!store_commit(b->store, NULL))
        log_warnx("the language could not be stored");
    return lang;
}
