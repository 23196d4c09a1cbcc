"""Sending limits, the 429s that follow, and the offences of a client that does not wait."""
import collections
import math

SLACK = 0.003  # a timer of the client may fire a little early
_COUNTED = ("send", "edit", "forward", "copy")
_FREE = ("sendChatAction",)


def counted(method):
    return method.startswith(_COUNTED) and method not in _FREE


class Offence:
    """A request that came before the retry_after of an earlier 429 had passed."""

    def __init__(self, method, chat_id, early):
        self.method, self.chat_id, self.early = method, chat_id, early

    def __repr__(self):
        return "Offence(%s to %s, %.3f s too early)" % (self.method, self.chat_id, self.early)


class Limits:
    """overall and group are (requests, seconds) in any such window; chat is (per second, burst)."""

    def __init__(self, enabled=False, overall=(30, 1.0), chat=(1.0, 3), group=(20, 60.0)):
        self.enabled, self.overall, self.chat, self.group = enabled, overall, chat, group
        self.windows = collections.defaultdict(collections.deque)
        self.buckets, self.until = {}, {}
        self.offences, self.throttled = [], 0

    def penalty(self, scope, seconds, now):
        """A 429 was answered: requests in scope ("all", ("chat", id) or ("method", name)) have to wait."""
        self.until[scope] = max(self.until.get(scope, 0), now + seconds)

    def waiting(self, method, chat_id, now):
        """Seconds still to wait because of an earlier 429, or 0; coming too early is an offence."""
        left = 0
        for scope in (("method", method),) + ((("chat", chat_id), "all") if counted(method) else ()):
            if self.until.get(scope, 0) - SLACK > now:
                left = max(left, self.until[scope] - now)
        if left:
            self.offences.append(Offence(method, chat_id, left))
            return max(1, math.ceil(left))
        return 0

    def admit(self, method, chat_id, now):
        """retry_after in seconds, or 0 when the request may pass."""
        if not self.enabled or not counted(method):
            return 0
        waits = {"all": self._window("all", self.overall, now), ("chat", chat_id): self._bucket(chat_id, now)}
        if isinstance(chat_id, int) and chat_id < 0:
            waits[("chat", chat_id)] = max(waits[("chat", chat_id)], self._window(chat_id, self.group, now))
        worst = max(waits.values())
        if worst <= 0:
            self.windows["all"].append(now)
            self.windows[chat_id].append(now)
            tokens, _ = self.buckets[chat_id]
            self.buckets[chat_id] = (tokens - 1, now)
            return 0
        self.throttled += 1
        for scope, wait in waits.items():
            if wait > 0:
                self.penalty(scope, max(1, math.ceil(wait)), now)
        return max(1, math.ceil(worst))

    def _window(self, key, limit, now):
        times = self.windows[key]
        while times and times[0] <= now - max(limit[1], 1.0):
            times.popleft()
        return times[-limit[0]] + limit[1] - now if len(times) >= limit[0] else 0

    def _bucket(self, chat_id, now):
        rate, burst = self.chat
        tokens, then = self.buckets.get(chat_id, (burst, now))
        tokens = min(burst, tokens + (now - then) * rate)
        self.buckets[chat_id] = (tokens, now)
        return (1 - tokens) / rate if tokens < 1 else 0
