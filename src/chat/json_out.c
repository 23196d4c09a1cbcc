/* Writing JSON by hand. */
#include "json_out.h"

#include <string.h>

#include "gstr.h"
#include "scan.h"
#include "text.h"

static void escaped(GString *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    if (c == '\n') {
        gstr_add(out, "\\n", 2);
    } else if (c >= 0x20) {
        char pair[2] = {'\\', (char)c};

        gstr_add(out, pair, sizeof pair);
    } else {
        char code[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

        gstr_add(out, code, sizeof code);
    }
}

void json_out_inside(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t run = scan_span(s + i, len - i, scan_json_special);

        gstr_add(out, s + i, run);
        i += run;
        if (i < len)
            escaped(out, (unsigned char)s[i++]);
    }
}

void json_out_string(GString *out, const char *s)
{
    g_string_append_c(out, '"');
    json_out_inside(out, s, strlen(s));
    g_string_append_c(out, '"');
}

void json_out_int(GString *out, int64_t n)
{
    char buffer[TEXT_INT_SIZE];

    gstr_add_text(out, text_int(n, buffer));
}

/* ---- jansson's values ---- */

static void value_out(GString *out, const json_t *value);

static void object_out(GString *out, json_t *object)
{
    const char *key, *comma = "";
    json_t *value;

    g_string_append_c(out, '{');
    json_object_foreach(object, key, value)
    {
        gstr_add_text(out, comma);
        json_out_string(out, key);
        g_string_append_c(out, ':');
        value_out(out, value);
        comma = ",";
    }
    g_string_append_c(out, '}');
}

static void array_out(GString *out, const json_t *array)
{
    json_t *value;
    size_t i;

    g_string_append_c(out, '[');
    json_array_foreach(array, i, value)
    {
        if (i > 0)
            g_string_append_c(out, ',');
        value_out(out, value);
    }
    g_string_append_c(out, ']');
}

static void value_out(GString *out, const json_t *value)
{
    char real[G_ASCII_DTOSTR_BUF_SIZE];

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        object_out(out, (json_t *)(uintptr_t)value); /* only read */
        break;
    case JSON_ARRAY:
        array_out(out, value);
        break;
    case JSON_STRING:
        g_string_append_c(out, '"');
        json_out_inside(out, json_string_value(value), json_string_length(value));
        g_string_append_c(out, '"');
        break;
    case JSON_INTEGER:
        json_out_int(out, json_integer_value(value));
        break;
    case JSON_REAL:
        gstr_add_text(out, g_ascii_dtostr(real, sizeof real, json_real_value(value)));
        break;
    default:
        gstr_add_text(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
    }
}

char *json_out_print(const json_t *value)
{
    if (value == NULL)
        return NULL;
    GString *out = g_string_sized_new(1024);

    value_out(out, value);
    return g_string_free(out, FALSE);
}
