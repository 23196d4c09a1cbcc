/*
 * A year of a group, on both books with the same accidents: downtime, clocks that jump, restarts,
 * members who answer, leave and come back. What the schedule should have done is computed here
 * anew, from the rules alone; and what one book did the other must have done too.
 */
#include <glib.h>
#include <sqlite3.h>

#include "../support/world.h"
#include "zone.h"

#define HOUR    3600
#define DAY     86400
#define MEMBERS 5

struct plan {
    const char *name, *zone, *daily, *holiday;
    int minutes[2];     /* of the daily, in order */
    bool weekdays_only; /* of the second one */
    const char *topic;  /* of the second one, NULL for all */
    const char *off;    /* a topic that is off from July on */
    uint32_t seed;
};

static const struct plan plans[] = {
    {"berlin",
     "Europe/Berlin",
     "02:30; 21:30 mon-fri",
     "2028-12-24..2028-12-26",
     {150, 1290},
     true,
     NULL,
     NULL,
     11},
    {"new-york",
     "America/New_York",
     "01:30; 09:00",
     "2028-07-04",
     {90, 540},
     false,
     NULL,
     "Metal",
     12},
    {"lord-howe",
     "Australia/Lord_Howe",
     "02:15; 08:00 Fruit",
     "2028-02-28",
     {135, 480},
     false,
     "Fruit",
     NULL,
     13},
};

struct sim {
    struct world *w;
    const struct plan *plan;
    const zone *z;
    zones *zones;
    GRand *dice;
    int64_t now, chat, members[MEMBERS];
    GHashTable *fired; /* day * 1440 + minute of posts */
    int64_t newest_fired;
    GHashTable *troubled; /* days on which a clock jumped or the bot was down */
    int asked[WORLD_QUESTIONS + 1];
    GString *log; /* what happened, for the other book to compare */
    guint seen;   /* of w->told */
    int summaries[4000];
    bool off;
};

static int64_t key_of(int64_t day, int minute)
{
    return day * 1440 + minute;
}

static void trouble(struct sim *s, int64_t from, int64_t to)
{
    for (int64_t d = zone_day(s->z, MIN(from, to)); d <= zone_day(s->z, MAX(from, to)); d++)
        g_hash_table_add(s->troubled, GINT_TO_POINTER((int)d));
}

/* Whether the plan has its time number I on a day. */
static bool planned(const struct plan *p, int64_t day, int i)
{
    int64_t quiet_from, quiet_to;
    g_auto(GStrv) range = g_strsplit(p->holiday, "..", 2);

    g_assert_true(date_parse(range[0], &quiet_from));
    g_assert_true(date_parse(range[1] != NULL ? range[1] : range[0], &quiet_to));
    if (day >= quiet_from && day <= quiet_to)
        return false;
    return i == 0 || !p->weekdays_only || date_weekday(day) < 5;
}

/* The newest time of today that has come, as a key; 0 for none. */
static int64_t newest_due(const struct sim *s, int64_t now)
{
    int64_t day = zone_day(s->z, now), newest = 0;

    for (int i = 0; i < 2; i++) {
        if (planned(s->plan, day, i) && zone_minute(s->z, day, s->plan->minutes[i]) <= now)
            newest = key_of(day, s->plan->minutes[i]);
    }
    return newest;
}

static const char *topic_of(int64_t question)
{
    return world_things[question - 1][0];
}

static void check_topic(const struct sim *s, const struct round *r)
{
    if (s->plan->topic != NULL && r->kind == ROUND_DAILY && r->minute == s->plan->minutes[1])
        g_assert_cmpstr(topic_of(r->question), ==, s->plan->topic);
    if (s->off)
        g_assert_cmpstr(topic_of(r->question), !=, s->plan->off);
}

static void note_round(struct sim *s, int64_t id)
{
    struct round r = world_round(s->w, id);

    s->asked[r.question]++;
    check_topic(s, &r);
    g_string_append_printf(s->log, "%lld asks %lld kind %d\n", (long long)s->now,
                           (long long)r.question, (int)r.kind);
    if (s->plan->topic == NULL && s->plan->off == NULL) { /* the whole bank before a repeat */
        int least = G_MAXINT, most = 0;

        for (int q = 1; q <= WORLD_QUESTIONS; q++) {
            least = MIN(least, s->asked[q]);
            most = MAX(most, s->asked[q]);
        }
        g_assert_cmpint(most - least, <=, 1);
    }
}

/* Looks at what was said since the last look; gives the key of a daily among it, 0 for none. */
static int64_t look(struct sim *s)
{
    int64_t posted = 0;

    for (; s->seen < s->w->told->len; s->seen++) {
        const struct told *t = g_ptr_array_index(s->w->told, s->seen);

        if (t->post_of != 0) {
            struct round r = world_round(s->w, t->post_of);

            note_round(s, t->post_of);
            if (t->broadcast) {
                g_assert_cmpint(posted, ==, 0); /* never a burst */
                posted = key_of(r.day, r.minute);
            }
        } else if (t->broadcast && t->reply_to_post != 0) {
            g_assert_cmpint(t->reply_to_post, <, (int64_t)G_N_ELEMENTS(s->summaries));
            s->summaries[t->reply_to_post]++;
        }
    }
    return posted;
}

static void tick(struct sim *s)
{
    int64_t due = newest_due(s, s->now);
    bool fresh = due != 0 && !g_hash_table_contains(s->fired, GINT_TO_POINTER((int)due));

    look(s);
    world_tick(s->w, s->chat, s->now);
    int64_t posted = look(s);
    if (posted != 0) {
        g_assert_true(fresh);
        g_assert_cmpint(posted, ==, due);
        g_assert_true(g_hash_table_add(s->fired, GINT_TO_POINTER((int)posted)));
        s->newest_fired = MAX(s->newest_fired, posted);
    } else if (fresh) {
        g_assert_cmpint(due, <, s->newest_fired); /* superseded before a clock went back */
    }
    world_tick(s->w, s->chat, s->now); /* twice does no harm */
    g_assert_cmpint(look(s), ==, 0);
}

/* ---- members ---- */

static char *answer_text(struct sim *s, int64_t question)
{
    const char *model = world_things[question - 1][2];
    g_auto(GStrv) words = g_strsplit(model, " ", -1);
    GString *some = g_string_new(NULL);

    switch (g_rand_int_range(s->dice, 0, 6)) {
    case 0:
        g_string_append(some, model);
        break;
    case 1:
        g_string_append(some, "I do not know");
        break;
    default:
        for (guint i = 0; words[i] != NULL; i++) {
            if (g_rand_int_range(s->dice, 0, 3) > 0)
                g_string_append_printf(some, "%s ", words[i]);
        }
        g_string_append(some, "I think");
    }
    return g_string_free(some, FALSE);
}

static void answer_some_round(struct sim *s, int64_t user)
{
    struct round newest;

    if (!s->w->book->ops->open_round(s->w->book, s->chat, &newest))
        return;
    /* Mostly the open one, now and then one of long ago. */
    int64_t id = g_rand_int_range(s->dice, 0, 10) > 0
                     ? newest.id
                     : g_rand_int_range(s->dice, 1, (int)newest.id + 1);
    g_autofree char *text = answer_text(s, world_round(s->w, id).question);
    struct tally before = world_total(s->w, s->chat, user);
    world_answer(s->w, s->chat, user, id, text, s->now);
    struct tally after = world_total(s->w, s->chat, user);
    g_assert_cmpint(after.points, >=, before.points);
    g_string_append_printf(s->log, "%lld user %lld round %lld +%lld\n", (long long)s->now,
                           (long long)user, (long long)id,
                           (long long)(after.points - before.points));
}

static void leave(struct sim *s, int64_t user)
{
    struct seat seat = {0};

    world_begin(s->w);
    s->w->book->ops->seat(s->w->book, s->chat, user, &seat);
    seat.left = true;
    s->w->book->ops->put_seat(s->w->book, s->chat, user, &seat);
    world_commit(s->w);
    seat_clear(&seat);
}

static void somebody_acts(struct sim *s)
{
    int64_t user = s->members[g_rand_int_range(s->dice, 0, MEMBERS)];

    switch (g_rand_int_range(s->dice, 0, 12)) {
    case 0:
        world_say(s->w, s->chat, user, "/question", s->now);
        break;
    case 1:
        world_say(s->w, s->chat, user, "/leaderboard week", s->now);
        break;
    case 2:
        world_say(s->w, s->chat, user, "/score", s->now);
        break;
    case 3:
        leave(s, user);
        break;
    default:
        answer_some_round(s, user);
    }
}

/* ---- the board ---- */

struct sums {
    int64_t points, answers, score_sum;
};

/* Every member's sums over the days from..to, from the stored answers alone. */
static void recompute(struct sim *s, int64_t from, int64_t to, struct sums ret[MEMBERS])
{
    memset(ret, 0, MEMBERS * sizeof *ret);
    if (s->w->m != NULL) {
        MB_ALL(struct kept_answer, s->w->m->answers, k)
        {
            for (int m = 0; m < MEMBERS; m++) {
                if (k->a.user == s->members[m] && k->a.day >= from && k->a.day < to) {
                    ret[m].points += k->a.points;
                    ret[m].answers += k->a.attempt == 1 ? 1 : 0;
                    ret[m].score_sum += k->a.attempt == 1 ? k->a.score : 0;
                }
            }
        }
        return;
    }
    sqlite3 *conn = NULL;
    sqlite3_stmt *st = NULL;
    g_assert_cmpint(sqlite3_open_v2(s->w->path, &conn, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(conn,
                                       "SELECT sum(ranked), sum(attempt=1), sum((attempt=1)*score)"
                                       " FROM answers WHERE user=? AND day>=? AND day<?",
                                       -1, &st, NULL),
                    ==, SQLITE_OK);
    for (int m = 0; m < MEMBERS; m++) {
        sqlite3_reset(st);
        sqlite3_bind_int64(st, 1, s->members[m]);
        sqlite3_bind_int64(st, 2, from);
        sqlite3_bind_int64(st, 3, to);
        g_assert_cmpint(sqlite3_step(st), ==, SQLITE_ROW);
        ret[m] = (struct sums){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                               sqlite3_column_int64(st, 2)};
    }
    sqlite3_finalize(st);
    sqlite3_close(conn);
}

static void check_board(struct sim *s, int64_t from, int64_t to)
{
    struct sums want[MEMBERS];
    g_autoptr(GArray) board = s->w->book->ops->board(s->w->book, s->chat, from, to);
    guint shown = 0;

    recompute(s, from, to, want);
    for (int m = 0; m < MEMBERS; m++) {
        struct seat seat = {0};
        const struct standing *found = NULL;

        s->w->book->ops->seat(s->w->book, s->chat, s->members[m], &seat);
        for (guint i = 0; i < board->len; i++) {
            const struct standing *st = &g_array_index(board, struct standing, i);

            if (st->user == s->members[m])
                found = st;
        }
        if (want[m].answers > 0 && !seat.left) {
            g_assert_nonnull(found);
            g_assert_cmpint(found->tally.points, ==, want[m].points);
            g_assert_cmpint(found->tally.answers, ==, want[m].answers);
            g_assert_cmpint(found->tally.score_sum, ==, want[m].score_sum);
            shown++;
        }
        if (seat.left)
            g_assert_null(found);
        seat_clear(&seat);
    }
    g_assert_cmpuint(board->len, ==, shown);
}

static void check_boards(struct sim *s)
{
    int64_t today = zone_day(s->z, s->now);

    check_board(s, DATE_MIN, DATE_MAX);
    check_board(s, today, today + 1);
    check_board(s, date_week_start(today), date_week_start(today) + 7);
    check_board(s, date_month_start(today), date_next_month(today));
    for (int m = 0; m < MEMBERS; m++) { /* no question is worth more than 100 to one person */
        for (int64_t q = 1; q <= WORLD_QUESTIONS; q++) {
            struct held h = s->w->book->ops->held(s->w->book, s->chat, s->members[m], q);

            g_assert_cmpint(h.points, <=, 100);
        }
    }
}

/* ---- the year ---- */

/* An accident now and then; gives how far the clock moves. */
static int64_t accident(struct sim *s)
{
    static const int64_t jumps[] = {7 * 60,   3 * HOUR,  20 * HOUR, 3 * DAY,
                                    -90 * 60, -5 * HOUR, 26 * HOUR};
    int64_t jump = jumps[g_rand_int_range(s->dice, 0, (int)G_N_ELEMENTS(jumps))];

    trouble(s, s->now, s->now + jump);
    if (g_rand_boolean(s->dice))
        world_restart(s->w);
    return jump;
}

/* The daemon sleeps until something is due or somebody writes. */
static void step(struct sim *s)
{
    int64_t due = world_next_due(s->w, s->chat);
    int64_t wake = s->now + g_rand_int_range(s->dice, 60, 6 * HOUR);

    if (g_rand_int_range(s->dice, 0, 150) == 0)
        s->now += accident(s);
    else
        s->now = due > s->now && due < wake ? due : wake;
    tick(s);
    if (g_rand_int_range(s->dice, 0, 2) == 0)
        somebody_acts(s);
    look(s);
}

static void check_days(const struct sim *s, int64_t from, int64_t to)
{
    int whole = 0;

    for (int64_t day = from; day < to; day++) {
        for (int i = 0; i < 2; i++) {
            gpointer key = GINT_TO_POINTER((int)key_of(day, s->plan->minutes[i]));
            bool fired = g_hash_table_contains(s->fired, key);

            if (!planned(s->plan, day, i))
                g_assert_false(fired);
            else if (!g_hash_table_contains(s->troubled, GINT_TO_POINTER((int)day)))
                g_assert_true(fired);
            whole += fired ? 1 : 0;
        }
    }
    g_assert_cmpint(whole, >, 400); /* of about 630 or 730: the accidents did not eat the year */
}

/* Every round is closed, and those with answers had one summary each. */
static void check_rounds(struct sim *s, int64_t last)
{
    for (int64_t id = 1; id <= last; id++) {
        struct round r = world_round(s->w, id);

        g_assert_cmpint(r.closed, !=, 0);
        g_assert_cmpint(s->summaries[id], ==, r.answers > 0 ? 1 : 0);
    }
}

static char *live_a_year(const struct plan *p, bool in_store)
{
    struct sim s = {.w = world_new(in_store), .plan = p, .zones = zones_new()};
    int64_t first, last, newest = 0;

    s.z = zones_get(s.zones, p->zone, NULL);
    s.dice = g_rand_new_with_seed(p->seed);
    s.fired = g_hash_table_new(NULL, NULL);
    s.troubled = g_hash_table_new(NULL, NULL);
    s.log = g_string_new(NULL);
    g_assert_true(date_parse("2028-01-01", &first)); /* a leap year */
    g_assert_true(date_parse("2029-01-01", &last));
    s.now = zone_day_start(s.z, first);
    s.chat = world_chat(s.w, CHAT_GROUP, p->zone);
    for (int m = 0; m < MEMBERS; m++) {
        g_autofree char *name = g_strdup_printf("user %d of %s", m, p->name);

        s.members[m] = world_user(s.w, name);
    }
    g_autofree char *daily = g_strconcat("/daily ", p->daily, NULL);
    g_autofree char *holiday = g_strconcat("/holiday ", p->holiday, NULL);
    world_say(s.w, s.chat, s.members[0], daily, s.now);
    world_say(s.w, s.chat, s.members[0], holiday, s.now);
    look(&s);
    for (int n = 0; s.now < zone_day_start(s.z, last); n++) {
        step(&s);
        if (p->off != NULL && !s.off && zone_day(s.z, s.now) >= first + 182) {
            g_autofree char *off = g_strconcat("/topics off ", p->off, NULL);

            world_say(s.w, s.chat, s.members[0], off, s.now);
            look(&s);
            s.off = true;
        }
        if (n % 100 == 0)
            check_boards(&s);
    }
    trouble(&s, s.now - DAY, s.now + DAY);
    check_days(&s, first, last);
    world_say(s.w, s.chat, s.members[0], "/daily off", s.now);
    s.now += 8 * DAY;
    world_tick(s.w, s.chat, s.now);
    for (guint i = 0; i < s.w->told->len; i++)
        newest = MAX(newest, ((struct told *)g_ptr_array_index(s.w->told, i))->post_of);
    look(&s);
    check_rounds(&s, newest);
    check_boards(&s);
    g_test_message("%s, %s: %u posts by the schedule, %lld rounds", p->name,
                   in_store ? "store" : "memory", g_hash_table_size(s.fired), (long long)newest);
    g_rand_free(s.dice);
    g_hash_table_unref(s.fired);
    g_hash_table_unref(s.troubled);
    zones_free(s.zones);
    world_free(s.w);
    return g_string_free(s.log, FALSE);
}

static void test_year(gconstpointer data)
{
    g_autofree char *kept = live_a_year(data, true);
    g_autofree char *remembered = live_a_year(data, false);

    size_t at = 0, line = 0;
    for (; kept[at] != '\0' && kept[at] == remembered[at]; at++)
        line = kept[at] == '\n' ? at + 1 : line;
    if (kept[at] != remembered[at]) {
        g_test_message("the store: %.60s", kept + line);
        g_test_message("in memory: %.60s", remembered + line);
        g_test_fail();
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(plans); i++) {
        g_autofree char *path = g_strconcat("/year/", plans[i].name, NULL);

        g_test_add_data_func(path, &plans[i], test_year);
    }
    return g_test_run();
}
