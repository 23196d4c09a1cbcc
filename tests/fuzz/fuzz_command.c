/* What people type to the bot, as a command: never a crash, always one of the table's ids and clean
 * parts. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_command(const char *text, bool bare)
{
    struct command c;

    command_parse(text, bare, &c);
    check(c.id < CMD_COUNT);
    if (c.id == CMD_NONE) { /* an answer: has no parts */
        check(c.word == NULL && c.arg == NULL && c.nearest == NULL);
        return;
    }
    check(c.word != NULL && c.arg != NULL);
    check(g_utf8_validate(c.word, -1, NULL) && g_utf8_validate(c.arg, -1, NULL));
    check(strlen(c.word) <= strlen(text) && strlen(c.arg) <= strlen(text));
    check(c.nearest == NULL || c.id == CMD_UNKNOWN);
    if (c.id != CMD_UNKNOWN)
        check(command_row(c.id)->id == c.id);
    command_clear(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* As the bot does: cleaned before it is parsed. */
    g_autofree char *text = text_clean((const char *)data, size);
    g_autofree char *line = text_clean_line((const char *)data, size);

    check(g_utf8_validate(text, -1, NULL));
    check(strchr(line, '\n') == NULL && g_utf8_validate(line, -1, NULL));
    check_command(text, false);
    check_command(text, true);
    return 0;
}
