/*
 * Replies as Telegram's HTML. The runs are laid out as one plain text with
 * spans of style over it; that text is cut into parts, and each part is written
 * with its own tags: so a cut never falls into markup, and tags always nest.
 */
#include "render.h"

#include <string.h>

#include "entities.h"
#include "graphemes.h"
#include "gstr.h"
#include "json_out.h"
#include "text.h"

/* Telegram forgets the entities of a message beyond 100: a forgotten spoiler would show. */
#define SPANS_MOST 80

#define PLACEHOLDER_UNITS 64

#define QUOTES    (REPLY_QUOTE | REPLY_FOLD)
#define ORNAMENTS (REPLY_BOLD | REPLY_ITALIC | REPLY_CODE)

struct span {
    size_t from, to; /* bytes of the text */
    unsigned style;
    const char *lang; /* *borrowed*; of REPLY_PRE */
};

struct layout {
    GString *text;
    GArray *spans; /* they follow each other and cover the text */
};

/* ---- laying out ---- */

static bool is_blank(const char *s)
{
    return s[strspn(s, " \t\n")] == '\0';
}

/* What Telegram can show of STYLE: code stands alone, and cannot hide. */
static unsigned possible(unsigned style)
{
    if ((style & REPLY_HIDDEN) != 0)
        style &= ~(unsigned)(REPLY_PRE | REPLY_CODE);
    if ((style & REPLY_PRE) != 0)
        return REPLY_PRE;
    if ((style & REPLY_CODE) != 0)
        style &= REPLY_CODE | QUOTES;
    if ((style & REPLY_FOLD) != 0)
        style &= ~(unsigned)REPLY_QUOTE;
    return style;
}

static void add(struct layout *l, unsigned style, const char *lang, const char *text, size_t len)
{
    struct span span = {l->text->len, l->text->len + len, style, lang};
    struct span *last =
        l->spans->len > 0 ? &g_array_index(l->spans, struct span, l->spans->len - 1) : NULL;

    if (len == 0)
        return;
    gstr_add(l->text, text, len);
    if (last != NULL && last->style == style && (style & REPLY_PRE) == 0)
        last->to = span.to;
    else
        g_array_append_val(l->spans, span);
}

/* White space takes on what both its neighbours are part of: one spoiler, not many. */
static unsigned blank_style(const reply *r, size_t i)
{
    unsigned before, after;

    if (i == 0 || i + 1 >= reply_run_count(r))
        return REPLY_PLAIN;
    before = possible(reply_run_at(r, i - 1)->style);
    after = possible(reply_run_at(r, i + 1)->style);
    return before & after & (REPLY_HIDDEN | QUOTES);
}

/* A block's text without the line ends around it, and the one that closes its last line. */
static void add_block(struct layout *l, const struct reply_run *run, unsigned style)
{
    const char *text = run->text;
    size_t len;

    while (*text == '\n')
        text++;
    len = strlen(text);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    add(l, style, run->lang, text, len);
    add(l, style & ~(unsigned)REPLY_PRE, NULL, "\n", 1);
}

static struct layout lay_out(const reply *r)
{
    size_t all = 0, n = reply_run_count(r);

    for (size_t i = 0; i < n; i++)
        all += reply_run_at(r, i)->len + 1; /* a block's last line end */
    struct layout l = {g_string_sized_new(all + 1),
                       g_array_sized_new(FALSE, FALSE, sizeof(struct span), (guint)(2 * n))};

    for (size_t i = 0; i < n; i++) {
        const struct reply_run *run = reply_run_at(r, i);
        unsigned style = possible(run->style);

        if (is_blank(run->text))
            add(&l, blank_style(r, i), NULL, run->text, run->len);
        else if ((run->style & REPLY_PRE) != 0)
            add_block(&l, run, style);
        else
            add(&l, style, NULL, run->text, run->len);
    }
    return l;
}

static void layout_clear(struct layout *l)
{
    g_string_free(l->text, TRUE);
    g_array_unref(l->spans);
}

/* ---- cutting ---- */

static const struct span *span_at(const struct layout *l, size_t at)
{
    guint low = 0, high = l->spans->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(l->spans, struct span, middle).from <= at)
            low = middle;
        else
            high = middle;
    }
    return &g_array_index(l->spans, struct span, low);
}

static bool in_code(const struct layout *l, size_t at)
{
    const struct span *s = span_at(l, at);

    return (s->style & REPLY_PRE) != 0 && at > s->from && at < s->to;
}

/* The last end of a line in (LOW, HIGH]: BLANK ones close a paragraph; 0 when there is none. */
static size_t line_end(const struct layout *l, size_t low, size_t high, bool blank, bool code)
{
    const char *t = l->text->str;

    for (size_t i = high; i > low; i--) {
        bool end = t[i - 1] == '\n' && (!blank || (i >= 2 && t[i - 2] == '\n'));

        if (end && (code || !in_code(l, i)))
            return i;
    }
    return 0;
}

static size_t word_end(const struct layout *l, size_t low, size_t high)
{
    for (size_t i = high; i > low; i--) {
        if (l->text->str[i - 1] == ' ')
            return i;
    }
    return 0;
}

static size_t character_end(const struct layout *l, size_t low, size_t high)
{
    const char *t = l->text->str, *p = t + high;

    while (p > t + low && !graphemes_may_cut(t, p))
        p = g_utf8_prev_char(p);
    /* One cluster longer than a message: there is no good place. */
    return p > t + low ? (size_t)(p - t) : high;
}

/* The byte behind which a part from FROM would have more than UNITS units. */
static size_t farthest(const struct layout *l, size_t from, size_t units)
{
    const char *p = l->text->str + from;
    size_t used = 0, left = l->text->len - from;

    /* No unit is shorter than a byte, or longer than three. */
    if (left <= units || (left <= 3 * units && text_utf16_units(p, left) <= units))
        return l->text->len;
    for (; *p != '\0'; p = g_utf8_next_char(p)) {
        used += (unsigned char)*p >= 0xF0 ? 2 : 1;
        if (used > units)
            break;
    }
    return (size_t)(p - l->text->str);
}

/* Where the part that begins at FROM ends. */
static size_t cut(const struct layout *l, size_t from, size_t units)
{
    size_t far = farthest(l, from, units), at;
    size_t half = from + (far - from) / 2, quarter = from + (far - from) / 4;
    const struct span *s;

    if (far == l->text->len)
        return far;
    s = span_at(l, far);
    if ((at = line_end(l, half, far, true, false)) != 0)
        return at;
    /* A block of code that would fit whole into the next message. */
    if ((s->style & REPLY_PRE) != 0 && s->from > quarter &&
        text_utf16_units(l->text->str + s->from, s->to - s->from) <= units)
        return s->from;
    if ((at = line_end(l, half, far, false, false)) != 0 ||
        (at = line_end(l, quarter, far, false, true)) != 0 || (at = word_end(l, quarter, far)) != 0)
        return at;
    return character_end(l, from, far);
}

/* ---- writing a part ---- */

static const struct {
    unsigned style;
    const char *open, *close;
} tags[] = {
    {REPLY_QUOTE, "<blockquote>", "</blockquote>"},
    {REPLY_FOLD, "<blockquote expandable>", "</blockquote>"},
    {REPLY_HIDDEN, "<tg-spoiler>", "</tg-spoiler>"},
    {REPLY_BOLD, "<b>", "</b>"},
    {REPLY_ITALIC, "<i>", "</i>"},
    {REPLY_CODE, "<code>", "</code>"},
};

/* The first outer tag that stands in only one of A and B: from there on tags are closed and opened.
 */
static size_t first_difference(unsigned a, unsigned b)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(tags) && (a & tags[i].style) == (b & tags[i].style))
        i++;
    return i;
}

static void change_tags(GString *out, unsigned from, unsigned to)
{
    size_t keep = first_difference(from, to);

    for (size_t i = G_N_ELEMENTS(tags); i > keep; i--) {
        if ((from & tags[i - 1].style) != 0)
            gstr_add_text(out, tags[i - 1].close);
    }
    for (size_t i = keep; i < G_N_ELEMENTS(tags); i++) {
        if ((to & tags[i].style) != 0)
            gstr_add_text(out, tags[i].open);
    }
}

/* A language's name where it can be trusted inside an attribute. */
static bool sound_language(const char *lang)
{
    size_t n = lang != NULL ? strlen(lang) : 0;

    return n > 0 && n <= 32 &&
           strspn(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_.") == n;
}

static void write_code(GString *out, const char *lang, const char *text, size_t len)
{
    bool named = sound_language(lang);

    gstr_add_text(out, "<pre>");
    if (named)
        g_string_append_printf(out, "<code class=\"language-%s\">", lang);
    entities_out(out, text, len);
    gstr_add_text(out, named ? "</code></pre>" : "</pre>");
}

/* Too many spans: what only adorns goes, what hides stays. */
static unsigned mask_for(const struct layout *l, size_t from, size_t to)
{
    int n = 0;

    for (guint i = 0; i < l->spans->len; i++) {
        const struct span *s = &g_array_index(l->spans, struct span, i);

        n += s->to > from && s->from < to && s->style != REPLY_PLAIN ? 1 : 0;
    }
    return n > SPANS_MOST ? ~(unsigned)ORNAMENTS : ~0U;
}

static char *write_part(const struct layout *l, size_t from, size_t to)
{
    GString *out = g_string_sized_new(to - from + 128);
    unsigned now = REPLY_PLAIN, mask = mask_for(l, from, to);

    for (guint i = (guint)(span_at(l, from) - (const struct span *)(const void *)l->spans->data);
         i < l->spans->len; i++) {
        const struct span *s = &g_array_index(l->spans, struct span, i);
        size_t a = MAX(s->from, from), b = MIN(s->to, to);
        unsigned style = s->style & mask;

        if (a >= b)
            break;
        if ((style & REPLY_PRE) != 0) {
            change_tags(out, now, REPLY_PLAIN);
            now = REPLY_PLAIN;
            write_code(out, s->lang, l->text->str + a, b - a);
            continue;
        }
        change_tags(out, now, style);
        now = style;
        entities_out(out, l->text->str + a, b - a);
    }
    change_tags(out, now, REPLY_PLAIN);
    return g_string_free(out, FALSE);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

GPtrArray *render_telegram(const reply *r, size_t units)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    struct layout l = lay_out(r);
    size_t at = 0;

    while (at < l.text->len) {
        size_t end, last;

        while (l.text->str[at] == '\n')
            at++;
        if (at == l.text->len)
            break;
        end = last = cut(&l, at, units);
        while (last > at && is_space(l.text->str[last - 1]))
            last--;
        if (last > at)
            g_ptr_array_add(parts, write_part(&l, at, last));
        at = end;
    }
    layout_clear(&l);
    return parts;
}

char *render_telegram_plain(const char *text, size_t units)
{
    const char *p = text;
    size_t used = 1; /* the dots */

    if (text_utf16_units(text, strlen(text)) <= units)
        return g_strdup(text);
    while (used + ((unsigned char)*p >= 0xF0 ? 2 : 1) <= units) {
        used += (unsigned char)*p >= 0xF0 ? 2 : 1;
        p = g_utf8_next_char(p);
    }
    while (p > text && !graphemes_may_cut(text, p))
        p = g_utf8_prev_char(p);
    return g_strdup_printf("%.*s…", (int)(p - text), text);
}

/* ---- keyboards ---- */

static void write_button(GString *json, const struct reply_button *b, const char *botname)
{
    gstr_add_text(json, "{\"text\":");
    json_out_string(json, b->label);
    if (b->action != NULL) {
        gstr_add_text(json, ",\"callback_data\":");
        json_out_string(json, b->action);
    } else {
        g_autofree char *url = g_strdup_printf("https://t.me/%s?start=%s", botname, b->link);

        gstr_add_text(json, ",\"url\":");
        json_out_string(json, url);
    }
    g_string_append_c(json, '}');
}

static void write_keyboard(GString *json, const reply *r, const char *botname)
{
    gstr_add_text(json, ",\"reply_markup\":{\"inline_keyboard\":[[");
    for (size_t i = 0; i < reply_button_count(r); i++) {
        const struct reply_button *b = reply_button_at(r, i);

        if (i > 0)
            gstr_add_text(json, b->new_row ? "],[" : ",");
        write_button(json, b, botname);
    }
    gstr_add_text(json, "]]}");
}

static void write_force_reply(GString *json, const char *placeholder)
{
    g_autofree char *cut_short = render_telegram_plain(placeholder, PLACEHOLDER_UNITS);

    gstr_add_text(json, ",\"reply_markup\":{\"force_reply\":true,\"input_field_placeholder\":");
    json_out_string(json, cut_short);
    g_string_append_c(json, '}');
}

void render_telegram_markup(GString *json, const reply *r, const char *botname, bool in_private)
{
    const char *placeholder = reply_get_placeholder(r);

    /* A message has one markup: who was brought here to write gets the open keyboard. */
    if (in_private && placeholder != NULL)
        write_force_reply(json, placeholder);
    else if (reply_button_count(r) > 0)
        write_keyboard(json, r, botname);
}
