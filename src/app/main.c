/* The program's entry: everything else is in the library, so that tests can link it. */
#include "commands.h"

int main(int argc, char **argv)
{
    return app_main(argc, argv);
}
