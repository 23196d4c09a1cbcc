/*
 * Lines that are no key points themselves: headings, which are read together
 * with what stands under them, and sentences that say only that more follows.
 */
#include <string.h>
#include <uchar.h>

#include "grade_internal.h"

/* The tokens of the bytes FROM..TO of M: the first, and one past the last. */
static void tokens_within(const struct model *m, size_t from, size_t to, size_t *ret_first,
                          size_t *ret_end)
{
    const struct gtokens *k = &m->tokens;
    size_t i = 0;
    while (i < k->n && k->text.c[k->t[i].at].off < from)
        i++;
    *ret_first = i;
    while (i < k->n && k->text.c[k->t[i].at].off < to)
        i++;
    *ret_end = i;
}

/* ---- sentences that say only that more follows ---- */

/* Words of such sentences that neither the lexicon nor the question has. */
static bool says_little(const struct gtokens *k, const struct gtoken *t)
{
    static const char32_t *const words[] = {
        U"해보",       U"드리",     U"점은",   U"점이",   U"점을",   U"몇",        U"몇가지",
        U"가지",       U"가지가",   U"여러",   U"아래",   U"아래에", U"자세히",    U"자세하",
        U"살펴",       U"살펴보",   U"보",     U"보게",   U"보자",   U"알아보",    U"하나씩",
        U"차례",       U"차례대",   U"간단히", U"간단하", U"순서대", U"정리",      U"소개",
        U"크게",       U"주의",     U"유의",   U"고려",   U"할",     U"해야",      U"explain",
        U"example",    U"examples", U"two",    U"three",  U"four",   U"satisfies", U"satisfy",
        U"conditions", U"main",     U"key",    U"common",
    };
    for (size_t w = 0; w < G_N_ELEMENTS(words); w++) {
        size_t i = 0;
        while (i < t->stem_n && words[w][i] != 0 && words[w][i] == k->pool[t->stem + i])
            i++;
        if (i == t->stem_n && words[w][i] == 0)
            return true;
    }
    return false;
}

static const char source[] = "출처";

/* Whether a colon stands at P, behind the word for a source. */
static bool names_source(const char *p)
{
    return p[strspn(p, " ")] == ':';
}

/* Whether 출처 is what TEXT is about: the origin of the web's security. */
static bool is_about_origins(const char *text)
{
    for (const char *p = text; (p = strstr(p, source)) != NULL;) {
        p += strlen(source);
        if (!names_source(p))
            return true;
    }
    return false;
}

/* "출처: https://…", "참고 링크", "등등" */
static bool only_points_elsewhere(const grade_sheet *s, const struct model *m,
                                  const struct passage *p, const char *letters)
{
    static const char *const all[] = {"등등", "참고링크", "참고자료"};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (strcmp(letters, all[i]) == 0)
            return true;
    return g_str_has_prefix(p->text, source) && names_source(p->text + strlen(source)) &&
           !is_about_origins(s->question) && !is_about_origins(m->text);
}

/* "다음과 같습니다", "각각에 대해 설명해 보겠습니다", "Here are some examples:" */
static bool only_announces(const grade_sheet *s, const struct model *m, const struct passage *p,
                           const char *letters)
{
    static const char *const signs[] = {"다음과같",     "아래와같",     "이렇습니다", "몇가지있",
                                        "몇가지가있",   "여러가지있",   "여러가지가", "설명해보겠",
                                        "설명하겠",     "설명드리겠",   "알아보겠",   "알아보자",
                                        "살펴보겠",     "살펴보자",     "소개하겠",   "asfollows",
                                        "followingare", "these",        "hereis",     "hereare",
                                        "letmeexplain", "letusexplain", NULL};
    if (!text_has_any(letters, signs))
        return false;
    size_t i, end;
    for (tokens_within(m, p->from, p->to, &i, &end); i < end; i++) {
        const struct gtoken *t = &m->tokens.t[i];
        if (token_content(t) && !(t->flags & (TF_FAINT | TF_NESTED)) && !question_has(s, t->key) &&
            !says_little(&m->tokens, t))
            return false;
    }
    return true;
}

static bool says_nothing(const grade_sheet *s, const struct model *m, const struct passage *p)
{
    if (p->code)
        return false;
    g_autofree char *letters = text_squeezed(p->text);
    return only_points_elsewhere(s, m, p, letters) || only_announces(s, m, p, letters);
}

static void drop_idle(const grade_sheet *s, const struct model *m, GArray *passages)
{
    g_autofree bool *drop = g_new0(bool, passages->len + 1);
    unsigned kept = 0;
    for (unsigned i = 0; i < passages->len; i++) {
        drop[i] = says_nothing(s, m, &g_array_index(passages, struct passage, i));
        kept += !drop[i];
    }
    for (unsigned i = passages->len; i > 0 && kept > 0; i--)
        if (drop[i - 1])
            g_array_remove_index(passages, i - 1);
}

/* ---- headings ---- */

static bool ends_in_colon(const struct passage *p)
{
    return g_str_has_suffix(p->text, ":") || g_str_has_suffix(p->text, "：");
}

/* Whether P is a line of a few nouns, or of a few words before a colon. */
static bool is_label(const struct model *m, const uint8_t *label, const struct passage *p)
{
    if (!p->whole_line || p->code || strpbrk(p->text, "{};=<>") != NULL ||
        strchr(".!?,(", p->text[strlen(p->text) - 1]) != NULL)
        return false;
    size_t first, end;
    tokens_within(m, p->from, p->to, &first, &end);
    size_t i = first;
    while (i < end && label[i] == LABEL_LINE)
        i++;
    return i == end && end > first;
}

static bool siblings(const struct passage *a, const struct passage *b)
{
    return a->sign == b->sign && a->indent == b->indent;
}

/* Whether passage I names what the next one says; a list of names is a list of facts. */
static bool leads(const struct model *m, const uint8_t *label, const GArray *passages, unsigned i)
{
    const struct passage *p = &g_array_index(passages, struct passage, i), *next = p + 1;
    if (i + 1 == passages->len)
        return false;
    if (next->code && ends_in_colon(p))
        return true;
    if (!is_label(m, label, p))
        return false;
    if (ends_in_colon(p) || next->code || next->indent > p->indent)
        return true;
    if (i > 0 && siblings(p - 1, p) && (p->sign != 0 || is_label(m, label, p - 1)))
        return false; /* the last of a list */
    return next->indent == p->indent &&
           (p->sign != next->sign || (p->sign == 0 && !is_label(m, label, next)));
}

/* Whether B says every word of A. */
static bool says_again(const struct model *m, const struct passage *a, const struct passage *b)
{
    const struct gtoken *t = m->tokens.t;
    size_t i, i_end, first, end;
    tokens_within(m, b->from, b->to, &first, &end);
    for (tokens_within(m, a->from, a->to, &i, &i_end); i < i_end; i++) {
        size_t j = first;
        while (j < end && t[j].key != t[i].key)
            j++;
        if (token_content(&t[i]) && !(t[i].flags & TF_NESTED) && j == end)
            return false;
    }
    return true;
}

static void join_headings(const struct model *m, const uint8_t *label, GArray *passages)
{
    for (unsigned i = 0; i < passages->len; i++) {
        struct passage *p = &g_array_index(passages, struct passage, i), *next = p + 1;
        if (!leads(m, label, passages, i))
            continue;
        if (!says_again(m, p, next)) {
            char *text = g_strconcat(p->text, ends_in_colon(p) ? " " : ": ", next->text, NULL);
            g_free(next->text);
            next->text = text;
        }
        next->from = p->from;
        g_array_remove_index(passages, i--);
    }
}

void passages_settle(const grade_sheet *s, const struct model *m, const uint8_t *label,
                     GArray *passages)
{
    drop_idle(s, m, passages);
    join_headings(m, label, passages);
}
