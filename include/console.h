/*
 * The terminal as a platform: the cheap twin of Telegram and Slack, on which
 * every conversation can be held and every scenario scripted.
 *
 * On a terminal: a prompt with line editing and history. Otherwise one message
 * a line; a line of only `\` opens a message of several lines, and a second one
 * closes it. Output is plain text.
 */
#ifndef INTERVIEWD_CONSOLE_H
#define INTERVIEWD_CONSOLE_H

#include <stdio.h>

#include "clock.h"
#include "transport.h"

typedef struct console console;

/* A *new* console for the person USER. All arguments are *borrowed*. */
console *console_new(const char *user, FILE *in, FILE *out);
void console_free(console *c); /* accepts NULL */
struct transport *console_transport(console *c);

/*
 * Holds the conversation until the end of input. GREETING is printed first.
 * Gives the program's exit code: 1 when an answer could not be stored.
 */
int console_run(console *c, struct host *host, const char *greeting, const char *prompt);

/* R as plain text with buttons as the commands that do the same, *new*. (render_console.c) */
char *render_console(const reply *r, bool colours);

#endif
