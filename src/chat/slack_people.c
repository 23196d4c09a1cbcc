/* The cache of people, channels and direct messages over users.info and its kind. */
#include "slack_people.h"

#include <glib.h>
#include <string.h>

#include "json_out.h"
#include "log.h"

enum {
    FRESH_MS = 10 * 60 * 1000, /* a new name or administrator is seen after so long */
    FAILED_MS = 30 * 1000,     /* Slack is asked again */
    ASK_MS = 1500,             /* an event waits at most so long, of the 3 s that Slack gives */
    KEPT_MOST = 5000,
};

struct entry {
    struct slack_people *owner;
    char *id;
    bool asking;
    int64_t at; /* of the last answer, monotonic ms */
    struct slack_person person;
    struct slack_room room;
    enum slack_known direct_known;
    enum slack_known *known; /* the one of the three that this entry is about */
    char *direct;
};

struct slack_people {
    loop *loop;
    slack_api *api;
    loop_fn changed;
    void *data;
    GHashTable *persons;
    GHashTable *rooms;
    GHashTable *directs;
};

static void entry_free(gpointer data)
{
    struct entry *e = data;

    g_free(e->id);
    g_free(e->person.name);
    g_free(e->person.zone);
    g_free(e->person.locale);
    g_free(e->room.title);
    g_free(e->room.creator);
    g_free(e->direct);
    g_free(e);
}

slack_people *slack_people_new(loop *l, slack_api *a, loop_fn changed, void *data)
{
    slack_people *p = g_new0(slack_people, 1);

    p->loop = l;
    p->api = a;
    p->changed = changed;
    p->data = data;
    p->persons = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    p->rooms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    p->directs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    return p;
}

void slack_people_free(slack_people *p)
{
    if (p == NULL)
        return;
    g_hash_table_destroy(p->persons);
    g_hash_table_destroy(p->rooms);
    g_hash_table_destroy(p->directs);
    g_free(p);
}

static gboolean not_asking(gpointer key, gpointer value, gpointer data)
{
    (void)key, (void)data;
    return !((struct entry *)value)->asking;
}

static struct entry *entry_new(slack_people *p, GHashTable *table, const char *id)
{
    struct entry *e = g_new0(struct entry, 1);

    e->owner = p;
    e->id = g_strdup(id);
    e->known = table == p->persons ? &e->person.known
               : table == p->rooms ? &e->room.known
                                   : &e->direct_known;
    e->at = INT64_MIN / 2;
    g_hash_table_insert(table, e->id, e);
    return e;
}

/* The entry of ID in TABLE; *ret_ask when Slack is to be asked now, by METHOD. */
static struct entry *entry_of(slack_people *p, GHashTable *table, const char *id,
                              const char *method, bool *ret_ask)
{
    struct entry *e = g_hash_table_lookup(table, id);

    if (e == NULL) {
        if (g_hash_table_size(table) >= KEPT_MOST)
            g_hash_table_foreach_remove(table, not_asking, NULL);
        e = entry_new(p, table, id);
    }
    int64_t keep = *e->known == SLACK_UNKNOWN ? FAILED_MS : FRESH_MS;
    *ret_ask = !e->asking && loop_now(p->loop) - e->at >= keep;
    if (*ret_ask && slack_api_wait(p->api, method) > 0) {
        /* Slack has been asked as often as it lets us: what is not known is not waited for. */
        if (*e->known == SLACK_ASKED)
            *e->known = SLACK_UNKNOWN;
        e->at = loop_now(p->loop) - FAILED_MS + MIN(slack_api_wait(p->api, method), FAILED_MS);
        *ret_ask = false;
    }
    if (*ret_ask)
        e->asking = true;
    return e;
}

static void entry_answered(struct entry *e)
{
    e->asking = false;
    e->at = loop_now(e->owner->loop);
    e->owner->changed(e->owner->data);
}

/* The first of the strings that says something, *new*; NULL when none does. */
static char *first_of(const json_t *a, const char *const keys[])
{
    for (; *keys != NULL; keys++) {
        const char *s = json_string_value(json_object_get(a, *keys));

        if (s != NULL && s[0] != '\0')
            return g_strdup(s);
    }
    return NULL;
}

static void log_refusal(const char *method, const struct slack_answer *answer)
{
    if (answer->verdict != SLACK_OK)
        log_debug("Slack: %s: %s", method, answer->error);
}

/* ---- people ---- */

static char *name_of(const json_t *user)
{
    static const char *const shown[] = {"display_name", "real_name", NULL};
    static const char *const login[] = {"real_name", "name", NULL};
    char *name = first_of(json_object_get(user, "profile"), shown);

    return name != NULL ? name : first_of(user, login);
}

static void keep_person(struct slack_person *out, const json_t *user)
{
    static const char *const zone[] = {"tz", NULL};
    static const char *const locale[] = {"locale", NULL};

    g_free(out->name);
    g_free(out->zone);
    g_free(out->locale);
    out->name = name_of(user);
    out->zone = first_of(user, zone);
    out->locale = first_of(user, locale);
    out->admin = json_is_true(json_object_get(user, "is_admin")) ||
                 json_is_true(json_object_get(user, "is_owner"));
    out->known = SLACK_KNOWN;
}

static void person_answered(const struct slack_answer *answer, void *data)
{
    struct entry *e = data;

    log_refusal("users.info", answer);
    if (answer->verdict == SLACK_OK)
        keep_person(&e->person, json_object_get(answer->json, "user"));
    else if (e->person.known == SLACK_ASKED)
        e->person.known = SLACK_UNKNOWN;
    entry_answered(e);
}

const struct slack_person *slack_people_person(slack_people *p, const char *user)
{
    bool ask;
    struct entry *e = entry_of(p, p->persons, user, "users.info", &ask);

    if (ask) {
        const char *const args[] = {"user", user, "include_locale", "true", NULL};

        slack_api_form(p->api, "users.info", args, ASK_MS, person_answered, e);
    }
    return &e->person;
}

/* ---- channels ---- */

static void room_answered(const struct slack_answer *answer, void *data)
{
    static const char *const title[] = {"name", NULL};
    static const char *const creator[] = {"creator", NULL};
    struct entry *e = data;
    struct slack_room *out = &e->room;

    log_refusal("conversations.info", answer);
    if (answer->verdict == SLACK_OK) {
        const json_t *channel = json_object_get(answer->json, "channel");

        g_free(out->title);
        g_free(out->creator);
        out->title = first_of(channel, title);
        out->creator = first_of(channel, creator);
        out->member = !json_is_false(json_object_get(channel, "is_member"));
        out->known = SLACK_KNOWN;
        out->hidden = false;
    } else if (answer->verdict == SLACK_REFUSED || out->known == SLACK_ASKED) {
        out->known = SLACK_UNKNOWN;
        out->hidden = answer->verdict == SLACK_REFUSED;
    }
    entry_answered(e);
}

const struct slack_room *slack_people_room(slack_people *p, const char *channel)
{
    bool ask;
    struct entry *e = entry_of(p, p->rooms, channel, "conversations.info", &ask);

    if (ask) {
        const char *const args[] = {"channel", channel, NULL};

        slack_api_form(p->api, "conversations.info", args, ASK_MS, room_answered, e);
    }
    return &e->room;
}

void slack_people_forget_room(slack_people *p, const char *channel)
{
    struct entry *e = g_hash_table_lookup(p->rooms, channel);

    if (e != NULL)
        e->at = INT64_MIN / 2;
    if (e != NULL && !e->asking)
        e->room.known = SLACK_ASKED;
}

/* ---- direct messages ---- */

static void direct_answered(const struct slack_answer *answer, void *data)
{
    static const char *const id[] = {"id", NULL};
    struct entry *e = data;

    log_refusal("conversations.open", answer);
    if (answer->verdict == SLACK_OK) {
        g_free(e->direct);
        e->direct = first_of(json_object_get(answer->json, "channel"), id);
    }
    e->direct_known = e->direct != NULL ? SLACK_KNOWN : SLACK_UNKNOWN;
    entry_answered(e);
}

enum slack_known slack_people_direct(slack_people *p, const char *user, const char **ret_channel)
{
    bool ask;
    struct entry *e = entry_of(p, p->directs, user, "conversations.open", &ask);

    if (ask && e->direct == NULL) {
        json_t *body = json_pack("{s:s}", "users", user);
        g_autofree char *text = json_out_print(body);

        slack_api_json(p->api, "conversations.open", text, ASK_MS, direct_answered, e);
        json_decref(body);
    } else if (ask) {
        e->asking = false; /* a direct message never moves */
        e->at = loop_now(p->loop);
    }
    *ret_channel = e->direct;
    return e->direct_known;
}

void slack_people_note_direct(slack_people *p, const char *user, const char *channel)
{
    struct entry *e = g_hash_table_lookup(p->directs, user);

    if (e == NULL)
        e = entry_new(p, p->directs, user);
    if (e->direct == NULL) {
        e->direct = g_strdup(channel);
        e->direct_known = SLACK_KNOWN;
        e->at = loop_now(p->loop);
    }
}
