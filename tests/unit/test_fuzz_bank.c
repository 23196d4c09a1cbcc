/* The corpus of the importer's fuzz target, as ordinary tests. */
#include "../fuzz/fuzz_bank.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "bank");
}
