/* How alike two words or two texts are, by letters and jamo. */
#include <string.h>

#include "grade_internal.h"

/* Hangul falls apart into jamo so that a wrong final costs a third of a syllable. */
static size_t spell(const uint32_t *s, size_t n, uint16_t *out, size_t room)
{
    size_t m = 0;
    for (size_t i = 0; i < n && m + 3 <= room; i++)
        m += gspell(s[i], out + m);
    return m;
}

#define SPELL_MAX 48

/* Edit distance with swaps of neighbours, given up above LIMIT. */
static int distance(const uint16_t *a, int na, const uint16_t *b, int nb, int limit)
{
    int row[3][SPELL_MAX + 1];
    if (na - nb > limit || nb - na > limit)
        return limit + 1;
    for (int j = 0; j <= nb; j++)
        row[0][j] = j;
    for (int i = 1; i <= na; i++) {
        int *cur = row[i % 3], *prev = row[(i - 1) % 3], *old = row[(i + 1) % 3];
        int low = cur[0] = i;
        for (int j = 1; j <= nb; j++) {
            int d = prev[j - 1] + (a[i - 1] != b[j - 1]);
            d = MIN(d, MIN(prev[j], cur[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = MIN(d, old[j - 2] + 1);
            cur[j] = d;
            low = MIN(low, d);
        }
        if (low > limit)
            return limit + 1;
    }
    return row[na % 3][nb];
}

uint64_t stem_sig(const uint32_t *s, size_t n)
{
    uint16_t w[SPELL_MAX];
    size_t m = spell(s, n, w, SPELL_MAX);
    uint64_t sig = 0;
    for (size_t i = 0; i < m; i++)
        sig |= UINT64_C(1) << (gmix(11, w[i]) & 63);
    return sig;
}

int stem_likeness(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    uint16_t wa[SPELL_MAX], wb[SPELL_MAX];
    int ma = (int)spell(a, na, wa, SPELL_MAX), mb = (int)spell(b, nb, wb, SPELL_MAX);
    int longer = MAX(ma, mb), shorter = MIN(ma, mb);
    if (shorter == 0)
        return 0;
    bool hangul = hangul_is(a[0]) && hangul_is(b[0]);
    int prefix = 0;
    while (prefix < shorter && wa[prefix] == wb[prefix])
        prefix++;
    if (prefix == longer)
        return 1000;
    int best = 0;
    size_t least = hangul ? 2 : 4; /* characters that must agree for a common prefix to count */
    if (na >= least && nb >= least && prefix >= (hangul ? 4 : 4))
        best = 1000 * prefix / longer;
    int limit = shorter >= 9 ? 2 : shorter >= 5 ? 1 : 0;
    if (limit > 0) {
        int d = distance(wa, ma, wb, mb, limit);
        if (d <= limit)
            best = MAX(best, 1000 - 1000 * d / longer);
    }
    return best;
}

/* ---- whole texts ---- */

static GHashTable *grams(const char *text)
{
    struct gtext t;
    gtext_init(&t, NULL, text, strlen(text));
    GHashTable *set = g_hash_table_new(NULL, NULL);
    uint64_t a = 0, b = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.c[i].cls != GC_HANGUL && t.c[i].cls != GC_LATIN && t.c[i].cls != GC_DIGIT)
            continue;
        uint64_t c = t.c[i].fold;
        uint64_t key = gmix(gmix(gmix(3, a), b), c);
        g_hash_table_add(set, (gpointer)(uintptr_t)(key | 1));
        a = b;
        b = c;
    }
    gtext_clear(&t);
    return set;
}

int grade_likeness(const char *a, const char *b)
{
    GHashTable *ga = grams(a), *gb = grams(b);
    unsigned na = g_hash_table_size(ga), nb = g_hash_table_size(gb), both = 0;
    GHashTableIter it;
    gpointer key;
    g_hash_table_iter_init(&it, ga);
    while (g_hash_table_iter_next(&it, &key, NULL))
        both += g_hash_table_contains(gb, key) ? 1 : 0;
    g_hash_table_destroy(ga);
    g_hash_table_destroy(gb);
    return na + nb == 0 ? 1000 : (int)(2000 * both / (na + nb));
}
