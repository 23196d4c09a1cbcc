/* The system's clocks in milliseconds, and one that tests set by hand. */
#include "clock.h"

#include <time.h>

#include "fault.h"

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t); /* cannot fail for the two clocks below */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_wall_ms(const struct clock *self)
{
    (void)self;
    return read_ms(CLOCK_REALTIME) + fault_clock_ms();
}

static int64_t system_mono_ms(const struct clock *self)
{
    (void)self;
    return read_ms(CLOCK_MONOTONIC);
}

const struct clock *clock_system(void)
{
    static const struct clock system = {system_wall_ms, system_mono_ms};
    return &system;
}

/* The first member of a fake is its clock, so the one is found from the other. */
static int64_t fake_wall_ms(const struct clock *self)
{
    return ((const struct fake_clock *)self)->wall;
}

static int64_t fake_mono_ms(const struct clock *self)
{
    return ((const struct fake_clock *)self)->mono;
}

void fake_clock_init(struct fake_clock *fake, int64_t wall, int64_t mono)
{
    *fake = (struct fake_clock){{fake_wall_ms, fake_mono_ms}, wall, mono};
}

void fake_clock_advance(struct fake_clock *fake, int64_t ms)
{
    fake->wall += ms;
    fake->mono += ms;
}
