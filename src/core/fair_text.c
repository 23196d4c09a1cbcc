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
    uint32_t *triples; /* sorted, with repeats */
};

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t triple(const uint32_t *letters)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int i = 0; i < 3; i++)
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
    print->n = letters->len >= 3 ? letters->len - 2 : 0;
    print->triples = g_new(uint32_t, print->n);
    for (size_t i = 0; i < print->n; i++)
        print->triples[i] = triple(letter + i);
    if (print->n > 0)
        qsort(print->triples, print->n, sizeof(uint32_t), compare);
    return print;
}

void fair_print_free(fair_print *print)
{
    if (print == NULL)
        return;
    g_free(print->triples);
    g_free(print);
}

static size_t common_triples(const fair_print *a, const fair_print *b)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->triples[i] == b->triples[j])
            common++, i++, j++;
        else if (a->triples[i] < b->triples[j])
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
    return (int)(200 * common_triples(a, b) / (a->n + b->n));
}

bool fair_contains(const fair_print *whole, const fair_print *part)
{
    return part->letters >= FAIR_LONG && whole->letters >= part->letters &&
           100 * common_triples(whole, part) >= FAIR_CONTAINED * part->n;
}

bool fair_alike(const fair_print *a, const fair_print *b)
{
    return a->letters >= FAIR_SHORT && b->letters >= FAIR_SHORT &&
           fair_likeness(a, b) >= FAIR_ALIKE;
}

bool fair_alike_own(const fair_print *a, const fair_print *b)
{
    return fair_alike(a, b) || (a->letters == b->letters && a->whole == b->whole);
}
