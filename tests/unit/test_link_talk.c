/* /link as it is typed: what the two accounts are told afterwards, wherever they ask. */
#include <glib.h>
#include <string.h>

#include "../support/world.h"

#define DAY   86400
#define START 1800000000

static const char *const names[] = {"Kim", "Kim's second"};

/* Two accounts of one person, each with a private chat of its own. */
struct place {
    struct world *w;
    int64_t user[2], chat[2], now;
};

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    p->w = world_new(true);
    p->now = START;
    for (int i = 0; i < 2; i++) {
        p->user[i] = world_user(p->w, names[i]);
        p->chat[i] = world_chat(p->w, CHAT_PRIVATE, "Asia/Seoul");
    }
}

static void teardown(struct place *p, gconstpointer data)
{
    (void)data;
    world_free(p->w);
}

static const char *say(struct place *p, int i, const char *text)
{
    return world_say(p->w, p->chat[i], p->user[i], text, p->now += 10);
}

static void answer(struct place *p, int i, const char *topic)
{
    g_autofree char *question = g_strconcat("/question ", topic, NULL);

    say(p, i, question);
    say(p, i, "something round, sour or grown, that I know little of");
}

static const char *code_of(const char *text)
{
    const char *found = strstr(text, "/link ");

    g_assert_nonnull(found);
    return found;
}

/* Account MAKER makes the code, the other one types it. */
static void link_by(struct place *p, int maker)
{
    g_autofree char *typed = g_strndup(code_of(say(p, maker, "/link")), strlen("/link XXXX-XXXX"));

    g_assert_nonnull(strstr(say(p, 1 - maker, typed), "Joined!"));
    for (int i = 0; i < 2; i++)
        p->user[i] = world_user(p->w, names[i]);
    g_assert_cmpint(p->user[0], ==, p->user[1]);
}

static int64_t points(const struct place *p, int i)
{
    return world_total(p->w, p->chat[i], p->user[i]).points;
}

/* ---- cases ---- */

/* The code is the first thing that the new account says. */
static void test_first_words(struct place *p, gconstpointer data)
{
    (void)data;
    answer(p, 0, "lemon");
    int64_t before = points(p, 0);
    g_assert_cmpint(before, >, 0);
    link_by(p, 0);
    g_assert_cmpint(points(p, 0), ==, before);
    g_assert_cmpint(points(p, 1), ==, before);
    answer(p, 1, "apple");
    g_assert_cmpint(points(p, 1), >, before);
    g_assert_cmpint(points(p, 0), ==, points(p, 1));
}

/* The days of both are one streak, in either chat, whichever account stays. */
static void test_streak(struct place *p, gconstpointer maker)
{
    for (int day = 0; day < 4; day++) {
        answer(p, day % 2, day < 2 ? "lemon" : "apple");
        p->now += DAY;
    }
    link_by(p, GPOINTER_TO_INT(maker));
    for (int i = 0; i < 2; i++)
        g_assert_nonnull(strstr(say(p, i, "/score"), "4 days in a row"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add("/link/talk/first-words", struct place, NULL, setup, test_first_words, teardown);
    g_test_add("/link/talk/streak/first-made", struct place, GINT_TO_POINTER(0), setup, test_streak,
               teardown);
    g_test_add("/link/talk/streak/second-made", struct place, GINT_TO_POINTER(1), setup,
               test_streak, teardown);
    return g_test_run();
}
