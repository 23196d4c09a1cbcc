/*
 * Korean word shapes: particles, endings, and the stems below them. Rules and
 * short tables instead of a dictionary: hunspell-ko takes 0.8 s and 56 MB to
 * load and breaks loanwords. Private to core.
 */
#ifndef INTERVIEWD_GRADE_KOREAN_H
#define INTERVIEWD_GRADE_KOREAN_H

#include <uchar.h>

#include "grade_text.h"

/* The tables, by their words' letters; the lexicon owns them. */
struct korean;

#define KOREAN_WORD_MAX 16 /* letters of the longest word in them */

/* What a word of the tables is. */
enum {
    WORD_PARTICLE = 1,
    WORD_ENDING = 2,
    WORD_PROTECTED = 4, /* a noun that merely looks as if it ended in one of them */
    WORD_STOP = 8,
    WORD_FAINT = 16,
    WORD_ENGLISH = 32, /* carries grammar only */
    WORD_NEGATES = 64,
};

/* *New* tables of particles, endings and protected words. */
struct korean *korean_new(void);
void korean_free(struct korean *k); /* accepts NULL */
/* Adds N words, *borrowed*, to those of KIND. */
void korean_add(struct korean *k, unsigned kind, const char32_t *const *words, size_t n);
/* Adds the function words of both languages and the words of prose that say little. */
void stop_words_add(struct korean *k);
/* WORD_ENGLISH and WORD_NEGATES of the N characters at C, with either apostrophe. */
unsigned latin_kinds(const struct korean *k, const struct gch *c, size_t n);
/* WORD_... of the N letters at S. */
unsigned korean_kinds(const struct korean *k, const uint32_t *s, size_t n);

/* What the end of a word says about its place in the sentence. */
enum tail {
    TAIL_NONE,
    TAIL_TOPIC,   /* 은/는 */
    TAIL_SUBJECT, /* 이/가 */
    TAIL_OBJECT,  /* 을/를 */
    TAIL_OTHER,   /* any other particle */
    TAIL_AND,     /* a connective ending: the clause ends, the sentence goes on */
    TAIL_IF,      /* -면 */
    TAIL_ADNOM,   /* -는, -은, -ㄴ, -ㄹ, -던 before a noun */
    TAIL_FINAL,   /* the sentence ends */
    TAIL_NOMINAL  /* -음, -기 */
};

#define KOREAN_STEM_MAX 24

struct korean_word {
    uint32_t stem[KOREAN_STEM_MAX];
    size_t n;
    enum tail tail;
    bool verb; /* an ending and not a particle was cut */
};

/* Cuts the particle or ending off the N syllables at C. */
void korean_stem(const struct korean *k, const struct gch *c, size_t n,
                 struct korean_word *ret_word);

/*
 * Whether the N syllables at C can follow a known word as its ending or
 * particle; none at all can. FUSED: the word's last syllable carries the
 * ending's first sound. *RET_TAIL may be NULL.
 */
bool korean_is_tail(const struct korean *k, const struct gch *c, size_t n, bool fused);
/* The tail that the N syllables at C are after a word whose last syllable is BEFORE, as far as
 * known. */
enum tail korean_tail_of(const struct korean *k, const struct gch *c, size_t n, uint32_t before);
/* The length of the longest particle at C that agrees with BEFORE, 0: none. */
size_t korean_particle_at(const struct korean *k, const struct gch *c, size_t n, uint32_t before);

/*
 * The shapes that the stem's end CP[N-1] takes before an ending (쓰: 써, 빠르:
 * 빨라). WHICH counts from 0; writes a whole form to OUT (room for N + 1) and
 * gives its length, 0 when there are no more. VERB: it is known to be one.
 */
size_t korean_shape(const uint32_t *cp, size_t n, bool verb, size_t which, uint32_t *out);

/* Whether the tables are sorted and have no row twice: for the unit test. */
bool korean_tables_sorted(void);

#endif
