/* The terminal's lines with the whole bot behind them: interview, store, rendering. Nothing typed
 * breaks a conversation. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/bot.h"
#include "console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

/* A terminal shows what it is sent: an escape or a bare carriage return would move its cursor. */
static void check_output(const char *text, size_t len)
{
    check(g_utf8_validate(text, (gssize)len, NULL));
    for (size_t i = 0; i < len; i++)
        check((unsigned char)text[i] >= 0x20 || text[i] == '\n' || text[i] == '\t');
}

static bot *the_bot(void)
{
    static bot *b = NULL; /* once a process: opening a database takes longer than an input */
    static config *c;
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    if (b != NULL)
        return b;
    c = config_new();
    g_autofree char *folder = g_dir_make_tmp("iv-fuzz-XXXXXX", NULL);
    g_autofree char *database = g_strdup_printf("bot.database=%s/fuzz.db", folder);
    config_override(c, database, problems);
    b = bot_new(c, clock_system(), &error);
    if (b == NULL)
        g_error("%s", error->message);
    return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bot *b = the_bot();
    char *out_text = NULL;
    size_t out_len = 0;
    FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "rb") : fopen("/dev/null", "rb");
    FILE *out = open_memstream(&out_text, &out_len);
    console *c = console_new("fuzz", in, out);

    bot_add_transport(b, console_transport(c));
    check(console_run(c, bot_host(b), "hello\n", "> ") == 0);
    console_free(c);
    fclose(in);
    fclose(out);
    check_output(out_text, out_len);
    free(out_text);
    return 0;
}
