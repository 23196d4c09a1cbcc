/* One clause of /daily: times, weekdays, a topic, and what to do with them. */
#include "schedule_internal.h"

#include <string.h>

static const char *const off_words[] = {
    "off",    "stop",       "remove",    "delete",   "disable", "none",     "끄기", "꺼",
    "꺼줘",   "끔",         "끄자",      "그만",     "중지",    "해제",     "삭제", "제거",
    "없음",   "취소",       "빼 주세요", "빼주세요", "빼줘",    "빼기",     "빼자", "빼",
    "지워줘", "지워주세요", "지워",      "지우기",   "없애줘",  "꺼주세요", NULL};
static const char *const add_words[] = {"add", "also", "plus", "추가", "더", NULL};
static const char *const on_words[] = {"on", "enable", "start", "켜기", "켜", "켜줘", "시작", NULL};
/* A schedule asked for in a sentence: "9시에 질문해줘", "every day at 9 please". */
static const char *const noise_words[] = {
    "at",        "on",       "every",      "each",         "and",       "&",
    "에",        "매주",     "마다",       "하루",         "하루에",    "한 번",
    "두 번",     "세 번",    "한번",       "두번",         "세번",      "와",
    "과",        "그리고",   "only",       "만",           "set",       "설정",
    "변경",      "바꿔줘",   "바꿔",       "바꿔주세요",   "해줘",      "해주세요",
    "해 주세요", "하자",     "할래",       "질문",         "질문을",    "문제",
    "문제를",    "질문해",   "질문해줘",   "질문해주세요", "내줘",      "내주세요",
    "보내",      "보내줘",   "보내주세요", "받기",         "받을래",    "부탁",
    "부탁해",    "부탁해요", "부탁드려요", "부탁드립니다", "알려줘",    "주세요",
    "please",    "send",     "me",         "question",     "questions", "once a day",
    "change to", "change",   "about",      "twice a day",  NULL};
static const char *const except_before[] = {"except on", "except",  "not on",
                                            "not",       "without", NULL};

struct reader {
    const char *text; /* of the clause */
    const char *low;
    const char *p; /* in low */
    struct clause *clause;
    GString *topic;
    bool any;    /* a word has been read */
    bool except; /* the next weekdays are exceptions */
};

static bool is_last(const char *end)
{
    return *skip_space(end) == '\0';
}

/* off, add, on: as the first or the last word, so that a topic may contain them. */
static bool read_verb(struct reader *r)
{
    const char *end;
    bool *flag = NULL;
    if (!r->any && *r->p == '+' && g_ascii_isdigit(r->p[1])) {
        r->clause->add = true;
        r->p++;
        return true;
    }
    if ((end = match_word(r->p, off_words)) != NULL)
        flag = &r->clause->off;
    else if ((end = match_word(r->p, add_words)) != NULL)
        flag = &r->clause->add;
    else if ((end = match_word(r->p, on_words)) != NULL && is_last(end) && !r->any)
        flag = &r->clause->on;
    if (flag == NULL || (r->any && !is_last(end)))
        return false;
    *flag = true;
    r->p = end;
    return true;
}

static void add_weekdays(struct reader *r, unsigned mask, const char *end)
{
    const char *after = match_word(skip_space(end), schedule_except_after);
    unsigned *all = &r->clause->weekdays;
    if (after != NULL || r->except)
        *all = (*all != 0 ? *all : SCHEDULE_EVERY_DAY) & ~mask;
    else
        *all |= mask;
    r->except = false;
    r->p = after != NULL ? after : end;
}

static bool read_weekdays(struct reader *r)
{
    const char *end = match_word(r->p, except_before);
    unsigned mask;
    const char *start = end != NULL ? skip_space(end) : r->p;
    if (match_weekdays(start, &mask, &end) != MATCH_OK)
        return false;
    r->except = start != r->p;
    add_weekdays(r, mask, end);
    return true;
}

static enum match read_time(struct reader *r)
{
    int minute;
    struct clause *c = r->clause;
    enum match m = match_time(r->p, c->n_times == 0 && r->topic->len == 0, &minute, &r->p);
    if (m != MATCH_OK)
        return m;
    for (size_t i = 0; i < c->n_times; i++)
        if (c->minute[i] == minute)
            return MATCH_OK;
    if (c->n_times < SCHEDULE_ENTRIES)
        c->minute[c->n_times++] = minute;
    return MATCH_OK;
}

static void append_topic(struct reader *r, const char *start, const char *end)
{
    if (end > start && r->topic->len > 0)
        g_string_append_c(r->topic, ' ');
    g_string_append_len(r->topic, r->text + (start - r->low), end - start);
}

static void read_quoted(struct reader *r)
{
    const char *start = skip_space(r->p + 1);
    const char *close = strchr(start, '"');
    const char *end = close != NULL ? close : start + strlen(start);
    r->p = close != NULL ? close + 1 : end;
    while (end > start && end[-1] == ' ')
        end--;
    append_topic(r, start, end);
}

static void read_topic_word(struct reader *r)
{
    const char *end = r->p;
    while (*end != '\0' && *end != ' ' && *end != '"')
        end++;
    const char *last = end;
    while (last > r->p && last[-1] == ',')
        last--;
    append_topic(r, r->p, last);
    r->p = end;
}

static void cut(const char *text, size_t size, char ret_what[64])
{
    g_autofree char *copy = g_strndup(text, size);
    g_strlcpy(ret_what, copy, 64);
    const char *end;
    if (!g_utf8_validate(ret_what, -1, &end))
        ret_what[end - ret_what] = '\0';
}

/* NULL, or the key of an error. */
static const char *read_all(struct reader *r, char ret_what[64])
{
    for (;; r->any = true) {
        while (*r->p == ' ' || *r->p == ',')
            r->p++;
        if (*r->p == '\0')
            return NULL;
        if (*r->p == '"') {
            read_quoted(r);
            continue;
        }
        const char *start = r->p;
        if (read_verb(r))
            continue;
        enum match time = read_time(r);
        if (time == MATCH_BAD) {
            const char *end = MAX(r->p, word_end(start));
            cut(r->text + (start - r->low), (size_t)(end - start), ret_what);
            return "schedule.bad-time";
        }
        if (time == MATCH_OK || read_weekdays(r))
            continue;
        const char *noise = r->topic->len == 0 ? match_word(r->p, noise_words) : NULL;
        if (noise != NULL)
            r->p = noise;
        else
            read_topic_word(r);
    }
}

static const char *finish(struct reader *r, char ret_what[64])
{
    struct clause *c = r->clause;
    for (char *p = r->topic->str; *p != '\0'; p++)
        if (*p == '"')
            *p = '\'';
    if (r->topic->len >= SCHEDULE_TOPIC) {
        cut(r->topic->str, r->topic->len, ret_what);
        return "schedule.long-topic";
    }
    g_strlcpy(c->topic, r->topic->str, sizeof c->topic);
    bool alone = r->topic->len == 0 && c->weekdays == 0;
    if (c->n_times == 0 && !(alone && (c->off || c->on))) {
        cut(r->text, strlen(r->text), ret_what);
        return "schedule.no-time";
    }
    return NULL;
}

const char *clause_read(const char *text, size_t size, struct clause *ret_clause, char ret_what[64])
{
    g_autofree char *copy = g_strndup(text, size);
    struct typed t = typed_new(copy);
    struct clause c = {0};
    struct reader r = {
        .text = t.text, .low = t.low, .p = t.low, .clause = &c, .topic = g_string_new(NULL)};
    ret_what[0] = '\0';
    const char *key = read_all(&r, ret_what);
    if (key == NULL)
        key = finish(&r, ret_what);
    if (key == NULL)
        *ret_clause = c;
    g_string_free(r.topic, TRUE);
    typed_clear(&t);
    return key;
}
