/*
 * What asks, when the summary of a block is only a label: the heading, list
 * item or paragraph above it.
 */
#include "bank_internal.h"

#include <string.h>

/* A run of text between two boundaries. */
struct unit {
    size_t from, to;
    int line;
    bool heading, item, code;
    bool noise; /* "Back to top", a picture: it neither asks nor belongs to what does */
};

struct units {
    const struct import *im;
    GArray *list; /* of struct unit */
    struct unit now;
    size_t text, local; /* letters outside and inside of local links */
    bool open, in_link, is_local, after_item;
    bool heading, row;
};

static void end_unit(struct units *u, size_t i)
{
    if (!u->open)
        return;
    u->now.to = i;
    u->now.noise = u->text == 0;
    g_array_append_val(u->list, u->now);
    u->open = false;
}

static void begin_unit(struct units *u, size_t i, int line)
{
    if (u->open)
        return;
    u->now = (struct unit){.from = i, .line = line, .heading = u->heading, .item = u->after_item};
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
        if (ev->tag == TAG_ITEM)
            u->after_item = ev->kind == EV_OPEN;
        break;
    case EV_RULE:
        end_unit(u, i);
        break;
    case EV_SOFT:
    case EV_BREAK:
        break;
    }
}

static GArray *collect(const struct import *im, size_t from, size_t to)
{
    struct units u = {.im = im, .list = g_array_new(FALSE, FALSE, sizeof(struct unit))};

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
                                            "frage",    "soru",     "퀴즈",     "第",     NULL};
        *end = '\0';
        for (size_t i = 0; names[i] != NULL && !bare; i++)
            bare = strcmp(folded, names[i]) == 0;
    }
    g_free(folded);
    g_string_free(text, TRUE);
    return bare;
}

/* The text that asks among the units after a heading, or -1. */
static int asking_text(const struct import *im, const GArray *units, int first)
{
    for (int i = (int)units->len - 1; i >= first; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (!u->code && !u->noise && !u->item && unit_asks(im, u))
            return i;
    }
    return -1;
}

static int first_text(const GArray *units, int first)
{
    for (int i = first; i < (int)units->len; i++) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (!u->code && !u->noise)
            return i;
    }
    return -1;
}

static int below_heading(const struct import *im, const GArray *units, int heading)
{
    const struct unit *h = &g_array_index(units, struct unit, heading);
    int text = first_text(units, heading + 1), asking;

    if (text < 0)
        return heading;
    if (is_bare_number(im, h))
        return text;
    if (unit_asks(im, h))
        return heading;
    asking = asking_text(im, units, heading + 1);
    return asking >= 0 ? asking : heading;
}

/*
 * Without a heading: the last paragraph that asks, or else the one above the
 * code and the options at the end; a single item is a question, several are
 * its options.
 */
static int without_heading(const struct import *im, const GArray *units)
{
    int asking = asking_text(im, units, 0), last = -1, items = 0, first_item = -1;

    for (int i = (int)units->len - 1; i >= 0; i--) {
        const struct unit *u = &g_array_index(units, struct unit, i);
        if (u->noise || u->code)
            continue;
        if (!u->item) {
            last = i;
            break;
        }
        items++;
        first_item = i;
    }
    if (asking >= 0 && asking >= last)
        return asking;
    if (items == 1 && (last < 0 || first_item > last))
        return first_item;
    if (last >= 0)
        return last;
    return first_item < 0 ? -1 : (int)units->len - 1;
}

bool find_asker(const struct import *im, size_t from, size_t to, struct asker *ret)
{
    GArray *units = collect(im, from, to);
    int heading = -1, found;

    for (int i = (int)units->len - 1; i >= 0 && heading < 0; i--)
        if (g_array_index(units, struct unit, i).heading)
            heading = i;
    found = heading >= 0 ? below_heading(im, units, heading) : without_heading(im, units);
    if (found >= 0 && g_array_index(units, struct unit, found).code)
        found = -1;
    if (found >= 0) {
        const struct unit *u = &g_array_index(units, struct unit, found);
        *ret = (struct asker){.from = u->from, .to = u->to, .line = u->line, .heading = u->heading};
    }
    g_array_free(units, TRUE);
    return found >= 0;
}
