"""A deliberately plain Slack client on raw sockets, for testing the test server: it can be right and it can be wrong.

    api = RawApi(server); api('chat.postMessage', channel='C1', text='hi')       -> the JSON answer
    sock = RawSocket(server); sock.hello; sock.envelope(); sock.ack(envelope); sock.frame()
Also run_tests(): every function named test_* of a module, as TAP.
"""
import base64
import json
import os
import socket
import struct
import sys
import traceback
from urllib.parse import urlencode, urlsplit

from websocket_server import BINARY, CLOSE, CONT, PING, PONG, TEXT, accept_key, frame

JSON_TYPE = 'application/json; charset=utf-8'
FORM_TYPE = 'application/x-www-form-urlencoded'


class Answer(dict):
    """The JSON of an answer with .status, .headers and .raw beside it."""
    status, headers, raw = 0, {}, b''


def http(server, method, path, headers, body=b'', timeout=10):
    """One HTTP exchange on a fresh connection: (status, headers, body). status 0: no answer at all."""
    with socket.create_connection((server.host, server.port), timeout) as sock:
        lines = [f'{method} {path} HTTP/1.1', f'Host: {server.authority}', 'Connection: close']
        lines += [f'{k}: {v}' for k, v in headers.items()]
        if body:
            lines.append(f'Content-Length: {len(body)}')
        sock.sendall('\r\n'.join(lines).encode() + b'\r\n\r\n' + body)
        data = b''
        try:
            while True:
                chunk = sock.recv(65536)
                if not chunk:
                    break
                data += chunk
        except (ConnectionError, socket.timeout):
            pass
    return parse_answer(data)


def parse_answer(data):
    head, _, body = data.partition(b'\r\n\r\n')
    lines = head.decode('latin-1').split('\r\n')
    parts = lines[0].split(' ')
    if len(parts) < 2 or not parts[0].startswith('HTTP/') or not parts[1].isdigit():
        return 0, {}, data
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(':') for line in lines[1:])}
    return int(parts[1]), headers, body


class RawApi:
    def __init__(self, server):
        self.server = server

    def __call__(self, method, _token=None, _as='json', _raw=None, _type=None, _headers=None, _verb='POST',
                 _timeout=10, _path=None, **args):
        token = self.server.bot_token if _token is None else _token
        headers = {'Authorization': 'Bearer ' + token} if token else {}
        if _as == 'json':
            headers['Content-Type'], body = JSON_TYPE, json.dumps(args).encode()
        else:
            flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in args.items()}
            headers['Content-Type'], body = FORM_TYPE, urlencode(flat).encode()
        if _type:
            headers['Content-Type'] = _type
        headers.update(_headers or {})
        status, got, raw = http(self.server, _verb, _path or '/api/' + method, headers,
                                body if _raw is None else _raw, _timeout)
        try:
            value = json.loads(raw)
            answer = Answer(value) if isinstance(value, dict) else Answer()
        except ValueError:
            answer = Answer()
        answer.status, answer.headers, answer.raw = status, got, raw
        return answer

    def form(self, method, **args):
        return self(method, _as='form', **args)

    def url(self):
        return self('apps.connections.open', self.server.app_token)['url']


class RawSocket:
    """A WebSocket client; url None asks for a ticket. Overrides break the handshake on purpose."""

    def __init__(self, server, url=None, headers=None, key=None, request=None, hello=True, timeout=10):
        self.server = server
        self.url = url or RawApi(server).url()
        parts = urlsplit(self.url)
        self.sock = socket.create_connection((parts.hostname, parts.port), timeout)
        self.key = key or base64.b64encode(os.urandom(16)).decode()
        fields = {'Host': server.authority, 'Upgrade': 'websocket', 'Connection': 'Upgrade',
                  'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': self.key}
        fields.update(headers or {})
        first = request or f'GET {parts.path}?{parts.query} HTTP/1.1'
        self.sock.sendall('\r\n'.join([first] + [f'{k}: {v}' for k, v in fields.items() if v is not None]).encode()
                          + b'\r\n\r\n')
        self.buffer, self.first_read = b'', b''
        self.pings = []
        self.status, self.headers = self.read_head()
        self.accepted = self.status == 101 and self.headers.get('sec-websocket-accept') == accept_key(self.key)
        self.hello = self.envelope() if hello and self.accepted else None

    def read_head(self):
        try:
            while b'\r\n\r\n' not in self.buffer and len(self.buffer) < 1 << 22:
                chunk = self.sock.recv(65536)
                if not chunk:
                    break
                self.buffer += chunk
                self.first_read = self.first_read or chunk
        except (ConnectionError, socket.timeout):
            pass
        head, gap, rest = self.buffer.partition(b'\r\n\r\n')
        status, headers, _ = parse_answer(head + gap)
        if gap:
            self.buffer = rest
        return status, headers

    def need(self, size):
        while len(self.buffer) < size:
            chunk = self.sock.recv(65536)
            if not chunk:
                raise EOFError('TCP ended')
            self.buffer += chunk
        out, self.buffer = self.buffer[:size], self.buffer[size:]
        return out

    def frame(self):
        """(fin, opcode, payload, rsv, masked) of the next frame."""
        first, second = self.need(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack('>H', self.need(2))[0]
        elif size == 127:
            size = struct.unpack('>Q', self.need(8))[0]
        if second & 0x80:
            self.need(4)
        return bool(first & 0x80), first & 15, self.need(size), (first >> 4) & 7, bool(second & 0x80)

    def message(self):
        """(opcode, payload) of the next message; pings on the way are answered and remembered."""
        parts, kind = [], None
        while True:
            fin, opcode, payload, _, _ = self.frame()
            if opcode == PING:
                self.pings.append(payload)
                self.send(PONG, payload)
                continue
            if opcode in (PONG, CLOSE):
                return opcode, payload
            kind = opcode if opcode != CONT else kind
            parts.append(payload)
            if fin:
                return kind, b''.join(parts)

    def envelope(self):
        opcode, payload = self.message()
        if opcode != TEXT:
            raise EOFError(f'opcode {opcode}: {payload!r}')
        return json.loads(payload)

    def envelopes(self, count):
        return [self.envelope() for _ in range(count)]

    def send(self, opcode, payload=b'', fin=True, rsv=0, mask=True, length=None):
        self.sock.sendall(frame(opcode, payload, fin, rsv, os.urandom(4) if mask is True else mask, length))

    def text(self, value):
        self.send(TEXT, (value if isinstance(value, str) else json.dumps(value)).encode())

    def ack(self, envelope, payload=None):
        value = {'envelope_id': envelope['envelope_id']}
        if payload is not None:
            value['payload'] = payload
        self.text(value)

    def close_code(self):
        """Reads on until the close frame: its code, 1005 for none; None when TCP ended without one."""
        try:
            while True:
                _, opcode, payload, _, _ = self.frame()
                if opcode == CLOSE:
                    return struct.unpack('>H', payload[:2])[0] if payload else 1005
        except (EOFError, ConnectionError, socket.timeout):
            return None

    def close(self, code=1000):
        try:
            self.send(CLOSE, struct.pack('>H', code))
            self.close_code()
        except OSError:
            pass
        self.sock.close()


def run_tests(module):
    """Runs the module's test_* functions in order; prints TAP; exits 1 when one failed."""
    tests = [(name, value) for name, value in vars(module).items() if name.startswith('test_')]
    print(f'1..{len(tests)}', flush=True)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} {name[5:]}', flush=True)
        except Exception:
            failed += 1
            print(f'not ok {number} {name[5:]}', flush=True)
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()), flush=True)
    sys.exit(1 if failed else 0)


__all__ = ['RawApi', 'RawSocket', 'Answer', 'http', 'run_tests', 'BINARY', 'CLOSE', 'CONT', 'PING', 'PONG', 'TEXT']
