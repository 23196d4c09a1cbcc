/* The corpus and the past crashes of the fuzzer of Telegram's updates. */
#include "../fuzz/fuzz_telegram.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "telegram");
}
