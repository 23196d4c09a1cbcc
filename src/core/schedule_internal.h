/* Shared by the files of schedule: reading what people type, changing a schedule. */
#ifndef INTERVIEWD_CORE_SCHEDULE_INTERNAL_H
#define INTERVIEWD_CORE_SCHEDULE_INTERNAL_H

#include "schedule.h"

enum { MINUTES = 1440 };

/* A text being read: NFKC, no control characters; `low` is the same in ASCII lower case. */
struct typed {
    char *text, *low;
};
struct typed typed_new(const char *text);
void typed_clear(struct typed *t);

enum match { MATCH_NONE, MATCH_OK, MATCH_BAD }; /* BAD: meant as one, but there is no such one */

/* All matchers look at `p` in the lower-case text and set *ret_end behind what they took. */

/* A time of day. `first`: a bare number or four digits are one, too. */
enum match match_time(const char *p, bool first, int *ret_minute, const char **ret_end);
/* What follows weekdays that are left out: 빼고. */
extern const char *const schedule_except_after[];
/* A weekday, a range or a run of them, or a word for several. */
enum match match_weekdays(const char *p, unsigned *ret_mask, const char **ret_end);
/* A date on or after `today` when it does not name its year. `base`: the start of the range that it
 * may end, which lets a bare day of the month stand; NULL outside a range. */
enum match match_date(const char *p, int64_t today, const int64_t *base, int64_t *ret_day,
                      const char **ret_end);
/* A date or a range. */
enum match match_range(const char *p, int64_t today, struct schedule_range *ret_range,
                       const char **ret_end);

/* 다음 주, this week: Monday to Sunday. */
enum match match_whole_week(const char *p, int64_t today, struct schedule_range *ret_range,
                            const char **ret_end);

/* The name of one weekday at p, in Korean with 요일: 0 (Monday) .. 6, and its end; -1: none. */
int match_day_name(const char *p, const char **ret_end);

/* Whether one of the words, a NULL-terminated list, stands at p as a whole; its end, or NULL. */
const char *match_word(const char *p, const char *const *words);
const char *skip_space(const char *p);
/* End of text, white space, or one of , ; */
bool at_boundary(const char *p);
/* The end of the word at p. */
const char *word_end(const char *p);
/* One or more ASCII digits, at most `max` of them: how many, 0 when there are more or none. */
int match_number(const char *p, int max, int *ret_value);

/* Puts an entry in its place; the weekdays that it takes at its minute leave other entries. False
 * when there is no room. */
bool schedule_put(struct schedule *s, const struct schedule_entry *entry);
/* Removes weekdays at a minute; false when none of them was there. */
bool schedule_take(struct schedule *s, int minute, unsigned weekdays);
/* Adds or removes quiet days; false when there is no room. */
bool schedule_hush(struct schedule *s, struct schedule_range range);
bool schedule_unhush(struct schedule *s, struct schedule_range range);

/* One clause of /daily, read. */
struct clause {
    size_t n_times;
    int minute[SCHEDULE_ENTRIES];
    unsigned weekdays; /* 0: none named */
    bool off, add, on;
    char topic[SCHEDULE_TOPIC];
};
/* Reads the clause at [text, text + size); NULL, or the key of an error and what it is about. */
const char *clause_read(const char *text, size_t size, struct clause *ret_clause,
                        char ret_what[64]);

#endif
