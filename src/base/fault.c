/* Dying on command, in the test build. */
#include "fault.h"

#if IV_FAULTS

#include <glib.h>
#include <signal.h>
#include <string.h>

void fault_point(const char *label)
{
    static int left = -1; /* counts down over the process's life; tests have one process a fault */
    const char *wanted = g_getenv("INTERVIEWD_FAULT");
    const char *colon = wanted != NULL ? strrchr(wanted, ':') : NULL;

    if (colon == NULL || strlen(label) != (size_t)(colon - wanted) ||
        strncmp(wanted, label, strlen(label)) != 0)
        return;
    if (left < 0)
        left = (int)g_ascii_strtoll(colon + 1, NULL, 10);
    if (--left == 0)
        raise(SIGKILL);
}

#else

/* ISO C wants something in every file. */
extern int fault_is_off;
int fault_is_off = 1;

#endif
