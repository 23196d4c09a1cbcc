/* JSON read in place: what it takes and refuses, and that it agrees with jansson. */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "json_view.h"

static json_view *view_of(const char *text)
{
    return json_view_new(text, strlen(text));
}

static void test_takes(void)
{
    static const char *const good[] = {
        "{}",
        "[]",
        " [ ] ",
        "0",
        "-0",
        "-12",
        "1.5e+3",
        "\"\"",
        "true",
        "false",
        "null",
        "[1,2]",
        "{\"a\":1}",
        "\"\\u00e9\"",
        "\"\\n\"",
        "{\"a\":{\"b\":[{}]}}",
        "9223372036854775807",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(json_view) v = view_of(good[i]);

        g_test_message("%s", good[i]);
        g_assert_nonnull(v);
    }
}

static void test_refuses(void)
{
    g_assert_null(json_view_new(NULL, 0));
    static const char *const bad[] = {
        "",
        "{",
        "[",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "{1:1}",
        "01",
        "1.",
        ".5",
        "-",
        "1e",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "tru",
        "truex",
        "[1 2]",
        "[1]]",
        "nul",
        "\"\xff\"",
        "{\"a\" 1}",
        "{\"a\":}",
        "[1}",
        "+1",
        "\"\xed\xa0\x80\"",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(json_view) v = view_of(bad[i]);

        g_test_message("%s", bad[i]);
        g_assert_null(v);
    }
    g_assert_null(json_view_new("[1]\0", 4));
    g_assert_null(json_view_root(NULL));
}

static void test_values(void)
{
    static const char text[] = "{\"n\":-7, \"big\":99999999999999999999, "
                               "\"low\":-9223372036854775808, \"s\":\"\\uAC00\\ud83d\\ude00x\","
                               " \"nul\":\"a\\u0000b\", \"lone\":\"\\ud83d!\", "
                               "\"list\":[1,{\"x\":[2]},3], \"yes\":true, \"no\":false,"
                               " \"twice\":1, \"twice\":2, \"k\\u0065y\":5}";
    g_autoptr(json_view) v = view_of(text);
    const json_node *root = json_view_root(v), *list = json_node_get(root, "list");
    size_t len, at = json_view_place(v, list, &len);

    g_assert_cmpint(json_node_int(json_node_get(root, "n")), ==, -7);
    g_assert_cmpint(json_node_int(json_node_get(root, "low")), ==, INT64_MIN);
    g_assert_cmpint(json_node_int(json_node_get(root, "big")), ==, 0);
    g_assert_false(json_node_is_int(json_node_get(root, "big")));
    g_assert_cmpstr(json_node_string(json_node_get(root, "s")), ==, "가😀x");
    g_assert_cmpuint(json_node_length(json_node_get(root, "nul")), ==, 3);
    g_assert_true(memcmp(json_node_string(json_node_get(root, "nul")), "a\0b", 3) == 0);
    g_assert_cmpstr(json_node_string(json_node_get(root, "lone")), ==, "\xEF\xBF\xBD!");
    g_assert_cmpuint(json_node_size(list), ==, 3);
    g_assert_cmpint(json_node_int(json_node_at(list, 2)), ==, 3);
    g_assert_null(json_node_at(list, 3));
    g_assert_cmpint(json_node_int(json_node_at(json_node_get(json_node_at(list, 1), "x"), 0)), ==,
                    2);
    g_assert_true(json_node_is_true(json_node_get(root, "yes")));
    g_assert_true(json_node_is_false(json_node_get(root, "no")));
    g_assert_cmpint(json_node_int(json_node_get(root, "twice")), ==, 2);
    g_assert_cmpint(json_node_int(json_node_get(root, "key")), ==, 5);
    g_assert_null(json_node_get(list, "key"));
    g_assert_null(json_node_get(NULL, "key"));
    g_assert_true(len == 15 && memcmp(text + at, "[1,{\"x\":[2]},3]", 15) == 0);
}

/* The values of an object, in the order of the text; of what has none there is none. */
static void test_members(void)
{
    static const char text[] =
        "{\"a\":{\"x\":[1,{\"y\":2}],\"z\":{}},\"b\":7,\"c\":[],\"d\":\"e\"}";
    g_autoptr(json_view) v = json_view_new(text, strlen(text));
    const json_node *root = json_view_root(v);
    const json_node *a = json_node_first(root), *b = json_node_next(root, a);
    const json_node *c = json_node_next(root, b), *d = json_node_next(root, c);
    const json_node *x = json_node_first(a), *z = json_node_next(a, x);

    g_assert_true(a == json_node_get(root, "a") && x == json_node_get(a, "x"));
    g_assert_true(z == json_node_get(a, "z"));
    g_assert_null(json_node_next(a, z));
    g_assert_cmpint(json_node_int(b), ==, 7);
    g_assert_true(c == json_node_get(root, "c"));
    g_assert_cmpstr(json_node_string(d), ==, "e");
    g_assert_null(json_node_next(root, d));
    g_assert_null(json_node_first(z));
    g_assert_null(json_node_first(c));
    g_assert_null(json_node_first(d));
    g_assert_null(json_node_first(NULL));
    g_assert_cmpuint(json_node_size(root), ==, 0);
    g_assert_null(json_node_at(root, 0));
}

static void test_depth(void)
{
    for (size_t depth = JSON_VIEW_DEPTH; depth <= JSON_VIEW_DEPTH + 1; depth++) {
        g_autoptr(GString) s = g_string_new(NULL);

        for (size_t i = 0; i < depth; i++)
            g_string_append_c(s, '[');
        for (size_t i = 0; i < depth; i++)
            g_string_append_c(s, ']');
        g_autoptr(json_view) v = view_of(s->str);
        g_assert_true((v != NULL) == (depth == JSON_VIEW_DEPTH));
    }
}

/* Texts made of pieces at random: both readers take the same ones, and read the same integers. */
static void test_agrees_with_jansson(void)
{
    static const char *const pieces[] = {"{",     "}",     "[",       "]",           ",",    ":",
                                         "\"a\"", "\"b\"", "1",       "-2",          "0.5",  "true",
                                         "null",  " ",     "\"\\n\"", "\"\\u00e9\"", "1e-1", "\""};
    GRand *random = g_rand_new_with_seed(7);
    size_t taken = 0;

    for (int i = 0; i < 200000; i++) {
        g_autoptr(GString) s = g_string_new("[");
        int n = g_rand_int_range(random, 0, 8);

        for (int k = 0; k < n; k++)
            g_string_append(s, pieces[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces))]);
        g_string_append_c(s, ']');
        g_autoptr(json_view) v = view_of(s->str);
        json_t *j = json_loads(s->str, 0, NULL);
        const json_node *root = json_view_root(v);

        if ((v != NULL) != (j != NULL))
            g_test_message("%s", s->str);
        g_assert_true((v != NULL) == (j != NULL));
        g_assert_cmpuint(json_node_size(root), ==, json_array_size(j));
        for (size_t k = 0; k < json_array_size(j); k++)
            g_assert_cmpint(json_node_int(json_node_at(root, k)), ==,
                            json_integer_value(json_array_get(j, k)));
        taken += v != NULL ? 1 : 0;
        json_decref(j);
    }
    g_assert_cmpuint(taken, >, 1000);
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/json-view/takes", test_takes);
    g_test_add_func("/json-view/refuses", test_refuses);
    g_test_add_func("/json-view/values", test_values);
    g_test_add_func("/json-view/members", test_members);
    g_test_add_func("/json-view/depth", test_depth);
    g_test_add_func("/json-view/jansson", test_agrees_with_jansson);
    return g_test_run();
}
