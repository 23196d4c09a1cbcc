/* Whether an answer repeats another's, one's own earlier one, or the model answer. */
#include <string.h>

#include "fair.h"
#include "iv.h"

static bool like_own(struct iv *iv, const struct round *round, const fair_print *print)
{
    g_autoptr(GPtrArray) own = BOOK(iv, own_texts, round->chat, iv->user->id, round->question);
    bool alike = false;

    for (guint i = 0; i < own->len && !alike; i++) {
        fair_print *other = fair_print_new(g_ptr_array_index(own, i));

        alike = fair_alike_own(other, print);
        fair_print_free(other);
    }
    return alike;
}

static bool repeats(const fair_print *print, const char *text)
{
    fair_print *earlier = fair_print_new(text);
    bool is = fair_copied(print, earlier);

    fair_print_free(earlier);
    return is;
}

/* Also of another round on the question in this chat: it stands there to be read. */
static bool like_other(struct iv *iv, const struct round *round, const fair_print *print)
{
    g_autoptr(GPtrArray) texts = BOOK(iv, other_texts, round->chat, iv->user->id, round->question);
    bool alike = false;

    for (guint i = 0; i < texts->len && !alike; i++)
        alike = repeats(print, g_ptr_array_index(texts, i));
    return alike;
}

static bool like_model(const struct question *q, const fair_print *print)
{
    bool alike = false;

    for (size_t i = 0; i < q->n_answers && !alike; i++)
        alike = repeats(print, q->answers[i].text);
    return alike;
}

struct copies iv_copies_of(struct iv *iv, const struct round *round, const struct question *q,
                           const char *text, struct copies look)
{
    struct copies found = {0};

    if (!look.own && !look.other && !look.model)
        return found;
    fair_print *print = fair_print_new(text);
    found.model = look.model && like_model(q, print);
    found.other = look.other && like_other(iv, round, print);
    found.own = look.own && like_own(iv, round, print);
    fair_print_free(print);
    return found;
}
