/* What the process asks of the kernel for itself. */
#ifndef INTERVIEWD_PROCESS_H
#define INTERVIEWD_PROCESS_H

/*
 * From now on this process leaves no core dump and other processes of its user
 * cannot read its memory: both would hold tokens and answers. What the kernel
 * refuses is left as it is (a sandbox may have done the same already).
 */
void process_keep_secret(void);

#endif
