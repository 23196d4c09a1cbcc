/* Raw HTML in Markdown: tags become events, entities are decoded. */
#ifndef INTERVIEWD_BANK_HTML_H
#define INTERVIEWD_BANK_HTML_H

#include "bank_event.h"

/* What outlives one piece of raw HTML: people open a comment here and close it there. */
struct html {
    struct events *events; /* borrowed */
    bool in_comment;
    int last_comment_end; /* the last line of the file that has "-->" */
    GString *pre;         /* the text of an open <pre>, or NULL */
    int pre_line;
    int heading;          /* level of an open raw heading, 0: none */
    GHashTable *entities; /* name -> its text; what cmark was asked once */
};

void html_init(struct html *h, struct events *events, int last_comment_end);
/* Closes what is open at the end of the file and frees the rest. */
void html_finish(struct html *h, int line);

/* Reads one piece of raw HTML that begins in line LINE. */
void html_read(struct html *h, const char *s, size_t len, int line);
/* Shown text that is no HTML; it may stand within a raw <pre> or comment. */
void html_text(struct html *h, enum event_kind kind, const char *s, size_t len, int line);
/* A Markdown block begins: a raw heading that was left open ends. */
void html_block_begins(struct html *h, int line);

#endif
