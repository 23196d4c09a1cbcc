/* The configuration file and -o: any bytes give problems with a line, never a crash or a value that
 * was not checked. */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "net.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

/* What every reader of the values relies on. */
static void check_values(const config *c)
{
    check(config_number(c, OPT_RANKED_ASKS) >= 0 && config_number(c, OPT_RANKED_ASKS) <= 100);
    check(config_number(c, OPT_METRICS_SECONDS) >= 5);
    check(config_number(c, OPT_ANSWERS_PER_MINUTE) >= 1);
    check(url_is_encrypted(config_text(c, OPT_TELEGRAM_API_URL)) ||
          url_is_loopback(config_text(c, OPT_TELEGRAM_API_URL)));
    for (int i = 0; i < OPT_COUNT; i++) {
        g_auto(GStrv) list = config_list(c, (enum option)i);

        check(g_utf8_validate(config_text(c, (enum option)i), -1, NULL));
        check(strchr(config_text(c, (enum option)i), '\n') == NULL);
        for (char **p = list; *p != NULL; p++)
            check((*p)[0] != '\0' && strchr(*p, ';') == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    config *c = config_new();

    config_read_text(c, "fuzz.conf", text, problems);
    for (guint i = 0; i < problems->len; i++)
        check(g_str_has_prefix(g_ptr_array_index(problems, i), "fuzz.conf:"));
    check_values(c);
    config_free(c);
    if (strlen(text) == size && g_utf8_validate(text, -1, NULL) && strchr(text, '\n') == NULL) {
        c = config_new();
        config_override(c, text, problems); /* a word of the command line */
        check_values(c);
        config_free(c);
    }
    return 0;
}
