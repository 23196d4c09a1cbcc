/* Answers and questions of a special kind: not knowing, and own experience. */
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

bool question_open_ended(const char *text)
{
    static const char *const needles[] = {
        "써본것",      "사용해본",    "경험해본",         "경험이있", "본인의경험",
        "당신의경험",  "해보신적",    "해본적",           "직접작업", "yourexperience",
        "haveyouused", "haveyouever", "tellmeaboutatime", NULL};
    struct gtext t;
    gtext_init(&t, text, strlen(text));
    g_autofree char *s = squeezed(&t);
    gtext_clear(&t);
    return contains_any(s, needles);
}
