/* Zones by name: the cache, the system's list of names, and the forgiving search in it. */
#include "zone_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 63, MAX_SUGGESTIONS = 5, MAX_TYPED = 200 };

G_DEFINE_QUARK(zone - error, zone_error)

zones *zones_new(void)
{
    zones *all = g_new0(zones, 1);
    const char *dir = g_getenv("TZDIR"); /* as GTimeZone and libc do */
    all->dir = g_strdup(dir != NULL ? dir : "/usr/share/zoneinfo");
    all->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)zone_free);
    return all;
}

void zones_free(zones *all)
{
    if (all == NULL)
        return;
    g_hash_table_unref(all->by_name);
    if (all->names != NULL)
        g_array_unref(all->names);
    g_free(all->dir);
    g_free(all);
}

/* ---- fixed offsets: UTC, UTC+09:00 ---- */

/* Reads ±H, ±HH, ±HHMM or ±H:MM in seconds. */
static bool parse_offset(const char *text, int *ret_seconds)
{
    int sign = *text == '-' ? -1 : 1;
    if (*text != '+' && *text != '-')
        return false;
    text++;
    int n = 0, hours = 0, minutes = 0;
    for (; n < 2 && g_ascii_isdigit(*text); n++)
        hours = hours * 10 + (*text++ - '0');
    if (n == 0)
        return false;
    if (*text == ':')
        text++;
    else if (*text != '\0' && n < 2)
        return false;
    if (g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1])) {
        minutes = (text[0] - '0') * 10 + (text[1] - '0');
        text += 2;
    } else if (text[-1] == ':') {
        return false;
    }
    int seconds = sign * (hours * 3600 + minutes * 60);
    if (*text != '\0' || minutes > 59 || seconds < -12 * 3600 || seconds > 14 * 3600)
        return false;
    *ret_seconds = seconds;
    return true;
}

static void print_offset(int seconds, char ret_name[16])
{
    unsigned size = (unsigned)abs(seconds) % 86400U;
    if (seconds == 0)
        strcpy(ret_name, "UTC");
    else
        snprintf(ret_name, 16, "UTC%c%02u:%02u", seconds < 0 ? '-' : '+', size / 3600,
                 size / 60 % 60);
}

/* "utc+9", "GMT +05:30", "+9", "utc", "z": typed without spaces, in lower case. */
static bool parse_fixed(const char *typed, int *ret_seconds)
{
    bool named = g_str_has_prefix(typed, "utc") || g_str_has_prefix(typed, "gmt");
    if (named)
        typed += 3;
    if ((named && *typed == '\0') || strcmp(typed, "z") == 0) {
        *ret_seconds = 0;
        return true;
    }
    return parse_offset(typed, ret_seconds);
}

/* ---- exact names ---- */

/* The name goes into a path: letters, digits and _ + - between single slashes, nothing else. */
static bool name_is_safe(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > MAX_NAME || !g_ascii_isalpha(name[0]) || name[n - 1] == '/')
        return false;
    for (size_t i = 0; i < n; i++) {
        bool slash = name[i] == '/';
        if (!g_ascii_isalnum(name[i]) && strchr("_+-/", name[i]) == NULL)
            return false;
        if (slash && name[i + 1] == '/')
            return false;
    }
    return !g_str_has_prefix(name, "posix") && !g_str_has_prefix(name, "right/") &&
           strcmp(name, "localtime") != 0 && strcmp(name, "Factory") != 0;
}

static bool system_has(const zones *all, const char *name)
{
    g_autofree char *path = g_build_filename(all->dir, name, NULL);
    FILE *f = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "re") : NULL;
    if (f == NULL)
        return false;
    char magic[4] = "";
    bool is_zone = fread(magic, 1, 4, f) == 4 && memcmp(magic, "TZif", 4) == 0;
    fclose(f);
    return is_zone;
}

static const zone *keep(zones *all, zone *z)
{
    g_hash_table_insert(all->by_name, z->name, z);
    return z;
}

/* NULL when there is no such name; says nothing of why. */
static const zone *get(zones *all, const char *name)
{
    const zone *known = g_hash_table_lookup(all->by_name, name);
    if (known != NULL)
        return known;
    int seconds = 0;
    if (g_str_has_prefix(name, "UTC")) {
        char canonical[16] = "UTC";
        if (name[3] != '\0' && !parse_offset(name + 3, &seconds))
            return NULL;
        print_offset(seconds, canonical);
        return strcmp(canonical, name) == 0 ? keep(all, zone_fixed(name, seconds)) : NULL;
    }
    if (!name_is_safe(name) || !system_has(all, name))
        return NULL;
    zone *z = zone_read(name);
    return z != NULL ? keep(all, z) : NULL;
}

static void fail(const zones *all, const char *name, GError **error)
{
    /* Whether the database is there at all: two zones that no build of it leaves out. */
    if (!system_has(all, "Europe/Berlin") && !system_has(all, "Asia/Seoul"))
        g_set_error(error, ZONE_ERROR, ZONE_ERROR_NO_TZDATA,
                    "no time zone database in %s: install the package tzdata", all->dir);
    else
        g_set_error(error, ZONE_ERROR, ZONE_ERROR_UNKNOWN, "no time zone is named '%s'", name);
}

const zone *zones_get(zones *all, const char *name, GError **error)
{
    const zone *z = get(all, name);
    if (z == NULL)
        fail(all, name, error);
    return z;
}

/* ---- what people type ---- */

/* Lower case, compatibility forms folded, only letters and digits; "" for bad UTF-8. */
static char *squeeze(const char *text)
{
    GString *out = g_string_new(NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = g_utf8_casefold(normal != NULL ? normal : "", -1);
    for (char *p = folded; *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            g_string_append_unichar(out, g_utf8_get_char(p));
    return g_string_free(out, FALSE);
}

/* "서울 시간", "korea time": the word for time says nothing. */
static void drop_time_word(char *squeezed)
{
    static const char *const words[] = {"시간대",       "시간", "표준시", "timezone",
                                        "standardtime", "time", "기준"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_suffix(squeezed, words[i]) && strlen(squeezed) > strlen(words[i]))
            squeezed[strlen(squeezed) - strlen(words[i])] = '\0';
}

static const char *city(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}

static void clear_entry(void *data)
{
    struct zone_entry *e = data;
    g_free(e->name);
    g_free(e->whole);
    g_free(e->city);
}

/* The system's list: the third column of zone.tab. Without the file only exact names are found. */
static const GArray *names(zones *all)
{
    if (all->names != NULL)
        return all->names;
    all->names = g_array_new(FALSE, FALSE, sizeof(struct zone_entry));
    g_array_set_clear_func(all->names, clear_entry);
    g_autofree char *path = g_build_filename(all->dir, "zone.tab", NULL);
    g_autofree char *content = NULL;
    if (!g_file_get_contents(path, &content, NULL, NULL))
        return all->names;
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) column = g_strsplit(lines[i], "\t", 4);
        if (lines[i][0] == '#' || g_strv_length(column) < 3)
            continue;
        struct zone_entry e = {g_strdup(column[2]), squeeze(column[2]), squeeze(city(column[2]))};
        g_array_append_val(all->names, e);
    }
    return all->names;
}

static const char *find_alias(const char *squeezed)
{
    for (const struct zone_alias *a = zone_aliases; a->typed != NULL; a++)
        if (strcmp(a->typed, squeezed) == 0)
            return a->name;
    return NULL;
}

static const char *find_listed(zones *all, const char *squeezed)
{
    const GArray *list = names(all);
    for (unsigned i = 0; i < list->len; i++) {
        const struct zone_entry *e = &g_array_index(list, struct zone_entry, i);
        if (strcmp(e->whole, squeezed) == 0 || strcmp(e->city, squeezed) == 0)
            return e->name;
    }
    return NULL;
}

/* ---- what stands around a name ---- */

/* "서울로 바꿔줘", "서울시": takes one such end off in place; false when there is none. */
static bool drop_tail(char *squeezed)
{
    static const char *const tails[] = {"바꿔줘", "바꿔주세요", "변경해줘", "변경",     "설정해줘",
                                        "설정",   "맞춰줘",     "해줘",     "해주세요", "으로",
                                        "로",     "이요",       "요",       "시",       "시간"};
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
        size_t n = strlen(squeezed), tail = strlen(tails[i]);
        if (n > tail && g_str_has_suffix(squeezed, tails[i])) {
            squeezed[n - tail] = '\0';
            return true;
        }
    }
    return false;
}

/* 아시아서울 */
static const char *skip_continent(const char *squeezed)
{
    static const char *const continents[] = {"아시아", "유럽", "북미", "미국", "아메리카"};
    for (size_t i = 0; i < G_N_ELEMENTS(continents); i++)
        if (g_str_has_prefix(squeezed, continents[i]))
            return squeezed + strlen(continents[i]);
    return squeezed;
}

/* The one zone that a text names once what stands around the name is left out, or NULL. */
static const char *find_inside(zones *all, const char *typed)
{
    g_autofree char *first = g_strndup(typed, strcspn(typed, "(,"));
    g_autofree char *squeezed = squeeze(first);
    do {
        const char *key = skip_continent(squeezed);
        const char *name = find_alias(key);
        if (name == NULL)
            name = find_listed(all, key);
        if (name != NULL)
            return strchr(name, ' ') == NULL ? name : NULL;
    } while (drop_tail(squeezed));
    return NULL;
}

/* ---- suggestions ---- */

/* Edits from one text to the other, up to a limit that is all we ask for. */
static int distance(const char *a, const char *b)
{
    enum { MAX = 32, FAR = 99 };
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX || m > MAX)
        return FAR;
    int row[MAX + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[m];
}

/* 0: as good as the same .. 9: nothing alike. Hangul counts three bytes a syllable, hence n / 4. */
static int strangeness(const char *typed, const char *candidate)
{
    enum { NOT_ALIKE = 9 };
    size_t n = strlen(typed);
    if (n < 2)
        return NOT_ALIKE;
    if (g_str_has_prefix(candidate, typed) || g_str_has_prefix(typed, candidate))
        return strlen(candidate) >= 3 ? 1 : NOT_ALIKE;
    if (n >= 4 && strstr(candidate, typed) != NULL)
        return 2;
    int edits = distance(typed, candidate);
    return edits <= (int)(n / 4) + (n >= 3 && n < 8) ? 2 + edits : NOT_ALIKE;
}

struct guess {
    int strangeness;
    const char *name;
};

static int by_strangeness(const void *a, const void *b)
{
    const struct guess *x = a, *y = b;
    return x->strangeness != y->strangeness ? x->strangeness - y->strangeness
                                            : strcmp(x->name, y->name);
}

static void add_guess(GArray *guesses, const char *typed, const char *candidate, const char *name)
{
    struct guess g = {strangeness(typed, candidate), name};
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a candidate always has a name */
    if (g.strangeness < 9 && strchr(name, ' ') == NULL)
        g_array_append_val(guesses, g);
}

static char **suggest(zones *all, const char *squeezed)
{
    g_autoptr(GArray) guesses = g_array_new(FALSE, FALSE, sizeof(struct guess));
    const GArray *list = names(all);
    for (unsigned i = 0; i < list->len; i++) {
        const struct zone_entry *e = &g_array_index(list, struct zone_entry, i);
        add_guess(guesses, squeezed, e->city, e->name);
        add_guess(guesses, squeezed, e->whole, e->name);
    }
    for (const struct zone_alias *a = zone_aliases; a->typed != NULL; a++)
        add_guess(guesses, squeezed, a->typed, a->name);
    g_array_sort(guesses, by_strangeness);
    GPtrArray *out = g_ptr_array_new();
    for (unsigned i = 0; i < guesses->len && out->len < MAX_SUGGESTIONS; i++) {
        const char *name = g_array_index(guesses, struct guess, i).name;
        if (!g_ptr_array_find_with_equal_func(out, name, g_str_equal, NULL))
            g_ptr_array_add(out, g_strdup(name));
    }
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}

/* ---- the search ---- */

static const zone *fixed_typed(zones *all, const char *typed)
{
    g_autofree char *valid = g_utf8_make_valid(typed, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = g_ascii_strdown(normal != NULL ? normal : "", -1);
    GString *text = g_string_new(NULL);
    for (char *p = lower; *p != '\0'; p = g_utf8_next_char(p))
        if (g_utf8_get_char(p) == 0x2212) /* MINUS SIGN */
            g_string_append_c(text, '-');
        else if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_unichar(text, g_utf8_get_char(p));
    int seconds = 0;
    char name[16];
    bool fixed = parse_fixed(text->str, &seconds);
    g_string_free(text, TRUE);
    if (!fixed)
        return NULL;
    print_offset(seconds, name);
    return get(all, name);
}

static const zone *fail_with(zones *all, const char *typed, char **suggestions,
                             enum zone_error code, char ***ret_suggestions, GError **error)
{
    if (code == ZONE_ERROR_AMBIGUOUS)
        g_set_error(error, ZONE_ERROR, ZONE_ERROR_AMBIGUOUS, "'%s' names several time zones",
                    typed);
    else
        fail(all, typed, error);
    if (ret_suggestions != NULL)
        *ret_suggestions = suggestions;
    else
        g_strfreev(suggestions);
    return NULL;
}

const zone *zones_find(zones *all, const char *typed, char ***ret_suggestions, GError **error)
{
    if (strlen(typed) > MAX_TYPED)
        return fail_with(all, "…", g_new0(char *, 1), ZONE_ERROR_UNKNOWN, ret_suggestions, error);
    const zone *z = fixed_typed(all, typed);
    g_autofree char *squeezed = squeeze(typed);
    drop_time_word(squeezed);
    const char *name = find_alias(squeezed);
    if (name != NULL && strchr(name, ' ') != NULL)
        return fail_with(all, typed, g_strsplit(name, " ", MAX_SUGGESTIONS), ZONE_ERROR_AMBIGUOUS,
                         ret_suggestions, error);
    if (name == NULL)
        name = find_listed(all, squeezed);
    if (z == NULL && name != NULL)
        z = get(all, name);
    if (z == NULL) {
        g_autofree char *exact = g_strstrip(g_strdup(typed));
        z = get(all, exact); /* a name that the list leaves out: Etc/GMT+9, US/Eastern */
    }
    if (z == NULL && (name = find_inside(all, typed)) != NULL)
        z = get(all, name);
    if (z == NULL)
        return fail_with(all, typed, suggest(all, squeezed), ZONE_ERROR_UNKNOWN, ret_suggestions,
                         error);
    return z;
}
