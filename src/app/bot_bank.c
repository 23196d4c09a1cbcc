/* Reading the bank and the aliases that the configuration names. */
#include <string.h>

#include "bot.h"
#include "cmd_bank.h"
#include "embed.h"
#include "log.h"

struct bank *bot_read_bank(const struct config *c)
{
    g_auto(GStrv) paths = config_list(c, OPT_BANK);

    return cmd_bank_load((const char *const *)paths, g_strv_length(paths));
}

static void add_alias_file(lexicon *lex, const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize len = 0;

    if (g_file_get_contents(path, &text, &len, &error))
        lexicon_add(lex, path, text, len);
    else
        log_warnx("aliases: %s", error->message);
}

/* bank.md has its own words in bank.aliases.tsv; a folder in aliases.tsv within it. */
static void add_aliases_beside(lexicon *lex, const char *bank_path)
{
    g_autofree char *path = NULL;

    if (g_file_test(bank_path, G_FILE_TEST_IS_DIR)) {
        path = g_build_filename(bank_path, "aliases.tsv", NULL);
    } else {
        const char *dot = strrchr(bank_path, '.');
        size_t n =
            dot != NULL && strchr(dot, '/') == NULL ? (size_t)(dot - bank_path) : strlen(bank_path);

        path = g_strdup_printf("%.*s.aliases.tsv", (int)n, bank_path);
    }
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        add_alias_file(lex, path);
}

lexicon *bot_read_aliases(const struct config *c)
{
    lexicon *lex = lexicon_new();
    g_auto(GStrv) files = config_list(c, OPT_ALIASES);
    g_auto(GStrv) banks = config_list(c, OPT_BANK);

    for (const struct embed_file *f = embed_files; f->name != NULL; f++) {
        if (g_str_has_prefix(f->name, "aliases/"))
            lexicon_add(lex, f->name, f->start, (size_t)(f->end - f->start));
    }
    for (char **file = files; *file != NULL; file++)
        add_alias_file(lex, *file);
    for (char **path = banks; *path != NULL; path++)
        add_aliases_beside(lex, *path);
    lexicon_finish(lex);
    return lex;
}
