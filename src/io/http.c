/* The HTTP client: a bounded number of requests under way, the rest in a queue, all with deadlines.
 */
#include "http.h"

#include "http_internal.h"

enum {
    DEFAULT_CONNECTIONS = 8,
    DEFAULT_CONNECT_MS = 10000,
    DEFAULT_STALL_MS = 20000,
    DEFAULT_TOTAL_MS = 60000,
    DEFAULT_MAX_RESPONSE = 16 << 20,
    SENT_AT_ONCE = 64 << 10, /* bytes: less than a socket's buffer */
    KEEP_CALLS = 32,         /* resting calls that wait to be used again */
};

enum call_state { IDLE, WAITING, ACTIVE, REFUSED, DELIVERING };

struct http_call {
    http *owner;
    GList link; /* in the one list of the owner that its state names */
    enum call_state state;
    http_done_fn done;
    void *data;

    GString *url, *header_lines, *body;
    bool has_body;
    size_t max_response;

    loop_timer *timer;
    int64_t connect_ms, first_ms, stall_ms;
    int64_t total_at, connect_at; /* monotonic ms */
    struct http_channel *channel; /* *borrowed* from the owner while ACTIVE or DELIVERING */
};

struct http {
    loop *loop;
    unsigned max_active;
    bool closing;
    GQueue idle, waiting, active, refused; /* calls */
    GPtrArray *channels;                   /* those that rest */
};

/* ---- deadlines ---- */

/* How long the peer may be silent now: an answer that has begun goes on. */
static int64_t patience(const http_call *call)
{
    return call->channel->header_bytes == 0 ? call->first_ms : call->stall_ms;
}

static void arm(http_call *call)
{
    int64_t next = call->total_at;
    if (call->state == ACTIVE) {
        const struct http_channel *ch = call->channel;
        next = MIN(next, ch->connected ? ch->heard_at + patience(call) : call->connect_at);
    }
    loop_timer_at(call->timer, next);
}

static const char *overdue(const http_call *call, int64_t now)
{
    const struct http_channel *ch = call->channel;
    if (now >= call->total_at)
        return "no whole answer in time";
    if (ch == NULL)
        return NULL;
    if (!ch->connected)
        return now >= call->connect_at ? "no connection in time" : NULL;
    return now >= ch->heard_at + patience(call) ? "the peer fell silent" : NULL;
}

static void finish(http_call *call, CURLcode code, const char *why);

static void on_deadline(void *data)
{
    http_call *call = data;
    if (call->state == REFUSED) {
        finish(call, CURLE_URL_MALFORMAT, "the request is unusable");
        return;
    }
    /* A small body is with the kernel at once: that it left says nothing of the time since. */
    if (call->channel != NULL && call->channel->connected && call->body->len > SENT_AT_ONCE)
        http_channel_note_upload(call->channel);
    const char *why = overdue(call, loop_now(call->owner->loop));
    if (why != NULL)
        finish(call, CURLE_OPERATION_TIMEDOUT, why);
    else
        arm(call);
}

/* ---- calls and channels ---- */

static void on_transfer_done(struct loop_transfer *t, CURLcode code)
{
    finish(((struct http_channel *)t)->call, code, NULL);
}

static struct http_channel *take_channel(http *h)
{
    if (h->channels->len > 0)
        return g_ptr_array_steal_index_fast(h->channels, h->channels->len - 1);
    struct http_channel *ch = http_channel_new(h->loop);
    ch->transfer.done = on_transfer_done;
    ch->on_progress = arm;
    return ch;
}

static void give_back_channel(http *h, struct http_channel *ch)
{
    http_channel_rest(ch);
    if (h->channels->len < h->max_active)
        g_ptr_array_add(h->channels, ch);
    else
        http_channel_free(ch);
}

static http_call *call_new(http *h)
{
    http_call *call = g_new0(http_call, 1);
    call->owner = h;
    call->link.data = call;
    call->state = DELIVERING; /* in no list yet */
    call->url = g_string_new(NULL);
    call->header_lines = g_string_new(NULL);
    call->body = g_string_new(NULL);
    call->timer = loop_timer_new(h->loop, on_deadline, call);
    return call;
}

static void call_free(http_call *call)
{
    loop_timer_free(call->timer);
    g_string_free(call->url, TRUE);
    g_string_free(call->header_lines, TRUE);
    g_string_free(call->body, TRUE);
    g_free(call);
}

static GQueue *list_of(http_call *call)
{
    http *h = call->owner;
    switch (call->state) {
    case IDLE:
        return &h->idle;
    case WAITING:
        return &h->waiting;
    case ACTIVE:
        return &h->active;
    case REFUSED:
        return &h->refused;
    case DELIVERING:
        break;
    }
    return NULL;
}

/* Moves the call to the list of its new state; while delivering it stands in none. */
static void enter(http_call *call, enum call_state state)
{
    GQueue *list = list_of(call);
    if (list != NULL)
        g_queue_unlink(list, &call->link);
    call->state = state;
    list = list_of(call);
    if (list != NULL)
        g_queue_push_tail_link(list, &call->link);
}

/* Takes the request off the wire; the channel stays for its answer to be read. */
static void leave_wire(http_call *call)
{
    if (call->state == ACTIVE)
        loop_transfer_remove(call->owner->loop, &call->channel->transfer);
    loop_timer_stop(call->timer);
}

static void recycle(http_call *call)
{
    http *h = call->owner;
    if (call->channel != NULL)
        give_back_channel(h, call->channel);
    call->channel = NULL;
    enter(call, IDLE);
    if (h->idle.length > KEEP_CALLS) {
        g_queue_unlink(&h->idle, &call->link);
        call_free(call);
    } else {
        http_shrink(&call->body);
    }
}

/* ---- requests ---- */

/* Nobody is called from inside http_start(): the timer brings the call back at once. */
static void refuse(http_call *call)
{
    enter(call, REFUSED);
    loop_timer_in(call->timer, 0);
}

static void begin(http_call *call)
{
    http *h = call->owner;
    struct http_channel *ch = take_channel(h);
    ch->call = call;
    ch->max_answer = call->max_response;
    http_channel_prepare(ch, call->url, call->header_lines, call->has_body ? call->body : NULL);
    if (loop_transfer_add(h->loop, &ch->transfer) != CURLM_OK) {
        give_back_channel(h, ch);
        refuse(call);
        return;
    }
    call->channel = ch;
    call->connect_at = loop_now(h->loop) + call->connect_ms;
    enter(call, ACTIVE);
    arm(call);
}

static void begin_waiting(http *h)
{
    while (!h->closing && h->waiting.length > 0 && h->active.length < h->max_active)
        begin(h->waiting.head->data);
}

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

static void copy_request(http_call *call, const struct http_request *request)
{
    g_string_assign(call->url, request->url);
    g_string_truncate(call->header_lines, 0);
    for (const char *const *h = request->headers; h != NULL && *h != NULL; h++) {
        g_string_append(call->header_lines, *h);
        g_string_append_c(call->header_lines, '\n');
    }
    g_string_truncate(call->body, 0);
    call->has_body = request->body != NULL;
    if (call->has_body)
        g_string_append_len(call->body, request->body, (gssize)request->body_len);
    call->connect_ms = or_default(request->connect_ms, DEFAULT_CONNECT_MS);
    call->stall_ms = or_default(request->stall_ms, DEFAULT_STALL_MS);
    call->first_ms = or_default(request->first_ms, call->stall_ms);
    call->total_at = loop_now(call->owner->loop) + or_default(request->total_ms, DEFAULT_TOTAL_MS);
    call->max_response = request->max_response > 0 ? request->max_response : DEFAULT_MAX_RESPONSE;
}

http_call *http_start(http *h, const struct http_request *request, http_done_fn done, void *data)
{
    http_call *call = h->idle.length > 0 ? h->idle.tail->data : call_new(h);
    call->done = done;
    call->data = data;
    copy_request(call, request);
    if (!http_url_usable(call->url->str)) {
        refuse(call);
        return call;
    }
    enter(call, WAITING);
    arm(call);
    begin_waiting(h);
    return call;
}

/* ---- answers ---- */

static int64_t retry_after(CURL *easy)
{
    enum { NEVER_LONGER = 7 * 24 * 3600 };
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds > 0 ? MIN(seconds, NEVER_LONGER) : -1;
}

static const char *scopes_header(CURL *easy)
{
    struct curl_header *header = NULL;

    if (curl_easy_header(easy, "X-OAuth-Scopes", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return header->value;
}

static void read_answer(const struct http_channel *ch, CURLcode code, struct http_response *r)
{
    long status = 0;
    if (ch->connected)
        curl_easy_getinfo(ch->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    r->outcome = http_channel_outcome(ch, code);
    r->status = (int)status;
    r->retry_after = status >= 300 ? retry_after(ch->transfer.easy) : -1;
    r->scopes = scopes_header(ch->transfer.easy);
    r->error = code == CURLE_OK ? NULL : http_channel_error(ch, code);
    r->body = ch->answer->str;
    r->body_len = ch->answer->len;
}

/* Ends a call that is not IDLE, tells its owner, and lets the next one begin. */
static void finish(http_call *call, CURLcode code, const char *why)
{
    http *h = call->owner;
    struct http_response response = {.retry_after = -1, .body = ""};
    response.outcome = call->state == REFUSED ? HTTP_REFUSED : HTTP_UNREACHABLE;
    leave_wire(call);
    enter(call, DELIVERING);
    if (call->channel != NULL)
        read_answer(call->channel, code, &response);
    if (why != NULL)
        response.error = why;
    call->done(&response, call->data);
    recycle(call);
    begin_waiting(h);
}

void http_cancel(http_call *call)
{
    if (call == NULL || call->state == IDLE || call->state == DELIVERING)
        return;
    http *h = call->owner;
    leave_wire(call);
    recycle(call);
    begin_waiting(h);
}

/* ---- the client ---- */

http *http_new(loop *l, int max_connections)
{
    http *h = g_new0(http, 1);
    h->loop = l;
    h->max_active = max_connections > 0 ? (unsigned)max_connections : DEFAULT_CONNECTIONS;
    h->channels = g_ptr_array_new();
    loop_set_connection_cache(l, (long)h->max_active);
    return h;
}

size_t http_pending(const http *h)
{
    return h->waiting.length + h->active.length + h->refused.length;
}

static void cancel_all(GQueue *calls)
{
    while (calls->length > 0)
        http_cancel(calls->head->data);
}

static void free_now(void *data)
{
    http *h = data;
    while (h->idle.length > 0)
        call_free(g_queue_pop_head_link(&h->idle)->data);
    while (h->channels->len > 0)
        http_channel_free(g_ptr_array_steal_index_fast(h->channels, h->channels->len - 1));
    g_ptr_array_free(h->channels, TRUE);
    g_free(h);
}

void http_free(http *h)
{
    if (h == NULL || h->closing)
        return;
    h->closing = true;
    cancel_all(&h->waiting);
    cancel_all(&h->active);
    cancel_all(&h->refused);
    /* The call whose callback this may be comes back to the idle list before the turn ends. */
    loop_defer(h->loop, free_now, h);
}
