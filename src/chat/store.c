/* Opening the store; people, chats and questions by their platform's and bank's own ids. */
#include "store.h"

#include <string.h>

#include "outbox.h"
#include "store_internal.h"

static const char *const migrations[] = {STORE_SCHEMA_1, STORE_SCHEMA_2, STORE_SCHEMA_3,
                                         STORE_SCHEMA_4, STORE_SCHEMA_5};

static const char *const statements[] = {
#define X(name, sql) [ST_##name] = sql,
    STORE_STATEMENTS(X) STORE_STATUS_STATEMENTS(X)
#undef X
};

static const char *const watched[] = {STORE_WATCHED};

const struct db_schema store_schema = {migrations, G_N_ELEMENTS(migrations), statements, ST_COUNT,
                                       watched,    G_N_ELEMENTS(watched)};

store *store_over(db *d, const struct store_sink *sink)
{
    store *s = g_new0(store, 1);
    s->book.ops = &store_book_ops;
    s->db = d;
    s->sink = sink;
    store_cache_init(s);
    s->slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    return s;
}

store *store_open(const char *path, const struct store_sink *sink, GError **error)
{
    db *d = db_open(path, &store_schema, error);

    return d != NULL ? store_over(d, sink) : NULL;
}

void store_close(store *s)
{
    if (s == NULL)
        return;
    db_close(s->db);
    store_cache_free(s);
    g_array_unref(s->slots);
    g_free(s);
}

void store_begin(store *s)
{
    s->person = 0;
    s->erased = false;
    db_begin(s->db);
}

/* What is in memory may show what has just been undone. */
static void forget_memory(store *s)
{
    store_cache_drop(s);
    s->slots_known = s->slots_changed = false;
    s->erased_to = 0;
}

bool store_commit(store *s, GError **error)
{
    GError *failed = NULL;

    s->person = 0;
    store_note_sent(s);
    if (!db_commit(s->db, &failed)) {
        s->broke_rule = g_error_matches(failed, DB_ERROR, DB_ERROR_RULE);
        g_propagate_error(error, failed);
        forget_memory(s);
        return false;
    }
    if (s->erased)
        db_empty_log(s->db);
    return true;
}

bool store_broke_rule(const store *s)
{
    return s->broke_rule;
}

void store_rollback(store *s)
{
    db_rollback(s->db);
    forget_memory(s);
}

bool store_reads_ok(store *s, GError **error)
{
    return db_in_transaction(s->db) || db_check(s->db, error);
}

bool store_failed(const store *s)
{
    return db_failed(s->db);
}

struct book *store_book(store *s)
{
    return &s->book;
}

static int64_t question_key(store *s, const struct question *q)
{
    db_query(s->db, ST_QUESTION_FIND, "s", q->id);
    int64_t key = store_one_int(s->db, ST_QUESTION_FIND, 0);

    if (key == 0) {
        db_run(s->db, ST_QUESTION_ADD, "ss", q->id, q->text);
        key = db_last_id(s->db);
    }
    return key;
}

int64_t *store_register(store *s, const bank *b)
{
    size_t n = bank_size(b);
    int64_t *keys = g_new(int64_t, n + 1);

    for (size_t i = 0; i < n; i++)
        keys[i] = question_key(s, bank_at(b, i));
    return keys;
}

int64_t store_one_int(db *d, int statement, int64_t otherwise)
{
    int64_t value = db_step(d, statement) ? db_int(d, statement, 0) : otherwise;

    db_done(d, statement);
    return value;
}

char *store_one_text(db *d, int statement)
{
    char *text = db_step(d, statement) ? db_dup(d, statement, 0) : NULL;

    db_done(d, statement);
    return text;
}

bool store_user(store *s, enum platform platform, const char *ext, const char *name, int64_t now,
                struct user *ret)
{
    int64_t id = store_user_id(s, platform, ext);

    if (id == 0)
        id = store_user_add(s, platform, ext, name, now);
    if (db_failed(s->db) || !s->book.ops->user(&s->book, id, ret))
        return false;
    if (strcmp(ret->name, name) != 0) {
        g_free(ret->name);
        ret->name = g_strdup(name);
        s->book.ops->put_user(&s->book, ret);
    }
    s->person = ret->id; /* what comes into the outbox from now on is about them */
    return !db_failed(s->db);
}

bool store_chat(store *s, enum platform platform, const char *ext, enum chat_kind kind,
                const char *title, const struct chat *defaults, int64_t now, struct chat *ret)
{
    int64_t id = store_chat_id(s, platform, ext);

    if (id == 0)
        id = store_chat_add(s, platform, ext, kind, title, defaults, now);
    else if (store_is_forgetting(s))
        db_run(s->db, ST_FORGOTTEN_BACK, "i", id);
    if (db_failed(s->db) || !s->book.ops->chat(&s->book, id, ret))
        return false;
    if (strcmp(ret->title, title) != 0 || ret->kind != kind) {
        g_free(ret->title);
        ret->title = g_strdup(title);
        ret->kind = kind;
        s->book.ops->put_chat(&s->book, ret);
    }
    return !db_failed(s->db);
}

bool store_chat_ext(store *s, int64_t chat, enum platform *ret_platform, char **ret_ext)
{
    const struct chat_row *row = store_chat_row(s, chat);

    if (row == NULL)
        return false;
    *ret_platform = row->platform;
    *ret_ext = g_strdup(row->ext);
    return true;
}

char **store_groups_of(store *s, enum platform platform, const char *user)
{
    GPtrArray *out = g_ptr_array_new();

    db_query(s->db, ST_ACCOUNT_GROUPS, "ns", (int)platform, user);
    while (db_step(s->db, ST_ACCOUNT_GROUPS))
        g_ptr_array_add(out, db_dup(s->db, ST_ACCOUNT_GROUPS, 0));
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}

int64_t store_post_round(store *s, int64_t chat, const char *message)
{
    db_query(s->db, ST_POST_ROUND, "is", chat, message);
    return store_one_int(s->db, ST_POST_ROUND, 0);
}

GArray *store_due_chats(store *s, int64_t now, int most, int platforms)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(int64_t));

    db_query(s->db, ST_DUE_CHATS, "inni", now, most, platforms, now / 86400);
    while (db_step(s->db, ST_DUE_CHATS)) {
        int64_t id = db_int(s->db, ST_DUE_CHATS, 0);

        g_array_append_val(out, id);
    }
    return out;
}

int64_t store_next_due(store *s, int platforms)
{
    db_query(s->db, ST_NEXT_DUE, "n", platforms);
    return store_one_int(s->db, ST_NEXT_DUE, 0);
}

enum { ERASE_ROWS = 200, WALK_ROWS = 2000 };

/* Answers are walked in the order in which they came; where the last walk ended is remembered. */
bool store_erase_texts(store *s, int64_t before, int64_t now)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t id, at = 0;
    int walked = 0;

    db_query(s->db, ST_ERASE_WALK, "in", s->erased_to, (int)WALK_ROWS);
    while (ids->len < ERASE_ROWS && db_step(s->db, ST_ERASE_WALK)) {
        id = db_int(s->db, ST_ERASE_WALK, 0);
        at = db_int(s->db, ST_ERASE_WALK, 1);
        if (at >= before && at <= now)
            break;
        /* One that a wrong clock has dated into the future waits for its time, but none behind it
           does: a later walk from the beginning finds it. */
        if (at < before && db_int(s->db, ST_ERASE_WALK, 2) != 0)
            g_array_append_val(ids, id);
        s->erased_to = id;
        walked++;
    }
    db_done(s->db, ST_ERASE_WALK);
    for (guint i = 0; i < ids->len; i++)
        db_run(s->db, ST_ERASE_TEXT, "i", g_array_index(ids, int64_t, i));
    if (ids->len > 0) {
        outbox_delete_sent(s); /* those quote them */
        s->erased = true;
    }
    return ids->len > 0 || walked == WALK_ROWS;
}

bool store_backup(const char *path, const char *to, GError **error)
{
    return db_backup(path, to, error);
}
