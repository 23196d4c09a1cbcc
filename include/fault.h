/*
 * Labelled steps of a message's way, at which a test kills the process. Only
 * the test build (-DIV_FAULTS=1) has them; in any other they are nothing.
 */
#ifndef INTERVIEWD_FAULT_H
#define INTERVIEWD_FAULT_H

#ifndef IV_FAULTS
#define IV_FAULTS 0
#endif

#if IV_FAULTS
/*
 * With INTERVIEWD_FAULT=LABEL:N in the environment the N-th time that this is
 * reached the process ends as by SIGKILL: nothing is flushed, closed or told.
 */
void fault_point(const char *label);
#else
#define fault_point(label) ((void)(label))
#endif

#endif
