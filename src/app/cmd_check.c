/* `interviewd check`: every problem of configuration, aliases and bank, one a line. */
#include <string.h>

#include "bot.h"
#include "check_online.h"
#include "cmd_bank.h"
#include "commands.h"

/* Files that can be read and hold no question: each by its name. */
static int say_empty(const config *c)
{
    g_auto(GStrv) paths = config_list(c, OPT_BANK);

    for (char **path = paths; *path != NULL; path++)
        command_say(stdout, "%s:1: no question found", *path);
    return 1;
}

static int check_bank(const struct command_call *call)
{
    bank *b = bot_read_bank(call->config);
    int errors = (int)cmd_bank_problems(b, stdout);

    if (bank_size(b) == 0 && errors == 0)
        errors += say_empty(call->config);
    printf("bank: %zu questions\n", bank_size(b));
    bank_free(b);
    return errors;
}

static int check_aliases(const struct command_call *call, const catalog *cat)
{
    lexicon *lex = bot_read_aliases(call->config);
    size_t n = lexicon_problem_count(lex);

    for (size_t i = 0; i < n; i++) {
        const struct lexicon_problem *p = lexicon_problem_at(lex, i);

        g_autofree char *key = g_strconcat("problem.", p->key, NULL);
        g_autofree char *text =
            catalog_format(cat, LANG_EN, key, "arg=%s", p->arg != NULL ? p->arg : "");

        command_say(stdout, "%s:%d: %s", p->file, p->line, text);
    }
    lexicon_free(lex);
    return (int)n;
}

int cmd_check(const struct command_call *call)
{
    int errors = (int)call->config_problems->len;
    catalog *cat;

    bool online = call->argc == 1 && strcmp(call->argv[0], "--online") == 0;

    if (call->argc != (online ? 1 : 0)) {
        fputs("usage: interviewd check [--online]\n", stderr);
        return EXIT_USAGE;
    }
    for (guint i = 0; i < call->config_problems->len; i++)
        command_say(stdout, "%s", (const char *)g_ptr_array_index(call->config_problems, i));
    cat = catalog_new();
    errors += check_aliases(call, cat);
    errors += check_bank(call);
    catalog_free(cat);
    if (online)
        errors += check_online(call->config);
    puts(errors == 0 ? "no errors" : "there are errors: see above");
    return errors == 0 ? EXIT_DONE : EXIT_FAILED;
}
