/* The corpus and past crashes of the grader's fuzz target, as ordinary tests. */
#include "../fuzz/fuzz_grade.c"
#include "../support/replay.h"

int main(int argc, char **argv)
{
    return replay_main(argc, argv, "grade");
}
