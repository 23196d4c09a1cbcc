/* Signals through the loop, and notifications to a socket that plays systemd. */
#include <glib.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop.h"
#include "notify.h"
#include "signals.h"

static GString *seen;
static signals *s;
static bool free_at_once;

static void on_signal(int signo, void *data)
{
    (void)data;
    g_string_append_printf(seen, "%d ", signo);
    if (free_at_once) {
        signals_free(s);
        signals_free(s);
        s = NULL;
    }
}

static void test_signals(void)
{
    g_assert_true(signals_block(NULL));
    loop *l = loop_new(clock_system(), NULL);
    seen = g_string_new(NULL);
    s = signals_new(l, on_signal, NULL, NULL);
    g_assert_nonnull(s);
    raise(SIGTERM);
    raise(SIGHUP);
    raise(SIGPIPE); /* ignored */
    g_assert_true(loop_turn(l, 0, NULL));
    g_assert_cmpstr(seen->str, ==, "1 15 ");
    free_at_once = true;
    raise(SIGUSR1);
    raise(SIGINT);
    g_assert_true(loop_turn(l, 0, NULL));
    g_assert_cmpstr(seen->str, ==, "1 15 2 ");
    g_assert_true(loop_turn(l, 0, NULL));
    sigset_t set; /* the one that is left must not meet its default action later */
    sigpending(&set);
    g_assert_true(sigismember(&set, SIGUSR1));
    signal(SIGUSR1, SIG_IGN);
    signals_free(NULL);
    loop_free(l);
    g_string_free(seen, TRUE);
}

/* ---- notify ---- */

static int listen_on(const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t len = strlen(name);
    memcpy(at.sun_path, name, len);
    if (name[0] == '@')
        at.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    g_assert_cmpint(
        bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
        ==, 0);
    return fd;
}

#define EXPECT(fd, text)                                                                           \
    do {                                                                                           \
        char got_[256] = "";                                                                       \
        ssize_t n_ = recv(fd, got_, sizeof got_ - 1, 0);                                           \
        g_assert_cmpint(n_, ==, (ssize_t)strlen(text));                                            \
        g_assert_cmpstr(got_, ==, text);                                                           \
    } while (0)

static void test_socket(const char *name)
{
    int fd = listen_on(name);
    g_setenv("NOTIFY_SOCKET", name, TRUE);
    notify *n = notify_new(NULL);
    g_assert_nonnull(n);
    g_assert_true(notify_ready(n, NULL));
    EXPECT(fd, "READY=1");
    g_assert_true(notify_status(n, "3 chats\nREADY=1", NULL));
    EXPECT(fd, "STATUS=3 chats READY=1");
    g_assert_true(notify_reloading(n, 1234, NULL));
    EXPECT(fd, "RELOADING=1\nMONOTONIC_USEC=1234000");
    g_assert_true(notify_alive(n, NULL));
    EXPECT(fd, "WATCHDOG=1");
    g_assert_true(notify_stopping(n, NULL));
    EXPECT(fd, "STOPPING=1");
    close(fd);
    g_autoptr(GError) error = NULL;
    g_assert_false(notify_ready(n, &error)); /* nobody listens: an error, no crash */
    g_assert_nonnull(error);
    notify_free(n);
}

static void test_notify(void)
{
    g_autofree char *dir = g_dir_make_tmp("notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "socket", NULL);
    test_socket(path);
    unlink(path);
    rmdir(dir);
    g_autofree char *name = g_strdup_printf("@interviewd-test-%d", (int)getpid());
    test_socket(name);
}

static void test_no_systemd(void)
{
    g_unsetenv("NOTIFY_SOCKET");
    notify *n = notify_new(NULL);
    g_assert_nonnull(n);
    g_assert_true(notify_ready(n, NULL));
    g_assert_cmpint(notify_watchdog_ms(n), ==, 0);
    notify_free(n);
    notify_free(NULL);
    const char *const bad[] = {"relative", "@", "/", NULL};
    for (int i = 0; bad[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        g_setenv("NOTIFY_SOCKET", bad[i], TRUE);
        g_assert_null(notify_new(&error));
        g_assert_nonnull(error);
    }
    g_autofree char *far = g_strnfill(200, '/');
    g_setenv("NOTIFY_SOCKET", far, TRUE);
    g_assert_null(notify_new(NULL));
    g_unsetenv("NOTIFY_SOCKET");
}

static void expect_watchdog(const char *usec, const char *pid, int64_t expected)
{
    g_setenv("NOTIFY_SOCKET", "@interviewd-test", TRUE);
    g_setenv("WATCHDOG_USEC", usec, TRUE);
    if (pid != NULL)
        g_setenv("WATCHDOG_PID", pid, TRUE);
    else
        g_unsetenv("WATCHDOG_PID");
    notify *n = notify_new(NULL);
    g_assert_cmpint(notify_watchdog_ms(n), ==, expected);
    notify_free(n);
}

static void test_watchdog(void)
{
    g_autofree char *own = g_strdup_printf("%d", (int)getpid());
    expect_watchdog("30000000", NULL, 15000);
    expect_watchdog("30000000", own, 15000);
    expect_watchdog("30000000", "1", 0);
    expect_watchdog("30000000", "x", 0);
    expect_watchdog("nonsense", own, 0);
    expect_watchdog("-5", own, 0);
    expect_watchdog("100", own, 1);
    g_unsetenv("WATCHDOG_USEC");
    g_unsetenv("WATCHDOG_PID");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/system/signals", test_signals);
    g_test_add_func("/system/notify", test_notify);
    g_test_add_func("/system/no-systemd", test_no_systemd);
    g_test_add_func("/system/watchdog", test_watchdog);
    return g_test_run();
}
