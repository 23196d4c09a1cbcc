/* A model answer's sentences, list items and blocks of code, and exact shares of 100. */
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

/* Skips a list sign: -, *, +, •, "1.", "1)"; *RET_SIGN gets '-' or '1', or 0 where none stands. */
static const char *after_sign(const char *p, char *ret_sign)
{
    *ret_sign = '\0';
    while (blank(*p))
        p++;
    const char *q = p;
    char sign = '-';
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
        sign = '1';
    }
    if (!blank(*q) && *q != '\0' && *q != '\n')
        return p;
    while (blank(*q))
        q++;
    *ret_sign = sign;
    return q;
}

/* Whether the dot at P ends a sentence, and not an abbreviation or a number. */
static bool sentence_ends(const char *start, const char *p)
{
    bool last = p[1] == '\0' || p[1] == '\n' || blank(p[1]);
    if (*p == '!' || *p == '?')
        return last;
    if (*p != '.' || !last)
        return false;
    if (p - start < 3)
        return false;
    if (strncmp(p - 2, "ex", 2) == 0 || strncmp(p - 2, "vs", 2) == 0 || p[-2] == '.')
        return false;
    return !(g_ascii_isupper(p[-1]) && blank(p[-2]));
}

/* The text at FROM..TO, blanks around it left out; LINE has what is known of its line. */
static void add_passage(GArray *out, const char *text, const char *from, const char *to,
                        struct passage line)
{
    while (from < to && blank(*from))
        from++;
    while (to > from && blank(to[-1]))
        to--;
    if (to == from)
        return;
    line.from = line.body = (size_t)(from - text);
    line.to = (size_t)(to - text);
    line.text = g_strndup(from, (size_t)(to - from));
    g_array_append_val(out, line);
}

/* A block of code is one passage, shown by its first line that is not empty. */
static void add_code(GArray *out, const char *text, const char *from, const char *to)
{
    struct passage p = {.from = (size_t)(from - text), .to = (size_t)(to - text), .code = true};
    while (from < to && (blank(*from) || *from == '\n'))
        from++;
    const char *end = memchr(from, '\n', (size_t)(to - from));
    if (from == to)
        return;
    p.body = p.from;
    p.text = end == NULL ? g_strchomp(g_strndup(from, (size_t)(to - from)))
                         : g_strdup_printf("%.*s …", (int)(end - from), from);
    g_array_append_val(out, p);
}

static void add_line(GArray *out, const char *text, const char *line, const char *end)
{
    struct passage at = {.indent = (unsigned)strspn(line, " \t")};
    const char *p = after_sign(line, &at.sign);
    const char *from = p;
    unsigned first = out->len;
    for (const char *s = p; s < end; s++) {
        if (sentence_ends(p, s)) {
            add_passage(out, text, from, s + 1, at);
            from = s + 1;
        }
    }
    add_passage(out, text, from, end, at);
    if (out->len == first + 1)
        g_array_index(out, struct passage, first).whole_line = true;
}

static void clear_passage(gpointer data)
{
    g_free(((struct passage *)data)->text);
}

GArray *passages_new(void)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct passage));
    g_array_set_clear_func(out, clear_passage);
    return out;
}

/* The next block of code of A at or after AT in its text, from part *PART on; NULL: none. */
static const char *next_code(const struct bank_answer *a, const char *at, size_t *part,
                             const char **ret_end)
{
    while (*part < a->n_parts) {
        const struct bank_part *p = &a->parts[(*part)++];
        const char *found = p->text[0] != '\0' ? strstr(at, p->text) : NULL;
        if (found == NULL)
            continue;
        at = found + strlen(p->text);
        *ret_end = at;
        if (p->code)
            return found;
    }
    return NULL;
}

void passages_split(GArray *out, const char *text, const struct bank_answer *a)
{
    size_t part = 0;
    const char *code_end = NULL, *code = next_code(a, text, &part, &code_end);
    for (const char *line = text; line != NULL;) {
        const char *end = strchrnul(line, '\n');
        if (line == code) {
            end = code_end;
            add_code(out, text, line, end);
            code = next_code(a, end, &part, &code_end);
        } else {
            add_line(out, text, line, end);
        }
        line = *end != '\0' ? end + 1 : NULL;
    }
}
