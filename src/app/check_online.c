/* `check --online`: asks each platform whether its token works, which scopes are missing, and says
 * what to do. */
#include "check_online.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "config.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "telegram.h"

/* What config/slack-manifest.yaml asks for. */
static const char *const slack_scopes[] = {
    "app_mentions:read", "channels:history", "channels:read", "chat:write",
    "commands",          "groups:history",   "groups:read",   "im:history",
    "im:write",          "reactions:write",  "users:read",    NULL,
};

struct online {
    const struct config *config;
    loop *loop;
    http *http;
    int errors;
    int asked; /* tokens that were there */
};

/* One question and its answer, waited for. */
struct asking {
    loop *loop;
    enum http_outcome outcome;
    int status;
    char *error;  /* NULL when answered */
    char *scopes; /* of the answer's header, or NULL */
    json_t *json;
};

static void on_answer(const struct http_response *r, void *data)
{
    struct asking *a = data;

    a->outcome = r->outcome;
    a->status = r->status;
    a->error = g_strdup(r->error);
    a->scopes = g_strdup(r->scopes);
    a->json = json_loadb(r->body, r->body_len, 0, NULL);
    loop_stop(a->loop);
}

static void asking_clear(struct asking *a)
{
    g_free(a->error);
    g_free(a->scopes);
    json_decref(a->json);
}

static void ask(struct online *o, const char *url, const char *const *headers, struct asking *ret)
{
    struct http_request request = {
        .url = url, .headers = headers, .body = "", .body_len = 0, .total_ms = 20000};

    *ret = (struct asking){.loop = o->loop, .outcome = HTTP_UNREACHABLE};
    http_start(o->http, &request, on_answer, ret);
    loop_run(o->loop, NULL);
}

/* Says why there is no usable answer; true when there is one. */
static bool answered(struct online *o, const struct asking *a, const char *who, const char *option)
{
    if (a->outcome == HTTP_ANSWERED && json_is_object(a->json))
        return true;
    o->errors++;
    if (a->outcome == HTTP_ANSWERED)
        command_say(stdout, "%s: an odd answer (HTTP %d): is %s right?", who, a->status, option);
    else
        command_say(stdout,
                    "%s: not reached: %s. Is there a network, a firewall, a proxy (https_proxy)?",
                    who, a->error != NULL ? a->error : "no answer");
    return false;
}

/* An answer that says nothing of the token: the platform is busy, or has trouble of its own. */
static bool later(const struct asking *a, const char *who, const char *why)
{
    static const char *const passing[] = {"ratelimited",         "internal_error",  "fatal_error",
                                          "service_unavailable", "request_timeout", NULL};
    bool is_later = a->status == 429 || a->status >= 500 || g_strv_contains(passing, why);

    if (is_later)
        command_say(stdout, "%s: could not say now (HTTP %d, %s). Try again in some minutes", who,
                    a->status, why);
    return is_later;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "?";
}

/* The token, *new*; NULL when there is none, or none that can be read (which is said). */
static char *token_of(struct online *o, const char *env, enum option option, const char *credential)
{
    g_autoptr(GError) error = NULL;
    char *token = config_secret(o->config, env, option, credential, NULL, &error);

    if (error != NULL) {
        command_say(stdout, "%s: %s", env, error->message);
        o->errors++;
    }
    log_secret(token);
    return token;
}

static char *url_of(const char *base, const char *path)
{
    return g_strconcat(base, g_str_has_suffix(base, "/") ? path + 1 : path, NULL);
}

/* ---- Telegram ---- */

static void check_telegram(struct online *o)
{
    g_autofree char *token =
        token_of(o, "INTERVIEWD_TELEGRAM_TOKEN", OPT_TELEGRAM_TOKEN_FILE, "telegram_token");
    struct asking a;

    if (token == NULL)
        return;
    o->asked++;
    /* Asked all the same, a proxy or a bad URL would be blamed for it. */
    const char *why = telegram_token_fault(token);
    if (why != NULL) {
        o->errors++;
        command_say(stdout,
                    "Telegram: what is set is no token of Telegram's: %s. " TELEGRAM_TOKEN_ADVICE,
                    why);
        return;
    }
    g_autofree char *path = g_strdup_printf("/bot%s/getMe", token);
    g_autofree char *url = url_of(config_text(o->config, OPT_TELEGRAM_API_URL), path);
    ask(o, url, NULL, &a);
    if (answered(o, &a, "Telegram", "telegram.api_url")) {
        const json_t *me = json_object_get(a.json, "result");
        const char *name = json_string_value(json_object_get(me, "username"));

        if (json_is_true(json_object_get(a.json, "ok")) && name != NULL) {
            command_say(stdout, "Telegram: the token works, the bot is @%s", name);
            if (!json_is_true(json_object_get(me, "can_join_groups")))
                puts("Telegram: the bot may not be added to groups; @BotFather's /setjoingroups "
                     "allows it");
        } else {
            o->errors++;
            if (!later(&a, "Telegram", text_of(a.json, "description")))
                puts("Telegram: the token is refused. Copy it again from @BotFather (/mybots, API "
                     "Token); after /revoke the old one is dead");
        }
    }
    asking_clear(&a);
}

/* ---- Slack ---- */

static void say_missing(struct online *o, const char *have)
{
    g_auto(GStrv) list = g_strsplit_set(have, ", ", -1);
    g_autoptr(GString) missing = g_string_new(NULL);

    for (size_t i = 0; slack_scopes[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)list, slack_scopes[i]))
            g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", slack_scopes[i]);
    }
    if (missing->len == 0)
        return;
    o->errors++;
    printf("Slack: scopes are missing: %s. Add them at api.slack.com/apps, OAuth & Permissions, "
           "and install the app to the workspace again\n",
           missing->str);
}

static bool slack_ask(struct online *o, const char *method, const char *token, struct asking *ret)
{
    g_autofree char *bearer = g_strconcat("Authorization: Bearer ", token, NULL);
    g_autofree char *url = url_of(config_text(o->config, OPT_SLACK_API_URL), method);
    const char *const headers[] = {bearer, "Content-Type: application/x-www-form-urlencoded", NULL};

    ask(o, url, headers, ret);
    return answered(o, ret, "Slack", "slack.api_url");
}

static void check_slack_bot(struct online *o, const char *token)
{
    struct asking a;

    if (slack_ask(o, "/auth.test", token, &a)) {
        const char *error = text_of(a.json, "error");

        if (json_is_true(json_object_get(a.json, "ok"))) {
            command_say(stdout, "Slack: the bot token works, the workspace is %s",
                        text_of(a.json, "team"));
            if (a.scopes != NULL)
                say_missing(o, a.scopes);
        } else {
            o->errors++;
            if (!later(&a, "Slack", error))
                command_say(stdout,
                            "Slack: the bot token is refused (%s). It begins with xoxb- and stands "
                            "at api.slack.com/apps, OAuth & Permissions",
                            error);
        }
    }
    asking_clear(&a);
}

/* Asking for a socket's address is all that the app-level token is for; the socket is not opened.
 */
static void check_slack_app(struct online *o, const char *token)
{
    struct asking a;

    if (slack_ask(o, "/apps.connections.open", token, &a)) {
        const char *error = text_of(a.json, "error");

        if (json_is_true(json_object_get(a.json, "ok"))) {
            puts("Slack: the app-level token works, Socket Mode is on");
        } else {
            o->errors++;
            if (!later(&a, "Slack", error))
                command_say(stdout,
                            "Slack: the app-level token is refused (%s). It begins with xapp-, "
                            "needs the scope connections:write (api.slack.com/apps, Basic "
                            "Information, App-Level Tokens), and Socket Mode must be on",
                            error);
        }
    }
    asking_clear(&a);
}

/* Swapped they would be half accepted, and everything said to be missing. */
static bool begins_right(struct online *o, const char *name, const char *token, const char *prefix)
{
    if (g_str_has_prefix(token, prefix))
        return true;
    o->errors++;
    printf("Slack: what is set as the %s token does not begin with %s: are the two swapped?\n",
           name, prefix);
    return false;
}

static void check_slack(struct online *o)
{
    g_autofree char *bot =
        token_of(o, "INTERVIEWD_SLACK_BOT_TOKEN", OPT_SLACK_BOT_TOKEN_FILE, "slack_bot_token");
    g_autofree char *app =
        token_of(o, "INTERVIEWD_SLACK_APP_TOKEN", OPT_SLACK_APP_TOKEN_FILE, "slack_app_token");

    if (bot != NULL && begins_right(o, "bot", bot, "xoxb-"))
        check_slack_bot(o, bot);
    if (app != NULL && begins_right(o, "app-level", app, "xapp-"))
        check_slack_app(o, app);
    o->asked += bot != NULL || app != NULL ? 1 : 0;
    if ((bot == NULL) != (app == NULL)) {
        o->errors++;
        printf("Slack needs both of its tokens: the %s is missing\n",
               bot == NULL ? "bot token (xoxb-...)" : "app-level token (xapp-...)");
    }
}

int check_online(const struct config *c)
{
    g_autoptr(GError) error = NULL;
    struct online o = {.config = c};

    o.loop = loop_new(clock_system(), &error);
    if (o.loop == NULL) {
        printf("%s\n", error->message);
        return 1;
    }
    o.http = http_new(o.loop, 2);
    check_telegram(&o);
    check_slack(&o);
    if (o.asked == 0 && o.errors == 0) {
        o.errors++;
        puts("no token was found: set INTERVIEWD_TELEGRAM_TOKEN, or INTERVIEWD_SLACK_BOT_TOKEN and "
             "INTERVIEWD_SLACK_APP_TOKEN, or the *_file options");
    }
    http_free(o.http);
    loop_free(o.loop);
    return o.errors;
}
