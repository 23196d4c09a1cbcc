/* Slack's Web API over the HTTP client: tokens, forms, JSON, and what an answer means. */
#include "slack_api.h"

#include <glib.h>
#include <string.h>

#include "loop.h"
#include "net.h"
#include "slack_rates.h"

/* No answer of the methods used here comes near this. */
#define ANSWER_MOST (1024 * 1024)

/* What stands for the method of what is posted to a response_url. */
#define RESPONSE_URL "response_url"

/* When Slack says "too many" and not for how long. */
#define WAIT_S 5

struct slack_api {
    loop *loop;
    http *http;
    slack_rates *rates;
    char *base;
    char *bot_header;
    char *app_header;
    bool local;
    GHashTable *calls; /* of struct call, under way */
};

struct call {
    slack_api *api;
    http_call *http;
    slack_answer_fn done;
    void *data;
    char *method; /* or RESPONSE_URL */
};

slack_api *slack_api_new(loop *l, http *h, const char *base, const char *bot_token,
                         const char *app_token, bool unlimited)
{
    slack_api *a = g_new0(slack_api, 1);
    size_t len = strlen(base);

    while (len > 0 && base[len - 1] == '/')
        len--;
    a->loop = l;
    a->http = h;
    a->rates = slack_rates_new(unlimited);
    a->base = g_strndup(base, len);
    a->bot_header = g_strconcat("Authorization: Bearer ", bot_token, NULL);
    a->app_header = g_strconcat("Authorization: Bearer ", app_token, NULL);
    a->local = url_is_loopback(base);
    a->calls = g_hash_table_new(NULL, NULL);
    return a;
}

void slack_api_free(slack_api *a)
{
    GHashTableIter iter;
    gpointer key;

    if (a == NULL)
        return;
    g_hash_table_iter_init(&iter, a->calls);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        struct call *c = key;

        http_cancel(c->http);
        g_free(c->method);
        g_free(c);
    }
    g_hash_table_destroy(a->calls);
    slack_rates_free(a->rates);
    g_free(a->base);
    g_free(a->bot_header);
    g_free(a->app_header);
    g_free(a);
}

bool slack_api_is_local(const slack_api *a)
{
    return a->local;
}

int64_t slack_api_wait(const slack_api *a, const char *method)
{
    return slack_rates_wait(a->rates, method, loop_now(a->loop));
}

int64_t slack_api_closed(const slack_api *a, const char *method)
{
    return slack_rates_closed(a->rates, method, loop_now(a->loop));
}

bool slack_error_is_final(const char *error)
{
    static const char *const words[] = {"invalid_auth",
                                        "not_authed",
                                        "account_inactive",
                                        "token_revoked",
                                        "token_expired",
                                        "missing_scope",
                                        "not_allowed_token_type",
                                        "no_permission",
                                        "app_missing",
                                        "org_login_required",
                                        "socket_mode_not_enabled",
                                        "ekm_access_denied",
                                        "access_denied",
                                        "team_access_not_granted",
                                        "forbidden_team",
                                        NULL};

    return error != NULL && g_strv_contains(words, error);
}

/* Slack's own words for trouble of its own. */
static bool is_passing(const char *error)
{
    static const char *const words[] = {
        "ratelimited",       "rate_limited",        "internal_error",
        "fatal_error",       "service_unavailable", "request_timeout",
        "team_added_to_org", "accesslimited",       NULL};

    return g_strv_contains(words, error);
}

/* ---- answers ---- */

static void judge_json(struct slack_answer *out, json_t *json)
{
    const char *word = json_string_value(json_object_get(json, "error"));

    if (json_is_true(json_object_get(json, "ok"))) {
        out->verdict = SLACK_OK;
        out->json = json;
    } else if (json_is_object(json) && word != NULL) {
        out->verdict = is_passing(word) ? SLACK_LATER : SLACK_REFUSED;
        out->json = json;
        out->error = strcmp(word, "rate_limited") == 0 ? "ratelimited" : word;
    } else {
        out->verdict = SLACK_UNSURE;
        out->error = "the answer cannot be read";
    }
}

static bool is_busy(int status)
{
    return status == 429 || status == 408;
}

static void judge_status(struct slack_answer *out, const struct http_response *r)
{
    out->verdict = r->status >= 500 ? SLACK_LATER : SLACK_REFUSED;
    out->error = r->status >= 500 ? "Slack has trouble of its own" : "Slack refused the request";
    if (is_busy(r->status)) {
        out->verdict = SLACK_LATER;
        out->error = "ratelimited";
    }
}

static void judge_failure(struct slack_answer *out, const struct http_response *r)
{
    out->error = r->error;
    out->unreachable = r->outcome == HTTP_UNREACHABLE;
    out->verdict = r->outcome == HTTP_UNREACHABLE ? SLACK_LATER
                   : r->outcome == HTTP_REFUSED   ? SLACK_REFUSED
                                                  : SLACK_UNSURE;
}

static void judge(struct slack_answer *out, const struct call *c, const struct http_response *r,
                  json_t *json)
{
    bool has_word = json_is_string(json_object_get(json, "error"));

    if (r->outcome != HTTP_ANSWERED)
        judge_failure(out, r);
    else if (r->status != 200 && !has_word)
        judge_status(out, r);
    else if (strcmp(c->method, RESPONSE_URL) == 0 && !has_word)
        out->verdict = SLACK_OK; /* it answers "ok", without JSON */
    else
        judge_json(out, json);
}

/* "Too many" is said of a method; of messages it is said of a channel, which the pump knows. */
static void note_busy(const struct call *c, int64_t retry_after)
{
    int64_t wait = retry_after > 0 ? retry_after : WAIT_S;

    if (strcmp(c->method, "chat.postMessage") != 0)
        slack_rates_close(c->api->rates, c->method, loop_now(c->api->loop) + wait * 1000);
}

static void answered(const struct http_response *r, void *data)
{
    struct call *c = data;
    struct slack_answer out = {.retry_after = r->retry_after};
    json_t *json = NULL;

    if (r->outcome == HTTP_ANSWERED && r->status < 500 && !is_busy(r->status))
        json = json_loadb(r->body, r->body_len, JSON_ALLOW_NUL, NULL);
    judge(&out, c, r, json);
    if (out.error != NULL && strcmp(out.error, "ratelimited") == 0)
        note_busy(c, r->retry_after);
    g_hash_table_remove(c->api->calls, c);
    c->done(&out, c->data);
    json_decref(json);
    g_free(c->method);
    g_free(c);
}

/* ---- questions ---- */

static void start(slack_api *a, const struct http_request *request, const char *method,
                  slack_answer_fn done, void *data)
{
    struct call *c = g_new0(struct call, 1);

    *c = (struct call){a, NULL, done, data, g_strdup(method)};
    slack_rates_take(a->rates, method, loop_now(a->loop));
    g_hash_table_add(a->calls, c);
    c->http = http_start(a->http, request, answered, c);
}

static void post(slack_api *a, const char *method, const char *authorization, const char *type,
                 const char *body, int64_t total_ms, slack_answer_fn done, void *data)
{
    g_autofree char *url = g_strconcat(a->base, "/", method, NULL);
    const char *const headers[] = {authorization, type, NULL};
    struct http_request request = {
        .url = url,
        .headers = headers,
        .body = body,
        .body_len = strlen(body),
        .connect_ms = total_ms,
        .stall_ms = total_ms,
        .total_ms = total_ms,
        .max_response = ANSWER_MOST,
    };

    start(a, &request, method, done, data);
}

void slack_api_form(slack_api *a, const char *method, const char *const *args, int64_t total_ms,
                    slack_answer_fn done, void *data)
{
    g_autoptr(GString) body = g_string_new(NULL);

    for (; args[0] != NULL; args += 2) {
        g_autofree char *value = g_uri_escape_string(args[1], NULL, FALSE);

        g_string_append_printf(body, "%s%s=%s", body->len > 0 ? "&" : "", args[0], value);
    }
    post(a, method, a->bot_header, "Content-Type: application/x-www-form-urlencoded", body->str,
         total_ms, done, data);
}

void slack_api_app(slack_api *a, const char *method, int64_t total_ms, slack_answer_fn done,
                   void *data)
{
    post(a, method, a->app_header, "Content-Type: application/x-www-form-urlencoded", "", total_ms,
         done, data);
}

void slack_api_json(slack_api *a, const char *method, const char *body, int64_t total_ms,
                    slack_answer_fn done, void *data)
{
    post(a, method, a->bot_header, "Content-Type: application/json; charset=utf-8", body, total_ms,
         done, data);
}

void slack_api_respond(slack_api *a, const char *url, const char *body, slack_answer_fn done,
                       void *data)
{
    static const char *const headers[] = {"Content-Type: application/json; charset=utf-8", NULL};
    struct http_request request = {
        .url = url,
        .headers = headers,
        .body = body,
        .body_len = strlen(body),
        .total_ms = 10000,
        .max_response = ANSWER_MOST,
    };

    /* In the clear only where the API is: on this machine. */
    if (!url_is_encrypted(url) && !(a->local && url_is_loopback(url)))
        request.url = "refused:";
    start(a, &request, RESPONSE_URL, done, data);
}
