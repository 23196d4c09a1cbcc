/* /link of random histories: each answer counts as if one person had given them all. */
#include "../support/link_place.h"

/* ---- random histories, and what one person would have had of them ---- */

enum { PEOPLE = 3, GROUPS = 2, GIVEN = 60, WORLDS = 60 };

struct given {
    int64_t id, round, question;
    int who, place; /* place: PEOPLE private chats, then the groups */
    int worth;      /* the score, if it brought points */
};

struct histories {
    struct place *p;
    GRand *dice;
    int64_t user[PEOPLE], chat[PEOPLE + GROUPS];
    GArray *rounds[PEOPLE + GROUPS]; /* struct round, whose id and question count */
    struct given given[2 * GIVEN];
    int n, day;
};

static void make_histories(struct histories *h, struct place *p, int seed)
{
    *h = (struct histories){.p = p, .dice = g_rand_new_with_seed((guint32)seed)};
    for (int i = 0; i < PEOPLE + GROUPS; i++) {
        g_autofree char *ext = g_strdup_printf("%d-%d", seed, i);

        if (i < PEOPLE)
            h->user[i] = person(p, PLATFORM_TELEGRAM, ext);
        h->chat[i] = chat_of(p, PLATFORM_TELEGRAM, ext, i < PEOPLE ? CHAT_PRIVATE : CHAT_GROUP);
        h->rounds[i] = g_array_new(FALSE, FALSE, sizeof(struct round));
    }
    for (int i = 0; i < PEOPLE; i++)
        sit(p, h->chat[i], h->user[i]);
}

static void clear_histories(struct histories *h)
{
    for (int i = 0; i < PEOPLE + GROUPS; i++)
        g_array_unref(h->rounds[i]);
    g_rand_free(h->dice);
}

/* A new round in a private chat, a new or an old one in a group. */
static struct round round_at(struct histories *h, int place)
{
    GArray *rounds = h->rounds[place];
    bool fresh = place < PEOPLE || rounds->len == 0 || g_rand_int_range(h->dice, 0, 3) == 0;

    if (fresh) {
        struct round r = {.question = h->p->question[g_rand_int_range(h->dice, 0, QUESTIONS)]};

        r.id = open_round(h->p, h->chat[place], r.question);
        g_array_append_val(rounds, r);
    }
    guint i = fresh ? rounds->len - 1 : (guint)g_rand_int_range(h->dice, 0, (int)rounds->len);
    return g_array_index(rounds, struct round, i);
}

static void give(struct histories *h, int who, int place)
{
    struct round r = round_at(h, place);
    struct answer a = {.round = r.id,
                       .chat = h->chat[place],
                       .user = h->user[who],
                       .question = r.question,
                       .score = 10 * g_rand_int_range(h->dice, 0, 11),
                       .late = place >= PEOPLE && g_rand_int_range(h->dice, 0, 5) == 0,
                       .day = h->day - place % 2, /* as another time zone calls it */
                       .at = 1000 + 7 * h->n};
    int64_t id = put(h->p, &a, g_rand_boolean(h->dice));

    h->given[h->n++] = (struct given){id, r.id, r.question, who, place, a.points > 0 ? a.score : 0};
    h->day += g_rand_int_range(h->dice, 0, 3) == 0;
}

/* Answers of everybody, here and there. */
static void give_many(struct histories *h)
{
    for (int i = 0; i < GIVEN; i++) {
        int who = g_rand_int_range(h->dice, 0, PEOPLE);

        give(h, who, g_rand_boolean(h->dice) ? who : PEOPLE + g_rand_int_range(h->dice, 0, GROUPS));
    }
}

/* Whose each answer is once the person GONE is the person KEPT, and what it brings. */
static void check_given(const struct histories *h, sqlite3 *conn, int gone, int kept)
{
    int ranked[2 * GIVEN];

    for (int i = 0; i < h->n; i++) {
        const struct given *g = &h->given[i];
        int who = g->who == gone ? kept : g->who, attempt = 1, held = 0;

        for (int j = 0; j < i; j++) {
            const struct given *e = &h->given[j];
            bool same = (e->who == gone ? kept : e->who) == who;

            attempt += same && e->round == g->round;
            if (same && e->question == g->question &&
                (e->place == g->place || MAX(e->place, g->place) < PEOPLE))
                held += ranked[j];
        }
        ranked[i] = attempt == 1 ? MAX(0, g->worth - held) : 0;
        g_autofree char *sql = g_strdup_printf(
            "SELECT count(*) FROM answers a JOIN members m ON m.chat=%lld AND m.user=%lld"
            " WHERE a.id=%lld AND a.user=m.user AND a.chat=CASE m.history WHEN 0 THEN m.chat"
            " ELSE m.history END AND a.attempt=%d AND a.ranked=%d",
            (long long)h->chat[g->place], (long long)h->user[who], (long long)g->id, attempt,
            ranked[i]);
        g_assert_cmpint(number(conn, sql), ==, 1);
    }
}

/* Nobody stands on a day's board who has no answer that counts. */
static void check_boards(const struct histories *h)
{
    for (int place = 0; place < PEOPLE + GROUPS; place++) {
        for (int day = -1; day <= h->day; day++) {
            g_autoptr(GArray) board =
                h->p->book->ops->board(h->p->book, h->chat[place], day, day + 1);

            for (guint i = 0; i < board->len; i++)
                g_assert_cmpint(g_array_index(board, struct standing, i).tally.answers, >, 0);
        }
    }
}

/* Every day's number of on-demand answers is somebody's, also after they were joined. */
static const char on_demand_sql[] = "SELECT sum(on_demand)*1000000+max(on_demand_at) FROM tallies";

static void test_random(struct place *p, gconstpointer data)
{
    (void)data;
    for (int seed = 1; seed <= WORLDS && !g_test_failed(); seed++) {
        struct histories h;
        sqlite3 *conn = look(p);
        int maker = seed % 2;

        make_histories(&h, p, seed);
        give_many(&h);
        g_assert_true(store_commit(p->store, NULL));
        int64_t on_demand = number(conn, on_demand_sql);
        store_begin(p->store);
        int gone = link_them(p, h.user[maker], h.user[1 - maker]) == h.user[0];
        g_assert_true(store_commit(p->store, NULL));
        check_sums(p);
        check_given(&h, conn, gone, 1 - gone);
        g_assert_cmpint(number(conn, on_demand_sql), ==, on_demand);
        store_begin(p->store);
        /* They go on, and become one with the third, of whose answers some are lost by then. */
        h.user[gone] = h.user[1 - gone];
        give_many(&h);
        link_them(p, h.user[gone], h.user[2]);
        g_assert_true(store_commit(p->store, NULL));
        check_sums(p);
        store_begin(p->store);
        check_boards(&h);
        sqlite3_close(conn);
        clear_histories(&h);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add("/link/random", struct place, NULL, setup, test_random, teardown);
    return g_test_run();
}
