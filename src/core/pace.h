/*
 * How often somebody does something: for limits on bad neighbours. It is kept
 * in memory only: a limit is about load, and a restart may forgive.
 */
#ifndef INTERVIEWD_CORE_PACE_H
#define INTERVIEWD_CORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pace pace;

pace *pace_new(void);
void pace_free(pace *p); /* accepts NULL */

/*
 * Notes that KEY did it at NOW (seconds). True when LIMIT or more have been
 * noted within the 60 seconds before; LIMIT above 0. Remembers some thousand
 * keys, a kilobyte each: of more, all are forgiven.
 */
bool pace_note(pace *p, int64_t key, int limit, int64_t now);

#endif
