/*
 * What a test does to the process from outside: it dies at labelled steps of a
 * message's way, its wall clock steps, and its log is kept. Only the test build
 * (-DIV_FAULTS=1) can; in any other all of it is nothing.
 */
#ifndef INTERVIEWD_FAULT_H
#define INTERVIEWD_FAULT_H

#include <stdbool.h>
#include <stddef.h>
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
/* Whether lines of the log are kept, also those that the level hides: TEST_KEPT names a file. */
bool fault_keeps(void);
/* Appends LEN bytes of TEXT to that file; nothing without one. */
void fault_keep(const char *text, size_t len);
#else
#define fault_point(label, where) ((void)(label), (void)(where))
#define fault_clock_ms()          0
#define fault_keeps()             false
#define fault_keep(text, len)     ((void)(text), (void)(len))
#endif

#endif
