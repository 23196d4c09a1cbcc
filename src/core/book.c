/* Freeing what the book's structs own. */
#include "book.h"

#include <string.h>

void chat_clear(struct chat *c)
{
    g_free(c->title);
    g_free(c->zone);
    g_free(c->schedule);
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

void kept_result_free(struct kept_result *k)
{
    if (k == NULL)
        return;
    g_string_chunk_free(k->strings);
    g_ptr_array_unref(k->lists);
    g_free(k);
}
