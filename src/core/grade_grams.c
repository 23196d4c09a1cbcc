/* Character n-grams without spaces: what words cut too coarsely still tell. */
#include "grade_internal.h"

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

uint64_t *grams_of(const struct gtext *t, size_t *ret_n)
{
    uint64_t *out = g_new(uint64_t, t->n * 2 + 1);
    size_t n = 0, run = 0;
    uint64_t a = 0, b = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->c[i].cls != GC_HANGUL && t->c[i].cls != GC_LATIN && t->c[i].cls != GC_DIGIT)
            continue;
        uint64_t c = gfold(t->c[i].cp);
        if (run >= 1)
            out[n++] = gmix(gmix(2, b), c);
        if (run >= 2)
            out[n++] = gmix(gmix(gmix(3, a), b), c);
        a = b;
        b = c;
        run++;
    }
    qsort(out, n, sizeof *out, by_value);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (m == 0 || out[m - 1] != out[i])
            out[m++] = out[i];
    *ret_n = m;
    return out;
}
