/*
 * Bank files and folders on disk, read into a bank_builder.
 *
 * Everything that goes wrong (a missing file, one that cannot be read) becomes
 * a problem of the builder, so that one bad file hides no other.
 */
#ifndef INTERVIEWD_BANK_FILES_H
#define INTERVIEWD_BANK_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is done with each file that is found. */
struct bank_files_sink {
    /* NAME is the path as a person would write it; FOLDERS and FALLBACK as in bank_builder_add. All
     * *borrowed*. */
    void (*file)(void *ctx, const char *name, const char *const *folders, size_t n_folders,
                 const char *fallback, const char *data, size_t len);
    /* NAME cannot be read: KEY is a problem's key, ARG its argument or NULL. */
    void (*problem)(void *ctx, const char *name, const char *key, const char *arg);
    void *ctx;
};

/*
 * Reads PATH, a Markdown file of any name, or a folder with all its *.md and
 * *.markdown files in the order of their names, recursively. Hidden files and
 * folders are left out; links to folders are not followed.
 */
void bank_files_read(const char *path, const struct bank_files_sink *sink);

/*
 * A number that changes when any file below the N_PATHS paths is added,
 * removed or written: what a running program compares to notice a changed bank.
 */
uint64_t bank_files_stamp(const char *const *paths, size_t n_paths);

#endif
