/*
 * A text made ready for comparing: NFKC, lower case, without control
 * characters, each character with the bytes of the source that it came from,
 * so that the user's own words can be quoted as typed. Private to core.
 */
#ifndef INTERVIEWD_GRADE_TEXT_H
#define INTERVIEWD_GRADE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum gclass { GC_SPACE, GC_NEWLINE, GC_HANGUL, GC_LATIN, GC_DIGIT, GC_PUNCT };

struct gch {
    uint32_t cp;        /* the normalised character */
    uint32_t off;       /* where its source begins, in bytes */
    uint32_t end;       /* and ends */
    uint32_t cls : 3;   /* enum gclass */
    uint32_t final : 5; /* hangul_t(cp) of a syllable, else 0 */
    uint32_t fold : 24; /* gfold(cp): every later step compares by it */
};

struct gtext {
    struct gch *c; /* n characters and a closing newline that is not counted */
    size_t n;
    size_t room;
    struct arena *arena; /* that C is from, *borrowed*; NULL: C is its own */
};

/* Fills T, which is zeroed or was filled before, from LEN bytes at SRC (any bytes; bad ones become
 * spaces). */
void gtext_fill(struct gtext *t, const char *src, size_t len);
/* The same for a T of any content, which takes its memory from ARENA unless that is NULL. */
void gtext_init(struct gtext *t, struct arena *arena, const char *src, size_t len);
void gtext_clear(struct gtext *t);
/* Makes room for one more of SIZE bytes after the N at P: gives the new place and *ROOM. */
void *grow(struct arena *arena, void *p, size_t n, size_t *room, size_t size);

enum gclass gclass_of(uint32_t cp);

/* Hangul syllables: initial, vowel, final (0: none). */
static inline bool hangul_is(uint32_t cp)
{
    return cp >= 0xAC00 && cp <= 0xD7A3;
}
static inline unsigned hangul_l(uint32_t cp)
{
    return (unsigned)(cp - 0xAC00) / 588;
}
static inline unsigned hangul_v(uint32_t cp)
{
    return (unsigned)(cp - 0xAC00) % 588 / 28;
}
static inline unsigned hangul_t(uint32_t cp)
{
    return (unsigned)(cp - 0xAC00) % 28;
}
static inline uint32_t hangul_make(unsigned l, unsigned v, unsigned t)
{
    return 0xAC00 + (uint32_t)(l * 588 + v * 28 + t);
}

/* Finals by their index. */
enum { T_NONE = 0, T_G = 1, T_N = 4, T_D = 7, T_L = 8, T_M = 16, T_B = 17, T_S = 19, T_SS = 20 };

/*
 * The spelling key of a character: sounds that are commonly confused are one
 * (ㅐ and ㅔ, ㅆ and ㅅ, the finals that sound as ㄷ).
 */
uint32_t gfold(uint32_t cp);
/* The letters of gfold(CP): its jamo, or itself; gives how many were written, at most 3. */
size_t gspell(uint32_t cp, uint16_t *out);

/* Whether the character is a letter or a digit: what is left when spaces and signs are not. */
static inline bool gch_letter(const struct gch *c)
{
    return c->cls >= GC_HANGUL && c->cls <= GC_DIGIT;
}

/* A mixing step for 64-bit keys; the same everywhere. */
static inline uint64_t gmix(uint64_t h, uint64_t v)
{
    h ^= v + UINT64_C(0x9E3779B97F4A7C15) + (h << 6) + (h >> 2);
    h *= UINT64_C(0xFF51AFD7ED558CCD);
    return h ^ (h >> 29);
}

#endif
