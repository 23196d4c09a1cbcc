/*
 * The lexicon's inside: a trie over spelling keys in flat arrays, so that the
 * build can make an image of it (lexicon_image.c) which a start only maps.
 * Private to core.
 */
#ifndef INTERVIEWD_LEXICON_INTERNAL_H
#define INTERVIEWD_LEXICON_INTERNAL_H

#include "grade.h"
#include "grade_korean.h"
#include "grade_text.h"

#include <glib.h>

struct sb_stemmer;

#define LEX_NONE UINT32_MAX

/* ---- the trie ---- */

enum { FORM_SPACED = 1, FORM_LATIN_FIRST = 2, FORM_LATIN_LAST = 4, FORM_SHORT = 8, FORM_VERB = 16 };

#define FORM_MAX 60 /* characters of a form */

struct node {
    uint32_t parent;
    uint32_t cp;
    uint32_t form; /* index + 1 of the first form that ends here */
};

/* English words and their stems, as they were asked for last: technical prose repeats itself. */
#define STEM_MEMO 1024
#define STEM_ROOM 15 /* letters of a word that is remembered */

struct stem_memo {
    char word[STEM_ROOM + 1]; /* closed by NUL; empty: free */
    char stem[STEM_ROOM];
    uint8_t n; /* letters of the stem */
};

struct form {
    uint32_t base;
    uint32_t next;     /* index + 1 of another form with the same key */
    uint32_t exact[2]; /* of a short form: its own characters */
    int8_t sign;
    uint8_t len;
    uint8_t flags;
    uint8_t zero; /* so that an image has no byte by chance */
};

struct lexicon {
    struct node *nodes;
    size_t n_nodes, room_nodes;
    uint32_t *slots; /* open addressing: node index, 0 free */
    size_t n_slots;
    unsigned shift; /* 64 - log2(n_slots) */
    struct form *forms;
    size_t n_forms, room_forms;
    const char *names;  /* concept names, each closed by NUL */
    GString *new_names; /* while building: what NAMES points into */
    bool borrowed;      /* the arrays are an image's */
    uint32_t *concepts; /* offsets into names */
    size_t n_concepts, room_concepts;
    GHashTable *by_name; /* while building: name -> index + 1 */
    GArray *problems;
    struct sb_stemmer *stemmer;
    struct korean *korean;
    struct stem_memo *memo; /* what the stemmer would say again */
    struct gtext text;      /* while building: the form at hand */
    struct path *path;      /* while building: where the last forms went, per root */
};

/* The nodes of the form inserted last: the next one in a row often begins alike. */
struct path {
    uint32_t cp[FORM_MAX], node[FORM_MAX];
    size_t n;
};

enum { ROOT = 0, STEM_ROOT = 1 };

/* A *new* lexicon without tables, neither to be built nor an image. */
lexicon *lexicon_bare(void);

/* Where the search for a child of PARENT begins. */
static inline size_t lexicon_slot(const lexicon *lex, uint32_t parent, uint32_t cp)
{
    uint64_t key = (uint64_t)parent << 24 ^ cp;
    return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> lex->shift);
}

/* The node below PARENT by the spelling key CP, or 0. */
static inline uint32_t lexicon_child(const lexicon *lex, uint32_t parent, uint32_t cp)
{
    for (size_t i = lexicon_slot(lex, parent, cp);; i = (i + 1) & (lex->n_slots - 1)) {
        uint32_t at = lex->slots[i];
        if (at == 0 || (lex->nodes[at].cp == cp && lex->nodes[at].parent == parent))
            return at;
    }
}

/* Characters that a form or a text may have or lack between its words. */
static inline bool lexicon_joiner(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '_' || cp == '/' || cp == '.' || cp == '\'' ||
           cp == 0xB7 || cp == 0x2019 || cp == 0x30FB;
}

/* Characters that are part of a word in a form: letters, digits, and the signs of c++, c#, r&d. */
static inline bool lexicon_wordly(const struct gch *c)
{
    return gch_letter(c) || c->cp == '+' || c->cp == '#' || c->cp == '&' || c->cp == '*' ||
           c->cp == '=';
}

/* ---- matching ---- */

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
