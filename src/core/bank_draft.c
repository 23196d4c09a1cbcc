/* Questions while they are read, and their last step into the bank. */
#include "bank_internal.h"

#include <string.h>

static struct rendered *rendered_new(void)
{
    struct rendered *r = g_new0(struct rendered, 1);

    rendered_init(r);
    return r;
}

static void rendered_free(gpointer p)
{
    struct rendered *r = p;

    if (r == NULL)
        return;
    rendered_clear(r);
    g_free(r);
}

struct draft *draft_new(struct import *im, int line, char *text, const struct draft *parent)
{
    struct draft *d = g_new0(struct draft, 1);

    d->line = line;
    d->text = text;
    d->parent = parent;
    d->topics = g_ptr_array_new_with_free_func(g_free);
    d->answers = g_ptr_array_new_with_free_func(rendered_free);
    g_ptr_array_add(im->drafts, d);
    return d;
}

char *draft_text(GString *text)
{
    size_t mark;

    words_trim(text);
    mark = words_question_mark(text->str);
    if (mark > 0 && text->str[mark] != '\0')
        g_string_erase(text, 0, (gssize)mark);
    return g_string_free(text, FALSE);
}

void draft_free(gpointer p)
{
    struct draft *d = p;

    g_free(d->text);
    g_free(d->hint);
    g_free(d->label);
    rendered_free(d->context);
    g_ptr_array_free(d->topics, TRUE);
    g_ptr_array_free(d->answers, TRUE);
    if (d->notes != NULL)
        g_ptr_array_free(d->notes, TRUE);
    if (d->marked != NULL)
        g_ptr_array_free(d->marked, TRUE);
    g_free(d);
}

/* ---- answers ---- */

/* True when there is nothing but fences without a language: each is a model answer in prose. */
static bool is_plain_fences(const struct rendered *r)
{
    for (guint i = 0; i < r->pieces->len; i++) {
        const struct piece *p = g_ptr_array_index(r->pieces, i);
        if (!p->plain_fence)
            return false;
    }
    return r->pieces->len > 0;
}

static void split_fences(struct draft *d, struct rendered *r)
{
    for (guint i = 0; i < r->pieces->len; i++) {
        struct rendered *one = rendered_new();
        struct piece *p = g_ptr_array_index(r->pieces, i);

        p->code = false;
        g_ptr_array_add(one->pieces, p);
        g_ptr_array_add(d->answers, one);
    }
    g_ptr_array_set_free_func(r->pieces, NULL); /* they have moved */
}

/* Adds TEXT, which it takes, to a list that most questions do without. */
static void add_text(GPtrArray **list, char *text)
{
    if (*list == NULL)
        *list = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(*list, text);
}

void draft_note(struct draft *d, const char *text)
{
    add_text(&d->notes, g_strdup(text));
}

static void move_notes(struct draft *d, struct rendered *r)
{
    for (guint i = 0; i < r->notes->len; i++) {
        const GString *note = g_ptr_array_index(r->notes, i);
        if (note->len > 0)
            add_text(&d->notes, g_strdup(note->str));
    }
}

/* Another block that goes on with the answer of the one before it. */
static void join_answer(struct draft *d, struct rendered *r)
{
    struct rendered *last = g_ptr_array_index(d->answers, d->answers->len - 1);

    for (guint i = 0; i < r->pieces->len; i++)
        g_ptr_array_add(last->pieces, g_ptr_array_index(r->pieces, i));
    g_ptr_array_set_free_func(r->pieces, NULL);
}

static void add_answer(struct draft *d, struct rendered *r, const char *label)
{
    bool goes_on =
        d->answers->len > 0 && d->label != NULL && label != NULL && strcmp(d->label, label) != 0;

    if (is_plain_fences(r)) {
        split_fences(d, r);
    } else if (goes_on) {
        join_answer(d, r);
    } else {
        struct rendered *one = g_memdup2(r, sizeof *r);
        r->pieces = NULL;
        r->notes = NULL;
        g_ptr_array_add(d->answers, one);
    }
}

/* The label without its digits: "Solution 1" and "Solution 2" are two answers, "Answer" and "Why"
 * are one. */
static char *label_key(const char *label)
{
    char *key, *to;

    if (label == NULL)
        return NULL;
    key = to = words_fold(label, strlen(label));
    for (const char *p = key; *p != '\0'; p++)
        if (!g_ascii_isdigit(*p))
            *to++ = *p;
    *to = '\0';
    return key;
}

/* Event I, or one that is nothing where I is past either end. */
static const struct event *event_near(const struct events *e, size_t i)
{
    static const struct event none = {.kind = EV_SOFT};

    return i < e->list->len ? event_at(e, i) : &none;
}

/*
 * Whether the bold words FROM..TO are a heading or a label: alone in a
 * paragraph that is no item's only one, or before a colon.
 */
static bool bold_is_label(const struct events *e, size_t from, size_t to, const char *text)
{
    const struct event *before = event_near(e, from - 2), *after = event_near(e, to + 1);

    if (g_str_has_suffix(text, ":"))
        return true;
    if (after->kind == EV_TEXT) {
        size_t blanks = strspn(e->pool->str + after->at, " ");
        return blanks < after->len && e->pool->str[after->at + blanks] == ':';
    }
    if (event_opens(before, TAG_HEADING))
        return true;
    if (!event_opens(before, TAG_PARA) || !event_closes(after, TAG_PARA))
        return false;
    return !event_opens(event_near(e, from - 3), TAG_ITEM) ||
           !event_closes(event_near(e, to + 2), TAG_ITEM);
}

/*
 * Task-list items and bold words are key points that the author marked, unless
 * all of them are headings or labels.
 */
static void collect_marked(struct import *im, struct draft *d, size_t from, size_t to)
{
    size_t start = 0;
    enum event_tag tag = TAG_NONE;
    guint had = d->marked != NULL ? d->marked->len : 0;
    bool labels = true;

    for (size_t i = from; i < to; i++) {
        const struct event *ev = event_at(&im->events, i);
        int block = block_opened_by(ev);
        if (block >= 0 && block_is_skipped(block_at(&im->blocks, (size_t)block))) {
            i = MAX(i, block_at(&im->blocks, (size_t)block)->after - 1);
        } else if (start == 0 && ((event_opens(ev, TAG_ITEM) && (ev->flags & EF_TASK) != 0) ||
                                  event_opens(ev, TAG_STRONG))) {
            start = i + 1;
            tag = (enum event_tag)ev->tag;
        } else if (start > 0 &&
                   (event_closes(ev, tag) || (event_is_boundary(ev) && tag == TAG_STRONG))) {
            GString *text = render_line(&im->events, &im->blocks, start, i);
            labels &= tag == TAG_STRONG && bold_is_label(&im->events, start, i, text->str);
            if (text->len > 0)
                add_text(&d->marked, g_string_free(text, FALSE));
            else
                g_string_free(text, TRUE);
            start = 0;
        }
    }
    if (labels && d->marked != NULL)
        g_ptr_array_set_size(d->marked, (int)had);
}

void draft_answer(struct import *im, struct draft *d, size_t from, size_t to, const char *label)
{
    struct rendered r;
    GString *text;
    char *key;

    render(&r, &im->events, &im->blocks, from, to, RENDER_NOTES);
    text = rendered_text(&r);
    move_notes(d, &r);
    key = label_key(label);
    if (!words_promise(im->builder->bank_words, text->str)) {
        add_answer(d, &r, key);
        collect_marked(im, d, from, to);
    }
    g_free(d->label);
    d->label = key;
    g_string_free(text, TRUE);
    if (r.pieces != NULL)
        rendered_clear(&r);
}

void draft_context(struct import *im, struct draft *d, size_t from, size_t to)
{
    struct rendered *r = g_new0(struct rendered, 1);
    GString *text;

    render(r, &im->events, &im->blocks, from, to, 0);
    text = rendered_text(r);
    if (text->len > 0 && d->context == NULL)
        d->context = r;
    else
        rendered_free(r);
    g_string_free(text, TRUE);
}

/* ---- into the bank
 * ---------------------------------------------------------------------------------------------- */

static const char *keep(struct import *im, const char *s)
{
    return arena_text(im->builder->arena, s, strlen(s));
}

static const char *const *keep_all(struct import *im, const GPtrArray *texts)
{
    guint n = texts != NULL ? texts->len : 0;
    const char **kept = n > 0 ? arena_alloc(im->builder->arena, n * sizeof *kept) : NULL;

    for (guint i = 0; i < n; i++)
        kept[i] = keep(im, g_ptr_array_index(texts, i));
    return kept;
}

static const struct bank_part *keep_parts(struct import *im, const struct rendered *r)
{
    struct bank_part *parts = arena_alloc(im->builder->arena, (r->pieces->len + 1) * sizeof *parts);

    for (guint i = 0; i < r->pieces->len; i++) {
        const struct piece *p = g_ptr_array_index(r->pieces, i);
        parts[i].code = p->code;
        parts[i].lang = keep(im, p->lang);
        parts[i].text = keep(im, p->text->str);
    }
    return parts;
}

static const char *keep_text(struct import *im, const struct rendered *r)
{
    GString *text = rendered_text(r);
    const char *kept = keep(im, text->str);

    g_string_free(text, TRUE);
    return kept;
}

static void keep_answers(struct import *im, const struct draft *d, struct question *q)
{
    struct bank_answer *answers =
        arena_alloc(im->builder->arena, (d->answers->len + 1) * sizeof *answers);
    const char *const *marked = keep_all(im, d->marked);

    for (guint i = 0; i < d->answers->len; i++) {
        const struct rendered *r = g_ptr_array_index(d->answers, i);
        answers[i].text = keep_text(im, r);
        answers[i].parts = keep_parts(im, r);
        answers[i].n_parts = r->pieces->len;
        answers[i].marked = marked;
        answers[i].n_marked = d->marked != NULL ? d->marked->len : 0;
    }
    q->answers = answers;
    q->n_answers = d->answers->len;
}

/* Folders, then headings; the file's name where no heading names a topic. */
static void keep_topics(struct import *im, const struct draft *d, struct question *q)
{
    size_t n = 0, max = im->n_folders + d->topics->len + 2; /* NULL at the end */
    const char **path = arena_alloc(im->builder->arena, max * sizeof *path);

    for (size_t i = 0; i < im->n_folders; i++)
        path[n++] = keep(im, im->folders[i]);
    for (guint i = 0; i < d->topics->len; i++)
        path[n++] = keep(im, g_ptr_array_index(d->topics, i));
    if (d->topics->len == 0 && (n == 0 || strcmp(path[n - 1], im->fallback) != 0))
        path[n++] = keep(im, im->fallback);
    q->topics = path;
    q->n_topics = n;
    q->topic = path[n - 1];
}

static struct question *keep_question(struct import *im, const struct draft *d, const char *file)
{
    struct question *q = arena_alloc(im->builder->arena, sizeof *q);

    q->id = "";
    q->file = file;
    q->line = d->line;
    q->text = keep(im, d->text);
    keep_topics(im, d, q);
    keep_answers(im, d, q);
    if (d->context != NULL) {
        q->context = keep_text(im, d->context);
        q->context_parts = keep_parts(im, d->context);
        q->n_context_parts = d->context->pieces->len;
    }
    q->notes = keep_all(im, d->notes);
    q->n_notes = d->notes != NULL ? d->notes->len : 0;
    q->hint = d->hint != NULL ? keep(im, d->hint) : NULL;
    return q;
}

static int compare_lines(const void *a, const void *b)
{
    const struct draft *x = *(struct draft *const *)a, *y = *(struct draft *const *)b;

    return (x->line > y->line) - (x->line < y->line);
}

void drafts_finish(struct import *im)
{
    const char *file = keep(im, im->file);

    g_ptr_array_sort(im->drafts, compare_lines); /* stable: GLib sorts by merging */
    for (guint i = 0; i < im->drafts->len; i++) {
        struct draft *d = g_ptr_array_index(im->drafts, i);

        d->kept = keep_question(im, d, file);
        if (d->kept->n_answers == 0)
            import_problem(im, BANK_WARNING, d->line, "no-answer", d->text);
        g_ptr_array_add(im->builder->questions, d->kept);
        /* the bank has its text now: a large file's drafts need not stand beside all of it */
        g_clear_pointer(&d->context, rendered_free);
        g_ptr_array_set_size(d->answers, 0);
    }
    for (guint i = 0; i < im->drafts->len; i++) {
        const struct draft *d = g_ptr_array_index(im->drafts, i);
        if (d->parent != NULL)
            d->kept->parent = d->parent->kept;
    }
}
