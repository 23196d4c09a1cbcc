/* The Slack adapter's life: who the bot is, sockets, starting and stopping. */
#include "slack.h"

#include <string.h>

#include "log.h"
#include "slack_internal.h"

enum { HELLO_MS = 10000 };

static void say_hello(void *data);

static void end(struct slack *s, const char *why)
{
    s->stopped = true;
    log_error("%s", why);
    if (s->ended != NULL)
        s->ended(why, s->data);
}

/* After slack_stop(): nothing else tells when the last call and the last socket are gone. */
static void look_for_done(void *data)
{
    struct slack *s = data;

    if (slack_outbox_under_way(s->outbox) == 0 && slack_sockets_count(s->sockets) == 0)
        s->done(s->done_data);
    else
        loop_timer_in(s->done_timer, 20);
}

/* ---- who am I ---- */

static void hello_answered(const struct slack_answer *answer, void *data)
{
    struct slack *s = data;
    const char *user = json_string_value(json_object_get(answer->json, "user_id"));
    const char *team = json_string_value(json_object_get(answer->json, "team"));

    if (s->stopped)
        return;
    if (answer->verdict == SLACK_OK && user != NULL) {
        s->bot_user = g_strdup(user);
        log_info("Slack: in the workspace %s", team != NULL ? team : "?");
        slack_sockets_start(s->sockets);
    } else if (answer->verdict == SLACK_REFUSED && slack_error_is_final(answer->error)) {
        g_autofree char *why =
            g_strdup_printf("Slack refuses the bot token (%s): check INTERVIEWD_SLACK_BOT_TOKEN or "
                            "slack.bot_token_file; it begins with xoxb-",
                            answer->error);

        end(s, why);
    } else if (answer->verdict == SLACK_REFUSED) {
        /* Events say as well who the bot is. */
        log_warnx("Slack: auth.test: %s; going on without", answer->error);
        slack_sockets_start(s->sockets);
    } else {
        int64_t pause = slack_backoff(s->hello_failures++, (uint32_t)g_get_monotonic_time());

        log_warnx("Slack: not reached yet: %s; trying again",
                  answer->error != NULL ? answer->error : "an odd answer");
        loop_timer_in(s->hello, MAX(pause, answer->retry_after * 1000));
    }
}

static void say_hello(void *data)
{
    static const char *const none[] = {NULL};
    struct slack *s = data;

    slack_api_form(s->api, "auth.test", none, HELLO_MS, hello_answered, s);
}

/* ---- sockets ---- */

static void on_message(unsigned socket, const char *text, size_t len, void *data)
{
    slack_inbox_take(data, socket, text, len);
}

static void on_ended(const char *why, void *data)
{
    end(data, why);
}

static const struct slack_sockets_handler sockets_handler = {on_message, on_ended};

static void people_changed(void *data)
{
    slack_inbox_poke(data);
}

static void work(void *data)
{
    slack_inbox_poke(data);
}

/* ---- life ---- */

slack *slack_new(loop *l, http *h, store *st, const catalog *cat, struct host *host,
                 const struct slack_options *options)
{
    slack *s = g_new0(slack, 1);

    log_secret(options->bot_token);
    log_secret(options->app_token);
    s->transport = (struct transport){&slack_transport_ops, PLATFORM_SLACK};
    s->loop = l;
    s->store = st;
    s->cat = cat;
    s->host = host;
    s->ended = options->ended;
    s->data = options->data;
    s->api = slack_api_new(l, h, options->api_url, options->bot_token, options->app_token,
                           options->unlimited);
    s->people = slack_people_new(l, s->api, people_changed, s);
    s->outbox = slack_outbox_new(l, st, s->api, options->unlimited);
    s->done_timer = loop_timer_new(l, look_for_done, s);
    s->sockets = slack_sockets_new(l, s->api, &sockets_handler, s);
    s->zones = zones_new();
    s->hello = loop_timer_new(l, say_hello, s);
    s->work = loop_timer_new(l, work, s);
    s->waiting = g_queue_new();
    s->handled = g_ptr_array_new();
    s->answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->answered_order = g_queue_new();
    return s;
}

static void turn_free(gpointer data)
{
    slack_turn_free(data);
}

void slack_free(slack *s)
{
    if (s == NULL)
        return;
    slack_sockets_free(s->sockets);
    slack_api_free(s->api); /* first: what is under way speaks of people and rows */
    slack_outbox_free(s->outbox);
    loop_timer_free(s->done_timer);
    slack_people_free(s->people);
    zones_free(s->zones);
    loop_timer_free(s->hello);
    loop_timer_free(s->work);
    g_queue_free_full(s->waiting, turn_free);
    g_ptr_array_unref(s->handled);
    g_hash_table_destroy(s->answered);
    g_queue_free(s->answered_order);
    g_free(s->bot_user);
    g_free(s);
}

struct transport *slack_transport(slack *s)
{
    return &s->transport;
}

void slack_start(slack *s)
{
    slack_outbox_start(s->outbox);
    say_hello(s);
}

void slack_stop(slack *s, loop_fn done, void *data)
{
    s->stopped = true;
    s->done = done;
    s->done_data = data;
    loop_timer_stop(s->hello);
    slack_sockets_stop(s->sockets);
    slack_outbox_stop(s->outbox);
    loop_timer_in(s->done_timer, 0);
}

bool slack_is_live(const slack *s)
{
    return slack_sockets_live(s->sockets);
}
