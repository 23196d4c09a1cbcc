/*
 * /link: two accounts become one person, their private chats one history.
 *
 * A history is the pair (chat, user) under which answers and sums are kept.
 * Joining pours one into another: its answers change hands, its sums are added.
 * Then the answers to what both have answered are gone through in the order in
 * which they were given, so that a round counts once and a question brings only
 * what got better, as if one person had given them all; what that changes is
 * taken off the sums. Nothing else is read: a history is about a page an answer.
 */
#include <string.h>
#include <sys/random.h>

#include "store_internal.h"

#define CODE_LENGTH 8

/* ---- which history ---- */

int64_t store_history(store *s, int64_t chat, int64_t user)
{
    int64_t kept = store_seat_row(s, chat, user)->history;

    return kept != 0 ? kept : chat;
}

bool store_is_joined(store *s, int64_t chat)
{
    db_query(s->db, ST_JOINED, "i", chat);
    return store_one_int(s->db, ST_JOINED, 0) != 0;
}

/* ---- codes ---- */

char *store_link_code(struct book *b, int64_t user, int64_t expires)
{
    /* Without letters and digits that are taken for each other. */
    static const char letters[33] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char random[CODE_LENGTH];
    char code[CODE_LENGTH + 1] = "";

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        g_error("no random numbers from the kernel");
    for (size_t i = 0; i < CODE_LENGTH; i++)
        code[i] = letters[random[i] % 32];
    db_run(DB(b), ST_LINK_DROP, "i", user);
    db_run(DB(b), ST_LINK_ADD, "sii", code, user, expires);
    return g_strdup_printf("%.4s-%.4s", code, code + 4);
}

static int64_t user_of_code(db *d, const char *code, int64_t now)
{
    db_run(d, ST_LINK_DROP_OLD, "i", now);
    db_query(d, ST_LINK_GET, "si", code, now);
    return store_one_int(d, ST_LINK_GET, 0);
}

/* ---- pouring one history into another ---- */

struct history {
    int64_t chat, user;
    struct tally tally;
    int64_t last_answer, reached_at;
};

/* An answer to a question that both histories have answered. */
struct poured {
    int64_t id, round, question, day, at;
    int attempt, score, ranked;
    bool late;  /* its round had closed and does not count it */
    bool comes; /* from the history that is poured */
};

/* The answers of H to what OTHER has answered too. */
static void read_common(db *d, const struct history *h, const struct history *other, bool comes,
                        GArray *out)
{
    db_query(d, ST_LINK_COMMON, "iiii", h->chat, h->user, other->chat, other->user);
    while (db_step(d, ST_LINK_COMMON)) {
        struct poured p = {
            .id = db_int(d, ST_LINK_COMMON, 0),
            .round = db_int(d, ST_LINK_COMMON, 1),
            .question = db_int(d, ST_LINK_COMMON, 2),
            .attempt = (int)db_int(d, ST_LINK_COMMON, 3),
            .score = (int)db_int(d, ST_LINK_COMMON, 4),
            .ranked = (int)db_int(d, ST_LINK_COMMON, 5),
            .late = db_int(d, ST_LINK_COMMON, 6) != 0,
            .day = db_int(d, ST_LINK_COMMON, 7),
            .at = db_int(d, ST_LINK_COMMON, 8),
            .comes = comes,
        };

        g_array_append_val(out, p);
    }
}

static int by_question(gconstpointer a, gconstpointer b)
{
    const struct poured *x = a, *y = b;

    if (x->question != y->question)
        return x->question < y->question ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* One more attempt at ROUND: which one it is. */
static int next_attempt(GHashTable *attempts, int64_t round)
{
    int *n = g_hash_table_lookup(attempts, &round);

    if (n == NULL) {
        n = g_new0(int, 1);
        g_hash_table_insert(attempts, g_memdup2(&round, sizeof round), n);
    }
    return ++*n;
}

static void add_tally(struct tally *sum, const struct tally *more, int sign)
{
    sum->points += sign * more->points;
    sum->answers += sign * more->answers;
    sum->score_sum += sign * more->score_sum;
}

/* WAS is attempt ATTEMPT and brings RANKED from now on; the sums of TO, whose it is, follow. */
static void put_change(db *d, const struct poured *was, int attempt, int ranked, struct history *to)
{
    bool second = was->attempt == 1 && attempt > 1;
    struct tally less = {was->ranked - ranked, second, second ? was->score : 0};

    if (attempt != was->attempt)
        db_run(d, ST_LINK_LATER, "inn", was->id, attempt, ranked);
    else if (ranked != was->ranked)
        db_run(d, ST_LINK_RANKED, "in", was->id, ranked);
    if (second && !was->late)
        db_run(d, ST_LINK_ROUND_LESS, "in", was->round, was->score);
    if (less.points == 0 && less.answers == 0)
        return;
    db_run(d, ST_TALLY_MORE, "iiiiniii", to->chat, was->day, to->user, -less.points, -less.answers,
           -less.score_sum, INT64_C(0), INT64_C(0));
    add_tally(&to->tally, &less, -1);
}

/* What an answer brings after those that held HELD, which by themselves held OWN. */
static int settled(const struct poured *p, int attempt, int own, int held)
{
    if (p->ranked <= 0)
        return p->ranked;
    return p->attempt == 1 && attempt > 1 ? 0 : MAX(0, p->ranked + own - held);
}

/*
 * In the order in which they were given: of a round that both have answered, the earlier first
 * attempt stays it; of a question, only what is better than before counts.
 */
static void settle(db *d, const GArray *common, struct history *to)
{
    g_autoptr(GHashTable) attempts =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    int own[2] = {0, 0}, held = 0;
    bool reached = true;

    for (guint i = 0; i < common->len; i++) {
        const struct poured *p = &g_array_index(common, struct poured, i);

        if (i > 0 && p->question != p[-1].question)
            own[0] = own[1] = held = 0;
        int attempt = next_attempt(attempts, p->round);
        int ranked = settled(p, attempt, own[p->comes], held);

        own[p->comes] += p->ranked;
        held += ranked;
        put_change(d, p, attempt, ranked, to);
        reached &= p->at != to->reached_at || p->ranked == 0 || ranked > 0;
    }
    if (reached)
        return;
    db_query(d, ST_LINK_REACHED, "ii", to->chat, to->user);
    to->reached_at = store_one_int(d, ST_LINK_REACHED, 0);
}

/* Pours FROM into TO, whose answers stay where they are. */
static void pour(db *d, const struct history *from, struct history *to)
{
    g_autoptr(GArray) common = g_array_new(FALSE, FALSE, sizeof(struct poured));

    read_common(d, from, to, true, common);
    if (common->len > 0)
        read_common(d, to, from, false, common);
    g_array_sort(common, by_question);
    db_run(d, ST_LINK_TAKE_ANSWERS, "iiii", from->chat, from->user, to->chat, to->user);
    db_run(d, ST_LINK_TALLY_ADD, "iiii", from->chat, from->user, to->chat, to->user);
    db_run(d, ST_LINK_TALLY_DROP, "ii", from->chat, from->user);
    add_tally(&to->tally, &from->tally, 1);
    to->last_answer = MAX(to->last_answer, from->last_answer);
    to->reached_at = MAX(to->reached_at, from->reached_at);
    settle(d, common, to);
}

/* ---- joining ---- */

struct place {
    struct history is;
    bool private;
    int64_t history; /* 0: its own */
};

static GArray *places_of(db *d, int64_t a, int64_t b)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct place));

    db_query(d, ST_LINK_CHATS, "ii", a, b);
    while (db_step(d, ST_LINK_CHATS)) {
        struct place p = {
            .is = {.chat = db_int(d, ST_LINK_CHATS, 0),
                   .user = db_int(d, ST_LINK_CHATS, 2),
                   .tally = {db_int(d, ST_LINK_CHATS, 4), (int)db_int(d, ST_LINK_CHATS, 5),
                             db_int(d, ST_LINK_CHATS, 6)},
                   .last_answer = db_int(d, ST_LINK_CHATS, 7),
                   .reached_at = db_int(d, ST_LINK_CHATS, 8)},
            .private = db_int(d, ST_LINK_CHATS, 1) == CHAT_PRIVATE,
            .history = db_int(d, ST_LINK_CHATS, 3),
        };

        g_array_append_val(out, p);
    }
    return out;
}

/* What USER has in CHAT, nothing when they have no seat there. */
static struct history history_in(const GArray *places, int64_t chat, int64_t user)
{
    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (p->is.chat == chat && p->is.user == user)
            return p->is;
    }
    return (struct history){.chat = chat, .user = user};
}

/* The private chat that is to keep the history of all: USER's own before the other's, whose answers
 * have to be touched anyway. 0: there is none. */
static int64_t keeper_of(const GArray *places, int64_t user)
{
    int64_t chat = 0;

    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (!p->private || p->history != 0)
            continue;
        if (p->is.user == user)
            return p->is.chat;
        if (chat == 0)
            chat = p->is.chat;
    }
    return chat;
}

/* Pours what both have into USER's: the private chats' into that of KEPT, each group's into its
 * own. Gives the histories that were poured into, *new*. */
static GArray *join_histories(db *d, const GArray *places, int64_t kept, int64_t user)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct history));
    struct history home = history_in(places, kept, user);

    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);
        bool stays = p->is.user == user && (!p->private || p->is.chat == kept);

        if (stays || p->history != 0)
            continue;
        if (p->private) {
            pour(d, &p->is, &home);
        } else {
            struct history there = history_in(places, p->is.chat, user);

            pour(d, &p->is, &there);
            g_array_append_val(out, there);
        }
    }
    if (kept != 0)
        g_array_append_val(out, home);
    return out;
}

static void move_rest(db *d, int64_t gone, int64_t user)
{
    static const int two[] = {ST_LINK_SEATS_STAY, ST_LINK_SEATS,    ST_LINK_ENTRIES_MOVE,
                              ST_LINK_ENTRIES,    ST_LINK_ACCOUNTS, ST_LINK_OUTBOX,
                              ST_LINK_USER};
    static const int one[] = {ST_LINK_SEATS_DROP, ST_LINK_ENTRIES_DROP, ST_FORGET_ADMINS,
                              ST_LINK_DROP, ST_LINK_USER_BLANK};

    for (size_t i = 0; i < G_N_ELEMENTS(two); i++)
        db_run(d, two[i], "ii", gone, user);
    for (size_t i = 0; i < G_N_ELEMENTS(one); i++)
        db_run(d, one[i], "i", gone);
    db_run(d, ST_LINK_DROP, "i", user);
}

/* GONE and USER, who sit at PLACES, are USER. */
static void join(db *d, const GArray *places, int64_t gone, int64_t user)
{
    int64_t kept = keeper_of(places, user);
    g_autoptr(GArray) poured = join_histories(d, places, kept, user);

    move_rest(d, gone, user);
    if (kept != 0)
        db_run(d, ST_SEAT_ENSURE, "ii", kept, user);
    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (p->private)
            db_run(d, ST_HISTORY_PUT, "iii", p->is.chat, user, p->is.chat != kept ? kept : 0);
    }
    for (guint i = 0; i < poured->len; i++) {
        const struct history *h = &g_array_index(poured, struct history, i);

        db_run(d, ST_LINK_TOTALS, "iiiniii", h->chat, h->user, h->tally.points, h->tally.answers,
               h->tally.score_sum, h->last_answer, h->reached_at);
    }
}

/* How many answers the sums of USER count, in all places. */
static int64_t answers_of(const GArray *places, int64_t user)
{
    int64_t n = 0;

    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        n += p->is.user == user ? p->is.tally.answers : 0;
    }
    return n;
}

/* Whose answers are fewer gives up their number: those have to be written, the others not. */
enum link_result store_link(struct book *b, int64_t user, const char *code, int64_t now,
                            int64_t *ret_user)
{
    store *s = store_of_book(b);
    int64_t maker = user_of_code(s->db, code, now);

    if (maker == 0)
        return LINK_UNKNOWN;
    if (maker == user)
        return LINK_SELF;
    g_autoptr(GArray) places = places_of(s->db, maker, user);
    bool stays = answers_of(places, user) >= answers_of(places, maker);
    *ret_user = stays ? user : maker;
    join(s->db, places, stays ? maker : user, *ret_user);
    if (s->person == user)
        s->person = *ret_user; /* the reply is about them */
    return LINK_DONE;
}
