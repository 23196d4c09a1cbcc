/* The three characters that stand for markup in Telegram's HTML and in Slack's mrkdwn alike. */
#ifndef INTERVIEWD_CHAT_ENTITIES_H
#define INTERVIEWD_CHAT_ENTITIES_H

#include <glib.h>

/* Appends the LEN bytes at S with &, < and > as &amp;, &lt; and &gt;. */
void entities_out(GString *out, const char *s, size_t len);

#endif
