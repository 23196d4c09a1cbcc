/* Reads the embedded catalogue files into a table a language. */
#include "catalog.h"

#include <glib.h>
#include <string.h>

#include "embed.h"

struct catalog {
    GHashTable *texts[LANG_COUNT]; /* key -> text, both owned */
};

static const char *const suffixes[LANG_COUNT] = {".ko.txt", ".en.txt"};

static void add_line(GHashTable *texts, char *line)
{
    char *eq = strstr(line, " = ");

    if (line[0] == '#' || eq == NULL)
        return;
    *eq = '\0';
    g_autofree char *raw = g_strdup(eq + 3);
    GString *text = g_string_new(raw);

    g_string_replace(text, "\\n", "\n", 0);
    g_hash_table_replace(texts, g_strdup(g_strstrip(line)), g_string_free(text, FALSE));
}

static void add_file(GHashTable *texts, const struct embed_file *file)
{
    g_autofree char *data = g_strndup(file->start, (gsize)(file->end - file->start));
    g_auto(GStrv) lines = g_strsplit(data, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        add_line(texts, *line);
}

catalog *catalog_new(void)
{
    catalog *c = g_new0(catalog, 1);

    for (int lang = 0; lang < LANG_COUNT; lang++) {
        c->texts[lang] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (const struct embed_file *f = embed_files; f->name != NULL; f++) {
            if (g_str_has_prefix(f->name, "text/") && g_str_has_suffix(f->name, suffixes[lang]))
                add_file(c->texts[lang], f);
        }
    }
    return c;
}

void catalog_free(catalog *c)
{
    if (c == NULL)
        return;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        g_hash_table_unref(c->texts[lang]);
    g_free(c);
}

const char *catalog_text(const catalog *c, enum lang lang, const char *key)
{
    const char *text = g_hash_table_lookup(c->texts[lang], key);

    return text != NULL ? text : key;
}

bool catalog_has(const catalog *c, enum lang lang, const char *key)
{
    return g_hash_table_contains(c->texts[lang], key);
}

void catalog_each(const catalog *c, enum lang lang,
                  void (*each)(const char *key, const char *text, void *ctx), void *ctx)
{
    GHashTableIter it;
    gpointer key, text;

    g_hash_table_iter_init(&it, c->texts[lang]);
    while (g_hash_table_iter_next(&it, &key, &text))
        each(key, text, ctx);
}

const char *lang_code(enum lang lang)
{
    return lang == LANG_EN ? "en" : "ko";
}

bool lang_parse(const char *s, enum lang *ret_lang)
{
    static const struct {
        const char *word;
        enum lang lang;
    } words[] = {{"ko", LANG_KO},   {"kr", LANG_KO},   {"korean", LANG_KO}, {"한국어", LANG_KO},
                 {"한글", LANG_KO}, {"국어", LANG_KO}, {"en", LANG_EN},     {"english", LANG_EN},
                 {"영어", LANG_EN}, {"eng", LANG_EN},  {"kor", LANG_KO}};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(s, words[i].word) == 0) {
            *ret_lang = words[i].lang;
            return true;
        }
    }
    return false;
}
