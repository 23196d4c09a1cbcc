/* Normalisation with a map back to the bytes that were typed. */
#include "grade_text.h"

#include <glib.h>

enum gclass gclass_of(uint32_t cp)
{
    if (cp < 0x80) {
        if (cp == '\n')
            return GC_NEWLINE;
        if (cp <= ' ' || cp == 0x7F)
            return GC_SPACE;
        if (g_ascii_isdigit((char)cp))
            return GC_DIGIT;
        return g_ascii_isalpha((char)cp) ? GC_LATIN : GC_PUNCT;
    }
    if (hangul_is(cp))
        return GC_HANGUL;
    if ((cp >= 0x1100 && cp <= 0x11FF) || (cp >= 0x3130 && cp <= 0x318F))
        return GC_PUNCT; /* lone jamo: laughter and tears, not words */
    if (g_unichar_isspace(cp) || g_unichar_iscntrl(cp) || cp == 0xFFFD)
        return GC_SPACE;
    if (g_unichar_isdigit(cp))
        return GC_DIGIT;
    return g_unichar_isalpha(cp) ? GC_LATIN : GC_PUNCT;
}

uint32_t gfold(uint32_t cp)
{
    /* initials ㄲㄸㅃㅆㅉ as their plain ones; vowels ㅐㅒ as ㅔㅖ, ㅙㅚ as ㅞ */
    static const uint8_t initial[19] = {0, 0,  2,  3,  3,  5,  6,  7,  7, 9,
                                        9, 11, 12, 12, 14, 15, 16, 17, 18};
    static const uint8_t vowel[21] = {0,  5,  2,  7,  4,  5,  6,  7,  8,  9, 15,
                                      15, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    /* finals that sound alike: ㄲㅋ as ㄱ, ㄷㅅㅆㅈㅊㅌ as ㅅ, ㅍ as ㅂ, the clusters by what is
     * heard */
    static const uint8_t final[28] = {0,  1, 1,  1,  4,  4,  4,  19, 8,  1,  16, 8,  8,  8,
                                      17, 8, 16, 17, 17, 19, 19, 21, 19, 19, 1,  19, 17, 0};
    if (!hangul_is(cp))
        return cp;
    return hangul_make(initial[hangul_l(cp)], vowel[hangul_v(cp)], final[hangul_t(cp)]);
}

struct sink {
    struct gch *c;
    size_t n, room;
};

static void put(struct sink *s, uint32_t cp, size_t off, size_t end)
{
    if (s->n == s->room) {
        s->room = s->room * 2 + 16;
        s->c = g_renew(struct gch, s->c, s->room);
    }
    enum gclass cls = gclass_of(cp);
    s->c[s->n++] = (struct gch){.cp = cls == GC_SPACE ? ' ' : cp,
                                .off = (uint32_t)off,
                                .end = (uint32_t)end,
                                .cls = (uint8_t)cls};
}

/* One character and its length; a bad byte is U+FFFD of length 1. */
static uint32_t decode(const char *p, size_t left, size_t *ret_len)
{
    unsigned char c = (unsigned char)*p;
    if (c < 0x80) {
        *ret_len = 1;
        return c;
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
static bool continues(uint32_t cp)
{
    return (cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0x300 && g_unichar_ismark(cp));
}

static void put_normalised(struct sink *s, const char *src, size_t off, size_t end)
{
    char *norm = g_utf8_normalize(src + off, (gssize)(end - off), G_NORMALIZE_NFKC);
    if (norm == NULL) {
        put(s, ' ', off, end);
        return;
    }
    for (const char *p = norm; *p != '\0'; p = g_utf8_next_char(p))
        put(s, g_unichar_tolower(g_utf8_get_char(p)), off, end);
    g_free(norm);
}

void gtext_init(struct gtext *t, const char *src, size_t len)
{
    struct sink s = {.c = NULL, .n = 0, .room = 0};
    s.room = len + 2;
    s.c = g_new(struct gch, s.room);
    for (size_t i = 0; i < len;) {
        size_t step = 0, ahead = 0;
        uint32_t cp = decode(src + i, len - i, &step);
        size_t end = i + step;
        uint32_t next = end < len ? decode(src + end, len - end, &ahead) : 0;
        if (cp < 0x80 && next < 0x300) {
            put(&s, cp >= 'A' && cp <= 'Z' ? cp + 32 : cp, i, end);
        } else if (hangul_is(cp) && !continues(next)) {
            put(&s, cp, i, end);
        } else if ((cp >= 0x3130 && cp <= 0x318F) || cp == 0xFFFD) {
            put(&s, cp, i, end);
        } else if (!invisible(cp)) {
            /* at most 32 marks, so that a tower of them stays cheap */
            for (int marks = 0; end < len && marks < 32 && continues(next); marks++) {
                end += ahead;
                next = end < len ? decode(src + end, len - end, &ahead) : 0;
            }
            put_normalised(&s, src, i, end);
        }
        i = end;
    }
    put(&s, '\n', len, len);
    t->c = s.c;
    t->n = s.n - 1;
}

void gtext_clear(struct gtext *t)
{
    g_free(t->c);
    t->c = NULL;
    t->n = 0;
}
