/* English stems, remembered. */
#include <libstemmer.h>
#include <string.h>

#include "lexicon_internal.h"

/* The word of LEN letters through the stemmer, or as it was stemmed before. */
static const struct stem_memo *stem_of(const lexicon *lex, const char *word, size_t len)
{
    uint64_t h = len;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)word[i]) * UINT64_C(0x100000001B3);
    struct stem_memo *m = &lex->memo[(h ^ h >> 20) % STEM_MEMO];
    if (memcmp(m->word, word, len) == 0 && m->word[len] == '\0')
        return m;
    const sb_symbol *s = sb_stemmer_stem(lex->stemmer, (const sb_symbol *)word, (int)len);
    size_t n = (size_t)sb_stemmer_length(lex->stemmer);
    if (n > STEM_ROOM)
        return NULL;
    memcpy(m->word, word, len);
    m->word[len] = '\0';
    memcpy(m->stem, s, n);
    m->n = (uint8_t)n;
    return m;
}

/* As lexicon_stem(), of a word in ASCII. */
static size_t stem_ascii(const lexicon *lex, const char *word, size_t len, uint32_t *ret_stem,
                         size_t room)
{
    const struct stem_memo *m = len <= STEM_ROOM ? stem_of(lex, word, len) : NULL;
    size_t n;
    if (m != NULL) {
        n = MIN(m->n, room);
        for (size_t i = 0; i < n; i++)
            ret_stem[i] = (unsigned char)m->stem[i];
        return n;
    }
    const sb_symbol *s = sb_stemmer_stem(lex->stemmer, (const sb_symbol *)word, (int)len);
    n = MIN((size_t)sb_stemmer_length(lex->stemmer), room);
    for (size_t i = 0; i < n; i++)
        ret_stem[i] = s[i];
    return n;
}

size_t lexicon_stem(const lexicon *lex, const struct gch *c, size_t n, uint32_t *ret_stem,
                    size_t room)
{
    char word[64];
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (c[i].cp >= 0x80 || len == sizeof word) {
            len = 0;
            break;
        }
        word[len++] = (char)c[i].cp;
    }
    if (len > 2)
        return stem_ascii(lex, word, len, ret_stem, room);
    for (size_t i = 0; i < n && i < room; i++)
        ret_stem[i] = c[i].cp;
    return MIN(n, room);
}
