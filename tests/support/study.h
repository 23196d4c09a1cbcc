/* A study group of two, and their private chat with the bot, in a world: where many tests begin. */
#ifndef INTERVIEWD_TESTS_STUDY_H
#define INTERVIEWD_TESTS_STUDY_H

#include <string.h>

#include "world.h"

#define HAS(text, part)   g_assert_nonnull(strstr((text), (part)))
#define LACKS(text, part) g_assert_null(strstr((text), (part)))

struct place {
    struct world *w;
    int64_t group, private, kim, lee, now;
    guint seen; /* of w->told, by a test that counts */
};

static inline void place_open(struct place *p, bool in_store, int64_t now)
{
    p->w = world_new(in_store);
    p->group = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
    p->private = world_chat(p->w, CHAT_PRIVATE, "Asia/Seoul");
    p->kim = world_user(p->w, "Kim");
    p->lee = world_user(p->w, "Lee");
    p->now = now;
}

static inline void teardown(struct place *p, gconstpointer data)
{
    (void)data;
    world_free(p->w);
}

/* USER says TEXT in CHAT ten seconds later. Gives the last that was said there. *borrowed* */
static inline const char *say(struct place *p, int64_t chat, int64_t user, const char *text)
{
    return world_say(p->w, chat, user, text, p->now += 10);
}

/* The round that was opened last. */
static inline struct round newest(struct place *p)
{
    for (guint i = p->w->told->len; i > 0; i--) {
        const struct told *t = g_ptr_array_index(p->w->told, i - 1);

        if (t->post_of != 0)
            return world_round(p->w, t->post_of);
    }
    g_assert_not_reached();
}

#endif
