/* The bot: configuration, bank, interview and store put together; the host of the adapters. */
#ifndef INTERVIEWD_APP_BOT_H
#define INTERVIEWD_APP_BOT_H

#include "catalog.h"
#include "clock.h"
#include "config.h"
#include "interview.h"
#include "transport.h"

typedef struct bot bot;

/*
 * A *new* bot on C and CLOCK (*borrowed*): opens the database, reads bank and
 * aliases. NULL with an error that says what to do.
 */
bot *bot_new(const struct config *c, const struct clock *clock, GError **error);
void bot_free(bot *b); /* accepts NULL */

struct host *bot_host(bot *b);
store *bot_store(bot *b);
interview *bot_interview(bot *b);
const catalog *bot_catalog(const bot *b);
const config *bot_config(const bot *b);
/* From now on messages for T's platform go to T (*borrowed*). */
void bot_add_transport(bot *b, struct transport *t);
/* FN(DATA) is called after each commit: what is due next may have changed. */
void bot_on_commit(bot *b, void (*fn)(void *data), void *data);
/* When platform P last did what it was asked, in UTC seconds; 0: not since the start. */
int64_t bot_last_ok(const bot *b, enum platform p);
/* When host tick has something to do, in UTC seconds; 0: never. */
int64_t bot_next_tick(bot *b);
/*
 * Reads bank and aliases anew; false, with the old ones still in use, when they
 * cannot be used or a file has an error.
 */
bool bot_reload(bot *b, GError **error);
/* The configuration has been changed (config_take): what was made of it is made anew, without the
 * bank. */
void bot_use_settings(bot *b);
/* The language of the terminal's chat, set to *WANTED unless that is NULL. */
enum lang bot_terminal_lang(bot *b, const enum lang *wanted);

/*
 * Checks TEXT as a bank called NAME and says in LANG what it holds, *new*. With
 * REPLACE it is written over the bank file of that name in the configuration,
 * when it has no errors, and taken into use.
 */
char *bot_import(bot *b, enum lang lang, const char *name, const char *text, size_t len,
                 bool replace);

/* The bank that C names, or the embedded one, *new*, with all its problems; never NULL. */
struct bank *bot_read_bank(const struct config *c);
/* The built-in aliases and those that C and its banks bring, *new*. */
lexicon *bot_read_aliases(const struct config *c);
/* Where the database is, *new*; NULL with an error when no folder is known. */
char *bot_database_path(const struct config *c, GError **error);

#endif
