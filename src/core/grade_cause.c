/* Cause and effect: which words stand before "because of it", which after. */
#include "grade_internal.h"

/*
 * 때문, or an ending that makes its clause the reason of the next: -므로, -니까.
 * Not -어서: it joins what follows in time just as often.
 */
static bool gives_reason(const struct gtokens *k, size_t i)
{
    const struct gch *c = k->text.c;
    const struct gtoken *t = &k->t[i];
    if (c[t->at].cp == 0xB54C && c[t->at + 1].cp == 0xBB38) /* 때문 */
        return true;
    if (t->tail != TAIL_AND || t->full == t->to)
        return false;
    uint32_t last = c[t->full - 1].cp, before = c[t->full - 2].cp;
    return (before == 0xBBC0 && last == 0xB85C) /* 므로 */ ||
           (before == 0xB2C8 && (last == 0xAE4C || last == 0xAE50)) /* 니까 */;
}

/* Whether token I begins with a letter of the English words that are looked for. */
static bool may_join(const struct gtokens *k, size_t i)
{
    uint32_t c = k->text.c[k->t[i].at].cp;
    return c == 's' || c == 't' || c == 'b';
}

static bool is_word(const struct gtokens *k, size_t i, const char *word)
{
    const struct gtoken *t = &k->t[i];
    size_t n = 0;
    while (word[n] != '\0' && t->at + n < t->to && k->text.c[t->at + n].cp == (uint32_t)word[n])
        n++;
    return word[n] == '\0' && t->at + n == t->to;
}

static void fill(uint8_t *role, size_t from, size_t to, uint8_t what)
{
    for (size_t i = from; i < to; i++)
        role[i] = what;
}

void roles_assign(const struct gtokens *k, uint8_t *ret_role)
{
    for (size_t i = 0, end; i < k->n; i = end) {
        size_t cut = 0;
        bool effect_first = false;
        for (end = i; end < k->n && k->t[end].sentence == k->t[i].sentence; end++) {
            if (cut > 0)
                continue;
            if (gives_reason(k, end))
                cut = end + 1;
            else if (!may_join(k, end))
                continue;
            else if (is_word(k, end, "so") || is_word(k, end, "therefore") ||
                     is_word(k, end, "thus"))
                cut = end + 1;
            else if (is_word(k, end, "because")) {
                cut = end;
                effect_first = true;
            }
        }
        if (cut <= i || cut >= end) {
            fill(ret_role, i, end, ROLE_NONE);
            continue;
        }
        fill(ret_role, i, cut, effect_first ? ROLE_EFFECT : ROLE_CAUSE);
        fill(ret_role, cut, end, effect_first ? ROLE_CAUSE : ROLE_EFFECT);
    }
}
