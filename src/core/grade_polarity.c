/* What an answer denies: which words a negation reaches, and how far. */
#include "grade_internal.h"

enum {
    AN = 0xC548,
    MOT = 0xBABB,
    AH = 0xC54A,
    EOP = 0xC5C6,
    A = 0xC544,
    NI = 0xB2C8,
    BUL = 0xBD88
};

static bool one_of(uint32_t cp, const uint32_t *set)
{
    for (; *set != 0; set++)
        if (*set == cp)
            return true;
    return false;
}

/* 하 해 함 한 할 합 했 되 돼 됨 된 될 됩 됐 댐 */
static bool light(uint32_t cp)
{
    static const uint32_t set[] = {0xD558, 0xD574, 0xD568, 0xD55C, 0xD560, 0xD569, 0xD588, 0xB418,
                                   0xB3FC, 0xB428, 0xB41C, 0xB420, 0xB429, 0xB410, 0xB310, 0};
    return one_of(cp, set);
}

/* 아닌가, 않나, 아닐까: a question that means yes. */
static bool asks_back(const struct gch *c, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (c[i].cp == 0xAC00 /* 가 */ || c[i].cp == 0xAE4C /* 까 */ ||
            c[i].cp == 0xB0D0 /* 냐 */ || (c[i].cp == 0xB098 /* 나 */ && i + 1 >= n - 1))
            return true;
    return false;
}

/* In a run typed without spaces a negation takes its ending and no more. */
static size_t own_length(const struct korean *tables, const struct gch *c, size_t n)
{
    if (n <= 5)
        return n;
    for (size_t k = 4; k > 0; k--)
        if (korean_is_tail(tables, c + 1, k, false))
            return k + 1;
    return 1;
}

unsigned negator_at(const struct korean *k, const struct gch *c, size_t n, bool after_noun,
                    size_t *ret_len)
{
    static const uint32_t not_an[] = {0xC5D0 /* 에 */, 0xCABD /* 쪽 */, 0xC758 /* 의 */,
                                      0xC73C /* 으 */, 0xC740 /* 은 */, 0xC774 /* 이 */,
                                      0xACFC /* 과 */, 0xC804 /* 전 */, 0xC815 /* 정 */,
                                      0xB0B4 /* 내 */, 0xB4DC /* 드 */, 0xD14C /* 테 */,
                                      0xC744 /* 을 */, 0xAC10 /* 감 */, 0xAC1C /* 개 */,
                                      0xB3C4 /* 도 */, 0xB2A5 /* 능 */, 0};
    *ret_len = n;
    if (c[0].cp != AH && c[0].cp != EOP && c[0].cp != BUL && c[0].cp != A && c[0].cp != AN &&
        c[0].cp != MOT)
        return 0;
    *ret_len = n = own_length(k, c, n);
    if (c[0].cp == AH)
        return asks_back(c, n) ? TF_STOP : TF_NEG_AFTER;
    if (c[0].cp == EOP)
        return TF_NEG_AFTER;
    if (c[0].cp == BUL && n >= 2 && c[1].cp == 0xAC00) /* 불가 */
        return TF_NEG_AFTER;
    if (c[0].cp == A && n >= 2) {
        if (c[1].cp == NI && n >= 3 && (c[2].cp == 0xBA74 || c[2].cp == 0xC694))
            return TF_STOP; /* 아니면: or; 아니요 */
        if (c[1].cp == NI || c[1].cp == 0xB2CC || c[1].cp == 0xB2D8 || c[1].cp == 0xB2D9 ||
            c[1].cp == 0xB2D0) /* 니 닌 님 닙 닐 */
            return asks_back(c, n) ? TF_STOP : TF_NEG_AFTER;
        return 0;
    }
    if (c[0].cp != AN && c[0].cp != MOT)
        return 0;
    if (n >= 2 && light(c[1].cp) && after_noun)
        return TF_NEG_AFTER; /* 공유 안함, 공유하지 못함 */
    if (n == 1 && after_noun && c[1].cp == ' ' && light(c[2].cp))
        return TF_NEG_AFTER; /* 확인을 안 해서 */
    if (n == 1 || (n >= 2 && !(c[0].cp == AN && one_of(c[1].cp, not_an)))) {
        *ret_len = 1;
        return TF_NEG_BEFORE;
    }
    return 0;
}

static void deny(struct gtoken *t, int how)
{
    if (t->neg < how)
        t->neg = (uint8_t)how;
}

static bool same_span(const struct gtoken *a, const struct gtoken *b)
{
    return a->full == b->full;
}

/* 뿐 아니라, 밖에 없다: negations in form only. */
static bool in_form_only(const struct gtokens *k, size_t i)
{
    const struct gch *c = k->text.c;
    size_t at = k->t[i].at;
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        uint32_t cp = c[at - back].cp;
        if (cp == 0xBFD0 /* 뿐 */ || cp == 0xBC16 /* 밖 */)
            return true;
    }
    return false;
}

static void deny_before(struct gtokens *k, size_t i)
{
    size_t j = i;
    while (j > 0 && !token_content(&k->t[j - 1]) && k->t[j - 1].line == k->t[i].line &&
           !(k->t[j - 1].flags & (TF_NEG_AFTER | TF_NEG_BEFORE)))
        j--;
    if (j == 0 || k->t[j - 1].sentence != k->t[i].sentence || !token_content(&k->t[j - 1]))
        return;
    const struct gtoken *last = &k->t[j - 1];
    unsigned clause = last->clause;
    for (; j > 0 && same_span(&k->t[j - 1], last); j--)
        deny(&k->t[j - 1], NEG_STRONG);
    /* 없이, 없는, 않은 stand inside a clause: the rest of it is not denied */
    if (k->t[i].tail == TAIL_ADNOM)
        return;
    for (; j > 0 && k->t[j - 1].clause == clause; j--)
        deny(&k->t[j - 1], NEG_WEAK);
}

static bool joins(const struct gtokens *k, size_t i)
{
    const struct gch *c = k->text.c + k->t[i].at;
    return k->t[i].to - k->t[i].at == 3 && (c[0].cp == 'a' || c[0].cp == 'b') &&
           (c[1].cp == 'n' || c[1].cp == 'u') && (c[2].cp == 'd' || c[2].cp == 't'); /* and, but */
}

#define ENGLISH_REACH 5 /* words after not that its own word stands among */

static void deny_after(struct gtokens *k, size_t i)
{
    size_t j = i + 1;
    unsigned clause = k->t[i].clause;
    bool hangul = k->text.c[k->t[i].at].cls == GC_HANGUL;
    size_t limit = hangul ? k->n : MIN(k->n, i + ENGLISH_REACH);
    while (j < limit && !token_content(&k->t[j]) && k->t[j].clause == clause &&
           (hangul || !joins(k, j)))
        j++;
    if (j >= limit || k->t[j].clause != clause || !token_content(&k->t[j]))
        return;
    const struct gtoken *first = &k->t[j];
    for (; j < k->n && k->t[j].at < first->full; j++)
        deny(&k->t[j], NEG_STRONG);
    if (!hangul) {
        for (; j < k->n && k->t[j].clause == clause && !joins(k, j); j++)
            deny(&k->t[j], NEG_WEAK);
        return;
    }
    for (j = i; j > 0 && k->t[j - 1].clause == clause; j--)
        deny(&k->t[j - 1], NEG_WEAK);
}

/* 수정할 필요 없이, 수정이 필요 없다: what need not be is denied, as in 수정하지 않아도 된다. */
static bool needless(const struct gtokens *k, size_t i)
{
    const struct gtoken *t = &k->t[i];
    const struct gch *c = k->text.c + t->at;
    return t->kind == TK_CONCEPT && t->sign < 0 && c[0].cp == 0xD544 /* 필 */ &&
           c[1].cp == 0xC694 /* 요 */ && i > 0 && t[-1].sentence == t->sentence &&
           token_content(&t[-1]) && (t[-1].tail == TAIL_ADNOM || t[-1].tail == TAIL_SUBJECT);
}

void mark_polarity(struct gtokens *k)
{
    for (size_t i = 0; i < k->n; i++) {
        if (needless(k, i))
            for (size_t j = i; j > 0 && same_span(&k->t[j - 1], &k->t[i - 1]); j--)
                deny(&k->t[j - 1], NEG_STRONG);
        if ((k->t[i].flags & TF_NEG_AFTER) && !in_form_only(k, i))
            deny_before(k, i);
        else if (k->t[i].flags & TF_NEG_BEFORE)
            deny_after(k, i);
    }
}
