/*
 * cmark's tree as a run of events.
 *
 * cmark does what is hard in Markdown (containers, emphasis, links, code spans,
 * where raw HTML begins and ends). What GitHub adds to CommonMark is added
 * here: tables (bank_table.c), ~~strikethrough~~ and task lists.
 */
#include "bank_markdown.h"

#include "bank_html.h"
#include "bank_table.h"

#include <cmark.h>
#include <string.h>

struct walk {
    const struct source *src;
    struct events *events; /* borrowed */
    struct html html;
    int before;    /* lines of the file before the stretch that cmark has read */
    int part_line; /* within read_part: the line of the file that it stands for, else 0 */
    const struct table *table; /* within read_part: the table whose cells are read, or NULL */
    guint row;                 /* its row, and how many of its cells are yet to come */
    int cells_left;
    int image_depth; /* within an image, whose alternative text is not shown */
    int quote_depth;
};

static int line_of(const struct walk *w, cmark_node *node)
{
    return w->part_line > 0 ? w->part_line : w->before + cmark_node_get_start_line(node);
}

static struct event *add(struct walk *w, bool entering, enum event_tag tag, int line)
{
    return events_add(w->events, entering ? EV_OPEN : EV_CLOSE, tag, line);
}

/* Shown text without the tildes of ~~strikethrough~~. */
static void show_text(struct walk *w, const char *s, int line)
{
    const char *tildes;

    while ((tildes = strstr(s, "~~")) != NULL) {
        size_t run = strspn(tildes, "~");
        html_text(&w->html, EV_TEXT, s, (size_t)(tildes - s) + (run == 2 ? 0 : run), line);
        s = tildes + run;
    }
    html_text(&w->html, EV_TEXT, s, strlen(s), line);
}

/* The first text of a list item may be a check box. */
static const char *strip_task(struct walk *w, cmark_node *text, const char *s)
{
    cmark_node *para = cmark_node_parent(text);
    cmark_node *item = para != NULL ? cmark_node_parent(para) : NULL;

    if (s[0] != '[' || cmark_node_previous(text) != NULL ||
        cmark_node_get_type(para) != CMARK_NODE_PARAGRAPH || cmark_node_previous(para) != NULL ||
        item == NULL || cmark_node_get_type(item) != CMARK_NODE_ITEM)
        return s;
    if (strchr(" xX", s[1]) == NULL || s[1] == '\0' || s[2] != ']' || s[3] != ' ')
        return s;
    for (guint i = w->events->list->len; i-- > 0;) {
        struct event *ev = &g_array_index(w->events->list, struct event, i);
        if (event_opens(ev, TAG_ITEM)) {
            ev->flags |= EF_TASK;
            break;
        }
    }
    return s + 4;
}

/* The text of a table's cell begins with a mark of ours. */
static const char *strip_part_mark(cmark_node *text, const char *s)
{
    const size_t mark =
        strlen(TABLE_CELL_MARK) - 1; /* without its space, which an empty cell loses */

    if (cmark_node_previous(text) == NULL && strncmp(s, TABLE_CELL_MARK, mark) == 0)
        return s + mark + (s[mark] == ' ');
    return s;
}

static bool is_local_url(const char *url)
{
    return url != NULL && !g_str_has_prefix(url, "http") && !g_str_has_prefix(url, "mailto:");
}

/* True when the code block that begins in LINE has fences. */
static bool is_fenced(const struct walk *w, int line, const char *code)
{
    size_t len;
    const char *s = source_line(w->src, line, &len);

    if (s == NULL || g_str_has_prefix(code, "```"))
        return false;
    for (const char *end = s + len; s < end && strchr(" \t>-+*.)0123456789", *s) != NULL;)
        s++;
    return g_str_has_prefix(s, "```") || g_str_has_prefix(s, "~~~");
}

static void code_block(struct walk *w, cmark_node *node)
{
    const char *info = cmark_node_get_fence_info(node), *code = cmark_node_get_literal(node);
    size_t len = strlen(code), lang = strcspn(info, " \t{,");
    int line = line_of(w, node);

    if (w->html.pre != NULL) {
        html_text(&w->html, EV_TEXT, code, len, line);
        return;
    }
    while (len > 0 && code[len - 1] == '\n')
        len--;
    events_fence(w->events, line, lang > 0 || is_fenced(w, line, code) ? EF_FENCED : 0, info, lang,
                 code, len);
}

static void item(struct walk *w, cmark_node *node, bool entering)
{
    cmark_node *list = cmark_node_parent(node);
    struct event *ev = add(w, entering, TAG_ITEM, line_of(w, node));

    ev->num = -1;
    if (entering && cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
        intptr_t n = (intptr_t)cmark_node_get_user_data(list); /* how many items came before */
        ev->num = cmark_node_get_list_start(list) + (int)n;
        cmark_node_set_user_data(list, (void *)(n + 1));
    }
}

static void read_part(struct walk *w, const GString *text, int line);

/* A paragraph that holds a table is read from its source: cmark knows no tables. */
static bool table_in_paragraph(struct walk *w, cmark_node *node)
{
    int first = w->before + cmark_node_get_start_line(node);
    int last = w->before + cmark_node_get_end_line(node), at;
    struct table table;

    if (w->part_line > 0 || (at = table_find(w->src, first, last, w->quote_depth)) == 0)
        return false;
    if (at > first) {
        GString *before = g_string_new(NULL);
        table_plain_lines(w->src, first, at - 1, w->quote_depth, before);
        read_part(w, before, first);
        g_string_free(before, TRUE);
    }
    table_read(&table, w->src, at, last, w->quote_depth);
    w->table = &table;
    w->row = 0;
    w->cells_left = 0;
    add(w, true, TAG_TABLE, at);
    read_part(w, table.cells, at);
    add(w, false, TAG_TABLE, last);
    w->table = NULL;
    table_clear(&table);
    return true;
}

/* A paragraph in the text that table_read made. */
static void cell(struct walk *w, bool entering)
{
    const struct table_row *row = &g_array_index(w->table->rows, struct table_row, w->row);

    w->part_line = row->line;
    if (entering) {
        if (w->cells_left == 0) {
            add(w, true, TAG_ROW, row->line);
            w->cells_left = row->cells;
        }
        add(w, true, TAG_CELL, row->line);
        return;
    }
    add(w, false, TAG_CELL, row->line);
    if (--w->cells_left == 0) {
        add(w, false, TAG_ROW, row->line);
        w->row++;
    }
}

/* Returns whether the children of NODE are to be skipped. */
static bool block(struct walk *w, cmark_node *node, bool entering)
{
    int line = line_of(w, node);

    if (entering && (w->before == 0 || cmark_node_get_type(node) != CMARK_NODE_DOCUMENT))
        html_block_begins(&w->html, line);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_DOCUMENT:
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        w->quote_depth += entering ? 1 : -1;
        add(w, entering, TAG_QUOTE, line);
        break;
    case CMARK_NODE_LIST:
        add(w, entering, TAG_LIST, line)->num = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
                                                    ? cmark_node_get_list_start(node)
                                                    : -1;
        break;
    case CMARK_NODE_ITEM:
        item(w, node, entering);
        break;
    case CMARK_NODE_PARAGRAPH:
        if (entering && table_in_paragraph(w, node))
            return true;
        if (w->table != NULL)
            cell(w, entering);
        else
            add(w, entering, TAG_PARA, line);
        break;
    case CMARK_NODE_HEADING:
        add(w, entering, TAG_HEADING, line)->num = cmark_node_get_heading_level(node);
        break;
    default:
        break;
    }
    return false;
}

static void leaf(struct walk *w, cmark_node *node)
{
    int line = line_of(w, node);
    const char *text = cmark_node_get_literal(node);

    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_CODE_BLOCK:
        html_block_begins(&w->html, line);
        code_block(w, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        events_add(w->events, EV_RULE, TAG_NONE, line);
        break;
    case CMARK_NODE_HTML_BLOCK:
        html_read(&w->html, text, strlen(text), line);
        break;
    case CMARK_NODE_HTML_INLINE:
        html_read(&w->html, text, strlen(text), line);
        break;
    case CMARK_NODE_TEXT:
        if (w->part_line > 0)
            text = strip_part_mark(node, text);
        show_text(w, strip_task(w, node, text), line);
        break;
    case CMARK_NODE_CODE:
        html_text(&w->html, EV_CODE, text, strlen(text), line);
        break;
    case CMARK_NODE_SOFTBREAK:
        html_text(&w->html, EV_SOFT, "", 0, line);
        break;
    case CMARK_NODE_LINEBREAK:
        html_text(&w->html, EV_BREAK, "", 0, line);
        break;
    default:
        break;
    }
}

static void link_or_strong(struct walk *w, cmark_node *node, bool entering)
{
    bool strong = cmark_node_get_type(node) == CMARK_NODE_STRONG;
    struct event *ev = add(w, entering, strong ? TAG_STRONG : TAG_LINK, line_of(w, node));

    if (!strong && entering && is_local_url(cmark_node_get_url(node)))
        ev->flags |= EF_LOCAL;
}

static void walk_document(struct walk *w, cmark_node *doc)
{
    cmark_iter *it = cmark_iter_new(doc);
    cmark_event_type type;

    while ((type = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(it);
        cmark_node_type kind = cmark_node_get_type(node);
        bool entering = type == CMARK_EVENT_ENTER;

        if (kind == CMARK_NODE_IMAGE) {
            w->image_depth += entering ? 1 : -1;
            if (entering)
                events_add(w->events, EV_TEXT, TAG_NONE, line_of(w, node))->flags = EF_IMAGE;
            continue;
        }
        /* A comment hides everything in it but its own end, which show_text and html_read look for.
         */
        if (w->image_depth > 0 || (w->html.in_comment && kind != CMARK_NODE_TEXT &&
                                   kind != CMARK_NODE_HTML_BLOCK && kind != CMARK_NODE_HTML_INLINE))
            continue;
        if (kind == CMARK_NODE_LINK || kind == CMARK_NODE_STRONG)
            link_or_strong(w, node, entering);
        else if (kind >= CMARK_NODE_FIRST_INLINE || kind == CMARK_NODE_CODE_BLOCK ||
                 kind == CMARK_NODE_THEMATIC_BREAK || kind == CMARK_NODE_HTML_BLOCK) {
            if (entering && kind != CMARK_NODE_EMPH)
                leaf(w, node);
        } else if (block(w, node, entering)) {
            cmark_iter_reset(it, node, CMARK_EVENT_EXIT);
        }
    }
    cmark_iter_free(it);
}

/* Parses TEXT, paragraphs that bank_table.c made of the file from line LINE on. */
static void read_part(struct walk *w, const GString *text, int line)
{
    cmark_node *doc = cmark_parse_document(text->str, text->len, CMARK_OPT_UNSAFE);

    w->part_line = line;
    walk_document(w, doc);
    w->part_line = 0;
    cmark_node_free(doc);
}

/* The last "-->" of TEXT, or NULL. */
static const char *last_arrow(const GString *text)
{
    const char *at = text->str + text->len;

    while ((at = memrchr(text->str, '>', (size_t)(at - text->str))) != NULL)
        if (at - text->str >= 2 && at[-1] == '-' && at[-2] == '-')
            return at - 2;
    return NULL;
}

static int last_comment_end(const struct source *src)
{
    const char *end = last_arrow(src->text);
    size_t at, lo = 0, hi = src->starts->len;

    if (end == NULL)
        return 0;
    at = (size_t)(end - src->text->str);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (g_array_index(src->starts, size_t, mid) <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (int)lo;
}

/*
 * ---- stretches ----
 *
 * A large file is read in stretches, so that the tree of one alone is in memory.
 * A stretch ends before an empty line followed by a heading or <details> at the
 * line's begin: there every list and quote has ended, and so has a paragraph.
 * What may go on is a code block, a comment or the like, which then has taken
 * the empty line too; and a definition of a link holds for the whole file, so
 * that a file with one is read at once.
 */

#ifndef STRETCH_LEAST
#define STRETCH_LEAST (256 * 1024)
#endif

/* Whether a heading or <details> begins LINE, after an empty line. */
static bool begins_stretch(const struct source *src, int line)
{
    size_t len, before;
    const char *s = source_line(src, line, &len);

    if (source_line(src, line - 1, &before) == NULL || before > 0 || len == 0)
        return false;
    if (s[0] == '#') {
        size_t n = 1;
        while (n < len && s[n] == '#')
            n++;
        return n <= 6 && n < len && s[n] == ' ';
    }
    return len > strlen("<details") && memcmp(s, "<details", strlen("<details")) == 0 &&
           (s[strlen("<details")] == '>' || s[strlen("<details")] == ' ');
}

static size_t start_of(const struct source *src, int line)
{
    return line <= (int)src->starts->len ? g_array_index(src->starts, size_t, line - 1)
                                         : src->text->len;
}

/* The line after the stretch that begins with line FROM and has LEAST bytes or more. */
static int stretch_end(const struct source *src, int from, size_t least)
{
    int line = from + 1, after = (int)src->starts->len + 1;

    while (line < after &&
           (start_of(src, line) - start_of(src, from) < least || !begins_stretch(src, line)))
        line++;
    return line;
}

/* Whether the last block of DOC has taken the empty line at its end and may go on beyond it. */
static bool goes_on(cmark_node *doc)
{
    cmark_node *last = cmark_node_last_child(doc);
    cmark_node_type kind = last != NULL ? cmark_node_get_type(last) : CMARK_NODE_NONE;

    if (kind != CMARK_NODE_CODE_BLOCK && kind != CMARK_NODE_HTML_BLOCK)
        return false;
    const char *text = cmark_node_get_literal(last);
    size_t len = strlen(text);
    return len == 0 || strcmp(text, "\n") == 0 || (len >= 2 && strcmp(text + len - 2, "\n\n") == 0);
}

/* The tree of the stretch that begins with line FROM; *RET_END gets the line after it. */
static cmark_node *parse_stretch(const struct source *src, int from, bool whole, int *ret_end)
{
    int after = (int)src->starts->len + 1;
    size_t at = from < after ? start_of(src, from) : 0;

    for (size_t least = whole ? SIZE_MAX : STRETCH_LEAST;; least *= 2) {
        int end = stretch_end(src, from, least);
        cmark_node *doc =
            cmark_parse_document(src->text->str + at, start_of(src, end) - at, CMARK_OPT_UNSAFE);
        if (end == after || !goes_on(doc)) {
            *ret_end = end;
            return doc;
        }
        cmark_node_free(doc);
    }
}

static bool may_define_links(const GString *text)
{
    const char *end = text->str + text->len;

    for (const char *p = text->str; (p = memchr(p, ']', (size_t)(end - p))) != NULL; p++)
        if (p[1] == ':')
            return true;
    return false;
}

void markdown_read(const struct source *src, struct events *events)
{
    struct walk w = {.src = src, .events = events};
    bool whole = may_define_links(src->text);
    int line = 1, after = (int)src->starts->len + 1;

    html_init(&w.html, events, last_comment_end(src));
    do {
        int end = 0;
        cmark_node *doc = parse_stretch(src, line, whole, &end);
        w.before = line - 1;
        walk_document(&w, doc);
        cmark_node_free(doc);
        line = end;
    } while (line < after);
    html_finish(&w.html, (int)src->starts->len);
}
