/* A reply as plain text for a terminal. */
#include <string.h>

#include "console.h"

static const char *sgr(unsigned style)
{
    if ((style & REPLY_BOLD) != 0)
        return "\033[1m";
    if ((style & REPLY_ITALIC) != 0)
        return "\033[2m"; /* dim: italics are rare in terminals */
    if ((style & (REPLY_CODE | REPLY_PRE)) != 0)
        return "\033[36m";
    return NULL;
}

char *render_console(const reply *r, bool colours)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < reply_run_count(r); i++) {
        const struct reply_run *run = reply_run_at(r, i);
        const char *on = colours ? sgr(run->style) : NULL;

        if ((run->style & REPLY_PRE) != 0 && out->len > 0 && out->str[out->len - 1] != '\n')
            g_string_append_c(out, '\n');
        g_string_append_printf(out, "%s%s%s", on != NULL ? on : "", run->text,
                               on != NULL ? "\033[0m" : "");
        if ((run->style & REPLY_PRE) != 0)
            g_string_append_c(out, '\n');
    }
    while (out->len > 0 && out->str[out->len - 1] == '\n')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
