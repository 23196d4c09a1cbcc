/* Korean particles, and the distance between words as they are typed. */
#include "text.h"

#include <glib.h>
#include <string.h>

#define SYLLABLE_FIRST 0xAC00
#define SYLLABLE_LAST  0xD7A3
#define FINAL_RIEUL    8

/* Whether a digit's Korean reading ends in a consonant: 영 일 삼 육 칠 팔, and 2 4 5 9 do not. */
static bool digit_has_final(gunichar c, bool *ret_rieul)
{
    *ret_rieul = c == '1' || c == '7' || c == '8';
    return strchr("013678", (int)c) != NULL;
}

/*
 * How Koreans say the last letter of an abbreviation or a word: 엘, 엠, 엔, 알; others end openly.
 * A word, which the small letter before it tells, ends openly in r (도커, 밴쿠버) and not in ng
 * (홍콩).
 */
static bool latin_has_final(char before, char c, bool *ret_rieul)
{
    bool word = g_ascii_islower(before) && g_ascii_islower(c);
    c = g_ascii_tolower(c);
    *ret_rieul = c == 'l' || (c == 'r' && !word);
    return *ret_rieul || c == 'm' || c == 'n' || (word && c == 'g' && before == 'n');
}

bool text_has_final(const char *s, bool *ret_rieul)
{
    bool rieul = false, final = false;

    for (const char *p = s + strlen(s); p > s;) {
        p = g_utf8_prev_char(p);
        gunichar c = g_utf8_get_char(p);

        if (c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST) {
            gunichar tail = (c - SYLLABLE_FIRST) % 28;

            rieul = tail == FINAL_RIEUL;
            final = tail != 0;
            break;
        }
        if (c < 0x80 && g_unichar_isdigit(c)) {
            final = digit_has_final(c, &rieul);
            break;
        }
        if (c < 0x80 && g_unichar_isalpha(c)) {
            final = latin_has_final(p > s ? p[-1] : '\0', (char)c, &rieul);
            break;
        }
        if (g_unichar_isalnum(c))
            break;
    }
    if (ret_rieul != NULL)
        *ret_rieul = rieul;
    return final;
}

const char *text_particle(const char *before, const char *pair, size_t *ret_len)
{
    const char *slash = strchr(pair, '/');
    bool rieul = false;
    bool final = text_has_final(before, &rieul);

    if (slash == NULL) {
        *ret_len = strlen(pair);
        return pair;
    }
    if (rieul && g_str_has_prefix(pair, "으로"))
        final = false;
    if (final) {
        *ret_len = (size_t)(slash - pair);
        return pair;
    }
    *ret_len = strlen(slash + 1);
    return slash + 1;
}

/* The letters of S as typed: jamo for syllables, lower case for the rest. *new* */
static GArray *letters(const char *s)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gunichar));

    for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_unichar_tolower(g_utf8_get_char(p));

        if (c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST) {
            gunichar i = c - SYLLABLE_FIRST;
            gunichar jamo[3] = {0x1100 + i / 588, 0x1161 + i / 28 % 21, 0x11A7 + i % 28};

            g_array_append_vals(out, jamo, i % 28 != 0 ? 3 : 2);
        } else {
            g_array_append_val(out, c);
        }
    }
    return out;
}

static int min3(int a, int b, int c)
{
    return MIN(MIN(a, b), c);
}

int text_distance(const char *a, const char *b)
{
    g_autoptr(GArray) x = letters(a);
    g_autoptr(GArray) y = letters(b);
    const gunichar *u = (const gunichar *)(void *)x->data;
    const gunichar *v = (const gunichar *)(void *)y->data;
    size_t w = (size_t)y->len + 1;
    g_autofree int *rows = g_new(int, 3 * w);
    int *two = rows, *one = rows + w, *now = rows + 2 * w;

    for (size_t j = 0; j < w; j++)
        one[j] = (int)j;
    for (size_t i = 1; i <= x->len; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j < w; j++) {
            now[j] = min3(one[j] + 1, now[j - 1] + 1, one[j - 1] + (u[i - 1] != v[j - 1] ? 1 : 0));
            if (i > 1 && j > 1 && u[i - 1] == v[j - 2] && u[i - 2] == v[j - 1])
                now[j] = MIN(now[j], two[j - 2] + 1);
        }
        int *spare = two;
        two = one;
        one = now;
        now = spare;
    }
    return one[w - 1];
}
