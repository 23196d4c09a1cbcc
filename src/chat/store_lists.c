/* The book's lists over SQLite: see book.h for what each means. */
#include "store_internal.h"
#include "zone.h"

struct tally store_read_tally(db *d, int st, int column)
{
    return (struct tally){db_int(d, st, column), (int)db_int(d, st, column + 1),
                          db_int(d, st, column + 2)};
}

GArray *book_asked(struct book *b, int64_t chat)
{
    const GArray *rows = store_asked(store_of_book(b), chat);
    GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(struct asked), rows->len);

    return g_array_append_vals(out, rows->data, rows->len);
}

static void clear_answer(gpointer a)
{
    answer_clear(a);
}

GArray *book_round_answers(struct book *b, int64_t round)
{
    db *d = DB(b);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct answer));

    g_array_set_clear_func(out, clear_answer);
    db_query(d, ST_ROUND_ANSWERS, "i", round);
    while (db_step(d, ST_ROUND_ANSWERS)) {
        struct answer a = {
            .id = db_int(d, ST_ROUND_ANSWERS, 0),
            .round = round,
            .user = db_int(d, ST_ROUND_ANSWERS, 1),
            .attempt = (int)db_int(d, ST_ROUND_ANSWERS, 2),
            .text = db_dup(d, ST_ROUND_ANSWERS, 3),
            .score = (int)db_int(d, ST_ROUND_ANSWERS, 4),
            .points = (int)db_int(d, ST_ROUND_ANSWERS, 5),
            .copied = db_int(d, ST_ROUND_ANSWERS, 6) != 0,
            .late = db_int(d, ST_ROUND_ANSWERS, 7) != 0,
            .at = db_int(d, ST_ROUND_ANSWERS, 8),
        };

        g_array_append_val(out, a);
    }
    return out;
}

/* The texts of a statement that has been queried. */
static GPtrArray *all_texts(db *d, int st)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    while (db_step(d, st))
        g_ptr_array_add(out, db_dup(d, st, 0));
    return out;
}

GPtrArray *book_own_texts(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    db_query(DB(b), ST_OWN_TEXTS, "iii", HISTORY(b, chat, user), user, question);
    return all_texts(DB(b), ST_OWN_TEXTS);
}

GPtrArray *book_other_texts(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    db_query(DB(b), ST_OTHER_TEXTS, "iii", chat, user, question);
    return all_texts(DB(b), ST_OTHER_TEXTS);
}

static void clear_standing(gpointer data)
{
    struct standing *s = data;

    g_free(s->name);
}

GArray *book_board(struct book *b, int64_t chat, int64_t from, int64_t to)
{
    db *d = DB(b);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct standing));
    bool ever = from <= DATE_MIN && to >= DATE_MAX;
    bool joined = store_is_joined(store_of_book(b), chat);
    int st = ever ? (joined ? ST_BOARD_JOINED_ALL : ST_BOARD_ALL_TIME)
                  : (joined ? ST_BOARD_JOINED_DAYS : ST_BOARD_DAYS);

    g_array_set_clear_func(out, clear_standing);
    if (ever)
        db_query(d, st, "i", chat);
    else
        db_query(d, st, "iii", chat, from, to);
    while (db_step(d, st)) {
        struct standing s = {
            .user = db_int(d, st, 0),
            .name = db_dup(d, st, 1),
            .anonymous = db_int(d, st, 2) != 0,
            .tally = store_read_tally(d, st, 3),
            .reached_at = db_int(d, st, 6),
        };

        g_array_append_val(out, s);
    }
    return out;
}

GArray *book_days(struct book *b, int64_t chat, int64_t user)
{
    db *d = DB(b);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct day_row));

    db_query(d, ST_DAYS, "ii", HISTORY(b, chat, user), user);
    while (db_step(d, ST_DAYS)) {
        struct day_row row = {db_int(d, ST_DAYS, 0), store_read_tally(d, ST_DAYS, 1)};

        g_array_append_val(out, row);
    }
    return out;
}

GArray *book_by_question(struct book *b, int64_t chat, int64_t user)
{
    db *d = DB(b);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct question_row));

    db_query(d, ST_BY_QUESTION, "ii", HISTORY(b, chat, user), user);
    while (db_step(d, ST_BY_QUESTION)) {
        struct question_row row = {db_int(d, ST_BY_QUESTION, 0),
                                   store_read_tally(d, ST_BY_QUESTION, 1)};

        g_array_append_val(out, row);
    }
    return out;
}

static void clear_missed(gpointer data)
{
    struct missed_row *row = data;

    g_free(row->point);
}

GArray *book_missed(struct book *b, int64_t chat, int64_t user, int most)
{
    db *d = DB(b);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct missed_row));

    g_array_set_clear_func(out, clear_missed);
    db_query(d, ST_MISSED, "iin", HISTORY(b, chat, user), user, most);
    while (db_step(d, ST_MISSED)) {
        struct missed_row row = {db_int(d, ST_MISSED, 0), db_dup(d, ST_MISSED, 1),
                                 (int)db_int(d, ST_MISSED, 2)};

        g_array_append_val(out, row);
    }
    return out;
}

bool book_round_missed(struct book *b, int64_t round, struct missed_row *ret)
{
    db *d = DB(b);

    db_query(d, ST_ROUND_MISSED, "i", round);
    bool found = db_step(d, ST_ROUND_MISSED);
    if (found)
        *ret = (struct missed_row){db_int(d, ST_ROUND_MISSED, 0), db_dup(d, ST_ROUND_MISSED, 1),
                                   (int)db_int(d, ST_ROUND_MISSED, 2)};
    db_done(d, ST_ROUND_MISSED);
    return found;
}

/* The first column of every row of a statement that has been queried. */
static GArray *all_ints(db *d, int st)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    while (db_step(d, st)) {
        int64_t value = db_int(d, st, 0);

        g_array_append_val(out, value);
    }
    return out;
}

GArray *book_question_days(struct book *b, int64_t chat)
{
    db_query(DB(b), ST_QUESTION_DAYS, "i", chat);
    return all_ints(DB(b), ST_QUESTION_DAYS);
}

GArray *book_answered_days(struct book *b, int64_t chat, int64_t user)
{
    db_query(DB(b), ST_ANSWERED_DAYS, "ii", HISTORY(b, chat, user), user);
    return all_ints(DB(b), ST_ANSWERED_DAYS);
}

GArray *book_members(struct book *b, int64_t chat, bool ever)
{
    db_query(DB(b), ST_MEMBERS, "in", chat, (int)ever);
    return all_ints(DB(b), ST_MEMBERS);
}

GArray *book_closing(struct book *b, int64_t chat, int64_t now)
{
    db_query(DB(b), ST_ROUNDS_CLOSING, "ii", chat, now);
    return all_ints(DB(b), ST_ROUNDS_CLOSING);
}
