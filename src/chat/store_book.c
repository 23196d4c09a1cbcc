/* The book's functions over SQLite: see book.h for what each means. */
#include <string.h>

#include "store_internal.h"

/* ---- one row ---- */

static bool get_chat(struct book *b, int64_t id, struct chat *ret)
{
    const struct chat_row *row = store_chat_row(store_of_book(b), id);

    if (row == NULL)
        return false;
    *ret = row->chat;
    ret->title = g_strdup(row->chat.title);
    ret->zone = g_strdup(row->chat.zone);
    ret->schedule = g_strdup(row->chat.schedule);
    ret->topics_off = g_strdup(row->chat.topics_off);
    ret->fired = g_strdup(row->chat.fired);
    return true;
}

static bool get_user(struct book *b, int64_t id, struct user *ret)
{
    const struct user *u = store_user_row(store_of_book(b), id);

    if (u == NULL)
        return false;
    *ret = *u;
    ret->name = g_strdup(u->name);
    return true;
}

static bool get_seat(struct book *b, int64_t chat, int64_t user, struct seat *ret)
{
    const struct seat_row *r = store_seat_row(store_of_book(b), chat, user);

    if (!r->exists)
        return false;
    *ret = r->seat;
    ret->practice_topic = g_strdup(r->seat.practice_topic);
    return true;
}

static bool read_round(db *d, int st, struct round *ret)
{
    bool found = db_step(d, st);

    if (found) {
        *ret = (struct round){
            .id = db_int(d, st, 0),
            .chat = db_int(d, st, 1),
            .question = db_int(d, st, 2),
            .kind = (enum round_kind)db_int(d, st, 3),
            .opened = db_int(d, st, 4),
            .closes = db_int(d, st, 5),
            .closed = db_int(d, st, 6),
            .revealed = db_int(d, st, 7),
            .day = db_int(d, st, 8),
            .minute = (int)db_int(d, st, 9),
            .answers = (int)db_int(d, st, 10),
            .score_sum = (int)db_int(d, st, 11),
            .reminded = db_int(d, st, 12) != 0,
            .token = db_int(d, st, 13),
        };
    }
    db_done(d, st);
    return found;
}

static bool get_round(struct book *b, int64_t id, struct round *ret)
{
    db_query(DB(b), ST_ROUND_GET, "i", id);
    return read_round(DB(b), ST_ROUND_GET, ret);
}

static bool get_daily(struct book *b, int64_t chat, int64_t day, struct round *ret)
{
    db_query(DB(b), ST_ROUND_DAILY, "ii", chat, day);
    return read_round(DB(b), ST_ROUND_DAILY, ret);
}

static bool get_open_round(struct book *b, int64_t chat, struct round *ret)
{
    db_query(DB(b), ST_ROUND_OPEN, "i", chat);
    return read_round(DB(b), ST_ROUND_OPEN, ret);
}

/* A showing is noted in the entry, or with the answer whose reply it stood in. */
static struct entry get_entry(struct book *b, int64_t round, int64_t user)
{
    db *d = DB(b);
    struct entry e = {0};

    db_query(d, ST_ENTRY_GET, "ii", round, user);
    if (db_step(d, ST_ENTRY_GET)) {
        int64_t revealed = db_int(d, ST_ENTRY_GET, 1), shown = db_int(d, ST_ENTRY_GET, 3);

        e = (struct entry){.hints = (int)db_int(d, ST_ENTRY_GET, 0),
                           .revealed = MAX(revealed, shown),
                           .attempts = (int)db_int(d, ST_ENTRY_GET, 2)};
    }
    db_done(d, ST_ENTRY_GET);
    return e;
}

static bool anyone_shown(struct book *b, int64_t round)
{
    db_query(DB(b), ST_ANYONE_SHOWN, "i", round);
    return store_one_int(DB(b), ST_ANYONE_SHOWN, 0) != 0;
}

static int ranked_today(struct book *b, int64_t chat, int64_t user, int64_t day, int64_t since)
{
    db_query(DB(b), ST_RANKED_TODAY, "iiii", HISTORY(b, chat, user), user, day, since);
    return (int)store_one_int(DB(b), ST_RANKED_TODAY, 0);
}

static struct shown shown(struct book *b, int64_t user, const struct round *round)
{
    struct shown s = {0};

    db_query(DB(b), ST_SHOWN, "iii", user, round->question, round->id);
    if (db_step(DB(b), ST_SHOWN)) {
        s.last = db_int(DB(b), ST_SHOWN, 0);
        s.hints = (int)db_int(DB(b), ST_SHOWN, 1);
    }
    db_done(DB(b), ST_SHOWN);
    db_query(DB(b), ST_SHOWN_WITH, "ii", user, round->question);
    int64_t with_answer = store_one_int(DB(b), ST_SHOWN_WITH, 0); /* MAX looks twice */
    db_query(DB(b), ST_SHOWN_AT_CLOSE, "iii", user, round->question, round->chat);
    int64_t at_close = store_one_int(DB(b), ST_SHOWN_AT_CLOSE, 0);
    s.last = MAX(s.last, MAX(with_answer, at_close));
    db_query(DB(b), ST_ASKED_ELSE, "iii", round->chat, round->question, round->id);
    s.asked_else = store_one_int(DB(b), ST_ASKED_ELSE, 0) != 0;
    return s;
}

static struct held held(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    db *d = DB(b);
    struct held h = {0, 0, 0};

    db_query(d, ST_HELD, "iii", HISTORY(b, chat, user), user, question);
    if (db_step(d, ST_HELD))
        h = (struct held){(int)db_int(d, ST_HELD, 0), (int)db_int(d, ST_HELD, 1),
                          (int)db_int(d, ST_HELD, 2)};
    db_done(d, ST_HELD);
    return h;
}

static struct tally tally(struct book *b, int64_t chat, int64_t user)
{
    return store_seat_row(store_of_book(b), HISTORY(b, chat, user), user)->tally;
}

static struct kept_result *result(struct book *b, int64_t chat, int64_t user, int64_t round,
                                  struct answer *ret)
{
    db *d = DB(b);
    int st = round != 0 ? ST_RESULT_ROUND : ST_RESULT_LAST;
    struct kept_result *g = NULL;

    db_query(d, st, "ii", round != 0 ? round : HISTORY(b, chat, user), user);
    if (db_step(d, st)) {
        int score = (int)db_int(d, st, 5);

        g = store_result_parse(db_text(d, st, 6), db_text(d, st, 9), score);
        if (g != NULL) {
            *ret = (struct answer){
                .id = db_int(d, st, 0),
                .round = db_int(d, st, 1),
                .question = db_int(d, st, 2),
                .attempt = (int)db_int(d, st, 3),
                .text = db_dup(d, st, 4),
                .score = score,
                .points = (int)db_int(d, st, 7),
                .at = db_int(d, st, 8),
            };
        }
    }
    db_done(d, st);
    return g;
}

/* ---- writing ---- */

static void put_chat(struct book *b, const struct chat *c)
{
    store_chat_put(store_of_book(b), c);
}

static void put_user(struct book *b, const struct user *u)
{
    store_user_put(store_of_book(b), u);
}

static void put_seat(struct book *b, int64_t chat, int64_t user, const struct seat *s)
{
    store_seat_put(store_of_book(b), chat, user, s);
}

static int64_t new_round(struct book *b, const struct round *r)
{
    db *d = DB(b);

    db_run(d, ST_ROUND_ADD, "iiniiin", r->chat, r->question, (int)r->kind, r->opened, r->closes,
           r->day, r->minute);
    int64_t id = db_last_id(d);
    struct asked a = {r->question, r->opened, id, r->pass, 0, 0};
    store_asked_put(store_of_book(b), r->chat, &a);
    return id;
}

static void put_round(struct book *b, const struct round *r)
{
    db_run(DB(b), ST_ROUND_PUT, "iiiinnnn", r->id, r->closes, r->closed, r->revealed, r->minute,
           r->answers, r->score_sum, (int)r->reminded);
}

static void put_quiet(struct book *b, int64_t chat, int64_t day, bool quiet)
{
    db_run(DB(b), ST_ROUNDS_QUIET, "iin", chat, day, (int)quiet);
}

static void put_entry(struct book *b, int64_t round, int64_t user, const struct entry *e)
{
    db_run(DB(b), ST_ENTRY_PUT, "iini", round, user, e->hints, e->revealed);
}

/* First attempts make the sums; later ones teach. */
static void count_answer(struct book *b, const struct answer *a, int64_t chat, int64_t id,
                         bool on_demand)
{
    db *d = DB(b);
    int counts = a->attempt == 1 ? 1 : 0;
    int score = counts != 0 ? a->score : 0;
    struct tally sums = {a->points, counts, score};

    /* Who answers a group's question in a form or in private may have no seat there yet. */
    store_seat_count(store_of_book(b), chat, a->user, &sums, id, a->at);
    if (counts == 0 && a->points == 0)
        return;
    static const int add_or_more[] = {ST_TALLY_MORE, ST_TALLY_ADD};
    for (size_t i = 0; i < G_N_ELEMENTS(add_or_more); i++) {
        db_run(d, add_or_more[i], "iiinnnni", chat, a->day, a->user, a->points, counts, score,
               (int)on_demand, on_demand ? a->at : 0);
        if (db_changes(d) > 0)
            break;
    }
    if (counts != 0)
        store_asked_answered(store_of_book(b), a->chat, a->question, a->score);
}

static int64_t put_answer(struct book *b, const struct answer *a, const struct grade_result *g,
                          bool on_demand)
{
    db *d = DB(b);
    g_autofree char *json = store_result_print(g);
    int64_t chat = HISTORY(b, a->chat, a->user);

    int64_t sheet = store_sheet_of(store_of_book(b), a->question, g);

    db_run(d, ST_ANSWER_ADD, "iiiinsnsnsnnniisiii", a->round, chat, a->user, a->question,
           a->attempt, a->text, a->score, json, a->points, a->reason, (int)a->copied, a->hints,
           (int)a->late, a->day, a->at, a->message, a->streak_day, a->shown, sheet);
    int64_t id = db_last_id(d);
    count_answer(b, a, chat, id, on_demand);
    return id;
}

/* ---- saying: the sink renders ---- */

static bool platform_of(struct book *b, int64_t chat, enum platform *ret)
{
    const struct chat_row *row = store_chat_row(store_of_book(b), chat);

    if (row != NULL)
        *ret = row->platform;
    return row != NULL;
}

static void send_message(struct book *b, const struct send_opts *opts, const reply *r)
{
    const struct store_sink *sink = store_of_book(b)->sink;
    enum platform platform;

    if (platform_of(b, opts->chat, &platform))
        sink->send(sink->ctx, platform, opts, r);
}

static void send_file(struct book *b, const struct send_opts *opts, const reply *r,
                      const char *name, const char *data, size_t len)
{
    const struct store_sink *sink = store_of_book(b)->sink;
    enum platform platform;

    if (platform_of(b, opts->chat, &platform))
        sink->send_file(sink->ctx, platform, opts, r, name, data, len);
}

static void popup(struct book *b, const char *text)
{
    const struct store_sink *sink = store_of_book(b)->sink;

    sink->popup(sink->ctx, text);
}

static void edit(struct book *b, const reply *r)
{
    const struct store_sink *sink = store_of_book(b)->sink;

    sink->edit(sink->ctx, r);
}

static void refresh(struct book *b, const struct round *round, const reply *r)
{
    const struct store_sink *sink = store_of_book(b)->sink;
    enum platform platform;

    if (platform_of(b, round->chat, &platform))
        sink->refresh(sink->ctx, platform, round, r);
}

const struct book_ops store_book_ops = {
    .chat = get_chat,
    .user = get_user,
    .seat = get_seat,
    .round = get_round,
    .daily = get_daily,
    .open_round = get_open_round,
    .entry = get_entry,
    .held = held,
    .anyone_shown = anyone_shown,
    .shown = shown,
    .ranked_today = ranked_today,
    .asked = book_asked,
    .round_answers = book_round_answers,
    .own_texts = book_own_texts,
    .other_texts = book_other_texts,
    .board = book_board,
    .tally = tally,
    .days = book_days,
    .question_days = book_question_days,
    .answered_days = book_answered_days,
    .by_question = book_by_question,
    .missed = book_missed,
    .round_missed = book_round_missed,
    .members = book_members,
    .closing = book_closing,
    .export = store_export,
    .result = result,
    .put_chat = put_chat,
    .put_user = put_user,
    .put_seat = put_seat,
    .new_round = new_round,
    .put_round = put_round,
    .put_quiet = put_quiet,
    .put_entry = put_entry,
    .forget = store_forget,
    .put_answer = put_answer,
    .link_code = store_link_code,
    .link = store_link,
    .send = send_message,
    .send_file = send_file,
    .popup = popup,
    .edit = edit,
    .refresh = refresh,
};
