"""Socket Mode: tickets, sockets, envelopes, acknowledgements, redelivery.

The hub lives in the server's thread. It hands each envelope to one open socket, in turn, and expects one ack for it
within ack_timeout, on a known id, with a payload only where the envelope accepts one. Events that stay unacknowledged
come again with a new envelope id, the same event_id, retry_attempt and retry_reason; interactions and slash commands
do not (Slack shows the person an error), unless retry_interactions is set.
"""
import asyncio
import collections
import json
import time

from slack_envelopes import Connection, Delivery, Envelope, Ticket
from websocket_server import WebSocket, accept_key, broken_bytes, check_handshake

MAX_SOCKETS = 10
__all__ = ['Hub', 'Connection', 'Delivery', 'Envelope', 'HANDSHAKE_FAULTS']
HANDSHAKE_FAULTS = ('404', '500', '429', 'drip', 'garbage', 'wrong_accept', 'no_accept', 'no_upgrade', 'extension',
                    'subprotocol', 'plain_200', 'hang', 'reset', 'close', 'glued', 'huge_headers', 'half',
                    'no_hello')


class Hub:
    def __init__(self, server):
        self.server = server
        self.tickets, self.connections = {}, []
        self.known = {}                    # envelope_id -> Delivery
        self.backlog = collections.deque()
        self.lost = []
        self.turn = 0
        self.keys = set()
        self.faults = collections.deque()
        self.enabled = True
        self.ack_timeout = 3.0
        self.retry_delays = (0.0, 60.0, 300.0)
        self.retry_interactions = False
        self.ticket_ttl = 30.0
        self.ping_interval = 10.0
        self.pong_timeout = 30.0
        self.connection_time = 18060
        self.fragment = 0
        self.tolerated = set()             # ids of broken envelopes: an ack for one is neither asked nor wrong
        self.acks_to_lose = 0
        self.link_url = None               # handed out instead of a good one

    def tolerate(self, envelope_id):
        if envelope_id:
            self.tolerated.add(envelope_id)

    @property
    def loop(self):
        return self.server.loop

    def live(self):
        return [c for c in self.connections if c.state == 'open' and not c.half_open]

    # Opening ---------------------------------------------------------------------------------------------------

    def open_url(self):
        if self.link_url is not None:
            return self.link_url
        ticket = self.server.world.ids.uuid()
        self.tickets[ticket] = Ticket(time.monotonic())
        return f'ws://{self.server.authority}/link/?ticket={ticket}&app_id={self.server.world.app}'

    async def upgrade(self, request, reader, writer):
        """Answers an upgrade request and runs the socket to its end."""
        connection = Connection(len(self.connections) + 1, request.query.get('ticket', ''), time.monotonic())
        self.connections.append(connection)
        status, complaint = self.judge(request)
        if complaint:
            self.server.breach('handshake', complaint)
        fault = self.faults.popleft() if self.faults and status == 101 else None
        connection.fault, connection.status = fault.kind if fault else '', status
        self.server.changed()
        if fault and not await self.faulty_handshake(fault, connection, request, writer):
            connection.state, connection.closed = 'refused', time.monotonic()
            return self.server.changed()
        if status != 101:
            connection.state, connection.closed = 'refused', time.monotonic()
            extra = [('Sec-WebSocket-Version', '13')] if status == 426 else []
            writer.write(self.server.http_answer(status, extra, (complaint or '').encode()))
            await writer.drain()
            return self.server.changed()
        await self.run(connection, request, reader, writer, fault)

    def judge(self, request):
        status, complaint = check_handshake(request, self.keys)
        if complaint:
            return status, complaint
        if request.header('host') != self.server.authority:
            return 400, f'Host is {request.header("host")!r}, not {self.server.authority!r}'
        ticket = self.tickets.get(request.query.get('ticket'))
        if request.path != '/link/' or not ticket:
            return 404, 'unknown ticket'
        if request.query.get('app_id') != self.server.world.app:
            return 404, 'app_id missing: the URL must be used as it was given'
        if ticket.used:
            return 404, 'ticket used a second time'
        if time.monotonic() - ticket.born > self.ticket_ttl:
            return 404, 'ticket expired'
        ticket.used = True
        return 101, None

    def handshake_head(self, request, accept=None, extra=()):
        accept = accept_key(request.header('sec-websocket-key')) if accept is None else accept
        headers = [('Upgrade', 'websocket'), ('Connection', 'Upgrade')]
        headers += [('Sec-WebSocket-Accept', accept)] if accept else []
        return self.server.http_answer(101, headers + list(extra), b'')

    async def faulty_handshake(self, fault, connection, request, writer):
        """Plays a handshake fault. True when the socket goes on after it."""
        kind = fault.kind
        if kind == 'drip':
            from slack_http import drip
            connection.sabotaged = fault.seconds > 5
            await drip(writer, self.handshake_head(request), fault.seconds)
            return True
        if kind == 'glued':
            return True                    # run() writes 101 and the first frames in one go
        connection.sabotaged = True
        if kind == 'no_hello':
            return True                    # an open socket that never says hello, and tells nothing
        if kind in ('404', '500', '429'):
            writer.write(self.server.http_answer(int(kind), [('Content-Type', 'text/plain')], b'no'))
        elif kind == 'plain_200':
            writer.write(self.server.http_answer(200, [('Content-Type', 'application/json')], b'{"ok":true}'))
        elif kind == 'wrong_accept':
            writer.write(self.handshake_head(request, accept_key('AAAAAAAAAAAAAAAAAAAAAA==')))
            await asyncio.sleep(fault.seconds)
        elif kind == 'no_accept':
            writer.write(self.handshake_head(request, ''))
            await asyncio.sleep(fault.seconds)
        elif kind == 'no_upgrade':
            writer.write(self.server.http_answer(101, [('Connection', 'Upgrade'), (
                'Sec-WebSocket-Accept', accept_key(request.header('sec-websocket-key')))], b''))
            await asyncio.sleep(fault.seconds)
        elif kind in ('extension', 'subprotocol'):
            extra = ('Sec-WebSocket-Extensions', 'permessage-deflate') if kind == 'extension' else (
                'Sec-WebSocket-Protocol', 'chat')
            writer.write(self.handshake_head(request, None, [extra]))
            await asyncio.sleep(fault.seconds)
        elif kind == 'garbage':
            writer.write(broken_bytes('garbage'))
        elif kind == 'half':
            writer.write(self.handshake_head(request)[:40])
            await writer.drain()
        elif kind == 'huge_headers':
            writer.write(b'HTTP/1.1 101 Switching Protocols\r\n' + b'X-Fill: ' + b'x' * fault.size)
            await writer.drain()
        elif kind == 'hang':
            await asyncio.sleep(fault.seconds)
        elif kind == 'reset':
            from slack_http import reset
            reset(writer)
        return False

    async def run(self, connection, request, reader, writer, fault):
        ws = WebSocket(reader, writer, Observer(self, connection))
        ws.fragment = self.fragment
        connection.ws = ws
        head = b'' if fault and fault.kind == 'drip' else self.handshake_head(request)
        glued = bool(fault and fault.kind == 'glued')
        if not glued:
            writer.write(head)
            await writer.drain()
        if len([c for c in self.connections if c.state == 'open']) >= MAX_SOCKETS:
            ws.raw(head if glued else b'')
            return await self.too_many(connection, ws)
        if glued:
            collected = []
            ws.raw = collected.append      # gather hello and the backlog, then one write
            self.begin(connection)
            del ws.raw
            writer.write(head + b''.join(collected))
            await writer.drain()
        elif not (fault and fault.kind == 'no_hello'):
            self.begin(connection)
        pinger = asyncio.ensure_future(self.ping_forever(connection))
        try:
            code, reason, clean = await ws.serve()
        finally:
            pinger.cancel()
        self.ended(connection, code, reason, clean)

    async def too_many(self, connection, ws):
        self.server.breach('too_many_websockets', f'more than {MAX_SOCKETS} sockets')
        ws.send_text(json.dumps({'type': 'disconnect', 'reason': 'too_many_websockets',
                                 'debug_info': {'host': 'applink-1'}}))
        ws.close(1000)
        connection.state, connection.closed, connection.announced = 'refused', time.monotonic(), 'too_many_websockets'
        self.server.changed()
        await ws.drain_quietly()

    def begin(self, connection):
        connection.state = 'open'
        count = len([c for c in self.connections if c.state == 'open'])
        self.send_json(connection, {
            'type': 'hello', 'num_connections': count,
            'debug_info': {'host': 'applink-1', 'build_number': 1, 'approximate_connection_time': self.connection_time},
            'connection_info': {'app_id': self.server.world.app}})
        waiting, self.backlog = self.backlog, collections.deque()
        for envelope in waiting:
            envelope.attempt, envelope.reason = max(envelope.attempt, 1), envelope.reason or 'timeout'
            self.send(envelope)
        self.server.changed()

    def ended(self, connection, code, reason, clean):
        connection.state, connection.closed = 'closed', time.monotonic()
        connection.close_code, connection.close_reason, connection.clean = code, reason, clean
        for delivery in [d for d in self.known.values() if d.connection is connection]:
            if delivery.latency is None and not delivery.lost:
                self.give_up(delivery, 'connection_failed')
        self.server.changed()

    async def ping_forever(self, connection):
        silent_since = None
        seen = 0
        while True:
            await asyncio.sleep(self.ping_interval)
            if connection.half_open:
                continue
            if connection.pongs > seen:
                seen, silent_since = connection.pongs, None
            elif silent_since and time.monotonic() - silent_since > self.pong_timeout and not connection.sabotaged:
                self.server.breach('ping', f'no pong for {self.pong_timeout} s')
                connection.ws.close(1001, 'no pong')
                connection.ws.writer.close()
                return
            silent_since = silent_since or time.monotonic()
            connection.ws.ping(f'Ping from applink-1 {time.time()}'.encode())

    # Telling ---------------------------------------------------------------------------------------------------

    def send_json(self, connection, value):
        connection.ws.send_text(json.dumps(value, ensure_ascii=False, separators=(',', ':')))

    def pick(self, avoid=None):
        """An open socket in turn; another one than avoid when there is one."""
        # A half-open socket looks open from here, as it does to Slack: what goes there is lost and told again.
        usable = [c for c in self.connections if c.state == 'open' and not c.ws.closing
                  and not c.ws.writer.is_closing()]
        others = [c for c in usable if c is not avoid]
        usable = others or usable
        if not usable:
            return None
        self.turn += 1
        return usable[self.turn % len(usable)]

    def send(self, envelope, connection=None, avoid=None, envelope_id=None):
        connection = connection or self.pick(avoid)
        if connection is None:
            if envelope.kind == 'events_api' or self.retry_interactions:
                self.backlog.append(envelope)
            else:
                self.fail(envelope)
            return None
        delivery = Delivery(envelope_id or self.server.world.ids.uuid(), envelope.kind, connection, 0.0, envelope,
                            envelope.attempt)
        value = {'envelope_id': delivery.envelope_id, 'payload': envelope.payload, 'type': envelope.kind,
                 'accepts_response_payload': envelope.accepts}
        if envelope.kind == 'events_api' or envelope.attempt:
            value.update({'retry_attempt': envelope.attempt, 'retry_reason': envelope.reason})
        self.known[delivery.envelope_id] = delivery
        envelope.deliveries.append(delivery)
        connection.envelopes += 1
        delivery.sent = time.monotonic()
        self.send_json(connection, value)
        delivery.timer = self.loop.call_later(self.ack_timeout, self.deadline, delivery)
        self.server.changed()
        return delivery

    def deadline(self, delivery):
        if delivery.latency is not None or delivery.lost:
            return
        connection = delivery.connection
        if connection.state == 'open' and not connection.half_open and not connection.sabotaged \
                and not delivery.ignored:
            self.server.breach('ack', f'no ack for {delivery.kind} {delivery.envelope_id} '
                                      f'within {self.ack_timeout} s')
        self.give_up(delivery, 'timeout')
        self.server.changed()

    def give_up(self, delivery, reason):
        """This delivery failed: tell it again, or fail the envelope."""
        delivery.lost = True
        if delivery.timer:
            delivery.timer.cancel()
        envelope = delivery.envelope
        if envelope.done or envelope.failed:
            return
        if envelope.kind != 'events_api' and not self.retry_interactions:
            return self.fail(envelope)
        if envelope.attempt >= len(self.retry_delays):
            self.lost.append(envelope)
            return self.fail(envelope)
        delay = self.retry_delays[envelope.attempt] if reason == 'timeout' else 0.0
        envelope.attempt, envelope.reason = envelope.attempt + 1, reason
        self.loop.call_later(delay, self.again, envelope, delivery.connection)

    def again(self, envelope, avoid):
        if not envelope.done and not self.server.stopping:
            self.send(envelope, avoid=avoid)

    def fail(self, envelope):
        if not envelope.failed and not envelope.done:
            envelope.failed = True
            if envelope.on_fail:
                envelope.on_fail()
        self.server.changed()

    # Being told ------------------------------------------------------------------------------------------------

    def received(self, connection, text):
        try:
            value = json.loads(text)
        except ValueError:
            return self.server.breach('ack', f'not JSON: {text[:80]!r}')
        if not isinstance(value, dict) or not isinstance(value.get('envelope_id'), str):
            return self.server.breach('ack', f'not an acknowledgement: {text[:80]!r}')
        if set(value) - {'envelope_id', 'payload'}:
            self.server.breach('ack', f'unknown keys {sorted(set(value) - {"envelope_id", "payload"})}')
        delivery = self.known.get(value['envelope_id'])
        if delivery is None and value['envelope_id'] in self.tolerated:
            return None
        if delivery is None:
            return self.server.breach('ack', f'unknown envelope_id {value["envelope_id"]!r}')
        self.acknowledge(connection, delivery, value)

    def acknowledge(self, connection, delivery, value):
        if self.acks_to_lose > 0:
            self.acks_to_lose -= 1
            delivery.ignored = True
            return None
        if delivery.latency is not None:
            return self.server.breach('ack', f'second ack for {delivery.envelope_id}')
        delivery.latency = time.monotonic() - delivery.sent
        connection.acks += 1
        envelope = delivery.envelope
        if delivery.connection is not connection:
            self.server.warn('ack', f'ack for {delivery.envelope_id} came on another socket')
        if delivery.timer:
            delivery.timer.cancel()
        if delivery.lost:
            delivery.late = True
            if delivery.connection is connection:
                self.server.breach('ack', f'ack for {delivery.envelope_id} after {delivery.latency:.1f} s')
        payload = value.get('payload')
        complaint = self.payload_complaint(envelope, 'payload' in value, payload)
        if complaint:
            self.server.breach('ack', complaint)
            payload = None
        delivery.payload = payload
        if not envelope.done and not envelope.failed:
            envelope.done = True
            if envelope.on_ack:
                envelope.on_ack(payload)
        self.server.changed()

    def payload_complaint(self, envelope, given, payload):
        if not given or payload is None or payload == {}:
            return None
        if not envelope.accepts:
            return f'payload in the ack of a {envelope.kind} that accepts none'
        if not isinstance(payload, dict):
            return 'payload of an ack must be an object'
        return envelope.check_payload(payload) if envelope.check_payload else None

    # Ending ----------------------------------------------------------------------------------------------------

    def disconnect(self, reason, connection=None, close_after=None):
        """Announces the end of a socket (all of them without connection) and closes it some seconds later."""
        if close_after is None:
            close_after = {'warning': 10.0, 'refresh_requested': 1.0, 'link_disabled': 0.1}[reason]
        if reason == 'link_disabled':
            self.enabled = False
        for one in [connection] if connection else self.live():
            one.announced = reason
            self.send_json(one, {'type': 'disconnect', 'reason': reason, 'debug_info': {'host': 'applink-1'}})
            if close_after >= 0:
                self.loop.call_later(close_after, self.finish, one, 1000)

    def finish(self, connection, code, reason='', linger=3.0):
        """Close handshake from our side; TCP ends when the client answers, or after linger seconds."""
        if connection.state == 'open' and not connection.half_open:
            connection.ws.close(code, reason)
            self.loop.call_later(linger, self.cut, connection)

    def cut(self, connection):
        if connection.state == 'open':
            connection.ws.writer.close()

    def drop(self, connection, how='fin'):
        """Ends TCP without a close frame: 'fin', or 'rst'."""
        connection.sabotaged = True
        if how == 'rst':
            connection.ws.abort()
        else:
            connection.ws.writer.close()

    def freeze(self, connection):
        connection.half_open = connection.ws.frozen = True

    def thaw(self, connection):
        connection.half_open = connection.ws.frozen = False

    def corrupt(self, kind, connection, size):
        connection.sabotaged = True
        connection.ws.raw(broken_bytes(kind, size))


class Observer:
    """What a socket tells the hub."""

    def __init__(self, hub, connection):
        self.hub, self.connection = hub, connection

    def on_text(self, text):
        self.hub.received(self.connection, text)

    def on_ping(self, payload):
        self.connection.client_pings += 1
        self.hub.server.changed()

    def on_pong(self, payload):
        self.connection.pongs += 1
        self.hub.server.changed()

    def on_breach(self, code, text):
        self.hub.server.breach('websocket', f'{code}: {text}')
