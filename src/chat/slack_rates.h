/*
 * How often each method of Slack's Web API may be called: the published tiers,
 * and what Slack itself has said (Retry-After). Pure: time is passed in, in
 * milliseconds of a clock that never steps.
 *
 * chat.postMessage has no tier; its limit is of a channel, and the pump's.
 */
#ifndef INTERVIEWD_CHAT_SLACK_RATES_H
#define INTERVIEWD_CHAT_SLACK_RATES_H

#include <stdbool.h>
#include <stdint.h>

typedef struct slack_rates slack_rates;

/* A *new* table. UNLIMITED: the tiers do not count, what Slack says does. */
slack_rates *slack_rates_new(bool unlimited);
void slack_rates_free(slack_rates *r); /* accepts NULL */

/* METHOD is being called. */
void slack_rates_take(slack_rates *r, const char *method, int64_t now);
/* Slack will have no call of METHOD before UNTIL. */
void slack_rates_close(slack_rates *r, const char *method, int64_t until);
/* Milliseconds until Slack will have a call of METHOD again, as it said; 0: now. */
int64_t slack_rates_closed(const slack_rates *r, const char *method, int64_t now);
/* The same, and until METHOD's tier lets one more through. */
int64_t slack_rates_wait(const slack_rates *r, const char *method, int64_t now);

#endif
