/* The importer over any bytes, and what must hold of every bank that comes out. */
#include "bank.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void check_question(const bank *all, size_t i)
{
    const struct question *q = bank_at(all, i);

    require(bank_index(all, q) == i && bank_find(all, q->id) == q);
    require(q->topic != NULL && q->n_topics > 0 && q->line > 0);
    require(g_utf8_validate(q->text, -1, NULL));
    require(q->parent == NULL || bank_find(all, q->parent->id) == q->parent);
    for (size_t k = 0; k < q->n_answers; k++) {
        const struct bank_answer *a = &q->answers[k];
        require(a->n_parts > 0 && g_utf8_validate(a->text, -1, NULL));
        for (size_t p = 0; p < a->n_parts; p++)
            require(strstr(a->text, a->parts[p].text) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const folders[] = {"folder"};
    bank_builder *b = bank_builder_new();
    bank *all;

    bank_builder_add(b, "fuzz.md", folders, 1, "fuzz", (const char *)data, size);
    all = bank_builder_finish(b);
    for (size_t i = 0; i < bank_size(all); i++)
        check_question(all, i);
    for (size_t i = 0; i < bank_problem_count(all); i++)
        require(bank_problem_at(all, i)->key != NULL);
    bank_free(all);
    return 0;
}
