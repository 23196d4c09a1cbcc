/* The <details> blocks of a file: what belongs to which, however they were closed. */
#ifndef INTERVIEWD_BANK_BLOCK_H
#define INTERVIEWD_BANK_BLOCK_H

#include "bank_event.h"

enum block_kind {
    BLOCK_QUESTION, /* its summary asks */
    BLOCK_ANSWER,   /* its summary is a label; what stands above asks */
    BLOCK_HINT,
    BLOCK_SECTION, /* wraps other questions: its summary is a topic */
    BLOCK_FOLLOW,  /* wraps follow-up questions: its summary names nothing */
    BLOCK_NOTE,    /* no question; shown where it stands */
    BLOCK_MENU,    /* no question, and of no use: contents, languages */
};

enum block_flaw {
    FLAW_UNCLOSED = 1,         /* no </details> */
    FLAW_NO_DETAILS = 2,       /* <summary> without <details> */
    FLAW_NO_SUMMARY = 4,       /* <details> without <summary> */
    FLAW_SUMMARY_UNCLOSED = 8, /* no </summary> */
};

/* All positions are indices of events; a range ends before its second one. */
struct block {
    size_t open, after;          /* the whole block */
    size_t summary, summary_end; /* the inside of its summary */
    size_t body, end;            /* what follows the summary */
    int line;                    /* of <summary>, or of <details> when it has none */
    int parent;                  /* index of the block around it, -1: none */
    int item_depth;              /* in how many list items it was opened */
    int outer_level;             /* level of the heading that it stands below, 0: none */
    unsigned flaws;
    enum block_kind kind;
    int children;          /* how many blocks it holds directly */
    int first_child, next; /* the first of them, and the next one in the same block; -1: none */
    size_t own_text;       /* characters of its body outside links, headings and other blocks */
    size_t link_text,
        local_text; /* characters of links, and of those that stay in the repository */
    int links, headings, asking_headings, fences,
        others; /* others: tables, pictures and the like */
};

struct blocks {
    GArray *list;        /* of struct block, in the order of their openers */
    GArray *stray_lines; /* of int: lines of closers that close nothing */
};

static inline struct block *block_at(const struct blocks *b, size_t i)
{
    return &g_array_index(b->list, struct block, i);
}

/*
 * Finds the blocks among EVENTS. The opening event of each gets its index as
 * `num`, so that a reader can step over it: see block_opened_by.
 */
void blocks_find(struct blocks *b, struct events *events);
void blocks_clear(struct blocks *b);

/* The index of the block that this event opens, or -1. */
int block_opened_by(const struct event *ev);

/* True when a reader of the text around it steps over the block. */
bool block_is_skipped(const struct block *b);

#endif
