/* Rows in memory: reading them, writing through, and forgetting them in time. */
#include "store_cache.h"

#include <string.h>

#include "store_internal.h"

enum {
    ROWS_MOST = 512,      /* of one kind: beyond it all are forgotten, which is simple and rare */
    ASKED_MOST = 6000,    /* rows in those lists */
    MEMBERS_BIT = 1 << 3, /* in STORE_WATCHED */
};

/* ---- keys ---- */

struct name_key {
    int platform;
    char *ext;
};

static guint name_hash(gconstpointer key)
{
    const struct name_key *k = key;

    return g_str_hash(k->ext) * 31 + (guint)k->platform;
}

static gboolean name_equal(gconstpointer a, gconstpointer b)
{
    const struct name_key *x = a, *y = b;

    return x->platform == y->platform && strcmp(x->ext, y->ext) == 0;
}

static void name_free(gpointer key)
{
    g_free(((struct name_key *)key)->ext);
    g_free(key);
}

static guint seat_hash(gconstpointer key)
{
    const struct seat_row *r = key;
    uint64_t mixed = ((uint64_t)r->chat * UINT64_C(0x9E3779B97F4A7C15)) ^ (uint64_t)r->user;

    return (guint)(mixed ^ mixed >> 32);
}

static gboolean seat_equal(gconstpointer a, gconstpointer b)
{
    const struct seat_row *x = a, *y = b;

    return x->chat == y->chat && x->user == y->user;
}

/* ---- the rows' memory ---- */

static void free_user(gpointer data)
{
    user_clear(data);
    g_free(data);
}

static void free_chat(gpointer data)
{
    struct chat_row *row = data;

    chat_clear(&row->chat);
    g_free(row->ext);
    g_free(row);
}

struct asked_list {
    int64_t chat;
    GArray *rows; /* of struct asked */
};

static void free_asked(gpointer data)
{
    g_array_unref(((struct asked_list *)data)->rows);
    g_free(data);
}

static void free_seat(gpointer data)
{
    seat_clear(&((struct seat_row *)data)->seat);
    g_free(data);
}

void store_cache_init(store *s)
{
    struct store_cache *c = &s->cache;

    c->users = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_user);
    c->chats = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_chat);
    c->seats = g_hash_table_new_full(seat_hash, seat_equal, NULL, free_seat);
    c->people = g_hash_table_new_full(name_hash, name_equal, name_free, g_free);
    c->places = g_hash_table_new_full(name_hash, name_equal, name_free, g_free);
    c->asked = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_asked);
    c->sheets = store_sheets_new();
    c->dirty = g_ptr_array_new();
    c->forgetting = -1;
}

void store_cache_free(store *s)
{
    struct store_cache *c = &s->cache;

    g_ptr_array_unref(c->dirty);
    g_hash_table_unref(c->users);
    g_hash_table_unref(c->chats);
    g_hash_table_unref(c->seats);
    g_hash_table_unref(c->people);
    g_hash_table_unref(c->places);
    g_hash_table_unref(c->asked);
    g_hash_table_unref(c->sheets);
}

void store_cache_drop(store *s)
{
    struct store_cache *c = &s->cache;

    g_ptr_array_set_size(c->dirty, 0);
    g_hash_table_remove_all(c->users);
    g_hash_table_remove_all(c->chats);
    g_hash_table_remove_all(c->seats);
    g_hash_table_remove_all(c->people);
    g_hash_table_remove_all(c->places);
    g_hash_table_remove_all(c->asked);
    g_hash_table_remove_all(c->sheets);
    c->asked_rows = 0;
    c->forgetting = -1;
}

/* ---- seats are written late ---- */

static void write_seat(store *s, struct seat_row *r)
{
    const struct seat *e = &r->seat;

    db_run(s->db, r->stored ? ST_SEAT_PUT : ST_SEAT_ADD, "iiiiinnnnsniniii", r->chat, r->user,
           r->left_at, e->round, e->last_round, e->practice_left, e->practice_total,
           e->practice_done, e->practice_sum, e->practice_topic != NULL ? e->practice_topic : "",
           e->waiting, r->tally.points, r->tally.answers, r->tally.score_sum, r->last_answer,
           r->reached_at);
    r->stored = true;
}

static void flush(void *data)
{
    store *s = data;
    GPtrArray *dirty = s->cache.dirty;
    uint32_t before = db_take_written(s->db);

    for (guint i = 0; i < dirty->len; i++) {
        struct seat_row *r = g_ptr_array_index(dirty, i);

        write_seat(s, r);
        r->dirty = false;
    }
    g_ptr_array_set_size(dirty, 0);
    db_take_written(s->db); /* these were our own */
    if (before != 0)
        s->cache_stale = true;
}

static void touch_seat(store *s, struct seat_row *r)
{
    if (r->dirty)
        return;
    r->dirty = r->exists = true;
    g_ptr_array_add(s->cache.dirty, r);
    if (s->cache.dirty->len == 1)
        db_defer(s->db, MEMBERS_BIT, flush, s);
}

/* Before any look: what others wrote since the last one makes all of it old. */
static void freshen(store *s)
{
    if (db_take_written(s->db) == 0 && !s->cache_stale)
        return;
    db_run_deferred(s->db);
    s->cache_stale = false;
    store_cache_drop(s);
}

/* Our own writing follows, after which the rows are still true. */
static void own_begin(store *s)
{
    freshen(s);
}

static void own_end(store *s)
{
    db_take_written(s->db);
}

static void make_room(store *s, GHashTable *table)
{
    if (g_hash_table_size(table) < ROWS_MOST)
        return;
    if (table == s->cache.seats)
        db_run_deferred(s->db);
    g_hash_table_remove_all(table);
}

/* ---- ids ---- */

static int64_t find_id(store *s, GHashTable *table, int statement, enum platform platform,
                       const char *ext)
{
    struct name_key key = {(int)platform, (char *)(uintptr_t)ext}; /* only read */

    freshen(s);
    const int64_t *known = g_hash_table_lookup(table, &key);
    if (known != NULL)
        return *known;
    db_query(s->db, statement, "ns", (int)platform, ext);
    int64_t id = store_one_int(s->db, statement, 0);
    if (id == 0)
        return 0;
    make_room(s, table);
    struct name_key *kept = g_new(struct name_key, 1);
    *kept = (struct name_key){(int)platform, g_strdup(ext)};
    g_hash_table_insert(table, kept, g_memdup2(&id, sizeof id));
    return id;
}

int64_t store_user_id(store *s, enum platform platform, const char *ext)
{
    return find_id(s, s->cache.people, ST_ACCOUNT_GET, platform, ext);
}

int64_t store_chat_id(store *s, enum platform platform, const char *ext)
{
    return find_id(s, s->cache.places, ST_CHAT_FIND, platform, ext);
}

/* ---- rows ---- */

static struct chat_row *chat_row(store *s, int64_t id)
{
    freshen(s);
    struct chat_row *row = g_hash_table_lookup(s->cache.chats, &id);

    if (row == NULL && (row = store_read_chat(s, id)) != NULL) {
        make_room(s, s->cache.chats);
        g_hash_table_insert(s->cache.chats, &row->chat.id, row);
    }
    return row;
}

static struct user *user_row(store *s, int64_t id)
{
    freshen(s);
    struct user *u = g_hash_table_lookup(s->cache.users, &id);

    if (u == NULL && (u = store_read_user(s, id)) != NULL) {
        make_room(s, s->cache.users);
        g_hash_table_insert(s->cache.users, &u->id, u);
    }
    return u;
}

static struct seat_row *seat_row(store *s, int64_t chat, int64_t user)
{
    struct seat_row key = {.chat = chat, .user = user};

    freshen(s);
    struct seat_row *r = g_hash_table_lookup(s->cache.seats, &key);
    if (r == NULL) {
        make_room(s, s->cache.seats);
        r = store_read_seat(s, chat, user);
        g_hash_table_insert(s->cache.seats, r, r);
    }
    return r;
}

const GArray *store_asked(store *s, int64_t chat)
{
    freshen(s);
    struct asked_list *l = g_hash_table_lookup(s->cache.asked, &chat);

    if (l != NULL)
        return l->rows;
    if (s->cache.asked_rows > ASKED_MOST) {
        g_hash_table_remove_all(s->cache.asked);
        s->cache.asked_rows = 0;
    }
    l = g_new(struct asked_list, 1);
    *l = (struct asked_list){chat, store_read_asked(s, chat)};
    s->cache.asked_rows += l->rows->len + 1;
    g_hash_table_insert(s->cache.asked, &l->chat, l);
    return l->rows;
}

/* The row of QUESTION in a list that is known; NULL when it is not. */
static struct asked *known_asked(store *s, int64_t chat, int64_t question)
{
    struct asked_list *l = g_hash_table_lookup(s->cache.asked, &chat);

    return l != NULL ? asked_find(l->rows, question) : NULL;
}

int store_known_forgetting(store *s)
{
    freshen(s);
    return s->cache.forgetting;
}

const struct chat_row *store_chat_row(store *s, int64_t chat)
{
    return chat_row(s, chat);
}

const struct user *store_user_row(store *s, int64_t user)
{
    return user_row(s, user);
}

const struct seat_row *store_seat_row(store *s, int64_t chat, int64_t user)
{
    return seat_row(s, chat, user);
}

/* ---- writing ---- */

static void put_text(char **kept, const char *text)
{
    if (strcmp(*kept, text) == 0)
        return;
    g_free(*kept);
    *kept = g_strdup(text);
}

void store_chat_put(store *s, const struct chat *c)
{
    own_begin(s);
    db_run(s->db, ST_CHAT_PUT, "insnsnssnnnsiin", c->id, (int)c->kind, c->title, (int)c->lang,
           c->zone, (int)c->reveal, c->schedule, c->topics_off, (int)c->weekly, (int)c->gone,
           (int)c->reminder, c->fired, c->last_weekly, c->next_due, c->close_hours);
    own_end(s);
    g_hash_table_remove(s->cache.chats, &c->id); /* rare: it is read again when it is needed */
}

void store_user_put(store *s, const struct user *u)
{
    own_begin(s);
    db_run(s->db, ST_USER_PUT, "isnnn", u->id, u->name, (int)u->anonymous, (int)u->share,
           (int)u->asked_forget);
    own_end(s);
    g_hash_table_remove(s->cache.users, &u->id);
}

void store_seat_put(store *s, int64_t chat, int64_t user, const struct seat *seat)
{
    struct seat_row *r = seat_row(s, chat, user);
    char *topic = g_steal_pointer(&r->seat.practice_topic);

    r->seat = *seat;
    r->seat.practice_topic = topic != NULL ? topic : g_strdup("");
    put_text(&r->seat.practice_topic, seat->practice_topic != NULL ? seat->practice_topic : "");
    if (seat->left != (r->left_at != 0))
        r->left_at = seat->left;
    touch_seat(s, r);
}

void store_seat_count(store *s, int64_t chat, int64_t user, const struct tally *tally,
                      int64_t answer, int64_t at)
{
    struct seat_row *r = seat_row(s, chat, user);

    r->tally.points += tally->points;
    r->tally.answers += tally->answers;
    r->tally.score_sum += tally->score_sum;
    r->last_answer = answer;
    if (tally->points > 0)
        r->reached_at = at;
    touch_seat(s, r);
}

void store_asked_put(store *s, int64_t chat, const struct asked *a)
{
    store_asked(s, chat); /* known_asked knows it then */
    struct asked *known = known_asked(s, chat, a->question);
    db_run(s->db, known != NULL ? ST_ASKED_PUT : ST_ASKED_ADD, "iiiin", chat, a->question, a->last,
           a->last_round, a->pass);
    own_end(s);
    if (known != NULL) {
        known->last = a->last;
        known->last_round = a->last_round;
        known->pass = a->pass;
        return;
    }
    struct asked_list *l = g_hash_table_lookup(s->cache.asked, &chat);
    g_array_insert_val(l->rows, asked_place(l->rows, a->question), *a);
    s->cache.asked_rows++;
}

void store_asked_answered(store *s, int64_t chat, int64_t question, int score)
{
    own_begin(s);
    db_run(s->db, ST_ASKED_ANSWERED, "iin", chat, question, score);
    own_end(s);
    struct asked *known = known_asked(s, chat, question);
    if (known != NULL) {
        known->answers++;
        known->score_sum += score;
    }
}

int64_t store_user_add(store *s, enum platform platform, const char *ext, const char *name,
                       int64_t now)
{
    own_begin(s);
    db_run(s->db, ST_USER_ADD, "si", name, now);
    int64_t id = db_last_id(s->db);
    db_run(s->db, ST_ACCOUNT_ADD, "nsi", (int)platform, ext, id);
    own_end(s);
    return id;
}

int64_t store_chat_add(store *s, enum platform platform, const char *ext, enum chat_kind kind,
                       const char *title, const struct chat *defaults, int64_t now)
{
    own_begin(s);
    db_run(s->db, ST_CHAT_ADD, "nsnsnsi", (int)platform, ext, (int)kind, title, (int)defaults->lang,
           defaults->zone, now);
    int64_t id = db_last_id(s->db);
    own_end(s);
    return id;
}
