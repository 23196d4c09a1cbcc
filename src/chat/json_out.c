/* Writing JSON by hand. */
#include "json_out.h"

#include <string.h>

#include "gstr.h"
#include "scan.h"
#include "text.h"

/* How many bytes from S on need no escape. */
static size_t plain_run(const char *s, size_t len)
{
    size_t i = 0;

    for (; i + SCAN_BYTES <= len; i += SCAN_BYTES) {
        scan_block b = scan_load(s + i);
        size_t plain = scan_first((scan_block)((b < 0x20) | (b == '"') | (b == '\\')));

        if (plain < SCAN_BYTES)
            return i + plain;
    }
    while (i < len && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')
        i++;
    return i;
}

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
        size_t run = plain_run(s + i, len - i);

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
