"""The server's half of a WebSocket (RFC 6455) over asyncio streams, strict with its client.

check_handshake() judges an upgrade request; accept_key() computes the answer.
WebSocket.serve() reads frames until the end and reports to an observer object:
    on_text(text), on_ping(payload), on_pong(payload), on_breach(code, text)
A breach of the protocol is answered with a close frame of the right code (1002, 1007, 1009 …) and ends the socket.
frame() builds any frame, also an illegal one: that is what the faults are made of.
"""
import asyncio
import base64
import binascii
import hashlib
import os
import socket
import struct

GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MAX_MESSAGE = 1 << 20


def accept_key(key):
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


def frame(opcode, payload=b'', fin=True, rsv=0, mask=None, length=None):
    """The bytes of a frame. mask: 4 bytes (a server must not), length: a lie about the payload's size."""
    size = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | (rsv << 4) | opcode])
    bit = 0x80 if mask else 0
    if size < 126:
        head += bytes([bit | size])
    elif size < 1 << 16:
        head += bytes([bit | 126]) + struct.pack('>H', size)
    else:
        head += bytes([bit | 127]) + struct.pack('>Q', size)
    if mask:
        payload = apply_mask(payload, mask)
        head += mask
    return head + payload


def apply_mask(payload, mask):
    if not payload:
        return payload
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, 'big') ^ int.from_bytes(key, 'big')).to_bytes(size, 'big')


def tokens(value):
    return [part.strip().lower() for part in (value or '').split(',')]


def check_handshake(request, seen_keys):
    """(HTTP status, complaint) of an upgrade request; (101, None) when it is right. seen_keys: a set kept by the caller."""
    def header(name):
        return request.header(name)
    if request.method != 'GET':
        return 405, 'the upgrade must be a GET'
    if request.version != 'HTTP/1.1':
        return 400, 'the upgrade must be HTTP/1.1'
    if 'websocket' not in tokens(header('upgrade')):
        return 400, 'no Upgrade: websocket'
    if 'upgrade' not in tokens(header('connection')):
        return 400, 'no Connection: Upgrade'
    if header('sec-websocket-version') != '13':
        return 426, 'Sec-WebSocket-Version must be 13'
    keys = [v for k, v in request.headers if k == 'sec-websocket-key']
    if len(keys) != 1:
        return 400, 'exactly one Sec-WebSocket-Key'
    try:
        nonce = base64.b64decode(keys[0], validate=True)
    except (binascii.Error, ValueError):
        nonce = b''
    if len(nonce) != 16:
        return 400, 'Sec-WebSocket-Key must be 16 bytes in base64'
    if keys[0] in seen_keys:
        return 400, 'Sec-WebSocket-Key used before: the nonce must be chosen anew'
    if request.body or header('transfer-encoding'):
        return 400, 'an upgrade has no body'
    seen_keys.add(keys[0])
    return 101, None


class Breach(Exception):
    """The client broke the protocol: close code and why."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code, self.text = code, text


def check_close(payload):
    """(code, reason) of a close frame's payload, or a Breach."""
    if not payload:
        return 1005, ''
    if len(payload) == 1:
        raise Breach(1002, 'close frame with one byte')
    code = struct.unpack('>H', payload[:2])[0]
    if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise Breach(1002, f'close code {code} must not be sent')
    try:
        return code, payload[2:].decode()
    except UnicodeDecodeError:
        raise Breach(1007, 'close reason is not UTF-8') from None


class WebSocket:
    def __init__(self, reader, writer, observer):
        self.reader, self.writer, self.observer = reader, writer, observer
        self.fragment = 0            # >0: every message leaves in frames of at most so many bytes, a ping in between
        self.frozen = False          # half-open: nothing is answered or sent any more, TCP stays
        self.closing = False         # we sent a close frame
        self.pings_answered = 0
        self.bytes_in = 0
        self.last_masks = []
        self.parts = None            # opcode and chunks of a fragmented message

    # Sending ---------------------------------------------------------------------------------------------------

    def raw(self, data):
        if not self.frozen and not self.writer.is_closing():
            self.writer.write(data)

    def send_text(self, text):
        data = text.encode()
        if not self.fragment:
            return self.raw(frame(TEXT, data))
        self.raw(b''.join(fragments(data, self.fragment)))

    def ping(self, payload=b''):
        self.raw(frame(PING, payload))

    def close(self, code=1000, reason=''):
        if not self.closing:
            self.closing = True
            self.raw(frame(CLOSE, b'' if code is None else struct.pack('>H', code) + reason.encode()))

    def abort(self):
        """TCP reset."""
        sock = self.writer.get_extra_info('socket')
        if sock is not None:
            try:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            except OSError:
                pass
        self.writer.transport.abort()

    # Receiving -------------------------------------------------------------------------------------------------

    async def serve(self):
        """Reads until the end. Returns (close code, reason, clean): 1006 and not clean when TCP ended without one."""
        try:
            while True:
                done = await self.step()
                if done:
                    return done
        except Breach as breach:
            self.observer.on_breach(breach.code, breach.text)
            self.close(breach.code, breach.text[:100])
            await self.drain_quietly()
            return breach.code, breach.text, False
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            return 1006, 'TCP ended', False

    async def drain_quietly(self):
        """After our close frame: read a little, so that the client gets the frame and not a reset."""
        try:
            await asyncio.wait_for(self.writer.drain(), 1)
            if self.writer.can_write_eof():
                self.writer.write_eof()
            await asyncio.wait_for(self.reader.read(1 << 16), 0.5)
        except (asyncio.TimeoutError, ConnectionError, OSError):
            pass

    async def step(self):
        fin, opcode, payload = await self.read_frame()
        if self.frozen:
            return None
        if opcode >= CLOSE:
            return self.control(opcode, payload)
        self.data(fin, opcode, payload)
        return None

    async def read_frame(self):
        first, second = await self.reader.readexactly(2)
        fin, rsv, opcode = first & 0x80, first & 0x70, first & 0x0F
        size = second & 0x7F
        if rsv:
            raise Breach(1002, 'reserved bits set without an extension')
        if opcode not in (CONT, TEXT, BINARY, CLOSE, PING, PONG):
            raise Breach(1002, f'reserved opcode {opcode}')
        if not second & 0x80:
            raise Breach(1002, 'client frame is not masked')
        if opcode >= CLOSE and (size > 125 or not fin):
            raise Breach(1002, 'control frame too long' if fin else 'control frame fragmented')
        size = await self.read_size(size)
        if size + sum(len(c) for c in (self.parts or (0, []))[1]) > MAX_MESSAGE:
            raise Breach(1009, f'message of more than {MAX_MESSAGE} bytes')
        mask = await self.reader.readexactly(4)
        payload = await self.reader.readexactly(size)
        self.bytes_in += size
        self.check_mask(mask)
        return bool(fin), opcode, apply_mask(payload, mask)

    async def read_size(self, size):
        if size == 126:
            size = struct.unpack('>H', await self.reader.readexactly(2))[0]
            if size < 126:
                raise Breach(1002, 'length not in its shortest form')
        elif size == 127:
            size = struct.unpack('>Q', await self.reader.readexactly(8))[0]
            if size < 1 << 16 or size >> 63:
                raise Breach(1002, 'length not in its shortest form')
        return size

    def check_mask(self, mask):
        """RFC 6455 5.3: a fresh unpredictable key for each frame. Three times the same is no accident."""
        self.last_masks = (self.last_masks + [mask])[-3:]
        if len(self.last_masks) == 3 and len(set(self.last_masks)) == 1:
            raise Breach(1002, 'the same masking key for three frames')

    def control(self, opcode, payload):
        if opcode == PING:
            self.observer.on_ping(payload)
            self.pings_answered += 1
            self.raw(frame(PONG, payload))
            return None
        if opcode == PONG:
            self.observer.on_pong(payload)
            return None
        code, reason = check_close(payload)
        self.close(None if code == 1005 else code)
        return code, reason, True

    def data(self, fin, opcode, payload):
        if opcode == CONT:
            if self.parts is None:
                raise Breach(1002, 'continuation without a beginning')
            self.parts[1].append(payload)
        else:
            if self.parts is not None:
                raise Breach(1002, 'new message inside a fragmented one')
            self.parts = (opcode, [payload])
        if not fin:
            return
        opcode, chunks = self.parts
        self.parts = None
        if opcode == BINARY:
            raise Breach(1003, 'Socket Mode has no binary messages')
        try:
            text = b''.join(chunks).decode()
        except UnicodeDecodeError:
            raise Breach(1007, 'text is not UTF-8') from None
        self.observer.on_text(text)


def fragments(data, size):
    """A text message as frames of at most size bytes, with a ping between the first two: legal, and often forgotten.
    Cuts may fall inside a UTF-8 sequence, as they may in the wild."""
    chunks = [data[i:i + size] for i in range(0, len(data), size)] or [b'']
    out = []
    for i, chunk in enumerate(chunks):
        out.append(frame(CONT if i else TEXT, chunk, fin=i == len(chunks) - 1))
        if i == 0 and len(chunks) > 1:
            out.append(frame(PING, b'between'))
    return out


def broken_bytes(kind, size=1 << 20):
    """Bytes of a server that breaks RFC 6455 (or only a client's patience), by name."""
    hello = b'{"type":"hello"}'
    table = {
        'bad_utf8': lambda: frame(TEXT, b'{"type":"\xff\xfe\xc0\x80"}'),
        'cut_utf8': lambda: frame(TEXT, '{"type":"한'.encode()[:-1]),
        'masked': lambda: frame(TEXT, hello, mask=os.urandom(4)),
        'rsv': lambda: frame(TEXT, hello, rsv=4),
        'rsv2': lambda: frame(TEXT, hello, rsv=2),
        'opcode': lambda: frame(0x3, hello),
        'control_opcode': lambda: frame(0xB, b''),
        'long_control': lambda: frame(PING, b'x' * 126),
        'fragmented_control': lambda: frame(PING, b'x', fin=False),
        'lone_continuation': lambda: frame(CONT, hello),
        'nested_message': lambda: frame(TEXT, b'{"a":', fin=False) + frame(TEXT, hello),
        'huge_declared': lambda: frame(TEXT, hello, length=1 << 62),
        'negative_length': lambda: bytes([0x81, 127]) + b'\xff' * 8 + hello,
        'long_form': lambda: bytes([0x81, 126, 0, 5]) + b'hello',
        'huge': lambda: frame(TEXT, b'{"type":"hello","x":"' + b'x' * size + b'"}'),
        'endless_fragments': lambda: frame(TEXT, b'{"x":"', fin=False) + frame(CONT, b'y' * 65536, fin=False) * (
            size // 65536),
        'many_empty_fragments': lambda: frame(TEXT, b'', fin=False) + frame(CONT, b'', fin=False) * 20000,
        'close_one_byte': lambda: frame(CLOSE, b'\x03'),
        'close_bad_code': lambda: frame(CLOSE, struct.pack('>H', 1005)),
        'close_bad_utf8': lambda: frame(CLOSE, struct.pack('>H', 1000) + b'\xff\xff'),
        'garbage': lambda: os.urandom(4096),
        'http': lambda: b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
        'half_frame': lambda: frame(TEXT, hello, length=1000),
        'ping_flood': lambda: frame(PING, b'flood') * 5000,
        'binary': lambda: frame(BINARY, hello),
    }
    if kind not in table:
        raise ValueError(f'unknown kind {kind!r}; one of {", ".join(sorted(table))}')
    return table[kind]()
