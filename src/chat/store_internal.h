/* What the store's files share. */
#ifndef INTERVIEWD_CHAT_STORE_INTERNAL_H
#define INTERVIEWD_CHAT_STORE_INTERNAL_H

#include "db.h"
#include "store.h"
#include "store_cache.h"
#include "store_schema.h"
#include "store_sql.h"
#include "store_sql_status.h"

enum store_statement {
#define X(name, sql) ST_##name,
    STORE_STATEMENTS(X) STORE_STATUS_STATEMENTS(X)
#undef X
        ST_COUNT
};

/* A place of the outbox, and the number of the row that stands there. */
struct slot {
    int64_t id, seq;
};

struct store {
    struct book book; /* first: store_of_book casts back */
    db *db;
    const struct store_sink *sink;
    int64_t outbox_last; /* the highest number given, 0: not yet looked up */
    GArray *slots;       /* free slots of the outbox (struct slot), when they are known */
    bool slots_known;
    bool slots_changed; /* since the database's list of them was written */
    int64_t erased_to;  /* the last answer that store_erase_texts has passed */
    int64_t person;     /* whose event is being handled, 0 for none */
    unsigned erasures;  /* how often somebody has been forgotten */
    bool broke_rule;    /* the last commit that failed: not for the disk */
    bool erased;        /* the open transaction erases: the log is to be emptied after it */
    struct store_cache cache;
    bool cache_stale; /* something has been written that its rows do not show */
};

static inline store *store_of_book(struct book *b)
{
    return (store *)(void *)b;
}

/* Of a struct book *: the database; the chat under which a person's answers and sums are kept. */
#define DB(b)                  (store_of_book(b)->db)
#define HISTORY(b, chat, user) store_history(store_of_book(b), chat, user)

/* The first column of the only row of a statement that has been queried; OTHERWISE without one. */
int64_t store_one_int(db *d, int statement, int64_t otherwise);
/* The same as text, *new*; NULL without one. */
char *store_one_text(db *d, int statement);

extern const struct book_ops store_book_ops;
extern const struct db_schema store_schema;
/* A store over D, which it takes, with nothing remembered yet. *new* */
store *store_over(db *d, const struct store_sink *sink);

/* Writes which rows of the outbox have been sent, if more have; before a commit. (store_outbox.c)
 */
void store_note_sent(store *s);

/* (store_forget.c) */
void store_forget(struct book *b, int64_t user);

/* (store_link.c) */
int64_t store_history(store *s, int64_t chat, int64_t user);
/* Whether CHAT is a private one whose sums are kept elsewhere. */
bool store_is_joined(store *s, int64_t chat);
char *store_link_code(struct book *b, int64_t user, int64_t expires);
enum link_result store_link(struct book *b, int64_t user, const char *code, int64_t now,
                            int64_t *ret_user);

/* The book's lists, and a tally: points, answers and sum of scores from COLUMN on (store_lists.c).
 */
struct tally store_read_tally(db *d, int st, int column);
GArray *book_asked(struct book *b, int64_t chat);
GArray *book_round_answers(struct book *b, int64_t round);
GPtrArray *book_own_texts(struct book *b, int64_t chat, int64_t user, int64_t question);
GPtrArray *book_other_texts(struct book *b, int64_t chat, int64_t user, int64_t question);
GArray *book_board(struct book *b, int64_t chat, int64_t from, int64_t to);
GArray *book_days(struct book *b, int64_t chat, int64_t user);
GArray *book_by_question(struct book *b, int64_t chat, int64_t user);
GArray *book_missed(struct book *b, int64_t chat, int64_t user, int most);
bool book_round_missed(struct book *b, int64_t round, struct missed_row *ret);
GArray *book_question_days(struct book *b, int64_t chat);
GArray *book_answered_days(struct book *b, int64_t chat, int64_t user);
GArray *book_members(struct book *b, int64_t chat, bool ever);
GArray *book_closing(struct book *b, int64_t chat, int64_t now);

/* The book's export: everything kept of a person as JSON, *new*. (store_export.c) */
char *store_export(struct book *b, int64_t user);

/*
 * A grading as the JSON of answers.points, *new*; and back with the texts of
 * its points from SHEET, sheets.points or NULL (*new*, NULL when it is none).
 */
char *store_result_print(const struct grade_result *g);
struct kept_result *store_result_parse(const char *json, const char *sheet, int score);
/* The row of sheets with the texts of G's points, made when it is not there. (store_sheet.c) */
int64_t store_sheet_of(store *s, int64_t question, const struct grade_result *g);

#endif
