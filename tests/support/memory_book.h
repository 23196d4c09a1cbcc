/*
 * The book in memory: the cheap twin of the store, for tests of the interview
 * without any I/O. What the interview sends is kept in `said`.
 */
#ifndef INTERVIEWD_TESTS_MEMORY_BOOK_H
#define INTERVIEWD_TESTS_MEMORY_BOOK_H

#include <string.h>

#include "book.h"

struct kept_answer {
    struct answer a;
    struct grade_result *g;
    bool on_demand;
};

struct kept_seat {
    int64_t chat, user;
    struct seat seat;
};

struct kept_entry {
    int64_t round, user;
    struct entry entry;
};

struct said {
    struct send_opts opts;
    char *text;    /* all of it */
    char *visible; /* without what is hidden */
    char *buttons; /* "label=action" lines */
};

struct memory_book {
    struct book book; /* first */
    struct chat chats[8];
    size_t n_chats;
    struct user users[8];
    size_t n_users;
    GArray *seats, *rounds, *entries, *answers, *asked;
    GArray *quiet; /* of bool, a round each */
    GPtrArray *said;
    char *popup;
    int refreshed;
};

static inline struct memory_book *mb(struct book *b)
{
    return (struct memory_book *)(void *)b;
}

#define MB_ALL(type, array, var)                                                                   \
    for (type *var = (type *)(void *)(array)->data, *var##_end = var + (array)->len;               \
         var < var##_end; var++)

static bool mb_chat(struct book *b, int64_t id, struct chat *ret)
{
    for (size_t i = 0; i < mb(b)->n_chats; i++) {
        const struct chat *c = &mb(b)->chats[i];

        if (c->id == id) {
            *ret = *c;
            ret->title = g_strdup(c->title);
            ret->zone = g_strdup(c->zone);
            ret->schedule = g_strdup(c->schedule);
            ret->topics_off = g_strdup(c->topics_off);
            ret->fired = g_strdup(c->fired);
            return true;
        }
    }
    return false;
}

static bool mb_user(struct book *b, int64_t id, struct user *ret)
{
    for (size_t i = 0; i < mb(b)->n_users; i++) {
        if (mb(b)->users[i].id == id) {
            *ret = mb(b)->users[i];
            ret->name = g_strdup(ret->name);
            return true;
        }
    }
    return false;
}

static struct kept_seat *mb_find_seat(struct book *b, int64_t chat, int64_t user)
{
    MB_ALL(struct kept_seat, mb(b)->seats, s)
    {
        if (s->chat == chat && s->user == user)
            return s;
    }
    return NULL;
}

static bool mb_seat(struct book *b, int64_t chat, int64_t user, struct seat *ret)
{
    const struct kept_seat *s = mb_find_seat(b, chat, user);

    if (s == NULL)
        return false;
    *ret = s->seat;
    ret->practice_topic = g_strdup(s->seat.practice_topic);
    return true;
}

static bool mb_round(struct book *b, int64_t id, struct round *ret)
{
    if (id < 1 || id > mb(b)->rounds->len)
        return false;
    *ret = g_array_index(mb(b)->rounds, struct round, id - 1);
    return true;
}

static bool mb_daily(struct book *b, int64_t chat, int64_t day, struct round *ret)
{
    bool found = false;

    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat == chat && r->day == day && r->kind == ROUND_DAILY) {
            *ret = *r;
            found = true;
        }
    }
    return found;
}

static bool mb_open_round(struct book *b, int64_t chat, struct round *ret)
{
    bool found = false;

    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat == chat && r->closed == 0 && r->closes > 0) {
            *ret = *r;
            found = true;
        }
    }
    return found;
}

static struct kept_entry *mb_find_entry(struct book *b, int64_t round, int64_t user)
{
    MB_ALL(struct kept_entry, mb(b)->entries, e)
    {
        if (e->round == round && e->user == user)
            return e;
    }
    return NULL;
}

static int mb_attempts(struct book *b, int64_t round, int64_t user)
{
    int n = 0;

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        n += k->a.round == round && k->a.user == user ? 1 : 0;
    }
    return n;
}

static struct entry mb_entry(struct book *b, int64_t round, int64_t user)
{
    const struct kept_entry *kept = mb_find_entry(b, round, user);
    struct entry e = {0};

    if (kept != NULL)
        e = kept->entry;
    e.attempts = mb_attempts(b, round, user);
    return e;
}

static bool mb_anyone_shown(struct book *b, int64_t round)
{
    MB_ALL(struct kept_entry, mb(b)->entries, e)
    {
        if (e->round == round && e->entry.revealed != 0)
            return true;
    }
    return false;
}

static struct held mb_held(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    struct held h = {0, 0, 0};

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat == chat && k->a.user == user && k->a.question == question) {
            h.answers++;
            h.points += k->a.points;
            h.best = MAX(h.best, k->a.score);
        }
    }
    return h;
}

static int mb_ranked_today(struct book *b, int64_t chat, int64_t user, int64_t day, int64_t since)
{
    int n = 0;

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        n += k->a.chat == chat && k->a.user == user && k->on_demand &&
                     (k->a.day >= day || k->a.at >= since)
                 ? 1
                 : 0;
    }
    return n;
}

static struct shown mb_shown(struct book *b, int64_t user, const struct round *round)
{
    struct shown s = {0};

    MB_ALL(struct kept_entry, mb(b)->entries, e)
    {
        const struct round *r = &g_array_index(mb(b)->rounds, struct round, e->round - 1);

        if (e->user != user || r->question != round->question)
            continue;
        s.last = MAX(s.last, e->entry.revealed);
        s.hints += r->id > round->id ? e->entry.hints : 0;
    }
    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->question != round->question)
            continue;
        s.asked_else |= r->chat == round->chat && r->id != round->id && r->kind != ROUND_PRACTICE;
        const struct kept_seat *seat = mb_find_seat(b, r->chat, user);
        bool here = r->chat == round->chat || (seat != NULL && !seat->seat.left);
        here &= mb(b)->chats[r->chat - 1].kind == CHAT_GROUP; /* no other has a summary */
        if (here && r->kind != ROUND_PRACTICE && r->answers > 0 && r->closes > 0)
            s.last = MAX(s.last, r->closed);
    }
    return s;
}

static GArray *mb_asked(struct book *b, int64_t chat)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct asked));

    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat != chat)
            continue;
        struct asked a = {
            .question = r->question, .last = r->opened, .last_round = r->id, .pass = r->pass};
        bool merged = false;

        MB_ALL(struct asked, out, old)
        {
            if (old->question == a.question) {
                *old = a;
                merged = true;
            }
        }
        if (!merged)
            g_array_insert_val(out, asked_place(out, a.question), a);
    }
    MB_ALL(struct asked, out, of)
    {
        MB_ALL(struct kept_answer, mb(b)->answers, k)
        {
            if (k->a.chat == chat && k->a.question == of->question && k->a.attempt == 1) {
                of->answers++;
                of->score_sum += k->a.score;
            }
        }
    }
    return out;
}

static void mb_clear_answer(gpointer a)
{
    answer_clear(a);
}

static GArray *mb_round_answers(struct book *b, int64_t round)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct answer));

    g_array_set_clear_func(out, mb_clear_answer);
    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.round == round) {
            struct answer a = k->a;

            a.text = g_strdup(a.text);
            a.message = NULL;
            g_array_append_val(out, a);
        }
    }
    return out;
}

static GPtrArray *mb_own_texts(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat == chat && k->a.user == user && k->a.question == question)
            g_ptr_array_add(out, g_strdup(k->a.text));
    }
    return out;
}

static GPtrArray *mb_other_texts(struct book *b, int64_t chat, int64_t user, int64_t question)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat == chat && k->a.user != user && k->a.question == question)
            g_ptr_array_insert(out, 0, g_strdup(k->a.text));
    }
    if (out->len > 100)
        g_ptr_array_set_size(out, 100);
    return out;
}

static void mb_count(struct tally *t, const struct kept_answer *k)
{
    t->points += k->a.points;
    t->answers += k->a.attempt == 1 ? 1 : 0;
    t->score_sum += k->a.attempt == 1 ? k->a.score : 0;
}

static void mb_clear_standing(gpointer s)
{
    g_free(((struct standing *)s)->name);
}

static GArray *mb_board(struct book *b, int64_t chat, int64_t from, int64_t to)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(struct standing));

    g_array_set_clear_func(out, mb_clear_standing);
    for (size_t u = 0; u < mb(b)->n_users; u++) {
        struct standing s = {.user = mb(b)->users[u].id, .anonymous = mb(b)->users[u].anonymous};
        const struct kept_seat *seat = mb_find_seat(b, chat, s.user);

        MB_ALL(struct kept_answer, mb(b)->answers, k)
        {
            if (k->a.chat == chat && k->a.user == s.user && k->a.day >= from && k->a.day < to) {
                mb_count(&s.tally, k);
                s.reached_at = k->a.points > 0 ? k->a.at : s.reached_at;
            }
        }
        if (s.tally.answers > 0 && seat != NULL && !seat->seat.left) {
            s.name = g_strdup(mb(b)->users[u].name);
            g_array_append_val(out, s);
        }
    }
    return out;
}

static struct tally mb_tally(struct book *b, int64_t chat, int64_t user)
{
    struct tally t = {0, 0, 0};

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat == chat && k->a.user == user)
            mb_count(&t, k);
    }
    return t;
}

static GArray *mb_days(struct book *b, int64_t chat, int64_t user)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(struct day_row));

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat != chat || k->a.user != user)
            continue;
        if (out->len == 0 || g_array_index(out, struct day_row, out->len - 1).day != k->a.day) {
            struct day_row row = {.day = k->a.day};

            g_array_append_val(out, row);
        }
        mb_count(&g_array_index(out, struct day_row, out->len - 1).tally, k);
    }
    return out;
}

static GArray *mb_question_days(struct book *b, int64_t chat)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat == chat && r->kind == ROUND_DAILY &&
            !g_array_index(mb(b)->quiet, bool, r->id - 1) &&
            (out->len == 0 || g_array_index(out, int64_t, out->len - 1) != r->day))
            g_array_append_val(out, r->day);
    }
    return out;
}

static int mb_compare_days(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static GArray *mb_answered_days(struct book *b, int64_t chat, int64_t user)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        bool known = false;

        MB_ALL(int64_t, out, d)
        {
            known |= *d == k->a.streak_day;
        }
        if (k->a.chat == chat && k->a.user == user && k->a.attempt == 1 && !known)
            g_array_append_val(out, k->a.streak_day);
    }
    g_array_sort(out, mb_compare_days);
    return out;
}

static GArray *mb_by_question(struct book *b, int64_t chat, int64_t user)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct question_row));

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.chat == chat && k->a.user == user && k->a.attempt == 1) {
            struct question_row row = {k->a.question, {k->a.points, 1, k->a.score}};

            g_array_append_val(out, row);
        }
    }
    return out;
}

static GArray *mb_missed(struct book *b, int64_t chat, int64_t user, int most)
{
    (void)b, (void)chat, (void)user, (void)most;
    return g_array_new(FALSE, FALSE, sizeof(struct missed_row));
}

static bool mb_round_missed(struct book *b, int64_t round, struct missed_row *ret)
{
    (void)b, (void)round, (void)ret;
    return false;
}

static GArray *mb_members(struct book *b, int64_t chat, bool ever)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    MB_ALL(struct kept_seat, mb(b)->seats, s)
    {
        if (s->chat == chat && (ever || !s->seat.left))
            g_array_append_val(out, s->user);
    }
    return out;
}

static GArray *mb_closing(struct book *b, int64_t chat, int64_t now)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat == chat && r->closed == 0 && r->closes > 0 && r->closes <= now)
            g_array_append_val(out, r->id);
    }
    return out;
}

static char *mb_export(struct book *b, int64_t user)
{
    (void)b;
    return g_strdup_printf("{\"user\": %lld}", (long long)user);
}

static void mb_forget(struct book *b, int64_t user)
{
    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.user == user)
            k->a.text[0] = '\0';
    }
}

static struct kept_result *mb_result(struct book *b, int64_t chat, int64_t user, int64_t round,
                                     struct answer *ret)
{
    const struct kept_answer *last = NULL;

    MB_ALL(struct kept_answer, mb(b)->answers, k)
    {
        if (k->a.user == user && (round != 0 ? k->a.round == round : k->a.chat == chat))
            last = k;
    }
    if (last == NULL)
        return NULL;
    struct kept_result *r = g_new0(struct kept_result, 1);
    r->strings = g_string_chunk_new(8);
    r->lists = g_ptr_array_new();
    r->r = *last->g; /* the arrays stay the answer's own */
    *ret = last->a;
    ret->text = g_strdup(last->a.text);
    ret->message = NULL;
    return r;
}

static void mb_put_chat(struct book *b, const struct chat *c)
{
    for (size_t i = 0; i < mb(b)->n_chats; i++) {
        struct chat *mine = &mb(b)->chats[i];

        if (mine->id == c->id && mine != c) {
            chat_clear(mine);
            *mine = *c;
            mine->title = g_strdup(c->title);
            mine->zone = g_strdup(c->zone);
            mine->schedule = g_strdup(c->schedule);
            mine->topics_off = g_strdup(c->topics_off);
            mine->fired = g_strdup(c->fired);
        }
    }
}

static void mb_put_user(struct book *b, const struct user *u)
{
    for (size_t i = 0; i < mb(b)->n_users; i++) {
        struct user *mine = &mb(b)->users[i];

        if (mine->id == u->id && mine != u) {
            user_clear(mine);
            *mine = *u;
            mine->name = g_strdup(u->name);
        }
    }
}

static void mb_put_seat(struct book *b, int64_t chat, int64_t user, const struct seat *s)
{
    struct kept_seat *old = mb_find_seat(b, chat, user);
    struct kept_seat fresh = {chat, user, *s};

    fresh.seat.practice_topic = g_strdup(s->practice_topic);
    if (old == NULL) {
        g_array_append_val(mb(b)->seats, fresh);
        return;
    }
    seat_clear(&old->seat);
    *old = fresh;
}

static int64_t mb_new_round(struct book *b, const struct round *r)
{
    struct round copy = *r;

    copy.id = mb(b)->rounds->len + 1;
    copy.token = copy.id * 7919;
    g_array_append_val(mb(b)->rounds, copy);
    g_array_set_size(mb(b)->quiet, mb(b)->rounds->len);
    return copy.id;
}

static void mb_put_round(struct book *b, const struct round *r)
{
    int pass = g_array_index(mb(b)->rounds, struct round, r->id - 1).pass;

    g_array_index(mb(b)->rounds, struct round, r->id - 1) = *r;
    g_array_index(mb(b)->rounds, struct round, r->id - 1).pass = pass;
}

static void mb_put_quiet(struct book *b, int64_t chat, int64_t day, bool quiet)
{
    MB_ALL(struct round, mb(b)->rounds, r)
    {
        if (r->chat == chat && r->day == day && r->kind == ROUND_DAILY)
            g_array_index(mb(b)->quiet, bool, r->id - 1) = quiet;
    }
}

static void mb_put_entry(struct book *b, int64_t round, int64_t user, const struct entry *e)
{
    struct kept_entry *old = mb_find_entry(b, round, user);
    struct kept_entry fresh = {round, user, *e};

    if (old != NULL)
        *old = fresh;
    else
        g_array_append_val(mb(b)->entries, fresh);
}

/* A grading that outlives the interview's: only what the tests look at. */
static struct grade_result *mb_keep_grading(const struct grade_result *g)
{
    struct grade_result *copy = g_memdup2(g, sizeof *g);

    copy->n_points = copy->n_deductions = 0;
    return copy;
}

static int64_t mb_put_answer(struct book *b, const struct answer *a, const struct grade_result *g,
                             bool on_demand)
{
    struct kept_answer k = {*a, mb_keep_grading(g), on_demand};

    k.a.text = g_strdup(a->text);
    k.a.message = g_strdup(a->message);
    if (a->shown != 0) {
        struct entry e = mb_entry(b, a->round, a->user);

        e.revealed = MAX(e.revealed, a->shown);
        mb_put_entry(b, a->round, a->user, &e);
    }
    k.a.id = mb(b)->answers->len + 1;
    if (mb_find_seat(b, a->chat, a->user) == NULL) {
        struct seat none = {0};

        mb_put_seat(b, a->chat, a->user, &none);
    }
    g_array_append_val(mb(b)->answers, k);
    return k.a.id;
}

static void mb_said_free(gpointer data)
{
    struct said *s = data;

    g_free(s->text);
    g_free(s->visible);
    g_free(s->buttons);
    g_free(s);
}

static void mb_send(struct book *b, const struct send_opts *opts, const reply *r)
{
    struct said *s = g_new0(struct said, 1);
    GString *buttons = g_string_new(NULL);

    s->opts = *opts;
    s->text = reply_plain(r, true);
    s->visible = reply_plain(r, false);
    for (size_t i = 0; i < reply_button_count(r); i++) {
        const struct reply_button *x = reply_button_at(r, i);

        g_string_append_printf(buttons, "%s=%s\n", x->label,
                               x->action != NULL ? x->action : x->link);
    }
    s->buttons = g_string_free(buttons, FALSE);
    g_ptr_array_add(mb(b)->said, s);
}

static void mb_send_file(struct book *b, const struct send_opts *opts, const reply *r,
                         const char *name, const char *data, size_t len)
{
    (void)name, (void)data, (void)len;
    mb_send(b, opts, r);
}

static void mb_popup(struct book *b, const char *text)
{
    g_free(mb(b)->popup);
    mb(b)->popup = g_strdup(text);
}

static void mb_edit(struct book *b, const reply *r)
{
    struct send_opts none = {0};

    mb_send(b, &none, r);
}

static void mb_refresh(struct book *b, const struct round *round, const reply *r)
{
    (void)round, (void)r;
    mb(b)->refreshed++;
}

static const struct book_ops mb_ops = {
    .chat = mb_chat,
    .user = mb_user,
    .seat = mb_seat,
    .round = mb_round,
    .daily = mb_daily,
    .open_round = mb_open_round,
    .entry = mb_entry,
    .anyone_shown = mb_anyone_shown,
    .held = mb_held,
    .shown = mb_shown,
    .ranked_today = mb_ranked_today,
    .asked = mb_asked,
    .round_answers = mb_round_answers,
    .own_texts = mb_own_texts,
    .other_texts = mb_other_texts,
    .board = mb_board,
    .tally = mb_tally,
    .days = mb_days,
    .question_days = mb_question_days,
    .answered_days = mb_answered_days,
    .by_question = mb_by_question,
    .missed = mb_missed,
    .round_missed = mb_round_missed,
    .members = mb_members,
    .closing = mb_closing,
    .export = mb_export,
    .result = mb_result,
    .put_chat = mb_put_chat,
    .put_user = mb_put_user,
    .put_seat = mb_put_seat,
    .new_round = mb_new_round,
    .put_round = mb_put_round,
    .put_quiet = mb_put_quiet,
    .put_entry = mb_put_entry,
    .forget = mb_forget,
    .put_answer = mb_put_answer,
    .send = mb_send,
    .send_file = mb_send_file,
    .popup = mb_popup,
    .edit = mb_edit,
    .refresh = mb_refresh,
};

static inline struct memory_book *memory_book_new(void)
{
    struct memory_book *m = g_new0(struct memory_book, 1);

    m->book.ops = &mb_ops;
    m->seats = g_array_new(FALSE, TRUE, sizeof(struct kept_seat));
    m->rounds = g_array_new(FALSE, TRUE, sizeof(struct round));
    m->quiet = g_array_new(FALSE, TRUE, sizeof(bool));
    m->entries = g_array_new(FALSE, TRUE, sizeof(struct kept_entry));
    m->answers = g_array_new(FALSE, TRUE, sizeof(struct kept_answer));
    m->said = g_ptr_array_new_with_free_func(mb_said_free);
    return m;
}

static inline void memory_book_free(struct memory_book *m)
{
    for (size_t i = 0; i < m->n_chats; i++)
        chat_clear(&m->chats[i]);
    for (size_t i = 0; i < m->n_users; i++)
        user_clear(&m->users[i]);
    MB_ALL(struct kept_seat, m->seats, s)
    {
        seat_clear(&s->seat);
    }
    MB_ALL(struct kept_answer, m->answers, k)
    {
        answer_clear(&k->a);
        g_free(k->g);
    }
    g_array_unref(m->seats);
    g_array_unref(m->rounds);
    g_array_unref(m->quiet);
    g_array_unref(m->entries);
    g_array_unref(m->answers);
    g_ptr_array_unref(m->said);
    g_free(m->popup);
    g_free(m);
}

static inline struct chat *memory_book_chat(struct memory_book *m, enum chat_kind kind)
{
    struct chat *c = &m->chats[m->n_chats++];

    *c = (struct chat){.id = (int64_t)m->n_chats,
                       .kind = kind,
                       .title = g_strdup("chat"),
                       .lang = LANG_EN,
                       .zone = g_strdup("Asia/Seoul"),
                       .reveal = REVEAL_SPOILER,
                       .schedule = g_strdup(""),
                       .topics_off = g_strdup(""),
                       .weekly = true,
                       .fired = g_strdup("")};
    return c;
}

static inline struct user *memory_book_user(struct memory_book *m, const char *name)
{
    struct user *u = &m->users[m->n_users++];

    *u = (struct user){.id = (int64_t)m->n_users, .name = g_strdup(name)};
    return u;
}

/* The newest message. */
static inline const struct said *memory_book_last(const struct memory_book *m)
{
    g_assert_cmpuint(m->said->len, >, 0);
    return g_ptr_array_index(m->said, m->said->len - 1);
}

#endif
