/* The log: formats, hides secrets, escapes, and writes each line with one write(2). */
#include "log.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"

enum {
    MAX_LINE = 8192, /* bytes of text; the rest is cut */
    MIN_SECRET = 6,
};

static struct {
    enum log_level level;
    int fd;
    int journal; /* 1 yes, 0 no, -1 not looked yet */
    GPtrArray *secrets;
} log_state = {LOG_LEVEL_INFO, STDERR_FILENO, -1, NULL};

static const struct {
    const char *name;
    char priority; /* of syslog */
} levels[] = {{"error", '3'}, {"warn", '4'}, {"info", '6'}, {"debug", '7'}};

void log_set_level(enum log_level level)
{
    log_state.level = level;
}

bool log_level_parse(const char *name, enum log_level *ret_level)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (g_str_equal(name, levels[i].name)) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_set_fd(int fd)
{
    log_state.fd = fd;
    log_state.journal = -1;
}

/* ---- secrets ---- */

static void add_secret(const char *text)
{
    if (log_state.secrets == NULL)
        log_state.secrets = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < log_state.secrets->len; i++) {
        if (g_str_equal(log_state.secrets->pdata[i], text))
            return;
    }
    /* Longest first, so that a secret which holds another one is hidden whole. */
    unsigned at = 0;
    while (at < log_state.secrets->len && strlen(log_state.secrets->pdata[at]) >= strlen(text))
        at++;
    g_ptr_array_insert(log_state.secrets, (int)at, g_strdup(text));
}

void log_secret(const char *secret)
{
    if (secret == NULL || strlen(secret) < MIN_SECRET)
        return;
    g_autofree char *encoded = g_uri_escape_string(secret, NULL, FALSE);
    add_secret(secret);
    add_secret(encoded);
}

void log_forget_secrets(void)
{
    g_clear_pointer(&log_state.secrets, g_ptr_array_unref);
}

static void hide_secrets(GString *text)
{
    for (unsigned i = 0; log_state.secrets != NULL && i < log_state.secrets->len; i++)
        g_string_replace(text, log_state.secrets->pdata[i], "[redacted]", 0);
}

char *log_redacted(const char *text)
{
    GString *hidden = g_string_new(text);

    hide_secrets(hidden);
    return g_string_free(hidden, FALSE);
}

/* ---- one line ---- */

/* What would move the cursor, break the line, or reorder what a reader sees. */
static bool is_unsafe(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void append_escaped(GString *line, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(line, "\\x%02x", (unsigned)(uint8_t)*text++);
            continue;
        }
        const char *next = text + g_utf8_skip[(uint8_t)*text];
        if (c == '\n')
            g_string_append(line, "\\n");
        else if (is_unsafe(c))
            g_string_append_printf(line, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
        else
            g_string_append_len(line, text, next - text);
        text = next;
    }
}

/* systemd names the journal's socket as device:inode in $JOURNAL_STREAM. */
static bool is_journal(void)
{
    if (log_state.journal >= 0)
        return log_state.journal == 1;
    struct stat st;
    const char *stream = g_getenv("JOURNAL_STREAM");
    log_state.journal = 0;
    if (stream != NULL && fstat(log_state.fd, &st) == 0) {
        g_autofree char *own =
            g_strdup_printf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
        log_state.journal = g_str_equal(own, stream) ? 1 : 0;
    }
    return log_state.journal == 1;
}

static void append_prefix(GString *line, enum log_level level)
{
    if (is_journal()) {
        g_string_append_printf(line, "<%c>", levels[level].priority);
        return;
    }
    struct timespec now;
    struct tm utc;
    char stamp[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    g_string_append_printf(line, "%s.%03ldZ %s: ", stamp, now.tv_nsec / 1000000,
                           levels[level].name);
}

static void write_line(const GString *line)
{
    const char *at = line->str;
    size_t left = line->len;
    while (left > 0) {
        ssize_t n = write(log_state.fd, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nowhere to complain to */
        at += n;
        left -= (size_t)n;
    }
}

static void log_line(enum log_level level, int number, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void log_line(enum log_level level, int number, const char *format, va_list args)
{
    bool shown = level <= log_state.level;
    if (!shown && !fault_keeps())
        return;
    int saved = errno;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) line = g_string_sized_new(256);
    g_string_append_vprintf(text, format, args);
    if (number != 0)
        g_string_append_printf(text, ": %s", g_strerror(number));
    hide_secrets(text); /* before cutting: half a secret would not be known again */
    append_prefix(line, level);
    append_escaped(line, text->str, MIN(text->len, MAX_LINE));
    if (text->len > MAX_LINE)
        g_string_append(line, "...");
    g_string_append_c(line, '\n');
    fault_keep(line->str, line->len);
    if (shown)
        write_line(line);
    errno = saved;
}

#define LOG_BODY(level, number)                                                                    \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    log_line(level, number, format, args);                                                         \
    va_end(args)

void log_error(const char *format, ...)
{
    LOG_BODY(LOG_LEVEL_ERROR, 0);
}

void log_warn(const char *format, ...)
{
    LOG_BODY(LOG_LEVEL_WARN, errno);
}

void log_warnx(const char *format, ...)
{
    LOG_BODY(LOG_LEVEL_WARN, 0);
}

void log_info(const char *format, ...)
{
    LOG_BODY(LOG_LEVEL_INFO, 0);
}

void log_debug(const char *format, ...)
{
    LOG_BODY(LOG_LEVEL_DEBUG, 0);
}
