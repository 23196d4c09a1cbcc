/*
 * The lexicon's inside: a trie over spelling keys in two flat arrays, so that
 * 15,000 forms cost about one MiB and compile in a few milliseconds. Private
 * to core.
 */
#ifndef INTERVIEWD_LEXICON_INTERNAL_H
#define INTERVIEWD_LEXICON_INTERNAL_H

#include "grade.h"
#include "grade_text.h"

#define LEX_NONE UINT32_MAX

/* What a match means. */
struct lex_match {
    uint32_t base; /* the concept without its sign */
    int sign;      /* +1, -1, or 0 of an unsigned concept */
    size_t end;    /* one past the last character of the text */
    bool phrase;   /* the form is of several words */
};

/* Where a form may be looked for. */
enum {
    LEX_BOUNDARY = 1, /* a word begins here: short Hangul forms are allowed */
    LEX_CRAMMED = 2,  /* the run is typed without spaces: forms of two syllables stand anywhere */
};

/*
 * The longest form that stands at I in the N characters C. What follows a form
 * of one syllable must look like an ending or a particle.
 */
bool lexicon_match(const lexicon *lex, const struct gch *c, size_t n, size_t i, unsigned where,
                   struct lex_match *ret_match);
/* As above, but the longest one that is shorter than the whole of I..LIMIT. */
bool lexicon_match_within(const lexicon *lex, const struct gch *c, size_t n, size_t i,
                          unsigned where, size_t limit, struct lex_match *ret_match);
/* The concept's name, *borrowed*. */
const char *lexicon_concept(const lexicon *lex, uint32_t base);
/* Stems a lower-case Latin word of N characters; writes at most ROOM to RET_STEM, gives the length.
 */
size_t lexicon_stem(const lexicon *lex, const struct gch *c, size_t n, uint32_t *ret_stem,
                    size_t room);

#endif
