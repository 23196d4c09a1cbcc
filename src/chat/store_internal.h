/* What the store's files share. */
#ifndef INTERVIEWD_CHAT_STORE_INTERNAL_H
#define INTERVIEWD_CHAT_STORE_INTERNAL_H

#include "db.h"
#include "store.h"
#include "store_sql.h"

enum store_statement {
#define X(name, sql) ST_##name,
    STORE_STATEMENTS(X)
#undef X
        ST_COUNT
};

struct store {
    struct book book; /* first: store_of_book casts back */
    db *db;
    const struct store_sink *sink;
};

static inline store *store_of_book(struct book *b)
{
    return (store *)(void *)b;
}

extern const struct book_ops store_book_ops;

/* A grading as the JSON of answers.points, *new*; and back (*new*, NULL when it is none). */
char *store_result_print(const struct grade_result *g);
struct kept_result *store_result_parse(const char *json, int score);

#endif
