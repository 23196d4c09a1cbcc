/* A bump allocator: a bank of 10,000 questions is a few dozen blocks instead of 100,000 mallocs. */
#include "arena.h"

#include <glib.h>
#include <stdalign.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

#define ALIGN    alignof(max_align_t)
#define UP(size) (((size) + ALIGN - 1) / ALIGN * ALIGN)

struct block {
    struct block *before;
};

struct arena {
    struct block *last; /* of the blocks that came after the first */
    char *next;
    size_t left, block;
};

struct arena *arena_new_sized(size_t block)
{
    struct arena *a = g_malloc(UP(sizeof *a) + UP(block));

    *a = (struct arena){.next = (char *)a + UP(sizeof *a), .left = UP(block), .block = UP(block)};
    return a;
}

struct arena *arena_new(void)
{
    return arena_new_sized(BLOCK);
}

void arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    while (a->last != NULL) {
        struct block *before = a->last->before;

        g_free(a->last);
        a->last = before;
    }
    g_free(a);
}

static char *add_block(struct arena *a, size_t size)
{
    struct block *b = g_malloc(UP(sizeof *b) + size);

    b->before = a->last;
    a->last = b;
    return (char *)b + UP(sizeof *b);
}

void *arena_alloc_raw(struct arena *a, size_t size)
{
    char *p;

    size = UP(size);
    if (size > a->left) {
        if (size > a->block / 4)
            return add_block(a, size);
        a->next = add_block(a, a->block);
        a->left = a->block;
    }
    p = a->next;
    a->next += size;
    a->left -= size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_alloc_raw(a, size), 0, size);
}

char *arena_text(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_alloc_raw(a, len + 1);

    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}
