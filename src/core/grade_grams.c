/* Character n-grams without spaces: what words cut too coarsely still tell. */
#include "grade_internal.h"

/* Shell's sort: a few hundred numbers an answer, where qsort() spends its time calling back. */
void keys_sort(uint64_t *keys, size_t n)
{
    static const size_t gaps[] = {149797, 66577, 29589, 13151, 5845, 2597, 1154, 513,
                                  228,    101,   45,    20,    9,    4,    1};

    for (size_t g = 0; g < G_N_ELEMENTS(gaps); g++) {
        size_t gap = gaps[g];

        for (size_t i = gap; i < n; i++) {
            uint64_t key = keys[i];
            size_t j = i;

            for (; j >= gap && keys[j - gap] > key; j -= gap)
                keys[j] = keys[j - gap];
            keys[j] = key;
        }
    }
}

bool keys_have(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (keys[mid] == key)
            return true;
        if (keys[mid] < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

uint64_t sentence_key(const struct gtokens *k, size_t i, size_t *ret_end)
{
    size_t end = i;
    while (end < k->n && k->t[end].sentence == k->t[i].sentence)
        end++;
    uint64_t h = 17;
    for (size_t c = k->t[i].at; c < k->t[end - 1].full; c++)
        if (k->text.c[c].cls <= GC_DIGIT && k->text.c[c].cls >= GC_HANGUL)
            h = gmix(h, k->text.c[c].fold);
    *ret_end = end;
    return h;
}

/* ---- sets of keys ---- */

static size_t slot_of(const struct key_set *set, uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> set->shift);
}

void key_set_init(struct key_set *set, struct arena *arena, size_t room)
{
    *set = (struct key_set){.n_slots = 16};
    while (set->n_slots * 2 < room * 3)
        set->n_slots *= 2;
    set->shift = 64 - (unsigned)__builtin_ctzll(set->n_slots);
    size_t size = set->n_slots * sizeof *set->slots;
    set->slots = arena != NULL ? arena_alloc(arena, size) : g_malloc0(size);
}

void key_set_clear(struct key_set *set)
{
    g_free(set->slots);
    *set = (struct key_set){.slots = NULL};
}

bool key_set_add(struct key_set *set, uint64_t key)
{
    size_t i = slot_of(set, key);
    for (; set->slots[i] != 0; i = (i + 1) & (set->n_slots - 1))
        if (set->slots[i] == key)
            return false;
    set->slots[i] = key;
    set->n++;
    return true;
}

static bool have(const struct key_set *set, uint64_t key)
{
    for (size_t i = slot_of(set, key); set->slots[i] != 0; i = (i + 1) & (set->n_slots - 1))
        if (set->slots[i] == key)
            return true;
    return false;
}

size_t key_sets_share(const struct key_set *a, const struct key_set *b)
{
    size_t both = 0;
    if (a->n_slots > b->n_slots)
        return key_sets_share(b, a);
    for (size_t i = 0; i < a->n_slots; i++)
        both += a->slots[i] != 0 && have(b, a->slots[i]);
    return both;
}

/* ---- n-grams ---- */

/*
 * An n-gram is a number that holds its two or three letters whole, so that it
 * needs no mixing and equal numbers are equal letters.
 */
static uint64_t pair(uint64_t a, uint64_t b)
{
    return a << 21 | b;
}

static uint64_t triple(uint64_t a, uint64_t b, uint64_t c)
{
    return UINT64_C(1) << 63 | a << 42 | b << 21 | c;
}

/* The letters of a text, one by one, with the two before each. */
struct letters {
    const struct gtext *t;
    size_t i;
    uint64_t a, b, c; /* 0: there is none */
};

static bool letters_next(struct letters *l)
{
    while (l->i < l->t->n && !gch_letter(&l->t->c[l->i]))
        l->i++;
    if (l->i >= l->t->n)
        return false;
    l->a = l->b;
    l->b = l->c;
    l->c = l->t->c[l->i++].fold;
    return true;
}

void grams_fill(struct key_set *set, struct arena *arena, const struct gtext *t)
{
    key_set_init(set, arena, t->n * 2);
    for (struct letters l = {.t = t}; letters_next(&l);) {
        if (l.b != 0)
            key_set_add(set, pair(l.b, l.c));
        if (l.a != 0)
            key_set_add(set, triple(l.a, l.b, l.c));
    }
}

bool grams_miss(const struct key_set *set, struct arena *arena, const struct gtext *t, size_t most)
{
    struct key_set missed;
    key_set_init(&missed, arena, most + 1);
    for (struct letters l = {.t = t}; missed.n <= most && letters_next(&l);) {
        if (l.b != 0 && !have(set, pair(l.b, l.c)))
            key_set_add(&missed, pair(l.b, l.c));
        if (l.a != 0 && missed.n <= most && !have(set, triple(l.a, l.b, l.c)))
            key_set_add(&missed, triple(l.a, l.b, l.c));
    }
    return missed.n > most;
}
