/*
 * The bank: interview questions with their model answers, read from Markdown.
 *
 * Pure: bytes in, an immutable bank and a list of problems out. Files are read
 * by bank_files.h (io). A bank is built with a bank_builder and then never
 * changes; a reload builds another one and swaps the pointer.
 */
#ifndef INTERVIEWD_BANK_H
#define INTERVIEWD_BANK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct bank bank;
typedef struct bank_builder bank_builder;

/* A run of a text that is shown in one way: prose or code. */
struct bank_part {
    bool code;
    const char *lang; /* of code: the fence's language, "" when it has none */
    const char *text; /* UTF-8, no trailing newline */
};

/* One model answer. All strings are *borrowed* from the bank. */
struct bank_answer {
    const char *text; /* plain text as GitHub shows it: what export prints and the grader reads */
    const struct bank_part *parts;
    size_t n_parts;
    const char *const *marked; /* key points marked by hand (task-list items, bold), may be empty */
    size_t n_marked;
};

/* One question. All strings are *borrowed* from the bank. */
struct question {
    const char *id;    /* 16 lower-case hex digits: a hash of the normalised text and context, plus
                          "-N" for an exact twin */
    const char *file;  /* as named to the builder */
    int line;          /* 1-based: of <summary>, or of the heading or paragraph that asks */
    const char *topic; /* nearest heading, or folder or file name; never NULL */
    const char *const *topics; /* the path, outermost first, topic last */
    size_t n_topics;
    const char *text;    /* plain text, one or more lines */
    const char *context; /* code or options that belong to the question, or NULL */
    const struct bank_part *context_parts;
    size_t n_context_parts;
    const struct question *parent;     /* the question that this follows up, or NULL */
    const struct bank_answer *answers; /* alternatives, in the bank's order; none: never asked */
    size_t n_answers;
    const char *const *notes; /* `+)` lines: what else is good to know */
    size_t n_notes;
    const char *hint; /* the bank's own hint, or NULL */
    bool open_ended; /* marked by hand as a question of experience, which no model answer settles */
};

enum bank_severity { BANK_WARNING, BANK_ERROR };

/* Something that the importer left out, mended or could not read. */
struct bank_problem {
    enum bank_severity severity;
    const char *file;
    int line;        /* 1-based; 0 when it concerns the whole file */
    const char *key; /* a catalogue key below "problem.", e.g. "unclosed-block" */
    const char *arg; /* what {arg} in that text stands for, or NULL */
};

/* A *new* empty builder. */
bank_builder *bank_builder_new(void);
/* Frees a builder that was not finished. Accepts NULL. */
void bank_builder_free(bank_builder *b);

/*
 * Reads one Markdown file of LEN bytes at DATA (any bytes). FILE is the name
 * used in problems and exports. FOLDERS are the N_FOLDERS names of the folders
 * between the named bank and the file, outermost first, which begin its topic
 * path; FALLBACK is the topic where no heading names one. All are copied.
 * Time and memory are linear in LEN.
 */
void bank_builder_add(bank_builder *b, const char *file, const char *const *folders,
                      size_t n_folders, const char *fallback, const char *data, size_t len);

/* Adds a problem found outside (a file that cannot be opened). Copies. */
void bank_builder_problem(bank_builder *b, enum bank_severity severity, const char *file, int line,
                          const char *key, const char *arg);

/*
 * *Takes* the builder and gives a *new* bank: identities are computed, exact
 * twins numbered, topics indexed. Never NULL; a bank may be empty.
 */
bank *bank_builder_finish(bank_builder *b);
/* Accepts NULL. */
void bank_free(bank *bank);

/* Questions in the bank's order, those without a model answer among them. */
size_t bank_size(const bank *bank);
const struct question *bank_at(const bank *bank, size_t i); /* *borrowed* */
/* By id, or NULL. *borrowed*. A unique prefix of 4 or more digits is enough. */
const struct question *bank_find(const bank *bank, const char *id);
/* The position of Q in its bank. */
size_t bank_index(const bank *bank, const struct question *q);

/* Problems in the order of files and lines. */
size_t bank_problem_count(const bank *bank);
const struct bank_problem *bank_problem_at(const bank *bank, size_t i);

#endif
