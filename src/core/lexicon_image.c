/*
 * An image is the arrays of a finished lexicon, one after the other: the build
 * makes one of the embedded tables, so that a start need not compile them, and
 * their pages are the program's own.
 */
#include "lexicon_internal.h"

struct image {
    uint32_t n_nodes, n_slots, n_forms, n_concepts, names;
};

static void append(GByteArray *out, const void *data, size_t len)
{
    static const guint8 zeros[8] = {0};
    g_byte_array_append(out, data, (guint)len);
    g_byte_array_append(out, zeros, (guint)(-len % 8));
}

void lexicon_image(const lexicon *lex, GByteArray *out)
{
    struct image head = {.n_nodes = (uint32_t)lex->n_nodes,
                         .n_slots = (uint32_t)lex->n_slots,
                         .n_forms = (uint32_t)lex->n_forms,
                         .n_concepts = (uint32_t)lex->n_concepts,
                         .names = (uint32_t)lex->new_names->len};
    append(out, &head, sizeof head);
    append(out, lex->nodes, lex->n_nodes * sizeof *lex->nodes);
    append(out, lex->slots, lex->n_slots * sizeof *lex->slots);
    append(out, lex->forms, lex->n_forms * sizeof *lex->forms);
    append(out, lex->concepts, lex->n_concepts * sizeof *lex->concepts);
    append(out, lex->names, head.names);
}

/* The next N things of SIZE bytes at *AT. They are only read, whatever their type says. */
static void *take(uintptr_t *at, size_t n, size_t size)
{
    void *p = (void *)*at;
    *at += (n * size + 7) / 8 * 8;
    return p;
}

lexicon *lexicon_of_image(const void *image)
{
    const struct image *head = image;
    uintptr_t at = (uintptr_t)image;
    lexicon *lex = lexicon_bare();
    take(&at, 1, sizeof *head);
    lex->borrowed = true;
    lex->n_nodes = head->n_nodes;
    lex->nodes = take(&at, head->n_nodes, sizeof *lex->nodes);
    lex->n_slots = head->n_slots;
    lex->shift = 64 - (unsigned)__builtin_ctzll(lex->n_slots);
    lex->slots = take(&at, head->n_slots, sizeof *lex->slots);
    lex->n_forms = head->n_forms;
    lex->forms = take(&at, head->n_forms, sizeof *lex->forms);
    lex->n_concepts = head->n_concepts;
    lex->concepts = take(&at, head->n_concepts, sizeof *lex->concepts);
    lex->names = take(&at, head->names, 1);
    return lex;
}
