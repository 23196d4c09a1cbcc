/* A key point as a hint: its main terms as rings. */
#include <string.h>

#include "grade_internal.h"

char *grade_sheet_hint(const grade_sheet *s, size_t model, size_t i)
{
    const char *text = s->models[model].points[i].text;
    struct gtokens k;
    gtokens_init(&k, s->g->lex, NULL, text, strlen(text));
    GString *out = g_string_new(NULL);
    size_t from = 0;
    for (size_t j = 0; j < k.n; j++) {
        const struct gtoken *t = &k.t[j];
        size_t at = k.text.c[t->at].off, end = k.text.c[t->to - 1].end;
        bool main_term = token_content(t) && at >= from && !question_has(s, t->key) &&
                         grader_idf(s->g, t->key) >= 600;
        if (!main_term)
            continue;
        g_string_append_len(out, text + from, (gssize)(at - from));
        for (size_t r = 0; r < MIN(t->to - t->at, 5); r++)
            g_string_append(out, "○");
        from = end;
    }
    g_string_append(out, text + from);
    gtokens_clear(&k);
    return g_string_free(out, FALSE);
}
