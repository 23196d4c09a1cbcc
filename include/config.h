/*
 * The configuration: an INI file and `-o section.key=value`, against one table
 * of options. The sample file and the manual's list are printed from the same
 * table (`interviewd config-sample`, `config-manual`).
 */
#ifndef INTERVIEWD_CONFIG_H
#define INTERVIEWD_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum option {
    OPT_LANGUAGE,
    OPT_TIMEZONE,
    OPT_BANK,
    OPT_ALIASES,
    OPT_DATABASE,
    OPT_DAILY,
    OPT_RANKED_ASKS,
    OPT_KEEP_ANSWERS,
    OPT_CHATS,
    OPT_ADMINS,
    OPT_TELEGRAM_TOKEN_FILE,
    OPT_TELEGRAM_API_URL,
    OPT_TELEGRAM_IMPORT,
    OPT_TELEGRAM_CONNECTIONS,
    OPT_TELEGRAM_UNLIMITED,
    OPT_SLACK_BOT_TOKEN_FILE,
    OPT_SLACK_APP_TOKEN_FILE,
    OPT_SLACK_API_URL,
    OPT_ANSWERS_PER_MINUTE,
    OPT_METRICS_FILE,
    OPT_METRICS_SECONDS,
    OPT_LOG_LEVEL,
    OPT_COUNT,
};

enum option_type {
    OPTION_TEXT,
    OPTION_LIST, /* separated by semicolons */
    OPTION_IDS,  /* by semicolons, commas or spaces */
    OPTION_NUMBER,
    OPTION_SWITCH,
    OPTION_CHOICE,
    OPTION_URL,
    OPTION_ZONE,
    OPTION_SCHEDULE
};

struct option_row {
    const char *name; /* "section.key" */
    enum option_type type;
    const char *standard; /* the default, as it would be written */
    const char *range;    /* of a number "low..high", of a choice "a|b" */
    const char *help;     /* one or two sentences */
};

/* The table, by enum option. */
extern const struct option_row option_table[OPT_COUNT];

typedef struct config config;

/* A *new* configuration with all defaults. */
config *config_new(void);
void config_free(config *c); /* accepts NULL */
/*
 * Reads the file PATH. Every problem is added to PROBLEMS as "path:line:
 * message" (*new* strings); sound lines count all the same.
 */
void config_read(config *c, const char *path, GPtrArray *problems);
/* Reads TEXT, as if it were the file NAME. */
void config_read_text(config *c, const char *name, const char *text, GPtrArray *problems);
/* Applies "section.key=value". */
void config_override(config *c, const char *assignment, GPtrArray *problems);

/* Whether it is read at the start only. */
bool config_is_fixed(enum option o);
/*
 * Takes over from FRESH (*taken*) everything but what is fixed. *New*: the
 * fixed options that FRESH has otherwise, for a person; NULL when there are
 * none. Texts borrowed from C before are gone.
 */
char *config_take(config *c, config *fresh);

const char *config_text(const config *c, enum option o); /* *borrowed* */
int64_t config_number(const config *c, enum option o);
bool config_switch(const config *c, enum option o);
char **config_list(const config *c, enum option o); /* *new*, closed by NULL */

/* The sample file, and the options as man page source. */
void config_print_sample(FILE *out);
void config_print_manual(FILE *out);

/*
 * A secret: the environment variable ENV, else the file that option FILE_OPTION
 * names, else CREDENTIAL in $CREDENTIALS_DIRECTORY. *new*, stripped; NULL when
 * there is none. *ret_source (*new*, may be NULL) names where it came from. An
 * error when a named file cannot be read or is empty.
 */
char *config_secret(const config *c, const char *env, enum option file_option,
                    const char *credential, char **ret_source, GError **error);

#endif
