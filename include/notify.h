/*
 * systemd's notification protocol (sd_notify(3)), by hand: a datagram to
 * $NOTIFY_SOCKET. Without systemd everything here does nothing and succeeds.
 */
#ifndef INTERVIEWD_NOTIFY_H
#define INTERVIEWD_NOTIFY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct notify notify;

/*
 * Reads $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID and opens the socket.
 * *New*, also without systemd. NULL and an error when $NOTIFY_SOCKET is there but
 * unusable.
 */
notify *notify_new(GError **error);
void notify_free(notify *n); /* accepts NULL */

/* Sends assignments as they are: "READY=1", "STATUS=...", several closed by line feeds. Never
 * blocks. */
bool notify_send(notify *n, const char *assignments, GError **error);
bool notify_ready(notify *n, GError **error);    /* started up, or done reloading */
bool notify_stopping(notify *n, GError **error); /* about to end */
/* Reloading its configuration, since MONO_MS of the monotonic clock; notify_ready() when done. */
bool notify_reloading(notify *n, int64_t mono_ms, GError **error);
bool notify_status(notify *n, const char *text,
                   GError **error);           /* one line for `systemctl status` */
bool notify_alive(notify *n, GError **error); /* for the watchdog */

/* How often notify_alive() is due: half of what systemd allows, in ms; 0 when no watchdog is set.
 */
int64_t notify_watchdog_ms(const notify *n);

#endif
