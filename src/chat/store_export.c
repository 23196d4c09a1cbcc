/* Everything that is kept of a person, as a JSON document for that person. */
#include <jansson.h>
#include <stdlib.h>

#include "store_internal.h"

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

/*
 * The grading of an answer with the texts of its key points; null where it has been erased, or
 * where a group's round still holds back the model answer, which it quotes.
 */
static json_t *grading_of(const char *points, const char *sheet)
{
    json_t *grading = points != NULL ? json_loads(points, 0, NULL) : NULL;
    json_auto_t *texts = sheet != NULL ? json_loads(sheet, 0, NULL) : NULL;
    json_t *point;
    size_t i;

    json_array_foreach(json_object_get(grading, "points"), i, point)
        json_object_set(point, "text", json_array_get(texts, i));
    return grading != NULL ? grading : json_null();
}

static json_t *answers_of(db *d, int64_t user)
{
    const int st = ST_EXPORT_ANSWERS;
    json_t *all = json_array();

    db_query(d, st, "i", user);
    while (db_step(d, st)) {
        json_array_append_new(
            all, json_pack("{s:o, s:o, s:I, s:o, s:I, s:I, s:o, s:I, s:I, s:o}", "chat",
                           text_or_null(db_text(d, st, 0)), "question",
                           text_or_null(db_text(d, st, 1)), "attempt", (json_int_t)db_int(d, st, 2),
                           "answer", text_or_null(db_text(d, st, 3)), "score",
                           (json_int_t)db_int(d, st, 4), "points", (json_int_t)db_int(d, st, 5),
                           "reason", text_or_null(db_text(d, st, 6)), "hints",
                           (json_int_t)db_int(d, st, 7), "time", (json_int_t)db_int(d, st, 8),
                           "grading", grading_of(db_text(d, st, 9), db_text(d, st, 10))));
    }
    return all;
}

static json_t *accounts_of(db *d, int64_t user)
{
    static const char *const platforms[] = {"", "terminal", "telegram", "slack"};
    const int st = ST_EXPORT_ACCOUNTS;
    json_t *all = json_array();

    db_query(d, st, "i", user);
    while (db_step(d, st)) {
        int64_t platform = db_int(d, st, 0);
        bool known = platform > 0 && platform < (int64_t)G_N_ELEMENTS(platforms);

        json_array_append_new(all, json_pack("{s:s, s:o}", "platform",
                                             known ? platforms[platform] : "other", "id",
                                             text_or_null(db_text(d, st, 1))));
    }
    return all;
}

static json_t *chats_of(db *d, int64_t user)
{
    const int st = ST_EXPORT_SEATS;
    json_t *all = json_array();

    db_query(d, st, "i", user);
    while (db_step(d, st))
        json_array_append_new(
            all, json_pack("{s:o, s:b, s:I, s:I, s:I}", "title", text_or_null(db_text(d, st, 0)),
                           "group", db_int(d, st, 1) == CHAT_GROUP, "points",
                           (json_int_t)db_int(d, st, 2), "answers", (json_int_t)db_int(d, st, 3),
                           "score_sum", (json_int_t)db_int(d, st, 4)));
    return all;
}

char *store_export(struct book *b, int64_t user)
{
    struct user u = {0};
    json_auto_t *root = NULL;
    char *text, *copy;

    if (!b->ops->user(b, user, &u))
        return g_strdup("{}");
    root = json_pack("{s:o, s:b, s:b, s:o, s:o, s:o}", "name", text_or_null(u.name), "anonymous",
                     u.anonymous ? 1 : 0, "share", u.share ? 1 : 0, "accounts",
                     accounts_of(store_of_book(b)->db, user), "chats",
                     chats_of(store_of_book(b)->db, user), "answers",
                     answers_of(store_of_book(b)->db, user));
    user_clear(&u);
    text = json_dumps(root, JSON_INDENT(1) | JSON_ENSURE_ASCII * 0);
    copy = g_strdup(text != NULL ? text : "{}");
    free(text);
    return copy;
}
