/* What each fact of a model answer earns, and what that makes together. */
#include "grade_internal.h"

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

static bool has_clash(const struct matcher *x, const struct unit *u)
{
    for (size_t i = u->first; i < (size_t)u->first + u->n; i++)
        if (x->o->by[i] >= 0 && (x->o->flag[i] & HIT_CLASH))
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

/* What the terms of a unit earn, all in all and where they stand closest together. */
struct found {
    int64_t have;  /* thousandths of weight */
    int64_t close; /* of it, within one stretch of the answer */
    int words;     /* terms in that stretch */
};

/* A term of the unit that earns something. */
struct earner {
    int64_t have; /* thousandths of weight */
    int at;       /* the token that earned it */
    bool word;    /* it carries meaning of its own */
};

/*
 * The best stretch of the answer for the unit: words that are strewn over a
 * long answer do not make a statement.
 */
static void find_stretch(const struct earner *e, size_t n, int reach, struct found *f)
{
    for (size_t t = 0; t < n; t++) {
        int64_t sum = 0;
        int words = 0;
        for (size_t i = 0; i < n; i++) {
            if (e[i].at < e[t].at || e[i].at > e[t].at + reach)
                continue;
            sum += e[i].have;
            words += e[i].word;
        }
        f->have += e[t].have;
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
    struct earner earners[UNIT_MAX];
    size_t n = 0;
    int64_t lost = 0;
    bool denied = has_clash(x, unit);
    bool turned = mostly_turned(x, unit);
    for (size_t t = unit->first; t < (size_t)unit->first + unit->n; t++) {
        const struct term *term = &x->m->terms[t];
        if (o->by[t] < 0 || (o->swapped && (o->flag[t] & HIT_CROSSED)))
            continue;
        if ((denied && in_denied_clause(x, unit, t)) || (turned && (o->flag[t] & HIT_WEAK))) {
            lost += term->weight;
            o->match[t] = 0;
            continue;
        }
        int worth = o->match[t];
        /* said of another side, though the sides as such are not swapped */
        if ((o->flag[t] & HIT_CROSSED) && term->only != HEAD_NONE)
            worth = worth * u->crossed / 1000;
        if (worth > 0)
            earners[n++] =
                (struct earner){.at = o->by[t],
                                .have = (int64_t)term->weight * worth,
                                .word = !(term->flags & (TF_NESTED | TF_FAINT)) && !term->asked};
    }
    struct found f = {0};
    find_stretch(earners, n, u->reach, &f);
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

/* Thousandths of the answer's words, by rarity, that a model answer has. */
static int precision_of(const struct matcher *x)
{
    int64_t hit = 0;
    for (size_t i = 0; i < x->a->n; i++) {
        if (x->r->rarity[i] == 0)
            continue;
        x->hit[i] = x->hit[i] || x->r->known[i];
        hit += x->hit[i] ? x->r->rarity[i] : 0;
    }
    return x->r->mass > 0 ? (int)(1000 * hit / x->r->mass) : 0;
}

void score_units(struct matcher *x)
{
    const struct grade_tuning *u = &x->g->tune;
    const struct model *m = x->m;
    /* only units of which something is said */
    for (size_t t = found_next(x->o, 0, m->n_terms); t < m->n_terms;) {
        const struct unit *unit = &m->units[m->terms[t].unit];
        score_unit(x, m->terms[t].unit);
        t = found_next(x->o, (size_t)unit->first + unit->n, m->n_terms);
    }
    x->o->precision = precision_of(x);
    int units = m->asked > 0 ? (int)MIN(x->o->got / m->asked, 1000) : 0;
    int64_t want = m->mass * u->recall_full / 1000;
    int recall = want > 0 ? (int)MIN(1000 * x->o->recall / want, 1000) : 0;
    int plain = m->latin ? u->latin_recall : u->recall_share;
    x->o->raw = (units * (1000 - plain) + recall * plain) / 1000;
    /* little is found, and little of what is said is to the point: it is about something else */
    int precision = x->o->precision;
    if (u->off & RULE_STRAY)
        return;
    int gap = 1000 * MAX(u->precise - precision, 0) / u->precise;
    int low = 1000 * MAX(u->precise_below - x->o->raw, 0) / u->precise_below;
    x->o->raw -= (int)((int64_t)x->o->raw * u->stray * gap / 1000 * low / 1000 / 1000);
}
