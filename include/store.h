/*
 * The store: the book kept in SQLite, and what the transports keep beside it.
 * All SQL of the program is in its rooms. Everything between store_begin and
 * store_commit happens wholly or not at all.
 */
#ifndef INTERVIEWD_STORE_H
#define INTERVIEWD_STORE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "bank.h"
#include "book.h"

typedef struct store store;

enum platform { PLATFORM_TERMINAL = 1, PLATFORM_TELEGRAM, PLATFORM_SLACK };

/*
 * Where the book's messages go: the adapters render them, usually into the
 * outbox. Called inside the transaction.
 */
struct store_sink {
    void (*send)(void *ctx, enum platform platform, const struct send_opts *opts, const reply *r);
    void (*send_file)(void *ctx, enum platform platform, const struct send_opts *opts,
                      const reply *r, const char *name, const char *data, size_t len);
    void (*popup)(void *ctx, const char *text);
    void (*edit)(void *ctx, const reply *r);
    void (*refresh)(void *ctx, enum platform platform, const struct round *round, const reply *r);
    void *ctx;
};

/* Opens PATH, *new*; NULL with an error of db.h that says what to do. SINK is *borrowed*. */
store *store_open(const char *path, const struct store_sink *sink, GError **error);
void store_close(store *s); /* accepts NULL */

void store_begin(store *s);
bool store_commit(store *s, GError **error);
/* Whether the last commit that failed did so for what was to be written (a constraint), not for the
   disk: trying it again would fail again. */
bool store_broke_rule(const store *s);
void store_rollback(store *s);
bool store_failed(const store *s);

/* The book, *borrowed*: use it only inside a transaction. */
struct book *store_book(store *s);

/* The key of each question of B, by its index, *new*; new ones are added. In a transaction. */
int64_t *store_register(store *s, const bank *b);

/*
 * The person EXT of PLATFORM, added when new, with NAME as it is now shown.
 * False when the book has failed.
 */
bool store_user(store *s, enum platform platform, const char *ext, const char *name, int64_t now,
                struct user *ret);
/* The chat EXT of PLATFORM, added when new with the language and zone of DEFAULTS. */
bool store_chat(store *s, enum platform platform, const char *ext, enum chat_kind kind,
                const char *title, const struct chat *defaults, int64_t now, struct chat *ret);
/* The platform's ids of the groups that a person is a member of, *new*, closed by NULL. */
char **store_groups_of(store *s, enum platform platform, const char *user);
/* The platform and its own id of a chat; ret_ext *new*. */
bool store_chat_ext(store *s, int64_t chat, enum platform *ret_platform, char **ret_ext);

/* The round whose question the message MESSAGE of a chat shows, 0 for none. */
int64_t store_post_round(store *s, int64_t chat, const char *message);

/* The same by the platform's own id of the chat. Also outside a transaction. */
int64_t store_find_post(store *s, enum platform platform, const char *chat, const char *message);
/* The name of the person USER as it was shown last, *new*; NULL when not known. Also outside one.
 */
char *store_account_name(store *s, enum platform platform, const char *user);
/* The platform's ids of chats in which USER has answered, the latest first, *new* (char *). */
GPtrArray *store_chats_of(store *s, enum platform platform, const char *user);

/*
 * At most MOST chats for which interview_tick has something to do by NOW, *new*
 * (int64_t). PLATFORMS has bit P set where platform P is on.
 */
GArray *store_due_chats(store *s, int64_t now, int most, int platforms);
/* When the next chat is due, 0 for never. */
int64_t store_next_due(store *s, int platforms);
/*
 * Whether all that was read outside a transaction since the last call could be
 * read. If not, sets ERROR: what looked as if it were not there may be there, and
 * the next reading begins anew.
 */
bool store_reads_ok(store *s, GError **error);
/* The store's id of what PLATFORM calls EXT, 0 when it is not known. Also outside a transaction. */
int64_t store_chat_id(store *s, enum platform platform, const char *ext);
int64_t store_user_id(store *s, enum platform platform, const char *ext);
/* Erases up to 200 answers' texts from before BEFORE, and what of sent messages is still stored;
 * true when there may be more. */
bool store_erase_texts(store *s, int64_t before, int64_t now);

/* Ends what /forgetme began, once the goodbyes have been sent. In a transaction. */
void store_finish_forgetting(store *s);
/* Whether it has something to do. */
bool store_is_forgetting(store *s);

/* A consistent copy of the database at PATH in the new file TO. */
bool store_backup(const char *path, const char *to, GError **error);

#endif
