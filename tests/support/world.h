/*
 * An interview over one of the two books, the store in a folder of its own or the memory, with the
 * same numbers in both: what happens in one must happen in the other.
 */
#ifndef INTERVIEWD_TESTS_WORLD_H
#define INTERVIEWD_TESTS_WORLD_H

#include <stdlib.h>

#include "interview.h"
#include "memory_book.h"
#include "store.h"

struct told {
    int64_t chat;
    bool broadcast;
    int64_t post_of, reply_to_post;
    char *text;
};

struct world {
    catalog *cat;
    lexicon *lex;
    interview *in;
    char *folder, *path;
    struct store_sink sink;
    store *store;          /* or */
    struct memory_book *m; /* of the two one */
    struct book *book;
    GPtrArray *told; /* struct told, all that was sent */
    guint m_seen;    /* of m->said */
};

#define WORLD_TOPICS    3
#define WORLD_QUESTIONS 12

/* Question I of a bank of its own, and its model answer. */
static const char *const world_things[WORLD_QUESTIONS][3] = {
    {"Fruit", "What is an apple?",
     "A round fruit with seeds in its core that ripens on orchard trees."},
    {"Fruit", "What is a banana?",
     "A long yellow berry with a peel that grows in tropical bunches."},
    {"Fruit", "What is a grape?", "A small juicy berry on a vine that vintners press into wine."},
    {"Fruit", "What is a lemon?", "A sour citrus fruit whose juice carries ascorbic acid."},
    {"Metal", "What is iron?",
     "A magnetic metal that rusts in humid air and makes steel with carbon."},
    {"Metal", "What is copper?",
     "A reddish metal that conducts electricity and turns green outside."},
    {"Metal", "What is gold?", "A dense yellow metal that never tarnishes and marks wealth."},
    {"Metal", "What is mercury?", "A liquid silver metal that was used inside thermometers."},
    {"Ocean", "What is a tide?", "The rise and fall of the sea caused by gravity of the moon."},
    {"Ocean", "What is a reef?", "A ridge of coral skeletons that shelters many species of fish."},
    {"Ocean", "What is plankton?", "Tiny organisms that drift with currents and feed the whales."},
    {"Ocean", "What is a current?", "A stream of water driven by wind, salinity and temperature."},
};

static inline void told_free(gpointer data)
{
    struct told *t = data;

    g_free(t->text);
    g_free(t);
}

static inline void world_note(struct world *w, const struct send_opts *opts, char *text)
{
    struct told *t = g_new(struct told, 1);

    *t = (struct told){opts->chat, opts->broadcast, opts->post_of, opts->reply_to_post, text};
    g_ptr_array_add(w->told, t);
}

static void world_on_send(void *ctx, enum platform platform, const struct send_opts *opts,
                          const reply *r)
{
    (void)platform;
    world_note(ctx, opts, reply_plain(r, true));
}

static void world_on_file(void *ctx, enum platform platform, const struct send_opts *opts,
                          const reply *r, const char *name, const char *data, size_t len)
{
    (void)platform, (void)name, (void)r;
    world_note(ctx, opts, g_strndup(data, len));
}

static void world_on_popup(void *ctx, const char *text)
{
    (void)ctx, (void)text;
}

static void world_on_edit(void *ctx, const reply *r)
{
    struct send_opts none = {0};

    world_note(ctx, &none, reply_plain(r, true));
}

static void world_on_refresh(void *ctx, enum platform platform, const struct round *round,
                             const reply *r)
{
    (void)ctx, (void)platform, (void)round, (void)r;
}

static inline void world_begin(struct world *w)
{
    if (w->store != NULL)
        store_begin(w->store);
}

static inline void world_commit(struct world *w)
{
    g_autoptr(GError) error = NULL;

    if (w->store != NULL) {
        g_assert_true(store_commit(w->store, &error));
        g_assert_no_error(error);
        return;
    }
    for (; w->m_seen < w->m->said->len; w->m_seen++) {
        const struct said *s = g_ptr_array_index(w->m->said, w->m_seen);

        world_note(w, &s->opts, g_strdup(s->text));
    }
}

static inline bank *world_bank(void)
{
    bank_builder *builder = bank_builder_new();
    g_autoptr(GString) text = g_string_new(NULL);
    const char *topic = "";

    for (size_t i = 0; i < WORLD_QUESTIONS; i++) {
        if (strcmp(topic, world_things[i][0]) != 0)
            g_string_append_printf(text, "# %s\n", world_things[i][0]);
        topic = world_things[i][0];
        g_string_append_printf(text, "<details><summary>%s</summary>\n\n%s\n\n</details>\n\n",
                               world_things[i][1], world_things[i][2]);
    }
    bank_builder_add(builder, "world.md", NULL, 0, "world", text->str, text->len);
    bank *b = bank_builder_finish(builder);
    g_assert_cmpuint(bank_size(b), ==, WORLD_QUESTIONS);
    return b;
}

/* Opens the store again, as after a restart. */
static inline void world_restart(struct world *w)
{
    g_autoptr(GError) error = NULL;

    if (w->m != NULL)
        return;
    store_close(w->store);
    w->store = store_open(w->path, &w->sink, &error);
    g_assert_no_error(error);
    w->book = store_book(w->store);
}

static inline struct world *world_new(bool in_store)
{
    struct world *w = g_new0(struct world, 1);
    struct interview_options options = {.asks_ranked_a_day = 3};
    int64_t keys[WORLD_QUESTIONS];

    w->cat = catalog_new();
    w->lex = lexicon_new();
    lexicon_finish(w->lex);
    w->in = interview_new(w->cat, w->lex, &options);
    w->told = g_ptr_array_new_with_free_func(told_free);
    bank *b = world_bank();
    for (int i = 0; i < WORLD_QUESTIONS; i++)
        keys[i] = i + 1;
    if (in_store) {
        /* In memory where there is such a place: thousands of commits wait for the disk otherwise.
         */
        w->folder = g_strdup("/dev/shm/iv-world-XXXXXX");
        if (g_mkdtemp(w->folder) == NULL) {
            g_free(w->folder);
            w->folder = g_dir_make_tmp("iv-world-XXXXXX", NULL);
        }
        w->path = g_build_filename(w->folder, "world.db", NULL);
        w->sink = (struct store_sink){world_on_send, world_on_file,    world_on_popup,
                                      world_on_edit, world_on_refresh, w};
        world_restart(w);
        world_begin(w);
        g_autofree int64_t *given = store_register(w->store, b);
        world_commit(w);
        g_assert_true(memcmp(given, keys, sizeof keys) == 0);
    } else {
        w->m = memory_book_new();
        w->book = &w->m->book;
    }
    interview_take_bank(w->in, b, keys);
    return w;
}

static inline void world_free(struct world *w)
{
    interview_free(w->in);
    lexicon_free(w->lex);
    catalog_free(w->cat);
    g_ptr_array_unref(w->told);
    store_close(w->store);
    if (w->m != NULL)
        memory_book_free(w->m);
    if (w->folder != NULL) {
        g_autofree char *command = g_strdup_printf("rm -rf '%s'", w->folder);

        g_assert_cmpint(system(command), ==, 0);
    }
    g_free(w->folder);
    g_free(w->path);
    g_free(w);
}

/* Another bank comes into use, as when its file has changed; for the store alone. */
static inline void world_reload(struct world *w, const char *markdown)
{
    bank_builder *builder = bank_builder_new();

    bank_builder_add(builder, "world.md", NULL, 0, "world", markdown, strlen(markdown));
    bank *b = bank_builder_finish(builder);
    world_begin(w);
    g_autofree int64_t *keys = store_register(w->store, b);
    world_commit(w);
    interview_take_bank(w->in, b, keys);
}

/* The number of a new chat. */
static inline int64_t world_chat(struct world *w, enum chat_kind kind, const char *zone)
{
    struct chat defaults = {.lang = LANG_EN, .zone = g_strdup(zone)}, chat = {0};
    int64_t id;

    if (w->m != NULL) {
        struct chat *c = memory_book_chat(w->m, kind);

        g_free(c->zone);
        c->zone = defaults.zone;
        return c->id;
    }
    static int n;
    g_autofree char *ext = g_strdup_printf("chat %d", n++);
    world_begin(w);
    g_assert_true(store_chat(w->store, PLATFORM_TERMINAL, ext, kind, "chat", &defaults, 1, &chat));
    world_commit(w);
    id = chat.id;
    chat_clear(&chat);
    g_free(defaults.zone);
    return id;
}

static inline int64_t world_user(struct world *w, const char *name)
{
    struct user user = {0};
    int64_t id;

    if (w->m != NULL)
        return memory_book_user(w->m, name)->id;
    world_begin(w);
    g_assert_true(store_user(w->store, PLATFORM_TERMINAL, name, name, 1, &user));
    world_commit(w);
    id = user.id;
    user_clear(&user);
    return id;
}

static inline enum handled world_event(struct world *w, int64_t chat_id, int64_t user_id,
                                       struct event e)
{
    struct chat chat = {0};
    struct user user = {0};

    world_begin(w);
    g_assert_true(w->book->ops->chat(w->book, chat_id, &chat));
    g_assert_true(w->book->ops->user(w->book, user_id, &user));
    e.chat = &chat;
    e.user = &user;
    enum handled handled = interview_handle(w->in, w->book, &e);
    world_commit(w);
    chat_clear(&chat);
    user_clear(&user);
    return handled;
}

/* USER, who may change settings, types TEXT in CHAT. */
static inline const char *world_say(struct world *w, int64_t chat, int64_t user, const char *text,
                                    int64_t now)
{
    struct event e = {.kind = EVENT_TEXT, .text = text, .now = now, .admin = ADMIN_YES};
    guint before = w->told->len;

    g_assert_cmpint(world_event(w, chat, user, e), ==, HANDLED);
    return w->told->len > before
               ? ((struct told *)g_ptr_array_index(w->told, w->told->len - 1))->text
               : "";
}

/* The same as an answer to the post of ROUND. */
static inline const char *world_answer(struct world *w, int64_t chat, int64_t user, int64_t round,
                                       const char *text, int64_t now)
{
    struct event e = {
        .kind = EVENT_TEXT, .text = text, .round = round, .now = now, .admin = ADMIN_YES};

    g_assert_cmpint(world_event(w, chat, user, e), ==, HANDLED);
    return ((struct told *)g_ptr_array_index(w->told, w->told->len - 1))->text;
}

static inline void world_tick(struct world *w, int64_t chat, int64_t now)
{
    world_begin(w);
    interview_tick(w->in, w->book, chat, now);
    world_commit(w);
}

static inline struct round world_round(struct world *w, int64_t id)
{
    struct round round = {0};

    g_assert_true(w->book->ops->round(w->book, id, &round));
    return round;
}

static inline int64_t world_next_due(struct world *w, int64_t chat)
{
    struct chat c = {0};

    g_assert_true(w->book->ops->chat(w->book, chat, &c));
    int64_t due = c.next_due;
    chat_clear(&c);
    return due;
}

static inline struct tally world_total(struct world *w, int64_t chat, int64_t user)
{
    return w->book->ops->tally(w->book, chat, user);
}

#endif
