/*
 * What the store keeps in memory shows what the database holds: after its own
 * writing, after anybody else's, after a rollback, and with more than it keeps.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "db.h"
#include "outbox.h"
#include "store.h"

struct place {
    char *folder;
    store *s;
    struct book *b;
};

static const struct store_sink sink = {0};
static const struct chat defaults = {.lang = LANG_KO, .zone = (char[]){"Asia/Seoul"}};

static void open_again(struct place *p)
{
    g_autofree char *path = g_build_filename(p->folder, "a.db", NULL);
    g_autoptr(GError) error = NULL;

    store_close(p->s);
    p->s = store_open(path, &sink, &error);
    g_assert_no_error(error);
    p->b = store_book(p->s);
}

static void setup(struct place *p, gconstpointer data)
{
    (void)data;
    p->folder = g_dir_make_tmp("iv-memory-XXXXXX", NULL);
    open_again(p);
}

static void teardown(struct place *p, gconstpointer data)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", p->folder);

    (void)data;
    store_close(p->s);
    g_assert_cmpint(system(command), ==, 0);
    g_free(p->folder);
}

static void commit(struct place *p)
{
    g_autoptr(GError) error = NULL;

    store_commit(p->s, &error);
    g_assert_no_error(error);
}

static int64_t make_chat(struct place *p, const char *ext)
{
    struct chat c = {0};

    g_assert_true(
        store_chat(p->s, PLATFORM_TELEGRAM, ext, CHAT_GROUP, "Study", &defaults, 1000, &c));
    int64_t id = c.id;
    chat_clear(&c);
    return id;
}

static int64_t make_user(struct place *p, const char *ext, const char *name)
{
    struct user u = {0};

    g_assert_true(store_user(p->s, PLATFORM_TELEGRAM, ext, name, 1000, &u));
    int64_t id = u.id;
    user_clear(&u);
    return id;
}

static int64_t seat_round(struct place *p, int64_t chat, int64_t user)
{
    struct seat seat = {0};
    int64_t round = p->b->ops->seat(p->b, chat, user, &seat) ? seat.round : -1;

    seat_clear(&seat);
    return round;
}

static void put_round_of_seat(struct place *p, int64_t chat, int64_t user, int64_t round)
{
    struct seat seat = {.round = round, .practice_topic = (char[]){"topic"}};

    p->b->ops->put_seat(p->b, chat, user, &seat);
}

/* A seat is written late: whoever reads its table in the same transaction sees it all the same. */
static void test_late_writing_is_seen(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1"), user = make_user(p, "1", "Kim");
    put_round_of_seat(p, chat, user, 7);
    g_autoptr(GArray) members = p->b->ops->members(p->b, chat, true);
    g_assert_cmpuint(members->len, ==, 1);
    put_round_of_seat(p, chat, user, 8);
    commit(p);
    open_again(p);
    store_begin(p->s);
    g_assert_cmpint(seat_round(p, chat, user), ==, 8);
    commit(p);
}

static void test_a_rollback_is_seen(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1"), user = make_user(p, "1", "Kim");
    put_round_of_seat(p, chat, user, 7);
    commit(p);
    store_begin(p->s);
    put_round_of_seat(p, chat, user, 9);
    int64_t gone = make_user(p, "2", "Lee");
    store_rollback(p->s);
    store_begin(p->s);
    g_assert_cmpint(seat_round(p, chat, user), ==, 7);
    g_assert_cmpint(store_user_id(p->s, PLATFORM_TELEGRAM, "2"), ==, 0);
    struct user u = {0};
    g_assert_false(p->b->ops->user(p->b, gone, &u));
    commit(p);
}

static bool is_gone(struct place *p, int64_t chat)
{
    struct chat c = {0};

    g_assert_true(p->b->ops->chat(p->b, chat, &c));
    bool gone = c.gone;
    chat_clear(&c);
    return gone;
}

/* Statements that know nothing of the rows in memory: a chat that is gone, one that moves. */
static void test_other_writing_is_seen(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1"), user = make_user(p, "1", "Kim");
    put_round_of_seat(p, chat, user, 7);
    g_assert_false(is_gone(p, chat));
    chat_set_gone(p->s, chat, true);
    g_assert_true(is_gone(p, chat));
    g_assert_cmpint(seat_round(p, chat, user), ==, 7); /* what had not been written is not lost */
    g_assert_cmpint(chat_move(p->s, PLATFORM_TELEGRAM, "-1", "-100"), ==, chat);
    g_assert_cmpint(store_chat_id(p->s, PLATFORM_TELEGRAM, "-1"), ==, 0);
    g_assert_cmpint(store_chat_id(p->s, PLATFORM_TELEGRAM, "-100"), ==, chat);
    g_assert_false(is_gone(p, chat));
    p->b->ops->forget(p->b, user);
    g_assert_cmpint(store_user_id(p->s, PLATFORM_TELEGRAM, "1"), ==, 0);
    g_assert_cmpint(seat_round(p, chat, user), ==, -1);
    commit(p);
}

/* A name that changes is seen at once, and stays. */
static void test_names(struct place *p, gconstpointer data)
{
    struct user u = {0};

    (void)data;
    store_begin(p->s);
    int64_t user = make_user(p, "1", "Kim");
    g_assert_cmpint(make_user(p, "1", "Kim Minsu"), ==, user);
    g_assert_true(p->b->ops->user(p->b, user, &u));
    g_assert_cmpstr(u.name, ==, "Kim Minsu");
    user_clear(&u);
    commit(p);
}

static void test_more_than_is_kept(struct place *p, gconstpointer data)
{
    enum { MANY = 1500 };
    static int64_t users[MANY];

    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1");
    for (int i = 0; i < MANY; i++) {
        g_autofree char *ext = g_strdup_printf("%d", i);

        users[i] = make_user(p, ext, "Kim");
        put_round_of_seat(p, chat, users[i], i + 1);
    }
    for (int i = 0; i < MANY; i++)
        g_assert_cmpint(seat_round(p, chat, users[i]), ==, i + 1);
    commit(p);
    open_again(p);
    store_begin(p->s);
    for (int i = 0; i < MANY; i++)
        g_assert_cmpint(seat_round(p, chat, users[i]), ==, i + 1);
    commit(p);
}

static struct asked asked_of(struct place *p, int64_t chat, int64_t question)
{
    g_autoptr(GArray) all = p->b->ops->asked(p->b, chat);

    for (guint i = 0; i < all->len; i++) {
        if (g_array_index(all, struct asked, i).question == question)
            return g_array_index(all, struct asked, i);
    }
    return (struct asked){0};
}

/* The book's key of a bank's only question. */
static int64_t only_question(struct place *p)
{
    static const char markdown[] =
        "# T\n<details><summary>Q?</summary>\n\nAn answer.\n\n</details>\n";
    bank_builder *builder = bank_builder_new();

    bank_builder_add(builder, "t.md", NULL, 0, "t", markdown, strlen(markdown));
    bank *bk = bank_builder_finish(builder);
    g_autofree int64_t *keys = store_register(p->s, bk);
    bank_free(bk);
    return keys[0];
}

/* A round of QUESTION, opened then, which USER answers with a score of 40. */
static void ask_and_answer(struct place *p, int64_t chat, int64_t user, int64_t question,
                           int64_t opened, int pass)
{
    struct grade_result none = {.score = 40};
    struct round r = {.chat = chat, .question = question, .opened = opened, .pass = pass};

    r.id = p->b->ops->new_round(p->b, &r);
    struct answer a = {.round = r.id,
                       .chat = chat,
                       .user = user,
                       .question = question,
                       .attempt = 1,
                       .text = (char[]){"text"},
                       .score = 40,
                       .reason = "full",
                       .at = 1001};
    p->b->ops->put_answer(p->b, &a, &none, false);
}

/* What a chat has done with its questions, in memory and in the file. */
static void test_asked(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1"), user = make_user(p, "1", "Kim"), key = only_question(p);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(asked_of(p, chat, key).last, ==, i == 0 ? 0 : 1000);
        ask_and_answer(p, chat, user, key, 1000 + i, i);
    }
    for (int again = 0; again < 2; again++) {
        struct asked a = asked_of(p, chat, key);

        g_assert_cmpint(a.last, ==, 1001);
        g_assert_cmpint(a.pass, ==, 1);
        g_assert_cmpint(a.answers, ==, 2);
        g_assert_cmpint(a.score_sum, ==, 80);
        g_assert_cmpint(p->b->ops->tally(p->b, chat, user).answers, ==, 2);
        commit(p);
        open_again(p);
        store_begin(p->s);
    }
    commit(p);
}

/* The question and the member were known on both sides of a move: they are of both. */
static void test_moved(struct place *p, gconstpointer data)
{
    static const char *const from[] = {"-1", "-1",
                                       "-100"}; /* the last: the platform talks nonsense */

    (void)data;
    store_begin(p->s);
    int64_t old = make_chat(p, "-1"), new = make_chat(p, "-100");
    int64_t user = make_user(p, "1", "Kim"), key = only_question(p);
    ask_and_answer(p, old, user, key, 1000, 0);
    ask_and_answer(p, new, user, key, 1500, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(from); i++) {
        int64_t chat = chat_move(p->s, PLATFORM_TELEGRAM, from[i], "-100");
        struct asked a = asked_of(p, old, key);

        g_assert_cmpint(chat, ==, i == 1 ? 0 : old);
        g_assert_cmpint(a.last, ==, 1500);
        g_assert_cmpint(a.pass, ==, 1);
        g_assert_cmpint(a.answers, ==, 2);
        g_assert_cmpint(a.score_sum, ==, 80);
        g_assert_cmpint(p->b->ops->tally(p->b, old, user).answers, ==, 2);
        g_assert_cmpint(asked_of(p, new, key).last, ==, 0);
    }
    commit(p);
}

/* ---- the outbox's slots ---- */

static struct outbox_row add_row(struct place *p, int64_t chat, const char *body, const char *key)
{
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM,
                             .chat = chat,
                             .body = (char *)(uintptr_t)body,
                             .key = (char *)(uintptr_t)key,
                             .created = 1000};

    outbox_add(p->s, &row);
    return row;
}

static guint waiting(struct place *p)
{
    g_autoptr(GArray) rows = outbox_rows(p->s, PLATFORM_TELEGRAM, 0, 1000);

    for (guint i = 0; i < rows->len; i++)
        outbox_row_clear(&g_array_index(rows, struct outbox_row, i));
    return rows->len;
}

static void has_body(struct place *p, const struct outbox_row *row, const char *body)
{
    g_autofree char *is = outbox_body(p->s, row->slot, row->id);

    g_assert_cmpstr(is, ==, body);
}

static void test_slots_are_used_again(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1");
    struct outbox_row one = add_row(p, chat, "one", NULL), two = add_row(p, chat, "two", NULL);
    outbox_remove(p->s, one.slot, one.id);
    struct outbox_row three = add_row(p, chat, "three", NULL);
    g_assert_cmpint(three.slot, ==, one.slot);
    g_assert_cmpint(three.id, >, two.id);
    outbox_remove(p->s, one.slot, one.id); /* said twice: it is another's slot now */
    has_body(p, &one, NULL);
    has_body(p, &three, "three");
    commit(p);
    store_begin(p->s);
    outbox_remove(p->s, two.slot, two.id);
    add_row(p, chat, "lost", NULL);
    store_rollback(p->s);
    open_again(p);
    store_begin(p->s);
    has_body(p, &two, "two");
    g_assert_cmpuint(waiting(p), ==, 2);
    commit(p);
}

/* Rows that are deleted behind the list of free slots: nothing is written into the void. */
static void test_a_slot_that_is_gone(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1");
    struct outbox_row one = add_row(p, chat, "one", NULL);
    outbox_remove(p->s, one.slot, one.id);
    add_row(p, chat, "two", NULL);
    outbox_remove(p->s, one.slot, one.id + 1);
    outbox_remove_chat(p->s, chat);
    struct outbox_row three = add_row(p, chat, "three", NULL);
    has_body(p, &three, "three");
    g_assert_cmpuint(waiting(p), ==, 1);
    commit(p);
}

static void test_a_key_replaces(struct place *p, gconstpointer data)
{
    (void)data;
    store_begin(p->s);
    int64_t chat = make_chat(p, "-1");
    struct outbox_row one = add_row(p, chat, "one", "k"), two = add_row(p, chat, "two", "k");
    g_assert_cmpuint(waiting(p), ==, 1);
    has_body(p, &one, NULL);
    has_body(p, &two, "two");
    outbox_remove(p->s, one.slot, one.id); /* the older one was under way: the newer one waits on */
    has_body(p, &two, "two");
    outbox_remove(p->s, two.slot, two.id);
    g_assert_cmpuint(waiting(p), ==, 0);
    struct outbox_row three = add_row(p, chat, "three", "k");
    has_body(p, &three, "three");
    commit(p);
}

/* A transaction that has failed before its first message does not begin the numbers anew. */
static void test_numbers_after_a_failure(struct place *p, gconstpointer data)
{
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM, .body = (char[]){"{}"}};

    (void)data;
    store_begin(p->s);
    row.chat = make_chat(p, "-1");
    outbox_add(p->s, &row);
    outbox_add(p->s, &row);
    commit(p);
    int64_t last = row.id;
    open_again(p);
    store_begin(p->s);
    post_add(p->s, row.chat, "1", 4711, true); /* a round that is not there: a rule is broken */
    outbox_add(p->s, &row);
    g_assert_false(store_commit(p->s, NULL));
    store_begin(p->s);
    outbox_add(p->s, &row);
    g_assert_cmpint(row.id, >, last);
    commit(p);
}

/* Numbers that have been read since the start are not given again when their rows are gone. */
static void test_numbers_that_are_known(struct place *p, gconstpointer data)
{
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM, .body = (char[]){"{}"}};

    (void)data;
    store_begin(p->s);
    row.chat = make_chat(p, "-1");
    outbox_add(p->s, &row);
    outbox_add(p->s, &row);
    commit(p);
    int64_t last = row.id;
    open_again(p);
    g_autoptr(GArray) rows = outbox_rows(p->s, PLATFORM_TELEGRAM, 0, 10);
    g_assert_cmpuint(rows->len, ==, 2);
    store_begin(p->s);
    outbox_remove_chat(p->s, row.chat);
    outbox_add(p->s, &row);
    g_assert_cmpint(row.id, >, last);
    commit(p);
}

#define TEST(path, fn) g_test_add("/memory/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("late", test_late_writing_is_seen);
    TEST("rollback", test_a_rollback_is_seen);
    TEST("others", test_other_writing_is_seen);
    TEST("names", test_names);
    TEST("many", test_more_than_is_kept);
    TEST("asked", test_asked);
    TEST("moved", test_moved);
    TEST("slots", test_slots_are_used_again);
    TEST("slot-gone", test_a_slot_that_is_gone);
    TEST("key", test_a_key_replaces);
    TEST("numbers-known", test_numbers_that_are_known);
    TEST("numbers-after-a-failure", test_numbers_after_a_failure);
    return g_test_run();
}
