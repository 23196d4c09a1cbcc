/* Tokens: from the environment, a file, or a credential of systemd. */
#include "config.h"

/*
 * systemd stops a unit whose credential's file is missing, unless the
 * credential has a default: our unit's is a blank, which means no token.
 */
static bool is_blank_credential(const char *path)
{
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) && g_strstrip(text)[0] == '\0';
}

static char *read_secret_file(const char *path, GError **error)
{
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    g_strstrip(text);
    if (text[0] != '\0')
        return text;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is empty: put the token in it", path);
    g_free(text);
    return NULL;
}

char *config_secret(const config *c, const char *env, enum option file_option,
                    const char *credential, char **ret_source, GError **error)
{
    const char *value = g_getenv(env);
    const char *file = config_text(c, file_option);
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    g_autofree char *path = NULL;

    if (value != NULL && value[0] != '\0') {
        if (ret_source != NULL)
            *ret_source = g_strdup(env);
        return g_strstrip(g_strdup(value));
    }
    if (file[0] != '\0')
        path = g_strdup(file);
    else if (folder != NULL)
        path = g_build_filename(folder, credential, NULL);
    if (path == NULL || (file[0] == '\0' && !g_file_test(path, G_FILE_TEST_EXISTS)))
        return NULL;
    if (file[0] == '\0' && is_blank_credential(path))
        return NULL;
    if (ret_source != NULL)
        *ret_source = g_strdup(path);
    return read_secret_file(path, error);
}
