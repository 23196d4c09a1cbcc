/* Answers of a special kind: not knowing, lists of terms, the question repeated. */
#include <string.h>

#include "grade_internal.h"

static bool contains_any(const char *text, const char *const *needles)
{
    for (; *needles != NULL; needles++)
        if (strstr(text, *needles) != NULL)
            return true;
    return false;
}

/* TEXT's letters alone, as a *new* UTF-8 string. */
static char *squeezed(const struct gtext *t)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < t->n; i++)
        if (t->c[i].cls == GC_HANGUL || t->c[i].cls == GC_LATIN)
            g_string_append_unichar(out, t->c[i].cp);
    return g_string_free(out, FALSE);
}

bool says_dont_know(const struct gtokens *k)
{
    static const char *const needles[] = {
        "모르",     "모릅",   "몰라",         "몰랐",         "모름",      "기억이안", "기억안",
        "생각이안", "생각안", "패스",         "노코멘트",     "포기",      "공부안",   "공부를안",
        "안배웠",   "못배웠", "까먹",         "감이안",       "처음들",    "이름만들", "자신이없",
        "답을못",   "대답못", "스킵",         "dontknow",     "donotknow", "noidea",   "notsure",
        "idk",      "pass",   "cantremember", "dontremember", NULL};
    g_autofree char *text = squeezed(&k->text);
    return contains_any(text, needles);
}

/* Colons, equals signs and arrows: "SAN = 블록 스토리지" states something. */
static size_t statement_signs(const struct gtext *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->c[i].cp == ':' || t->c[i].cp == '=' ||
             (t->c[i].cp >= 0x2190 && t->c[i].cp <= 0x21FF);
    return n;
}

int grammar_share(const struct gtokens *k)
{
    size_t words = 0, grammar = statement_signs(&k->text);
    if (grammar == 1)
        grammar = 0; /* one may be a heading */
    for (size_t i = 0; i < k->n; i++) {
        const struct gtoken *t = &k->t[i];
        if (t->flags & TF_NESTED)
            continue;
        words++;
        grammar += t->tail != TAIL_NONE ||
                   (t->flags & (TF_STOP | TF_NEG_AFTER | TF_NEG_BEFORE | TF_VERB)) != 0;
    }
    return words > 0 ? (int)MIN(1000 * grammar / words, 1000) : 0;
}

int question_share(const grade_sheet *s, const struct gtokens *a)
{
    size_t words = 0, same = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (!token_content(&a->t[i]) || (a->t[i].flags & TF_NESTED))
            continue;
        words++;
        same += question_has(s, a->t[i].key);
    }
    return words > 0 ? (int)(1000 * same / words) : 1000;
}
