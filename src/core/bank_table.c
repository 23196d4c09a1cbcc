/* GitHub's tables: which lines are one, and what their cells are. */
#include "bank_table.h"

#include <string.h>

/* Line LINE without the marks of its containers. */
static const char *bare_line(const struct source *src, int line, int quotes, size_t *ret_len)
{
    const char *s = source_line(src, line, ret_len), *end;

    if (s == NULL)
        return NULL;
    end = s + *ret_len;
    while (s < end && (*s == ' ' || *s == '\t' || (*s == '>' && quotes-- > 0)))
        s++;
    while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *ret_len = (size_t)(end - s);
    return s;
}

/* The cells in a row: its bars that are not escaped, those at the ends aside. */
static int count_cells(const char *s, size_t len)
{
    int n = 1;

    if (len > 0 && s[0] == '|') {
        s++;
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\\')
            i++;
        else if (s[i] == '|' && i + 1 < len)
            n++;
    }
    return n;
}

/* "|---|:-:|": the line under a table's head. */
static bool is_delimiter(const char *s, size_t len)
{
    bool bar = false, dash = false;

    for (size_t i = 0; i < len; i++) {
        if (strchr("|:- \t", s[i]) == NULL || s[i] == '\0')
            return false;
        bar |= s[i] == '|' || s[i] == ':';
        dash |= s[i] == '-';
    }
    return bar && dash;
}

int table_find(const struct source *src, int first, int last, int quotes)
{
    for (int line = first + 1; line <= last; line++) {
        size_t len, head_len;
        const char *s = bare_line(src, line, quotes, &len), *head;

        if (s == NULL)
            return 0;
        if (!is_delimiter(s, len))
            continue;
        head = bare_line(src, line - 1, quotes, &head_len);
        if (memchr(head, '|', head_len) != NULL &&
            count_cells(head, head_len) >= count_cells(s, len))
            return line - 1;
    }
    return 0;
}

/* Appends the cells of the row in the LEN bytes at S; returns how many they are. */
static int split_row(const char *s, size_t len, GString *out)
{
    const char *end = s + len;
    int n = 1;

    if (s < end && *s == '|')
        s++;
    if (end > s && end[-1] == '|' && !(end - s > 1 && end[-2] == '\\'))
        end--;
    g_string_append(out, TABLE_CELL_MARK);
    for (; s < end; s++) {
        if (*s == '|') {
            g_string_append(out, "\n\n" TABLE_CELL_MARK);
            n++;
        } else if (*s == '\\' && s + 1 < end && s[1] == '|') {
            g_string_append_c(out, *++s);
        } else {
            g_string_append_c(out, *s);
        }
    }
    g_string_append(out, "\n\n");
    return n;
}

void table_read(struct table *t, const struct source *src, int first, int last, int quotes)
{
    t->rows = g_array_new(FALSE, FALSE, sizeof(struct table_row));
    t->cells = g_string_new(NULL);
    for (int line = first; line <= last; line++) {
        size_t len;
        const char *s = bare_line(src, line, quotes, &len);
        struct table_row row = {.line = line};

        if (s == NULL || line == first + 1) /* the delimiter row */
            continue;
        row.cells = split_row(s, len, t->cells);
        g_array_append_val(t->rows, row);
    }
}

void table_clear(struct table *t)
{
    g_array_free(t->rows, TRUE);
    g_string_free(t->cells, TRUE);
}

void table_plain_lines(const struct source *src, int first, int last, int quotes, GString *out)
{
    g_string_append(out, TABLE_CELL_MARK);
    for (int line = first; line <= last; line++) {
        size_t len;
        const char *s = bare_line(src, line, quotes, &len);

        g_string_append_len(out, s, (gssize)len);
        g_string_append_c(out, '\n');
    }
}
