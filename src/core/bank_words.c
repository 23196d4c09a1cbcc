/* Recognising labels, questions and placeholders by their words. */
#include "bank_words.h"

#include "bank_vocabulary.h"

#include <string.h>

enum {
    LABEL_MAX = 120, /* bytes: nobody writes a longer label */
    LABEL_WORDS_MAX = 9,
    PROMISE_MAX = 80,
};

static bool is_wide(gunichar c)
{
    return (c >= 0x1100 && c <= 0x11ff) || (c >= 0x3040 && c <= 0x30ff) ||
           (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) ||
           (c >= 0xf900 && c <= 0xfaff);
}

/* Latin letters whose strokes are not accents to Unicode. */
static gunichar plain_latin(gunichar c)
{
    switch (c) {
    case 0x111: /* đ */
        return 'd';
    case 0x131: /* ı */
        return 'i';
    case 0x142: /* ł */
        return 'l';
    case 0xf8: /* ø */
        return 'o';
    default:
        return c;
    }
}

/* A text while it is folded. */
struct folding {
    GString *out;
    char space;    /* what stands between words, '\0': nothing */
    bool due;      /* a word has ended */
    gunichar last; /* the last letter written, 0: none */
    size_t last_at;
};

static void fold_letter(struct folding *f, gunichar c)
{
    if (f->due && f->space != '\0' && f->out->len > 0)
        g_string_append_c(f->out, f->space);
    f->due = false;
    f->last = c;
    f->last_at = f->out->len;
    if (c < 0x80)
        g_string_append_c(f->out, (char)c);
    else
        g_string_append_unichar(f->out, c);
}

/* An accent over a Latin letter is dropped; in other scripts marks tell words apart. */
static void fold_mark(struct folding *f, gunichar c)
{
    gunichar joined;

    if (f->out->len == 0 || f->due || f->last < 0x80)
        return;
    if (g_unichar_compose(f->last, c, &joined)) {
        g_string_truncate(f->out, f->last_at);
        f->due = false;
        fold_letter(f, joined);
    } else {
        g_string_append_unichar(f->out, c);
    }
}

static void fold_char(struct folding *f, gunichar c)
{
    gunichar joined;

    c = plain_latin(g_unichar_tolower(c));
    if (g_unichar_ismark(c))
        fold_mark(f, c);
    else if (!f->due && f->last >= 0x1100 && g_unichar_compose(f->last, c, &joined) &&
             f->out->len > f->last_at)
        fold_mark(f, c); /* Hangul letters that make a syllable */
    else if (g_unichar_isalnum(c))
        fold_letter(f, c);
    else if (c != '\'' && c != 0x2019)
        f->due = true;
}

/* Letters that have no other form: most of what is not Latin. */
static bool is_plain(gunichar c)
{
    return (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x4e00 && c <= 0x9fff) ||
           (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa);
}

/*
 * Folds TEXT; SPACE stands between words, or nothing does when it is '\0'.
 * Letter by letter, because GLib's composition of a whole text is quadratic.
 */
static char *fold(const char *text, size_t len, char space)
{
    struct folding f = {.out = g_string_sized_new(len + 1), .space = space};

    for (const char *p = text, *end = text + len; p < end; p = g_utf8_next_char(p)) {
        gunichar c = (unsigned char)*p, parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
        gsize n;

        if (c < 0x80) {
            if (g_ascii_isalnum((char)c))
                fold_letter(&f, (gunichar)g_ascii_tolower((char)c));
            else if (c != '\'')
                f.due = true;
            continue;
        }
        c = g_utf8_get_char(p);
        if (is_plain(c)) {
            fold_letter(&f, c);
            continue;
        }
        n = g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
        for (gsize i = 0; i < n; i++)
            fold_char(&f, parts[i]);
    }
    return g_string_free(f.out, FALSE);
}

char *words_fold(const char *text, size_t len)
{
    return fold(text, len, '\0');
}

/* ---- labels ---- */

struct bank_words {
    GHashTable *classes;  /* word -> its classes */
    GHashTable *promises; /* a set */
};

static void learn(struct bank_words *lex, const char *word, size_t len, unsigned word_class)
{
    char *key = g_strndup(word, len);
    unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(lex->classes, key));

    g_hash_table_insert(lex->classes, key, GUINT_TO_POINTER(known | word_class));
}

struct bank_words *bank_words_new(void)
{
    struct bank_words *lex = g_new0(struct bank_words, 1);

    lex->classes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const struct vocabulary *v = vocabulary; v->words != NULL; v++) {
        for (const char *w = v->words; *w != '\0';) {
            size_t n = strcspn(w, " ");
            learn(lex, w, n, v->word_class);
            w += n + strspn(w + n, " ");
        }
    }
    lex->promises = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; promises[i] != NULL; i++)
        g_hash_table_add(lex->promises, g_strdup(promises[i]));
    return lex;
}

void bank_words_free(struct bank_words *lex)
{
    if (lex == NULL)
        return;
    g_hash_table_destroy(lex->classes);
    g_hash_table_destroy(lex->promises);
    g_free(lex);
}

/* The classes of the word of LEN bytes at S, 0 when it is unknown. */
static unsigned classes_of(const struct bank_words *lex, const char *s, size_t len)
{
    char word[LABEL_MAX * 2];

    if (len >= sizeof word)
        return 0;
    memcpy(word, s, len);
    word[len] = '\0';
    return GPOINTER_TO_UINT(g_hash_table_lookup(lex->classes, word));
}

static bool is_number(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isdigit(s[i]))
            return false;
    return len > 0;
}

/* Cuts a word without spaces into the longest known ones. 0 when something is left. */
static unsigned classes_of_wide(const struct bank_words *lex, const char *s, size_t len)
{
    unsigned classes = 0;

    while (len > 0) {
        size_t n = len;
        unsigned found = 0;
        for (; n > 0; n = (size_t)(g_utf8_find_prev_char(s, s + n) - s)) {
            found = is_number(s, n) ? WORD_FILL : classes_of(lex, s, n);
            if (found != 0 || g_utf8_find_prev_char(s, s + n) == NULL)
                break;
        }
        if (found == 0)
            return 0;
        classes |= found;
        s += n;
        len -= n;
    }
    return classes;
}

/* The classes of all words of TEXT together, 0 when one of them is unknown. */
static unsigned classify(const struct bank_words *lex, const char *text, int *ret_words)
{
    unsigned all = 0;

    *ret_words = 0;
    for (const char *w = text; *w != '\0';) {
        size_t n = strcspn(w, " ");
        unsigned c = is_number(w, n) ? WORD_FILL : classes_of(lex, w, n);

        if (c == 0 && is_wide(g_utf8_get_char(w)))
            c = classes_of_wide(lex, w, n);
        if (c == 0 && n == 1 && (all & WORD_ANSWER) != 0)
            c = WORD_FILL; /* "Answer: B" */
        if (c == 0)
            return 0;
        /* A word that may only fill does not decide. */
        all |=
            (c & WORD_FILL) != 0 && c != WORD_FILL && all != 0 ? WORD_FILL | (c & WORD_ANSWER) : c;
        ++*ret_words;
        w += n + strspn(w + n, " ");
    }
    return all;
}

enum label words_label(const struct bank_words *lex, const char *text)
{
    /* The first of these that a label has a word of decides what it is. */
    static const struct {
        unsigned word_class;
        enum label label;
    } order[] = {
        {WORD_HINT, LABEL_HINT},        {WORD_FOLLOW, LABEL_FOLLOW}, {WORD_ANSWER, LABEL_ANSWER},
        {WORD_MENU, LABEL_MENU},        {WORD_WEAK, LABEL_EXPLAIN},  {WORD_NOTE, LABEL_NOTE},
        {WORD_MAYBE, LABEL_MAYBE_MENU}, {WORD_THING, LABEL_EXPAND},  {WORD_LOOK, LABEL_EXPAND},
    };
    size_t len = strlen(text);
    unsigned c;
    int n;
    char *folded;

    if (len == 0 || len > LABEL_MAX)
        return LABEL_NONE;
    folded = fold(text, len, ' ');
    c = classify(lex, folded, &n);
    g_free(folded);
    if (c == 0 || n > LABEL_WORDS_MAX)
        return LABEL_NONE;
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        if ((c & order[i].word_class) != 0)
            return order[i].label;
    return LABEL_NONE;
}

static bool ends_with_word(const char *text, const char *word)
{
    size_t n = strlen(text), w = strlen(word);

    return n > w && strcmp(text + n - w, word) == 0 && text[n - w - 1] == ' ';
}

bool words_invite(const char *text)
{
    static const char *const last[] = {"보기",   "펼치기",   "접기", "열기",
                                       "더보기", "보러가기", NULL};
    static const char *const first[] = {
        "click to", "click here", "click for", "click on", "tap to", "view",     "点击",
        "點擊",     "查看",       "展开",      "クリック", "클릭",   "haz clic", "clique",
        "cliquez",  "показать",   "нажмите",   "klick",    NULL};
    char *folded;
    bool found = false;

    if (strlen(text) > LABEL_MAX || words_have_question_mark(text))
        return false;
    folded = fold(text, strlen(text), ' ');
    for (size_t i = 0; last[i] != NULL && !found; i++)
        found = ends_with_word(folded, last[i]);
    for (size_t i = 0; first[i] != NULL && !found; i++) {
        size_t n = strlen(first[i]);
        bool wide = is_wide(g_utf8_get_char(first[i]));
        found = strncmp(folded, first[i], n) == 0 && (wide || folded[n] == ' ');
    }
    g_free(folded);
    return found;
}

/* ---- questions ---- */

static bool begins_with(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);

    return strncmp(text, phrase, n) == 0 && (text[n] == ' ' || text[n] == '\0');
}

bool words_have_question_mark(const char *text)
{
    return strchr(text, '?') != NULL || strstr(text, "？") != NULL || strstr(text, "؟") != NULL;
}

static bool any_first(const char *folded, const char *const *phrases)
{
    for (size_t i = 0; phrases[i] != NULL; i++)
        if (begins_with(folded, phrases[i]))
            return true;
    return false;
}

static bool any_last(const char *folded, const char *const *phrases)
{
    for (size_t i = 0; phrases[i] != NULL; i++)
        if (g_str_has_suffix(folded, phrases[i]))
            return true;
    return false;
}

static bool any_within(const char *folded, const char *const *phrases)
{
    for (size_t i = 0; phrases[i] != NULL; i++)
        if (strstr(folded, phrases[i]) != NULL)
            return true;
    return false;
}

/* TEXT folded, without the number that it begins with: a *new* string. */
static char *fold_question(const char *text)
{
    text += words_question_mark(text);
    text += words_number(text);
    return fold(text, strlen(text), ' ');
}

static bool asks_plainly(const char *folded)
{
    return any_first(folded, ask_first) || any_within(folded, ask_within) ||
           any_last(folded, ask_last);
}

bool words_ask_plainly(const char *text)
{
    char *folded;
    bool asks;

    if (words_have_question_mark(text))
        return true;
    folded = fold_question(text);
    asks = asks_plainly(folded);
    g_free(folded);
    return asks;
}

bool words_ask(const char *text)
{
    char *folded;
    bool asks;

    if (words_have_question_mark(text))
        return true;
    folded = fold_question(text);
    asks = asks_plainly(folded) || any_first(folded, tell_first) || any_last(folded, name_last);
    g_free(folded);
    return asks;
}

bool words_promise(const struct bank_words *lex, const char *text)
{
    char *folded;
    bool found;

    if (strlen(text) > PROMISE_MAX)
        return false;
    folded = fold(text, strlen(text), '\0');
    found = folded[0] == '\0' || g_hash_table_contains(lex->promises, folded);
    g_free(folded);
    return found;
}
