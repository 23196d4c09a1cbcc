/* Replies to lines of mrkdwn: escaping, styles, how commands are spelled. */
#include "slack_lines.h"

#include <glib.h>
#include <string.h>

#include "command.h"
#include "entities.h"
#include "gstr.h"
#include "text.h"

/* A styled piece is at most so long (bytes, before escaping), so that any piece fits a section. */
#define PIECE_MOST 500

/* No command's word is longer (bytes). */
#define WORD_MOST 40

#define ZERO_WIDTH_SPACE "\xe2\x80\x8b"

struct lines {
    GPtrArray *all;
    struct slack_line *open; /* the last of ALL, still growing; or NULL */
    bool after_mark;         /* the open line ends in a closing mark */
    const struct slack_look *look;
};

static void line_free(gpointer data)
{
    struct slack_line *l = data;

    g_string_free(l->text, TRUE);
    g_free(l);
}

static struct slack_line *line_begin(struct lines *ls, enum slack_line_kind kind)
{
    struct slack_line *l = g_new0(struct slack_line, 1);

    l->kind = kind;
    l->text = g_string_new(NULL);
    g_ptr_array_add(ls->all, l);
    ls->open = l;
    ls->after_mark = false;
    return l;
}

/* ---- escaping ---- */

char *slack_escape(const char *s)
{
    size_t len = strlen(s);
    GString *out = g_string_sized_new(len + 16);

    entities_out(out, s, len);
    return g_string_free(out, FALSE);
}

size_t slack_units(const char *s)
{
    return text_utf16_units(s, strlen(s));
}

/* ---- commands as Slack's users type them ---- */

static bool is_command_word(const char *word, size_t len)
{
    g_autofree char *tried = g_strndup(word, len);
    struct command cmd;

    command_parse(tried, true, &cmd); /* bare: no near command is looked for */
    bool known = cmd.id != CMD_NONE;
    command_clear(&cmd);
    return known;
}

/* Bytes of the command's word that the LEN bytes at WORD are or begin with, 0 when there is none.
 */
static size_t known_word(const char *word, size_t len)
{
    bool korean = (unsigned char)word[0] >= 0x80;

    if (len > WORD_MOST && !korean)
        return 0;
    /* A Korean word has its particle behind it, /질문을; but questionnaire is not question. */
    for (len = MIN(len, WORD_MOST); len > 0; len--) {
        bool whole = ((unsigned char)word[len] & 0xC0) != 0x80; /* no cut character */

        if (whole && is_command_word(word, len))
            return len;
        if (!korean)
            return 0;
    }
    return 0;
}

/* Bytes of the command's word behind the slash at P, 0 when it is none. */
static size_t command_at(const char *text, const char *p)
{
    const char *word = p + 1, *end = word;

    if (p > text && strchr(" \n(`,\"/", p[-1]) == NULL)
        return 0;
    if (*word == '?')
        end++;
    else if ((unsigned char)*word >= 0x80)
        while ((unsigned char)*end >= 0x80)
            end++;
    else
        while (g_ascii_isalnum(*end) || *end == '_')
            end++;
    return *end == '/' ? 0 : known_word(word, (size_t)(end - word));
}

char *slack_spell_commands(const char *text, const char *command)
{
    GString *out = g_string_sized_new(strlen(text) + 16);
    const char *from = text; /* what is not yet in OUT */

    for (const char *p = strchr(text, '/'); p != NULL && command != NULL; p = strchr(p, '/')) {
        size_t word = command_at(text, p++);

        if (word == 0)
            continue;
        gstr_add(out, from, (size_t)(p - 1 - from));
        gstr_add_text(out, command);
        g_string_append_c(out, ' ');
        from = p;
        p += word;
    }
    gstr_add_text(out, from);
    return g_string_free(out, FALSE);
}

/* ---- styled pieces ---- */

/* The marks of STYLE around a piece, and none where the piece itself holds them. */
static void marks_of(unsigned style, const char *piece, size_t len, char open[4])
{
    size_t n = 0;

    if ((style & REPLY_CODE) != 0) {
        if (memchr(piece, '`', len) == NULL)
            open[n++] = '`'; /* nothing else is read inside code */
    } else {
        if ((style & REPLY_BOLD) != 0 && memchr(piece, '*', len) == NULL)
            open[n++] = '*';
        if ((style & REPLY_ITALIC) != 0 && memchr(piece, '_', len) == NULL)
            open[n++] = '_';
    }
    open[n] = '\0';
}

static bool ends_in_word(const GString *s)
{
    return s->len > 0 &&
           ((unsigned char)s->str[s->len - 1] >= 0x80 || g_ascii_isalnum(s->str[s->len - 1]));
}

/* Slack reads a mark only at a word's border: 안녕*굵게*요 needs one that nobody sees. */
static void border(struct lines *ls, const char *next, bool before_mark)
{
    GString *out = ls->open->text;
    bool word = g_ascii_isalnum(*next) || (unsigned char)*next >= 0x80;

    if ((before_mark && ends_in_word(out)) || (ls->after_mark && (word || before_mark)))
        g_string_append(out, ZERO_WIDTH_SPACE);
    ls->after_mark = false;
}

/* One piece without a line end, at most PIECE_MOST bytes. */
static void append_piece(struct lines *ls, unsigned style, const char *piece, size_t len)
{
    const char *end = piece + len;
    char open[4];

    marks_of(style, piece, len, open);
    /* Marks must touch what they mark: spaces stay outside. */
    while (open[0] != '\0' && piece < end && *piece == ' ') {
        g_string_append_c(ls->open->text, *piece++);
        ls->after_mark = false;
    }
    const char *stop = end;
    while (open[0] != '\0' && stop > piece && stop[-1] == ' ')
        stop--;
    if (stop == piece)
        open[0] = '\0';
    if (piece < end)
        border(ls, piece, open[0] != '\0');
    g_string_append(ls->open->text, open);
    entities_out(ls->open->text, piece, (size_t)(stop - piece));
    g_strreverse(open);
    g_string_append(ls->open->text, open);
    entities_out(ls->open->text, stop, (size_t)(end - stop));
    ls->after_mark = open[0] != '\0' && stop == end;
}

/* Bytes of S (LEN long) that make one piece: whole characters, up to a space when there is one. */
static size_t piece_len(const char *s, size_t len)
{
    if (len <= PIECE_MOST)
        return len;
    size_t cut = PIECE_MOST;
    while (cut > 0 && ((unsigned char)s[cut] & 0xC0) == 0x80)
        cut--;
    for (size_t at = cut; at > PIECE_MOST / 2; at--) {
        if (s[at - 1] == ' ')
            return at;
    }
    return cut;
}

/* One line's share of a run, however long. */
static void append_span(struct lines *ls, unsigned style, const char *s, size_t len)
{
    if (ls->open == NULL || ls->open->kind != SLACK_LINE_TEXT)
        line_begin(ls, SLACK_LINE_TEXT);
    if ((style & (REPLY_QUOTE | REPLY_FOLD)) != 0 && ls->open->text->len == 0 && len > 0)
        g_string_append_c(ls->open->text, '>');
    while (len > 0) {
        size_t n = piece_len(s, len);

        if (ls->open->text->len > SLACK_SECTION_MOST / 2 && len > n) {
            ls->open->continued = true;
            line_begin(ls, SLACK_LINE_TEXT);
        }
        append_piece(ls, style, s, n);
        s += n;
        len -= n;
    }
}

static void add_text(struct lines *ls, const struct reply_run *run)
{
    g_autofree char *text = slack_spell_commands(run->text, ls->look->command);

    for (const char *p = text;; p++) {
        size_t n = strcspn(p, "\n");

        append_span(ls, run->style, p, n);
        p += n;
        if (*p == '\0')
            return;
        ls->open = NULL; /* the line end */
        if (p[1] == '\0')
            return;
    }
}

/* A fence inside code would end the block: an invisible character parts its backticks. */
static void append_code(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '`' && g_str_has_suffix(out->str, "``"))
            g_string_append(out, ZERO_WIDTH_SPACE);
        entities_out(out, s + i, 1);
    }
}

static void add_code(struct lines *ls, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        size_t n = strcspn(p, "\n");

        do { /* an empty line is a line too */
            size_t piece = piece_len(p, n);

            append_code(line_begin(ls, SLACK_LINE_CODE)->text, p, piece);
            p += piece;
            n -= piece;
            ls->open->continued = n > 0;
        } while (n > 0);
        if (*p == '\0')
            break;
    }
    ls->open = NULL;
}

GPtrArray *slack_lines(const reply *r, const struct slack_look *look)
{
    struct lines ls = {g_ptr_array_new_with_free_func(line_free), NULL, false, look};

    for (size_t i = 0; i < reply_run_count(r); i++) {
        const struct reply_run *run = reply_run_at(r, i);

        if ((run->style & REPLY_HIDDEN) != 0 && !look->show_hidden)
            continue;
        if ((run->style & REPLY_PRE) != 0)
            add_code(&ls, run->text);
        else
            add_text(&ls, run);
    }
    return ls.all;
}
