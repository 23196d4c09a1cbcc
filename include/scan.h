/*
 * Looking at sixteen bytes at once: most of a text needs no second look. Plain
 * GNU C vectors, which gcc and clang turn into what the processor has.
 */
#ifndef INTERVIEWD_SCAN_H
#define INTERVIEWD_SCAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SCAN_BYTES 16

/* Comparing one with a byte gives all ones where the comparison holds. */
typedef uint8_t scan_block __attribute__((vector_size(SCAN_BYTES)));

/* The SCAN_BYTES bytes at S. */
static inline scan_block scan_load(const char *s)
{
    scan_block block;

    memcpy(&block, s, sizeof block);
    return block;
}

/* Whether any byte of BLOCK is not 0. */
static inline bool scan_any(scan_block block)
{
    uint64_t half[2];

    memcpy(half, &block, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* How many bytes of BLOCK stand before the first that is not 0: SCAN_BYTES when all are. */
static inline size_t scan_first(scan_block block)
{
    uint64_t half[2];

    memcpy(half, &block, sizeof half);
    for (size_t i = 0; i < 2; i++) {
        if (half[i] != 0)
            return i * 8 + (size_t)__builtin_ctzll(GUINT64_TO_LE(half[i])) / 8;
    }
    return SCAN_BYTES;
}

/* How many of the LEN bytes at S stand before the first for which SPECIAL gives all ones. */
static inline size_t scan_span(const char *s, size_t len, scan_block (*special)(scan_block))
{
    char rest[SCAN_BYTES] = {0};
    size_t i = 0;

    for (; i + SCAN_BYTES <= len; i += SCAN_BYTES) {
        size_t plain = scan_first(special(scan_load(s + i)));

        if (plain < SCAN_BYTES)
            return i + plain;
    }
    if (i < len)
        memcpy(rest, s + i, len - i);
    return i + MIN(scan_first(special(scan_load(rest))), len - i);
}

/* What cannot stand in a JSON string as it is. */
static inline scan_block scan_json_special(scan_block b)
{
    return (scan_block)((b < 0x20) | (b == '"') | (b == '\\'));
}

#endif
