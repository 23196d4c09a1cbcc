/*
 * The catalogue: every text that a person reads, in Korean and in English.
 *
 * A file is lines of `key = text`; `#` begins a comment line; `\n` is a new
 * line. In a text `*bold*`, `` `code` `` and `_italic_` mark style; `{name}` is
 * replaced; `{은/는}` becomes the particle that agrees with what stands before
 * it; `{n?one|many}` is `one` when the argument n is 1. `\*` is a plain star.
 */
#ifndef INTERVIEWD_CATALOG_H
#define INTERVIEWD_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

enum lang { LANG_KO, LANG_EN, LANG_COUNT };

typedef struct catalog catalog;

/* A *new* catalogue with the embedded texts of both languages. */
catalog *catalog_new(void);
void catalog_free(catalog *c); /* accepts NULL */
/* The text of KEY, *borrowed*; KEY itself when there is none (a test sees to it that there is). */
const char *catalog_text(const catalog *c, enum lang lang, const char *key);
bool catalog_has(const catalog *c, enum lang lang, const char *key);
/* Calls EACH for every key of LANG, in no order. */
void catalog_each(const catalog *c, enum lang lang,
                  void (*each)(const char *key, const char *text, void *ctx), void *ctx);

/* "ko" or "en"; and back, false when it is neither (names in both languages are taken too: 한국어,
 * English). */
const char *lang_code(enum lang lang);
bool lang_parse(const char *s, enum lang *ret_lang);

#endif
