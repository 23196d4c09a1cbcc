/* Putting the parts together, and their life. */
#include "bot_internal.h"
#include "log.h"

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

void bot_on_commit(bot *b, void (*fn)(void *data), void *data)
{
    b->on_commit = fn;
    b->on_commit_data = data;
}

int64_t bot_last_ok(const bot *b, enum platform p)
{
    return b->last_ok[p];
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

    b->host.ops = &bot_host_ops;
    b->config = c;
    b->clock = clock;
    b->catalog = catalog_new();
    b->interview = interview_new(b->catalog, NULL, &options); /* the words come with the bank */
    b->sink = bot_sink(b);
    bot_use_settings(b);
    if (open_store(b, error) && bot_reload(b, error))
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
