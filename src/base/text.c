/* Cleaning, width and cutting of text. Korean matters live in korean.c. */
#include "text.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "scan.h"

#define ZERO_WIDTH_JOINER 0x200D

static bool is_bidi_control(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

static bool is_dropped(gunichar c)
{
    if (c == '\n' || c == '\t')
        return false;
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || is_bidi_control(c) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE007F) || c == 0x2028 || c == 0x2029;
}

/* Only conjoining jamo, combining marks and compatibility forms can change under NFC. */
static bool may_need_nfc(gunichar c)
{
    return c >= 0x0300 &&
           ((c < 0x0370) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97F) ||
            (c >= 0xD7B0 && c <= 0xD7FF) || (c >= 0x0590 && c < 0x1100) || c == 0x2126 ||
            c == 0x212A || c == 0x212B || (c >= 0x1AB0 && c <= 0x1AFF) ||
            (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
            (c >= 0x3099 && c <= 0x309A) || (c >= 0xF900 && c <= 0xFAFF) ||
            (c >= 0xFE20 && c <= 0xFE2F));
}

/* Whether a byte begins, or is, something that may be dropped. */
static bool is_odd(unsigned char c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F || c == 0xC2 || c == 0xD8 ||
           c == 0xE2 || c == 0xEF || c == 0xF3;
}

/* Whether eight bytes at S are all printable ASCII. */
static bool is_printable8(const char *s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t v;

    memcpy(&v, s, sizeof v);
    /* none has its high bit, is below a space, or is 0x7F */
    return ((v | (v - ones * 0x20) | (v + ones)) & high) == 0;
}

size_t text_plain_span(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s, *end = p + len;

    while (p < end) {
        if (*p >= 0xE4 && *p <= 0xED) {
            if (end - p < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 ||
                (*p == 0xEA && p[1] < 0xB0) || (*p == 0xED && p[1] >= 0x9E))
                break;
            p += 3;
        } else if (*p < 0x20 ? *p != '\n' && *p != '\t' : *p >= 0x7F) {
            break;
        } else {
            p++;
            while (end - p >= 8 && is_printable8((const char *)p))
                p += 8;
        }
    }
    return (size_t)(p - (const unsigned char *)s);
}

bool text_is_utf8(const char *s, size_t len)
{
    for (size_t i = text_plain_span(s, len); i < len; i += text_plain_span(s + i, len - i)) {
        gunichar c = g_utf8_get_char_validated(s + i, (gssize)(len - i));

        if (c == 0 || c >= (gunichar)-2)
            return false;
        i += (size_t)(g_utf8_next_char(s + i) - (s + i));
    }
    return true;
}

/* The same of a whole block: most hold nothing odd at all. */
static bool has_odd(scan_block b)
{
    return scan_any((scan_block)(((b < 0x20) & (b != '\n') & (b != '\t')) | (b == 0x7F) |
                                 ((b & 0xDF) == 0xC2) | (b == 0xD8) | (b == 0xEF) | (b == 0xF3)));
}

/* The same with a look at the second bytes, too: one more byte is there. */
static bool has_odd_pair(const char *s)
{
    scan_block b = scan_load(s), second = scan_load(s + 1);

    return scan_any(
        (scan_block)(((b < 0x20) & (b != '\n') & (b != '\t')) | (b == 0x7F) |
                     ((b == 0xC2) & (second < 0xA0)) | ((b == 0xD8) & (second == 0x9C)) |
                     ((b == 0xE2) & (second < 0x82)) | ((b == 0xEF) & (second == 0xBB)) |
                     ((b == 0xF3) & (second == 0xA0))));
}

static bool bytes_are_clean(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!is_odd((unsigned char)s[i]))
            continue;
        if ((unsigned char)s[i] < 0x80 || is_dropped(g_utf8_get_char(s + i)))
            return false;
    }
    return true;
}

/* Nearly every text is clean: only odd bytes are looked at closely. */
bool text_is_clean(const char *s, size_t len)
{
    if (len <= SCAN_BYTES)
        return bytes_are_clean(s, len);
    size_t last = len - 1 - SCAN_BYTES; /* some bytes are looked at twice */
    for (size_t i = 0;; i = MIN(i + SCAN_BYTES, last)) {
        if (has_odd(scan_load(s + i)) && has_odd_pair(s + i) && !bytes_are_clean(s + i, SCAN_BYTES))
            return false;
        if (i == last)
            return bytes_are_clean(s + len - 1, 1);
    }
}

/* Whether text_clean() would change nothing. */
static bool is_sound(const char *s, size_t len)
{
    size_t plain = text_plain_span(s, len); /* most of it, or all */

    s += plain;
    len -= plain;
    if (!text_is_clean(s, len) || !text_is_utf8(s, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)s[i] >= 0xC0 && may_need_nfc(g_utf8_get_char(s + i)))
            return false;
    }
    return true;
}

char *text_clean(const char *s, size_t len)
{
    if (is_sound(s, len))
        return g_strndup(s, len);
    g_autofree char *valid = g_utf8_make_valid(s, (gssize)len);
    GString *out = g_string_sized_new(len + 8);
    bool nfc = false;

    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c == '\r') {
            if (p[1] != '\n')
                g_string_append_c(out, '\n');
        } else if (!is_dropped(c)) {
            nfc = nfc || may_need_nfc(c);
            g_string_append_len(out, p, g_utf8_next_char(p) - p);
        }
    }
    if (nfc) {
        char *composed = g_utf8_normalize(out->str, (gssize)out->len, G_NORMALIZE_NFC);

        if (composed != NULL) {
            g_string_free(out, TRUE);
            return composed;
        }
    }
    return g_string_free(out, FALSE);
}

char *text_clean_line(const char *s, size_t len)
{
    char *clean = text_clean(s, len);
    char *to = clean;
    bool space = true;

    for (const char *p = clean; *p != '\0'; p++) {
        bool is_space = *p == ' ' || *p == '\n' || *p == '\t';

        if (!is_space)
            *to++ = *p;
        else if (!space)
            *to++ = ' ';
        space = is_space;
    }
    if (to > clean && to[-1] == ' ')
        to--;
    *to = '\0';
    return clean;
}

static size_t char_width(gunichar c)
{
    if (c >= 0x20 && c < 0x7F)
        return 1;
    if (c >= 0xAC00 && c <= 0xD7A3) /* Hangul syllables */
        return 2;
    if (g_unichar_iszerowidth(c) || c == ZERO_WIDTH_JOINER || (c >= 0xFE00 && c <= 0xFE0F))
        return 0;
    if (g_unichar_iswide(c) || (c >= 0x1F300 && c <= 0x1FAFF))
        return 2;
    return 1;
}

/* What the character at P adds: one that is joined to the one before shares its place. */
static size_t width_at(const char *s, const char *p)
{
    if (p - s >= 3 && memcmp(p - 3, "\xE2\x80\x8D", 3) == 0) /* ZERO_WIDTH_JOINER */
        return 0;
    return char_width(g_utf8_get_char(p));
}

size_t text_width(const char *s)
{
    size_t width = 0;

    for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p))
        width += width_at(s, p);
    return width;
}

char *text_cut(const char *s, size_t cells)
{
    size_t width = 0;
    const char *fits = s; /* the longest prefix that leaves a cell for the ellipsis */

    /* No character is wider than it has bytes. */
    if (strlen(s) <= cells || text_width(s) <= cells)
        return g_strdup(s);
    for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p)) {
        size_t w = width_at(s, p);

        /* Only before a character of its own width: marks and joiners stay with theirs. */
        if (w > 0 && width + 1 <= cells)
            fits = p;
        if (w > 0 && width + w + 1 > cells)
            break;
        width += w;
    }
    return g_strdup_printf("%.*s…", (int)(fits - s), s);
}

/* The units of the whole blocks at S, each counted where its character begins. */
static size_t units_of_blocks(const char *s, size_t blocks)
{
    enum { AT_ONCE = 127 }; /* blocks, of two units at most: a byte counts to 255 */
    size_t units = 0;

    while (blocks > 0) {
        size_t n = MIN(blocks, AT_ONCE);
        scan_block sum = {0};

        for (size_t i = 0; i < n; i++, s += SCAN_BYTES) {
            scan_block c = scan_load(s);

            sum -= (scan_block)((c & 0xC0) != 0x80); /* what holds is -1 */
            sum -= (scan_block)(c >= 0xF0);
        }
        for (size_t i = 0; i < SCAN_BYTES; i++)
            units += sum[i];
        blocks -= n;
    }
    return units;
}

size_t text_utf16_units(const char *s, size_t len)
{
    size_t units = units_of_blocks(s, len / SCAN_BYTES);

    for (size_t i = len - len % SCAN_BYTES; i < len; i++) {
        unsigned char c = (unsigned char)s[i];

        if ((c & 0xC0) != 0x80)
            units += c >= 0xF0 ? 2 : 1;
    }
    return units;
}

char *text_strip(char *s)
{
    return g_strstrip(s);
}

const char *text_int(int64_t n, char buffer[TEXT_INT_SIZE])
{
    char *p = buffer + TEXT_INT_SIZE - 1;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

    *p = '\0';
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (n < 0)
        *--p = '-';
    return p;
}
