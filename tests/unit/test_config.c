/* The configuration: what is right is read, what is wrong is named with file and line. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "config.h"

static void check_problem(const char *text, const char *want)
{
    config *c = config_new();
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

    config_read_text(c, "f.conf", text, problems);
    if (want == NULL) {
        g_assert_cmpuint(problems->len, ==, 0);
    } else {
        g_assert_cmpuint(problems->len, ==, 1);
        if (problems->len > 0 && strstr(g_ptr_array_index(problems, 0), want) == NULL)
            g_assert_cmpstr(g_ptr_array_index(problems, 0), ==, want);
    }
    config_free(c);
}

static void test_problems(void)
{
    check_problem("# nothing\n\n; either\n", NULL);
    check_problem("[bot]\nlanguage = en\n", NULL);
    check_problem("[bot]\nlanguage=fr\n", "f.conf:2: bot.language is one of ko|en");
    check_problem("[bot]\ntimezone = Mars/Base\n", "f.conf:2: bot.timezone");
    check_problem("[bot]\n\nlanguage = en\nlanguage = ko\n", "f.conf:4: bot.language is set twice");
    check_problem("[bot]\ncolour = red\n", "f.conf:2: there is no option bot.colour");
    check_problem("[bots]\nlanguage = en\n", "f.conf:1: there is no section [bots]");
    check_problem("language = en\n", "f.conf:1: language stands before any [section]");
    check_problem("[bot\n", "f.conf:1: a section is [name]");
    check_problem("[bot]\nhello\n", "f.conf:2: neither");
    check_problem("[limits]\nanswers_per_minute = 0\n",
                  "f.conf:2: limits.answers_per_minute wants");
    check_problem("[limits]\nanswers_per_minute = 12x\n", "f.conf:2:");
    check_problem("[telegram]\nunlimited = maybe\n", "f.conf:2: telegram.unlimited is yes or no");
    check_problem("[telegram]\napi_url = http://127.0.0.1:8081\n", NULL);
    check_problem("[bot]\nlanguage = \xFF\n", "f.conf:1: not UTF-8");
    check_problem("\xEF\xBB\xBF[bot]\nlanguage = en\n", NULL); /* an editor's byte order mark */
    check_problem("[bot]\r\nlanguage = en\r\n", NULL);
}

/* A token travels with every request: in the clear only to this very machine. */
static void test_urls(void)
{
    static const char *const here[] = {"http://127.0.0.1",    "http://127.0.0.1:8081/x",
                                       "http://localhost:1",  "http://[::1]:1/",
                                       "https://example.org", "HTTPS://example.org/x"};
    static const char *const elsewhere[] = {
        "http://example.org",           "http://127.0.0.1.example.org",
        "http://localhost.example.org", "http://127.0.0.1@ev.il/",
        "http://localhost:x@ev.il",     "http://10.0.0.1",
        "http://[::1].ev.il/",          "ftp://127.0.0.1",
        "file:///etc/passwd",           "example.org",
        "http://ev.il/127.0.0.1",       "http://ev.il#@127.0.0.1"};
    static const char *const options[] = {"telegram", "slack"};

    for (size_t o = 0; o < G_N_ELEMENTS(options); o++) {
        for (size_t i = 0; i < G_N_ELEMENTS(here); i++) {
            g_autofree char *line = g_strdup_printf("[%s]\napi_url = %s\n", options[o], here[i]);
            check_problem(line, NULL);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
            g_autofree char *line =
                g_strdup_printf("[%s]\napi_url = %s\n", options[o], elsewhere[i]);
            check_problem(line, "must begin with https://");
        }
    }
}

static void test_values_and_overrides(void)
{
    config *c = config_new();
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

    g_assert_cmpstr(config_text(c, OPT_LANGUAGE), ==, "ko");
    config_read_text(c, "f", "[bot]\nbank = a.md; b dir/ ;\nranked_asks = 7\n", problems);
    config_override(c, "bot.ranked_asks=5", problems);
    config_override(c, " telegram.unlimited = yes ", problems);
    g_assert_cmpuint(problems->len, ==, 0);
    g_assert_cmpint(config_number(c, OPT_RANKED_ASKS), ==, 5);
    g_assert_true(config_switch(c, OPT_TELEGRAM_UNLIMITED));
    g_auto(GStrv) banks = config_list(c, OPT_BANK);
    g_assert_cmpuint(g_strv_length(banks), ==, 2);
    g_assert_cmpstr(banks[1], ==, "b dir/");
    /* An operator who separates ids otherwise means the same; in a path a comma is a comma. */
    config_override(c, "bot.admins=1, 2;3 -4", problems);
    g_auto(GStrv) admins = config_list(c, OPT_ADMINS);
    g_assert_cmpuint(g_strv_length(admins), ==, 4);
    g_assert_cmpstr(admins[1], ==, "2");
    g_assert_cmpstr(admins[3], ==, "-4");
    config_override(c, "nonsense", problems);
    config_override(c, "bot.nothing=1", problems);
    g_assert_cmpuint(problems->len, ==, 2);
    config_free(c);
}

static void test_secrets(void)
{
    config *c = config_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL, *source = NULL;
    int fd = g_file_open_tmp("iv-token-XXXXXX", &path, NULL);

    g_close(fd, NULL);
    g_assert_null(config_secret(c, "IV_TEST_TOKEN", OPT_TELEGRAM_TOKEN_FILE, "x", NULL, &error));
    g_assert_no_error(error);
    g_autofree char *setting = g_strdup_printf("telegram.token_file=%s", path);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    config_override(c, setting, problems);
    g_assert_null(config_secret(c, "IV_TEST_TOKEN", OPT_TELEGRAM_TOKEN_FILE, "x", NULL, &error));
    g_assert_nonnull(strstr(error->message, "is empty"));
    g_assert_true(g_file_set_contents(path, " 1:abc\n", -1, NULL));
    g_autofree char *token =
        config_secret(c, "IV_TEST_TOKEN", OPT_TELEGRAM_TOKEN_FILE, "x", &source, NULL);
    g_assert_cmpstr(token, ==, "1:abc");
    g_assert_cmpstr(source, ==, path);
    g_setenv("IV_TEST_TOKEN", "2:def", TRUE);
    g_autofree char *other =
        config_secret(c, "IV_TEST_TOKEN", OPT_TELEGRAM_TOKEN_FILE, "x", NULL, NULL);
    g_assert_cmpstr(other, ==, "2:def"); /* the environment goes first */
    g_unlink(path);
    config_free(c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/config/problems", test_problems);
    g_test_add_func("/config/urls", test_urls);
    g_test_add_func("/config/values", test_values_and_overrides);
    g_test_add_func("/config/secrets", test_secrets);
    return g_test_run();
}
