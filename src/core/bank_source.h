/* The bytes of a bank file, made into clean UTF-8 with known lines. */
#ifndef INTERVIEWD_BANK_SOURCE_H
#define INTERVIEWD_BANK_SOURCE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct source {
    GString *text;     /* UTF-8, lines closed by '\n', without BOM and front matter */
    GArray *starts;    /* of size_t: where each line begins */
    int first_bad;     /* line of the first byte that was no UTF-8, 0: none */
    int first_clamped; /* line of the first nesting that was cut, 0: none */
};

/*
 * Cleans the LEN bytes at DATA. False, and an empty source, when they are no
 * UTF-8 text (more than one byte in a hundred is bad: UTF-16, CP949 …).
 */
bool source_init(struct source *s, const char *data, size_t len);
void source_clear(struct source *s);

/* Line LINE (1-based) without its end, *borrowed*; *ret_len gets its length. NULL past the end. */
const char *source_line(const struct source *s, int line, size_t *ret_len);

#endif
