/* /link in the store: two people become one, and every sum still equals its answers. */
#include <glib.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

static const struct chat defaults = {.lang = LANG_KO, .zone = (char[]){"Asia/Seoul"}};

struct place {
    char *folder;
    char *path;
    store *store;
    struct book *book;
    int64_t question[2];
};

static void no_send(void *ctx, enum platform platform, const struct send_opts *opts, const reply *r)
{
    (void)ctx, (void)platform, (void)opts, (void)r;
}

static const struct store_sink sink = {.send = no_send};

static void setup(struct place *p, gconstpointer data)
{
    static const char markdown[] =
        "# T\n<details><summary>Q?</summary>\n\nAn answer.\n\n</details>\n"
        "<details><summary>R?</summary>\n\nAnother.\n\n</details>\n";
    bank_builder *builder = bank_builder_new();

    (void)data;
    p->folder = g_dir_make_tmp("iv-link-XXXXXX", NULL);
    p->path = g_build_filename(p->folder, "a.db", NULL);
    p->store = store_open(p->path, &sink, NULL);
    g_assert_nonnull(p->store);
    p->book = store_book(p->store);
    store_begin(p->store);
    bank_builder_add(builder, "t.md", NULL, 0, "t", markdown, strlen(markdown));
    bank *b = bank_builder_finish(builder);
    g_autofree int64_t *keys = store_register(p->store, b);
    p->question[0] = keys[0];
    p->question[1] = keys[1];
    bank_free(b);
}

/* The sums of members and tallies must be those of the answers; the test of every case. */
static void check_sums(const struct place *p)
{
    static const char sql[] =
        "SELECT (SELECT count(*) FROM (SELECT chat, user, sum(ranked) r, sum(attempt=1) n,"
        "  sum(CASE attempt WHEN 1 THEN score ELSE 0 END) s FROM answers GROUP BY chat, user) a"
        " LEFT JOIN members m USING(chat, user) WHERE m.points IS NOT a.r OR m.answers IS NOT a.n"
        "  OR m.score_sum IS NOT a.s)"
        " + (SELECT count(*) FROM (SELECT chat, user, day, sum(ranked) r, sum(attempt=1) n"
        "  FROM answers GROUP BY chat, user, day) a LEFT JOIN tallies t USING(chat, user, day)"
        "  WHERE t.points IS NOT a.r OR t.answers IS NOT a.n)"
        " + (SELECT count(*) FROM members m WHERE points<>coalesce((SELECT sum(ranked) FROM "
        "answers a"
        "  WHERE a.chat=m.chat AND a.user=m.user),0))"
        " + (SELECT count(*) FROM rounds r WHERE answers<>(SELECT count(*) FROM answers a"
        "  WHERE a.round=r.id AND attempt=1))"
        " + (SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY round, user, attempt"
        "  HAVING count(*)>1))"
        " + (SELECT count(*) FROM (SELECT sum(ranked) s FROM answers GROUP BY chat, user, question"
        "  HAVING s>100))";
    sqlite3 *conn = NULL;
    sqlite3_stmt *st = NULL;

    g_assert_cmpint(sqlite3_open(p->path, &conn), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(conn, sql, -1, &st, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
    g_assert_cmpint(sqlite3_column_int(st, 0), ==, 0);
    sqlite3_finalize(st);
    sqlite3_close(conn);
}

static void teardown(struct place *p, gconstpointer data)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", p->folder);

    (void)data;
    g_assert_true(store_commit(p->store, NULL));
    check_sums(p);
    store_close(p->store);
    g_assert_cmpint(system(command), ==, 0);
    g_free(p->folder);
    g_free(p->path);
}

static int64_t person(struct place *p, enum platform platform, const char *ext)
{
    struct user u = {0};

    g_assert_true(store_user(p->store, platform, ext, ext, 1000, &u));
    int64_t id = u.id;
    user_clear(&u);
    return id;
}

static int64_t chat_of(struct place *p, enum platform platform, const char *ext,
                       enum chat_kind kind)
{
    struct chat c = {0};

    g_assert_true(store_chat(p->store, platform, ext, kind, ext, &defaults, 1000, &c));
    int64_t id = c.id;
    chat_clear(&c);
    return id;
}

static void sit(struct place *p, int64_t chat, int64_t user)
{
    struct seat s = {.practice_topic = (char[]){""}};

    p->book->ops->put_seat(p->book, chat, user, &s);
}

static int64_t open_round(struct place *p, int64_t chat, int64_t question)
{
    struct round r = {.chat = chat, .question = question, .opened = 1000, .minute = -1};

    return p->book->ops->new_round(p->book, &r);
}

/* One answer that ranks as fair.h would let it: what is better than held before. */
static void answer(struct place *p, int64_t round, int64_t chat, int64_t user, int64_t question,
                   int score, int64_t day)
{
    const struct book_ops *ops = p->book->ops;
    struct grade_result g = {.score = score};
    struct held held = ops->held(p->book, chat, user, question);
    struct round r = {0};
    struct answer a = {
        .round = round,
        .chat = chat,
        .user = user,
        .question = question,
        .attempt = ops->entry(p->book, round, user).attempts + 1,
        .text = (char[]){"text"},
        .score = score,
        .reason = "full",
        .day = day,
        .at = 1000 + day,
    };

    a.points = a.attempt == 1 ? MAX(0, score - held.points) : 0;
    ops->put_answer(p->book, &a, &g, false);
    if (a.attempt > 1)
        return;
    g_assert_true(ops->round(p->book, round, &r));
    r.answers++;
    r.score_sum += score;
    ops->put_round(p->book, &r);
}

static enum link_result link_them(struct place *p, int64_t maker, int64_t typer)
{
    g_autofree char *code = p->book->ops->link_code(p->book, maker, 2000);
    g_auto(GStrv) halves = g_strsplit(code, "-", 2);
    g_autofree char *plain = g_strconcat(halves[0], halves[1], NULL);

    g_assert_cmpuint(strlen(plain), ==, 8);
    return p->book->ops->link(p->book, typer, plain, 1500);
}

static int64_t points(struct place *p, int64_t chat, int64_t user)
{
    return p->book->ops->tally(p->book, chat, user).points;
}

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
    g_assert_cmpint(link_them(p, a, b), ==, LINK_DONE);
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
    struct entry hinted = {.hints = 2}, seen = {.hints = 1, .revealed = 1200};
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
    g_assert_cmpint(link_them(p, b, a), ==, LINK_DONE);
    /* One person has one first attempt in a round: the earlier one. */
    g_assert_cmpint(points(p, group, a), ==, 80);
    struct entry e = p->book->ops->entry(p->book, round, a);
    g_assert_cmpint(e.attempts, ==, 3);
    g_assert_true(p->book->ops->round(p->book, round, &r));
    g_assert_cmpint(r.answers, ==, 2);
    g_assert_cmpint(r.score_sum, ==, 130);
    g_assert_cmpint(e.hints, ==, 2);
    g_assert_cmpint(e.revealed, ==, 1200);
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
    g_assert_cmpint(link_them(p, a, b), ==, LINK_DONE);
    /* 80 of the one question, whose first attempt is the other account's; 60 + 10 of the other. */
    g_assert_cmpint(points(p, group, b), ==, 150);
    g_assert_true(p->book->ops->round(p->book, both, &r));
    g_assert_cmpint(r.answers, ==, 1);
    g_assert_cmpint(r.score_sum, ==, 80);
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
    g_assert_cmpint(link_them(p, user[1], user[2]), ==, LINK_DONE);
    g_assert_cmpint(link_them(p, user[2], user[0]), ==, LINK_DONE);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(points(p, chat[i], user[0]), ==, 90);
    answer(p, open_round(p, chat[2], p->question[0]), chat[2], user[0], p->question[0], 100, 9);
    g_assert_cmpint(points(p, chat[1], user[0]), ==, 100);
}

static void test_codes(struct place *p, gconstpointer data)
{
    int64_t a = person(p, PLATFORM_TELEGRAM, "1"), b = person(p, PLATFORM_SLACK, "U1");
    const struct book_ops *ops = p->book->ops;

    (void)data;
    g_assert_cmpint(ops->link(p->book, b, "NOTACODE", 1500), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, "", 1500), ==, LINK_UNKNOWN);
    g_assert_cmpint(link_them(p, a, a), ==, LINK_SELF);
    g_autofree char *old = ops->link_code(p->book, a, 2000);
    g_autofree char *late = ops->link_code(p->book, a, 2000);
    g_assert_cmpstr(old, !=, late);
    memmove(old + 4, old + 5, 5);
    memmove(late + 4, late + 5, 5);
    g_assert_cmpint(ops->link(p->book, b, old, 1500), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, late, 2000), ==, LINK_UNKNOWN);
    g_assert_cmpint(ops->link(p->book, b, late, 1500), ==,
                    LINK_UNKNOWN); /* it has ended meanwhile */
    g_assert_cmpint(link_them(p, a, b), ==, LINK_DONE);
    g_assert_cmpint(person(p, PLATFORM_TELEGRAM, "1"), ==, b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add("/link/private", struct place, NULL, setup, test_private, teardown);
    g_test_add("/link/group", struct place, NULL, setup, test_group, teardown);
    g_test_add("/link/later", struct place, NULL, setup, test_later, teardown);
    g_test_add("/link/chain", struct place, NULL, setup, test_chain, teardown);
    g_test_add("/link/codes", struct place, NULL, setup, test_codes, teardown);
    return g_test_run();
}
