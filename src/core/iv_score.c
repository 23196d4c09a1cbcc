/* Boards and progress: /leaderboard and /score. */
#include <string.h>

#include "iv.h"
#include "leaderboard.h"
#include "text.h"

#define NAME_CELLS  20
#define TOPIC_CELLS 24
#define POINT_CELLS 80 /* two lines of a phone */
#define BAR_WIDTH   10
#define TOPICS_MOST 12
#define MISSED_MOST 3
#define MISSED_READ 20 /* of them some may be in the bank no more */

/* ---- streaks ---- */

/*
 * The streak over the days on which the chat was asked and those on which the person answered. A
 * daily counts for its own day as long as it is open, so that one posted in the evening can be
 * answered the next morning; until then its day is neither answered nor missed.
 */
static struct streak streak_from(struct iv *iv, const GArray *asked, int64_t user,
                                 bool *ret_at_risk)
{
    g_autoptr(GArray) answered = BOOK(iv, answered_days, iv->chat->id, user);
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct streak_day));
    struct schedule s = {0};
    struct round open;
    int64_t pending = iv_open_daily_of(iv, &open) ? open.day : INT64_MIN;
    bool waits = false;

    /* Of days gone by the book knows which were quiet; what is set now does not change them. */
    schedule_parse(iv->chat->schedule, &s);
    bool quiet_today = schedule_is_quiet(&s, iv->today);
    for (guint q = 0, d = 0; q < asked->len || d < answered->len;) {
        int64_t question = q < asked->len ? g_array_index(asked, int64_t, q) : INT64_MAX;
        int64_t answer = d < answered->len ? g_array_index(answered, int64_t, d) : INT64_MAX;
        struct streak_day day = {.day = MIN(question, answer),
                                 .asked = question <= answer,
                                 .quiet = quiet_today && MIN(question, answer) == iv->today,
                                 .answered = answer <= question};

        q += question <= answer ? 1 : 0;
        d += answer <= question ? 1 : 0;
        if (day.day < iv->today && day.day == pending && !day.answered)
            waits = !day.quiet;
        else
            g_array_append_val(all, day);
    }
    struct streak streak = streak_of((const void *)all->data, all->len, iv->today, ret_at_risk);
    if (ret_at_risk != NULL)
        *ret_at_risk |= waits && streak.current > 0;
    return streak;
}

struct streak iv_streak_of(struct iv *iv, int64_t user, bool *ret_at_risk)
{
    g_autoptr(GArray) asked = BOOK(iv, question_days, iv->chat->id);

    return streak_from(iv, asked, user, ret_at_risk);
}

void iv_say_streak(struct iv *iv, struct chat *chat, int64_t day)
{
    struct iv there = *iv;

    there.chat = chat;
    there.zone = iv_zone_of(iv->in, chat);
    there.today = day;
    struct streak s = iv_streak_of(&there, iv->user->id, NULL);
    if (s.current > 1) {
        reply_say(iv->r, "streak.days", "n=%d", s.current);
        reply_newline(iv->r, 1);
    }
    if (s.bridged > 0) {
        reply_say(iv->r, "streak.bridged", "n=%d freezes=%d", s.bridged, s.freezes - s.earned);
        reply_newline(iv->r, 1);
    }
    if (s.earned) {
        reply_say(iv->r, "streak.earned", "freezes=%d", s.freezes);
        reply_newline(iv->r, 1);
    }
}

/* ---- the board ---- */

static const char *const period_keys[] = {
    [BOARD_TODAY] = "board.today",         [BOARD_WEEK] = "board.week",
    [BOARD_MONTH] = "board.month",         [BOARD_ALL] = "board.all",
    [BOARD_LAST_WEEK] = "board.last-week",
};

static GArray *standings(struct iv *iv, enum board_period period)
{
    struct board_span span = board_span(iv->zone, period, iv->now);

    if (period == BOARD_ALL)
        return BOOK(iv, board, iv->chat->id, DATE_MIN, DATE_MAX);
    return BOOK(iv, board, iv->chat->id, zone_day(iv->zone, span.from),
                zone_day(iv->zone, span.to - 1) + 1);
}

/* Ranked rows; names are borrowed from STANDINGS. *new* */
static GArray *ranked(const GArray *standings)
{
    GArray *rows = g_array_sized_new(FALSE, TRUE, sizeof(struct board_row), standings->len);

    for (guint i = 0; i < standings->len; i++) {
        const struct standing *s = &g_array_index(standings, struct standing, i);
        struct board_row row = {.user = s->user,
                                .points = s->tally.points,
                                .answers = s->tally.answers,
                                .score_sum = s->tally.score_sum,
                                .reached_at = s->reached_at,
                                .name = s->anonymous ? NULL : s->name};

        g_array_append_val(rows, row);
    }
    board_rank((void *)rows->data, rows->len);
    return rows;
}

char *iv_shown_name(struct iv *iv, const struct chat *chat, int64_t user, const char *name)
{
    const char *adjectives = catalog_text(iv->in->cat, chat->lang, "pseudonym.adjectives");
    const char *animals = catalog_text(iv->in->cat, chat->lang, "pseudonym.animals");

    if (name != NULL && name[0] != '\0')
        return text_cut(name, NAME_CELLS);
    /* Among all who ever were members, so that nobody's pseudonym changes. */
    if (iv->ever == NULL || iv->ever_of != chat->id) {
        g_clear_pointer(&iv->ever, g_array_unref);
        iv->ever = BOOK(iv, members, chat->id, true);
        iv->ever_of = chat->id;
    }
    const GArray *users = iv->ever;
    uint64_t seed = (uint64_t)chat->id;
    return pseudonym(
        adjectives, animals, seed, user,
        pseudonym_ordinal(adjectives, animals, seed, (const void *)users->data, users->len, user));
}

static void say_row(struct iv *iv, const struct board_row *row, const GArray *asked)
{
    g_autofree char *name = iv_shown_name(iv, iv->chat, row->user, row->name);
    bool own = row->user == iv->user->id;
    const char *medal = row->points == 0 ? "" /* everybody is first with nothing */
                        : row->rank == 1 ? "🥇"
                        : row->rank == 2 ? "🥈"
                        : row->rank == 3 ? "🥉"
                                         : "";

    reply_newline(iv->r, 1);
    reply_say_in(iv->r, own ? REPLY_BOLD : REPLY_PLAIN, "board.row",
                 "medal=%s rank=%d name=%s points=%lld answers=%lld mean=%d", medal, row->rank,
                 name, (long long)row->points, (long long)row->answers,
                 board_mean(row->score_sum, row->answers));
    int streak = streak_from(iv, asked, row->user, NULL).current;
    if (streak > 1) { /* one day is no streak to show off */
        reply_text(iv->r, REPLY_PLAIN, " ");
        reply_say(iv->r, "board.streak", "n=%d", streak);
    }
}

static void period_buttons(struct iv *iv)
{
    reply_button(iv->r, "button.board-today", "board:today", true);
    reply_button(iv->r, "button.board-week", "board:week", false);
    reply_button(iv->r, "button.board-month", "board:month", false);
    reply_button(iv->r, "button.board-all", "board:all", false);
}

bool iv_say_board(struct iv *iv, enum board_period period)
{
    g_autoptr(GArray) all = standings(iv, period);
    g_autoptr(GArray) rows = ranked(all);
    g_autoptr(GArray) asked = BOOK(iv, question_days, iv->chat->id);
    const struct board_row *row = (const void *)rows->data;
    struct board_view view = board_view(row, rows->len, iv->user->id);

    reply_say(iv->r, "board.head", "period=%s",
              catalog_text(iv->in->cat, iv->chat->lang, period_keys[period]));
    if (rows->len == 0) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "board.empty", "");
    }
    for (size_t i = 0; i < view.shown; i++)
        say_row(iv, &row[i], asked);
    if (view.own_below) {
        reply_newline(iv->r, 1);
        reply_text(iv->r, REPLY_PLAIN, "…");
        say_row(iv, &row[view.own], asked);
    }
    reply_newline(iv->r, 1);
    if (period == BOARD_LAST_WEEK) /* a week's board stays as it was posted: a tap brings another */
        reply_button(iv->r, "button.board", "board", true);
    else
        period_buttons(iv);
    return rows->len > 0;
}

void iv_cmd_leaderboard(struct iv *iv, const char *arg)
{
    enum board_period period = BOARD_ALL;

    if (board_period_parse(arg, &period)) {
        iv_say_board(iv, period);
    } else {
        g_autofree char *wanted = iv_echo(arg);

        reply_say(iv->r, "board.unknown-period", "wanted=%s", wanted);
        period_buttons(iv);
    }
}

/* ---- my progress ---- */

static void say_streak(struct iv *iv)
{
    struct streak s = iv_streak_of(iv, iv->user->id, NULL);

    reply_newline(iv->r, 1);
    reply_say(iv->r, s.current > 0 ? "score.streak" : "score.no-streak", "n=%d best=%d freezes=%d",
              s.current, s.best, s.freezes);
    if (s.spent_since > 0) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "score.freeze-spent", "n=%d", s.spent_since);
    }
}

struct topic_sum {
    const char *name;
    struct tally tally;
};

static void add_to_topic(GArray *sums, const char *name, const struct tally *tally)
{
    for (guint i = 0; i < sums->len; i++) {
        struct topic_sum *s = &g_array_index(sums, struct topic_sum, i);

        if (strcmp(s->name, name) == 0) {
            s->tally.answers += tally->answers;
            s->tally.score_sum += tally->score_sum;
            return;
        }
    }
    struct topic_sum s = {name, *tally};
    g_array_append_val(sums, s);
}

static int by_answers(gconstpointer a, gconstpointer b)
{
    const struct topic_sum *x = a, *y = b;

    return y->tally.answers - x->tally.answers;
}

static void say_topics_of(struct iv *iv)
{
    g_autoptr(GArray) rows = BOOK(iv, by_question, iv->chat->id, iv->user->id);
    g_autoptr(GArray) sums = g_array_new(FALSE, TRUE, sizeof(struct topic_sum));

    for (guint i = 0; i < rows->len; i++) {
        const struct question_row *row = &g_array_index(rows, struct question_row, i);
        const struct question *q = iv_bank_question(iv->in->bank, row->question);

        if (q != NULL)
            add_to_topic(sums, q->topic, &row->tally);
    }
    g_array_sort(sums, by_answers);
    for (guint i = 0; i < sums->len && i < TOPICS_MOST; i++) {
        const struct topic_sum *s = &g_array_index(sums, struct topic_sum, i);
        int mean = board_mean(s->tally.score_sum, s->tally.answers);
        g_autofree char *bar = progress_bar(mean, 100, BAR_WIDTH);
        g_autofree char *name = text_cut(s->name, TOPIC_CELLS);

        reply_newline(iv->r, 1);
        reply_say(iv->r, "score.topic", "bar=%s mean=%d topic=%s n=%d", bar, mean, name,
                  s->tally.answers);
    }
}

static void say_heat(struct iv *iv, const GArray *days)
{
    int means[HEAT_DAYS];
    int64_t first = heat_first_day(iv->today);
    g_auto(GStrv) labels =
        g_strsplit(catalog_text(iv->in->cat, iv->chat->lang, "score.weekdays"), ",", 7);

    for (size_t i = 0; i < HEAT_DAYS; i++)
        means[i] = HEAT_NONE;
    for (guint i = 0; i < days->len; i++) {
        const struct day_row *d = &g_array_index(days, struct day_row, i);

        if (d->day >= first && d->day < first + HEAT_DAYS)
            means[d->day - first] = board_mean(d->tally.score_sum, d->tally.answers);
    }
    g_autofree char *map = heat_map(means, iv->today, (const char *const *)labels);
    reply_newline(iv->r, 2);
    reply_say(iv->r, "score.heat", "");
    reply_newline(iv->r, 1);
    reply_text(iv->r, REPLY_PLAIN, map);
}

bool iv_can_be_learnt(const struct iv *iv, const struct missed_row *row)
{
    const struct question *q = iv_bank_question(iv->in->bank, row->question);
    const grade_sheet *sheet = q != NULL ? iv_bank_sheet(iv->in->bank, q) : NULL;

    return sheet != NULL && !grade_sheet_open_ended(sheet) &&
           grade_sheet_has_point(sheet, row->point);
}

static void say_missed(struct iv *iv)
{
    g_autoptr(GArray) rows = BOOK(iv, missed, iv->chat->id, iv->user->id, MISSED_READ);
    int said = 0;

    for (guint i = 0; i < rows->len && said < MISSED_MOST; i++) {
        const struct missed_row *row = &g_array_index(rows, struct missed_row, i);

        if (!iv_can_be_learnt(iv, row))
            continue;
        g_autofree char *point = text_cut(row->point, POINT_CELLS);
        if (said++ == 0) {
            reply_newline(iv->r, 2);
            reply_say(iv->r, "score.missed", "");
        }
        reply_newline(iv->r, 1);
        reply_say(iv->r, "score.missed-point", "point=%s times=%d", point, row->times);
    }
}

void iv_cmd_score(struct iv *iv, const char *arg)
{
    struct tally t = BOOK(iv, tally, iv->chat->id, iv->user->id);

    (void)arg;
    if (t.answers == 0) {
        reply_say(iv->r, "score.none", "");
        reply_button(iv->r, "button.first", "question", false);
        return;
    }
    g_autoptr(GArray) days = BOOK(iv, days, iv->chat->id, iv->user->id);
    g_autofree char *name = iv_shown_name(iv, iv->chat, iv->user->id, iv->user->name);
    reply_say(iv->r, "score.head", "name=%s", name);
    reply_newline(iv->r, 1);
    reply_say(iv->r, "score.total", "points=%lld answers=%d mean=%d", (long long)t.points,
              t.answers, board_mean(t.score_sum, t.answers));
    say_streak(iv);
    reply_newline(iv->r, 2);
    say_topics_of(iv);
    if (iv_private(iv)) { /* in a group this is long, and nobody else's affair */
        say_heat(iv, days);
        say_missed(iv);
    }
    reply_newline(iv->r, 1);
    reply_button(iv->r, "button.next", "question", true);
    reply_button(iv->r, "button.board", "board", false);
}
