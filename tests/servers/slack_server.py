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
    bugs                    tracebacks of this server's own mistakes; check() shows them
    wait_for(predicate, timeout, what)   tries on every change; returns the predicate's value or fails with a report
                            (its tries cost the server time: while measuring latencies, sleep instead)
    settle(timeout)         until everything sent is acknowledged and no request is under way or fresh
    wait_connected(count)  wait_acked(message)  wait_message(channel, contains, after, thread)  wait_view(user, contains)
    wait_ephemeral(user, contains, after)

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
    go_down(how='rst') come_up()             the whole server is away, then back on its port
    link_url = '…'       what apps.connections.open returns instead of a good URL (None: good again)
    disconnect('warning' | 'refresh_requested' | 'link_disabled', connection=None, close_after=seconds)
    repeat(what, same_envelope_id=False)     the same event or interaction once more
A connection is one of .connections; None means every open one.

As a command:  slack_server.py [--port N] [--rate-limits]   prints URLs and tokens and takes lines like
    say general ada Hello · dm ada question · slash general ada score · press Answer ada · show general · quit

Differences from Slack are listed in slack_server_notes() below.
"""
import argparse
import asyncio
import sys
import threading
import time
import traceback
from collections import namedtuple

import slack_http
from slack_engine import Engine
from slack_limits import Limits
from slack_people import Channel, User, Workspace
from slack_sabotage import Sabotage
from slack_socket import Hub
from slack_watch import Watch
from slack_webapi import WebApi
from slack_world import Message, View, World

__all__ = ['SlackServer', 'User', 'Channel', 'Message', 'View', 'Violation', 'BOT_SCOPES', 'EVENTS']

BOT_SCOPES = ('chat:write', 'commands', 'im:history', 'im:write', 'app_mentions:read', 'users:read',
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
    - A slash command's text is escaped like a message's; Slack's documentation does not say.
    - Emoji in texts stay Unicode (Slack writes :names:); only http(s) URLs are wrapped in <>.
    - Lengths are counted in code points. No attachments' actions, no shortcuts, no workflows, no Enterprise Grid.
    - rendered text keeps the marks * _ ~ ` of mrkdwn."""
    return slack_server_notes.__doc__


class SlackServer(Engine, Workspace, Watch, Sabotage):
    def __init__(self, host='127.0.0.1', port=0, bot_token='xoxb-1000000000000-1000000000001-interviewtestbottoken',
                 app_token='xapp-1-A0TEST-1000000000002-interviewtestapptoken', bot_scopes=BOT_SCOPES, events=EVENTS,
                 commands=('/interview',), rate_limits=False, seed=1):
        self.host, self.port = host, port
        self.bot_token, self.app_token = bot_token, app_token
        self.events, self.commands, self.echo = set(events), commands, True
        self.world, self.limits = World(seed), Limits()
        self.limits.enabled = rate_limits
        self.violations, self.warnings, self.refusals, self.pings = [], [], [], []
        self.interactions, self.user_errors, self.bugs = [], [], []
        self.hub, self.api = Hub(self), WebApi(self)
        self.api.add_token(bot_token, 'bot', bot_scopes)
        self.api.add_token(app_token, 'app', ('connections:write',))
        self.loop = self.listener = self.thread = None
        self.stopping, self.in_flight, self.last_request = False, 0, 0.0
        self.condition, self.version = threading.Condition(), 0
        self.tasks = set()
        self.writers = set()               # of every connection, for go_down()

    # Life ------------------------------------------------------------------------------------------------------

    def start(self):
        ready = threading.Event()

        def main():
            self.loop = asyncio.new_event_loop()
            self.loop.set_exception_handler(self.note_bug)
            self.loop.run_until_complete(self.listen())
            ready.set()
            self.loop.run_forever()
            self.loop.close()
        self.thread = threading.Thread(target=main, name='slack-server', daemon=True)
        self.thread.start()
        if not ready.wait(10):
            raise RuntimeError('the Slack server did not start')
        return self

    async def listen(self):
        self.listener = await asyncio.start_server(self.serve, self.host, self.port, limit=1 << 20, backlog=100)
        self.port = self.listener.sockets[0].getsockname()[1]

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

    def note_bug(self, loop, context):
        """A mistake of this server itself must not look like one of the client: check() tells."""
        error = context.get('exception')
        if error and not isinstance(error, (OSError, asyncio.CancelledError)):
            self.bugs.append(''.join(traceback.format_exception(error)))
            self.changed()

    def warn(self, rule, text):
        self.warnings.append(Violation(rule, text, time.monotonic()))

    # HTTP ------------------------------------------------------------------------------------------------------

    http_answer = staticmethod(slack_http.answer_bytes)

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        self.writers.add(writer)
        try:
            while await self.one_request(reader, writer):
                pass
        except (ConnectionError, asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            pass
        except Exception as bug:
            self.note_bug(self.loop, {'exception': bug})
        finally:
            self.tasks.discard(task)
            self.writers.discard(writer)
            writer.close()

    async def one_request(self, reader, writer):
        """Reads and answers one request; False when the connection ends with it."""
        try:
            request = await slack_http.read_request(reader, writer)
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

def setting(owner, name):
    return property(lambda self: getattr(owner(self), name), lambda self, value: setattr(owner(self), name, value))


for _name in ('ack_timeout', 'retry_delays', 'retry_interactions', 'ticket_ttl', 'ping_interval', 'pong_timeout',
              'link_url'):
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
