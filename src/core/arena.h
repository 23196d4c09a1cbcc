/* An arena: memory that lives as long as its owner and is freed in one go. */
#ifndef INTERVIEWD_ARENA_H
#define INTERVIEWD_ARENA_H

#include <stddef.h>

struct arena;

/* A *new* empty arena that grows by 64 KiB. */
struct arena *arena_new(void);
/* The same, growing by BLOCK bytes; the first block comes with the arena itself, in one malloc. */
struct arena *arena_new_sized(size_t block);
/* Accepts NULL. */
void arena_free(struct arena *a);

/* SIZE zeroed bytes, aligned for any type, *borrowed* from the arena. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, not zeroed: for what is filled at once. */
void *arena_alloc_raw(struct arena *a, size_t size);
/* A copy of the LEN bytes at S, closed by NUL. *borrowed* from the arena. */
char *arena_text(struct arena *a, const char *s, size_t len);

#endif
