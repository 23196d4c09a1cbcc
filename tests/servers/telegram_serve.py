"""From an HTTP request to its answer: token, specification, faults, limits, method, and the log of it all."""
import json
import math
import re
import time

from telegram_errors import ApiError
from telegram_faults import AFTER, BEFORE, HTML_502
from telegram_http import BadRequest, HttpServer
from telegram_limits import counted

_CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


def _dump(value):
    return json.dumps(value, separators=(",", ":")).encode()


class Request:
    """One line of the log. status is None while the request is under way."""

    def __init__(self, method, connection):
        self.method, self.connection, self.time = method, connection, time.monotonic()
        self.params, self.problems, self.fault = {}, [], None
        self.status = self.result = self.description = self.ended = None

    def __repr__(self):
        return "<%s %r -> %s %s>" % (self.method, self.params, self.status, self.description or "")


class ServingBase(HttpServer):
    """The serving half of TelegramServer, which sets the attributes used here."""

    def serve(self, connection, http):
        """Answers one HTTP request. Returns whether the connection goes on."""
        file = re.fullmatch(r"/file/bot([^/]+)/(.+)", http.path)
        if file:
            return self._serve_file(connection, http, *file.groups())
        path = re.fullmatch(r"/bot([^/]+)/([^/]*)/?", http.path)
        if path is None or not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", path.group(1)):
            return self._plain_error(connection, http, 404, "Not Found")
        if path.group(1) != self.token:
            return self._plain_error(connection, http, 401, "Unauthorized")
        method = self.spec.method(path.group(2))
        request = Request(method or path.group(2), connection.number)
        with self.lock:
            self.requests.append(request)
            self._touch(request, +1)
        try:
            return self._serve_method(connection, http, request, method)
        finally:
            with self.lock:
                request.ended = time.monotonic()
                self._touch(request, -1)

    def _touch(self, request, change):
        if request.method != "getUpdates":
            self._active += change
            self._last = time.monotonic()
        if change > 0:
            self.counters[request.method] += 1
        self.lock.notify_all()

    def _plain_error(self, connection, http, code, description):
        with self.lock:
            self.refusals.append("%s %s -> %d" % (http.verb, re.sub(r"bot[^/]+", "bot<token>", http.path), code))
            self.lock.notify_all()
        body = _dump({"ok": False, "error_code": code, "description": description})
        return connection.answer(code, body, keep_alive=http.keep_alive)

    def _serve_file(self, connection, http, token, path):
        file = next((f for f in self.world.files.values() if f["file_path"] == path), None)
        if token != self.token or file is None:
            return self._plain_error(connection, http, 401 if token != self.token else 404,
                                     "Unauthorized" if token != self.token else "Not Found")
        request = Request("file", connection.number)
        with self.lock:
            self.requests.append(request)
            self.counters["file"] += 1
            request.fault = self.faults.take("file", {}, BEFORE + AFTER)
            request.status = 200
        if request.fault and request.fault.kind in BEFORE:
            return self._fault_before(connection, request, http.keep_alive)
        return connection.answer(200, file["data"], "application/octet-stream", http.keep_alive, fault=request.fault)

    def _serve_method(self, connection, http, request, method):
        try:
            with self.lock:
                self._current = request
                if http.verb not in ("GET", "POST"):
                    raise ApiError(404, "Not Found", wrong=True)
                if method is None:
                    raise ApiError(404, "Not Found: method not found", wrong=True)
                self._read(http, request, method)
                self._waiting(request, method)
                request.fault = self.faults.take(method, request.params, BEFORE)
                if request.fault is None:
                    self._admit(request, method)
                    result = self._work(connection, request, method)
                if request.fault is None:
                    request.fault = self.faults.take(method, request.params, AFTER)
        except ApiError as error:
            return self._refuse(connection, http, request, error)
        if request.fault is not None and request.fault.kind in BEFORE:
            return self._fault_before(connection, request, http.keep_alive)
        request.status, request.result = 200, result
        if method == "getUpdates":
            body = b'{"ok":true,"result":[' + b",\n".join(result) + b"]}"
        else:
            body = _dump({"ok": True, "result": result})
        return connection.answer(200, body, keep_alive=http.keep_alive, fault=request.fault)

    def _read(self, http, request, method):
        """Parameters, checked against the specification."""
        try:
            raw, files = http.parameters()
        except BadRequest as error:
            raise ApiError(0, str(error), wrong=True)
        except ValueError:
            raise ApiError(400, "can't parse the request", wrong=True)
        request.params, problems = self.spec.check_request(method, raw, files)
        for text in http.problems:
            self._note(text)
        for problem in problems:
            self._note(str(problem))
        refused = [p for p in problems if p.refuse]
        if refused:
            raise ApiError(0, refused[0].answer)
        if not self.methods.supports(method) and method not in ("getUpdates", "logOut", "close"):
            raise ApiError(400, "the test server does not implement %s" % method, wrong=True)

    def _note(self, text):
        request = self._current
        request.problems.append(text)
        self.violations.append("%s: %s" % (request.method, text))

    def _waiting(self, request, method):
        """An earlier 429 still holds: first of all, so that impatience never uses up a fault."""
        self._too_many(self.limits.waiting(method, request.params.get("chat_id"), self.limits_clock()))

    def _admit(self, request, method):
        self._too_many(self.limits.admit(method, request.params.get("chat_id"), self.limits_clock()))

    @staticmethod
    def _too_many(wait):
        if wait:
            raise ApiError(429, "Too Many Requests: retry after %d" % wait, retry_after=wait)

    def _work(self, connection, request, method):
        if method == "getUpdates":
            return self._get_updates(connection, request)
        if method in ("logOut", "close"):
            return True
        if method == "setWebhook" and request.params.get("url"):
            self._poll = "setWebhook"
        return self.methods.call(method, request.params)

    def _get_updates(self, connection, request):
        p, queue = request.params, self.world.queue
        for name in p.get("allowed_updates") or []:
            if name not in self.spec.update_types:
                self._note("allowed_updates: %r is no update type" % name)
        if self.methods.webhook:
            raise ApiError(409, _WEBHOOK)
        queue.set_allowed(p.get("allowed_updates"))
        offset, limit = p.get("offset", 0), min(max(p.get("limit", 100), 1), 100)
        batch = queue.get(offset, limit)
        deadline = time.monotonic() + min(max(p.get("timeout", 0), 0), 50)
        self.lock.notify_all()
        if batch or deadline <= time.monotonic():
            return self._deliver(batch)
        self._poll, self._polls[request] = request, connection
        self.pollers_max = max(self.pollers_max, self.pollers)
        try:
            self.lock.notify_all()
            while not batch and time.monotonic() < deadline and not self.stopping:
                self.lock.wait(min(0.5, max(0.001, deadline - time.monotonic())))
                if not connection.alive():
                    raise ConnectionAbortedError("the client went away")
                if self._poll is not request:
                    self._conflict()
                request.fault = self.faults.take("getUpdates", p, BEFORE)
                if request.fault is not None:
                    return []
                batch = queue.get(offset, limit) if queue.ready() else []
        finally:
            del self._polls[request]
            self._current = request
        return self._deliver(batch)

    @property
    def pollers(self):
        """Long polls that wait now and whose client still listens."""
        return sum(connection.alive() for connection in self._polls.values())

    def _conflict(self):
        self.conflicts += 1
        raise ApiError(409, "terminated by setWebhook request" if self._poll == "setWebhook" else _CONFLICT)

    def _deliver(self, batch):
        self.updates_delivered += len(batch)
        return batch

    def _refuse(self, connection, http, request, error):
        code = error.code or 400
        answer = {"ok": False, "error_code": code, "description": error.description}
        if error.parameters:
            answer["parameters"] = error.parameters
        with self.lock:
            request.status, request.description = code, error.description
            if error.wrong:
                request.problems.append(error.description)
                self.violations.append("%s: %s" % (request.method, error.description))
            if code != 429:
                self.refusals.append("%s %r -> %d %s" % (request.method, request.params, code, error.description))
            fault = self.faults.take(request.method, request.params, AFTER)
            self.lock.notify_all()
        extra = ["Retry-After: %d" % error.parameters["retry_after"]] if code == 429 else []
        return connection.answer(code, _dump(answer), keep_alive=http.keep_alive, extra=extra,
                                 fault=fault)

    def _fault_before(self, connection, request, keep_alive):
        fault, options = request.fault, request.fault.options
        request.description = "fault: " + fault.kind
        if fault.kind == "reset":
            connection.reset()
            return False
        if fault.kind == "hang":
            return connection.hang(self.released)
        if fault.kind == "body":
            request.status = options.get("status", 200)
            return connection.answer(request.status, options.get("body", b""), keep_alive=keep_alive)
        request.status = int(fault.kind)
        if fault.kind == "502":
            return connection.answer(502, HTML_502, "text/html", keep_alive)
        answer, extra = {"ok": False, "error_code": 500, "description": "Internal Server Error"}, []
        if fault.kind == "429":
            answer, extra = self._fault_429(request, options)
        return connection.answer(request.status, _dump(answer), keep_alive=keep_alive, extra=extra)

    def _fault_429(self, request, options):
        wait, chat_id = options.get("retry_after", 1), request.params.get("chat_id")
        scope = options.get("scope", "chat" if counted(request.method) else "method")
        key = {"chat": ("chat", chat_id), "method": ("method", request.method), "all": "all"}[scope]
        with self.lock:
            self.limits.penalty(key, wait, self.limits_clock())
        whole = math.ceil(wait)
        return ({"ok": False, "error_code": 429, "description": "Too Many Requests: retry after %d" % whole,
                 "parameters": {"retry_after": whole}}, ["Retry-After: %d" % whole])
