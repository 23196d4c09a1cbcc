/*
 * The pump over a real store, a loop whose clock stands still, and a platform
 * that is a list: order, lanes, turns, limits, waits, retries, coalescing.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "../support/failing_vfs.h"
#include "log.h"
#include "pump.h"

static char *folder;
static struct fake_clock fake;
static loop *l;
static store *s;
static pump *p;
static GPtrArray *under_way; /* struct pump_item */
static GString *sent;        /* bodies in the order of sending, separated by spaces */
static int64_t chats[8];
static struct pump_limits limits;
static bool nothing_to_send;

static bool take(void *ctx, struct pump_item *item)
{
    (void)ctx;
    if (nothing_to_send)
        return false;
    g_ptr_array_add(under_way, item);
    g_string_append_printf(sent, "%s%s", sent->len > 0 ? " " : "", item->row.body);
    return true;
}

static void unused_send(void *ctx, enum platform platform, const struct send_opts *opts,
                        const reply *r)
{
    (void)ctx, (void)platform, (void)opts, (void)r;
}

static const struct store_sink sink = {.send = unused_send};

static void turn(void)
{
    g_autoptr(GError) error = NULL;

    loop_turn(l, 0, &error);
    g_assert_no_error(error);
}

static void pass(int64_t ms)
{
    fake_clock_advance(&fake, ms);
    turn();
}

static void open_store(void)
{
    g_autofree char *path = g_build_filename(folder, "a.db", NULL);
    g_autoptr(GError) error = NULL;

    s = store_open(path, &sink, &error);
    g_assert_no_error(error);
}

static void commit(bool ok)
{
    if (ok)
        g_assert_true(store_commit(s, NULL));
    else
        store_rollback(s);
}

static void add_chats(void)
{
    struct chat defaults = {.lang = LANG_KO, .zone = (char[]){"UTC"}};

    store_begin(s);
    for (int i = 0; i < (int)G_N_ELEMENTS(chats); i++) {
        g_autofree char *ext = g_strdup_printf("%d", 100 + i);
        struct chat c = {0};

        g_assert_true(store_chat(s, PLATFORM_TELEGRAM, ext, i >= 6 ? CHAT_GROUP : CHAT_PRIVATE, "",
                                 &defaults, 1, &c));
        chats[i] = c.id;
        chat_clear(&c);
    }
    commit(true);
}

static void open_pump(void)
{
    struct pump_ops ops = {take, NULL};

    p = pump_new(l, s, PLATFORM_TELEGRAM, "test", &limits, &ops);
    pump_start(p);
    turn();
}

static void setup(void)
{
    g_autoptr(GError) error = NULL;

    folder = g_dir_make_tmp("iv-pump-XXXXXX", NULL);
    fake_clock_init(&fake, 1700000000000, 5000);
    l = loop_new(&fake.clock, &error);
    g_assert_no_error(error);
    under_way = g_ptr_array_new();
    sent = g_string_new(NULL);
    limits = (struct pump_limits){.parallel = 100};
    nothing_to_send = false;
    open_store();
    add_chats();
}

static void teardown(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);

    pump_free(p);
    turn();
    store_close(s);
    loop_free(l);
    g_ptr_array_unref(under_way);
    g_string_free(sent, TRUE);
    g_assert_cmpint(system(command), ==, 0);
    g_free(folder);
}

static void add_keyed(int chat, enum outbox_lane lane, const char *body, const char *key)
{
    struct outbox_row row = {.chat = lane == OUTBOX_FREE ? 0 : chats[chat],
                             .lane = lane,
                             .kind = 1,
                             .body = (char *)(uintptr_t)body,
                             .key = (char *)(uintptr_t)key,
                             .created = fake.wall / 1000};

    pump_add(p, &row);
}

static void add(int chat, enum outbox_lane lane, const char *body)
{
    store_begin(s);
    add_keyed(chat, lane, body, NULL);
    commit(true);
    pump_committed(p, true);
}

/* Ends the oldest send with RESULT. */
static void end_with(const struct pump_outcome *o)
{
    struct pump_item *item;

    g_assert_cmpint(under_way->len, >, 0);
    item = g_ptr_array_steal_index(under_way, 0);
    pump_done(p, item, o);
    turn();
}

static void end(enum pump_result result)
{
    struct pump_outcome o = {.result = result, .why = result == PUMP_SENT ? NULL : "a reason"};

    end_with(&o);
}

static void end_all(void)
{
    while (under_way->len > 0)
        end(PUMP_SENT);
}

static int rows(void)
{
    g_autoptr(GArray) all = outbox_rows(s, PLATFORM_TELEGRAM, 0, 1000);
    int n = (int)all->len;

    for (guint i = 0; i < all->len; i++)
        outbox_row_clear(&g_array_index(all, struct outbox_row, i));
    return n;
}

#define SENT(words) g_assert_cmpstr(sent->str, ==, words)

/* ---- order ---- */

static void test_order_in_a_chat(void)
{
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(0, OUTBOX_REPLY, "b");
    add(0, OUTBOX_REPLY, "c");
    SENT("a"); /* one of a chat at a time */
    end(PUMP_SENT);
    SENT("a b");
    end_all();
    SENT("a b c");
    g_assert_cmpint(rows(), ==, 0);
    g_assert_cmpint((int)pump_queued(p), ==, 0);
}

static void test_replies_before_broadcasts(void)
{
    limits.parallel = 1;
    open_pump();
    add(0, OUTBOX_BROADCAST, "b0");
    add(1, OUTBOX_BROADCAST, "b1");
    add(2, OUTBOX_BROADCAST, "b2");
    add(3, OUTBOX_REPLY, "r3");
    add(1, OUTBOX_REPLY, "r1");
    end_all();
    SENT("b0 r3 r1 b2 b1");
}

static void test_chats_take_turns(void)
{
    limits.parallel = 1;
    open_pump();
    for (int i = 0; i < 3; i++)
        add(0, OUTBOX_REPLY, "a");
    for (int i = 0; i < 3; i++)
        add(1, OUTBOX_REPLY, "b");
    end_all();
    SENT("a b a b a b");
}

static void test_parallel_is_bounded(void)
{
    limits.parallel = 3;
    open_pump();
    for (int i = 0; i < 6; i++)
        add(i, OUTBOX_REPLY, "x");
    g_assert_cmpint(under_way->len, ==, 3);
    end(PUMP_SENT);
    g_assert_cmpint(under_way->len, ==, 3);
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

/* ---- one by one ---- */

static void few(int n)
{
    limits.few = n;
    open_pump();
}

static void test_few_go_one_by_one(void)
{
    few(2);
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    add(2, OUTBOX_BROADCAST, "c");
    SENT("a");
    end(PUMP_SENT);
    SENT("a b");
    g_assert_cmpint(rows(), ==, 2);
    end_all();
    SENT("a b c");
}

/* The next is begun only behind the transaction that notes the one before. */
static void test_noted_before_the_next(void)
{
    struct pump_outcome sent_it = {.result = PUMP_SENT};

    few(2);
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    pump_done(p, g_ptr_array_steal_index(under_way, 0), &sent_it);
    SENT("a");
    g_assert_cmpint(rows(), ==, 2);
    turn();
    SENT("a b");
    g_assert_cmpint(rows(), ==, 1);
    end_all();
}

static void test_a_burst_goes_at_once(void)
{
    few(2);
    for (int i = 0; i < 6; i++)
        add(i, OUTBOX_REPLY, "x");
    g_assert_cmpint(under_way->len, ==, 4); /* the two that are left are few */
    end(PUMP_SENT);
    g_assert_cmpint(under_way->len, ==, 3);
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

static void test_a_slow_send_holds_nobody_up(void)
{
    few(2);
    add(0, OUTBOX_REPLY, "slow");
    add(1, OUTBOX_REPLY, "b");
    add(2, OUTBOX_REPLY, "c");
    pass(499);
    SENT("slow");
    pass(1);
    SENT("slow b");
    struct pump_item *slow = g_ptr_array_steal_index(under_way, 0);
    end(PUMP_SENT); /* b: c need not wait for the slow one */
    SENT("slow b c");
    g_ptr_array_add(under_way, slow);
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

static void test_a_failure_lets_the_next_go(void)
{
    few(2);
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    end(PUMP_LATER);
    SENT("a b");
    end(PUMP_SENT);
    pass(1000);
    SENT("a b a");
    end_all();
}

/* What is the same when it is done twice waits for nothing and holds nothing up. */
static void test_edits_and_free_rows_do_not_count(void)
{
    few(2);
    add(0, OUTBOX_EDIT, "edit");
    add(1, OUTBOX_REPLY, "a");
    add(2, OUTBOX_FREE, "free");
    add(3, OUTBOX_REPLY, "b");
    SENT("edit a free");
    end_all();
    SENT("edit a free b");
}

static void test_free_rows_that_show_count(void)
{
    limits.free_shows = true;
    few(2);
    add(0, OUTBOX_FREE, "free");
    add(1, OUTBOX_FREE, "other");
    add(1, OUTBOX_REPLY, "a");
    SENT("free");
    end_all();
    SENT("free other a");
}

/* A disk that refuses is asked again, and nobody waits for ever. */
static void test_noted_when_the_disk_works_again(void)
{
    few(2);
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    failing_arm(FAIL_WRITE, 1, true, SQLITE_FULL);
    log_set_fd(-1);
    end(PUMP_SENT);
    SENT("a");
    failing_disarm();
    pass(1000);
    log_set_fd(2);
    SENT("a b");
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

/* ---- the store ---- */

static void test_rolled_back_is_not_sent(void)
{
    open_pump();
    store_begin(s);
    add_keyed(0, OUTBOX_REPLY, "a", NULL);
    commit(false);
    pump_committed(p, false);
    turn();
    SENT("");
    g_assert_cmpint(rows(), ==, 0);
}

static void test_loads_what_is_left(void)
{
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(0, OUTBOX_REPLY, "b");
    end(PUMP_SENT); /* a is done, b is under way: as if the process died now */
    g_ptr_array_set_size(under_way, 0);
    pump_free(p);
    turn();
    g_string_truncate(sent, 0);
    open_pump();
    SENT("b");
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

static int64_t new_round(void)
{
    static const char text[] =
        "# T\n\n<details>\n<summary>What is a cache?</summary>\n\nA copy nearby.\n\n"
        "</details>\n";
    bank_builder *builder = bank_builder_new();
    struct book *b = store_book(s);
    struct round round = {.chat = chats[6], .opened = 1};
    bank *bk;

    bank_builder_add(builder, "a.md", NULL, 0, "T", text, sizeof text - 1);
    bk = bank_builder_finish(builder);
    store_begin(s);
    g_autofree int64_t *keys = store_register(s, bk);
    round.question = keys[0];
    round.id = b->ops->new_round(b, &round);
    commit(true);
    bank_free(bk);
    return round.id;
}

/* The platform's number of a post is in the store when its row is gone from it. */
static void test_posts_are_known(void)
{
    int64_t round = new_round();
    struct outbox_row row = {.chat = chats[6],
                             .lane = OUTBOX_REPLY,
                             .kind = 1,
                             .body = (char[]){"q"},
                             .round = round,
                             .main = true,
                             .created = fake.wall / 1000};
    struct pump_outcome o = {.result = PUMP_SENT, .message = "77"};

    open_pump();
    store_begin(s);
    pump_add(p, &row);
    commit(true);
    pump_committed(p, true);
    end_with(&o);
    g_assert_cmpint(rows(), ==, 0);
    g_assert_cmpint(store_post_round(s, chats[6], "77"), ==, round);
    g_autofree char *main = post_main(s, round);
    g_assert_cmpstr(main, ==, "77");
}

static void test_large_backlog_leaves_bodies_in_the_store(void)
{
    g_autofree char *big = g_strnfill(400 * 1024, 'x');
    int n = 0;

    open_pump();
    for (int i = 0; i < 6; i++)
        add(0, OUTBOX_REPLY, big);
    while (under_way->len > 0) {
        struct pump_item *item = g_ptr_array_index(under_way, 0);

        g_assert_cmpstr(item->row.body, ==, big);
        n++;
        end(PUMP_SENT);
    }
    g_assert_cmpint(n, ==, 6);
}

/* ---- limits ---- */

static void test_a_chat_a_second(void)
{
    limits.chat_burst = 2;
    limits.chat_ms = 1000;
    open_pump();
    for (int i = 0; i < 4; i++)
        add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    end_all();
    SENT("a b a");
    pass(500);
    end_all();
    SENT("a b a");
    pass(600);
    end_all();
    SENT("a b a a");
    pass(1100);
    end_all();
    SENT("a b a a a");
}

static void test_overall(void)
{
    limits.all_most = 4;
    limits.all_ms = 1000;
    open_pump();
    for (int i = 0; i < 6; i++)
        add(i, OUTBOX_REPLY, "x");
    end_all();
    SENT("x x x x");
    add(6, OUTBOX_FREE, "free"); /* an answer to a tap does not count */
    end_all();
    SENT("x x x x free");
    pass(1001);
    end_all();
    SENT("x x x x free x x");
}

static void test_groups(void)
{
    limits.group_most = 3;
    limits.group_ms = 60000;
    open_pump();
    for (int i = 0; i < 5; i++) {
        add(6, OUTBOX_REPLY, "g");
        add(0, OUTBOX_REPLY, "p");
    }
    end_all();
    SENT("g p g p g p p p");
    pass(60001);
    end_all();
    SENT("g p g p g p p p g g");
}

/* ---- edits ---- */

static void edit(int chat, const char *body, const char *key)
{
    store_begin(s);
    add_keyed(chat, OUTBOX_EDIT, body, key);
    commit(true);
    pump_committed(p, true);
}

static void test_only_the_last_edit_counts(void)
{
    limits.edit_ms = 4000;
    open_pump();
    edit(6, "n1", "post:1");
    edit(6, "n2", "post:1");
    edit(6, "m1", "post:2");
    edit(6, "n3", "post:1");
    g_assert_cmpint(rows(), ==, 2);
    SENT("");
    pass(2000);
    end_all();
    SENT("n3");
    edit(6, "n4", "post:1");
    pass(4001);
    end_all();
    SENT("n3 m1");
    pass(4001);
    end_all();
    SENT("n3 m1 n4");
    g_assert_cmpint(rows(), ==, 0);
}

/* A newer edit that comes while one is under way goes after it; a failed one does not come back. */
static void test_edit_under_way(void)
{
    limits.edit_ms = 1000;
    open_pump();
    edit(6, "n1", "post:1");
    pass(2000);
    SENT("n1");
    edit(6, "n2", "post:1");
    end(PUMP_LATER);
    pass(20000);
    end_all();
    SENT("n1 n2");
    g_assert_cmpint(rows(), ==, 0);
    g_assert_cmpint((int)pump_queued(p), ==, 0);
}

static void test_nothing_to_send(void)
{
    open_pump();
    nothing_to_send = true;
    edit(6, "n1", "post:1");
    pass(2000);
    nothing_to_send = false;
    g_assert_cmpint(rows(), ==, 0);
    add(6, OUTBOX_REPLY, "a");
    SENT("a");
    end_all();
}

/* ---- failures ---- */

static void test_tried_again_later_and_later(void)
{
    int64_t waited = 0;

    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(0, OUTBOX_REPLY, "b");
    for (int i = 0; i < 5; i++) {
        end(PUMP_LATER);
        g_assert_cmpint(under_way->len, ==, 0);
        for (waited = 0; under_way->len == 0 && waited < 100000; waited += 50)
            pass(50);
        g_assert_cmpint(waited, <=, 8050);
    }
    g_assert_cmpint(waited, >=, 3000);
    end_all();
    SENT("a a a a a a b"); /* order is kept: b waits for a */
    g_assert_cmpint(rows(), ==, 0);
}

/* That nobody can be reached says nothing of a chat: it is tried until the network is back. */
static void test_down_never_grows_patient(void)
{
    log_set_fd(-1);
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    for (int i = 0; i < 40; i++) {
        g_assert_cmpint(under_way->len, ==, 1);
        end(PUMP_DOWN);
        pass(8000);
    }
    end_all();
    g_assert_cmpint(rows(), ==, 0);
}

static void test_wait_as_told(void)
{
    struct pump_outcome o = {.result = PUMP_WAIT, .wait_ms = 3000};

    limits.chat_burst = 1;
    limits.chat_ms = 1000;
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    end_with(&o); /* the chat has had its share: it is the chat that waits */
    add(1, OUTBOX_REPLY, "b");
    SENT("a b");
    end_all();
    pass(2990);
    SENT("a b");
    pass(11);
    SENT("a b a");
    end_all();
}

static void test_a_wait_for_everything(void)
{
    struct pump_outcome o = {.result = PUMP_WAIT, .wait_ms = 3000};

    limits.chat_burst = 3;
    limits.chat_ms = 1000;
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    end_with(&o); /* its first message: it cannot be the chat */
    add(1, OUTBOX_REPLY, "b");
    SENT("a");
    pass(2990);
    SENT("a");
    pass(11);
    end_all();
    g_assert_cmpint((int)strlen(sent->str), ==, 5);
}

static void test_refused_is_dropped(void)
{
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(0, OUTBOX_REPLY, "b");
    end(PUMP_REFUSED);
    end_all();
    SENT("a b");
    g_assert_cmpint(rows(), ==, 0);
}

static void test_gone_drops_all_of_the_chat(void)
{
    struct chat_place place = {0};

    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(0, OUTBOX_REPLY, "b");
    add(1, OUTBOX_REPLY, "c");
    end(PUMP_GONE);
    end_all();
    SENT("a c");
    g_assert_cmpint(rows(), ==, 0);
    g_assert_true(chat_place_get(s, chats[0], &place));
    g_assert_true(place.gone);
    chat_place_clear(&place);
}

static void test_moved_goes_to_the_new_id(void)
{
    struct pump_outcome o = {.result = PUMP_MOVED, .moved = "-100999"};

    open_pump();
    add(6, OUTBOX_REPLY, "a");
    end_with(&o);
    g_assert_cmpint(under_way->len, ==, 1);
    g_assert_cmpstr(((struct pump_item *)g_ptr_array_index(under_way, 0))->ext, ==, "-100999");
    end_all();
}

/* The platform's word of it comes with an update, while a message goes to the old id. */
static void test_moved_while_under_way(void)
{
    struct pump_outcome o = {.result = PUMP_MOVED, .moved = "-100888"};
    struct pump_item *item;

    open_pump();
    add(6, OUTBOX_REPLY, "a");
    add(6, OUTBOX_REPLY, "b");
    item = g_ptr_array_index(under_way, 0);
    pump_chat_moved(p, chats[6], "-100999");
    pump_chat_moved(p, chats[6], "-100888");
    g_assert_cmpstr(item->ext, ==, "106"); /* whom the answer will be about */
    end_with(&o);
    g_assert_cmpint(under_way->len, ==, 1);
    g_assert_cmpstr(((struct pump_item *)g_ptr_array_index(under_way, 0))->ext, ==, "-100888");
    pump_chat_moved(p, chats[6], "-100777");
    end(PUMP_SENT);
    g_assert_cmpstr(((struct pump_item *)g_ptr_array_index(under_way, 0))->ext, ==, "-100777");
    end_all();
    SENT("a a b");
}

static void test_too_old_is_dropped(void)
{
    limits.parallel = 1;
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    fake_clock_advance(&fake, (int64_t)25 * 3600 * 1000);
    end_all();
    SENT("a");
    g_assert_cmpint(rows(), ==, 0);
}

static void test_a_flood_is_bounded(void)
{
    limits.chat_burst = 1;
    limits.chat_ms = 1000;
    limits.parallel = 2;
    open_pump();
    log_set_fd(-1);
    store_begin(s);
    for (int i = 0; i < 100; i++) /* in one transaction, so that it is quick */
        add_keyed(0, OUTBOX_REPLY, "x", NULL);
    commit(true);
    pump_committed(p, true);
    add(0, OUTBOX_REPLY, "the hundredth that waits: one is under way");
    for (int i = 0; i < 50; i++)
        add(0, OUTBOX_REPLY, "left out");
    g_assert_cmpint((int)pump_queued(p), ==, 101);
    g_assert_cmpint(rows(), ==, 101);
    add(1, OUTBOX_REPLY, "another");
    add(0, OUTBOX_BROADCAST, "a broadcast");
    g_assert_cmpint(rows(), ==, 103);
    end(PUMP_SENT);
    pass(1000);
    turn();
    end_all();
    pass(1000);
    int left = rows();
    add(0, OUTBOX_REPLY, "room again");
    g_assert_cmpint(rows(), ==, left + 1);
    log_set_fd(2);
}

static void test_a_step_of_the_clock_makes_nothing_old(void)
{
    limits.parallel = 1;
    open_pump();
    add(0, OUTBOX_REPLY, "a");
    add(1, OUTBOX_REPLY, "b");
    fake.wall += (int64_t)400 * 24 * 3600 * 1000;
    end(PUMP_SENT);
    SENT("a b");
    fake.wall -= (int64_t)800 * 24 * 3600 * 1000;
    add(2, OUTBOX_REPLY, "c");
    end_all();
    SENT("a b c");
}

/* What has lain in the store for a day is old, whoever was running meanwhile. */
static void test_too_old_from_before(void)
{
    store_begin(s);
    p = pump_new(l, s, PLATFORM_TELEGRAM, "test", &limits, &(struct pump_ops){take, NULL});
    add_keyed(0, OUTBOX_REPLY, "a", NULL);
    commit(true);
    pump_committed(p, true);
    pump_free(p);
    fake_clock_advance(&fake, (int64_t)23 * 3600 * 1000);
    open_pump();
    SENT("a");
    g_ptr_array_set_size(under_way, 0);
    pump_free(p);
    fake.wall += (int64_t)2 * 3600 * 1000;
    open_pump();
    SENT("a");
    g_assert_cmpint(rows(), ==, 0);
}

static void test_erased_is_not_sent(void)
{
    struct user u = {0};

    limits.parallel = 1;
    open_pump();
    add(1, OUTBOX_REPLY, "x");
    store_begin(s);
    g_assert_true(store_user(s, PLATFORM_TELEGRAM, "5", "Kim", 1, &u));
    add_keyed(0, OUTBOX_REPLY, "about Kim", NULL);
    commit(true);
    pump_committed(p, true);
    store_begin(s);
    store_book(s)->ops->forget(store_book(s), u.id);
    commit(true);
    pump_committed(p, true);
    user_clear(&u);
    end_all();
    SENT("x");
}

#define LEFT 200

/* Leaves messages to the next pump that do not fit into SQLite's memory together. */
static void leave_for_the_next(void)
{
    g_autofree char *body = g_strnfill(9000, 'x');

    p = pump_new(l, s, PLATFORM_TELEGRAM, "test", &limits, &(struct pump_ops){take, NULL});
    store_begin(s);
    for (int i = 0; i < LEFT; i++)
        add_keyed(i % 6, OUTBOX_REPLY, body, NULL);
    commit(true);
    pump_committed(p, true);
    pump_free(p);
    turn();
    store_close(s);
    open_store();
}

/* A message that cannot be read is not one that has been forgotten. */
static void test_unreadable_is_not_lost(void)
{
    int failed = 0;

    for (int nth = 1; nth <= 2081; nth += 160) {
        leave_for_the_next();
        p = pump_new(l, s, PLATFORM_TELEGRAM, "test", &limits, &(struct pump_ops){take, NULL});
        failing_arm(FAIL_READ, nth, false, SQLITE_IOERR_READ);
        pump_start(p);
        turn();
        for (int i = 0; i < 5; i++) {
            end_all();
            pass(1000);
        }
        failed += failing.hits;
        failing_disarm();
        g_assert_cmpint(rows(), ==, 0);
        g_assert_cmpuint(sent->len, ==, LEFT * 9001 - 1);
        g_string_truncate(sent, 0);
        pump_free(p);
        turn();
    }
    p = NULL;
    g_assert_cmpint(failed, >=, 4);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"order", test_order_in_a_chat},
        {"replies_before_broadcasts", test_replies_before_broadcasts},
        {"turns", test_chats_take_turns},
        {"parallel", test_parallel_is_bounded},
        {"one_by_one", test_few_go_one_by_one},
        {"noted_first", test_noted_before_the_next},
        {"burst", test_a_burst_goes_at_once},
        {"slow", test_a_slow_send_holds_nobody_up},
        {"failure", test_a_failure_lets_the_next_go},
        {"edits_do_not_count", test_edits_and_free_rows_do_not_count},
        {"disk_again", test_noted_when_the_disk_works_again},
        {"free_that_shows", test_free_rows_that_show_count},
        {"rolled_back", test_rolled_back_is_not_sent},
        {"loads", test_loads_what_is_left},
        {"posts", test_posts_are_known},
        {"bodies", test_large_backlog_leaves_bodies_in_the_store},
        {"chat_limit", test_a_chat_a_second},
        {"overall_limit", test_overall},
        {"group_limit", test_groups},
        {"edits", test_only_the_last_edit_counts},
        {"edit_under_way", test_edit_under_way},
        {"nothing_to_send", test_nothing_to_send},
        {"retries", test_tried_again_later_and_later},
        {"wait_chat", test_wait_as_told},
        {"wait_all", test_a_wait_for_everything},
        {"refused", test_refused_is_dropped},
        {"gone", test_gone_drops_all_of_the_chat},
        {"down", test_down_never_grows_patient},
        {"moved", test_moved_goes_to_the_new_id},
        {"moved-under-way", test_moved_while_under_way},
        {"too_old", test_too_old_is_dropped},
        {"flood", test_a_flood_is_bounded},
        {"clock_steps", test_a_step_of_the_clock_makes_nothing_old},
        {"too_old_from_before", test_too_old_from_before},
        {"erased", test_erased_is_not_sent},
        {"unreadable", test_unreadable_is_not_lost},
    };

    failing_register();
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    log_set_level(LOG_LEVEL_ERROR);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/pump/", tests[i].name, NULL);

        g_test_add_vtable(path, 0, NULL, (GTestFixtureFunc)(void (*)(void))setup,
                          (GTestFixtureFunc)(void (*)(void))tests[i].test,
                          (GTestFixtureFunc)(void (*)(void))teardown);
    }
    return g_test_run();
}
