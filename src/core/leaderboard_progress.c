/* Progress as text: bars, the heat map, pseudonyms. */
#include "leaderboard.h"

#include <string.h>

char *progress_bar(int64_t value, int64_t max, int width)
{
    int full = 0;
    if (max > 0 && value > 0) {
        value = MIN(value, max);
        full = (int)((2 * value * width + max) / (2 * max));
        if (full == 0)
            full = MIN(1, width);
        if (full == width && value < max && width > 1)
            full = width - 1;
    }
    GString *bar = g_string_new(NULL);
    for (int i = 0; i < width; i++)
        g_string_append(bar, i < full ? "▓" : "░");
    return g_string_free(bar, FALSE);
}

/* ---- heat map ---- */

int64_t heat_first_day(int64_t today)
{
    return date_week_start(today) - (HEAT_WEEKS - 1) * 7;
}

/* Squares that every phone draws in one width; the three tones also differ in lightness. */
static const char *cell(int mean)
{
    if (mean == HEAT_NONE)
        return "⬜";
    return mean >= 70 ? "🟩" : mean >= 40 ? "🟨" : "🟧";
}

char *heat_map(const int means[HEAT_DAYS], int64_t today, const char *const labels[7])
{
    int64_t first = heat_first_day(today);
    GString *map = g_string_new(NULL);
    for (int weekday = 0; weekday < 7; weekday++) {
        for (int week = 0; week < HEAT_WEEKS; week++)
            if (first + week * 7 + weekday <= today)
                g_string_append(map, cell(means[week * 7 + weekday]));
        g_string_append_printf(map, " %s%s", labels[weekday], weekday < 6 ? "\n" : "");
    }
    return g_string_free(map, FALSE);
}

/* ---- pseudonyms ---- */

static size_t count_words(const char *list)
{
    size_t n = 1;
    for (; (list = strchr(list, ',')) != NULL; list++)
        n++;
    return n;
}

static char *nth_word(const char *list, size_t n)
{
    for (; n > 0; n--)
        list = strchr(list, ',') + 1;
    return g_strstrip(g_strndup(list, strcspn(list, ",")));
}

/* Which of all pairs of words, from the chat's seed and the user. */
static size_t pair_of(size_t pairs, uint64_t seed, int64_t user)
{
    uint64_t hash =
        seed * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)user * UINT64_C(0xc2b2ae3d27d4eb4f);

    for (int i = 0; i < 2;
         i++) { /* the finalizer of MurmurHash3 (public domain): every bit counts */
        hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
        hash = (hash ^ (hash >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    }
    return (size_t)((hash ^ (hash >> 33)) % pairs);
}

char *pseudonym(const char *adjectives, const char *animals, uint64_t seed, int64_t user,
                int ordinal)
{
    size_t n = count_words(animals);
    size_t pair = pair_of(count_words(adjectives) * n, seed, user);
    g_autofree char *adjective = nth_word(adjectives, pair / n);
    g_autofree char *animal = nth_word(animals, pair % n);
    if (ordinal < 2)
        return g_strdup_printf("%s %s", adjective, animal);
    return g_strdup_printf("%s %s %d", adjective, animal, ordinal);
}

int pseudonym_ordinal(const char *adjectives, const char *animals, uint64_t seed,
                      const int64_t *users, size_t n, int64_t user)
{
    size_t pairs = count_words(adjectives) * count_words(animals);
    size_t pair = pair_of(pairs, seed, user);
    int ordinal = 1;
    for (size_t i = 0; i < n; i++)
        ordinal += users[i] < user && pair_of(pairs, seed, users[i]) == pair;
    return ordinal;
}
