/*
 * What people type to the bot: the table of commands with their words in both
 * languages, and the parser. To add a command, add a row here and a handler in
 * interview.c's table.
 */
#ifndef INTERVIEWD_COMMAND_H
#define INTERVIEWD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum command_id {
    CMD_NONE, /* not a command: an answer */
    CMD_START,
    CMD_QUESTION,
    CMD_TOPIC,
    CMD_TOPICS,
    CMD_PRACTICE,
    CMD_STOP,
    CMD_HINT,
    CMD_SKIP,
    CMD_AGAIN,
    CMD_TODAY,
    CMD_SCORE,
    CMD_WHY,
    CMD_LEADERBOARD,
    CMD_LANG,
    CMD_SETTINGS,
    CMD_DAILY,
    CMD_HOLIDAY,
    CMD_PAUSE,
    CMD_TIMEZONE,
    CMD_REVEAL,
    CMD_CLOSE,
    CMD_WEEKLY,
    CMD_REMINDER,
    CMD_SHARE,
    CMD_ANONYMOUS,
    CMD_EXPORT,
    CMD_LINK,
    CMD_FORGETME,
    CMD_HELP,
    CMD_UNKNOWN, /* a command that nobody knows */
    CMD_COUNT,
};

struct command_row {
    enum command_id id;
    const char *name;  /* the English word, as Telegram's command: [a-z0-9_] */
    const char *words; /* all other words, separated by spaces, Korean among them */
    bool admin;        /* in a group, setting something with it is for administrators */
    bool in_help;      /* /help names it: its line is the catalogue's "help.NAME" */
};

/* The table, closed by a row without a name. */
extern const struct command_row command_table[];

struct command {
    enum command_id id;
    char *word;          /* as typed, without the slash */
    char *arg;           /* the rest, stripped; "" when there is none */
    const char *nearest; /* of CMD_UNKNOWN: the name of the command that it resembles, or NULL */
};

/*
 * Reads TEXT. With BARE, a first word without a slash is a command as well.
 * An "@name" after the word is dropped (whose it is was the adapter's affair).
 */
void command_parse(const char *text, bool bare, struct command *ret);
void command_clear(struct command *c);

/* The row of ID, *borrowed*. */
const struct command_row *command_row(enum command_id id);
/* The first Korean word of a row, *new*: what help shows in Korean. */
char *command_korean(const struct command_row *row);

#endif
