/* Look-up in the table of embedded files that embed.sh makes. */
#include "embed.h"

#include <string.h>

const char *embed_get(const char *name, size_t *ret_len)
{
    for (const struct embed_file *f = embed_files; f->name != NULL; f++) {
        if (strcmp(f->name, name) == 0) {
            *ret_len = (size_t)(f->end - f->start);
            return f->start;
        }
    }
    return NULL;
}
