/* An arena: memory that lives as long as the bank and is freed in one go. */
#ifndef INTERVIEWD_BANK_ARENA_H
#define INTERVIEWD_BANK_ARENA_H

#include <stddef.h>

struct arena;

/* A *new* empty arena. */
struct arena *arena_new(void);
/* Accepts NULL. */
void arena_free(struct arena *a);

/* SIZE zeroed bytes, aligned for any type, *borrowed* from the arena. */
void *arena_alloc(struct arena *a, size_t size);
/* A copy of the LEN bytes at S, closed by NUL. *borrowed* from the arena. */
char *arena_text(struct arena *a, const char *s, size_t len);

#endif
