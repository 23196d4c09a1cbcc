/*
 * Questions that no model answer can settle: own experience, preferences. They
 * are graded on relevance (does it speak of what was asked) and substance (does
 * it say something, and why); the model answer counts where it fits better.
 */
#include <string.h>

#include "grade_internal.h"

char *text_squeezed(const char *text)
{
    struct gtext t;
    gtext_init(&t, NULL, text, strlen(text));
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < t.n; i++)
        if (t.c[i].cls == GC_HANGUL || t.c[i].cls == GC_LATIN)
            g_string_append_unichar(out, t.c[i].cp);
    gtext_clear(&t);
    return g_string_free(out, FALSE);
}

bool text_has_any(const char *text, const char *const *needles)
{
    for (; *needles != NULL; needles++)
        if (strstr(text, *needles) != NULL)
            return true;
    return false;
}

bool question_open_ended(const char *text)
{
    static const char *const own[] = {
        "써본것",       "써보신",         "사용해본",    "사용해보신",  "경험해본",
        "경험해보신",   "경험이있",       "본인의경험",  "당신의경험",  "해보신적",
        "해본적",       "겪은",           "좋아하는",    "선호하는",    "어떻게생각하",
        "왜지원",       "yourexperience", "haveyouused", "haveyouever", "tellmeabout",
        "yourfavorite", "doyouprefer",    "youworkedon", NULL};
    /* something is asked besides that a model answer does settle */
    static const char *const fact[] = {"무엇",    "설명",   "이론",       "차이",     "정의",
                                       "explain", "whatis", "difference", "describe", NULL};
    g_autofree char *s = text_squeezed(text);
    return text_has_any(s, own) && !text_has_any(s, fact);
}

static bool known_to_models(const grade_sheet *s, uint64_t key)
{
    for (size_t i = 0; i < s->n_models; i++)
        if (model_has(&s->models[i], key))
            return true;
    return false;
}

static bool first_time(const struct gtokens *a, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (a->t[j].key == a->t[i].key)
            return false;
    return true;
}

int score_open(const grade_sheet *s, const struct gtokens *a)
{
    int asked = 0, fitting = 0, said = 0, clauses = 0;
    unsigned clause = UINT_MAX;
    /* a few hundred distinct words settle it: the check for repetition stays cheap */
    for (size_t i = 0; i < a->n && i < 400; i++) {
        const struct gtoken *t = &a->t[i];
        if (!token_content(t) || (t->flags & (TF_NESTED | TF_FAINT)) || !first_time(a, i))
            continue;
        bool in_question = question_has(s, t->key);
        asked += in_question;
        fitting += !in_question && known_to_models(s, t->key);
        said += !in_question;
        clauses += t->clause != clause && !in_question;
        clause = t->clause;
    }
    int relevance = MIN(100, 30 * asked + 15 * fitting);
    int substance = MIN(100, 6 * said + 10 * clauses);
    return MIN(relevance * substance / 100, OPEN_MOST);
}
