/* Points cannot be farmed: random people who try everything, and each way that the rules name. */
#include <glib.h>

#include "../support/study.h"

#define HOUR  3600
#define DAY   86400
#define START 1800000000

static void setup(struct place *p, gconstpointer in_store)
{
    place_open(p, GPOINTER_TO_INT(in_store) != 0, START);
}

static int64_t points(struct place *p, int64_t chat, int64_t user)
{
    return world_total(p->w, chat, user).points;
}

static const char *model(const struct round *r)
{
    return world_things[r->question - 1][2];
}

static struct round ask(struct place *p, int64_t chat, int64_t user, const char *command)
{
    world_say(p->w, chat, user, command, p->now += 10);
    return newest(p);
}

/* Points that USER gets for TEXT in the round. */
static int64_t gain(struct place *p, int64_t chat, int64_t user, const struct round *r,
                    const char *text)
{
    int64_t before = points(p, r->chat, user);

    world_answer(p->w, chat, user, r->id, text, p->now += 10);
    return points(p, r->chat, user) - before;
}

/* ---- one way at a time ---- */

static void test_repeating(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->private, p->kim, "/question apple");

    (void)data;
    int64_t first = gain(p, p->private, p->kim, &r, "a round fruit with seeds");
    g_assert_cmpint(first, >, 0);
    g_assert_cmpint(gain(p, p->private, p->kim, &r, model(&r)), ==, 0);
    r = ask(p, p->private, p->kim, "/question apple");
    g_assert_cmpint(gain(p, p->private, p->kim, &r, "A round fruit, with seeds!"), ==, 0);
    r = ask(p, p->private, p->kim, "/question apple");
    /* The model's own words after it was shown: marked, not ranked. */
    g_assert_cmpint(gain(p, p->private, p->kim, &r, model(&r)), ==, 0);
    r = ask(p, p->private, p->kim, "/question apple");
    int64_t better = gain(p, p->private, p->kim, &r,
                          "it grows on orchard trees, ripens there, is a fruit and round, and the "
                          "core holds seeds");
    g_assert_cmpint(better, >, 0);
    g_assert_cmpint(first + better, <=, 100);
}

static void test_editing(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->private, p->kim, "/question apple");
    struct event e = {.kind = EVENT_EDITED, .text = model(&r), .round = r.id, .admin = ADMIN_YES};

    (void)data;
    gain(p, p->private, p->kim, &r, "a fruit");
    int64_t before = points(p, p->private, p->kim);
    e.now = p->now + 10;
    world_event(p->w, p->private, p->kim, e);
    g_assert_cmpint(points(p, p->private, p->kim), ==, before);
}

static void test_leaving_and_joining(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question apple");
    struct seat seat = {0};

    (void)data;
    gain(p, p->group, p->kim, &r, "a round fruit with seeds");
    int64_t before = points(p, p->group, p->kim);
    world_begin(p->w);
    g_assert_true(p->w->book->ops->seat(p->w->book, p->group, p->kim, &seat));
    seat.left = true;
    p->w->book->ops->put_seat(p->w->book, p->group, p->kim, &seat);
    world_commit(p->w);
    seat_clear(&seat);
    LACKS(world_say(p->w, p->group, p->lee, "/leaderboard", p->now += 10), "Kim");
    g_assert_cmpint(gain(p, p->group, p->kim, &r, model(&r)), ==, 0); /* who writes is back */
    g_assert_cmpint(points(p, p->group, p->kim), ==, before);
    HAS(world_say(p->w, p->group, p->lee, "/leaderboard", p->now += 10), "Kim");
}

/* Who hops around the world has as many ranked questions as who stays: three a local day. */
static void test_time_zones(struct place *p, gconstpointer data)
{
    static const char *const zones[] = {"Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago",
                                        "Asia/Seoul", "America/New_York"};
    int ranked = 0;
    int64_t end = START + DAY;

    (void)data;
    for (int i = 0; p->now < end; i++) {
        g_autofree char *zone =
            g_strconcat("/timezone ", zones[(size_t)i % G_N_ELEMENTS(zones)], NULL);
        int64_t before = points(p, p->private, p->kim);

        world_say(p->w, p->private, p->kim, zone, p->now += 10);
        g_assert_cmpint(points(p, p->private, p->kim), ==, before);
        struct round r = ask(p, p->private, p->kim, "/question");
        ranked += gain(p, p->private, p->kim, &r, model(&r)) > 0 ? 1 : 0;
        p->now += HOUR / 2;
    }
    g_assert_cmpint(ranked, >=, 3);
    g_assert_cmpint(ranked, <=, 6); /* a day and a night touch two local days */
}

static void test_asks_beyond_the_limit(struct place *p, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 5; i++) {
        struct round r = ask(p, p->private, p->kim, "/question");

        g_assert_true((gain(p, p->private, p->kim, &r, model(&r)) > 0) == (i < 3));
    }
    p->now += DAY;
    struct round r = ask(p, p->private, p->kim, "/question");
    g_assert_cmpint(gain(p, p->private, p->kim, &r, model(&r)), >, 0);
    /* The daily ranks all the same. */
    for (int i = 0; i < 3; i++) {
        r = ask(p, p->private, p->kim, "/question");
        gain(p, p->private, p->kim, &r, model(&r));
    }
    r = ask(p, p->private, p->kim, "/today");
    g_assert_cmpint(gain(p, p->private, p->kim, &r, model(&r)), >, 0);
}

static void test_practice(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->private, p->kim, "/practice 2");

    (void)data;
    g_assert_cmpint(gain(p, p->private, p->kim, &r, model(&r)), ==, 0);
}

static void test_copies(struct place *p, gconstpointer data)
{
    const char *answer = "it has a core with seeds and ripens on trees in some orchard";
    struct round r = ask(p, p->group, p->kim, "/question apple");

    (void)data;
    g_assert_cmpint(gain(p, p->group, p->kim, &r, answer), >, 0);
    g_assert_cmpint(gain(p, p->group, p->lee, &r,
                         "It has a core, with seeds; and ripens on trees in "
                         "some orchard."),
                    ==, 0);
    HAS(((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text,
        "Nearly the same as another answer");
    int64_t park = world_user(p->w, "Park");
    /* Under a spoiler the model answer could have been tapped open. */
    g_assert_cmpint(gain(p, p->group, park, &r, model(&r)), ==, 0);
    int64_t choi = world_user(p->w, "Choi");
    g_assert_cmpint(gain(p, p->group, choi, &r, "round, on a tree"), >, 0);
}

/* The bot's own private chat has just shown the answer to the question that the group is asked. */
static void test_shown_elsewhere(struct place *p, gconstpointer data)
{
    struct round in_group = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    ask(p, p->private, p->kim, "/question apple");
    HAS(world_say(p->w, p->private, p->kim, "/skip", p->now += 10), "ripens on orchard trees");
    g_assert_cmpint(gain(p, p->group, p->kim, &in_group, "a round fruit of trees with seeds"), ==,
                    0);
    /* What one learnt before the round opened is knowledge; its very words are not. */
    p->now += 2 * DAY;
    world_tick(p->w, p->group, p->now); /* whose summary shows it once more */
    p->now += 2 * DAY;
    struct round later = ask(p, p->group, p->lee, "/question apple");
    g_assert_cmpint(gain(p, p->group, p->kim, &later, "its core has seeds and it ripens"), >, 0);
}

static void test_late(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question apple");

    (void)data;
    p->now = r.closes + 5;
    g_assert_cmpint(gain(p, p->group, p->lee, &r, "a round fruit with seeds"), ==, 0);
    world_tick(p->w, p->group, p->now);
    g_assert_cmpint(gain(p, p->group, p->kim, &r, "a round fruit with seeds"), ==, 0);
    HAS(((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text, "/100");
    g_assert_cmpint(world_round(p->w, r.id).answers, ==, 0);
}

static void test_nameless(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");
    struct event e = {.kind = EVENT_TEXT,
                      .text = "a round fruit with seeds",
                      .round = r.id,
                      .nameless = true,
                      .now = p->now + 10};

    (void)data;
    world_event(p->w, p->group, p->kim, e);
    g_assert_cmpint(points(p, p->group, p->kim), ==, 0);
}

static void test_now_shows_all(struct place *p, gconstpointer data)
{
    (void)data;
    world_say(p->w, p->group, p->kim, "/reveal now", p->now += 10);
    struct round r = ask(p, p->group, p->kim, "/question apple");
    g_assert_cmpint(gain(p, p->group, p->kim, &r, "a round fruit with seeds"), >, 0);
    g_assert_cmpint(gain(p, p->group, p->lee, &r, "grows on trees in an orchard"), ==, 0);
}

/* ---- everything at once ---- */

struct crowd {
    struct place *p;
    GRand *dice;
    int64_t people[3];
    char *last_text;
};

static int64_t total_of_questions(struct place *p, int64_t chat, int64_t user)
{
    int64_t sum = 0;

    for (int64_t q = 1; q <= WORLD_QUESTIONS; q++) {
        struct held h = p->w->book->ops->held(p->w->book, chat, user, q);

        g_assert_cmpint(h.points, >=, 0);
        g_assert_cmpint(h.points, <=, 100);
        sum += h.points;
    }
    return sum;
}

static void one_answer(struct crowd *c, int64_t chat, int64_t user)
{
    struct place *p = c->p;
    struct round r;

    if (!p->w->book->ops->open_round(p->w->book, chat, &r))
        return;
    if (g_rand_boolean(c->dice)) { /* any round of this chat */
        struct round other = world_round(p->w, g_rand_int_range(c->dice, 1, (int)r.id + 1));

        r = other.chat == chat ? other : r;
    }
    bool first = p->w->book->ops->entry(p->w->book, r.id, user).attempts == 0;
    g_auto(GStrv) words = g_strsplit(model(&r), " ", -1);
    guint n = g_strv_length(words);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        if (g_rand_int_range(c->dice, 0, 2) == 0)
            g_string_append_printf(text, "%s ", words[i]);
    }
    const char *typed = text->str;
    if (c->last_text != NULL && g_rand_int_range(c->dice, 0, 4) == 0)
        typed = c->last_text;
    if (g_rand_int_range(c->dice, 0, 4) == 0)
        typed = model(&r);
    int64_t got = gain(p, chat, user, &r, typed[0] != '\0' ? typed : "hm");
    g_assert_cmpint(got, >=, 0);
    if (!first || r.kind == ROUND_PRACTICE || (r.closes != 0 && p->now >= r.closes))
        g_assert_cmpint(got, ==, 0);
    char *kept = g_strdup(typed);
    g_free(c->last_text);
    c->last_text = kept;
}

static void one_act(struct crowd *c)
{
    static const char *const words[] = {"/timezone UTC",
                                        "/timezone Asia/Seoul",
                                        "/timezone Hawaii",
                                        "/score",
                                        "/leaderboard",
                                        "/reveal close",
                                        "/reveal now",
                                        "/reveal spoiler",
                                        "/close 3",
                                        "/close off",
                                        "/daily 09:00",
                                        "/daily off",
                                        "/again",
                                        "/hint",
                                        "/topics off Metal",
                                        "/topics on Metal",
                                        "/anonymous on",
                                        "/why"};
    struct place *p = c->p;
    int64_t user = c->people[g_rand_int_range(c->dice, 0, 3)];
    int64_t chat = g_rand_int_range(c->dice, 0, 3) > 0 ? p->group : p->private;
    int64_t before = points(p, chat, user);
    int roll = g_rand_int_range(c->dice, 0, 10);

    if (roll < 5) {
        one_answer(c, chat, user);
    } else if (roll < 7) {
        world_say(p->w, chat, user, roll == 5 ? "/question" : "/today", p->now += 10);
        g_assert_cmpint(points(p, chat, user), ==, before);
    } else if (roll < 9) {
        world_say(p->w, chat, user, words[g_rand_int_range(c->dice, 0, (int)G_N_ELEMENTS(words))],
                  p->now += 10);
        g_assert_cmpint(points(p, chat, user), ==, before);
    } else {
        p->now += g_rand_int_range(c->dice, 60, 12 * HOUR);
        world_tick(p->w, p->group, p->now);
        world_tick(p->w, p->private, p->now);
        g_assert_cmpint(points(p, chat, user), ==, before);
    }
}

static void test_a_crowd(struct place *p, gconstpointer data)
{
    struct crowd c = {.p = p, .people = {p->kim, p->lee, world_user(p->w, "Park")}};

    (void)data;
    c.dice = g_rand_new_with_seed(20281109);
    for (int i = 0; i < 1500; i++)
        one_act(&c);
    for (int u = 0; u < 3; u++) {
        g_assert_cmpint(total_of_questions(p, p->group, c.people[u]), ==,
                        points(p, p->group, c.people[u]));
        g_assert_cmpint(total_of_questions(p, p->private, c.people[u]), ==,
                        points(p, p->private, c.people[u]));
    }
    g_assert_cmpint(points(p, p->group, p->kim), >, 0);
    g_rand_free(c.dice);
    g_free(c.last_text);
}

#define TEST(path, fn)                                                                             \
    g_test_add("/points/memory/" path, struct place, GINT_TO_POINTER(0), setup, fn, teardown);     \
    g_test_add("/points/store/" path, struct place, GINT_TO_POINTER(1), setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("repeating", test_repeating);
    TEST("editing", test_editing);
    TEST("leaving-and-joining", test_leaving_and_joining);
    TEST("time-zones", test_time_zones);
    TEST("asks-beyond-the-limit", test_asks_beyond_the_limit);
    TEST("practice", test_practice);
    TEST("copies", test_copies);
    TEST("shown-elsewhere", test_shown_elsewhere);
    TEST("late", test_late);
    TEST("nameless", test_nameless);
    TEST("now-shows-all", test_now_shows_all);
    TEST("a-crowd", test_a_crowd);
    return g_test_run();
}
