/* The JSON of Slack's envelopes, as far as it is read. */
#ifndef INTERVIEWD_CHAT_SLACK_JSON_H
#define INTERVIEWD_CHAT_SLACK_JSON_H

#include <jansson.h>
#include <stddef.h>

/*
 * LEN bytes of TEXT (UTF-8), *new*; NULL when it is no JSON. What nobody reads
 * may be missing or otherwise: blocks, attachments and files are 0, and so is
 * every number where TEXT holds one that jansson refuses.
 */
json_t *slack_json_load(const char *text, size_t len);

#endif
