/* What an answer turns round: denials, sides, causes, numbers. */
#include <string.h>

#include "grade_internal.h"

/* Whether another term of T's unit is said in the same clause: then the two speak of one thing. */
static bool in_context(const struct matcher *x, size_t t)
{
    const struct outcome *o = x->o;
    const struct unit *u = &x->m->units[x->m->terms[t].unit];
    const struct gtoken *k = &x->a->t[o->by[t]];
    for (size_t i = u->first; i < (size_t)u->first + u->n; i++) {
        if (i == t || o->by[i] < 0 || o->by[i] == o->by[t])
            continue;
        const struct gtoken *other = &x->a->t[o->by[i]];
        if (other->at < k->to && k->at < other->to)
            continue; /* one word's parts */
        if (other->clause == k->clause)
            return true;
    }
    return false;
}

/* A rare word denied outright needs no company: O(NM)이 아니라. */
static bool denied_outright(const struct matcher *x, size_t t)
{
    const struct term *term = &x->m->terms[t];
    return term->rarity >= x->g->tune.outright && !term->asked && !(term->flags & TF_NESTED) &&
           x->a->t[x->o->by[t]].neg == NEG_STRONG && term->neg == NEG_NONE;
}

void drop_stray_clashes(struct matcher *x)
{
    struct outcome *o = x->o;
    for (size_t n = x->m->n_terms, t = found_next(o, 0, n); t < n; t = found_next(o, t + 1, n)) {
        if (!(o->flag[t] & HIT_CLASH))
            continue;
        if (!denied_outright(x, t) && !in_context(x, t))
            o->flag[t] = (uint8_t)(o->flag[t] & ~HIT_CLASH);
        else if (o->clash_by < 0)
            o->clash_by = o->by[t];
    }
}

/* The one side that the model says T's word of, or HEAD_NONE when it is of several or of none. */
static uint8_t only_head(const struct model *m, size_t t)
{
    uint32_t mask = 0;
    const struct term *term = &m->terms[t];
    size_t at = (size_t)term->key & (m->n_slots - 1);
    while (m->terms[m->slots[at] - 1].key != term->key)
        at = (at + 1) & (m->n_slots - 1);
    for (uint32_t i = m->slots[at]; i != 0; i = m->terms[i - 1].next)
        if (token_side(m->terms[i - 1].sign, m->terms[i - 1].neg) ==
            token_side(term->sign, term->neg))
            mask |= m->terms[i - 1].heads;
    if (mask == 0 || (mask & (mask - 1)) != 0 || mask == UINT32_C(1) << 31)
        return HEAD_NONE;
    return (uint8_t)__builtin_ctz(mask);
}

static bool names_head(const struct model *m, const struct term *t)
{
    for (size_t j = 0; j < m->heads.n; j++)
        if (m->heads.k[j].key == t->key && m->heads.k[j].sign == t->sign)
            return true;
    return false;
}

void sides_index(struct model *m)
{
    for (size_t t = 0; t < m->n_terms; t++) {
        m->terms[t].only = only_head(m, t);
        m->terms[t].names = names_head(m, &m->terms[t]);
    }
}

/*
 * Words that the model says of one side, found under another. One crossing word
 * may be chance: the sides are swapped when two of them carry mostly the
 * other's words, or when the model speaks of one side only and nearly all of it
 * is said of the other.
 */
void judge_sides(struct matcher *x)
{
    struct outcome *o = x->o;
    if (x->m->heads.n == 0)
        return;
    int64_t said[HEADS_MAX][HEADS_MAX];
    size_t heads = x->m->heads.n_heads;
    memset(said, 0, heads * sizeof *said);
    uint32_t used = 0;
    bool several = false;
    for (size_t n = x->m->n_terms, t = found_next(o, 0, n); t < n; t = found_next(o, t + 1, n)) {
        const struct term *term = &x->m->terms[t];
        if (o->match[t] == 0 || (term->flags & (TF_NESTED | TF_FAINT)) || term->names)
            continue;
        uint8_t of = term->only, now = x->head[o->by[t]];
        if (of == HEAD_NONE || now == HEAD_NONE || x->m->heads.group[of] != x->m->heads.group[now])
            continue;
        used |= UINT32_C(1) << of;
        said[now][of] += term->rarity;
        if (now == of) {
            o->straight += term->rarity;
            continue;
        }
        o->crossed += term->rarity;
        if (o->cross_by < 0)
            o->cross_by = o->by[t];
        several |= o->by[t] != o->cross_by;
    }
    if (!several)
        return;
    int turned = 0, mixed = 0;
    for (size_t h = 0; h < heads; h++) {
        int64_t other = 0;
        for (size_t m = 0; m < heads; m++)
            other += m == h ? 0 : said[h][m];
        turned += other > said[h][h];
        mixed += other > 0;
    }
    bool alone = (used & (used - 1)) == 0;
    o->swapped =
        !(x->g->tune.off & RULE_SWAP) && (turned >= 2 || (turned == 1 && mixed >= 2) || alone) &&
        o->crossed * 1000 >= (o->crossed + o->straight) * (alone         ? 750
                                                           : turned == 1 ? 600
                                                                         : x->g->tune.swap_share);
}

/*
 * What the model gives as a cause, said as an effect, and the other way round.
 * Both directions are asked for: one word alone may stand anywhere.
 */
void judge_causes(struct matcher *x)
{
    struct outcome *o = x->o;
    int64_t straight = 0, turned[2] = {0, 0};
    if ((x->g->tune.off & RULE_REVERSED) || !x->m->has_roles)
        return;
    for (size_t n = x->m->n_terms, t = found_next(o, 0, n); t < n; t = found_next(o, t + 1, n)) {
        const struct term *term = &x->m->terms[t];
        if (term->role == ROLE_NONE || o->match[t] == 0 || (term->flags & (TF_NESTED | TF_FAINT)) ||
            x->r->verbatim[o->by[t]])
            continue;
        uint8_t role = x->r->role[o->by[t]];
        if (role == ROLE_NONE)
            continue;
        if (role == term->role) {
            straight += term->rarity;
            continue;
        }
        turned[role == ROLE_CAUSE] += term->rarity;
        if (o->reverse_by < 0)
            o->reverse_by = o->by[t];
    }
    if (turned[0] > 0 && turned[1] > 0 && turned[0] + turned[1] > 2 * straight)
        o->reversed = turned[0] + turned[1];
}

/*
 * A number of the model's fact that is missing, while the answer gives another
 * one beside the fact's words: O(n) for O(1), 8080 for 80.
 */
void judge_numbers(struct matcher *x)
{
    struct outcome *o = x->o;
    if (x->g->tune.off & RULE_NUMBERS)
        return;
    for (size_t k = 0; k < x->m->n_numbers; k++) {
        size_t t = x->m->numbers[k];
        const struct term *term = &x->m->terms[t];
        const struct unit *u = &x->m->units[term->unit];
        if (o->by[t] >= 0)
            continue;
        for (size_t i = 0; i < x->a->n; i++) {
            if (x->a->t[i].kind != TK_NUMBER || x->hit[i] || model_has(x->m, x->a->t[i].key))
                continue;
            bool beside = false;
            for (size_t w = u->first; w < (size_t)u->first + u->n && !beside; w++)
                beside = o->by[w] >= 0 && !(x->m->terms[w].flags & TF_FAINT) &&
                         x->a->t[o->by[w]].clause == x->a->t[i].clause;
            if (!beside)
                continue;
            o->numbers += term->weight;
            o->number_by = (int)i;
            break;
        }
    }
}
