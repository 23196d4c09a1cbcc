/* Slack's envelopes, texts, blocks and pauses: the pure parts of the adapter. */
#include <glib.h>
#include <string.h>

#include "chat/render_slack.h"
#include "chat/slack_api.h"
#include "chat/slack_deliver.h"
#include "chat/slack_envelope.h"
#include "chat/slack_lines.h"
#include "chat/slack_modal.h"
#include "chat/slack_rates.h"
#include "chat/slack_socket.h"
#include "loop.h"
#include "text.h"

static catalog *cat;

static struct slack_envelope read_text(const char *text)
{
    struct slack_envelope e;

    slack_envelope_read(text, strlen(text), "UBOT", &e);
    return e;
}

/* ---- envelopes ---- */

#define EVENT(event)                                                                               \
    "{\"envelope_id\":\"x\",\"type\":\"events_api\",\"payload\":{\"event_id\":\"Ev1\","            \
    "\"event\":" event "}}"

static void test_message(void)
{
    struct slack_envelope e =
        read_text(EVENT("{\"type\":\"message\",\"channel\":\"D1\",\"user\":\"U1\","
                        "\"text\":\" a &lt;b&gt; &amp;amp; \",\"ts\":\"1.2\","
                        "\"channel_type\":\"im\"}"));

    g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
    g_assert_true(e.direct);
    g_assert_cmpstr(e.text, ==, "a <b> &amp;");
    g_assert_cmpstr(e.update, ==, "m:D1:1.2");
    slack_envelope_clear(&e);
}

/* A mention comes as message and as app_mention, with two event ids: one identity. */
static void test_mention(void)
{
    static const char *const types[] = {"message", "app_mention"};

    for (size_t i = 0; i < 2; i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"envelope_id\":\"x\",\"type\":\"events_api\",\"payload\":{\"event_id\":\"Ev%zu\","
            "\"event\":"
            "{\"type\":\"%s\",\"channel\":\"C1\",\"user\":\"U1\",\"ts\":\"1.2\",\"channel_type\":"
            "\"channel\","
            "\"text\":\"<@UBOT> question <@U2|bo> <#C2|dev> <http://a.b|a.b> <!here>\"}}}",
            i, types[i]);
        struct slack_envelope e = read_text(text);

        g_assert_cmpint(e.kind, ==, SLACK_MENTION);
        g_assert_cmpstr(e.text, ==, "question @bo #dev a.b @here");
        g_assert_cmpstr(e.update, ==, "m:C1:1.2");
        slack_envelope_clear(&e);
    }
}

static void test_not_ours(void)
{
    static const char *const texts[] = {
        EVENT("{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"UBOT\",\"text\":\"x\",\"ts\":"
              "\"1.2\"}"),
        EVENT("{\"type\":\"message\",\"channel\":\"C1\",\"bot_id\":\"B1\",\"user\":\"U2\",\"text\":"
              "\"x\",\"ts\":\"1.2\"}"),
        EVENT("{\"type\":\"message\",\"subtype\":\"channel_join\",\"channel\":\"C1\",\"user\":"
              "\"U2\",\"text\":\"x\",\"ts\":\"1.2\"}"),
        EVENT("{\"type\":\"message\",\"subtype\":\"message_changed\",\"channel\":\"C1\","
              "\"message\":{\"user\":\"U2\",\"text\":\"x\","
              "\"ts\":\"1\"},\"previous_message\":{\"text\":\"x\"}}"),
        EVENT("{\"type\":\"message\",\"subtype\":\"file_share\",\"channel\":\"C1\",\"user\":\"U2\","
              "\"text\":"
              "\" \",\"ts\":\"1.2\"}"),
        EVENT("{\"type\":\"planet\"}"),
        EVENT("[]"),
        "{\"type\":\"events_api\",\"payload\":{}}",
        "[1]",
        "",
        "{\"type\":7,\"envelope_id\":[]}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct slack_envelope e = read_text(texts[i]);

        g_assert_cmpint(e.kind, ==, SLACK_NOTHING);
        slack_envelope_clear(&e);
    }
}

/*
 * Numbers beyond 64 bits, NULs, names twice: whatever a field that nobody reads holds, the
 * envelope is read, because one that is not acknowledged comes again.
 */
static void test_odd_json(void)
{
    static const char *const extras[] = {
        "\"n\":99999999999999999999999999",
        "\"n\":1e999",
        "\"n\":-1e-999",
        "\"n\":\"a\\u0000b\"",
        "\"a\\u0000b\":1",
        "\"n\":\"\\ud800\"",
        "\"n\":\"\\udc00 \\ud83d x\"",
        "\"event_id\":\"Ev2\",\"event_id\":\"Ev3\"",
        "\"n\":\"\\\\ud800 \\ud83d\\ude00\"",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(extras); i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"envelope_id\":\"x\",\"type\":\"events_api\",\"payload\":{%s,\"event\":{\"type\":"
            "\"message\",\"channel\":\"D1\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.2\"}}}",
            extras[i]);
        struct slack_envelope e = read_text(text);

        g_assert_cmpstr(e.envelope_id, ==, "x");
        g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
        slack_envelope_clear(&e);
    }
}

/* What was typed beside half a character is read all the same. */
static void test_half_character(void)
{
    struct slack_envelope e =
        read_text(EVENT("{\"type\":\"message\",\"channel\":\"D1\",\"user\":\"U1\","
                        "\"text\":\"cut \\ud83d\",\"ts\":\"1.2\"}"));

    g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
    g_assert_cmpstr(e.text, ==, "cut \xef\xbf\xbd");
    slack_envelope_clear(&e);
}

/* A NUL does not end what was typed, wherever it was. */
static void test_nul(void)
{
    static const char *const texts[] = {
        EVENT("{\"type\":\"message\",\"channel\":\"D1\",\"user\":\"U1\","
              "\"text\":\"a\\u0000b\",\"ts\":\"1.2\"}"),
        "{\"envelope_id\":\"x\",\"type\":\"slash_commands\",\"payload\":{\"user_id\":\"U1\","
        "\"channel_id\":\"C1\",\"text\":\"a\\u0000b\"}}",
        "{\"envelope_id\":\"x\",\"type\":\"interactive\",\"payload\":{\"type\":"
        "\"view_submission\",\"user\":{\"id\":\"U1\"},\"view\":{\"id\":\"V1\",\"state\":"
        "{\"values\":{\"b\":{\"i\":{\"value\":\"a\\u0000b\"}}}}}}}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct slack_envelope e = read_text(texts[i]);

        g_assert_cmpstr(e.text, ==, "a b");
        slack_envelope_clear(&e);
    }
}

/* What is null is not there: the author has no bot_id, the message no subtype. */
static void test_nulls(void)
{
    struct slack_envelope e = read_text(EVENT(
        "{\"type\":\"message\",\"subtype\":null,\"bot_id\":null,\"channel\":\"D1\","
        "\"channel_type\":null,\"thread_ts\":null,\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1.2\"}"));

    g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
    g_assert_true(e.direct);
    g_assert_null(e.thread);
    slack_envelope_clear(&e);
}

/* Blocks and files are left unread, whatever stands in them; what only looks like them is not. */
static void test_bulk(void)
{
    static const char *const bulk[] = {
        "\"blocks\":[{\"text\":\"\\\"]}\\\\\"},[[{}]],\"x\"],",
        "\"files\":[],\"attachments\":[{\"blocks\":[{\"a\":\"\\\\\"}]}],",
        "\"bot_profile\":{\"n\":99999999999999999999,\"t\":\"\\ud800 } \\\" ]\"},",
        "\"blocks\":  [{\"a\": \"[\"}] , ",
        "\"blocks\":null,\"files\":\"[\",\"x\":\"blocks\",",
        "\"\\\"blocks\":[1],",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bulk); i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"envelope_id\":\"x\",\"type\":\"events_api\",\"payload\":{\"event\":{%s\"type\":"
            "\"message\",\"channel\":\"D1\",\"user\":\"U1\",\"text\":\"\\\"blocks\\\":[1] \\\\\",%s"
            "\"ts\":\"1.2\"}}}",
            bulk[i], bulk[i]);
        struct slack_envelope e = read_text(text);

        g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
        g_assert_cmpstr(e.text, ==, "\"blocks\":[1] \\");
        g_assert_cmpstr(e.ts, ==, "1.2");
        slack_envelope_clear(&e);
    }
    struct slack_envelope e =
        read_text("{\"envelope_id\":\"x\",\"type\":\"events_api\",\"blocks\":[{\"");
    g_assert_null(e.envelope_id);
    slack_envelope_clear(&e);
}

/* Slack has called the app's own direct message so, too. */
static void test_direct(void)
{
    struct slack_envelope e =
        read_text(EVENT("{\"type\":\"message\",\"channel\":\"D1\",\"user\":\"U1\","
                        "\"text\":\"<@UBOT> hi\",\"ts\":\"1.2\",\"channel_type\":\"app_home\"}"));

    g_assert_cmpint(e.kind, ==, SLACK_MESSAGE);
    g_assert_true(e.direct);
    g_assert_cmpstr(e.text, ==, "hi");
    slack_envelope_clear(&e);
}

static void test_control(void)
{
    struct slack_envelope e = read_text("{\"type\":\"disconnect\",\"reason\":\"warning\"}");

    g_assert_cmpint(e.kind, ==, SLACK_DISCONNECT);
    g_assert_cmpstr(e.reason, ==, "warning");
    slack_envelope_clear(&e);
    e = read_text("{\"type\":\"hello\"}");
    g_assert_cmpint(e.kind, ==, SLACK_HELLO);
    slack_envelope_clear(&e);
}

/* A second tap on a form's button has another trigger and is the same submission. */
static void test_submit(void)
{
    char *first = NULL;

    for (int i = 0; i < 2; i++) {
        g_autofree char *text = g_strdup_printf(
            "{\"envelope_id\":\"x%d\",\"type\":\"interactive\",\"accepts_response_payload\":true,"
            "\"payload\":"
            "{\"type\":\"view_submission\",\"trigger_id\":\"t%d\",\"user\":{\"id\":\"U1\"},"
            "\"view\":{\"id\":\"V1\",\"hash\":"
            "\"h\",\"private_metadata\":\"{\\\"channel\\\":\\\"C1\\\",\\\"post\\\":\\\"1.2\\\"}\","
            "\"state\":{\"values\":"
            "{\"b\":{\"a\":{\"type\":\"plain_text_input\",\"value\":\" &lt; stays \"}}}}}}}",
            i, i);
        struct slack_envelope e = read_text(text);
        struct slack_form form = {0};

        g_assert_cmpint(e.kind, ==, SLACK_SUBMIT);
        g_assert_cmpstr(e.text, ==, "&lt; stays"); /* a form's text comes as it was typed */
        g_assert_true(e.accepts_payload);
        g_assert_true(slack_form_read(e.metadata, &form));
        g_assert_cmpstr(form.post, ==, "1.2");
        if (first == NULL)
            first = g_strdup(e.update);
        g_assert_cmpstr(e.update, ==, first);
        slack_form_clear(&form);
        slack_envelope_clear(&e);
    }
    g_free(first);
}

/* ---- blocks ---- */

static const char *section_text(const json_t *message, size_t i)
{
    return json_string_value(json_object_get(
        json_object_get(json_array_get(json_object_get(message, "blocks"), i), "text"), "text"));
}

/* R as its only message's only section. *new* */
static char *rendered(const reply *r)
{
    struct slack_look look = {false, true, "/interview"};
    json_t *messages = render_slack(r, &look);

    g_assert_cmpuint(json_array_size(messages), ==, 1);
    char *out = g_strdup(section_text(json_array_get(messages, 0), 0));
    json_decref(messages);
    return out;
}

static void test_styles(void)
{
    reply *r = reply_new(cat, LANG_KO);

    reply_text(r, REPLY_PLAIN, "이것은");
    reply_text(r, REPLY_BOLD, " 80점 ");
    reply_text(r, REPLY_PLAIN, "<!channel> & 끝\n");
    reply_text(r, REPLY_BOLD, "굵게");
    reply_text(r, REPLY_PLAIN, "요");
    reply_text(r, REPLY_BOLD, "a*b");
    reply_text(r, REPLY_HIDDEN, "숨김");
    g_autofree char *out = rendered(r);
    g_assert_cmpstr(out, ==, "이것은 *80점* &lt;!channel&gt; &amp; 끝\n*굵게*\xe2\x80\x8b요a*b");
    reply_free(r);
}

static void test_commands(void)
{
    reply *r = reply_new(cat, LANG_KO);

    reply_text(r, REPLY_PLAIN, "/hint (/힌트) /etc/passwd /nothing a/hint /topics/x ");
    reply_text(r, REPLY_CODE, "/question 주제");
    reply_code(r, "", "/hint", REPLY_PLAIN);
    g_autofree char *out = rendered(r);
    g_assert_cmpstr(out, ==,
                    "/interview hint (/interview 힌트) /etc/passwd /nothing a/hint /topics/x "
                    "`/interview question 주제`\n```\n/hint\n```");
    reply_free(r);
}

/* What follows a command's word closely: a question mark, a Korean particle. */
static void test_commands_in_sentences(void)
{
    static const struct {
        const char *text, *spelled;
    } all[] = {
        {"Shall we try /question?", "Shall we try /interview question?"},
        {"/question으로 하나 받아 보세요.", "/interview question으로 하나 받아 보세요."},
        {"/질문을 써 보세요", "/interview 질문을 써 보세요"},
        {"/주제들로", "/interview 주제들로"},
        {"`/?`", "`/interview ?`"},
        {"/questionnaire /문질", "/questionnaire /문질"},
        {"/question/next", "/question/next"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *out = slack_spell_commands(all[i].text, "/interview");

        g_assert_cmpstr(out, ==, all[i].spelled);
    }
}

static void test_code(void)
{
    reply *r = reply_new(cat, LANG_EN);

    reply_text(r, REPLY_PLAIN, "see:");
    reply_code(r, "c", "if (a < b)\n\n  x = \"```\";", REPLY_PLAIN);
    reply_newline(r, 2);
    reply_text(r, REPLY_PLAIN, "done");
    g_autofree char *out = rendered(r);
    g_assert_cmpstr(out, ==, "see:\n```\nif (a &lt; b)\n\n  x = \"``\xe2\x80\x8b`\";\n```\n\ndone");
    reply_free(r);
}

static void test_limits(void)
{
    struct slack_look look = {false, true, "/interview"};
    reply *r = reply_new(cat, LANG_KO);
    size_t i, j;
    json_t *messages, *message, *block;

    for (int n = 0; n < 300; n++) {
        g_autofree char *line =
            g_strdup_printf("%d & 하이퍼바이저는 가상 머신을 실행하는 소프트웨어입니다.\n", n);

        reply_text(r, n % 2 != 0 ? REPLY_BOLD : REPLY_PLAIN, line);
        if (n % 50 == 0)
            reply_code(r, "c", "int main(void) { return 0; }\nint x;", REPLY_PLAIN);
    }
    g_autofree char *one_line = g_strnfill(20000, 'x');
    reply_text(r, REPLY_ITALIC, one_line);
    reply_button_text(r, "ok", "hint:1", true);
    messages = render_slack(r, &look);
    g_assert_cmpuint(json_array_size(messages), >, 2);
    json_array_foreach(messages, i, message)
    {
        char *whole = json_dumps(json_object_get(message, "blocks"), JSON_COMPACT);

        g_assert_cmpint(g_utf8_strlen(whole, -1), <=, 13200);
        g_assert_cmpint(g_utf8_strlen(json_string_value(json_object_get(message, "text")), -1), <=,
                        4000);
        json_array_foreach(json_object_get(message, "blocks"), j, block)
        {
            if (section_text(message, j) != NULL)
                g_assert_cmpint(g_utf8_strlen(section_text(message, j), -1), <=, 3000);
        }
        free(whole);
    }
    /* The button stands on the last one only. */
    message = json_array_get(messages, json_array_size(messages) - 1);
    block = json_array_get(json_object_get(message, "blocks"),
                           json_array_size(json_object_get(message, "blocks")) - 1);
    g_assert_cmpstr(json_string_value(json_object_get(block, "type")), ==, "actions");
    json_decref(messages);
    message = render_slack_one(r, &look);
    g_assert_cmpuint(json_array_size(json_object_get(message, "blocks")), <=, 50);
    json_decref(message);
    reply_free(r);
}

/* ---- rows of the outbox ---- */

/* Taken apart as text or as JSON, a row is the same call. */
static void test_rows(void)
{
    static const struct {
        enum slack_row_kind kind;
        const char *body, *method, *args;
        int64_t round;
    } all[] = {
        {SLACK_ROW_SEND, "{\"method\":\"chat.postMessage\",\"args\":{\"text\":\"a}\"}}",
         "chat.postMessage", "{\"text\":\"a}\"}", 0},
        {SLACK_ROW_POST, "{\"method\":\"chat.postMessage\",\"args\":{}}", "chat.postMessage", "{}",
         0},
        {SLACK_ROW_UNDER, "{\"method\":\"chat.postMessage\",\"args\":{},\"under\":7}",
         "chat.postMessage", NULL, 7},
        {SLACK_ROW_REFRESH, "{\"method\":\"chat.update\",\"args\":{}}", "chat.update", NULL, 0},
        {SLACK_ROW_SEND, "{\"url\":\"https://h\",\"args\":{}}", "response_url", NULL, 0},
        {SLACK_ROW_SEND, "{\"args\":{},\"method\":\"chat.update\"}", "chat.update", NULL, 0},
        {SLACK_ROW_SEND, "{\"method\":\"chat.x\\\"y\",\"args\":{}}", "chat.x\"y", NULL, 0},
        {SLACK_ROW_SEND, "{\"method\":\"chat.update\",\"args\":{", "response_url", NULL, 0},
        {SLACK_ROW_SEND, "", "response_url", NULL, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        struct slack_call c;

        slack_call_read(all[i].body, all[i].kind, &c);
        g_assert_cmpstr(c.method, ==, all[i].method);
        g_assert_cmpstr(c.args, ==, all[i].args);
        g_assert_cmpint(c.round, ==, all[i].round);
        slack_call_clear(&c);
    }
}

/* ---- where the API is ---- */

/* A socket in the clear is allowed where the API itself is on this machine, and nowhere else. */
static void test_local_api(void)
{
    static const struct {
        const char *base;
        bool local;
    } all[] = {
        {"http://127.0.0.1:8080/api/", true},     {"http://localhost/api", true},
        {"http://[::1]:80/api/", true},           {"https://slack.com/api/", false},
        {"http://127.0.0.1.example.org/", false}, {"http://localhost@example.org/api", false},
        {"https://slack.com/?127.0.0.1", false},
    };
    loop *l = loop_new(clock_system(), NULL);
    http *h = http_new(l, 1);

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        slack_api *a = slack_api_new(l, h, all[i].base, "xoxb-1", "xapp-1", false);

        g_assert_cmpint(slack_api_is_local(a), ==, all[i].local);
        slack_api_free(a);
    }
    http_free(h);
    loop_free(l);
}

/* ---- pauses ---- */

/* In no minute more calls than the tier has; Retry-After counts besides, and of its method alone.
 */
static void test_rates(void)
{
    slack_rates *r = slack_rates_new(false), *free_one = slack_rates_new(true);
    GArray *at = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (int64_t now = 0; now < 300000; now += 7) {
        if (slack_rates_wait(r, "chat.update", now) > 0)
            continue;
        slack_rates_take(r, "chat.update", now);
        slack_rates_take(free_one, "chat.update", now);
        g_array_append_val(at, now);
    }
    g_assert_cmpuint(at->len, >, 200);
    for (guint i = 50; i < at->len; i++)
        g_assert_cmpint(g_array_index(at, int64_t, i) - g_array_index(at, int64_t, i - 50), >=,
                        60000);
    g_assert_cmpint(slack_rates_wait(free_one, "chat.update", 1), ==, 0);
    g_assert_cmpint(slack_rates_wait(r, "chat.postMessage", 1), ==, 0);
    slack_rates_close(r, "users.info", 5000);
    g_assert_cmpint(slack_rates_closed(r, "users.info", 4000), ==, 1000);
    g_assert_cmpint(slack_rates_wait(r, "users.info", 4000), ==, 1000);
    g_assert_cmpint(slack_rates_wait(r, "users.info", 5000), ==, 0);
    g_assert_cmpint(slack_rates_wait(r, "views.open", 4000), ==, 0);
    slack_rates_close(free_one, "users.info", 5000);
    g_assert_cmpint(slack_rates_wait(free_one, "users.info", 4000), ==, 1000);
    g_array_unref(at);
    slack_rates_free(r);
    slack_rates_free(free_one);
}

static void test_backoff(void)
{
    for (uint32_t chance = 0; chance < 100000; chance += 997) {
        g_assert_cmpint(slack_backoff(0, chance), <, 1000);
        g_assert_cmpint(slack_backoff(0, chance), >, 0);
        g_assert_cmpint(slack_backoff(50, chance), <=, 60000);
        g_assert_cmpint(slack_backoff(50, chance), >=, 30000);
    }
    g_assert_cmpint(slack_backoff(3, 1), !=, slack_backoff(3, 500));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    cat = catalog_new();
    g_test_add_func("/slack/message", test_message);
    g_test_add_func("/slack/mention", test_mention);
    g_test_add_func("/slack/not-ours", test_not_ours);
    g_test_add_func("/slack/odd-json", test_odd_json);
    g_test_add_func("/slack/half-character", test_half_character);
    g_test_add_func("/slack/nul", test_nul);
    g_test_add_func("/slack/nulls", test_nulls);
    g_test_add_func("/slack/bulk", test_bulk);
    g_test_add_func("/slack/direct", test_direct);
    g_test_add_func("/slack/control", test_control);
    g_test_add_func("/slack/submit", test_submit);
    g_test_add_func("/slack/styles", test_styles);
    g_test_add_func("/slack/commands", test_commands);
    g_test_add_func("/slack/commands-in-sentences", test_commands_in_sentences);
    g_test_add_func("/slack/code", test_code);
    g_test_add_func("/slack/limits", test_limits);
    g_test_add_func("/slack/rows", test_rows);
    g_test_add_func("/slack/local-api", test_local_api);
    g_test_add_func("/slack/rates", test_rates);
    g_test_add_func("/slack/backoff", test_backoff);
    int status = g_test_run();
    catalog_free(cat);
    return status;
}
