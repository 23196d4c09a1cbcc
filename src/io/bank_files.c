/* Walking bank folders in a fixed order. */
#include "bank_files.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    const struct bank_files_sink *sink; /* NULL: only the stamp is wanted */
    GPtrArray *folders;                 /* of char: between the named path and here */
    uint64_t stamp;
};

static void mix(uint64_t *stamp, uint64_t value)
{
    *stamp = (*stamp ^ value) * UINT64_C(1099511628211); /* FNV-1a's prime */
}

static void stamp_file(struct walk *w, const char *path, const struct stat *st)
{
    for (const char *p = path; *p != '\0'; p++)
        mix(&w->stamp, (unsigned char)*p);
    mix(&w->stamp, (uint64_t)st->st_mtim.tv_sec);
    mix(&w->stamp, (uint64_t)st->st_mtim.tv_nsec);
    mix(&w->stamp, (uint64_t)st->st_size);
    mix(&w->stamp, (uint64_t)st->st_ino);
}

static bool has_markdown_name(const char *name)
{
    char *lower = g_ascii_strdown(name, -1);
    bool is = g_str_has_suffix(lower, ".md") || g_str_has_suffix(lower, ".markdown");

    g_free(lower);
    return is;
}

/* The topic of a file without headings: its name, or its folder's when it is the folder's cover
 * page. */
static char *fallback_of(const char *path)
{
    char *base = g_path_get_basename(path), *dot = strrchr(base, '.'), *absolute, *folder;

    if (dot != NULL && dot != base)
        *dot = '\0';
    if (g_ascii_strcasecmp(base, "readme") != 0 && g_ascii_strcasecmp(base, "index") != 0)
        return base;
    absolute = g_canonicalize_filename(path, NULL);
    folder = g_path_get_dirname(absolute);
    g_free(base);
    base = g_path_get_basename(folder);
    g_free(folder);
    g_free(absolute);
    return base;
}

static void read_file(struct walk *w, const char *path)
{
    const struct bank_files_sink *sink = w->sink;
    char *data = NULL, *fallback;
    gsize len = 0;
    GError *error = NULL;

    if (sink == NULL)
        return;
    if (!g_file_get_contents(path, &data, &len, &error)) {
        sink->problem(sink->ctx, path, "cannot-read", error->message);
        g_error_free(error);
        return;
    }
    fallback = fallback_of(path);
    sink->file(sink->ctx, path, (const char *const *)w->folders->pdata, w->folders->len, fallback,
               data, len);
    g_free(fallback);
    g_free(data);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *list_folder(const char *path, const struct bank_files_sink *sink)
{
    GError *error = NULL;
    GDir *dir = g_dir_open(path, 0, &error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    if (dir == NULL) {
        if (sink != NULL)
            sink->problem(sink->ctx, path, "cannot-read", error->message);
        g_error_free(error);
        return names;
    }
    while ((name = g_dir_read_name(dir)) != NULL)
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void read_folder(struct walk *w, const char *path);

static void read_entry(struct walk *w, const char *path, const char *name)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        g_ptr_array_add(w->folders, g_strdup(name));
        read_folder(w, path);
        g_ptr_array_set_size(w->folders, (int)w->folders->len - 1);
    } else if (has_markdown_name(name) && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        stamp_file(w, path, &st);
        read_file(w, path);
    }
}

static void read_folder(struct walk *w, const char *path)
{
    GPtrArray *names = list_folder(path, w->sink);

    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        char *inside = g_build_filename(path, name, NULL);

        read_entry(w, inside, name);
        g_free(inside);
    }
    g_ptr_array_free(names, TRUE);
}

static void read_path(struct walk *w, const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        if (w->sink != NULL)
            w->sink->problem(w->sink->ctx, path, "cannot-read", g_strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        read_folder(w, path);
    } else {
        stamp_file(w, path, &st);
        read_file(w, path);
    }
}

void bank_files_read(const char *path, const struct bank_files_sink *sink)
{
    struct walk w = {.sink = sink, .folders = g_ptr_array_new_with_free_func(g_free)};

    read_path(&w, path);
    g_ptr_array_free(w.folders, TRUE);
}

uint64_t bank_files_stamp(const char *const *paths, size_t n_paths)
{
    struct walk w = {.folders = g_ptr_array_new_with_free_func(g_free),
                     .stamp = UINT64_C(14695981039346656037)};

    for (size_t i = 0; i < n_paths; i++)
        read_path(&w, paths[i]);
    g_ptr_array_free(w.folders, TRUE);
    return w.stamp;
}
