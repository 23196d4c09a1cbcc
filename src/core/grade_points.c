/* Key points: a model answer's sentences and list items, and exact shares of 100. */
#include <string.h>

#include "grade_internal.h"

void apportion(const int64_t *part, size_t n, int total, int *ret_share)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += part[i];
    int given = 0;
    int64_t few[32], *rest = n <= G_N_ELEMENTS(few) ? few : g_new(int64_t, n);
    for (size_t i = 0; i < n; i++) {
        ret_share[i] = sum > 0 ? (int)(part[i] * total / sum) : 0;
        rest[i] = sum > 0 ? part[i] * total % sum : 0;
        given += ret_share[i];
    }
    for (; given < total && n > 0; given++) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (rest[i] > rest[best])
                best = i;
        ret_share[best]++;
        rest[best] = -1;
    }
    if (rest != few)
        g_free(rest);
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Skips a list sign: -, *, +, •, "1.", "1)", and a task's box. */
static const char *after_sign(const char *p, bool *ret_item)
{
    *ret_item = false;
    while (blank(*p))
        p++;
    const char *q = p;
    if (*q == '-' || *q == '*' || *q == '+') {
        q++;
    } else if (strncmp(q, "•", strlen("•")) == 0) {
        q += strlen("•");
    } else {
        while (g_ascii_isdigit(*q) && q - p < 3)
            q++;
        if (q == p || (*q != '.' && *q != ')'))
            return p;
        q++;
    }
    if (!blank(*q) && *q != '\0')
        return p;
    while (blank(*q))
        q++;
    *ret_item = true;
    return q;
}

/* Whether the dot at P ends a sentence, and not an abbreviation or a number. */
static bool sentence_ends(const char *start, const char *p)
{
    if (*p == '!' || *p == '?')
        return p[1] == '\0' || blank(p[1]);
    if (*p != '.' || !(p[1] == '\0' || blank(p[1])))
        return false;
    if (p - start < 3)
        return false;
    if (strncmp(p - 2, "ex", 2) == 0 || strncmp(p - 2, "vs", 2) == 0 || p[-2] == '.')
        return false;
    return !(g_ascii_isupper(p[-1]) && blank(p[-2]));
}

static void add_piece(GPtrArray *out, const char *p, const char *end)
{
    while (p < end && blank(*p))
        p++;
    while (end > p && blank(end[-1]))
        end--;
    if (end > p)
        g_ptr_array_add(out, g_strndup(p, (size_t)(end - p)));
}

GPtrArray *points_split(const char *text)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        bool item;
        const char *p = after_sign(*line, &item);
        const char *from = p;
        for (const char *s = p; *s != '\0'; s++) {
            if (sentence_ends(p, s)) {
                add_piece(out, from, s + 1);
                from = s + 1;
            }
        }
        add_piece(out, from, from + strlen(from));
    }
    return out;
}
