/* The table of options, and reading it from a file and from the command line. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "net.h"
#include "schedule.h"
#include "zone.h"

const struct option_row option_table[OPT_COUNT] = {
    [OPT_LANGUAGE] = {"bot.language", OPTION_CHOICE, "ko", "ko|en",
                      "The language of a new chat (Korean with who has set the platform to "
                      "Korean); each chat can change its own with /lang."},
    [OPT_TIMEZONE] = {"bot.timezone", OPTION_ZONE, "Asia/Seoul", NULL,
                      "The time zone of a new chat: an IANA name."},
    [OPT_BANK] =
        {"bot.bank", OPTION_LIST, "", NULL,
         "Markdown files or folders with questions, separated by semicolons. Empty: the bank "
         "that is built in."},
    [OPT_ALIASES] =
        {"bot.aliases", OPTION_LIST, "", NULL,
         "Tables of words that mean the same (concept, tab, forms), added to the built-in "
         "ones. A file NAME.aliases.tsv beside a bank NAME.md is found by itself."},
    [OPT_DATABASE] = {"bot.database", OPTION_TEXT, "", NULL,
                      "The database file. Empty: $STATE_DIRECTORY/interviewd.db, or "
                      "$XDG_STATE_HOME/interviewd/interviewd.db, or "
                      "~/.local/state/interviewd/interviewd.db."},
    [OPT_DAILY] =
        {"bot.daily", OPTION_SCHEDULE, "", NULL,
         "A schedule for the chats of bot.chats that have none, as /daily takes it: 09:00 "
         "mon-fri. Empty: none."},
    [OPT_RANKED_ASKS] =
        {"bot.ranked_asks", OPTION_NUMBER, "3", "0..100",
         "How many questions on demand count for the board, a person a day; more are "
         "practice."},
    [OPT_KEEP_ANSWERS] = {"bot.keep_answers_days", OPTION_NUMBER, "0", "0..36500",
                          "Answers' texts older than this many days are erased (scores stay). 0: "
                          "never."},
    [OPT_CHATS] = {"bot.chats", OPTION_IDS, "", NULL,
                   "Ids of the only chats that are served, separated by semicolons. Empty: all."},
    [OPT_ADMINS] = {"bot.admins", OPTION_IDS, "", NULL,
                    "Ids of people who may change any chat's settings besides its "
                    "administrators, separated by semicolons."},
    [OPT_TELEGRAM_TOKEN_FILE] = {"telegram.token_file", OPTION_TEXT, "", NULL,
                                 "A file with the bot's token, when neither "
                                 "INTERVIEWD_TELEGRAM_TOKEN nor the credential telegram_token is "
                                 "set."},
    [OPT_TELEGRAM_API_URL] = {"telegram.api_url", OPTION_URL, "https://api.telegram.org", NULL,
                              "Where the Bot API is: the base before /bot<token>/method."},
    [OPT_TELEGRAM_IMPORT] =
        {"telegram.import", OPTION_SWITCH, "no", "yes|no",
         "Whether an administrator's /import may replace a bank; otherwise it is "
         "only checked."},
    [OPT_TELEGRAM_CONNECTIONS] = {"telegram.connections", OPTION_NUMBER, "8", "2..64",
                                  "How many connections to Telegram may be open at once."},
    [OPT_TELEGRAM_UNLIMITED] =
        {"telegram.unlimited", OPTION_SWITCH, "no", "yes|no",
         "Turns off every sending limit and every limit a person or chat: for "
         "load tests, never for the real Telegram."},
    [OPT_SLACK_BOT_TOKEN_FILE] =
        {"slack.bot_token_file", OPTION_TEXT, "", NULL,
         "A file with the bot token (xoxb-...), when neither "
         "INTERVIEWD_SLACK_BOT_TOKEN nor the credential slack_bot_token is "
         "set."},
    [OPT_SLACK_APP_TOKEN_FILE] =
        {"slack.app_token_file", OPTION_TEXT, "", NULL,
         "A file with the app-level token (xapp-...), when neither "
         "INTERVIEWD_SLACK_APP_TOKEN nor the credential slack_app_token is "
         "set."},
    [OPT_SLACK_API_URL] = {"slack.api_url", OPTION_URL, "https://slack.com/api", NULL,
                           "Where Slack's Web API is, with /api."},
    [OPT_ANSWERS_PER_MINUTE] = {"limits.answers_per_minute", OPTION_NUMBER, "20", "1..100000",
                                "Beyond this many answers a minute a person's answers are still "
                                "graded and stored, but the reply is one line. A group may send "
                                "five times as many; your own terminal has no limit."},
    [OPT_METRICS_FILE] = {"metrics.textfile", OPTION_TEXT, "", NULL,
                          "A file for Prometheus's node exporter, written on an interval. Empty: "
                          "none."},
    [OPT_METRICS_SECONDS] = {"metrics.interval", OPTION_NUMBER, "60", "5..86400",
                             "Seconds between two writings of metrics.textfile."},
    [OPT_LOG_LEVEL] = {"log.level", OPTION_CHOICE, "info", "error|warn|info|debug",
                       "How much is logged."},
};

struct config {
    char *value[OPT_COUNT];
};

config *config_new(void)
{
    config *c = g_new0(config, 1);

    for (int i = 0; i < OPT_COUNT; i++)
        c->value[i] = g_strdup(option_table[i].standard);
    return c;
}

void config_free(config *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < OPT_COUNT; i++)
        g_free(c->value[i]);
    g_free(c);
}

/* ---- changes while the program runs ---- */

/* What is used up at the start: to change it is to start anew. */
bool config_is_fixed(enum option o)
{
    static const bool fixed[OPT_COUNT] = {
        [OPT_DATABASE] = true,
        [OPT_TELEGRAM_TOKEN_FILE] = true,
        [OPT_TELEGRAM_API_URL] = true,
        [OPT_TELEGRAM_CONNECTIONS] = true,
        [OPT_TELEGRAM_UNLIMITED] = true,
        [OPT_SLACK_BOT_TOKEN_FILE] = true,
        [OPT_SLACK_APP_TOKEN_FILE] = true,
        [OPT_SLACK_API_URL] = true,
    };

    return fixed[o];
}

char *config_take(config *c, config *fresh)
{
    GString *kept = g_string_new(NULL);

    for (int i = 0; i < OPT_COUNT; i++) {
        if (strcmp(c->value[i], fresh->value[i]) == 0)
            continue;
        if (config_is_fixed((enum option)i)) {
            g_string_append_printf(kept, "%s%s", kept->len > 0 ? ", " : "", option_table[i].name);
        } else {
            g_free(c->value[i]);
            c->value[i] = g_steal_pointer(&fresh->value[i]);
        }
    }
    config_free(fresh);
    return g_string_free(kept, kept->len == 0);
}

/* ---- checking one value ---- */

static bool parse_switch(const char *value, bool *ret)
{
    static const char *const yes[] = {"yes", "true", "on", "1", NULL};
    static const char *const no[] = {"no", "false", "off", "0", NULL};

    if (g_strv_contains(yes, value)) {
        *ret = true;
        return true;
    }
    *ret = false;
    return g_strv_contains(no, value);
}

static char *check_number(const struct option_row *row, const char *value)
{
    gint64 low = g_ascii_strtoll(row->range, NULL, 10);
    gint64 high = g_ascii_strtoll(strstr(row->range, "..") + 2, NULL, 10);

    if (g_ascii_string_to_signed(value, 10, low, high, NULL, NULL))
        return NULL;
    return g_strdup_printf("%s wants a whole number, %s, not \"%s\"", row->name, row->range, value);
}

static char *check_choice(const struct option_row *row, const char *value)
{
    g_auto(GStrv) choices = g_strsplit(row->range, "|", -1);

    if (g_strv_contains((const char *const *)choices, value))
        return NULL;
    return g_strdup_printf("%s is one of %s, not \"%s\"", row->name, row->range, value);
}

/* A token travels in every request: in the clear only to this very machine. */
static char *check_url(const struct option_row *row, const char *value)
{
    bool web = g_ascii_strncasecmp(value, "https://", 8) == 0 ||
               g_ascii_strncasecmp(value, "http://", 7) == 0;

    if (web && (url_is_encrypted(value) || url_is_loopback(value)))
        return NULL;
    return g_strdup_printf("%s must begin with https:// (http:// only for this machine, 127.0.0.1)",
                           row->name);
}

static char *check_zone(const struct option_row *row, const char *value)
{
    zones *all = zones_new();
    g_autoptr(GError) error = NULL;
    char *problem = NULL;

    if (zones_get(all, value, &error) == NULL)
        problem = g_strdup_printf("%s: %s", row->name, error->message);
    zones_free(all);
    return problem;
}

static char *check_schedule(const struct option_row *row, const char *value)
{
    struct schedule s = {0};
    struct schedule_reply reply = {0};

    if (value[0] == '\0' || (schedule_daily(&s, value, 0, &reply) && s.n_entries > 0))
        return NULL;
    return g_strdup_printf("%s wants times as /daily takes them, like 09:00 mon-fri, not \"%s\"",
                           row->name, value);
}

/* What is wrong with VALUE, *new*; NULL when nothing is. */
static char *check_value(const struct option_row *row, const char *value)
{
    bool on;

    switch (row->type) {
    case OPTION_NUMBER:
        return check_number(row, value);
    case OPTION_CHOICE:
        return check_choice(row, value);
    case OPTION_URL:
        return check_url(row, value);
    case OPTION_SCHEDULE:
        return check_schedule(row, value);
    case OPTION_ZONE:
        return check_zone(row, value);
    case OPTION_SWITCH:
        if (!parse_switch(value, &on))
            return g_strdup_printf("%s is yes or no, not \"%s\"", row->name, value);
        return NULL;
    default:
        return NULL;
    }
}

static int find_option(const char *name)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        if (strcmp(option_table[i].name, name) == 0)
            return i;
    }
    return -1;
}

/* Sets NAME to VALUE; what is wrong with it, *new*, or NULL. */
static char *set(config *c, const char *name, const char *value)
{
    int i = find_option(name);

    if (i < 0)
        return g_strdup_printf("there is no option %s (config/interviewd.conf names them all)",
                               name);
    char *problem = check_value(&option_table[i], value);
    if (problem == NULL) {
        g_free(c->value[i]);
        c->value[i] = g_strdup(value);
    }
    return problem;
}

/* ---- the file ---- */

struct reader {
    config *c;
    const char *name;
    GPtrArray *problems;
    char *section; /* NULL before the first, "" in an unknown one */
    bool seen[OPT_COUNT];
};

static void complain(struct reader *r, int line, char *message)
{
    g_ptr_array_add(r->problems, g_strdup_printf("%s:%d: %s", r->name, line, message));
    g_free(message);
}

static bool section_exists(const char *section)
{
    g_autofree char *prefix = g_strconcat(section, ".", NULL);

    for (int i = 0; i < OPT_COUNT; i++) {
        if (g_str_has_prefix(option_table[i].name, prefix))
            return true;
    }
    return false;
}

static void read_section(struct reader *r, int n, char *line)
{
    size_t len = strlen(line);

    g_free(r->section);
    r->section = g_strdup("");
    if (line[len - 1] != ']') {
        complain(r, n, g_strdup("a section is [name]"));
        return;
    }
    line[len - 1] = '\0';
    if (section_exists(line + 1)) {
        g_free(r->section);
        r->section = g_strdup(line + 1);
    } else {
        complain(r, n, g_strdup_printf("there is no section [%s]", line + 1));
    }
}

static void read_assignment(struct reader *r, int n, char *line)
{
    char *eq = strchr(line, '=');

    if (eq == NULL) {
        complain(r, n, g_strdup("neither [section] nor key = value nor # comment"));
        return;
    }
    *eq = '\0';
    g_strchomp(line);
    if (r->section == NULL) {
        complain(r, n, g_strdup_printf("%s stands before any [section]", line));
        return;
    }
    if (r->section[0] == '\0')
        return; /* the section has been complained of */
    g_autofree char *name = g_strconcat(r->section, ".", line, NULL);
    int i = find_option(name);
    if (i >= 0 && r->seen[i]) {
        complain(r, n, g_strdup_printf("%s is set twice", name));
        return;
    }
    if (i >= 0)
        r->seen[i] = true;
    char *problem = set(r->c, name, g_strstrip(eq + 1));
    if (problem != NULL)
        complain(r, n, problem);
}

void config_read_text(config *c, const char *name, const char *text, GPtrArray *problems)
{
    struct reader r = {.c = c, .name = name, .problems = problems};
    const char *bom = "\xEF\xBB\xBF"; /* some editors begin every file with one */
    g_auto(GStrv) lines = g_strsplit(text + (g_str_has_prefix(text, bom) ? 3 : 0), "\n", -1);

    if (!g_utf8_validate(text, -1, NULL)) {
        complain(&r, 1, g_strdup("not UTF-8 text"));
        return;
    }
    for (int i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);

        if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
            continue;
        if (line[0] == '[')
            read_section(&r, i + 1, line);
        else
            read_assignment(&r, i + 1, line);
    }
    g_free(r.section);
}

void config_read(config *c, const char *path, GPtrArray *problems)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize len = 0;

    if (!g_file_get_contents(path, &text, &len, &error))
        g_ptr_array_add(problems,
                        g_strdup_printf("%s:1: cannot be read: %s", path, error->message));
    else if (strlen(text) != len)
        g_ptr_array_add(problems, g_strdup_printf("%s:1: not a text file", path));
    else
        config_read_text(c, path, text, problems);
}

void config_override(config *c, const char *assignment, GPtrArray *problems)
{
    const char *eq = strchr(assignment, '=');
    char *problem;

    if (eq == NULL) {
        g_ptr_array_add(problems, g_strdup_printf("-o %s: wants SECTION.KEY=VALUE", assignment));
        return;
    }
    g_autofree char *name = g_strstrip(g_strndup(assignment, (gsize)(eq - assignment)));
    g_autofree char *value = g_strstrip(g_strdup(eq + 1));
    problem = set(c, name, value);
    if (problem != NULL)
        /* Never the value: somebody may have tried to set a token. */
        g_ptr_array_add(problems, g_strdup_printf("-o %s: %s", name, problem));
    g_free(problem);
}

/* ---- reading values ---- */

const char *config_text(const config *c, enum option o)
{
    return c->value[o];
}

int64_t config_number(const config *c, enum option o)
{
    return g_ascii_strtoll(c->value[o], NULL, 10);
}

bool config_switch(const config *c, enum option o)
{
    bool on = false;

    parse_switch(c->value[o], &on);
    return on;
}

char **config_list(const config *c, enum option o)
{
    bool ids = option_table[o].type == OPTION_IDS;
    g_auto(GStrv) parts = g_strsplit_set(c->value[o], ids ? ";, \t" : ";", -1);
    GPtrArray *out = g_ptr_array_new();

    for (char **p = parts; *p != NULL; p++) {
        g_strstrip(*p);
        if (**p != '\0')
            g_ptr_array_add(out, g_strdup(*p));
    }
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}
