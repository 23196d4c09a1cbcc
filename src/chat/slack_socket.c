/* Keeping a WebSocket to Slack open: apps.connections.open, hello, replacement, back-off. */
#include "slack_socket.h"

#include <glib.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"
#include "ws.h"

enum {
    OPEN_MS = 10000,   /* for apps.connections.open */
    HELLO_MS = 10000,  /* from the handshake to hello */
    RETIRE_MS = 30000, /* an announced socket that Slack does not close itself */
    STEADY_MS = 10000, /* a socket that lived so long was a good one */
    BACKOFF_FIRST_MS = 250,
    BACKOFF_MOST_MS = 60000,
    SOCKETS_MOST = 4, /* of ten that Slack allows an app */
    MESSAGE_MOST = 2 << 20,
    QUEUE_MOST = 4 << 20,
};

struct socket {
    struct slack_sockets *owner;
    ws *ws;
    unsigned number;
    loop_timer *timer; /* waits for hello; later for the end of a retired socket */
    int64_t since;     /* of hello, monotonic ms; 0: not yet */
    bool useful;       /* something that was to be acknowledged has come over it */
    bool retired;      /* another one takes its place; still read and acknowledged */
};

struct slack_sockets {
    loop *loop;
    slack_api *api;
    const struct slack_sockets_handler *handler;
    void *data;
    GPtrArray *all; /* of struct socket */
    loop_timer *retry;
    unsigned next_number;
    unsigned failures; /* in a row */
    bool opening;      /* apps.connections.open is under way */
    bool stopped;
};

static void ensure(slack_sockets *s);

int64_t slack_backoff(unsigned n, uint32_t random)
{
    int64_t ceiling = MIN(BACKOFF_MOST_MS, (int64_t)BACKOFF_FIRST_MS << MIN(n, 10u));

    /* Half of it is chance: a thousand bots shall not come back in one instant. */
    return ceiling / 2 + (int64_t)(random % (uint32_t)(ceiling / 2 + 1));
}

static uint32_t chance(void)
{
    uint32_t value = 0;

    if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
        value = (uint32_t)g_get_monotonic_time();
    return value;
}

/* ---- one socket ---- */

static void socket_free(gpointer data)
{
    struct socket *k = data;

    ws_free(k->ws);
    loop_timer_free(k->timer);
    g_free(k);
}

static struct socket *find(const slack_sockets *s, unsigned number)
{
    for (guint i = 0; i < s->all->len; i++) {
        struct socket *k = g_ptr_array_index(s->all, i);

        if (k->number == number)
            return k;
    }
    return NULL;
}

/* A socket that is good or may become so. */
static struct socket *serving(const slack_sockets *s)
{
    for (guint i = 0; i < s->all->len; i++) {
        struct socket *k = g_ptr_array_index(s->all, i);

        if (!k->retired)
            return k;
    }
    return NULL;
}

static void give_up(slack_sockets *s, const char *why)
{
    slack_sockets_stop(s);
    s->handler->ended(why, s->data);
}

/* ---- opening ---- */

static void retry(void *data)
{
    ensure(data);
}

static void try_later(slack_sockets *s, int64_t at_least_ms)
{
    int64_t pause = MAX(slack_backoff(s->failures, chance()), at_least_ms);

    s->failures++;
    loop_timer_in(s->retry, pause);
}

static void on_open(void *data)
{
    struct socket *k = data;

    loop_timer_in(k->timer, HELLO_MS);
}

static void on_message(const char *text, size_t len, void *data)
{
    struct socket *k = data;

    k->owner->handler->message(k->number, text, len, k->owner->data);
}

static void drop(struct socket *k)
{
    slack_sockets *s = k->owner;
    bool steady = k->useful || (k->since != 0 && loop_now(s->loop) - k->since >= STEADY_MS);
    bool mattered = !k->retired;

    g_ptr_array_remove(s->all, k); /* frees it */
    if (s->stopped || !mattered)
        return;
    if (steady)
        s->failures = 0;
    if (!s->opening && serving(s) == NULL)
        try_later(s, 0);
}

static void on_closed(const struct ws_closed *closed, void *data)
{
    struct socket *k = data;

    if (!k->retired && !k->owner->stopped)
        log_warnx("Slack: the connection ended: %s; connecting again", closed->text);
    drop(k);
}

static const struct ws_handler ws_handler = {on_open, on_message, on_closed};

/* No hello in time, or a retired socket that Slack has forgotten to close. */
static void on_timer(void *data)
{
    struct socket *k = data;

    if (!k->retired)
        log_warnx("Slack: connected, but no hello came; connecting again");
    drop(k);
}

static void connect_to(slack_sockets *s, const char *url)
{
    struct socket *k = g_new0(struct socket, 1);
    struct ws_options options = {
        .url = url,
        .allow_plain = slack_api_is_local(s->api),
        .max_message = MESSAGE_MOST,
        .max_queue = QUEUE_MOST,
    };

    k->owner = s;
    k->number = ++s->next_number;
    k->timer = loop_timer_new(s->loop, on_timer, k);
    g_ptr_array_add(s->all, k);
    k->ws = ws_open(s->loop, &options, &ws_handler, k);
}

static char *why_refused(const char *error)
{
    if (strcmp(error, "socket_mode_not_enabled") == 0)
        return g_strdup("Slack: Socket Mode is switched off for the app; switch it on at "
                        "api.slack.com/apps, Socket Mode, and start again");
    return g_strdup_printf(
        "Slack refuses the app-level token (%s): check INTERVIEWD_SLACK_APP_TOKEN "
        "or slack.app_token_file; it begins with xapp- and needs the scope "
        "connections:write",
        error);
}

static void opened(const struct slack_answer *answer, void *data)
{
    slack_sockets *s = data;
    const char *url = json_string_value(json_object_get(answer->json, "url"));

    s->opening = false;
    if (s->stopped)
        return;
    if (answer->verdict == SLACK_OK && url != NULL) {
        connect_to(s, url);
    } else if (answer->verdict == SLACK_REFUSED && slack_error_is_final(answer->error)) {
        g_autofree char *why = why_refused(answer->error);

        give_up(s, why);
    } else {
        const char *error = answer->error != NULL ? answer->error : "no address came";

        log_warnx("Slack: no connection yet: %s; trying again", error);
        try_later(s, answer->retry_after > 0 ? answer->retry_after * 1000 : 0);
    }
}

/* Opens a socket when none serves and none is on its way. */
static void ensure(slack_sockets *s)
{
    if (s->stopped || s->opening || serving(s) != NULL)
        return;
    if (s->all->len >= SOCKETS_MOST) { /* retired ones that will not die */
        try_later(s, 0);
        return;
    }
    s->opening = true;
    loop_timer_stop(s->retry);
    slack_api_app(s->api, "apps.connections.open", OPEN_MS, opened, s);
}

/* ---- what Slack says of a socket ---- */

void slack_sockets_hello(slack_sockets *s, unsigned socket)
{
    struct socket *k = find(s, socket);

    if (k == NULL || k->since != 0)
        return;
    k->since = loop_now(s->loop);
    if (!k->retired)
        loop_timer_stop(k->timer);
    log_info("Slack: connected");
}

void slack_sockets_disconnect(slack_sockets *s, unsigned socket, const char *reason)
{
    struct socket *k = find(s, socket);

    if (k == NULL)
        return;
    if (reason != NULL && strcmp(reason, "link_disabled") == 0) {
        give_up(s,
                "Slack: Socket Mode has been switched off for the app (link_disabled); switch it "
                "on at api.slack.com/apps, Socket Mode, and start again");
        return;
    }
    if (k->retired)
        return;
    /* The old socket goes on being read and acknowledged until Slack closes it. */
    k->retired = true;
    loop_timer_in(k->timer, RETIRE_MS);
    log_info("Slack: the connection is to be replaced (%s)", reason != NULL ? reason : "no reason");
    if (reason != NULL && strcmp(reason, "too_many_websockets") == 0)
        try_later(s, 1000);
    else
        ensure(s);
}

bool slack_sockets_send(slack_sockets *s, unsigned socket, const char *text, size_t len)
{
    struct socket *k = find(s, socket);

    if (k == NULL || !ws_send(k->ws, text, len))
        return false;
    k->useful = true;
    return true;
}

void slack_sockets_flush(slack_sockets *s)
{
    /* From the end: one that turns out to be lost takes itself out. */
    for (guint i = s->all->len; i > 0; i--) {
        struct socket *k = g_ptr_array_index(s->all, i - 1);

        ws_flush(k->ws);
    }
}

size_t slack_sockets_count(const slack_sockets *s)
{
    return s->all->len;
}

bool slack_sockets_live(const slack_sockets *s)
{
    const struct socket *k = serving(s);

    return k != NULL && k->since != 0;
}

/* ---- life ---- */

slack_sockets *slack_sockets_new(loop *l, slack_api *a, const struct slack_sockets_handler *handler,
                                 void *data)
{
    slack_sockets *s = g_new0(slack_sockets, 1);

    s->loop = l;
    s->api = a;
    s->handler = handler;
    s->data = data;
    s->all = g_ptr_array_new_with_free_func(socket_free);
    s->retry = loop_timer_new(l, retry, s);
    return s;
}

void slack_sockets_free(slack_sockets *s)
{
    if (s == NULL)
        return;
    g_ptr_array_unref(s->all);
    loop_timer_free(s->retry);
    g_free(s);
}

void slack_sockets_start(slack_sockets *s)
{
    ensure(s);
}

void slack_sockets_stop(slack_sockets *s)
{
    s->stopped = true;
    loop_timer_stop(s->retry);
    for (guint i = 0; i < s->all->len; i++) {
        struct socket *k = g_ptr_array_index(s->all, i);

        k->retired = true;
        if (ws_is_open(k->ws))
            ws_close(k->ws, 1000);
    }
}
