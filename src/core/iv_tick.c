/* What happens by itself: daily questions, closing rounds, the week's board, a reminder. */
#include "iv.h"
#include "leaderboard.h"
#include "schedule.h"
#include "text.h"

#define WEEKLY_MINUTE  (9 * 60)
#define REMIND_SECONDS (2 * 60 * 60) /* before a round closes */
#define BUSY_SECONDS   (30 * 60)     /* a question younger than this is being thought about */
#define BEST_CELLS     600
#define WHO_MOST       30
#define CLOCK_WRONG    14 /* days: a board from farther ahead was posted by a clock that was wrong */

/* ---- when ---- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a == 0 ? b : b == 0 ? a : MIN(a, b);
}

/* The next moment for the week's board: Monday morning, in groups. */
static int64_t weekly_due(const struct iv *iv, int64_t now)
{
    if (iv->chat->kind != CHAT_GROUP || !iv->chat->weekly)
        return 0;
    return board_weekly_post(iv->zone, now, WEEKLY_MINUTE);
}

bool iv_open_daily_of(struct iv *iv, struct round *ret)
{
    g_autoptr(GArray) open = BOOK(iv, closing, iv->chat->id, INT64_MAX);

    for (guint i = open->len; i > 0; i--) {
        struct round round;

        /* One that opens in the future was asked by a clock that was wrong. */
        if (BOOK(iv, round, g_array_index(open, int64_t, i - 1), &round) &&
            round.kind == ROUND_DAILY && round.opened <= iv->now && round.closes > iv->now) {
            *ret = round;
            return true;
        }
    }
    return false;
}

/* When to remind of the open daily; 0 when nobody wants it, or it has been done. */
static int64_t remind_due(struct iv *iv, struct round *round)
{
    if (iv->chat->kind != CHAT_PRIVATE || !iv->chat->reminder || !iv_open_daily_of(iv, round) ||
        round->reminded)
        return 0;
    return MAX(round->closes - REMIND_SECONDS, round->opened + 1);
}

void iv_reschedule(struct iv *iv)
{
    struct schedule s = {0};
    struct schedule_due due;
    struct round open;
    int64_t now = iv->now, next = 0;

    schedule_parse(iv->chat->schedule, &s);
    if (schedule_next(&s, iv->zone, now, &due))
        next = due.at;
    next = sooner(next, weekly_due(iv, now));
    next = sooner(next, remind_due(iv, &open));
    if (next != 0 && next <= now)
        next = now + 1; /* never due at once again: a tick must end */
    iv->chat->next_due = next;
}

int64_t iv_round_closes(const struct iv *iv, int64_t opened)
{
    struct schedule s = {0};

    schedule_parse(iv->chat->schedule, &s);
    return schedule_round_close(&s, iv->zone, opened, iv->chat->close_hours);
}

/* ---- closing ---- */

static void say_best(struct iv *iv, reply *r, const GArray *answers)
{
    const struct answer *best = NULL;
    struct user author = {0};

    for (guint i = 0; i < answers->len; i++) {
        const struct answer *a = &g_array_index(answers, struct answer, i);

        if (a->attempt == 1 && !a->late && !a->copied && a->text[0] != '\0' && a->score > 0 &&
            (best == NULL || a->score > best->score))
            best = a;
    }
    if (best != NULL && BOOK(iv, user, best->user, &author) && author.share) {
        g_autofree char *clean = text_clean(best->text, strlen(best->text));
        g_autofree char *text = text_cut(clean, BEST_CELLS);
        g_autofree char *name = iv_shown_name(iv, iv->chat, best->user, author.name);

        reply_newline(r, 2);
        if (author.anonymous)
            reply_say(r, "close.best-anonymous", "score=%d", best->score);
        else
            reply_say(r, "close.best", "name=%s score=%d", name, best->score);
        reply_newline(r, 1);
        reply_text(r, REPLY_QUOTE, text);
    }
    user_clear(&author);
}

static int by_score(gconstpointer a, gconstpointer b)
{
    const struct answer *x = *(const struct answer *const *)a,
                        *y = *(const struct answer *const *)b;

    return x->score != y->score ? y->score - x->score : (x->id > y->id) - (x->id < y->id);
}

/* The best first; of a crowd only so many as a message can hold. */
static void say_who(struct iv *iv, reply *r, const GArray *answers)
{
    g_autoptr(GPtrArray) firsts = g_ptr_array_new();
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < answers->len; i++) {
        struct answer *a = &g_array_index(answers, struct answer, i);

        if (a->attempt == 1 && !a->late)
            g_ptr_array_add(firsts, a);
    }
    g_ptr_array_sort(firsts, by_score);
    for (guint i = 0; i < firsts->len && i < WHO_MOST; i++) {
        const struct answer *a = g_ptr_array_index(firsts, i);
        struct user u = {0};

        BOOK(iv, user, a->user, &u);
        g_autofree char *name = iv_shown_name(iv, iv->chat, a->user, u.anonymous ? NULL : u.name);
        g_string_append_printf(names, "%s%s %d", names->len > 0 ? ", " : "", name, a->score);
        user_clear(&u);
    }
    reply_newline(r, 1);
    reply_say(r, "close.who", "names=%s", names->str);
    if (firsts->len > WHO_MOST) {
        reply_text(r, REPLY_PLAIN, " ");
        reply_say(r, "close.who-more", "n=%d", (int)firsts->len - WHO_MOST);
    }
}

/* Q: NULL when it has left the bank meanwhile; who has answered still learns how it ended. */
static void say_closing(struct iv *iv, const struct round *round, const struct question *q)
{
    g_autoptr(GArray) answers = BOOK(iv, round_answers, round->id);
    struct missed_row missed = {0};
    struct send_opts opts = {.chat = iv->chat->id, .broadcast = true, .reply_to_post = round->id};
    reply *r = reply_new(iv->in->cat, iv->chat->lang);

    reply_say(r, "close.head", "n=%d mean=%d", round->answers,
              board_mean(round->score_sum, round->answers));
    if (q != NULL) {
        reply_newline(r, 1);
        reply_text(r, REPLY_BOLD, q->text);
    }
    say_who(iv, r, answers);
    if (BOOK(iv, round_missed, round->id, &missed) && iv_can_be_learnt(iv, &missed)) {
        reply_newline(r, 1);
        reply_say(r, "close.missed", "point=%s", missed.point);
    }
    g_free(missed.point);
    say_best(iv, r, answers);
    if (q != NULL && iv->chat->reveal != REVEAL_NOW)
        iv_show_model(r, q, REPLY_PLAIN);
    BOOK(iv, send, &opts, r);
    reply_free(r);
}

/* One summary a group's round that somebody answered; a private one closes silently. */
static void close_round(struct iv *iv, int64_t id)
{
    struct round round;
    const struct question *q;

    if (!BOOK(iv, round, id, &round))
        return;
    round.closed = iv->now;
    BOOK(iv, put_round, &round);
    q = iv_bank_question(iv->in->bank, round.question);
    if (iv->chat->kind != CHAT_GROUP || iv->chat->gone)
        return;
    if (round.answers > 0)
        say_closing(iv, &round, q);
    if (q != NULL)
        iv_refresh_post(iv, iv->chat, q, &round);
}

static void close_due_rounds(struct iv *iv)
{
    g_autoptr(GArray) due = BOOK(iv, closing, iv->chat->id, iv->now);

    for (guint i = 0; i < due->len; i++)
        close_round(iv, g_array_index(due, int64_t, i));
}

/* ---- the daily question ---- */

/* In a private chat what is typed next answers the daily, unless another question is being thought
 * about or practised. */
static void point_seats_at(struct iv *iv, int64_t round)
{
    g_autoptr(GArray) members = BOOK(iv, members, iv->chat->id, false);

    for (guint i = 0; iv->chat->kind == CHAT_PRIVATE && i < members->len; i++) {
        int64_t user = g_array_index(members, int64_t, i);
        struct seat seat = {0};
        struct round open;

        BOOK(iv, seat, iv->chat->id, user, &seat);
        bool busy = seat.round != 0 && BOOK(iv, round, seat.round, &open) &&
                    open.opened <= iv->now && iv->now - open.opened < BUSY_SECONDS;
        if (!busy) {
            seat.round = round;
            BOOK(iv, put_seat, iv->chat->id, user, &seat);
        }
        seat_clear(&seat);
    }
}

/* Somebody had asked for /today before its time came: it is that question, posted now. */
static bool post_todays(struct iv *iv, const struct schedule_due *due)
{
    struct round round;
    const struct question *q;

    if (!BOOK(iv, daily, iv->chat->id, due->day, &round) || round.minute >= 0 || round.closed != 0)
        return false;
    q = iv_bank_question(iv->in->bank, round.question);
    if (q == NULL)
        return false;
    round.minute = due->minute;
    round.closes = iv_round_closes(iv, iv->now);
    BOOK(iv, put_round, &round);
    if (iv->chat->kind == CHAT_GROUP || round.answers == 0) /* else the only one here is done */
        iv_say_post(iv, q, &round);
    return true;
}

static const char *room_of(const struct schedule *s)
{
    return s->room[0] != '\0' ? s->room : NULL;
}

static void send_daily(struct iv *iv, const struct schedule *s, const struct schedule_due *due)
{
    struct send_opts opts = {.chat = iv->chat->id, .broadcast = true, .thread = room_of(s)};

    iv->r = reply_new(iv->in->cat, iv->chat->lang);
    iv->post_of = 0;
    if (!post_todays(iv, due)) {
        struct schedule_due now = {.at = iv->now, .day = due->day, .minute = due->minute};
        const struct question *q = iv_choose_for(iv, s->entry[due->entry].topic);

        if (q != NULL)
            iv_open_daily(iv, q, &now);
    }
    opts.post_of = iv->post_of;
    if (iv->post_of != 0) {
        BOOK(iv, send, &opts, iv->r);
        point_seats_at(iv, iv->post_of);
    }
    reply_free(iv->r);
    iv->r = NULL;
}

static void serve_schedule(struct iv *iv)
{
    struct schedule s = {0};
    struct schedule_state state = {0};
    struct schedule_due due;

    if (iv->chat->schedule[0] == '\0' || !schedule_parse(iv->chat->schedule, &s))
        return;
    schedule_state_parse(iv->chat->fired, &state);
    if (!schedule_tick(&s, iv->zone, &state, iv->now, &due))
        return;
    g_free(iv->chat->fired);
    iv->chat->fired = schedule_state_print(&state);
    send_daily(iv, &s, &due);
}

/* ---- Monday's board, and the reminder ---- */

static void serve_weekly(struct iv *iv)
{
    struct local_time local;
    struct schedule s = {0};
    struct send_opts opts = {.chat = iv->chat->id, .broadcast = true};

    schedule_parse(iv->chat->schedule, &s);
    opts.thread = room_of(&s);
    zone_local(iv->zone, iv->now, &local);
    if (iv->chat->kind != CHAT_GROUP || !iv->chat->weekly || local.weekday != 0 ||
        local.hour * 60 + local.minute < WEEKLY_MINUTE ||
        (iv->chat->last_weekly >= iv->today && iv->chat->last_weekly < iv->today + CLOCK_WRONG))
        return;
    iv->chat->last_weekly = iv->today;
    iv->r = reply_new(iv->in->cat, iv->chat->lang);
    if (iv_say_board(iv, BOARD_LAST_WEEK)) /* a week in which nobody answered needs no board */
        BOOK(iv, send, &opts, iv->r);
    reply_free(iv->r);
    iv->r = NULL;
}

static bool streak_is_at_risk(struct iv *iv, int64_t user)
{
    bool at_risk = false;
    struct streak s = iv_streak_of(iv, user, &at_risk);

    return at_risk && s.current > 0;
}

static void serve_reminder(struct iv *iv)
{
    struct round round;
    int64_t due = remind_due(iv, &round);
    struct send_opts opts = {.chat = iv->chat->id, .broadcast = true};

    if (due == 0 || due > iv->now)
        return;
    round.reminded = true;
    BOOK(iv, put_round, &round);
    g_autoptr(GArray) members = BOOK(iv, members, iv->chat->id, false);
    if (members->len != 1 || !streak_is_at_risk(iv, g_array_index(members, int64_t, 0)))
        return;
    reply *r = reply_new(iv->in->cat, iv->chat->lang);
    reply_say(r, "reminder.text", "");
    reply_button(r, "button.today", "today", false);
    BOOK(iv, send, &opts, r);
    reply_free(r);
}

void interview_tick(interview *in, struct book *book, int64_t chat, int64_t now)
{
    struct chat c = {0};
    struct user nobody = {.name = (char[]){""}};
    struct iv iv = {.in = in, .book = book, .chat = &c, .user = &nobody, .now = now};

    if (!BOOK(&iv, chat, chat, &c))
        return;
    iv.zone = iv_zone_of(in, &c);
    iv.today = zone_day(iv.zone, now);
    close_due_rounds(&iv);
    if (!c.gone) {
        serve_schedule(&iv);
        serve_weekly(&iv);
        serve_reminder(&iv);
    }
    iv_reschedule(&iv);
    BOOK(&iv, put_chat, &c);
    g_clear_pointer(&iv.ever, g_array_unref);
    chat_clear(&c);
}
