/* `interviewd bank ...`: with the configured bank where no path is named. */
#include "cmd_bank.h"
#include "commands.h"

int cmd_bank_entry(const struct command_call *call)
{
    g_auto(GStrv) paths = config_list(call->config, OPT_BANK);

    return cmd_bank(call->argc, call->argv, (const char *const *)paths, g_strv_length(paths),
                    stdout, stderr);
}
