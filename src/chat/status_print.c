/* The daemon's state for a person, and for Prometheus. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "status.h"
#include "text.h"

/* A daemon that has been silent for so long has died: it tells every minute. */
#define SILENT_SECONDS 200

/* ---- for a person ---- */

static void append_time(GString *out, int64_t at)
{
    g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(at);
    g_autofree char *text = t != NULL ? g_date_time_format(t, "%Y-%m-%d %H:%M:%S UTC") : NULL;

    g_string_append(out, text != NULL ? text : "(no time)");
}

static void append_span(GString *out, int64_t seconds)
{
    if (seconds < 0)
        g_string_append(out, "0 s"); /* the clock was set back */
    else if (seconds < 120)
        g_string_append_printf(out, "%lld s", (long long)seconds);
    else if (seconds < 7200)
        g_string_append_printf(out, "%lld min", (long long)seconds / 60);
    else if (seconds < 172800)
        g_string_append_printf(out, "%lld h %lld min", (long long)seconds / 3600,
                               (long long)seconds / 60 % 60);
    else
        g_string_append_printf(out, "%lld d %lld h", (long long)seconds / 86400,
                               (long long)seconds / 3600 % 24);
}

static void append_daemon(GString *out, const struct status *s, int64_t now)
{
    if (s->started == 0) {
        g_string_append(out, "daemon     has never run on this database\n");
        return;
    }
    g_string_append_printf(out, "daemon     interviewd %s, ", s->version);
    if (s->stopped != 0) {
        g_string_append(out, "stopped ");
        append_time(out, s->stopped);
    } else if (now - s->alive > SILENT_SECONDS) {
        g_string_append(out, "no sign of life since ");
        append_time(out, s->alive);
        g_string_append(out, ": it died, or hangs");
    } else {
        g_string_append(out, "up ");
        append_span(out, now - s->started);
        g_string_append(out, " since ");
        append_time(out, s->started);
    }
    g_string_append_c(out, '\n');
}

static void append_transport(GString *out, const struct status_transport *t, int64_t now)
{
    g_string_append_printf(out, "%-10s last success ", status_platform(t->platform));
    if (t->last_ok == 0) {
        g_string_append(out, "never");
    } else {
        append_span(out, now - t->last_ok);
        g_string_append(out, " ago");
    }
    g_string_append_printf(out, ", %lld to send", (long long)t->queued);
    if (t->queued > 0) {
        g_string_append(out, ", the oldest for ");
        append_span(out, now - t->oldest);
    }
    g_string_append_c(out, '\n');
}

static void append_due(GString *out, const struct status_due *due, int64_t now)
{
    g_autofree char *title = text_clean_line(due->title, strlen(due->title));

    g_string_append(out, "next       ");
    append_time(out, due->at);
    g_string_append(out, " (in ");
    append_span(out, due->at - now);
    g_string_append_printf(out, ") %s \"%s\", %s\n", status_platform(due->platform), title,
                           due->zone);
}

char *status_text(const struct status *s, const char *path, int64_t now)
{
    GString *out = g_string_new(NULL);

    append_daemon(out, s, now);
    for (guint i = 0; i < s->transports->len; i++)
        append_transport(out, &g_array_index(s->transports, struct status_transport, i), now);
    for (guint i = 0; i < s->due->len; i++)
        append_due(out, &g_array_index(s->due, struct status_due, i), now);
    g_string_append_printf(out,
                           "bank       %lld questions\n"
                           "people     %lld in %lld chats, %lld answers, %lld open rounds\n"
                           "database   %s, %lld bytes\n",
                           (long long)s->bank, (long long)s->people, (long long)s->chats,
                           (long long)s->answers, (long long)s->open_rounds, path,
                           (long long)s->database_bytes);
    return g_string_free(out, FALSE);
}

/* ---- for Prometheus: its text format, version 0.0.4 ---- */

static void append_metric(GString *out, const char *name, const char *type, const char *help)
{
    g_string_append_printf(out, "# HELP interviewd_%s %s\n# TYPE interviewd_%s %s\n", name, help,
                           name, type);
}

static void append_gauge(GString *out, const char *name, const char *help, int64_t value)
{
    append_metric(out, name, "gauge", help);
    g_string_append_printf(out, "interviewd_%s %lld\n", name, (long long)value);
}

/* A label's value: backslash, quote and line feed are escaped. */
static char *escape_label(const char *value)
{
    GString *out = g_string_new(NULL);

    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            g_string_append(out, "\\n");
            continue;
        }
        if (*value == '\\' || *value == '"')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *value);
    }
    return g_string_free(out, FALSE);
}

static void append_transports(GString *out, const struct status *s, const char *name,
                              const char *help, size_t offset)
{
    append_metric(out, name, "gauge", help);
    for (guint i = 0; i < s->transports->len; i++) {
        const struct status_transport *t =
            &g_array_index(s->transports, struct status_transport, i);
        int64_t value;

        memcpy(&value, (const char *)t + offset, sizeof value);
        g_string_append_printf(out, "interviewd_%s{platform=\"%s\"} %lld\n", name,
                               status_platform(t->platform), (long long)value);
    }
}

char *status_metrics(const struct status *s)
{
    GString *out = g_string_new(NULL);
    g_autofree char *version = escape_label(s->version);

    append_metric(out, "build_info", "gauge", "The version that runs; always 1.");
    g_string_append_printf(out, "interviewd_build_info{version=\"%s\"} 1\n", version);
    append_gauge(out, "start_timestamp_seconds", "When the daemon started.", s->started);
    append_gauge(out, "up_timestamp_seconds", "When this file was written.", s->alive);
    append_transports(out, s, "transport_last_success_timestamp_seconds",
                      "When the platform last did what it was asked; 0: never.",
                      offsetof(struct status_transport, last_ok));
    append_transports(out, s, "outbox_messages", "Messages decided and not yet sent.",
                      offsetof(struct status_transport, queued));
    append_transports(out, s, "outbox_oldest_timestamp_seconds",
                      "When the oldest message of the queue was decided; 0: none.",
                      offsetof(struct status_transport, oldest));
    append_gauge(out, "bank_questions", "Questions in the bank.", s->bank);
    append_gauge(out, "chats", "Chats that are served.", s->chats);
    append_gauge(out, "people", "Accounts that have ever written.", s->people);
    append_gauge(out, "rounds_open", "Daily rounds that are open.", s->open_rounds);
    append_metric(out, "answers_total", "counter", "Answers stored.");
    g_string_append_printf(out, "interviewd_answers_total %lld\n", (long long)s->answers);
    append_gauge(out, "database_bytes", "Size of the database with its WAL.", s->database_bytes);
    return g_string_free(out, FALSE);
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return true;
}

bool status_write_file(const char *path, const char *text, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".new", NULL);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    /* Whatever the umask: the collector is another user. */
    bool ok = fd >= 0 && fchmod(fd, 0644) == 0 && write_all(fd, text);

    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && g_rename(part, path) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
                g_strerror(errno));
    if (fd >= 0)
        g_unlink(part);
    return false;
}
