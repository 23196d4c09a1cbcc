/* Dying on command and a clock that steps, in the test build. */
#include "fault.h"

#if IV_FAULTS

#include <glib.h>
#include <signal.h>
#include <string.h>

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

#else

/* ISO C wants something in every file. */
extern int fault_is_off;
int fault_is_off = 1;

#endif
