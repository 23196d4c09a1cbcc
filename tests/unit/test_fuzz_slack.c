/* The corpus of the Slack fuzz target, as ordinary tests. */
#include "../fuzz/fuzz_slack.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "slack");
}
