/* The book's structs: freeing what they own, finding a question that was asked. */
#include "book.h"

#include <string.h>

void chat_clear(struct chat *c)
{
    g_free(c->title);
    g_free(c->zone);
    g_free(c->schedule);
    g_free(c->fired);
    g_free(c->topics_off);
    memset(c, 0, sizeof *c);
}

void user_clear(struct user *u)
{
    g_free(u->name);
    memset(u, 0, sizeof *u);
}

void seat_clear(struct seat *s)
{
    g_free(s->practice_topic);
    memset(s, 0, sizeof *s);
}

void answer_clear(struct answer *a)
{
    g_free(a->text);
    g_free(a->message);
    memset(a, 0, sizeof *a);
}

guint asked_place(const GArray *asked, int64_t question)
{
    guint low = 0, high = asked->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(asked, struct asked, middle).question < question)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct asked *asked_find(const GArray *asked, int64_t question)
{
    guint at = asked_place(asked, question);
    struct asked *a = at < asked->len ? &g_array_index(asked, struct asked, at) : NULL;

    return a != NULL && a->question == question ? a : NULL;
}

void kept_result_free(struct kept_result *k)
{
    if (k == NULL)
        return;
    g_string_chunk_free(k->strings);
    g_ptr_array_unref(k->lists);
    g_free(k);
}
