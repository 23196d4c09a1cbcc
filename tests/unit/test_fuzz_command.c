/* The corpus of the fuzz target "command", as ordinary tests. */
#include "../fuzz/fuzz_command.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "command");
}
