/* Token buckets and windows over a given time. */
#include "bucket.h"

#include <glib.h>

static double missing_at(const struct bucket *b, int64_t ms, int64_t now)
{
    double refilled = now > b->at ? (double)(now - b->at) / (double)ms : 0;

    return b->missing > refilled ? b->missing - refilled : 0;
}

int64_t bucket_wait(const struct bucket *b, int burst, int64_t ms, int64_t now)
{
    double over;

    if (burst == 0)
        return 0;
    over = missing_at(b, ms, now) - (double)(burst - 1);
    /* Rounded up: a millisecond early is too early. */
    return over > 1e-9 ? (int64_t)(over * (double)ms) + 1 : 0;
}

void bucket_take(struct bucket *b, int burst, int64_t ms, int64_t now)
{
    if (burst == 0)
        return;
    b->missing = missing_at(b, ms, now) + 1;
    b->at = now;
}

bool bucket_spent(const struct bucket *b, int burst, int64_t ms, int64_t now)
{
    return bucket_wait(b, burst, ms, now) > 0;
}

int64_t window_wait(const struct window *w, int n, int spare, int64_t ms, int64_t now)
{
    int64_t oldest;

    if (n == 0 || w->at == NULL)
        return 0;
    oldest = w->at[(w->next + spare) % n];
    if (oldest == INT64_MIN || oldest + ms <= now)
        return 0;
    return oldest + ms - now;
}

void window_take(struct window *w, int n, int64_t now)
{
    if (n == 0)
        return;
    if (w->at == NULL) {
        w->at = g_new(int64_t, (gsize)n);
        for (int i = 0; i < n; i++)
            w->at[i] = INT64_MIN;
    }
    w->at[w->next] = now;
    w->next = (w->next + 1) % n;
}

int window_used(const struct window *w, int n, int64_t ms, int64_t now)
{
    int used = 0;

    for (int i = 0; w->at != NULL && i < n; i++)
        used += w->at[i] != INT64_MIN && w->at[i] + ms > now ? 1 : 0;
    return used;
}

void window_clear(struct window *w)
{
    g_free(w->at);
    w->at = NULL;
    w->next = 0;
}
