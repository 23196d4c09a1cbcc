/* Dying on command, a clock that steps and a log that is kept, in the test build. */
#include "fault.h"

#if IV_FAULTS

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void fault_point(const char *label, const char *where)
{
    static int left = -1; /* counts down over the process's life; tests have one process a fault */
    const char *wanted = g_getenv("INTERVIEWD_FAULT");
    g_auto(GStrv) parts = g_strsplit_set(wanted != NULL ? wanted : "", "@:", 3);
    guint n = g_strv_length(parts);

    if (n < 2 || strcmp(parts[0], label) != 0 ||
        (n == 3 && g_ascii_strcasecmp(parts[1], where) != 0))
        return;
    if (left < 0)
        left = (int)g_ascii_strtoll(parts[n - 1], NULL, 10);
    if (--left == 0)
        raise(SIGKILL);
}

int64_t fault_clock_ms(void)
{
    const char *path = g_getenv("INTERVIEWD_CLOCK");
    g_autofree char *text = NULL;

    if (path == NULL || !g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    return g_ascii_strtoll(text, NULL, 10);
}

bool fault_keeps(void)
{
    return g_getenv("TEST_KEPT") != NULL;
}

void fault_keep(const char *text, size_t len)
{
    const char *path = g_getenv("TEST_KEPT");
    int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

    if (fd < 0)
        return;
    /* A line that is not kept, on a disk that a test has filled, proves nothing either way. */
    if (write(fd, text, len) < 0)
        (void)text;
    close(fd);
}

#else

/* ISO C wants something in every file. */
extern int fault_is_off;
int fault_is_off = 1;

#endif
