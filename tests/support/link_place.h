/* A store with people, chats and answers, for the tests of /link: what becomes one is checked. */
#ifndef INTERVIEWD_TESTS_LINK_PLACE_H
#define INTERVIEWD_TESTS_LINK_PLACE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

enum { QUESTIONS = 4 };

static const struct chat defaults = {.lang = LANG_KO, .zone = (char[]){"Asia/Seoul"}};

struct place {
    char *folder;
    char *path;
    store *store;
    struct book *book;
    int64_t question[QUESTIONS];
};

static inline void no_send(void *ctx, enum platform platform, const struct send_opts *opts,
                           const reply *r)
{
    (void)ctx, (void)platform, (void)opts, (void)r;
}

static const struct store_sink sink = {.send = no_send};

static inline void setup(struct place *p, gconstpointer data)
{
    static const char markdown[] =
        "# T\n<details><summary>Q?</summary>\n\nAn answer.\n\n</details>\n"
        "<details><summary>R?</summary>\n\nAnother.\n\n</details>\n"
        "<details><summary>S?</summary>\n\nA third.\n\n</details>\n"
        "<details><summary>U?</summary>\n\nA fourth.\n\n</details>\n";
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
    memcpy(p->question, keys, sizeof p->question);
    bank_free(b);
}

/* What must be none; the sums of members, tallies and rounds must be those of the answers. */
static const char *const wrong[] = {
    /* members */
    "SELECT count(*) FROM members m LEFT JOIN (SELECT chat, user, sum(ranked) r, sum(attempt=1) n,"
    " sum((attempt=1)*score) s, max(id) i, max((ranked>0)*at) t FROM answers GROUP BY chat, user) a"
    " USING(chat, user) WHERE (m.points, m.answers, m.score_sum, m.last_answer, m.reached_at)"
    " IS NOT (coalesce(a.r,0), coalesce(a.n,0), coalesce(a.s,0), coalesce(a.i,0), coalesce(a.t,0))",
    "SELECT count(*) FROM answers LEFT JOIN members m USING(chat, user) WHERE m.chat IS NULL",
    /* tallies */
    "SELECT count(*) FROM tallies t LEFT JOIN (SELECT chat, user, day, sum(ranked) r,"
    " sum(attempt=1) n, sum((attempt=1)*score) s FROM answers GROUP BY chat, user, day) a"
    " USING(chat, user, day) WHERE (t.points, t.answers, t.score_sum) IS NOT (a.r, a.n, a.s)",
    "SELECT count(*) FROM answers a LEFT JOIN tallies t USING(chat, user, day) WHERE t.day IS NULL"
    " AND (attempt=1 OR ranked>0)",
    /* rounds */
    "SELECT count(*) FROM rounds r WHERE (answers, score_sum) IS NOT (SELECT count(*),"
    " coalesce(sum(score),0) FROM answers a WHERE a.round=r.id AND attempt=1 AND NOT late)",
    "SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY round, user, attempt HAVING count(*)>1)",
    /* answers */
    "SELECT count(*) FROM (SELECT sum(ranked) s FROM answers GROUP BY chat, user, question"
    " HAVING s>100)",
    "SELECT count(*) FROM answers WHERE (streak_day IS NOT NULL)<>(attempt=1)",
};

static inline int64_t number(sqlite3 *conn, const char *sql)
{
    sqlite3_stmt *st = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(conn, sql, -1, &st, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static inline sqlite3 *look(const struct place *p)
{
    sqlite3 *conn = NULL;

    g_assert_cmpint(sqlite3_open(p->path, &conn), ==, SQLITE_OK);
    return conn;
}

static inline void check_sums(const struct place *p)
{
    sqlite3 *conn = look(p);

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        int64_t n = number(conn, wrong[i]);

        if (n != 0)
            g_test_message("%lld: %s", (long long)n, wrong[i]);
        g_assert_cmpint(n, ==, 0);
    }
    sqlite3_close(conn);
}

static inline void teardown(struct place *p, gconstpointer data)
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

static inline int64_t person(struct place *p, enum platform platform, const char *ext)
{
    struct user u = {0};

    g_assert_true(store_user(p->store, platform, ext, ext, 1000, &u));
    int64_t id = u.id;
    user_clear(&u);
    return id;
}

static inline int64_t chat_of(struct place *p, enum platform platform, const char *ext,
                              enum chat_kind kind)
{
    struct chat c = {0};

    g_assert_true(store_chat(p->store, platform, ext, kind, ext, &defaults, 1000, &c));
    int64_t id = c.id;
    chat_clear(&c);
    return id;
}

static inline void sit(struct place *p, int64_t chat, int64_t user)
{
    struct seat s = {.practice_topic = (char[]){""}};

    p->book->ops->put_seat(p->book, chat, user, &s);
}

static inline int64_t open_round(struct place *p, int64_t chat, int64_t question)
{
    struct round r = {.chat = chat, .question = question, .opened = 1000, .minute = -1};

    return p->book->ops->new_round(p->book, &r);
}

/* Puts A as fair.h would let it rank: of a first attempt that is in time, what is better than held
 * before. Gives its id. */
static inline int64_t put(struct place *p, struct answer *a, bool on_demand)
{
    const struct book_ops *ops = p->book->ops;
    struct grade_result g = {.score = a->score};
    struct held held = ops->held(p->book, a->chat, a->user, a->question);
    struct round r = {0};

    a->attempt = ops->entry(p->book, a->round, a->user).attempts + 1;
    a->text = (char[]){"text"};
    a->reason = "full";
    a->points = a->attempt == 1 && !a->late ? MAX(0, a->score - held.points) : 0;
    a->streak_day = a->day;
    int64_t id = ops->put_answer(p->book, a, &g, on_demand && a->points > 0);
    if (a->attempt > 1 || a->late)
        return id;
    g_assert_true(ops->round(p->book, a->round, &r));
    r.answers++;
    r.score_sum += a->score;
    ops->put_round(p->book, &r);
    return id;
}

static inline void answer(struct place *p, int64_t round, int64_t chat, int64_t user,
                          int64_t question, int score, int64_t day)
{
    struct answer a = {.round = round,
                       .chat = chat,
                       .user = user,
                       .question = question,
                       .score = score,
                       .day = day,
                       .at = 1000 + day};

    put(p, &a, false);
}

static inline enum link_result try_link(struct place *p, int64_t maker, int64_t typer,
                                        int64_t *ret_user)
{
    g_autofree char *code = p->book->ops->link_code(p->book, maker, 2000);
    g_auto(GStrv) halves = g_strsplit(code, "-", 2);
    g_autofree char *plain = g_strconcat(halves[0], halves[1], NULL);

    g_assert_cmpuint(strlen(plain), ==, 8);
    return p->book->ops->link(p->book, typer, plain, 1500, ret_user);
}

/* MAKER and TYPER become one: who that is. */
static inline int64_t link_them(struct place *p, int64_t maker, int64_t typer)
{
    int64_t one = 0;

    g_assert_cmpint(try_link(p, maker, typer, &one), ==, LINK_DONE);
    g_assert_true(one == maker || one == typer);
    return one;
}

static inline int64_t points(struct place *p, int64_t chat, int64_t user)
{
    return p->book->ops->tally(p->book, chat, user).points;
}

#endif
