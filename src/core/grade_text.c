/* Normalisation with a map back to the bytes that were typed. */
#include "grade_text.h"

#include <glib.h>
#include <string.h>

#include "arena.h"

static enum gclass ascii_class(uint32_t cp)
{
    if ((cp | 32) - 'a' < 26)
        return GC_LATIN;
    if (cp <= ' ')
        return cp == '\n' ? GC_NEWLINE : GC_SPACE;
    return cp - '0' < 10 ? GC_DIGIT : cp == 0x7F ? GC_SPACE : GC_PUNCT;
}

enum gclass gclass_of(uint32_t cp)
{
    if (hangul_is(cp))
        return GC_HANGUL;
    if (cp < 0x80)
        return ascii_class(cp);
    if ((cp >= 0x1100 && cp <= 0x11FF) || (cp >= 0x3130 && cp <= 0x318F))
        return GC_PUNCT; /* lone jamo: laughter and tears, not words */
    if (g_unichar_isspace(cp) || g_unichar_iscntrl(cp) || cp == 0xFFFD)
        return GC_SPACE;
    if (g_unichar_isdigit(cp))
        return GC_DIGIT;
    return g_unichar_isalpha(cp) ? GC_LATIN : GC_PUNCT;
}

/* A syllable's jamo as they are compared: initial, vowel, final. */
struct jamo {
    unsigned l, v, t;
};

static inline struct jamo jamo_of(uint32_t cp)
{
    /* initials ㄲㄸㅃㅆㅉ as their plain ones; vowels ㅐㅒ as ㅔㅖ, ㅙㅚ as ㅞ */
    static const uint8_t initial[19] = {0, 0,  2,  3,  3,  5,  6,  7,  7, 9,
                                        9, 11, 12, 12, 14, 15, 16, 17, 18};
    static const uint8_t vowel[21] = {0,  5,  2,  7,  4,  5,  6,  7,  8,  9, 15,
                                      15, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    /* finals ㄲ and ㅆ as ㄱ and ㅅ */
    static const uint8_t final[28] = {0,  1,  1,  3,  4,  5,   6,   7,  8,  9,  10, 11, 12, 13,
                                      14, 15, 16, 17, 18, T_S, T_S, 21, 22, 23, 24, 25, 26, 27};
    unsigned blocks = (unsigned)(cp - 0xAC00) / 28, t = (unsigned)(cp - 0xAC00) - blocks * 28;
    unsigned l = blocks / 21, v = blocks - l * 21;
    return (struct jamo){initial[l], vowel[v], final[t]};
}

static inline uint32_t fold_hangul(uint32_t cp)
{
    struct jamo j = jamo_of(cp);
    return hangul_make(j.l, j.v, j.t);
}

uint32_t gfold(uint32_t cp)
{
    return hangul_is(cp) ? fold_hangul(cp) : cp;
}

size_t gspell(uint32_t cp, uint16_t *out)
{
    if (!hangul_is(cp)) {
        out[0] = (uint16_t)cp;
        return 1;
    }
    struct jamo j = jamo_of(cp);
    out[0] = (uint16_t)(0x1100 + j.l);
    out[1] = (uint16_t)(0x1161 + j.v);
    out[2] = (uint16_t)(0x11A7 + j.t);
    return j.t != 0 ? 3 : 2;
}

void *grow(struct arena *arena, void *p, size_t n, size_t *room, size_t size)
{
    *room = *room * 2 + 32;
    if (arena == NULL)
        return g_realloc(p, *room * size);
    void *more = arena_alloc_raw(arena, *room * size);
    if (n > 0)
        memcpy(more, p, n * size);
    return more;
}

/* Appends CP of class CLS, which came from the bytes OFF..END. */
static inline void put_class(struct gtext *t, uint32_t cp, enum gclass cls, size_t off, size_t end)
{
    if (t->n == t->room)
        t->c = grow(t->arena, t->c, t->n, &t->room, sizeof *t->c);
    uint32_t fold = cls == GC_HANGUL ? fold_hangul(cp) : cls == GC_SPACE ? ' ' : cp;
    t->c[t->n++] = (struct gch){.cp = cls == GC_SPACE ? ' ' : cp,
                                .off = (uint32_t)off,
                                .end = (uint32_t)end,
                                .cls = cls & 7,
                                .final = cls == GC_HANGUL ? hangul_t(cp) & 31 : 0,
                                .fold = fold & 0xFFFFFF};
}

static void put(struct gtext *t, uint32_t cp, size_t off, size_t end)
{
    put_class(t, cp, gclass_of(cp), off, end);
}

/* One character and its length; a bad byte is U+FFFD of length 1. */
static inline uint32_t decode(const char *p, size_t left, size_t *ret_len)
{
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
        *ret_len = 1;
        return c;
    }
    const unsigned char *s = (const unsigned char *)p;
    /* three bytes, Hangul among them: the common case; surrogates and overlong forms are bad */
    if ((c & 0xF0) == 0xE0 && left >= 3 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
        uint32_t u = ((uint32_t)(c & 0x0F) << 12) | ((uint32_t)(s[1] & 0x3F) << 6) | (s[2] & 0x3F);
        if (u >= 0x800 && (u < 0xD800 || u > 0xDFFF)) {
            *ret_len = 3;
            return u;
        }
    }
    gunichar u = g_utf8_get_char_validated(p, (gssize)MIN(left, 8));
    if (u == (gunichar)-1 || u == (gunichar)-2 || u == 0) {
        *ret_len = 1;
        return 0xFFFD;
    }
    *ret_len = (size_t)g_unichar_to_utf8(u, NULL);
    return u;
}

/* Characters that show nothing: dropped, so that they cannot split a word. */
static bool invisible(uint32_t cp)
{
    return cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF || (cp >= 0xFE00 && cp <= 0xFE0F);
}

/* Whether CP belongs to the character before it: marks, and jamo after an initial. */
static inline bool continues(uint32_t cp)
{
    if (cp < 0x300 || hangul_is(cp))
        return false;
    return (cp >= 0x1160 && cp <= 0x11FF) || g_unichar_ismark(cp);
}

static void put_normalised(struct gtext *t, const char *src, size_t off, size_t end)
{
    char *norm = g_utf8_normalize(src + off, (gssize)(end - off), G_NORMALIZE_NFKC);
    if (norm == NULL) {
        put(t, ' ', off, end);
        return;
    }
    for (const char *p = norm; *p != '\0'; p = g_utf8_next_char(p))
        put(t, g_unichar_tolower(g_utf8_get_char(p)), off, end);
    g_free(norm);
}

/* Whether no character that begins with byte P[0] belongs to the one before it. */
static inline bool stands_alone(const unsigned char *p, size_t left)
{
    /* below U+0300; and Hangul syllables, but for the few that share a first byte with others */
    return left == 0 || p[0] < 0xCC || p[0] == 0xEB || p[0] == 0xEC ||
           (p[0] == 0xEA && left > 1 && p[1] >= 0xB0);
}

/* The plain characters at SRC + I that NFKC leaves as they are; gives where they end. */
static size_t fill_plain(struct gtext *t, const char *src, size_t i, size_t len)
{
    const unsigned char *s = (const unsigned char *)src;
    while (i < len) {
        size_t n = 1;
        uint32_t cp = s[i];
        enum gclass cls;
        if (cp < 0x80) {
            cls = ascii_class(cp);
            cp = cls == GC_LATIN ? cp | 32 : cp;
        } else {
            if (cp < 0xEA || cp > 0xED)
                return i;
            cp = decode(src + i, len - i, &n);
            cls = GC_HANGUL;
            if (!hangul_is(cp))
                return i;
        }
        if (!stands_alone(s + i + n, len - i - n))
            return i;
        put_class(t, cp, cls, i, i + n);
        i += n;
    }
    return i;
}

/* The character at SRC + I with the marks that belong to it; gives where they end. */
static size_t fill_other(struct gtext *t, const char *src, size_t i, size_t len)
{
    size_t step, ahead = 0;
    uint32_t cp = decode(src + i, len - i, &step);
    size_t end = i + step;
    uint32_t next = end < len ? decode(src + end, len - end, &ahead) : 0;
    if ((cp < 0x80 || hangul_is(cp)) && !continues(next)) {
        put(t, cp >= 'A' && cp <= 'Z' ? cp | 32 : cp, i, end);
    } else if ((cp >= 0x3130 && cp <= 0x318F) || cp == 0xFFFD) {
        put(t, cp, i, end);
    } else if (!invisible(cp)) {
        /* at most 32 marks, so that a tower of them stays cheap */
        for (int marks = 0; end < len && marks < 32 && continues(next); marks++) {
            end += ahead;
            next = end < len ? decode(src + end, len - end, &ahead) : 0;
        }
        put_normalised(t, src, i, end);
    }
    return end;
}

void gtext_fill(struct gtext *t, const char *src, size_t len)
{
    t->n = 0;
    if (t->room < len + 2) {
        if (t->arena == NULL)
            g_free(t->c);
        t->room = len + 2;
        t->c = t->arena != NULL ? arena_alloc_raw(t->arena, t->room * sizeof *t->c)
                                : g_new(struct gch, t->room);
    }
    for (size_t i = 0; i < len;) {
        i = fill_plain(t, src, i, len);
        if (i < len)
            i = fill_other(t, src, i, len);
    }
    put(t, '\n', len, len);
    t->n--;
}

void gtext_init(struct gtext *t, struct arena *arena, const char *src, size_t len)
{
    *t = (struct gtext){.arena = arena};
    gtext_fill(t, src, len);
}

void gtext_clear(struct gtext *t)
{
    if (t->arena == NULL)
        g_free(t->c);
    *t = (struct gtext){.c = NULL};
}
