/* Calling chat.postMessage and its kind for rows of the outbox. */
#include "slack_deliver.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { SEND_MS = 20000 };

struct delivery {
    slack_delivered_fn done;
    void *data;
};

/* The channel will not take messages of ours any more, until somebody invites the bot again. */
static bool means_gone(const char *error)
{
    static const char *const words[] = {"channel_not_found", "not_in_channel",        "is_archived",
                                        "user_disabled",     "account_inactive_user", NULL};

    return error != NULL && g_strv_contains(words, error);
}

static void answered(const struct slack_answer *answer, void *data)
{
    struct delivery *d = data;
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
    g_free(d);
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

bool slack_deliver(slack_api *a, enum slack_row_kind kind, const json_t *row, const char *post,
                   slack_delivered_fn done, void *data)
{
    json_t *args = json_object_get(row, "args");
    const char *method = json_string_value(json_object_get(row, "method"));
    const char *url = json_string_value(json_object_get(row, "url"));
    bool sound =
        json_is_object(args) && (method != NULL || url != NULL) && complete(args, kind, post);

    if (sound) {
        char *text = json_dumps(args, JSON_COMPACT);
        struct delivery *d = g_new0(struct delivery, 1);

        *d = (struct delivery){done, data};
        if (url != NULL)
            slack_api_respond(a, url, text, answered, d);
        else
            slack_api_json(a, method, text, SEND_MS, answered, d);
        free(text);
    }
    return sound;
}

json_t *slack_body_load(const char *body, const char **ret_method, int64_t *ret_round)
{
    json_t *row = json_loads(body, 0, NULL);
    const char *method = json_string_value(json_object_get(row, "method"));

    *ret_method = method != NULL ? method : "response_url";
    *ret_round = json_integer_value(json_object_get(row, "under"));
    return row;
}
