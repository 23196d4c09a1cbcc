/* /settings: one message that shows everything of a chat, and changes it by its buttons. */
#include <string.h>

#include "iv.h"
#include "schedule.h"
#include "text.h"

#define TOPIC_BUTTONS 40
#define TOPIC_CELLS   24

static void button(struct iv *iv, const char *label, const char *action, bool new_row)
{
    if (strlen(action) <= ACTION_SIZE)
        reply_button_text(iv->r, label, action, new_row);
}

static void back(struct iv *iv)
{
    reply_button(iv->r, "button.back", "set:settings", true);
}

/* ---- the pages of single settings ---- */

static void page_daily(struct iv *iv)
{
    struct schedule s = {0};

    schedule_parse(iv->chat->schedule, &s);
    g_autofree char *times = iv_schedule_text(iv, &s);
    reply_say(iv->r, s.n_entries > 0 ? "settings.daily" : "settings.no-daily", "times=%s", times);
    reply_newline(iv->r, 2);
    reply_say(iv->r, "settings.how-daily", "");
    reply_button(iv->r, "button.daily", "set:daily:09:00", true);
    reply_button(iv->r, "button.daily-weekdays", "set:daily:mon-fri 09:00", false);
    reply_button(iv->r, "button.daily-evening", "set:daily:21:00", true);
    reply_button(iv->r, "button.daily-off", "set:daily:off", false);
}

static void page_zone(struct iv *iv)
{
    static const char *const offered[] = {"Asia/Seoul",       "Europe/Berlin",
                                          "America/New_York", "America/Los_Angeles",
                                          "Asia/Tokyo",       "UTC"};

    reply_say(iv->r, "zone.show", "zone=%s", iv->chat->zone);
    for (size_t i = 0; i < G_N_ELEMENTS(offered); i++) {
        g_autofree char *action = g_strconcat("set:timezone:", offered[i], NULL);

        button(iv, offered[i], action, i % 2 == 0);
    }
}

static void page_close(struct iv *iv)
{
    static const int hours[] = {6, 12, 24, 48};

    reply_say(iv->r, iv->chat->close_hours > 0 ? "closing.hours" : "closing.standard", "n=%d",
              iv->chat->close_hours);
    reply_newline(iv->r, 1);
    reply_say(iv->r, "closing.how", "");
    reply_button(iv->r, "button.close-standard", "set:close:off", true);
    for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
        g_autofree char *action = g_strdup_printf("set:close:%d", hours[i]);
        g_autofree char *label =
            catalog_format(iv->in->cat, iv->chat->lang, "button.close-hours", "n=%d", hours[i]);

        button(iv, label, action, i == 0);
    }
}

static void page_reveal(struct iv *iv)
{
    reply_say(iv->r, "reveal.ask", "now=%s", iv_reveal_text(iv, iv->chat->reveal));
    for (enum reveal_mode mode = REVEAL_NOW; mode <= REVEAL_CLOSE; mode++) {
        g_autofree char *action = g_strconcat("set:reveal:", iv_reveal_word(mode), NULL);

        button(iv, iv_reveal_text(iv, mode), action, true);
    }
}

/* Topics by their buttons; inner ones only where they fit. */
static void page_topics(struct iv *iv)
{
    const GArray *topics = iv_bank_topics(iv->in->bank);
    g_auto(GStrv) off = g_strsplit(iv->chat->topics_off, "\n", -1);
    int shown = 0;

    reply_say(iv->r, "settings.topics-page", "");
    for (guint i = 0; i < topics->len && shown < TOPIC_BUTTONS; i++) {
        const struct iv_topic *t = &g_array_index(topics, struct iv_topic, i);
        bool is_off = g_strv_contains((const char *const *)off, t->name);
        g_autofree char *action =
            g_strdup_printf("set:topics:%s %s", is_off ? "on" : "off", t->name);
        g_autofree char *name = text_cut(t->name, TOPIC_CELLS);
        g_autofree char *label = g_strconcat(is_off ? "⬜ " : "✅ ", name, NULL);

        if (t->depth > 0 && topics->len > TOPIC_BUTTONS)
            continue;
        button(iv, label, action, shown++ % 2 == 0);
    }
}

/* ---- the page of all ---- */

static void line(struct iv *iv)
{
    reply_newline(iv->r, 1);
}

static void say_schedule(struct iv *iv, const struct schedule *s)
{
    g_autofree char *times = iv_schedule_text(iv, s);
    g_autofree char *dates = iv_quiet_text(iv, s);

    reply_say(iv->r, s->n_entries > 0 ? "settings.daily" : "settings.no-daily", "times=%s", times);
    line(iv);
    if (s->n_quiet > 0) {
        reply_say(iv->r, "settings.quiet", "dates=%s", dates);
        line(iv);
    }
    if (s->paused && s->paused_until > iv->today) {
        g_autofree char *until = iv_day_text(iv, s->paused_until);

        reply_say(iv->r, "settings.paused", "until=%s", until);
        line(iv);
    }
}

static void say_values(struct iv *iv)
{
    g_autofree char *off = g_strdelimit(g_strdup(iv->chat->topics_off), "\n", ',');

    reply_say(iv->r, "settings.zone", "zone=%s", iv->chat->zone);
    line(iv);
    reply_say(iv->r, iv->chat->close_hours > 0 ? "closing.hours" : "closing.standard", "n=%d",
              iv->chat->close_hours);
    line(iv);
    if (off[0] != '\0') {
        reply_say(iv->r, "settings.topics-off", "topics=%s", off);
        line(iv);
    }
    if (iv_private(iv)) {
        reply_say(iv->r, "settings.reminder", "what=%s", iv_on_off(iv, iv->chat->reminder));
    } else {
        reply_say(iv->r, "settings.reveal", "what=%s", iv_reveal_text(iv, iv->chat->reveal));
        line(iv);
        reply_say(iv->r, "settings.weekly", "what=%s", iv_on_off(iv, iv->chat->weekly));
    }
    line(iv);
    reply_say(iv->r, "settings.person", "anonymous=%s share=%s", iv_on_off(iv, iv->user->anonymous),
              iv_on_off(iv, iv->user->share));
}

static void toggle(struct iv *iv, bool on, const char *name, const char *label_on,
                   const char *label_off, bool new_row)
{
    g_autofree char *action = g_strdup_printf("set:%s:%s", name, on ? "off" : "on");

    reply_button(iv->r, on ? label_off : label_on, action, new_row);
}

static void main_buttons(struct iv *iv, const struct schedule *s)
{
    bool paused = s->paused && s->paused_until > iv->today;

    reply_button(iv->r, "button.daily-page", "set:daily", true);
    reply_button(iv->r, paused ? "button.resume" : "button.pause",
                 paused ? "set:pause:off" : "set:pause:7 days", false);
    reply_button(iv->r, "button.zone", "set:timezone", true);
    reply_button(iv->r, "button.topics", "set:topics", false);
    reply_button(iv->r, "button.close", "set:close", true);
    if (iv_private(iv)) {
        toggle(iv, iv->chat->reminder, "reminder", "button.reminder-on", "button.reminder-off",
               false);
        /* In a group the message is everybody's: there one types these for oneself. */
        toggle(iv, iv->user->anonymous, "anonymous", "button.anonymous-on", "button.anonymous-off",
               true);
        toggle(iv, iv->user->share, "share", "button.share-on", "button.share-off", false);
    } else {
        reply_button(iv->r, "button.reveal", "set:reveal", false);
        toggle(iv, iv->chat->weekly, "weekly", "button.weekly-on", "button.weekly-off", true);
    }
    reply_button(iv->r, "button.lang-ko", "set:lang:ko", true);
    reply_button(iv->r, "button.lang-en", "set:lang:en", false);
}

static void page_main(struct iv *iv)
{
    struct schedule s = {0};

    schedule_parse(iv->chat->schedule, &s);
    reply_say(iv->r, "settings.head", "");
    line(iv);
    say_schedule(iv, &s);
    say_values(iv);
    reply_newline(iv->r, 2);
    reply_say(iv->r, "settings.how", "");
    main_buttons(iv, &s);
}

void iv_say_page(struct iv *iv, enum command_id page)
{
    switch (page) {
    case CMD_DAILY:
        page_daily(iv);
        break;
    case CMD_TIMEZONE:
        page_zone(iv);
        break;
    case CMD_CLOSE:
        page_close(iv);
        break;
    case CMD_REVEAL:
        page_reveal(iv);
        break;
    case CMD_TOPICS:
        page_topics(iv);
        break;
    default:
        page_main(iv);
        return;
    }
    back(iv);
}

void iv_cmd_settings(struct iv *iv, const char *arg)
{
    if (arg[0] != '\0') { /* what could be set has been tried: see interview.c */
        g_autofree char *what = iv_echo(arg);

        reply_say(iv->r, "settings.unknown", "what=%s", what);
        line(iv);
    }
    page_main(iv);
}
