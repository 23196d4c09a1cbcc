/* What an answer says of one model answer: term by term, fact by fact. */
#include <string.h>

#include "grade_internal.h"

struct matcher {
    struct outcome *o;
    const grader *g;
    const grade_sheet *s;
    const struct model *m;
    const struct gtokens *a;
    uint8_t *head;  /* of the answer's tokens */
    uint8_t *role;  /* of them: ROLE_... */
    bool *hit;      /* an answer's token that the model has */
    bool *verbatim; /* it stands in a sentence of the model's own */
};

/* The side of a concept that a text takes: its sign turned by a strong denial. */
static int side(int sign, unsigned neg)
{
    int s = sign == 0 ? 1 : sign;
    return neg == NEG_STRONG ? -s : s;
}

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
    if (x->verbatim[i]) {
        worth = sign == t->sign ? like : 0;
    } else if (!(u->off & RULE_POLARITY)) {
        if (side(t->sign, t->neg) != side(sign, k->neg)) {
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
    bool crossed = !general && !(t->heads & (UINT32_C(1) << head));
    if (crossed)
        flag |= HIT_CROSSED;
    /* the best reading wins: worth more, then straight before crossed */
    int rank = worth * 4 + (crossed ? 0 : 2) + (flag & HIT_CLASH ? 0 : 1);
    int old = x->o->by[term] < 0
                  ? -1
                  : x->o->match[term] * 4 + (x->o->flag[term] & HIT_CROSSED ? 0 : 2) +
                        (x->o->flag[term] & HIT_CLASH ? 0 : 1);
    if (rank > old) {
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
        both |= side(m->terms[t - 1].sign, m->terms[t - 1].neg) == side(k->sign, k->neg);
    for (uint32_t t = m->slots[at]; t != 0; t = m->terms[t - 1].next)
        hit(x, t - 1, i, 1000, both);
    return m->slots[at] != 0;
}

static void hit_alike(struct matcher *x, size_t i)
{
    const struct gtoken *k = &x->a->t[i];
    const uint32_t *stem = x->a->pool + k->stem;
    if (k->kind == TK_NUMBER || k->stem_n < 2 || (x->g->tune.off & RULE_FUZZY))
        return;
    int bits = __builtin_popcountll(k->sig);
    for (size_t t = 0; t < x->m->n_terms; t++) {
        const struct term *term = &x->m->terms[t];
        if (term->kind == TK_NUMBER || x->o->match[t] >= 1000 ||
            (term->kind == TK_CONCEPT && k->kind == TK_CONCEPT))
            continue;
        int both = __builtin_popcountll(k->sig & term->sig);
        if (both * 4 < MIN(bits, __builtin_popcountll(term->sig)) * 3)
            continue;
        int like = stem_likeness(x->m->tokens.pool + term->stem, term->stem_n, stem, k->stem_n);
        if (like >= x->g->tune.fuzzy_least)
            hit(x, t, i, like, false);
    }
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
    for (size_t t = 0; t < x->m->n_terms; t++) {
        size_t part = t + 1;
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
        }
    }
}

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

static void drop_stray_clashes(struct matcher *x)
{
    for (size_t t = 0; t < x->m->n_terms; t++)
        if (x->o->by[t] >= 0 && (x->o->flag[t] & HIT_CLASH) && !denied_outright(x, t) &&
            !in_context(x, t))
            x->o->flag[t] = (uint8_t)(x->o->flag[t] & ~HIT_CLASH);
}

/* Whether a term of the unit is denied in the clause of the token that earned T. */
static bool in_denied_clause(const struct matcher *x, const struct unit *u, size_t t)
{
    const struct outcome *o = x->o;
    for (size_t i = u->first; i < (size_t)u->first + u->n; i++)
        if (o->by[i] >= 0 && (o->flag[i] & HIT_CLASH) &&
            x->a->t[o->by[i]].clause == x->a->t[o->by[t]].clause)
            return true;
    return false;
}

/*
 * Whether the unit's words stand mostly in clauses of the other polarity, even
 * though their verb is another one: "접두사 정보는 쓰지 않고".
 */
static bool mostly_turned(const struct matcher *x, const struct unit *u)
{
    const struct outcome *o = x->o;
    int64_t turned = 0, all = 0;
    int words = 0;
    for (size_t t = u->first; t < (size_t)u->first + u->n; t++) {
        const struct term *term = &x->m->terms[t];
        if (o->by[t] < 0 || (term->flags & (TF_NESTED | TF_FAINT)))
            continue;
        all += term->weight;
        if (o->flag[t] & (HIT_WEAK | HIT_CLASH)) {
            turned += term->weight;
            words++;
        }
    }
    return words >= 2 && turned * 1000 >= all * x->g->tune.turned &&
           turned * 1000 >= (int64_t)u->mass * x->g->tune.turned_least;
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
        if (side(m->terms[i - 1].sign, m->terms[i - 1].neg) == side(term->sign, term->neg))
            mask |= m->terms[i - 1].heads;
    if (mask == 0 || (mask & (mask - 1)) != 0 || mask == UINT32_C(1) << 31)
        return HEAD_NONE;
    return (uint8_t)__builtin_ctz(mask);
}

/* What the terms of a unit earn, all in all and where they stand closest together. */
struct found {
    int64_t have;  /* thousandths of weight */
    int64_t close; /* of it, within one stretch of the answer */
    int words;     /* terms in that stretch */
};

/*
 * The best stretch of the answer for the unit: words that are strewn over a
 * long answer do not make a statement.
 */
static void find_stretch(const struct matcher *x, const struct unit *u, const int *worth,
                         struct found *f)
{
    const struct outcome *o = x->o;
    int reach = x->g->tune.reach;
    for (size_t t = 0; t < u->n; t++) {
        if (worth[t] <= 0)
            continue;
        int from = o->by[u->first + t];
        int64_t sum = 0;
        int words = 0;
        for (size_t i = 0; i < u->n; i++) {
            const struct term *term = &x->m->terms[u->first + i];
            int at = o->by[u->first + i];
            if (worth[i] <= 0 || at < from || at > from + reach)
                continue;
            sum += (int64_t)term->weight * worth[i];
            words += !(term->flags & (TF_NESTED | TF_FAINT)) && !term->asked;
        }
        f->have += (int64_t)x->m->terms[u->first + t].weight * worth[t];
        if (sum > f->close) {
            f->close = sum;
            f->words = words;
        }
    }
}

static void score_unit(struct matcher *x, size_t i)
{
    struct outcome *o = x->o;
    const struct grade_tuning *u = &x->g->tune;
    const struct unit *unit = &x->m->units[i];
    int worth[UNIT_MAX];
    int64_t lost = 0;
    bool turned = mostly_turned(x, unit);
    for (size_t t = 0; t < unit->n; t++) {
        size_t at = unit->first + t;
        worth[t] = 0;
        if (o->by[at] < 0 || (o->swapped && (o->flag[at] & HIT_CROSSED)))
            continue;
        if (in_denied_clause(x, unit, at) || (turned && (o->flag[at] & HIT_WEAK))) {
            lost += x->m->terms[at].weight;
            o->match[at] = 0;
        } else {
            worth[t] = o->match[at];
            /* said of another side, though the sides as such are not swapped */
            if ((o->flag[at] & HIT_CROSSED) && only_head(x->m, at) != HEAD_NONE)
                worth[t] = worth[t] * u->crossed / 1000;
        }
    }
    struct found f = {0};
    find_stretch(x, unit, worth, &f);
    o->recall += f.have / 1000;
    o->clashed += MIN(lost, unit->mass) * unit->weight / MAX(unit->mass, 1);
    int64_t have = (f.close + (f.have - f.close) * u->strewn / 1000) / 1000;
    have -= lost * u->clash / 1000;
    int64_t share = unit->mass > 0 ? 1000 * have / unit->mass : 0;
    int64_t cover = 1000 * (share - u->unit_floor) / (u->unit_full - u->unit_floor);
    /* one word does not say a fact of several */
    if (unit->words > 1 && f.words <= 1)
        cover = MIN(cover, u->one_word);
    else if (unit->words > 2 && f.words == 2)
        cover = MIN(cover, u->two_words);
    o->unit[i] = (int)CLAMP(cover, 0, 1000);
    o->got += (int64_t)o->unit[i] * unit->weight;
}

/* Whether any of the question's model answers has the word. */
static bool known(const grade_sheet *s, uint64_t key)
{
    for (size_t i = 0; i < s->n_models; i++)
        if (model_has(&s->models[i], key))
            return true;
    return false;
}

/* Thousandths of the answer's words, by rarity, that a model answer has. */
static int precision_of(const struct matcher *x)
{
    int64_t all = 0, hit = 0;
    for (size_t i = 0; i < x->a->n; i++) {
        const struct gtoken *t = &x->a->t[i];
        if (!token_content(t) || (t->flags & (TF_NESTED | TF_FAINT)))
            continue;
        int w = grader_idf(x->g, t->key);
        all += w;
        x->hit[i] = x->hit[i] || known(x->s, t->key);
        hit += x->hit[i] ? w : 0;
    }
    return all > 0 ? (int)(1000 * hit / all) : 0;
}

static void score_units(struct matcher *x)
{
    const struct grade_tuning *u = &x->g->tune;
    const struct model *m = x->m;
    for (size_t i = 0; i < m->n_units; i++)
        score_unit(x, i);
    int units = m->asked > 0 ? (int)MIN(x->o->got / m->asked, 1000) : 0;
    int64_t want = m->mass * u->recall_full / 1000;
    int recall = want > 0 ? (int)MIN(1000 * x->o->recall / want, 1000) : 0;
    int plain = m->latin ? u->latin_recall : u->recall_share;
    x->o->raw = (units * (1000 - plain) + recall * plain) / 1000;
    /* little is found, and little of what is said is to the point: it is about something else */
    int precision = precision_of(x);
    if (u->off & RULE_STRAY)
        return;
    int gap = 1000 * MAX(u->precise - precision, 0) / u->precise;
    int low = 1000 * MAX(u->precise_below - x->o->raw, 0) / u->precise_below;
    x->o->raw -= (int)((int64_t)x->o->raw * u->stray * gap / 1000 * low / 1000 / 1000);
}

static bool names_head(const struct model *m, const struct term *t)
{
    for (size_t j = 0; j < m->heads.n; j++)
        if (m->heads.k[j].key == t->key && m->heads.k[j].sign == t->sign)
            return true;
    return false;
}

/*
 * Words that the model says of one side, found under another. One crossing word
 * may be chance: the sides are swapped when two of them carry mostly the
 * other's words, or when the model speaks of one side only and nearly all of it
 * is said of the other.
 */
static void judge_sides(struct matcher *x)
{
    struct outcome *o = x->o;
    int64_t said[HEADS_MAX][HEADS_MAX] = {{0}};
    uint32_t used = 0;
    int crossing = 0;
    for (size_t t = 0; t < x->m->n_terms; t++) {
        const struct term *term = &x->m->terms[t];
        if (o->by[t] < 0 || o->match[t] == 0 || (term->flags & (TF_NESTED | TF_FAINT)) ||
            names_head(x->m, term))
            continue;
        uint8_t of = only_head(x->m, t), now = x->head[o->by[t]];
        if (of == HEAD_NONE || now == HEAD_NONE)
            continue;
        used |= UINT32_C(1) << of;
        said[now][of] += term->rarity;
        if (now == of) {
            o->straight += term->rarity;
            continue;
        }
        o->crossed += term->rarity;
        crossing++;
        if (o->cross_by < 0)
            o->cross_by = o->by[t];
    }
    int turned = 0, mixed = 0;
    for (size_t h = 0; h < HEADS_MAX; h++) {
        int64_t other = 0;
        for (size_t m = 0; m < HEADS_MAX; m++)
            other += m == h ? 0 : said[h][m];
        turned += other > said[h][h];
        mixed += other > 0;
    }
    bool alone = (used & (used - 1)) == 0;
    o->swapped =
        !(x->g->tune.off & RULE_SWAP) && crossing >= 2 &&
        (turned >= 2 || (turned == 1 && mixed >= 2) || alone) &&
        o->crossed * 1000 >= (o->crossed + o->straight) * (alone         ? 750
                                                           : turned == 1 ? 600
                                                                         : x->g->tune.swap_share);
}

/* A sentence of the model's own is said of whatever the model says it of, and denies nothing. */
static void mark_verbatim(struct matcher *x)
{
    for (size_t i = 0, end; i < x->a->n; i = end) {
        uint64_t key = sentence_key(x->a, i, &end);
        bool same = false;
        for (size_t j = 0; j < x->s->n_models && !same; j++)
            same = keys_have(x->s->models[j].sentences, x->s->models[j].n_sentences, key);
        for (size_t t = i; same && t < end; t++) {
            x->verbatim[t] = true;
            x->head[t] = HEAD_NONE;
        }
    }
}

/*
 * What the model gives as a cause, said as an effect, and the other way round.
 * Both directions are asked for: one word alone may stand anywhere.
 */
static void judge_causes(struct matcher *x)
{
    struct outcome *o = x->o;
    int64_t straight = 0, turned[2] = {0, 0};
    if (x->g->tune.off & RULE_REVERSED)
        return;
    for (size_t t = 0; t < x->m->n_terms; t++) {
        const struct term *term = &x->m->terms[t];
        if (o->by[t] < 0 || term->role == ROLE_NONE || o->match[t] == 0 ||
            (term->flags & (TF_NESTED | TF_FAINT)) || x->verbatim[o->by[t]])
            continue;
        uint8_t role = x->role[o->by[t]];
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
static void judge_numbers(struct matcher *x)
{
    struct outcome *o = x->o;
    if (x->g->tune.off & RULE_NUMBERS)
        return;
    for (size_t t = 0; t < x->m->n_terms; t++) {
        const struct term *term = &x->m->terms[t];
        const struct unit *u = &x->m->units[term->unit];
        if (term->kind != TK_NUMBER || o->by[t] >= 0)
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

void outcome_fill(struct outcome *o, const grade_sheet *s, size_t model, const struct gtokens *a)
{
    const struct model *m = &s->models[model];
    memset(o, 0, sizeof *o);
    o->match = g_new0(int, m->n_terms + 1);
    o->by = g_new(int, m->n_terms + 1);
    o->flag = g_new0(uint8_t, m->n_terms + 1);
    o->unit = g_new0(int, m->n_units + 1);
    o->clash_by = o->cross_by = o->number_by = o->reverse_by = -1;
    for (size_t i = 0; i < m->n_terms; i++)
        o->by[i] = -1;
    struct matcher x = {.o = o,
                        .g = s->g,
                        .s = s,
                        .m = m,
                        .a = a,
                        .head = g_new0(uint8_t, a->n + 1),
                        .hit = g_new0(bool, a->n + 1)};
    x.verbatim = g_new0(bool, a->n + 1);
    heads_assign(&m->heads, a, x.head);
    mark_verbatim(&x);
    x.role = g_new0(uint8_t, a->n + 1);
    roles_assign(a, x.role);
    for (size_t i = 0; i < a->n; i++) {
        if (!token_content(&a->t[i]))
            continue;
        if (!hit_equal(&x, i) || a->t[i].kind == TK_HANGUL)
            hit_alike(&x, i);
        hit_inside(&x, i);
    }
    earn_by_parts(&x);
    drop_stray_clashes(&x);
    for (size_t t = 0; t < m->n_terms; t++)
        if (o->by[t] >= 0 && (o->flag[t] & HIT_CLASH) && o->clash_by < 0)
            o->clash_by = o->by[t];
    judge_sides(&x);
    judge_causes(&x);
    judge_numbers(&x);
    score_units(&x);
    g_free(x.head);
    o->known = x.hit;
    g_free(x.verbatim);
    g_free(x.role);
}

void outcome_clear(struct outcome *o)
{
    g_free(o->match);
    g_free(o->by);
    g_free(o->flag);
    g_free(o->unit);
    g_free(o->known);
    memset(o, 0, sizeof *o);
}
