/* The sample file and the manual's list of options, from the one table. */
#include <string.h>

#include "config.h"

/* Prints HELP as comment lines of at most 78 columns. */
static void print_comment(FILE *out, const char *help)
{
    g_auto(GStrv) words = g_strsplit(help, " ", -1);
    size_t column = 0;

    for (char **w = words; *w != NULL; w++) {
        if (column == 0 || column + 1 + strlen(*w) > 78) {
            fprintf(out, "%s# %s", column == 0 ? "" : "\n", *w);
            column = 2 + strlen(*w);
        } else {
            fprintf(out, " %s", *w);
            column += 1 + strlen(*w);
        }
    }
    fputc('\n', out);
}

void config_print_sample(FILE *out)
{
    char section[32] = "";

    fputs("# interviewd's configuration. Every line that is commented out shows the\n"
          "# default. Secrets never stand here: see the token options.\n",
          out);
    for (int i = 0; i < OPT_COUNT; i++) {
        const struct option_row *row = &option_table[i];
        size_t n = strcspn(row->name, ".");

        if (strncmp(section, row->name, n) != 0 || section[n] != '\0') {
            g_strlcpy(section, row->name, n + 1);
            fprintf(out, "\n[%s]\n", section);
        }
        fputc('\n', out);
        print_comment(out, row->help);
        if (row->range != NULL)
            fprintf(out, "# (%s)\n", row->range);
        if (config_is_fixed((enum option)i))
            fputs("# Read at the start only: changing it takes a restart.\n", out);
        fprintf(out, "#%s =%s%s\n", row->name + n + 1, row->standard[0] != '\0' ? " " : "",
                row->standard);
    }
}

void config_print_manual(FILE *out)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        const struct option_row *row = &option_table[i];

        fprintf(out, ".TP\n.B %s\n%s", row->name, row->help);
        if (row->range != NULL)
            fprintf(out, " (%s)", row->range);
        if (row->standard[0] != '\0')
            fprintf(out, " Default: %s.", row->standard);
        if (config_is_fixed((enum option)i))
            fputs(" Read at the start only.", out);
        fputc('\n', out);
    }
}
