/*
 * The grader: a typed answer against the model answers of its question.
 *
 * Pure and deterministic: no I/O, no locale, no clock, no randomness; floating
 * point only in ways that every compiler computes alike. Nothing is learned
 * from users' texts. docs/grading.md has the method and the source of every
 * rule.
 *
 * What is shown adds up: weights are integers that sum to 100, earned and cost
 * are integers, score = max(0, sum of earned - sum of costs), 0..100.
 */
#ifndef INTERVIEWD_GRADE_H
#define INTERVIEWD_GRADE_H

#include <stdbool.h>
#include <stddef.h>

#include "bank.h"

struct _GByteArray;

/* ---- aliases: which surface forms mean one concept ---- */

typedef struct lexicon lexicon;

/* A problem in an alias table. KEY is a catalogue key below "problem.". */
struct lexicon_problem {
    char *file;
    int line;
    const char *key;
    char *arg;
};

/* A *new* lexicon without rows. */
lexicon *lexicon_new(void);
void lexicon_free(lexicon *lex); /* accepts NULL */
/*
 * Adds the rows of one table (`concept<TAB>form<TAB>form...`, `#` comments).
 * A later table may extend a concept of an earlier one. Problems (a form in two
 * concepts, an empty line or cell, bad UTF-8) are kept and the row's sound
 * forms used; the first concept of a form wins.
 */
void lexicon_add(lexicon *lex, const char *file, const char *data, size_t len);
/* Makes the lexicon ready for use; after it nothing can be added. */
void lexicon_finish(lexicon *lex);
/*
 * Appends an image of the finished LEX to OUT (a GByteArray): for the same
 * build alone, the machine's layout is in it.
 */
void lexicon_image(const lexicon *lex, struct _GByteArray *out);
/* A *new* finished lexicon over an image, *borrowed*, at an address that 8 divides. */
lexicon *lexicon_of_image(const void *image);
size_t lexicon_problem_count(const lexicon *lex);
const struct lexicon_problem *lexicon_problem_at(const lexicon *lex, size_t i);
/*
 * Whether texts A and B name one concept, or share one when compared as short
 * phrases: "hypervisor" and "하이퍼바이저". Used to match topics.
 */
bool lexicon_same(const lexicon *lex, const char *a, const char *b);
/*
 * TEXT as a *new* canonical key for searching: NFKC, lower case, without
 * spaces or punctuation, every known form replaced by its concept's name.
 */
char *lexicon_key(const lexicon *lex, const char *text);

/* ---- statistics and compiled questions ---- */

typedef struct grader grader;           /* the lexicon and how common each term is in a bank */
typedef struct grade_sheet grade_sheet; /* one question, compiled for grading */

/*
 * A *new* grader with the statistics of N questions (texts and model answers).
 * LEX is *borrowed* and must outlive it.
 */
struct grade_question {
    const char *text;
    const char *context;               /* or NULL */
    const struct bank_answer *answers; /* text and marked are read */
    size_t n_answers;
    bool open_ended;
};
grader *grader_new(const lexicon *lex, const struct grade_question *questions, size_t n);
void grader_free(grader *g); /* accepts NULL */

/* A *new* sheet for Q; G is *borrowed* and must outlive it, Q is copied. */
grade_sheet *grade_sheet_new(const grader *g, const struct grade_question *q);
void grade_sheet_free(grade_sheet *s); /* accepts NULL */
/* The key points of model answer MODEL, for hints: count, text (*borrowed*), weight (sum 100). */
size_t grade_sheet_points(const grade_sheet *s, size_t model);
const char *grade_sheet_point(const grade_sheet *s, size_t model, size_t i, int *ret_weight);
/* Whether a key point of any model answer is shown as TEXT. */
bool grade_sheet_has_point(const grade_sheet *s, const char *text);
/*
 * Point I of MODEL as a hint: a *new* text in which the main terms stand as
 * ○○○ (one ring a syllable or letter, at most five).
 */
char *grade_sheet_hint(const grade_sheet *s, size_t model, size_t i);
/* Whether the question is one that no model answer can settle (marked or recognised). */
bool grade_sheet_open_ended(const grade_sheet *s);

/* ---- grading ---- */

enum grade_cover { GRADE_MISSED, GRADE_PARTLY, GRADE_COVERED };

struct grade_point {
    const char *text; /* the key point, short enough to be shown; *borrowed* from the sheet */
    int weight;       /* of 100 */
    int earned;       /* 0..weight */
    enum grade_cover cover;
    const char *const *words; /* the user's own words that earned it, as typed */
    size_t n_words;
};

struct grade_deduction {
    const char *key; /* a catalogue key below "deduction.", e.g. "negated" */
    const char *arg; /* the user's words that it is about, or NULL */
    int cost;        /* > 0 */
};

struct grade_result {
    int score;
    size_t model; /* which model answer fitted best */
    const struct grade_point *points;
    size_t n_points;
    const struct grade_deduction *deductions;
    size_t n_deductions;
    bool copied;     /* the model answer, pasted or nearly so */
    bool dont_know;  /* "모르겠습니다", "no idea", or nothing at all */
    bool open_ended; /* graded on relevance and substance */
};

/*
 * Grades ANSWER (any UTF-8, possibly empty) against S. A *new* result.
 * Cost: linear in the answer's length for a given sheet.
 */
struct grade_result *grade(const grade_sheet *s, const char *answer);
void grade_result_free(struct grade_result *r); /* accepts NULL */

/*
 * How alike two typed texts are, 0..1000: 1000 the same letters. Used to see an
 * answer repeated or passed on. Ignores case, spaces, punctuation, endings.
 */
int grade_likeness(const char *a, const char *b);

#endif
