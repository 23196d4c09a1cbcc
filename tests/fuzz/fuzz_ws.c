/*
 * The whole WebSocket client below its socket: handshake, frames, our answers.
 *
 * Input: a byte of switches, a byte of how to cut the rest, then what the peer
 * sends. Randomness is zero, so the right Sec-WebSocket-Accept is a constant.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "io/ws_proto.h"

enum { MAX_MESSAGE = 2000, MAX_QUEUE = 1000, CONTROL_SLACK = 64 << 10, SLICE = 4096 };

enum { GREET = 1, ANSWER = 2, CLOSE = 4, MUTE = 8, READ_NOTHING = 16, PINGS = 32 };

struct state {
    ws_proto *p;
    int switches;
    int opened, messages;
    bool muted;
};

static void require(bool fact)
{
    if (!fact)
        abort();
}

static void zeros(uint8_t *bytes, size_t len, void *data)
{
    (void)data;
    for (size_t i = 0; i < len; i++)
        bytes[i] = 0;
}

static void on_open(void *data)
{
    struct state *s = data;
    require(s->opened++ == 0 && !s->muted);
    if ((s->switches & PINGS) != 0)
        ws_proto_ping(s->p);
}

static void on_message(const char *text, size_t len, void *data)
{
    struct state *s = data;
    require(s->opened == 1 && !s->muted && ws_proto_over(s->p) == NULL);
    require(len <= MAX_MESSAGE && text[len] == '\0');
    require(memchr(text, 0, len) != NULL || g_utf8_validate(text, (gssize)len, NULL));
    if ((s->switches & ANSWER) != 0)
        ws_proto_send(s->p, text, len);
    if ((s->switches & CLOSE) != 0 && s->messages == 1)
        ws_proto_close(s->p, 1000);
    if ((s->switches & MUTE) != 0 && s->messages == 2) {
        ws_proto_mute(s->p);
        s->muted = true;
    }
    s->messages++;
}

static void write_out(struct state *s, size_t at_most)
{
    size_t len;
    const uint8_t *bytes = ws_proto_output(s->p, &len);
    if (bytes != NULL)
        ws_proto_written(s->p, MIN(len, at_most));
}

static void feed(struct state *s, const uint8_t *bytes, size_t len)
{
    /* Exactly sized: reading past the end shows. */
    uint8_t *copy = g_memdup2(bytes, len);
    ws_proto_feed(s->p, copy, len);
    g_free(copy);
    require(ws_proto_queued(s->p) <= MAX_QUEUE + CONTROL_SLACK + 4 * SLICE);
    if ((s->switches & READ_NOTHING) == 0)
        write_out(s, 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char greeting[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";
    if (size < 2)
        return 0;
    struct state s = {.switches = data[0]};
    struct ws_proto_options options = {.host = "example.org",
                                       .target = "/",
                                       .max_message = MAX_MESSAGE,
                                       .max_queue = MAX_QUEUE,
                                       .random = zeros,
                                       .on_open = on_open,
                                       .on_message = on_message,
                                       .data = &s};
    s.p = ws_proto_new(&options);
    size_t step = data[1] == 0 ? size : data[1];
    if ((s.switches & GREET) != 0) {
        feed(&s, (const uint8_t *)greeting, sizeof greeting - 1);
        require(s.opened == 1);
    }
    for (size_t at = 2; at < size; at += step)
        feed(&s, data + at, MIN(step, size - at));
    const struct ws_closed *closed = ws_proto_over(s.p);
    require(closed == NULL || closed->text != NULL);
    while (ws_proto_has_output(s.p))
        write_out(&s, 1000);
    ws_proto_free(s.p);
    return 0;
}
