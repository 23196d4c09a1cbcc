/*
 * Rows that every update needs, kept in memory: who somebody is, what a chat's
 * settings are, what a person does there. The database stays the truth. One
 * process writes it (db.h's lock); what other statements than these functions'
 * write to the tables behind the rows is noticed (db_take_written) and makes
 * the store forget all of them, as a rollback does.
 *
 * Seats are written late: once, however often they changed, before anything
 * else looks at their table and at the latest by the commit (db_defer).
 */
#ifndef INTERVIEWD_CHAT_STORE_CACHE_H
#define INTERVIEWD_CHAT_STORE_CACHE_H

#include "store.h"

/* The tables behind the rows, in the order of the bits. */
#define STORE_WATCHED "users", "accounts", "chats", "members", "forgotten", "asked"

struct store_cache {
    GHashTable *users;  /* by id: struct user */
    GHashTable *chats;  /* by id: struct chat_row */
    GHashTable *seats;  /* by chat and user: struct seat_row */
    GHashTable *people; /* ids by platform and its id */
    GHashTable *places; /* the same of chats */
    GHashTable *asked;  /* lists of struct asked (GArray), by chat */
    GHashTable *sheets; /* of store_sheet.c */
    GPtrArray *dirty;   /* seats to be written, *borrowed* */
    size_t asked_rows;  /* in all of those lists */
    int forgetting;     /* whether /forgetme has goodbyes to send: 1, 0, or -1: not known */
};

/* A chat and where it is. */
struct chat_row {
    struct chat chat;
    enum platform platform;
    char *ext;
};

/* A seat with what only the store knows of it. */
struct seat_row {
    int64_t chat; /* with the user the key */
    int64_t user;
    struct seat seat;
    int64_t left_at;
    int64_t history; /* of private chats joined by /link: the chat that keeps the sums; 0: this */
    struct tally tally;
    int64_t last_answer;
    int64_t reached_at;
    bool exists;
    bool stored; /* its row is in the table */
    bool dirty;
};

/* Remembered sheets, none yet. *new* (store_sheet.c) */
GHashTable *store_sheets_new(void);

void store_cache_init(store *s);
void store_cache_free(store *s);
/* After a rollback: nothing is known any more. */
void store_cache_drop(store *s);

/* Whether somebody is being forgotten: 1 or 0, -1 when it has to be looked up. */
int store_known_forgetting(store *s);

/* Rows are *borrowed* until the next call of a function of the store; NULL when there is none. */
const struct chat_row *store_chat_row(store *s, int64_t chat);
const struct user *store_user_row(store *s, int64_t user);
/* Never NULL: a seat that is not there has `exists` false. */
const struct seat_row *store_seat_row(store *s, int64_t chat, int64_t user);

/* What CHAT has done with each question (struct asked). *borrowed*, like rows */
const GArray *store_asked(store *s, int64_t chat);

void store_chat_put(store *s, const struct chat *c);
void store_user_put(store *s, const struct user *u);
void store_seat_put(store *s, int64_t chat, int64_t user, const struct seat *seat);
/* Adds TALLY to the sums of a seat, which is made when it is not there; ANSWER came last, AT. */
void store_seat_count(store *s, int64_t chat, int64_t user, const struct tally *tally,
                      int64_t answer, int64_t at);
/* QUESTION has been asked in CHAT; and answered for the first time in its round, with SCORE. */
void store_asked_put(store *s, int64_t chat, const struct asked *a);
void store_asked_answered(store *s, int64_t chat, int64_t question, int score);
int64_t store_user_add(store *s, enum platform platform, const char *ext, const char *name,
                       int64_t now);
int64_t store_chat_add(store *s, enum platform platform, const char *ext, enum chat_kind kind,
                       const char *title, const struct chat *defaults, int64_t now);

/* ---- reading (store_rows.c): *new*, NULL when there is none, but for seats and lists ---- */
struct user *store_read_user(store *s, int64_t id);
struct chat_row *store_read_chat(store *s, int64_t id);
struct seat_row *store_read_seat(store *s, int64_t chat, int64_t user);
GArray *store_read_asked(store *s, int64_t chat);

#endif
