/* What may ask, outside of <details>: headings, bold lines, numbered items, "Q.". */
#include "bank_outline.h"

#include <string.h>

enum { QUESTION_LINES = 8 }; /* of one "Q." */

struct finder {
    const struct import *im;
    GArray *list;
    size_t n;
    int item_depth, list_depth;
    bool item_starts; /* an item has begun and nothing of it has been read */
    size_t item;      /* index of the candidate of the innermost item, +1; 0: none */
    GArray *items;    /* of size_t: the same of the items around */
    bool line_starts; /* a line of a paragraph begins */
    bool in_heading;
};

static const struct event *at(const struct finder *f, size_t i)
{
    return event_at(&f->im->events, i);
}

/* The end of the text that begins at I: a boundary, or a line's end when LINE. */
static size_t text_end(const struct finder *f, size_t i, bool line)
{
    for (; i < f->n; i++) {
        const struct event *ev = at(f, i);
        if (event_is_boundary(ev) || (line && (ev->kind == EV_BREAK || ev->kind == EV_SOFT)))
            break;
    }
    return i;
}

static void judge(const struct finder *f, struct candidate *c)
{
    GString *text = render_line(&f->im->events, &f->im->blocks, c->from, c->to);

    c->numbered = c->form == ASK_NUMBERED || words_number(text->str) > 0;
    c->asks = c->numbered ? words_ask(text->str) : words_ask_plainly(text->str);
    c->marked = words_question_mark(text->str) > 0;
    c->label = text->len == 0 || words_label(f->im->builder->bank_words, text->str) != LABEL_NONE;
    g_string_free(text, TRUE);
}

static void add(struct finder *f, struct candidate c)
{
    judge(f, &c);
    if (c.form == ASK_HEADING || c.form == ASK_NUMBERED || c.form == ASK_BULLET || c.asks ||
        c.marked)
        g_array_append_val(f->list, c);
}

static void add_heading(struct finder *f, size_t i)
{
    size_t end = i + 1;

    while (end < f->n && !event_closes(at(f, end), TAG_HEADING) && block_opened_by(at(f, end)) < 0)
        end++;
    add(f, (struct candidate){.form = ASK_HEADING,
                              .level = CLAMP(at(f, i)->num, 1, LEVELS - 1),
                              .begin = i,
                              .from = i + 1,
                              .to = end,
                              .body = MIN(end + 1, f->n),
                              .line = at(f, i)->line});
}

/* A line that is bold from its begin to its end, an ending sign aside. Returns the end of what is
 * bold, or 0. */
static size_t bold_end(const struct finder *f, size_t i)
{
    size_t end = text_end(f, i, true), close = i + 1;

    if (!event_opens(at(f, i), TAG_STRONG))
        return 0;
    while (close < end && !event_closes(at(f, close), TAG_STRONG))
        close++;
    for (size_t k = close + 1; k < end; k++)
        if (at(f, k)->len > 2)
            return 0;
    return close < end ? close : 0;
}

/* The first line of an item. It asks with its first sentence's line, or with its bold part. */
static void add_item(struct finder *f, size_t i)
{
    size_t open = i, end;
    const struct event *item;

    while (open > 0 && !event_opens(at(f, open), TAG_ITEM))
        open--;
    item = at(f, open);
    end = bold_end(f, i);
    if (end == 0)
        end = text_end(f, i, true);
    add(f, (struct candidate){.form = item->num >= 0 ? ASK_NUMBERED : ASK_BULLET,
                              .level = CLAMP(f->item_depth, 1, LEVELS - 1),
                              .begin = open,
                              .from = i,
                              .to = end,
                              .body = end,
                              .line = at(f, i)->line});
    g_array_index(f->items, size_t, f->items->len - 1) = f->list->len;
}

/* The first words of a paragraph's line. */
static bool has_mark(const struct finder *f, size_t i, size_t (*mark)(const char *))
{
    size_t end = text_end(f, i, true);
    GString *text = render_line(&f->im->events, &f->im->blocks, i, end);
    bool has = mark(text->str) > 0;

    g_string_free(text, TRUE);
    return has;
}

static void add_line(struct finder *f, size_t i)
{
    bool bold = bold_end(f, i) > 0, q = has_mark(f, i, words_question_mark);
    size_t end = text_end(f, i, true);
    int lines = 0;

    if (!bold && !q)
        return;
    /* A question may take several lines, until the one that begins the answer. */
    while (q && end < f->n && (at(f, end)->kind == EV_SOFT || at(f, end)->kind == EV_BREAK) &&
           lines++ < QUESTION_LINES && !has_mark(f, end + 1, words_answer_mark) &&
           !has_mark(f, end + 1, words_question_mark))
        end = text_end(f, end + 1, true);
    add(f, (struct candidate){.form = q ? ASK_LINE : ASK_BOLD,
                              .begin = i,
                              .from = i,
                              .to = end,
                              .body = end,
                              .line = at(f, i)->line});
}

static void close_item(struct finder *f, size_t i)
{
    size_t candidate;

    if (f->items->len == 0)
        return;
    candidate = g_array_index(f->items, size_t, f->items->len - 1);
    if (candidate > 0 && candidate <= f->list->len)
        g_array_index(f->list, struct candidate, candidate - 1).item_end = i;
    g_array_set_size(f->items, f->items->len - 1);
    f->item_depth -= f->item_depth > 0;
}

static void structure(struct finder *f, size_t i, const struct event *ev)
{
    const size_t none = 0;

    if (event_opens(ev, TAG_HEADING)) {
        add_heading(f, i);
        f->in_heading = true;
        f->item_starts = false;
    } else if (event_closes(ev, TAG_HEADING)) {
        f->in_heading = false;
    } else if (event_opens(ev, TAG_ITEM)) {
        f->item_depth++;
        g_array_append_val(f->items, none);
        f->item_starts = true;
    } else if (event_closes(ev, TAG_ITEM)) {
        close_item(f, i);
        f->item_starts = false;
    } else if (event_opens(ev, TAG_PARA)) {
        f->line_starts = true;
    } else if (ev->kind == EV_FENCE || ev->tag == TAG_TABLE) {
        f->item_starts = false;
        f->line_starts = false;
    }
}

static void text(struct finder *f, size_t i, const struct event *ev)
{
    if (ev->kind == EV_TEXT && ev->len == 0)
        return;
    if (f->in_heading)
        return;
    if (f->item_starts)
        add_item(f, i);
    else if (f->line_starts && f->item_depth == 0)
        add_line(f, i);
    f->item_starts = false;
    f->line_starts = false;
}

static void event(struct finder *f, size_t i)
{
    const struct event *ev = at(f, i);

    switch ((enum event_kind)ev->kind) {
    case EV_TEXT:
    case EV_CODE:
        text(f, i, ev);
        break;
    case EV_SOFT:
    case EV_BREAK:
        f->line_starts = true;
        break;
    case EV_OPEN:
        if (ev->tag == TAG_STRONG || ev->tag == TAG_LINK)
            text(f, i, ev);
        else
            structure(f, i, ev);
        break;
    case EV_CLOSE:
    case EV_FENCE:
    case EV_RULE:
        structure(f, i, ev);
        break;
    }
}

GArray *candidates_find(const struct import *im)
{
    struct finder f = {.im = im, .n = im->events.list->len};

    f.list = g_array_new(FALSE, TRUE, sizeof(struct candidate));
    f.items = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t i = 0; i < f.n; i++) {
        int block = block_opened_by(at(&f, i));
        if (block >= 0) {
            const struct block *b = block_at(&im->blocks, (size_t)block);
            bool wraps = b->kind == BLOCK_SECTION || b->kind == BLOCK_FOLLOW;
            i = MAX(i + 1, wraps ? b->body : b->after) - 1;
            f.item_starts = false;
            f.line_starts = false;
            continue;
        }
        event(&f, i);
    }
    g_array_free(f.items, TRUE);
    return f.list;
}
