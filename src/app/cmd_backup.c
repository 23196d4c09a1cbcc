/* `interviewd backup FILE`, and `backup --into FOLDER --keep N` for a timer. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bot.h"
#include "commands.h"
#include "log.h"

#define KEPT_PREFIX "interviewd-"
#define KEPT_SUFFIX ".db"
/* How the names of kept backups sort is how old they are. */
#define KEPT_STAMP "%Y%m%dT%H%M%SZ"
#define KEPT_SHAPE "00000000T000000Z"

struct backup_options {
    const char *file;
    const char *folder;
    int64_t keep; /* 0: all of them */
};

static bool read_options(const struct command_call *call, struct backup_options *o)
{
    for (int i = 0; i < call->argc; i++) {
        bool last = i + 1 == call->argc;

        if (strcmp(call->argv[i], "--into") == 0 && !last)
            o->folder = call->argv[++i];
        else if (strcmp(call->argv[i], "--keep") == 0 && !last &&
                 g_ascii_string_to_signed(call->argv[i + 1], 10, 1, 100000, &o->keep, NULL))
            i++;
        else if (call->argv[i][0] != '-' && o->file == NULL)
            o->file = call->argv[i];
        else
            return false;
    }
    return (o->file == NULL) != (o->folder == NULL) && (o->keep == 0 || o->folder != NULL);
}

/* ---- which files in the folder are ours ---- */

static bool is_kept(const char *name)
{
    const char *stamp = name + strlen(KEPT_PREFIX);

    if (!g_str_has_prefix(name, KEPT_PREFIX) || strlen(stamp) != strlen(KEPT_SHAPE KEPT_SUFFIX) ||
        !g_str_has_suffix(stamp, KEPT_SUFFIX))
        return false;
    for (size_t i = 0; KEPT_SHAPE[i] != '\0'; i++) {
        if (KEPT_SHAPE[i] == '0' ? !g_ascii_isdigit(stamp[i]) : stamp[i] != KEPT_SHAPE[i])
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The kept backups of FOLDER, oldest first, *new*. */
static GPtrArray *kept_backups(const char *folder, GError **error)
{
    GDir *dir = g_dir_open(folder, 0, error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (is_kept(name))
            g_ptr_array_add(names, g_strdup(name));
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    return names;
}

static bool drop_oldest(const struct backup_options *o, GError **error)
{
    GError *local = NULL;
    g_autoptr(GPtrArray) names = kept_backups(o->folder, &local);

    for (guint i = 0; local == NULL && o->keep > 0 && names->len - i > (guint64)o->keep; i++) {
        g_autofree char *path = g_build_filename(o->folder, names->pdata[i], NULL);

        if (g_unlink(path) != 0)
            g_set_error(&local, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                        "backup: cannot remove the old %s: %s", path, g_strerror(errno));
    }
    if (local == NULL)
        return true;
    g_propagate_error(error, local);
    return false;
}

/* ---- making one ---- */

/*
 * Copied and checked under another name first: what carries a backup's name is
 * whole, even after a power cut in the middle.
 */
static bool backup_into(const char *database, const struct backup_options *o, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, KEPT_STAMP);
    g_autofree char *name = g_strconcat(KEPT_PREFIX, stamp, KEPT_SUFFIX, NULL);
    g_autofree char *path = g_build_filename(o->folder, name, NULL);
    g_autofree char *part = g_build_filename(o->folder, ".interviewd-backup.part", NULL);

    if (g_mkdir_with_parents(o->folder, 0700) != 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                    "backup: cannot make the folder %s: %s", o->folder, g_strerror(errno));
        return false;
    }
    g_unlink(part); /* of a backup that was cut off */
    if (!store_backup(database, part, error))
        return false;
    if (g_rename(part, path) != 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                    "backup: cannot name the copy %s: %s", path, g_strerror(errno));
        g_unlink(part);
        return false;
    }
    log_info("backup: %s", path);
    return drop_oldest(o, error);
}

int cmd_backup(const struct command_call *call)
{
    struct backup_options o = {NULL, NULL, 0};
    g_autoptr(GError) error = NULL;
    bool ok = false;

    if (!read_options(call, &o)) {
        fputs("usage: interviewd backup FILE\n"
              "       interviewd backup --into FOLDER [--keep N]\n",
              stderr);
        return EXIT_USAGE;
    }
    g_autofree char *path = bot_database_path(call->config, &error);
    if (path != NULL && o.folder != NULL)
        ok = backup_into(path, &o, &error);
    else if (path != NULL)
        ok = store_backup(path, o.file, &error);
    if (ok)
        return EXIT_DONE;
    log_error("%s", error->message);
    return EXIT_FAILED;
}
