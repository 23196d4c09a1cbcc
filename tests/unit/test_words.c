/* What a chat's settings say to people: what follows, what can be typed next, and no dead ends. */
#include <glib.h>
#include <string.h>

#include "../support/world.h"
#include "zone.h"

#define HOUR 3600
#define DAY  86400

struct place {
    struct world *w;
    int64_t private, group, kim, now;
};

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
    p->w = world_new(false);
    p->private = world_chat(p->w, CHAT_PRIVATE, "Asia/Seoul");
    p->group = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
    p->kim = world_user(p->w, "Kim");
    p->now = at(0, 12, 0);
}

static void teardown(struct place *p, gconstpointer data)
{
    (void)data;
    world_free(p->w);
}

#define HAS(text, part)   g_assert_nonnull(strstr((text), (part)))
#define LACKS(text, part) g_assert_null(strstr((text), (part)))

static const char *say(struct place *p, const char *text)
{
    return world_say(p->w, p->private, p->kim, text, p->now += 10);
}

/* ---- the schedule ---- */

static void test_next_question(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, "/daily mon-fri 9am"), "comes Tue 19 Jan, 09:00. (time zone Asia/Seoul)");
    HAS(say(p, "/daily 13:00"), "comes Mon 18 Jan, 13:00.");
    HAS(say(p, "/holiday 1/18..1/20"), "Mon 18 Jan–Wed 20 Jan");
    HAS(say(p, "/daily"), "comes Thu 21 Jan, 13:00.");
    LACKS(say(p, "/daily 25:00"), "comes");
    LACKS(say(p, "/daily off"), "comes");
    HAS(say(p, "/holiday 2028-02-29"), "Tue 29 Feb 2028"); /* another year is named */
    say(p, "/lang ko");
    HAS(say(p, "/매일 평일 9시"), "다음 질문은 1월 21일(목) 09:00에 보낼게요.");
    HAS(say(p, "/쉬는날"), "1월 18일(월)~1월 20일(수), 2028년 2월 29일(화)");
}

/* Who sets a time during a pause would else wait in vain. */
static void test_paused(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, "/daily 09:00");
    const char *paused = say(p, "/pause until 2027-02-01");
    HAS(paused, "from Mon 1 Feb on");
    HAS(paused, "comes Mon 1 Feb, 09:00.");
    HAS(say(p, "/daily"), "Paused until then. To have them at once: /pause off");
    HAS(say(p, "/daily 10:00"), "/pause off");
    const char *again = say(p, "/pause off");
    HAS(again, "comes Tue 19 Jan, 10:00.");
    LACKS(again, "/pause off");
    LACKS(say(p, "/daily"), "Paused");
}

/* There is nothing to pause: nothing is promised. */
static void test_nothing_to_pause(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, "/pause 2 weeks"), "no daily question is set");
    HAS(say(p, "/holiday 2/1"), "no daily question is set");
    const char *resumed = say(p, "/pause off");
    LACKS(resumed, "come again");
    HAS(resumed, "/daily 09:00");
}

/* What was not understood is answered with what works, for that command. */
static void test_examples(struct place *p, gconstpointer data)
{
    static const struct {
        const char *typed, *example;
    } cases[] = {
        {"/daily sometime", "/daily 09:00"},
        {"/daily 25:00", "/daily 09:00"},
        {"/daily mon-fri", "/daily mon-fri 9am"},
        {"/daily 09:00 zebras", "/topics"},
        {"/daily 18:00 off", "/daily"},
        {"/daily 09:00 orchard", "/topics"}, /* it stands in an answer alone */
        {"/daily 9시 공휴일 빼고", "/holiday 12/25"},
        {"/holiday seollal", "/holiday 12/25"},
        {"/holiday 12/26..12/24", "/holiday 12/24..12/26"},
        {"/holiday 2020-01-01", "tomorrow"},
        {"/holiday 3/1 off", "/holiday"},
        {"/pause", "/pause 3 days"},
        {"/pause for ever", "/pause 2 weeks"},
        {"/pause next week", "/holiday next week"},
        {"/pause 12/1..12/5", "/holiday 12/1..12/5"},
        {"/timezone soul", "/timezone Asia/Seoul"},
        {"/timezone 화성", "UTC+9"},
        {"/timezone CST", "/timezone America/Chicago"},
        {"/close soon", "/close 12h"},
        {"/lang fr", "/lang ko"},
        {"/topics off", "/topics off TOPIC"},
        {"/topics off zebras", "/topics"},
        {"/share maybe", "/share on"},
        {"/anonymous", "/anonymous off"},
        {"/settings foo", "/daily mon-fri 9am"},
        {"/leaderboard soon", "week"},
    };

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *said = say(p, cases[i].typed);

        if (strstr(said, cases[i].example) == NULL)
            g_test_message("%s: %s", cases[i].typed, said);
        HAS(said, cases[i].example);
    }
    /* A calendar that is not known takes nothing away. */
    say(p, "/daily 평일 9시");
    HAS(say(p, "/daily 평일 9시 공휴일 빼줘"), "nothing was changed");
    HAS(say(p, "/daily 평일 9시, 공휴일은 쉬어"), "nothing was changed");
    HAS(say(p, "/daily"), "09:00");
    /* Each example does work. */
    static const char *const work[] = {
        "/daily 09:00",          "/daily mon-fri 9am", "/daily 3pm",
        "/holiday 12/24..12/26", "/holiday dec 24-26", "/holiday next week",
        "/pause 3 days",         "/pause next monday", "/pause until dec 25"};
    for (size_t i = 0; i < G_N_ELEMENTS(work); i++)
        LACKS(say(p, work[i]), "I can't");
}

static void test_closing(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, "/close 12h"), "close 12 hours after they are asked from now on");
    HAS(say(p, "/close"), "/close off");
    HAS(say(p, "/close off"), "when the next daily one comes from now on");
    HAS(say(p, "/close 12시간 뒤"), "close 12 hours");
    HAS(say(p, "/close 2일"), "close 48 hours");
    HAS(say(p, "/close 하루"), "close 24 hours");
    HAS(say(p, "/close 하루 뒤"), "close 24 hours");
    HAS(say(p, "/close 7 days"), "close 168 hours");
    HAS(say(p, "/close 8일"), "/close 12h"); /* more than a week */
    HAS(say(p, "/close 30분"), "/close 12h");
    HAS(say(p, "/close 99999999999999999일"), "/close 12h");
    HAS(say(p, "/close 다음 질문"), "when the next daily one comes from now on");
}

/* On and off, in and out, as people say them. */
static void test_switches(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, "/reminder 켬"), "before your streak breaks");
    HAS(say(p, "/reminder 끔"), "No reminders");
    HAS(say(p, "/share 응"), "may see it");
    HAS(say(p, "/share 해제"), "Nobody else");
    HAS(say(p, "/topics Metal 빼줘"), "No more");
    HAS(say(p, "/topics 빼기 Fruit"), "No more");
    HAS(say(p, "/topics Metal 넣어줘"), "ask Metal questions again");
    HAS(say(p, "/topics 전부 켜기"), "from all topics");
    LACKS(say(p, "/topics"), "(off)");
    HAS(say(p, "/데일리 9시"), "every day 09:00");
}

/* What was not understood is said back, but not all of it. */
static void test_long_words(struct place *p, gconstpointer data)
{
    static const char *const commands[] = {
        "/",          "/lang ",     "/topics off ", "/leaderboard ", "/close ",
        "/settings ", "/timezone ", "/daily ",      "/pause ",       "/holiday ",
        "/question ", "/practice ", "/reveal ",     "/weekly "};
    g_autofree char *word = g_strnfill(3000, 'x');

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *typed = g_strconcat(commands[i], word, NULL);
        const char *said = say(p, typed);

        g_test_message("%s: %zu bytes", commands[i], strlen(said));
        g_assert_cmpuint(strlen(said), >, 0);
        LACKS(said, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}

/* Each tail that is tried costs a look through the whole bank: of very many some are. */
static void test_many_tails(struct place *p, gconstpointer data)
{
    g_autoptr(GString) many = g_string_new("/question Metal");

    (void)data;
    HAS(say(p, "/question Metal에 대해서 문제 하나만 내줘요 좀"), "Metal");
    for (int i = 0; i < 500; i++)
        g_string_append(many, "요");
    HAS(say(p, many->str), "I found no topic");
}

/* With every topic off, questions come from all of them: that is said. */
static void test_all_topics_off(struct place *p, gconstpointer data)
{
    (void)data;
    LACKS(say(p, "/topics off Fruit"), "no topic is on");
    LACKS(say(p, "/topics off Metal"), "no topic is on");
    HAS(say(p, "/topics off Ocean"), "no topic is on");
    HAS(say(p, "/question"), "What is");
    LACKS(say(p, "/topics on Metal"), "no topic is on");
    HAS(say(p, "/topic off Metal"), "No more Metal"); /* one letter less, or 주제 for 주제들 */
    HAS(say(p, "/주제 Metal 넣어줘"), "Metal questions again");
    HAS(say(p, "/topic Metal"), "What is");
}

/* ---- a person's own ---- */

static void test_second_thoughts(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, "/forgetme"), "cannot be undone");
    HAS(say(p, "/forgetme no"), "Nothing was erased");
    HAS(say(p, "/forgetme yes"), "cannot be undone"); /* asked anew */
    say(p, "/lang ko");
    HAS(say(p, "/forgetme 아니요"), "그대로 둘게요");
}

/* Nothing for the board is said once, not twice. */
static void test_zero(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, "/question apple");
    const char *zero = say(p, "I do not know");
    HAS(zero, "Nothing for the board");
    LACKS(zero, "nothing is left");
}

/* ---- the board ---- */

/* With nothing everybody is first: that is no medal. Ties share a rank, the next one is skipped. */
static void test_medals(struct place *p, gconstpointer data)
{
    int64_t lee = world_user(p->w, "Lee"), park = world_user(p->w, "Park");
    static const char *const own[] = {"a round fruit", "round, a fruit"};

    (void)data;
    world_say(p->w, p->group, p->kim, "/question apple", p->now += 10);
    int64_t round = ((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->post_of;
    world_answer(p->w, p->group, park, round, "I do not know", p->now += 10);
    LACKS(world_say(p->w, p->group, park, "/leaderboard", p->now += 10), "🥇");
    world_answer(p->w, p->group, p->kim, round, own[0], p->now += 10);
    world_answer(p->w, p->group, lee, round, own[1], p->now += 10);
    const char *board = world_say(p->w, p->group, park, "/leaderboard", p->now += 10);
    HAS(board, "🥇1. Kim");
    HAS(board, "🥇1. Lee");
    HAS(board, "\n3. Park");
}

/* ---- streaks ---- */

static const char *daily(struct place *p, int day, bool answers)
{
    p->now = at(day, 9, 0);
    world_tick(p->w, p->private, p->now);
    if (!answers)
        return "";
    p->now += 60;
    return say(p, "a kind of something");
}

static void test_freezes_are_reported(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 8, 0);
    say(p, "/daily 09:00");
    LACKS(daily(p, 0, true), "in a row");
    HAS(daily(p, 1, true), "🔥 2 days in a row");
    for (int day = 2; day < 6; day++)
        LACKS(daily(p, day, true), "freeze");
    HAS(daily(p, 6, true), "You have earned a freeze (now 1)");
    daily(p, 7, false);
    const char *bridged = daily(p, 8, true);
    HAS(bridged, "🔥 8 days in a row");
    HAS(bridged, "1 missed day bridged by a freeze; 0 left");
    LACKS(daily(p, 9, true), "freeze"); /* once */
    daily(p, 10, false);
    LACKS(daily(p, 11, true), "in a row"); /* it ended: day 1 */
    /* A question that one asked for oneself says nothing of it. */
    say(p, "/question");
    LACKS(say(p, "a kind of something"), "in a row");
}

/* In a group's round that is answered in private it is the group's streak. */
static void test_streak_of_the_group(struct place *p, gconstpointer data)
{
    const char *last = "";

    (void)data;
    world_say(p->w, p->group, p->kim, "/daily 09:00", at(0, 8, 0));
    for (int day = 0; day < 3; day++) {
        world_tick(p->w, p->group, at(day, 9, 0));
        struct told *post = g_ptr_array_index(p->w->told, p->w->told->len - 1);
        g_autofree char *link =
            g_strdup_printf("/start r%lld-%llx", (long long)post->post_of,
                            (unsigned long long)world_round(p->w, post->post_of).token);

        p->now = at(day, 10, 0);
        say(p, link);
        guint before = p->w->told->len;
        say(p, "a kind of something");
        for (guint i = before; i < p->w->told->len; i++) {
            const struct told *t = g_ptr_array_index(p->w->told, i);

            if (t->chat == p->private)
                last = t->text;
        }
    }
    HAS(last, "🔥 3 days in a row");
}

#define TEST(path, fn) g_test_add("/words/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("next-question", test_next_question);
    TEST("paused", test_paused);
    TEST("nothing-to-pause", test_nothing_to_pause);
    TEST("examples", test_examples);
    TEST("closing", test_closing);
    TEST("long", test_long_words);
    TEST("many-tails", test_many_tails);
    TEST("switches", test_switches);
    TEST("topics-off", test_all_topics_off);
    TEST("second-thoughts", test_second_thoughts);
    TEST("zero", test_zero);
    TEST("medals", test_medals);
    TEST("freezes", test_freezes_are_reported);
    TEST("group-streak", test_streak_of_the_group);
    return g_test_run();
}
