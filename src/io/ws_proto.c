/* WebSocket protocol: our handshake, wslay's frames, our bounds. */
#include "ws_proto.h"

#include <stdarg.h>
#include <string.h>
#include <sys/types.h>

#include <wslay/wslay.h>

enum {
    SLICE = 4096, /* fed to wslay at a time: bounds the pongs that it queues meanwhile */
    CONTROL_SLACK = 64 << 10, /* of unsent bytes beyond max_queue: pongs, the close frame */
    KEEP_BUFFER = 64 << 10,   /* a larger buffer is given back when it is empty */
    FRAME_HEAD = 14,          /* bytes before the payload, at most */
};

struct ws_proto {
    struct ws_proto_options options;
    wslay_event_context_ptr frames; /* NULL until the handshake is done */
    char *key;
    GString *head;    /* the answer to the handshake so far */
    GString *message; /* the incoming message so far */
    GString *queue;   /* bytes to send, still growing */
    GString *sending; /* bytes to send, fixed until all are gone */
    size_t sent;      /* of `sending` */
    const uint8_t *in;
    size_t in_len;
    bool in_data; /* the frame being received is no control frame */
    bool muted, close_asked, is_over;
    struct ws_closed closed;
    char *text;
};

/* ---- the end ---- */

/* TEXT is *taken*. */
static void end(ws_proto *p, enum ws_reason reason, int code, char *text)
{
    if (p->is_over) {
        g_free(text);
        return;
    }
    g_free(p->text);
    p->text = text;
    p->is_over = true;
    p->closed.reason = reason;
    p->closed.code = code;
    p->closed.text = text;
}

const struct ws_closed *ws_proto_over(const ws_proto *p)
{
    return p->is_over ? &p->closed : NULL;
}

/* Tells the peer what it did wrong, and hears no more of it. */
static void give_up(ws_proto *p, uint16_t code, const char *why)
{
    wslay_event_queue_close(p->frames, code, NULL, 0);
    wslay_event_shutdown_read(p->frames);
    end(p, WS_PROTOCOL, code, g_strdup(why));
}

/* ---- wslay's callbacks ---- */

static ssize_t give_bytes(wslay_event_context_ptr ctx, uint8_t *buf, size_t len, int flags,
                          void *data)
{
    (void)flags;
    ws_proto *p = data;
    size_t n = MIN(len, p->in_len);
    if (n == 0) {
        wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(buf, p->in, n);
    p->in += n;
    p->in_len -= n;
    return (ssize_t)n;
}

static ssize_t take_bytes(wslay_event_context_ptr ctx, const uint8_t *bytes, size_t len, int flags,
                          void *data)
{
    (void)flags, (void)ctx;
    ws_proto *p = data;
    g_string_append_len(p->queue, (const char *)bytes, (gssize)len);
    return (ssize_t)len;
}

static int make_mask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len, void *data)
{
    (void)ctx;
    ws_proto *p = data;
    p->options.random(buf, len, p->options.data);
    return 0;
}

static void on_frame(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_start_arg *arg, void *data)
{
    (void)ctx;
    ws_proto *p = data;
    p->in_data = arg->opcode < WSLAY_CONNECTION_CLOSE;
}

/*
 * wslay would buffer each fragment in an allocation of its own and check its
 * limit against that: a message of one-byte fragments costs it fifty times its
 * size. So data frames are gathered here.
 */
static void on_chunk(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_chunk_arg *arg, void *data)
{
    (void)ctx;
    ws_proto *p = data;
    if (!p->in_data || p->is_over)
        return;
    if (arg->data_length > p->options.max_message - p->message->len)
        give_up(p, WSLAY_CODE_MESSAGE_TOO_BIG, "the peer's message is too big");
    else
        g_string_append_len(p->message, (const char *)arg->data, (gssize)arg->data_length);
}

static void empty(GString **buffer)
{
    if ((*buffer)->allocated_len > KEEP_BUFFER) {
        g_string_free(*buffer, TRUE);
        *buffer = g_string_new(NULL);
    } else {
        g_string_truncate(*buffer, 0);
    }
}

static void keep_close_reason(ws_proto *p, const struct wslay_event_on_msg_recv_arg *arg)
{
    if (arg->msg_length > 2)
        p->text = g_strdup_printf("the peer closed: %.*s", (int)arg->msg_length - 2,
                                  (const char *)arg->msg + 2);
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *arg,
                       void *data)
{
    (void)ctx;
    ws_proto *p = data;
    if (p->is_over || p->muted)
        return;
    if (arg->opcode == WSLAY_CONNECTION_CLOSE)
        keep_close_reason(p, arg);
    else if (arg->opcode == WSLAY_BINARY_FRAME)
        give_up(p, WSLAY_CODE_UNSUPPORTED_DATA, "the peer sent a binary message");
    else if (arg->opcode == WSLAY_TEXT_FRAME)
        p->options.on_message(p->message->str, p->message->len, p->options.data);
    if (!wslay_is_ctrl_frame(arg->opcode))
        empty(&p->message);
}

/* ---- life ---- */

ws_proto *ws_proto_new(const struct ws_proto_options *options)
{
    uint8_t nonce[WS_NONCE_LEN];
    ws_proto *p = g_new0(ws_proto, 1);
    p->options = *options;
    p->options.host = p->options.target = NULL; /* needed once, not kept */
    p->head = g_string_new(NULL);
    p->message = g_string_new(NULL);
    p->sending = g_string_new(NULL);
    options->random(nonce, sizeof nonce, options->data);
    p->key = ws_handshake_key(nonce);
    g_autofree char *request = ws_handshake_request(options->host, options->target, p->key);
    p->queue = g_string_new(request);
    return p;
}

void ws_proto_free(ws_proto *p)
{
    if (p == NULL)
        return;
    wslay_event_context_free(p->frames);
    g_string_free(p->head, TRUE);
    g_string_free(p->message, TRUE);
    g_string_free(p->queue, TRUE);
    g_string_free(p->sending, TRUE);
    g_free(p->key);
    g_free(p->text);
    g_free(p);
}

void ws_proto_mute(ws_proto *p)
{
    p->muted = true;
    if (p->frames != NULL)
        wslay_event_shutdown_read(p->frames);
}

static void start_frames(ws_proto *p)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = give_bytes,
        .send_callback = take_bytes,
        .genmask_callback = make_mask,
        .on_frame_recv_start_callback = on_frame,
        .on_frame_recv_chunk_callback = on_chunk,
        .on_msg_recv_callback = on_message,
    };
    if (wslay_event_context_client_init(&p->frames, &callbacks, p) != 0)
        g_error("out of memory"); /* as GLib itself does */
    wslay_event_config_set_no_buffering(p->frames, 1);
    wslay_event_config_set_max_recv_msg_length(p->frames, p->options.max_message);
}

/* ---- in ---- */

/* Moves what wslay has queued (pongs, close frames, ours) into the output. */
static void flush(ws_proto *p)
{
    wslay_event_send(p->frames);
    if (ws_proto_queued(p) > p->options.max_queue + CONTROL_SLACK) {
        wslay_event_shutdown_read(p->frames);
        end(p, WS_PROTOCOL, 0, g_strdup("the peer asks for more than it reads"));
    }
}

static void end_of_frames(ws_proto *p)
{
    if (wslay_event_get_close_received(p->frames)) {
        int code = wslay_event_get_status_code_received(p->frames);
        char *text = p->text != NULL ? p->text : g_strdup("the peer closed");
        p->text = NULL;
        end(p, p->close_asked ? WS_CLOSED_BY_US : WS_CLOSED_BY_PEER, code, text);
        return;
    }
    int code = wslay_event_get_status_code_sent(p->frames);
    if (code == WSLAY_CODE_MESSAGE_TOO_BIG)
        end(p, WS_PROTOCOL, code, g_strdup("the peer's message is too big"));
    else if (code == WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA)
        end(p, WS_PROTOCOL, code, g_strdup("the peer's text is not UTF-8"));
    else
        end(p, WS_PROTOCOL, WSLAY_CODE_PROTOCOL_ERROR, g_strdup("the peer broke the frame rules"));
}

static void feed_frames(ws_proto *p, const uint8_t *bytes, size_t len)
{
    while (len > 0 && !p->is_over && !p->muted) {
        size_t n = MIN(len, (size_t)SLICE);
        p->in = bytes;
        p->in_len = n;
        int r = wslay_event_recv(p->frames);
        flush(p);
        if (!p->muted && (r != 0 || !wslay_event_get_read_enabled(p->frames)))
            end_of_frames(p);
        bytes += n;
        len -= n;
    }
}

static void feed_handshake(ws_proto *p, const uint8_t *bytes, size_t len)
{
    size_t before = p->head->len, used = 0;
    size_t n = MIN(len, WS_MAX_HEAD + 1 - before);
    g_string_append_len(p->head, (const char *)bytes, (gssize)n);
    char *error = NULL;
    enum ws_handshake_result result =
        ws_handshake_read(p->head->str, p->head->len, p->key, &used, &p->closed.status, &error);
    if (result == WS_HANDSHAKE_BAD)
        end(p, WS_REFUSED, 0, error);
    if (result != WS_HANDSHAKE_DONE)
        return;
    p->closed.status = 0;
    g_string_free(p->head, TRUE);
    p->head = g_string_new(NULL);
    start_frames(p);
    p->options.on_open(p->options.data);
    /* Frames may come glued to the answer: what of BYTES was not the head. */
    feed_frames(p, bytes + (used - before), len - (used - before));
}

void ws_proto_feed(ws_proto *p, const uint8_t *bytes, size_t len)
{
    if (p->is_over || p->muted || len == 0)
        return;
    if (p->frames == NULL)
        feed_handshake(p, bytes, len);
    else
        feed_frames(p, bytes, len);
}

/* ---- out ---- */

bool ws_proto_has_output(const ws_proto *p)
{
    return p->sending->len > 0 || p->queue->len > 0;
}

size_t ws_proto_queued(const ws_proto *p)
{
    return p->sending->len - p->sent + p->queue->len;
}

const uint8_t *ws_proto_output(ws_proto *p, size_t *ret_len)
{
    if (p->sending->len == 0) {
        GString *spare = p->sending;
        p->sending = p->queue;
        p->queue = spare;
    }
    *ret_len = p->sending->len - p->sent;
    return *ret_len > 0 ? (const uint8_t *)p->sending->str + p->sent : NULL;
}

void ws_proto_written(ws_proto *p, size_t len)
{
    p->sent += len;
    if (p->sent == p->sending->len) {
        empty(&p->sending);
        p->sent = 0;
    }
}

bool ws_proto_is_open(const ws_proto *p)
{
    return p->frames != NULL && !p->is_over && !p->muted && !p->close_asked;
}

static bool queue_frame(ws_proto *p, uint8_t opcode, const char *text, size_t len)
{
    struct wslay_event_msg frame = {opcode, (const uint8_t *)text, len};
    bool queued = wslay_event_queue_msg(p->frames, &frame) == 0;
    flush(p);
    return queued;
}

bool ws_proto_send(ws_proto *p, const char *text, size_t len)
{
    size_t queued = ws_proto_queued(p);
    if (!ws_proto_is_open(p) || queued > p->options.max_queue ||
        len + FRAME_HEAD > p->options.max_queue - queued ||
        !g_utf8_validate(text, (gssize)len, NULL))
        return false;
    return queue_frame(p, WSLAY_TEXT_FRAME, text, len);
}

void ws_proto_ping(ws_proto *p)
{
    if (ws_proto_is_open(p))
        queue_frame(p, WSLAY_PING, NULL, 0);
}

void ws_proto_close(ws_proto *p, int code)
{
    if (!ws_proto_is_open(p))
        return;
    p->close_asked = true;
    wslay_event_queue_close(p->frames, (uint16_t)code, NULL, 0);
    flush(p);
}
