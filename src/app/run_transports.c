/* Starting Telegram and Slack, each when its tokens are found. */
#include "run_transports.h"

#include <string.h>

#include "config.h"
#include "http.h"
#include "log.h"
#include "slack.h"
#include "telegram.h"

struct run_transports {
    const struct config *config;
    bot *bot;
    loop_fn ended;
    void *ended_data;
    http *telegram_http;
    telegram *telegram;
    http *slack_http;
    slack *slack;
    int on;       /* transports that have not ended */
    int stopping; /* transports that something is still under way of, and one */
    loop_fn done;
    void *done_data;
};

struct tokens {
    char *telegram, *slack_bot, *slack_app;
    char *telegram_source;
};

static void tokens_clear(struct tokens *t)
{
    g_free(t->telegram);
    g_free(t->slack_bot);
    g_free(t->slack_app);
    g_free(t->telegram_source);
}

static void keep_secret(const char *token)
{
    if (token != NULL)
        log_secret(token);
}

static bool read_tokens(const struct config *c, struct tokens *t, GError **error)
{
    GError *local = NULL;

    t->telegram = config_secret(c, "INTERVIEWD_TELEGRAM_TOKEN", OPT_TELEGRAM_TOKEN_FILE,
                                "telegram_token", &t->telegram_source, &local);
    if (local == NULL)
        t->slack_bot = config_secret(c, "INTERVIEWD_SLACK_BOT_TOKEN", OPT_SLACK_BOT_TOKEN_FILE,
                                     "slack_bot_token", NULL, &local);
    if (local == NULL)
        t->slack_app = config_secret(c, "INTERVIEWD_SLACK_APP_TOKEN", OPT_SLACK_APP_TOKEN_FILE,
                                     "slack_app_token", NULL, &local);
    keep_secret(t->telegram);
    keep_secret(t->slack_bot);
    keep_secret(t->slack_app);
    if (local == NULL)
        return true;
    g_propagate_error(error, local);
    return false;
}

static bool check_tokens(const struct tokens *t, GError **error)
{
    if ((t->slack_bot == NULL) != (t->slack_app == NULL)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "Slack needs both of its tokens: %s is missing",
                    t->slack_bot == NULL ? "INTERVIEWD_SLACK_BOT_TOKEN (xoxb-...)"
                                         : "INTERVIEWD_SLACK_APP_TOKEN (xapp-...)");
        return false;
    }
    if (t->telegram == NULL && t->slack_bot == NULL) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
            "no transport is configured: set INTERVIEWD_TELEGRAM_TOKEN (from @BotFather), or "
            "INTERVIEWD_SLACK_BOT_TOKEN and INTERVIEWD_SLACK_APP_TOKEN; "
            "`interviewd chat` needs none");
        return false;
    }
    return true;
}

/*
 * A token that cannot be one is known before the network is: Telegram's own server wants that form,
 * another one (telegram.api_url) may take what it likes.
 */
static bool check_form(const struct config *c, const struct tokens *t, GError **error)
{
    const char *why = t->telegram != NULL ? telegram_token_fault(t->telegram) : NULL;
    g_autofree char *said = NULL;

    if (why == NULL)
        return true;
    said = g_strdup_printf("%s holds no token of Telegram's: %s. " TELEGRAM_TOKEN_ADVICE,
                           t->telegram_source, why);
    if (strcmp(config_text(c, OPT_TELEGRAM_API_URL), option_table[OPT_TELEGRAM_API_URL].standard) !=
        0) {
        log_warnx("telegram: %s", said);
        return true;
    }
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, said);
    return false;
}

/* One transport has ended for good and has said why: the others go on. */
static void one_ended(struct run_transports *t)
{
    if (--t->on == 0)
        t->ended(t->ended_data);
}

/* ---- Telegram ---- */

static void telegram_ended(void *data, const char *why)
{
    (void)why;
    one_ended(data);
}

static bool telegram_may_import(void *data, const char *user)
{
    const struct run_transports *t = data;
    g_auto(GStrv) admins = config_list(t->config, OPT_ADMINS);

    return g_strv_contains((const char *const *)admins, user);
}

static char *telegram_import(void *data, enum lang lang, const char *name, const char *text,
                             size_t len)
{
    struct run_transports *t = data;

    return bot_import(t->bot, lang, name, text, len, config_switch(t->config, OPT_TELEGRAM_IMPORT));
}

static void open_telegram(struct run_transports *t, loop *l, const struct tokens *tokens)
{
    const struct config *c = t->config;
    struct telegram_options options = {
        .token = tokens->telegram,
        .token_source = tokens->telegram_source,
        .api_url = config_text(c, OPT_TELEGRAM_API_URL),
        .connections = (int)config_number(c, OPT_TELEGRAM_CONNECTIONS),
        .unlimited = config_switch(c, OPT_TELEGRAM_UNLIMITED),
    };
    struct telegram_hooks hooks = {telegram_ended, telegram_may_import, telegram_import, t};

    if (tokens->telegram == NULL)
        return;
    t->on++;
    lang_parse(config_text(c, OPT_LANGUAGE), &options.lang);
    t->telegram_http = http_new(l, options.connections);
    t->telegram = telegram_new(l, t->telegram_http, bot_store(t->bot), bot_host(t->bot),
                               bot_catalog(t->bot), &options, &hooks);
    bot_add_transport(t->bot, telegram_transport(t->telegram));
    telegram_start(t->telegram);
}

/* ---- Slack ---- */

static void slack_ended(const char *why, void *data)
{
    (void)why;
    one_ended(data);
}

static void open_slack(struct run_transports *t, loop *l, const struct tokens *tokens)
{
    struct slack_options options = {
        .api_url = config_text(t->config, OPT_SLACK_API_URL),
        .bot_token = tokens->slack_bot,
        .app_token = tokens->slack_app,
        .ended = slack_ended,
        .data = t,
    };

    if (tokens->slack_bot == NULL)
        return;
    t->on++;
    t->slack_http = http_new(l, 0);
    t->slack = slack_new(l, t->slack_http, bot_store(t->bot), bot_catalog(t->bot), bot_host(t->bot),
                         &options);
    bot_add_transport(t->bot, slack_transport(t->slack));
    slack_start(t->slack);
}

/* ---- all of them ---- */

struct run_transports *run_transports_new(const struct config *c, loop *l, bot *b, loop_fn ended,
                                          void *data, GError **error)
{
    struct tokens tokens = {0};
    struct run_transports *t = NULL;

    if (read_tokens(c, &tokens, error) && check_tokens(&tokens, error) &&
        check_form(c, &tokens, error)) {
        t = g_new0(struct run_transports, 1);
        t->config = c;
        t->bot = b;
        t->ended = ended;
        t->ended_data = data;
        open_telegram(t, l, &tokens);
        open_slack(t, l, &tokens);
    }
    tokens_clear(&tokens);
    return t;
}

static void one_stopped(void *data)
{
    struct run_transports *t = data;

    if (--t->stopping == 0)
        t->done(t->done_data);
}

void run_transports_stop(struct run_transports *t, loop_fn done, void *data)
{
    t->done = done;
    t->done_data = data;
    t->stopping = 1 + (t->telegram != NULL ? 1 : 0) + (t->slack != NULL ? 1 : 0);
    if (t->telegram != NULL)
        telegram_stop(t->telegram, one_stopped, t);
    if (t->slack != NULL)
        slack_stop(t->slack, one_stopped, t);
    one_stopped(t);
}

void run_transports_free(struct run_transports *t)
{
    if (t == NULL)
        return;
    telegram_free(t->telegram);
    http_free(t->telegram_http);
    slack_free(t->slack);
    http_free(t->slack_http);
    g_free(t);
}
