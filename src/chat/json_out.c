/* Writing JSON by hand. */
#include "json_out.h"

#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Not 0 when one of the 8 bytes of W is 0. */
static uint64_t zeros(uint64_t w)
{
    return (w - EACH(0x01)) & ~w & EACH(0x80);
}

/* How many bytes from S on need no escape, eight at a glance. */
static size_t plain_run(const char *s, size_t len)
{
    size_t i = 0;

    for (uint64_t w; i + sizeof w <= len; i += sizeof w) {
        memcpy(&w, s + i, sizeof w);
        uint64_t control = (w - EACH(0x20)) & ~w & EACH(0x80);

        if ((control | zeros(w ^ EACH('"')) | zeros(w ^ EACH('\\'))) != 0)
            break;
    }
    while (i < len && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')
        i++;
    return i;
}

static void escaped(GString *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    if (c == '\n') {
        g_string_append_len(out, "\\n", 2);
    } else if (c >= 0x20) {
        g_string_append_c(out, '\\');
        g_string_append_c(out, (char)c);
    } else {
        char code[7] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], '\0'};

        g_string_append_len(out, code, 6);
    }
}

void json_out_inside(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t run = plain_run(s + i, len - i);

        g_string_append_len(out, s + i, (gssize)run);
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
    char digits[24];
    int len = g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, n);

    g_string_append_len(out, digits, len);
}
