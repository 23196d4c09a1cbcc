"""A small strict HTTP/1.1 server half for the Slack test server: reading requests, writing answers, breaking answers.

read_request() returns a Request, None at the end of the connection, or raises HttpError.
deliver() writes an answer the way a fault wants it: cut, dripped, reset …
"""
import asyncio
import socket
import struct
from urllib.parse import parse_qsl, unquote

MAX_BODY = 8 << 20
REASONS = {101: 'Switching Protocols', 200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed',
           408: 'Request Timeout', 426: 'Upgrade Required', 429: 'Too Many Requests', 500: 'Internal Server Error',
           502: 'Bad Gateway', 503: 'Service Unavailable', 413: 'Payload Too Large', 505: 'HTTP Version Not Supported'}


class HttpError(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status, self.text = status, text


class Request:
    def __init__(self, method, target, version, headers, body):
        self.method, self.target, self.version, self.headers, self.body = method, target, version, headers, body
        path, _, self.query_text = target.partition('?')
        self.path = unquote(path)
        self.query = dict(parse_qsl(self.query_text, keep_blank_values=True))

    def header(self, name):
        return next((v for k, v in self.headers if k == name), None)

    def keeps_alive(self):
        return (self.header('connection') or '').lower() != 'close' and self.version == 'HTTP/1.1'


async def read_line(reader):
    try:
        line = await reader.readuntil(b'\n')
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise HttpError(400, 'connection ended inside a request') from None
        return None
    except (asyncio.LimitOverrunError, ValueError):
        raise HttpError(400, 'header line too long') from None
    if not line.endswith(b'\r\n'):
        raise HttpError(400, 'line does not end with CR LF')
    return line[:-2].decode('latin-1')


async def read_request(reader, writer=None):
    first = await read_line(reader)
    if first is None:
        return None
    parts = first.split(' ')
    if len(parts) != 3 or not parts[1].startswith('/'):
        raise HttpError(400, f'bad request line {first[:80]!r}')
    if parts[2] not in ('HTTP/1.1', 'HTTP/1.0'):
        raise HttpError(505, f'bad version {parts[2]!r}')
    headers = []
    while True:
        line = await read_line(reader)
        if line is None:
            raise HttpError(400, 'connection ended inside the headers')
        if not line:
            break
        name, colon, value = line.partition(':')
        if not colon or not name or name != name.strip():
            raise HttpError(400, f'bad header line {line[:80]!r}')
        headers.append((name.lower(), value.strip()))
        if len(headers) > 100:
            raise HttpError(400, 'too many headers')
    request = Request(parts[0], parts[1], parts[2], headers, b'')
    hosts = [v for k, v in headers if k == 'host']
    if request.version == 'HTTP/1.1' and (len(hosts) != 1 or not hosts[0]):
        raise HttpError(400, 'exactly one Host header is needed')
    if writer and (request.header('expect') or '').lower() == '100-continue':
        writer.write(b'HTTP/1.1 100 Continue\r\n\r\n')
    request.body = await read_body(reader, request)
    return request


async def read_body(reader, request):
    coding, length = request.header('transfer-encoding'), request.header('content-length')
    if coding and length:
        raise HttpError(400, 'both Transfer-Encoding and Content-Length')
    try:
        if coding:
            if coding.lower() != 'chunked':
                raise HttpError(400, f'unknown transfer coding {coding}')
            return await read_chunks(reader)
        if length is None:
            return b''
        if not length.isdigit():
            raise HttpError(400, f'bad Content-Length {length!r}')
        if int(length) > MAX_BODY:
            raise HttpError(413, 'body too large')
        return await reader.readexactly(int(length))
    except asyncio.IncompleteReadError:
        raise HttpError(400, 'connection ended inside the body') from None


async def read_chunks(reader):
    body = b''
    while True:
        line = await read_line(reader) or ''
        try:
            size = int(line.split(';')[0], 16)
        except ValueError:
            raise HttpError(400, f'bad chunk size {line[:20]!r}') from None
        if size + len(body) > MAX_BODY:
            raise HttpError(413, 'body too large')
        body += await reader.readexactly(size)
        if await read_line(reader) != '':
            raise HttpError(400, 'chunk does not end with CR LF')
        if size == 0:
            return body


def answer_bytes(status, headers, body):
    lines = [f'HTTP/1.1 {status} {REASONS.get(status, "Status")}']
    lines += [f'{name}: {value}' for name, value in headers]
    if status != 101:
        lines.append(f'Content-Length: {len(body)}')
    return '\r\n'.join(lines).encode('latin-1') + b'\r\n\r\n' + body


def reset(writer):
    """Ends TCP with a reset instead of a FIN."""
    sock = writer.get_extra_info('socket')
    if sock is not None:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        except OSError:
            pass
    writer.transport.abort()


async def drip(writer, data, seconds):
    """All of data, byte groups spread over some seconds."""
    pieces = min(len(data), 200) or 1
    step = -(-len(data) // pieces)
    for i in range(0, len(data), step):
        writer.write(data[i:i + step])
        await writer.drain()
        await asyncio.sleep(seconds / pieces)


async def deliver(writer, status, headers, body, fault):
    """Writes the answer as the fault (or None) says. True when the connection may go on."""
    kind = fault.kind if fault else None
    data = answer_bytes(status, headers, body)
    if kind == 'lost_answer':
        reset(writer)
        return False
    if kind == 'truncated':
        head = data[:len(data) - len(body)]
        writer.write(head + body[:max(1, len(body) // 2)])
        await writer.drain()
        writer.close()
        return False
    if kind == 'malformed':
        data = answer_bytes(status, headers, body[:-1] + b',,')
    elif kind == 'empty_body':
        data = answer_bytes(status, headers, b'')
    elif kind == 'huge_body':
        data = answer_bytes(status, headers, body[:-1] + b',"x":"' + b'x' * fault.size + b'"}')
    elif kind == 'wrong_type':
        data = answer_bytes(status, headers, b'["ok"]')
    elif kind == 'drip':
        await drip(writer, data, fault.seconds)
        return True
    elif kind == 'hang':
        await asyncio.sleep(fault.seconds)
        reset(writer)
        return False
    writer.write(data)
    await writer.drain()
    return True
