/*
 * A grading as JSON, written by hand (it is on the way of every answer), read
 * by jansson. The texts of its points stand in its sheet (store_sheet.c).
 */
#include <jansson.h>
#include <string.h>

#include "gstr.h"
#include "json_out.h"
#include "store_internal.h"

static void append_point(GString *out, const struct grade_point *p)
{
    gstr_add_text(out, "{\"weight\":");
    json_out_int(out, p->weight);
    gstr_add_text(out, ",\"earned\":");
    json_out_int(out, p->earned);
    gstr_add_text(out, ",\"cover\":");
    json_out_int(out, (int64_t)p->cover);
    gstr_add_text(out, ",\"words\":[");
    for (size_t i = 0; i < p->n_words; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        json_out_string(out, p->words[i]);
    }
    gstr_add_text(out, "]}");
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
    gstr_add_text(out, "],\"deductions\":[");
    for (size_t i = 0; i < g->n_deductions; i++) {
        const struct grade_deduction *d = &g->deductions[i];

        gstr_add_text(out, i > 0 ? ",{\"reason\":" : "{\"reason\":");
        json_out_string(out, d->key);
        gstr_add_text(out, ",\"arg\":");
        json_out_string(out, d->arg != NULL ? d->arg : "");
        g_string_append_printf(out, ",\"cost\":%d}", d->cost);
    }
    gstr_add_text(out, "]}");
    return g_string_free(out, FALSE);
}

static int get_int(json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *get_text(struct kept_result *k, json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return g_string_chunk_insert(k->strings, text != NULL ? text : "");
}

static gpointer keep(struct kept_result *k, gpointer list)
{
    g_ptr_array_add(k->lists, list);
    return list;
}

static void read_point(struct kept_result *k, json_t *p, const char *text, struct grade_point *ret)
{
    json_t *words = json_object_get(p, "words");
    size_t n = json_array_size(words);
    const char **list = keep(k, g_new0(const char *, n + 1));

    for (size_t i = 0; i < n; i++) {
        const char *word = json_string_value(json_array_get(words, i));

        list[i] = g_string_chunk_insert(k->strings, word != NULL ? word : "");
    }
    *ret = (struct grade_point){.text = g_string_chunk_insert(k->strings, text != NULL ? text : ""),
                                .weight = get_int(p, "weight"),
                                .earned = get_int(p, "earned"),
                                .cover = (enum grade_cover)get_int(p, "cover"),
                                .words = list,
                                .n_words = n};
}

struct kept_result *store_result_parse(const char *json, const char *sheet, int score)
{
    json_auto_t *texts = sheet != NULL ? json_loads(sheet, 0, NULL) : NULL;
    json_auto_t *root = json != NULL ? json_loads(json, 0, NULL) : NULL;
    json_t *points = json_object_get(root, "points");
    json_t *deductions = json_object_get(root, "deductions");
    struct kept_result *k;

    if (!json_is_array(points) || !json_is_array(deductions))
        return NULL;
    k = g_new0(struct kept_result, 1);
    k->strings = g_string_chunk_new(512);
    k->lists = g_ptr_array_new_with_free_func(g_free);
    k->r.score = score;
    k->r.model = (size_t)get_int(root, "model");
    k->r.open_ended = json_is_true(json_object_get(root, "open"));
    k->r.n_points = json_array_size(points);
    k->r.n_deductions = json_array_size(deductions);
    struct grade_point *p = keep(k, g_new0(struct grade_point, k->r.n_points + 1));
    struct grade_deduction *d = keep(k, g_new0(struct grade_deduction, k->r.n_deductions + 1));
    for (size_t i = 0; i < k->r.n_points; i++)
        read_point(k, json_array_get(points, i), json_string_value(json_array_get(texts, i)),
                   &p[i]);
    for (size_t i = 0; i < k->r.n_deductions; i++) {
        json_t *one = json_array_get(deductions, i);

        d[i] = (struct grade_deduction){get_text(k, one, "reason"), get_text(k, one, "arg"),
                                        get_int(one, "cost")};
    }
    k->r.points = p;
    k->r.deductions = d;
    return k;
}
