/* Timers of the loop: a binary heap each for the monotonic and the wall clock. */
#include "loop_internal.h"

static bool earlier(const loop_timer *a, const loop_timer *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void place(struct timer_heap *heap, loop_timer *t, size_t i)
{
    heap->items[i] = t;
    t->index = i;
}

static void sift_up(struct timer_heap *heap, loop_timer *t, size_t i)
{
    while (i > 0 && earlier(t, heap->items[(i - 1) / 2])) {
        place(heap, heap->items[(i - 1) / 2], i);
        i = (i - 1) / 2;
    }
    place(heap, t, i);
}

static void sift_down(struct timer_heap *heap, loop_timer *t, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < heap->len; i = child) {
        if (child + 1 < heap->len && earlier(heap->items[child + 1], heap->items[child]))
            child++;
        if (!earlier(heap->items[child], t))
            break;
        place(heap, heap->items[child], i);
    }
    place(heap, t, i);
}

void timer_heap_add(struct timer_heap *heap, loop_timer *t, int64_t due)
{
    if (heap->len == heap->cap) {
        heap->cap = heap->cap > 0 ? heap->cap * 2 : 16;
        heap->items = g_renew(loop_timer *, heap->items, heap->cap);
    }
    t->heap = heap;
    t->due = due;
    t->order = heap->next_order++;
    heap->len++;
    sift_up(heap, t, heap->len - 1);
}

void timer_heap_remove(loop_timer *t)
{
    struct timer_heap *heap = t->heap;
    if (heap == NULL)
        return;
    t->heap = NULL;
    loop_timer *last = heap->items[--heap->len];
    if (last == t)
        return;
    /* The last one fills the hole and goes whichever way it belongs. */
    sift_up(heap, last, t->index);
    sift_down(heap, last, last->index);
}

void timer_heap_clear(struct timer_heap *heap)
{
    for (size_t i = 0; i < heap->len; i++)
        heap->items[i]->heap = NULL;
    g_free(heap->items);
    *heap = (struct timer_heap){0};
}
