/* Events as plain text: what GitHub shows a reader, laid out to be read in a chat. */
#ifndef INTERVIEWD_BANK_RENDER_H
#define INTERVIEWD_BANK_RENDER_H

#include "bank_block.h"
#include "bank_event.h"

/* A run of text that is shown in one way. */
struct piece {
    bool code;
    bool plain_fence; /* of code: a fence without a language */
    char *lang;       /* of code, "" when it has none */
    GString *text;
};

struct rendered {
    GPtrArray *pieces; /* of struct piece */
    GPtrArray *notes;  /* of GString: `+)` lines, when asked for */
};

enum render_flag {
    RENDER_NOTES = 1, /* paragraphs that begin with "+)" go to the notes */
    RENDER_LINE = 2,  /* everything on one line, as in a heading */
};

/*
 * Renders the events FROM to before TO into a *new* rendered. Blocks that are
 * no notes are stepped over: they are read for themselves.
 */
void render(struct rendered *out, const struct events *events, const struct blocks *blocks,
            size_t from, size_t to, unsigned flags);
/* An empty one, to be filled by hand. */
void rendered_init(struct rendered *r);
void rendered_clear(struct rendered *r);

/* All pieces joined by line ends: a *new* string. */
GString *rendered_text(const struct rendered *r);

/* The events FROM to before TO on one line: a *new* string. */
GString *render_line(const struct events *events, const struct blocks *blocks, size_t from,
                     size_t to);

#endif
