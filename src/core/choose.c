/* The choice of the next question. */
#include "choose.h"

#include <limits.h>
#include <stdbool.h>

/* splitmix64's finaliser (public domain, S. Vigna): every bit of the input moves every output bit.
 */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t choose_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

/* Whether a's mean is below b's, without dividing; nobody's answer is below every mean. */
static int compare_means(const struct choose_item *a, const struct choose_item *b)
{
    if (a->answers <= 0 || b->answers <= 0)
        return (a->answers > 0) - (b->answers > 0);
    int64_t left = a->score_sum * b->answers, right = b->score_sum * a->answers;
    return (left > right) - (left < right);
}

static bool before(const struct choose_item *a, const struct choose_item *b, uint64_t seed)
{
    if (a->pass != b->pass)
        return a->pass < b->pass;
    if (a->pass > 0 && a->last_day != b->last_day)
        return a->last_day < b->last_day;
    int means = a->pass > 0 ? compare_means(a, b) : 0;
    if (means != 0)
        return means < 0;
    return mix(a->id ^ mix(seed)) < mix(b->id ^ mix(seed));
}

size_t choose_next(const struct choose_item *items, size_t n, uint64_t seed, int *ret_pass)
{
    if (n == 0)
        return CHOOSE_NONE;
    size_t best = 0;
    int newest = items[0].pass;
    for (size_t i = 1; i < n; i++) {
        if (before(&items[i], &items[best], seed))
            best = i;
        if (items[i].pass > newest)
            newest = items[i].pass;
    }
    if (ret_pass != NULL)
        *ret_pass = items[best].pass < newest     ? newest
                    : items[best].pass == INT_MAX ? INT_MAX
                                                  : items[best].pass + 1;
    return best;
}
