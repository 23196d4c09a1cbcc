/* Aliases: tables of forms compiled into a trie of spelling keys. */
#include "lexicon_internal.h"

#include <glib.h>
#include <libstemmer.h>
#include <string.h>

#include "grade_korean.h"

/* ---- the trie ---- */

static void place(lexicon *lex, uint32_t at)
{
    size_t i = lexicon_slot(lex, lex->nodes[at].parent, lex->nodes[at].cp);
    while (lex->slots[i] != 0)
        i = (i + 1) & (lex->n_slots - 1);
    lex->slots[i] = at;
}

/* N, a power of two, free slots in place of those there are. */
static void make_slots(lexicon *lex, size_t n)
{
    g_free(lex->slots);
    lex->n_slots = n;
    lex->shift = 64 - (unsigned)__builtin_ctzll(n);
    lex->slots = g_new0(uint32_t, n);
}

static uint32_t child_made(lexicon *lex, uint32_t parent, uint32_t cp)
{
    uint32_t at = lexicon_child(lex, parent, cp);
    if (at != 0)
        return at;
    if (lex->n_nodes == lex->room_nodes) {
        lex->room_nodes *= 2;
        lex->nodes = g_renew(struct node, lex->nodes, lex->room_nodes);
    }
    at = (uint32_t)lex->n_nodes++;
    lex->nodes[at] = (struct node){.parent = parent, .cp = cp, .form = 0};
    if (lex->n_nodes * 3 > lex->n_slots * 2) {
        make_slots(lex, lex->n_slots * 2);
        for (uint32_t k = 2; k < at; k++)
            place(lex, k);
    }
    place(lex, at);
    return at;
}

lexicon *lexicon_bare(void)
{
    lexicon *lex = g_new0(lexicon, 1);
    lex->korean = korean_new();
    stop_words_add(lex->korean);
    lex->memo = g_new0(struct stem_memo, STEM_MEMO);
    lex->problems = g_array_new(FALSE, FALSE, sizeof(struct lexicon_problem));
    lex->stemmer = sb_stemmer_new("english", "UTF_8");
    return lex;
}

lexicon *lexicon_new(void)
{
    lexicon *lex = lexicon_bare();
    lex->room_nodes = 64;
    lex->nodes = g_new0(struct node, lex->room_nodes);
    lex->n_nodes = 2;
    make_slots(lex, 256);
    lex->path = g_new0(struct path, 2);
    lex->new_names = g_string_new(NULL);
    lex->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return lex;
}

void lexicon_free(lexicon *lex)
{
    if (lex == NULL)
        return;
    for (unsigned i = 0; i < lex->problems->len; i++) {
        struct lexicon_problem *p = &g_array_index(lex->problems, struct lexicon_problem, i);
        g_free(p->file);
        g_free(p->arg);
    }
    g_array_free(lex->problems, TRUE);
    if (lex->by_name != NULL)
        g_hash_table_destroy(lex->by_name);
    if (lex->new_names != NULL)
        g_string_free(lex->new_names, TRUE);
    sb_stemmer_delete(lex->stemmer);
    gtext_clear(&lex->text);
    g_free(lex->path);
    g_free(lex->memo);
    korean_free(lex->korean);
    if (!lex->borrowed) {
        g_free(lex->nodes);
        g_free(lex->slots);
        g_free(lex->forms);
        g_free(lex->concepts);
    }
    g_free(lex);
}

/* ---- building ---- */

static void problem(lexicon *lex, const char *file, int line, const char *key, const char *arg)
{
    struct lexicon_problem p = {
        .file = g_strdup(file), .line = line, .key = key, .arg = g_strdup(arg)};
    g_array_append_val(lex->problems, p);
}

static uint32_t concept_made(lexicon *lex, const char *name)
{
    gpointer known = g_hash_table_lookup(lex->by_name, name);
    if (known != NULL)
        return GPOINTER_TO_UINT(known) - 1;
    if (lex->n_concepts == lex->room_concepts) {
        lex->room_concepts = lex->room_concepts * 2 + 64;
        lex->concepts = g_renew(uint32_t, lex->concepts, lex->room_concepts);
    }
    lex->concepts[lex->n_concepts] = (uint32_t)lex->new_names->len;
    g_string_append_len(lex->new_names, name, (gssize)strlen(name) + 1);
    lex->names = lex->new_names->str;
    g_hash_table_insert(lex->by_name, g_strdup(name), GUINT_TO_POINTER(lex->n_concepts + 1));
    return (uint32_t)lex->n_concepts++;
}

struct entry {
    uint32_t cp[FORM_MAX];
    size_t n;
    uint8_t flags;
};

static bool entry_from(const struct gtext *t, struct entry *e)
{
    e->n = 0;
    e->flags = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (lexicon_joiner(t->c[i].cp)) {
            if (e->n > 0 && i + 1 < t->n)
                e->flags |= FORM_SPACED;
            continue;
        }
        if (!lexicon_wordly(&t->c[i]) || e->n == FORM_MAX)
            return false;
        if (e->n == 0 && t->c[i].cls != GC_HANGUL)
            e->flags |= FORM_LATIN_FIRST;
        e->flags = (uint8_t)(t->c[i].cls != GC_HANGUL ? e->flags | FORM_LATIN_LAST
                                                      : e->flags & ~FORM_LATIN_LAST);
        e->cp[e->n++] = t->c[i].cp;
    }
    if (e->n <= 2)
        e->flags |= FORM_SHORT;
    return e->n > 0;
}

/* Inserts E below ROOT. Gives the other concept's form when the form is taken, else NULL. */
static const struct form *insert(lexicon *lex, uint32_t root, const struct entry *e, uint32_t base,
                                 int sign)
{
    struct path *p = &lex->path[root];
    uint32_t at = root;
    for (size_t i = 0; i < e->n; i++) {
        uint32_t cp = gfold(e->cp[i]);
        if (i < p->n && p->cp[i] == cp) {
            at = p->node[i];
            continue;
        }
        at = child_made(lex, at, cp);
        p->cp[i] = cp;
        p->node[i] = at;
        p->n = i + 1;
    }
    bool brief = (e->flags & FORM_SHORT) != 0;
    for (uint32_t f = lex->nodes[at].form; f != 0; f = lex->forms[f - 1].next) {
        const struct form *old = &lex->forms[f - 1];
        if (brief && (old->exact[0] != e->cp[0] || (e->n > 1 && old->exact[1] != e->cp[1])))
            continue;
        return old->base == base && old->sign == sign ? NULL : old;
    }
    if (lex->n_forms == lex->room_forms) {
        lex->room_forms = lex->room_forms * 2 + 64;
        lex->forms = g_renew(struct form, lex->forms, lex->room_forms);
    }
    lex->forms[lex->n_forms++] = (struct form){.base = base,
                                               .next = lex->nodes[at].form,
                                               .exact = {e->cp[0], e->n > 1 ? e->cp[1] : 0},
                                               .sign = (int8_t)sign,
                                               .len = (uint8_t)e->n,
                                               .flags = e->flags};
    lex->nodes[at].form = (uint32_t)lex->n_forms;
    return NULL;
}

/*
 * The form's words stemmed and joined, so that "sharing" finds "share". A form
 * that begins like the one before it (shares, sharing) would bring the same
 * stem: it is passed over, for stemming is what compiling costs most.
 */
static void insert_stemmed(lexicon *lex, const struct gtext *t, uint32_t base, int sign,
                           size_t alike)
{
    if (alike >= 4)
        return;
    struct entry e = {.n = 0, .flags = FORM_LATIN_FIRST | FORM_LATIN_LAST};
    for (size_t i = 0; i < t->n;) {
        size_t j = i;
        while (j < t->n && t->c[j].cls == GC_LATIN)
            j++;
        if (j == i) {
            if (!lexicon_joiner(t->c[i].cp))
                return;
            i++;
            continue;
        }
        e.n += lexicon_stem(lex, t->c + i, j - i, e.cp + e.n, FORM_MAX - e.n);
        i = j;
    }
    if (e.n >= 3)
        insert(lex, STEM_ROOT, &e, base, sign);
}

/* Hangul forms: the shapes that their last syllable takes before an ending. */
static void insert_shapes(lexicon *lex, const struct entry *e, uint32_t base, int sign, bool verb)
{
    if (e->n == FORM_MAX)
        return;
    struct entry v = *e;
    for (size_t i = 0; (v.n = korean_shape(e->cp, e->n, verb, i, v.cp)) > 0; i++) {
        v.flags = (uint8_t)(v.n <= 2 ? e->flags | FORM_SHORT : e->flags & ~FORM_SHORT);
        insert(lex, ROOT, &v, base, sign);
    }
}

static size_t common_prefix(const struct path *p, const struct entry *e)
{
    size_t n = 0;
    while (n < p->n && n < e->n && p->cp[n] == gfold(e->cp[n]))
        n++;
    return n;
}

static void add_form(lexicon *lex, const char *file, int line, const char *cell, size_t len,
                     uint32_t base, int sign)
{
    struct entry e;
    gtext_fill(&lex->text, cell, len);
    if (!entry_from(&lex->text, &e)) {
        g_autofree char *shown = g_strndup(cell, len);
        problem(lex, file, line, "alias-bad-form", shown);
        return;
    }
    bool hangul = hangul_is(e.cp[e.n - 1]);
    bool verb = hangul && e.n >= 2 && e.cp[e.n - 1] == 0xB2E4 /* 다: a dictionary form */;
    if (verb) {
        e.n--;
        if (e.n <= 2)
            e.flags |= FORM_SHORT;
        e.flags |= FORM_VERB;
        hangul = hangul_is(e.cp[e.n - 1]);
    }
    size_t alike = common_prefix(&lex->path[ROOT], &e);
    const struct form *taken = insert(lex, ROOT, &e, base, sign);
    if (taken != NULL) {
        g_autofree char *both =
            g_strdup_printf("%.*s (%s)", (int)len, cell, lexicon_concept(lex, taken->base));
        problem(lex, file, line, "alias-twice", both);
    } else if (hangul) {
        insert_shapes(lex, &e, base, sign, verb);
    } else {
        insert_stemmed(lex, &lex->text, base, sign, alike);
    }
}

/* A noun of one syllable that a row gives with its particles: 큐를, 큐가, 큐의. */
struct bare {
    uint32_t cp;
    int particles;
};

static void note_bare(struct bare *bare, size_t room, const struct gtext *t)
{
    static const uint32_t particles[] = {0xB97C /* 를 */, 0xC640 /* 와 */, 0xACFC /* 과 */,
                                         0xC758 /* 의 */, 0xC5D0 /* 에 */, 0xB85C /* 로 */,
                                         0xC774 /* 이 */, 0xAC00 /* 가 */, 0};
    if (t->n != 2 || t->c[0].cls != GC_HANGUL)
        return;
    size_t p = 0;
    while (particles[p] != 0 && particles[p] != t->c[1].cp)
        p++;
    for (size_t i = 0; i < room && particles[p] != 0; i++) {
        if (bare[i].cp != 0 && bare[i].cp != t->c[0].cp)
            continue;
        bare[i].cp = t->c[0].cp;
        bare[i].particles++;
        return;
    }
}

static void add_bare(lexicon *lex, const struct bare *bare, size_t room, uint32_t base, int sign)
{
    for (size_t i = 0; i < room; i++) {
        if (bare[i].particles < 2)
            continue;
        struct entry e = {.cp = {bare[i].cp}, .n = 1, .flags = FORM_SHORT};
        insert(lex, ROOT, &e, base, sign);
    }
}

static void add_row(lexicon *lex, const char *file, int line, const char *p, size_t len)
{
    if (len > 0 && p[0] == '#')
        return;
    const char *tab = memchr(p, '\t', len);
    size_t blank = 0;
    while (blank < len && g_ascii_isspace(p[blank]))
        blank++;
    if (blank == len) {
        problem(lex, file, line, "alias-empty-line", NULL);
        return;
    }
    if (!g_utf8_validate(p, (gssize)len, NULL)) {
        problem(lex, file, line, "alias-not-utf8", NULL);
        return;
    }
    if (tab == NULL || tab == p) {
        g_autofree char *whole = g_strndup(p, len);
        problem(lex, file, line, "alias-no-form", g_strstrip(whole));
        return;
    }
    size_t name_len = (size_t)(tab - p);
    int sign = 0;
    if (name_len > 1 && (p[name_len - 1] == '+' || p[name_len - 1] == '-'))
        sign = p[--name_len + 0] == '+' ? 1 : -1;
    g_autofree char *name = g_strndup(p, name_len);
    uint32_t base = concept_made(lex, g_strstrip(name));
    const char *end = p + len;
    struct bare bare[4] = {{0, 0}};
    for (const char *cell = tab + 1;;) {
        const char *stop = memchr(cell, '\t', (size_t)(end - cell));
        size_t n = (size_t)((stop != NULL ? stop : end) - cell);
        while (n > 0 && (cell[n - 1] == ' ' || cell[n - 1] == '\r'))
            n--;
        if (n == 0)
            problem(lex, file, line, "alias-empty-cell", name);
        else
            add_form(lex, file, line, cell, n, base, sign);
        note_bare(bare, G_N_ELEMENTS(bare), &lex->text);
        if (stop == NULL)
            break;
        cell = stop + 1;
    }
    add_bare(lex, bare, G_N_ELEMENTS(bare), base, sign);
}

void lexicon_add(lexicon *lex, const char *file, const char *data, size_t len)
{
    if (lex->by_name == NULL)
        return; /* finished */
    size_t slots = lex->n_slots;
    while (lex->n_nodes == 2 && slots < len)
        slots *= 2; /* the first table tells the scale */
    if (slots > lex->n_slots)
        make_slots(lex, slots);
    int line = 1;
    for (size_t i = 0; i < len; line++) {
        const char *nl = memchr(data + i, '\n', len - i);
        size_t n = nl != NULL ? (size_t)(nl - data) - i : len - i;
        add_row(lex, file, line, data + i, n);
        i += n + 1;
    }
}

void lexicon_finish(lexicon *lex)
{
    if (lex->by_name == NULL)
        return;
    g_hash_table_destroy(lex->by_name);
    lex->by_name = NULL;
    gtext_clear(&lex->text);
    g_free(lex->path);
    lex->path = NULL;
    lex->room_nodes = lex->n_nodes;
    lex->nodes = g_renew(struct node, lex->nodes, lex->room_nodes);
    lex->room_forms = lex->n_forms;
    lex->forms = g_renew(struct form, lex->forms, lex->room_forms);
}

size_t lexicon_problem_count(const lexicon *lex)
{
    return lex->problems->len;
}

const struct lexicon_problem *lexicon_problem_at(const lexicon *lex, size_t i)
{
    return &g_array_index(lex->problems, struct lexicon_problem, i);
}

const char *lexicon_concept(const lexicon *lex, uint32_t base)
{
    return lex->names + lex->concepts[base];
}
