/*
 * Appending to a GString without a call: most pieces of a message are short and
 * fit. (GLib does the same itself from 2.76 on.)
 */
#ifndef INTERVIEWD_GSTR_H
#define INTERVIEWD_GSTR_H

#include <glib.h>
#include <string.h>

/* Appends LEN bytes at S. */
static inline void gstr_add(GString *out, const char *s, size_t len)
{
    if (len < out->allocated_len - out->len) {
        memcpy(out->str + out->len, s, len);
        out->len += len;
        out->str[out->len] = '\0';
    } else {
        g_string_append_len(out, s, (gssize)len);
    }
}

static inline void gstr_add_text(GString *out, const char *text)
{
    gstr_add(out, text, strlen(text));
}

#endif
