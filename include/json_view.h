/*
 * Reading JSON without building it: one pass over a copy of the text, in which
 * strings are decoded where they stand, and a flat array of nodes. Where
 * messages come by the thousand this costs a tenth of jansson's tree (see
 * docs/performance.md); everywhere else jansson is the one to take.
 *
 * It takes what RFC 8259 allows, in valid UTF-8, up to JSON_VIEW_DEPTH levels.
 * Of keys that stand twice in an object the last counts. Two departures, for
 * one odd message must not hide all that come with it: a surrogate without its
 * other half is U+FFFD, and a number that is no int64_t has the value 0.
 */
#ifndef INTERVIEWD_JSON_VIEW_H
#define INTERVIEWD_JSON_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_VIEW_DEPTH 128

typedef struct json_view json_view;
/* A value; *borrowed* from its view. All functions accept NULL, for what is not there. */
typedef struct json_node json_node;

/* Reads LEN bytes (copied). *new*; NULL when they are no JSON. */
json_view *json_view_new(const char *text, size_t len);
void json_view_free(json_view *v); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_view, json_view_free)

/* The outermost value; NULL of NULL. */
const json_node *json_view_root(const json_view *v);
/* Where N, an object or array, stood in the text that was read: its first byte and its length. */
size_t json_view_place(const json_view *v, const json_node *n, size_t *ret_len);

/* The value of KEY; NULL when OBJECT is no object or has none. */
const json_node *json_node_get(const json_node *object, const char *key);
/* How many values an array has, and value I of it; 0 and NULL of anything else. */
size_t json_node_size(const json_node *array);
const json_node *json_node_at(const json_node *array, size_t i);
/* The first value of an array or object, and the one behind N; NULL when there is none. */
const json_node *json_node_first(const json_node *parent);
const json_node *json_node_next(const json_node *parent, const json_node *n);

/* The value of an integer, 0 of anything else. */
int64_t json_node_int(const json_node *n);
/* A string, decoded, with a NUL behind it (and perhaps in it); NULL of anything else. */
const char *json_node_string(const json_node *n);
size_t json_node_length(const json_node *string); /* its bytes */

bool json_node_is_object(const json_node *n);
bool json_node_is_array(const json_node *n);
bool json_node_is_string(const json_node *n);
bool json_node_is_int(const json_node *n);
bool json_node_is_true(const json_node *n);
bool json_node_is_false(const json_node *n);

#endif
