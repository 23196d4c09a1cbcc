/* What Telegram's clients offer behind "/": setMyCommands by scope and language, once a start. */
#include <string.h>

#include "command.h"
#include "json_out.h"
#include "log.h"
#include "telegram_internal.h"

enum { FIRST_MS = 10000, DESCRIPTION_CHARS = 256 };

enum scope { SCOPE_PRIVATE, SCOPE_GROUP, SCOPE_ADMINS, SCOPES };

static const char *const scope_names[SCOPES] = {"all_private_chats", "all_group_chats",
                                                "all_chat_administrators"};

/* Commands that make sense in one kind of chat only. */
static const enum command_id private_only[] = {CMD_PRACTICE, CMD_STOP,   CMD_SKIP,    CMD_AGAIN,
                                               CMD_REMINDER, CMD_EXPORT, CMD_FORGETME};
static const enum command_id group_only[] = {CMD_REVEAL, CMD_WEEKLY};

static bool among(const enum command_id *list, size_t n, enum command_id id)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == id)
            return true;
    }
    return false;
}

static bool belongs(const struct command_row *row, enum scope scope)
{
    if (!row->in_help)
        return false;
    if (scope == SCOPE_PRIVATE)
        return !among(group_only, G_N_ELEMENTS(group_only), row->id);
    if (among(private_only, G_N_ELEMENTS(private_only), row->id))
        return false;
    return scope == SCOPE_ADMINS || !row->admin || row->id == CMD_TOPICS;
}

/* What /help says of the command behind its dash, *new*; NULL when it says nothing. */
static char *description(const telegram *t, enum lang lang, const struct command_row *row)
{
    g_autofree char *key = g_strconcat("help.", row->name, NULL);
    g_autofree char *korean = command_korean(row);
    g_autofree char *line = NULL;
    const char *dash;

    if (!catalog_has(t->catalog, lang, key))
        return NULL;
    line = catalog_format(t->catalog, lang, key, "ko=%s", korean);
    dash = strstr(line, " — ");
    if (dash == NULL)
        return NULL;
    return g_utf8_substring(dash + strlen(" — "), 0,
                            MIN(g_utf8_strlen(dash + strlen(" — "), -1), DESCRIPTION_CHARS));
}

static void append_commands(const telegram *t, GString *body, enum scope scope, enum lang lang)
{
    bool first = true;

    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        g_autofree char *text = belongs(row, scope) ? description(t, lang, row) : NULL;

        if (text == NULL || text[0] == '\0')
            continue;
        g_string_append_printf(body, "%s{\"command\":\"%s\",\"description\":", first ? "" : ",",
                               row->name);
        json_out_string(body, text);
        g_string_append_c(body, '}');
        first = false;
    }
}

/* Call number N: each scope in Korean, in English, and for everybody else. False behind the last.
 */
static bool fill(const telegram *t, int n, GString *body)
{
    enum scope scope = (enum scope)(n / (LANG_COUNT + 1));
    int way = n % (LANG_COUNT + 1);
    enum lang lang = way < LANG_COUNT ? (enum lang)way : t->options.lang;

    if (scope >= SCOPES)
        return false;
    g_string_append_printf(body, "{\"scope\":{\"type\":\"%s\"},", scope_names[scope]);
    if (way < LANG_COUNT)
        g_string_append_printf(body, "\"language_code\":\"%s\",", lang_code(lang));
    g_string_append(body, "\"commands\":[");
    append_commands(t, body, scope, lang);
    g_string_append(body, "]}");
    return true;
}

static void next(void *data);

static void on_set(const struct http_response *r, void *data)
{
    telegram *t = data;
    struct telegram_answer a;

    t->command_call = NULL;
    telegram_answer_read(r, &a);
    if (telegram_check_token(t, &a)) {
        ;
    } else if (a.state == TELEGRAM_OK ||
               (a.state == TELEGRAM_FAILED && (a.code == 400 || a.code == 404))) {
        if (a.state == TELEGRAM_FAILED)
            log_warnx("telegram: a list of commands was refused: %s", a.description);
        t->command_at++;
        t->command_fails = 0;
        next(t);
    } else {
        int64_t ms = telegram_pause(t, ++t->command_fails, 1000, 15000);

        loop_timer_in(t->command_timer, a.retry_after > 0 ? a.retry_after * 1000 + 20 : ms);
    }
    telegram_answer_clear(&a);
}

static void next(void *data)
{
    telegram *t = data;
    g_autoptr(GString) body = g_string_new(NULL);

    if (t->stopping || t->ended || !fill(t, t->command_at, body))
        return;
    t->command_call = telegram_call(t, "setMyCommands", body->str, body->len, FIRST_MS, on_set, t);
}

void telegram_commands_start(telegram *t)
{
    t->command_timer = loop_timer_new(t->loop, next, t);
    next(t);
}

void telegram_commands_stop(telegram *t)
{
    http_cancel(t->command_call);
    t->command_call = NULL;
    if (t->command_timer != NULL)
        loop_timer_stop(t->command_timer);
}
