/* What stands at the ends of a question and is no part of it: "Q.", numbers, stars. */
#include "bank_words.h"

#include <string.h>

/* The length of the sign that closes a mark, as in "Q." or "문제)", else 0. */
static size_t sign_length(const char *text)
{
    static const char *const signs[] = {".", ":",  ")", "：", "．", "、", "）",
                                        "]", "】", "-", "–",  "—",  "|",  NULL};

    for (size_t i = 0; signs[i] != NULL; i++)
        if (g_str_has_prefix(text, signs[i]))
            return strlen(signs[i]);
    return 0;
}

/* The length of one of MARKS, its number and its sign at the beginning of TEXT, with the space
 * behind. */
static size_t mark_length(const char *text, const char *const *marks)
{
    size_t open = text[0] == '[' || text[0] == '(' ? 1 : 0;

    for (size_t i = 0; marks[i] != NULL; i++) {
        size_t at = open + strlen(marks[i]), sign;
        if (g_ascii_strncasecmp(text + open, marks[i], strlen(marks[i])) != 0)
            continue;
        at += strspn(text + at, " ");
        at += strspn(text + at, "0123456789-#");
        at += strspn(text + at, " ");
        sign = sign_length(text + at);
        if (sign > 0)
            return at + sign + strspn(text + at + sign, " ");
    }
    return 0;
}

size_t words_question_mark(const char *text)
{
    static const char *const marks[] = {"Question", "Q",     "질문", "문제",     "问题",     "問題",
                                        "问",       "問",    "質問", "Pregunta", "Pergunta", "P",
                                        "Вопрос",   "Frage", "Soru", "Domanda",  NULL};

    return mark_length(text, marks);
}

size_t words_answer_mark(const char *text)
{
    static const char *const marks[] = {"Answer", "Ans",     "A",     "답변",      "정답",     "답",
                                        "答案",   "答",      "回答",  "Respuesta", "Resposta", "R",
                                        "Ответ",  "Antwort", "Cevap", "Risposta",  NULL};

    return mark_length(text, marks);
}

size_t words_number(const char *text)
{
    static const char *const wide[] = {"、", "．", "）", "：", NULL};
    size_t open = strspn(text, "([#"), n = open;

    n += strspn(text + n, "0123456789");
    if (n == open || n > 8)
        return 0;
    while (text[n] == '.' || text[n] == '-')
        n += 1 + strspn(text + n + 1, "0123456789");
    n += strspn(text + n, ")]:");
    for (size_t i = 0; wide[i] != NULL; i++)
        if (g_str_has_prefix(text + n, wide[i]))
            n += strlen(wide[i]);
    if (n == open + strspn(text + open, "0123456789"))
        return 0; /* "2 phases" is no number of a question */
    return n + strspn(text + n, " ");
}

static bool is_decoration(gunichar c)
{
    if (c == 0xfe0f || c == 0x200d || c == 0x200b || c == 0xfeff || c == 0x20e3 ||
        (c >= 0x1f3fb && c <= 0x1f3ff))
        return true;
    return c >= 0x2190 && g_unichar_type(c) == G_UNICODE_OTHER_SYMBOL;
}

void words_trim(GString *text)
{
    const char *s, *end;

    g_strstrip(text->str);
    s = text->str;
    end = s + strlen(s);
    while (s < end && (is_decoration(g_utf8_get_char(s)) || *s == ' '))
        s = g_utf8_next_char(s);
    while (end > s) {
        const char *prev = g_utf8_prev_char(end);
        if (!is_decoration(g_utf8_get_char(prev)) && *prev != ' ')
            break;
        end = prev;
    }
    if (s == end) { /* nothing but decoration: it is all that there is */
        g_string_truncate(text, strlen(text->str));
        return;
    }
    char *kept = g_strndup(s, (gsize)(end - s));
    g_string_assign(text, kept);
    g_free(kept);
}
