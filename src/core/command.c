/* The table of commands, and the parser of what people type. */
#include "command.h"

#include <glib.h>
#include <string.h>

#include "text.h"

const struct command_row command_table[] = {
    {CMD_START, "start", "시작", false, false},
    {CMD_QUESTION, "question", "질문 문제 퀘스천 q ask", false, true},
    {CMD_TOPIC, "topic", "주제 토픽", false, true},
    {CMD_TOPICS, "topics", "주제들 주제목록 목록", true, true},
    {CMD_PRACTICE, "practice", "연습 모의면접 프랙티스", false, true},
    {CMD_STOP, "stop", "그만 중지 끝 end", false, true},
    {CMD_HINT, "hint", "힌트", false, true},
    {CMD_SKIP, "skip", "건너뛰기 넘기기 패스 스킵 정답 pass answer", false, true},
    {CMD_AGAIN, "again", "다시 재도전 retry", false, true},
    {CMD_TODAY, "today", "오늘 오늘의질문", false, true},
    {CMD_SCORE, "score", "점수 내점수 성적 스코어 me", false, true},
    {CMD_WHY, "why", "왜 채점 이유", false, true},
    {CMD_LEADERBOARD, "leaderboard", "순위 순위표 랭킹 리더보드 board rank ranking", false, true},
    {CMD_LANG, "lang", "언어 language", true, true},
    {CMD_SETTINGS, "settings", "설정 setting", false, true},
    {CMD_DAILY, "daily", "매일 알림 매일질문 데일리", true, true},
    {CMD_HOLIDAY, "holiday", "쉬는날 휴일 holidays", true, true},
    {CMD_PAUSE, "pause", "쉬기 휴식 잠시쉬기 일시정지", true, true},
    {CMD_TIMEZONE, "timezone", "시간대 tz", true, true},
    {CMD_REVEAL, "reveal", "공개", true, true},
    {CMD_CLOSE, "close", "마감 마감시간", true, true},
    {CMD_WEEKLY, "weekly", "주간순위 주간", true, true},
    {CMD_REMINDER, "reminder", "알려줘 리마인더 remind", false, true},
    {CMD_SHARE, "share", "공유", false, true},
    {CMD_ANONYMOUS, "anonymous", "익명 anon", false, true},
    {CMD_EXPORT, "export", "내보내기", false, true},
    {CMD_LINK, "link", "연결 계정연결 연동", false, true},
    {CMD_FORGETME, "forgetme", "잊어줘 탈퇴", false, true},
    {CMD_HELP, "help", "도움말 도움 명령어 헬프 h ?", false, true},
    {CMD_NONE, NULL, NULL, false, false},
};

/* Farther than this a typed word is not "nearly" a command. */
#define NEAR_JAMO 3

static bool has_word(const struct command_row *row, const char *word)
{
    size_t len = strlen(word);

    if (g_ascii_strcasecmp(row->name, word) == 0)
        return true;
    for (const char *w = row->words; *w != '\0';) {
        size_t n = strcspn(w, " ");

        if (n == len && g_ascii_strncasecmp(w, word, n) == 0)
            return true;
        w += n;
        w += strspn(w, " ");
    }
    return false;
}

static const struct command_row *row_of_word(const char *word)
{
    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        if (has_word(row, word))
            return row;
    }
    return NULL;
}

/* The command that WORD resembles most, by any of its words; NULL when none is near. */
static const char *nearest(const char *word)
{
    const char *best = NULL;
    int least = NEAR_JAMO + 1;

    if (g_utf8_strlen(word, -1) > 40)
        return NULL;
    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        g_autofree char *all = g_strconcat(row->name, " ", row->words, NULL);
        g_auto(GStrv) words = g_strsplit(all, " ", -1);

        for (char **w = words; *w != NULL; w++) {
            int apart = text_distance(*w, word);

            /* A short word must be nearer: of three letters one may be wrong. */
            if (apart < least && apart * 2 <= (int)g_utf8_strlen(word, -1) + 2) {
                least = apart;
                best = row->name;
            }
        }
    }
    return best;
}

void command_parse(const char *text, bool bare, struct command *ret)
{
    const char *p = text;

    memset(ret, 0, sizeof *ret);
    while (g_ascii_isspace(*p))
        p++;
    bool slash = *p == '/';
    if (slash)
        p++;
    const char *end = p;
    while (*end != '\0' && !g_ascii_isspace(*end) && *end != '@')
        end++;
    g_autofree char *word = g_strndup(p, (gsize)(end - p));
    const struct command_row *row = slash || bare ? row_of_word(word) : NULL;

    if (*end == '@') {
        while (*end != '\0' && !g_ascii_isspace(*end))
            end++;
    }
    if (row != NULL)
        ret->id = row->id;
    /* "/" alone, or a path such as /etc/passwd in an answer, is no command. */
    else if (slash && word[0] != '\0' && strchr(word, '/') == NULL)
        ret->id = CMD_UNKNOWN;
    else
        return;
    ret->arg = text_strip(g_strdup(end));
    ret->word = g_steal_pointer(&word);
    if (ret->id == CMD_UNKNOWN)
        ret->nearest = nearest(ret->word);
}

void command_clear(struct command *c)
{
    g_free(c->word);
    g_free(c->arg);
    memset(c, 0, sizeof *c);
}

const struct command_row *command_row(enum command_id id)
{
    for (const struct command_row *row = command_table; row->name != NULL; row++) {
        if (row->id == id)
            return row;
    }
    return NULL;
}

char *command_korean(const struct command_row *row)
{
    g_auto(GStrv) words = g_strsplit(row->words, " ", -1);

    for (char **w = words; *w != NULL; w++) {
        if ((unsigned char)**w >= 0x80)
            return g_strdup(*w);
    }
    return g_strdup(row->name);
}
