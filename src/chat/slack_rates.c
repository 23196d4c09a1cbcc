/* Tiers and Retry-After of Slack's methods. */
#include "slack_rates.h"

#include <glib.h>
#include <string.h>

#include "bucket.h"

/* A minute, and what a call may be faster on its way than the one before it. */
enum { TIER_MS = 60000 + 500 };

/* Calls in a minute (docs.slack.dev: Rate limits, and each method's page). */
static const struct {
    const char *method;
    int most;
} tiers[] = {
    {"chat.update", 50},        {"chat.postEphemeral", 100}, {"conversations.info", 50},
    {"conversations.open", 50}, {"users.info", 100},         {"views.open", 100},
    {"views.publish", 100},
};

struct slack_rates {
    bool unlimited;
    struct window windows[G_N_ELEMENTS(tiers)];
    GHashTable *closed; /* method -> until when (int64_t) */
};

slack_rates *slack_rates_new(bool unlimited)
{
    slack_rates *r = g_new0(slack_rates, 1);

    r->unlimited = unlimited;
    r->closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return r;
}

void slack_rates_free(slack_rates *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(tiers); i++)
        window_clear(&r->windows[i]);
    g_hash_table_destroy(r->closed);
    g_free(r);
}

/* The row of METHOD, -1 when it has no tier. */
static int tier_of(const slack_rates *r, const char *method)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tiers) && !r->unlimited; i++) {
        if (strcmp(tiers[i].method, method) == 0)
            return (int)i;
    }
    return -1;
}

void slack_rates_take(slack_rates *r, const char *method, int64_t now)
{
    int i = tier_of(r, method);

    if (i >= 0)
        window_take(&r->windows[i], tiers[i].most, now);
}

void slack_rates_close(slack_rates *r, const char *method, int64_t until)
{
    int64_t *kept = g_new(int64_t, 1);

    *kept = until;
    g_hash_table_insert(r->closed, g_strdup(method), kept);
}

int64_t slack_rates_closed(const slack_rates *r, const char *method, int64_t now)
{
    const int64_t *until = g_hash_table_lookup(r->closed, method);

    return until != NULL ? MAX(*until - now, 0) : 0;
}

int64_t slack_rates_wait(const slack_rates *r, const char *method, int64_t now)
{
    int i = tier_of(r, method);
    int64_t wait = i >= 0 ? window_wait(&r->windows[i], tiers[i].most, 0, TIER_MS, now) : 0;

    return MAX(wait, slack_rates_closed(r, method, now));
}
