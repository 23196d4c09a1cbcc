/* Korean word shapes by rules and short tables of words. */
#include "grade_korean.h"

#include <glib.h>
#include <string.h>
#include <uchar.h>

static unsigned kinds_at(const struct korean *k, const struct gch *c, size_t n)
{
    uint32_t s[KOREAN_WORD_MAX];
    if (n > KOREAN_WORD_MAX)
        return 0;
    for (size_t i = 0; i < n; i++)
        s[i] = c[i].cp;
    return korean_kinds(k, s, n);
}

static bool is(const struct korean *k, unsigned kind, const struct gch *c, size_t n)
{
    return (kinds_at(k, c, n) & kind) != 0;
}

#define TAIL_MAX 6 /* syllables of the longest row that matters */

/* Particles have one shape after a consonant and one after a vowel. */
static bool agrees(const struct gch *c, size_t n, uint32_t before)
{
    if (!hangul_is(before))
        return true; /* Latin and digits: it depends on how they are read */
    unsigned t = hangul_t(before);
    uint32_t first = c[0].cp;
    bool open = t == T_NONE;
    switch (first) {
    case 0xC740: /* 은 */
    case 0xC744: /* 을 */
    case 0xACFC: /* 과 */
        return !open;
    case 0xB294: /* 는 */
    case 0xB97C: /* 를 */
    case 0xAC00: /* 가 */
    case 0xC640: /* 와 */
    case 0xB780: /* 란 */
    case 0xB791: /* 랑 */
        return open;
    case 0xC73C: /* 으로 */
        return !open && t != T_L;
    case 0xB85C: /* 로 */
        return open || t == T_L;
    case 0xC774: /* 이: subject after a consonant; the copula after both */
        return !open || n > 1;
    default:
        return true;
    }
}

static enum tail particle_tail(const struct gch *c, size_t n)
{
    uint32_t last = c[n - 1].cp;
    if (last == 0xB294 || last == 0xC740 || (n <= 2 && (last == 0xB780 || last == 0xC774 + 0)))
        if (last != 0xC774)
            return TAIL_TOPIC; /* 은 는 란 */
    if (last == 0xB780)
        return TAIL_TOPIC;
    if (n == 1 && (last == 0xC774 || last == 0xAC00))
        return TAIL_SUBJECT;
    if (last == 0xB97C || last == 0xC744)
        return TAIL_OBJECT;
    if (n >= 1 && last == 0xBA74)
        return TAIL_IF; /* 면, 이면 */
    switch (last) {
    case 0xACE0: /* 고 */
    case 0xBA70: /* 며 */
    case 0xC11C: /* 서: 에서 is a particle, 라서 a clause */
        return last == 0xC11C && c[0].cp != 0xB77C && c[0].cp != 0xC774 && c[0].cp != 0xC5EC
                   ? TAIL_OTHER
                   : TAIL_AND;
    case 0xB9CC: /* 만: 이지만 */
        return n > 1 && c[n - 2].cp == 0xC9C0 ? TAIL_AND : TAIL_OTHER;
    case 0xB370: /* 데 */
    case 0xB2C8: /* 니 */
    case 0xAE4C: /* 까 */
        return TAIL_AND;
    case 0xB2E4: /* 다 */
    case 0xC694: /* 요 */
    case 0xC784: /* 임 */
    case 0xC8E0: /* 죠 */
    case 0xB124: /* 네 */
        return TAIL_FINAL;
    case 0xC778: /* 인 */
        return TAIL_ADNOM;
    default:
        return TAIL_OTHER;
    }
}

static enum tail ending_tail(const struct gch *c, size_t n)
{
    if (c[0].cp == 0xC801 && n <= 3) { /* -적, -적으로, -적인, -적이다 */
        uint32_t last = c[n - 1].cp;
        return last == 0xC778 || last == 0xC77C ? TAIL_ADNOM
               : last == 0xB2E4                 ? TAIL_FINAL
                                                : TAIL_OTHER;
    }
    if (c[0].cp == 0xC9C0 && n <= 2 && c[n - 1].cp != 0xB9CC && c[n - 1].cp != 0xC694)
        return TAIL_OTHER; /* -지, -지는, -지도 before 않: the clause goes on; not -지만, -지요 */
    switch (c[n - 1].cp) {
    case 0xB2E4: /* 다 */
    case 0xC694: /* 요 */
    case 0xC8E0: /* 죠 */
    case 0xB124: /* 네 */
    case 0xB2F9: /* 당 */
        return TAIL_FINAL;
    case 0xBA74: /* 면 */
        return TAIL_IF;
    case 0xC74C: /* 음 */
    case 0xAE30: /* 기 */
    case 0xC9D0: /* 짐 */
    case 0xC90C: /* 줌 */
        return TAIL_NOMINAL;
    case 0xB294: /* 는 */
    case 0xC740: /* 은 */
    case 0xC744: /* 을 */
    case 0xB358: /* 던 */
    case 0xC9C4: /* 진 */
    case 0xC9C8: /* 질 */
    case 0xC900: /* 준 */
    case 0xB9B0: /* 린 */
    case 0xD55C: /* 한 */
    case 0xD560: /* 할 */
    case 0xB41C: /* 된 */
    case 0xB420: /* 될 */
    case 0xC788: /* 있는 without its ending */
        return TAIL_ADNOM;
    default:
        return TAIL_AND;
    }
}

enum tail korean_tail_of(const struct korean *k, const struct gch *c, size_t n, uint32_t before)
{
    if (n == 0)
        return TAIL_NONE;
    if (is(k, WORD_PARTICLE, c, n) && agrees(c, n, before))
        return particle_tail(c, n);
    return ending_tail(c, n);
}

size_t korean_particle_at(const struct korean *k, const struct gch *c, size_t n, uint32_t before)
{
    for (size_t len = n < TAIL_MAX ? n : TAIL_MAX; len > 0; len--)
        if (is(k, WORD_PARTICLE, c, len) && agrees(c, len, before))
            return len;
    return 0;
}

/* 하다 and 되다 in their shapes, which make verbs of nouns. */
static bool light_verb(uint32_t cp)
{
    static const char32_t shapes[] = U"하한할함합해했되된될됨됩돼됐댐됌";
    for (size_t i = 0; shapes[i] != 0; i++)
        if (shapes[i] == cp)
            return true;
    return false;
}

bool korean_is_tail(const struct korean *k, const struct gch *c, size_t n, bool fused)
{
    if (n == 0)
        return true;
    if (n > 10)
        return false;
    if (is(k, fused ? WORD_ENDING : WORD_ENDING | WORD_PARTICLE, c, n))
        return true;
    if (!fused && light_verb(c[0].cp) && korean_is_tail(k, c + 1, n - 1, hangul_t(c[0].cp) != 0))
        return true;
    /* an ending in two steps: 았/었/겠/시 or -지, and the rest */
    for (size_t first = 1; first < n && first <= 2; first++)
        if (is(k, WORD_ENDING, c, first) && is(k, WORD_ENDING, c + first, n - first))
            return true;
    return false;
}

static void keep(struct korean_word *w, const struct gch *c, size_t n)
{
    w->n = n < KOREAN_STEM_MAX ? n : KOREAN_STEM_MAX;
    for (size_t i = 0; i < w->n; i++)
        w->stem[i] = c[i].cp;
}

/* 진/질/집 and the like at a stem's end hide an open syllable: 흩어진 is 흩어지. */
static void open_last(struct korean_word *w)
{
    static const char32_t closed[] =
        U"진질집짐린릴립림킨킬킵킴운울웁움른를릅름난날납남긴길깁김쓴쓸씁씀낸낼냅냄";
    if (w->n < 2 && !(w->n == 1 && w->verb))
        return;
    uint32_t last = w->stem[w->n - 1];
    for (size_t i = 0; closed[i] != 0; i++)
        if (closed[i] == last)
            w->stem[w->n - 1] = last - hangul_t(last);
}

/* 져 is 지, 려 is 리, 켜 is 키: the contracted shape before -어. */
static void uncontract(struct korean_word *w)
{
    uint32_t last = w->stem[w->n - 1];
    unsigned v = hangul_v(last), t = hangul_t(last);
    if (w->n < 2 || !hangul_is(last) || (t != T_NONE && t != T_SS))
        return;
    unsigned l = hangul_l(last);
    if (v == 6) /* ㅕ */
        w->stem[w->n - 1] = hangul_make(l, 20, 0);
    else if (v == 14) /* ㅝ */
        w->stem[w->n - 1] = hangul_make(l, 13, 0);
    else if (t == T_SS)
        w->stem[w->n - 1] = hangul_make(l, v, 0);
}

static bool cut_light_verb(const struct korean *k, const struct gch *c, size_t n,
                           struct korean_word *w)
{
    for (size_t i = 1; i < n; i++) {
        if (!light_verb(c[i].cp))
            continue;
        size_t rest = n - i - 1;
        /* after one syllable only where no noun looks so: 변합니다, 구했다, but 제한은, 이해 */
        if (i == 1 && !((c[i].cp == 0xD569 || c[i].cp == 0xD588) && rest > 0))
            continue;
        if (!korean_is_tail(k, c + i + 1, rest, hangul_t(c[i].cp) != 0))
            continue;
        keep(w, c, i);
        w->verb = true;
        if (rest > 0)
            w->tail = ending_tail(c + i + 1, rest);
        else
            w->tail = hangul_t(c[i].cp) == T_M                               ? TAIL_NOMINAL
                      : hangul_t(c[i].cp) == T_N || hangul_t(c[i].cp) == T_L ? TAIL_ADNOM
                                                                             : TAIL_AND;
        return true;
    }
    return false;
}

static bool cut_tail(const struct korean *k, const struct gch *c, size_t n, struct korean_word *w)
{
    for (size_t i = n > 2 ? 2 : 1; i < n; i++) {
        const struct gch *rest = c + i;
        unsigned kinds = kinds_at(k, rest, n - i) & (WORD_PARTICLE | WORD_ENDING);
        if (kinds == 0 || !agrees(rest, n - i, c[i - 1].cp))
            continue;
        bool part = (kinds & WORD_PARTICLE) != 0;
        keep(w, c, i);
        w->verb = !part;
        w->tail = part ? particle_tail(rest, n - i) : ending_tail(rest, n - i);
        return true;
    }
    return false;
}

void korean_stem(const struct korean *k, const struct gch *c, size_t n, struct korean_word *w)
{
    w->tail = TAIL_NONE;
    w->verb = false;
    if (n < 2 || is(k, WORD_PROTECTED, c, n)) {
        keep(w, c, n);
        return;
    }
    /* a protected word with a particle */
    for (size_t i = n - 1; i >= 2; i--) {
        if (is(k, WORD_PROTECTED, c, i) && korean_is_tail(k, c + i, n - i, false)) {
            keep(w, c, i);
            w->tail = korean_tail_of(k, c + i, n - i, c[i - 1].cp);
            return;
        }
    }
    if (!cut_light_verb(k, c, n, w) && !cut_tail(k, c, n, w))
        keep(w, c, n);
    if (w->verb || w->tail == TAIL_NONE) {
        uncontract(w);
        open_last(w);
    }
}

size_t korean_shape(const uint32_t *cp, size_t n, bool verb, size_t which, uint32_t *out)
{
    uint32_t last = cp[n - 1];
    unsigned l = hangul_l(last), v = hangul_v(last), t = hangul_t(last);
    memcpy(out, cp, n * sizeof *cp);
    if (t == T_NONE && last == 0xB974 && n >= 2 && hangul_is(cp[n - 2]) &&
        hangul_t(cp[n - 2]) == T_NONE) { /* 르: 빠르, 빨라 */
        if (which > 1)
            return 0;
        out[n - 2] = cp[n - 2] + T_L;
        out[n - 1] = which == 0 ? 0xB77C : 0xB7EC;
        return n;
    }
    if (t == T_NONE) {
        static const int8_t first[21] = {
            [0] = -1, [8] = 9, [13] = 14, [18] = 4, [20] = 6, [11] = 10};
        if (last == 0xD558) /* 하: 해 */
            return which == 0 ? (out[n - 1] = 0xD574, n) : 0;
        if (which == 0 && first[v] > 0)
            return out[n - 1] = hangul_make(l, (unsigned)first[v], 0), n;
        if (which == 1 && v == 18) /* ㅡ: 바쁘, 바빠 */
            return out[n - 1] = hangul_make(l, 0, 0), n;
        return 0;
    }
    if (t == T_B && which < 2) { /* 가볍: 가벼우, 가벼워 */
        out[n - 1] = hangul_make(l, v, 0);
        out[n] = which == 0 ? 0xC6B0 : 0xC6CC;
        return n + 1;
    }
    if (!verb || which > 0)
        return 0;
    if (t == T_L) /* 만들: 만드 */
        return out[n - 1] = hangul_make(l, v, 0), n;
    if (t == T_D) /* 싣: 실 */
        return out[n - 1] = hangul_make(l, v, T_L), n;
    return 0;
}
