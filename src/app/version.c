/* The version that the build took from git; alone in its file, so that little is rebuilt. */
#include "commands.h"

const char *program_version(void)
{
    return IV_VERSION;
}
