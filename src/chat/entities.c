/* Escaping for markup: sixteen bytes at a time, for most of a text needs none. */
#include "entities.h"

#include "gstr.h"
#include "scan.h"

/* How many bytes at S need no entity. */
static size_t plain_run(const char *s, size_t len)
{
    size_t i = 0;

    for (; i + SCAN_BYTES <= len; i += SCAN_BYTES) {
        scan_block b = scan_load(s + i);
        size_t plain = scan_first((scan_block)((b == '&') | (b == '<') | (b == '>')));

        if (plain < SCAN_BYTES)
            return i + plain;
    }
    while (i < len && s[i] != '&' && s[i] != '<' && s[i] != '>')
        i++;
    return i;
}

void entities_out(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t run = plain_run(s + i, len - i);

        gstr_add(out, s + i, run);
        i += run;
        if (i < len)
            gstr_add_text(out, s[i] == '&' ? "&amp;" : s[i] == '<' ? "&lt;" : "&gt;");
    }
}
