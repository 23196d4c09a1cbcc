/* What a summary or heading is by its words: a label, a menu, a placeholder, a question. */
#ifndef INTERVIEWD_BANK_WORDS_H
#define INTERVIEWD_BANK_WORDS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum label {
    LABEL_NONE,    /* it says something of its own */
    LABEL_ANSWER,  /* "Answer", "정답 확인", "点击查看答案" */
    LABEL_EXPLAIN, /* "Explanation", "해설": an answer, or what stands beside one */
    LABEL_HINT,
    LABEL_FOLLOW,     /* "꼬리 질문", "Follow-up questions" */
    LABEL_EXPAND,     /* "더 보기", "Click me": says only that there is more */
    LABEL_NOTE,       /* "참고", "References", "Changelog" */
    LABEL_MENU,       /* "목차", "Table of contents", "Translations" */
    LABEL_MAYBE_MENU, /* "Index", "Languages": a menu if there are links, else a term */
};

/* The labels' words, in a table made for one bank. */
struct bank_words;
/* A *new* bank_words. */
struct bank_words *bank_words_new(void);
/* Accepts NULL. */
void bank_words_free(struct bank_words *lex);

/* What TEXT says when every word of it is a label's word. */
enum label words_label(const struct bank_words *lex, const char *text);

/* True when TEXT invites to look at something ("… 예시로 보기") and asks nothing. */
bool words_invite(const char *text);

/* True when TEXT asks or tells to do something, in any of many languages. */
bool words_ask(const char *text);

/* The same, and TEXT is no mere name of a chapter. */
bool words_ask_plainly(const char *text);

/* True when TEXT has a question mark, in any script. */
bool words_have_question_mark(const char *text);

/* True when TEXT only promises an answer: "TODO", "To be completed", "작성 예정". */
bool words_promise(const struct bank_words *lex, const char *text);

/* The length of what marks TEXT as a question ("Q.", "Q12:", "질문)") with the space behind it, or
 * 0. */
size_t words_question_mark(const char *text);
/* The same for an answer ("A.", "답:"). */
size_t words_answer_mark(const char *text);
/* The length of a leading number ("1. ", "(3) ", "Q1-2.") or 0. */
size_t words_number(const char *text);

/* Cuts decorations (emoji, stars, "[week1]") off both ends. In place. */
void words_trim(GString *text);

/* Letters and digits of TEXT in one form: case, width and marks do not matter. A *new* string. */
char *words_fold(const char *text, size_t len);

#endif
