/* Words of labels in the languages in which people publish interview questions. */
#ifndef INTERVIEWD_BANK_VOCABULARY_H
#define INTERVIEWD_BANK_VOCABULARY_H

#include <stddef.h>

enum word_class {
    WORD_ANSWER = 1,
    WORD_HINT = 2,
    WORD_FOLLOW = 4,
    WORD_LOOK = 8,  /* view, 보기, 点击 */
    WORD_FILL = 16, /* the, to, here; says nothing on its own */
    WORD_NOTE = 32,
    WORD_MENU = 64,
    WORD_THING = 128, /* code, example: what may be looked at */
    WORD_WEAK = 256,  /* explanation, result: an answer or a part of one */
    WORD_MAYBE = 512, /* index, language: a menu, or the thing that is asked about */
};

struct vocabulary {
    unsigned word_class;
    const char *words; /* folded, separated by spaces */
};

/* Closed by a row without words. */
extern const struct vocabulary vocabulary[];

/* Folded words and phrases that make a text a question; each list is closed by NULL. */
extern const char *const ask_first[];  /* first words, of alphabets with spaces */
extern const char *const ask_within[]; /* anywhere */
extern const char *const ask_last[];   /* at the end */
/* Folded texts that only promise an answer. */
extern const char *const promises[];

#endif
