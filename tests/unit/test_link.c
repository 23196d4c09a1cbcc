/* /link in the store: two people become one, and every sum still equals its answers. */
#include "../support/link_place.h"
#include "outbox.h"

/* ---- cases ---- */

static void test_private(struct place *p, gconstpointer data)
{
    int64_t a = person(p, PLATFORM_TELEGRAM, "1"), b = person(p, PLATFORM_SLACK, "U1");
    int64_t home = chat_of(p, PLATFORM_TELEGRAM, "1", CHAT_PRIVATE);
    int64_t dm = chat_of(p, PLATFORM_SLACK, "D1", CHAT_PRIVATE);

    (void)data;
    sit(p, home, a);
    sit(p, dm, b);
    answer(p, open_round(p, home, p->question[0]), home, a, p->question[0], 60, 1);
    answer(p, open_round(p, dm, p->question[0]), dm, b, p->question[0], 90, 2);
    answer(p, open_round(p, dm, p->question[1]), dm, b, p->question[1], 40, 2);
    g_assert_cmpint(link_them(p, a, b), ==, b); /* who has answered more */
    /* Of the same question what got better: 60 + 30 + 40. */
    g_assert_cmpint(points(p, home, b), ==, 130);
    g_assert_cmpint(points(p, dm, b), ==, 130);
    g_assert_cmpint(person(p, PLATFORM_TELEGRAM, "1"), ==, b);
    /* Both chats show the one history, and go on with it. */
    answer(p, open_round(p, home, p->question[1]), home, b, p->question[1], 70, 3);
    g_assert_cmpint(points(p, dm, b), ==, 160);
    for (int i = 0; i < 2; i++) {
        g_autoptr(GArray) all = p->book->ops->board(p->book, i ? home : dm, INT32_MIN, INT32_MAX);
        g_autoptr(GArray) days = p->book->ops->board(p->book, i ? home : dm, 3, 4);

        g_assert_cmpuint(all->len, ==, 1);
        g_assert_cmpint(g_array_index(all, struct standing, 0).tally.points, ==, 160);
        g_assert_cmpuint(days->len, ==, 1);
        g_assert_cmpint(g_array_index(days, struct standing, 0).tally.points, ==, 30);
    }
}

static void test_group(struct place *p, gconstpointer data)
{
    int64_t a = person(p, PLATFORM_SLACK, "U1"), b = person(p, PLATFORM_SLACK, "U2");
    int64_t other = person(p, PLATFORM_SLACK, "U3");
    int64_t group = chat_of(p, PLATFORM_SLACK, "C1", CHAT_GROUP);
    int64_t round = open_round(p, group, p->question[0]);
    struct entry hinted = {.hints = 2, .revealed = 1100}, seen = {.hints = 1, .revealed = 1200};
    struct round r = {0};

    (void)data;
    sit(p, group, a);
    sit(p, group, b);
    answer(p, round, group, a, p->question[0], 80, 1);
    answer(p, round, group, other, p->question[0], 50, 1);
    answer(p, round, group, b, p->question[0], 90, 1);
    answer(p, round, group, b, p->question[0], 95, 1);
    p->book->ops->put_entry(p->book, round, a, &hinted);
    p->book->ops->put_entry(p->book, round, b, &seen);
    g_assert_cmpint(link_them(p, b, a), ==, a); /* as many: who types the code */
    /* One person has one first attempt in a round: the earlier one. */
    g_assert_cmpint(points(p, group, a), ==, 80);
    struct entry e = p->book->ops->entry(p->book, round, a);
    g_assert_cmpint(e.attempts, ==, 3);
    g_assert_true(p->book->ops->round(p->book, round, &r));
    g_assert_cmpint(r.answers, ==, 2);
    g_assert_cmpint(r.score_sum, ==, 130);
    g_assert_cmpint(e.hints, ==, 2);
    g_assert_cmpint(e.revealed, ==, 1200); /* when it was shown last */
    g_assert_cmpint(points(p, group, other), ==, 50);
}

/* The account that stays answered second: it is its own answers that count for less then. */
static void test_later(struct place *p, gconstpointer data)
{
    int64_t a = person(p, PLATFORM_SLACK, "U1"), b = person(p, PLATFORM_SLACK, "U2");
    int64_t group = chat_of(p, PLATFORM_SLACK, "C1", CHAT_GROUP);
    int64_t both = open_round(p, group, p->question[0]);
    struct round r = {0};

    (void)data;
    sit(p, group, a);
    sit(p, group, b);
    answer(p, both, group, a, p->question[0], 80, 1);
    answer(p, both, group, b, p->question[0], 90, 1);
    answer(p, both, group, b, p->question[0], 95, 1);
    answer(p, open_round(p, group, p->question[1]), group, a, p->question[1], 60, 2);
    answer(p, open_round(p, group, p->question[1]), group, b, p->question[1], 70, 3);
    g_assert_cmpint(link_them(p, a, b), ==, b);
    /* 80 of the one question, whose first attempt is the other account's; 60 + 10 of the other. */
    g_assert_cmpint(points(p, group, b), ==, 150);
    g_assert_true(p->book->ops->round(p->book, both, &r));
    g_assert_cmpint(r.answers, ==, 1);
    g_assert_cmpint(r.score_sum, ==, 80);
}

/* Who is still in a group with one of the accounts is in it, whichever that is. */
static void test_left(struct place *p, gconstpointer data)
{
    int64_t user[2] = {person(p, PLATFORM_SLACK, "U1"), person(p, PLATFORM_SLACK, "U2")};

    (void)data;
    for (int left = 0; left < 2; left++) {
        int64_t group = chat_of(p, PLATFORM_SLACK, left ? "C2" : "C1", CHAT_GROUP);
        int64_t round = open_round(p, group, p->question[0]);
        struct seat away = {.left = true, .practice_topic = (char[]){""}};

        for (int i = 0; i < 2; i++) {
            answer(p, round, group, user[i], p->question[0], 50 + i, 1);
            if (i == left)
                p->book->ops->put_seat(p->book, group, user[i], &away);
        }
    }
    link_them(p, user[0], user[1]);
    for (int left = 0; left < 2; left++) {
        int64_t group = chat_of(p, PLATFORM_SLACK, left ? "C2" : "C1", CHAT_GROUP);
        g_autoptr(GArray) board = p->book->ops->board(p->book, group, INT32_MIN, INT32_MAX);

        g_assert_cmpuint(board->len, ==, 1);
    }
}

/* Three accounts, joined in two steps, one of which was joined before. */
static void test_chain(struct place *p, gconstpointer data)
{
    static const enum platform platforms[] = {PLATFORM_TERMINAL, PLATFORM_TELEGRAM, PLATFORM_SLACK};
    int64_t user[3], chat[3];

    (void)data;
    for (int i = 0; i < 3; i++) {
        user[i] = person(p, platforms[i], "x");
        chat[i] = chat_of(p, platforms[i], "x", CHAT_PRIVATE);
        sit(p, chat[i], user[i]);
        answer(p, open_round(p, chat[i], p->question[0]), chat[i], user[i], p->question[0],
               30 * (i + 1), i);
    }
    int64_t one = link_them(p, link_them(p, user[1], user[2]), user[0]);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(person(p, platforms[i], "x"), ==, one);
        g_assert_cmpint(points(p, chat[i], one), ==, 90);
    }
    answer(p, open_round(p, chat[2], p->question[0]), chat[2], one, p->question[0], 100, 9);
    g_assert_cmpint(points(p, chat[1], one), ==, 100);
}

/* The new account types the code that the old one has made: it is the old one that goes on. */
static void test_new_types(struct place *p, gconstpointer data)
{
    int64_t old = person(p, PLATFORM_TELEGRAM, "1"), new = person(p, PLATFORM_SLACK, "U1");
    int64_t home = chat_of(p, PLATFORM_TELEGRAM, "1", CHAT_PRIVATE);
    int64_t dm = chat_of(p, PLATFORM_SLACK, "D1", CHAT_PRIVATE);

    (void)data;
    sit(p, dm, new); /* whose private chat is the older one here */
    sit(p, home, old);
    for (int i = 0; i < 2; i++)
        answer(p, open_round(p, home, p->question[i]), home, old, p->question[i], 60, 1);
    answer(p, open_round(p, dm, p->question[0]), dm, new, p->question[0], 90, 2);
    struct outbox_row said = {.platform = PLATFORM_SLACK, .chat = dm, .body = (char[]){"{}"}};
    g_assert_cmpint(link_them(p, old, new), ==, old);
    outbox_add(p->store, &said);
    g_assert_true(store_commit(p->store, NULL));
    sqlite3 *conn = look(p);
    g_assert_cmpint(number(conn, "SELECT person FROM outbox"), ==, old); /* /forgetme finds it */
    sqlite3_close(conn);
    store_begin(p->store);
    g_assert_cmpint(person(p, PLATFORM_SLACK, "U1"), ==, old);
    g_assert_cmpint(points(p, home, old), ==, 150);
    g_assert_cmpint(points(p, dm, old), ==, 150);
}

static void test_codes(struct place *p, gconstpointer data)
{
    int64_t a = person(p, PLATFORM_TELEGRAM, "1"), b = person(p, PLATFORM_SLACK, "U1");
    const struct book_ops *ops = p->book->ops;
    int64_t one;

    (void)data;
    g_assert_cmpint(ops->link(p->book, b, "NOTACODE", 1500, &one), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, "", 1500, &one), ==, LINK_UNKNOWN);
    g_assert_cmpint(try_link(p, a, a, &one), ==, LINK_SELF);
    g_autofree char *old = ops->link_code(p->book, a, 2000);
    g_autofree char *late = ops->link_code(p->book, a, 2000);
    g_assert_cmpstr(old, !=, late);
    memmove(old + 4, old + 5, 5);
    memmove(late + 4, late + 5, 5);
    g_assert_cmpint(ops->link(p->book, b, old, 1500, &one), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, late, 2000, &one), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, late, 1500, &one), ==,
                    LINK_UNKNOWN); /* it has ended meanwhile */
    g_assert_cmpint(link_them(p, a, b), ==, b);
    g_assert_cmpint(person(p, PLATFORM_TELEGRAM, "1"), ==, b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add("/link/private", struct place, NULL, setup, test_private, teardown);
    g_test_add("/link/group", struct place, NULL, setup, test_group, teardown);
    g_test_add("/link/later", struct place, NULL, setup, test_later, teardown);
    g_test_add("/link/left", struct place, NULL, setup, test_left, teardown);
    g_test_add("/link/new-types", struct place, NULL, setup, test_new_types, teardown);
    g_test_add("/link/chain", struct place, NULL, setup, test_chain, teardown);
    g_test_add("/link/codes", struct place, NULL, setup, test_codes, teardown);
    return g_test_run();
}
