/* Where a text may be cut so that the eye sees no difference. */
#ifndef INTERVIEWD_CHAT_GRAPHEMES_H
#define INTERVIEWD_CHAT_GRAPHEMES_H

#include <stdbool.h>

/*
 * Whether S may be cut before P (inside S, at a character): not before a
 * combining mark, a joiner, a variation selector, a skin tone or a vowel or
 * final jamo, not after a joiner, not between the two letters of a flag.
 */
bool graphemes_may_cut(const char *s, const char *p);

#endif
