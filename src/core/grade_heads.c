/* The things that a model answer tells apart, and which of them a word is said of. */
#include <string.h>

#include "grade_internal.h"

struct phrase {
    size_t from, to; /* tokens */
    bool condition;
};

/* Whether a colon, bar or dash follows token I, a gloss in brackets left aside. */
static bool before_label_sign(const struct gtokens *k, size_t i)
{
    const struct gch *c = k->text.c;
    size_t at = k->t[i].full;
    bool spaced = false;
    while (at < k->text.n && (c[at].cls == GC_SPACE || c[at].cp == ')' || c[at].cp == '*')) {
        spaced |= c[at].cls == GC_SPACE;
        at++;
    }
    uint32_t cp = c[at].cp;
    return cp == ':' || cp == '|' || cp == '=' || cp == 0x2192 ||
           (spaced && (cp == '-' || cp == 0x2013));
}

static bool is_condition(const struct gtokens *k, size_t i)
{
    const struct gtoken *t = &k->t[i];
    if (t->tail == TAIL_IF || before_label_sign(k, i))
        return true;
    /* 긴 경우, 짧을 때, 길수록 */
    const struct gch *c = k->text.c;
    size_t at = t->full;
    while (at < k->text.n && c[at].cls == GC_SPACE)
        at++;
    uint32_t next = c[at].cp, last = c[t->to - 1].cp;
    return last == 0xC6B0 /* 긴 경우 as one form */ || next == 0xACBD /* 경 */ ||
           next == 0xB54C /* 때 */ ||
           (t->full > 1 && c[t->full - 1].cp == 0xB85D && c[t->full - 2].cp == 0xC218 /* 수록 */);
}

/*
 * The label at the line that begins with token FIRST: gives the token after
 * it, FIRST when there is none. *RET_WHOLE tells a line that is all label.
 */
static size_t label_end(const struct gtokens *k, size_t first, bool *ret_whole)
{
    size_t end = first, i = first;
    bool bare = true;
    *ret_whole = false;
    for (; i < k->n && k->t[i].line == k->t[first].line && i - first < 8; i++) {
        const struct gtoken *t = &k->t[i];
        if (t->sentence != k->t[first].sentence)
            return end;
        bare &= t->tail == TAIL_NONE || t->tail == TAIL_ADNOM ||
                (t->full > t->to && k->text.c[t->full - 1].cp == 0xC758 /* 의 */);
        if (before_label_sign(k, i))
            end = i + 1;
        else if (t->tail == TAIL_FINAL || t->tail == TAIL_AND)
            return end;
    }
    bool line_ends = i == k->n || k->t[i].line != k->t[first].line;
    *ret_whole = line_ends && (end == i || (end == first && bare && i - first <= 4));
    return *ret_whole ? i : end;
}

static bool same_token(const struct gtoken *a, const struct gtoken *b)
{
    return a->key == b->key && a->sign == b->sign;
}

/* The noun phrase that ends at token I of a sentence that begins at FIRST. */
static struct phrase phrase_at(const struct gtokens *k, size_t first, size_t i)
{
    struct phrase p = {.from = i, .to = i + 1, .condition = is_condition(k, i)};
    while (p.to < k->n && k->t[p.to].at < k->t[i].to)
        p.to++;
    while (p.from > first && i - p.from < 3) {
        const struct gtoken *before = &k->t[p.from - 1];
        bool joined = before->tail == TAIL_NONE || before->tail == TAIL_ADNOM ||
                      before->at == k->t[p.from].at || before->full == k->t[p.from].full;
        if (!joined && !(k->text.c[before->full - 1].cp == 0xC758 /* 의 */))
            break;
        p.from--;
    }
    return p;
}

/* 에서는, 에는: where something is, not what it is about. */
static bool is_place(const struct gtokens *k, size_t i)
{
    return k->t[i].full > k->t[i].to && k->text.c[k->t[i].to].cp == 0xC5D0;
}

/* 반면, 달리, whereas: the sentence from FIRST sets things against each other. */
static bool contrasts(const struct gtokens *k, size_t first)
{
    const struct gch *c = k->text.c;
    for (size_t i = first; i < k->n && k->t[i].sentence == k->t[first].sentence; i++) {
        uint32_t a = c[k->t[i].at].cp, b = c[k->t[i].at + 1].cp;
        if ((a == 0xBC18 && b == 0xBA74) /* 반면 */ || (a == 0xB2EC && b == 0xB9AC) /* 달리 */ ||
            (a == 'w' && b == 'h' && c[k->t[i].at + 2].cp == 'e' && c[k->t[i].at + 3].cp == 'r'))
            return true;
    }
    return false;
}

/* 장점, 단점, 이점, 약점, advantage: sides that a text sets against each other by themselves. */
static bool is_merit(const struct gtokens *k, size_t i)
{
    const struct gtoken *t = &k->t[i];
    const uint32_t *s = k->pool + t->stem;
    if (t->sign == 0 || t->kind != TK_CONCEPT)
        return false;
    if (t->stem_n == 2 && s[1] == 0xC810 /* 점 */)
        return s[0] == 0xC7A5 || s[0] == 0xB2E8 || s[0] == 0xC774 || s[0] == 0xC57D ||
               s[0] == 0xAC15 || s[0] == 0xACB0;
    static const char *const words[] = {"advantage",  "disadvantage", "pros",     "cons",
                                        "benefit",    "drawback",     "benefits", "drawbacks",
                                        "advantages", "disadvantages"};
    for (size_t w = 0; w < G_N_ELEMENTS(words); w++) {
        size_t j = 0;
        while (j < t->stem_n && words[w][j] != '\0' && (uint32_t)words[w][j] == s[j])
            j++;
        if (j == t->stem_n && words[w][j] == '\0')
            return true;
    }
    return false;
}

/* Whether token I of the model, after FIRST in its sentence, may name one of several sides. */
static bool names_side(const struct gtokens *question, const struct gtokens *k, size_t first,
                       size_t i, bool sides)
{
    const struct gtoken *t = &k->t[i];
    if (!token_content(t) || (t->flags & (TF_NESTED | TF_FAINT)) || is_place(k, i))
        return false;
    if (is_merit(k, i))
        return true;
    if (sides && !is_condition(k, i))
        return false; /* the question names them */
    if (t->tail == TAIL_TOPIC)
        return t->kind == TK_CONCEPT &&
               (phrase_at(k, first, i).from == first || contrasts(k, first));
    if (is_condition(k, i))
        return t->sign != 0;
    return t->tail == TAIL_SUBJECT &&
           ((i - first < 3 && tokens_have(question, t->key)) || contrasts(k, first));
}

/* The labels and topics of K, in order. */
static size_t find_phrases(const struct gtokens *question, const struct gtokens *k, bool sides,
                           struct phrase *out, size_t room)
{
    size_t n = 0, first = 0;
    bool labelled = false;
    for (size_t i = 0; i < k->n && n < room; i++) {
        if (i == 0 || k->t[i - 1].sentence != k->t[i].sentence)
            first = i;
        if (i == 0 || k->t[i - 1].line != k->t[i].line) {
            bool whole;
            size_t end = label_end(k, i, &whole);
            labelled = end > i;
            if (labelled) {
                out[n++] = (struct phrase){.from = i, .to = end, .condition = false};
                for (size_t j = i; j < end; j++)
                    out[n - 1].condition |= k->t[j].sign != 0 && is_condition(k, j);
                i = end - 1;
                continue;
            }
        }
        if (labelled || !names_side(question, k, first, i, sides))
            continue;
        /* "줄인다면 응답성은": what holds under a condition is no side of its own */
        if (n > 0 && out[n - 1].condition && out[n - 1].from >= first && !is_condition(k, i))
            continue;
        out[n++] = is_merit(k, i) ? (struct phrase){.from = i, .to = i + 1, .condition = false}
                                  : phrase_at(k, first, i);
    }
    return n;
}

static bool phrase_has(const struct gtokens *k, const struct phrase *p, const struct gtoken *t)
{
    for (size_t i = p->from; i < p->to; i++)
        if (same_token(&k->t[i], t))
            return true;
    return false;
}

static bool phrase_within(const struct gtokens *k, const struct phrase *a, const struct phrase *b)
{
    for (size_t i = a->from; i < a->to; i++)
        if (token_content(&k->t[i]) && !(k->t[i].flags & TF_NESTED) && !phrase_has(k, b, &k->t[i]))
            return false;
    return true;
}

/* Whether the word tells phrase AT from every other phrase that is not the same. */
static bool tells_apart(const struct gtokens *k, const struct phrase *p, size_t n, size_t at,
                        const struct gtoken *t)
{
    for (size_t j = 0; j < n; j++)
        if (phrase_has(k, &p[j], t) &&
            !(phrase_within(k, &p[j], &p[at]) && phrase_within(k, &p[at], &p[j])))
            return false;
    return true;
}

static const struct head_key *find_key(const struct heads *h, uint64_t key, int sign)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->k[i].key == key && h->k[i].sign == sign)
            return &h->k[i];
    return NULL;
}

static void add_key(struct heads *h, const struct gtokens *k, const struct gtoken *t,
                    bool condition, size_t head)
{
    if (h->n == G_N_ELEMENTS(h->k) || find_key(h, t->key, t->sign) != NULL)
        return;
    h->k[h->n++] = (struct head_key){.key = t->key,
                                     .stem = k->pool + t->stem,
                                     .stem_n = t->stem_n,
                                     .sign = t->sign,
                                     .condition = condition,
                                     .head = (uint8_t)head};
}

/* A word and what is nested in it, except what the other side has too. */
static void add_side(struct heads *h, const struct gtokens *q, size_t i, size_t other)
{
    for (size_t j = i; j < q->n && q->t[j].at < q->t[i].to; j++) {
        bool common = false;
        for (size_t o = other; o < q->n && q->t[o].at < q->t[other].to; o++)
            common |= same_token(&q->t[o], &q->t[j]);
        if (!common || j == i)
            add_key(h, q, &q->t[j], false, h->n_heads);
    }
    h->n_heads++;
}

static bool is_and(const struct gtokens *q, size_t i)
{
    const struct gch *c = q->text.c + q->t[i].at;
    size_t n = q->t[i].to - q->t[i].at;
    return (n == 3 && c[0].cp == 'a' && c[1].cp == 'n' && c[2].cp == 'd') ||
           (n == 2 && c[0].cp == 'v' && c[1].cp == 's') ||
           (n == 2 && c[0].cp == 'o' && c[1].cp == 'r');
}

/* "A와 B의 차이", "A, B를 비교", "A and B", "A vs B": the sides that the question names. */
static void question_sides(struct heads *h, const struct gtokens *q)
{
    const struct gch *c = q->text.c;
    for (size_t i = 0; i + 1 < q->n && h->n_heads + 2 <= HEADS_MAX; i++) {
        const struct gtoken *a = &q->t[i];
        if (!token_content(a) || (a->flags & TF_NESTED))
            continue;
        uint32_t last = c[a->full - 1].cp, sign = c[a->full].cp;
        bool with = a->full > a->to && (last == 0xC640 || last == 0xACFC || last == 0xB791);
        bool comma = sign == ',' || sign == '/' || sign == '(';
        if (sign == '(') { /* a gloss: Full virtualization(전가상화)과 */
            size_t close = a->full;
            while (close < q->text.n && c[close].cp != ')')
                close++;
            uint32_t after = close < q->text.n ? c[close + 1].cp : 0;
            comma = false;
            with = after == 0xC640 || after == 0xACFC || after == 0xB791;
        }
        size_t j = i + 1;
        while (j < q->n && (q->t[j].flags & TF_NESTED))
            j++;
        if (sign == '(' && with && j < q->n && q->t[j].key == a->key)
            j++;
        while (j < q->n && (q->t[j].flags & TF_NESTED))
            j++;
        bool english = j < q->n && is_and(q, j);
        if (english)
            j++;
        if (j >= q->n || !(with || comma || english) || !token_content(&q->t[j]) ||
            q->t[j].key == a->key)
            continue;
        if (find_key(h, a->key, a->sign) == NULL)
            add_side(h, q, i, j);
        if (find_key(h, q->t[j].key, q->t[j].sign) == NULL)
            add_side(h, q, j, i);
    }
}

/* 장점 and 단점, when the model has both: then its other labels are no sides. */
static bool merit_sides(struct heads *h, const struct gtokens *model)
{
    const struct gtoken *side[2] = {NULL, NULL};
    for (size_t i = 0; i < model->n; i++)
        if (is_merit(model, i))
            side[model->t[i].sign > 0] = &model->t[i];
    if (side[0] == NULL || side[1] == NULL || h->n_heads + 2 > HEADS_MAX)
        return false;
    add_key(h, model, side[0], false, h->n_heads++);
    add_key(h, model, side[1], false, h->n_heads++);
    return true;
}

/* One condition alone is no contrast. */
static void drop_lone_condition(struct heads *h)
{
    uint32_t conditions = 0;
    for (size_t i = 0; i < h->n; i++)
        conditions |= h->k[i].condition ? UINT32_C(1) << h->k[i].head : 0;
    if (conditions == 0 || (conditions & (conditions - 1)) != 0)
        return;
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++)
        if (!h->k[i].condition)
            h->k[n++] = h->k[i];
    h->n = n;
}

void heads_find(struct heads *h, const struct gtokens *question, const struct gtokens *model)
{
    struct phrase p[64];
    memset(h, 0, sizeof *h);
    question_sides(h, question);
    size_t sides = h->n_heads;
    bool merits = merit_sides(h, model);
    for (size_t i = sides; i < h->n_heads; i++)
        h->group[i] = GROUP_MERITS;
    size_t n = merits ? 0 : find_phrases(question, model, sides >= 2, p, G_N_ELEMENTS(p));
    for (size_t i = 0; i < n && n > 1 && h->n_heads < HEADS_MAX; i++) {
        bool added = false;
        for (size_t t = p[i].from; t < p[i].to; t++) {
            const struct gtoken *k = &model->t[t];
            if (!token_content(k) || (k->flags & (TF_FAINT | TF_NESTED)) ||
                find_key(h, k->key, k->sign) != NULL || !tells_apart(model, p, n, i, k))
                continue;
            add_key(h, model, k, p[i].condition && k->sign != 0, h->n_heads);
            added = true;
        }
        if (added)
            h->group[h->n_heads++] = GROUP_MODEL;
    }
    drop_lone_condition(h);
    if (h->n_heads < 2 && sides == 0)
        memset(h, 0, sizeof *h); /* one thing alone cannot be swapped */
}

/* Whether token I is what its clause is about, and not merely mentioned. */
static bool is_subject(const struct gtokens *k, size_t i, size_t sentence)
{
    const struct gtoken *t = &k->t[i];
    const struct gch *c = k->text.c;
    if (t->tail == TAIL_TOPIC || t->tail == TAIL_SUBJECT)
        return !is_place(k, i);
    /* "개선한 것이 FCFS로, …" */
    if (t->tail == TAIL_OTHER && c[t->full - 1].cp == 0xB85C && c[t->full].cp == ',')
        return true;
    if (c[t->full].cp == '(' || before_label_sign(k, i))
        return t->tail == TAIL_NONE;
    /* English and clipped speech: what stands first */
    if (t->tail != TAIL_NONE)
        return false;
    for (; i > sentence && !(t->kind == TK_LATIN && k->t[i - 1].clause != t->clause); i--)
        if (token_content(&k->t[i - 1]))
            return false;
    return true;
}

/* A side's name with a slip of the pen: a word that nobody knows, nearly the same. */
static const struct head_key *find_misspelt(const struct heads *h, const struct gtokens *k,
                                            size_t i)
{
    const struct gtoken *t = &k->t[i];
    if (t->kind == TK_CONCEPT || t->kind == TK_NUMBER || t->stem_n < 2 || !token_content(t))
        return NULL;
    if (t->tail != TAIL_TOPIC && t->tail != TAIL_SUBJECT && !before_label_sign(k, i))
        return NULL; /* it names nothing */
    for (size_t j = 0; j < h->n; j++)
        if (stem_likeness(h->k[j].stem, h->k[j].stem_n, k->pool + t->stem, t->stem_n) >= 740)
            return &h->k[j];
    return NULL;
}

static const struct head_key *key_of(const struct heads *h, const struct gtokens *k, size_t i)
{
    /* a part of a word that is a side itself names no other one: 스케줄러 in CPU 스케줄러 */
    if (k->t[i].flags & TF_NESTED) {
        size_t whole = i;
        while (whole > 0 && (k->t[whole].flags & TF_NESTED))
            whole--;
        if (find_key(h, k->t[whole].key, k->t[whole].sign) != NULL)
            return NULL;
    }
    const struct head_key *key = find_key(h, k->t[i].key, k->t[i].sign);
    if (key == NULL && h->n > 0)
        key = find_misspelt(h, k, i);
    return key != NULL && key->condition && !is_condition(k, i) ? NULL : key;
}

/* "…이 장점이고", "…하는 것이 SJF이다": the side is named after what is said of it. */
static bool named_last(const struct gtokens *k, size_t i)
{
    const struct gtoken *t = &k->t[i];
    /* "…는 게 단점" at the sentence's end */
    if (t->full == t->to && is_merit(k, i) && i > 0 && k->t[i - 1].sentence == t->sentence &&
        (i + 1 == k->n || k->t[i + 1].sentence != t->sentence))
        return true;
    if (t->full == t->to)
        return false;
    uint32_t first = k->text.c[t->to].cp;
    if (is_merit(k, i) && first == 0xC73C /* 단점으로 */ && t->tail == TAIL_OTHER)
        return true;
    bool copula = first == 0xC774 /* 이다 */ || first == 0xC785 /* 입니다 */ ||
                  first == 0xC608 /* 예요 */ || first == 0xC784 /* 임 */;
    return (copula && t->full > t->to + 1) ? t->tail == TAIL_AND || t->tail == TAIL_FINAL
                                           : first == 0xC785 || first == 0xC608 || first == 0xC784;
}

struct heads_state {
    uint8_t now, header;
    size_t sentence, label; /* tokens: where the sentence begins, where the line's label ends */
    size_t since;           /* where the side that is spoken of now was named */
    bool labelled;          /* the line's label names a side: only a topic changes it */
};

static void begin_line(const struct heads *h, const struct gtokens *k, size_t i,
                       struct heads_state *st)
{
    bool whole;
    uint8_t named = HEAD_NONE;
    st->label = label_end(k, i, &whole);
    for (size_t j = i; j < st->label; j++) {
        const struct head_key *in = key_of(h, k, j);
        named = in != NULL ? in->head : named;
    }
    st->labelled = named != HEAD_NONE;
    if (whole) /* a heading that the model does not know ends the one before it */
        st->header = named;
    st->now = st->labelled ? named : st->header;
    st->since = i;
}

void heads_assign(const struct heads *h, const struct gtokens *k, uint8_t *ret_head)
{
    struct heads_state st = {.now = HEAD_NONE, .header = HEAD_NONE};
    if (h->n == 0) { /* nothing is told apart */
        memset(ret_head, HEAD_NONE, k->n);
        return;
    }
    for (size_t i = 0; i < k->n; i++) {
        if (i == 0 || k->t[i].sentence != k->t[i - 1].sentence)
            st.sentence = i;
        if (i == 0 || k->t[i].line != k->t[i - 1].line)
            begin_line(h, k, i, &st);
        const struct head_key *key = i >= st.label ? key_of(h, k, i) : NULL;
        if (key != NULL && !st.labelled && named_last(k, i)) {
            for (size_t j = MAX(st.since, st.sentence); j < i; j++)
                ret_head[j] = key->head;
            st.since = i + 1;
            st.now = st.header;
            ret_head[i] = key->head;
            continue;
        }
        if (key != NULL && (st.labelled ? k->t[i].tail == TAIL_TOPIC || before_label_sign(k, i)
                                        : key->condition || is_subject(k, i, st.sentence))) {
            st.now = key->head;
            st.since = i;
        } else if (key == NULL && i - st.sentence < 3 && i >= st.label && before_label_sign(k, i)) {
            st.now = st.header; /* a label that the model does not know */
        }
        ret_head[i] = st.now;
    }
}

void labels_mark(const struct gtokens *k, uint8_t *ret_label)
{
    for (size_t i = 0; i < k->n; i++) {
        ret_label[i] = LABEL_NONE;
        if (i > 0 && k->t[i].line == k->t[i - 1].line)
            continue;
        bool whole;
        size_t end = label_end(k, i, &whole);
        uint8_t kind = whole ? LABEL_LINE : LABEL_INLINE;
        for (; i + 1 < end; i++)
            ret_label[i] = kind;
        ret_label[i] = end > i ? kind : LABEL_NONE;
    }
}
