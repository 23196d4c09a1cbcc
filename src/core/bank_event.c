/* The run of events: appending. */
#include "bank_event.h"

#include <string.h>

void events_init(struct events *e, size_t text_len)
{
    e->list = g_array_sized_new(FALSE, TRUE, sizeof(struct event), (guint)(text_len / 32));
    e->pool = g_string_sized_new(text_len);
}

void events_clear(struct events *e)
{
    g_array_free(e->list, TRUE);
    g_string_free(e->pool, TRUE);
}

bool event_is_boundary(const struct event *ev)
{
    switch ((enum event_kind)ev->kind) {
    case EV_FENCE:
    case EV_RULE:
        return true;
    case EV_OPEN:
    case EV_CLOSE:
        return ev->tag != TAG_LINK && ev->tag != TAG_STRONG && ev->tag != TAG_NONE;
    case EV_TEXT:
    case EV_CODE:
    case EV_SOFT:
    case EV_BREAK:
        break;
    }
    return false;
}

struct event *events_add(struct events *e, enum event_kind kind, enum event_tag tag, int line)
{
    struct event ev = {.kind = (uint8_t)kind, .tag = (uint8_t)tag, .line = line};

    g_array_append_val(e->list, ev);
    return &g_array_index(e->list, struct event, e->list->len - 1);
}

void events_text(struct events *e, enum event_kind kind, int line, const char *s, size_t len)
{
    if (e->list->len > 0 && kind == EV_TEXT) {
        struct event *last = &g_array_index(e->list, struct event, e->list->len - 1);

        if (last->kind == EV_TEXT && last->line == line && last->at + last->len == e->pool->len) {
            g_string_append_len(e->pool, s, (gssize)len);
            last->len += (uint32_t)len;
            return;
        }
    }
    struct event *ev = events_add(e, kind, TAG_NONE, line);
    ev->at = (uint32_t)e->pool->len;
    ev->len = (uint32_t)len;
    g_string_append_len(e->pool, s, (gssize)len);
}

void events_fence(struct events *e, int line, unsigned flags, const char *lang, size_t lang_len,
                  const char *code, size_t len)
{
    struct event *ev = events_add(e, EV_FENCE, TAG_NONE, line);

    ev->flags = (uint16_t)flags;
    ev->num = (int32_t)lang_len;
    ev->at = (uint32_t)e->pool->len;
    ev->len = (uint32_t)(lang_len + len);
    g_string_append_len(e->pool, lang, (gssize)lang_len);
    g_string_append_len(e->pool, code, (gssize)len);
}
