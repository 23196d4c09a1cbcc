/* The corpus of the fuzz target "schedule", as ordinary tests. */
#include "../fuzz/fuzz_schedule.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "schedule");
}
