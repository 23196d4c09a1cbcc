"""What a test sees of the Slack test server: messages, views, requests, acks, and waiting for them.

Everything handed out is a copy made in the server's thread: it does not change under the test's hands.
"""
import copy
import json
import time

from slack_world import Message


class Watch:
    """SlackServer's methods that only look."""

    def messages(self, channel, thread=None, bot=None, user=None):
        """Messages of a conversation, oldest first. thread: only replies to it ('' or False: only roots)."""
        def work():
            found = list(self.channel_state(channel).messages.values())
            if thread:
                ts = thread.ts if isinstance(thread, Message) else thread
                found = [m for m in found if m.thread_ts == ts and m.ts != ts]
            elif thread is not None:
                found = [m for m in found if not m.thread_ts or m.thread_ts == m.ts]
            if bot is not None:
                found = [m for m in found if m.bot == bot]
            if user is not None:
                found = [m for m in found if m.user == user.id]
            return [copy.copy(m) for m in sorted(found, key=lambda m: float(m.ts))]
        return self.run(work)

    def ephemerals(self, user=None):
        return self.run(lambda: [copy.copy(m) for m in self.world.ephemerals
                                 if not m.deleted and (user is None or m.ephemeral_for == user.id)])

    def views(self, user):
        return self.run(lambda: [copy.copy(self.world.views[v]) for v in user.state.stack])

    def view(self, user):
        found = self.views(user)
        return found[-1] if found else None

    def home(self, user):
        return self.run(lambda: copy.copy(user.state.home) if user.state.home else None)

    def requests(self, method=None):
        return [c for c in list(self.api.calls) if method in (None, c.method)]

    @property
    def connections(self):
        return list(self.hub.connections)

    @property
    def open_connections(self):
        return [c for c in self.connections if c.state == 'open']

    @property
    def acks(self):
        return [d for d in list(self.hub.known.values()) if d.latency is not None]

    @property
    def deliveries(self):
        return list(self.hub.known.values())

    @property
    def lost(self):
        return list(self.hub.lost)

    @property
    def offences(self):
        return list(self.limits.offences)

    def unacked(self):
        return [d for d in list(self.hub.known.values()) if d.latency is None and not d.lost
                and not d.envelope.done and not d.envelope.failed]

    def latencies(self):
        """Sorted seconds from envelope to ack."""
        return sorted(d.latency for d in self.acks)

    def wait_for(self, predicate, timeout=10, what=''):
        """The predicate's first true value; AssertionError with a report after timeout seconds."""
        end = time.monotonic() + timeout
        while True:
            version = self.version
            value = predicate()
            if value:
                return value
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f'waited {timeout} s for {what or "a condition"}\n{self.report()}')
            with self.condition:
                if self.version == version:
                    self.condition.wait(min(left, 0.5))

    def wait_connected(self, count=1, timeout=10):
        return self.wait_for(lambda: len(self.open_connections) >= count and self.open_connections, timeout,
                             f'{count} open sockets')

    def wait_acked(self, message, timeout=10):
        """Until the app has acknowledged every event a message caused."""
        return self.wait_for(lambda: message.envelopes and all(e.done for e in message.envelopes), timeout, 'acks')

    def wait_message(self, channel, contains='', after='0', timeout=10, thread=None, bot=True):
        """The first message of the bot in a channel that contains a text (in .plain or .text), newer than after."""
        after = after.ts if isinstance(after, Message) else after
        return self.wait_for(lambda: next((m for m in self.messages(channel, thread, bot)
                                           if float(m.ts) > float(after) and (contains in m.plain or contains in m.text)),
                                          None), timeout, f'a message with {contains!r}')

    def wait_ephemeral(self, user, contains='', after='0', timeout=10):
        after = after.ts if isinstance(after, Message) else after
        return self.wait_for(lambda: next((m for m in self.ephemerals(user) if float(m.ts) > float(after)
                                           and (contains in m.plain or contains in m.text)), None), timeout,
                             f'an ephemeral message with {contains!r}')

    def wait_view(self, user, contains='', timeout=10):
        return self.wait_for(lambda: (lambda v: v if v and contains in v.title + '\n' + v.plain else None)(
            self.view(user)), timeout, f'a modal with {contains!r}')

    def settle(self, timeout=10, quiet=0.1):
        """Until every envelope is acknowledged and no request came for quiet seconds."""
        def still():
            fresh = time.monotonic() - self.last_request < quiet
            return not self.unacked() and not self.hub.backlog and not self.in_flight and not fresh
        end = time.monotonic() + timeout
        while not still():
            if time.monotonic() > end:
                raise AssertionError(f'not settled after {timeout} s\n{self.report()}')
            time.sleep(0.01)

    def report(self):
        """The last requests, acks and violations as text, for a failed test."""
        lines = ['-- requests'] + [f'   {c.method} {json.dumps(c.args, ensure_ascii=False)[:300]} -> {c.status} '
                                   f'{c.error or ("ok" if c.ok else "-")} {c.fault}' for c in self.requests()[-12:]]
        lines += ['-- unacknowledged'] + [f'   {d.kind} {d.envelope_id}' for d in self.unacked()[-5:]]
        lines += ['-- sockets'] + [f'   {c.number} {c.state} {c.close_code or ""} {c.close_reason}'
                                   for c in self.connections[-5:]]
        lines += ['-- violations'] + [f'   {v.rule}: {v.text}' for v in self.violations[-10:]]
        lines += ['-- mistakes of the server itself'] + self.bugs[-3:] if self.bugs else []
        return '\n'.join(lines)

    def check(self):
        """AssertionError when the client broke a rule or came back before a Retry-After had passed."""
        found = self.bugs + [f'{v.rule}: {v.text}' for v in self.violations] + [f'too early: {o}' for o in self.offences]
        assert not found, 'the client broke rules:\n' + '\n'.join(found)
