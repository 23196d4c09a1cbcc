"""Faults on demand: what a test can break in the Slack test server. The kinds are listed in slack_server.py."""
import asyncio

from slack_faults import bad_envelope_text
from slack_socket import HANDSHAKE_FAULTS
from slack_webapi import WEB_FAULTS, Fault


class Sabotage:
    """SlackServer's methods that break something. A connection of None means every open one."""

    def fail(self, kind, method=None, times=1, **more):
        """Plans a fault of the Web API (method 'response_url': of response URLs); returns it: .hits counts."""
        if kind not in WEB_FAULTS:
            raise ValueError(f'{kind!r} is none of {WEB_FAULTS}')
        fault = Fault(kind, method, times, **more)
        self.run(lambda: self.api.faults.append(fault))
        return fault

    def clear_faults(self):
        def work():
            self.api.faults.clear()
            self.hub.faults.clear()
        self.run(work)

    def fail_handshake(self, kind, times=1, seconds=1.0, size=1 << 20):
        if kind not in HANDSHAKE_FAULTS:
            raise ValueError(f'{kind!r} is none of {HANDSHAKE_FAULTS}')
        self.run(lambda: self.hub.faults.extend(Fault(kind, seconds=seconds, size=size) for _ in range(times)))

    def each_open(self, connection, work):
        def all_of_them():
            targets = [connection] if connection else [c for c in self.hub.connections if c.state == 'open']
            if not targets:
                raise LookupError('no open socket')
            for one in targets:
                work(one)
        return self.run(all_of_them)

    def corrupt(self, kind, connection=None, size=1 << 20):
        self.each_open(connection, lambda c: self.hub.corrupt(kind, c, size))

    def bad_envelope(self, kind, connection=None):
        """Sends a text message with wrong contents; an ack for it is neither asked nor held against the client."""
        def one(c):
            text, envelope_id = bad_envelope_text(kind, self.world)
            self.hub.tolerate(envelope_id)
            c.ws.send_text(text)
        self.each_open(connection, one)

    def send_text(self, text, connection=None):
        self.each_open(connection, lambda c: c.ws.send_text(text))

    def fragment(self, size):
        def work():
            self.hub.fragment = size
            for one in self.hub.connections:
                if one.ws:
                    one.ws.fragment = size
        self.run(work)

    def lose_acks(self, count):
        def work():
            self.hub.acks_to_lose = count
        self.run(work)

    def half_open(self, connection=None):
        self.each_open(connection, self.hub.freeze)

    def thaw(self, connection=None):
        self.each_open(connection, self.hub.thaw)

    def drop(self, connection=None, how='fin'):
        self.each_open(connection, lambda c: self.hub.drop(c, how))

    def close_socket(self, code=1000, reason='', connection=None):
        self.each_open(connection, lambda c: self.hub.finish(c, code, reason))

    def ping(self, payload=b'test', connection=None):
        self.each_open(connection, lambda c: c.ws.ping(payload))

    def go_down(self, how='rst'):
        """The whole server goes away: nobody listens, every connection ends ('fin' or 'rst'). come_up() ends it."""
        def work():
            self.listener.close()
            for one in [c for c in self.hub.connections if c.state == 'open']:
                self.hub.drop(one, how)
            sockets = {one.ws.writer for one in self.hub.connections if one.ws}
            for writer in self.writers - sockets:       # kept alive for a next request
                writer.transport.abort()
        self.run(work)

    def come_up(self):
        """Listens again, on the same port."""
        asyncio.run_coroutine_threadsafe(self.listen(), self.loop).result(10)

    def disconnect(self, reason='refresh_requested', connection=None, close_after=None):
        self.run(lambda: self.hub.disconnect(reason, connection, close_after))

    def enable_link(self):
        """Socket Mode is on again after link_disabled."""
        self.hub.enabled = True
