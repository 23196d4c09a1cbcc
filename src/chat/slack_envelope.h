/*
 * What Slack says over the socket, read into one flat struct. Pure: bytes in,
 * a struct out; whatever comes, an envelope is either understood, or is
 * SLACK_NOTHING and at most to be acknowledged.
 */
#ifndef INTERVIEWD_CHAT_SLACK_ENVELOPE_H
#define INTERVIEWD_CHAT_SLACK_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "json_view.h"

enum slack_kind {
    SLACK_NOTHING, /* nothing for us; still to be acknowledged when it has an id */
    SLACK_HELLO,
    SLACK_DISCONNECT,
    SLACK_MESSAGE, /* typed in a direct message, or in a thread of a channel */
    SLACK_MENTION, /* typed in a channel to the bot */
    SLACK_EDITED,
    SLACK_BUTTON,
    SLACK_SUBMIT, /* the modal's form */
    SLACK_COMMAND,
    SLACK_HOME,
    SLACK_JOINED, /* somebody, perhaps the bot itself */
    SLACK_LEFT,
};

/* Strings are *borrowed* from the envelope's own JSON unless said otherwise; NULL: not there. */
struct slack_envelope {
    enum slack_kind kind;
    const char *envelope_id;
    bool accepts_payload;
    char *update;       /* owned: the same for every delivery of the same thing; NULL: none */
    const char *reason; /* of a disconnect */
    const char *user;
    const char *user_name; /* as far as the payload tells: not the display name */
    const char *channel;
    const char *channel_name;
    bool direct;         /* the channel is a direct message with the bot */
    bool self;           /* of SLACK_JOINED, SLACK_LEFT: it is the bot */
    const char *inviter; /* of SLACK_JOINED, or NULL */
    char *text;          /* owned: typed, entities and mentions resolved; a button's value */
    const char *ts;      /* of the message typed, edited, or of the one whose button was tapped */
    const char *thread;  /* the ts of the thread's first message */
    bool ephemeral;      /* the tapped message was seen by one person only */
    bool in_view;        /* the button stood in a view: there is no channel */
    const char *trigger;
    const char *response_url;
    const char *view;
    const char *metadata; /* of a view */
    json_view *json;      /* owned */
};

/* Reads LEN bytes. BOT is the bot's own user id, or NULL while it is not known. */
void slack_envelope_read(const char *text, size_t len, const char *bot, struct slack_envelope *ret);
void slack_envelope_clear(struct slack_envelope *e);

/*
 * What a person typed, from Slack's form of it, *new*: entities decoded, links
 * and mentions as they read, the mention of BOT (may be NULL) left out, white
 * space at both ends gone. *ret_mentioned (may be NULL): BOT stood in it.
 */
char *slack_typed(const char *text, const char *bot, bool *ret_mentioned);

#endif
