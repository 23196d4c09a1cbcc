/* Text as people type it and as the eye sees it. */
#include <glib.h>
#include <string.h>

#include "text.h"

static void check_clean(const char *in, size_t len, const char *want)
{
    g_autofree char *got = text_clean(in, len);

    g_assert_cmpstr(got, ==, want);
}

static void test_clean(void)
{
    check_clean("안녕", strlen("안녕"), "안녕");
    check_clean("a\0b", 3,
                "a\xEF\xBF\xBD"
                "b");
    check_clean("a\x1B[31mred", 9, "a[31mred");
    check_clean("a\r\nb\rc", 6, "a\nb\nc");
    check_clean("\xE2\x80\xAE"
                "evil",
                7, "evil"); /* right-to-left override */
    check_clean("\xFF\xFE", 2, "\xEF\xBF\xBD\xEF\xBF\xBD");
    check_clean("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 9, "한"); /* NFD */
    check_clean("tab\tstays", 9, "tab\tstays");
}

static void test_clean_line(void)
{
    g_autofree char *got = text_clean_line("  김\n 철수\t", strlen("  김\n 철수\t"));
    g_autofree char *none = text_clean_line("\n \n", 3);

    g_assert_cmpstr(got, ==, "김 철수");
    g_assert_cmpstr(none, ==, "");
}

static void test_cut(void)
{
    static const struct {
        const char *in;
        size_t cells;
        const char *want;
    } rows[] = {
        {"abc", 3, "abc"},
        {"abcd", 3, "ab…"},
        {"한글말", 6, "한글말"},
        {"한글말", 5, "한글…"},
        {"한글말", 4, "한…"},
        {"", 3, ""},
        {"👩‍💻👩‍💻", 3, "👩‍💻…"}, /* never inside a joined emoji */
        {"e\xCC\x81"
         "e\xCC\x81"
         "ee",
         3,
         "e\xCC\x81"
         "e\xCC\x81…"}, /* nor between a letter and its mark */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = text_cut(rows[i].in, rows[i].cells);

        g_assert_cmpstr(got, ==, rows[i].want);
    }
}

static void test_units(void)
{
    g_assert_cmpuint(text_utf16_units("한a😀", strlen("한a😀")), ==, 4);
    g_assert_cmpuint(text_width("한a😀"), ==, 5);
    /* Texts of any length, longer than what is counted at once. */
    for (size_t n = 0; n < 2000; n += 1 + n / 40) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (size_t i = 0; i < n; i++)
            g_string_append(text, i % 3 == 0 ? "😀" : i % 3 == 1 ? "가" : "a");
        g_assert_cmpuint(text_utf16_units(text->str, text->len), ==, n + (n + 2) / 3);
    }
    g_autofree char *faces = g_strnfill(4 * 3000, 0);
    for (size_t i = 0; i < 3000; i++)
        memcpy(faces + 4 * i, "😀", 4);
    g_assert_cmpuint(text_utf16_units(faces, 4 * 3000), ==, 6000);
}

static void test_particles(void)
{
    static const struct {
        const char *before, *pair, *want;
    } rows[] = {
        {"커널", "은/는", "은"},
        {"스레드", "은/는", "는"},
        {"커널", "으로/로", "로"},
        {"운영체제", "으로/로", "로"},
        {"컨테이너", "이/가", "가"},
        {"SAN", "과/와", "과"},
        {"DAS", "을/를", "를"},
        {"KVM", "이/가", "이"},
        {"3", "을/를", "을"},
        {"링 0", "은/는", "은"},
        {"2", "은/는", "는"},
        {"\"커널\"", "을/를", "을"},
        {"(VM)", "은/는", "은"},
        {"", "은/는", "는"},
        {"형", "으로/로", "으로"},
        {"1", "으로/로", "로"},
        {"America/Vancouver", "이에요/예요", "예요"},
        {"Docker", "은/는", "는"},
        {"R", "은/는", "은"},
        {"Asia/Hong_Kong", "이에요/예요", "이에요"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        size_t n = 0;
        const char *got = text_particle(rows[i].before, rows[i].pair, &n);
        g_autofree char *word = g_strndup(got, n);

        g_assert_cmpstr(word, ==, rows[i].want);
    }
}

static void test_distance(void)
{
    g_assert_cmpint(text_distance("힌트", "힌트"), ==, 0);
    g_assert_cmpint(text_distance("힌트", "힌드"), ==, 1);
    g_assert_cmpint(text_distance("hint", "HINT"), ==, 0);
    g_assert_cmpint(text_distance("hint", "hitn"), ==, 1); /* a swap is one slip */
    g_assert_cmpint(text_distance("", "abc"), ==, 3);
}

/* Plain is what no cleaning changes: every span is measured by its first character that is not. */
static void test_plain_span(void)
{
    static const struct {
        const char *text;
        size_t plain;
    } rows[] = {
        {"", 0},
        {"plain\tand\nlong enough for words", 31},
        {"한글, 漢字, かな", 16},
        {"漢\xe3\x81\x8b\xe3\x82\x99", 3}, /* kana may compose with what follows */
        {"a\xea\xa5\xa0", 1},              /* old jamo may, too */
        {"하\xed\x9e\x80", 3},             /* the last few syllables are looked at one by one */
        {"abcdefgh\x7f", 8},               /* after whole eights as well as within them */
        {"abc\x1f", 3},
        {"abc\r\n", 3},
        {"12345678\xc2\xa0", 8},
        {"가\xea\xb0", 3},     /* cut off */
        {"가\xea\xb0x", 3},    /* bad */
        {"가\xed\xa0\x80", 3}, /* half a surrogate */
        {"a\xe1\x84\x80", 1},  /* a single jamo, which may compose */
        {"a\xe2\x80\xae", 1},  /* a direction override */
        {"a\xf0\x9f\x98\x80", 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        size_t len = strlen(rows[i].text);
        g_assert_cmpuint(text_plain_span(rows[i].text, len), ==, rows[i].plain);
        g_assert_true(text_is_clean(rows[i].text, rows[i].plain));
    }
    g_assert_cmpuint(text_plain_span("a\0b", 3), ==, 1);
}

/* Mutations of valid text, each judged as GLib judges it. */
static void test_is_utf8(void)
{
    static const char start[] = "plain, 한글과 漢字 か\u0301 é 😀 \ud7a3 and more plain text 가나다";
    char text[sizeof start];

    for (int i = 0; i < 20000; i++) {
        memcpy(text, start, sizeof start);
        for (int k = g_test_rand_int_range(0, 3); k > 0; k--)
            text[g_test_rand_int_range(0, sizeof start - 1)] = (char)g_test_rand_int_range(0, 256);
        size_t from = (size_t)g_test_rand_int_range(0, sizeof start / 2);
        size_t len = (size_t)g_test_rand_int_range(0, (gint32)(sizeof start - from));

        g_assert_cmpint(text_is_utf8(text + from, len), ==,
                        g_utf8_validate(text + from, (gssize)len, NULL));
    }
}

/* What must not be shown is found wherever it stands, in texts of any length. */
static void test_clean_anywhere(void)
{
    static const char *const bad[] = {"\x1b",         "\x7f",         "\r",
                                      "\xc2\x85",     "\xd8\x9c",     "\xe2\x80\xae",
                                      "\xef\xbb\xbf", "\xe2\x81\xa6", "\xf3\xa0\x81\x81"};

    for (size_t len = 0; len < 70; len++) {
        g_autofree char *good = g_strnfill(len, 'x');

        g_assert_true(text_is_clean(good, len));
        for (size_t at = 0; at <= len; at++) {
            const char *b = bad[(len + at) % G_N_ELEMENTS(bad)];
            g_autofree char *text = g_strdup_printf("%.*s%s%s", (int)at, good, b, good + at);

            g_assert_false(text_is_clean(text, strlen(text)));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/text/clean", test_clean);
    g_test_add_func("/text/clean-line", test_clean_line);
    g_test_add_func("/text/cut", test_cut);
    g_test_add_func("/text/units", test_units);
    g_test_add_func("/text/particles", test_particles);
    g_test_add_func("/text/distance", test_distance);
    g_test_add_func("/text/plain-span", test_plain_span);
    g_test_add_func("/text/is-utf8", test_is_utf8);
    g_test_add_func("/text/clean-anywhere", test_clean_anywhere);
    return g_test_run();
}
