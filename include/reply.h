/*
 * A message that the bot says, before any platform has formatted it: runs of
 * styled text, and buttons. What a person or a bank wrote goes in as it is and
 * is never parsed, so it can inject nothing: each platform's renderer escapes
 * every run.
 */
#ifndef INTERVIEWD_REPLY_H
#define INTERVIEWD_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "bank.h"
#include "catalog.h"

enum reply_style {
    REPLY_PLAIN = 0,
    REPLY_BOLD = 1 << 0,
    REPLY_ITALIC = 1 << 1,
    REPLY_CODE = 1 << 2,   /* code inside a line */
    REPLY_PRE = 1 << 3,    /* a block of code: begins and ends a line */
    REPLY_QUOTE = 1 << 4,  /* a block quote: begins and ends a line */
    REPLY_HIDDEN = 1 << 5, /* a spoiler: seen only by who taps it */
    REPLY_FOLD = 1 << 6,   /* a quote that opens on a tap; hides nothing */
};

struct reply_run {
    unsigned style;
    char *text; /* LEN bytes, and a NUL */
    size_t len;
    char *lang; /* of REPLY_PRE, "" when unknown; else NULL */
};

struct reply_button {
    char *label;
    char *action; /* what comes back when it is tapped, at most 64 bytes; NULL for a link */
    char *link;   /* a payload of `/start` that opens the private chat; NULL for an action */
    bool new_row;
};

typedef struct reply reply;

/* A *new* empty message in LANG. CAT is *borrowed*. */
reply *reply_new(const catalog *cat, enum lang lang);
void reply_free(reply *r); /* accepts NULL */
enum lang reply_lang(const reply *r);
/* From now on in LANG (the person has just changed it). */
void reply_set_lang(reply *r, enum lang lang);

/*
 * Appends the catalogue's text of KEY. SPEC names the arguments and their
 * types, separated by spaces: "name=%s n=%d"; %s, %d, %zu and %lld are known.
 * ("" for none.)
 */
void reply_say(reply *r, const char *key, const char *spec, ...)
    __attribute__((format(printf, 3, 4)));
/* The same in STYLE besides what the text's own marks say. */
void reply_say_in(reply *r, unsigned style, const char *key, const char *spec, ...)
    __attribute__((format(printf, 4, 5)));
/* Appends TEXT as it is. */
void reply_text(reply *r, unsigned style, const char *text);
/* Appends N line ends, but no more than N stand together, and none at the start. */
void reply_newline(reply *r, int n);
/* Appends a block of code with the language LANG. */
void reply_code(reply *r, const char *lang, const char *text, unsigned style);
/* Appends prose and code as they stand in the bank, in STYLE. */
void reply_parts(reply *r, const struct bank_part *parts, size_t n, unsigned style);
/* Appends all of FROM's runs and buttons. */
void reply_join(reply *r, const reply *from);

/* A button with the catalogue's label LABEL_KEY. */
void reply_button(reply *r, const char *label_key, const char *action, bool new_row);
/* The same with a label of its own (a topic's name). */
void reply_button_text(reply *r, const char *label, const char *action, bool new_row);
/* A button that opens the private chat with `/start PAYLOAD`. */
void reply_button_link(reply *r, const char *label_key, const char *payload, bool new_row);

/* Asks the platform to open the keyboard with this text in the empty field (private chats). */
void reply_placeholder(reply *r, const char *key);
const char *reply_get_placeholder(const reply *r); /* *borrowed*, or NULL */

size_t reply_run_count(const reply *r);
/* *borrowed* until the next text is added */
const struct reply_run *reply_run_at(const reply *r, size_t i);
size_t reply_button_count(const reply *r);
const struct reply_button *reply_button_at(const reply *r, size_t i);
/* All runs without style, *new*. Hidden text is left out when SHOW_HIDDEN is false. */
char *reply_plain(const reply *r, bool show_hidden);

/* One catalogue text with its arguments, unstyled. *new* */
char *catalog_format(const catalog *c, enum lang lang, const char *key, const char *spec, ...)
    __attribute__((format(printf, 4, 5)));

#endif
