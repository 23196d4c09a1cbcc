/*
 * Fingerprints of the bank's model answers: does an answer repeat one that
 * belongs to another question? Runs of ten letters are hashed and one hash in
 * eight is kept, wherever it stands, so that 10,000 questions cost a few MiB.
 */
#include "grade_internal.h"

enum { RUN = 10, KEEP = 8 };

/* Appends the prints of T's letters to OUT. */
static void collect(GArray *out, const struct gtext *t)
{
    uint32_t ring[RUN] = {0};
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->c[i].cls != GC_HANGUL && t->c[i].cls != GC_LATIN && t->c[i].cls != GC_DIGIT)
            continue;
        ring[n++ % RUN] = t->c[i].fold;
        if (n < RUN)
            continue;
        uint64_t h = 5;
        for (size_t k = 0; k < RUN; k++)
            h = gmix(h, ring[(n + k) % RUN]);
        uint32_t print = (uint32_t)(h >> 32);
        if (print % KEEP == 0)
            g_array_append_val(out, print);
    }
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static void settle(GArray *a, struct prints *ret)
{
    if (a->len > 1)
        qsort(a->data, a->len, sizeof(uint32_t), by_value);
    uint32_t *v = (uint32_t *)(void *)a->data;
    size_t n = 0;
    for (size_t i = 0; i < a->len; i++)
        if (n == 0 || v[n - 1] != v[i])
            v[n++] = v[i];
    ret->n = n;
    ret->v = (uint32_t *)(void *)g_array_free(a, FALSE);
    ret->v = g_renew(uint32_t, ret->v, n + 1);
}

GArray *prints_begin(void)
{
    return g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

void prints_add(GArray *a, const struct gtext *t)
{
    collect(a, t);
}

void prints_end(GArray *a, struct prints *ret)
{
    settle(a, ret);
}

bool prints_have(const struct prints *p, uint32_t print)
{
    size_t lo = 0, hi = p->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (p->v[mid] == print)
            return true;
        if (p->v[mid] < print)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

int prints_of_others(const struct prints *all, const struct prints *own, const struct gtext *t)
{
    struct prints answer;
    GArray *a = prints_begin();
    collect(a, t);
    settle(a, &answer);
    size_t other = 0;
    for (size_t i = 0; i < answer.n; i++)
        other += prints_have(all, answer.v[i]) && !prints_have(own, answer.v[i]);
    int share = answer.n >= 3 ? (int)(1000 * other / answer.n) : 0;
    g_free(answer.v);
    return share;
}
