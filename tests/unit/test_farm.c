/*
 * Ways in which somebody might try for points that they did not earn, one test a way, over both
 * books. What the rules of fair.h say of one answer is in test_fair, the plain ways in test_points.
 */
#include <glib.h>
#include <string.h>

#include "../support/study.h"

#define HOUR  3600
#define DAY   86400
#define START 1800000000

static void setup(struct place *p, gconstpointer in_store)
{
    place_open(p, GPOINTER_TO_INT(in_store) != 0, START);
}

/* An answer of one's own to "What is an apple?", and the same with words around it. */
#define OWN "it has a core with seeds and ripens on trees in some orchard, I once had one there"
#define PADDED                                                                                     \
    "Well, let me think about this for a while: " OWN                                              \
    ". And that is really all that comes to my mind when I think of it today."

static struct round ask(struct place *p, int64_t chat, int64_t user, const char *command)
{
    say(p, chat, user, command);
    return newest(p);
}

static const char *model(const struct round *r)
{
    return world_things[r->question - 1][2];
}

/* Points that USER gets in the round's chat by what happens in EVENT. */
static int64_t gain_by(struct place *p, int64_t chat, int64_t user, const struct round *r,
                       struct event e)
{
    int64_t before = world_total(p->w, r->chat, user).points;

    e.kind = EVENT_TEXT;
    e.now = p->now += 10;
    e.admin = ADMIN_YES;
    g_assert_cmpint(world_event(p->w, chat, user, e), ==, HANDLED);
    return world_total(p->w, r->chat, user).points - before;
}

static int64_t gain(struct place *p, int64_t user, const struct round *r, const char *text)
{
    struct event e = {.text = text, .round = r->id};

    return gain_by(p, r->chat, user, r, e);
}

static int64_t total(struct place *p, int64_t user)
{
    return world_total(p->w, p->group, user).points;
}

/* USER comes to the private chat by the link under the group's post. */
static void follow_link(struct place *p, int64_t user, const struct round *r)
{
    g_autofree char *link =
        g_strdup_printf("/start r%lld-%llx", (long long)r->id, (unsigned long long)r->token);

    HAS(say(p, p->private, user, link), "What is");
}

/* ---- seeing the answer first ---- */

static void test_skip_by_link(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    follow_link(p, p->kim, &r);
    HAS(say(p, p->private, p->kim, "/skip"), "orchard");
    g_assert_cmpint(gain(p, p->kim, &r, OWN), ==, 0);
    /* Nor by a second link, nor as an answer in private. */
    r = ask(p, p->group, p->lee, "/question banana");
    follow_link(p, p->kim, &r);
    HAS(say(p, p->private, p->kim, "/hint"), "10 points");
    HAS(say(p, p->private, p->kim, "/skip"), "peel");
    follow_link(p, p->kim, &r);
    int64_t before = total(p, p->kim);
    say(p, p->private, p->kim, "a long yellow berry, with a peel");
    g_assert_cmpint(total(p, p->kim), ==, before);
}

/* Who has tapped the spoiler open pastes it where nobody sees: the same answer, the same rule. */
static void test_spoiler_then_link(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    g_assert_cmpint(gain(p, p->lee, &r, OWN), >, 0);
    follow_link(p, p->kim, &r);
    HAS(say(p, p->private, p->kim, model(&r)), "Nearly the same as the model answer");
    g_assert_cmpint(total(p, p->kim), ==, 0);
    int64_t park = world_user(p->w, "Park");
    g_assert_cmpint(gain(p, park, &r,
                         "In my opinion it is a round fruit with seeds in its core "
                         "that ripens on orchard trees."),
                    ==, 0);
}

/* The model answer with a word changed here and there is still the model answer. */
static void test_nearly_the_model(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->private, p->kim, "/question apple");

    (void)data;
    gain(p, p->kim, &r, "I do not know");
    r = ask(p, p->private, p->kim, "/question apple");
    g_assert_cmpint(
        gain(p, p->kim, &r, "A round fruit with seeds in the core, that ripens on orchard trees"),
        ==, 0);
    r = ask(p, p->private, p->kim, "/question apple");
    g_assert_cmpint(gain(p, p->kim, &r, OWN), >, 0);
}

/* Hints cost in practice nothing, so they cost where the question ranks meanwhile. */
static void test_hints_elsewhere(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    ask(p, p->private, p->kim, "/question apple");
    HAS(say(p, p->private, p->kim, "/hint"), "10 points");
    int64_t lee = gain(p, p->lee, &r, OWN);
    int64_t kim = gain(p, p->kim, &r, "the core has seeds; it ripens on trees of an orchard");
    g_assert_cmpint(kim, >, 0);
    g_assert_cmpint(kim, <=, lee);
    HAS(((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text,
        "10 off for 1 hint");
}

/* ---- copying ---- */

static void test_padded_copy(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    g_assert_cmpint(gain(p, p->lee, &r, OWN), >, 0);
    g_assert_cmpint(gain(p, p->kim, &r, PADDED), ==, 0);
    /* Somebody who knows the same things says them otherwise. */
    int64_t park = world_user(p->w, "Park");
    g_assert_cmpint(gain(p, park, &r,
                         "a fruit, round, that people pick from trees when it is ripe; cut it and "
                         "you find the seeds"),
                    >, 0);
}

/* The question is asked again, beside the first or after it, and the answer stands in the chat. */
static void test_copy_from_another_round(struct place *p, gconstpointer data)
{
    struct round first = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    g_assert_cmpint(gain(p, p->lee, &first, OWN), >, 0);
    struct round second = ask(p, p->group, p->kim, "/question apple");
    g_assert_cmpint(second.id, !=, first.id);
    g_assert_cmpint(gain(p, p->kim, &second, OWN), ==, 0);
    p->now += 30 * DAY;
    world_tick(p->w, p->group, p->now); /* whose summary shows the model answer: a day later */
    p->now += 2 * DAY;
    second = ask(p, p->group, p->kim, "/question apple");
    g_assert_cmpint(gain(p, p->kim, &second, OWN), ==, 0);
    /* One's own earlier answer is no other member's. */
    int64_t park = world_user(p->w, "Park");
    g_assert_cmpint(gain(p, park, &second, "a fruit of the orchard's trees with a core"), >, 0);
}

/* ---- again and again ---- */

static void test_alternating(struct place *p, gconstpointer data)
{
    static const char *const turns[] = {"a round fruit with seeds", OWN,
                                        "A round fruit, with seeds!", OWN " ok",
                                        "a round fruit with seeds in it"};
    int64_t best = 0;

    (void)data;
    for (size_t i = 0; i < 20; i++) {
        struct round r = ask(p, p->private, p->kim, "/question apple");
        int64_t got = gain(p, p->kim, &r, turns[i % G_N_ELEMENTS(turns)]);

        if (i >= 2)
            g_assert_cmpint(got, ==, 0);
        best += got;
        p->now += DAY;
    }
    g_assert_cmpint(best, >, 0);
    g_assert_cmpint(best, <=, 100);
}

/* Late for nothing, then the same once more in time: it is the answer that has been explained. */
static void test_own_late(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    p->now = r.closes + 60;
    g_assert_cmpint(gain(p, p->kim, &r, OWN), ==, 0);
    world_tick(p->w, p->group, p->now);
    r = ask(p, p->group, p->lee, "/question apple");
    g_assert_cmpint(gain(p, p->kim, &r, OWN "!"), ==, 0);
    g_assert_cmpint(gain(p, p->kim, &r, "other words: a fruit, round, seeds, orchard"), ==, 0);
}

/* Whatever command or button asks, three a day rank. */
static void test_every_way_to_ask(struct place *p, gconstpointer data)
{
    static const char *const ways[] = {"/question",    "/topic Metal",    "/질문 Ocean", "/q",
                                       "/topic Fruit", "/question Metal", "/문제"};
    int ranked = 0;

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        struct round r = ask(p, p->private, p->kim, ways[i]);

        ranked += gain(p, p->kim, &r, model(&r)) > 0 ? 1 : 0;
    }
    g_assert_cmpint(ranked, ==, 3);
    /* In the group one has three as well, and no more, whoever asks. */
    ranked = 0;
    for (int i = 0; i < 6; i++) {
        struct round r = ask(p, p->group, i % 2 == 0 ? p->kim : p->lee, "/question");

        say(p, p->group, p->lee, "/topics");
        ranked += gain(p, p->kim, &r, "a thing") >= 0 ? 0 : 1;
    }
    g_assert_cmpint(ranked, ==, 0);
}

/* ---- a form and a thread for one question (Slack) ---- */

static void test_form_and_thread(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question apple");
    struct event form = {.is_answer = true, .personal = true, .no_spoilers = true, .round = r.id};
    struct event thread = {.is_answer = true, .no_spoilers = true, .round = r.id};

    (void)data;
    form.text = "a round fruit";
    int64_t first = gain_by(p, p->group, p->kim, &r, form);
    g_assert_cmpint(first, >, 0);
    thread.text = model(&r);
    g_assert_cmpint(gain_by(p, p->group, p->kim, &r, thread), ==, 0);
    form.text = OWN;
    g_assert_cmpint(gain_by(p, p->group, p->kim, &r, form), ==, 0);
    /* The other way round. */
    thread.text = "round, from trees";
    g_assert_cmpint(gain_by(p, p->group, p->lee, &r, thread), >, 0);
    form.text = OWN " and more";
    g_assert_cmpint(gain_by(p, p->group, p->lee, &r, form), ==, 0);
}

/* ---- two accounts, then one person ---- */

static void link_accounts(struct place *p, int64_t maker, int64_t user)
{
    world_begin(p->w);
    g_autofree char *code = p->w->book->ops->link_code(p->w->book, maker, p->now + 600);
    world_commit(p->w);
    g_autofree char *typed = g_strconcat("/link ", code, NULL);
    say(p, p->private, user, typed);
}

static void test_two_accounts(struct place *p, gconstpointer in_store)
{
    if (GPOINTER_TO_INT(in_store) == 0) /* the memory joins nobody */
        return;
    struct round r = ask(p, p->group, p->lee, "/question apple");
    int64_t second = world_user(p->w, "Kim's second");
    int64_t one = gain(p, p->kim, &r, "a round fruit");
    g_assert_cmpint(one, >, 0);
    gain(p, second, &r, OWN); /* having seen what the first was told */
    p->now += 2 * DAY;
    world_tick(p->w, p->group, p->now);
    r = ask(p, p->group, p->lee, "/question apple");
    gain(p, second, &r, "seeds in the core, ripens on orchard trees, round like any such fruit");
    link_accounts(p, second, p->kim);
    struct held h = p->w->book->ops->held(p->w->book, p->group, p->kim, r.question);
    g_assert_cmpint(h.points, <=, 100);
    g_assert_cmpint(total(p, p->kim), ==, h.points); /* the only question there was */
    /* Of the round that both answered, the earlier answer stays; the later one brings nothing. */
    int64_t before = total(p, p->kim);
    g_assert_cmpint(gain(p, p->kim, &r, OWN), ==, 0);
    r = ask(p, p->group, p->lee, "/question apple");
    g_assert_cmpint(gain(p, p->kim, &r, OWN), ==, 0); /* said before, by the other account */
    g_assert_cmpint(total(p, p->kim), ==, before);
}

/* ---- changing oneself or the chat ---- */

static void test_settings_bring_nothing(struct place *p, gconstpointer data)
{
    static const char *const settings[] = {"/anonymous on",
                                           "/anonymous off",
                                           "/share on",
                                           "/lang ko",
                                           "/lang en",
                                           "/reveal close",
                                           "/reveal now",
                                           "/reveal spoiler",
                                           "/close 1h",
                                           "/close off",
                                           "/topics off Metal",
                                           "/topics on Metal",
                                           "/daily 09:00",
                                           "/daily off",
                                           "/holiday tomorrow",
                                           "/pause 3 days",
                                           "/pause off",
                                           "/timezone Hawaii",
                                           "/timezone Kiritimati",
                                           "/weekly off"};
    struct round r = ask(p, p->group, p->lee, "/question apple");

    (void)data;
    gain(p, p->kim, &r, "a round fruit");
    int64_t before = total(p, p->kim);
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        say(p, p->group, p->kim, settings[i]);
        g_assert_cmpint(gain(p, p->kim, &r, OWN), ==, 0);
        g_assert_cmpint(total(p, p->kim), ==, before);
    }
}

#define TEST(path, fn)                                                                             \
    g_test_add("/farm/memory/" path, struct place, GINT_TO_POINTER(0), setup, fn, teardown);       \
    g_test_add("/farm/store/" path, struct place, GINT_TO_POINTER(1), setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("skip-by-link", test_skip_by_link);
    TEST("spoiler-then-link", test_spoiler_then_link);
    TEST("nearly-the-model", test_nearly_the_model);
    TEST("hints-elsewhere", test_hints_elsewhere);
    TEST("padded-copy", test_padded_copy);
    TEST("copy-from-another-round", test_copy_from_another_round);
    TEST("alternating", test_alternating);
    TEST("own-late", test_own_late);
    TEST("every-way-to-ask", test_every_way_to_ask);
    TEST("form-and-thread", test_form_and_thread);
    TEST("two-accounts", test_two_accounts);
    TEST("settings", test_settings_bring_nothing);
    return g_test_run();
}
