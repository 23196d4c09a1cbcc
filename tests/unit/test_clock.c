/* Clocks: the machine's runs forward, the fake one only when told. */
#include <glib.h>

#include "clock.h"

static void test_system(void)
{
    const struct clock *c = clock_system();
    int64_t mono = clock_mono_ms(c), wall = clock_wall_ms(c);
    g_assert_cmpint(clock_mono_ms(c), >=, mono);
    g_assert_cmpint(wall, >, INT64_C(1600000000000)); /* milliseconds, not seconds */
    g_assert_cmpint(wall, <, INT64_C(16000000000000));
}

static void test_fake(void)
{
    struct fake_clock fake;
    fake_clock_init(&fake, 5000, 70);
    const struct clock *c = &fake.clock;
    g_assert_cmpint(clock_wall_ms(c), ==, 5000);
    g_assert_cmpint(clock_mono_ms(c), ==, 70);
    fake_clock_advance(&fake, 30);
    g_assert_cmpint(clock_wall_ms(c), ==, 5030);
    g_assert_cmpint(clock_mono_ms(c), ==, 100);
    fake.wall = 1;
    g_assert_cmpint(clock_wall_ms(c), ==, 1);
    g_assert_cmpint(clock_mono_ms(c), ==, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/clock/system", test_system);
    g_test_add_func("/clock/fake", test_fake);
    return g_test_run();
}
