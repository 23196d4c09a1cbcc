/* From Telegram's Update to the bot's inbound event. Pure; a fuzzer feeds it anything. */
#ifndef INTERVIEWD_CHAT_TELEGRAM_UPDATE_H
#define INTERVIEWD_CHAT_TELEGRAM_UPDATE_H

#include "json_view.h"

#include "transport.h"

/* Who the bot is. */
struct telegram_me {
    int64_t id;
    char *name; /* without the @ */
};

enum telegram_what {
    TELEGRAM_NOTHING, /* not for us */
    TELEGRAM_EVENT,   /* `in` is to be handled */
    TELEGRAM_MEMBERS, /* `in`, for each of telegram_update_member */
    TELEGRAM_MOVED,   /* the group `in.chat` is the supergroup `moved_to` now */
    TELEGRAM_IMPORT,  /* a document with the caption /import, in private */
};

#define TELEGRAM_ID 24 /* bytes of an id in digits */

/* Strings point into the JSON or into this struct: both must stay where they are. */
struct telegram_update {
    int64_t id; /* update_id, 0 when there is none */
    enum telegram_what what;
    struct inbound in;
    const char *callback;  /* id of the tapped button's query, or NULL */
    int64_t message_id;    /* of what was written, or whose button was tapped */
    const char *file_id;   /* of the document of an /import, NULL: it came without */
    const char *file_name; /* never without file_id */
    int64_t file_size;
    const json_node *tapped;  /* the message whose button was tapped, as it read then, or NULL */
    const json_node *members; /* of TELEGRAM_MEMBERS */
    bool member_is_admin;     /* of a chat_member update */
    bool member_known;        /* ... that says so */
    char chat[TELEGRAM_ID], user[TELEGRAM_ID + 8], message[TELEGRAM_ID], thread[TELEGRAM_ID],
        reply_to[TELEGRAM_ID], moved_to[TELEGRAM_ID];
    char *owned_text, *owned_name, *owned_title;
};

/* Reads UPDATE; ret->what is TELEGRAM_NOTHING for anything strange. */
void telegram_update_read(const json_node *update, const struct telegram_me *me,
                          struct telegram_update *ret);
/* Makes `in` speak of member I of a TELEGRAM_MEMBERS; false behind the last. */
bool telegram_update_member(struct telegram_update *u, size_t i);
void telegram_update_clear(struct telegram_update *u);

#endif
