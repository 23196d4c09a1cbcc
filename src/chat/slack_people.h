/*
 * Who people and channels are, as Slack tells: names, time zones, who
 * administers. Asked for when needed, kept for some minutes.
 */
#ifndef INTERVIEWD_CHAT_SLACK_PEOPLE_H
#define INTERVIEWD_CHAT_SLACK_PEOPLE_H

#include <stdbool.h>

#include "loop.h"
#include "slack_api.h"

typedef struct slack_people slack_people;

enum slack_known {
    SLACK_ASKED, /* not known yet: the answer is on its way */
    SLACK_KNOWN,
    SLACK_UNKNOWN, /* Slack could not tell */
};

struct slack_person {
    enum slack_known known;
    char *name;   /* as members see it; NULL unless known */
    char *zone;   /* IANA name, or NULL */
    char *locale; /* "ko-KR", or NULL */
    bool admin;   /* of the workspace */
};

struct slack_room {
    enum slack_known known;
    char *title;
    char *creator; /* user id, or NULL */
    bool member;   /* the bot is in it */
    bool hidden;   /* Slack does not tell the bot of it */
};

/* CHANGED(DATA) is called from the loop whenever something asked for has been answered. */
slack_people *slack_people_new(loop *l, slack_api *a, loop_fn changed, void *data);
void slack_people_free(slack_people *p); /* accepts NULL */

/* Everything handed out is *borrowed* until the next turn of the loop. */
const struct slack_person *slack_people_person(slack_people *p, const char *user);
const struct slack_room *slack_people_room(slack_people *p, const char *channel);
/* The direct message with USER: *ret_channel is NULL unless known. */
enum slack_known slack_people_direct(slack_people *p, const char *user, const char **ret_channel);
/* USER has written in the direct message CHANNEL. */
void slack_people_note_direct(slack_people *p, const char *user, const char *channel);
/* Ask again about CHANNEL when it is needed next: the bot came or went. */
void slack_people_forget_room(slack_people *p, const char *channel);

#endif
