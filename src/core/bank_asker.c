/*
 * What asks, when the summary of a block is only a label: the heading, list
 * item or paragraph above it.
 */
#include "bank_internal.h"

#include <limits.h>
#include <string.h>

/* A run of text between two boundaries. */
struct unit {
    size_t from, to;
    int line;
    bool heading, item, code;
    int depth;   /* of an item: in how many lists */
    bool noise;  /* "Back to top", "**정답:**": it neither asks nor belongs to what does */
    bool option; /* "A. …", "② …" */
};

struct units {
    const struct import *im;
    GArray *list; /* of struct unit */
    struct unit now;
    size_t text, local; /* letters outside and inside of local links */
    bool open, in_link, is_local, after_item;
    bool heading;
    int depth;     /* of lists */
    GArray *items; /* of int: the unit of each item around, -1: it has none yet */
};

/* "A. …", "b) …", "② …": one of several answers to choose from. */
static bool is_option(const char *text)
{
    gunichar c;

    if (text[0] == '(' || text[0] == '[')
        text++;
    c = g_utf8_get_char(text);
    if ((c >= 0x2460 && c <= 0x2473) || (c >= 0x24b6 && c <= 0x24e9))
        return true;
    if (!((c >= 'a' && c <= 'h') || (c >= 'A' && c <= 'H') || (c >= 0x3131 && c <= 0x314e) ||
          (c >= 0x410 && c <= 0x417)))
        return false;
    text = g_utf8_next_char(text);
    return (*text == '.' || *text == ')' || *text == ':' || *text == ']') && text[1] != '\0';
}

static void judge_unit(struct units *u)
{
    GString *text;

    u->now.noise = u->text == 0;
    if (u->now.noise)
        return;
    text = render_line(&u->im->events, &u->im->blocks, u->now.from, u->now.to);
    u->now.option = is_option(text->str);
    switch (words_label(u->im->builder->bank_words, text->str)) {
    case LABEL_ANSWER:
    case LABEL_EXPLAIN:
    case LABEL_HINT:
    case LABEL_EXPAND:
        u->now.noise = true;
        break;
    case LABEL_NONE:
    case LABEL_FOLLOW:
    case LABEL_NOTE:
    case LABEL_MENU:
    case LABEL_MAYBE_MENU:
        break;
    }
    g_string_free(text, TRUE);
}

static void end_unit(struct units *u, size_t i)
{
    if (!u->open)
        return;
    u->now.to = i;
    judge_unit(u);
    g_array_append_val(u->list, u->now);
    u->open = false;
}

/* An item begins or ends: what stands in it belongs to its first words. */
static void enter_or_leave_item(struct units *u, bool enters)
{
    const int none = -1;

    u->after_item = enters;
    if (enters)
        g_array_append_val(u->items, none);
    else if (u->items->len > 0)
        g_array_set_size(u->items, u->items->len - 1);
}

static void begin_unit(struct units *u, size_t i, int line)
{
    if (u->open)
        return;
    if (u->after_item && u->items->len > 0)
        g_array_index(u->items, int, u->items->len - 1) = (int)u->list->len;
    u->now = (struct unit){
        .from = i, .line = line, .heading = u->heading, .item = u->after_item, .depth = u->depth};
    u->text = u->local = 0;
    u->open = true;
    u->after_item = false;
}

static bool has_letter(const struct import *im, const struct event *ev)
{
    const char *s = im->events.pool->str + ev->at;

    for (const char *end = s + ev->len; s < end; s = g_utf8_next_char(s))
        if (g_unichar_isalnum(g_utf8_get_char(s)))
            return true;
    return false;
}

static void unit_text(struct units *u, size_t i, const struct event *ev)
{
    if (ev->len == 0 || !has_letter(u->im, ev)) {
        if (ev->len > 0 && u->open)
            u->now.to = i;
        return;
    }
    begin_unit(u, i, ev->line);
    if (u->in_link && u->is_local && !u->heading && !u->now.item)
        u->local++;
    else
        u->text++;
}

static void unit_code(struct units *u, size_t i, const struct event *ev)
{
    struct unit code = {.from = i, .to = i + 1, .line = ev->line, .code = true};

    end_unit(u, i);
    g_array_append_val(u->list, code);
    u->after_item = false;
}

static void unit_event(struct units *u, size_t i, const struct event *ev)
{
    switch ((enum event_kind)ev->kind) {
    case EV_TEXT:
    case EV_CODE:
        unit_text(u, i, ev);
        break;
    case EV_FENCE:
        unit_code(u, i, ev);
        break;
    case EV_OPEN:
    case EV_CLOSE:
        if (ev->tag == TAG_LINK) {
            u->in_link = ev->kind == EV_OPEN;
            u->is_local = (ev->flags & EF_LOCAL) != 0;
        }
        if (event_is_boundary(ev))
            end_unit(u, i);
        if (ev->tag == TAG_HEADING)
            u->heading = ev->kind == EV_OPEN;
        if (ev->tag == TAG_LIST)
            u->depth = MAX(0, u->depth + (ev->kind == EV_OPEN ? 1 : -1));
        if (ev->tag == TAG_ITEM)
            enter_or_leave_item(u, ev->kind == EV_OPEN);
        break;
    case EV_RULE:
        end_unit(u, i);
        break;
    case EV_SOFT:
    case EV_BREAK:
        break;
    }
}

/* The units between FROM and TO: a *new* array. *ret_around gets the item that TO stands in, or -1.
 */
static GArray *collect(const struct import *im, size_t from, size_t to, int *ret_around)
{
    struct units u = {.im = im,
                      .list = g_array_new(FALSE, FALSE, sizeof(struct unit)),
                      .items = g_array_new(FALSE, FALSE, sizeof(int))};

    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_at(&im->events, i);
        int block = block_opened_by(ev);
        if (block >= 0) {
            size_t after = block_at(&im->blocks, (size_t)block)->after;
            end_unit(&u, i);
            i = MAX(i, MIN(after, to) - 1);
            continue;
        }
        unit_event(&u, i, ev);
    }
    end_unit(&u, to);
    *ret_around = -1;
    for (guint i = u.items->len; i-- > 0 && *ret_around < 0;)
        *ret_around = g_array_index(u.items, int, i);
    g_array_free(u.items, TRUE);
    return u.list;
}

static bool unit_asks(const struct import *im, const struct unit *unit)
{
    GString *text = render_line(&im->events, &im->blocks, unit->from, unit->to);
    bool asks = words_ask(text->str) || words_question_mark(text->str) > 0;

    g_string_free(text, TRUE);
    return asks;
}

/* "Question 3", "문제 1", "7.": a heading that leaves the asking to the paragraph below. */
static bool is_bare_number(const struct import *im, const struct unit *unit)
{
    GString *text = render_line(&im->events, &im->blocks, unit->from, unit->to);
    size_t mark = words_question_mark(text->str);
    bool bare;
    char *folded;

    if (mark == 0)
        mark = words_number(text->str);
    else if (text->str[mark] == '(' && text->str[text->len - 1] == ')')
        mark = text->len; /* "Q3. (Apply)" */
    folded = words_fold(text->str + mark, strlen(text->str + mark));
    bare = folded[0] == '\0';
    for (const char *p = folded; *p != '\0' && !bare; p++)
        if (!g_ascii_isdigit(*p))
            break;
    if (!bare) {
        char *end = folded + strcspn(folded, "0123456789");
        static const char *const names[] = {"question", "q",        "문제",     "질문",   "题目",
                                            "问题",     "問題",     "質問",     "quiz",   "problem",
                                            "exercise", "pregunta", "pergunta", "вопрос", "задача",
                                            "задачаno", "вопросno", "frage",    "soru",   "퀴즈",
                                            "第",       NULL};
        *end = '\0';
        for (size_t i = 0; names[i] != NULL && !bare; i++)
            bare = strcmp(folded, names[i]) == 0;
    }
    g_free(folded);
    g_string_free(text, TRUE);
    return bare;
}

static bool may_ask(const struct unit *u)
{
    return !u->code && !u->noise && !u->option;
}

/* The last paragraph that asks, from unit FIRST on, or -1. */
static int asking_text(const struct import *im, const GArray *units, int first)
{
    for (int i = (int)units->len - 1; i >= first; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (may_ask(u) && !u->item && unit_asks(im, u))
            return i;
    }
    return -1;
}

/* True when several items at one depth ask: one answer for all of them answers none. */
static bool ask_in_turn(const struct import *im, const GArray *units, int depth)
{
    int asking = 0;

    for (guint i = 0; i < units->len; i++) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (may_ask(u) && u->item && u->depth == depth && unit_asks(im, u))
            asking++;
    }
    return asking > 1;
}

/* True when several numbered paragraphs ask: the same. */
static bool paragraphs_ask_in_turn(const struct import *im, const GArray *units, int first)
{
    int asking = 0;

    for (guint i = (guint)first; i < units->len; i++) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        GString *text;
        if (!may_ask(u) || u->item || u->heading)
            continue;
        text = render_line(&im->events, &im->blocks, u->from, u->to);
        asking += (words_number(text->str) > 0 || words_question_mark(text->str) > 0) &&
                  words_ask(text->str);
        g_string_free(text, TRUE);
    }
    return asking > 1;
}

/* The last of the outermost items, from unit FIRST on, or -1. */
static int outermost_item(const GArray *units, int first)
{
    int found = -1, depth = INT_MAX;

    for (int i = (int)units->len - 1; i >= first; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (may_ask(u) && u->item && u->depth < depth) {
            found = i;
            depth = u->depth;
        }
    }
    return found;
}

static int first_text(const GArray *units, int first)
{
    for (int i = first; i < (int)units->len; i++)
        if (may_ask(&g_array_index(units, struct unit, i)))
            return i;
    return -1;
}

/* The last paragraph above the code and the options at the end, from unit FIRST on, or -1. */
static int last_text(const GArray *units, int first)
{
    for (int i = (int)units->len - 1; i >= first; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (may_ask(u) && !u->item)
            return i;
    }
    return -1;
}

static int below_heading(const struct import *im, const GArray *units, int heading)
{
    const struct unit *h = &g_array_index(units, struct unit, heading);
    int text = first_text(units, heading + 1), asking, item;

    if (text < 0)
        return heading;
    if (is_bare_number(im, h))
        return text;
    if (unit_asks(im, h))
        return heading;
    asking = asking_text(im, units, heading + 1);
    item = outermost_item(units, heading + 1);
    if (item > asking && unit_asks(im, &g_array_index(units, struct unit, item)))
        return item;
    return asking >= 0 ? asking : heading;
}

/*
 * Without a heading: the last paragraph that asks, or the item, or else the
 * paragraph above the code and the options at the end.
 */
static int without_heading(const struct import *im, const GArray *units)
{
    int asking = asking_text(im, units, 0), last = last_text(units, 0),
        item = outermost_item(units, 0);

    if (item > last && item > asking &&
        (last < 0 || unit_asks(im, &g_array_index(units, struct unit, item))))
        return item;
    return asking >= 0 ? asking : last;
}

/*
 * The heading HEADING stands above the unit FOUND that asks. When it is that
 * unit, or a mere number, it names no topic. Below a number the question may
 * take several paragraphs, up to the one that asks.
 */
static void set_title(const struct import *im, const GArray *units, int heading, int found,
                      struct asker *ret)
{
    const struct unit *h = &g_array_index(units, struct unit, heading);

    if (heading != found && !is_bare_number(im, h))
        return;
    ret->titled = true;
    ret->title = h->from - 1;
    for (int i = found + 1; heading != found && i < (int)units->len; i++) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (!may_ask(u) || u->item)
            break;
        if (unit_asks(im, u))
            ret->to = u->to;
    }
}

/* Labels and links at the end of the units after ASKER are no context. */
static size_t context_end(const GArray *units, int asker)
{
    int last = (int)units->len - 1;

    while (last > asker && g_array_index(units, struct unit, last).noise)
        last--;
    return g_array_index(units, struct unit, last).to;
}

bool find_asker(const struct import *im, size_t from, size_t to, struct asker *ret)
{
    int heading = -1, found, around;
    bool several = false;
    GArray *units = collect(im, from, to, &around);

    for (int i = (int)units->len - 1; i >= 0 && heading < 0; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (u->heading && !u->noise)
            heading = i;
    }
    if (around > heading && may_ask(&g_array_index(units, struct unit, around)))
        found = around;
    else
        found = heading >= 0 ? below_heading(im, units, heading) : without_heading(im, units);
    if (found >= 0 && found != around) {
        const struct unit *u = &g_array_index(units, struct unit, found);
        several = u->item ? ask_in_turn(im, units, u->depth)
                          : !u->heading && paragraphs_ask_in_turn(im, units, MAX(heading, 0));
        if (u->code || several)
            found = -1;
    }
    if (found >= 0) {
        const struct unit *u = &g_array_index(units, struct unit, found);
        *ret = (struct asker){.from = u->from, .to = u->to, .line = u->line};
        if (heading >= 0 && found >= heading)
            set_title(im, units, heading, found, ret);
        ret->context_end = MAX(ret->to, context_end(units, found));
    }
    ret->several = several;
    g_array_free(units, TRUE);
    return found >= 0;
}

size_t without_trailing_links(const struct import *im, size_t from, size_t to)
{
    int around;
    GArray *units = collect(im, from, to, &around);

    while (units->len > 0) {
        const struct unit *last = &g_array_index(units, struct unit, units->len - 1);
        if (last->code || !last->noise)
            break;
        to = last->from;
        g_array_set_size(units, units->len - 1);
    }
    g_array_free(units, TRUE);
    return to;
}
