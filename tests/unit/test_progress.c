/* Boards and progress as people read them, over the store: ten and oneself, names, the heat map. */
#include <glib.h>
#include <string.h>

#include "../support/study.h"
#include "text.h"

#define DAY   86400
#define START 1800252000 /* 2027-01-18 15:00 in Seoul, a Monday */

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    place_open(p, true, START);
}

static int64_t ask(struct place *p, int64_t chat, const char *command)
{
    say(p, chat, p->kim, command);
    return ((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->post_of;
}

/* Lines of TEXT that begin with a rank. */
static int ranked_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    int n = 0;

    for (char **line = lines; *line != NULL; line++)
        n += g_regex_match_simple("^(🥇|🥈|🥉)?[0-9]+\\. ", *line, 0, 0) ? 1 : 0;
    return n;
}

static void test_ten_and_oneself(struct place *p, gconstpointer data)
{
    int64_t round = ask(p, p->group, "/question apple"), first = 0, last = 0;

    (void)data;
    for (int i = 0; i < 14; i++) {
        g_autofree char *name = g_strdup_printf("Member %c", 'A' + i);

        last = world_user(p->w, name);
        first = first != 0 ? first : last;
        /* The first thirteen in one way each, so that none copies; the last knows nothing. */
        g_autofree char *text = g_strdup_printf("round, it says %d", i);
        world_answer(p->w, p->group, last, round, i < 13 ? text : "I do not know", p->now += 10);
    }
    const char *mine = say(p, p->group, last, "/leaderboard");
    g_assert_cmpint(ranked_lines(mine), ==, 11); /* ten, and one's own place */
    HAS(mine, "\n…\n14. Member N — 0 (");
    LACKS(mine, "Member K");
    const char *theirs = say(p, p->group, first, "/leaderboard");
    g_assert_cmpint(ranked_lines(theirs), ==, 10);
    LACKS(theirs, "…");
    /* Ties share a rank. */
    HAS(theirs, "🥇1. Member A");
    HAS(theirs, "🥇1. Member J");
    /* Who was never here is not on it. */
    g_assert_cmpint(ranked_lines(say(p, p->private, last, "/leaderboard")), ==, 0);
}

/* Names are cut by what the eye sees, never inside a character; a nickname stays. */
static void test_names(struct place *p, gconstpointer data)
{
    static const char family[] = "👨‍👩‍👧‍👦";
    g_autofree char *crowd = g_strconcat(family, family, family, family, family, family, family,
                                         family, family, family, family, family, NULL);
    int64_t round = ask(p, p->group, "/question apple");
    int64_t emoji = world_user(p->w, crowd);
    int64_t korean = world_user(p->w, "가나다라마바사아자차카타파하");
    int64_t shy = world_user(p->w, "Shy");

    (void)data;
    world_answer(p->w, p->group, emoji, round, "a round fruit", p->now += 10);
    world_answer(p->w, p->group, korean, round, "fruit, it is round", p->now += 10);
    world_answer(p->w, p->group, shy, round, "round like fruit", p->now += 10);
    say(p, p->group, shy, "/anonymous on");
    const char *board = say(p, p->group, p->kim, "/leaderboard");
    HAS(board, "가나다라마바사아자…");
    LACKS(board, "차카");
    LACKS(board, "Shy");
    const char *at = strstr(board, family);
    g_assert_nonnull(at);
    g_autofree char *shown = g_strndup(at, strcspn(at, "\n"));
    g_autofree char *name = g_strndup(shown, (gsize)(strstr(shown, " — ") - shown));
    g_assert_cmpuint(text_width(name), <=, 20);
    g_assert_true(g_str_has_suffix(name, "👦…"));
    /* The same nickname when it is switched off and on. */
    g_autofree char *before = g_strdup(board);
    say(p, p->group, shy, "/anonymous off");
    say(p, p->group, shy, "/anonymous on");
    g_assert_cmpstr(say(p, p->group, p->kim, "/leaderboard"), ==, before);
}

static void test_score(struct place *p, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 3; i++) {
        ask(p, p->private, "/question Fruit");
        say(p, p->private, p->kim, "I do not know");
        p->now += DAY;
    }
    ask(p, p->private, "/question iron");
    say(p, p->private, p->kim, "A metal that rusts and makes steel with carbon, magnetic");
    const char *score = say(p, p->private, p->kim, "/score");
    HAS(score, "Kim's progress");
    HAS(score, "4 answers");
    HAS(score, "░░░░░░░░░░ 0 — Fruit (3 answers)");
    g_assert_true(g_regex_match_simple("▓+░* [0-9]+ — Metal \\(1 answer\\)", score, 0, 0));
    HAS(score, "The last 12 weeks");
    /* Monday to Thursday of this week, the last of twelve columns. */
    HAS(score, "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜🟧 Mo\n");
    HAS(score, "⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜⬜🟧 We\n");
    g_assert_true(g_regex_match_simple("⬜{11}(🟩|🟨) Th\n⬜{11} Fr\n", score, 0, 0));
    HAS(score, "Missed most often");
    HAS(score, "(1×)");
    /* In a group it is short: nobody else's affair. */
    int64_t round = ask(p, p->group, "/question apple");
    world_answer(p->w, p->group, p->kim, round, "a round fruit", p->now += 10);
    LACKS(say(p, p->group, p->kim, "/score"), "12 weeks");
}

/* Keeps an answer to the newest round in the private chat that missed both points, TIMES times. */
static void miss(struct place *p, int64_t round, const struct grade_point *points, size_t n,
                 int times)
{
    struct book *b = p->w->book;
    struct grade_result g = {.points = points, .n_points = n};

    world_begin(p->w);
    for (int i = 0; i < times; i++) {
        struct answer a = {.round = round,
                           .chat = p->private,
                           .user = p->kim,
                           .question = world_round(p->w, round).question,
                           .attempt = i + 2,
                           .text = (char[]){"x"},
                           .reason = "full",
                           .at = p->now};
        b->ops->put_answer(b, &a, &g, true);
    }
    world_commit(p->w);
}

/* What weighs nothing is not missed, and what the bank no longer has cannot be learnt. */
static void test_missed(struct place *p, gconstpointer data)
{
    static const struct grade_point points[] = {
        {.text = "A heading:", .weight = 0},
        {.text = "An old point.", .weight = 60},
        {.text = "A magnetic metal that rusts in humid air and makes steel with carbon.",
         .weight = 40}};

    (void)data;
    int64_t round = ask(p, p->private, "/question iron");
    say(p, p->private, p->kim, "It is a magnetic metal that rusts in humid air");
    miss(p, round, points, G_N_ELEMENTS(points), 3);
    const char *score = say(p, p->private, p->kim, "/score");
    HAS(score, "Missed most often");
    HAS(score, "A magnetic metal");
    HAS(score, "(3×)");
    LACKS(score, "A heading:");
    LACKS(score, "An old point.");
}

/* Nobody misses what somebody else has lived through. */
static void test_missed_experience(struct place *p, gconstpointer data)
{
    static const char text[] = "# T\n<details><summary>Have you used a tool?</summary>\n\n"
                               "I liked the debugger of the office best.\n\n</details>\n";
    bank_builder *b = bank_builder_new();

    (void)data;
    bank_builder_add(b, "t.md", NULL, 0, "t", text, sizeof text - 1);
    bank *own = bank_builder_finish(b);
    world_begin(p->w);
    g_autofree int64_t *keys = store_register(p->w->store, own);
    world_commit(p->w);
    interview_take_bank(p->w->in, own, keys);
    ask(p, p->private, "/question");
    say(p, p->private, p->kim, "I do not know");
    LACKS(say(p, p->private, p->kim, "/score"), "Missed most often");
}

/* Who reads /help knows what counts and what does not. */
static void test_rules_are_told(struct place *p, gconstpointer data)
{
    const char *help = say(p, p->private, p->kim, "/help");

    (void)data;
    HAS(help, "first answer");
    HAS(help, "10 points off");
    HAS(help, "3 questions a day");
    HAS(help, "at most 100 points");
    HAS(help, "after the question closed");
    HAS(help, "copied from the model answer or from somebody else is scored, but does not");
    HAS(help, "earn a freeze");
    say(p, p->private, p->kim, "/lang ko");
    HAS(say(p, p->private, p->kim, "/도움말"), "답을 옮긴 글은");
    say(p, p->private, p->kim, "/forgetme");
    HAS(say(p, p->private, p->kim, "/forgetme 네"), "14일");
}

#define TEST(path, fn) g_test_add("/progress/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("missed", test_missed);
    TEST("missed-experience", test_missed_experience);
    TEST("ten-and-oneself", test_ten_and_oneself);
    TEST("names", test_names);
    TEST("score", test_score);
    TEST("rules", test_rules_are_told);
    return g_test_run();
}
