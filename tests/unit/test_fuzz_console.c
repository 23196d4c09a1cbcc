/* The corpus of the fuzz target "console", as ordinary tests. */
#include "../fuzz/fuzz_console.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "console");
}
