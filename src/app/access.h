/* Who is served: the operator's lists of chats and administrators. */
#ifndef INTERVIEWD_APP_ACCESS_H
#define INTERVIEWD_APP_ACCESS_H

#include "config.h"
#include "store.h"
#include "transport.h"

typedef struct access access_list;

/* *new*, from bot.chats and bot.admins of C (read now). */
access_list *access_new(const struct config *c);
void access_free(access_list *a); /* accepts NULL */

/*
 * Whether IN comes from a chat that is served: every one when bot.chats is empty, else those that
 * it names, the terminal, and the private chats of administrators and of the named groups'
 * members; also the link under a group's question, by which a member comes to the private chat.
 * In a transaction.
 */
bool access_allows(const access_list *a, store *s, const struct inbound *in);
/* Whether bot.admins names the person. */
bool access_is_admin(const access_list *a, const char *user);
/* Whether bot.chats names the chat. */
bool access_names_chat(const access_list *a, const char *chat);
/* The chats that bot.chats names, *borrowed*, closed by NULL. */
const char *const *access_chats(const access_list *a);
/*
 * Whether the outsider CHAT is to be told so now: once in some hours, and in all so many an hour
 * that strangers cannot make the bot talk.
 */
bool access_may_refuse(access_list *a, const char *chat, int64_t now);

#endif
