/* Slack's Web API over the HTTP client: tokens, forms, JSON, and what an answer means. */
#include "slack_api.h"

#include <glib.h>
#include <string.h>

#include "net.h"

/* No answer of the methods used here comes near this. */
#define ANSWER_MOST (1024 * 1024)

struct slack_api {
    http *http;
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
    bool response_url; /* answers plain text */
};

slack_api *slack_api_new(http *h, const char *base, const char *bot_token, const char *app_token)
{
    slack_api *a = g_new0(slack_api, 1);
    size_t len = strlen(base);

    while (len > 0 && base[len - 1] == '/')
        len--;
    a->http = h;
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
        g_free(c);
    }
    g_hash_table_destroy(a->calls);
    g_free(a->base);
    g_free(a->bot_header);
    g_free(a->app_header);
    g_free(a);
}

bool slack_api_is_local(const slack_api *a)
{
    return a->local;
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
        out->error = word;
    } else {
        out->verdict = SLACK_UNSURE;
        out->error = "the answer cannot be read";
    }
}

static void judge_status(struct slack_answer *out, const struct http_response *r)
{
    out->verdict = r->status >= 500 ? SLACK_LATER : SLACK_REFUSED;
    out->error = r->status >= 500 ? "Slack has trouble of its own" : "Slack refused the request";
    if (r->status == 429 || r->status == 408) {
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

static void answered(const struct http_response *r, void *data)
{
    struct call *c = data;
    struct slack_answer out = {.retry_after = r->retry_after};
    json_t *json = NULL;

    if (r->outcome != HTTP_ANSWERED) {
        judge_failure(&out, r);
    } else if (r->status != 200) {
        judge_status(&out, r);
    } else if (c->response_url) {
        out.verdict = SLACK_OK;
    } else {
        json = json_loadb(r->body, r->body_len, 0, NULL);
        judge_json(&out, json);
        if (out.error != NULL && strcmp(out.error, "rate_limited") == 0)
            out.error = "ratelimited";
    }
    g_hash_table_remove(c->api->calls, c);
    c->done(&out, c->data);
    json_decref(json);
    g_free(c);
}

/* ---- questions ---- */

static void start(slack_api *a, const struct http_request *request, bool response_url,
                  slack_answer_fn done, void *data)
{
    struct call *c = g_new0(struct call, 1);

    *c = (struct call){a, NULL, done, data, response_url};
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

    start(a, &request, false, done, data);
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
    start(a, &request, true, done, data);
}
