/* `interviewd chat`: the interview in this terminal. */
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "bank.h"
#include "bot.h"
#include "commands.h"
#include "console.h"
#include "log.h"

struct chat_options {
    const char *user;
    enum lang lang;
    bool lang_set;
};

/* One option with its value; false when it is none that chat takes. */
static bool read_option(const char *name, const char *value, struct chat_options *o)
{
    if (value == NULL || value[0] == '\0')
        return false;
    if (strcmp(name, "--user") == 0) {
        o->user = value;
        return true;
    }
    if (strcmp(name, "--lang") != 0)
        return false;
    o->lang_set = lang_parse(value, &o->lang);
    if (!o->lang_set)
        command_say(stderr, "interviewd: --lang is ko or en, not \"%s\"", value);
    return o->lang_set;
}

static bool read_options(const struct command_call *call, struct chat_options *o)
{
    for (int i = 0; i < call->argc; i += 2) {
        bool last = i + 1 == call->argc;

        if (!read_option(call->argv[i], last ? NULL : call->argv[i + 1], o)) {
            command_say(stderr, "interviewd: chat does not take \"%s\"%s", call->argv[i],
                        last ? " (or something is missing behind it)" : "");
            fputs("usage: interviewd chat [--user NAME] [--lang ko|en]\n", stderr);
            return false;
        }
    }
    return true;
}

static char *greeting(bot *b, enum lang lang)
{
    size_t n = 0;
    const bank *bk = interview_bank(bot_interview(b));

    for (size_t i = 0; i < bank_size(bk); i++)
        n += bank_at(bk, i)->n_answers > 0 ? 1 : 0;
    return catalog_format(bot_catalog(b), lang, "console.greeting", "n=%zu", n);
}

/* Wide characters at the prompt want a UTF-8 locale, whatever the environment says. */
static void set_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX < 2)
        setlocale(LC_CTYPE, "C.UTF-8");
}

int cmd_chat(const struct command_call *call)
{
    const char *login = g_get_user_name();
    struct chat_options o = {.user = login != NULL ? login : "me"};
    g_autoptr(GError) error = NULL;
    int code = EXIT_FAILED;

    if (!read_options(call, &o))
        return EXIT_USAGE;
    set_locale();
    bot *b = bot_new(call->config, clock_system(), &error);
    if (b == NULL) {
        log_error("%s", error->message);
        return EXIT_FAILED;
    }
    console *c = console_new(o.user, stdin, stdout);
    bot_add_transport(b, console_transport(c));
    enum lang lang = bot_terminal_lang(b, o.lang_set ? &o.lang : NULL);
    g_autofree char *hello = greeting(b, lang);
    code = console_run(c, bot_host(b), hello, "> ");
    if (code != EXIT_DONE) {
        /* The log has said what is wrong; here nobody delivers the message again. */
        puts(catalog_text(bot_catalog(b), lang, "console.not_kept"));
    }
    console_free(c);
    bot_free(b);
    return code;
}
