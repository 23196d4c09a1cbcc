/* Writing JSON by hand. */
#include "json_out.h"

#include <string.h>

/* How many bytes at S stand in a JSON string as they are. Every byte of every message passes here.
 */
static size_t plain_length(const char *s, size_t len)
{
    size_t i = 0;

    while (i < len && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')
        i++;
    return i;
}

void json_out_inside(GString *out, const char *s, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;

    for (size_t i = plain_length(s, len); i < len; i += 1 + plain_length(s + i + 1, len - i - 1)) {
        unsigned char c = (unsigned char)s[i];

        g_string_append_len(out, s + from, (gssize)(i - from));
        from = i + 1;
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
    g_string_append_len(out, s + from, (gssize)(len - from));
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
