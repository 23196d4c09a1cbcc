/* `interviewd run`: the daemon. A transport is on when its token is found. */
#include <signal.h>
#include <string.h>

#include "bank_files.h"
#include "bot.h"
#include "commands.h"
#include "log.h"
#include "loop.h"
#include "notify.h"
#include "pulse.h"
#include "run_transports.h"
#include "signals.h"

/* How often the bank's files are looked at for a change: a stat of each. */
#define BANK_CHECK_MS (60 * 1000)
/* After SIGTERM what is in flight has this long to end. */
#define STOP_MS 4000

struct daemon {
    const struct command_call *call;
    struct config *config;
    loop *loop;
    bot *bot;
    notify *notify;
    signals *signals;
    struct run_transports *transports;
    struct pulse *pulse;
    loop_timer *tick;     /* the next thing that a schedule has due */
    loop_timer *banks;    /* looks for changed banks, when any is named */
    loop_timer *watchdog; /* when systemd wants to hear from us */
    loop_timer *patience; /* ends the wait for what is in flight */
    uint64_t stamp;       /* of the bank files in use */
    bool failed;
};

/* ---- the schedule ---- */

/* Also after each commit: a person may have set another time. */
static void set_tick(void *data)
{
    struct daemon *d = data;
    int64_t next = bot_next_tick(d->bot);

    if (next == 0)
        loop_timer_stop(d->tick);
    else
        loop_timer_at_wall(d->tick, next * 1000);
}

static void on_tick(void *data)
{
    struct daemon *d = data;
    struct host *host = bot_host(d->bot);

    host->ops->tick(host);
    set_tick(d);
}

/* ---- banks ---- */

static uint64_t bank_stamp(const struct daemon *d)
{
    g_auto(GStrv) paths = config_list(d->config, OPT_BANK);

    return bank_files_stamp((const char *const *)paths, g_strv_length(paths));
}

static void reload_bank(struct daemon *d)
{
    g_autoptr(GError) error = NULL;

    d->stamp = bank_stamp(d);
    if (config_text(d->config, OPT_BANK)[0] != '\0')
        loop_timer_in(d->banks, BANK_CHECK_MS);
    else
        loop_timer_stop(d->banks);
    if (bot_reload(d->bot, &error))
        log_info("bank: %zu questions", bank_size(interview_bank(bot_interview(d->bot))));
    else
        log_warnx("bank: the one in use stays: %s", error->message);
}

static void on_bank_check(void *data)
{
    struct daemon *d = data;

    loop_timer_in(d->banks, BANK_CHECK_MS);
    if (bank_stamp(d) != d->stamp)
        reload_bank(d);
}

/* ---- the configuration ---- */

static void reload_config(struct daemon *d)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    config *fresh = command_config(d->call, problems);
    enum log_level level;

    for (guint i = 0; i < problems->len; i++)
        log_warnx("configuration: %s", (const char *)g_ptr_array_index(problems, i));
    if (problems->len > 0) {
        log_warnx("configuration: the one in use stays");
        config_free(fresh);
        return;
    }
    g_autofree char *kept = config_take(d->config, fresh);
    if (log_level_parse(config_text(d->config, OPT_LOG_LEVEL), &level))
        log_set_level(level);
    if (kept != NULL)
        log_warnx("configuration: as before until a restart: %s", kept);
    log_info("configuration: read");
    bot_use_settings(d->bot);
    set_tick(d);
}

/* ---- signals, the watchdog, the end ---- */

static void stop_loop(void *data)
{
    loop_stop(((struct daemon *)data)->loop);
}

static void begin_stop(struct daemon *d)
{
    notify_stopping(d->notify, NULL);
    loop_timer_in(d->patience, STOP_MS);
    run_transports_stop(d->transports, stop_loop, d);
}

static void on_signal(int signo, void *data)
{
    struct daemon *d = data;

    if (signo == SIGHUP) {
        log_info("reloading configuration and bank");
        reload_config(d);
        reload_bank(d);
        pulse_now(d->pulse);
    } else if (loop_timer_is_set(d->patience)) {
        loop_stop(d->loop); /* asked twice: at once */
    } else {
        log_info("stopping");
        begin_stop(d);
    }
}

static void on_watchdog(void *data)
{
    struct daemon *d = data;

    notify_alive(d->notify, NULL);
    loop_timer_in(d->watchdog, notify_watchdog_ms(d->notify));
}

/* Every transport has ended for good: there is nothing left to do. */
static void on_all_ended(void *data)
{
    struct daemon *d = data;

    d->failed = true;
    loop_stop(d->loop);
}

/* ---- life ---- */

static bool daemon_open(struct daemon *d, GError **error)
{
    d->notify = notify_new(NULL); /* without systemd there is nobody to tell */
    if (!signals_block(error))
        return false;
    d->loop = loop_new(clock_system(), error);
    if (d->loop == NULL)
        return false;
    d->signals = signals_new(d->loop, on_signal, d, error);
    if (d->signals == NULL)
        return false;
    d->bot = bot_new(d->config, clock_system(), error);
    if (d->bot == NULL)
        return false;
    d->tick = loop_timer_new(d->loop, on_tick, d);
    d->banks = loop_timer_new(d->loop, on_bank_check, d);
    d->watchdog = loop_timer_new(d->loop, on_watchdog, d);
    d->patience = loop_timer_new(d->loop, stop_loop, d);
    d->transports = run_transports_new(d->config, d->loop, d->bot, on_all_ended, d, error);
    return d->transports != NULL;
}

static void daemon_close(struct daemon *d)
{
    pulse_free(d->pulse);
    run_transports_free(d->transports);
    loop_timer_free(d->tick);
    loop_timer_free(d->banks);
    loop_timer_free(d->watchdog);
    loop_timer_free(d->patience);
    signals_free(d->signals);
    bot_free(d->bot);
    if (d->loop != NULL)
        loop_free(d->loop);
    notify_free(d->notify);
}

static void daemon_start(struct daemon *d)
{
    log_info("interviewd %s: %zu questions", program_version(),
             bank_size(interview_bank(bot_interview(d->bot))));
    d->stamp = bank_stamp(d);
    if (config_text(d->config, OPT_BANK)[0] != '\0')
        loop_timer_in(d->banks, BANK_CHECK_MS);
    if (notify_watchdog_ms(d->notify) > 0)
        on_watchdog(d);
    bot_on_commit(d->bot, set_tick, d);
    on_tick(d);
    d->pulse = pulse_new(d->config, d->loop, d->bot);
    notify_ready(d->notify, NULL);
}

int cmd_run(const struct command_call *call)
{
    struct daemon d = {.call = call, .config = call->config};
    g_autoptr(GError) error = NULL;

    if (call->argc != 0) {
        fputs("usage: interviewd run\n", stderr);
        return EXIT_USAGE;
    }
    if (daemon_open(&d, &error)) {
        daemon_start(&d);
        loop_run(d.loop, &error);
    }
    if (error != NULL)
        log_error("%s", error->message);
    daemon_close(&d);
    return error == NULL && !d.failed ? EXIT_DONE : EXIT_FAILED;
}
