/* JSON written by hand reads back, whatever stands where. */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "chat/json_out.h"

static void check_string(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);

    json_out_string(out, text);
    json_auto_t *read = json_loads(out->str, JSON_DECODE_ANY, NULL);
    g_assert_cmpstr(json_string_value(read), ==, text);
}

/* Every byte that needs an escape, at every place of texts of any length. */
static void test_strings(void)
{
    static const char escaped[] = "\"\\\n\t\r\x01\x1f";

    for (size_t len = 0; len < 50; len++) {
        g_autofree char *text = g_strnfill(len, 'x');

        check_string(text);
        for (size_t at = 0; at < len; at++) {
            text[at] = escaped[(len + at) % (sizeof escaped - 1)];
            check_string(text);
            text[len / 2] = '"';
            check_string(text);
            memset(text, 'x', len);
        }
    }
    check_string("한국어, \"따옴표\"와 줄\n바꿈 ✍️ \\");
}

static void test_numbers(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    json_out_int(out, INT64_MIN);
    g_string_append_c(out, ' ');
    json_out_int(out, 0);
    g_string_append_c(out, ' ');
    json_out_int(out, INT64_MAX);
    g_assert_cmpstr(out->str, ==, "-9223372036854775808 0 9223372036854775807");
}

/* A value is printed as jansson does, but for the escapes' own spelling, which reads back alike. */
static void test_values(void)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "null",
        "true",
        "\"\"",
        "-12",
        "{\"a\":[1,2.5,-3,true,false,null,\"한국어\"],\"b\":{\"c\":{},\"\\\"\":[[]]},\"\":\"x\"}",
        "[\"a\\nb\\t\\\\\",9223372036854775807,{\"z\":1,\"a\":2}]",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_auto_t *value = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        g_autofree char *printed = json_out_print(value);
        json_auto_t *back = json_loads(printed, JSON_DECODE_ANY, NULL);

        g_assert_nonnull(value);
        g_assert_true(json_equal(value, back));
        if (strchr(texts[i], '\\') == NULL)
            g_assert_cmpstr(printed, ==, texts[i]);
    }
    g_assert_null(json_out_print(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/json-out/strings", test_strings);
    g_test_add_func("/json-out/numbers", test_numbers);
    g_test_add_func("/json-out/values", test_values);
    return g_test_run();
}
