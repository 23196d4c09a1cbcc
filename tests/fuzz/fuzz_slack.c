/*
 * Slack's envelopes: whatever comes is understood or ignored. What was typed is
 * then said back in every style: the blocks keep Slack's limits, and nothing in
 * them can ping anybody.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chat/render_slack.h"
#include "chat/slack_envelope.h"
#include "chat/slack_modal.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_mrkdwn(const char *s)
{
    size_t fences = 0;

    check(g_utf8_validate(s, -1, NULL) && text_utf16_units(s, strlen(s)) <= 3000 && s[0] != '\0');
    check(strchr(s, '<') == NULL);
    for (const char *p = strstr(s, "```"); p != NULL; p = strstr(p + 3, "```"))
        fences++;
    check(fences % 2 == 0 || strchr(s, '`') != NULL);
}

static void check_message(const json_t *message)
{
    json_t *blocks = json_object_get(message, "blocks"), *block;
    const char *text = json_string_value(json_object_get(message, "text"));
    char *whole = json_dumps(blocks, JSON_COMPACT);
    size_t i;

    check(text != NULL && text[0] != '\0' && text_utf16_units(text, strlen(text)) <= 4000);
    check(strchr(text, '<') == NULL);
    check(json_array_size(blocks) <= 50 && text_utf16_units(whole, strlen(whole)) <= 13200);
    json_array_foreach(blocks, i, block)
    {
        const json_t *inner = json_object_get(block, "text");

        if (inner != NULL)
            check_mrkdwn(json_string_value(json_object_get(inner, "text")));
    }
    free(whole);
}

/* TEXT in runs of all styles, the lengths taken from SIZE. */
static reply *reply_of(const catalog *cat, const char *text, size_t size)
{
    reply *r = reply_new(cat, LANG_EN);
    size_t len = strlen(text), step = 1 + size % 97;
    unsigned style = (unsigned)size;

    for (size_t at = 0; at < len; style = style * 5 + 3) {
        size_t end = MIN(len, at + step);

        while (end < len && ((unsigned char)text[end] & 0xC0) == 0x80)
            end++;
        g_autofree char *piece = g_strndup(text + at, end - at);
        if ((style & REPLY_PRE) != 0)
            reply_code(r, "c", piece, REPLY_PLAIN);
        else
            reply_text(r, style & 0x7fu & ~(unsigned)REPLY_PRE, piece);
        at = end;
    }
    reply_button_text(r, "x", "hint:1", true);
    return r;
}

static void say_back(const char *typed, size_t size)
{
    static catalog *cat = NULL; /* once a process */
    struct slack_look look = {(size & 1) != 0, true, "/interview"};
    json_t *messages, *message;
    size_t i;

    if (cat == NULL)
        cat = catalog_new();
    g_autofree char *clean = text_clean(typed, strlen(typed));
    reply *r = reply_of(cat, clean, size);
    messages = render_slack(r, &look);
    json_array_foreach(messages, i, message) check_message(message);
    message = render_slack_one(r, &look);
    check_message(message);
    json_decref(message);
    json_decref(messages);
    json_decref(slack_form_view(cat, r, "/interview", "C1", "1.1"));
    reply_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slack_envelope e;
    struct slack_form form = {0};

    slack_envelope_read((const char *)data, size, (size & 1) != 0 ? "U0BOT" : NULL, &e);
    /* What the adapter relies on. */
    switch (e.kind) {
    case SLACK_MESSAGE:
    case SLACK_MENTION:
    case SLACK_EDITED:
        check(e.user != NULL && e.channel != NULL && e.text != NULL && e.ts != NULL);
        check(e.envelope_id != NULL);
        break;
    case SLACK_BUTTON:
        check(e.user != NULL && e.text != NULL && (e.channel != NULL || e.in_view));
        break;
    case SLACK_SUBMIT:
        check(e.user != NULL && e.text != NULL && e.view != NULL && e.update != NULL);
        break;
    case SLACK_COMMAND:
        check(e.user != NULL && e.text != NULL && e.channel != NULL);
        break;
    case SLACK_JOINED:
    case SLACK_LEFT:
        check(e.user != NULL && e.channel != NULL);
        break;
    case SLACK_HOME:
        check(e.user != NULL);
        break;
    default:
        break;
    }
    if (e.text != NULL) {
        check(g_utf8_validate(e.text, -1, NULL));
        say_back(e.text, size);
    }
    if (slack_form_read(e.metadata, &form))
        check(form.channel != NULL && form.post != NULL);
    slack_form_clear(&form);
    slack_envelope_clear(&e);
    /* And any bytes as what was typed. */
    g_autofree char *raw = g_utf8_make_valid((const char *)data, (gssize)size);
    g_autofree char *typed = slack_typed(raw, "U0BOT", NULL);
    check(strlen(typed) <= strlen(raw));
    say_back(typed, size + 1);
    return 0;
}
