/* One call of the Bot API: the request, and what its answer says. */
#include <string.h>

#include "log.h"
#include "telegram_internal.h"

enum {
    STALL_MS = 5000,
    CONNECT_MS = 5000,
    TOTAL_EXTRA_MS = 15000,
    ANSWER_BYTES = 8 << 20,
    LONGEST_WAIT_S = 24 * 3600
};

http_call *telegram_call(telegram *t, const char *method, const char *body, size_t len,
                         int64_t first_ms, http_done_fn done, void *data)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    char url[512];
    struct http_request request = {
        .url = url,
        .headers = headers,
        .body = body,
        .body_len = len,
        .connect_ms = CONNECT_MS,
        .first_ms = first_ms,
        .stall_ms = STALL_MS,
        .total_ms = CONNECT_MS + first_ms + TOTAL_EXTRA_MS,
        .max_response = ANSWER_BYTES,
    };

    g_strlcpy(url, t->base, sizeof url);
    g_strlcat(url, method, sizeof url);
    return http_start(t->http, &request, done, data);
}

/* ---- answers ---- */

static const char *text_of(const json_node *object, const char *key, const char *otherwise)
{
    const char *s = json_node_string(json_node_get(object, key));

    return s != NULL ? s : otherwise;
}

static void read_failure(struct telegram_answer *a)
{
    const json_node *root = json_view_root(a->view);
    const json_node *parameters = json_node_get(root, "parameters");
    const json_node *code = json_node_get(root, "error_code");
    const json_node *wait = json_node_get(parameters, "retry_after");

    a->state = TELEGRAM_FAILED;
    if (json_node_is_int(code))
        a->code = (int)json_node_int(code);
    if (json_node_is_int(wait))
        a->retry_after = CLAMP(json_node_int(wait), 0, LONGEST_WAIT_S);
    a->moved_to = json_node_int(json_node_get(parameters, "migrate_to_chat_id"));
    a->description = text_of(root, "description", "no reason is given");
}

static void read_body(const struct http_response *r, struct telegram_answer *a)
{
    const json_node *root, *ok;

    a->view = json_view_new(r->body, r->body_len);
    root = json_view_root(a->view);
    ok = json_node_get(root, "ok");
    a->result = json_node_get(root, "result");
    if (json_node_is_true(ok) && a->result != NULL) {
        a->state = TELEGRAM_OK;
    } else if (json_node_is_false(ok)) {
        read_failure(a);
    } else {
        a->state = TELEGRAM_BROKEN;
        a->description = r->status >= 400 ? "a server between has answered with an error"
                                          : "the answer is no JSON of Telegram's";
    }
}

void telegram_answer_read(const struct http_response *r, struct telegram_answer *ret)
{
    *ret = (struct telegram_answer){
        .code = r->status,
        .retry_after = r->retry_after,
        .description = r->error != NULL ? r->error : "",
    };
    switch (r->outcome) {
    case HTTP_ANSWERED:
        read_body(r, ret);
        break;
    case HTTP_UNREACHABLE:
    case HTTP_REFUSED:
        ret->state = TELEGRAM_UNREACHABLE;
        break;
    default:
        ret->state = TELEGRAM_LOST;
    }
}

void telegram_answer_clear(struct telegram_answer *a)
{
    g_clear_pointer(&a->view, json_view_free);
    a->result = NULL;
}

/* ---- what follows from failures ---- */

int64_t telegram_pause(telegram *t, int fails, int64_t first_ms, int64_t longest_ms)
{
    int64_t ms = first_ms;

    for (int i = 1; i < fails && ms < longest_ms; i++)
        ms *= 2;
    ms = MIN(ms, longest_ms);
    t->random ^= t->random << 13;
    t->random ^= t->random >> 7;
    t->random ^= t->random << 17;
    return ms / 2 + (int64_t)(t->random % (uint64_t)(ms / 2 + 1));
}

/* A token is "123456789:AAF-x_y"; people copy too much, too little, or another one. */
const char *telegram_token_fault(const char *token)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t digits = strspn(token, "0123456789");
    const char *secret;

    if (g_str_has_prefix(token, "xox") || g_str_has_prefix(token, "xapp-"))
        return "it is one of Slack's";
    if (strpbrk(token, "\"'") != NULL)
        return "it has quotes in it";
    if (strpbrk(token, " \t\r\n") != NULL)
        return "it has a space or a line's end in it";
    if (g_str_has_prefix(token, "bot"))
        return "it begins with \"bot\", which belongs to the URL";
    if (strchr(token, ':') == NULL)
        return "it has no colon";
    if (digits == 0 || token[digits] != ':')
        return "what stands before its colon is no number";
    secret = token + digits + 1;
    if (secret[0] == '\0')
        return "nothing stands behind its colon";
    return secret[strspn(secret, letters)] == '\0' ? NULL : "it has a character that no token has";
}

/* 404 is what a token gets that has not even the form of one; a token that has worked has it. */
bool telegram_check_token(telegram *t, const struct telegram_answer *a)
{
    g_autofree char *why = NULL;

    if (a->state != TELEGRAM_FAILED || (a->code != 401 && (a->code != 404 || t->me.id != 0)))
        return false;
    if (t->ended)
        return true;
    t->ended = true;
    why = g_strdup_printf("Telegram does not know this bot's token (%d %s): check %s, or get a new "
                          "one from @BotFather",
                          a->code, a->description, t->options.token_source);
    log_error("%s", why);
    telegram_poll_stop(t);
    telegram_commands_stop(t);
    telegram_ask_stop(t);
    pump_stop(t->pump);
    t->hooks.ended(t->hooks.data, why);
    return true;
}
