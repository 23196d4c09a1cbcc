/* Rounds, their summaries, the schedule, streaks and settings of chats, over the store. */
#include <glib.h>
#include <string.h>

#include "../support/study.h"
#include "zone.h"

#define HOUR 3600
#define DAY  86400

/* Seoul's HH:MM on the day N after 2027-01-18, a Monday. */
static int64_t at(int n, int hour, int minute)
{
    int64_t day;

    g_assert_true(date_from_ymd(2027, 1, 18, &day));
    return (day + n) * DAY + (hour - 9) * HOUR + minute * 60;
}

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    place_open(p, true, at(0, 8, 0));
}

static const char *answer(struct place *p, int64_t user, int64_t round, const char *text)
{
    return world_answer(p->w, p->group, user, round, text, p->now += 10);
}

static void skip(struct place *p)
{
    p->seen = p->w->told->len;
}

/* How many messages since skip() hold PART; *ret_last gets the last of them. */
static int count(struct place *p, const char *part, const struct told **ret_last)
{
    int n = 0;

    for (guint i = p->seen; i < p->w->told->len; i++) {
        const struct told *t = g_ptr_array_index(p->w->told, i);

        if (strstr(t->text, part) != NULL) {
            n++;
            if (ret_last != NULL)
                *ret_last = t;
        }
    }
    return n;
}

static int64_t last_post(struct place *p)
{
    for (guint i = p->w->told->len; i > 0; i--) {
        const struct told *t = g_ptr_array_index(p->w->told, i - 1);

        if (t->post_of != 0)
            return t->post_of;
    }
    return 0;
}

static void tick(struct place *p, int64_t chat, int64_t now)
{
    p->now = now;
    world_tick(p->w, chat, now);
}

/* Ticks CHAT whenever it says that something is due, up to NOW. */
static void live(struct place *p, int64_t chat, int64_t now)
{
    int64_t due;

    while ((due = world_next_due(p->w, chat)) != 0 && due <= now) {
        g_assert_cmpint(due, >, p->now - DAY);
        tick(p, chat, MAX(due, p->now));
    }
    tick(p, chat, now);
}

/* ---- rounds ---- */

/* What one person has lived through is not what the others missed. */
static void test_summary_of_experience(struct place *p, gconstpointer data)
{
    static const char text[] = "# T\n<details><summary>Have you used a tool?</summary>\n\n"
                               "I liked the debugger of the office best.\n\n</details>\n";
    bank_builder *b = bank_builder_new();
    const struct told *t = NULL;

    (void)data;
    bank_builder_add(b, "t.md", NULL, 0, "t", text, sizeof text - 1);
    bank *own = bank_builder_finish(b);
    world_begin(p->w);
    g_autofree int64_t *keys = store_register(p->w->store, own);
    world_commit(p->w);
    interview_take_bank(p->w->in, own, keys);
    say(p, p->group, p->kim, "/daily 09:00");
    live(p, p->group, at(0, 9, 0));
    answer(p, p->kim, last_post(p), "I do not know");
    skip(p);
    live(p, p->group, at(1, 9, 0));
    g_assert_cmpint(count(p, "Closed", &t), ==, 1);
    LACKS(t->text, "Missed most often");
}

static void test_summary(struct place *p, gconstpointer data)
{
    const struct told *t = NULL;

    (void)data;
    say(p, p->group, p->kim, "/daily 09:00 Fruit");
    say(p, p->group, p->kim, "/share on");
    live(p, p->group, at(0, 9, 0));
    int64_t round = last_post(p);
    const char *model = world_things[world_round(p->w, round).question - 1][2];
    g_assert_cmpstr(world_things[world_round(p->w, round).question - 1][0], ==, "Fruit");
    answer(p, p->kim, round, model);
    answer(p, p->lee, round, "hm, something else");
    int mean = (world_round(p->w, round).score_sum + 1) / 2;
    g_autofree char *head = g_strdup_printf("Closed — 2 answers, mean %d", mean);
    skip(p);
    live(p, p->group, at(1, 9, 0));
    g_assert_cmpint(count(p, "Closed", &t), ==, 1);
    HAS(t->text, head);
    HAS(t->text, "Answered: Kim 100, Lee ");
    HAS(t->text, "Missed most often: ");
    HAS(t->text, "The best answer — Kim (100)");
    HAS(t->text, "Model answer");
    g_assert_true(t->broadcast);
    g_assert_cmpint(t->reply_to_post, ==, round);
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 1);
    live(p, p->group, at(1, 12, 0));
    g_assert_cmpint(count(p, "Closed", NULL), ==, 1);
}

static void test_summary_is_discreet(struct place *p, gconstpointer data)
{
    const struct told *t = NULL;

    (void)data;
    say(p, p->group, p->kim, "/reveal now");
    say(p, p->group, p->lee, "/anonymous on");
    say(p, p->group, p->kim, "/question apple");
    int64_t round = last_post(p);
    answer(p, p->lee, round, "A round fruit with seeds");
    skip(p);
    tick(p, p->group, p->now + DAY);
    g_assert_cmpint(count(p, "Closed", &t), ==, 1);
    LACKS(t->text, "Lee");             /* a nickname */
    LACKS(t->text, "The best answer"); /* not without /share on */
    LACKS(t->text, "Model answer");    /* was not held back */
    /* A round that nobody answered, and one in private, close without a word. */
    say(p, p->group, p->kim, "/question Metal");
    say(p, p->private, p->kim, "/today");
    skip(p);
    tick(p, p->group, p->now + DAY);
    tick(p, p->private, p->now + DAY);
    g_assert_cmpuint(p->w->told->len, ==, p->seen);
    g_assert_cmpint(world_round(p->w, last_post(p)).closed, >, 0);
}

/* A link under a question that has closed still opens it, for learning: the group is not told. */
static void test_alone_and_late(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/question apple");
    int64_t round = last_post(p);
    g_autofree char *link = g_strdup_printf("/start r%lld-%llx", (long long)round,
                                            (unsigned long long)world_round(p->w, round).token);
    HAS(say(p, p->private, p->kim, link), "only your name and score");
    tick(p, p->group, p->now + DAY);
    const char *opened = say(p, p->private, p->kim, link);
    HAS(opened, "has closed");
    LACKS(opened, "only your name and score");
    skip(p);
    say(p, p->private, p->kim, "a round fruit with seeds");
    g_assert_cmpint(count(p, "had closed", NULL), ==, 1);
    g_assert_cmpint(count(p, "in private", NULL), ==, 0);
}

static void test_closing_time(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/question");
    struct round r = world_round(p->w, last_post(p));
    g_assert_cmpint(r.closes / 60, ==, (r.opened + DAY) / 60); /* no daily: 24 hours */
    say(p, p->group, p->kim, "/close 3h");
    g_assert_cmpint(world_round(p->w, r.id).closes, ==, p->now + 3 * HOUR);
    say(p, p->group, p->kim, "/close off");
    say(p, p->group, p->kim, "/daily 09:00; 21:00");
    live(p, p->group, at(0, 9, 0));
    r = world_round(p->w, last_post(p));
    g_assert_cmpint(r.closes, ==, at(0, 21, 0));
    say(p, p->group, p->kim, "/daily 10:00"); /* the next one comes earlier now */
    g_assert_cmpint(world_round(p->w, r.id).closes, ==, at(0, 10, 0));
    HAS(say(p, p->group, p->kim, "/close soon"), "/close 12h");
}

static void test_reveal_modes(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/reveal close");
    say(p, p->group, p->kim, "/question apple");
    int64_t round = last_post(p);
    LACKS(answer(p, p->kim, round, "a fruit"), "orchard");
    /* The bot's private chat does not tell either, nor does /why. */
    g_autofree char *link = g_strdup_printf("/start m%lld", (long long)round);
    LACKS(say(p, p->private, p->kim, link), "orchard");
    LACKS(say(p, p->group, p->kim, "/why"), "orchard");
    tick(p, p->group, p->now + DAY);
    HAS(say(p, p->private, p->kim, link), "orchard");
    HAS(say(p, p->group, p->kim, "/why"), "orchard");
}

/* A link's number alone opens nothing; its token makes one a member. */
static void test_link_to_a_round(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/question apple");
    struct round r = world_round(p->w, last_post(p));
    g_autofree char *bare = g_strdup_printf("/start r%lld", (long long)r.id);
    g_autofree char *wrong =
        g_strdup_printf("/start r%lld-%llx", (long long)r.id, (unsigned long long)r.token ^ 1);
    g_autofree char *right =
        g_strdup_printf("/start r%lld-%llx", (long long)r.id, (unsigned long long)r.token);
    LACKS(say(p, p->private, p->lee, bare), "What is an apple?");
    LACKS(say(p, p->private, p->lee, wrong), "What is an apple?");
    HAS(say(p, p->private, p->lee, right), "What is an apple?");
    skip(p);
    say(p, p->private, p->lee, "a round fruit");
    g_assert_cmpint(count(p, "Lee answered in private", NULL), ==, 1);
    g_assert_cmpint(world_total(p->w, p->group, p->lee).answers, ==, 1);
    HAS(say(p, p->private, p->lee, "/why"), "a round fruit");
}

/* ---- the schedule ---- */

static void test_today_before_its_time(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/daily 09:00 Metal");
    say(p, p->group, p->kim, "/today");
    int64_t early = last_post(p);
    g_assert_cmpstr(world_things[world_round(p->w, early).question - 1][0], ==, "Metal");
    skip(p);
    live(p, p->group, at(0, 9, 0));
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 1); /* the same one, once */
    g_assert_cmpint(last_post(p), ==, early);
    g_assert_cmpint(world_round(p->w, early).closes, ==, at(1, 9, 0));
    /* Who is alone and has answered it already is left in peace. */
    p->now = at(1, 7, 0);
    say(p, p->private, p->kim, "/daily 09:00");
    say(p, p->private, p->kim, "/today");
    say(p, p->private, p->kim, "something");
    skip(p);
    live(p, p->private, at(1, 9, 0));
    g_assert_cmpuint(p->w->told->len, ==, p->seen);
    live(p, p->private, at(2, 9, 0));
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 1);
}

static void test_daily_does_not_steal(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->private, p->kim, "/daily 09:00 Metal");
    p->now = at(0, 8, 50);
    say(p, p->private, p->kim, "/question apple");
    int64_t apple = last_post(p);
    live(p, p->private, at(0, 9, 0));
    int64_t daily = last_post(p);
    g_assert_cmpint(daily, !=, apple);
    say(p, p->private, p->kim, "a round fruit with seeds");
    g_assert_cmpint(world_round(p->w, apple).answers, ==, 1);
    g_assert_cmpint(world_round(p->w, daily).answers, ==, 0);
    live(p, p->private, at(1, 9, 0)); /* nobody is thinking of anything: it is the daily's now */
    say(p, p->private, p->kim, "it is a metal");
    g_assert_cmpint(world_round(p->w, last_post(p)).answers, ==, 1);
}

static void test_schedule_words(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, p->group, p->kim, "/daily 09:00 zebras"), "zebras");
    HAS(say(p, p->group, p->kim, "/daily"), "No time is set");
    HAS(say(p, p->group, p->kim, "/daily 평일 9시"), "Mon–Fri 09:00");
    HAS(say(p, p->group, p->kim, "/timezone KST"), "Asia/Seoul");
    HAS(say(p, p->group, p->kim, "/timezone KST"), "The next question comes Mon 18 Jan, 09:00");
    HAS(say(p, p->group, p->kim, "/timezone 뉴욕"), "09:00. (time zone America/New_York)");
    HAS(say(p, p->group, p->kim, "/timezone 서울"), "Asia/Seoul");
    HAS(say(p, p->group, p->kim, "/timezone UTC+9"), "UTC+09:00");
    say(p, p->group, p->kim, "/timezone 서울");
    say(p, p->group, p->kim, "/holiday 2027-01-18");
    say(p, p->group, p->kim, "/pause until 2027-01-21");
    skip(p);
    live(p, p->group, at(2, 23, 0)); /* a quiet Monday, then the pause */
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 0);
    live(p, p->group, at(3, 23, 0));
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 1);
    say(p, p->group, p->kim, "/daily off");
    live(p, p->group, at(6, 23, 0));
    g_assert_cmpint(count(p, "Question of the day", NULL), ==, 1);
}

static void test_weekly_board(struct place *p, gconstpointer data)
{
    const struct told *t = NULL;

    (void)data;
    say(p, p->group, p->kim, "/question apple");
    /* From its first question on, whatever else is set. */
    g_assert_cmpint(world_next_due(p->w, p->group), ==, at(0, 9, 0));
    answer(p, p->kim, last_post(p), "a round fruit");
    skip(p);
    live(p, p->group, at(7, 8, 59));
    g_assert_cmpint(count(p, "Leaderboard — last week", NULL), ==, 0);
    live(p, p->group, at(7, 9, 0));
    g_assert_cmpint(count(p, "Leaderboard — last week", &t), ==, 1);
    HAS(t->text, "Kim");
    tick(p, p->group, at(7, 10, 0));
    tick(p, p->group, at(7, 8, 0)); /* the clock went back */
    tick(p, p->group, at(7, 9, 30));
    live(p, p->group, at(14, 12, 0)); /* a week in which nobody answered */
    g_assert_cmpint(count(p, "Leaderboard — last week", NULL), ==, 1);
    say(p, p->group, p->kim, "/question Metal");
    answer(p, p->kim, last_post(p), "a metal"); /* so that there is something to post */
    say(p, p->group, p->kim, "/weekly off");
    live(p, p->group, at(21, 12, 0));
    g_assert_cmpint(count(p, "Leaderboard — last week", NULL), ==, 1);
    say(p, p->group, p->kim, "/weekly on");
    tick(p, p->group, at(21, 12, 30));
    g_assert_cmpint(count(p, "Leaderboard — last week", NULL), ==, 2);
}

/* A clock that was months ahead has posted a board; once it is right again the weeks go on. */
static void test_weekly_board_of_a_wrong_clock(struct place *p, gconstpointer data)
{
    (void)data;
    skip(p);
    for (int i = 0; i < 2; i++) {
        p->now = at(i == 0 ? 75 : 3, 12, 0);
        say(p, p->group, p->kim, "/question");
        answer(p, p->kim, last_post(p), "a thing");
        live(p, p->group, at(i == 0 ? 77 : 7, 12, 0)); /* Mondays */
        g_assert_cmpint(count(p, "Leaderboard — last week", NULL), ==, i + 1);
    }
}

/* ---- streaks ---- */

static void answer_daily(struct place *p)
{
    world_answer(p->w, p->private, p->kim, last_post(p), "hm", p->now += 60);
}

static void test_streak(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->private, p->kim, "/daily 21:00");
    say(p, p->private, p->kim, "/holiday 2027-01-20");
    /* Answered the next morning, while it is open: it keeps its own day. */
    for (int day = 0; day < 9; day++) {
        live(p, p->private, at(day, 21, 0));
        p->now = at(day + 1, 8, 0);
        if (day != 2) /* the quiet day */
            answer_daily(p);
    }
    HAS(say(p, p->private, p->kim, "/score"), "8 days in a row");
    HAS(say(p, p->private, p->kim, "/score"), "freezes 1");
    live(p, p->private, at(9, 21, 0)); /* one missed: the freeze */
    live(p, p->private, at(10, 21, 0));
    HAS(say(p, p->private, p->kim, "/score"), "8 days in a row");
    HAS(say(p, p->private, p->kim, "/score"), "bridged by a freeze");
    live(p, p->private, at(11, 21, 0)); /* another: the end */
    live(p, p->private, at(12, 22, 0));
    HAS(say(p, p->private, p->kim, "/score"), "best 8");
    HAS(say(p, p->private, p->kim, "/score"), "Answer today and it is day 1");
}

static void test_reminder(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->private, p->kim, "/daily 09:00");
    live(p, p->private, at(0, 9, 0));
    answer_daily(p);
    skip(p);
    live(p, p->private, at(2, 8, 50)); /* off by default */
    g_assert_cmpint(count(p, "closes soon", NULL), ==, 0);
    answer_daily(p);
    say(p, p->private, p->kim, "/reminder on");
    live(p, p->private, at(2, 9, 0));
    live(p, p->private, at(3, 6, 59));
    g_assert_cmpint(count(p, "closes soon", NULL), ==, 0);
    live(p, p->private, at(3, 7, 0));
    g_assert_cmpint(count(p, "closes soon", NULL), ==, 1);
    HAS(say(p, p->private, p->kim, "/today"), "Question of the day"); /* the one that closes */
    g_assert_cmpint(world_round(p->w, last_post(p)).opened, ==, at(2, 9, 0));
    live(p, p->private, at(4, 8, 0)); /* no streak is left to lose: nothing to say */
    g_assert_cmpint(count(p, "closes soon", NULL), ==, 1);
}

/* ---- settings ---- */

static void tap(struct place *p, int64_t chat, int64_t user, const char *action, enum admin admin,
                enum handled want)
{
    struct event e = {.kind = EVENT_BUTTON, .text = action, .now = p->now += 10, .admin = admin};

    g_assert_cmpint(world_event(p->w, chat, user, e), ==, want);
}

static void test_settings(struct place *p, gconstpointer data)
{
    static const char *const typed[] = {"/settings daily 09:00",  "/settings 시간대 베를린",
                                        "/settings reveal close", "/settings weekly off",
                                        "/settings close 6",      "/settings topics off Metal",
                                        "/settings anonymous on", "/settings holiday 2027-12-25"};
    static const char *const shown[] = {
        "every day 09:00",     "Europe/Berlin", "when the question closes",
        "Monday's board: off", "6 hours",       "Metal",
        "anonymous on",        "Sat 25 Dec"};

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(typed); i++)
        say(p, p->group, p->kim, typed[i]);
    const char *page = say(p, p->group, p->kim, "/settings");
    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
        HAS(page, shown[i]);
    /* The same by buttons; the message then shows how things stand. */
    static const char *const taps[] = {"set:daily:off",      "set:timezone:Asia/Seoul",
                                       "set:reveal:spoiler", "set:weekly:on",
                                       "set:close:off",      "set:pause:7 days"};
    for (size_t i = 0; i < G_N_ELEMENTS(taps); i++)
        tap(p, p->group, p->kim, taps[i], ADMIN_YES, HANDLED);
    page = ((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text;
    HAS(page, "Daily question: none");
    HAS(page, "Asia/Seoul");
    HAS(page, "hidden until tapped");
    HAS(page, "Monday's board: on");
    HAS(page, "Paused until");
    HAS(page, "when the next daily question comes");
    tap(p, p->group, p->kim, "set:topics:on Metal", ADMIN_YES, HANDLED);
    tap(p, p->group, p->kim, "set:lang:ko", ADMIN_YES, HANDLED);
    HAS(say(p, p->group, p->kim, "/settings"), "시간대");
}

/* Where nothing can be hidden in a message, nothing says that it is hidden. */
static void test_settings_without_spoilers(struct place *p, gconstpointer data)
{
    static const char *const asked[] = {"/reveal", "/reveal spoiler", "/settings"};

    (void)data;
    skip(p);
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        struct event e = {.kind = EVENT_TEXT,
                          .text = asked[i],
                          .now = p->now += 10,
                          .admin = ADMIN_YES,
                          .no_spoilers = true};

        world_event(p->w, p->group, p->kim, e);
        const char *page =
            ((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text;
        HAS(page, "only to whoever has answered");
        LACKS(page, "tapped");
    }
}

static void test_only_administrators(struct place *p, gconstpointer data)
{
    struct event e = {.kind = EVENT_TEXT, .text = "/daily 09:00", .now = p->now};

    (void)data;
    skip(p);
    e.admin = ADMIN_UNKNOWN; /* asks the platform, and does nothing */
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED_NEEDS_ADMIN);
    g_assert_cmpuint(p->w->told->len, ==, p->seen);
    tap(p, p->group, p->kim, "set:weekly:off", ADMIN_UNKNOWN, HANDLED_NEEDS_ADMIN);
    tap(p, p->group, p->kim, "daily:09:00", ADMIN_UNKNOWN, HANDLED_NEEDS_ADMIN);
    e.text = "/settings reveal now";
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED_NEEDS_ADMIN);
    g_assert_cmpuint(p->w->told->len, ==, p->seen);
    e.admin = ADMIN_NO;
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED);
    g_assert_cmpint(count(p, "administrators", NULL), ==, 1);
    e.text = "/topic off Metal"; /* a setting under the name of a question */
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED);
    g_assert_cmpint(count(p, "administrators", NULL), ==, 2);
    e.text = "/daily"; /* everyone may look */
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED);
    g_assert_cmpint(count(p, "No time is set", NULL), ==, 1);
    e.text = "/share on"; /* and do with oneself as one likes */
    g_assert_cmpint(world_event(p->w, p->group, p->kim, e), ==, HANDLED);
    g_assert_cmpint(count(p, "may see it", NULL), ==, 1);
    HAS(say(p, p->private, p->kim, "/daily 09:00"), "09:00"); /* in private one is one's own */
}

#define TEST(path, fn) g_test_add("/rounds/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("summary-of-experience", test_summary_of_experience);
    TEST("summary", test_summary);
    TEST("summary-is-discreet", test_summary_is_discreet);
    TEST("alone-and-late", test_alone_and_late);
    TEST("closing-time", test_closing_time);
    TEST("reveal-modes", test_reveal_modes);
    TEST("link", test_link_to_a_round);
    TEST("today-before-its-time", test_today_before_its_time);
    TEST("daily-does-not-steal", test_daily_does_not_steal);
    TEST("schedule-words", test_schedule_words);
    TEST("weekly-board", test_weekly_board);
    TEST("weekly-board-of-a-wrong-clock", test_weekly_board_of_a_wrong_clock);
    TEST("streak", test_streak);
    TEST("reminder", test_reminder);
    TEST("settings", test_settings);
    TEST("settings-without-spoilers", test_settings_without_spoilers);
    TEST("administrators", test_only_administrators);
    return g_test_run();
}
