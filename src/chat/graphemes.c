/* Cluster boundaries, on the careful side of Unicode's UAX #29: what is kept together there is
 * here. */
#include "graphemes.h"

#include <glib.h>

#define ZERO_WIDTH_JOINER 0x200D

static bool is_flag_letter(gunichar c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/* Belongs to what stands before it. */
static bool extends(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);

    return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK ||
           type == G_UNICODE_ENCLOSING_MARK || c == ZERO_WIDTH_JOINER || c == 0x200C ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) ||
           (c >= 0xE0020 && c <= 0xE007F) || (c >= 0xE0100 && c <= 0xE01EF) ||
           (c >= 0xFF9E && c <= 0xFF9F);
}

static bool is_lead_jamo(gunichar c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0xA960 && c <= 0xA97C);
}

static bool is_vowel_or_final_jamo(gunichar c)
{
    return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}

static bool is_syllable(gunichar c)
{
    return c >= 0xAC00 && c <= 0xD7A3;
}

static bool jamo_go_together(gunichar before, gunichar after)
{
    if (is_lead_jamo(before))
        return is_lead_jamo(after) || is_vowel_or_final_jamo(after) || is_syllable(after);
    return (is_syllable(before) || is_vowel_or_final_jamo(before)) && is_vowel_or_final_jamo(after);
}

static bool inside_flag(const char *s, const char *p)
{
    int before = 0;

    while (p > s && is_flag_letter(g_utf8_get_char(g_utf8_prev_char(p)))) {
        p = g_utf8_prev_char(p);
        before++;
    }
    return before % 2 == 1;
}

bool graphemes_may_cut(const char *s, const char *p)
{
    gunichar after, before;

    if (p == s)
        return true;
    after = g_utf8_get_char(p);
    before = g_utf8_get_char(g_utf8_prev_char(p));
    if (extends(after) || before == ZERO_WIDTH_JOINER || (before == '\r' && after == '\n'))
        return false;
    if (jamo_go_together(before, after))
        return false;
    return !is_flag_letter(after) || !is_flag_letter(before) || !inside_flag(s, p);
}
