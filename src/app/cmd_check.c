/* `interviewd check`: every problem of configuration, aliases and bank, one a line. */
#include "bot.h"
#include "commands.h"

static void print_problem(const catalog *cat, enum bank_severity severity, const char *file, int line,
                          const char *key, const char *arg)
{
    g_autofree char *name = g_strconcat("problem.", key, NULL);
    g_autofree char *text =
        catalog_format(cat, LANG_EN, name, "arg=%s", arg != NULL ? arg : "");

    printf("%s:%d: %s%s\n", file, line, severity == BANK_ERROR ? "" : "warning: ", text);
}

static int check_bank(const struct command_call *call, const catalog *cat)
{
    bank *b = bot_read_bank(call->config);
    int errors = 0;

    for (size_t i = 0; i < bank_problem_count(b); i++) {
        const struct bank_problem *p = bank_problem_at(b, i);

        print_problem(cat, p->severity, p->file, p->line, p->key, p->arg);
        errors += p->severity == BANK_ERROR ? 1 : 0;
    }
    if (bank_size(b) == 0)
        errors++;
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

        print_problem(cat, BANK_ERROR, p->file, p->line, p->key, p->arg);
    }
    lexicon_free(lex);
    return (int)n;
}

int cmd_check(const struct command_call *call)
{
    int errors = (int)call->config_problems->len;
    catalog *cat;

    if (call->argc != 0) {
        fputs("usage: interviewd check\n", stderr);
        return EXIT_USAGE;
    }
    for (guint i = 0; i < call->config_problems->len; i++)
        printf("%s\n", (const char *)g_ptr_array_index(call->config_problems, i));
    cat = catalog_new();
    errors += check_aliases(call, cat);
    errors += check_bank(call, cat);
    catalog_free(cat);
    puts(errors == 0 ? "no errors" : "there are errors: see above");
    return errors == 0 ? EXIT_DONE : EXIT_FAILED;
}
