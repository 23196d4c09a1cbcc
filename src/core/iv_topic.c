/*
 * What a person means by a topic: forgiving of particles, spaces, case,
 * language, and of words that stand in a question and not in a heading.
 */
#include <string.h>

#include "iv.h"
#include "text.h"

/*
 * What people put behind a topic without meaning a part of it: "하이퍼바이저에
 * 대해서", "가상화 문제 하나". Spaces are gone by then; the longest first.
 */
static const char *const tails[] = {
    "에대해서", "에관해서", "에대해", "에대한", "에관한", "관련된", "주세요", "해줘",
    "관련",     "문제",     "질문",   "하나",   "이요",   "에서",   "으로",   "이란",
    "내줘",     "주제",     "위주",   "분야",   "파트",   "쪽",     "만",     "은",
    "는",       "이",       "가",     "을",     "를",     "의",     "에",     "로",
    "와",       "과",       "란",     "요",     "좀",     "줘",     NULL};

/* Takes one tail off KEY in place; false when it has none or nothing would be left. */
static bool drop_tail(char *key)
{
    for (size_t i = 0; tails[i] != NULL; i++) {
        size_t n = strlen(tails[i]), len = strlen(key);

        /* Two syllables must stay: 네트워크 keeps its 크, 주의 is no 주. */
        if (g_str_has_suffix(key, tails[i]) && g_utf8_strlen(key, (gssize)(len - n)) >= 2) {
            key[len - n] = '\0';
            return true;
        }
    }
    return false;
}

/* Nobody puts more tails behind a topic; each that goes costs a look through the whole bank. */
#define TAILS_MOST 10

enum fit { FIT_NONE, FIT_PART, FIT_WHOLE };

static enum fit fits(const char *topic_key, const char *key)
{
    if (strcmp(topic_key, key) == 0)
        return FIT_WHOLE;
    return strstr(topic_key, key) != NULL ? FIT_PART : FIT_NONE;
}

/* The topics that fit KEY: those that are it, or else those that hold it. */
static GPtrArray *matching_topics(const iv_bank *ib, const char *key)
{
    const GArray *topics = iv_bank_topics(ib);

    for (enum fit need = FIT_WHOLE; need >= FIT_PART; need--) {
        GPtrArray *out = g_ptr_array_new();

        for (size_t i = 0; i < topics->len; i++) {
            const struct iv_topic *t = &g_array_index(topics, struct iv_topic, i);

            if (t->count > 0 && fits(t->key, key) >= need)
                g_ptr_array_add(out, (gpointer)(uintptr_t)t->name);
        }
        if (out->len > 0)
            return out;
        g_ptr_array_unref(out);
    }
    return g_ptr_array_new();
}

static bool has_topic(const struct question *q, const char *name)
{
    for (size_t i = 0; i < q->n_topics; i++) {
        if (strcmp(q->topics[i], name) == 0)
            return true;
    }
    return false;
}

void iv_bank_add_topic(const iv_bank *ib, const char *name, GArray *out)
{
    const bank *b = iv_bank_get(ib);

    for (size_t i = 0; i < bank_size(b); i++) {
        const struct question *q = bank_at(b, i);

        if (q->n_answers > 0 && has_topic(q, name))
            g_array_append_val(out, i);
    }
}

static bool text_holds(const lexicon *lex, const char *text, const char *key)
{
    g_autofree char *text_key = lexicon_key(lex, text);

    return strstr(text_key, key) != NULL;
}

static bool answers_hold(const lexicon *lex, const struct question *q, const char *key)
{
    for (size_t i = 0; i < q->n_answers; i++) {
        if (text_holds(lex, q->answers[i].text, key))
            return true;
    }
    return false;
}

/* Questions in whose text KEY stands, or else in whose answers. */
static void add_questions_with(const iv_bank *ib, const lexicon *lex, const char *key, GArray *out)
{
    const bank *b = iv_bank_get(ib);

    for (int in_answers = 0; in_answers < 2 && out->len == 0; in_answers++) {
        for (size_t i = 0; i < bank_size(b); i++) {
            const struct question *q = bank_at(b, i);

            if (q->n_answers == 0)
                continue;
            if (in_answers != 0 ? answers_hold(lex, q, key) : text_holds(lex, q->text, key))
                g_array_append_val(out, i);
        }
    }
}

/* One topic: its questions; several: a choice; none: the questions that speak of it. */
static bool match_key(const iv_bank *ib, const lexicon *lex, const char *key, GArray *questions,
                      const char **ret_name, GPtrArray *choices)
{
    g_autoptr(GPtrArray) topics = matching_topics(ib, key);

    if (topics->len == 1) {
        *ret_name = g_ptr_array_index(topics, 0);
        iv_bank_add_topic(ib, *ret_name, questions);
    } else if (topics->len > 1) {
        for (size_t i = 0; i < topics->len; i++)
            g_ptr_array_add(choices, g_ptr_array_index(topics, i));
    } else {
        add_questions_with(ib, lex, key, questions);
    }
    return questions->len > 0 || choices->len > 0;
}

static char *without_spaces(const char *s)
{
    char *out = g_malloc(strlen(s) + 1);
    char *to = out;

    for (; *s != '\0'; s++) {
        if (!g_ascii_isspace(*s))
            *to++ = *s;
    }
    *to = '\0';
    return out;
}

void iv_bank_match(iv_bank *ib, const lexicon *lex, const char *wanted, GArray **ret_questions,
                   const char **ret_name, GPtrArray **ret_choices)
{
    g_autofree char *key = lexicon_key(lex, wanted);
    g_autofree char *bare = NULL;

    *ret_questions = g_array_new(FALSE, FALSE, sizeof(size_t));
    *ret_choices = g_ptr_array_new();
    *ret_name = NULL;
    if (key[0] == '\0' || match_key(ib, lex, key, *ret_questions, ret_name, *ret_choices))
        return;
    /* Only when the words as typed are nowhere, without what follows a topic in a sentence. */
    bare = without_spaces(wanted);
    for (int i = 0; i < TAILS_MOST && drop_tail(bare); i++) {
        g_autofree char *shorter = lexicon_key(lex, bare);

        if (shorter[0] != '\0' &&
            match_key(ib, lex, shorter, *ret_questions, ret_name, *ret_choices))
            break;
    }
}

/* Whether a topic or a question is called so; what only stands somewhere in an answer is chance. */
static bool is_named(const iv_bank *ib, const lexicon *lex, const char *key)
{
    const bank *b = iv_bank_get(ib);
    g_autoptr(GPtrArray) topics = matching_topics(ib, key);
    bool found = topics->len > 0;

    for (size_t i = 0; i < bank_size(b) && !found; i++)
        found = bank_at(b, i)->n_answers > 0 && text_holds(lex, bank_at(b, i)->text, key);
    return found;
}

bool iv_bank_names(const iv_bank *ib, const lexicon *lex, const char *wanted)
{
    g_autofree char *key = lexicon_key(lex, wanted);
    g_autofree char *bare = without_spaces(wanted);
    bool found = key[0] != '\0' && is_named(ib, lex, key);

    for (int i = 0; i < TAILS_MOST && !found && drop_tail(bare); i++) {
        g_autofree char *shorter = lexicon_key(lex, bare);

        found = shorter[0] != '\0' && is_named(ib, lex, shorter);
    }
    return found;
}
