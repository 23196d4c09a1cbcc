"""A plain Bot API client and a TAP runner for the tests of the test server itself."""
import json
import sys
import threading
import traceback
import urllib.error
import urllib.parse
import urllib.request

from telegram_server import TelegramServer


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what or "value", got, wanted))


class Client:
    """A plain client: every call a new connection unless one is kept."""

    def __init__(self, server):
        self.server = server

    def raw(self, path, body=None, kind=None, verb=None, timeout=20):
        request = urllib.request.Request(self.server.url + path, data=body, method=verb,
                                         headers={"Content-Type": kind} if kind else {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def __call__(self, method, timeout=20, **params):
        """A request as JSON; returns the whole answer."""
        status, body = self.raw("/bot%s/%s" % (self.server.token, method), json.dumps(params).encode(),
                                "application/json", timeout=timeout)
        answer = json.loads(body)
        equal(status, 200 if answer["ok"] else answer["error_code"], "HTTP status")
        return answer

    def ok(self, method, **params):
        answer = self(method, **params)
        if not answer["ok"]:
            raise AssertionError("%s refused: %s" % (method, answer))
        return answer["result"]

    def refused(self, code, description, method, **params):
        answer = self(method, **params)
        if answer["ok"]:
            raise AssertionError("%s %r was not refused" % (method, params))
        equal(answer["error_code"], code, "code of %r" % answer["description"])
        if description not in answer["description"]:
            raise AssertionError("%r is not in %r" % (description, answer["description"]))
        return answer

    def violated(self, description, method, **params):
        """Refused with 400, and recorded as the client's fault."""
        before = len(self.server.violations)
        self.refused(400, description, method, **params)
        if len(self.server.violations) == before:
            raise AssertionError("%s %r was not recorded as a violation" % (method, params))

    def noted(self, what, method, **params):
        """Accepted, as by the real server, but recorded."""
        self.ok(method, **params)
        if not any(what in v for v in self.server.violations):
            raise AssertionError("no violation with %r in %r" % (what, self.server.violations))

    def clean(self):
        equal(self.server.violations, [], "violations")


def form(params):
    return urllib.parse.urlencode(params).encode()


def in_background(function, *args, **kwargs):
    box = {}

    def run():
        try:
            box["value"] = function(*args, **kwargs)
        except Exception as error:  # the test looks at it
            box["error"] = error
    box["thread"] = threading.Thread(target=run, daemon=True)
    box["thread"].start()
    return box


def wait_thread(box, timeout=10):
    box["thread"].join(timeout)
    if box["thread"].is_alive():
        raise AssertionError("still running")
    return box


def run(tests):
    """Runs tests(server, client), each with a server of its own, and prints TAP. Returns the exit status."""
    chosen = [t for t in tests if len(sys.argv) < 2 or sys.argv[1] in t.__name__]
    print("1..%d" % len(chosen), flush=True)
    failed = 0
    for number, function in enumerate(chosen, 1):
        tg = TelegramServer(seed=number).start()
        try:
            function(tg, Client(tg))
            print("ok %d - %s" % (number, function.__name__.replace("_", " ")), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, function.__name__.replace("_", " ")))
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
        finally:
            tg.stop()
    return 1 if failed else 0
