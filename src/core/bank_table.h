/* GitHub's tables, found in the source of a paragraph. */
#ifndef INTERVIEWD_BANK_TABLE_H
#define INTERVIEWD_BANK_TABLE_H

#include "bank_source.h"

struct table_row {
    int line;
    int cells;
};

struct table {
    GArray *rows;   /* of struct table_row */
    GString *cells; /* each cell of each row, a Markdown paragraph of its own */
};

/* What a cell's paragraph begins with, so that nothing in it can begin a block. */
#define TABLE_CELL_MARK "\xe2\x80\x94 "

/*
 * The line of a table's head within the lines FIRST to LAST of one paragraph,
 * which stands in QUOTES block quotes; 0 when there is no table.
 */
int table_find(const struct source *src, int first, int last, int quotes);

/* Splits the lines FIRST (the head) to LAST of a table. */
void table_read(struct table *t, const struct source *src, int first, int last, int quotes);
void table_clear(struct table *t);

/* Appends the lines FIRST to LAST without their containers' marks as one paragraph. */
void table_plain_lines(const struct source *src, int first, int last, int quotes, GString *out);

#endif
