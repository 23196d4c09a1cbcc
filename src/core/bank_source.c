/*
 * Cleaning a file before it is parsed. Nothing here may add or remove a line:
 * every later stage names lines of the file as its author sees them.
 */
#include "bank_source.h"

#include <string.h>

#include "text.h"

enum {
    FEW_BAD_BYTES = 8, /* a short file with a stray byte is not yet another encoding */
    MAX_CONTAINERS =
        32, /* nesting that one line may open; cmark walks all of them on each later line */
    MAX_RUN_IMAGES = 500, /* "![" without a blank line between: cmark 0.30 is quadratic in them */
    FRONT_MATTER_LINES = 200,
};

#define REPLACEMENT "\xef\xbf\xbd"

/* The end of the good bytes from I on. */
static size_t valid_end(const char *data, size_t i, size_t len)
{
    for (; i < len; i += text_plain_span(data + i, len - i)) {
        gunichar c = g_utf8_get_char_validated(data + i, (gssize)(len - i));
        if (c == (gunichar)-1 || c == (gunichar)-2 || data[i] == '\0')
            break;
        i += (size_t)(g_utf8_next_char(data + i) - (data + i));
    }
    return i;
}

/*
 * Copies DATA, of which the first PLAIN bytes are so, with every bad byte and
 * NUL replaced; returns how many there were.
 */
static size_t copy_valid(GString *out, const char *data, size_t plain, size_t len,
                         size_t *ret_first_bad)
{
    size_t bad = 0, i = 0;

    while (i < len) {
        size_t from = i;
        i = valid_end(data, MAX(i, plain), len);
        g_string_append_len(out, data + from, (gssize)(i - from));
        if (i >= len)
            break;
        if (bad++ == 0)
            *ret_first_bad = out->len;
        g_string_append(out, REPLACEMENT);
        i++;
    }
    return bad;
}

/* CRLF and bare CR become LF. */
static void unify_line_ends(GString *text)
{
    char *to = memchr(text->str, '\r', text->len);

    if (to == NULL)
        return;
    for (const char *from = to; from < text->str + text->len; from++) {
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    }
    g_string_truncate(text, (gsize)(to - text->str));
}

/* Control characters and direction overrides have no meaning in a text to read, and some on a
 * terminal. */
static void drop_controls(GString *text, size_t plain)
{
    if (text_is_clean(text->str + plain, text->len - plain))
        return;
    char *to = text->str + plain;
    for (const char *from = to; *from != '\0';) {
        size_t n = (size_t)(g_utf8_next_char(from) - from);

        if (*from == '\f' || *from == '\v')
            *to++ = ' '; /* white space stays white space */
        else if (text_is_clean(from, n)) {
            memmove(to, from, n);
            to += n;
        }
        from += n;
    }
    g_string_truncate(text, (gsize)(to - text->str));
}

/* Combining accents and the single letters of Hangul. */
static bool is_combining(const char *s)
{
    unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];

    return a == 0xcc || (a == 0xcd && b < 0xb0) || (a == 0xe1 && b >= 0x84 && b <= 0x87);
}

/* Where the first of them stands from I on, or LEN. */
static size_t find_combining(const char *s, size_t i, size_t len)
{
    while (i + 1 < len) {
        if ((unsigned char)s[i] >= 0xcc && is_combining(s + i))
            return i;
        i++;
        i += text_plain_span(s + i, len - i);
    }
    return len;
}

/*
 * Decomposed text (Apple's file systems make NFD Hangul) is composed, pair by
 * pair: GLib's composition of a long text is quadratic.
 */
static void compose(GString *text, size_t plain)
{
    size_t from = find_combining(text->str, plain, text->len), last_at;
    const char *end = text->str + text->len;
    GString *out;

    if (from == text->len)
        return;
    while (from > 0 && (text->str[--from] & 0xc0) == 0x80) /* back to the letter before it */
        continue;
    out = g_string_sized_new(text->len);
    g_string_append_len(out, text->str, (gssize)from);
    last_at = from;
    for (const char *p = text->str + from; p < end; p = g_utf8_next_char(p)) {
        gunichar joined;
        if (is_combining(p) && out->len > last_at &&
            g_unichar_compose(g_utf8_get_char(out->str + last_at), g_utf8_get_char(p), &joined)) {
            g_string_truncate(out, last_at);
            g_string_append_unichar(out, joined);
            continue;
        }
        last_at = out->len;
        g_string_append_len(out, p, g_utf8_next_char(p) - p);
    }
    g_string_assign(text, "");
    g_string_append_len(text, out->str, (gssize)out->len);
    g_string_free(out, TRUE);
}

static void find_lines(struct source *s)
{
    size_t at = 0;

    while (at < s->text->len) {
        const char *eol = memchr(s->text->str + at, '\n', s->text->len - at);

        g_array_append_val(s->starts, at);
        at = eol != NULL ? (size_t)(eol - s->text->str) + 1 : s->text->len;
    }
}

static bool line_is(const char *line, size_t len, const char *what)
{
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    return len == strlen(what) && memcmp(line, what, len) == 0;
}

/* "key: value", the only thing that tells front matter from a text between two rules. */
static bool is_yaml_key(const char *line, size_t len)
{
    size_t i = 0;

    while (i < len && (g_ascii_isalnum(line[i]) || line[i] == '_' || line[i] == '-'))
        i++;
    return i > 0 && i < len && line[i] == ':';
}

/* YAML front matter is for a site generator, not for a reader: its lines are emptied. */
static void blank_front_matter(struct source *s)
{
    size_t len;
    const char *line = source_line(s, 1, &len);

    if (line == NULL || !line_is(line, len, "---"))
        return;
    line = source_line(s, 2, &len);
    if (line == NULL || !is_yaml_key(line, len))
        return;
    for (int n = 3; n < FRONT_MATTER_LINES; n++) {
        line = source_line(s, n, &len);
        if (line == NULL)
            return;
        if (!line_is(line, len, "---") && !line_is(line, len, "..."))
            continue;
        for (char *p = s->text->str; p < line + len; p++)
            if (*p != '\n')
                *p = ' ';
        return;
    }
}

/* The length of the list or quote marker at P, 0 when there is none. */
static size_t marker_length(const char *p, const char *end)
{
    size_t n = 0;

    if (*p == '>')
        return 1;
    if (*p == '-' || *p == '+' || *p == '*')
        n = 1;
    else {
        while (p + n < end && n < 9 && g_ascii_isdigit(p[n]))
            n++;
        if (n == 0 || p + n >= end || (p[n] != '.' && p[n] != ')'))
            return 0;
        n++;
    }
    return p + n < end && (p[n] == ' ' || p[n] == '\t') ? n : 0;
}

/* Cuts what one line nests beyond all sense. Returns whether it did. */
static bool clamp_containers(char *line, size_t len)
{
    char *end = line + len, *p = line;
    int depth = 0;
    bool clamped = false;

    if (len < 2 * MAX_CONTAINERS)
        return false;
    while (p < end) {
        size_t n;
        if (*p == ' ' || *p == '\t') {
            p++;
            continue;
        }
        n = marker_length(p, end);
        if (n == 0)
            break;
        if (++depth > MAX_CONTAINERS) {
            memset(p, ' ', n);
            clamped = true;
        }
        p += n;
    }
    return clamped;
}

/* Breaks the image openers of a run without blank lines past a number that no reader would bear. */
static void clamp_images(char *line, size_t len, int *run)
{
    char *p = line, *end = line + len;

    if (len == 0) {
        *run = 0;
        return;
    }
    while ((p = memchr(p, '!', (size_t)(end - p))) != NULL && p + 1 < end) {
        if (p[1] == '[' && ++*run > MAX_RUN_IMAGES)
            *p = ' ';
        p++;
    }
}

static void clamp_lines(struct source *s)
{
    int run = 0;

    for (guint i = 0; i < s->starts->len; i++) {
        size_t at = g_array_index(s->starts, size_t, i), len;
        char *line = s->text->str + at;

        source_line(s, (int)i + 1, &len);
        if (clamp_containers(line, len) && s->first_clamped == 0)
            s->first_clamped = (int)i + 1;
        clamp_images(line, len, &run);
    }
}

static int line_of(const GString *text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at && i < text->len; i++)
        if (text->str[i] == '\n' || (text->str[i] == '\r' && text->str[i + 1] != '\n'))
            line++;
    return line;
}

bool source_init(struct source *s, const char *data, size_t len)
{
    size_t first_bad = 0, bad, plain;

    *s = (struct source){.text = g_string_sized_new(len + 1),
                         .starts = g_array_new(FALSE, FALSE, sizeof(size_t))};
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    plain = text_plain_span(data, len); /* most files are so to their end, or nearly */
    bad = copy_valid(s->text, data, plain, len, &first_bad);
    if (bad > len / 100 && bad >= FEW_BAD_BYTES) {
        g_string_truncate(s->text, 0);
        return false;
    }
    if (bad > 0)
        s->first_bad = line_of(s->text, first_bad);
    unify_line_ends(s->text);
    drop_controls(s->text, plain);
    compose(s->text, plain);
    find_lines(s);
    blank_front_matter(s);
    clamp_lines(s);
    return true;
}

void source_clear(struct source *s)
{
    g_string_free(s->text, TRUE);
    g_array_free(s->starts, TRUE);
}

const char *source_line(const struct source *s, int line, size_t *ret_len)
{
    size_t at, end;

    if (line < 1 || (guint)line > s->starts->len)
        return NULL;
    at = g_array_index(s->starts, size_t, line - 1);
    end = (guint)line < s->starts->len ? g_array_index(s->starts, size_t, line) : s->text->len;
    if (end > at && s->text->str[end - 1] == '\n')
        end--;
    *ret_len = end - at;
    return s->text->str + at;
}
