/*
 * Part of the build and not of the program: compiles the alias tables that are
 * embedded into an image, and fails where a table has a problem.
 *
 *   lexicon_compile IMAGE TABLE...
 */
#include <glib.h>
#include <stdio.h>

#include "grade.h"

static bool add_table(lexicon *lex, const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize len = 0;

    if (!g_file_get_contents(path, &text, &len, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return false;
    }
    lexicon_add(lex, path, text, len);
    return true;
}

static bool write_image(const lexicon *lex, const char *path)
{
    g_autoptr(GByteArray) image = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    lexicon_image(lex, image);
    if (g_file_set_contents(path, (const char *)image->data, (gssize)image->len, &error))
        return true;
    fprintf(stderr, "%s\n", error->message);
    return false;
}

int main(int argc, char **argv)
{
    lexicon *lex = lexicon_new();
    bool good = argc > 2;

    for (int i = 2; i < argc; i++)
        good = add_table(lex, argv[i]) && good;
    lexicon_finish(lex);
    for (size_t i = 0; i < lexicon_problem_count(lex); i++) {
        const struct lexicon_problem *p = lexicon_problem_at(lex, i);

        fprintf(stderr, "%s:%d: %s %s\n", p->file, p->line, p->key, p->arg != NULL ? p->arg : "");
        good = false;
    }
    good = good && write_image(lex, argv[1]);
    lexicon_free(lex);
    return good ? 0 : 1;
}
