/* A recursive descent over the grammar of RFC 8259; nodes stand in the order of the text. */
#include "json_view.h"

#include <string.h>

#include "scan.h"
#include "text.h"

enum type { OBJECT, ARRAY, STRING, INTEGER, REAL, TRUE_, FALSE_, NULL_ };

struct json_node {
    enum type type;
    uint32_t span; /* nodes from this one to behind its last: the next sibling stands there */
    const char *text;
    union {
        size_t len;    /* bytes: of a string decoded, of an array or object as it stood */
        int64_t value; /* of an INTEGER */
    };
};

struct json_view {
    char *text; /* the copy: decoded strings stand in it */
    struct json_node *nodes;
};

struct reader {
    char *at;
    char *end; /* a NUL stands there, which no rule accepts */
    int depth;
    struct json_node *nodes;
    uint32_t n, room;
};

static bool value(struct reader *r);

/* A new node's place: the nodes may move when the next one is added. */
static uint32_t add(struct reader *r, enum type type, const char *text)
{
    if (r->n == r->room) {
        r->room *= 2;
        r->nodes = g_renew(struct json_node, r->nodes, r->room);
    }
    r->nodes[r->n] = (struct json_node){.type = type, .span = 1, .text = text};
    return r->n++;
}

static void space(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')
        r->at++;
}

/* ---- strings ---- */

/* The four digits at P, -1 when they are none. */
static int32_t hex4(const char *p)
{
    int32_t n = 0;

    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(p[i]);

        if (digit < 0)
            return -1;
        n = n * 16 + digit;
    }
    return n;
}

/* \uXXXX, perhaps two that are one character; writes it to OUT. Gives its end, NULL: none. */
static char *unicode(struct reader *r, char *out)
{
    int32_t c = hex4(r->at + 1), low = -1;

    if (c < 0)
        return NULL;
    r->at += 5;
    if (c >= 0xD800 && c <= 0xDBFF && r->at[0] == '\\' && r->at[1] == 'u')
        low = hex4(r->at + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    if (c >= 0xD800 && c <= 0xDFFF)
        c = 0xFFFD;
    return out + g_unichar_to_utf8((gunichar)c, out);
}

/* What stands behind a backslash; what it means is never longer than what stood there. */
static char *escape(struct reader *r, char *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *which;

    if (*r->at == 'u')
        return unicode(r, out);
    which = *r->at != '\0' ? strchr(from, *r->at) : NULL;
    if (which == NULL)
        return NULL;
    r->at++;
    *out = to[which - from];
    return out + 1;
}

static bool is_plain(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

/* From behind the opening quote to behind the closing one. */
static bool string(struct reader *r)
{
    char *start = r->at, *out;
    uint32_t at = add(r, STRING, start);

    r->at += scan_span(start, (size_t)(r->end - start), scan_json_special);
    out = r->at;
    while (*r->at == '\\') {
        r->at++;
        out = escape(r, out);
        if (out == NULL)
            return false;
        while (is_plain(*r->at))
            *out++ = *r->at++;
    }
    if (*r->at != '"')
        return false; /* a control character, or the end */
    r->at++;
    *out = '\0';
    r->nodes[at].len = (size_t)(out - start);
    return true;
}

/* ---- numbers and words ---- */

static size_t digits(struct reader *r)
{
    char *start = r->at;

    while (g_ascii_isdigit(*r->at))
        r->at++;
    return (size_t)(r->at - start);
}

/* False when the digits make no int64_t. */
static bool integer(const char *p, const char *end, int64_t *ret)
{
    bool minus = *p == '-';
    uint64_t n = 0;

    for (p += minus; p < end; p++) {
        if (n > (UINT64_C(1) << 63) / 10)
            return false;
        n = n * 10 + (uint64_t)(*p - '0');
    }
    if (n > (uint64_t)INT64_MAX + minus)
        return false;
    *ret = minus ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static bool number(struct reader *r)
{
    char *start = r->at;
    bool whole = true;
    int64_t n;

    r->at += *r->at == '-';
    if (*r->at == '0')
        r->at++;
    else if (digits(r) == 0)
        return false;
    if (*r->at == '.') {
        whole = false;
        r->at++;
        if (digits(r) == 0)
            return false;
    }
    if (*r->at == 'e' || *r->at == 'E') {
        whole = false;
        r->at++;
        r->at += *r->at == '+' || *r->at == '-';
        if (digits(r) == 0)
            return false;
    }
    uint32_t at = add(r, REAL, start);
    if (whole && integer(start, r->at, &n)) {
        r->nodes[at].type = INTEGER;
        r->nodes[at].value = n;
    }
    return true;
}

static bool word(struct reader *r, const char *w, enum type type)
{
    size_t n = strlen(w);

    if (strncmp(r->at, w, n) != 0)
        return false;
    add(r, type, r->at);
    r->at += n;
    return true;
}

/* ---- what holds values ---- */

static bool member(struct reader *r)
{
    if (*r->at != '"')
        return false;
    r->at++;
    if (!string(r))
        return false;
    space(r);
    if (*r->at != ':')
        return false;
    r->at++;
    space(r);
    return value(r);
}

static bool container(struct reader *r, enum type type, char close, bool (*one)(struct reader *r))
{
    char *start = r->at;
    uint32_t at = add(r, type, start);

    if (++r->depth > JSON_VIEW_DEPTH)
        return false;
    r->at++;
    space(r);
    for (bool first = true; *r->at != close; first = false) {
        if (!first) {
            if (*r->at != ',')
                return false;
            r->at++;
            space(r);
        }
        if (!one(r))
            return false;
        space(r);
    }
    r->at++;
    r->depth--;
    r->nodes[at].len = (size_t)(r->at - start);
    r->nodes[at].span = r->n - at;
    return true;
}

static bool value(struct reader *r)
{
    switch (*r->at) {
    case '{':
        return container(r, OBJECT, '}', member);
    case '[':
        return container(r, ARRAY, ']', value);
    case '"':
        r->at++;
        return string(r);
    case 't':
        return word(r, "true", TRUE_);
    case 'f':
        return word(r, "false", FALSE_);
    case 'n':
        return word(r, "null", NULL_);
    default:
        return number(r);
    }
}

/* ---- the view ---- */

json_view *json_view_new(const char *text, size_t len)
{
    if (len == 0 || !text_is_utf8(text, len)) /* that there is no NUL either */
        return NULL;
    json_view *v = g_new(json_view, 1);
    v->text = g_strndup(text, len);
    uint32_t room = (uint32_t)(len / 12 + 4);
    struct reader r = {v->text, v->text + len, 0, g_new(struct json_node, room), 0, room};

    space(&r);
    bool ok = value(&r);
    space(&r);
    v->nodes = r.nodes;
    if (ok && r.at == r.end)
        return v;
    json_view_free(v);
    return NULL;
}

void json_view_free(json_view *v)
{
    if (v == NULL)
        return;
    g_free(v->nodes);
    g_free(v->text);
    g_free(v);
}

const json_node *json_view_root(const json_view *v)
{
    return v != NULL ? v->nodes : NULL;
}

size_t json_view_place(const json_view *v, const json_node *n, size_t *ret_len)
{
    *ret_len = n->len;
    return (size_t)(n->text - v->text);
}

/* ---- nodes ---- */

const json_node *json_node_get(const json_node *object, const char *key)
{
    const json_node *found = NULL;
    size_t len = strlen(key);

    if (!json_node_is_object(object))
        return NULL;
    for (const json_node *k = object + 1; k < object + object->span; k += 1 + k[1].span) {
        if (k->len == len && memcmp(k->text, key, len) == 0)
            found = k + 1;
    }
    return found;
}

/* How many nodes stand before a value of PARENT: its key, in an object. */
static uint32_t keys(const json_node *parent)
{
    return parent->type == OBJECT ? 1 : 0;
}

const json_node *json_node_first(const json_node *parent)
{
    bool any = (json_node_is_array(parent) || json_node_is_object(parent)) && parent->span > 1;

    return any ? parent + 1 + keys(parent) : NULL;
}

const json_node *json_node_next(const json_node *parent, const json_node *n)
{
    n += n->span + keys(parent);
    return n < parent + parent->span ? n : NULL;
}

size_t json_node_size(const json_node *array)
{
    size_t n = 0;

    if (!json_node_is_array(array))
        return 0;
    for (const json_node *e = json_node_first(array); e != NULL; e = json_node_next(array, e))
        n++;
    return n;
}

const json_node *json_node_at(const json_node *array, size_t i)
{
    const json_node *e = json_node_is_array(array) ? json_node_first(array) : NULL;

    for (; e != NULL && i > 0; i--)
        e = json_node_next(array, e);
    return e;
}

int64_t json_node_int(const json_node *n)
{
    return json_node_is_int(n) ? n->value : 0;
}

const char *json_node_string(const json_node *n)
{
    return json_node_is_string(n) ? n->text : NULL;
}

size_t json_node_length(const json_node *string)
{
    return json_node_is_string(string) ? string->len : 0;
}

bool json_node_is_object(const json_node *n)
{
    return n != NULL && n->type == OBJECT;
}

bool json_node_is_array(const json_node *n)
{
    return n != NULL && n->type == ARRAY;
}

bool json_node_is_string(const json_node *n)
{
    return n != NULL && n->type == STRING;
}

bool json_node_is_int(const json_node *n)
{
    return n != NULL && n->type == INTEGER;
}

bool json_node_is_true(const json_node *n)
{
    return n != NULL && n->type == TRUE_;
}

bool json_node_is_false(const json_node *n)
{
    return n != NULL && n->type == FALSE_;
}
