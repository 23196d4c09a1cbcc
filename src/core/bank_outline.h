/* Questions without <details>: what may ask, and what was decided about it. */
#ifndef INTERVIEWD_BANK_OUTLINE_H
#define INTERVIEWD_BANK_OUTLINE_H

#include "bank_internal.h"

enum ask_form {
    ASK_HEADING,  /* ### What is …? */
    ASK_BOLD,     /* a paragraph or line in bold */
    ASK_LINE,     /* "Q. …" */
    ASK_NUMBERED, /* 1. What is …? */
    ASK_BULLET,   /* - What is …? */
};

enum { FORMS = 5, LEVELS = 7 };

/* Something that may be a question. Positions are indices of events. */
struct candidate {
    enum ask_form form;
    int level;        /* of a heading; of an item, how deep it is nested; else 0 */
    size_t begin;     /* its opening event */
    size_t from, to;  /* what asks */
    size_t body, end; /* what may answer; the end is known once the candidates are chosen */
    size_t item_end;  /* of an item: where it closes */
    int line;
    bool asks;     /* by its words */
    bool marked;   /* it begins with "Q." */
    bool numbered; /* it begins with a number */
    bool label;    /* a heading that is only a label or a chapter's usual name */
    bool chosen;
};

/* ---- bank_outline_find.c ---- */

/* A *new* array of struct candidate, in the order of the file. */
GArray *candidates_find(const struct import *im);

/* ---- bank_outline_answer.c ---- */

/* Reads what stands between the body and the end of C as context, answer and notes of D. */
void outline_answer(struct import *im, struct draft *d, const struct candidate *c);
/* True when there is something to read between FROM and TO. */
bool has_content(const struct import *im, size_t from, size_t to);
/* True when a label for an answer stands right below C, before LIMIT. */
bool has_answer_label(const struct import *im, const struct candidate *c, size_t limit);

#endif
