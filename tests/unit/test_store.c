/* The store over a real file: what is written is read, transactions hold, errors say what to do. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "outbox.h"
#include "store.h"

struct place {
    char *folder;
    char *path;
};

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    p->folder = g_dir_make_tmp("iv-store-XXXXXX", NULL);
    p->path = g_build_filename(p->folder, "sub", "a.db", NULL);
}

static void teardown(struct place *p, gconstpointer data)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", p->folder);

    (void)data;
    g_assert_cmpint(system(command), ==, 0);
    g_free(p->folder);
    g_free(p->path);
}

static int sent;

static void count_send(void *ctx, enum platform platform, const struct send_opts *opts,
                       const reply *r)
{
    (void)ctx, (void)platform, (void)opts, (void)r;
    sent++;
}

static const struct store_sink sink = {.send = count_send};

static store *open_store(const struct place *p)
{
    g_autoptr(GError) error = NULL;
    store *s = store_open(p->path, &sink, &error);

    g_assert_no_error(error);
    return s;
}

static void exec(const struct place *p, const char *sql)
{
    sqlite3 *conn = NULL;

    g_assert_cmpint(sqlite3_open(p->path, &conn), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(conn, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(conn);
}

static const struct chat defaults = {.lang = LANG_KO, .zone = (char[]){"Asia/Seoul"}};

/* Adds a chat, a person, a question and a round with one graded answer of SCORE. */
static struct answer answer_once(store *s, int score, int points)
{
    static const char markdown[] =
        "# T\n<details><summary>Q?</summary>\n\nAn answer.\n\n</details>\n";
    struct book *b = store_book(s);
    struct chat chat = {0};
    struct user user = {0};
    bank_builder *builder = bank_builder_new();
    struct grade_point point = {.text = "An \"answer\"\n", .weight = 100, .earned = score};
    struct grade_result g = {.score = score, .points = &point, .n_points = 1};

    bank_builder_add(builder, "t.md", NULL, 0, "t", markdown, strlen(markdown));
    bank *bk = bank_builder_finish(builder);
    g_autofree int64_t *keys = store_register(s, bk);
    g_assert_true(store_chat(s, PLATFORM_TERMINAL, "c", CHAT_PRIVATE, "c", &defaults, 1, &chat));
    g_assert_true(store_user(s, PLATFORM_TERMINAL, "u", "Kim", 1, &user));
    struct seat seat = {.round = 0};
    b->ops->put_seat(b, chat.id, user.id, &seat);
    struct round round = {
        .chat = chat.id, .question = keys[0], .opened = 5, .day = 20000, .minute = -1};
    round.id = b->ops->new_round(b, &round);
    struct answer a = {.round = round.id,
                       .chat = chat.id,
                       .user = user.id,
                       .question = keys[0],
                       .attempt = 1,
                       .text = (char[]){"it's an answer'); DROP TABLE answers;--"},
                       .score = score,
                       .points = points,
                       .reason = "full",
                       .day = 20000,
                       .at = 6};
    a.id = b->ops->put_answer(b, &a, &g, true);
    bank_free(bk);
    chat_clear(&chat);
    user_clear(&user);
    return a;
}

static void test_remembers(struct place *p, gconstpointer data)
{
    store *s = open_store(p);

    (void)data;
    store_begin(s);
    struct answer a = answer_once(s, 80, 70);
    g_assert_true(store_commit(s, NULL));
    store_close(s);

    s = open_store(p);
    struct book *b = store_book(s);
    store_begin(s);
    struct tally t = b->ops->tally(b, a.chat, a.user);
    g_assert_cmpint(t.points, ==, 70);
    g_assert_cmpint(t.answers, ==, 1);
    g_assert_cmpint(t.score_sum, ==, 80);
    g_assert_cmpint(b->ops->held(b, a.chat, a.user, a.question).points, ==, 70);
    g_assert_cmpint(b->ops->ranked_today(b, a.chat, a.user, 20000, 0), ==, 1);
    g_assert_cmpint(b->ops->entry(b, a.round, a.user).attempts, ==, 1);
    struct answer back = {0};
    struct kept_result *kept = b->ops->result(b, a.chat, a.user, 0, &back);
    g_assert_nonnull(kept);
    g_assert_cmpstr(kept->r.points[0].text, ==, "An \"answer\"\n");
    g_assert_cmpint(kept->r.points[0].earned, ==, 80);
    g_assert_cmpstr(back.text, ==, "it's an answer'); DROP TABLE answers;--");
    answer_clear(&back);
    kept_result_free(kept);
    store_rollback(s);
    store_close(s);
}

/* A point that weighs nothing can earn nothing, and is not missed for that. */
static void test_weightless_points(struct place *p, gconstpointer data)
{
    static const struct grade_point points[] = {{.text = "weightless", .weight = 0},
                                                {.text = "missed", .weight = 60},
                                                {.text = "got", .weight = 40, .earned = 40}};
    struct grade_result g = {.score = 40, .points = points, .n_points = G_N_ELEMENTS(points)};
    store *s = open_store(p);
    struct book *b = store_book(s);
    struct missed_row worst = {0};

    (void)data;
    store_begin(s);
    struct answer a = answer_once(s, 80, 80);
    struct round round = {.chat = a.chat, .question = a.question, .opened = 7, .minute = -1};
    a.round = round.id = b->ops->new_round(b, &round);
    a.text = (char[]){"a thing"};
    a.reason = "full";
    b->ops->put_answer(b, &a, &g, true);
    g_autoptr(GArray) rows = b->ops->missed(b, a.chat, a.user, 3);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(g_array_index(rows, struct missed_row, 0).point, ==, "missed");
    g_assert_true(b->ops->round_missed(b, round.id, &worst));
    g_assert_cmpstr(worst.point, ==, "missed");
    g_free(worst.point);
    store_rollback(s);
    store_close(s);
}

static void test_rollback_undoes_all(struct place *p, gconstpointer data)
{
    store *s = open_store(p);

    (void)data;
    store_begin(s);
    struct answer a = answer_once(s, 80, 80);
    store_rollback(s);
    store_begin(s);
    g_assert_cmpint(store_book(s)->ops->tally(store_book(s), a.chat, a.user).answers, ==, 0);
    g_assert_true(store_commit(s, NULL));
    store_close(s);
}

/* Answers BEFORE once more, graded by a sheet of the two texts. Gives what is then kept as the
 * texts, joined. *new* */
static char *answer_by(store *s, const struct answer *before, const char *first, const char *second)
{
    struct book *b = store_book(s);
    struct grade_point points[] = {{.text = first, .weight = 50}, {.text = second, .weight = 50}};
    struct grade_result g = {.points = points, .n_points = second != NULL ? 2 : 1};
    struct answer a = *before, back = {0};

    a.attempt++;
    b->ops->put_answer(b, &a, &g, false);
    struct kept_result *kept = b->ops->result(b, a.chat, a.user, a.round, &back);
    g_assert_cmpuint(kept->r.n_points, ==, g.n_points);
    char *said = g_strjoin("|", kept->r.points[0].text,
                           kept->r.n_points > 1 ? kept->r.points[1].text : NULL, NULL);
    answer_clear(&back);
    kept_result_free(kept);
    return said;
}

static int sheets_in(const struct place *p)
{
    sqlite3 *conn;
    sqlite3_stmt *st;

    g_assert_cmpint(sqlite3_open(p->path, &conn), ==, SQLITE_OK);
    sqlite3_prepare_v2(conn, "SELECT count(*) FROM sheets", -1, &st, NULL);
    g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
    int n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(conn);
    return n;
}

/* Key points' texts are kept once, also when the bank changes under a question and changes back. */
static void test_sheets(struct place *p, gconstpointer data)
{
    static const char *const sheets[][2] = {
        {"one", "two"}, {"one", "two"}, {"one", "three"}, {"one", NULL}, {"one", "two"},
    };
    store *s = open_store(p);

    (void)data;
    store_begin(s);
    struct answer a = answer_once(s, 80, 80);
    a.attempt = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autofree char *kept = answer_by(s, &a, sheets[i][0], sheets[i][1]);
        g_autofree char *given = g_strjoin("|", sheets[i][0], sheets[i][1], NULL);

        g_assert_cmpstr(kept, ==, given);
    }
    g_assert_true(store_commit(s, NULL));
    g_assert_cmpint(sheets_in(p), ==, 4);

    /* What a rollback took back is not taken for there. */
    store_begin(s);
    g_autofree char *lost = answer_by(s, &a, "new", "two");
    store_rollback(s);
    store_begin(s);
    g_autofree char *again = answer_by(s, &a, "new", "two");
    g_assert_cmpstr(again, ==, "new|two");
    g_assert_true(store_commit(s, NULL));
    g_assert_cmpint(sheets_in(p), ==, 5);
    store_close(s);
}

static void test_second_writer_is_refused(struct place *p, gconstpointer data)
{
    store *s = open_store(p);
    g_autoptr(GError) error = NULL;

    (void)data;
    g_assert_null(store_open(p->path, &sink, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_LOCKED);
    store_close(s);
    s = open_store(p); /* and let in when the first has gone */
    store_close(s);
}

static void test_modes(struct place *p, gconstpointer data)
{
    struct stat st;
    store *s = open_store(p);
    g_autofree char *folder = g_path_get_dirname(p->path);
    g_autofree char *copy = g_build_filename(p->folder, "copy.db", NULL);
    g_autofree char *wal = g_strconcat(p->path, "-wal", NULL);

    (void)data;
    g_assert_cmpint(stat(p->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_assert_cmpint(stat(wal, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_assert_cmpint(stat(folder, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0700);
    g_assert_true(store_backup(p->path, copy, NULL));
    g_assert_cmpint(stat(copy, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    store_close(s);
}

static void test_backup_beside_a_writer(struct place *p, gconstpointer data)
{
    store *s = open_store(p);
    g_autofree char *to = g_build_filename(p->folder, "copy.db", NULL);
    g_autoptr(GError) error = NULL;

    (void)data;
    store_begin(s);
    answer_once(s, 80, 80);
    g_assert_true(store_commit(s, NULL));
    g_assert_true(store_backup(p->path, to, &error));
    g_assert_no_error(error);
    g_assert_false(store_backup(p->path, to, &error)); /* never over an existing file */
    g_assert_nonnull(error);
    store_close(s);
    struct place copy = {p->folder, to};
    s = open_store(&copy);
    store_begin(s);
    g_assert_cmpint(store_book(s)->ops->tally(store_book(s), 1, 1).answers, ==, 1);
    store_rollback(s);
    store_close(s);
}

/* What breaks a rule of the schema would break it again, however often it is tried. */
static void test_broken_rule(struct place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM};
    store *s = open_store(p);

    (void)data;
    store_begin(s);
    outbox_refused(s, &row, 1, NULL);
    g_assert_false(store_commit(s, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_RULE);
    g_assert_true(store_broke_rule(s));
    store_begin(s);
    outbox_refused(s, &row, 1, "because");
    g_assert_true(store_commit(s, NULL));
    store_close(s);
}

static void test_newer_is_refused_untouched(struct place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    store_close(open_store(p));
    exec(p, "PRAGMA user_version=999");
    g_assert_null(store_open(p->path, &sink, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_NEWER);
    exec(p, "SELECT * FROM answers");
}

static void test_corrupt_is_refused(struct place *p, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_path_get_dirname(p->path);

    (void)data;
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(
        g_file_set_contents(p->path, "this is no database, whatever its name says", -1, NULL));
    g_assert_null(store_open(p->path, &sink, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, "restore a backup"));
}

/* The board is the sum of the answers, whatever way it is asked for. */
static void test_sums_equal_recomputation(struct place *p, gconstpointer data)
{
    store *s = open_store(p);

    (void)data;
    store_begin(s);
    for (int i = 0; i < 20; i++)
        answer_once(s, i * 5, i);
    g_assert_true(store_commit(s, NULL));
    store_close(s);
    exec(p, "CREATE TEMP TABLE t(x CHECK(x)); INSERT INTO t SELECT"
            " (SELECT sum(ranked) FROM answers)=(SELECT points FROM members)"
            " AND (SELECT sum(ranked) FROM answers)=(SELECT sum(points) FROM tallies)"
            " AND (SELECT sum(score) FROM answers)=(SELECT sum(score_sum) FROM tallies)"
            " AND (SELECT count(*) FROM answers)=(SELECT sum(answers) FROM tallies)");
}

#define TEST(path, fn) g_test_add("/store/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("weightless-points", test_weightless_points);
    TEST("remembers", test_remembers);
    TEST("rollback", test_rollback_undoes_all);
    TEST("sheets", test_sheets);
    TEST("lock", test_second_writer_is_refused);
    TEST("modes", test_modes);
    TEST("backup", test_backup_beside_a_writer);
    TEST("broken-rule", test_broken_rule);
    TEST("newer", test_newer_is_refused_untouched);
    TEST("corrupt", test_corrupt_is_refused);
    TEST("sums", test_sums_equal_recomputation);
    return g_test_run();
}
