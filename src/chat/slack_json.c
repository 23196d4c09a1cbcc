/* Envelopes to jansson: without their bulk, and without what it refuses. */
#include "slack_json.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* ---- what jansson refuses ---- */

/* The unit of a \uXXXX at P, -1 when it is none. */
static int escaped_unit(const char *p, const char *end)
{
    int unit = 0;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(p[i]))
            return -1;
        unit = unit * 16 + g_ascii_xdigit_value(p[i]);
    }
    return unit;
}

/* The escape at P with its character, or U+FFFD for what is none: half a pair, NUL. Its length. */
static size_t mend_escape(GString *out, const char *p, const char *end)
{
    int unit = escaped_unit(p, end), next = unit < 0 ? -1 : escaped_unit(p + 6, end);
    size_t n = unit < 0 ? MIN(2, (size_t)(end - p)) : 6;
    bool pair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;

    if (pair)
        n = 12;
    if (!pair && (unit == 0 || (unit >= 0xd800 && unit < 0xe000)))
        g_string_append(out, "\\ufffd");
    else
        g_string_append_len(out, p, (gssize)n);
    return n;
}

/*
 * TEXT without what jansson refuses in JSON that is sound: numbers beyond its
 * range (no number is read here: each becomes 0) and escapes that are no
 * character. *new*
 */
static GString *mend(const char *text, size_t len)
{
    GString *out = g_string_sized_new(len);
    bool quoted = false;

    for (const char *p = text, *end = text + len; p < end;) {
        if (quoted && *p == '\\') {
            p += mend_escape(out, p, end);
        } else if (!quoted && (*p == '-' || g_ascii_isdigit(*p))) {
            while (p < end && (g_ascii_isalnum(*p) || strchr("+-.", *p) != NULL))
                p++;
            g_string_append_c(out, '0');
        } else {
            quoted = quoted != (*p == '"');
            g_string_append_c(out, *p++);
        }
    }
    return out;
}

/* ---- what nobody reads ---- */

/* Behind the string whose opening quote is at P; END when it does not close. */
static const char *string_end(const char *p, const char *end)
{
    for (p++; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == '"')
            return p + 1;
    }
    return end;
}

/* Behind the array or object at P; END when it does not close. */
static const char *value_end(const char *p, const char *end)
{
    size_t depth = 0;

    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end);
            continue;
        }
        depth += *p == '{' || *p == '[';
        depth -= *p == '}' || *p == ']';
        p++;
        if (depth == 0)
            return p;
    }
    return end;
}

/* The array or object that the key of LEN bytes at KEY (with its quotes) has, if it is bulk; or
 * NULL. */
static const char *bulk_behind(const char *key, size_t len, const char *end)
{
    static const char *const bulk[] = {"\"blocks\"", "\"bot_profile\"", "\"attachments\"",
                                       "\"files\""};
    const char *p = key + len;

    if (p == end || *p++ != ':')
        return NULL;
    while (p < end && *p == ' ')
        p++;
    if (p == end || (*p != '[' && *p != '{'))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(bulk); i++) {
        if (len == strlen(bulk[i]) && memcmp(key, bulk[i], len) == 0)
            return p;
    }
    return NULL;
}

/*
 * TEXT with 0 for each value that is bulk, *new*. A message that the bot has
 * posted comes back with all its blocks, a tap brings the whole message along:
 * jansson takes ten times longer over them than this.
 */
static GString *without_bulk(const char *text, size_t len)
{
    GString *out = g_string_sized_new(len + 1);
    const char *p = text, *end = text + len;

    while (p < end) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        const char *stop = quote != NULL ? string_end(quote, end) : end;
        const char *bulk = quote != NULL ? bulk_behind(quote, (size_t)(stop - quote), end) : NULL;

        g_string_append_len(out, p, (bulk != NULL ? bulk : stop) - p);
        if (bulk != NULL)
            g_string_append_c(out, '0');
        p = bulk != NULL ? value_end(bulk, end) : stop;
    }
    return out;
}

json_t *slack_json_load(const char *text, size_t len)
{
    g_autoptr(GString) slim = without_bulk(text, len);
    json_t *root = json_loadb(slim->str, slim->len, 0, NULL);

    /* What cannot be read is not acknowledged, and comes again. */
    if (root == NULL && len > 0 && memchr(text, '\0', len) == NULL) {
        g_autoptr(GString) mended = mend(slim->str, slim->len);

        root = json_loadb(mended->str, mended->len, 0, NULL);
    }
    return root;
}
