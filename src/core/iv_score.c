/* Boards and progress: /leaderboard, /score, /why. */
#include <string.h>

#include "iv.h"
#include "leaderboard.h"
#include "text.h"

#define NAME_CELLS  20
#define TOPIC_CELLS 24
#define BAR_WIDTH   10
#define TOPICS_MOST 12
#define MISSED_MOST 3

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

static char *shown_name(struct iv *iv, const struct board_row *row)
{
    const char *adjectives = catalog_text(iv->in->cat, iv->chat->lang, "pseudonym.adjectives");
    const char *animals = catalog_text(iv->in->cat, iv->chat->lang, "pseudonym.animals");

    if (row->name != NULL)
        return text_cut(row->name, NAME_CELLS);
    /* Among all who ever were members, so that nobody's pseudonym changes. */
    g_autoptr(GArray) users = BOOK(iv, members, iv->chat->id, true);
    uint64_t seed = (uint64_t)iv->chat->id;
    return pseudonym(adjectives, animals, seed, row->user,
                     pseudonym_ordinal(adjectives, animals, seed, (const void *)users->data,
                                       users->len, row->user));
}

static void say_row(struct iv *iv, const struct board_row *row)
{
    g_autofree char *name = shown_name(iv, row);
    bool own = row->user == iv->user->id;
    const char *medal = row->rank == 1   ? "🥇"
                        : row->rank == 2 ? "🥈"
                        : row->rank == 3 ? "🥉"
                                         : "";

    reply_newline(iv->r, 1);
    reply_say_in(iv->r, own ? REPLY_BOLD : REPLY_PLAIN, "board.row",
                 "medal=%s rank=%d name=%s points=%lld answers=%lld mean=%d", medal, row->rank,
                 name, (long long)row->points, (long long)row->answers,
                 board_mean(row->score_sum, row->answers));
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
    const struct board_row *row = (const void *)rows->data;
    struct board_view view = board_view(row, rows->len, iv->user->id);

    reply_say(iv->r, "board.head", "period=%s",
              catalog_text(iv->in->cat, iv->chat->lang, period_keys[period]));
    if (rows->len == 0) {
        reply_newline(iv->r, 1);
        reply_say(iv->r, "board.empty", "");
    }
    for (size_t i = 0; i < view.shown; i++)
        say_row(iv, &row[i]);
    if (view.own_below) {
        reply_newline(iv->r, 1);
        reply_text(iv->r, REPLY_PLAIN, "…");
        say_row(iv, &row[view.own]);
    }
    reply_newline(iv->r, 1);
    period_buttons(iv);
    return rows->len > 0;
}

void iv_cmd_leaderboard(struct iv *iv, const char *arg)
{
    enum board_period period = BOARD_ALL;

    if (board_period_parse(arg, &period)) {
        iv_say_board(iv, period);
    } else {
        reply_say(iv->r, "board.unknown-period", "wanted=%s", arg);
        period_buttons(iv);
    }
}

/* ---- my progress ---- */

/* A day counts for a streak when the chat had a daily question or the person answered. */
struct streak iv_streak_of(struct iv *iv, int64_t user, bool *ret_at_risk)
{
    g_autoptr(GArray) days = BOOK(iv, days, iv->chat->id, user);
    g_autoptr(GArray) asked = BOOK(iv, question_days, iv->chat->id);
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct streak_day));
    guint a = 0, d = 0;

    while (a < asked->len || d < days->len) {
        int64_t question = a < asked->len ? g_array_index(asked, int64_t, a) : INT64_MAX;
        int64_t answered = d < days->len ? g_array_index(days, struct day_row, d).day : INT64_MAX;
        struct streak_day day = {.day = MIN(question, answered),
                                 .asked = question <= answered,
                                 .answered = answered <= question};

        a += question <= answered ? 1 : 0;
        d += answered <= question ? 1 : 0;
        g_array_append_val(all, day);
    }
    return streak_of((const void *)all->data, all->len, iv->today, ret_at_risk);
}

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

static void say_missed(struct iv *iv)
{
    g_autoptr(GArray) rows = BOOK(iv, missed, iv->chat->id, iv->user->id, MISSED_MOST);

    if (rows->len == 0)
        return;
    reply_newline(iv->r, 2);
    reply_say(iv->r, "score.missed", "");
    for (guint i = 0; i < rows->len; i++) {
        const struct missed_row *row = &g_array_index(rows, struct missed_row, i);

        reply_newline(iv->r, 1);
        reply_say(iv->r, "score.missed-point", "point=%s times=%d", row->point, row->times);
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
    reply_say(iv->r, "score.head", "name=%s", iv->user->name);
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

void iv_cmd_why(struct iv *iv, const char *arg)
{
    struct answer a = {0};
    struct kept_result *kept = BOOK(iv, result, iv->chat->id, iv->user->id, 0, &a);

    (void)arg;
    if (kept == NULL) {
        reply_say(iv->r, "why.none", "");
        return;
    }
    const struct question *q = iv_bank_question(iv->in->bank, a.question);
    g_autofree char *text = text_cut(a.text, 200);
    reply_say(iv->r, "why.head", "score=%d", a.score);
    if (q != NULL) {
        reply_newline(iv->r, 1);
        reply_text(iv->r, REPLY_BOLD, q->text);
    }
    reply_newline(iv->r, 1);
    reply_say(iv->r, "why.answer", "text=%s", text);
    reply_newline(iv->r, 1);
    if (iv_private(iv))
        iv_show_arithmetic(iv->r, &kept->r);
    else
        iv_show_result_held_back(iv->r, &kept->r);
    answer_clear(&a);
    kept_result_free(kept);
}
