/* `interviewd backup FILE`. */
#include "bot.h"
#include "commands.h"
#include "log.h"

int cmd_backup(const struct command_call *call)
{
    g_autoptr(GError) error = NULL;

    if (call->argc != 1) {
        fputs("usage: interviewd backup FILE\n", stderr);
        return EXIT_USAGE;
    }
    g_autofree char *path = bot_database_path(call->config, &error);
    if (path != NULL && store_backup(path, call->argv[0], &error))
        return EXIT_DONE;
    log_error("%s", error->message);
    return EXIT_FAILED;
}
