/* Signals through a signalfd. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "loop_internal.h"

struct signals {
    int fd;
    loop_watch *watch;
    void (*fn)(int signo, void *data);
    void *data;
    bool dead;
    loop *loop;
};

static sigset_t handled(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    return set;
}

static bool fail(GError **error, const char *what)
{
    g_set_error(error, LOOP_ERROR, errno, "%s: %s", what, g_strerror(errno));
    return false;
}

bool signals_block(GError **error)
{
    sigset_t set = handled();
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
        return fail(error, "cannot block signals");
    return true;
}

static void on_ready(int ready, void *data)
{
    (void)ready;
    signals *s = data;
    struct signalfd_siginfo info;
    while (!s->dead && read(s->fd, &info, sizeof info) == (ssize_t)sizeof info)
        s->fn((int)info.ssi_signo, s->data);
}

signals *signals_new(loop *l, void (*fn)(int signo, void *data), void *data, GError **error)
{
    sigset_t set = handled();
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        fail(error, "signalfd");
        return NULL;
    }
    signals *s = g_new0(signals, 1);
    *s = (signals){.fd = fd, .fn = fn, .data = data, .loop = l};
    s->watch = loop_watch_new(l, fd, NULL, on_ready, s);
    return s;
}

void signals_free(signals *s)
{
    if (s == NULL || s->dead)
        return;
    s->dead = true;
    loop_watch_free(s->watch);
    close(s->fd);
    loop_defer(s->loop, g_free, s); /* its own callback may be running */
}
