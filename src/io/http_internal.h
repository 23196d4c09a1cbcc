/* Between the two halves of the HTTP client: calls with their deadlines, and the handles they use.
 */
#ifndef INTERVIEWD_HTTP_INTERNAL_H
#define INTERVIEWD_HTTP_INTERNAL_H

#include "http.h"
#include "loop_internal.h"

/*
 * A channel is one reused easy handle. A call holds one only while it is under
 * way, so a long queue costs no more than its bytes.
 */
struct http_channel {
    struct loop_transfer transfer; /* first: the channel is found from it */
    loop *loop;
    http_call *call; /* *borrowed*; NULL when idle */

    /* What the handle is set to; repeated requests set only what differs. */
    GString *url, *header_lines;
    CURLU *parts; /* the URL, parsed; NULL where libcurl shall say what is wrong with it */
    struct curl_slist *headers;
    bool post;

    /* The request under way. */
    GString *answer;
    size_t max_answer, header_bytes;
    int64_t heard_at; /* monotonic ms of the last sign of life */
    curl_off_t uploaded;
    bool connected, too_big;
    void (*on_progress)(http_call *call); /* connected, or the answer begins */
    char detail[CURL_ERROR_SIZE];
};

/* A *new* channel on the loop's multi. */
struct http_channel *http_channel_new(loop *l);
void http_channel_free(struct http_channel *ch); /* accepts NULL; not while under way */

/*
 * Gets ready for one request. HEADER_LINES holds each header closed by a line
 * feed. BODY, *borrowed* until the request ends, or NULL for GET.
 */
void http_channel_prepare(struct http_channel *ch, const GString *url, const GString *header_lines,
                          const GString *body);
/* Gives back what a large request left behind. */
void http_channel_rest(struct http_channel *ch);
/* Bytes sent since the last look count as a sign of life. */
void http_channel_note_upload(struct http_channel *ch);
/* What became of it, in numbers and words; neither quotes the URL. */
enum http_outcome http_channel_outcome(const struct http_channel *ch, CURLcode code);
const char *http_channel_error(const struct http_channel *ch, CURLcode code);

/* http or https, whatever else may be wrong with it. */
bool http_url_usable(const char *url);
/* Replaces a large buffer by a fresh one. */
void http_shrink(GString **buffer);

#endif
