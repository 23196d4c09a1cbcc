"""HTTP/1.1 by hand over sockets, because the faults (reset, drip, truncation) need the bare connection."""
import json
import re
import select
import socket
import struct
import threading
import time
import urllib.parse

from telegram_check import JsonText, Upload

_MAX_BODY = 50 * 1024 * 1024
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
           413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}


class BadRequest(Exception):
    pass


class HttpRequest:
    def __init__(self, verb, path, query, headers, body):
        self.verb, self.path, self.query, self.headers, self.body = verb, path, query, headers, body
        self.problems = []

    def parameters(self):
        """(name -> value, name -> Upload) from the query string and the body, as the real server takes them."""
        raw, files = {}, {}
        self._pairs(raw, urllib.parse.parse_qsl(self.query, keep_blank_values=True, encoding="utf-8",
                                                errors="surrogateescape"))
        kind = self.headers.get("content-type", "")
        plain = kind.split(";")[0].strip().lower()
        if not self.body:
            pass
        elif plain == "application/json":
            self._json(raw)
        elif plain == "application/x-www-form-urlencoded":
            self._pairs(raw, urllib.parse.parse_qsl(self.body.decode("ascii", "surrogateescape"),
                                                    keep_blank_values=True, encoding="utf-8",
                                                    errors="surrogateescape"))
        elif plain == "multipart/form-data":
            self._multipart(raw, files, kind)
        else:
            self.problems.append("a body of type %r, which the API does not take" % kind)
        return raw, files

    def _pairs(self, raw, pairs):
        for name, value in pairs:
            if name in raw:
                self.problems.append("parameter %r given twice" % name)
            raw.setdefault(name, JsonText(value))

    def _json(self, raw):
        try:
            body = json.loads(self.body.decode("utf-8"))
        except ValueError:
            raise BadRequest("Bad Request: can't parse JSON object")
        if not isinstance(body, dict):
            raise BadRequest("Bad Request: expected a JSON object")
        for name, value in body.items():
            if value is None:
                self.problems.append("parameter %r is null" % name)
            elif name in raw:
                self.problems.append("parameter %r given twice" % name)
            else:
                raw[name] = value

    def _multipart(self, raw, files, kind):
        boundary = re.search(r'boundary="?([^";]+)', kind)
        if boundary is None:
            raise BadRequest("Bad Request: boundary in multipart/form-data not found")
        mark = b"\r\n--" + boundary.group(1).strip().encode("latin-1")
        parts = (b"\r\n" + self.body).split(mark)
        if len(parts) < 2 or parts[0] != b"" or not parts[-1].startswith(b"--"):
            raise BadRequest("Bad Request: can't find the end of the multipart body")
        for part in parts[1:-1]:
            head, _, data = part.partition(b"\r\n\r\n")
            head = head.decode("utf-8", "surrogateescape")
            name, filename = re.search(r'[ ;]name="([^"]*)"', head), re.search(r'filename="([^"]*)"', head)
            mime = re.search(r"(?im)^content-type: *([^\r\n;]+)", head)
            if name is None:
                self.problems.append("a part of the multipart body has no name")
            elif filename is not None:
                files[name.group(1)] = Upload(filename.group(1), data, mime.group(1) if mime else
                                              "application/octet-stream")
            else:
                self._pairs(raw, [(name.group(1), data.decode("utf-8", "surrogateescape"))])


class Connection:
    """One client. The thread that serves it is the only one that reads or writes."""

    def __init__(self, server, sock, number):
        self.server, self.sock, self.number, self.buffer = server, sock, number, b""
        self.closed = False

    def run(self):
        try:
            while not self.server.stopping:
                request = self.read_request()
                if request is None or not self.server.serve(self, request):
                    break
        except (OSError, ValueError):
            pass
        finally:
            self.close()

    def close(self):
        if not self.closed:
            self.closed = True
            self.sock.close()

    def reset(self):
        """Ends the connection with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def alive(self):
        """Whether the client still holds its end."""
        if self.closed:
            return False
        readable, _, _ = select.select([self.sock], [], [], 0)
        try:
            return not readable or self.sock.recv(1, socket.MSG_PEEK) != b""
        except OSError:
            return False

    def _fill(self):
        data = self.sock.recv(65536)
        self.buffer += data
        return bool(data)

    def read_request(self):
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > 65536 or not self._fill():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        verb, target, version = lines[0].split(" ")
        if version not in ("HTTP/1.1", "HTTP/1.0"):
            return None
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        path, _, query = target.partition("?")
        request = HttpRequest(verb, urllib.parse.unquote(path), query, headers, self._body(headers))
        request.keep_alive = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return request

    def _body(self, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while True:
                size = int(self._line().split(b";")[0], 16)
                parts.append(self._exactly(size + 2)[:-2])
                if size == 0:
                    return b"".join(parts)
        return self._exactly(min(int(headers.get("content-length") or 0), _MAX_BODY + 1))

    def _line(self):
        while b"\r\n" not in self.buffer:
            if not self._fill():
                raise OSError("ended early")
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _exactly(self, size):
        while len(self.buffer) < size:
            if not self._fill():
                raise OSError("ended early")
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def answer(self, status, body, kind="application/json", keep_alive=True, extra=(), fault=None):
        """Writes a response, damaged as the fault wants it. Returns whether the connection goes on."""
        lines = ["HTTP/1.1 %d %s" % (status, REASONS.get(status, "Unknown")), "Server: nginx/1.18.0",
                 "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()), "Content-Type: " + kind,
                 "Content-Length: %d" % len(body), "Connection: " + ("keep-alive" if keep_alive else "close")]
        data = "\r\n".join(lines + list(extra)).encode() + b"\r\n\r\n"
        damage = fault.kind if fault else None
        if damage == "malformed":
            cut = len(body) // 2
            body = body[:cut] + b"\x00}" + b" " * (len(body) - cut - 2)
        if damage == "lost":
            if fault.options.get("rst"):
                self.reset()
            return False
        if damage == "truncated":
            self.sock.sendall(data + body[:len(body) // 2])
            return False
        if damage == "stall":
            self.sock.sendall(data + body[:len(body) // 2])
            return self.hang(self.server.released)
        if damage == "drip":
            return self._drip(data + body, fault.options.get("delay", 0.005)) and keep_alive
        if damage == "slow":
            self.server.pause(fault.options.get("delay", 1.0))
        self.sock.sendall(data + body)
        return keep_alive

    def _drip(self, data, delay):
        for i in range(len(data)):
            if self.server.stopping:
                return False
            self.sock.sendall(data[i:i + 1])
            time.sleep(delay)
        return True

    def hang(self, released):
        """Never answers: ends when the client gives up, the test lets go, or the server stops."""
        while not self.server.stopping and not released.is_set() and self.alive():
            time.sleep(0.05)
        return False


class HttpServer:
    """Accepts on 127.0.0.1, one thread a connection. Subclasses say what serve() does."""

    def __init__(self, port=0):
        self.port, self.stopping = port, False
        self.connections_now = self.connections_max = self.connections_total = 0
        self._connections, self._guard, self._listener = set(), threading.Lock(), None
        self._wake = threading.Event()

    def listen(self):
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener):
        while not self.stopping:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self.connections_total += 1
                self.connections_now += 1
                self.connections_max = max(self.connections_max, self.connections_now)
                connection = Connection(self, sock, self.connections_total)
                self._connections.add(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        try:
            connection.run()
        finally:
            with self._guard:
                self._connections.discard(connection)
                self.connections_now -= 1

    def pause(self, seconds):
        self._wake.wait(seconds)

    def close_listener(self):
        if self._listener is not None:
            try:
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
            except OSError:
                pass
            self._listener.close()
            self._listener = None

    def drop_connections(self):
        """Cuts every connection as it is."""
        with self._guard:
            for connection in self._connections:
                try:
                    connection.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close_all(self):
        self.stopping = True
        self._wake.set()
        self.close_listener()
        self.drop_connections()
