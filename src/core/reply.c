/* Messages as runs of styled text; the catalogue's little template language. */
#include "reply.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

#include "text.h"

#define MAX_ARGS 12

struct reply {
    const catalog *cat;
    enum lang lang;
    GArray *runs;       /* of struct reply_run */
    char *text;         /* theirs, each behind the one before */
    size_t used, room;  /* bytes of it */
    GPtrArray *buttons; /* of struct reply_button */
    char *placeholder;
};

/* The arguments of one template. */
struct args {
    size_t n;
    struct {
        const char *name; /* in the specification */
        size_t name_len;
        const char *value; /* the caller's, or in `digits` */
        char digits[TEXT_INT_SIZE];
    } at[MAX_ARGS];
};

/* Most messages are shorter. */
#define TEXT_ROOM 4096
#define RUNS_ROOM 32

static void run_clear(gpointer data)
{
    struct reply_run *run = data;

    g_free(run->lang);
}

static void button_free(gpointer data)
{
    struct reply_button *b = data;

    g_free(b->label);
    g_free(b->action);
    g_free(b->link);
    g_free(b);
}

reply *reply_new(const catalog *cat, enum lang lang)
{
    reply *r = g_new0(reply, 1);

    r->cat = cat;
    r->lang = lang;
    r->runs = g_array_sized_new(FALSE, FALSE, sizeof(struct reply_run), RUNS_ROOM);
    g_array_set_clear_func(r->runs, run_clear);
    r->buttons = g_ptr_array_new_with_free_func(button_free);
    return r;
}

void reply_free(reply *r)
{
    if (r == NULL)
        return;
    g_array_unref(r->runs);
    g_free(r->text);
    g_ptr_array_unref(r->buttons);
    g_free(r->placeholder);
    g_free(r);
}

enum lang reply_lang(const reply *r)
{
    return r->lang;
}

void reply_set_lang(reply *r, enum lang lang)
{
    r->lang = lang;
}

/* ---- arguments ---- */

static const char *next_value(const char *conversion, size_t len, char digits[TEXT_INT_SIZE],
                              va_list *ap)
{
    long long n;

    if (len == 2 && conversion[1] == 's')
        return va_arg(*ap, const char *);
    if (len == 2 && conversion[1] == 'd')
        n = va_arg(*ap, int);
    else if (len == 3 && strncmp(conversion, "%zu", 3) == 0)
        n = (long long)va_arg(*ap, size_t);
    else if (len == 4 && strncmp(conversion, "%lld", 4) == 0)
        n = va_arg(*ap, long long);
    else
        g_error("reply: unknown conversion %s", conversion);
    return text_int(n, digits);
}

/* What they point to is the caller's, and lives as long as the call. */
static void args_read(struct args *args, const char *spec, va_list *ap)
{
    const char *word = spec;

    args->n = 0;
    while (*word != '\0' && args->n < MAX_ARGS) {
        size_t len = strcspn(word, " ");
        const char *eq = memchr(word, '=', len);

        if (eq != NULL) {
            args->at[args->n].name = word;
            args->at[args->n].name_len = (size_t)(eq - word);
            args->at[args->n].value =
                next_value(eq + 1, len - (size_t)(eq + 1 - word), args->at[args->n].digits, ap);
            args->n++;
        }
        word += len;
        word += *word == ' ' ? 1 : 0;
    }
}

static const char *args_get(const struct args *args, const char *name, size_t len)
{
    for (size_t i = 0; i < args->n; i++) {
        if (args->at[i].name_len == len && memcmp(args->at[i].name, name, len) == 0)
            return args->at[i].value;
    }
    return NULL;
}

/* ---- runs ---- */

/* Makes room for LEN bytes more and a NUL: the runs move along. */
static void make_room(reply *r, size_t len)
{
    char *before = r->text;

    if (r->text != NULL && r->used + len + 1 <= r->room)
        return;
    r->room = MAX(TEXT_ROOM, (r->used + len + 1) * 2);
    r->text = g_malloc(r->room);
    if (r->used > 0)
        memcpy(r->text, before, r->used);
    for (guint i = 0; i < r->runs->len; i++) {
        struct reply_run *run = &g_array_index(r->runs, struct reply_run, i);

        run->text = r->text + (run->text - before);
    }
    g_free(before);
}

static struct reply_run *last_run(const reply *r)
{
    return r->runs->len > 0 ? &g_array_index(r->runs, struct reply_run, r->runs->len - 1) : NULL;
}

/* Appends what is known to be clean: more of the last run, or a new one. */
static void append_clean(reply *r, unsigned style, const char *text, size_t len, const char *lang)
{
    make_room(r, len);
    struct reply_run *last = last_run(r);

    if (last != NULL && lang == NULL && last->style == style && last->lang == NULL) {
        r->used--; /* its NUL */
        last->len += len;
    } else {
        struct reply_run run = {style, r->text + r->used, len, g_strdup(lang)};

        g_array_append_val(r->runs, run);
    }
    memcpy(r->text + r->used, text, len);
    r->used += len;
    r->text[r->used++] = '\0';
}

/* Whoever wrote it: no escape sequence and no direction override reaches a screen. */
static void append_run(reply *r, unsigned style, const char *text, size_t len, const char *lang)
{
    if (text_is_clean(text, len)) {
        append_clean(r, style, text, len, lang);
    } else {
        g_autofree char *clean = text_clean(text, len);

        append_clean(r, style, clean, strlen(clean), lang);
    }
}

/* ---- the template ---- */

/* A template that is being said. */
struct saying {
    reply *r;
    const struct args *args;
    guint from; /* the run where it began, or went on */
};

/* Appends what the catalogue says itself. */
static void emit(reply *r, unsigned style, const char *text, size_t len)
{
    if (len > 0)
        append_clean(r, style, text, len, NULL);
}

/* The particle of a pair goes by what stands before it, in whatever style. */
static void emit_particle(const struct saying *s, unsigned style, const char *field, size_t len)
{
    g_autofree char *pair = g_strndup(field, len);
    g_autoptr(GString) said = g_string_new(NULL);
    size_t n = 0;

    for (guint i = s->from; i < s->r->runs->len; i++)
        g_string_append(said, reply_run_at(s->r, i)->text);
    const char *particle = text_particle(said->str, pair, &n);
    emit(s->r, style, particle, n);
}

/* What stands between the braces: an argument, a particle pair or a plural. */
static void emit_field(const struct saying *s, unsigned style, const char *field, size_t len)
{
    const char *ask = memchr(field, '?', len);
    const char *value = args_get(s->args, field, ask != NULL ? (size_t)(ask - field) : len);

    if (ask != NULL && value != NULL) {
        const char *bar = memchr(ask, '|', len - (size_t)(ask - field));
        const char *end = field + len;

        if (bar == NULL)
            bar = end;
        if (strcmp(value, "1") == 0)
            emit(s->r, style, ask + 1, (size_t)(bar - ask - 1));
        else if (bar < end)
            emit(s->r, style, bar + 1, (size_t)(end - bar - 1));
    } else if (value != NULL) {
        reply_text(s->r, style, value);
    } else if (memchr(field, '/', len) != NULL) {
        emit_particle(s, style, field, len);
    } else {
        emit(s->r, style, field - 1, len + 2);
    }
}

static unsigned mark_style(char c)
{
    return c == '*' ? REPLY_BOLD : c == '_' ? REPLY_ITALIC : c == '`' ? REPLY_CODE : 0;
}

static void emit_template(const struct saying *s, unsigned style, const char *text)
{
    unsigned now = style;
    const char *from = text;
    const char *p = text;

    for (p += strcspn(p, "\\*_`{"); *p != '\0'; p += strcspn(p, "\\*_`{")) {
        const char *close = *p == '{' ? strchr(p, '}') : NULL;

        if (*p == '\\' && mark_style(p[1]) != 0) {
            emit(s->r, now, from, (size_t)(p - from));
            from = p + 1;
            p += 2;
        } else if (mark_style(*p) != 0) {
            emit(s->r, now, from, (size_t)(p - from));
            now ^= mark_style(*p);
            from = ++p;
        } else if (close != NULL) {
            emit(s->r, now, from, (size_t)(p - from));
            emit_field(s, now, p + 1, (size_t)(close - p - 1));
            from = p = close + 1;
        } else {
            p++;
        }
    }
    emit(s->r, now, from, (size_t)(p - from));
}

static void say_va(reply *r, unsigned style, const char *key, const char *spec, va_list *ap)
{
    struct args args;
    /* A particle may follow what another call has said. */
    struct saying s = {r, &args, r->runs->len > 0 ? r->runs->len - 1 : 0};

    args_read(&args, spec, ap);
    emit_template(&s, style, catalog_text(r->cat, r->lang, key));
}

void reply_say(reply *r, const char *key, const char *spec, ...)
{
    va_list ap;

    va_start(ap, spec);
    say_va(r, REPLY_PLAIN, key, spec, &ap);
    va_end(ap);
}

void reply_say_in(reply *r, unsigned style, const char *key, const char *spec, ...)
{
    va_list ap;

    va_start(ap, spec);
    say_va(r, style, key, spec, &ap);
    va_end(ap);
}

void reply_text(reply *r, unsigned style, const char *text)
{
    if (text[0] != '\0')
        append_run(r, style, text, strlen(text), NULL);
}

void reply_newline(reply *r, int n)
{
    const struct reply_run *last = last_run(r);
    int have = 0;

    if (last == NULL)
        return;
    if ((last->style & REPLY_PRE) != 0)
        have = 1; /* a block ends its own line */
    for (const char *p = last->text + last->len; p > last->text && p[-1] == '\n'; p--)
        have++;
    for (; have < n; have++)
        append_clean(r, REPLY_PLAIN, "\n", 1, NULL);
}

void reply_code(reply *r, const char *lang, const char *text, unsigned style)
{
    reply_newline(r, 1);
    append_run(r, style | REPLY_PRE, text, strlen(text), lang != NULL ? lang : "");
}

void reply_parts(reply *r, const struct bank_part *parts, size_t n, unsigned style)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && !parts[i - 1].code && !parts[i].code)
            reply_newline(r, 2);
        else if (i > 0)
            reply_newline(r, 1);
        if (parts[i].code)
            reply_code(r, parts[i].lang, parts[i].text, style);
        else
            reply_text(r, style, parts[i].text);
    }
}

void reply_join(reply *r, const reply *from)
{
    for (size_t i = 0; i < reply_run_count(from); i++) {
        const struct reply_run *run = reply_run_at(from, i);

        append_clean(r, run->style, run->text, run->len, run->lang);
    }
    for (size_t i = 0; i < reply_button_count(from); i++) {
        const struct reply_button *b = reply_button_at(from, i);
        struct reply_button copy = {g_strdup(b->label), g_strdup(b->action), g_strdup(b->link),
                                    b->new_row};

        g_ptr_array_add(r->buttons, g_memdup2(&copy, sizeof copy));
    }
    if (from->placeholder != NULL) {
        g_free(r->placeholder);
        r->placeholder = g_strdup(from->placeholder);
    }
}

/* ---- buttons ---- */

static void add_button(reply *r, const char *label, const char *action, const char *link,
                       bool new_row)
{
    struct reply_button *b = g_new0(struct reply_button, 1);

    b->label = g_strdup(label);
    b->action = g_strdup(action);
    b->link = g_strdup(link);
    b->new_row = new_row;
    g_ptr_array_add(r->buttons, b);
}

void reply_button(reply *r, const char *label_key, const char *action, bool new_row)
{
    add_button(r, catalog_text(r->cat, r->lang, label_key), action, NULL, new_row);
}

void reply_button_text(reply *r, const char *label, const char *action, bool new_row)
{
    add_button(r, label, action, NULL, new_row);
}

void reply_button_link(reply *r, const char *label_key, const char *payload, bool new_row)
{
    add_button(r, catalog_text(r->cat, r->lang, label_key), NULL, payload, new_row);
}

void reply_placeholder(reply *r, const char *key)
{
    g_free(r->placeholder);
    r->placeholder = g_strdup(catalog_text(r->cat, r->lang, key));
}

const char *reply_get_placeholder(const reply *r)
{
    return r->placeholder;
}

size_t reply_run_count(const reply *r)
{
    return r->runs->len;
}

const struct reply_run *reply_run_at(const reply *r, size_t i)
{
    return &g_array_index(r->runs, struct reply_run, i);
}

size_t reply_button_count(const reply *r)
{
    return r->buttons->len;
}

const struct reply_button *reply_button_at(const reply *r, size_t i)
{
    return g_ptr_array_index(r->buttons, i);
}

char *reply_plain(const reply *r, bool show_hidden)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < reply_run_count(r); i++) {
        const struct reply_run *run = reply_run_at(r, i);

        if ((run->style & REPLY_HIDDEN) != 0 && !show_hidden)
            continue;
        g_string_append_len(out, run->text, (gssize)run->len);
        if ((run->style & REPLY_PRE) != 0 && !g_str_has_suffix(run->text, "\n"))
            g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* ---- one text ---- */

char *catalog_format(const catalog *c, enum lang lang, const char *key, const char *spec, ...)
{
    reply *r = reply_new(c, lang);
    va_list ap;

    va_start(ap, spec);
    say_va(r, REPLY_PLAIN, key, spec, &ap);
    va_end(ap);
    char *text = reply_plain(r, true);
    reply_free(r);
    return text;
}
