/*
 * /link: two accounts become one person, their private chats one history.
 *
 * A history is the pair (chat, user) under which answers and sums are kept.
 * Joining pours several of them into one: the answers in the order in which
 * they were given, so that a round counts once and a question brings only what
 * got better, as if one person had given them all; then the sums are made anew
 * from the answers.
 */
#include <string.h>
#include <sys/random.h>

#include "store_internal.h"

#define DB(b) (store_of_book(b)->db)

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

/* ---- pouring histories together ---- */

struct history {
    int64_t chat;
    int64_t user;
};

struct poured {
    int64_t id;
    int64_t round;
    int64_t question;
    int attempt;
    int score;
    int ranked;
    bool late;    /* its round had closed and does not count it */
    int worth;    /* what it was worth by itself: its points and those its own history had before */
    bool changed; /* it is somebody else's now, or counts otherwise */
};

/* Sums by a key: of a round or a question. */
static GHashTable *sums_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

/* The sum of KEY, to be read and added to: *borrowed*. */
static int *sum_of(GHashTable *sums, int64_t key)
{
    int *sum = g_hash_table_lookup(sums, &key);

    if (sum == NULL) {
        sum = g_new0(int, 1);
        g_hash_table_insert(sums, g_memdup2(&key, sizeof key), sum);
    }
    return sum;
}

static void read_history(db *d, const struct history *h, bool moves, GArray *out)
{
    g_autoptr(GHashTable) held = sums_new();

    db_query(d, ST_LINK_ANSWERS, "ii", h->chat, h->user);
    while (db_step(d, ST_LINK_ANSWERS)) {
        struct poured p = {
            .id = db_int(d, ST_LINK_ANSWERS, 0),
            .round = db_int(d, ST_LINK_ANSWERS, 1),
            .question = db_int(d, ST_LINK_ANSWERS, 4),
            .attempt = (int)db_int(d, ST_LINK_ANSWERS, 5),
            .score = (int)db_int(d, ST_LINK_ANSWERS, 6),
            .ranked = (int)db_int(d, ST_LINK_ANSWERS, 7),
            .late = db_int(d, ST_LINK_ANSWERS, 8) != 0,
            .changed = moves,
        };

        int *before = sum_of(held, p.question);

        p.worth = p.ranked > 0 ? p.ranked + *before : p.ranked;
        *before += p.ranked;
        g_array_append_val(out, p);
    }
}

static int by_id(gconstpointer a, gconstpointer b)
{
    const struct poured *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

/* A round that both have answered: the earlier first attempt stays it. */
static void settle_attempt(db *d, struct poured *p, int *attempts)
{
    int now = ++*attempts;

    if (p->attempt == 1 && now > 1) {
        if (!p->late)
            db_run(d, ST_LINK_ROUND_LESS, "in", p->round, p->score);
        p->ranked = 0;
    }
    p->changed |= p->attempt != now;
    p->attempt = now;
}

/* Of a question that was answered before, only what is better than then. */
static void settle_points(struct poured *p, int *held)
{
    int now = p->ranked > 0 ? MAX(0, p->worth - *held) : p->ranked;

    p->changed |= p->ranked != now;
    p->ranked = now;
    *held += now;
}

/* Pours the histories FROM into TO, which is one of them or new. */
static void pour(db *d, const GArray *from, const struct history *to)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct poured));
    g_autoptr(GHashTable) attempts = sums_new();
    g_autoptr(GHashTable) held = sums_new();

    for (guint i = 0; i < from->len; i++) {
        const struct history *h = &g_array_index(from, struct history, i);

        bool moves = h->chat != to->chat || h->user != to->user;

        read_history(d, h, moves, all);
        if (moves) {
            db_run(d, ST_LINK_TALLY_ADD, "iiii", h->chat, h->user, to->chat, to->user);
            db_run(d, ST_LINK_TALLY_DROP, "ii", h->chat, h->user);
        }
    }
    g_array_sort(all, by_id);
    for (guint i = 0; i < all->len; i++) {
        struct poured *p = &g_array_index(all, struct poured, i);

        settle_attempt(d, p, sum_of(attempts, p->round));
        settle_points(p, sum_of(held, p->question));
        if (p->changed)
            db_run(d, ST_LINK_ANSWER_PUT, "iiinn", p->id, to->chat, to->user, p->attempt,
                   p->ranked);
    }
    db_run(d, ST_LINK_TALLY_ZERO, "ii", to->chat, to->user);
    db_run(d, ST_LINK_TALLY_FILL, "ii", to->chat, to->user);
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
            .is = {db_int(d, ST_LINK_CHATS, 0), db_int(d, ST_LINK_CHATS, 2)},
            .private = db_int(d, ST_LINK_CHATS, 1) == CHAT_PRIVATE,
            .history = db_int(d, ST_LINK_CHATS, 3),
        };

        g_array_append_val(out, p);
    }
    return out;
}

static bool has_sums(db *d, const struct history *h)
{
    db_query(d, ST_LINK_HAS_SUMS, "ii", h->chat, h->user);
    return store_one_int(d, ST_LINK_HAS_SUMS, 0) != 0;
}

/* Nothing to pour into: the history changes hands as it is. */
static void hand_over(db *d, const struct history *from, int64_t user)
{
    static const int steps[] = {ST_LINK_TAKE_ANSWERS, ST_LINK_TAKE_TALLIES, ST_LINK_TAKE_TOTALS};

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        db_run(d, steps[i], "iii", from->chat, from->user, user);
}

/* A group that either is in: both histories there become the survivor's. True when the survivor's
 * sums have to be made anew. */
static bool join_group(db *d, int64_t chat, int64_t gone, int64_t user)
{
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(struct history));
    struct history to = {chat, user}, other = {chat, gone};

    if (!has_sums(d, &other))
        return false;
    if (!has_sums(d, &to)) {
        hand_over(d, &other, user);
        return false;
    }
    g_array_append_val(from, to);
    g_array_append_val(from, other);
    pour(d, from, &to);
    return true;
}

/* All private chats of both: the oldest keeps the history of all. Gives it, 0 when there is none.
 */
static int64_t join_private(db *d, const GArray *places, int64_t user)
{
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(struct history));
    struct history to = {0, user};

    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (!p->private)
            continue;
        if (to.chat == 0)
            to.chat = p->is.chat;
        if (p->history == 0)
            g_array_append_val(from, p->is);
    }
    if (to.chat != 0)
        pour(d, from, &to);
    return to.chat;
}

static void move_rest(db *d, int64_t gone, int64_t user)
{
    static const int two[] = {ST_LINK_SEATS,    ST_LINK_ENTRIES_MOVE, ST_LINK_ENTRIES,
                              ST_LINK_ACCOUNTS, ST_LINK_OUTBOX,       ST_LINK_USER};
    static const int one[] = {ST_LINK_SEATS_DROP, ST_LINK_ENTRIES_DROP, ST_FORGET_ADMINS,
                              ST_LINK_DROP, ST_LINK_USER_BLANK};

    for (size_t i = 0; i < G_N_ELEMENTS(two); i++)
        db_run(d, two[i], "ii", gone, user);
    for (size_t i = 0; i < G_N_ELEMENTS(one); i++)
        db_run(d, one[i], "i", gone);
    db_run(d, ST_LINK_DROP, "i", user);
}

/* Makes the groups of both one; gives those whose sums are to be made anew (int64_t), *new*. */
static GArray *join_groups(db *d, const GArray *places, int64_t gone, int64_t user)
{
    GArray *poured = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t last = 0;

    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (!p->private && p->is.chat != last && join_group(d, p->is.chat, gone, user))
            g_array_append_val(poured, p->is.chat);
        last = p->is.chat;
    }
    return poured;
}

static void join(db *d, int64_t gone, int64_t user)
{
    g_autoptr(GArray) places = places_of(d, gone, user);
    int64_t kept = join_private(d, places, user);
    g_autoptr(GArray) poured = join_groups(d, places, gone, user);

    move_rest(d, gone, user);
    if (kept != 0) {
        db_run(d, ST_SEAT_ENSURE, "ii", kept, user);
        g_array_append_val(poured, kept);
    }
    for (guint i = 0; i < places->len; i++) {
        const struct place *p = &g_array_index(places, struct place, i);

        if (p->private)
            db_run(d, ST_HISTORY_PUT, "iii", p->is.chat, user, p->is.chat != kept ? kept : 0);
    }
    for (guint i = 0; i < poured->len; i++)
        db_run(d, ST_LINK_TOTALS, "ii", g_array_index(poured, int64_t, i), user);
}

enum link_result store_link(struct book *b, int64_t user, const char *code, int64_t now)
{
    db *d = DB(b);
    int64_t maker = user_of_code(d, code, now);

    if (maker == 0)
        return LINK_UNKNOWN;
    if (maker == user)
        return LINK_SELF;
    join(d, maker, user);
    return LINK_DONE;
}
