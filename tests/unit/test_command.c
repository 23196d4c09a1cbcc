/* What people type, as commands. */
#include <glib.h>

#include "command.h"

static void test_words(void)
{
    static const struct {
        const char *text;
        bool bare;
        enum command_id id;
        const char *arg;
    } rows[] = {
        {"/question", false, CMD_QUESTION, ""},
        {"/Question  가상화 ", false, CMD_QUESTION, "가상화"},
        {"/질문 hypervisor", false, CMD_QUESTION, "hypervisor"},
        {"  /hint", false, CMD_HINT, ""},
        {"/hint@interview_bot now", false, CMD_HINT, "now"},
        {"/순위 이번주", false, CMD_LEADERBOARD, "이번주"},
        {"질문", false, CMD_NONE, NULL},
        {"질문 가상화", true, CMD_QUESTION, "가상화"},
        {"질문이 뭐죠", true, CMD_NONE, NULL},
        {"/", false, CMD_NONE, NULL},
        {"/etc/passwd 를 읽어요", false, CMD_NONE, NULL},
        {"/quesiton", false, CMD_UNKNOWN, ""},
        {"a / b", false, CMD_NONE, NULL},
        {"", false, CMD_NONE, NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct command c;

        command_parse(rows[i].text, rows[i].bare, &c);
        g_assert_cmpint(c.id, ==, rows[i].id);
        g_assert_cmpstr(c.arg, ==, rows[i].arg);
        command_clear(&c);
    }
}

static void test_nearest(void)
{
    static const struct {
        const char *typed, *want;
    } rows[] = {
        {"/quesiton", "question"}, {"/힌드", "hint"},     {"/leaderbord", "leaderboard"},
        {"/scroe", "score"},       {"/질믄", "question"}, {"/hlep", "help"},
        {"/연슾", "practice"},     {"/xyzzyplugh", NULL}, {"/ㅁㄴㅇㄹ", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct command c;

        command_parse(rows[i].typed, false, &c);
        g_assert_cmpint(c.id, ==, CMD_UNKNOWN);
        g_assert_cmpstr(c.nearest, ==, rows[i].want);
        command_clear(&c);
    }
}

/* Telegram takes 1-32 of [a-z0-9_]; a word may stand in one row only. */
static void test_table(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        g_autofree char *all = g_strconcat(row->name, " ", row->words, NULL);
        g_auto(GStrv) words = g_strsplit(all, " ", -1);

        g_assert_true(g_regex_match_simple("^[a-z0-9_]{1,32}$", row->name, 0, 0));
        for (char **w = words; *w != NULL; w++)
            g_assert_true(g_hash_table_add(seen, g_strdup(*w)));
        g_autofree char *korean = command_korean(row);
        g_assert_cmpint((unsigned char)korean[0], >=, 0x80);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/command/words", test_words);
    g_test_add_func("/command/nearest", test_nearest);
    g_test_add_func("/command/table", test_table);
    return g_test_run();
}
