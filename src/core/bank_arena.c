/* A bump allocator: a bank of 10,000 questions is a few dozen blocks instead of 100,000 mallocs. */
#include "bank_arena.h"

#include <glib.h>
#include <stdalign.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct arena {
    GPtrArray *blocks;
    char *next;
    size_t left;
};

struct arena *arena_new(void)
{
    struct arena *a = g_new0(struct arena, 1);

    a->blocks = g_ptr_array_new_with_free_func(g_free);
    return a;
}

void arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    g_ptr_array_free(a->blocks, TRUE);
    g_free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    void *p;

    size = (size + align - 1) / align * align;
    if (size > BLOCK / 4) {
        p = g_malloc0(size);
        g_ptr_array_add(a->blocks, p);
        return p;
    }
    if (size > a->left) {
        a->next = g_malloc0(BLOCK);
        a->left = BLOCK;
        g_ptr_array_add(a->blocks, a->next);
    }
    p = a->next;
    a->next += size;
    a->left -= size;
    return p;
}

char *arena_text(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_alloc(a, len + 1);

    if (len > 0)
        memcpy(copy, s, len);
    return copy;
}
