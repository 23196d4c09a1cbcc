/* The views: the form in which a question is answered, what it then shows, the home tab. */
#ifndef INTERVIEWD_CHAT_SLACK_MODAL_H
#define INTERVIEWD_CHAT_SLACK_MODAL_H

#include <jansson.h>
#include <stdbool.h>

#include "catalog.h"
#include "reply.h"

/* What a form carries: the post that it answers. Owned strings. */
struct slack_form {
    char *channel;
    char *post; /* the ts of the question's post */
};

/* The form for QUESTION (as the interview says it), *new*. */
json_t *slack_form_view(const catalog *cat, const reply *question, const char *command,
                        const char *channel, const char *post);
/* Reads a form's private_metadata; false when it is none of ours. */
bool slack_form_read(const char *metadata, struct slack_form *ret);
void slack_form_clear(struct slack_form *f);
/* The form once it is answered: RESULT is seen by the one who answered only. *new* */
json_t *slack_result_view(const catalog *cat, const reply *result, const char *command);
/* The home tab of BLOCKS (*takes*), *new*. */
json_t *slack_home_view_taking(json_t *blocks);

#endif
