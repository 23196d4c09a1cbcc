/*
 * Where a command needs no slash (Slack), a message is one only when it is
 * exactly that: the word, and behind it what the word takes. "질문 네트워크" is
 * a command; "질문이 어렵네요, 아마 ..." or "question marks are ..." answers the
 * open question.
 */
#include <string.h>

#include "iv.h"
#include "leaderboard.h"

enum takes {
    TAKES_NOTHING,
    TAKES_TOPIC,
    TAKES_COUNT_AND_TOPIC,
    TAKES_PERIOD,
    TAKES_LANGUAGE,
    TAKES_TIMES,  /* times, dates, or a word that switches off */
    TAKES_A_WORD, /* one of few, or a name */
};

static const enum takes takes[CMD_COUNT] = {
    [CMD_QUESTION] = TAKES_TOPIC,     [CMD_TOPIC] = TAKES_TOPIC,
    [CMD_TOPICS] = TAKES_TOPIC,       [CMD_PRACTICE] = TAKES_COUNT_AND_TOPIC,
    [CMD_LEADERBOARD] = TAKES_PERIOD, [CMD_LANG] = TAKES_LANGUAGE,
    [CMD_DAILY] = TAKES_TIMES,        [CMD_HOLIDAY] = TAKES_TIMES,
    [CMD_PAUSE] = TAKES_TIMES,        [CMD_TIMEZONE] = TAKES_A_WORD,
    [CMD_REVEAL] = TAKES_A_WORD,      [CMD_WEEKLY] = TAKES_A_WORD,
    [CMD_REMINDER] = TAKES_A_WORD,    [CMD_SHARE] = TAKES_A_WORD,
    [CMD_ANONYMOUS] = TAKES_A_WORD,   [CMD_FORGETME] = TAKES_A_WORD,
    [CMD_LINK] = TAKES_A_WORD,
};

static size_t count_words(const char *s)
{
    g_auto(GStrv) words = g_strsplit_set(s, " \t\n", -1);
    size_t n = 0;

    for (char **w = words; *w != NULL; w++)
        n += **w != '\0' ? 1 : 0;
    return n;
}

/* A topic of the bank by its name, or a word or two that stand in a question; no sentence. */
static bool is_topic(const struct iv *iv, const char *arg)
{
    g_autoptr(GArray) questions = NULL;
    g_autoptr(GPtrArray) choices = NULL;
    const char *name = NULL;

    if (arg[0] == '\0')
        return true;
    iv_bank_match(iv->in->bank, iv->in->lex, arg, &questions, &name, &choices);
    return name != NULL || choices->len > 0 || (questions->len > 0 && count_words(arg) <= 2);
}

/* ARG without its numbers: "5 네트워크", "네트워크 5개". */
static bool is_count_and_topic(const struct iv *iv, const char *arg)
{
    g_auto(GStrv) words = g_strsplit_set(arg, " \t\n", -1);
    g_autoptr(GString) rest = g_string_new(NULL);

    for (char **w = words; *w != NULL; w++) {
        if (!g_ascii_isdigit(**w) && **w != '\0')
            g_string_append_printf(rest, "%s%s", rest->len > 0 ? " " : "", *w);
    }
    return is_topic(iv, rest->str);
}

static bool is_times(const char *arg)
{
    static const char *const off[] = {"off", "끄기", "끔", "없음", "취소", "clear", "resume", NULL};

    return arg[0] == '\0' || g_strv_contains(off, arg) ||
           (strpbrk(arg, "0123456789") != NULL && count_words(arg) <= 8);
}

/* "쉬기 하루", "쉬는날 내일": dates without a digit, when they are nothing else. */
static bool is_rest(const struct iv *iv, const struct command *cmd)
{
    struct schedule none = {0};
    struct schedule_reply done;

    if (count_words(cmd->arg) > 3)
        return false;
    return cmd->id == CMD_PAUSE     ? schedule_pause(&none, cmd->arg, iv->today, &done)
           : cmd->id == CMD_HOLIDAY ? schedule_holiday(&none, cmd->arg, iv->today, &done)
                                    : false;
}

bool iv_bare_command(const struct iv *iv, const struct command *cmd)
{
    enum board_period period;
    enum lang lang;
    const char *arg = cmd->arg;

    switch (takes[cmd->id]) {
    case TAKES_TOPIC:
        return is_topic(iv, arg);
    case TAKES_COUNT_AND_TOPIC:
        return is_count_and_topic(iv, arg);
    case TAKES_PERIOD:
        return board_period_parse(arg, &period);
    case TAKES_LANGUAGE:
        return arg[0] == '\0' || lang_parse(arg, &lang);
    case TAKES_TIMES:
        return is_times(arg) || is_rest(iv, cmd);
    case TAKES_A_WORD:
        return count_words(arg) <= 1;
    case TAKES_NOTHING:
        break;
    }
    return arg[0] == '\0';
}
