/* The loop: timers on both clocks, watches, deferred calls, and freeing anything from anywhere. */
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"

/* A literal as the data of a callback that only reads it. */
#define NAME(s) ((void *)(uintptr_t)(s))

static struct fake_clock fake;
static loop *l;
static GString *trace; /* what happened, a letter each */

static void start(void)
{
    fake_clock_init(&fake, INT64_C(1700000000000), 1000);
    l = loop_new(&fake.clock, NULL);
    g_assert_nonnull(l);
    trace = g_string_new(NULL);
}

static void end(void)
{
    loop_free(l);
    g_string_free(trace, TRUE);
}

static void turn(void)
{
    g_assert_true(loop_turn(l, 0, NULL));
}

#define EXPECT(expected)                                                                           \
    do {                                                                                           \
        g_assert_cmpstr(trace->str, ==, expected);                                                 \
        g_string_truncate(trace, 0);                                                               \
    } while (0)

static void note(void *data)
{
    g_string_append(trace, data);
}

static void test_timer_order(void)
{
    start();
    char names[6][2] = {"a", "b", "c", "d", "e", "f"};
    int64_t due[6] = {50, 10, 30, 10, 70, 20};
    loop_timer *t[6];
    for (int i = 0; i < 6; i++) {
        t[i] = loop_timer_new(l, note, names[i]);
        g_assert_false(loop_timer_is_set(t[i]));
        loop_timer_in(t[i], due[i]);
        g_assert_true(loop_timer_is_set(t[i]));
    }
    turn();
    EXPECT("");
    fake_clock_advance(&fake, 9);
    turn();
    EXPECT("");
    fake_clock_advance(&fake, 41);
    loop_timer_stop(t[2]);
    turn();
    EXPECT("bdfa"); /* equals in the order they were set */
    g_assert_false(loop_timer_is_set(t[0]));
    loop_timer_at(t[4], 1055); /* sooner than before */
    fake_clock_advance(&fake, 5);
    turn();
    EXPECT("e");
    fake_clock_advance(&fake, 100);
    turn();
    EXPECT("");
    for (int i = 0; i < 6; i++)
        loop_timer_free(t[i]);
    end();
}

/* A heap of many, set, moved and stopped at random, gives them back in order. */
static int64_t last_due;
static int fired;

struct numbered {
    loop_timer *t;
    int64_t due;
};

static void check_order(void *data)
{
    struct numbered *n = data;
    g_assert_cmpint(n->due, >=, last_due);
    last_due = n->due;
    n->due = -1;
    fired++;
}

static void test_timer_heap(void)
{
    enum { N = 300 };
    start();
    struct numbered all[N];
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < N; i++)
        all[i] = (struct numbered){loop_timer_new(l, check_order, &all[i]), -1};
    for (int step = 0; step < 3000; step++) {
        struct numbered *n = &all[g_rand_int_range(rand, 0, N)];
        if (g_rand_int_range(rand, 0, 4) == 0) {
            loop_timer_stop(n->t);
            n->due = -1;
        } else {
            n->due = 1000 + g_rand_int_range(rand, 0, 500);
            loop_timer_at(n->t, n->due);
        }
    }
    int expected = 0;
    for (int i = 0; i < N; i++)
        expected += all[i].due >= 0 ? 1 : 0;
    last_due = fired = 0;
    for (int i = 0; i < 510; i++) {
        turn();
        for (int j = 0; j < N; j++)
            g_assert_true(all[j].due < 0 || all[j].due > fake.mono);
        fake_clock_advance(&fake, 1);
    }
    g_assert_cmpint(fired, ==, expected);
    for (int i = 0; i < N; i++)
        loop_timer_free(all[i].t);
    end();
}

static loop_timer *self;

static void set_again(void *data)
{
    note(data);
    loop_timer_in(self, 0);
}

static void test_no_starving(void)
{
    start();
    self = loop_timer_new(l, set_again, NAME("s"));
    loop_timer *other = loop_timer_new(l, note, NAME("o"));
    loop_timer_in(self, 0);
    loop_timer_in(other, 0);
    turn();
    EXPECT("so");
    turn();
    EXPECT("s");
    loop_timer_free(self);
    loop_timer_free(other);
    end();
}

static loop_timer *victim;

static void free_both(void *data)
{
    note(data);
    loop_timer_free(victim);
    loop_timer_free(self);
    loop_timer_free(self);  /* twice in a turn does no harm */
    loop_timer_in(self, 0); /* nor does touching it before the turn ends */
}

static void test_free_in_callback(void)
{
    start();
    self = loop_timer_new(l, free_both, NAME("f"));
    victim = loop_timer_new(l, note, NAME("v"));
    loop_timer_in(self, 0);
    loop_timer_in(victim, 0);
    turn();
    turn();
    EXPECT("f");
    loop_timer_free(NULL);
    end();
}

static void test_wall(void)
{
    start();
    loop_timer *daily = loop_timer_new(l, note, NAME("d"));
    loop_timer_at_wall(daily, fake.wall + 3600000);
    turn();
    EXPECT("");
    fake.wall += 7200000; /* the clock is set forward: past it */
    turn();
    EXPECT("d");
    g_assert_false(loop_timer_is_set(daily));

    loop_timer_at_wall(daily, fake.wall + 1000);
    fake.wall -= 5000; /* set back: an hour of waiting does not make it due */
    fake.mono += 3600000;
    turn();
    EXPECT("");
    fake_clock_advance(&fake, 6000);
    turn();
    EXPECT("d");

    loop_timer_at_wall(daily, 0); /* long ago, and the value that would disarm a timerfd */
    turn();
    EXPECT("d");
    loop_timer_at_wall(daily, fake.wall); /* one timer changes clocks */
    loop_timer_in(daily, 50);
    turn();
    EXPECT("");
    fake_clock_advance(&fake, 50);
    turn();
    EXPECT("d");
    loop_timer_free(daily);
    end();
}

/* On the machine's clock: both kinds of timer end a wait by themselves. */
static void stop(void *data)
{
    note(data);
    if (trace->len == 2)
        loop_stop(l);
}

static void test_system_clock(void)
{
    start();
    loop_free(l);
    l = loop_new(clock_system(), NULL);
    loop_timer *mono = loop_timer_new(l, stop, NAME("m")),
               *wall = loop_timer_new(l, stop, NAME("w"));
    int64_t begun = loop_now(l), begun_wall = loop_wall(l);
    loop_timer_in(mono, 40);
    loop_timer_at_wall(wall, begun_wall + 20);
    g_assert_true(loop_run(l, NULL));
    g_assert_cmpuint(trace->len, ==, 2);
    g_assert_cmpint(loop_now(l) - begun, >=,
                    40); /* never early; how late is the machine's affair */
    loop_timer_free(mono);
    loop_timer_free(wall);
    end();
}

/* ---- watches ---- */

static int pair[2];
static int wants = LOOP_READ;
static loop_watch *watch, *watch2;

static int say_wants(void *data)
{
    (void)data;
    return wants;
}

static void on_ready(int ready, void *data)
{
    char c;
    note(data);
    g_string_append_printf(trace, "%d", ready);
    if ((ready & LOOP_READ) != 0)
        g_assert_cmpint(read(pair[0], &c, 1), >=, 0);
}

static void open_pair(void)
{
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), ==, 0);
    wants = LOOP_READ;
}

static void test_watch(void)
{
    start();
    open_pair();
    watch = loop_watch_new(l, pair[0], say_wants, on_ready, NAME("w"));
    turn();
    EXPECT("");
    g_assert_cmpint(write(pair[1], "xy", 2), ==, 2);
    turn();
    EXPECT("w1");
    wants = 0; /* the poll set is derived anew each turn */
    turn();
    EXPECT("");
    wants = LOOP_READ | LOOP_WRITE;
    turn();
    EXPECT("w3");
    wants = LOOP_WRITE;
    turn();
    EXPECT("w2");
    close(pair[1]);
    wants = LOOP_READ;
    turn();
    EXPECT("w1"); /* a hang-up shows */
    loop_watch_free(watch);
    loop_watch_free(NULL);
    turn();
    EXPECT("");
    close(pair[0]);
    end();
}

static void free_watches(int ready, void *data)
{
    (void)ready;
    note(data);
    loop_watch_free(watch);
    loop_watch_free(watch2);
    loop_watch_free(watch);
}

static void test_watch_free_in_callback(void)
{
    start();
    open_pair();
    int other = dup(pair[0]);
    watch = loop_watch_new(l, pair[0], NULL, free_watches, NAME("1"));
    watch2 = loop_watch_new(l, other, NULL, free_watches, NAME("2"));
    g_assert_cmpint(write(pair[1], "x", 1), ==, 1);
    turn();
    turn();
    EXPECT("1"); /* the other was ready too, but is gone */
    close(other);
    close(pair[0]);
    close(pair[1]);
    end();
}

/* ---- order of a turn, deferred calls ---- */

static void defer_again(void *data)
{
    note(data);
    loop_defer(l, note, NAME("2"));
}

static void from_timer(void *data)
{
    note(data);
    loop_defer(l, defer_again, NAME("1"));
}

static void test_order_of_turn(void)
{
    start();
    open_pair();
    watch = loop_watch_new(l, pair[0], NULL, on_ready, NAME("w"));
    loop_timer *t = loop_timer_new(l, from_timer, NAME("t"));
    loop_timer_in(t, 0);
    g_assert_cmpint(write(pair[1], "x", 1), ==, 1);
    turn();
    EXPECT("tw112");
    turn();
    EXPECT("");
    loop_timer_free(t);
    loop_watch_free(watch);
    loop_defer(l, note, NAME("z")); /* must not wait although nothing else will happen */
    g_assert_true(loop_turn(l, 1 << 30, NULL));
    EXPECT("z");
    loop_defer(l, note, NAME("last")); /* what is left runs when the loop goes */
    close(pair[0]);
    close(pair[1]);
    loop_free(l);
    EXPECT("last");
    l = NULL;
    end();
}

static void stop_at_once(void *data)
{
    note(data);
    loop_stop(l);
}

static void test_stop(void)
{
    start();
    loop_stop(l); /* before the run: returns at once */
    g_assert_true(loop_run(l, NULL));
    loop_timer *t = loop_timer_new(l, stop_at_once, NAME("s"));
    loop_timer_in(t, 0); /* due, stops: the wait of that same turn must not block */
    g_assert_true(loop_run(l, NULL));
    EXPECT("s");
    loop_timer_free(t);
    end();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/loop/timer-order", test_timer_order);
    g_test_add_func("/loop/timer-heap", test_timer_heap);
    g_test_add_func("/loop/no-starving", test_no_starving);
    g_test_add_func("/loop/free-in-callback", test_free_in_callback);
    g_test_add_func("/loop/wall", test_wall);
    g_test_add_func("/loop/system-clock", test_system_clock);
    g_test_add_func("/loop/watch", test_watch);
    g_test_add_func("/loop/watch-free-in-callback", test_watch_free_in_callback);
    g_test_add_func("/loop/order-of-turn", test_order_of_turn);
    g_test_add_func("/loop/stop", test_stop);
    return g_test_run();
}
