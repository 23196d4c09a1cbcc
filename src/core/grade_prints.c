/*
 * Fingerprints of the bank's model answers: does an answer repeat one that
 * belongs to another question? Runs of ten letters are hashed and one hash in
 * eight is kept, wherever it stands, so that 10,000 questions cost a few MiB.
 */
#include "grade_internal.h"

enum { RUN = 10, KEEP = 8 };

/*
 * The letters of T, run by run of ten. Beside the print, which is dear, a run
 * has a sum that rolls on from letter to letter; a bank notes the sums of the
 * runs that it printed, so that an answer's prints are only taken when one of
 * its runs can be in the bank at all.
 */
struct runs {
    const struct gtext *t;
    size_t i, n;        /* the character to come; letters so far, up to a run's */
    uint32_t ring[RUN]; /* the letters of the run */
    size_t oldest;      /* where it begins in the ring */
    uint64_t sum;
};

#define SUM_BASE UINT64_C(0x9E3779B97F4A7C15)

static uint64_t base_to_run(void)
{
    uint64_t p = 1;
    for (int i = 0; i < RUN; i++)
        p *= SUM_BASE;
    return p;
}

/* Steps to the next run; false when there is none. */
static inline bool runs_next(struct runs *r, uint64_t drop)
{
    while (r->i < r->t->n) {
        const struct gch *c = &r->t->c[r->i++];
        if (!gch_letter(c))
            continue;
        uint32_t *slot = &r->ring[r->oldest];
        r->sum = r->sum * SUM_BASE + c->fold - *slot * drop;
        *slot = c->fold;
        r->oldest = r->oldest + 1 < RUN ? r->oldest + 1 : 0;
        r->n += r->n < RUN;
        if (r->n == RUN)
            return true;
    }
    return false;
}

static uint32_t print_of(const struct runs *r)
{
    uint64_t h = 5;
    for (size_t k = r->oldest; k < RUN; k++)
        h = gmix(h, r->ring[k]);
    for (size_t k = 0; k < r->oldest; k++)
        h = gmix(h, r->ring[k]);
    return (uint32_t)(h >> 32);
}

static size_t sum_bit(const struct prints *p, uint64_t sum)
{
    return (size_t)((sum * SUM_BASE) >> p->shift);
}

/* Appends the prints of T's letters to OUT, and their sums to SUMS unless it is NULL. */
static void collect(GArray *out, GArray *sums, const struct gtext *t)
{
    struct runs r = {.t = t};
    uint64_t drop = base_to_run();
    while (runs_next(&r, drop)) {
        uint32_t print = print_of(&r);
        if (print % KEEP != 0)
            continue;
        g_array_append_val(out, print);
        if (sums != NULL)
            g_array_append_val(sums, r.sum);
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

void prints_begin(struct prints_draft *d, bool with_sums)
{
    d->prints = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    d->sums = with_sums ? g_array_new(FALSE, FALSE, sizeof(uint64_t)) : NULL;
}

void prints_add(struct prints_draft *d, const struct gtext *t)
{
    collect(d->prints, d->sums, t);
}

static void note_sums(const GArray *sums, struct prints *ret)
{
    size_t bits = 64;
    while (bits < (size_t)sums->len * 16)
        bits *= 2;
    ret->shift = 64 - (unsigned)__builtin_ctzll(bits);
    ret->seen = g_new0(uint64_t, bits / 64);
    for (size_t i = 0; i < sums->len; i++) {
        size_t bit = sum_bit(ret, g_array_index(sums, uint64_t, i));
        ret->seen[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

void prints_end(struct prints_draft *d, struct prints *ret)
{
    *ret = (struct prints){.v = NULL};
    if (d->sums != NULL) {
        note_sums(d->sums, ret);
        g_array_free(d->sums, TRUE);
    }
    settle(d->prints, ret);
}

void prints_clear(struct prints *p)
{
    g_free(p->v);
    g_free(p->seen);
    *p = (struct prints){.v = NULL};
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

/* How many runs of T are printed in ALL and not in OWN. */
static size_t runs_of_others(const struct prints *all, const struct prints *own,
                             const struct gtext *t)
{
    struct runs r = {.t = t};
    uint64_t drop = base_to_run();
    size_t n = 0;
    while (runs_next(&r, drop)) {
        size_t bit = sum_bit(all, r.sum);
        if (!(all->seen[bit / 64] >> bit % 64 & 1))
            continue;
        uint32_t print = print_of(&r);
        n += prints_have(all, print) && !prints_have(own, print);
    }
    return n;
}

#define PRINTS_LEAST 3 /* fewer tell nothing */

bool prints_of_others(const struct prints *all, const struct prints *own, struct arena *arena,
                      const struct gtext *t, int least)
{
    size_t most = runs_of_others(all, own, t);
    /* so many prints may T have at most, for those of others to be their share */
    size_t room = least > 0 ? 1000 * most / (size_t)least : SIZE_MAX;
    if (most == 0 || room < PRINTS_LEAST)
        return false;
    struct runs r = {.t = t};
    uint64_t drop = base_to_run();
    struct key_set seen;
    size_t other = 0;
    key_set_init(&seen, arena, MIN(room, t->n) + 1);
    while (seen.n <= room && runs_next(&r, drop)) {
        uint32_t print = print_of(&r);
        if (print % KEEP == 0 && key_set_add(&seen, (uint64_t)print + 1))
            other += prints_have(all, print) && !prints_have(own, print);
    }
    return seen.n >= PRINTS_LEAST && 1000 * other / seen.n >= (size_t)least;
}
