/* From characters to tokens: concepts first, stems for what the lexicon does not know. */
#include <string.h>

#include "grade_internal.h"

struct cutter {
    struct gtokens *k;
    const lexicon *lex;
    unsigned line, sentence, clause;
};

static void add(struct cutter *u, struct gtoken t, const uint32_t *stem, size_t n)
{
    struct gtokens *k = u->k;
    struct arena *arena = k->text.arena;
    if (k->n == k->room)
        k->t = grow(arena, k->t, k->n, &k->room, sizeof *k->t);
    while (k->n_pool + n > k->room_pool)
        k->pool = grow(arena, k->pool, k->n_pool, &k->room_pool, sizeof *k->pool);
    t.stem = (uint32_t)k->n_pool;
    t.stem_n = (uint16_t)n;
    memcpy(k->pool + k->n_pool, stem, n * sizeof *stem);
    k->n_pool += n;
    t.line = (uint16_t)MIN(u->line, 65535u);
    t.sentence = (uint16_t)MIN(u->sentence, 65535u);
    t.clause = (uint16_t)MIN(u->clause, 65535u);
    k->t[k->n++] = t;
}

static uint64_t stem_key(const uint32_t *s, size_t n)
{
    uint64_t h = 7;
    for (size_t i = 0; i < n; i++)
        h = gmix(h, gfold(s[i]));
    return h;
}

static uint64_t concept_key(uint32_t base)
{
    return gmix(UINT64_C(0xC0CE97), base);
}

/* The characters of I..END without what joins words: how a concept was written. */
static size_t surface(const struct gch *c, size_t i, size_t end, uint32_t *out, size_t room)
{
    size_t n = 0;
    for (; i < end && n < room; i++)
        if (c[i].cls == GC_HANGUL || c[i].cls == GC_LATIN || c[i].cls == GC_DIGIT)
            out[n++] = c[i].cp;
    return n;
}

static void add_concept(struct cutter *u, size_t i, const struct lex_match *m, unsigned flags)
{
    uint32_t stem[KOREAN_STEM_MAX];
    size_t n = surface(u->k->text.c, i, m->end, stem, KOREAN_STEM_MAX);
    struct gtoken t = {.key = concept_key(m->base),
                       .at = (uint32_t)i,
                       .to = (uint32_t)m->end,
                       .full = (uint32_t)m->end,
                       .sign = (int8_t)m->sign,
                       .kind = TK_CONCEPT,
                       .flags = (uint8_t)flags};
    unsigned kinds = korean_kinds(u->lex->korean, stem, n);
    if (kinds & WORD_STOP)
        t.flags |= TF_STOP;
    else if (kinds & WORD_FAINT)
        t.flags |= TF_FAINT;
    add(u, t, stem, n);
}

/* The words of a phrase that are concepts of their own: 컨테이너 in 컨테이너 가상화. */
static void add_nested(struct cutter *u, size_t from, const struct lex_match *outer)
{
    const struct gch *c = u->k->text.c;
    for (size_t i = from; i < outer->end;) {
        bool start = i == from || !(c[i - 1].cls == GC_HANGUL || c[i - 1].cls == GC_LATIN ||
                                    c[i - 1].cls == GC_DIGIT);
        struct lex_match m;
        if (start && c[i].cls != GC_SPACE &&
            lexicon_match_within(u->lex, c, outer->end, i, LEX_BOUNDARY,
                                 i == from ? outer->end - 1 : outer->end, &m) &&
            m.base != outer->base) {
            add_concept(u, i, &m, TF_NESTED);
            i = m.end;
        } else {
            i++;
        }
    }
}

static size_t run_end(const struct gtext *t, size_t i)
{
    enum gclass cls = (enum gclass)t->c[i].cls;
    while (i < t->n && t->c[i].cls == cls)
        i++;
    return i;
}

static void end_clause(struct cutter *u, unsigned tail)
{
    if (tail == TAIL_AND || tail == TAIL_IF || tail == TAIL_FINAL)
        u->clause++;
}

/* Swallows the particle or ending after the concept just added; gives where it ends. */
static size_t swallow_tail(struct cutter *u, size_t first, size_t i)
{
    const struct gtext *t = &u->k->text;
    if (i >= t->n || t->c[i].cls != GC_HANGUL || i == 0)
        return i;
    size_t stop = run_end(t, i);
    uint32_t before = t->c[i - 1].cp;
    bool fused = hangul_is(before) && hangul_t(before) != T_NONE;
    size_t k = stop - i;
    if (!korean_is_tail(u->lex->korean, t->c + i, k, false)) {
        for (k = MIN(k - 1, 5); k > 0; k--)
            if (korean_is_tail(u->lex->korean, t->c + i, k, false))
                break;
        /* one syllable that begins the next word is no particle: 프로세스 안에서 */
        if (k == 1 && korean_particle_at(u->lex->korean, t->c + i, 1, before) == 0)
            k = 0;
    }
    (void)fused;
    if (k == 0)
        return i;
    enum tail tail = korean_tail_of(u->lex->korean, t->c + i, k, before);
    for (size_t j = first; j < u->k->n; j++) {
        u->k->t[j].full = (uint32_t)(i + k);
        u->k->t[j].tail = (uint8_t)tail;
    }
    end_clause(u, tail);
    return i + k;
}

/* Whether the token before stands right before I or one space away. */
static bool after_word(const struct cutter *u, size_t i)
{
    return u->k->n > 0 && u->k->t[u->k->n - 1].full + 1 >= i &&
           token_content(&u->k->t[u->k->n - 1]);
}

/* A word that denies: 않, 없, 아니; 안 and 못 alone or written to their verb. */
static size_t add_negator(struct cutter *u, size_t i, size_t end)
{
    size_t len;
    unsigned flag = negator_at(u->lex->korean, u->k->text.c + i, end - i, after_word(u, i), &len);
    if (flag == 0)
        return i;
    uint32_t stem[1] = {u->k->text.c[i].cp};
    struct gtoken t = {.key = stem_key(stem, 1),
                       .at = (uint32_t)i,
                       .to = (uint32_t)i + 1,
                       .full = (uint32_t)(i + len),
                       .kind = TK_HANGUL,
                       .flags = (uint8_t)flag};
    if (len > 1) {
        uint32_t last = u->k->text.c[i + len - 1].cp;
        bool inside = last == 0xC774 /* 이 */ || last == 0xB294 /* 는 */ ||
                      last == 0xC740 /* 은 */ || last == 0xB358 /* 던 */ ||
                      last == 0xB2CC /* 닌 */ || last == 0xAC8C /* 않게 */ ||
                      last == 0xB85D /* 않도록 */;
        t.tail = (uint8_t)(inside ? TAIL_ADNOM
                                  : korean_tail_of(u->lex->korean, u->k->text.c + i + 1, len - 1,
                                                   stem[0]));
    }
    add(u, t, stem, 1);
    if (!(flag & TF_NEG_BEFORE))
        end_clause(u, t.tail);
    return i + len;
}

static void add_hangul(struct cutter *u, size_t i, size_t end)
{
    size_t rest = add_negator(u, i, end);
    if (rest == end)
        return;
    i = rest;
    struct korean_word w;
    korean_stem(u->lex->korean, u->k->text.c + i, end - i, &w);
    struct gtoken t = {
        .key = stem_key(w.stem, w.n),
        .at = (uint32_t)i,
        .to = (uint32_t)MIN(i + w.n, end),
        .full = (uint32_t)end,
        .kind = TK_HANGUL,
        .tail = (uint8_t)w.tail,
        .flags = (uint8_t)((korean_kinds(u->lex->korean, w.stem, w.n) & WORD_STOP ? TF_STOP : 0) |
                           (w.verb ? TF_VERB : 0))};
    add(u, t, w.stem, w.n);
    end_clause(u, w.tail);
}

/* A particle after a bracket or a quote belongs to what stands before: 전가상화(full)와. */
static bool late_particle(struct cutter *u, size_t i, size_t stop)
{
    const struct gch *c = u->k->text.c;
    if (i == 0 || u->k->n == 0 || c[i - 1].cls != GC_PUNCT ||
        korean_particle_at(u->lex->korean, c + i, stop - i, 'a') != stop - i)
        return false;
    enum tail tail = korean_tail_of(u->lex->korean, c + i, stop - i, 'a');
    size_t open = i;
    while (open > 0 && c[open].cp != '(' && i - open < 60)
        open--;
    bool bracket = c[i - 1].cp == ')' && c[open].cp == '(';
    for (size_t j = u->k->n; j > 0; j--) {
        struct gtoken *t = &u->k->t[j - 1];
        if (t->full + 1 < i && !(bracket && t->full == open))
            break;
        t->tail = (uint8_t)tail;
        t->full = t->full + 1 >= i ? (uint32_t)stop : t->full;
        if (bracket && t->full == stop) { /* go on to the word before the bracket */
            while (j > 1 && u->k->t[j - 2].full > open && u->k->t[j - 2].full + 1 < i)
                j--;
        }
    }
    return true;
}

static size_t cut_hangul(struct cutter *u, size_t i, bool boundary)
{
    const struct gtext *t = &u->k->text;
    size_t stop = run_end(t, i);
    if (late_particle(u, i, stop))
        return stop;
    bool crammed = stop - i >= 9;
    size_t from = i; /* of the unknown piece */
    bool start = true;
    while (i < stop) {
        if (start || boundary) {
            size_t len, next = i;
            /* -ㄹ 수 있다, 수 없다: 수 is a bare noun and says nothing */
            if (i + 1 < stop && t->c[i].cp == 0xC218 &&
                (t->c[i + 1].cp == 0xC788 || t->c[i + 1].cp == 0xC5C6 ||
                 t->c[i + 1].cp == 0xC787)) {
                from = ++i;
                boundary = true;
                continue;
            }
            unsigned flag = negator_at(u->lex->korean, t->c + i, stop - i, after_word(u, i), &len);
            struct lex_match m;
            if (flag != 0 &&
                (!lexicon_match(u->lex, t->c, t->n, i, LEX_BOUNDARY, &m) || m.end <= i + 1))
                next = add_negator(u, i, stop);
            start = false;
            if (next == stop)
                return stop;
            if (next > i) {
                from = i = next;
                boundary = true;
                continue;
            }
        }
        struct lex_match m;
        unsigned where = (boundary ? LEX_BOUNDARY : 0u) | (crammed ? LEX_CRAMMED : 0u);
        if (!lexicon_match(u->lex, t->c, t->n, i, where, &m) ||
            (i == from + 1 && !boundary && m.end - i < 4)) { /* 상으로 in 가상으로 */
            i++;
            boundary = false;
            continue;
        }
        if (i > from)
            add_hangul(u, from, i);
        size_t first = u->k->n;
        add_concept(u, i, &m, 0);
        if (m.phrase)
            add_nested(u, i, &m);
        i = swallow_tail(u, first, m.end);
        if (i >= stop)
            return i;
        from = i;
        boundary = true;
    }
    add_hangul(u, from, stop);
    return stop;
}

static bool negates_latin(const struct gch *c, size_t n, unsigned kinds)
{
    if (n > 3 && c[n - 1].cp == 't' && (c[n - 2].cp == '\'' || c[n - 2].cp == 0x2019) &&
        c[n - 3].cp == 'n')
        return true;
    return (kinds & WORD_NEGATES) != 0;
}

/* O(n log n) and the like: one token, spaces and times signs left out. */
static size_t cut_big_o(struct cutter *u, size_t i)
{
    const struct gtext *t = &u->k->text;
    uint32_t stem[KOREAN_STEM_MAX];
    size_t n = 0, j = i;
    for (; j < t->n && j < i + 20; j++) {
        uint32_t cp = t->c[j].cp;
        if (cp != ' ' && cp != '*' && cp != 0xD7 && cp != 0xB7 && n < KOREAN_STEM_MAX)
            stem[n++] = cp;
        if (cp == ')') {
            struct gtoken k = {.key = stem_key(stem, n),
                               .at = (uint32_t)i,
                               .to = (uint32_t)j + 1,
                               .full = (uint32_t)j + 1,
                               .kind = TK_NUMBER};
            add(u, k, stem, n);
            return j + 1;
        }
    }
    return i;
}

static size_t cut_latin(struct cutter *u, size_t i)
{
    const struct gtext *t = &u->k->text;
    struct lex_match m;
    size_t first = u->k->n;
    if (t->c[i].cp == 'o' && t->c[i + 1].cp == '(') {
        size_t end = cut_big_o(u, i);
        if (end > i)
            return swallow_tail(u, first, end);
    }
    size_t end = i;
    while (end < t->n &&
           (t->c[end].cls == GC_LATIN || (t->c[end].cls == GC_DIGIT && end > i) ||
            (end > i && end + 1 < t->n && t->c[end + 1].cls == GC_LATIN &&
             (t->c[end].cp == '\'' || t->c[end].cp == 0x2019 || t->c[end].cp == '-'))))
        end++;
    unsigned kinds = latin_kinds(u->lex->korean, t->c + i, end - i);
    bool negates = negates_latin(t->c + i, end - i, kinds);
    bool stop = (kinds & WORD_ENGLISH) || negates;
    if (lexicon_match(u->lex, t->c, t->n, i, LEX_BOUNDARY, &m) && (!stop || m.end > end)) {
        add_concept(u, i, &m, 0);
        if (m.phrase)
            add_nested(u, i, &m);
        return swallow_tail(u, first, m.end);
    }
    size_t word = i; /* hyphenated words fall apart */
    while (word < end && t->c[word].cp != '-')
        word++;
    uint32_t stem[KOREAN_STEM_MAX];
    size_t n = lexicon_stem(u->lex, t->c + i, word - i, stem, KOREAN_STEM_MAX);
    struct gtoken k = {.key = stem_key(stem, n),
                       .at = (uint32_t)i,
                       .to = (uint32_t)word,
                       .full = (uint32_t)word,
                       .kind = TK_LATIN,
                       .flags = (uint8_t)(negates ? TF_NEG_BEFORE
                                          : stop  ? TF_STOP
                                                  : 0)};
    if (stop || k.flags != 0)
        k.to = k.full = (uint32_t)(word = end);
    add(u, k, stem, n);
    if (k.flags == TF_STOP && n == 3 && stem[0] == 'b' && stem[1] == 'u' && stem[2] == 't')
        u->clause++;
    return swallow_tail(u, first, word);
}

static size_t cut_number(struct cutter *u, size_t i)
{
    const struct gtext *t = &u->k->text;
    struct lex_match m;
    size_t first = u->k->n;
    if (lexicon_match(u->lex, t->c, t->n, i, LEX_BOUNDARY, &m)) {
        add_concept(u, i, &m, 0);
        return swallow_tail(u, first, m.end);
    }
    uint32_t stem[KOREAN_STEM_MAX];
    size_t n = 0, j = i;
    for (; j < t->n && (t->c[j].cls == GC_DIGIT || ((t->c[j].cp == '.' || t->c[j].cp == ',') &&
                                                    j + 1 < t->n && t->c[j + 1].cls == GC_DIGIT));
         j++)
        if (t->c[j].cp != ',' && n < KOREAN_STEM_MAX)
            stem[n++] = t->c[j].cp;
    struct gtoken k = {.key = stem_key(stem, n),
                       .at = (uint32_t)i,
                       .to = (uint32_t)j,
                       .full = (uint32_t)j,
                       .kind = TK_NUMBER};
    add(u, k, stem, n);
    return j;
}

/*
 * A comma parts clauses only after a verb or in English: "흐름제어, 혼잡제어 없음"
 * denies both.
 */
static bool parts_clauses(const struct cutter *u, size_t i)
{
    const struct gch *c = u->k->text.c;
    uint32_t cp = c[i].cp;
    if (cp == ';' || cp == ':' || cp == '(' || cp == ')' || cp == '=' || cp == '|' || cp == '[' ||
        cp == ']' || (cp >= 0x2190 && cp <= 0x21FF) || cp == '>')
        return true;
    if ((cp == '/' || cp == '-' || cp == 0x2013 || cp == 0x2014) && i > 0)
        return c[i - 1].cls == GC_SPACE && c[i + 1].cls == GC_SPACE;
    if (cp != ',' || u->k->n == 0)
        return false;
    const struct gtoken *last = &u->k->t[u->k->n - 1];
    return c[last->full - 1].cls == GC_LATIN;
}

/* Counts lines, sentences and clauses at the characters between words. */
static size_t pass_other(struct cutter *u, size_t i)
{
    const struct gch *c = u->k->text.c;
    if (c[i].cls == GC_NEWLINE) {
        u->line++;
        u->sentence++;
        u->clause++;
    } else if ((c[i].cp == '.' || c[i].cp == '!' || c[i].cp == '?' || c[i].cp == 0x3002) &&
               (c[i + 1].cls == GC_SPACE || c[i + 1].cls == GC_NEWLINE ||
                c[i + 1].cls == GC_HANGUL)) {
        u->sentence++;
        u->clause++;
    } else if (parts_clauses(u, i)) {
        u->clause++;
    }
    return i + 1;
}

/* "1." and "2)" at a line's begin number an item and say nothing. */
static bool list_number(const struct gtext *t, size_t i)
{
    size_t end = run_end(t, i);
    if (end - i > 2 || (t->c[end].cp != '.' && t->c[end].cp != ')') ||
        t->c[end + 1].cls == GC_DIGIT)
        return false;
    while (i > 0 && t->c[i - 1].cls != GC_NEWLINE && t->c[i - 1].cls != GC_HANGUL &&
           t->c[i - 1].cls != GC_LATIN)
        i--;
    return i == 0 || t->c[i - 1].cls == GC_NEWLINE;
}

void gtokens_init(struct gtokens *k, const lexicon *lex, struct arena *arena, const char *src,
                  size_t len)
{
    memset(k, 0, sizeof *k);
    gtext_init(&k->text, arena, src, len);
    if (arena != NULL) { /* what an answer mostly needs: growing would leave holes */
        k->room = k->text.n / 3 + 32;
        k->t = arena_alloc_raw(arena, k->room * sizeof *k->t);
        k->room_pool = k->text.n + 64;
        k->pool = arena_alloc_raw(arena, k->room_pool * sizeof *k->pool);
    }
    struct cutter u = {.k = k, .lex = lex};
    for (size_t i = 0; i < k->text.n;) {
        switch ((enum gclass)k->text.c[i].cls) {
        case GC_HANGUL:
            i = cut_hangul(&u, i, true);
            break;
        case GC_LATIN:
            i = cut_latin(&u, i);
            break;
        case GC_DIGIT:
            i = list_number(&k->text, i) ? run_end(&k->text, i) : cut_number(&u, i);
            break;
        default:
            i = pass_other(&u, i);
        }
    }
    mark_polarity(k);
}

void gtokens_clear(struct gtokens *k)
{
    if (k->text.arena == NULL) {
        g_free(k->t);
        g_free(k->pool);
    }
    gtext_clear(&k->text);
    memset(k, 0, sizeof *k);
}
