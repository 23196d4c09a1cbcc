/*
 * The second tier: headings, numbered items and "Q." that ask, with the answer
 * as plain text below.
 *
 * Any text has headings, and some of them ask. A file counts as questions and
 * answers only when a form asks again and again and nearly every time, or when
 * its answers are labelled; and a file with <details> questions says by those
 * how its questions look.
 */
#include "bank_outline.h"

#include <string.h>

enum {
    OFTEN = 3,           /* a form must ask this often */
    SHARE_HEADINGS = 70, /* and in so many of a hundred cases */
    SHARE_OTHERS = 70,
    SHARE_NUMBERED = 50, /* the same where all of them are numbered */
    NUMBERED_MIN = 5,
    COVERAGE = 50, /* of a hundred events that stand in answers */
    TOPIC_MAX = 12,
};

struct tally {
    int all, asking, numbered;
};

struct outline {
    struct import *im;
    GArray *list; /* of struct candidate */
    struct tally tally[FORMS][LEVELS];
    bool has_blocks; /* the file has questions in <details> */
    size_t n;
};

static struct candidate *candidate_at(const struct outline *o, size_t i)
{
    return &g_array_index(o->list, struct candidate, i);
}

static struct tally *tally_of(struct outline *o, const struct candidate *c)
{
    return &o->tally[c->form][c->level];
}

/* ---- choosing ---- */

/* Where the text directly below a candidate ends: at the next one of its kind or the next heading.
 */
static size_t near_end(const struct outline *o, size_t i)
{
    const struct candidate *c = candidate_at(o, i);

    for (size_t k = i + 1; k < o->list->len; k++) {
        const struct candidate *next = candidate_at(o, k);
        if (next->form == ASK_HEADING && (c->form != ASK_HEADING || next->level <= c->level))
            return next->begin;
        if (next->form == c->form && next->level == c->level)
            return next->begin;
    }
    return o->n;
}

/* Where a candidate's own text ends: below a heading at the next heading of any level. */
static size_t own_end(const struct outline *o, size_t i)
{
    const struct candidate *c = candidate_at(o, i);

    for (size_t k = i + 1; k < o->list->len && c->form == ASK_HEADING; k++)
        if (candidate_at(o, k)->form == ASK_HEADING)
            return MIN(candidate_at(o, k)->begin, c->end);
    return c->end;
}

/* A candidate without a text of its own is a chapter, or a mere list of questions. */
static void count(struct outline *o)
{
    for (size_t i = 0; i < o->list->len; i++) {
        struct candidate *c = candidate_at(o, i);
        struct tally *t = tally_of(o, c);

        c->end = near_end(o, i);
        if (c->label || !has_content(o->im, c->body, own_end(o, i)))
            continue;
        t->all++;
        t->asking += c->asks || c->marked;
        t->numbered += c->numbered || c->marked;
    }
}

/* True when every one of a form has its number: then all of them are questions, or none. */
static bool is_numbered(const struct tally *t)
{
    return t->numbered >= NUMBERED_MIN && t->numbered * 10 >= t->all * 9;
}

static bool form_asks(const struct outline *o, enum ask_form form, int level)
{
    const struct tally *t = &o->tally[form][level];
    int share = form == ASK_HEADING ? SHARE_HEADINGS : SHARE_OTHERS;

    if (form != ASK_NUMBERED && is_numbered(t))
        share = SHARE_NUMBERED;
    return t->asking >= OFTEN && t->asking * 100 >= t->all * share;
}

/* The form and level in which most questions are asked. */
static bool best_form(const struct outline *o, enum ask_form *ret_form, int *ret_level)
{
    int best = 0;

    for (int form = 0; form < FORMS; form++) {
        for (int level = 0; level < LEVELS; level++) {
            const struct tally *t = &o->tally[form][level];
            if (!form_asks(o, (enum ask_form)form, level) || t->asking <= best)
                continue;
            best = t->asking;
            *ret_form = (enum ask_form)form;
            *ret_level = level;
        }
    }
    return best > 0;
}

static void choose_form(struct outline *o, enum ask_form form, int level)
{
    bool numbered = is_numbered(&o->tally[form][level]);

    for (size_t i = 0; i < o->list->len; i++) {
        struct candidate *c = candidate_at(o, i);
        bool asks = c->asks || c->marked || (form != ASK_NUMBERED && c->numbered && numbered);
        if (c->form == form && c->level == level && !c->label && asks)
            c->chosen = true;
    }
}

/* A question whose answer is labelled needs no company: the label says what it is. */
static void choose_labelled(struct outline *o)
{
    for (size_t i = 0; i < o->list->len; i++) {
        struct candidate *c = candidate_at(o, i);
        size_t limit = i + 1 < o->list->len ? candidate_at(o, i + 1)->begin : o->n;

        if (c->label)
            continue;
        if (c->form == ASK_HEADING && i + 1 < o->list->len) {
            const struct candidate *next = candidate_at(o, i + 1);
            GString *text = render_line(&o->im->events, &o->im->blocks, next->from, next->to);
            if (next->form == ASK_HEADING && next->level > c->level &&
                words_label(o->im->builder->bank_words, text->str) == LABEL_ANSWER)
                c->chosen = true;
            g_string_free(text, TRUE);
        }
        if (c->form == ASK_LINE || (c->form != ASK_BULLET && (c->asks || c->marked)))
            c->chosen |= has_answer_label(o->im, c, limit);
    }
}

static bool has_question_mark(const struct outline *o, const struct candidate *c)
{
    GString *text = render_line(&o->im->events, &o->im->blocks, c->from, c->to);
    bool has = words_have_question_mark(text->str);

    g_string_free(text, TRUE);
    return has;
}

/*
 * A file whose title asks, and whose chapters do not, is one question with an
 * article as its answer.
 */
static void choose_title(struct outline *o)
{
    struct candidate *title = NULL;
    int chapters = 0, asking = 0;

    for (size_t i = 0; i < o->list->len; i++) {
        struct candidate *c = candidate_at(o, i);
        if (c->form != ASK_HEADING)
            continue;
        if (title == NULL) {
            title = c;
            continue;
        }
        if (c->level <= title->level)
            return;
        chapters++;
        asking += c->asks;
    }
    if (title == NULL || !has_question_mark(o, title) || asking * 2 > chapters)
        return;
    title->end = o->n;
    if (has_content(o->im, title->body, o->n))
        title->chosen = true;
}

static bool is_any_chosen(const struct outline *o)
{
    for (size_t i = 0; i < o->list->len; i++)
        if (candidate_at(o, i)->chosen)
            return true;
    return false;
}

/* Three questions in a long text are an aside, not its form. */
static bool covers_file(const struct outline *o, enum ask_form form, int level)
{
    bool numbered = is_numbered(&o->tally[form][level]);
    size_t covered = 0;

    for (size_t i = 0; i < o->list->len; i++) {
        const struct candidate *c = candidate_at(o, i);
        if (c->form == form && c->level == level && (c->asks || c->marked || numbered))
            covered += c->end - c->begin;
    }
    return covered * 100 >= o->n * COVERAGE;
}

static void choose(struct outline *o)
{
    enum ask_form form = ASK_HEADING;
    int level = 0;

    choose_labelled(o);
    if (o->has_blocks || is_any_chosen(o))
        return;
    if (best_form(o, &form, &level) && covers_file(o, form, level))
        choose_form(o, form, level);
    else
        choose_title(o);
}

/* ---- reading ---- */

/* The answer ends where the next question begins, or the next chapter. */
static size_t answer_end(const struct outline *o, size_t i)
{
    const struct candidate *c = candidate_at(o, i);
    size_t limit = o->n;

    for (size_t k = i + 1; k < o->list->len && limit == o->n; k++) {
        const struct candidate *next = candidate_at(o, k);
        bool chapter =
            next->form == ASK_HEADING && (c->form != ASK_HEADING || next->level <= c->level);
        if (next->chosen || chapter)
            limit = next->begin;
    }
    /* An item that holds text of its own is answered within itself. */
    if (c->item_end > c->body && c->item_end < limit && has_content(o->im, c->body, c->item_end))
        limit = c->item_end;
    return limit;
}

struct heading {
    int level;
    char *name;
};

static void clear_heading(gpointer p)
{
    g_free(((struct heading *)p)->name);
}

static void push_heading(struct outline *o, GArray *path, const struct candidate *c)
{
    struct heading h = {.level = c->level};

    while (path->len > 0 && g_array_index(path, struct heading, path->len - 1).level >= c->level)
        g_array_set_size(path, path->len - 1);
    h.name = topic_name(render_line(&o->im->events, &o->im->blocks, c->from, c->to));
    if (h.name[0] != '\0' && path->len < TOPIC_MAX)
        g_array_append_val(path, h);
    else
        g_free(h.name);
}

static void read_candidate(struct outline *o, size_t i, const GArray *path)
{
    struct import *im = o->im;
    struct candidate *c = candidate_at(o, i);
    char *text = draft_text(render_line(&im->events, &im->blocks, c->from, c->to));
    struct draft *d;

    c->end = answer_end(o, i);
    if (text[0] == '\0') {
        g_free(text);
        return;
    }
    d = draft_new(im, c->line, text, NULL);
    for (guint k = 0; k < path->len; k++) {
        const struct heading *h = &g_array_index(path, struct heading, k);
        if (c->form != ASK_HEADING || h->level < c->level)
            g_ptr_array_add(d->topics, g_strdup(h->name));
    }
    outline_answer(im, d, c);
}

static void read_chosen(struct outline *o)
{
    GArray *path = g_array_new(FALSE, FALSE, sizeof(struct heading));

    g_array_set_clear_func(path, clear_heading);
    for (size_t i = 0; i < o->list->len; i++) {
        const struct candidate *c = candidate_at(o, i);
        if (c->chosen)
            read_candidate(o, i, path);
        else if (c->form == ASK_HEADING)
            push_heading(o, path, c);
    }
    g_array_free(path, TRUE);
}

/* Files that every repository has, about itself. */
static bool is_about_repository(const char *file)
{
    static const char *const names[] = {
        "contributing", "code_of_conduct",       "code-of-conduct", "changelog", "license",
        "security",     "pull_request_template", "issue_template",  "support",   NULL};
    char *base = g_path_get_basename(file), *lower = g_ascii_strdown(base, -1);
    bool found = false;

    for (size_t i = 0; names[i] != NULL && !found; i++)
        found = g_str_has_prefix(lower, names[i]) && lower[strlen(names[i])] == '.';
    g_free(lower);
    g_free(base);
    return found;
}

void outline_read(struct import *im)
{
    struct outline o = {.im = im, .has_blocks = im->drafts->len > 0, .n = im->events.list->len};

    if (is_about_repository(im->file))
        return;
    o.list = candidates_find(im);
    count(&o);
    choose(&o);
    read_chosen(&o);
    g_array_free(o.list, TRUE);
}
