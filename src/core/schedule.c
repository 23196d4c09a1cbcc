/* A schedule as a value: entries, quiet ranges, canonical text. */
#include "schedule_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

static int by_minute(const void *a, const void *b)
{
    const struct schedule_entry *x = a, *y = b;
    if (x->minute != y->minute)
        return x->minute - y->minute;
    return (int)x->weekdays - (int)y->weekdays;
}

bool schedule_take(struct schedule *s, int minute, unsigned weekdays)
{
    bool found = false;
    size_t kept = 0;
    for (size_t i = 0; i < s->n_entries; i++) {
        struct schedule_entry e = s->entry[i];
        if (e.minute == minute && (e.weekdays & weekdays) != 0) {
            found = true;
            e.weekdays &= ~weekdays;
        }
        if (e.weekdays != 0)
            s->entry[kept++] = e;
    }
    /* What is unused stays zero, so that equal schedules are equal in memory. */
    memset(&s->entry[kept], 0, (SCHEDULE_ENTRIES - kept) * sizeof s->entry[0]);
    s->n_entries = kept;
    return found;
}

/* Entries that differ only in their weekdays are one. */
static bool join(struct schedule *s, const struct schedule_entry *entry)
{
    for (size_t i = 0; i < s->n_entries; i++) {
        if (s->entry[i].minute == entry->minute && strcmp(s->entry[i].topic, entry->topic) == 0) {
            s->entry[i].weekdays |= entry->weekdays;
            return true;
        }
    }
    return false;
}

bool schedule_put(struct schedule *s, const struct schedule_entry *entry)
{
    struct schedule changed = *s;
    schedule_take(&changed, entry->minute, entry->weekdays);
    if (!join(&changed, entry)) {
        if (changed.n_entries == SCHEDULE_ENTRIES)
            return false;
        changed.entry[changed.n_entries++] = *entry;
    }
    qsort(changed.entry, changed.n_entries, sizeof changed.entry[0], by_minute);
    *s = changed;
    return true;
}

/* ---- quiet days ---- */

bool schedule_unhush(struct schedule *s, struct schedule_range gone)
{
    struct schedule_range kept[SCHEDULE_QUIET + 1];
    size_t n = 0;
    for (size_t i = 0; i < s->n_quiet; i++) {
        struct schedule_range r = s->quiet[i];
        if (r.first < gone.first && n <= SCHEDULE_QUIET)
            kept[n++] = (struct schedule_range){r.first, MIN(r.last, gone.first - 1)};
        if (r.last > gone.last && n <= SCHEDULE_QUIET)
            kept[n++] = (struct schedule_range){MAX(r.first, gone.last + 1), r.last};
    }
    if (n > SCHEDULE_QUIET)
        return false;
    memset(s->quiet, 0, sizeof s->quiet);
    memcpy(s->quiet, kept, n * sizeof kept[0]);
    s->n_quiet = n;
    return true;
}

bool schedule_hush(struct schedule *s, struct schedule_range added)
{
    struct schedule_range kept[SCHEDULE_QUIET + 1];
    size_t n = 0;
    for (size_t i = 0; i < s->n_quiet; i++) {
        struct schedule_range r = s->quiet[i];
        if (r.last < added.first - 1 || r.first > added.last + 1) {
            kept[n++] = r;
        } else {
            added.first = MIN(added.first, r.first);
            added.last = MAX(added.last, r.last);
        }
    }
    if (n == SCHEDULE_QUIET)
        return false;
    size_t at = 0;
    while (at < n && kept[at].first < added.first)
        at++;
    memmove(&kept[at + 1], &kept[at], (n - at) * sizeof kept[0]);
    kept[at] = added;
    n++;
    memset(s->quiet, 0, sizeof s->quiet);
    memcpy(s->quiet, kept, n * sizeof kept[0]);
    s->n_quiet = n;
    return true;
}

bool schedule_is_quiet(const struct schedule *s, int64_t day)
{
    if (s->paused && day < s->paused_until)
        return true;
    for (size_t i = 0; i < s->n_quiet && s->quiet[i].first <= day; i++)
        if (day <= s->quiet[i].last)
            return true;
    return false;
}

/* ---- text ---- */

void schedule_time_text(int minute, char ret_text[6])
{
    unsigned m = (unsigned)minute % MINUTES;
    g_snprintf(ret_text, 6, "%02u:%02u", m / 60, m % 60);
}

char *schedule_days_text(unsigned weekdays, const struct schedule_words *words)
{
    if (weekdays == SCHEDULE_EVERY_DAY)
        return g_strdup(words->every);
    if (weekdays == SCHEDULE_WEEKDAYS)
        return g_strdup(words->weekdays);
    if (weekdays == SCHEDULE_WEEKEND)
        return g_strdup(words->weekend);
    GString *out = g_string_new(NULL);
    for (int day = 0; day < 7; day++) {
        int last = day;
        while (last < 7 && (weekdays >> last & 1U) != 0)
            last++;
        if (last == day)
            continue;
        if (out->len > 0)
            g_string_append(out, words->list);
        g_string_append(out, words->day[day]);
        if (last - day == 2) /* two in a row read better as a list */
            g_string_append_printf(out, "%s%s", words->list, words->day[day + 1]);
        else if (last - day > 2)
            g_string_append_printf(out, "%s%s", words->range, words->day[last - 1]);
        day = last;
    }
    return g_string_free(out, FALSE);
}

static const struct schedule_words canonical = {
    .day = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
    .every = "",
    .weekdays = "mon-fri",
    .weekend = "sat,sun",
    .list = ",",
    .range = "-",
};

static void separate(GString *out)
{
    if (out->len > 0)
        g_string_append(out, "; ");
}

static void print_entry(GString *out, const struct schedule_entry *e)
{
    char time[6];
    schedule_time_text(e->minute, time);
    g_autofree char *days = schedule_days_text(e->weekdays, &canonical);
    separate(out);
    g_string_append_printf(out, "%s%s%s", time, *days != '\0' ? " " : "", days);
    if (e->topic[0] != '\0')
        g_string_append_printf(out, " \"%s\"", e->topic);
}

char *schedule_print(const struct schedule *s)
{
    GString *out = g_string_new(NULL);
    char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
    for (size_t i = 0; i < s->n_entries; i++)
        print_entry(out, &s->entry[i]);
    for (size_t i = 0; i < s->n_quiet; i++) {
        date_print(s->quiet[i].first, first);
        date_print(s->quiet[i].last, last);
        separate(out);
        g_string_append_printf(out, "quiet %s", first);
        if (s->quiet[i].last != s->quiet[i].first)
            g_string_append_printf(out, "..%s", last);
    }
    if (s->paused) {
        date_print(s->paused_until, first);
        separate(out);
        g_string_append_printf(out, "until %s", first);
    }
    if (s->room[0] != '\0') {
        separate(out);
        g_string_append_printf(out, "in %s", s->room);
    }
    return g_string_free(out, FALSE);
}

void schedule_set_room(struct schedule *s, const char *room)
{
    memset(s->room, 0, sizeof s->room);
    if (room != NULL && strlen(room) < sizeof s->room && strspn(room, "0123456789") == strlen(room))
        g_strlcpy(s->room, room, sizeof s->room);
}

static bool parse_quiet(const char *text, size_t size, struct schedule *s)
{
    enum { DATE = DATE_TEXT_SIZE - 1 };
    g_autofree char *first = g_strndup(text, DATE), *last = NULL;
    struct schedule_range r;
    if (size == DATE)
        last = g_strdup(first);
    else if (size == 2 * DATE + 2 && text[DATE] == '.' && text[DATE + 1] == '.')
        last = g_strndup(text + DATE + 2, DATE);
    return last != NULL && date_parse(first, &r.first) && date_parse(last, &r.last) &&
           r.first <= r.last && schedule_hush(s, r);
}

static bool parse_part(const char *text, size_t size, struct schedule *s)
{
    if (size > 6 && g_str_has_prefix(text, "quiet "))
        return parse_quiet(text + 6, size - 6, s);
    if (size > 6 && g_str_has_prefix(text, "until ")) {
        g_autofree char *date = g_strndup(text + 6, size - 6);
        return !s->paused && (s->paused = date_parse(date, &s->paused_until));
    }
    if (size > 3 && g_str_has_prefix(text, "in ")) {
        g_autofree char *room = g_strndup(text + 3, size - 3);
        schedule_set_room(s, room);
        return s->room[0] != '\0';
    }
    struct clause c;
    char what[64];
    if (clause_read(text, size, &c, what) != NULL || c.n_times != 1 || c.off || c.add || c.on)
        return false;
    struct schedule_entry e = {.minute = c.minute[0],
                               .weekdays = c.weekdays != 0 ? c.weekdays : SCHEDULE_EVERY_DAY};
    g_strlcpy(e.topic, c.topic, sizeof e.topic);
    return schedule_put(s, &e);
}

/* The end of the part at p: a ';' outside quotes. */
static const char *part_end(const char *p)
{
    bool quoted = false;
    for (; *p != '\0' && (quoted || *p != ';'); p++)
        quoted ^= *p == '"';
    return p;
}

bool schedule_parse(const char *text, struct schedule *ret_s)
{
    struct schedule s = {0};
    for (const char *p = text; *p != '\0';) {
        const char *end = part_end(p);
        if (!parse_part(p, (size_t)(end - p), &s))
            return false;
        p = skip_space(*end == ';' ? end + 1 : end);
    }
    /* Canonical, or not ours: what is stored is then never read in two ways. */
    g_autofree char *again = schedule_print(&s);
    if (strcmp(again, text) != 0)
        return false;
    *ret_s = s;
    return true;
}
