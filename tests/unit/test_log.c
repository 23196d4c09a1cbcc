/* The log: levels, errno, one line a call whatever the arguments hold, hidden secrets, the
 * journal's prefix. */
#include <errno.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

static FILE *file;

/* What was logged since the last call; *new*. */
static char *logged(void)
{
    static char buffer[65536];
    ssize_t n = pread(fileno(file), buffer, sizeof buffer - 1, 0);
    buffer[MAX(n, 0)] = '\0';
    g_assert_cmpint(ftruncate(fileno(file), 0), ==, 0);
    lseek(fileno(file), 0, SEEK_SET);
    return g_strdup(buffer);
}

static void start(void)
{
    g_unsetenv("JOURNAL_STREAM");
    log_set_fd(fileno(file));
    log_set_level(LOG_LEVEL_INFO);
    log_forget_secrets();
    g_free(logged());
}

/* The text of the one line that was logged, without its time. *new* */
static char *line_text(void)
{
    g_autofree char *all = logged();
    size_t len = strlen(all);
    g_assert_cmpuint(len, >, 25);
    if (len <= 25)
        return g_strdup("");
    g_assert_true(
        g_regex_match_simple("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ", all, 0, 0));
    g_assert_cmpint(all[len - 1], ==, '\n');
    all[len - 1] = '\0';
    g_assert_null(strchr(all, '\n'));
    return g_strdup(all + 25);
}

#define EXPECT_LINE(expected)                                                                      \
    do {                                                                                           \
        g_autofree char *got_ = line_text();                                                       \
        g_assert_cmpstr(got_, ==, expected);                                                       \
    } while (0)

static void test_levels(void)
{
    start();
    log_debug("not shown");
    g_autofree char *none = logged();
    g_assert_cmpstr(none, ==, "");
    log_info("n = %d", 5);
    EXPECT_LINE("info: n = 5");
    log_error("bad");
    EXPECT_LINE("error: bad");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("shown");
    EXPECT_LINE("debug: shown");
    log_set_level(LOG_LEVEL_ERROR);
    log_warnx("not shown");
    g_autofree char *again = logged();
    g_assert_cmpstr(again, ==, "");
}

static void test_level_names(void)
{
    enum log_level level = LOG_LEVEL_ERROR;
    g_assert_true(log_level_parse("debug", &level));
    g_assert_cmpint(level, ==, LOG_LEVEL_DEBUG);
    g_assert_false(log_level_parse("loud", &level));
    g_assert_cmpint(level, ==, LOG_LEVEL_DEBUG);
}

static void test_errno(void)
{
    start();
    errno = ENOENT;
    log_warn("open %s", "x");
    EXPECT_LINE("warn: open x: No such file or directory");
    g_assert_cmpint(errno, ==, ENOENT);
    log_warnx("open %s", "x");
    EXPECT_LINE("warn: open x");
}

static void test_escapes(void)
{
    start();
    log_info("%s", "a\nb\r\t\x1b[31m\x7f");
    EXPECT_LINE("info: a\\nb\\x0d\\x09\\x1b[31m\\x7f");
    log_info("%s", "가상화 \xc2\x85 \xe2\x80\xae \xe2\x80\xa8 \xff\xc3");
    EXPECT_LINE("info: 가상화 \\x85 \\u202e \\u2028 \\xff\\xc3");
}

static void test_secrets(void)
{
    start();
    log_secret("123456:AAsecretToken");
    log_secret("AAsecretTokenAndMore");
    log_secret("abc"); /* too short to be one */
    log_secret(NULL);
    log_info("%s", "GET /bot123456:AAsecretToken/x abc 123456%3AAAsecretToken!");
    EXPECT_LINE("info: GET /bot[redacted]/x abc [redacted]!");
    log_error("AAsecretTokenAndMore");
    EXPECT_LINE("error: [redacted]");
    log_secret("123456:AAsecretTokenLonger"); /* holds the first: must be hidden whole */
    log_info("%s", "123456:AAsecretTokenLonger");
    EXPECT_LINE("info: [redacted]");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("AAsecretTokenAndMore");
    EXPECT_LINE("debug: [redacted]");
    log_forget_secrets();
    log_info("AAsecretTokenAndMore");
    EXPECT_LINE("info: AAsecretTokenAndMore");
}

static void test_long(void)
{
    start();
    log_secret("0123456789");
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 8187; i++)
        g_string_append_c(text, 'x');
    g_string_append(text, "0123456789"); /* over the edge: not even its head may show */
    for (int i = 0; i < 9000; i++)
        g_string_append_c(text, 'y');
    log_info("%s", text->str);
    g_autofree char *line = line_text();
    g_assert_cmpuint(strlen(line), <, 8300);
    g_assert_null(strstr(line, "0123"));
    g_assert_true(g_str_has_suffix(line, "..."));
}

static void test_journal(void)
{
    start();
    struct stat st;
    g_assert_cmpint(fstat(fileno(file), &st), ==, 0);
    g_autofree char *stream =
        g_strdup_printf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    g_setenv("JOURNAL_STREAM", stream, TRUE);
    log_set_fd(fileno(file));
    log_info("hello");
    log_error("oh\nno");
    g_autofree char *all = logged();
    g_assert_cmpstr(all, ==, "<6>hello\n<3>oh\\nno\n");
    g_setenv("JOURNAL_STREAM", "1:1", TRUE); /* somebody else's: redirected to a file */
    log_set_fd(fileno(file));
    log_info("hello");
    EXPECT_LINE("info: hello");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    file = tmpfile();
    g_test_add_func("/log/levels", test_levels);
    g_test_add_func("/log/level-names", test_level_names);
    g_test_add_func("/log/errno", test_errno);
    g_test_add_func("/log/escapes", test_escapes);
    g_test_add_func("/log/secrets", test_secrets);
    g_test_add_func("/log/long", test_long);
    g_test_add_func("/log/journal", test_journal);
    int status = g_test_run();
    log_forget_secrets();
    fclose(file);
    return status;
}
