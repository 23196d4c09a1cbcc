/*
 * The files of data/ that are compiled into the binary: the seed bank, the
 * catalogues and the aliases. The binary alone works in any folder.
 */
#ifndef INTERVIEWD_EMBED_H
#define INTERVIEWD_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *name;  /* path below data/, e.g. "aliases/os.tsv" */
    const char *start; /* the bytes, followed by a NUL that is not counted */
    const char *end;
};

/* The table that the build makes from data/, closed by a row without a name. */
extern const struct embed_file embed_files[];

/*
 * The embedded file NAME, *borrowed* (it lives as long as the program), or
 * NULL. *ret_len gets its length in bytes.
 */
const char *embed_get(const char *name, size_t *ret_len);

#endif
