/*
 * The program on a disk that fails: TEST_DISK=KIND:N[:lasting] in the
 * environment, KIND one of write, sync, read, full. The Nth of the kind since
 * the start fails; lasting: and every one after it. Says so once on standard
 * error, so that a test knows that it has happened.
 */
#include <glib.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/commands.h"
#include "failing_vfs.h"

static void say_that_it_failed(void)
{
    static const char words[] = "the disk fails\n";

    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        abort();
}

static void arm(const char *wanted)
{
    static const struct {
        const char *name;
        enum failing_kind kind;
        int code;
    } kinds[] = {
        {"write", FAIL_WRITE, SQLITE_IOERR_WRITE},
        {"sync", FAIL_SYNC, SQLITE_IOERR_FSYNC},
        {"read", FAIL_READ, SQLITE_IOERR_READ},
        {"full", FAIL_WRITE, SQLITE_FULL},
    };
    g_auto(GStrv) parts = g_strsplit(wanted, ":", 3);

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(parts[0], kinds[i].name))
            failing_arm(kinds[i].kind, atoi(parts[1]), parts[2] != NULL, kinds[i].code);
    }
}

int main(int argc, char **argv)
{
    const char *wanted = g_getenv("TEST_DISK");

    if (wanted != NULL) {
        failing_register();
        arm(wanted);
        failing.on_first = say_that_it_failed;
    }
    return app_main(argc, argv);
}
