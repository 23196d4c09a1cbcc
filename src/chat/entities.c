/* Escaping for markup: sixteen bytes at a time, for most of a text needs none. */
#include "entities.h"

#include "gstr.h"
#include "scan.h"

static scan_block needs_entity(scan_block b)
{
    return (scan_block)((b == '&') | (b == '<') | (b == '>'));
}

void entities_out(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t run = scan_span(s + i, len - i, needs_entity);

        gstr_add(out, s + i, run);
        i += run;
        if (i < len)
            gstr_add_text(out, s[i] == '&' ? "&amp;" : s[i] == '<' ? "&lt;" : "&gt;");
    }
}
