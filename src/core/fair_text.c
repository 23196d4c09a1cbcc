/* Whether two texts are nearly the same. */
#include "fair.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct fair_print {
    size_t letters;
    uint64_t whole; /* hash of all letters in order: equality of short texts */
    size_t n;
    uint32_t *runs; /* hashed, sorted, with repeats */
};

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Alphabets come before the Hangul Jamo; behind them a letter is a syllable or a word. */
#define FIRST_SYLLABLE 0x1100
enum { RUN_SYLLABLES = 3, RUN_LETTERS = 5 };

/* The letters of the run that begins at one. */
static size_t run_of(uint32_t first)
{
    return first < FIRST_SYLLABLE ? RUN_LETTERS : RUN_SYLLABLES;
}

static uint32_t hash_run(const uint32_t *letters, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ letters[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32);
}

/* Letters and digits alone: spacing, punctuation and layout make no other answer. */
static GArray *letters_of(const char *text)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = g_utf8_casefold(normal != NULL ? normal : "", -1);
    for (char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
        uint32_t c = g_utf8_get_char(p);
        if (g_unichar_isalnum(c))
            g_array_append_val(out, c);
    }
    return out;
}

fair_print *fair_print_new(const char *text)
{
    g_autoptr(GArray) letters = letters_of(text);
    const uint32_t *letter = (const uint32_t *)(void *)letters->data;
    fair_print *print = g_new0(fair_print, 1);
    print->letters = letters->len;
    for (size_t i = 0; i < letters->len; i++)
        print->whole = (print->whole ^ letter[i]) * UINT64_C(0x100000001b3);
    print->runs = g_new(uint32_t, letters->len);
    for (size_t i = 0; i < letters->len; i++) {
        size_t n = run_of(letter[i]);
        if (i + n <= letters->len)
            print->runs[print->n++] = hash_run(letter + i, n);
    }
    if (print->n > 0)
        qsort(print->runs, print->n, sizeof(uint32_t), compare);
    return print;
}

void fair_print_free(fair_print *print)
{
    if (print == NULL)
        return;
    g_free(print->runs);
    g_free(print);
}

static size_t common_runs(const fair_print *a, const fair_print *b)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->runs[i] == b->runs[j])
            common++, i++, j++;
        else if (a->runs[i] < b->runs[j])
            i++;
        else
            j++;
    }
    return common;
}

int fair_likeness(const fair_print *a, const fair_print *b)
{
    if (a->n + b->n == 0)
        return a->letters == b->letters && a->whole == b->whole ? 100 : 0;
    return (int)(200 * common_runs(a, b) / (a->n + b->n));
}

/* What is asked of texts whose shorter one has so many letters. */
static size_t least(size_t letters, size_t at_long, size_t at_longer)
{
    if (letters <= FAIR_LONG)
        return at_long;
    if (letters >= FAIR_LONGER)
        return at_longer;
    return at_long - (at_long - at_longer) * (letters - FAIR_LONG) / (FAIR_LONGER - FAIR_LONG);
}

bool fair_copied(const fair_print *a, const fair_print *b)
{
    size_t letters = MIN(a->letters, b->letters);
    if (letters < FAIR_SHORT)
        return false;
    size_t common = common_runs(a, b);
    if (200 * common >= least(letters, FAIR_ALIKE, FAIR_ALIKE_LONGER) * (a->n + b->n))
        return true;
    return letters >= FAIR_LONG &&
           100 * common >= least(letters, FAIR_CONTAINED, FAIR_CONTAINED_LONGER) * MIN(a->n, b->n);
}

bool fair_alike_own(const fair_print *a, const fair_print *b)
{
    bool equal = a->letters == b->letters && a->whole == b->whole;
    return equal || (a->letters >= FAIR_SHORT && b->letters >= FAIR_SHORT &&
                     fair_likeness(a, b) >= FAIR_ALIKE);
}
