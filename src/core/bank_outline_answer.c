/*
 * What answers a question that is asked without <details>: the text below it,
 * or what follows a label ("Answer", "A."), with the sections beside it as notes.
 */
#include "bank_outline.h"

#include <string.h>

/* A place in the body where an answer is announced. */
struct announced {
    size_t at;   /* where the label begins */
    size_t body; /* where the answer begins */
    int level;   /* of the label's heading, 0: it is no heading */
};

static const struct event *event_of(const struct import *im, size_t i)
{
    return event_at(&im->events, i);
}

static size_t close_of(const struct import *im, size_t i, size_t limit, enum event_tag tag)
{
    while (i < limit && !event_closes(event_of(im, i), tag))
        i++;
    return i;
}

static size_t line_end(const struct import *im, size_t i, size_t limit)
{
    while (i < limit && !event_is_boundary(event_of(im, i)) && event_of(im, i)->kind != EV_SOFT &&
           event_of(im, i)->kind != EV_BREAK)
        i++;
    return i;
}

static enum label label_of(const struct import *im, size_t from, size_t to)
{
    GString *text = render_line(&im->events, &im->blocks, from, to);
    enum label label = words_label(im->builder->bank_words, text->str);

    g_string_free(text, TRUE);
    return label;
}

/* The length of the mark ("A.", "Answer:") that the line from I on begins with, else 0. */
static size_t answer_mark(const struct import *im, size_t i, size_t limit)
{
    GString *text = render_line(&im->events, &im->blocks, i, line_end(im, i, limit));
    size_t n = words_answer_mark(text->str);

    g_string_free(text, TRUE);
    return n;
}

static bool is_heading_label(const struct import *im, size_t i, size_t limit, struct announced *ret)
{
    size_t close = close_of(im, i, limit, TAG_HEADING);
    enum label label = label_of(im, i + 1, close);

    if (label != LABEL_ANSWER && label != LABEL_EXPLAIN)
        return false;
    *ret =
        (struct announced){.at = i, .body = MIN(close + 1, limit), .level = event_of(im, i)->num};
    return true;
}

/* "A) …" with "B) …" below: an option, no answer. */
static bool is_first_option(const struct import *im, size_t i, size_t limit)
{
    bool found = false;

    for (i = line_end(im, i, limit); i < limit && !found; i++) {
        const struct event *ev = event_of(im, i);
        GString *text;
        if (ev->kind != EV_TEXT || ev->len == 0)
            continue;
        text = render_line(&im->events, &im->blocks, i, line_end(im, i, limit));
        found = text->str[0] == 'B' &&
                (text->str[1] == ')' || text->str[1] == '.' || text->str[1] == ':');
        g_string_free(text, TRUE);
        break;
    }
    return found;
}

/* "- A: atomicity" is an item and no answer. */
static bool begins_item(const struct import *im, size_t i)
{
    while (i > 0 && (event_opens(event_of(im, i - 1), TAG_PARA) ||
                     event_opens(event_of(im, i - 1), TAG_STRONG)))
        i--;
    return i > 0 && event_opens(event_of(im, i - 1), TAG_ITEM);
}

static bool is_line_label(const struct import *im, size_t i, size_t limit, struct announced *ret)
{
    size_t end = line_end(im, i, limit);

    if (end > i && label_of(im, i, end) == LABEL_ANSWER)
        *ret = (struct announced){.at = i, .body = end};
    else if (!begins_item(im, i) && answer_mark(im, i, limit) > 0 && !is_first_option(im, i, limit))
        *ret = (struct announced){.at = i, .body = i};
    else
        return false;
    return true;
}

static bool starts_line(const struct import *im, size_t i, size_t from)
{
    const struct event *before;

    if (i == from)
        return true;
    before = event_of(im, i - 1);
    return before->kind == EV_SOFT || before->kind == EV_BREAK ||
           (before->kind == EV_OPEN && event_is_boundary(before));
}

static bool is_text(const struct event *ev)
{
    return ((ev->kind == EV_TEXT || ev->kind == EV_CODE) && ev->len > 0) ||
           event_opens(ev, TAG_STRONG);
}

/* The first label for an answer between FROM and TO. */
static bool find_announced(const struct import *im, size_t from, size_t to, struct announced *ret)
{
    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_of(im, i);
        int block = block_opened_by(ev);
        if (block >= 0) {
            i = MAX(i + 1, block_at(&im->blocks, (size_t)block)->after) - 1;
        } else if (event_opens(ev, TAG_HEADING)) {
            if (is_heading_label(im, i, to, ret))
                return true;
        } else if (is_text(ev) && starts_line(im, i, from) && is_line_label(im, i, to, ret)) {
            return true;
        }
    }
    return false;
}

bool has_content(const struct import *im, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_of(im, i);
        int block = block_opened_by(ev);
        if (block >= 0 && block_is_skipped(block_at(&im->blocks, (size_t)block)))
            i = MAX(i + 1, block_at(&im->blocks, (size_t)block)->after) - 1;
        else if (((ev->kind == EV_TEXT || ev->kind == EV_CODE) && ev->len > 0) ||
                 ev->kind == EV_FENCE)
            return true;
    }
    return false;
}

/* True when a block that answers stands between FROM and TO: the question is that block's. */
static bool has_block(const struct import *im, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        int block = block_opened_by(event_of(im, i));
        if (block >= 0 && block_is_skipped(block_at(&im->blocks, (size_t)block)))
            return true;
    }
    return false;
}

bool has_answer_label(const struct import *im, const struct candidate *c, size_t limit)
{
    struct announced found;

    if (has_block(im, c->body, limit))
        return false;

    return find_announced(im, c->body, limit, &found) && has_content(im, found.body, limit);
}

/* The next heading of LEVEL or above between FROM and TO. */
static size_t next_heading(const struct import *im, size_t from, size_t to, int level)
{
    for (size_t i = from; i < to; i++)
        if (event_opens(event_of(im, i), TAG_HEADING) && event_of(im, i)->num <= level)
            return i;
    return to;
}

static void note_text(struct import *im, struct draft *d, size_t from, size_t to)
{
    struct rendered r;
    GString *text;

    render(&r, &im->events, &im->blocks, from, to, 0);
    text = rendered_text(&r);
    if (text->len > 0)
        draft_note(d, text->str);
    g_string_free(text, TRUE);
    rendered_clear(&r);
}

/* Sections beside the labelled answer ("Good to hear", "References") are notes, one each. */
static void note_sections(struct import *im, struct draft *d, size_t from, size_t to)
{
    while (from < to) {
        size_t body = MIN(close_of(im, from, to, TAG_HEADING) + 1, to);
        size_t next = next_heading(im, body, to, LEVELS);

        note_text(im, d, body, next);
        from = next;
    }
}

/* Drops "A. " from the first text of an answer that it begins. */
static void drop_mark(struct draft *d, size_t n)
{
    struct rendered *r = d->answers->len > 0 ? g_ptr_array_index(d->answers, 0) : NULL;
    struct piece *first = r != NULL && r->pieces->len > 0 ? g_ptr_array_index(r->pieces, 0) : NULL;

    if (first != NULL && !first->code && words_answer_mark(first->text->str) == n)
        g_string_erase(first->text, 0, (gssize)n);
}

void outline_answer(struct import *im, struct draft *d, const struct candidate *c)
{
    struct announced a;
    size_t end = c->end, mark;

    if (!find_announced(im, c->body, end, &a)) {
        draft_answer(im, d, c->body, without_trailing_links(im, c->body, end), NULL);
        return;
    }
    if (a.level > 0)
        end = next_heading(im, a.body, c->end, a.level);
    draft_context(im, d, c->body, a.at);
    draft_answer(im, d, a.body, without_trailing_links(im, a.body, end), NULL);
    mark = answer_mark(im, a.body, end);
    if (mark > 0)
        drop_mark(d, mark);
    note_sections(im, d, end, c->end);
}
