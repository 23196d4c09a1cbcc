/* From events to plain text. One pass, one line at a time. */
#include "bank_render.h"

#include <string.h>

enum { MAX_DEPTH = 16, LINE_ROOM = 2048 };

struct renderer {
    const struct events *events;
    struct rendered *out;
    unsigned flags;
    GString *line;          /* the line that is being written, without its marker */
    bool space;             /* a space is due before the next word */
    int depth;              /* lists around, in this text */
    int numbers[MAX_DEPTH]; /* the next number of each raw ordered list, -1: bullets */
    char marker[16];        /* the item's marker, due on its first line */
    int cells;              /* cells begun in this row */
    size_t text;            /* about how much there is to write */
    bool in_row;
    GString *note;  /* the note that lines go to, or NULL */
    bool note_ends; /* the note's paragraph is over: only a list goes on with it */
};

static GString *prose(struct renderer *r)
{
    GPtrArray *pieces = r->out->pieces;
    struct piece *p = pieces->len > 0 ? g_ptr_array_index(pieces, pieces->len - 1) : NULL;

    if (p == NULL || p->code) {
        p = g_new0(struct piece, 1);
        p->lang = g_strdup("");
        p->text = g_string_sized_new(r->text);
        g_ptr_array_add(pieces, p);
    }
    return p->text;
}

/* A paragraph that begins with "+)" is a note, until the next one or the paragraph's end. */
static GString *target(struct renderer *r)
{
    if ((r->flags & RENDER_NOTES) != 0 && r->depth == 0 && g_str_has_prefix(r->line->str, "+)")) {
        size_t mark = 2 + strspn(r->line->str + 2, " ");

        g_string_erase(r->line, 0, (gssize)mark);
        r->note = g_string_new(NULL);
        r->note_ends = false;
        g_ptr_array_add(r->out->notes, r->note);
    } else if (r->note != NULL && r->note_ends && r->depth == 0) {
        r->note = NULL;
    }
    return r->note != NULL ? r->note : prose(r);
}

static void end_line(struct renderer *r)
{
    r->space = false;
    if (r->line->len == 0 || (r->flags & RENDER_LINE) != 0) {
        r->space = r->line->len > 0;
        return;
    }
    GString *to = target(r);
    if (to->len > 0)
        g_string_append_c(to, '\n');
    if (r->depth > 1 && r->marker[0] != '\0')
        for (int i = 1; i < r->depth; i++)
            g_string_append(to, "  ");
    g_string_append(to, r->marker);
    g_string_append_len(to, r->line->str, (gssize)r->line->len);
    g_string_truncate(r->line, 0);
    r->marker[0] = '\0';
}

static void word(struct renderer *r, const char *s, size_t len)
{
    if (len == 0)
        return;
    if (r->space && r->line->len > 0)
        g_string_append_c(r->line, ' ');
    r->space = false;
    g_string_append_len(r->line, s, (gssize)len);
}

static bool is_space(const char *s, size_t len, size_t *ret_len)
{
    *ret_len = 1;
    if (g_ascii_isspace(*s))
        return true;
    if (len >= 2 &&
        memcmp(s, "\xc2\xa0", 2) == 0) { /* no-break space, which people use as an indent */
        *ret_len = 2;
        return true;
    }
    return false;
}

/*
 * The end of the words from I on that stand one space apart, as most do: they
 * are shown as they are written.
 */
static size_t run_end(const char *text, size_t i, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;

    for (;;) {
        size_t n;

        while (i < len && s[i] > ' ' && s[i] != 0xc2)
            i++;
        if (i >= len)
            return len;
        if (s[i] == ' ') {
            if (i + 1 >= len || s[i + 1] <= ' ' || s[i + 1] == 0xc2)
                return i;
        } else if (is_space(text + i, len - i, &n)) {
            return i;
        }
        i++;
    }
}

static void words(struct renderer *r, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n;

        if (!is_space(s + i, len - i, &n)) {
            size_t end = run_end(s, i, len);

            word(r, s + i, end - i);
            i = end;
            continue;
        }
        r->space = true;
        i += n;
    }
}

/* Inline code keeps its inner spaces. */
static void inline_code(struct renderer *r, const char *s, size_t len)
{
    size_t at = r->line->len + (r->space && r->line->len > 0);

    word(r, s, len);
    for (; at < r->line->len; at++)
        if (r->line->str[at] == '\n')
            r->line->str[at] = ' ';
}

static void code(struct renderer *r, const struct event *ev)
{
    const char *lang = r->events->pool->str + ev->at, *text = lang + ev->num;
    size_t len = ev->len - (size_t)ev->num;
    struct piece *p;

    end_line(r);
    r->note = NULL;
    if ((r->flags & RENDER_LINE) != 0) {
        words(r, text, len);
        return;
    }
    p = g_new0(struct piece, 1);
    p->code = true;
    p->plain_fence = ev->num == 0 && (ev->flags & EF_FENCED) != 0;
    p->lang = g_strndup(lang, (size_t)ev->num);
    p->text = g_string_new_len(text, (gssize)len);
    g_ptr_array_add(r->out->pieces, p);
}

static void item(struct renderer *r, const struct event *ev)
{
    int at = CLAMP(r->depth, 1, MAX_DEPTH) - 1, number = ev->num;

    end_line(r);
    if (r->depth == 0)
        r->depth = 1;
    if (number < 0 && (ev->flags & EF_RAW) != 0 && r->numbers[at] >= 0)
        number = r->numbers[at]++;
    if (number >= 0)
        g_snprintf(r->marker, sizeof r->marker, "%d. ", number);
    else
        strcpy(r->marker, "- ");
}

static void list(struct renderer *r, const struct event *ev)
{
    end_line(r);
    if (ev->kind == EV_CLOSE) {
        r->depth -= r->depth > 0;
        return;
    }
    r->depth++;
    r->numbers[CLAMP(r->depth, 1, MAX_DEPTH) - 1] = ev->num;
}

static void open_or_close(struct renderer *r, const struct event *ev)
{
    bool opens = ev->kind == EV_OPEN;

    switch ((enum event_tag)ev->tag) {
    case TAG_LIST:
        list(r, ev);
        break;
    case TAG_ITEM:
        if (opens)
            item(r, ev);
        else
            end_line(r);
        break;
    case TAG_ROW:
        r->in_row = false;
        end_line(r);
        r->in_row = opens;
        r->cells = 0;
        break;
    case TAG_CELL:
        r->space = true;
        if (opens && r->cells++ > 0)
            word(r, "|", 1);
        r->space = true;
        break;
    case TAG_NONE:
    case TAG_LINK:
    case TAG_STRONG:
        break;
    case TAG_PARA:
    case TAG_HEADING:
    case TAG_QUOTE:
    case TAG_TABLE:
    case TAG_BLOCK:
    case TAG_DETAILS:
    case TAG_SUMMARY:
        if (r->in_row) { /* a paragraph in a cell stays on the row's line */
            r->space = true;
            break;
        }
        end_line(r);
        r->note_ends = true;
        break;
    }
}

static void show(struct renderer *r, const struct event *ev)
{
    const char *s = r->events->pool->str + ev->at;

    switch ((enum event_kind)ev->kind) {
    case EV_TEXT:
        words(r, s, ev->len);
        break;
    case EV_CODE:
        inline_code(r, s, ev->len);
        break;
    case EV_SOFT:
        r->space = true;
        break;
    case EV_BREAK:
        if (r->in_row)
            r->space = true;
        else
            end_line(r);
        break;
    case EV_FENCE:
        code(r, ev);
        break;
    case EV_RULE:
        end_line(r);
        break;
    case EV_OPEN:
    case EV_CLOSE:
        open_or_close(r, ev);
        break;
    }
}

/* A soft line end before "+)" is a real one: two notes in one paragraph are two notes. */
static bool note_follows(const struct renderer *r, size_t i, size_t to)
{
    const struct event *next;

    if ((r->flags & RENDER_NOTES) == 0 || i + 1 >= to)
        return false;
    next = event_at(r->events, i + 1);
    return next->kind == EV_TEXT && next->len >= 2 &&
           memcmp(r->events->pool->str + next->at, "+)", 2) == 0;
}

static void free_piece(gpointer p)
{
    struct piece *piece = p;

    g_free(piece->lang);
    g_string_free(piece->text, TRUE);
    g_free(piece);
}

static void free_note(gpointer p)
{
    g_string_free(p, TRUE);
}

static void run(struct renderer *r, const struct blocks *blocks, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_at(r->events, i);
        int block = block_opened_by(ev);

        if (block >= 0 && block_is_skipped(block_at(blocks, (size_t)block))) {
            size_t after = block_at(blocks, (size_t)block)->after;
            end_line(r);
            if (after > i)
                i = after - 1;
            continue;
        }
        if (ev->kind == EV_SOFT && note_follows(r, i, to))
            end_line(r);
        else
            show(r, ev);
    }
    r->in_row = false;
    end_line(r);
}

/* How many bytes of text the events FROM to before TO have, without the blocks that are stepped
 * over. */
static size_t text_between(const struct events *events, const struct blocks *blocks, size_t from,
                           size_t to)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_at(events, i);
        int block = block_opened_by(ev);

        if (block >= 0 && block_is_skipped(block_at(blocks, (size_t)block)))
            i = MAX(i + 1, block_at(blocks, (size_t)block)->after) - 1;
        else
            n += ev->len;
    }
    return n;
}

void render(struct rendered *out, const struct events *events, const struct blocks *blocks,
            size_t from, size_t to, unsigned flags)
{
    size_t text = text_between(events, blocks, from, to);
    struct renderer r = {.events = events,
                         .out = out,
                         .flags = flags,
                         .line = g_string_sized_new(MIN(text, LINE_ROOM)),
                         .text = text + 64};

    memset(r.numbers, -1, sizeof r.numbers);
    rendered_init(out);
    run(&r, blocks, from, to);
    g_string_free(r.line, TRUE);
}

void rendered_init(struct rendered *r)
{
    r->pieces = g_ptr_array_new_with_free_func(free_piece);
    r->notes = g_ptr_array_new_with_free_func(free_note);
}

void rendered_clear(struct rendered *r)
{
    g_ptr_array_free(r->pieces, TRUE);
    g_ptr_array_free(r->notes, TRUE);
}

GString *rendered_text(const struct rendered *r)
{
    size_t len = 1;
    for (guint i = 0; i < r->pieces->len; i++)
        len += ((const struct piece *)g_ptr_array_index(r->pieces, i))->text->len + 1;
    GString *text = g_string_sized_new(len);

    for (guint i = 0; i < r->pieces->len; i++) {
        const struct piece *p = g_ptr_array_index(r->pieces, i);
        if (i > 0 && p->text->len > 0 && text->len > 0)
            g_string_append_c(text, '\n');
        g_string_append_len(text, p->text->str, (gssize)p->text->len);
    }
    return text;
}

GString *render_line(const struct events *events, const struct blocks *blocks, size_t from,
                     size_t to)
{
    struct renderer r = {.events = events, .flags = RENDER_LINE, .line = g_string_new(NULL)};

    run(&r, blocks, from, to); /* on one line, nothing is ever handed to r.out */
    return r.line;
}
