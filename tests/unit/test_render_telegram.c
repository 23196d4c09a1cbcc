/* Replies as Telegram's HTML: tags nest, parts fit and lose nothing, what hides stays hidden. */
#include <glib.h>
#include <string.h>

#include "chat/graphemes.h"
#include "render.h"
#include "text.h"

static catalog *cat;

static reply *fresh(void)
{
    return reply_new(cat, LANG_KO);
}

static char *only_part(const reply *r)
{
    g_autoptr(GPtrArray) parts = render_telegram(r, TELEGRAM_TEXT_UNITS);

    g_assert_cmpint(parts->len, ==, 1);
    return g_strdup(g_ptr_array_index(parts, 0));
}

#define SAYS(r, html)                                                                              \
    do {                                                                                           \
        g_autofree char *said_ = only_part(r);                                                     \
        g_assert_cmpstr(said_, ==, html);                                                          \
        reply_free(r);                                                                             \
    } while (0)

/* What a reader sees: tags away, entities resolved. Checks on the way that tags nest. */
static char *unmark(const char *html)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);

    for (const char *p = html; *p != '\0';) {
        if (*p == '<') {
            const char *end = strchr(p, '>');
            size_t n = strcspn(p + 1, " >");

            if (p[1] == '/') {
                g_assert_cmpint(open->len, >, 0);
                g_autofree char *name = g_strndup(p + 2, n - 1);
                g_assert_cmpstr(name, ==, g_ptr_array_index(open, open->len - 1));
                g_ptr_array_set_size(open, (gint)open->len - 1);
            } else {
                g_ptr_array_add(open, g_strndup(p + 1, n));
            }
            p = end + 1;
        } else if (*p == '&') {
            g_string_append_c(out, p[1] == 'a' ? '&' : p[1] == 'l' ? '<' : '>');
            p = strchr(p, ';') + 1;
        } else {
            g_string_append_c(out, *p++);
        }
    }
    g_assert_cmpint(open->len, ==, 0);
    return g_string_free(out, FALSE);
}

static void test_escapes(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_PLAIN, "a < b && c > d </b> &amp;");
    SAYS(r, "a &lt; b &amp;&amp; c &gt; d &lt;/b&gt; &amp;amp;");
}

static void test_styles_nest(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_BOLD, "a");
    reply_text(r, REPLY_BOLD | REPLY_ITALIC, "b");
    reply_text(r, REPLY_ITALIC, "c");
    reply_text(r, REPLY_CODE | REPLY_BOLD, "d");
    SAYS(r, "<b>a<i>b</i></b><i>c</i><code>d</code>");
}

static void test_code_blocks(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_PLAIN, "see");
    reply_code(r, "c", "if (a < b)\n", REPLY_PLAIN);
    reply_code(r, "", "\nplain\n", REPLY_PLAIN);
    reply_code(r, "\"><b>", "odd", REPLY_PLAIN);
    reply_text(r, REPLY_PLAIN, "after");
    SAYS(r, "see\n<pre><code class=\"language-c\">if (a &lt; b)</code></pre>\n<pre>plain</pre>\n"
            "<pre>odd</pre>\nafter");
}

/* Code cannot stand in a spoiler: it would be readable. It loses its tags, not its veil. */
static void test_hidden_code(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_HIDDEN, "one");
    reply_newline(r, 2);
    reply_code(r, "c", "int x;", REPLY_HIDDEN);
    reply_text(r, REPLY_HIDDEN | REPLY_CODE, "two");
    SAYS(r, "<tg-spoiler>one\n\nint x;\ntwo</tg-spoiler>");
}

static void test_one_spoiler_over_blanks(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_HIDDEN, "a");
    reply_newline(r, 2);
    reply_text(r, REPLY_HIDDEN | REPLY_BOLD, "b");
    reply_newline(r, 1);
    reply_text(r, REPLY_PLAIN, "c");
    SAYS(r, "<tg-spoiler>a\n\n<b>b</b></tg-spoiler>\nc");
}

static void test_quotes_do_not_nest(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_QUOTE, "a");
    reply_text(r, REPLY_QUOTE | REPLY_FOLD, "b");
    SAYS(r, "<blockquote>a</blockquote><blockquote expandable>b</blockquote>");
}

static void test_blank_runs_have_no_style(void)
{
    reply *r = fresh();

    reply_text(r, REPLY_PLAIN, "a");
    reply_text(r, REPLY_BOLD, "  ");
    reply_text(r, REPLY_PLAIN, "b");
    SAYS(r, "a  b");
}

static void test_nothing(void)
{
    reply *r = fresh();
    GPtrArray *parts;

    reply_text(r, REPLY_BOLD, " \n ");
    parts = render_telegram(r, TELEGRAM_TEXT_UNITS);
    g_assert_cmpint(parts->len, ==, 0);
    g_ptr_array_unref(parts);
    reply_free(r);
}

/* ---- cutting ---- */

/* Every part fits, and put together they say all that is not white space. */
static GPtrArray *cut_all(const reply *r, size_t units)
{
    GPtrArray *parts = render_telegram(r, units);
    g_autoptr(GString) all = g_string_new(NULL);
    g_autofree char *plain = reply_plain(r, true);
    g_auto(GStrv) want, have;

    for (guint i = 0; i < parts->len; i++) {
        g_autofree char *seen = unmark(g_ptr_array_index(parts, i));

        g_assert_cmpint((int)text_utf16_units(seen, strlen(seen)), <=, (int)units);
        g_assert_cmpint((int)strlen(g_strstrip(seen)), >, 0);
        g_string_append(all, seen);
    }
    want = g_strsplit_set(plain, " \n", -1);
    have = g_strsplit_set(all->str, " \n", -1);
    g_autofree char *a = g_strjoinv("", want), *b = g_strjoinv("", have);
    g_assert_cmpstr(a, ==, b);
    return parts;
}

static void test_cut_at_paragraphs(void)
{
    reply *r = fresh();
    g_autofree char *para = g_strnfill(60, 'x');
    GPtrArray *parts;

    for (int i = 0; i < 5; i++) {
        reply_text(r, REPLY_PLAIN, para);
        reply_text(r, REPLY_PLAIN, "\n\n");
    }
    parts = cut_all(r, 150);
    g_assert_cmpint(parts->len, ==, 3);
    g_assert_cmpint((int)strlen(g_ptr_array_index(parts, 0)), ==, 122);
    g_ptr_array_unref(parts);
    reply_free(r);
}

static void test_cut_at_words(void)
{
    reply *r = fresh();
    GPtrArray *parts;

    for (int i = 0; i < 50; i++)
        reply_text(r, REPLY_BOLD, "낱말들 ");
    parts = cut_all(r, 30);
    for (guint i = 0; i < parts->len; i++) {
        g_autofree char *seen = unmark(g_ptr_array_index(parts, i));

        g_assert_true(g_str_has_suffix(seen, "낱말들"));
    }
    g_ptr_array_unref(parts);
    reply_free(r);
}

static void test_cut_counts_utf16(void)
{
    reply *r = fresh();
    GPtrArray *parts;

    for (int i = 0; i < 3000; i++)
        reply_text(r, REPLY_PLAIN, "😀");
    parts = cut_all(r, TELEGRAM_TEXT_UNITS);
    g_assert_cmpint(parts->len, ==, 2);
    g_assert_cmpint((int)strlen(g_ptr_array_index(parts, 0)), ==, 2048 * 4);
    g_ptr_array_unref(parts);
    reply_free(r);
}

/* 👩‍👩‍👧 is one picture of five characters; a flag is two; é may be two. */
static void test_cut_keeps_clusters(void)
{
    static const char *const clusters[] = {"👩‍👩‍👧", "🇰🇷", "e\u0301", "👍🏽", "각"};

    for (size_t c = 0; c < G_N_ELEMENTS(clusters); c++) {
        reply *r = fresh();
        GPtrArray *parts;

        for (int i = 0; i < 40; i++)
            reply_text(r, REPLY_PLAIN, clusters[c]);
        parts = cut_all(r, 17);
        g_assert_cmpint(parts->len, >, 1);
        for (guint i = 0; i < parts->len; i++) {
            size_t n = strlen(g_ptr_array_index(parts, i));

            g_assert_cmpint((int)(n % strlen(clusters[c])), ==, 0);
        }
        g_ptr_array_unref(parts);
        reply_free(r);
    }
}

static void test_cut_inside_a_code_block(void)
{
    reply *r = fresh();
    g_autoptr(GString) code = g_string_new(NULL);
    GPtrArray *parts;

    for (int i = 0; i < 40; i++)
        g_string_append_printf(code, "line %02d <x>\n", i);
    reply_text(r, REPLY_PLAIN, "before");
    reply_code(r, "sh", code->str, REPLY_PLAIN);
    parts = cut_all(r, 100);
    g_assert_cmpint(parts->len, >, 3);
    for (guint i = 1; i < parts->len; i++) {
        const char *part = g_ptr_array_index(parts, i);

        g_assert_true(g_str_has_prefix(part, "<pre><code class=\"language-sh\">line "));
        g_assert_true(g_str_has_suffix(part, "&lt;x&gt;</code></pre>"));
    }
    g_ptr_array_unref(parts);
    reply_free(r);
}

/* A block that fits into a message of its own is not torn. */
static void test_cut_before_a_code_block(void)
{
    reply *r = fresh();
    g_autofree char *prose = g_strnfill(60, 'p');
    g_autofree char *code = g_strnfill(80, 'c');
    GPtrArray *parts;

    reply_text(r, REPLY_PLAIN, prose);
    reply_code(r, "", code, REPLY_PLAIN);
    parts = cut_all(r, 100);
    g_assert_cmpint(parts->len, ==, 2);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(parts, 1), "<pre>ccc"));
    g_ptr_array_unref(parts);
    reply_free(r);
}

static void test_cut_spoiler_stays_hidden(void)
{
    reply *r = fresh();
    GPtrArray *parts;

    for (int i = 0; i < 100; i++)
        reply_text(r, REPLY_HIDDEN, "secret word ");
    parts = cut_all(r, 100);
    for (guint i = 0; i < parts->len; i++) {
        const char *part = g_ptr_array_index(parts, i);

        g_assert_true(g_str_has_prefix(part, "<tg-spoiler>"));
        g_assert_true(g_str_has_suffix(part, "</tg-spoiler>"));
    }
    g_ptr_array_unref(parts);
    reply_free(r);
}

/* Telegram forgets entities beyond 100: ornaments give way, veils do not. */
static void test_too_many_entities(void)
{
    reply *r = fresh();
    g_autofree char *part = NULL;

    for (int i = 0; i < 60; i++) {
        reply_text(r, REPLY_HIDDEN | REPLY_BOLD, "x");
        reply_text(r, REPLY_HIDDEN, "y");
    }
    part = only_part(r);
    g_assert_null(strstr(part, "<b>"));
    g_assert_true(g_str_has_prefix(part, "<tg-spoiler>xyxy"));
    reply_free(r);
}

/* Random styles and texts: whatever comes, parts fit, tags nest, nothing is lost. */
static void test_random(void)
{
    static const char *const bits[] = {"a",       "한글 ", "&<>",   "\n",          "\n\n", "😀",
                                       "e\u0301", "  ",    "word ", "👩‍👧", "\t",   "x.y"};

    for (int round = 0; round < 300; round++) {
        reply *r = fresh();
        int n = g_test_rand_int_range(1, 60);
        GPtrArray *parts;

        for (int i = 0; i < n; i++) {
            g_autoptr(GString) s = g_string_new(NULL);
            unsigned style = (unsigned)g_test_rand_int_range(0, 128);

            for (int k = g_test_rand_int_range(1, 12); k > 0; k--)
                g_string_append(s, bits[g_test_rand_int_range(0, G_N_ELEMENTS(bits))]);
            if ((style & REPLY_PRE) != 0)
                reply_code(r, "c", s->str, style);
            else
                reply_text(r, style, s->str);
        }
        parts = render_telegram(r, (size_t)g_test_rand_int_range(20, 200));
        for (guint i = 0; i < parts->len; i++)
            g_free(unmark(g_ptr_array_index(parts, i)));
        g_ptr_array_unref(parts);
        reply_free(r);
    }
}

/* ---- keyboards ---- */

static void test_keyboard(void)
{
    reply *r = fresh();
    g_autoptr(GString) json = g_string_new(NULL);

    reply_button_text(r, "a \"b\"", "ask:1", true);
    reply_button_text(r, "c", "stop", false);
    reply_button_link(r, "button.private", "r12", true);
    render_telegram_markup(json, r, "my_bot", true);
    g_assert_nonnull(strstr(json->str, "[[{\"text\":\"a \\\"b\\\"\",\"callback_data\":\"ask:1\"},"
                                       "{\"text\":\"c\",\"callback_data\":\"stop\"}],[{"));
    g_assert_nonnull(strstr(json->str, "\"url\":\"https://t.me/my_bot?start=r12\"}]]}"));
    reply_free(r);
}

static void test_force_reply(void)
{
    reply *r = fresh();
    g_autoptr(GString) json = g_string_new(NULL);

    reply_placeholder(r, "placeholder.answer");
    render_telegram_markup(json, r, "my_bot", false);
    g_assert_cmpstr(json->str, ==, ""); /* never in a group */
    render_telegram_markup(json, r, "my_bot", true);
    g_assert_nonnull(strstr(json->str, "\"force_reply\":true"));
    reply_button_text(r, "a", "b", true);
    g_string_truncate(json, 0);
    render_telegram_markup(json, r, "my_bot", true);
    g_assert_null(strstr(json->str, "inline_keyboard")); /* there is one markup a message */
    g_string_truncate(json, 0);
    render_telegram_markup(json, r, "my_bot", false);
    g_assert_null(strstr(json->str, "force_reply"));
    reply_free(r);
}

static void test_popup(void)
{
    g_autofree char *text = g_strnfill(300, 'x');
    g_autofree char *cut = render_telegram_plain(text, 200);

    g_assert_cmpint(g_utf8_strlen(cut, -1), ==, 200);
    g_assert_true(g_str_has_suffix(cut, "x…"));

    GString *grins = g_string_new(NULL);
    for (int i = 0; i < 100; i++)
        g_string_append(grins, "😀"); /* two units each */
    g_autofree char *whole = render_telegram_plain(grins->str, 200);
    g_assert_cmpstr(whole, ==, grins->str);
    g_string_append_c(grins, '!');
    g_autofree char *less = render_telegram_plain(grins->str, 200);
    g_assert_cmpint(g_utf8_strlen(less, -1), ==, 100);
    g_assert_true(g_str_has_suffix(less, "😀…"));
    g_string_free(grins, TRUE);
}

int main(int argc, char **argv)
{
    int failed;

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    cat = catalog_new();
    g_test_add_func("/render/escapes", test_escapes);
    g_test_add_func("/render/styles_nest", test_styles_nest);
    g_test_add_func("/render/code_blocks", test_code_blocks);
    g_test_add_func("/render/hidden_code", test_hidden_code);
    g_test_add_func("/render/one_spoiler", test_one_spoiler_over_blanks);
    g_test_add_func("/render/quotes", test_quotes_do_not_nest);
    g_test_add_func("/render/blank_runs", test_blank_runs_have_no_style);
    g_test_add_func("/render/nothing", test_nothing);
    g_test_add_func("/render/cut/paragraphs", test_cut_at_paragraphs);
    g_test_add_func("/render/cut/words", test_cut_at_words);
    g_test_add_func("/render/cut/utf16", test_cut_counts_utf16);
    g_test_add_func("/render/cut/clusters", test_cut_keeps_clusters);
    g_test_add_func("/render/cut/inside_code", test_cut_inside_a_code_block);
    g_test_add_func("/render/cut/before_code", test_cut_before_a_code_block);
    g_test_add_func("/render/cut/spoiler", test_cut_spoiler_stays_hidden);
    g_test_add_func("/render/too_many_entities", test_too_many_entities);
    g_test_add_func("/render/random", test_random);
    g_test_add_func("/render/keyboard", test_keyboard);
    g_test_add_func("/render/force_reply", test_force_reply);
    g_test_add_func("/render/popup", test_popup);
    failed = g_test_run();
    catalog_free(cat);
    return failed;
}
