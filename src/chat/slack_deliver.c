/* Calling chat.postMessage and its kind for rows of the outbox. */
#include "slack_deliver.h"

#include <glib.h>
#include <string.h>

#include "json_out.h"

enum { SEND_MS = 20000 };

/* The channel will not take messages of ours any more, until somebody invites the bot again. */
static bool means_gone(const char *error)
{
    static const char *const words[] = {"channel_not_found", "not_in_channel",        "is_archived",
                                        "user_disabled",     "account_inactive_user", NULL};

    return error != NULL && g_strv_contains(words, error);
}

static void answered(const struct slack_answer *answer, void *data)
{
    struct slack_delivery *d = data;
    struct slack_delivered out = {
        .verdict = answer->verdict,
        .retry_after = answer->retry_after,
        .error = answer->error,
        .ts = json_string_value(json_object_get(answer->json, "ts")),
        .told_to_wait = answer->error != NULL && strcmp(answer->error, "ratelimited") == 0,
        .unreachable = answer->unreachable,
        .chat_gone = answer->verdict == SLACK_REFUSED && means_gone(answer->error),
    };

    d->done(&out, d->data);
}

/* Puts what was not known when the row was written into ARGS; false when it is still not there. */
static bool complete(json_t *args, enum slack_row_kind kind, const char *post)
{
    if (kind == SLACK_ROW_REFRESH && post == NULL)
        return false;
    if (kind == SLACK_ROW_REFRESH)
        json_object_set_new(args, "ts", json_string(post));
    else if (kind == SLACK_ROW_UNDER && post != NULL)
        json_object_set_new(args, "thread_ts", json_string(post));
    return true;
}

/* A call whose arguments lack something, or that goes to a response_url. */
static bool deliver_row(slack_api *a, enum slack_row_kind kind, const struct slack_call *c,
                        const char *post, struct slack_delivery *d)
{
    json_t *args = json_object_get(c->row, "args");
    const char *method = json_string_value(json_object_get(c->row, "method"));
    const char *url = json_string_value(json_object_get(c->row, "url"));

    if (!json_is_object(args) || (method == NULL && url == NULL) || !complete(args, kind, post))
        return false;
    g_autofree char *text = json_out_print(args);
    if (url != NULL)
        slack_api_respond(a, url, text, answered, d);
    else
        slack_api_json(a, method, text, SEND_MS, answered, d);
    return true;
}

bool slack_deliver(slack_api *a, enum slack_row_kind kind, const struct slack_call *c,
                   const char *post, struct slack_delivery *d)
{
    if (c->args == NULL)
        return deliver_row(a, kind, c, post, d);
    slack_api_json(a, c->method, c->args, SEND_MS, answered, d);
    return true;
}

/* ---- reading rows ---- */

/*
 * Most rows are sent as they were written, {"method":M,"args":ARGS}: they are
 * taken apart as text, because ARGS is long and reading and writing it again
 * costs more than all else about a message.
 */
static bool split(const char *body, struct slack_call *ret)
{
    static const char head[] = "{\"method\":\"", middle[] = "\",\"args\":{";
    const char *method = body + sizeof head - 1;
    size_t len = strlen(body), word = 0;

    if (!g_str_has_prefix(body, head))
        return false;
    while (g_ascii_isalpha(method[word]) || method[word] == '.')
        word++;
    if (!g_str_has_prefix(method + word, middle) || !g_str_has_suffix(body, "}}"))
        return false;
    const char *args = method + word + sizeof middle - 2; /* its brace is a part of it */
    ret->method = g_strndup(method, word);
    ret->args = g_strndup(args, len - (size_t)(args - body) - 1);
    return true;
}

void slack_call_read(const char *body, enum slack_row_kind kind, struct slack_call *ret)
{
    *ret = (struct slack_call){0};
    /* A row of the other kinds gets something filled in; it may hold more than the two. */
    if ((kind == SLACK_ROW_SEND || kind == SLACK_ROW_POST) && split(body, ret))
        return;
    ret->row = json_loads(body, 0, NULL);
    const char *method = json_string_value(json_object_get(ret->row, "method"));
    ret->method = g_strdup(method != NULL ? method : "response_url");
    ret->round = json_integer_value(json_object_get(ret->row, "under"));
}

void slack_call_clear(struct slack_call *c)
{
    g_free(c->method);
    g_free(c->args);
    json_decref(c->row);
    *c = (struct slack_call){0};
}
