/*
 * What a <details> block is: a question, an answer to what stands above it, a
 * wrapper, a menu, a note. Decided from its words, from what it holds and from
 * where it stands; inner blocks first, because a wrapper is known by them.
 */
#include "bank_internal.h"

#include <string.h>

enum {
    REPEATED = 3, /* a summary seen this often may be a label in a language that we do not know */
    REPEATED_MAX = 40,      /* bytes of its folded text */
    SECTION_INTRO_MAX = 80, /* characters that a wrapper may say of its own */
    MENU_LINKS = 3,
    QUESTION_HEADINGS = 3, /* headings that ask in a block make it a chapter */
};

/* What stands between the blocks around it and a block. */
struct before {
    size_t from; /* the first event of it */
    bool text, heading;
};

/* How often a summary is seen in a file. */
struct repetition {
    int times;
    int alone; /* with nothing above: it asks for itself, and so do all like it */
    int asked; /* with a question above */
};

struct classifier {
    struct import *im;
    struct before *before; /* of each block */
    GHashTable
        *repetitions; /* folded summary -> how often, less those that nothing stands before */
};

/* ---- measuring ---- */

struct measure {
    struct classifier *c;
    GArray *stack; /* of int: the blocks around */
    struct before before;
    bool in_link, local, in_heading;
    bool in_fence; /* within a fence that stays literal text */
};

/* Roughly how many letters: ASCII letters and the first bytes of others. */
static size_t letters(const char *s, size_t len)
{
    typedef uint8_t bytes __attribute__((vector_size(16)));
    size_t n = 0, i = 0;

    for (; i + sizeof(bytes) <= len; i += sizeof(bytes)) {
        bytes b, is;

        memcpy(&b, s + i, sizeof b);
        is = (bytes)((b | 32) - 'a' < 26) | (bytes)(b - '0' < 10) | (bytes)(b >= 0xc0);
        is &= 1;
        uint64_t half[2];
        memcpy(half, &is, sizeof half);
        n += ((half[0] + half[1]) * UINT64_C(0x0101010101010101)) >> 56; /* their sum */
    }
    for (; i < len; i++)
        n += g_ascii_isalnum(s[i]) || (unsigned char)s[i] >= 0xc0 ? 1 : 0;
    return n;
}

static bool has_letter(const char *s, size_t len)
{
    for (const char *end = s + len; s < end; s = g_utf8_next_char(s))
        if (g_unichar_isalnum(g_utf8_get_char(s)))
            return true;
    return false;
}

/* A fence in raw HTML (no blank line before it) is shown with its backticks. */
static void notice_literal_fence(struct measure *m, const struct event *ev)
{
    const char *s = m->c->im->events.pool->str + ev->at;

    if (ev->kind != EV_TEXT || ev->len < 3 || memcmp(s, "```", 3) != 0)
        return;
    if (!m->in_fence)
        import_problem(m->c->im, BANK_WARNING, ev->line, "literal-fence", NULL);
    m->in_fence = !m->in_fence;
}

static void measure_text(struct measure *m, struct block *b, const struct event *ev)
{
    const char *s = m->c->im->events.pool->str + ev->at;
    size_t n;

    if (!m->in_link && !m->before.text)
        m->before.text = has_letter(s, ev->len);
    if (b == NULL || m->in_heading)
        return;
    n = letters(s, ev->len);
    if (!m->in_link)
        b->own_text += n;
    else
        b->link_text += n;
    if (m->in_link && m->local)
        b->local_text += n;
}

static void measure_heading(struct measure *m, struct block *b, size_t i)
{
    const struct import *im = m->c->im;
    size_t end = i + 1;
    GString *text;

    while (end < b->end && !event_is_boundary(event_at(&im->events, end)))
        end++;
    text = render_line(&im->events, &im->blocks, i + 1, end);
    b->headings++;
    b->asking_headings += words_ask_plainly(text->str);
    g_string_free(text, TRUE);
}

static void measure_inside(struct measure *m, struct block *b, size_t i)
{
    const struct event *ev = event_at(&m->c->im->events, i);

    switch ((enum event_kind)ev->kind) {
    case EV_TEXT:
    case EV_CODE:
        if (b != NULL)
            notice_literal_fence(m, ev);
        measure_text(m, b, ev);
        break;
    case EV_FENCE:
        m->before.text = true;
        if (b != NULL)
            b->fences++;
        break;
    case EV_OPEN:
        if (ev->tag == TAG_LINK) {
            m->in_link = true;
            m->local = (ev->flags & EF_LOCAL) != 0;
            if (b != NULL)
                b->links++;
        } else if (ev->tag == TAG_HEADING) {
            m->in_heading = true;
            m->before.heading = true;
            if (b != NULL)
                measure_heading(m, b, i);
        } else if (ev->tag == TAG_TABLE && b != NULL) {
            b->others++;
        }
        break;
    case EV_CLOSE:
        m->in_link = ev->tag != TAG_LINK && m->in_link;
        m->in_heading = ev->tag != TAG_HEADING && m->in_heading;
        break;
    case EV_SOFT:
    case EV_BREAK:
    case EV_RULE:
        break;
    }
}

/* Steps over what ended before event I; returns the innermost block around it. */
static struct block *leave_blocks(struct measure *m, size_t i)
{
    while (m->stack->len > 0) {
        int top = g_array_index(m->stack, int, m->stack->len - 1);
        struct block *b = block_at(&m->c->im->blocks, (size_t)top);

        if (i < b->after)
            return b;
        g_array_set_size(m->stack, m->stack->len - 1);
        m->before = (struct before){.from = b->after};
    }
    return NULL;
}

static void measure_blocks(struct classifier *c)
{
    struct import *im = c->im;
    struct measure m = {.c = c, .stack = g_array_new(FALSE, FALSE, sizeof(int))};

    for (size_t i = 0; i < im->events.list->len; i++) {
        struct block *around = leave_blocks(&m, i);
        int index = block_opened_by(event_at(&im->events, i));
        if (index >= 0) {
            struct block *b = block_at(&im->blocks, (size_t)index);
            c->before[index] = m.before;
            m = (struct measure){.c = c, .stack = m.stack, .before.from = b->body};
            g_array_append_val(m.stack, index);
            if (b->body > i + 1)
                i = b->body - 1; /* the summary is read for itself */
            continue;
        }
        measure_inside(&m, around, i);
    }
    g_array_free(m.stack, TRUE);
}

/* ---- judging ---- */

static bool mostly_links(const struct block *b)
{
    size_t all = b->own_text + b->link_text;

    if (b->links == 0 || b->fences > 0 || b->others > 0)
        return false;
    if (b->local_text * 10 >= all * 6)
        return b->links >= MENU_LINKS || b->own_text == 0;
    return b->links >= MENU_LINKS && b->link_text * 10 >= all * 8;
}

/* The kinds of the blocks that a block holds directly. */
struct inside {
    int questions, answers, answers_asked, sections;
};

static void look_inside(const struct classifier *c, size_t index, struct inside *in)
{
    const struct blocks *blocks = &c->im->blocks;

    *in = (struct inside){0};
    for (int k = block_at(blocks, index)->first_child; k >= 0;
         k = block_at(blocks, (size_t)k)->next) {
        enum block_kind kind = block_at(blocks, (size_t)k)->kind;
        in->questions += kind == BLOCK_QUESTION;
        in->sections += kind == BLOCK_SECTION || kind == BLOCK_FOLLOW;
        in->answers += kind == BLOCK_ANSWER;
        in->answers_asked += kind == BLOCK_ANSWER && c->before[k].heading;
    }
}

/* A wrapper holds questions and says next to nothing of its own. */
static bool is_section(const struct classifier *c, size_t index, bool asks)
{
    const struct block *b = block_at(&c->im->blocks, index);
    struct inside in;

    if (!asks && b->headings >= QUESTION_HEADINGS && b->asking_headings * 2 > b->headings)
        return true; /* a chapter whose headings ask */
    if (b->children == 0)
        return false;
    look_inside(c, index, &in);
    if (in.answers_asked >= 2 || (in.answers_asked == 1 && !asks))
        return true;
    if (in.questions + in.sections == 0)
        return in.answers >= 2 && !asks && b->own_text > 0;
    if (b->own_text + b->link_text == 0 && b->fences == 0 && b->others == 0)
        return !asks || in.questions >= 2;
    return !asks && in.questions + in.sections >= 2 && b->own_text <= SECTION_INTRO_MAX &&
           b->fences == 0;
}

/* True when what stands above the block is a question. */
static bool above_asks(const struct classifier *c, size_t index)
{
    const struct block *b = block_at(&c->im->blocks, index);
    struct asker asker;
    GString *text;
    bool asks;

    if (!find_asker(c->im, c->before[index].from, b->open, &asker))
        return false;
    text = render_line(&c->im->events, &c->im->blocks, asker.from, asker.to);
    asks = words_ask(text->str) || words_question_mark(text->str) > 0;
    g_string_free(text, TRUE);
    return asks;
}

/*
 * A summary that is seen again and again, each time below something else and
 * mostly below a question, is a label, in whatever language it is.
 */
static bool is_repeated_label(const struct classifier *c, size_t index)
{
    const char *summary = g_ptr_array_index(c->im->summaries, (guint)index);
    char *folded = words_fold(summary, strlen(summary));
    const struct repetition *r = g_hash_table_lookup(c->repetitions, folded);

    g_free(folded);
    return r != NULL && r->alone == 0 && r->times >= REPEATED && r->asked * 2 >= r->times &&
           (c->before[index].text || c->before[index].heading);
}

/* True when the block stands in the answer to a question. */
static bool is_within_question(const struct classifier *c, size_t index)
{
    int parent = block_at(&c->im->blocks, index)->parent;
    const char *summary;

    if (parent < 0)
        return false;
    summary = g_ptr_array_index(c->im->summaries, (guint)parent);
    return words_label(c->im->builder->bank_words, summary) == LABEL_NONE && words_ask(summary);
}

/* "Answer: B", "解答例（初級）", "Resposta do exercício 2": a label and what it is the answer to.
 */
static bool begins_with_label(const struct classifier *c, const char *summary)
{
    static const char *const ends[] = {":", "：", "(", "（", " - ", " – ", " — ", " ─ ", "─", NULL};
    size_t cut = strlen(summary), first = strcspn(summary, " ");
    char *begin;
    enum label label;

    for (size_t i = 0; ends[i] != NULL; i++) {
        const char *end = strstr(summary, ends[i]);
        if (end != NULL)
            cut = MIN(cut, (size_t)(end - summary));
    }
    if (summary[cut] == '\0') /* no sign: the first two words must be a label's */
        cut = summary[first] != '\0' ? first + 1 + strcspn(summary + first + 1, " ") : cut;
    if (cut == 0 || summary[cut] == '\0')
        return false;
    begin = g_strndup(summary, cut);
    label = words_label(c->im->builder->bank_words, begin);
    g_free(begin);
    return label == LABEL_ANSWER;
}

static enum block_kind judge_plain(const struct classifier *c, size_t index, const char *summary)
{
    const struct block *b = block_at(&c->im->blocks, index);
    bool asks = words_ask(summary);

    if (!asks && mostly_links(b))
        return BLOCK_MENU;
    if (is_section(c, index, asks))
        return BLOCK_SECTION;
    if (!asks && is_repeated_label(c, index))
        return BLOCK_ANSWER;
    if (!asks && (c->before[index].text || c->before[index].heading) &&
        begins_with_label(c, summary))
        return BLOCK_ANSWER;
    if (words_invite(summary))
        return above_asks(c, index) ? BLOCK_ANSWER : BLOCK_NOTE;
    /* What asks nothing within an answer is a part of it: "Java code", "A proof". */
    return !asks && is_within_question(c, index) ? BLOCK_NOTE : BLOCK_QUESTION;
}

static enum block_kind judge_expander(const struct classifier *c, size_t index)
{
    const struct block *b = block_at(&c->im->blocks, index);

    if (is_section(c, index, false))
        return BLOCK_FOLLOW;
    if (mostly_links(b))
        return BLOCK_MENU;
    if (is_within_question(c, index))
        return BLOCK_NOTE;
    return above_asks(c, index) || is_repeated_label(c, index) ? BLOCK_ANSWER : BLOCK_NOTE;
}

/* "Other?" asks, whatever its words are; only "정답은?" is a label all the same. */
static enum label label_of(const struct classifier *c, const char *summary)
{
    enum label label = words_label(c->im->builder->bank_words, summary);

    return label == LABEL_ANSWER || label == LABEL_HINT || !words_have_question_mark(summary)
               ? label
               : LABEL_NONE;
}

static enum block_kind judge(const struct classifier *c, size_t index)
{
    const struct block *b = block_at(&c->im->blocks, index);
    const char *summary = g_ptr_array_index(c->im->summaries, index);
    bool above = c->before[index].heading || c->before[index].text;

    if (!has_letter(summary, strlen(summary)))
        return judge_expander(c, index); /* "…", "👇" */
    switch (label_of(c, summary)) {
    case LABEL_ANSWER:
        return !above && is_section(c, index, false) ? BLOCK_SECTION : BLOCK_ANSWER;
    case LABEL_EXPLAIN:
        return b->parent < 0 ? BLOCK_ANSWER : BLOCK_NOTE;
    case LABEL_HINT:
        return BLOCK_HINT;
    case LABEL_FOLLOW:
        return b->children > 0 ? BLOCK_FOLLOW : BLOCK_NOTE;
    case LABEL_EXPAND:
        return judge_expander(c, index);
    case LABEL_NOTE:
        return is_section(c, index, false) ? BLOCK_SECTION
               : mostly_links(b)           ? BLOCK_MENU
                                           : BLOCK_NOTE;
    case LABEL_MENU:
        return is_section(c, index, false) ? BLOCK_SECTION : BLOCK_MENU;
    case LABEL_MAYBE_MENU:
        if (b->links > 0 && b->link_text > b->own_text)
            return BLOCK_MENU;
        return judge_plain(c, index, summary);
    case LABEL_NONE:
        return judge_plain(c, index, summary);
    }
    return BLOCK_QUESTION;
}

/* ---- the whole ---- */

static void count_repetitions(struct classifier *c)
{
    for (guint i = 0; i < c->im->summaries->len; i++) {
        const char *summary = g_ptr_array_index(c->im->summaries, i);
        char *folded = words_fold(summary, strlen(summary));
        struct repetition *r = g_hash_table_lookup(c->repetitions, folded);

        if (strlen(folded) > REPEATED_MAX) {
            g_free(folded);
            continue;
        }
        if (r == NULL) {
            r = g_new0(struct repetition, 1);
            g_hash_table_insert(c->repetitions, g_strdup(folded), r);
        }
        r->times++;
        if (!c->before[i].text && !c->before[i].heading)
            r->alone++;
        else if (r->alone == 0 && above_asks(c, i))
            r->asked++;
        g_free(folded);
    }
}

static void read_summaries(struct import *im)
{
    im->summaries = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < im->blocks.list->len; i++) {
        const struct block *b = block_at(&im->blocks, i);
        GString *text = render_line(&im->events, &im->blocks, b->summary, b->summary_end);

        words_trim(text);
        g_ptr_array_add(im->summaries, g_string_free(text, FALSE));
    }
}

void classify_blocks(struct import *im)
{
    struct classifier c = {.im = im};

    read_summaries(im);
    c.before = g_new0(struct before, im->blocks.list->len + 1);
    c.repetitions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    measure_blocks(&c);
    count_repetitions(&c);
    for (size_t i = im->blocks.list->len; i-- > 0;)
        block_at(&im->blocks, i)->kind = judge(&c, i);
    g_hash_table_destroy(c.repetitions);
    g_free(c.before);
}
