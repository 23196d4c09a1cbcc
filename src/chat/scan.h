/* Looking at eight bytes at once: most of a message needs no escaping. */
#ifndef INTERVIEWD_CHAT_SCAN_H
#define INTERVIEWD_CHAT_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SCAN_ONES UINT64_C(0x0101010101010101)
#define SCAN_HIGH UINT64_C(0x8080808080808080)

static inline uint64_t scan_load(const char *s)
{
    uint64_t word;

    memcpy(&word, s, sizeof word);
    return word;
}

/* Whether one of the bytes is C, which is below 0x80. (Mycroft's test: exact for "any".) */
static inline bool scan_any(uint64_t word, unsigned char c)
{
    uint64_t x = word ^ (SCAN_ONES * c);

    return ((x - SCAN_ONES) & ~x & SCAN_HIGH) != 0;
}

/* Whether one of the bytes is below LIMIT, which is at most 0x80. */
static inline bool scan_below(uint64_t word, unsigned char limit)
{
    return ((word - SCAN_ONES * limit) & ~word & SCAN_HIGH) != 0;
}

#endif
