/* The corpus of the fuzz target "config", as ordinary tests. */
#include "../fuzz/fuzz_config.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "config");
}
