/*
 * Time as a value that is passed in: whoever needs to know the time gets a
 * `const struct clock *`, so that a test can be at any instant it likes.
 */
#ifndef INTERVIEWD_CLOCK_H
#define INTERVIEWD_CLOCK_H

#include <stdint.h>

struct clock {
    /* Milliseconds since 1970-01-01 UTC. Steps when somebody sets the clock. */
    int64_t (*wall_ms)(const struct clock *self);
    /* Milliseconds since some fixed instant. Never steps, never runs backwards. */
    int64_t (*mono_ms)(const struct clock *self);
};

/* The machine's clock, *borrowed* (it lives as long as the program). */
const struct clock *clock_system(void);

static inline int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock);
}

static inline int64_t clock_mono_ms(const struct clock *clock)
{
    return clock->mono_ms(clock);
}

/* A clock that stands still until it is told otherwise: pass &fake.clock. */
struct fake_clock {
    struct clock clock;
    int64_t wall; /* set it alone to play a step of the wall clock */
    int64_t mono;
};

void fake_clock_init(struct fake_clock *fake, int64_t wall, int64_t mono);
/* Lets MS milliseconds pass on both clocks. */
void fake_clock_advance(struct fake_clock *fake, int64_t ms);

#endif
