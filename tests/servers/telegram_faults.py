"""Faults on purpose.

before the work (nothing is done, nothing stored): "429", "500", "502", "reset", "hang"
after the work (it is done, the answer is damaged): "malformed", "truncated", "drip", "stall", "lost",
"slow"
"body" answers with given bytes instead of doing the work.
"""
import time

BEFORE = ("429", "500", "502", "reset", "hang", "body")
AFTER = ("malformed", "truncated", "drip", "stall", "lost", "slow")

HTML_502 = (b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center>"
            b"<h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n")


class Fault:
    def __init__(self, lock, kind, method, count, match, options):
        if kind not in BEFORE + AFTER:
            raise ValueError("no such fault: %r" % kind)
        self.lock, self.kind, self.match, self.options = lock, kind, match, options
        self.methods = None if method is None else {m.lower() for m in ([method] if isinstance(method, str)
                                                                        else method)}
        self.left, self.hits = count, 0

    def __repr__(self):
        return "Fault(%s, %d hits, %d left)" % (self.kind, self.hits, self.left)

    def wants(self, method, params):
        return (self.left > 0 and (self.methods is None or method.lower() in self.methods) and
                (self.match is None or self.match(params)))

    def cancel(self):
        with self.lock:
            self.left = 0

    def wait_used(self, timeout=10):
        """Waits until the fault has struck as often as it was to; fails otherwise."""
        deadline = time.monotonic() + timeout
        with self.lock:
            while self.left > 0:
                if not self.lock.wait(max(0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise AssertionError("%r was not met within %g s" % (self, timeout))


class Faults:
    """Used under the world's lock."""

    def __init__(self, lock):
        self.lock, self.list = lock, []

    def add(self, kind, method=None, count=1, match=None, **options):
        fault = Fault(self.lock, str(kind), method, count, match, options)
        self.list.append(fault)
        self.lock.notify_all()
        return fault

    def take(self, method, params, kinds):
        for fault in self.list:
            if fault.kind in kinds and fault.wants(method, params):
                fault.left -= 1
                fault.hits += 1
                if fault.left == 0:
                    self.list.remove(fault)
                self.lock.notify_all()
                return fault
        return None
