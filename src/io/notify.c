/* Notifications to systemd. */
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop_internal.h"

struct notify {
    int fd; /* -1 without systemd */
    struct sockaddr_un to;
    socklen_t to_len;
    int64_t watchdog_ms;
};

static bool fail(GError **error, int number, const char *what)
{
    g_set_error(error, LOOP_ERROR, number, "%s: %s", what, g_strerror(number));
    return false;
}

/* A path, or a name in the abstract namespace written with '@'. */
static bool set_address(notify *n, const char *name)
{
    size_t len = strlen(name);
    if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof n->to.sun_path)
        return false;
    n->to.sun_family = AF_UNIX;
    memcpy(n->to.sun_path, name, len);
    if (name[0] == '@')
        n->to.sun_path[0] = '\0'; /* and no NUL at the end: the length counts */
    n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return true;
}

/* A positive decimal number; 0 for anything else. */
static int64_t read_number(const char *name)
{
    uint64_t value = 0;
    const char *text = g_getenv(name);
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1, INT64_MAX, &value, NULL))
        return 0;
    return (int64_t)value;
}

static int64_t read_watchdog(void)
{
    int64_t usec = read_number("WATCHDOG_USEC");
    if (g_getenv("WATCHDOG_PID") != NULL && read_number("WATCHDOG_PID") != getpid())
        return 0; /* meant for another process */
    return usec > 0 ? MAX(usec / 2000, 1) : 0;
}

notify *notify_new(GError **error)
{
    notify *n = g_new0(notify, 1);
    const char *name = g_getenv("NOTIFY_SOCKET");
    n->fd = -1;
    if (name == NULL || name[0] == '\0')
        return n;
    if (!set_address(n, name)) {
        fail(error, EINVAL, "NOTIFY_SOCKET");
    } else if ((n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0) {
        fail(error, errno, "NOTIFY_SOCKET");
    } else {
        n->watchdog_ms = read_watchdog();
        return n;
    }
    notify_free(n);
    return NULL;
}

void notify_free(notify *n)
{
    if (n == NULL)
        return;
    if (n->fd >= 0)
        close(n->fd);
    g_free(n);
}

bool notify_send(notify *n, const char *assignments, GError **error)
{
    if (n->fd < 0)
        return true;
    ssize_t sent = sendto(n->fd, assignments, strlen(assignments), MSG_NOSIGNAL | MSG_DONTWAIT,
                          (const struct sockaddr *)&n->to, n->to_len);
    return sent >= 0 || fail(error, errno, "NOTIFY_SOCKET");
}

bool notify_ready(notify *n, GError **error)
{
    return notify_send(n, "READY=1", error);
}

bool notify_stopping(notify *n, GError **error)
{
    return notify_send(n, "STOPPING=1", error);
}

bool notify_reloading(notify *n, int64_t mono_ms, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT "000", mono_ms);
    return notify_send(n, text, error);
}

bool notify_status(notify *n, const char *text, GError **error)
{
    g_autofree char *line = g_strconcat("STATUS=", text, NULL);
    g_strdelimit(line, "\n\r", ' '); /* a second line would be another assignment */
    return notify_send(n, line, error);
}

bool notify_alive(notify *n, GError **error)
{
    return notify_send(n, "WATCHDOG=1", error);
}

int64_t notify_watchdog_ms(const notify *n)
{
    return n->watchdog_ms;
}
