/*
 * A Markdown file as one flat run of events, raw HTML and Markdown alike.
 *
 * It is flat because people close their <details> in other places than where
 * they opened it: in a list item and after the list, or never. A tree would
 * have to decide too early; the readers of the run match what they need.
 */
#ifndef INTERVIEWD_BANK_EVENT_H
#define INTERVIEWD_BANK_EVENT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EV_TEXT,  /* shown text */
    EV_CODE,  /* inline code: shown text, verbatim */
    EV_SOFT,  /* a line end in the source that is shown as a space */
    EV_BREAK, /* a line end that is shown */
    EV_FENCE, /* a code block; its language stands before the code in the pool */
    EV_RULE,  /* a thematic break */
    EV_OPEN,
    EV_CLOSE,
};

enum event_tag {
    TAG_NONE,
    TAG_PARA,
    TAG_HEADING,
    TAG_LIST,
    TAG_ITEM,
    TAG_QUOTE,
    TAG_TABLE,
    TAG_ROW,
    TAG_CELL,
    TAG_BLOCK, /* <div> and its like: a boundary and nothing else */
    TAG_DETAILS,
    TAG_SUMMARY,
    TAG_LINK,
    TAG_STRONG,
};

enum event_flag {
    EF_FENCED = 1, /* of a code block: it has fences (and is not indented or <pre>) */
    EF_LOCAL = 2,  /* of a link: it stays in this repository */
    EF_TASK = 4,   /* of an item: it has a check box */
    EF_RAW = 8,    /* written as HTML */
    EF_IMAGE = 16, /* of an empty text: a picture stood here */
};

struct event {
    uint8_t kind, tag;
    uint16_t flags;
    int32_t line;     /* 1-based */
    int32_t num;      /* heading: level; item: its number or -1; fence: length of the language */
    uint32_t at, len; /* the text in the pool */
};

struct events {
    GArray *list;  /* of struct event */
    GString *pool; /* every text, one after the other */
};

static inline const struct event *event_at(const struct events *e, size_t i)
{
    return &g_array_index(e->list, struct event, i);
}

static inline bool event_opens(const struct event *ev, enum event_tag tag)
{
    return ev->kind == EV_OPEN && ev->tag == tag;
}

static inline bool event_closes(const struct event *ev, enum event_tag tag)
{
    return ev->kind == EV_CLOSE && ev->tag == tag;
}

/* True of the events that begin a new line: headings, paragraphs, items … */
bool event_is_boundary(const struct event *ev);

/* An empty run with room for what a file of TEXT_LEN bytes mostly makes. */
void events_init(struct events *e, size_t text_len);
void events_clear(struct events *e);
/* Appends an event without text. The event is *borrowed* until the next append. */
struct event *events_add(struct events *e, enum event_kind kind, enum event_tag tag, int line);
/* Appends shown text; a text that follows one of the same kind and line is joined to it. */
void events_text(struct events *e, enum event_kind kind, int line, const char *s, size_t len);
/* Appends a code block. */
void events_fence(struct events *e, int line, unsigned flags, const char *lang, size_t lang_len,
                  const char *code, size_t len);

#endif
