/*
 * What an answer is worth on the board. Pure: everything that the rules need is in `fair_answer`,
 * and a stored answer's points can be computed again from the same facts.
 *
 * The rules, in the order in which they are asked; the first that applies gives the reason:
 *   1. somebody without a name of their own (an anonymous administrator) is never on the board;
 *   2. practice ranks for nothing;
 *   3. so do on-demand questions beyond the chat's daily number (fair_on_demand_left);
 *   4. an edited message is the answer that it was: editing brings nothing;
 *   5. an answer after the round closed is late: graded, not ranked;
 *   6. only the first attempt of a round ranks; later ones teach;
 *   7. nothing for who was shown the model answer unhidden since the round opened, wherever it
 *      was (private chat, deep link, /skip, `now`, an old round gone through again, the summary of
 *      another round); for a group's round within a day before it opened, too; under `spoiler` in
 *      a group the others' round goes on;
 *   8. an answer nearly identical to the model answer, when the user could have seen it, or
 *   9. to another member's earlier answer to this question in this chat, is marked, not ranked
 *      (a copy of some length with words put in, left out or exchanged still is one: fair_copied);
 *  10. so is one nearly identical to the user's own earlier answer to the question;
 *  11. what is left ranks for score - hints * FAIR_HINT_COST, and brings what it improves on the
 *      user's best: max(0, ranked - held). `held` is the sum of the points that this user already
 *      has from this question in this chat. Since each answer lifts the sum exactly to the best
 *      ranked score, the sum never passes 100, whatever is repeated, in whatever order, under
 *      whatever day, zone or membership.
 */
#ifndef INTERVIEWD_FAIR_H
#define INTERVIEWD_FAIR_H

#include <stdbool.h>
#include <stddef.h>

enum {
    FAIR_MAX = 100,             /* points that one question can bring one user in one chat */
    FAIR_HINT_COST = 10,        /* points that a hint takes off what the round ranks for */
    FAIR_ON_DEMAND_DEFAULT = 3, /* on-demand questions a day that rank, in a chat's default */
};

enum fair_reason {
    FAIR_FULL,       /* the whole score */
    FAIR_HINTS,      /* the score less the hints */
    FAIR_IMPROVED,   /* only what is better than the best before */
    FAIR_NO_BETTER,  /* had before, not better: nothing */
    FAIR_ZERO,       /* the score, less hints, is 0 */
    FAIR_SAME_OWN,   /* nearly the user's own earlier answer */
    FAIR_SAME_OTHER, /* nearly another member's earlier answer to the question */
    FAIR_SAME_MODEL, /* nearly the model answer, which the user could have seen */
    FAIR_SEEN,       /* had been shown the model answer */
    FAIR_AGAIN,      /* not the first attempt */
    FAIR_LATE,       /* the round had closed */
    FAIR_EDITED,     /* an edited message */
    FAIR_OVER_LIMIT, /* on demand beyond the daily number: practice */
    FAIR_PRACTICE,
    FAIR_NAMELESS,
    FAIR_N_REASONS
};

struct fair_answer {
    int score;     /* the grader's, 0..100 */
    int hints;     /* taken by this user before the answer: in this round, and for its question in
                      rounds that opened after it */
    int attempt;   /* of this user in this round, 1 for the first */
    int held;      /* points that the user already holds from this question in this chat */
    bool nameless; /* sent for a channel or an anonymous administrator */
    bool practice;
    bool on_demand;       /* the round was asked for, not posted by the schedule */
    int on_demand_before; /* ranked on-demand rounds of this user on this local day before it */
    int on_demand_limit;  /* the chat's, >= 0 */
    bool edited;          /* an edit of a message that has been graded */
    bool closed;          /* the round had closed when the answer was sent */
    bool seen_model;      /* shown to this user unhidden, before the answer: rule 7 */
    bool
        could_see_model; /* a spoiler, an earlier round or practice may have shown it at any time */
    bool same_as_model;  /* fair_copied of a model answer */
    bool same_as_other;  /* the same of another member's earlier answer to the question here */
    bool same_as_own;    /* fair_alike_own with an earlier answer of the user to this question */
};

struct fair_result {
    int points; /* 0..100: what the answer adds to the user's total */
    int ranked; /* 0..100: the score less hints when it ranks at all, else 0 */
    enum fair_reason reason;
    bool marked; /* the reason is about copying: to be shown with the answer */
};

struct fair_result fair_points(const struct fair_answer *a);

/* The catalogue key that says the reason to the person ("fair.late"), *borrowed*. */
const char *fair_reason_key(enum fair_reason reason);
/* A short name for the store ("late"), *borrowed*, and back; false for another text. */
const char *fair_reason_name(enum fair_reason reason);
bool fair_reason_parse(const char *name, enum fair_reason *ret_reason);

/* On-demand questions that still rank for a user today. */
int fair_on_demand_left(int before, int limit);

/* ---- nearly identical texts ---- */

/*
 * A text's fingerprint, *new*: its letters and digits, case and compatibility forms folded, as a
 * multiset of hashed runs of neighbours: three letters, five where they are an alphabet's, of
 * which a syllable takes two or three. Comparing two is linear in their lengths.
 */
typedef struct fair_print fair_print;
fair_print *fair_print_new(const char *text);
void fair_print_free(fair_print *print);

/* 0..100: twice the common runs over all runs (Dice, 1945), rounded down. */
int fair_likeness(const fair_print *a, const fair_print *b);

/*
 * Whether one of two texts is a copy of the other, in either direction: nearly the same
 * (fair_likeness), or nearly contained (the common runs over those of the text that has fewer),
 * with other words around it or left out. What counts as nearly depends on the letters of the
 * shorter text, in a straight line between FAIR_LONG and FAIR_LONGER: a sentence is known by heart
 * by many, a page by nobody. Texts of fewer than FAIR_SHORT letters are no copies: two people who
 * know the right word write the same word. docs/grading.md has the measurements behind the numbers.
 */
enum {
    FAIR_SHORT = 20,   /* letters and digits */
    FAIR_LONG = 60,    /* from here on a text can be contained */
    FAIR_LONGER = 120, /* from here on the lower numbers hold */
    FAIR_ALIKE = 85,   /* likeness of a copy up to FAIR_LONG */
    FAIR_ALIKE_LONGER = 70,
    FAIR_CONTAINED = 90,
    FAIR_CONTAINED_LONGER = 80,
};
bool fair_copied(const fair_print *a, const fair_print *b);

/* Whether A is one's own earlier answer B again: equal, or alike by FAIR_ALIKE whatever its length,
 * since an answer that has been bettered here and there is another one. */
bool fair_alike_own(const fair_print *a, const fair_print *b);

#endif
