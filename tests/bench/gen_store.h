/*
 * A made database of years of use: chats, people, rounds, answers and their sums, the same for the
 * same seed. Written straight into the store's tables, since a million answers through the bot
 * would take an hour; the sums are computed by SQL from the answers, as the store's own test does.
 */
#ifndef INTERVIEWD_BENCH_GEN_STORE_H
#define INTERVIEWD_BENCH_GEN_STORE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdint.h>

struct gen {
    int chats, users, answers, questions;
    uint32_t seed;
    int64_t now; /* UTC seconds at which the history ends */
};

/* Some members of a made chat: more people talk in a few large groups than in most. */
static inline int gen_members(const struct gen *g, int chat)
{
    if (chat % 3 != 0)
        return 1; /* a private chat */
    return chat == 3 ? 1000 : 5 + (chat * 7919) % (2 * (g->users - g->chats) / g->chats * 3);
}

static inline void gen_exec(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        g_error("%s: %s", sql, message);
}

static inline sqlite3_stmt *gen_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(db));
    return st;
}

static inline void gen_run(sqlite3_stmt *st, const int64_t *values, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_bind_int64(st, i + 1, values[i]);
    if (sqlite3_step(st) != SQLITE_DONE)
        g_error("%s", sqlite3_errmsg(sqlite3_db_handle(st)));
    sqlite3_reset(st);
}

/* CHATS and USERS are there; their members, rounds and answers come here. */
static inline void gen_chat(sqlite3_stmt *round, sqlite3_stmt *answer, GRand *dice,
                            const struct gen *g, int chat, int first_user, int members, int answers)
{
    int64_t days = 730, id = 0;
    int64_t rounds = MIN(answers, members > 1 ? days : answers);

    for (int i = 0; i < rounds; i++) {
        int64_t opened = g->now - (days - i * days / rounds) * 86400;
        int64_t question = 1 + (i * 7 + chat) % g->questions;
        bool last = i + 1 == rounds;
        int64_t r[] = {chat,
                       question,
                       members > 1,
                       0,
                       opened,
                       opened + 86400,
                       last ? 0 : opened + 86400,
                       opened / 86400,
                       540,
                       0};
        int each = answers / (int)rounds + (i < answers % (int)rounds ? 1 : 0);

        r[9] = each;
        gen_run(round, r, 10);
        id = sqlite3_last_insert_rowid(sqlite3_db_handle(round));
        for (int k = 0; k < each; k++) {
            int score = g_rand_int_range(dice, 0, 101);
            int64_t at = opened + g_rand_int_range(dice, 60, 80000);
            int64_t user = first_user + (i * 3 + k) % members;
            int64_t a[] = {id,
                           chat,
                           user,
                           question,
                           k < members ? 1 : 2,
                           score,
                           i < g->questions ? score : 0,
                           at / 86400,
                           at,
                           at / 86400};

            gen_run(answer, a, 10);
        }
    }
}

/* Fills the empty, migrated database at PATH. */
static inline void gen_store(const char *path, const struct gen *g)
{
    sqlite3 *db = NULL;
    GRand *dice = g_rand_new_with_seed(g->seed);
    int total = 0, user = 1, left = g->answers;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        g_error("%s", sqlite3_errmsg(db));
    gen_exec(db, "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; BEGIN");
    g_autofree char *people = g_strdup_printf(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)"
        " INSERT INTO users(id, name, created) SELECT i, '이름 '||i, 1 FROM n;"
        "INSERT INTO accounts SELECT 1, 'u'||id, id FROM users;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)"
        " INSERT INTO chats(id, platform, ext, kind, title, lang, zone, schedule, fired, created)"
        " SELECT i, 1, 'c'||i, i%%3=0, 'chat '||i, 0, 'Asia/Seoul', '09:00', '%lld', 1 FROM n;",
        g->users, g->chats, (long long)g->now);
    gen_exec(db, people);
    for (int c = 1; c <= g->chats; c++)
        total += gen_members(g, c);
    gen_exec(db, "INSERT INTO sheets(id, question, points) SELECT id, id,"
                 " json_array('point '||id, 'other '||id) FROM questions");
    sqlite3_stmt *round = gen_prepare(
        db, "INSERT INTO rounds(chat, question, kind, asker, opened, closes, closed, day, minute,"
            " answers) VALUES(?,?,?,?,?,?,?,?,?,?)");
    sqlite3_stmt *answer = gen_prepare(
        db, "INSERT INTO answers(round, chat, user, question, attempt, text, score, points, ranked,"
            " reason, copied, hints, late, day, at, streak_day, sheet)"
            " VALUES(?1,?2,?3,?4,?5,'프로세스는 실행 중인 프로그램이고 스레드는 그 안의 실행 "
            "흐름입니다 "
            "and threads share the heap but not the stack '||?4,?6,"
            " '{\"model\":0,\"open\":false,\"points\":[{\"weight\":50,"
            "\"earned\":'||(?6/2)||',\"cover\":1,\"words\":[\"프로세스\",\"스레드\"]},"
            "{\"weight\":50,\"earned\":'||(CASE WHEN ?6<50 THEN 0 ELSE 50"
            " END)||',\"cover\":0,\"words\":[\"heap\"]}],\"deductions\":[]}',"
            " ?7,'full',0,0,0,?8,?9, CASE ?5 WHEN 1 THEN ?10 END, ?4)");
    for (int c = 1; c <= g->chats; c++) {
        int members = gen_members(g, c);
        int n = c == g->chats
                    ? left
                    : (int)((int64_t)g->answers * members / total) + (members == 1 ? 100 : 0);

        n = MIN(n, left);
        left -= n;
        gen_chat(round, answer, dice, g, c, user, members, n);
        user += members;
        if (user + 1000 > g->users)
            user = 1 + c % 500; /* people are in several chats */
    }
    sqlite3_finalize(round);
    sqlite3_finalize(answer);
    gen_exec(
        db,
        "INSERT INTO members(chat, user, points, answers, score_sum, last_answer, reached_at)"
        " SELECT chat, user, sum(ranked), sum(attempt=1), sum((attempt=1)*score), max(id), max(at)"
        " FROM answers GROUP BY chat, user;"
        "INSERT INTO tallies(chat, day, user, points, answers, score_sum, on_demand)"
        " SELECT chat, day, user, sum(ranked), sum(attempt=1), sum((attempt=1)*score), 0"
        " FROM answers GROUP BY chat, day, user;"
        "INSERT INTO entries(round, user, question, hints, revealed)"
        " SELECT DISTINCT round, user, question, 0, at FROM answers WHERE attempt=1;"
        "INSERT INTO asked(chat, question, last, round, pass, answers, score_sum)"
        " SELECT chat, question, max(opened), max(id), count(*), sum(answers), 50*sum(answers)"
        " FROM rounds GROUP BY chat, question;"
        "INSERT INTO posts(chat, message, round, main) SELECT chat, id, id, 1 FROM rounds;"
        "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(db);
    g_rand_free(dice);
}

#endif
