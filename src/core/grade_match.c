/* What an answer says of one model answer: term by term, fact by fact. */
#include <string.h>

#include "grade_internal.h"

/*
 * Token I as a sign of TERM with likeness LIKE: what it is worth and why not
 * more. BOTH: the model takes both sides of the word, so neither clashes.
 */
static void hit(struct matcher *x, size_t term, size_t i, int like, bool both)
{
    const struct term *t = &x->m->terms[term];
    const struct gtoken *k = &x->a->t[i];
    const struct grade_tuning *u = &x->g->tune;
    unsigned flag = 0;
    int worth = like;
    /* a misspelt word takes the side that it is taken for */
    int sign = k->sign == 0 && like < 1000 ? t->sign : k->sign;
    if (x->r->verbatim[i]) {
        worth = sign == t->sign ? like : 0;
    } else if (!(u->off & RULE_POLARITY)) {
        if (token_side(t->sign, t->neg) != token_side(sign, k->neg)) {
            bool weak = (t->neg == NEG_WEAK || k->neg == NEG_WEAK) && t->sign == sign;
            flag |= weak || both ? 0 : HIT_CLASH;
            worth = weak ? like : 0;
        } else if (t->neg != k->neg && t->neg != NEG_STRONG && k->neg != NEG_STRONG) {
            flag |= HIT_WEAK;
            worth = like * u->weak / 1000;
        }
    } else if (t->sign != sign) {
        worth = 0;
    }
    x->hit[i] = true;
    uint8_t head = x->head[i];
    bool general = (t->heads & (UINT32_C(1) << 31)) != 0 || head == HEAD_NONE;
    bool crossed = !general && !(t->heads & (UINT32_C(1) << head)) && t->heads != 0 &&
                   x->m->heads.group[head] == x->m->heads.group[__builtin_ctz(t->heads)];
    if (crossed)
        flag |= HIT_CROSSED;
    /* the best reading wins: worth more, then straight before crossed */
    int rank = worth * 4 + (crossed ? 0 : 2) + (flag & HIT_CLASH ? 0 : 1);
    int old = x->o->by[term] < 0
                  ? -1
                  : x->o->match[term] * 4 + (x->o->flag[term] & HIT_CROSSED ? 0 : 2) +
                        (x->o->flag[term] & HIT_CLASH ? 0 : 1);
    if (rank > old) {
        x->o->found[term / 64] |= UINT64_C(1) << term % 64;
        x->o->match[term] = worth;
        x->o->by[term] = (int)i;
        x->o->flag[term] = (uint8_t)flag;
    }
}

static bool hit_equal(struct matcher *x, size_t i)
{
    const struct gtoken *k = &x->a->t[i];
    const struct model *m = x->m;
    size_t at = (size_t)k->key & (m->n_slots - 1);
    while (m->slots[at] != 0 && m->terms[m->slots[at] - 1].key != k->key)
        at = (at + 1) & (m->n_slots - 1);
    bool both = false;
    for (uint32_t t = m->slots[at]; t != 0; t = m->terms[t - 1].next)
        both |=
            token_side(m->terms[t - 1].sign, m->terms[t - 1].neg) == token_side(k->sign, k->neg);
    for (uint32_t t = m->slots[at]; t != 0; t = m->terms[t - 1].next)
        hit(x, t - 1, i, 1000, both);
    return m->slots[at] != 0;
}

/* A token that is compared with the model's words. */
struct compared {
    struct matcher *x;
    size_t i;
};

/* WORD of the model, of which most letters are in the token. */
static void compare_word(void *data, size_t word)
{
    const struct compared *c = data;
    struct matcher *x = c->x;
    const struct gtoken *k = &x->a->t[c->i];
    int like = -1;
    for (uint32_t t = x->m->words.first[word]; t != 0; t = x->m->terms[t - 1].twin) {
        const struct term *term = &x->m->terms[t - 1];
        if (x->o->match[t - 1] >= 1000 || (term->kind == TK_CONCEPT && k->kind == TK_CONCEPT))
            continue;
        if (like < 0)
            like = stem_likeness(x->m->tokens.pool + term->stem, term->stem_n, x->a->pool + k->stem,
                                 k->stem_n);
        if (like >= x->g->tune.fuzzy_least)
            hit(x, t - 1, c->i, like, false);
    }
}

static void hit_alike(struct matcher *x, size_t i)
{
    const struct gtoken *k = &x->a->t[i];
    if (k->kind == TK_NUMBER || k->stem_n < 2 || (x->g->tune.off & RULE_FUZZY))
        return;
    if (x->r->sig[i] == 0)
        x->r->sig[i] = stem_sig(x->a->pool + k->stem, k->stem_n);
    words_alike(&x->m->words, x->r->sig[i], k->kind == TK_CONCEPT, compare_word,
                &(struct compared){x, i});
}

/* Hangul terms of two syllables or more inside a long run that was typed without spaces. */
static void hit_inside(struct matcher *x, size_t i)
{
    const struct gtoken *k = &x->a->t[i];
    const uint32_t *stem = x->a->pool + k->stem;
    if (k->kind != TK_HANGUL || k->stem_n < 4 || (x->g->tune.off & RULE_CRAMMED))
        return;
    for (size_t t = 0; t < x->m->n_terms; t++) {
        const struct term *term = &x->m->terms[t];
        if (x->o->match[t] >= 1000 || term->stem_n < 2 || term->stem_n >= k->stem_n)
            continue;
        const uint32_t *want = x->m->tokens.pool + term->stem;
        if (!hangul_is(want[0]))
            continue;
        for (size_t at = 0; at + term->stem_n <= k->stem_n; at++) {
            if (memcmp(stem + at, want, term->stem_n * sizeof *want) == 0) {
                hit(x, t, i, 950, false);
                break;
            }
        }
    }
}

/* A phrase of which only the parts are said: 삽입 and 삭제 for 삽입과 삭제. */
static void earn_by_parts(struct matcher *x)
{
    struct outcome *o = x->o;
    for (size_t k = 0; k < x->m->n_wholes; k++) {
        size_t t = x->m->wholes[k], part = t + 1;
        int64_t all = 0, have = 0;
        int by = -1;
        unsigned flag = 0;
        for (; part < x->m->n_terms && x->m->terms[part].whole == t + 1; part++) {
            int32_t w = x->m->terms[part].rarity;
            all += w;
            if (o->by[part] < 0)
                continue;
            have += (int64_t)w * o->match[part];
            flag |= o->flag[part];
            if (by < 0 || o->match[part] > 0)
                by = o->by[part];
        }
        if (all == 0 || by < 0)
            continue;
        int worth = (int)(have / all * x->g->tune.parts / 1000);
        if (o->by[t] < 0 || (worth > o->match[t] && !(o->flag[t] & HIT_CLASH))) {
            o->match[t] = worth;
            o->by[t] = by;
            o->flag[t] = (uint8_t)flag;
            x->o->found[t / 64] |= UINT64_C(1) << t % 64;
        }
    }
}

/* ---- an answer made ready ---- */

/* A sentence of the model's own is said of whatever the model says it of, and denies nothing. */
static void mark_verbatim(struct reading *r)
{
    const struct gtokens *k = r->k;
    for (size_t i = 0, end; i < k->n; i = end) {
        uint64_t key = sentence_key(k, i, &end);
        bool same = false;
        for (size_t j = 0; j < r->s->n_models && !same; j++)
            same = keys_have(r->s->models[j].sentences, r->s->models[j].n_sentences, key);
        memset(r->verbatim + i, same, end - i);
    }
}

/* Whether any of the question's model answers has the word. */
static bool known(const grade_sheet *s, uint64_t key)
{
    for (size_t i = 0; i < s->n_models; i++)
        if (model_has(&s->models[i], key))
            return true;
    return false;
}

void reading_init(struct reading *r, struct arena *arena, const grade_sheet *s,
                  const struct gtokens *k)
{
    size_t n = k->n + 1;
    *r = (struct reading){.s = s, .k = k, .arena = arena};
    r->sig = arena_alloc(arena, n * (sizeof *r->sig + sizeof *r->rarity + 3));
    r->rarity = (int32_t *)(r->sig + n);
    r->role = (uint8_t *)(r->rarity + n);
    r->verbatim = r->role + n;
    r->known = r->verbatim + n;
    mark_verbatim(r);
    roles_assign(k, r->role);
    for (size_t i = 0; i < k->n; i++) {
        if (!token_content(&k->t[i]) || (k->t[i].flags & (TF_NESTED | TF_FAINT)))
            continue;
        r->rarity[i] = grader_idf(s->g, k->t[i].key);
        r->mass += r->rarity[i];
        r->known[i] = known(s, k->t[i].key);
    }
}

/* ---- against one model answer ---- */

/* The arrays of an outcome and its matcher. */
static void make_room(struct outcome *o, struct matcher *x)
{
    size_t terms = x->m->n_terms + 1, units = x->m->n_units + 1, tokens = x->a->n + 1;
    size_t bits = terms / 64 + 1;
    o->found = arena_alloc(x->r->arena, bits * sizeof(uint64_t) +
                                            (2 * terms + units) * sizeof(int) + terms + 2 * tokens);
    o->match = (int *)(o->found + bits);
    o->by = o->match + terms;
    o->unit = o->by + terms;
    o->flag = (uint8_t *)(o->unit + units);
    x->head = o->flag + terms;
    o->known = x->hit = x->head + tokens;
    memset(o->by, 0xFF, terms * sizeof *o->by); /* -1 */
}

/* Words copied from a model are said of no side. */
static void forget_verbatim_heads(struct matcher *x)
{
    for (size_t i = 0; i < x->a->n; i++)
        if (x->r->verbatim[i])
            x->head[i] = HEAD_NONE;
}

void outcome_fill(struct outcome *o, const struct reading *r, size_t model)
{
    const struct model *m = &r->s->models[model];
    memset(o, 0, sizeof *o);
    struct matcher x = {.o = o, .g = r->s->g, .s = r->s, .m = m, .a = r->k, .r = r};
    make_room(o, &x);
    o->clash_by = o->cross_by = o->number_by = o->reverse_by = -1;
    heads_assign(&m->heads, x.a, x.head);
    forget_verbatim_heads(&x);
    for (size_t i = 0; i < x.a->n; i++) {
        if (!token_content(&x.a->t[i]))
            continue;
        if (!hit_equal(&x, i) || x.a->t[i].kind == TK_HANGUL)
            hit_alike(&x, i);
        hit_inside(&x, i);
    }
    earn_by_parts(&x);
    drop_stray_clashes(&x);
    judge_sides(&x);
    judge_causes(&x);
    judge_numbers(&x);
    score_units(&x);
}
