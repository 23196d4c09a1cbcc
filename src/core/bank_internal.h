/* What the files of the bank share: the builder, and questions while they are read. */
#ifndef INTERVIEWD_BANK_INTERNAL_H
#define INTERVIEWD_BANK_INTERNAL_H

#include "arena.h"
#include "bank.h"
#include "bank_block.h"
#include "bank_event.h"
#include "bank_render.h"
#include "bank_words.h"

struct bank_builder {
    struct arena *arena;
    GPtrArray *questions; /* of struct question, in the arena */
    GArray *problems;     /* of struct bank_problem */
    struct bank_words *bank_words;
};

/* A question that is still being read. */
struct draft {
    int line;
    char *text;
    GPtrArray *topics;          /* of char, the headings above it, outermost first */
    struct rendered *context;   /* or NULL */
    GPtrArray *answers;         /* of struct rendered */
    GPtrArray *notes;           /* of char, or NULL */
    GPtrArray *marked;          /* of char: key points marked by hand, or NULL */
    char *hint;                 /* or NULL */
    char *label;                /* the folded label of the block that answered last, or NULL */
    const struct draft *parent; /* the draft that this follows up, or NULL */
    struct question *kept;      /* what became of it in the bank */
};

/* One file while it is read. */
struct import {
    bank_builder *builder;
    const char *file;
    const char *const *folders;
    size_t n_folders;
    const char *fallback;
    struct events events;
    struct blocks blocks;
    GPtrArray *summaries; /* of char: the text of each block's summary */
    GPtrArray *drafts;    /* of struct draft, in the order of the file */
};

/* ---- bank_import.c ---- */

/* Notes something that was left out or mended. ARG may be NULL. */
void import_problem(struct import *im, enum bank_severity severity, int line, const char *key,
                    const char *arg);

/* ---- bank_draft.c ---- */

/* A *new* draft in the file's order, *borrowed* from IM. Takes TEXT. */
struct draft *draft_new(struct import *im, int line, char *text, const struct draft *parent);
void draft_free(gpointer draft);
/*
 * Reads the events FROM to before TO as an answer, or as several, with its notes. LABEL is what its
 * block was called, or NULL; a block with another label than the one before it goes on with the
 * same answer.
 */
void draft_answer(struct import *im, struct draft *d, size_t from, size_t to, const char *label);
/* Adds a note. */
void draft_note(struct draft *d, const char *text);
/* Reads the events FROM to before TO as the context of D. */
void draft_context(struct import *im, struct draft *d, size_t from, size_t to);
/* Makes the drafts of IM questions of the bank. */
void drafts_finish(struct import *im);

/* The question's text without what marks it as one. Takes TEXT, gives a *new* string. */
char *draft_text(GString *text);

/* ---- bank_import.c, for bank_outline.c ---- */

/* "[ week2 ] 가상화" is the topic 가상화. Takes TEXT, gives a *new* string. */
char *topic_name(GString *text);

/* ---- bank_outline.c ---- */

/* Finds questions that are asked without <details>: by headings, numbered items, "Q.". */
void outline_read(struct import *im);

/* ---- bank_classify.c ---- */

/* Measures the blocks and says what each one is. */
void classify_blocks(struct import *im);

/* ---- bank_asker.c ---- */

struct asker {
    size_t from, to;    /* the events that ask */
    size_t context_end; /* what stands from there to here belongs to them */
    int line;
    bool titled;  /* a heading asks, or only numbers the question */
    size_t title; /* its event */
    bool several; /* only when nothing was found: several items ask in turn */
};

/*
 * What asks the question that the block opened at event TO answers, among the
 * events since FROM. False when nothing there can ask.
 */
bool find_asker(const struct import *im, size_t from, size_t to, struct asker *ret);
/* The end of the events FROM to before TO without links back to the top at their end. */
size_t without_trailing_links(const struct import *im, size_t from, size_t to);

#endif
