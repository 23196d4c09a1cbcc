/*
 * What the machine does to a program that sleeps, with nothing of interviewd in
 * it: 1 MiB of cache lines, about what one update touches, is read at once
 * again, after 1 ms and after 50 ms asleep. The difference is what an update
 * at 1,000 and at 20 a second pays before its first useful instruction; on a
 * virtual machine others use the caches meanwhile. Prints one JSON object a
 * line.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINE = 64, LINES = 16384, PASSES = 101 };

/* Each line holds the number of the next one: in an order that no prefetcher guesses. */
struct line {
    uint32_t next;
    char rest[LINE - sizeof(uint32_t)];
};

static struct line *new_ring(void)
{
    struct line *lines = g_new0(struct line, LINES);
    g_autofree uint32_t *order = g_new(uint32_t, LINES);
    GRand *dice = g_rand_new_with_seed(20);

    for (uint32_t i = 0; i < LINES; i++) {
        uint32_t j = (uint32_t)g_rand_int_range(dice, 0, (gint32)i + 1);

        order[i] = order[j];
        order[j] = i;
    }
    for (uint32_t i = 0; i < LINES; i++)
        lines[order[i]].next = order[(i + 1) % LINES];
    g_rand_free(dice);
    return lines;
}

static double pass_us(const struct line *lines)
{
    struct timespec a, b;
    uint32_t at = 0;

    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < LINES; i++)
        at = lines[at].next;
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (at != 0)
        exit(1); /* the ring is whole, and the reading was not left out */
    return (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void measure(const struct line *lines, long sleep_us, const char *when)
{
    struct timespec pause = {0, sleep_us * 1000};
    double us[PASSES];

    for (int i = 0; i < PASSES; i++) {
        if (sleep_us > 0)
            nanosleep(&pause, NULL);
        us[i] = pass_us(lines);
    }
    qsort(us, PASSES, sizeof us[0], by_value);
    printf("{\"bench\":\"machine\",\"name\":\"1 MiB of cache lines read %s\",\"unit\":\"us\","
           "\"median\":%.1f,\"min\":%.1f,\"max\":%.1f,\"runs\":%d}\n",
           when, us[PASSES / 2], us[0], us[PASSES - 1], PASSES);
}

int main(void)
{
    struct line *lines = new_ring();

    measure(lines, 0, "again at once");
    measure(lines, 1000, "after 1 ms asleep");
    measure(lines, 50000, "after 50 ms asleep");
    g_free(lines);
    return 0;
}
