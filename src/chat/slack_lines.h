/* A reply as lines of Slack's mrkdwn: the first half of rendering. */
#ifndef INTERVIEWD_CHAT_SLACK_LINES_H
#define INTERVIEWD_CHAT_SLACK_LINES_H

#include <glib.h>

#include "render_slack.h"

enum slack_line_kind { SLACK_LINE_TEXT, SLACK_LINE_CODE };

/* One line of mrkdwn, or a part of a very long one; every style is closed within it. */
struct slack_line {
    enum slack_line_kind kind;
    GString *text;
    bool continued; /* no line end stood behind it */
};

/* All lines of R, *new* (struct slack_line). */
GPtrArray *slack_lines(const reply *r, const struct slack_look *look);
/*
 * Slack keeps every /word for itself but the app's own: with "/interview" as
 * COMMAND, "/hint" reads "/interview hint". *new*
 */
char *slack_spell_commands(const char *text, const char *command);
/* The unit of Slack's limits is not documented: UTF-16 units are never fewer than characters. */
size_t slack_units(const char *s);

#endif
