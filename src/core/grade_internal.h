/*
 * The grader's inside: tokens, sheets, and what its files share. Private to
 * core (tests and the ablation tool see struct grade_tuning).
 */
#ifndef INTERVIEWD_GRADE_INTERNAL_H
#define INTERVIEWD_GRADE_INTERNAL_H

#include <glib.h>

#include "arena.h"
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
    TF_FAINT = 64, /* so common in technical prose that it says little */
};

/* How far a denial reaches a token. */
enum { NEG_NONE, NEG_WEAK, NEG_STRONG };

struct gtoken {
    uint64_t key;    /* what it means: a concept, or a stem */
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

/* Cuts LEN bytes at SRC into tokens, in memory of ARENA unless that is NULL. */
void gtokens_init(struct gtokens *k, const lexicon *lex, struct arena *arena, const char *src,
                  size_t len);
void gtokens_clear(struct gtokens *k);

/*
 * What denies at the N syllables of C: TF_NEG_AFTER, TF_NEG_BEFORE, TF_STOP for
 * a negation in form only, or 0. *RET_LEN gets how many syllables it takes.
 */
unsigned negator_at(const struct korean *k, const struct gch *c, size_t n, bool after_noun,
                    size_t *ret_len);
/* Marks the tokens that a negation reaches. */
void mark_polarity(struct gtokens *k);

static inline bool token_content(const struct gtoken *t)
{
    return (t->flags & (TF_STOP | TF_NEG_AFTER | TF_NEG_BEFORE)) == 0;
}

/* Likeness of two stems, 0..1000. */
int stem_likeness(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
uint64_t stem_sig(const uint32_t *s, size_t n);

/* ---- constants, tuned on development answers (docs/grading.md) ---- */

struct grade_tuning {
    /* weight of a term, in thousandths of its rarity */
    int in_question; /* the question has it */
    int parts;       /* what a phrase earns when all its parts are said, but not it */
    int again;       /* said before in the same model answer */
    int light;       /* a stem outside the lexicon */
    int label;       /* a word that names a point rather than explains it */
    int faint;       /* 사용, 방법, 경우 and the like */
    /* units of a model answer: facts of a clause or two */
    int unit_least;  /* content terms that make a unit */
    int unit_full;   /* thousandths of a unit's mass that say all of it */
    int unit_floor;  /* below it nothing is said */
    int units_asked; /* heaviest units that a full answer covers at most */
    int one_word;    /* most that one word of a unit can say */
    int two_words;
    int reach;        /* tokens that a statement spans */
    int strewn;       /* what words outside of it are worth */
    int recall_share; /* thousandths of the raw score that plain recall gives */
    int recall_full;  /* thousandths of the model's mass that are full recall */
    int stray;        /* thousandths that an answer about something else loses at most */
    int precise;      /* share of the answer that the model has, from which on it is to the point */
    int precise_below; /* raw score from which on it does not matter */
    int asked_share;   /* thousandths of all units' weight that it covers */
    int unit_power;    /* 0: all units weigh alike, 100: by their mass */
    int clash;         /* thousandths lost again for each denied term */
    int weak;          /* what a term earns when only a weak denial differs */
    int outright;      /* weight from which a denied word clashes wherever it stands */
    int turned; /* thousandths of a unit's found words in the other polarity: all of it clashes */
    int turned_least; /* and at least this share of the unit's mass */
    int clash_cost;   /* thousandths of the score that denials cost beyond what is not earned */
    int fuzzy_least;  /* likeness below it is none */
    /* swapped sides */
    int swap_share; /* crossed of crossed + straight, from which on sides count as swapped */
    int swap_cost;  /* thousandths of the crossing share that a swap costs beyond what is not earned
                     */
    int crossed;    /* what a word earns that is said of another side */
    int reverse_cost; /* thousandths of the score that cause for effect costs */
    int ramble_ratio; /* thousandths: an answer so many times as long as the model may ramble */
    int ramble_below; /* and does when fewer of its words are to the point */
    int number_cost;  /* thousandths of a wrong number's share that it costs */
    /* characters */
    int gram_share;   /* thousandths of the raw score that n-grams give */
    int latin_grams;  /* the same, of a model without Hangul: aliases know less of its field */
    int latin_recall; /* and of plain recall */
    int gram_base;    /* likeness of any two English texts */
    int gram_full;
    /* curve from raw (0..1000) to the score */
    int curve[5]; /* raw at 0, 25, 50, 75, 100 points */
    /* lists of terms */
    int list_grammar; /* thousandths of tokens with grammar, below which it is a list */
    int list_keep;    /* thousandths of the score that a list keeps */
    int list_most;
    int other_share; /* thousandths of an answer's prints from which on it is another question's */
    int other_keep;  /* most that such an answer earns */
    unsigned off;    /* rules left out, for the ablation table: bits of enum grade_rule */
};

enum grade_rule {
    RULE_ALIASES = 1 << 0,
    RULE_STEMS = 1 << 1,
    RULE_FUZZY = 1 << 2,
    RULE_POLARITY = 1 << 3,
    RULE_SWAP = 1 << 4,
    RULE_LIST = 1 << 5,
    RULE_GRAMS = 1 << 6,
    RULE_QUESTION = 1 << 7,
    RULE_UNITS = 1 << 8,
    RULE_IDF = 1 << 9,
    RULE_NUMBERS = 1 << 10,
    RULE_OTHER = 1 << 11,
    RULE_CRAMMED = 1 << 12,
    RULE_STRAY = 1 << 13,
    RULE_REVERSED = 1 << 14,
};

extern const struct grade_tuning grade_tuning_default;

/* ---- fingerprints of model answers ---- */

struct prints {
    uint32_t *v; /* sorted */
    size_t n;
    uint64_t *seen; /* bits of the runs that the prints were taken of, or NULL */
    unsigned shift; /* 64 - log2 of how many bits */
};

/* Prints at work; WITH_SUMS: for a bank, which prints_of_others() asks. */
struct prints_draft {
    GArray *prints, *sums;
};

void prints_begin(struct prints_draft *d, bool with_sums);
void prints_add(struct prints_draft *d, const struct gtext *t);
/* Gives what D holds to RET. */
void prints_end(struct prints_draft *d, struct prints *ret);
void prints_clear(struct prints *p);
bool prints_have(const struct prints *p, uint32_t print);
/* Whether the bank has LEAST thousandths of T's prints, and the question's own models have not. */
bool prints_of_others(const struct prints *all, const struct prints *own, struct arena *arena,
                      const struct gtext *t, int least);

/* ---- statistics ---- */

struct grader {
    const lexicon *lex;
    struct grade_tuning tune;
    GHashTable *idf;      /* key -> rarity */
    int idf_unknown;      /* of a word that the bank has not */
    size_t n;             /* questions */
    struct prints prints; /* of all model answers */
};

/* As grader_new, with other constants. */
grader *grader_new_tuned(const lexicon *lex, const struct grade_question *questions, size_t n,
                         const struct grade_tuning *tune);
/* A term's rarity, 1000 = the rarest; a small integer table, the same everywhere. */
int grader_idf(const grader *g, uint64_t key);

/* ---- heads: the things that a text compares ---- */

#define HEADS_MAX 16
#define HEAD_NONE 255

struct head_key {
    uint64_t key;
    const uint32_t *stem; /* *borrowed* from the question's or the model's tokens */
    uint16_t stem_n;
    int8_t sign;
    bool condition; /* counts only before 면 or 경우 */
    uint8_t head;
};

struct heads {
    struct head_key k[HEADS_MAX * 2];
    size_t n;
    size_t n_heads;
    uint8_t group[HEADS_MAX]; /* only sides of one group can be swapped with each other */
};

enum { GROUP_QUESTION, GROUP_MERITS, GROUP_MODEL };

/* Finds what M's sentences are about, and what the question names side by side. */
void heads_find(struct heads *h, const struct gtokens *question, const struct gtokens *model);
/* Writes for each token the head that it is said of, or HEAD_NONE. */
void heads_assign(const struct heads *h, const struct gtokens *k, uint8_t *ret_head);

enum { LABEL_NONE, LABEL_INLINE, LABEL_LINE };

/*
 * Marks the words that name a point: before a colon or dash where more follows
 * on the line (LABEL_INLINE), or alone on it (LABEL_LINE).
 */
void labels_mark(const struct gtokens *k, uint8_t *ret_label);

/* ---- cause and effect ---- */

enum { ROLE_NONE, ROLE_CAUSE, ROLE_EFFECT };

/* Writes for each token whether its sentence gives it as a cause or as an effect. */
void roles_assign(const struct gtokens *k, uint8_t *ret_role);

/* ---- sheets ---- */

struct term {
    uint64_t key;
    uint32_t stem; /* offset in the model's pool */
    uint16_t stem_n;
    uint16_t unit;
    int32_t weight; /* 0 of a part: what it is worth is its whole's */
    int32_t rarity; /* before repetition and the question were taken off */
    uint32_t whole; /* of a part (컨테이너 in 컨테이너 가상화): index + 1 of the whole */
    uint32_t heads; /* bits of the heads that it is said of; bit 31: of none */
    uint32_t next;  /* another term with this key + 1, or 0 */
    uint32_t twin;  /* another term with this stem + 1, or 0 */
    uint8_t only;   /* the one head that it is said of wherever it stands, or HEAD_NONE */
    bool names;     /* it names a head */
    int8_t sign;
    uint8_t neg;
    uint8_t kind;
    uint8_t flags;
    uint8_t role; /* ROLE_... */
    bool asked;   /* the question has it */
};

/* Distinct keys, by open addressing. */
struct key_set {
    uint64_t *slots; /* 0: free */
    size_t n_slots;
    unsigned shift; /* 64 - log2(n_slots) */
    size_t n;
};

#define UNIT_MAX 48

struct unit {
    uint16_t point;
    uint16_t first, n; /* its terms, at most UNIT_MAX */
    uint16_t words;    /* of them, those that carry meaning of their own */
    int32_t mass;
    int32_t weight;
};

/*
 * A model's distinct words, laid out so that sixteen of them are compared with
 * an answer's word at once: which letters and jamo each has, by the bits of
 * stem_sig().
 */
#define LANES 16
typedef uint8_t lanes __attribute__((vector_size(LANES)));

struct word_table {
    lanes *has;      /* row B of 64, block K of n_blocks: 1 where the word has bit B */
    lanes *need;     /* of its bits, how many must agree */
    uint32_t *first; /* a word: its first term */
    size_t n, n_blocks;
    size_t n_plain; /* the first of them: those that are not always a concept */
};

struct point {
    char *text;
    int weight; /* of 100 */
    int64_t mass;
};

struct model {
    struct point *points;
    size_t n_points;
    struct unit *units;
    size_t n_units;
    struct term *terms;
    size_t n_terms, room_terms;
    uint32_t *slots; /* key -> term + 1, open addressing */
    size_t n_slots;
    struct word_table words;
    uint32_t *wholes; /* terms with parts right after them */
    size_t n_wholes;
    uint32_t *numbers; /* terms that are numbers */
    size_t n_numbers;
    size_t n_words; /* content words of all of it */
    bool has_roles; /* causes or effects are among the terms */
    int64_t asked;  /* weight of the heaviest units */
    int64_t mass;   /* of all terms */
    struct heads heads;
    uint64_t *sentences; /* sorted keys of its sentences' letters */
    size_t n_sentences;
    struct key_set grams;
    bool has_grammar;
    bool latin; /* no Hangul in it */
    struct gtokens tokens;
    char *text;
};

struct grade_sheet {
    const grader *g;
    char *question;
    struct gtokens qtokens;
    uint64_t qmask; /* bits of the low six of the question's keys */
    struct model *models;
    size_t n_models;
    struct prints prints; /* of the question and its models */
    bool open_ended;
};

/* A sentence, an item or a block of code of a model answer: what may be a key point. */
struct passage {
    size_t from, to; /* bytes of the text */
    size_t body;     /* where what stands under its heading begins; FROM without a heading */
    char *text;      /* what is shown of it */
    unsigned indent; /* of its line */
    char sign;       /* of its line: '-' or '1' of a list, or 0 */
    bool whole_line;
    bool code;
};

/* A *new* empty array of struct passage, which frees their texts. */
GArray *passages_new(void);
/* Appends to OUT the sentences, items and blocks of code of TEXT, the text of A. */
void passages_split(GArray *out, const char *text, const struct bank_answer *a);
/*
 * Takes out sentences that say only that more follows, and joins headings with
 * what stands under them. LABEL is of labels_mark(). Where all of it would go,
 * all of it stays.
 */
void passages_settle(const grade_sheet *s, const struct model *m, const uint8_t *label,
                     GArray *passages);
/* Splits TOTAL over N parts by largest remainder; the sum is exact. */
void apportion(const int64_t *part, size_t n, int total, int *ret_share);
/* A key of the letters of the sentence that begins with token I; *RET_END gets the token after it.
 */
uint64_t sentence_key(const struct gtokens *k, size_t i, size_t *ret_end);
/* Whether the sorted keys hold KEY. */
bool keys_have(const uint64_t *keys, size_t n, uint64_t key);
/* Sorts N keys. */
void keys_sort(uint64_t *keys, size_t n);
/* Whether the model answer has the word. */
bool model_has(const struct model *m, uint64_t key);
/* Whether the tokens hold K. */
bool tokens_have(const struct gtokens *k, uint64_t key);
/* A set with room for ROOM keys, none of them 0; its memory is from ARENA unless that is NULL. */
void key_set_init(struct key_set *set, struct arena *arena, size_t room);
/* Of a set without an arena. */
void key_set_clear(struct key_set *set);
/* False: it had KEY already. */
bool key_set_add(struct key_set *set, uint64_t key);
/* How many keys both have. */
size_t key_sets_share(const struct key_set *a, const struct key_set *b);
/* Fills SET, as key_set_init() does, with the distinct 2- and 3-grams of T's letters. */
void grams_fill(struct key_set *set, struct arena *arena, const struct gtext *t);
/* Whether more than MOST distinct n-grams of T are not in SET. */
bool grams_miss(const struct key_set *set, struct arena *arena, const struct gtext *t, size_t most);

/* Whether the question has the word. */
bool question_has(const grade_sheet *s, uint64_t key);
/* Content words, each phrase once. */
size_t words_of(const struct gtokens *k);
/* Makes W of the model's terms, and joins terms that have one stem. */
void words_index(struct word_table *w, const struct model *m);
void words_clear(struct word_table *w);
/* Calls FOUND for each word of which enough letters are among SIG's; CONCEPT: SIG is of one. */
void words_alike(const struct word_table *w, uint64_t sig, bool concept,
                 void (*found)(void *x, size_t word), void *x);

/* ---- matching ---- */

/* An answer made ready once for all model answers of its question. */
struct reading {
    const grade_sheet *s;
    const struct gtokens *k;
    struct arena *arena; /* *borrowed*: holds the arrays, each of k->n */
    uint64_t *sig;       /* letters and jamo, for a quick look at likeness; 0: not yet made */
    int32_t *rarity;     /* of a word that counts for precision, else 0 */
    uint8_t *role;       /* ROLE_... */
    uint8_t *verbatim;   /* it stands in a sentence of a model's own */
    uint8_t *known;      /* some model has it; asked of words with a rarity */
    int64_t mass;        /* of all rarities */
};

void reading_init(struct reading *r, struct arena *arena, const grade_sheet *s,
                  const struct gtokens *k);

enum { HIT_CROSSED = 1, HIT_CLASH = 2, HIT_WEAK = 4 };

/* What an answer says of one model answer. */
struct outcome {
    int *match;      /* a term: what it earns, 0..1000 */
    int *by;         /* a term: index of the token that earned it, -1 */
    uint8_t *flag;   /* a term: HIT_... */
    uint64_t *found; /* bits of the terms that a token earned */
    int *unit;       /* a unit: 0..1000 */
    int raw;         /* 0..1000 before the curve */
    int64_t straight, crossed, clashed, got, recall;
    int clash_by; /* a token of a denial, -1 */
    int cross_by;
    int grams;      /* F3 of the character n-grams, 0..1000 */
    int precision;  /* thousandths of the answer's words that a model answer has */
    int contained;  /* share of the answer's n-grams that the model has */
    int covered;    /* share of the model's that the answer has */
    int number_by;  /* a number that differs from the model's, -1 */
    int reverse_by; /* a word that is an effect where the model has a cause, -1 */
    int64_t numbers, reversed;
    bool swapped;
    uint8_t *known; /* a token of the answer: some model answer or the question has it */
};

/* The first found term from T on, or N, the number of terms. */
static inline size_t found_next(const struct outcome *o, size_t t, size_t n)
{
    size_t block = t / 64;
    if (t >= n)
        return n;
    uint64_t bits = o->found[block] & ~UINT64_C(0) << t % 64;
    while (bits == 0) {
        if (++block > (n - 1) / 64)
            return n;
        bits = o->found[block];
    }
    return block * 64 + (size_t)__builtin_ctzll(bits);
}

/* Its arrays are from the reading's arena. */
void outcome_fill(struct outcome *o, const struct reading *r, size_t model);

/* ---- an answer against one model answer, at work ---- */

struct matcher {
    struct outcome *o;
    const grader *g;
    const grade_sheet *s;
    const struct model *m;
    const struct gtokens *a;
    const struct reading *r;
    uint8_t *head; /* of the answer's tokens */
    uint8_t *hit;  /* an answer's token that the model has */
};

/* The side of a concept that a text takes: its sign turned by a strong denial. */
static inline int token_side(int sign, unsigned neg)
{
    int s = sign == 0 ? 1 : sign;
    return neg == NEG_STRONG ? -s : s;
}

/* Forgets denials that speak of something else; keeps in mind the first that stays. */
void drop_stray_clashes(struct matcher *x);
/* Finds sides that are swapped, causes that are effects, numbers that differ. */
void judge_sides(struct matcher *x);
void judge_causes(struct matcher *x);
void judge_numbers(struct matcher *x);
/* Notes which terms name a head, and which are said of one alone. */
void sides_index(struct model *m);
/* What each fact earns, and the raw score. */
void score_units(struct matcher *x);

/* ---- one answer at work ---- */

/* A result, in the arena that holds all of its grading. */
struct full_result {
    struct grade_result r;
    struct arena *arena;
};

#define EXCERPT_MOST 90 /* points for a copied part of a model answer */

enum copy { COPY_NONE, COPY_PART, COPY_WHOLE };

#define IRRELEVANT_COST 2 /* points for a sentence beside the point */
#define IRRELEVANT_MOST 6
#define DEDUCTIONS_MAX  8

struct sheet_grade {
    const grade_sheet *s;
    const struct gtokens *a;
    const char *answer;
    struct full_result *f;
    struct grade_deduction *deduction; /* room for DEDUCTIONS_MAX */
    size_t n_deductions;
    enum copy copy; /* of the model answer that fitted best */
    bool excerpt;   /* copied from any model answer */
};

/* Takes COST points off, quoting the token (-1: none). */
void deduct(struct sheet_grade *x, const char *key, int token, int cost);
/* Shows EARNED points under the key points that earned them. */
void fill_points(struct sheet_grade *x, const struct model *m, const struct outcome *o, int earned);
/*
 * Takes off what the meaning of the answer costs: denials, swapped sides, bare
 * terms. Gives what is to be shown as earned before that.
 */
int guards(struct sheet_grade *x, const struct model *m, const struct outcome *o, int earned);

/* ---- checks ---- */

/* TEXT's letters alone, in lower case, as a *new* UTF-8 string. */
char *text_squeezed(const char *text);
/* Whether TEXT holds one of the strings, of which the last is NULL. */
bool text_has_any(const char *text, const char *const *needles);
/* Whether the question asks for one's own experience. */
bool question_open_ended(const char *text);
/* Points for relevance and substance, 0..OPEN_MOST. */
int score_open(const grade_sheet *s, const struct gtokens *a);
#define OPEN_MOST 90
/* Whether the answer says that its writer does not know. */
bool says_dont_know(const struct gtokens *k);
/* Thousandths of the tokens that show grammar: particles, endings, function words. */
int grammar_share(const struct gtokens *k);
/* Thousandths of the answer's content that is the question's. */
int question_share(const grade_sheet *s, const struct gtokens *a);

#endif
