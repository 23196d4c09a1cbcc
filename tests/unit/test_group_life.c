/*
 * A group that lives with the bot for months: what its members know by heart, what they have just
 * read in private, banks that change under an open question, and what they type with their thumbs.
 */
#include <glib.h>
#include <string.h>

#include "../support/study.h"
#include "zone.h"

#define HOUR  3600
#define DAY   86400
#define START 1800000000

#define SHORT_MODEL "후입선출(LIFO)"
#define LONG_MODEL                                                                                                                      \
    "프로세스는 실행 중인 프로그램으로 운영체제로부터 독립된 주소 공간을 할당받는다. 스레드는 "  \
    "프로세스 안에서 실행되는 흐름의 단위로, 스택만 따로 가지고 코드와 데이터와 힙은 함께 쓴다. " \
    "그래서 전환이 가볍고 통신이 쉽지만, 하나가 잘못되면 같은 프로세스의 스레드가 모두 죽는다."
/* Five words of it changed. */
#define EDITED                                                                                                                          \
    "프로세스는 돌고 있는 프로그램으로 운영체제로부터 독립된 주소 공간을 받는다. 스레드는 "        \
    "프로세스 안에서 실행되는 흐름의 단위로, 스택만 각자 가지고 코드와 데이터와 힙은 같이 쓴다. " \
    "그래서 전환이 가볍고 통신이 쉽지만, 하나가 망가지면 같은 프로세스의 스레드가 모두 죽는다."
#define HONEST                                                                                                                            \
    "프로세스는 켜져 있는 프로그램 하나이고 메모리가 서로 따로예요. 그 안에서 도는 게 스레드인데 " \
    "스택 빼고는 코드, 데이터, 힙을 나눠 써요. 가벼운 대신 하나 죽으면 다 같이 죽어요"

static const char bank_text[] =
    "# 운영체제\n<details><summary>프로세스와 스레드의 차이는?</summary>\n\n" LONG_MODEL
    "\n\n</details>\n\n# 자료구조\n<details><summary>스택은 어떤 순서로 꺼내나요?"
    "</summary>\n\n" SHORT_MODEL "\n\n</details>\n\n";

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    place_open(p, true, START);
    world_reload(p->w, bank_text);
}

static const char *said_last(const struct place *p)
{
    return ((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text;
}

static struct round ask(struct place *p, int64_t chat, int64_t user, const char *command)
{
    say(p, chat, user, command);
    return newest(p);
}

/* Points that USER gets for TEXT in R. */
static int64_t gain(struct place *p, int64_t user, const struct round *r, const char *text)
{
    int64_t before = world_total(p->w, r->chat, user).points;

    world_answer(p->w, r->chat, user, r->id, text, p->now += 10);
    return world_total(p->w, r->chat, user).points - before;
}

/* Seoul's HH:MM on the day N after 2027-01-18, a Monday. */
static int64_t at(int n, int hour, int minute)
{
    int64_t day;

    g_assert_true(date_from_ymd(2027, 1, 18, &day));
    return (day + n) * DAY + (hour - 9) * HOUR + minute * 60;
}

/* Ticks CHAT whenever it says that something is due, up to NOW. */
static void live(struct place *p, int64_t chat, int64_t now)
{
    int64_t due;

    while ((due = world_next_due(p->w, chat)) != 0 && due <= now)
        world_tick(p->w, chat, p->now = MAX(due, p->now));
    world_tick(p->w, chat, p->now = now);
}

/* The daily of 09:00 of day N in CHAT; USER answers it when ANSWERS. */
static void live_day(struct place *p, int64_t chat, int64_t user, int n, bool answers)
{
    live(p, chat, at(n, 9, 0));
    if (answers) {
        struct round r = newest(p);

        world_answer(p->w, chat, user, r.id, "몰라요", p->now += 60);
    }
}

/* ---- copies ---- */

/* Two people who know the word write the word: under a spoiler nobody can tell, and nobody has to.
 */
static void test_short_answers(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 스택");

    (void)data;
    g_assert_cmpint(gain(p, p->kim, &r, "LIFO, 후입선출이요"), ==, 100);
    g_assert_cmpint(gain(p, p->lee, &r, SHORT_MODEL), ==, 100);
    g_assert_cmpint(gain(p, world_user(p->w, "Park"), &r, "후입선출 LIFO"), ==, 100);
}

static void test_edited_copies(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");

    (void)data;
    g_assert_cmpint(gain(p, p->kim, &r, HONEST), >, 0);
    g_assert_cmpint(gain(p, p->lee, &r, EDITED), ==, 0);
    HAS(said_last(p), "Nearly the same as the model answer");
    g_assert_cmpint(gain(p, world_user(p->w, "Park"), &r, "음 그러니까 " HONEST " 라고 들었어요"),
                    ==, 0);
    HAS(said_last(p), "Nearly the same as another answer");
    g_assert_cmpint(gain(p, world_user(p->w, "Choi"), &r,
                         "스레드끼리는 힙이랑 코드를 공유하지만 프로세스끼리는 주소 공간이 달라서 "
                         "IPC가 필요해요. 스레드 하나에서 오류가 나면 나머지도 위험합니다"),
                    >, 0);
}

/* Nobody has answered, but somebody has had it shown: it may have been passed on, edited. */
static void test_passed_on(struct place *p, gconstpointer data)
{
    say(p, p->group, p->kim, "/reveal spoiler");
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");
    g_autofree char *link =
        g_strdup_printf("/start r%lld-%llx", (long long)r.id, (unsigned long long)r.token);

    (void)data;
    say(p, p->private, p->kim, link);
    HAS(say(p, p->private, p->kim, "/skip"), "실행 중인 프로그램");
    g_assert_cmpint(gain(p, p->lee, &r, EDITED), ==, 0);
}

/* Before anybody could have seen it, who writes it has it in the head. */
static void test_by_heart(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");

    (void)data;
    g_assert_cmpint(gain(p, p->lee, &r, EDITED), >, 0);
}

/* Practised in private, then called up in the group: no feat before a day has gone by. */
static void test_practised_before(struct place *p, gconstpointer data)
{
    (void)data;
    ask(p, p->private, p->kim, "/practice 1 프로세스");
    HAS(say(p, p->private, p->kim, "몰라요"), "실행 중인 프로그램");
    p->now += HOUR;
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");
    g_assert_cmpint(gain(p, p->kim, &r, HONEST), ==, 0);
    HAS(said_last(p), "had seen the model answer");
    g_assert_cmpint(gain(p, p->lee, &r, "스레드끼리는 힙을 공유하고 프로세스는 안 해요"), >, 0);
    p->now += DAY;
    world_tick(p->w, p->group, p->now);
    p->now += DAY + HOUR; /* the summary showed it once more */
    r = ask(p, p->group, p->lee, "/question 프로세스");
    g_assert_cmpint(gain(p, p->kim, &r,
                         "주소 공간이 따로면 프로세스, 코드 데이터 힙을 같이 쓰고 "
                         "스택만 다르면 스레드예요"),
                    >, 0);
}

/* Who sits a round out, reads its summary and calls the question up again has not answered it. */
static void test_after_the_summary(struct place *p, gconstpointer data)
{
    int64_t other = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
    struct round r = ask(p, p->group, p->lee, "/question 프로세스");

    (void)data;
    say(p, p->group, p->kim, "/score");
    gain(p, p->lee, &r, "몰라요");
    p->now += DAY;
    world_tick(p->w, p->group, p->now);
    HAS(said_last(p), "실행 중인 프로그램");
    r = ask(p, p->group, p->kim, "/question 프로세스");
    g_assert_cmpint(gain(p, p->kim, &r, HONEST), ==, 0);
    r = ask(p, other, p->kim, "/question 프로세스"); /* nor in another group */
    g_assert_cmpint(gain(p, p->kim, &r, HONEST), ==, 0);
    /* Who is no member of the first has read nothing. */
    g_assert_cmpint(gain(p, world_user(p->w, "Park"), &r,
                         "스레드끼리는 힙을 공유하고 프로세스는 주소 공간이 따로라 안 해요"),
                    >, 0);
}

/* A private round closes without a word: what it showed, it showed when it was answered. */
static void test_private_round_closes(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->private, p->kim, "/daily 09:00 프로세스");
    live_day(p, p->private, p->kim, 0, true);
    struct round own = newest(p);
    say(p, p->private, p->kim, "/daily off");
    live(p, p->private, at(1, 9, 0));
    world_tick(p->w, p->private, p->now = at(1, 9, 1));
    g_assert_cmpint(world_round(p->w, own.id).closed, >, at(1, 8, 0));
    p->now = at(1, 20, 0);
    struct round r = ask(p, p->group, p->lee, "/question 프로세스");
    g_assert_cmpint(gain(p, p->kim, &r, HONEST), >, 0);
}

/* The question was answered in private long ago. It is asked in the group, and the old round is
 * gone through once more for its model answer. */
static void test_shown_once_more(struct place *p, gconstpointer data)
{
    static const char *const ways[] = {"/again", "/why"};

    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        int64_t group = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
        struct round old = ask(p, p->private, p->kim, "/question 프로세스");

        say(p, p->private, p->kim, "몰라요");
        p->now += 30 * DAY;
        struct round r = ask(p, group, p->lee, "/question 프로세스");
        struct event again = {
            .kind = EVENT_TEXT, .text = ways[i], .round = old.id, .now = p->now += 10};
        world_event(p->w, p->private, p->kim, again);
        if (i == 0)
            HAS(say(p, p->private, p->kim, "몰라요"), "실행 중인 프로그램");
        else
            HAS(said_last(p), "독립된 주소 공간");
        g_assert_cmpint(gain(p, p->kim, &r, HONEST), ==, 0);
    }
}

/* Two rounds on one question are open: what was said at the newer is a copy at the older too. */
static void test_copy_to_the_older_round(struct place *p, gconstpointer data)
{
    struct round older = ask(p, p->group, p->lee, "/question 프로세스");
    struct round newer = ask(p, p->group, p->lee, "/question 프로세스");

    (void)data;
    g_assert_cmpint(gain(p, p->kim, &newer, HONEST), >, 0);
    g_assert_cmpint(gain(p, p->lee, &older, HONEST), ==, 0);
}

/* What is held back until the close does not stand in a member's own data either. */
static void test_export_holds_back(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->group, p->kim, "/reveal close");
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");
    gain(p, p->kim, &r, "흐름의 단위");
    const char *early = say(p, p->private, p->kim, "/export");
    HAS(early, "흐름의 단위");
    LACKS(early, "독립된 주소 공간");
    LACKS(say(p, p->private, p->kim, "/score"), "독립된 주소 공간");
    /* Nor does who passes the question by get it, by the link to answer in private. */
    int64_t alone = world_chat(p->w, CHAT_PRIVATE, "Asia/Seoul");
    g_autofree char *link =
        g_strdup_printf("/start r%lld-%llx", (long long)r.id, (unsigned long long)r.token);
    say(p, alone, p->lee, link);
    LACKS(say(p, alone, p->lee, "/skip"), "독립된 주소 공간");
    p->now += DAY;
    world_tick(p->w, p->group, p->now);
    HAS(say(p, p->private, p->kim, "/export"), "독립된 주소 공간");
}

/* ---- what changes under an open question ---- */

/* The bank is edited and its question gone: who has answered still learns how it ended. */
static void test_question_gone(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");

    (void)data;
    gain(p, p->kim, &r, HONEST);
    world_reload(p->w, "# 네트워크\n<details><summary>TCP는?</summary>\n\n연결을 맺고 순서를 "
                       "지켜 보낸다.\n\n</details>\n\n");
    world_answer(p->w, p->group, p->lee, r.id, HONEST, p->now += 10);
    HAS(said_last(p), "has left the bank");
    LACKS(say(p, p->group, p->kim, "/why"), "독립된 주소 공간");
    HAS(say(p, p->group, p->kim, "/score"), "1 answer");
    HAS(say(p, p->group, p->kim, "/leaderboard"), "Kim");
    p->now += DAY;
    world_tick(p->w, p->group, p->now);
    HAS(said_last(p), "Closed — 1 answer, mean ");
    HAS(said_last(p), "Answered: Kim ");
    g_assert_cmpint(world_round(p->w, r.id).closed, >, 0);
    HAS(say(p, p->group, p->kim, "/question"), "TCP");
}

/* Another zone: the next question comes by its clock, and what has gone by there was not missed. */
static void test_zone_changed(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 12, 0);
    say(p, p->group, p->kim, "/daily 15:00; 21:00");
    g_assert_cmpint(world_next_due(p->w, p->group), ==, at(0, 15, 0));
    say(p, p->group, p->kim, "/timezone Pacific/Auckland"); /* where it is 16:00 */
    g_assert_cmpint(world_next_due(p->w, p->group), ==, at(0, 17, 0));
    guint before = p->w->told->len;
    world_tick(p->w, p->group, p->now += 60);
    g_assert_cmpuint(p->w->told->len, ==, before);
    live(p, p->group, at(0, 17, 0));
    g_assert_cmpuint(p->w->told->len, ==, before + 1);
    /* Back again the same evening: 21:00 of this date has been asked. */
    say(p, p->group, p->kim, "/timezone 서울");
    before = p->w->told->len;
    live(p, p->group, at(1, 14, 59));
    for (guint i = before; i < p->w->told->len; i++)
        LACKS(((struct told *)g_ptr_array_index(p->w->told, i))->text, "Question of the day");
}

/* The bot is thrown out of a group: its rounds close without a word, and nothing is asked. */
static void test_thrown_out(struct place *p, gconstpointer data)
{
    struct event out = {.kind = EVENT_REMOVED, .text = ""};

    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->group, p->kim, "/daily 09:00");
    live_day(p, p->group, p->kim, 0, true);
    out.now = p->now += 10;
    world_event(p->w, p->group, p->kim, out);
    guint before = p->w->told->len;
    live(p, p->group, at(3, 12, 0));
    g_assert_cmpuint(p->w->told->len, ==, before);
    out.kind = EVENT_RETURNED;
    out.now = p->now += 10;
    world_event(p->w, p->group, p->kim, out);
    live(p, p->group, at(4, 9, 0));
    HAS(said_last(p), "Question of the day");
}

/* The language is switched while a round is open: from then on all is said in it. */
static void test_language_switched(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");

    (void)data;
    gain(p, p->kim, &r, HONEST);
    say(p, p->group, p->kim, "/lang ko");
    world_answer(p->w, p->group, p->kim, r.id, "다시", p->now += 10);
    HAS(said_last(p), "첫 답이 점수가 되고");
    p->now += DAY;
    world_tick(p->w, p->group, p->now);
    HAS(said_last(p), "마감");
    HAS(said_last(p), "답한 사람: Kim");
}

/* The author of the best answer is called what the board calls them: cut, or by a pseudonym. */
static void test_best_by_whom(struct place *p, gconstpointer data)
{
    int64_t nobody = world_user(p->w, ""), endless;
    g_autofree char *name = g_strnfill(64, 'x');

    (void)data;
    endless = world_user(p->w, name);
    for (int i = 0; i < 2; i++) {
        int64_t who = i == 0 ? nobody : endless;
        int64_t group = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
        struct round r = ask(p, group, p->kim, "/question 프로세스");

        say(p, group, who, "/share on");
        gain(p, who, &r, HONEST);
        p->now += DAY;
        world_tick(p->w, group, p->now);
        HAS(said_last(p), "The best answer — ");
        LACKS(said_last(p), "The best answer —  (");
        LACKS(said_last(p), "xxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}

/* Of a round the best answer is one's own work: no copy, no second try, none that came late. */
static void test_best_is_own_work(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->kim, "/question 프로세스");

    (void)data;
    say(p, p->group, p->kim, "/share on");
    say(p, p->group, p->lee, "/share on");
    gain(p, p->kim, &r, "스레드는 힙을 함께 쓴다");
    gain(p, p->lee, &r, EDITED);
    gain(p, p->kim, &r, HONEST);
    p->now = r.closes;
    gain(p, world_user(p->w, "Park"), &r, HONEST);
    world_tick(p->w, p->group, p->now);
    HAS(said_last(p), "The best answer — Kim (");
    HAS(said_last(p), "스레드는 힙을 함께 쓴다");
    LACKS(said_last(p), "돌고 있는 프로그램");
    LACKS(said_last(p), "켜져 있는 프로그램");
    LACKS(said_last(p), "Park"); /* late: not among those who answered either */
}

/* Under a pseudonym one is so everywhere: what is told of an answer in private, and the best one.
 */
static void test_anonymous_everywhere(struct place *p, gconstpointer data)
{
    struct round r = ask(p, p->group, p->lee, "/question 프로세스");
    g_autofree char *link =
        g_strdup_printf("/start r%lld-%llx", (long long)r.id, (unsigned long long)r.token);

    (void)data;
    say(p, p->private, p->kim, "/anonymous on");
    say(p, p->private, p->kim, "/share on");
    guint before = p->w->told->len;
    for (int i = 0; i < 2; i++) { /* the second time is for learning, and nobody's affair */
        say(p, p->private, p->kim, link);
        say(p, p->private, p->kim, HONEST);
    }
    p->now = r.closes;
    world_tick(p->w, p->group, p->now);
    int told = 0;
    for (guint i = before; i < p->w->told->len; i++) {
        const struct told *t = g_ptr_array_index(p->w->told, i);

        if (t->chat != p->group)
            continue;
        LACKS(t->text, "Kim");
        told += strstr(t->text, "answered in private") != NULL ? 1 : 0;
    }
    g_assert_cmpint(told, ==, 1);
    HAS(said_last(p), "The best answer (");
}

/* A daily's words name two topics, of which one is off: it comes from the other. */
static void test_topic_off_within_a_daily(struct place *p, gconstpointer data)
{
    (void)data;
    world_reload(p->w, "# 웹 서버\n<details><summary>WAS는?</summary>\n\n동적인 응답을 만든다."
                       "\n\n</details>\n\n# 웹 브라우저\n<details><summary>DOM은?</summary>\n\n"
                       "문서를 나무로 나타낸 것이다.\n\n</details>\n\n");
    p->now = at(0, 8, 0);
    HAS(say(p, p->group, p->kim, "/daily 09:00 웹"), "09:00 · 웹");
    HAS(say(p, p->group, p->kim, "/topics off 웹 서버"), "No more");
    guint before = p->w->told->len;
    live(p, p->group, at(4, 12, 0));
    int asked = 0;
    for (guint i = before; i < p->w->told->len; i++) {
        const struct told *t = g_ptr_array_index(p->w->told, i);

        LACKS(t->text, "WAS");
        asked += strstr(t->text, "DOM") != NULL ? 1 : 0;
    }
    g_assert_cmpint(asked, ==, 5);
}

/* A topic that has left the bank, or that was only a word of an answer, hinders no other time. */
static void test_topic_of_old(struct place *p, gconstpointer data)
{
    (void)data;
    HAS(say(p, p->group, p->kim, "/daily 09:00 자료구조"), "09:00 · 자료구조");
    world_reload(p->w, "# 웹\n<details><summary>WAS는?</summary>\n\n동적인 응답을 만든다."
                       "\n\n</details>\n\n");
    HAS(say(p, p->group, p->kim, "/daily add 21:00"), "21:00");
    HAS(say(p, p->group, p->kim, "/daily add 18:00 그래프"), "nothing was changed");
    HAS(say(p, p->group, p->kim, "/daily"), "21:00");
}

/* ---- streaks and quiet days ---- */

/* Neither a pause nor a range of quiet days that began long ago makes the days missed before good.
 */
static void test_nothing_revives(struct place *p, gconstpointer data)
{
    static const char *const tries[] = {"/pause 1 day", "/pause off",
                                        "/holiday 2027-01-01..2027-02-20", "/holiday off",
                                        "/pause until 2027-03-01"};

    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->private, p->kim, "/daily 09:00");
    for (int day = 0; day < 6; day++)
        live_day(p, p->private, p->kim, day, day < 3 || day == 5);
    HAS(say(p, p->private, p->kim, "/score"), "1 day in a row (best 3)");
    for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
        say(p, p->private, p->kim, tries[i]);
        HAS(say(p, p->private, p->kim, "/score"), "1 day in a row (best 3)");
    }
}

/* A day that was made quiet after its question stays so, also when the list is tidied later. */
static void test_quiet_after_the_post(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->private, p->kim, "/daily 09:00");
    for (int day = 0; day < 3; day++)
        live_day(p, p->private, p->kim, day, true);
    live_day(p, p->private, p->kim, 3, false);
    say(p, p->private, p->kim, "/holiday 오늘");
    live_day(p, p->private, p->kim, 4, true);
    HAS(say(p, p->private, p->kim, "/score"), "4 days in a row");
    say(p, p->private, p->kim, "/holiday 2027-12-25");
    say(p, p->private, p->kim, "/holiday 2027-12-25 off");
    HAS(say(p, p->private, p->kim, "/score"), "4 days in a row");
    /* What was taken back the same day counts again. */
    live_day(p, p->private, p->kim, 5, false);
    say(p, p->private, p->kim, "/holiday 오늘");
    say(p, p->private, p->kim, "/holiday 오늘 취소");
    live_day(p, p->private, p->kim, 6, true);
    HAS(say(p, p->private, p->kim, "/score"), "1 day in a row (best 4)");
    /* A pause from today on lets today go too. */
    live_day(p, p->private, p->kim, 7, true);
    live_day(p, p->private, p->kim, 8, false);
    say(p, p->private, p->kim, "/pause 2 days");
    live_day(p, p->private, p->kim, 10, true);
    HAS(say(p, p->private, p->kim, "/score"), "3 days in a row");
}

/* On a quiet day somebody asks for a question all the same: the others rest. */
static void test_today_on_a_quiet_day(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->group, p->kim, "/daily 09:00");
    say(p, p->group, p->kim, "/holiday 2027-01-20");
    for (int day = 0; day < 2; day++)
        live_day(p, p->group, p->kim, day, true);
    p->now = at(2, 12, 0);
    struct round r = ask(p, p->group, p->lee, "/today");
    g_assert_cmpint(r.kind, ==, ROUND_DAILY);
    world_answer(p->w, p->group, p->lee, r.id, "몰라요", p->now += 60);
    live_day(p, p->group, p->kim, 3, true);
    say(p, p->group, p->kim, "/holiday 2027-12-25"); /* which drops the dates gone by */
    HAS(say(p, p->group, p->kim, "/score"), "3 days in a row");
    world_answer(p->w, p->group, p->lee, newest(p).id, "몰라요", p->now += 60);
    HAS(say(p, p->group, p->lee, "/score"), "2 days in a row"); /* who answered has it counted */
}

/* A clock that was a month ahead has asked a question. What is asked once it is right again is the
 * question of the day all the same: what is typed answers it, and the reminder is about it. */
static void test_clock_ahead(struct place *p, gconstpointer data)
{
    (void)data;
    p->now = at(0, 8, 0);
    say(p, p->private, p->kim, "/daily 09:00");
    say(p, p->private, p->kim, "/reminder on");
    live_day(p, p->private, p->kim, 0, true);
    world_tick(p->w, p->private, at(30, 9, 0));
    struct round ahead = newest(p);
    p->now = at(1, 8, 0);
    live_day(p, p->private, p->kim, 1, false);
    struct round r = newest(p);
    g_assert_cmpint(r.id, !=, ahead.id);
    live(p, p->private, at(2, 7, 0));
    HAS(said_last(p), "closes soon");
    say(p, p->private, p->kim, "몰라요");
    g_assert_cmpint(world_round(p->w, r.id).answers, ==, 1);
    g_assert_cmpint(world_round(p->w, ahead.id).answers, ==, 0);
    HAS(say(p, p->private, p->kim, "/score"), "2 days in a row");
}

/* Where no slash is needed (Slack), days without a digit are read as well; an answer is none. */
static void test_bare_rest(struct place *p, gconstpointer data)
{
    static const struct {
        const char *text;
        bool command;
    } cases[] = {{"쉬기 하루", true},
                 {"쉬는날 내일", true},
                 {"휴식 다음주까지", true},
                 {"휴식 시간에는 스레드가 잠든다", false},
                 {"쉬기 전에 락을 푼다", false}};

    (void)data;
    say(p, p->private, p->kim, "/daily 09:00");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int before = world_total(p->w, p->private, p->kim).answers;
        struct event e = {
            .kind = EVENT_TEXT, .text = cases[i].text, .bare_commands = true, .admin = ADMIN_YES};

        say(p, p->private, p->kim, "/question 프로세스");
        e.now = p->now += 10;
        world_event(p->w, p->private, p->kim, e);
        g_assert_cmpint(world_total(p->w, p->private, p->kim).answers - before, ==,
                        cases[i].command ? 0 : 1);
    }
}

#define TEST(path, fn) g_test_add("/group-life/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("short-answers", test_short_answers);
    TEST("edited-copies", test_edited_copies);
    TEST("passed-on", test_passed_on);
    TEST("by-heart", test_by_heart);
    TEST("practised-before", test_practised_before);
    TEST("after-the-summary", test_after_the_summary);
    TEST("shown-once-more", test_shown_once_more);
    TEST("copy-to-the-older-round", test_copy_to_the_older_round);
    TEST("export-holds-back", test_export_holds_back);
    TEST("question-gone", test_question_gone);
    TEST("zone-changed", test_zone_changed);
    TEST("thrown-out", test_thrown_out);
    TEST("language-switched", test_language_switched);
    TEST("best-by-whom", test_best_by_whom);
    TEST("best-is-own-work", test_best_is_own_work);
    TEST("anonymous-everywhere", test_anonymous_everywhere);
    TEST("topic-off-within-a-daily", test_topic_off_within_a_daily);
    TEST("nothing-revives", test_nothing_revives);
    TEST("quiet-after-the-post", test_quiet_after_the_post);
    TEST("today-on-a-quiet-day", test_today_on_a_quiet_day);
    TEST("clock-ahead", test_clock_ahead);
    TEST("topic-of-old", test_topic_of_old);
    TEST("private-round-closes", test_private_round_closes);
    TEST("bare-rest", test_bare_rest);
    return g_test_run();
}
