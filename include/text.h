/*
 * What every floor needs to know of text: cleaning what people type, Korean
 * particles, what the eye sees of a string. All strings are UTF-8.
 */
#ifndef INTERVIEWD_TEXT_H
#define INTERVIEWD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A *new* copy of S (LEN bytes of anything) that is safe to store and show:
 * valid UTF-8 (bad bytes become U+FFFD), NFC, CR LF as LF, no control
 * characters but LF and TAB, no bidirectional overrides, no NUL.
 */
char *text_clean(const char *s, size_t len);
/*
 * How many of the first LEN bytes at S are plain: printable ASCII, line ends,
 * tabs, Han, and nearly all whole Hangul (U+4000 to U+9FFF, U+AC00 to U+D77F).
 * They are valid UTF-8, and no cleaning or composing changes them.
 */
size_t text_plain_span(const char *s, size_t len);
/* As g_utf8_validate, which is slower on what is mostly plain: no NUL among LEN bytes either. */
bool text_is_utf8(const char *s, size_t len);
/* Whether text_clean would change anything but the form of accents; S is valid UTF-8. Fast. */
bool text_is_clean(const char *s, size_t len);
/* The same on one line: LF and TAB become a space, runs of spaces one. *new* */
char *text_clean_line(const char *s, size_t len);

/* Columns that S takes in a terminal: Hangul, Han and emoji two, marks none. */
size_t text_width(const char *s);
/* A *new* S cut to at most CELLS columns, with an ellipsis when cut; never inside a character with
 * its marks. */
char *text_cut(const char *s, size_t cells);
/* UTF-16 code units of the first LEN bytes of S: the unit of Telegram's limits. */
size_t text_utf16_units(const char *s, size_t len);

/*
 * Whether the word that ends S ends in a consonant when read in Korean:
 * Hangul by its final, digits by their reading (1 일, 3 삼), Latin letters by
 * their usual reading (L, M, N, R end in one; words in -r do not, words in -ng do). *ret_rieul (may
 * be NULL): the consonant is ㄹ, which takes 로 and not 으로. Closing quotes and brackets are
 * passed over.
 */
bool text_has_final(const char *s, bool *ret_rieul);
/*
 * The particle of PAIR ("은/는", "이/가", "을/를", "과/와", "으로/로", "이에요/예요")
 * that agrees with BEFORE; *borrowed* from PAIR with *ret_len bytes.
 */
const char *text_particle(const char *before, const char *pair, size_t *ret_len);

/*
 * How far A and B are apart as typed: insertions, deletions, substitutions and
 * swaps of letters, with Hangul syllables taken apart into jamo, case ignored.
 */
int text_distance(const char *a, const char *b);

/* S without leading and trailing white space, in place. */
char *text_strip(char *s);

/* N in decimal digits, in BUFFER; *borrowed* from it (not its first byte). */
#define TEXT_INT_SIZE 21
const char *text_int(int64_t n, char buffer[TEXT_INT_SIZE]);

#endif
