/* Finding the forms of the lexicon in a text, and keys for searching. */
#include <string.h>

#include "grade_korean.h"
#include "lexicon_internal.h"

struct spot {
    const struct gch *c;
    size_t n, from;
    unsigned where;
    const struct korean *korean;
};

/* Whether what follows a Latin form at END lets it stand as a word; swallows a plural. */
static bool latin_ends(const struct spot *s, size_t *end, size_t len)
{
    size_t e = *end;
    const struct gch *c = s->c;
    if (e >= s->n || (c[e].cls != GC_LATIN && c[e].cls != GC_DIGIT))
        return true;
    if (c[e].cls == GC_DIGIT)
        return len >= 4 && c[e - 1].cls == GC_LATIN;
    if (c[e].cp == 's' && len >= 2 && c[e - 1].cls == GC_LATIN &&
        (e + 1 >= s->n || (c[e + 1].cls != GC_LATIN && c[e + 1].cls != GC_DIGIT))) {
        *end = e + 1;
        return true;
    }
    return false;
}

/* Whether form F may stand at S up to END (FUSED: its last syllable carries an ending's first
 * sound). */
static bool accept(const struct spot *s, const struct form *f, size_t *end, bool spaced, bool fused)
{
    const struct gch *c = s->c;
    if (f->flags & FORM_SHORT) {
        uint32_t last = c[*end - 1].cp;
        if (fused)
            last -= hangul_t(last);
        if (f->len == 1 ? f->exact[0] != last : f->exact[0] != c[s->from].cp || f->exact[1] != last)
            return false;
    }
    bool latin = (f->flags & (FORM_LATIN_FIRST | FORM_LATIN_LAST)) != 0;
    if (spaced && !(f->flags & FORM_SPACED) && (latin || f->len < 3))
        return false;
    if ((f->flags & FORM_LATIN_LAST) && !latin_ends(s, end, f->len))
        return false;
    if (f->flags & FORM_LATIN_FIRST)
        return true;
    if (f->len >= 3)
        return true;
    if (f->len == 2)
        return (s->where & (LEX_BOUNDARY | LEX_CRAMMED)) != 0;
    /* one syllable: only a word of its own, with an ending or a particle */
    size_t stop = *end;
    while (stop < s->n && c[stop].cls == GC_HANGUL)
        stop++;
    return (s->where & LEX_BOUNDARY) && korean_is_tail(s->korean, c + *end, stop - *end, fused);
}

static void consider(const lexicon *lex, const struct spot *s, uint32_t node, size_t end,
                     bool spaced, bool fused, size_t limit, struct lex_match *best)
{
    for (uint32_t k = lex->nodes[node].form; k != 0; k = lex->forms[k - 1].next) {
        const struct form *f = &lex->forms[k - 1];
        size_t stop = end;
        if (!accept(s, f, &stop, spaced, fused) || stop > limit || stop <= best->end)
            continue;
        *best = (struct lex_match){.base = f->base,
                                   .sign = f->sign,
                                   .end = stop,
                                   .phrase = (f->flags & FORM_SPACED) || spaced};
    }
}

/* Endings fuse with an open syllable: 쓰 + ㄴ다, ㄹ, ㅁ, ㅂ니다, ㅆ다. */
static bool fuses(unsigned final)
{
    return final == T_N || final == T_L || final == T_M || final == T_B || final == T_SS;
}

/* Whether what stands at J joins two words of a form. */
static bool joined(const struct spot *s, size_t j)
{
    return j > s->from && lexicon_joiner(s->c[j].cp) && j + 1 < s->n &&
           lexicon_wordly(&s->c[j + 1]);
}

static void walk(const lexicon *lex, const struct spot *s, size_t limit, struct lex_match *best)
{
    uint32_t node = ROOT;
    bool spaced = false;
    size_t stop = MIN(s->n, limit);
    for (size_t j = s->from; j < stop; j++) {
        const struct gch *c = &s->c[j];
        if (!lexicon_wordly(c)) {
            if (!joined(s, j))
                return;
            spaced = true;
            continue;
        }
        if (fuses(c->final)) {
            uint32_t folded = c->final == T_SS ? T_S : c->final; /* as gfold() has it */
            uint32_t open = lexicon_child(lex, node, c->fold - folded);
            if (open != 0 && lex->nodes[open].form != 0)
                consider(lex, s, open, j + 1, spaced, true, limit, best);
        }
        node = lexicon_child(lex, node, c->fold);
        if (node == 0)
            return;
        if (lex->nodes[node].form != 0)
            consider(lex, s, node, j + 1, spaced, false, limit, best);
    }
}

/* English by stems, up to four words. */
static void walk_stems(const lexicon *lex, const struct spot *s, size_t limit,
                       struct lex_match *best)
{
    uint32_t node = STEM_ROOT;
    size_t j = s->from;
    for (int words = 0; words < 4; words++) {
        size_t stop = j;
        while (stop < s->n && s->c[stop].cls == GC_LATIN)
            stop++;
        if (stop == j || stop > limit || stop - j > 40 ||
            (stop < s->n && s->c[stop].cls == GC_DIGIT))
            return;
        uint32_t stem[FORM_MAX];
        size_t m = lexicon_stem(lex, s->c + j, stop - j, stem, FORM_MAX);
        for (size_t k = 0; k < m; k++) {
            node = lexicon_child(lex, node, stem[k]);
            if (node == 0)
                return;
        }
        if (lex->nodes[node].form != 0 && stop > best->end) {
            const struct form *f = &lex->forms[lex->nodes[node].form - 1];
            *best = (struct lex_match){
                .base = f->base, .sign = f->sign, .end = stop, .phrase = words > 0};
        }
        if (stop + 1 >= s->n || !lexicon_joiner(s->c[stop].cp))
            return;
        j = stop + 1;
    }
}

bool lexicon_match_within(const lexicon *lex, const struct gch *c, size_t n, size_t i,
                          unsigned where, size_t limit, struct lex_match *ret_match)
{
    struct spot s = {.c = c, .n = n, .from = i, .where = where, .korean = lex->korean};
    struct lex_match best = {.base = LEX_NONE, .end = i};
    walk(lex, &s, limit, &best);
    if (c[i].cls == GC_LATIN)
        walk_stems(lex, &s, limit, &best);
    if (best.base == LEX_NONE)
        return false;
    *ret_match = best;
    return true;
}

bool lexicon_match(const lexicon *lex, const struct gch *c, size_t n, size_t i, unsigned where,
                   struct lex_match *ret_match)
{
    if (!lexicon_match_within(lex, c, n, i, where, n, ret_match))
        return false;
    /* 큐와: the noun and its particle, when the row has the noun bare too */
    struct lex_match noun;
    if (ret_match->end == i + 2 && c[i].cls == GC_HANGUL && (where & LEX_BOUNDARY) &&
        lexicon_match_within(lex, c, n, i, where, i + 1, &noun) && noun.base == ret_match->base)
        *ret_match = noun;
    return true;
}

/* ---- keys for searching ---- */

char *lexicon_key(const lexicon *lex, const char *text)
{
    struct gtext t;
    gtext_init(&t, NULL, text, strlen(text));
    GString *out = g_string_new(NULL);
    bool boundary = true;
    for (size_t i = 0; i < t.n;) {
        struct lex_match m;
        if (t.c[i].cls != GC_HANGUL && t.c[i].cls != GC_LATIN && t.c[i].cls != GC_DIGIT) {
            boundary = true;
            i++;
        } else if ((boundary || t.c[i].cls == GC_HANGUL) &&
                   lexicon_match(lex, t.c, t.n, i, boundary ? LEX_BOUNDARY : 0, &m)) {
            for (const char *p = lexicon_concept(lex, m.base); *p != '\0'; p++)
                if (*p != ' ' && *p != '-')
                    g_string_append_c(out, *p);
            if (m.sign != 0)
                g_string_append_c(out, m.sign > 0 ? '+' : '-');
            i = m.end;
            boundary = true;
        } else {
            g_string_append_unichar(out, t.c[i].cp);
            boundary = i + 1 < t.n && t.c[i + 1].cls != t.c[i].cls;
            i++;
        }
    }
    gtext_clear(&t);
    return g_string_free(out, FALSE);
}

bool lexicon_same(const lexicon *lex, const char *a, const char *b)
{
    g_autofree char *ka = lexicon_key(lex, a);
    g_autofree char *kb = lexicon_key(lex, b);
    return *ka != '\0' && strcmp(ka, kb) == 0;
}
