/* Answers of a special kind: not knowing, lists of terms, the question repeated. */
#include <uchar.h>

#include "grade_internal.h"

/* Whether WORD stands at the characters from I on, spaces and signs left out. */
static bool stands_at(const struct gtext *t, size_t i, const char32_t *word)
{
    for (; *word != 0; i++) {
        if (i >= t->n)
            return false;
        if (t->c[i].cls != GC_HANGUL && t->c[i].cls != GC_LATIN)
            continue;
        if (t->c[i].cp != *word++)
            return false;
    }
    return true;
}

/* Bits of pairs of letters: few pairs begin a word that is looked for. */
struct pairs {
    uint64_t bits[16];
};

static inline unsigned pair_bit(uint32_t a, uint32_t b)
{
    return (a * 37 + b * 101) & 1023;
}

bool says_dont_know(const struct gtokens *k)
{
    static const char32_t *const words[] = {
        U"모르",         U"모릅",        U"몰라",     U"몰랐",    U"모름",     U"기억이안",
        U"기억안",       U"생각이안",    U"생각안",   U"패스",    U"노코멘트", U"포기",
        U"공부안",       U"공부를안",    U"안배웠",   U"못배웠",  U"까먹",     U"감이안",
        U"처음들",       U"이름만들",    U"자신이없", U"답을못",  U"대답못",   U"스킵",
        U"dontknow",     U"donotknow",   U"noidea",   U"notsure", U"idk",      U"pass",
        U"cantremember", U"dontremember"};
    const struct gtext *t = &k->text;
    struct pairs begin = {{0}};
    for (size_t w = 0; w < G_N_ELEMENTS(words); w++) {
        unsigned bit = pair_bit(words[w][0], words[w][1]);
        begin.bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    uint32_t next = 0; /* letter; backwards, so that it is known */
    for (size_t i = t->n; i > 0; i--) {
        const struct gch *c = &t->c[i - 1];
        if (c->cls != GC_HANGUL && c->cls != GC_LATIN)
            continue;
        unsigned bit = pair_bit(c->cp, next);
        next = c->cp;
        for (size_t w = 0; w < G_N_ELEMENTS(words) && begin.bits[bit / 64] >> bit % 64 & 1; w++)
            if (words[w][0] == next && stands_at(t, i - 1, words[w]))
                return true;
    }
    return false;
}

/* Colons, equals signs and arrows: "SAN = 블록 스토리지" states something. */
static size_t statement_signs(const struct gtext *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->c[i].cls == GC_PUNCT && (t->c[i].cp == ':' || t->c[i].cp == '=' ||
                                         (t->c[i].cp >= 0x2190 && t->c[i].cp <= 0x21FF));
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
