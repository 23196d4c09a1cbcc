#!/usr/bin/env python3
"""A strict Slack for tests: Web API, Socket Mode and the people of a workspace, on a loopback port.

    from slack_server import SlackServer

    with SlackServer() as slack:                        # listens on 127.0.0.1, a free port, plain http and ws
        ada = slack.user('ada', display_name='Ada', tz='Europe/London', is_admin=True)
        room = slack.channel('general', members=[ada])  # the bot is a member unless bot=False
        start_bot(api_url=slack.api_url, bot_token=slack.bot_token, app_token=slack.app_token)
        slack.wait_connected()
        ada.say(room, slack.mention + ' question')      # a person's message; & < > are escaped as Slack does
        post = slack.wait_message(room, contains='?')   # a Message: .text .plain .blocks .buttons .ts .thread_ts
        ada.press(post, 'Answer').wait()                # by action_id or label; .wait() = until the app's ack
        view = slack.wait_view(ada)                     # a View: .title .plain .inputs .buttons .errors
        ada.submit({'answer': 'A hash table …'}).wait() # values by action_id or block_id, or one plain string
        slack.check()                                   # raises when the client broke a rule

Every method may be called from any thread. The server refuses by slack_spec.json (argument names and types, Block Kit
types and limits, from Slack's published type definitions), knows nothing of the client, and keeps what it saw:

    requests(method=None)   Call objects: .method .args .status .response .ok .error .fault .at .content_type
    violations              Violation(rule, text): what no correct client does. check() asserts there are none
    warnings                the same, for what works but Slack advises against (JSON without a charset, long texts)
    refusals                (method, error, args) of every {"ok": false}
    pings                   who was notified by the bot: .kind 'channel' 'here' 'everyone' 'user' 'subteam', .target
    messages(channel, thread=None, bot=None)   all messages now, oldest first; edits applied, deleted ones gone
    ephemerals(user)        ephemeral messages to a person, from chat.postEphemeral, response_url or an ack
    views(user)  view(user) the open modal's stack, and its top or None;  home(user)  the published home tab or None
    connections             Connection log: .state .opened .closed .close_code .clean .announced .acks .client_pings
    acks                    Delivery of every acknowledged envelope: .kind .latency .attempt .payload .late
    unacked()  lost         envelopes waiting for an ack; events given up after the last retry
    interactions            every press, submit, slash; user_errors: (user, what) a person saw an error for
    offences                calls made before an earlier Retry-After had passed
    wait_for(predicate, timeout, what)   polls on every change; returns the predicate's value or fails with a report
    settle(timeout)         until everything sent is acknowledged and no request is under way or fresh

People (User):  say(channel, text, thread=None, mention=False, broadcast=False)  dm(text, thread=None)
    edit(message, text)  delete(message)  slash(channel, command, text)  press(target, action_id or label)
    choose(target, action_id, value)  submit(values, view=None)  close(view=None, clear=False)  open_home(tab='home')
    join(channel)  leave(channel)  ephemerals  view  home  im.  Fields: id name display_name tz is_admin is_owner …
Workspace: user() channel() im() mpim() rename() archive() remove_bot() change_user() system_message() bot_message()
    send_event(event) batch(function) burst(count, user, channel, text) repeat(what) revoke(token)

Settings, plain attributes: events (subscriptions; the app is told nothing else), echo (the app's own messages come back
as events, as in Slack), commands, ack_timeout, retry_delays, retry_interactions, ticket_ttl, ping_interval,
pong_timeout, trigger_ttl, url_ttl, url_uses, rate_limits (limits.per_second, limits.burst, limits.tiers).
By default the app has the scopes BOT_SCOPES and the events EVENTS below.

Faults of the Web API:  fail(kind, method=None, times=1, after=0, retry_after=1, seconds=30, size=…, error=…, work=None)
    refused before any work: 429 (with Retry-After) 429_bare 500 502 503 reset http_garbage error
    the work is done, the answer suffers: lost_answer truncated malformed empty_body huge_body wrong_type drip
    hang: no answer for `seconds`, then a reset; work=True does the work first.   clear_faults()
Faults of the socket:
    fail_handshake(kind, times=1, seconds=…, size=…)   404 500 429 drip garbage wrong_accept no_accept no_upgrade
        extension subprotocol plain_200 hang reset close glued (first frames in one write with the 101) huge_headers half
    corrupt(kind, connection=None, size=…)   bytes against RFC 6455: bad_utf8 cut_utf8 masked rsv rsv2 opcode
        control_opcode long_control fragmented_control lone_continuation nested_message huge_declared negative_length
        long_form huge endless_fragments many_empty_fragments close_one_byte close_bad_code close_bad_utf8 garbage http
        half_frame ping_flood binary        (huge, endless_fragments: `size` bytes)
    bad_envelope(kind, connection=None)      legal frames, wrong contents: see slack_faults.py
    fragment(n)  every message in frames of n bytes with a ping in between (0: off)
    lose_acks(n) the next n acks are as if never received: the events come again
    half_open(connection=None) thaw(connection=None)   TCP stays, nothing is read into effect, answered or sent
    drop(connection=None, how='fin' or 'rst')   close_socket(code, reason)   ping()
    disconnect('warning' | 'refresh_requested' | 'link_disabled', connection=None, close_after=seconds)
    repeat(what, same_envelope_id=False)     the same event or interaction once more
A connection is one of .connections; None means every open one.

As a command:  slack_server.py [--port N] [--rate-limits]   prints URLs and tokens and takes lines like
    say general ada Hello · dm ada question · slash general ada score · press Answer ada · show general · quit

Differences from Slack are listed in slack_server_notes() below.
"""
import argparse
import asyncio
import copy
import json
import sys
import threading
import time
from collections import namedtuple

import slack_blocks
import slack_http
from slack_engine import Engine, empty_value, field_value
from slack_faults import bad_envelope_text
from slack_limits import Limits
from slack_socket import HANDSHAKE_FAULTS, Envelope, Hub
from slack_webapi import WEB_FAULTS, Fault, WebApi
from slack_world import ChannelState, Message, UserState, View, World

BOT_SCOPES = ('chat:write', 'commands', 'im:history', 'im:write', 'im:read', 'app_mentions:read', 'users:read',
              'reactions:write', 'channels:read', 'groups:read', 'channels:history', 'groups:history')
EVENTS = ('app_mention', 'message.im', 'message.channels', 'message.groups', 'app_home_opened',
          'member_joined_channel', 'member_left_channel')

Violation = namedtuple('Violation', 'rule text at')


def slack_server_notes():
    """Where this server is not Slack:
    - Stricter: unknown and legacy arguments, JSON to methods documented as form-only, and additional properties are
      refused; text over 40,000 characters is msg_too_long (Slack cuts it); msg_blocks_too_long is judged on the compact
      JSON of the blocks (Slack's own measure is not published); every offence is also recorded.
    - A used or expired ticket gets 404 at the handshake; what Slack answers is not documented.
    - An event that found no socket waits for the next one and comes with retry_attempt 1; Slack's first retry is at
      once, the later ones after 1 and 5 minutes (retry_delays).
    - socket_mode_not_enabled after link_disabled is this server's word.
    - Emoji in texts stay Unicode (Slack writes :names:); only http(s) URLs are wrapped in <>.
    - Lengths are counted in code points. No attachments' actions, no shortcuts, no workflows, no Enterprise Grid.
    - rendered text keeps the marks * _ ~ ` of mrkdwn."""
    return slack_server_notes.__doc__


class Channel:
    """A conversation in a test's hand. Wherever a channel is taken, its id or name will do as well."""

    def __init__(self, server, state):
        self.server, self.state, self.id = server, state, state.id

    def __getattr__(self, name):
        return getattr(self.state, name)

    @property
    def messages(self):
        return self.server.messages(self)

    def __repr__(self):
        return f'Channel({self.state.name} {self.id})'


class User:
    """A person in a test's hand."""

    def __init__(self, server, state):
        self.server, self.state, self.id = server, state, state.id

    def __getattr__(self, name):
        return getattr(self.state, name)

    def __repr__(self):
        return f'User({self.state.name} {self.id})'

    @property
    def im(self):
        return self.server.im(self)

    @property
    def ephemerals(self):
        return self.server.ephemerals(self)

    @property
    def view(self):
        return self.server.view(self)

    @property
    def home(self):
        return self.server.home(self)

    def say(self, channel, text, thread=None, mention=False, broadcast=False):
        server = self.server
        text = f'{server.mention} {text}' if mention else text
        ts = thread.ts if isinstance(thread, Message) else thread or ''
        return server.run(lambda: server.say_as(self.state, server.channel_state(channel), text, ts,
                                                'thread_broadcast' if broadcast and ts else '', broadcast))

    def dm(self, text, thread=None):
        return self.say(self.im, text, thread)

    def edit(self, message, text):
        server = self.server

        def work():
            real = server.real_message(message)
            stored = server.world.typed(text)
            server.edit(server.world.channels[real.channel], real, stored, server.world.rich_text(stored))
            return real
        return server.run(work)

    def delete(self, message):
        server = self.server
        return server.run(lambda: server.delete(server.world.channels[message.channel], server.real_message(message)))

    def slash(self, channel, command, text=''):
        server = self.server
        if server.commands is not None and command not in server.commands:
            raise ValueError(f'{command} is not a command of the app')
        return server.run(lambda: server.slash_as(self.state, server.channel_state(channel), command, text))

    def press(self, target, which):
        """Presses a button of a Message or View. Raises LookupError when there is none of that action_id or label."""
        server = self.server

        def work():
            real = server.real_target(target)
            for block, element in real.elements:
                label = slack_blocks.unescape(element.get('text', {}).get('text', '')) if element['type'] == 'button' \
                    else None
                if which in (element.get('action_id'), label):
                    return server.press_as(self.state, real, block, element)
            raise LookupError(f'no button {which!r}; there are {real.buttons}')
        return server.run(work)

    def choose(self, target, action_id, value):
        """Picks an option of a select, radio, overflow or checkbox element (value: its value or label, or a list)."""
        server = self.server

        def work():
            real = server.real_target(target)
            for block, element in real.elements:
                if element.get('action_id') == action_id:
                    chosen = {k: v for k, v in field_value(element, value).items() if k != 'type'}
                    return server.press_as(self.state, real, block, element, chosen)
            raise LookupError(f'no element {action_id!r}')
        return server.run(work)

    def submit(self, values=None, view=None):
        """Submits the open modal. ValueError where Slack's own client would not let a person submit."""
        server = self.server
        return server.run(lambda: server.submit_values(self.state, server.open_view(self.state, view), values))

    def close(self, view=None, clear=False):
        server = self.server
        return server.run(lambda: server.close_as(self.state, server.open_view(self.state, view), clear))

    def open_home(self, tab='home'):
        return self.server.run(lambda: self.server.home_as(self.state, tab))

    def join(self, channel, inviter=None):
        server = self.server
        return server.run(lambda: server.add_member(server.channel_state(channel), self.state, inviter))

    def leave(self, channel):
        server = self.server
        return server.run(lambda: server.remove_member(server.channel_state(channel), self.state))


class SlackServer(Engine):
    def __init__(self, host='127.0.0.1', port=0, bot_token='xoxb-1000000000000-1000000000001-interviewtestbottoken',
                 app_token='xapp-1-A0TEST-1000000000002-interviewtestapptoken', bot_scopes=BOT_SCOPES, events=EVENTS,
                 commands=('/interview',), rate_limits=False, seed=1):
        self.host, self.port = host, port
        self.bot_token, self.app_token = bot_token, app_token
        self.events, self.commands, self.echo = set(events), commands, True
        self.world, self.limits = World(seed), Limits()
        self.limits.enabled = rate_limits
        self.violations, self.warnings, self.refusals, self.pings = [], [], [], []
        self.interactions, self.user_errors = [], []
        self.hub, self.api = Hub(self), WebApi(self)
        self.api.add_token(bot_token, 'bot', bot_scopes)
        self.api.add_token(app_token, 'app', ('connections:write',))
        self.loop = self.listener = self.thread = None
        self.stopping, self.in_flight, self.last_request = False, 0, 0.0
        self.condition, self.version = threading.Condition(), 0
        self.tasks = set()
        self.fragment_size = 0

    # Life ------------------------------------------------------------------------------------------------------

    def start(self):
        ready = threading.Event()

        def main():
            self.loop = asyncio.new_event_loop()
            self.loop.set_exception_handler(lambda loop, context: None)
            self.listener = self.loop.run_until_complete(asyncio.start_server(
                self.serve, self.host, self.port, limit=1 << 20, backlog=100))
            self.port = self.listener.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()
        self.thread = threading.Thread(target=main, name='slack-server', daemon=True)
        self.thread.start()
        if not ready.wait(10):
            raise RuntimeError('the Slack server did not start')
        return self

    def stop(self):
        if not self.thread or self.stopping:
            return
        self.stopping = True

        def end():
            self.listener.close()
            for task in list(self.tasks):
                task.cancel()
            self.loop.call_later(0.05, self.loop.stop)
        self.loop.call_soon_threadsafe(end)
        self.thread.join(5)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def authority(self):
        return f'{self.host}:{self.port}'

    @property
    def api_url(self):
        return f'http://{self.authority}/api/'

    @property
    def mention(self):
        """The bot's mention, as it stands in a message: <@U…>."""
        return f'<@{self.world.bot.id}>'

    @property
    def bot_user(self):
        return self.world.bot.id

    def run(self, work):
        """Runs work() in the server's thread and returns its value."""
        if threading.current_thread() is self.thread:
            return work()

        async def call():
            return work()
        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(60)

    def batch(self, work):
        """Runs work() in one turn of the server: everything it says leaves at once."""
        return self.run(work)

    def changed(self):
        with self.condition:
            self.version += 1
            self.condition.notify_all()

    def breach(self, rule, text):
        self.violations.append(Violation(rule, text, time.monotonic()))
        self.changed()

    def warn(self, rule, text):
        self.warnings.append(Violation(rule, text, time.monotonic()))

    # HTTP ------------------------------------------------------------------------------------------------------

    http_answer = staticmethod(slack_http.answer_bytes)

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            while await self.one_request(reader, writer):
                pass
        except (ConnectionError, asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()

    async def one_request(self, reader, writer):
        """Reads and answers one request; False when the connection ends with it."""
        try:
            request = await slack_http.read_request(reader)
        except slack_http.HttpError as bad:
            self.breach('http', bad.text)
            writer.write(self.http_answer(bad.status, [('Connection', 'close')], bad.text.encode()))
            await writer.drain()
            return False
        if request is None:
            return False
        if request.path.startswith('/link') or 'websocket' in (request.header('upgrade') or '').lower():
            await self.hub.upgrade(request, reader, writer)
            return False
        self.in_flight += 1
        try:
            return await self.route(request, writer) and request.keeps_alive()
        finally:
            self.in_flight -= 1
            self.last_request = time.monotonic()
            self.changed()

    async def route(self, request, writer):
        if request.path.startswith('/api/'):
            return await self.route_api(request, writer)
        if request.path.startswith(('/commands/', '/actions/')):
            fault = self.api.next_fault('response_url')
            status, body = (int(fault.kind), b'') if fault and fault.kind.isdigit() else self.response_url(request)
            return await slack_http.deliver(writer, status, [('Content-Type', 'text/html')], body, fault)
        if request.path.startswith('/upload/v1/'):
            stored = self.world.files.get(request.path.rsplit('/', 1)[1])
            if stored is not None and len(request.body) == stored['length']:
                stored['content'] = request.body
                return await slack_http.deliver(writer, 200, [], b'OK - %d' % len(request.body), None)
            self.breach('upload', 'unknown file or wrong length')
            return await slack_http.deliver(writer, 400, [], b'', None)
        self.breach('http', f'no such path {request.path}')
        return await slack_http.deliver(writer, 404, [], b'', None)

    async def route_api(self, request, writer):
        status, headers, body, fault, call = self.api.handle(request)
        if fault and fault.kind == 'reset':
            slack_http.reset(writer)
            return False
        if fault and fault.kind == 'http_garbage':
            writer.write(b'\x00\xff\x01 garbage\r\n\r\n' * 50)
            await writer.drain()
            return False
        going = await slack_http.deliver(writer, status, headers, body, fault)
        call.finished = time.monotonic()
        return going

    # The workspace ---------------------------------------------------------------------------------------------

    def user(self, name, **fields):
        """A new person: display_name, real_name, tz, locale, is_admin, is_owner, is_bot, deleted, email."""
        return User(self, self.run(lambda: self.world.add_user(name, **fields)))

    def channel(self, name, members=(), private=False, creator=None, bot=True):
        """A new channel; without a creator its first member made it."""
        def work():
            ids = [m.id for m in members]
            maker = creator.id if creator else (ids[0] if ids else 'U0NOBODY')
            if creator and creator.id not in ids:
                ids.insert(0, creator.id)
            state = self.world.add_channel(name, 'private' if private else 'public', maker,
                                           ids + ([self.world.bot.id] if bot else []))
            return Channel(self, state)
        return self.run(work)

    def im(self, user):
        return Channel(self, self.run(lambda: self.world.im_with(user.id)))

    def mpim(self, users):
        return Channel(self, self.run(lambda: self.api.methods.open_with([u.id for u in users])))

    def channel_state(self, key):
        if isinstance(key, (Channel, ChannelState)):
            return self.world.channels[key.id]
        found = self.world.find_channel(key)
        if found is None:
            raise LookupError(f'no channel {key!r}')
        return found

    def real_message(self, message):
        channel = self.world.channels[message.channel]
        found = channel.messages.get(message.ts) or next(
            (m for m in self.world.ephemerals if m.ts == message.ts and not m.deleted), None)
        if found is None:
            raise LookupError('the message is gone')
        return found

    def real_target(self, target):
        if isinstance(target, Message):
            return self.real_message(target)
        view = self.world.views[target.id]
        if view.closed:
            raise LookupError('the view is closed')
        return view

    def open_view(self, state, view):
        if view is not None:
            return self.real_target(view)
        if not state.stack:
            raise LookupError(f'{state.name} has no open modal')
        return self.world.views[state.stack[-1]]

    def submit_values(self, state, view, values):
        if 'submit' not in view.content:
            raise ValueError('the modal has no submit button')
        if not isinstance(values, dict):
            if values is not None and len(view.inputs) != 1:
                raise ValueError(f'one text for {len(view.inputs)} inputs')
            values = {} if values is None else {view.inputs[0]['block_id']: values}
        known = {key for b in view.inputs for key in (b['block_id'], b['element']['action_id'])}
        if set(values) - known:
            raise ValueError(f'no input {sorted(set(values) - known)}; there are {sorted(known)}')
        out = {}
        for block in view.inputs:
            element = block['element']
            initial = element.get('initial_value')
            value = values.get(block['block_id'], values.get(element['action_id'], initial))
            entry = field_value(element, value)
            if empty_value(entry) and not block.get('optional'):
                raise ValueError(f'{block["block_id"]} must be filled in')
            out[block['block_id']] = {element['action_id']: entry}
        return self.submit_as(state, view, out)

    def rename(self, channel, name):
        def work():
            state = self.channel_state(channel)
            state.name = name
            self.emit({'type': 'channel_rename', 'channel': {'id': state.id, 'name': name, 'is_channel': True,
                                                             'created': state.created},
                       'event_ts': self.world.ids.ts()})
        self.run(work)

    def archive(self, channel):
        def work():
            self.channel_state(channel).archived = True
        self.run(work)

    def remove_bot(self, channel):
        self.run(lambda: self.remove_member(self.channel_state(channel), self.world.bot))

    def add_bot(self, channel):
        self.run(lambda: self.add_member(self.channel_state(channel), self.world.bot))

    def change_user(self, user, **fields):
        def work():
            for key, value in fields.items():
                if not hasattr(user.state, key):
                    raise AttributeError(key)
                setattr(user.state, key, value)
            ts = self.world.ids.ts()
            self.emit({'type': 'user_change', 'user': user.state.json(self.world.team), 'cache_ts': int(time.time()),
                       'event_ts': ts})
        self.run(work)

    def system_message(self, channel, user, subtype, text):
        """A message with a subtype: channel_topic, me_message, file_share, bot_message …"""
        return self.run(lambda: self.say_as(user.state, self.channel_state(channel), text, subtype=subtype))

    def bot_message(self, channel, text, name='otherbot'):
        """A message of another app's bot."""
        def work():
            state = self.channel_state(channel)
            ts = self.world.ids.ts()
            event = {'type': 'message', 'subtype': 'bot_message', 'text': text, 'ts': ts, 'username': name,
                     'bot_id': 'B0OTHERBOT', 'app_id': 'A0OTHERAPP', 'channel': state.id, 'event_ts': ts,
                     'channel_type': state.type}
            return self.emit_in(state, event)
        return self.run(work)

    def send_event(self, event, event_id=None):
        """Any event, subscribed or not; returns its Envelope."""
        def work():
            envelope = Envelope('events_api', self.world.event_payload(event, event_id), False)
            self.hub.send(envelope)
            return envelope
        return self.run(work)

    def burst(self, count, user, channel=None, text='burst {i}'):
        """count messages of a person at once; returns them. text is formatted with i."""
        target = channel or user.im
        return self.batch(lambda: [user.say(target, text.format(i=i)) for i in range(count)])

    def repeat(self, what, same_envelope_id=False, attempt=None):
        """The same event or interaction once more: what is a Message, Interaction, Envelope or Delivery."""
        def work():
            envelopes = [getattr(what, 'envelope', what)] if not isinstance(what, Message) else what.envelopes
            out = []
            for old in envelopes:
                new = Envelope(old.kind, old.payload, old.accepts, attempt=1 if attempt is None else attempt,
                               reason='timeout', check_payload=old.check_payload)
                if old.kind != 'events_api':
                    new.attempt, new.reason = 0, ''
                self.hub.send(new, envelope_id=old.deliveries[-1].envelope_id if same_envelope_id else None)
                out.append(new)
            return out
        return self.run(work)

    def revoke(self, token, error='token_revoked'):
        """From now on the token is answered with error (token_revoked, account_inactive, invalid_auth …); '' undoes."""
        self.api.tokens[token]['state'] = error

    def set_scopes(self, scopes, token=None):
        self.api.tokens[token or self.bot_token]['scopes'] = set(scopes)

    # Observing -------------------------------------------------------------------------------------------------

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
        return '\n'.join(lines)

    def check(self):
        """AssertionError when the client broke a rule or came back before a Retry-After had passed."""
        found = [f'{v.rule}: {v.text}' for v in self.violations] + [f'too early: {o}' for o in self.offences]
        assert not found, 'the client broke rules:\n' + '\n'.join(found)

    # Faults ----------------------------------------------------------------------------------------------------

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

    def disconnect(self, reason='refresh_requested', connection=None, close_after=None):
        self.run(lambda: self.hub.disconnect(reason, connection, close_after))

    def enable_link(self):
        """Socket Mode is on again after link_disabled."""
        self.hub.enabled = True


def setting(owner, name):
    return property(lambda self: getattr(owner(self), name), lambda self, value: setattr(owner(self), name, value))


for _name in ('ack_timeout', 'retry_delays', 'retry_interactions', 'ticket_ttl', 'ping_interval', 'pong_timeout'):
    setattr(SlackServer, _name, setting(lambda self: self.hub, _name))
for _name in ('trigger_ttl', 'url_ttl', 'url_uses'):
    setattr(SlackServer, _name, setting(lambda self: self.api.methods, _name))
SlackServer.rate_limits = setting(lambda self: self.limits, 'enabled')


def main():
    parser = argparse.ArgumentParser(description='A strict Slack for tests.')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--rate-limits', action='store_true')
    options = parser.parse_args()
    with SlackServer(port=options.port, rate_limits=options.rate_limits) as slack:
        print(f'api_url   {slack.api_url}\nbot_token {slack.bot_token}\napp_token {slack.app_token}', flush=True)
        from slack_console import Console
        Console(slack).run(sys.stdin)


if __name__ == '__main__':
    main()
