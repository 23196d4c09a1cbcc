/* The daemon's sign of life: on an interval into the database, and as metrics.textfile. */
#ifndef INTERVIEWD_APP_PULSE_H
#define INTERVIEWD_APP_PULSE_H

#include "bot.h"
#include "loop.h"

struct pulse;

/* Begins, *new*, with a first sign at once. All is *borrowed*. */
struct pulse *pulse_new(const struct config *c, loop *l, bot *b);
/* A sign now, and the next an interval later. Accepts NULL. */
void pulse_now(struct pulse *p);
/* Notes that the daemon ends. Accepts NULL. */
void pulse_free(struct pulse *p);

#endif
