/* /forgetme and /export: what is kept of a person, and that nothing of it is left on the disk. */
#include <glib.h>
#include <sqlite3.h>
#include <string.h>

#include "../support/world.h"
#include "outbox.h"

#define START 1800000000

/* Words that stand nowhere else. */
#define NAME   "Quokkaname"
#define EXT    "ext-zyxwv-4711"
#define ANSWER "Wombatanswer with a core and seeds, ripening"

struct place {
    struct world *w;
    int64_t group, private, kim, lee, now;
};

static void setup(struct place *p, gconstpointer data)
{
    struct chat defaults = {.lang = LANG_EN, .zone = (char[]){"Asia/Seoul"}}, chat = {0};
    struct user user = {0};

    (void)data;
    p->w = world_new(true);
    p->now = START;
    p->group = world_chat(p->w, CHAT_GROUP, "Asia/Seoul");
    p->lee = world_user(p->w, "Lee");
    world_begin(p->w);
    g_assert_true(
        store_chat(p->w->store, PLATFORM_TELEGRAM, EXT, CHAT_PRIVATE, NAME, &defaults, 1, &chat));
    g_assert_true(store_user(p->w->store, PLATFORM_TELEGRAM, EXT, NAME, 1, &user));
    world_commit(p->w);
    p->private = chat.id;
    p->kim = user.id;
    chat_clear(&chat);
    user_clear(&user);
}

static void teardown(struct place *p, gconstpointer data)
{
    (void)data;
    world_free(p->w);
}

#define HAS(text, part) g_assert_nonnull(strstr((text), (part)))

static const char *say(struct place *p, int64_t chat, const char *text)
{
    return world_say(p->w, chat, p->kim, text, p->now += 10);
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

/* Kim plays in private and in the group, and is named in messages that still wait. */
static void leave_traces(struct place *p)
{
    struct outbox_row waiting = {.platform = PLATFORM_TELEGRAM,
                                 .lane = OUTBOX_REPLY,
                                 .body = (char[]){"{\"text\":\"your words: " ANSWER "\"}"},
                                 .created = START};
    struct outbox_row named = {.platform = PLATFORM_TELEGRAM,
                               .lane = OUTBOX_BROADCAST,
                               .body = (char[]){"{\"text\":\"Answered: " NAME " 90\"}"},
                               .created = START};
    struct user user = {0};

    say(p, p->private, "/question apple");
    int64_t round = last_post(p);
    say(p, p->private, ANSWER);
    say(p, p->private, "/practice 2 Fruit");
    say(p, p->group, "/question banana");
    world_answer(p->w, p->group, p->kim, last_post(p), ANSWER " and long and yellow", p->now += 10);
    world_begin(p->w);
    post_add(p->w->store, p->private, "message-id-8899", round, true);
    waiting_add(p->w->store, PLATFORM_TELEGRAM,
                "{\"from\":\"" EXT "\",\"name\":\"Dropbearname\",\"text\":\"/daily 9\"}", START);
    waiting_add(p->w->store, PLATFORM_TELEGRAM, "{\"from\":\"ext-other\"}", START);
    g_assert_true(inbox_first(p->w->store, PLATFORM_TELEGRAM, 0, "wordless:" EXT ":" EXT, START));
    waiting.chat = p->group; /* an answer to Kim in the group, which does not name Kim */
    g_assert_true(store_user(p->w->store, PLATFORM_TELEGRAM, EXT, NAME, 1, &user));
    outbox_add(p->w->store, &waiting);
    world_commit(p->w);
    user_clear(&user);
    world_begin(p->w);
    named.chat = p->group;
    outbox_add(p->w->store, &named);
    world_commit(p->w);
}

static bool file_holds(const char *path, const char *what)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;

    return g_file_get_contents(path, &bytes, &n, NULL) &&
           memmem(bytes, n, what, strlen(what)) != NULL;
}

/* Whether WHAT stands anywhere in the database, its log, or the index of it. */
static bool disk_holds(struct place *p, const char *what)
{
    g_autofree char *wal = g_strconcat(p->w->path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(p->w->path, "-shm", NULL);

    return file_holds(p->w->path, what) || file_holds(wal, what) || file_holds(shm, what);
}

static int64_t sql_int(struct place *p, const char *sql)
{
    sqlite3 *conn = NULL;
    sqlite3_stmt *st = NULL;
    int64_t value = -1;

    g_assert_cmpint(sqlite3_open_v2(p->w->path, &conn, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(conn, sql, -1, &st, NULL), ==, SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW)
        value = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(conn);
    return value;
}

static void test_nothing_is_left(struct place *p, gconstpointer data)
{
    static const char *const traces[] = {NAME, EXT, "Wombatanswer", "message-id-8899",
                                         "Dropbearname"};

    (void)data;
    leave_traces(p);
    for (size_t i = 0; i < G_N_ELEMENTS(traces); i++)
        g_assert_true(disk_holds(p, traces[i])); /* the search finds what is there */
    int64_t points = sql_int(p, "SELECT sum(points) FROM members");
    int64_t answers = sql_int(p, "SELECT count(*) FROM answers");
    g_assert_cmpint(points, >, 0);

    HAS(say(p, p->private, "/forgetme"), "cannot be undone"); /* asks once more */
    g_assert_true(disk_holds(p, NAME));
    HAS(say(p, p->private, "/forgetme yes"), "All erased");
    for (size_t i = 0; i < G_N_ELEMENTS(traces); i++) {
        if (strcmp(traces[i], EXT) != 0)
            g_assert_false(disk_holds(p, traces[i]));
    }
    /* The chat's id waits for the goodbye to be sent, and goes with the next upkeep. */
    g_assert_true(store_is_forgetting(p->w->store));
    world_begin(p->w);
    store_finish_forgetting(p->w->store);
    world_commit(p->w);
    g_assert_false(store_is_forgetting(p->w->store));
    g_assert_false(disk_holds(p, EXT));

    g_assert_cmpint(sql_int(p, "SELECT sum(points) FROM members"), ==, points);
    g_assert_cmpint(sql_int(p, "SELECT sum(ranked) FROM answers"), ==, points);
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM answers"), ==, answers);
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM outbox"), ==, 0);
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM waiting"), ==, 1); /* somebody else's */
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
    g_autofree char *old =
        g_strdup_printf("SELECT count(*) FROM answers WHERE user=%lld", (long long)p->kim);
    g_assert_cmpint(sql_int(p, old), ==, 0); /* under another number */
    /* The group's board still adds up, under a nickname. */
    const char *board = world_say(p->w, p->group, p->lee, "/leaderboard", p->now += 10);
    g_assert_null(strstr(board, NAME));
    HAS(board, "1. ");
}

/* Who comes back is new, and newer numbers do not tell whose the random one was. */
static void test_coming_back(struct place *p, gconstpointer data)
{
    struct user user = {0};

    (void)data;
    leave_traces(p);
    say(p, p->private, "/forgetme");
    say(p, p->private, "/forgetme yes");
    world_begin(p->w);
    store_finish_forgetting(p->w->store);
    g_assert_true(store_user(p->w->store, PLATFORM_TELEGRAM, EXT, NAME, 1, &user));
    world_commit(p->w);
    g_assert_cmpint(user.id, <, 1000);
    g_assert_cmpint(world_total(p->w, p->group, user.id).points, ==, 0);
    user_clear(&user);
}

/* The name alone does not make somebody else's messages go. */
static void test_others_keep_theirs(struct place *p, gconstpointer data)
{
    struct outbox_row other = {.platform = PLATFORM_TELEGRAM,
                               .lane = OUTBOX_BROADCAST,
                               .body = (char[]){"{\"text\":\"Answered: Lee 90\"}"},
                               .created = START};

    (void)data;
    leave_traces(p);
    world_begin(p->w);
    other.chat = p->group;
    outbox_add(p->w->store, &other);
    world_commit(p->w);
    say(p, p->private, "/forgetme");
    say(p, p->private, "/forgetme yes");
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM outbox"), ==, 1);
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM users WHERE name='Lee'"), ==, 1);
}

/* A name is cut, and escaped, where it is shown; who is anonymous is quoted without it. */
static void test_waiting_summaries(struct place *p, gconstpointer data)
{
    static const char *const bodies[] = {
        "{\"text\":\"Answered: Archibald Quokka &amp; S… 90\"}",
        "{\"text\":\"Best: <blockquote>a core &amp; seeds; it ripens on some orchard’s "
        "trees</blockquote>\"}",
        "{\"text\":\"Answered: Lee 80\"}",
    };
    struct user user = {.id = p->kim, .name = (char[]){"Archibald Quokka & Sons, Interviewers"}};

    (void)data;
    world_begin(p->w);
    user.share = user.anonymous = true;
    p->w->book->ops->put_user(p->w->book, &user);
    world_commit(p->w);
    say(p, p->group, "/question apple");
    world_answer(p->w, p->group, p->kim, last_post(p),
                 "a core & seeds; it ripens on some orchard’s trees", p->now += 10);
    world_begin(p->w);
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        struct outbox_row row = {.platform = PLATFORM_TELEGRAM,
                                 .chat = p->group,
                                 .lane = OUTBOX_BROADCAST,
                                 .body = (char *)(uintptr_t)bodies[i],
                                 .created = START};

        outbox_add(p->w->store, &row);
    }
    world_commit(p->w);
    say(p, p->private, "/forgetme");
    say(p, p->private, "/forgetme yes");
    g_assert_false(disk_holds(p, "Archibald"));
    g_assert_false(disk_holds(p, "it ripens on"));
    g_assert_true(disk_holds(p, "Answered: Lee 80"));
}

static void test_export(struct place *p, gconstpointer data)
{
    (void)data;
    leave_traces(p);
    guint before = p->w->told->len;
    say(p, p->private, "/export");
    g_assert_cmpuint(p->w->told->len, ==, before + 1);
    const char *json = ((struct told *)g_ptr_array_index(p->w->told, before))->text;
    HAS(json, "\"" NAME "\"");
    HAS(json, EXT);
    HAS(json, ANSWER);
    HAS(json, "What is an apple?");
    HAS(json, "\"grading\"");
    HAS(json, "\"telegram\"");
    /* In a group one is sent to the private chat, and the button's link works there. */
    HAS(say(p, p->group, "/export"), "alone");
    say(p, p->private, "/start export");
    HAS(((struct told *)g_ptr_array_index(p->w->told, p->w->told->len - 1))->text, NAME);
    HAS(say(p, p->private, "/start forgetme"), "cannot be undone");
}

static void test_old_texts(struct place *p, gconstpointer data)
{
    (void)data;
    leave_traces(p);
    int64_t points = sql_int(p, "SELECT sum(points) FROM members");
    world_begin(p->w);
    outbox_remove_chat(p->w->store, p->group);
    g_assert_false(store_erase_texts(p->w->store, START, p->now)); /* none is that old */
    world_commit(p->w);
    g_assert_true(disk_holds(p, "Wombatanswer"));
    world_begin(p->w);
    g_assert_true(store_erase_texts(p->w->store, p->now + 10, p->now + 11));
    g_assert_false(store_erase_texts(p->w->store, p->now + 10, p->now + 11));
    world_commit(p->w);
    g_assert_false(disk_holds(p, "Wombatanswer"));
    g_assert_cmpint(sql_int(p, "SELECT sum(ranked) FROM answers"), ==, points);
    HAS(say(p, p->private, "/why"), "Why");
}

/* What has been sent quotes people too: it goes with the old texts, although its row waits for the
 * next message to be written over. */
static void test_old_texts_sent(struct place *p, gconstpointer data)
{
    struct outbox_row row = {.platform = PLATFORM_TELEGRAM,
                             .chat = p->private,
                             .lane = OUTBOX_REPLY,
                             .body = (char[]){"{\"text\":\"your words: " ANSWER "\"}"},
                             .created = START};

    (void)data;
    say(p, p->private, "/question apple");
    say(p, p->private, ANSWER);
    world_begin(p->w);
    outbox_add(p->w->store, &row);
    world_commit(p->w);
    world_begin(p->w);
    outbox_remove(p->w->store, row.slot, row.id);
    world_commit(p->w);
    world_begin(p->w);
    g_assert_true(store_erase_texts(p->w->store, p->now + 10, p->now + 11));
    world_commit(p->w);
    g_assert_false(disk_holds(p, "Wombatanswer"));
}

/* An answer that a wrong clock has dated into the future keeps no other's text. */
static void test_old_texts_behind_a_wrong_clock(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->private, "/question apple");
    world_say(p->w, p->private, p->kim, "Something of another time", p->now + 400 * 86400);
    say(p, p->private, "/question banana");
    say(p, p->private, ANSWER);
    world_begin(p->w);
    store_erase_texts(p->w->store, p->now + 10, p->now + 11);
    world_commit(p->w);
    g_assert_false(disk_holds(p, "Wombatanswer"));
}

/* Who only asked in a group, and never answered, has no seat there and is named nowhere. */
static void test_asker(struct place *p, gconstpointer data)
{
    (void)data;
    say(p, p->private, "/help");
    say(p, p->group, "/question banana");
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM rounds"), ==, 1);
    say(p, p->private, "/forgetme");
    say(p, p->private, "/forgetme yes");
    g_assert_cmpint(sql_int(p,
                            "SELECT count(*) FROM rounds WHERE asker>0 AND asker NOT IN (SELECT id"
                            " FROM users)"),
                    ==, 0);
}

/* Requests that wait for Telegram to say who administers the group: an id that is part of another
 * id, of a message's number or of a text is not that person's. */
static void test_pending_requests(struct place *p, gconstpointer data)
{
    static const char *const others[] = {
        "{\"update_id\":14711,\"message\":{\"message_id\":4711,\"from\":{\"id\":47110},"
        "\"text\":\"/daily 9\"}}",
        "{\"update_id\":4711,\"message\":{\"from\":{\"id\":12},\"text\":\"/daily 4711\"}}",
    };
    struct user user = {0};

    (void)data;
    world_begin(p->w);
    g_assert_true(store_user(p->w->store, PLATFORM_TELEGRAM, "4711", "Mia", 1, &user));
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        waiting_add(p->w->store, PLATFORM_TELEGRAM, others[i], START);
    waiting_add(p->w->store, PLATFORM_TELEGRAM,
                "{\"update_id\":5,\"message\":{\"from\":{\"id\":4711},\"text\":\"/daily 8\"}}",
                START);
    world_commit(p->w);
    world_say(p->w, p->private, user.id, "/forgetme", p->now += 10);
    HAS(world_say(p->w, p->private, user.id, "/forgetme yes", p->now += 10), "All erased");
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM waiting WHERE instr(body,'/daily 8')>0"), ==,
                    0);
    g_assert_cmpint(sql_int(p, "SELECT count(*) FROM waiting"), ==, 2);
    user_clear(&user);
}

#define TEST(path, fn) g_test_add("/forget/" path, struct place, NULL, setup, fn, teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    TEST("nothing-is-left", test_nothing_is_left);
    TEST("coming-back", test_coming_back);
    TEST("others-keep-theirs", test_others_keep_theirs);
    TEST("waiting-summaries", test_waiting_summaries);
    TEST("export", test_export);
    TEST("old-texts", test_old_texts);
    TEST("asker", test_asker);
    TEST("pending-requests", test_pending_requests);
    TEST("old-texts-sent", test_old_texts_sent);
    TEST("old-texts-behind-a-wrong-clock", test_old_texts_behind_a_wrong_clock);
    return g_test_run();
}
