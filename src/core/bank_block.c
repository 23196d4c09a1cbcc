/*
 * Matching <details> and </details> as their authors meant them.
 *
 * A stack finds what is well formed. What stays open at the end of the file
 * lacks its closer: it ends where the next block begins, or the next section,
 * or the list item in which it was opened, instead of swallowing the rest.
 */
#include "bank_block.h"

enum {
    NOT_YET = 0,
    MENU_LINKS = 2, /* links without much text between: a table of contents */
    MENU_TEXT = 60,
};

struct matcher {
    struct blocks *blocks;
    struct events *events;
    GArray *stack; /* of int: blocks that are open */
    int item_depth;
    int level; /* of the last heading outside blocks */
};

int block_opened_by(const struct event *ev)
{
    return ev->kind == EV_OPEN && (ev->tag == TAG_DETAILS || ev->tag == TAG_SUMMARY) ? ev->num : -1;
}

bool block_is_skipped(const struct block *b)
{
    return b->kind != BLOCK_NOTE;
}

static struct block *top(const struct matcher *m)
{
    if (m->stack->len == 0)
        return NULL;
    return block_at(m->blocks, (size_t)g_array_index(m->stack, int, m->stack->len - 1));
}

static struct block *push(struct matcher *m, size_t i)
{
    struct event *ev = &g_array_index(m->events->list, struct event, i);
    struct block b = {.open = i,
                      .line = ev->line,
                      .parent = -1,
                      .first_child = -1,
                      .next = -1,
                      .item_depth = m->item_depth,
                      .outer_level = m->level};
    int index = (int)m->blocks->list->len;

    if (m->stack->len > 0)
        b.parent = g_array_index(m->stack, int, m->stack->len - 1);
    ev->num = index;
    g_array_append_val(m->blocks->list, b);
    g_array_append_val(m->stack, index);
    return top(m);
}

static void begin_summary(struct matcher *m, struct block *b, size_t i)
{
    b->summary = i + 1;
    b->line = event_at(m->events, i)->line;
}

static void end_summary(struct block *b, size_t i, size_t body)
{
    b->summary_end = i;
    b->body = body;
}

static bool summary_is_open(const struct block *b)
{
    return b->summary != NOT_YET && b->body == NOT_YET;
}

/* A summary that nobody closed ends with the line on which its text stands. */
static void cut_summary(struct matcher *m, struct block *b, size_t limit)
{
    bool text = false;
    size_t i;

    for (i = b->summary; i < limit; i++) {
        const struct event *ev = event_at(m->events, i);
        if (text && (ev->kind == EV_SOFT || ev->kind == EV_BREAK || event_is_boundary(ev)))
            break;
        text |= ev->len > 0;
    }
    end_summary(b, i, i);
    b->flaws |= FLAW_SUMMARY_UNCLOSED;
}

/* Settles the summary of a block that ends, or that gets a child, before event I. */
static void settle_summary(struct matcher *m, struct block *b, size_t i)
{
    if (b->summary == NOT_YET) {
        b->summary = b->summary_end = b->body = b->open + 1;
        b->flaws |= FLAW_NO_SUMMARY;
    } else if (summary_is_open(b)) {
        cut_summary(m, b, i);
    }
}

/* Ends B, the innermost open block. */
static void pop(struct matcher *m, struct block *b, size_t end, size_t after)
{
    settle_summary(m, b, end);
    b->end = MAX(end, b->body);
    b->after = MAX(after, b->end);
    g_array_set_size(m->stack, m->stack->len - 1);
}

static void open_details(struct matcher *m, size_t i)
{
    if (top(m) != NULL)
        settle_summary(m, top(m), i);
    push(m, i);
}

static void open_summary(struct matcher *m, size_t i)
{
    struct block *b = top(m);

    g_array_index(m->events->list, struct event, i).num = -1;
    if (b != NULL && b->summary == NOT_YET) {
        begin_summary(m, b, i);
    } else if (b != NULL && summary_is_open(b)) {
        end_summary(b, i, i + 1); /* <summary>…<summary>: the second one is a mistyped closer */
        b->flaws |= FLAW_SUMMARY_UNCLOSED;
    } else {
        if (b != NULL) {
            b->flaws |= FLAW_UNCLOSED;
            pop(m, b, i, i);
        }
        b = push(m, i);
        b->flaws |= FLAW_NO_DETAILS;
        begin_summary(m, b, i);
    }
}

static void close_details(struct matcher *m, size_t i)
{
    struct block *b = top(m);

    if (b != NULL)
        pop(m, b, i, i + 1);
    else
        g_array_append_val(m->blocks->stray_lines, event_at(m->events, i)->line);
}

static void match_event(struct matcher *m, size_t i)
{
    const struct event *ev = event_at(m->events, i);

    if (event_opens(ev, TAG_DETAILS))
        open_details(m, i);
    else if (event_closes(ev, TAG_DETAILS))
        close_details(m, i);
    else if (event_opens(ev, TAG_SUMMARY))
        open_summary(m, i);
    else if (event_closes(ev, TAG_SUMMARY) && top(m) != NULL && summary_is_open(top(m)))
        end_summary(top(m), i, i + 1);
    else if (event_opens(ev, TAG_ITEM))
        m->item_depth++;
    else if (event_closes(ev, TAG_ITEM))
        m->item_depth--;
    else if (event_opens(ev, TAG_HEADING) && m->stack->len == 0)
        m->level = ev->num;
}

/* What a block without a closer has held so far. */
struct held {
    int links;   /* within the repository */
    size_t text; /* bytes outside of them */
    bool in_link;
};

static void hold(struct held *h, const struct event *ev)
{
    if (ev->tag == TAG_LINK) {
        h->in_link = ev->kind == EV_OPEN;
        h->links += h->in_link && (ev->flags & EF_LOCAL) != 0;
    } else if (!h->in_link) {
        h->text += ev->len;
    }
}

/* A table of contents ends at the first heading, whatever its level. */
static bool is_menu(const struct held *h)
{
    return h->links >= MENU_LINKS && h->text < MENU_TEXT;
}

/* Where a block without a closer ends, before LIMIT. */
static size_t mended_end(const struct matcher *m, const struct block *b, size_t limit)
{
    int depth = b->item_depth;
    struct held held = {0};

    for (size_t i = b->body; i < limit; i++) {
        const struct event *ev = event_at(m->events, i);
        if (event_opens(ev, TAG_HEADING) && (ev->num <= b->outer_level || is_menu(&held)))
            return i;
        if (event_opens(ev, TAG_ITEM))
            depth++;
        else if (event_closes(ev, TAG_ITEM) && --depth < b->item_depth)
            return i;
        hold(&held, ev);
    }
    return limit;
}

/* The blocks that are open at the end of the file, outermost first. */
static void mend_open_blocks(struct matcher *m)
{
    size_t n = m->events->list->len;

    for (guint k = 0; k < m->stack->len; k++) {
        guint index = (guint)g_array_index(m->stack, int, k);
        struct block *b = block_at(m->blocks, index);
        size_t limit = n;

        if (index + 1 < m->blocks->list->len)
            limit = block_at(m->blocks, index + 1)->open;
        settle_summary(m, b, limit);
        b->end = b->after = mended_end(m, b, limit);
        b->flaws |= FLAW_UNCLOSED;
    }
}

/* A mended block no longer holds what was opened after its end. */
static void fix_parents(struct blocks *blocks)
{
    for (guint i = 0; i < blocks->list->len; i++) {
        struct block *b = block_at(blocks, i);
        while (b->parent >= 0 && block_at(blocks, (size_t)b->parent)->after <= b->open)
            b->parent = block_at(blocks, (size_t)b->parent)->parent;
    }
}

static void link_children(struct blocks *blocks)
{
    for (size_t i = blocks->list->len; i-- > 0;) {
        struct block *b = block_at(blocks, i), *parent;
        if (b->parent < 0)
            continue;
        parent = block_at(blocks, (size_t)b->parent);
        b->next = parent->first_child;
        parent->first_child = (int)i;
        parent->children++;
    }
}

void blocks_find(struct blocks *b, struct events *events)
{
    struct matcher m = {.blocks = b, .events = events};

    b->list = g_array_new(FALSE, TRUE, sizeof(struct block));
    b->stray_lines = g_array_new(FALSE, FALSE, sizeof(int));
    m.stack = g_array_new(FALSE, FALSE, sizeof(int));
    for (size_t i = 0; i < events->list->len; i++)
        match_event(&m, i);
    mend_open_blocks(&m);
    fix_parents(b);
    link_children(b);
    g_array_free(m.stack, TRUE);
}

void blocks_clear(struct blocks *b)
{
    g_array_free(b->list, TRUE);
    g_array_free(b->stray_lines, TRUE);
}
