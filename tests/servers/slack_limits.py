"""Rate limits of the Web API: one message a second in a channel with a small burst, and the methods' tiers.

A call over the limit gets 429 and a Retry-After in whole seconds. A further call of the same kind before that time
has passed is an offence.
"""
import collections
import math
import time

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}       # calls a minute; methods of tier 0 are limited otherwise or generously


class Limits:
    def __init__(self):
        self.enabled = False
        self.per_second, self.burst = 1.0, 3
        self.tiers = dict(TIERS)
        self.buckets = {}                  # channel -> (tokens, when)
        self.calls = collections.defaultdict(collections.deque)
        self.closed_until = {}             # key -> monotonic time until which the client must wait
        self.offences = []                 # (key, seconds too early)

    def keys(self, method, channel):
        return [('channel', channel)] if method == 'chat.postMessage' and channel else [('method', method)]

    def check(self, method, channel, tier):
        """Seconds to wait, or 0. Also notes calls made before an earlier Retry-After had passed."""
        now = time.monotonic()
        for key in [('method', method), ('channel', channel)]:
            until = self.closed_until.get(key)
            if until and now < until and (key[0] == 'method' or method == 'chat.postMessage'):
                self.offences.append((f'{method} {channel or ""}'.strip(), until - now))
        if not self.enabled:
            return 0
        key = self.keys(method, channel)[0]
        wait = self.take_token(channel, now) if key[0] == 'channel' else self.take_call(method, tier, now)
        if wait:
            wait = max(1, math.ceil(wait))
            self.close(key, wait)
        return wait

    def close(self, key, seconds):
        self.closed_until[key] = max(self.closed_until.get(key, 0), time.monotonic() + seconds)

    def take_token(self, channel, now):
        tokens, when = self.buckets.get(channel, (self.burst, now))
        tokens = min(self.burst, tokens + (now - when) * self.per_second)
        if tokens < 1:
            self.buckets[channel] = (tokens, now)
            return (1 - tokens) / self.per_second
        self.buckets[channel] = (tokens - 1, now)
        return 0

    def take_call(self, method, tier, now):
        limit = self.tiers.get(tier)
        if not limit:
            return 0
        calls = self.calls[method]
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= limit:
            return 60 - (now - calls[0])
        calls.append(now)
        return 0
