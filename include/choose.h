/*
 * Which question comes next in a chat. Pure; O(n), no allocation.
 *
 * The caller keeps two numbers for a question in a chat, `pass` and `last_day`, and hands in only
 * the questions that may come now (its topic filter). The order:
 *   1. what the chat has never been asked, in an order shuffled by the chat's seed (stable: the
 *      rest of the order stays when the bank gains or loses questions);
 *   2. nothing again before all others had their turn: the lowest pass first;
 *   3. the least recently seen, by the chat's local day;
 *   4. among those of one day the one that the chat did worst on; one that nobody answered counts
 *      as the worst; then the shuffled order again.
 * Days, not seconds, in (3), so that (4) has something to say after a session of practice.
 */
#ifndef INTERVIEWD_CHOOSE_H
#define INTERVIEWD_CHOOSE_H

#include <stddef.h>
#include <stdint.h>

struct choose_item {
    uint64_t id;      /* of the question, the same at every call (a hash of its id text) */
    int pass;         /* 0: never asked in this chat; else what choose_next returned for it */
    int64_t last_day; /* local day on which it was last asked */
    int64_t score_sum, answers; /* of the chat's graded answers to it */
};

#define CHOOSE_NONE ((size_t)-1)

/*
 * The index of the item to ask, CHOOSE_NONE when n is 0. ret_pass (may be NULL) gets the number to
 * store as its new pass: a newcomer, or a question that a filter long held back, joins the present
 * pass and does not come again and again until it has caught up.
 */
size_t choose_next(const struct choose_item *items, size_t n, uint64_t seed, int *ret_pass);

/* The 64-bit FNV-1a hash of a text, for `id` and seeds: not secret, the same on every machine. */
uint64_t choose_hash(const char *text);

#endif
