/* Replies to Block Kit: lines of mrkdwn, packed into sections, packed into messages. */
#include "render_slack.h"

#include <glib.h>
#include <string.h>

#include "command.h"
#include "text.h"

/* A styled piece is at most so long (bytes, before escaping), so that any piece fits a section. */
#define PIECE_MOST 500

#define ZERO_WIDTH_SPACE "\xe2\x80\x8b"

enum line_kind { LINE_TEXT, LINE_CODE };

/* One line of mrkdwn, or a part of a very long one; every style is closed within it. */
struct line {
    enum line_kind kind;
    GString *text;
    bool continued; /* no line end stood behind it */
};

struct lines {
    GPtrArray *all;
    struct line *open; /* the last of ALL, still growing; or NULL */
    bool after_mark;   /* the open line ends in a closing mark */
    const struct slack_look *look;
};

static void line_free(gpointer data)
{
    struct line *l = data;

    g_string_free(l->text, TRUE);
    g_free(l);
}

static struct line *line_begin(struct lines *ls, enum line_kind kind)
{
    struct line *l = g_new0(struct line, 1);

    l->kind = kind;
    l->text = g_string_new(NULL);
    g_ptr_array_add(ls->all, l);
    ls->open = l;
    ls->after_mark = false;
    return l;
}

/* ---- escaping ---- */

static void append_escaped(GString *out, const char *s, size_t len)
{
    for (const char *end = s + len; s < end; s++) {
        if (*s == '&')
            g_string_append(out, "&amp;");
        else if (*s == '<')
            g_string_append(out, "&lt;");
        else if (*s == '>')
            g_string_append(out, "&gt;");
        else
            g_string_append_c(out, *s);
    }
}

char *slack_escape(const char *s)
{
    GString *out = g_string_new(NULL);

    append_escaped(out, s, strlen(s));
    return g_string_free(out, FALSE);
}

/* The unit of Slack's limits is not documented: UTF-16 units are never fewer than characters. */
static size_t units(const char *s)
{
    return text_utf16_units(s, strlen(s));
}

/* ---- commands as Slack's users type them ---- */

static bool is_word_char(const char *p)
{
    return g_ascii_isalnum(*p) || *p == '_' || *p == '?' || (unsigned char)*p >= 0x80;
}

/* Bytes of the command's word behind the slash at P, 0 when it is none. */
static size_t command_at(const char *text, const char *p)
{
    const char *end = p + 1;
    struct command cmd;

    if (p > text && strchr(" \n(`,\"/", p[-1]) == NULL)
        return 0;
    while (is_word_char(end))
        end++;
    if (end == p + 1 || *end == '/')
        return 0;
    g_autofree char *word = g_strndup(p, (gsize)(end - p));
    command_parse(word, false, &cmd);
    bool known = cmd.id != CMD_NONE && cmd.id != CMD_UNKNOWN;
    command_clear(&cmd);
    return known ? (size_t)(end - p - 1) : 0;
}

/* Slack keeps every /word for itself but the app's own: "/hint" reads "/interview hint". *new* */
static char *spell_commands(const char *text, const char *command)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p++) {
        size_t word = *p == '/' && command != NULL ? command_at(text, p) : 0;

        if (word > 0) {
            g_string_append(out, command);
            g_string_append_c(out, ' ');
            g_string_append_len(out, p + 1, (gssize)word);
            p += word;
        } else {
            g_string_append_c(out, *p);
        }
    }
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
    return s->len > 0 && ((unsigned char)s->str[s->len - 1] >= 0x80 ||
                          g_ascii_isalnum(s->str[s->len - 1]));
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
    append_escaped(ls->open->text, piece, (size_t)(stop - piece));
    g_strreverse(open);
    g_string_append(ls->open->text, open);
    append_escaped(ls->open->text, stop, (size_t)(end - stop));
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
    if (ls->open == NULL || ls->open->kind != LINE_TEXT)
        line_begin(ls, LINE_TEXT);
    if ((style & (REPLY_QUOTE | REPLY_FOLD)) != 0 && ls->open->text->len == 0 && len > 0)
        g_string_append_c(ls->open->text, '>');
    while (len > 0) {
        size_t n = piece_len(s, len);

        if (ls->open->text->len > SLACK_SECTION_MOST / 2 && len > n) {
            ls->open->continued = true;
            line_begin(ls, LINE_TEXT);
        }
        append_piece(ls, style, s, n);
        s += n;
        len -= n;
    }
}

static void add_text(struct lines *ls, const struct reply_run *run)
{
    g_autofree char *text = spell_commands(run->text, ls->look->command);

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
        append_escaped(out, s + i, 1);
    }
}

static void add_code(struct lines *ls, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        size_t n = strcspn(p, "\n");

        do { /* an empty line is a line too */
            size_t piece = piece_len(p, n);

            append_code(line_begin(ls, LINE_CODE)->text, p, piece);
            p += piece;
            n -= piece;
            ls->open->continued = n > 0;
        } while (n > 0);
        if (*p == '\0')
            break;
    }
    ls->open = NULL;
}

static GPtrArray *lines_of(const reply *r, const struct slack_look *look)
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

/* ---- blocks ---- */

static json_t *section_of(const char *mrkdwn)
{
    /* verbatim: no #channel, @here or address in what people wrote becomes a link by itself. */
    return json_pack("{s:s, s:{s:s, s:s, s:b}}", "type", "section", "text", "type", "mrkdwn", "text",
                     mrkdwn, "verbatim", 1);
}

json_t *slack_section(const char *plain)
{
    g_autofree char *escaped = slack_escape(plain);

    return section_of(escaped);
}

json_t *slack_plain_text(const char *s, size_t most)
{
    g_autofree char *cut = g_utf8_substring(s, 0, MIN(g_utf8_strlen(s, -1), (glong)most));

    return json_pack("{s:s, s:s}", "type", "plain_text", "text", cut);
}

struct packer {
    json_t *blocks;
    GString *section;
    enum line_kind kind; /* of what the section ends with */
    bool glue;           /* the section's last line goes on */
    size_t blanks;       /* blank lines not yet written: none stand at a section's ends */
};

static void section_end(struct packer *p)
{
    if (p->section->len > 0) {
        if (p->kind == LINE_CODE)
            g_string_append(p->section, "\n```");
        json_array_append_new(p->blocks, section_of(p->section->str));
    }
    g_string_truncate(p->section, 0);
    p->glue = false;
    p->blanks = 0;
    p->kind = LINE_TEXT;
}

static bool is_blank(const struct line *l)
{
    return l->kind == LINE_TEXT && strspn(l->text->str, " ") == l->text->len;
}

static void section_add(struct packer *p, const struct line *l)
{
    /* 12: fences and line ends around it. */
    if (units(p->section->str) + units(l->text->str) + p->blanks + 12 > SLACK_SECTION_MOST)
        section_end(p);
    bool first = p->section->len == 0;
    if (p->kind == LINE_CODE && l->kind == LINE_TEXT)
        g_string_append(p->section, "\n```\n");
    else if (!first && !p->glue)
        g_string_append_c(p->section, '\n');
    for (; p->blanks > 0; p->blanks--) {
        if (!first)
            g_string_append_c(p->section, '\n');
    }
    if (l->kind == LINE_CODE && (first || p->kind == LINE_TEXT))
        g_string_append(p->section, "```\n");
    g_string_append(p->section, l->text->str);
    p->kind = l->kind;
    p->glue = l->continued;
}

/* All text of R as sections, *new*. */
static json_t *sections_of(const reply *r, const struct slack_look *look)
{
    g_autoptr(GPtrArray) lines = lines_of(r, look);
    struct packer p = {.blocks = json_array(), .section = g_string_new(NULL), .kind = LINE_TEXT};

    for (guint i = 0; i < lines->len; i++) {
        const struct line *l = g_ptr_array_index(lines, i);

        if (is_blank(l))
            p.blanks++;
        else
            section_add(&p, l);
    }
    section_end(&p);
    g_string_free(p.section, TRUE);
    return p.blocks;
}

/* ---- buttons ---- */

static json_t *button_of(const struct reply_button *b, size_t i)
{
    g_autofree char *value =
        b->link != NULL ? g_strconcat("link:", b->link, NULL) : g_strdup(b->action);
    g_autofree char *id = g_strdup_printf("%zu:%s", i, value);
    json_t *out = json_pack("{s:s, s:o, s:s, s:s}", "type", "button", "text",
                            slack_plain_text(b->label, SLACK_LABEL_MOST), "action_id", id, "value",
                            value);

    /* The one that the post is for stands out. */
    if (i == 0 && b->link != NULL && b->link[0] == 'r')
        json_object_set_new(out, "style", json_string("primary"));
    return out;
}

static void append_buttons(json_t *blocks, const reply *r)
{
    json_t *row = NULL;

    for (size_t i = 0; i < reply_button_count(r); i++) {
        const struct reply_button *b = reply_button_at(r, i);

        if (row == NULL || b->new_row || json_array_size(row) == SLACK_BUTTONS_MOST) {
            row = json_array();
            json_array_append_new(blocks,
                                  json_pack("{s:s, s:o}", "type", "actions", "elements", row));
        }
        json_array_append_new(row, button_of(b, i));
    }
}

/* ---- messages ---- */

/* Characters of BLOCK as JSON, with its comma. */
static size_t json_size(const json_t *block)
{
    char *s = json_dumps(block, JSON_COMPACT);
    size_t n = units(s) + 1;

    free(s);
    return n;
}

/* What a notification shows, at most SLACK_TEXT_MOST characters, escaped. *new* */
static char *fallback_of(const reply *r, const struct slack_look *look)
{
    g_autofree char *plain = reply_plain(r, look->show_hidden);
    g_autofree char *spelled = spell_commands(plain, look->command);
    g_autofree char *escaped = slack_escape(text_strip(spelled));

    if (units(escaped) <= SLACK_TEXT_MOST)
        return g_steal_pointer(&escaped);
    /* Five bytes are the longest an escape gets: so much of the text surely fits. */
    glong keep = MIN(g_utf8_strlen(spelled, -1), SLACK_TEXT_MOST / 5);
    g_autofree char *head = g_utf8_substring(spelled, 0, keep);
    g_autofree char *cut = g_strconcat(head, "…", NULL);
    return slack_escape(cut);
}

static json_t *message_of(json_t *blocks, const char *text)
{
    return json_pack("{s:s, s:o}", "text", text[0] != '\0' ? text : "…", "blocks", blocks);
}

/* A section's text without its marks is what a later part shows in a notification. */
static char *part_text(const json_t *blocks)
{
    const char *s = json_string_value(
        json_object_get(json_object_get(json_array_get(blocks, 0), "text"), "text"));

    return g_strdup(s != NULL ? s : "…");
}

json_t *render_slack(const reply *r, const struct slack_look *look)
{
    json_t *all = sections_of(r, look), *out = json_array(), *part = json_array();
    size_t size = 2, i;
    json_t *block;

    if (look->buttons)
        append_buttons(all, r);
    json_array_foreach(all, i, block)
    {
        size_t n = json_size(block);

        if (json_array_size(part) > 0 && (size + n > SLACK_MESSAGE_SIZE_MOST ||
                                          json_array_size(part) == SLACK_MESSAGE_BLOCKS_MOST)) {
            g_autofree char *text = part_text(part);

            json_array_append_new(out, message_of(part, text));
            part = json_array();
            size = 2;
        }
        json_array_append(part, block);
        size += n;
    }
    g_autofree char *text = json_array_size(out) == 0 ? fallback_of(r, look) : part_text(part);
    json_array_append_new(out, message_of(part, text));
    json_decref(all);
    return out;
}

/* Takes blocks off until those of R and its buttons fit. */
static json_t *cut_blocks(const reply *r, const struct slack_look *look, size_t most,
                          size_t most_size)
{
    json_t *buttons = json_array(), *out = json_array(), *sections = sections_of(r, look);
    size_t size = 2, i;
    json_t *block;

    if (look->buttons)
        append_buttons(buttons, r);
    json_array_foreach(buttons, i, block) size += json_size(block);
    size_t room = most - MIN(most - 2, json_array_size(buttons));
    json_array_foreach(sections, i, block)
    {
        size += json_size(block);
        if (json_array_size(out) + 1 >= room || size > most_size) {
            json_array_append_new(out, slack_section("…"));
            break;
        }
        json_array_append(out, block);
    }
    for (i = 0; i < json_array_size(buttons) && json_array_size(out) < most; i++)
        json_array_append(out, json_array_get(buttons, i));
    json_decref(sections);
    json_decref(buttons);
    return out;
}

json_t *render_slack_one(const reply *r, const struct slack_look *look)
{
    g_autofree char *text = fallback_of(r, look);

    return message_of(
        cut_blocks(r, look, SLACK_MESSAGE_BLOCKS_MOST, SLACK_MESSAGE_SIZE_MOST - 200), text);
}

json_t *render_slack_blocks(const reply *r, const struct slack_look *look, size_t most)
{
    /* Slack takes 250 KB a view; Korean is three bytes a character. */
    return cut_blocks(r, look, most, 60000);
}
