/* What the transports keep beside the book: see outbox.h for what each means. */
#include "outbox.h"

#include <string.h>

#include "json_out.h"
#include "store_internal.h"

/* So many free slots are kept; beyond it their rows are deleted. */
#define SLOTS_MOST 400

/* ---- messages to be sent ---- */

void outbox_row_clear(struct outbox_row *row)
{
    g_free(row->body);
    g_free(row->key);
    memset(row, 0, sizeof *row);
}

/* Numbers go on for the life of the process: one that was read or given is not given again, also
 * when its row is gone, for its message may be under way. */
static void know_last(store *s)
{
    if (s->outbox_last != 0)
        return;
    db_query(s->db, ST_OUTBOX_LAST, "");
    s->outbox_last = store_one_int(s->db, ST_OUTBOX_LAST, 0);
}

static int64_t next_id(store *s)
{
    know_last(s);
    /* What has failed reads nothing, and 0 is no answer: the next transaction asks again. */
    return db_failed(s->db) ? 0 : ++s->outbox_last;
}

/* Reads which rows have been sent. A failed reading fails the transaction, and with it is
 * forgotten. */
static void know_slots(store *s)
{
    db *d = s->db;

    if (s->slots_known)
        return;
    g_array_set_size(s->slots, 0);
    db_query(d, ST_OUTBOX_FREE_SLOTS, "");
    while (db_step(d, ST_OUTBOX_FREE_SLOTS)) {
        struct slot slot = {db_int(d, ST_OUTBOX_FREE_SLOTS, 0), db_int(d, ST_OUTBOX_FREE_SLOTS, 1)};

        g_array_append_val(s->slots, slot);
    }
    s->slots_known = true;
}

/*
 * A row is written over one that has been sent: making and deleting rows of the
 * size of a page costs several times as much. A slot that is not free after all
 * (its row has been deleted, or a row with its key has taken it) is noticed by
 * its number, and another found.
 */
static struct slot free_slot(store *s)
{
    know_slots(s);
    if (s->slots->len == 0)
        return (struct slot){0, 0};
    struct slot last = g_array_index(s->slots, struct slot, s->slots->len - 1);
    g_array_set_size(s->slots, s->slots->len - 1);
    return last;
}

void store_note_sent(store *s)
{
    if (!s->slots_changed)
        return;
    s->slots_changed = false;
    g_autoptr(GString) list = g_string_new("[");
    for (guint i = 0; i < s->slots->len; i++) {
        if (i > 0)
            g_string_append_c(list, ',');
        json_out_int(list, g_array_index(s->slots, struct slot, i).seq);
    }
    g_string_append_c(list, ']');
    db_run(s->db, ST_OUTBOX_NOTE_SENT, "s", list->str);
}

/* Writes ROW over what stands in SLOT: a row with the same key, or one that has been sent. */
static bool fill(store *s, const struct outbox_row *row, struct slot slot)
{
    db_run(s->db, ST_OUTBOX_FILL, "ninnsinsiiiii", (int)row->platform, row->chat, (int)row->lane,
           row->kind, row->body, row->round, (int)row->main, row->key, row->created, row->id,
           s->person, slot.id, slot.seq);
    return db_changes(s->db) == 1;
}

/* The slot of the queued row with the same key, 0 for none. */
static int64_t keyed_slot(store *s, const struct outbox_row *row)
{
    if (row->key == NULL)
        return 0;
    db_query(s->db, ST_OUTBOX_KEYED, "ns", (int)row->platform, row->key);
    return store_one_int(s->db, ST_OUTBOX_KEYED, 0);
}

void outbox_add(store *s, struct outbox_row *row)
{
    struct slot slot = {keyed_slot(s, row), 0};

    row->id = next_id(s);
    if (slot.id == 0)
        slot = free_slot(s);
    for (; slot.id != 0 && !db_failed(s->db); slot = free_slot(s)) {
        row->slot = slot.id;
        if (fill(s, row, slot))
            return;
    }
    db_run(s->db, ST_OUTBOX_ADD, "ninnsinsiii", (int)row->platform, row->chat, (int)row->lane,
           row->kind, row->body, row->round, (int)row->main, row->key, row->created, row->id,
           s->person);
    row->slot = db_last_id(s->db);
}

void outbox_remove(store *s, int64_t slot, int64_t id)
{
    know_slots(s);
    g_array_append_val(s->slots, ((struct slot){slot, id}));
    s->slots_changed = true;
}

void outbox_sweep(store *s)
{
    if (s->slots_known && s->slots->len >= SLOTS_MOST)
        outbox_delete_sent(s);
}

void outbox_delete_sent(store *s)
{
    know_last(s); /* the numbers that go are not given again */
    know_slots(s);
    for (guint i = 0; i < s->slots->len; i++) {
        struct slot slot = g_array_index(s->slots, struct slot, i);

        db_run(s->db, ST_OUTBOX_DELETE, "ii", slot.id, slot.seq);
    }
    g_array_set_size(s->slots, 0);
    s->slots_changed = true;
}

unsigned outbox_erasures(const store *s)
{
    return s->erasures;
}

void outbox_remove_chat(store *s, int64_t chat)
{
    db_run(s->db, ST_OUTBOX_REMOVE_CHAT, "i", chat);
}

void outbox_refused(store *s, const struct outbox_row *row, int64_t now, const char *why)
{
    if (row->id != 0) /* what came and was refused here has no row */
        outbox_remove(s, row->slot, row->id);
    db_run(s->db, ST_REFUSED_ADD, "ninis", (int)row->platform, row->chat, row->kind, now, why);
    db_run(s->db, ST_REFUSED_PURGE, "i", now - (int64_t)30 * 24 * 3600);
}

GArray *outbox_rows(store *s, enum platform platform, int64_t after, int most)
{
    db *d = s->db;
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct outbox_row));

    know_last(s);
    store_note_sent(s);
    db_query(d, ST_OUTBOX_ROWS, "nin", (int)platform, after, most);
    while (db_step(d, ST_OUTBOX_ROWS)) {
        struct outbox_row row = {
            .id = db_int(d, ST_OUTBOX_ROWS, 0),
            .platform = platform,
            .chat = db_int(d, ST_OUTBOX_ROWS, 1),
            .lane = (enum outbox_lane)db_int(d, ST_OUTBOX_ROWS, 2),
            .kind = (int)db_int(d, ST_OUTBOX_ROWS, 3),
            .round = db_int(d, ST_OUTBOX_ROWS, 4),
            .main = db_int(d, ST_OUTBOX_ROWS, 5) != 0,
            .key = g_strdup(db_text(d, ST_OUTBOX_ROWS, 6)),
            .created = db_int(d, ST_OUTBOX_ROWS, 7),
            .slot = db_int(d, ST_OUTBOX_ROWS, 8),
        };

        g_array_append_val(out, row);
    }
    return out;
}

char *outbox_body(store *s, int64_t slot, int64_t id)
{
    db_query(s->db, ST_OUTBOX_BODY, "ii", slot, id);
    return store_one_text(s->db, ST_OUTBOX_BODY);
}

/* ---- updates that have been handled ---- */

bool inbox_first(store *s, enum platform platform, int64_t number, const char *ext, int64_t now)
{
    if (ext != NULL) {
        /* Names hold the platform's ids of people and chats, who may want to be forgotten. */
        g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, ext, -1);

        db_run(s->db, ST_INBOX_ADD, "nsi", (int)platform, hash, now);
    } else {
        db_run(s->db, ST_INBOX_ADD, "nii", (int)platform, number, now);
    }
    return db_changes(s->db) > 0;
}

bool inbox_purge(store *s, int64_t before)
{
    db_run(s->db, ST_INBOX_PURGE, "i", before);
    return db_changes(s->db) >= 5000;
}

void waiting_add(store *s, enum platform platform, const char *body, int64_t now)
{
    db_run(s->db, ST_WAITING_ADD, "nsi", (int)platform, body, now);
}

void waiting_remove(store *s, const struct waiting_row *row)
{
    db_run(s->db, ST_WAITING_REMOVE, "is", row->id, row->body);
}

bool waiting_is(store *s, const struct waiting_row *row)
{
    db_query(s->db, ST_WAITING_IS, "is", row->id, row->body);
    return store_one_int(s->db, ST_WAITING_IS, 0) != 0;
}

static void clear_waiting(gpointer data)
{
    g_free(((struct waiting_row *)data)->body);
}

GArray *waiting_rows_new(void)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct waiting_row));

    g_array_set_clear_func(out, clear_waiting);
    return out;
}

GArray *waiting_rows(store *s, enum platform platform)
{
    db *d = s->db;
    GArray *out = waiting_rows_new();

    db_query(d, ST_WAITING_ROWS, "n", (int)platform);
    while (db_step(d, ST_WAITING_ROWS)) {
        struct waiting_row row = {db_int(d, ST_WAITING_ROWS, 0), db_dup(d, ST_WAITING_ROWS, 1)};

        g_array_append_val(out, row);
    }
    return out;
}

/* ---- where a transport stands ---- */

int64_t transport_offset(store *s, enum platform platform, int64_t *ret_at)
{
    db *d = s->db;
    int64_t offset = 0;

    *ret_at = 0;
    db_query(d, ST_OFFSET_GET, "n", (int)platform);
    if (db_step(d, ST_OFFSET_GET)) {
        offset = db_int(d, ST_OFFSET_GET, 0);
        *ret_at = db_int(d, ST_OFFSET_GET, 1);
    }
    db_done(d, ST_OFFSET_GET);
    return offset;
}

void transport_put_offset(store *s, enum platform platform, int64_t offset, int64_t now)
{
    db_run(s->db, ST_OFFSET_PUT, "nii", (int)platform, offset, now);
}

/* ---- chats ---- */

void chat_place_clear(struct chat_place *p)
{
    g_free(p->ext);
    memset(p, 0, sizeof *p);
}

bool chat_place_get(store *s, int64_t chat, struct chat_place *ret)
{
    const struct chat_row *row = store_chat_row(s, chat);

    if (row == NULL)
        return false;
    *ret = (struct chat_place){
        .platform = row->platform,
        .ext = g_strdup(row->ext),
        .kind = row->chat.kind,
        .gone = row->chat.gone,
        .lang = row->chat.lang,
    };
    return true;
}

void chat_set_gone(store *s, int64_t chat, bool gone)
{
    db_run(s->db, ST_CHAT_GONE, "in", chat, (int)gone);
}

/* What has happened in the chat OTHER belongs to KEPT from now on; its empty row stays behind. */
static void chat_join(store *s, int64_t kept, int64_t other)
{
    /* The answers before their rounds, by which they are found. */
    static const int takes[] = {ST_CHAT_TAKE_ANSWERS, ST_CHAT_TAKE_ROUNDS, ST_CHAT_TAKE_TALLIES,
                                ST_CHAT_TAKE_MEMBERS, ST_CHAT_TAKE_ASKED,  ST_CHAT_ADD_TALLIES,
                                ST_CHAT_ADD_MEMBERS,  ST_CHAT_ADD_ASKED,   ST_CHAT_TAKE_OUTBOX,
                                ST_CHAT_TAKE_POSTS};
    static const int drops[] = {ST_CHAT_DROP_TALLIES, ST_CHAT_DROP_MEMBERS, ST_CHAT_DROP_ASKED};
    g_autofree char *aside = g_strdup_printf("joined:%lld", (long long)other);

    for (size_t i = 0; i < G_N_ELEMENTS(takes); i++)
        db_run(s->db, takes[i], "ii", other, kept);
    for (size_t i = 0; i < G_N_ELEMENTS(drops); i++)
        db_run(s->db, drops[i], "i", other);
    db_run(s->db, ST_CHAT_RENAME, "is", other, aside);
    chat_set_gone(s, other, true);
}

int64_t chat_move(store *s, enum platform platform, const char *from, const char *to)
{
    int64_t old = store_chat_id(s, platform, from), new = store_chat_id(s, platform, to);
    int64_t kept = old;

    if (old == 0 || old == new)
        return old;
    db_run(s->db, ST_CHAT_DROP_POSTS, "i", old); /* message numbers begin anew there */
    /* The row that was there first has the settings. It may be that of the new name: then a late
       word of the old one has made another row for that. */
    if (new != 0) {
        kept = MIN(old, new);
        chat_join(s, kept, MAX(old, new));
    }
    db_run(s->db, ST_CHAT_RENAME, "is", kept, to);
    chat_set_gone(s, kept, false);
    return kept;
}

/* ---- posts ---- */

void post_add(store *s, int64_t chat, const char *message, int64_t round, bool main)
{
    db_run(s->db, ST_POST_ADD, "isin", chat, message, round, (int)main);
}

char *post_main(store *s, int64_t round)
{
    db_query(s->db, ST_POST_MAIN, "i", round);
    return store_one_text(s->db, ST_POST_MAIN);
}

bool answer_was(store *s, enum platform platform, const char *ext, const char *message,
                int64_t group)
{
    db_query(s->db, ST_ANSWER_WAS, "nssi", (int)platform, ext, message, group);
    return store_one_int(s->db, ST_ANSWER_WAS, 0) != 0;
}

/* ---- administrators ---- */

enum admin admin_get(store *s, int64_t chat, int64_t user, int64_t since)
{
    db_query(s->db, ST_ADMIN_GET, "iii", chat, user, since);
    int64_t admin = store_one_int(s->db, ST_ADMIN_GET, -1);

    return admin < 0 ? ADMIN_UNKNOWN : admin > 0 ? ADMIN_YES : ADMIN_NO;
}

void admin_put(store *s, int64_t chat, int64_t user, bool admin, int64_t now)
{
    db_run(s->db, ST_ADMIN_PUT, "iini", chat, user, (int)admin, now);
}

/* ---- transactions ---- */

void store_begin_light(store *s)
{
    db_begin_light(s->db);
}
