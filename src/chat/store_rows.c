/* Rows as the database has them; store_cache.c keeps them. */
#include "store_internal.h"

struct user *store_read_user(store *s, int64_t id)
{
    db *d = s->db;
    struct user *u = NULL;

    db_query(d, ST_USER_GET, "i", id);
    if (db_step(d, ST_USER_GET)) {
        u = g_new(struct user, 1);
        *u = (struct user){
            .id = db_int(d, ST_USER_GET, 0),
            .name = db_dup(d, ST_USER_GET, 1),
            .anonymous = db_int(d, ST_USER_GET, 2) != 0,
            .share = db_int(d, ST_USER_GET, 3) != 0,
            .asked_forget = db_int(d, ST_USER_GET, 4) != 0,
        };
    }
    db_done(d, ST_USER_GET);
    return u;
}

struct chat_row *store_read_chat(store *s, int64_t id)
{
    db *d = s->db;
    struct chat_row *row = NULL;

    db_query(d, ST_CHAT_GET, "i", id);
    if (db_step(d, ST_CHAT_GET)) {
        row = g_new(struct chat_row, 1);
        *row = (struct chat_row){
            .chat = {.id = db_int(d, ST_CHAT_GET, 0),
                     .kind = (enum chat_kind)db_int(d, ST_CHAT_GET, 1),
                     .title = db_dup(d, ST_CHAT_GET, 2),
                     .lang = (enum lang)db_int(d, ST_CHAT_GET, 3),
                     .zone = db_dup(d, ST_CHAT_GET, 4),
                     .reveal = (enum reveal_mode)db_int(d, ST_CHAT_GET, 5),
                     .schedule = db_dup(d, ST_CHAT_GET, 6),
                     .topics_off = db_dup(d, ST_CHAT_GET, 7),
                     .weekly = db_int(d, ST_CHAT_GET, 8) != 0,
                     .gone = db_int(d, ST_CHAT_GET, 9) != 0,
                     .reminder = db_int(d, ST_CHAT_GET, 10) != 0,
                     .fired = db_dup(d, ST_CHAT_GET, 11),
                     .last_weekly = db_int(d, ST_CHAT_GET, 12),
                     .next_due = db_int(d, ST_CHAT_GET, 13),
                     .close_hours = (int)db_int(d, ST_CHAT_GET, 14)},
            .platform = (enum platform)db_int(d, ST_CHAT_GET, 15),
            .ext = db_dup(d, ST_CHAT_GET, 16),
        };
    }
    db_done(d, ST_CHAT_GET);
    return row;
}

struct seat_row *store_read_seat(store *s, int64_t chat, int64_t user)
{
    db *d = s->db;
    struct seat_row *r = g_new0(struct seat_row, 1);

    *r = (struct seat_row){.chat = chat, .user = user};
    db_query(d, ST_SEAT_GET, "ii", chat, user);
    if (db_step(d, ST_SEAT_GET)) {
        r->exists = r->stored = true;
        r->left_at = db_int(d, ST_SEAT_GET, 0);
        r->seat = (struct seat){
            .left = r->left_at != 0,
            .round = db_int(d, ST_SEAT_GET, 1),
            .last_round = db_int(d, ST_SEAT_GET, 2),
            .practice_left = (int)db_int(d, ST_SEAT_GET, 3),
            .practice_total = (int)db_int(d, ST_SEAT_GET, 4),
            .practice_done = (int)db_int(d, ST_SEAT_GET, 5),
            .practice_sum = (int)db_int(d, ST_SEAT_GET, 6),
            .practice_topic = db_dup(d, ST_SEAT_GET, 7),
            .waiting = (int)db_int(d, ST_SEAT_GET, 8),
        };
        r->history = db_int(d, ST_SEAT_GET, 9);
        r->tally = (struct tally){db_int(d, ST_SEAT_GET, 10), (int)db_int(d, ST_SEAT_GET, 11),
                                  db_int(d, ST_SEAT_GET, 12)};
        r->last_answer = db_int(d, ST_SEAT_GET, 13);
        r->reached_at = db_int(d, ST_SEAT_GET, 14);
    }
    db_done(d, ST_SEAT_GET);
    return r;
}

GArray *store_read_asked(store *s, int64_t chat)
{
    db *d = s->db;
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct asked));

    db_query(d, ST_ASKED_ALL, "i", chat);
    while (db_step(d, ST_ASKED_ALL)) {
        struct asked a = {db_int(d, ST_ASKED_ALL, 0), db_int(d, ST_ASKED_ALL, 1),
                          db_int(d, ST_ASKED_ALL, 2), (int)db_int(d, ST_ASKED_ALL, 3),
                          db_int(d, ST_ASKED_ALL, 4), db_int(d, ST_ASKED_ALL, 5)};

        g_array_append_val(out, a);
    }
    return out;
}
