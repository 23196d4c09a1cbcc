/* `interviewd grade [--bank PATH]`: its arguments. */
#include <string.h>

#include "bot.h"
#include "cmd_bank.h"
#include "cmd_grade.h"
#include "commands.h"

int cmd_grade_entry(const struct command_call *call)
{
    bank *from = NULL;
    int code;

    if (call->argc == 2 && strcmp(call->argv[0], "--bank") == 0) {
        from = cmd_bank_load((const char *const *)&call->argv[1], 1);
        if (bank_size(from) == 0) {
            command_say(stderr, "interviewd: %s has no question", call->argv[1]);
            bank_free(from);
            return EXIT_FAILED;
        }
    } else if (call->argc != 0) {
        fputs("usage: interviewd grade [--bank PATH] <answers.jsonl\n", stderr);
        return EXIT_USAGE;
    }
    lexicon *lex = bot_read_aliases(call->config);
    code = cmd_grade(lex, from, stdin, stdout, stderr);
    lexicon_free(lex);
    bank_free(from);
    return code;
}
