/*
 * The grader's inside: tokens, sheets, and what its files share. Private to
 * core (tests and the ablation tool see struct grade_tuning).
 */
#ifndef INTERVIEWD_GRADE_INTERNAL_H
#define INTERVIEWD_GRADE_INTERNAL_H

#include <glib.h>

#include "grade.h"
#include "grade_korean.h"
#include "grade_text.h"
#include "lexicon_internal.h"

/* ---- tokens ---- */

enum token_kind { TK_CONCEPT, TK_HANGUL, TK_LATIN, TK_NUMBER };

enum {
    TF_STOP = 1,        /* a function word: never a term */
    TF_NESTED = 2,      /* inside the token before it: 컨테이너 in 컨테이너 가상화 */
    TF_LABEL = 4,       /* before a colon or dash at a line's begin */
    TF_NEG_AFTER = 8,   /* denies what stands before it: 않, 없 */
    TF_NEG_BEFORE = 16, /* denies what follows: 안, not */
    TF_VERB = 32,
};

/* How far a denial reaches a token. */
enum { NEG_NONE, NEG_WEAK, NEG_STRONG };

struct gtoken {
    uint64_t key;    /* what it means: a concept, or a stem */
    uint64_t sig;    /* letters and jamo pairs, for a quick look at likeness */
    uint32_t at, to; /* its characters, without particle or ending */
    uint32_t full;   /* one past its particle or ending */
    uint32_t stem;   /* offset of its stem in the pool */
    uint16_t stem_n;
    uint16_t line, sentence, clause;
    int8_t sign; /* of a signed concept */
    uint8_t neg;
    uint8_t kind;
    uint8_t tail; /* enum tail */
    uint8_t flags;
};

struct gtokens {
    struct gtext text;
    struct gtoken *t;
    size_t n, room;
    uint32_t *pool; /* stems */
    size_t n_pool, room_pool;
};

/* Cuts LEN bytes at SRC into tokens. */
void gtokens_init(struct gtokens *k, const lexicon *lex, const char *src, size_t len);
void gtokens_clear(struct gtokens *k);

static inline bool token_content(const struct gtoken *t)
{
    return (t->flags & (TF_STOP | TF_NEG_AFTER | TF_NEG_BEFORE)) == 0;
}

/* Likeness of two stems, 0..1000. */
int stem_likeness(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
uint64_t stem_sig(const uint32_t *s, size_t n);
/* Function words, by their stem. */
bool stop_hangul(const uint32_t *s, size_t n);
bool stop_latin(const struct gch *c, size_t n);

/* ---- statistics ---- */

struct grader {
    const lexicon *lex;
    GHashTable *df; /* key -> in how many questions */
    size_t n;       /* questions */
};

/* A term's rarity, 1000 = the rarest; a small integer table, the same everywhere. */
int grader_idf(const grader *g, uint64_t key);

/* ---- sheets ---- */

struct term {
    uint64_t key;
    uint64_t sig;
    const uint32_t *stem; /* in the sheet's pool */
    uint16_t stem_n;
    uint16_t point;
    int32_t weight;
    int8_t sign;
    uint8_t neg;
    uint8_t kind;
    uint8_t flags;
};

struct point {
    char *text;
    int weight;      /* of 100 */
    int64_t mass;    /* its terms' weights */
    size_t first, n; /* its terms */
};

struct model {
    struct point *points;
    size_t n_points;
    struct term *terms;
    size_t n_terms;
    int64_t mass;
    struct gtokens tokens;
    char *text;
};

struct grade_sheet {
    const grader *g;
    struct grade_question q;
    char *question;
    struct gtokens qtokens;
    struct model *models;
    size_t n_models;
    bool open_ended;
};

/* Splits a model answer into sentences and items: *new* array of *new* strings. */
GPtrArray *points_split(const char *text);
/* Whether the question asks for one's own experience. */
bool question_open_ended(const char *text);
/* Whether the answer says that its writer does not know. */
bool says_dont_know(const struct gtokens *k);
/* Splits TOTAL over N parts by largest remainder; the sum is exact. */
void apportion(const int64_t *part, size_t n, int total, int *ret_share);

#endif
