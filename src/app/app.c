/* The command line: options, the configuration, and which command runs. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "log.h"
#include "process.h"
#include "text.h"

struct command_entry {
    const char *name;
    int (*run)(const struct command_call *call);
    const char *usage;
    bool despite_problems; /* runs although the configuration has problems: it is there to show them
                            */
};

static int cmd_sample(const struct command_call *call);
static int cmd_manual(const struct command_call *call);

static const struct command_entry entries[] = {
    {"run", cmd_run, "run                                 the daemon: Telegram, Slack, or both",
     false},
    {"chat", cmd_chat, "chat [--user NAME] [--lang ko|en]   the interview in this terminal", false},
    {"check", cmd_check,
     "check [--online]                    look for problems in configuration and bank", true},
    {"status", cmd_status,
     "status                              what the daemon is doing, read from its database", false},
    {"bank", cmd_bank_entry,
     "bank export [PATH...] | list | show ID   the questions, as JSON lines or to read", false},
    {"grade", cmd_grade_entry,
     "grade [--bank PATH]                 grade JSON lines from standard input", false},
    {"backup", cmd_backup,
     "backup FILE | --into FOLDER [--keep N]   a consistent, checked copy of the live database",
     false},
    {"config-sample", cmd_sample,
     "config-sample                       print the commented sample file", false},
    {"config-manual", cmd_manual,
     "config-manual                       print the options as man page source", false},
};

static int cmd_sample(const struct command_call *call)
{
    (void)call;
    config_print_sample(stdout);
    return EXIT_DONE;
}

static int cmd_manual(const struct command_call *call)
{
    (void)call;
    config_print_manual(stdout);
    return EXIT_DONE;
}

static void print_usage(FILE *out)
{
    fputs("usage: interviewd [-c FILE] [-o SECTION.KEY=VALUE]... COMMAND\n\ncommands:\n", out);
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
        fprintf(out, "  %s\n", entries[i].usage);
    fputs("\noptions:\n"
          "  -c FILE                read the configuration from FILE\n"
          "  -o SECTION.KEY=VALUE   set an option, whatever the file says; the last one wins\n"
          "  --help, --version\n",
          out);
}

/* What the command line says, before anything is done. */
struct line {
    const char *file;
    GPtrArray *overrides; /* of const char * */
    GPtrArray *words;     /* the command and its arguments */
    const char *wrong;    /* what is wrong with the line, NULL when nothing is */
};

static void read_line(int argc, char **argv, struct line *line)
{
    for (int i = 1; i < argc && line->wrong == NULL; i++) {
        if (strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "-o") == 0) {
            if (i + 1 == argc)
                line->wrong = argv[i][1] == 'c' ? "-c wants a file" : "-o wants SECTION.KEY=VALUE";
            else if (argv[i][1] == 'c')
                line->file = argv[++i];
            else
                g_ptr_array_add(line->overrides, argv[++i]);
        } else if (argv[i][0] == '-' && line->words->len == 0) {
            line->wrong = argv[i];
        } else {
            g_ptr_array_add(line->words, argv[i]);
        }
    }
    if (line->wrong == NULL && line->words->len == 0)
        line->wrong = "no command";
}

void command_say(FILE *to, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *raw = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *hidden = log_redacted(raw);
    g_autofree char *line = text_clean_line(hidden, strlen(hidden));
    fprintf(to, "%s\n", line);
}

static const struct command_entry *find_entry(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    }
    return NULL;
}

struct config *command_config(const struct command_call *call, GPtrArray *problems)
{
    config *c = config_new();

    if (call->config_path != NULL)
        config_read(c, call->config_path, problems);
    for (guint i = 0; i < call->overrides->len; i++)
        config_override(c, g_ptr_array_index(call->overrides, i), problems);
    return c;
}

static int run(const struct line *line, const struct command_entry *entry)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    struct command_call call = {
        .config_problems = problems,
        .config_path = line->file,
        .overrides = line->overrides,
        .argc = (int)line->words->len - 1,
        .argv = (char **)line->words->pdata + 1,
    };
    config *c = command_config(&call, problems);
    enum log_level level;
    int code = EXIT_USAGE;

    call.config = c;
    if (log_level_parse(config_text(c, OPT_LOG_LEVEL), &level))
        log_set_level(level);
    if (problems->len == 0 || entry->despite_problems) {
        code = entry->run(&call);
    } else {
        for (guint i = 0; i < problems->len; i++)
            command_say(stderr, "%s", (const char *)g_ptr_array_index(problems, i));
    }
    config_free(c);
    return code;
}

int app_main(int argc, char **argv)
{
    struct line line = {NULL, g_ptr_array_new(), g_ptr_array_new(), NULL};
    const struct command_entry *entry = NULL;
    int code = EXIT_USAGE;

    process_keep_secret();
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout);
        code = EXIT_DONE;
    } else if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0)) {
        printf("interviewd %s\n", program_version());
        code = EXIT_DONE;
    } else {
        read_line(argc, argv, &line);
        if (line.wrong == NULL)
            entry = find_entry(g_ptr_array_index(line.words, 0));
        if (entry != NULL) {
            code = run(&line, entry);
        } else {
            if (line.wrong != NULL)
                command_say(stderr, "interviewd: %s", line.wrong);
            else
                command_say(stderr, "interviewd: there is no command \"%s\"",
                            (const char *)g_ptr_array_index(line.words, 0));
            fputc('\n', stderr);
            print_usage(stderr);
        }
    }
    g_ptr_array_unref(line.overrides);
    g_ptr_array_unref(line.words);
    log_forget_secrets();
    if (fflush(stdout) != 0 && code == EXIT_DONE)
        code = EXIT_FAILED;
    return code;
}
