/* A bank that an administrator has sent: what it holds, every problem, and perhaps its use. */
#include <string.h>

#include "bot.h"
#include "log.h"

#define PROBLEMS_SHOWN 40

static bank *read_bank(const char *name, const char *text, size_t len)
{
    bank_builder *builder = bank_builder_new();

    bank_builder_add(builder, name, NULL, 0, name, text, len);
    return bank_builder_finish(builder);
}

static void add(GString *out, char *line)
{
    g_string_append(out, line);
    g_string_append_c(out, '\n');
    g_free(line);
}

static void say_head(GString *out, const catalog *cat, enum lang lang, const char *name,
                     const bank *b)
{
    size_t answers = 0;

    for (size_t i = 0; i < bank_size(b); i++)
        answers += bank_at(b, i)->n_answers > 0 ? 1 : 0;
    add(out, catalog_format(cat, lang, "import.head", "name=%s n=%zu answers=%zu", name,
                            bank_size(b), answers));
}

static void say_problems(GString *out, const catalog *cat, enum lang lang, const bank *b)
{
    size_t n = bank_problem_count(b);

    for (size_t i = 0; i < n && i < PROBLEMS_SHOWN; i++) {
        const struct bank_problem *p = bank_problem_at(b, i);
        g_autofree char *key = g_strconcat("problem.", p->key, NULL);
        g_autofree char *text =
            catalog_format(cat, lang, key, "arg=%s", p->arg != NULL ? p->arg : "");

        add(out, catalog_format(cat, lang, "import.problem", "line=%d text=%s", p->line, text));
    }
    if (n == 0)
        add(out,
            catalog_format(cat, lang, bank_size(b) > 0 ? "import.sound" : "import.nothing", ""));
    if (n > PROBLEMS_SHOWN)
        add(out, catalog_format(cat, lang, "import.more", "n=%zu", n - PROBLEMS_SHOWN));
}

static bool has_errors(const bank *b)
{
    for (size_t i = 0; i < bank_problem_count(b); i++) {
        if (bank_problem_at(b, i)->severity == BANK_ERROR)
            return true;
    }
    return bank_size(b) == 0;
}

/* The configured bank file of that name, *new*, or NULL: nothing else is ever written. */
static char *file_to_replace(const config *c, const char *name)
{
    g_auto(GStrv) paths = config_list(c, OPT_BANK);

    for (char **path = paths; *path != NULL; path++) {
        g_autofree char *base = g_path_get_basename(*path);

        if (strcmp(base, name) == 0 && g_file_test(*path, G_FILE_TEST_IS_REGULAR))
            return g_strdup(*path);
    }
    return NULL;
}

static bool take(bot *b, const char *name, const char *text, size_t len)
{
    g_autofree char *path = file_to_replace(bot_config(b), name);
    g_autoptr(GError) error = NULL;

    if (path == NULL)
        return false;
    if (g_file_set_contents(path, text, (gssize)len, &error) && bot_reload(b, &error)) {
        log_info("bank: %s was replaced by /import", path);
        return true;
    }
    log_warnx("import: %s", error->message);
    return false;
}

char *bot_import(bot *b, enum lang lang, const char *name, const char *text, size_t len,
                 bool replace)
{
    const catalog *cat = bot_catalog(b);
    GString *out = g_string_new(NULL);
    bank *fresh = read_bank(name, text, len);
    bool taken = false;

    say_head(out, cat, lang, name, fresh);
    say_problems(out, cat, lang, fresh);
    if (replace && !has_errors(fresh))
        taken = take(b, name, text, len);
    add(out, catalog_format(cat, lang, taken ? "import.taken" : "import.only-checked", ""));
    bank_free(fresh);
    return g_string_free(out, FALSE);
}
