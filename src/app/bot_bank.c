/* The bank and the aliases that the configuration names: read, and taken into use. */
#include <string.h>

#include "bot_internal.h"
#include "cmd_bank.h"
#include "cmd_grade.h"
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

/* bank.md has its own words in bank.aliases.tsv; a folder in aliases.tsv within it. *new* */
static char *aliases_beside(const char *bank_path)
{
    if (g_file_test(bank_path, G_FILE_TEST_IS_DIR))
        return g_build_filename(bank_path, "aliases.tsv", NULL);
    const char *dot = strrchr(bank_path, '.');
    size_t n =
        dot != NULL && strchr(dot, '/') == NULL ? (size_t)(dot - bank_path) : strlen(bank_path);

    return g_strdup_printf("%.*s.aliases.tsv", (int)n, bank_path);
}

/* The operator's own tables: a *new* list of *new* paths. */
static GPtrArray *own_tables(const struct config *c)
{
    g_auto(GStrv) files = config_list(c, OPT_ALIASES);
    g_auto(GStrv) banks = config_list(c, OPT_BANK);
    GPtrArray *own = g_ptr_array_new_with_free_func(g_free);

    for (char **file = files; *file != NULL; file++)
        g_ptr_array_add(own, g_strdup(*file));
    for (char **path = banks; *path != NULL; path++) {
        char *beside = aliases_beside(*path);

        if (g_file_test(beside, G_FILE_TEST_EXISTS))
            g_ptr_array_add(own, beside);
        else
            g_free(beside);
    }
    return own;
}

lexicon *bot_read_aliases(const struct config *c)
{
    g_autoptr(GPtrArray) own = own_tables(c);

    if (own->len == 0)
        return embedded_lexicon();
    lexicon *lex = lexicon_new();
    add_embedded_tables(lex);
    for (guint i = 0; i < own->len; i++)
        add_alias_file(lex, own->pdata[i]);
    lexicon_finish(lex);
    return lex;
}

/* ---- taking it into use ---- */

/* Whether FRESH is one to use. At the start what can be read is better than nothing. */
static bool is_usable(const bot *b, const bank *fresh, GError **error)
{
    g_autofree char *first = cmd_bank_first_error(fresh);
    bool empty = bank_size(fresh) == 0, at_start = interview_bank(b->interview) == NULL;

    if (empty)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "the bank %s has no question: %s%srun `interviewd check` to see why",
                    config_text(b->config, OPT_BANK), first != NULL ? first : "",
                    first != NULL ? "; " : "");
    else if (first != NULL && !at_start)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s", first);
    else if (first != NULL)
        log_warnx("bank: %s", first);
    return !empty && (first == NULL || at_start);
}

bool bot_reload(bot *b, GError **error)
{
    struct bank *fresh = bot_read_bank(b->config);
    g_autofree int64_t *keys = NULL;
    bool ok = is_usable(b, fresh, error);

    if (ok) {
        store_begin(b->store);
        keys = store_register(b->store, fresh);
        ok = store_commit(b->store, error);
    }
    if (!ok) {
        bank_free(fresh);
        return false;
    }
    lexicon *words = bot_read_aliases(b->config);
    interview_use_lexicon(b->interview, words);
    interview_take_bank(b->interview, fresh, keys);
    lexicon_free(b->lexicon);
    b->lexicon = words;
    return true;
}
