/* Views of Block Kit: a form, its result, the home tab. */
#include "slack_modal.h"

#include <glib.h>
#include <string.h>

#include "json_out.h"
#include "render_slack.h"

/* Slack's limits: a view's title and buttons, an input's placeholder and its text. */
enum { TITLE_MOST = 24, PLACEHOLDER_MOST = 150, ANSWER_MOST = 3000 };

static json_t *plain(const catalog *cat, enum lang lang, const char *key)
{
    return slack_plain_text(catalog_text(cat, lang, key), TITLE_MOST);
}

static json_t *input_of(const catalog *cat, const reply *question)
{
    enum lang lang = reply_lang(question);
    const char *hint = catalog_text(cat, lang, "placeholder.answer");
    json_t *field =
        json_pack("{s:s, s:s, s:b, s:i, s:b, s:o}", "type", "plain_text_input", "action_id",
                  "answer", "multiline", 1, "max_length", ANSWER_MOST, "focus_on_load", 1,
                  "placeholder", slack_plain_text(hint, PLACEHOLDER_MOST));

    return json_pack("{s:s, s:s, s:o, s:o}", "type", "input", "block_id", "answer", "label",
                     plain(cat, lang, "slack.form-label"), "element", field);
}

json_t *slack_form_view(const catalog *cat, const reply *question, const char *command,
                        const char *channel, const char *post)
{
    enum lang lang = reply_lang(question);
    struct slack_look look = {.show_hidden = false, .buttons = false, .command = command};
    json_t *blocks = render_slack_blocks(question, &look, SLACK_VIEW_BLOCKS_MOST);
    json_t *carried = json_pack("{s:s, s:s}", "channel", channel, "post", post);
    g_autofree char *metadata = json_out_print(carried);

    json_array_append_new(blocks, input_of(cat, question));
    json_t *view =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "type", "modal", "callback_id", "answer",
                  "private_metadata", metadata, "title", plain(cat, lang, "slack.form-title"),
                  "submit", plain(cat, lang, "slack.form-submit"), "close",
                  plain(cat, lang, "slack.form-cancel"), "blocks", blocks);
    json_decref(carried);
    return view;
}

bool slack_form_read(const char *metadata, struct slack_form *ret)
{
    json_t *carried = metadata != NULL ? json_loads(metadata, 0, NULL) : NULL;
    const char *channel = json_string_value(json_object_get(carried, "channel"));
    const char *post = json_string_value(json_object_get(carried, "post"));
    bool sound = channel != NULL && post != NULL;

    if (sound)
        *ret = (struct slack_form){g_strdup(channel), g_strdup(post)};
    json_decref(carried);
    return sound;
}

void slack_form_clear(struct slack_form *f)
{
    g_free(f->channel);
    g_free(f->post);
    *f = (struct slack_form){NULL, NULL};
}

json_t *slack_result_view(const catalog *cat, const reply *result, const char *command)
{
    enum lang lang = reply_lang(result);
    struct slack_look look = {.show_hidden = true, .buttons = false, .command = command};

    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "type", "modal", "callback_id", "result", "title",
                     plain(cat, lang, "slack.result-title"), "close",
                     plain(cat, lang, "slack.form-close"), "blocks",
                     render_slack_blocks(result, &look, SLACK_VIEW_BLOCKS_MOST));
}

json_t *slack_home_view_taking(json_t *blocks)
{
    return json_pack("{s:s, s:o}", "type", "home", "blocks", blocks);
}
