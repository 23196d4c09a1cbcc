/*
 * The log: one line a call, to standard error.
 *
 * Under systemd (standard error is the journal) a line starts with its priority
 * as `<N>`; elsewhere with the time of day in UTC. Whatever the arguments hold,
 * a line stays one line: control characters, bad UTF-8 and direction overrides
 * are shown as escapes. Registered secrets are shown as `[redacted]`, at every
 * level.
 *
 * Only chat and app log, once, where an error stops; base, core and io return
 * errors. This module is the one piece of global mutable state of the program,
 * on purpose: a secret that somebody forgot to pass along would be a leak.
 */
#ifndef INTERVIEWD_LOG_H
#define INTERVIEWD_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above LEVEL are dropped; the level at start is info. */
void log_set_level(enum log_level level);
/* The level called NAME (error, warn, info, debug) in *ret_level; false for another name. */
bool log_level_parse(const char *name, enum log_level *ret_level);
/* Where lines go, standard error at start. FD stays the caller's. Looks again whether it is the
 * journal. */
void log_set_fd(int fd);
/*
 * From now on every occurrence of SECRET, also percent-encoded, is hidden.
 * Shorter than 6 bytes is ignored: it would only garble the log.
 */
void log_secret(const char *secret);
/* TEXT with them hidden, for what goes to a person by another way. *new* */
char *log_redacted(const char *text);
/* Forgets all secrets (for tests, and so that leak checkers have nothing to say at the end). */
void log_forget_secrets(void);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Appends ": " and what errno says. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
