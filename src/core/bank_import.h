/* Reading one Markdown file into a builder. */
#ifndef INTERVIEWD_BANK_IMPORT_H
#define INTERVIEWD_BANK_IMPORT_H

#include "bank.h"

/* See bank_builder_add, whose work this is. */
void import_file(bank_builder *b, const char *file, const char *const *folders, size_t n_folders,
                 const char *fallback, const char *data, size_t len);

#endif
