/*
 * One file into questions: a walk over its events that knows at each place
 * which headings stand above, which blocks stand around, and what has not been
 * used yet and may therefore ask.
 */
#include "bank_import.h"
#include "bank_internal.h"
#include "bank_markdown.h"

#include <string.h>

enum { TOPIC_DEPTH = 12, MAX_BYTES = 1 << 30 };

/* A heading, or the summary of a wrapper, above the place where the walk is. */
struct topic {
    int level;
    size_t event; /* where it begins */
    bool asked;   /* it is a question itself */
    char *name;
};

/* A block that the walk is inside of; the file itself is the outermost. */
struct frame {
    int block; /* -1: the file */
    size_t after;
    size_t from;       /* what stands since here is not used yet */
    int question;      /* the draft that blocks in here belong to, -1: none */
    int last;          /* the draft that the last block in here answered, -1: none */
    guint topics;      /* how many topics stood above when it was entered */
    bool topics_count; /* headings in here name topics */
};

struct walk {
    struct import *im;
    GArray *frames; /* of struct frame */
    GArray *topics; /* of struct topic */
};

void import_problem(struct import *im, enum bank_severity severity, int line, const char *key,
                    const char *arg)
{
    bank_builder_problem(im->builder, severity, im->file, line, key, arg);
}

static struct frame *top(const struct walk *w)
{
    return &g_array_index(w->frames, struct frame, w->frames->len - 1);
}

/* ---- topics ---- */

static void clear_topic(gpointer p)
{
    g_free(((struct topic *)p)->name);
}

char *topic_name(GString *text)
{
    const char *close;

    words_trim(text);
    if (text->str[0] == '[' && (close = strchr(text->str, ']')) != NULL) {
        close++;
        close += strspn(close, " ");
        if (*close != '\0')
            g_string_erase(text, 0, close - text->str);
    }
    return g_string_free(text, FALSE);
}

static void push_topic(struct walk *w, int level, size_t event, char *name)
{
    struct topic t = {.level = level, .event = event, .name = name};
    guint keep = top(w)->topics;

    while (w->topics->len > keep &&
           g_array_index(w->topics, struct topic, w->topics->len - 1).level >= level)
        g_array_set_size(w->topics, w->topics->len - 1);
    g_array_append_val(w->topics, t);
}

/* Enters a heading that begins at event I. */
static void heading(struct walk *w, size_t i)
{
    const struct events *events = &w->im->events;
    size_t end = i + 1;
    GString *text;

    while (end < events->list->len && !event_closes(event_at(events, end), TAG_HEADING) &&
           block_opened_by(event_at(events, end)) < 0)
        end++;
    text = render_line(events, &w->im->blocks, i + 1, end);
    if (text->len == 0) {
        g_string_free(text, TRUE);
        return;
    }
    if (words_label(w->im->builder->bank_words, text->str) == LABEL_NONE)
        top(w)->last = -1; /* a new section: what follows answers nothing above */
    push_topic(w, event_at(events, i)->num, i, topic_name(text));
}

/* The path above a question. */
static void copy_topics(const struct walk *w, struct draft *d)
{
    guint n = w->topics->len, first = n > TOPIC_DEPTH ? n - TOPIC_DEPTH : 0;

    for (guint i = first; i < n; i++) {
        const struct topic *t = &g_array_index(w->topics, struct topic, i);
        if (!t->asked)
            g_ptr_array_add(d->topics, g_strdup(t->name));
    }
}

/* The heading that begins at event I asks and therefore names no topic. */
static void heading_asks(struct walk *w, size_t i)
{
    for (guint k = w->topics->len; k-- > 0;) {
        struct topic *t = &g_array_index(w->topics, struct topic, k);
        if (t->event <= i) {
            t->asked = t->event == i;
            break;
        }
    }
}

/* ---- blocks ---- */

static const char *summary_of(const struct walk *w, int block)
{
    return g_ptr_array_index(w->im->summaries, (guint)block);
}

static struct draft *draft_at(const struct walk *w, int i)
{
    return i >= 0 ? g_ptr_array_index(w->im->drafts, (guint)i) : NULL;
}

static struct frame *enter(struct walk *w, int block, int question)
{
    const struct block *b = block_at(&w->im->blocks, (size_t)block);
    struct frame f = {.block = block,
                      .after = b->after,
                      .from = b->body,
                      .question = question,
                      .last = -1,
                      .topics = w->topics->len};

    g_array_append_val(w->frames, f);
    return top(w);
}

/* A block that holds the answer of the question in which it stands. */
static bool has_answer_inside(const struct walk *w, const struct block *b)
{
    const struct blocks *blocks = &w->im->blocks;

    for (int k = b->first_child; k >= 0; k = block_at(blocks, (size_t)k)->next)
        if (block_at(blocks, (size_t)k)->kind == BLOCK_ANSWER)
            return true;
    return false;
}

/* A summary may hold a list or code: its lines are kept. A *new* string. */
static GString *question_lines(const struct import *im, const struct block *b)
{
    struct rendered r;
    GString *text;

    if (b->summary_end <= b->summary + 1) /* one run of text, as most are */
        return render_line(&im->events, &im->blocks, b->summary, b->summary_end);
    render(&r, &im->events, &im->blocks, b->summary, b->summary_end, 0);
    text = rendered_text(&r);
    rendered_clear(&r);
    return text;
}

static void enter_question(struct walk *w, int block)
{
    struct import *im = w->im;
    const struct block *b = block_at(&im->blocks, (size_t)block);
    struct frame *around = top(w);
    int index = (int)im->drafts->len;
    struct draft *d =
        draft_new(im, b->line, draft_text(question_lines(im, b)), draft_at(w, around->question));

    copy_topics(w, d);
    around->last = index;
    if (has_answer_inside(w, b))
        draft_context(im, d, b->body, b->end);
    else
        draft_answer(im, d, b->body, b->end, NULL);
    enter(w, block, index)->last = index;
}

/* The question that a labelled block belongs to: a new one, or the one before it. -1: none. */
static int labelled_question(struct walk *w, const struct block *b)
{
    struct import *im = w->im;
    struct frame *around = top(w);
    struct asker asker;
    struct draft *d;

    if (around->block >= 0 && around->question >= 0 && around->last == around->question)
        return around->question; /* it answers the summary around it */
    if (!find_asker(im, around->from, b->open, &asker))
        return asker.several ? -1 : around->last;
    if (asker.titled)
        heading_asks(w, asker.title);
    d = draft_new(im, asker.line,
                  draft_text(render_line(&im->events, &im->blocks, asker.from, asker.to)),
                  draft_at(w, around->question));
    copy_topics(w, d);
    draft_context(im, d, asker.to, asker.context_end);
    around->last = (int)im->drafts->len - 1;
    return around->last;
}

static void enter_labelled(struct walk *w, int block)
{
    struct import *im = w->im;
    const struct block *b = block_at(&im->blocks, (size_t)block);
    int question = labelled_question(w, b);

    if (question < 0) {
        import_problem(im, BANK_WARNING, b->line, "label-without-question", summary_of(w, block));
    } else if (b->kind == BLOCK_HINT) {
        struct draft *d = draft_at(w, question);
        GString *hint = render_line(&im->events, &im->blocks, b->body, b->end);
        if (d->hint == NULL && hint->len > 0)
            d->hint = g_string_free(hint, FALSE);
        else
            g_string_free(hint, TRUE);
    } else {
        draft_answer(im, draft_at(w, question), b->body, b->end, summary_of(w, block));
    }
    enter(w, block, question)->last = question;
}

static void enter_section(struct walk *w, int block)
{
    const struct block *b = block_at(&w->im->blocks, (size_t)block);
    struct frame *around = top(w);
    int question = around->question >= 0     ? around->question
                   : b->kind == BLOCK_FOLLOW ? around->last
                                             : -1;
    struct frame *f = enter(w, block, question);

    f->topics_count = true;
    if (b->kind == BLOCK_SECTION && question < 0)
        push_topic(w, 0, b->open, topic_name(g_string_new(summary_of(w, block))));
    top(w)->topics = w->topics->len;
}

static void report_flaws(struct walk *w, int block)
{
    const struct block *b = block_at(&w->im->blocks, (size_t)block);
    const char *summary = summary_of(w, block);

    if ((b->flaws & FLAW_UNCLOSED) != 0)
        import_problem(w->im, BANK_WARNING, b->line, "unclosed-block", summary);
    if ((b->flaws & FLAW_NO_DETAILS) != 0)
        import_problem(w->im, BANK_WARNING, b->line, "summary-without-details", summary);
    if ((b->flaws & FLAW_NO_SUMMARY) != 0)
        import_problem(w->im, BANK_WARNING, b->line, "details-without-summary", NULL);
    if ((b->flaws & FLAW_SUMMARY_UNCLOSED) != 0)
        import_problem(w->im, BANK_WARNING, b->line, "unclosed-summary", summary);
}

/* Reads the block that event I opens; returns the event to go on with. */
static size_t block(struct walk *w, int index)
{
    const struct block *b = block_at(&w->im->blocks, (size_t)index);

    report_flaws(w, index);
    switch (b->kind) {
    case BLOCK_QUESTION:
        enter_question(w, index);
        break;
    case BLOCK_ANSWER:
    case BLOCK_HINT:
        enter_labelled(w, index);
        break;
    case BLOCK_SECTION:
    case BLOCK_FOLLOW:
        enter_section(w, index);
        break;
    case BLOCK_NOTE:
        if (top(w)->question < 0)
            import_problem(w->im, BANK_WARNING, b->line, "left-out-note", summary_of(w, index));
        return b->body;
    case BLOCK_MENU:
        import_problem(w->im, BANK_WARNING, b->line, "left-out-menu", summary_of(w, index));
        top(w)->from = b->after;
        return b->after;
    }
    return b->body;
}

static void leave_frames(struct walk *w, size_t i)
{
    while (w->frames->len > 1 && top(w)->after <= i) {
        size_t after = top(w)->after;
        int block = top(w)->block;
        guint topics;

        topics = top(w)->topics;
        if (block_at(&w->im->blocks, (size_t)block)->kind == BLOCK_SECTION && topics > 0 &&
            g_array_index(w->topics, struct topic, topics - 1).level == 0)
            topics--;
        /* A section left within may have taken its own away already: never up. */
        if (topics < w->topics->len)
            g_array_set_size(w->topics, topics);
        g_array_set_size(w->frames, w->frames->len - 1);
        top(w)->from = after;
    }
}

static void walk_events(struct walk *w)
{
    size_t n = w->im->events.list->len, i = 0;

    while (i < n) {
        const struct event *ev = event_at(&w->im->events, i);
        int index = block_opened_by(ev);

        leave_frames(w, i);
        if (index >= 0) {
            size_t next = block(w, index);
            i = MAX(next, i + 1);
            continue;
        }
        if (event_opens(ev, TAG_HEADING) && top(w)->topics_count)
            heading(w, i);
        i++;
    }
}

static void report_strays(struct import *im)
{
    for (guint i = 0; i < im->blocks.stray_lines->len; i++)
        import_problem(im, BANK_WARNING, g_array_index(im->blocks.stray_lines, int, i),
                       "stray-closer", NULL);
}

/* ---- the file ---- */

static void read_questions(struct import *im)
{
    struct walk w = {.im = im};
    struct frame file = {.block = -1,
                         .after = im->events.list->len + 1,
                         .question = -1,
                         .last = -1,
                         .topics_count = true};

    w.frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
    w.topics = g_array_new(FALSE, FALSE, sizeof(struct topic));
    g_array_set_clear_func(w.topics, clear_topic);
    g_array_append_val(w.frames, file);
    walk_events(&w);
    g_array_free(w.frames, TRUE);
    g_array_free(w.topics, TRUE);
}

static void read_events(struct import *im)
{
    blocks_find(&im->blocks, &im->events);
    im->drafts = g_ptr_array_new_with_free_func(draft_free);
    classify_blocks(im);
    report_strays(im);
    read_questions(im);
    outline_read(im);
    drafts_finish(im);
    g_ptr_array_free(im->drafts, TRUE);
    g_ptr_array_free(im->summaries, TRUE);
    blocks_clear(&im->blocks);
    events_clear(&im->events);
}

void import_file(bank_builder *b, const char *file, const char *const *folders, size_t n_folders,
                 const char *fallback, const char *data, size_t len)
{
    struct import im = {.builder = b,
                        .file = file,
                        .folders = folders,
                        .n_folders = n_folders,
                        .fallback = fallback};
    struct source src;

    if (len > MAX_BYTES) {
        import_problem(&im, BANK_ERROR, 0, "too-big", NULL);
        return;
    }
    if (source_init(&src, data, len)) {
        if (src.first_bad > 0)
            import_problem(&im, BANK_WARNING, src.first_bad, "bad-bytes", NULL);
        if (src.first_clamped > 0)
            import_problem(&im, BANK_WARNING, src.first_clamped, "too-deep", NULL);
        events_init(&im.events, src.text->len);
        markdown_read(&src, &im.events);
        source_clear(&src); /* the events have all that was in it */
        read_events(&im);
    } else {
        import_problem(&im, BANK_ERROR, 0, "not-utf8", NULL);
        source_clear(&src);
    }
}
