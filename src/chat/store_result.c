/* A grading as JSON, written by hand (it is on the way of every answer), read by jansson. */
#include <jansson.h>
#include <string.h>

#include "store_internal.h"

static void append_string(GString *out, const char *s)
{
    g_string_append_c(out, '"');
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            g_string_append_c(out, '\\');
        if (c < 0x20)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, (char)c);
    }
    g_string_append_c(out, '"');
}

static void append_point(GString *out, const struct grade_point *p)
{
    g_string_append(out, "{\"text\":");
    append_string(out, p->text);
    g_string_append_printf(out, ",\"weight\":%d,\"earned\":%d,\"cover\":%d,\"words\":[", p->weight,
                           p->earned, (int)p->cover);
    for (size_t i = 0; i < p->n_words; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_string(out, p->words[i]);
    }
    g_string_append(out, "]}");
}

char *store_result_print(const struct grade_result *g)
{
    GString *out = g_string_sized_new(512);

    g_string_append_printf(out, "{\"model\":%zu,\"open\":%s,\"points\":[", g->model,
                           g->open_ended ? "true" : "false");
    for (size_t i = 0; i < g->n_points; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_point(out, &g->points[i]);
    }
    g_string_append(out, "],\"deductions\":[");
    for (size_t i = 0; i < g->n_deductions; i++) {
        const struct grade_deduction *d = &g->deductions[i];

        g_string_append(out, i > 0 ? ",{\"reason\":" : "{\"reason\":");
        append_string(out, d->key);
        g_string_append(out, ",\"arg\":");
        append_string(out, d->arg != NULL ? d->arg : "");
        g_string_append_printf(out, ",\"cost\":%d}", d->cost);
    }
    g_string_append(out, "]}");
    return g_string_free(out, FALSE);
}

static int get_int(json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *get_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

struct grade_result *store_result_parse(const char *json, int score)
{
    json_auto_t *root = json != NULL ? json_loads(json, 0, NULL) : NULL;
    json_t *points = json_object_get(root, "points"), *deductions = json_object_get(root, "deductions");
    struct grade_result *g;

    if (!json_is_array(points) || !json_is_array(deductions))
        return NULL;
    g = grade_result_new(json_array_size(points), json_array_size(deductions));
    g->score = score;
    g->model = (size_t)get_int(root, "model");
    g->open_ended = json_is_true(json_object_get(root, "open"));
    for (size_t i = 0; i < json_array_size(points); i++) {
        json_t *p = json_array_get(points, i), *words = json_object_get(p, "words");

        grade_result_set_point(g, i, get_text(p, "text"), get_int(p, "weight"), get_int(p, "earned"),
                               (enum grade_cover)get_int(p, "cover"));
        for (size_t w = 0; w < json_array_size(words); w++)
            grade_result_add_word(g, i, json_string_value(json_array_get(words, w)));
    }
    for (size_t i = 0; i < json_array_size(deductions); i++) {
        json_t *d = json_array_get(deductions, i);

        grade_result_set_deduction(g, i, get_text(d, "reason"), get_text(d, "arg"),
                                   get_int(d, "cost"));
    }
    return g;
}
