/* Character n-grams without spaces: what words cut too coarsely still tell. */
#include "grade_internal.h"

/* Shell's sort: a few hundred numbers an answer, where qsort() spends its time calling back. */
void keys_sort(uint64_t *keys, size_t n)
{
    static const size_t gaps[] = {149797, 66577, 29589, 13151, 5845, 2597, 1154, 513,
                                  228,    101,   45,    20,    9,    4,    1};

    for (size_t g = 0; g < G_N_ELEMENTS(gaps); g++) {
        size_t gap = gaps[g];

        for (size_t i = gap; i < n; i++) {
            uint64_t key = keys[i];
            size_t j = i;

            for (; j >= gap && keys[j - gap] > key; j -= gap)
                keys[j] = keys[j - gap];
            keys[j] = key;
        }
    }
}

bool keys_have(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (keys[mid] == key)
            return true;
        if (keys[mid] < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

uint64_t sentence_key(const struct gtokens *k, size_t i, size_t *ret_end)
{
    size_t end = i;
    while (end < k->n && k->t[end].sentence == k->t[i].sentence)
        end++;
    uint64_t h = 17;
    for (size_t c = k->t[i].at; c < k->t[end - 1].full; c++)
        if (k->text.c[c].cls <= GC_DIGIT && k->text.c[c].cls >= GC_HANGUL)
            h = gmix(h, k->text.c[c].fold);
    *ret_end = end;
    return h;
}

uint64_t *grams_of(const struct gtext *t, size_t *ret_n)
{
    uint64_t *out = g_new(uint64_t, t->n * 2 + 1);
    size_t n = 0, run = 0;
    uint64_t a = 0, b = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->c[i].cls != GC_HANGUL && t->c[i].cls != GC_LATIN && t->c[i].cls != GC_DIGIT)
            continue;
        uint64_t c = t->c[i].fold;
        if (run >= 1)
            out[n++] = gmix(gmix(2, b), c);
        if (run >= 2)
            out[n++] = gmix(gmix(gmix(3, a), b), c);
        a = b;
        b = c;
        run++;
    }
    keys_sort(out, n);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (m == 0 || out[m - 1] != out[i])
            out[m++] = out[i];
    *ret_n = m;
    return out;
}
