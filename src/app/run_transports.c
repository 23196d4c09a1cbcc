/* Starting Telegram and Slack, each when its tokens are found. */
#include "run_transports.h"

#include "config.h"
#include "http.h"
#include "log.h"
#include "slack.h"

struct run_transports {
    loop_fn ended;
    void *ended_data;
    http *http;
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

/* One transport has ended for good: the others go on. */
static void one_ended(const char *why, void *data)
{
    struct run_transports *t = data;

    (void)why;
    if (--t->on == 0)
        t->ended(t->ended_data);
}

static void start_slack(struct run_transports *t, const struct config *c, loop *l, bot *b,
                        const struct tokens *tokens)
{
    g_auto(GStrv) admins = config_list(c, OPT_ADMINS);
    struct slack_options options = {
        .api_url = config_text(c, OPT_SLACK_API_URL),
        .bot_token = tokens->slack_bot,
        .app_token = tokens->slack_app,
        .admins = (const char *const *)admins,
        .ended = one_ended,
        .data = t,
    };

    t->on++;
    t->slack = slack_new(l, t->http, bot_store(b), bot_catalog(b), bot_host(b), &options);
    bot_add_transport(b, slack_transport(t->slack));
    slack_start(t->slack);
}

struct run_transports *run_transports_new(const struct config *c, loop *l, bot *b, loop_fn ended,
                                          void *data, GError **error)
{
    struct tokens tokens = {0};
    struct run_transports *t = NULL;

    if (read_tokens(c, &tokens, error) && check_tokens(&tokens, error)) {
        t = g_new0(struct run_transports, 1);
        t->ended = ended;
        t->ended_data = data;
        t->http = http_new(l, 0);
        if (tokens.slack_bot != NULL)
            start_slack(t, c, l, b, &tokens);
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
    t->stopping = 1;
    if (t->slack != NULL) {
        t->stopping++;
        slack_stop(t->slack, one_stopped, t);
    }
    one_stopped(t);
}

void run_transports_free(struct run_transports *t)
{
    if (t == NULL)
        return;
    slack_free(t->slack);
    http_free(t->http);
    g_free(t);
}
