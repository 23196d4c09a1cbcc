/* The terminal's conversation: lines in, plain text out. */
#include "console.h"

#include <editline/readline.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* A message longer than this is cut; the rest of it is read and dropped. */
#define MESSAGE_MOST (1024 * 1024)

struct console {
    struct transport transport; /* first: console_of casts back */
    const char *user;
    FILE *in;
    FILE *out;
    bool tty;
    bool colours;
    GString *pending; /* what the open transaction wants to say */
};

static console *console_of(struct transport *t)
{
    return (console *)(void *)t;
}

static void say(struct transport *t, const reply *r)
{
    console *c = console_of(t);
    g_autofree char *text = render_console(r, c->colours);

    if (c->pending->len > 0)
        g_string_append_c(c->pending, '\n');
    g_string_append(c->pending, text);
}

static void console_send(struct transport *t, const struct send_opts *opts, const reply *r)
{
    (void)opts;
    say(t, r);
}

static void console_popup(struct transport *t, const char *text)
{
    g_string_append_printf(console_of(t)->pending, "%s\n", text);
}

static void console_refresh(struct transport *t, const struct round *round, const reply *r)
{
    (void)t, (void)round, (void)r; /* what has been printed stays as it is */
}

/* Only what is committed is shown. */
static void console_committed(struct transport *t, bool ok)
{
    console *c = console_of(t);

    if (ok && c->pending->len > 0) {
        fputs(c->pending->str, c->out);
        fputc('\n', c->out);
        fflush(c->out);
    }
    g_string_truncate(c->pending, 0);
}

static const struct transport_ops ops = {
    .send = console_send,
    .popup = console_popup,
    .edit = say,
    .refresh = console_refresh,
    .committed = console_committed,
};

console *console_new(const char *user, FILE *in, FILE *out)
{
    console *c = g_new0(console, 1);

    c->transport = (struct transport){&ops, PLATFORM_TERMINAL};
    c->user = user;
    c->in = in;
    c->out = out;
    c->tty = isatty(fileno(in)) != 0 && isatty(fileno(out)) != 0;
    c->colours = c->tty && g_getenv("NO_COLOR") == NULL;
    c->pending = g_string_new(NULL);
    return c;
}

void console_free(console *c)
{
    if (c == NULL)
        return;
    g_string_free(c->pending, TRUE);
    g_free(c);
}

struct transport *console_transport(console *c)
{
    return &c->transport;
}

/* ---- reading ---- */

/* One line without its end, *new*, with *ret_len bytes (NUL may be among them); NULL at the end. */
static char *read_plain(console *c, size_t *ret_len)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, c->in);

    if (n < 0) {
        free(line);
        return NULL;
    }
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
        n--;
    *ret_len = (size_t)n;
    char *out = g_memdup2(line, (gsize)n + 1);
    out[n] = '\0';
    free(line);
    return out;
}

static char *read_edited(const char *prompt, size_t *ret_len)
{
    char *line = readline(prompt);

    if (line == NULL)
        return NULL;
    if (line[0] != '\0')
        add_history(line);
    *ret_len = strlen(line);
    char *out = g_strdup(line);
    free(line);
    return out;
}

static char *read_line(console *c, const char *prompt, size_t *ret_len)
{
    return c->tty ? read_edited(prompt, ret_len) : read_plain(c, ret_len);
}

/* The lines up to one of only `\`, or to the end of input. */
static GString *read_block(console *c)
{
    GString *block = g_string_new(NULL);
    size_t len = 0;
    char *line;

    while ((line = read_line(c, "… ", &len)) != NULL && strcmp(line, "\\") != 0) {
        if (block->len > 0)
            g_string_append_c(block, '\n');
        if (block->len + len <= MESSAGE_MOST)
            g_string_append_len(block, line, (gssize)len);
        g_free(line);
    }
    g_free(line);
    return block;
}

/* The next message, *new*, NULL at the end. */
static GString *read_message(console *c, const char *prompt)
{
    size_t len = 0;
    g_autofree char *line = read_line(c, prompt, &len);

    if (line == NULL)
        return NULL;
    if (strcmp(line, "\\") == 0)
        return read_block(c);
    return g_string_new_len(line, (gssize)MIN(len, MESSAGE_MOST));
}

/* ---- the conversation ---- */

static bool handle(console *c, struct host *host, const GString *message)
{
    /* A NUL would end the string early: the host cleans what is left of it. */
    g_autofree char *text = g_utf8_make_valid(message->str, (gssize)message->len);
    struct inbound in = {
        .platform = PLATFORM_TERMINAL,
        .chat = "terminal",
        .chat_kind = CHAT_PRIVATE,
        .chat_title = "terminal",
        .user = c->user,
        .user_name = c->user,
        .kind = EVENT_TEXT,
        .text = text,
        .admin = ADMIN_YES,
    };

    host->ops->begin(host);
    host->ops->handle(host, &in);
    return host->ops->commit(host);
}

int console_run(console *c, struct host *host, const char *greeting, const char *prompt)
{
    bool sound = true;
    GString *message;

    fputs(greeting, c->out);
    fflush(c->out);
    while (sound && (message = read_message(c, prompt)) != NULL) {
        /* An empty line at a prompt is a slip of the finger, not an answer. */
        if (!c->tty || message->len > 0)
            sound = handle(c, host, message);
        g_string_free(message, TRUE);
    }
    if (c->tty)
        fputc('\n', c->out);
    return sound ? 0 : 1;
}
