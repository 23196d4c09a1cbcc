/*
 * `interviewd grade`: JSON lines of answers in, JSON lines of grades out.
 */
#ifndef INTERVIEWD_CMD_GRADE_H
#define INTERVIEWD_CMD_GRADE_H

#include <stdio.h>

#include "bank.h"
#include "grade.h"

/*
 * Reads `{"question", "model": [...], "answer"}` lines from IN until its end and
 * writes one line for each, in order. Statistics come from the bank FROM, or where it is
 * NULL from the distinct questions and models of the whole input. Gives the
 * program's exit code: 1 after a line that is not such an object (the lines
 * before it are written; ERR is told which one).
 */
int cmd_grade(const lexicon *lex, const bank *from, FILE *in, FILE *out, FILE *err);

/* A *new* finished lexicon of the tables that are compiled in. */
lexicon *embedded_lexicon(void);
/* Adds the tables that are compiled in to LEX, for an operator's own to follow. */
void add_embedded_tables(lexicon *lex);

#endif
