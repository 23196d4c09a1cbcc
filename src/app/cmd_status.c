/* `interviewd status`: what the database says of the daemon, read beside it. */
#include "bot.h"
#include "commands.h"
#include "log.h"
#include "status.h"

static bool print_status(const char *path, GError **error)
{
    store *s = store_open_reader(path, error);
    struct status st;
    bool ok = s != NULL && status_read(s, path, &st, error);

    if (ok) {
        g_autofree char *text = status_text(&st, path, clock_wall_ms(clock_system()) / 1000);

        fputs(text, stdout);
        status_clear(&st);
    }
    store_close(s);
    return ok;
}

int cmd_status(const struct command_call *call)
{
    g_autoptr(GError) error = NULL;

    if (call->argc != 0) {
        fputs("usage: interviewd status\n", stderr);
        return EXIT_USAGE;
    }
    g_autofree char *path = bot_database_path(call->config, &error);
    if (path != NULL && !g_file_test(path, G_FILE_TEST_EXISTS))
        g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "there is no database %s: the daemon has not run with this configuration",
                    path);
    else if (path != NULL && print_status(path, &error))
        return EXIT_DONE;
    log_error("%s", error->message);
    return EXIT_FAILED;
}
