/*
 * A forgiving reader of raw HTML. It knows tags, comments, quotes in attributes
 * and entities, and nothing of nesting: what belongs together is decided later.
 * What GitHub's sanitiser does to a tag is done here: unknown tags vanish and
 * their content stays, a few dangerous ones are shown as text.
 */
#include "bank_html.h"

#include <cmark.h>
#include <string.h>

enum tag_action {
    ACT_IGNORE,
    ACT_EVENT,
    ACT_BOUNDARY,
    ACT_BREAK,
    ACT_RULE,
    ACT_PRE,
    ACT_IMAGE,
    ACT_LITERAL
};

struct tag_rule {
    const char *name;
    enum tag_action action;
    enum event_tag tag;
};

static const struct tag_rule tag_rules[] = {
    {"a", ACT_EVENT, TAG_LINK},
    {"address", ACT_BOUNDARY, TAG_BLOCK},
    {"article", ACT_BOUNDARY, TAG_BLOCK},
    {"aside", ACT_BOUNDARY, TAG_BLOCK},
    {"b", ACT_EVENT, TAG_STRONG},
    {"blockquote", ACT_EVENT, TAG_QUOTE},
    {"br", ACT_BREAK, TAG_NONE},
    {"caption", ACT_BOUNDARY, TAG_BLOCK},
    {"center", ACT_BOUNDARY, TAG_BLOCK},
    {"dd", ACT_BOUNDARY, TAG_BLOCK},
    {"details", ACT_EVENT, TAG_DETAILS},
    {"div", ACT_BOUNDARY, TAG_BLOCK},
    {"dl", ACT_BOUNDARY, TAG_BLOCK},
    {"dt", ACT_BOUNDARY, TAG_BLOCK},
    {"figcaption", ACT_BOUNDARY, TAG_BLOCK},
    {"figure", ACT_BOUNDARY, TAG_BLOCK},
    {"footer", ACT_BOUNDARY, TAG_BLOCK},
    {"h1", ACT_EVENT, TAG_HEADING},
    {"h2", ACT_EVENT, TAG_HEADING},
    {"h3", ACT_EVENT, TAG_HEADING},
    {"h4", ACT_EVENT, TAG_HEADING},
    {"h5", ACT_EVENT, TAG_HEADING},
    {"h6", ACT_EVENT, TAG_HEADING},
    {"header", ACT_BOUNDARY, TAG_BLOCK},
    {"hr", ACT_RULE, TAG_NONE},
    {"iframe", ACT_LITERAL, TAG_NONE},
    {"img", ACT_IMAGE, TAG_NONE},
    {"li", ACT_EVENT, TAG_ITEM},
    {"main", ACT_BOUNDARY, TAG_BLOCK},
    {"nav", ACT_BOUNDARY, TAG_BLOCK},
    {"noembed", ACT_LITERAL, TAG_NONE},
    {"noframes", ACT_LITERAL, TAG_NONE},
    {"ol", ACT_EVENT, TAG_LIST},
    {"p", ACT_BOUNDARY, TAG_BLOCK},
    {"picture", ACT_IMAGE, TAG_NONE},
    {"plaintext", ACT_LITERAL, TAG_NONE},
    {"pre", ACT_PRE, TAG_NONE},
    {"script", ACT_LITERAL, TAG_NONE},
    {"section", ACT_BOUNDARY, TAG_BLOCK},
    {"strong", ACT_EVENT, TAG_STRONG},
    {"style", ACT_LITERAL, TAG_NONE},
    {"summary", ACT_EVENT, TAG_SUMMARY},
    {"table", ACT_EVENT, TAG_TABLE},
    {"td", ACT_EVENT, TAG_CELL},
    {"textarea", ACT_LITERAL, TAG_NONE},
    {"th", ACT_EVENT, TAG_CELL},
    {"title", ACT_LITERAL, TAG_NONE},
    {"tr", ACT_EVENT, TAG_ROW},
    {"ul", ACT_EVENT, TAG_LIST},
    {"xmp", ACT_LITERAL, TAG_NONE},
};

enum {
    NAME_MAX_LEN = 16,
    ENTITY_MAX_LEN = 32,
    ENTITIES_MAX = 4000,
    QUOTE_REACH =
        2048, /* how far a '>' in an attribute is looked past: keeps hostile quotes linear */
};

struct raw_tag {
    char name[NAME_MAX_LEN]; /* lower case, "" when it is longer than any known one */
    bool closing;
    const char *attributes;
    size_t attributes_len;
    size_t len; /* of the whole tag */
};

void html_init(struct html *h, struct events *events, int last_comment_end)
{
    *h = (struct html){.events = events, .last_comment_end = last_comment_end};
    h->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* ---- text and entities
 * ------------------------------------------------------------------------------------------ */

/* The text of the entity "&name;" as cmark knows it: a *new* string, "" when there is none such. */
static char *ask_cmark(const char *entity)
{
    cmark_node *doc = cmark_parse_document(entity, strlen(entity), CMARK_OPT_DEFAULT);
    cmark_node *para = cmark_node_first_child(doc);
    cmark_node *text = para != NULL ? cmark_node_first_child(para) : NULL;
    const char *found = text != NULL ? cmark_node_get_literal(text) : NULL;
    char *copy = g_strdup(found != NULL && strcmp(found, entity) != 0 ? found : "");

    cmark_node_free(doc);
    return copy;
}

/* The text of the entity of LEN bytes at S (from '&' to ';'), *borrowed*, or NULL. */
static const char *entity_text(struct html *h, const char *s, size_t len)
{
    char name[ENTITY_MAX_LEN + 3];
    char *known;

    memcpy(name, s, len);
    name[len] = '\0';
    known = g_hash_table_lookup(h->entities, name);
    if (known == NULL && g_hash_table_size(h->entities) < ENTITIES_MAX) {
        known = ask_cmark(name);
        g_hash_table_insert(h->entities, g_strdup(name), known);
    }
    return known != NULL && known[0] != '\0' ? known : NULL;
}

/* The length of something that looks like an entity at S, 0 when it does not. */
static size_t entity_length(const char *s, size_t len)
{
    size_t i = 1;

    while (i < len && i < ENTITY_MAX_LEN && (g_ascii_isalnum(s[i]) || (i == 1 && s[i] == '#')))
        i++;
    return i > 1 && i < len && s[i] == ';' ? i + 1 : 0;
}

static void put(struct html *h, enum event_kind kind, const char *s, size_t len, int line)
{
    if (h->pre != NULL)
        g_string_append_len(h->pre, s, (gssize)len);
    else if (len > 0)
        events_text(h->events, kind, line, s, len);
}

void html_text(struct html *h, enum event_kind kind, const char *s, size_t len, int line)
{
    if (h->in_comment) {
        /* The author's comment ends where he wrote "-->", although a browser would go on. */
        const char *end = g_strstr_len(s, (gssize)len, "-->");
        if (end == NULL)
            return;
        h->in_comment = false;
        len -= (size_t)(end + 3 - s);
        s = end + 3;
    }
    if (kind == EV_SOFT || kind == EV_BREAK) {
        if (h->pre != NULL)
            g_string_append_c(h->pre, '\n');
        else
            events_add(h->events, kind, TAG_NONE, line);
        return;
    }
    put(h, kind, s, len, line);
}

/* Raw text between tags: entities decoded, line ends kept as soft ones. */
static void read_text(struct html *h, const char *s, size_t len, int *line)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        size_t n;
        const char *text;
        if (s[i] == '\n') {
            put(h, EV_TEXT, s + from, i - from, *line);
            html_text(h, EV_SOFT, "", 0, *line);
            ++*line;
            from = i + 1;
        } else if (s[i] == '&' && (n = entity_length(s + i, len - i)) > 0 &&
                   (text = entity_text(h, s + i, n)) != NULL) {
            put(h, EV_TEXT, s + from, i - from, *line);
            put(h, EV_TEXT, text, strlen(text), *line);
            from = i + n;
            i += n - 1;
        }
    }
    put(h, EV_TEXT, s + from, len - from, *line);
}

/* ---- tags ---- */

/*
 * The end of the tag at S: behind its '>'. A '>' within quotes does not count,
 * unless the quote is never closed. 0 when there is no end.
 */
static size_t tag_end(const char *s, size_t len)
{
    const char *first = memchr(s, '>', len);
    char quote = 0;

    if (first == NULL)
        return 0;
    len = MIN(len, (size_t)(first - s) + QUOTE_REACH);
    for (size_t i = 1; i < len; i++) {
        if (quote != 0) {
            if (s[i] == quote)
                quote = 0;
        } else if (s[i] == '>') {
            return i + 1;
        } else if ((s[i] == '"' || s[i] == '\'') && s[i - 1] == '=') {
            const char *close = memchr(s + i + 1, s[i], len - i - 1);
            if (close == NULL)
                break;
            quote = s[i];
        }
    }
    return (size_t)(first - s) + 1;
}

/* Reads a tag at S ('<'). False when it is none, as in "a < b" or "<키, 값>". */
static bool read_tag(const char *s, size_t len, struct raw_tag *ret)
{
    size_t i = 1, start, n;

    ret->closing = len > 1 && s[1] == '/';
    if (ret->closing)
        i++;
    start = i;
    if (i >= len || !g_ascii_isalpha(s[i]))
        return false;
    while (i < len && (g_ascii_isalnum(s[i]) || s[i] == '-' || s[i] == ':'))
        i++;
    if (i >= len || (s[i] != '>' && s[i] != '/' && !g_ascii_isspace(s[i])))
        return false;
    n = i - start;
    ret->len = tag_end(s, len);
    if (ret->len == 0)
        return false;
    ret->name[0] = '\0';
    if (n < NAME_MAX_LEN) {
        for (size_t k = 0; k < n; k++)
            ret->name[k] = g_ascii_tolower(s[start + k]);
        ret->name[n] = '\0';
    }
    ret->attributes = s + i;
    ret->attributes_len = ret->len - i;
    return true;
}

static const struct tag_rule *find_rule(const char *name)
{
    size_t lo = 0, hi = G_N_ELEMENTS(tag_rules);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = strcmp(name, tag_rules[mid].name);
        if (c == 0)
            return &tag_rules[mid];
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

static void close_heading(struct html *h, int line)
{
    if (h->heading == 0)
        return;
    events_add(h->events, EV_CLOSE, TAG_HEADING, line)->num = h->heading;
    h->heading = 0;
}

void html_block_begins(struct html *h, int line)
{
    if (!h->in_comment)
        close_heading(h, line);
}

static void close_pre(struct html *h)
{
    GString *pre = h->pre;

    if (pre == NULL)
        return;
    h->pre = NULL;
    g_strchomp(pre->str);
    const char *code = pre->str + (pre->str[0] == '\n');
    if (code[0] != '\0')
        events_fence(h->events, h->pre_line, EF_RAW, "", 0, code, strlen(code));
    g_string_free(pre, TRUE);
}

static void open_pre(struct html *h, int line)
{
    close_pre(h);
    h->pre = g_string_new(NULL);
    h->pre_line = line;
}

/* A link within the repository: a table of contents is made of them. */
static bool is_local_link(const struct raw_tag *t)
{
    const char *href = g_strstr_len(t->attributes, (gssize)t->attributes_len, "href=");

    if (href == NULL)
        return false;
    href += strlen("href=");
    if (*href == '"' || *href == '\'')
        href++;
    return !g_str_has_prefix(href, "http") && !g_str_has_prefix(href, "mailto");
}

static void event_for(struct html *h, const struct raw_tag *t, enum event_tag tag, int line)
{
    struct event *ev;

    if (tag == TAG_HEADING) {
        close_heading(h, line);
        if (t->closing)
            return;
        /* h1 to h6. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        h->heading = t->name[1] - '0';
    } else if (tag == TAG_DETAILS || tag == TAG_ITEM || tag == TAG_TABLE) {
        close_heading(h, line);
    }
    if (tag == TAG_DETAILS || tag == TAG_SUMMARY)
        close_pre(h);
    ev = events_add(h->events, t->closing ? EV_CLOSE : EV_OPEN, tag, line);
    ev->flags = EF_RAW;
    ev->num = tag == TAG_HEADING ? h->heading : -1;
    if (tag == TAG_LINK && !t->closing && is_local_link(t))
        ev->flags |= EF_LOCAL;
    if (tag == TAG_LIST && t->name[0] == 'o')
        ev->num = 1;
}

static void act(struct html *h, const struct raw_tag *t, const char *s, int line)
{
    const struct tag_rule *rule = find_rule(t->name);

    switch (rule != NULL ? rule->action : ACT_IGNORE) {
    case ACT_IGNORE:
        break;
    case ACT_EVENT:
        event_for(h, t, rule->tag, line);
        break;
    case ACT_BOUNDARY:
        events_add(h->events, t->closing ? EV_CLOSE : EV_OPEN, TAG_BLOCK, line);
        break;
    case ACT_BREAK:
        html_text(h, EV_BREAK, "", 0, line);
        break;
    case ACT_RULE:
        events_add(h->events, EV_RULE, TAG_NONE, line);
        break;
    case ACT_PRE:
        if (t->closing)
            close_pre(h);
        else
            open_pre(h, line);
        break;
    case ACT_IMAGE:
        events_add(h->events, EV_TEXT, TAG_NONE, line)->flags = EF_IMAGE;
        break;
    case ACT_LITERAL:
        put(h, EV_TEXT, s, t->len, line);
        break;
    }
}

static int count_lines(const char *s, size_t len)
{
    int n = 0;
    const char *end = s + len;

    while ((s = memchr(s, '\n', (size_t)(end - s))) != NULL) {
        n++;
        s++;
    }
    return n;
}

/* Skips a comment or declaration at S; returns its length, 0 when it is neither. */
static size_t skip_markup(struct html *h, const char *s, size_t len, int line)
{
    const char *end;

    if (len >= 4 && memcmp(s, "<!--", 4) == 0) {
        if (len >= 5 && s[4] == '>')
            return 5;
        end = g_strstr_len(s + 4, (gssize)len - 4, "-->");
        if (end != NULL)
            return (size_t)(end + 3 - s);
        h->in_comment = h->last_comment_end > line + count_lines(s, len);
        return len;
    }
    if (len >= 2 && (s[1] == '!' || s[1] == '?')) {
        end = memchr(s, '>', len);
        return end != NULL ? (size_t)(end + 1 - s) : 0;
    }
    return 0;
}

void html_read(struct html *h, const char *s, size_t len, int line)
{
    const char *last =
        memrchr(s, '>', len); /* beyond it no tag can end: not looked for again and again */
    size_t from = 0, i = 0;

    if (h->in_comment) {
        const char *end = g_strstr_len(s, (gssize)len, "-->");
        if (end == NULL)
            return;
        h->in_comment = false;
        i = from = (size_t)(end + 3 - s);
        line += count_lines(s, i);
    }
    while (i < len) {
        const char *lt = memchr(s + i, '<', len - i);
        struct raw_tag t;
        size_t n;

        if (lt == NULL)
            break;
        i = (size_t)(lt - s);
        if (lt < last && read_tag(s + i, len - i, &t)) {
            read_text(h, s + from, i - from, &line);
            act(h, &t, s + i, line);
            n = t.len;
        } else if ((n = skip_markup(h, s + i, len - i, line)) > 0) {
            read_text(h, s + from, i - from, &line);
        } else {
            i++;
            continue;
        }
        line += count_lines(s + i, n);
        i += n;
        from = i;
    }
    read_text(h, s + from, len - from, &line);
}

void html_finish(struct html *h, int line)
{
    close_heading(h, line);
    close_pre(h);
    g_hash_table_destroy(h->entities);
}
