/*
 * A reply in Slack's form: Block Kit sections of mrkdwn, with a plain text
 * beside them for notifications. Everything is escaped, so nothing that a
 * person or a bank wrote can ping anybody; nothing is cut inside a character,
 * an entity, a style or a code block.
 *
 * Slack has no spoilers: hidden text is either left out or shown. Where a
 * message is seen by others it is left out; the one who answered gets it where
 * only that person sees it.
 */
#ifndef INTERVIEWD_CHAT_RENDER_SLACK_H
#define INTERVIEWD_CHAT_RENDER_SLACK_H

#include <jansson.h>
#include <stdbool.h>

#include "reply.h"

/* Slack's limits (docs.slack.dev: Block Kit reference; chat.postMessage), with some room. */
enum {
    SLACK_SECTION_MOST = 2900,       /* of 3,000 characters in a section */
    SLACK_MESSAGE_BLOCKS_MOST = 48,  /* of 50 blocks in a message */
    SLACK_MESSAGE_SIZE_MOST = 12000, /* of about 13,200 characters of blocks, as JSON */
    SLACK_TEXT_MOST = 3900,          /* of 4,000 characters that Slack advises for `text` */
    SLACK_VIEW_BLOCKS_MOST = 80,     /* of 100 blocks in a view */
    SLACK_LABEL_MOST = 70,           /* of 75 characters on a button */
    SLACK_BUTTONS_MOST = 25,         /* in one row */
};

struct slack_look {
    bool show_hidden;
    bool buttons;
    const char *command; /* what Slack's users type before a command: "/interview" */
};

/* *new* array of messages, each an object with "text" and "blocks"; the buttons are on the last. */
json_t *render_slack(const reply *r, const struct slack_look *look);
/* The same as one message: what does not fit is left out behind an ellipsis. *new* object */
json_t *render_slack_one(const reply *r, const struct slack_look *look);
/* *new* array of blocks for a view, at most MOST; what does not fit is left out likewise. */
json_t *render_slack_blocks(const reply *r, const struct slack_look *look, size_t most);

/* S with Slack's three entities, *new*. */
char *slack_escape(const char *s);
/* A section of PLAIN text, escaped. *new* */
json_t *slack_section(const char *plain);
/* A plain_text object, cut to MOST characters. *new* */
json_t *slack_plain_text(const char *s, size_t most);

#endif
