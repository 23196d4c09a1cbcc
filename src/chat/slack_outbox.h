/* Slack's rows of the outbox, and their delivery. */
#ifndef INTERVIEWD_CHAT_SLACK_OUTBOX_H
#define INTERVIEWD_CHAT_SLACK_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

struct slack;

enum slack_row_kind {
    SLACK_ROW_SEND,
    SLACK_ROW_POST,    /* a round's question: its ts is noted */
    SLACK_ROW_UNDER,   /* goes into the thread of a round's post */
    SLACK_ROW_REFRESH, /* a round's post shall show this; a later one replaces it */
};

struct slack_row {
    int64_t chat;
    enum slack_row_kind kind;
    int64_t round;
    bool broadcast;
    const char *body; /* {"method" or "url", "args"} as text */
};

void slack_outbox_put(struct slack *s, const struct slack_row *row);
void slack_outbox_committed(struct slack *s, bool ok);

#endif
