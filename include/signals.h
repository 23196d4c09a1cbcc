/* Signals as events of the loop. */
#ifndef INTERVIEWD_SIGNALS_H
#define INTERVIEWD_SIGNALS_H

#include <glib.h>
#include <stdbool.h>

#include "loop.h"

typedef struct signals signals;

/*
 * Blocks TERM, INT, HUP and USR1 and ignores PIPE. First thing in main(): every
 * thread that libcurl starts to resolve names inherits what is blocked then.
 */
bool signals_block(GError **error);
/* Hands each of them to FN(signo, DATA) from the loop. *New*; NULL and an error on failure. */
signals *signals_new(loop *l, void (*fn)(int signo, void *data), void *data, GError **error);
/* They stay blocked. Accepts NULL. */
void signals_free(signals *s);

#endif
