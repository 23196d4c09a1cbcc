/*
 * A reply in Telegram's form: HTML messages of at most 4096 UTF-16 units and
 * their keyboards. Pure.
 *
 * Source of the rules: core.telegram.org/bots/api#html-style and #sendmessage.
 */
#ifndef INTERVIEWD_RENDER_H
#define INTERVIEWD_RENDER_H

#include <glib.h>
#include <stdbool.h>

#include "reply.h"

/* UTF-16 units of a message and of a file's caption, counted after the entities are parsed. */
#define TELEGRAM_TEXT_UNITS    4096
#define TELEGRAM_CAPTION_UNITS 1024

/*
 * The messages that say R, *new* (of *new* char *): each the HTML of one
 * message of at most UNITS units. None is empty; there is none when R says
 * nothing.
 */
GPtrArray *render_telegram(const reply *r, size_t units);

/* The same without any mark (for a popup), at most UNITS UTF-16 units, *new*. */
char *render_telegram_plain(const char *text, size_t units);

/*
 * Appends `,"reply_markup":...` to a JSON object that is being written: in a
 * private chat a ForceReply with R's placeholder when it has one; else the
 * buttons of R (links open BOTNAME's private chat), or nothing.
 */
void render_telegram_markup(GString *json, const reply *r, const char *botname, bool in_private);

#endif
