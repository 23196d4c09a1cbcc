/* The program's commands: each takes its arguments and gives the exit code. */
#ifndef INTERVIEWD_APP_COMMANDS_H
#define INTERVIEWD_APP_COMMANDS_H

#include <stdio.h>

#include "config.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* The whole program: parses ARGV and runs one command. */
int app_main(int argc, char **argv);

/*
 * A command: ARGC words at ARGV behind its name. CONFIG_PROBLEMS were found
 * while reading the configuration; only `check` runs in spite of them.
 */
struct command_call {
    struct config *config;
    const GPtrArray *config_problems;
    const char *config_path;    /* NULL without -c */
    const GPtrArray *overrides; /* of -o, const char * */
    int argc;
    char **argv;
};

/* The file and the overrides of CALL read once more: a *new* configuration, PROBLEMS as
 * config_read. */
struct config *command_config(const struct command_call *call, GPtrArray *problems);

int cmd_run(const struct command_call *call);
int cmd_chat(const struct command_call *call);
int cmd_check(const struct command_call *call);
int cmd_bank_entry(const struct command_call *call);
int cmd_grade_entry(const struct command_call *call);
int cmd_status(const struct command_call *call);
int cmd_backup(const struct command_call *call);

/*
 * One line to a person: a name of theirs in it, of a file or of what they typed, cannot do anything
 * to their terminal, and no token shows.
 */
void command_say(FILE *to, const char *format, ...) G_GNUC_PRINTF(2, 3);

const char *program_version(void);

#endif
