/* Signs of life on a timer of the loop itself: a loop that stands still gives none. */
#include "pulse.h"

#include <malloc.h>

#include "commands.h"
#include "log.h"
#include "status.h"

struct pulse {
    const struct config *config;
    bot *bot;
    loop_timer *timer;
    char *path; /* the database's */
    int64_t started;
};

static int64_t now(void)
{
    return clock_wall_ms(clock_system()) / 1000;
}

static void write_state(struct pulse *p, bool stopping, GError **error)
{
    struct status_pulse s = {
        .version = program_version(),
        .started = p->started,
        .now = now(),
        .stopping = stopping,
        .bank = (int64_t)bank_size(interview_bank(bot_interview(p->bot))),
    };

    for (int i = 0; i <= PLATFORM_SLACK; i++)
        s.last_ok[i] = bot_last_ok(p->bot, (enum platform)i);
    status_write(bot_store(p->bot), &s, error);
}

static void write_metrics(struct pulse *p, GError **error)
{
    const char *file = config_text(p->config, OPT_METRICS_FILE);
    struct status s;

    if (file[0] == '\0' || !status_read(bot_store(p->bot), p->path, &s, error))
        return;
    g_autofree char *text = status_metrics(&s);
    status_write_file(file, text, error);
    status_clear(&s);
}

static void beat(struct pulse *p, bool stopping)
{
    g_autoptr(GError) error = NULL;

    write_state(p, stopping, &error);
    if (error == NULL)
        write_metrics(p, &error);
    if (error != NULL)
        log_warnx("metrics: %s", error->message);
}

static void on_timer(void *data)
{
    struct pulse *p = data;

    beat(p, false);
    malloc_trim(0); /* what a busy minute has left free goes back to the system */
    loop_timer_in(p->timer, config_number(p->config, OPT_METRICS_SECONDS) * 1000);
}

void pulse_now(struct pulse *p)
{
    if (p != NULL)
        on_timer(p);
}

struct pulse *pulse_new(const struct config *c, loop *l, bot *b)
{
    struct pulse *p = g_new0(struct pulse, 1);

    p->config = c;
    p->bot = b;
    p->path = bot_database_path(c, NULL);
    p->started = now();
    p->timer = loop_timer_new(l, on_timer, p);
    on_timer(p);
    return p;
}

void pulse_free(struct pulse *p)
{
    if (p == NULL)
        return;
    beat(p, true);
    loop_timer_free(p->timer);
    g_free(p->path);
    g_free(p);
}
