/* Updates as Telegram sends them, and as nobody should: what the bot makes of them. */
#include <glib.h>
#include <string.h>

#include "chat/telegram_update.h"

static const struct telegram_me me = {777, (char[]){"Quiz_bot"}};

/* The update TEXT, in *u; the JSON is kept until the next call. */
static void parse(struct telegram_update *u, const char *text)
{
    static json_view *kept;

    json_view_free(kept);
    kept = text != NULL ? json_view_new(text, strlen(text)) : NULL;
    g_assert_true(text == NULL || kept != NULL);
    telegram_update_read(json_view_root(kept), &me, u);
}

#define KIM                                                                                        \
    "\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"Kim\",\"last_name\":\"K\",\"language_"   \
    "code\":\"ko\"}"
#define PRIVATE       "\"chat\":{\"id\":5,\"type\":\"private\",\"first_name\":\"Kim\"}"
#define GROUP         "\"chat\":{\"id\":-1001234567890,\"type\":\"supergroup\",\"title\":\"Study\"}"
#define MESSAGE(rest) "{\"update_id\":9,\"message\":{\"message_id\":3,\"date\":1," rest "}}"

static void is_nothing(const char *text)
{
    struct telegram_update u;

    parse(&u, text);
    g_assert_cmpint(u.what, ==, TELEGRAM_NOTHING);
    telegram_update_clear(&u);
}

static void test_private_text(void)
{
    struct telegram_update u;

    parse(&u, MESSAGE(KIM "," PRIVATE ",\"text\":\"hello\""));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_cmpint(u.in.kind, ==, EVENT_TEXT);
    g_assert_cmpint(u.id, ==, 9);
    g_assert_cmpstr(u.in.chat, ==, "5");
    g_assert_cmpstr(u.in.user, ==, "5");
    g_assert_cmpstr(u.in.user_name, ==, "Kim K");
    g_assert_cmpstr(u.in.lang_hint, ==, "ko");
    g_assert_cmpstr(u.in.message, ==, "3");
    g_assert_cmpint(u.in.chat_kind, ==, CHAT_PRIVATE);
    g_assert_cmpint(u.in.admin, ==, ADMIN_YES);
    telegram_update_clear(&u);
}

static void wordless(const char *rest, bool expected)
{
    struct telegram_update u;
    g_autofree char *text = g_strdup_printf(MESSAGE(KIM "," PRIVATE ",%s"), rest);

    parse(&u, text);
    g_assert_cmpint(u.what, ==, expected ? TELEGRAM_EVENT : TELEGRAM_NOTHING);
    g_assert_cmpint(u.in.kind == EVENT_WORDLESS, ==, expected);
    telegram_update_clear(&u);
}

static void test_without_words(void)
{
    wordless("\"photo\":[{\"file_id\":\"a\"}]", true);
    wordless("\"voice\":{\"file_id\":\"a\"}", true);
    wordless("\"checklist\":{}", true);
    wordless("\"photo\":5", false);
    wordless("\"pinned_message\":{\"photo\":[]}", false);
    wordless("\"new_chat_title\":\"x\"", false);
    is_nothing("{\"update_id\":9,\"edited_message\":{\"message_id\":3,\"date\":1," KIM "," PRIVATE
               ",\"location\":{\"latitude\":1,\"longitude\":1}}}"); /* a live one moves on */
    is_nothing(MESSAGE(KIM "," GROUP ",\"sticker\":{}"));
}

static void test_group_only_what_is_meant_for_us(void)
{
    struct telegram_update u;

    is_nothing(MESSAGE(KIM "," GROUP ",\"text\":\"just talk\""));
    is_nothing(MESSAGE(KIM "," GROUP ",\"text\":\"hi @quiz_bots and @quiz_bot2\""));
    is_nothing(MESSAGE(KIM "," GROUP ",\"text\":\"/question@other_bot\""));
    is_nothing(MESSAGE(KIM "," GROUP ",\"text\":\"x\",\"reply_to_message\":{\"message_id\":2,"
                           "\"from\":{\"id\":8,\"is_bot\":true}}"));
    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"x\",\"reply_to_message\":{\"message_id\":2,"
                          "\"from\":{\"id\":777,\"is_bot\":true}}"));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_cmpstr(u.in.reply_to, ==, "2");
    g_assert_cmpint(u.in.admin, ==, ADMIN_UNKNOWN);
    g_assert_cmpstr(u.in.chat, ==, "-1001234567890");
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"/question@QUIZ_BOT db\""));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_true(u.in.to_bot);
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"/weather\""));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT); /* the interview decides whose it is */
    g_assert_false(u.in.to_bot);
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"@quiz_bot my answer\""));
    g_assert_true(u.in.to_bot);
    g_assert_cmpstr(u.in.text, ==, "my answer");
    telegram_update_clear(&u);
}

static void test_topic(void)
{
    struct telegram_update u;

    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"/question\",\"message_thread_id\":44,"
                          "\"is_topic_message\":true"));
    g_assert_cmpstr(u.in.thread, ==, "44");
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM "," GROUP ",\"text\":\"/question\",\"message_thread_id\":44"));
    g_assert_null(u.in.thread); /* a plain reply's thread is no topic */
    telegram_update_clear(&u);
}

static void test_who_does_not_count(void)
{
    struct telegram_update u;

    is_nothing(MESSAGE("\"from\":{\"id\":6,\"is_bot\":true,\"first_name\":\"B\"}," GROUP
                       ",\"text\":\"/question\""));
    is_nothing(
        MESSAGE("\"from\":{\"id\":777000,\"first_name\":\"Telegram\"},\"sender_chat\":{\"id\":"
                "-1009,\"type\":\"channel\"},\"is_automatic_forward\":true," GROUP
                ",\"text\":\"/question\""));
    is_nothing(
        "{\"update_id\":9,\"channel_post\":{\"message_id\":3,\"chat\":{\"id\":-1009,\"type\":"
        "\"channel\"},\"text\":\"/question\"}}");
    /* An anonymous administrator speaks as the group itself. */
    parse(&u, MESSAGE("\"from\":{\"id\":1087968824,\"is_bot\":true,\"first_name\":\"Group\"},"
                      "\"sender_chat\":{\"id\":-1001234567890,\"title\":\"Study\"}," GROUP
                      ",\"text\":\"/daily 9\""));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_true(u.in.nameless);
    g_assert_cmpint(u.in.admin, ==, ADMIN_YES);
    g_assert_cmpstr(u.in.user, ==, "chat:-1001234567890");
    telegram_update_clear(&u);
    parse(&u, MESSAGE("\"from\":{\"id\":136817688,\"is_bot\":true,\"first_name\":\"Channel\"},"
                      "\"sender_chat\":{\"id\":-1009,\"title\":\"News\"}," GROUP
                      ",\"text\":\"/daily 9\""));
    g_assert_true(u.in.nameless);
    g_assert_cmpint(u.in.admin, ==, ADMIN_NO);
    telegram_update_clear(&u);
}

static void test_button(void)
{
    struct telegram_update u;

    parse(&u, "{\"update_id\":9,\"callback_query\":{\"id\":\"q1\"," KIM
              ",\"data\":\"hint:4\",\"message\":{\"message_id\":12,\"date\":0," GROUP "}}}");
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_cmpint(u.in.kind, ==, EVENT_BUTTON);
    g_assert_cmpstr(u.callback, ==, "q1");
    g_assert_cmpstr(u.in.text, ==, "hint:4");
    g_assert_cmpstr(u.in.reply_to, ==, "12");
    telegram_update_clear(&u);
    /* A game, an inline message: nothing to handle, but the tap is answered. */
    parse(&u,
          "{\"update_id\":9,\"callback_query\":{\"id\":\"q2\"," KIM ",\"game_short_name\":\"g\"}}");
    g_assert_cmpint(u.what, ==, TELEGRAM_NOTHING);
    g_assert_cmpstr(u.callback, ==, "q2");
    telegram_update_clear(&u);
}

#define OWN(chat, before, after)                                                                   \
    "{\"update_id\":9,\"my_chat_member\":{" KIM "," chat ",\"date\":1,\"old_chat_member\":{"       \
    "\"status\":" before "},\"new_chat_member\":{\"status\":" after "}}}"

static void own(const char *text, enum event_kind kind)
{
    struct telegram_update u;

    parse(&u, text);
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    g_assert_cmpint(u.in.kind, ==, kind);
    telegram_update_clear(&u);
}

static void test_own_membership(void)
{
    own(OWN(GROUP, "\"left\"", "\"member\""), EVENT_ADDED);
    own(OWN(GROUP, "\"member\"", "\"kicked\""), EVENT_REMOVED);
    own(OWN(PRIVATE, "\"member\"", "\"kicked\""), EVENT_REMOVED);
    own(OWN(PRIVATE, "\"kicked\"", "\"member\""), EVENT_RETURNED);
    own(OWN(GROUP, "\"member\"", "\"restricted\",\"is_member\":true,\"can_send_messages\":false"),
        EVENT_REMOVED);
    own(OWN(GROUP, "\"restricted\",\"is_member\":true,\"can_send_messages\":false", "\"member\""),
        EVENT_RETURNED);
    is_nothing(OWN(GROUP, "\"member\"", "\"administrator\""));
}

static void test_members(void)
{
    struct telegram_update u;

    parse(&u, MESSAGE(KIM "," GROUP ",\"left_chat_member\":{\"id\":6,\"first_name\":\"Lee\"}"));
    g_assert_cmpint(u.what, ==, TELEGRAM_MEMBERS);
    g_assert_cmpint(u.in.kind, ==, EVENT_LEFT);
    g_assert_true(telegram_update_member(&u, 0));
    g_assert_cmpstr(u.in.user, ==, "6");
    g_assert_false(telegram_update_member(&u, 1));
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM "," GROUP ",\"new_chat_members\":[{\"id\":6,\"first_name\":\"Lee\"},"
                          "{\"id\":7,\"first_name\":\"Oh\"}]"));
    g_assert_cmpint(u.in.kind, ==, EVENT_JOINED);
    g_assert_true(telegram_update_member(&u, 1));
    g_assert_cmpstr(u.in.user_name, ==, "Oh");
    telegram_update_clear(&u);
}

static void test_migration(void)
{
    struct telegram_update u;

    parse(&u, MESSAGE(KIM ",\"chat\":{\"id\":-50,\"type\":\"group\",\"title\":\"S\"},"
                          "\"migrate_to_chat_id\":-10060"));
    g_assert_cmpint(u.what, ==, TELEGRAM_MOVED);
    g_assert_cmpstr(u.in.chat, ==, "-50");
    g_assert_cmpstr(u.moved_to, ==, "-10060");
    telegram_update_clear(&u);
    parse(&u, MESSAGE(KIM ",\"chat\":{\"id\":-10060,\"type\":\"supergroup\",\"title\":\"S\"},"
                          "\"migrate_from_chat_id\":-50"));
    g_assert_cmpstr(u.in.chat, ==, "-50");
    g_assert_cmpstr(u.moved_to, ==, "-10060");
    telegram_update_clear(&u);
}

static void test_document(void)
{
    struct telegram_update u;

    parse(&u, MESSAGE(KIM "," PRIVATE ",\"caption\":\"/import\",\"document\":{\"file_id\":\"F\","
                          "\"file_name\":\"a.md\",\"file_size\":10}"));
    g_assert_cmpint(u.what, ==, TELEGRAM_IMPORT);
    g_assert_cmpstr(u.file_id, ==, "F");
    telegram_update_clear(&u);
    parse(&u,
          MESSAGE(KIM "," PRIVATE ",\"caption\":\"/imports\",\"document\":{\"file_id\":\"F\"}"));
    g_assert_cmpint(u.what, ==, TELEGRAM_EVENT);
    telegram_update_clear(&u);
}

static int64_t number_of(const char *text)
{
    struct telegram_update u;
    int64_t n;

    parse(&u, text);
    n = u.in.update_number;
    telegram_update_clear(&u);
    return n;
}

/* The same update has the same number; another one with its update_id (they begin anew) has not. */
static void test_number(void)
{
    int64_t a = number_of(MESSAGE(KIM "," PRIVATE ",\"text\":\"x\""));

    g_assert_cmpint(a, ==, number_of(MESSAGE(KIM "," PRIVATE ",\"text\":\"x\"")));
    g_assert_cmpint(a, !=,
                    number_of("{\"update_id\":9,\"message\":{\"message_id\":4,\"date\":2," KIM
                              "," PRIVATE ",\"text\":\"x\"}}"));
    g_assert_cmpint(a >> 20, ==, 9);
}

static void test_odd_updates(void)
{
    struct telegram_update u;

    is_nothing(NULL);
    is_nothing("{}");
    is_nothing("[]");
    is_nothing("{\"update_id\":\"9\",\"message\":7}");
    is_nothing(MESSAGE(KIM ",\"chat\":[],\"text\":\"x\""));
    is_nothing(MESSAGE(PRIVATE ",\"text\":\"x\""));
    is_nothing(MESSAGE(KIM "," PRIVATE ",\"text\":5"));
    parse(&u, MESSAGE(KIM "," PRIVATE ",\"text\":\"a\\u0000b\""));
    g_assert_cmpstr(u.in.text, ==, "a b");
    telegram_update_clear(&u);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/update/private", test_private_text);
    g_test_add_func("/update/without-words", test_without_words);
    g_test_add_func("/update/group", test_group_only_what_is_meant_for_us);
    g_test_add_func("/update/topic", test_topic);
    g_test_add_func("/update/who", test_who_does_not_count);
    g_test_add_func("/update/button", test_button);
    g_test_add_func("/update/own", test_own_membership);
    g_test_add_func("/update/members", test_members);
    g_test_add_func("/update/migration", test_migration);
    g_test_add_func("/update/document", test_document);
    g_test_add_func("/update/number", test_number);
    g_test_add_func("/update/odd", test_odd_updates);
    int failed = g_test_run();
    struct telegram_update u;
    parse(&u, NULL);
    return failed;
}
