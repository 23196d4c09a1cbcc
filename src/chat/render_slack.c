/* Lines of mrkdwn to Block Kit: packed into sections, packed into messages. */
#include "render_slack.h"

#include <glib.h>
#include <string.h>

#include "json_out.h"
#include "slack_lines.h"
#include "text.h"

/* ---- blocks ---- */

/* A reply's text, which is valid UTF-8: looking at it again would cost more than all else. */
static json_t *text_of(const char *s)
{
    return json_string_nocheck(s);
}

static json_t *section_of(const char *mrkdwn)
{
    /* verbatim: no #channel, @here or address in what people wrote becomes a link by itself. */
    return json_pack("{s:s, s:{s:s, s:o, s:b}}", "type", "section", "text", "type", "mrkdwn",
                     "text", text_of(mrkdwn), "verbatim", 1);
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
    size_t units;              /* of it */
    enum slack_line_kind kind; /* of what the section ends with */
    bool glue;                 /* the section's last line goes on */
    size_t blanks;             /* blank lines not yet written: none stand at a section's ends */
};

static void section_end(struct packer *p)
{
    if (p->section->len > 0) {
        if (p->kind == SLACK_LINE_CODE)
            g_string_append(p->section, "\n```");
        json_array_append_new(p->blocks, section_of(p->section->str));
    }
    g_string_truncate(p->section, 0);
    p->units = 0;
    p->glue = false;
    p->blanks = 0;
    p->kind = SLACK_LINE_TEXT;
}

static bool is_blank(const struct slack_line *l)
{
    return l->kind == SLACK_LINE_TEXT && strspn(l->text->str, " ") == l->text->len;
}

static void section_put(struct packer *p, const char *text, size_t units)
{
    g_string_append(p->section, text);
    p->units += units;
}

static void section_add(struct packer *p, const struct slack_line *l)
{
    size_t units = slack_units(l->text->str);

    /* 12: fences and line ends around it. */
    if (p->units + units + p->blanks + 12 > SLACK_SECTION_MOST)
        section_end(p);
    bool first = p->section->len == 0;
    if (p->kind == SLACK_LINE_CODE && l->kind == SLACK_LINE_TEXT)
        section_put(p, "\n```\n", 5);
    else if (!first && !p->glue)
        section_put(p, "\n", 1);
    for (; p->blanks > 0; p->blanks--) {
        if (!first)
            section_put(p, "\n", 1);
    }
    if (l->kind == SLACK_LINE_CODE && (first || p->kind == SLACK_LINE_TEXT))
        section_put(p, "```\n", 4);
    section_put(p, l->text->str, units);
    p->kind = l->kind;
    p->glue = l->continued;
}

/* All text of R as sections, *new*. */
static json_t *sections_of(const reply *r, const struct slack_look *look)
{
    g_autoptr(GPtrArray) lines = slack_lines(r, look);
    struct packer p = {
        .blocks = json_array(), .section = g_string_new(NULL), .kind = SLACK_LINE_TEXT};

    for (guint i = 0; i < lines->len; i++) {
        const struct slack_line *l = g_ptr_array_index(lines, i);

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
    json_t *out =
        json_pack("{s:s, s:o, s:s, s:s}", "type", "button", "text",
                  slack_plain_text(b->label, SLACK_LABEL_MOST), "action_id", id, "value", value);

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
    g_autofree char *s = json_out_print(block);
    size_t n = slack_units(s) + 1;

    return n;
}

/* What a notification shows, at most SLACK_TEXT_MOST characters, escaped. *new* */
static char *fallback_of(const reply *r, const struct slack_look *look)
{
    g_autofree char *plain = reply_plain(r, look->show_hidden);
    g_autofree char *spelled = slack_spell_commands(plain, look->command);
    g_autofree char *escaped = slack_escape(text_strip(spelled));

    if (slack_units(escaped) <= SLACK_TEXT_MOST)
        return g_steal_pointer(&escaped);
    /* Five bytes are the longest an escape gets: so much of the text surely fits. */
    glong keep = MIN(g_utf8_strlen(spelled, -1), SLACK_TEXT_MOST / 5);
    g_autofree char *head = g_utf8_substring(spelled, 0, keep);
    g_autofree char *cut = g_strconcat(head, "…", NULL);
    return slack_escape(cut);
}

static json_t *message_of(json_t *blocks, const char *text)
{
    return json_pack("{s:o, s:o}", "text", text_of(text[0] != '\0' ? text : "…"), "blocks", blocks);
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

    return message_of(cut_blocks(r, look, SLACK_MESSAGE_BLOCKS_MOST, SLACK_MESSAGE_SIZE_MOST - 200),
                      text);
}

json_t *render_slack_blocks(const reply *r, const struct slack_look *look, size_t most)
{
    /* Slack takes 250 KB a view; Korean is three bytes a character. */
    return cut_blocks(r, look, most, 60000);
}
