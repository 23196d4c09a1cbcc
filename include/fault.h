/*
 * What a test does to the process from outside: it dies at labelled steps of a
 * message's way, and its wall clock steps. Only the test build (-DIV_FAULTS=1)
 * can; in any other all of it is nothing.
 */
#ifndef INTERVIEWD_FAULT_H
#define INTERVIEWD_FAULT_H

#include <stdint.h>

#ifndef IV_FAULTS
#define IV_FAULTS 0
#endif

#if IV_FAULTS
/*
 * With INTERVIEWD_FAULT=LABEL:N in the environment the N-th time that this is
 * reached the process ends as by SIGKILL: nothing is flushed, closed or told.
 * LABEL@WHERE:N counts only what happens at WHERE, a platform's name.
 */
void fault_point(const char *label, const char *where);
/* How far the wall clock is off, in ms: the number in the file INTERVIEWD_CLOCK, 0 without one. */
int64_t fault_clock_ms(void);
#else
#define fault_point(label, where) ((void)(label), (void)(where))
#define fault_clock_ms()          0
#endif

#endif
