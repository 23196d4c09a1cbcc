/* The corpus of the WebSocket fuzz target, as ordinary tests. */
#include "../fuzz/fuzz_ws.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "ws");
}
