/* `interviewd bank export|list|show` and the printing of a bank's problems. */
#ifndef INTERVIEWD_CMD_BANK_H
#define INTERVIEWD_CMD_BANK_H

#include "bank.h"

#include <stddef.h>
#include <stdio.h>

/*
 * Reads the N_PATHS files and folders of PATHS into a *new* bank. Without a
 * path it is the embedded seed.
 */
bank *cmd_bank_load(const char *const *paths, size_t n_paths);

/* The first error of ALL as "file:line: message", *new*; NULL without one. */
char *cmd_bank_first_error(const bank *all);

/* Prints every problem of ALL as "file:line: message". Returns how many of them are errors. */
size_t cmd_bank_problems(const bank *all, FILE *to);

/*
 * Runs `bank ARGV...` (export [PATH...], list [PATH...], show ID [PATH...])
 * with the configured PATHS where no path is named. Returns the exit status:
 * 0, 1 when something is wrong with the bank, 2 when the words make no command.
 */
int cmd_bank(int argc, char **argv, const char *const *paths, size_t n_paths, FILE *out, FILE *err);

#endif
