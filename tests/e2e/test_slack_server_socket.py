#!/usr/bin/env python3
"""The strict Slack test server, its Socket Mode half: handshake, frames, envelopes, acks, redelivery, faults."""
import base64
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers'))
from slack_faults import KINDS                                                                  # noqa: E402
from slack_raw_client import (BINARY, CLOSE, CONT, PING, PONG, TEXT, RawApi, RawSocket, run_tests)  # noqa: E402
from slack_server import SlackServer                                                            # noqa: E402
from websocket_server import accept_key, broken_bytes                                           # noqa: E402


def text(value, kind='plain_text'):
    return {'type': kind, 'text': value}


MODAL = {'type': 'modal', 'title': text('Question'), 'submit': text('Send'), 'callback_id': 'q', 'private_metadata': 'm',
         'blocks': [{'type': 'input', 'block_id': 'b', 'label': text('L'), 'element': {
             'type': 'plain_text_input', 'action_id': 'a', 'multiline': True, 'max_length': 100}}]}


class Scene:
    def __init__(self, connect=True, **options):
        self.slack = SlackServer(**options).start()
        self.api = RawApi(self.slack)
        self.ada = self.slack.user('ada', display_name='Ada')
        self.room = self.slack.channel('general', members=[self.ada])
        self.sock = RawSocket(self.slack) if connect else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.slack.stop()

    def rules(self):
        """The rules broken so far; the list starts anew."""
        found = [v.rule for v in self.slack.violations]
        self.slack.violations.clear()
        return found

    def event(self, kind=None):
        """The next envelope, acknowledged; its event."""
        envelope = self.sock.envelope()
        self.sock.ack(envelope)
        event = envelope['payload']['event'] if envelope['type'] == 'events_api' else envelope['payload']
        assert kind in (None, event.get('type')), (kind, event)
        return event

    def breaks(self, rule='websocket'):
        self.slack.wait_for(lambda: any(v.rule == rule for v in self.slack.violations), 5, f'a breach of {rule}')
        return self.rules()


# Handshake --------------------------------------------------------------------------------------------------------

def test_hello():
    with Scene() as s:
        hello = s.sock.hello
        assert s.sock.accepted and hello['type'] == 'hello' and hello['num_connections'] == 1
        assert hello['connection_info']['app_id'] == s.slack.world.app
        assert hello['debug_info']['approximate_connection_time'] > 0
        assert RawSocket(s.slack).hello['num_connections'] == 2 and not s.rules()


def test_ticket_is_for_one_use():
    with Scene(connect=False) as s:
        url = s.api.url()
        assert RawSocket(s.slack, url).status == 101 and not s.rules()
        assert RawSocket(s.slack, url).status == 404 and s.rules() == ['handshake']
        assert RawSocket(s.slack, url.split('?')[0] + '?ticket=x&app_id=y').status == 404
        assert RawSocket(s.slack, s.api.url().split('&')[0]).status == 404
        s.slack.ticket_ttl = 0.0
        assert RawSocket(s.slack, s.api.url()).status == 404 and len(s.rules()) == 3


def test_handshake_rules():
    with Scene(connect=False) as s:
        short = base64.b64encode(b'short').decode()
        for status, more in {
                'upgrade': (400, {'Upgrade': None}), 'upgrade2': (400, {'Upgrade': 'h2c'}),
                'connection': (400, {'Connection': 'close'}), 'version': (426, {'Sec-WebSocket-Version': '8'}),
                'key': (400, {'Sec-WebSocket-Key': None}), 'short': (400, {'Sec-WebSocket-Key': short}),
                'base64': (400, {'Sec-WebSocket-Key': '!' * 24}), 'host': (400, {'Host': 'slack.com'}),
                'nohost': (400, {'Host': None})}.values():
            sock = RawSocket(s.slack, headers=more)
            assert sock.status == status, (status, more, sock.status)
            assert s.rules() in (['handshake'], ['http']), more
        assert RawSocket(s.slack, headers={'Sec-WebSocket-Version': '8'}).headers['sec-websocket-version'] == '13'
        key = base64.b64encode(os.urandom(16)).decode()
        assert RawSocket(s.slack, key=key).status == 101 and RawSocket(s.slack, key=key).status == 400
        target = s.api.url().split('/', 3)[3]
        assert RawSocket(s.slack, request=f'POST /{target} HTTP/1.1').status == 405
        assert RawSocket(s.slack, request=f'GET /{target} HTTP/1.0').status == 400
        assert RawSocket(s.slack, headers={'Connection': 'keep-alive, Upgrade', 'Upgrade': 'WebSocket'}).accepted


def test_extensions_are_never_agreed():
    with Scene(connect=False) as s:
        sock = RawSocket(s.slack, headers={'Sec-WebSocket-Extensions': 'permessage-deflate',
                                           'Sec-WebSocket-Protocol': 'chat'})
        assert sock.accepted and 'sec-websocket-extensions' not in sock.headers
        assert 'sec-websocket-protocol' not in sock.headers


def test_ten_sockets():
    with Scene() as s:
        nine = [RawSocket(s.slack) for _ in range(9)]
        eleventh = RawSocket(s.slack)
        assert eleventh.hello == {'type': 'disconnect', 'reason': 'too_many_websockets',
                                  'debug_info': {'host': 'applink-1'}}
        assert eleventh.close_code() == 1000 and s.rules() == ['too_many_websockets']
        nine[0].close()
        assert RawSocket(s.slack).hello['num_connections'] == 10


# Frames -----------------------------------------------------------------------------------------------------------

def test_bad_frames():
    bad = {
        'unmasked': (1002, lambda k: k.send(TEXT, b'{}', mask=None)), 'rsv1': (1002, lambda k: k.send(TEXT, b'{}', rsv=4)),
        'rsv3': (1002, lambda k: k.send(TEXT, b'{}', rsv=1)), 'opcode': (1002, lambda k: k.send(0x3, b'{}')),
        'control opcode': (1002, lambda k: k.send(0xB)), 'long ping': (1002, lambda k: k.send(PING, b'x' * 126)),
        'fragmented ping': (1002, lambda k: k.send(PING, b'x', fin=False)),
        'lone continuation': (1002, lambda k: k.send(CONT, b'x')),
        'nested': (1002, lambda k: (k.send(TEXT, b'{', fin=False), k.send(TEXT, b'}'))),
        'utf-8': (1007, lambda k: k.send(TEXT, b'"\xff"')), 'cut utf-8': (1007, lambda k: k.send(TEXT, b'"\xed\x95')),
        'surrogate': (1007, lambda k: k.send(TEXT, b'"\xed\xa0\x80"')), 'binary': (1003, lambda k: k.send(BINARY, b'{}')),
        'too big': (1009, lambda k: k.send(TEXT, b'', length=1 << 40)),
        'long form': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFE, 0, 5]) + b'mask' + b'hello')),
        'long form 8': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFF]) + struct.pack('>Q', 300) + b'mask')),
        'negative': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFF]) + b'\xff' * 8 + b'mask')),
        'close of one byte': (1002, lambda k: k.send(CLOSE, b'\x03')),
        'close 1005': (1002, lambda k: k.send(CLOSE, struct.pack('>H', 1005))),
        'close 999': (1002, lambda k: k.send(CLOSE, struct.pack('>H', 999))),
        'close reason': (1007, lambda k: k.send(CLOSE, struct.pack('>H', 1000) + b'\xff')),
        'same mask': (1002, lambda k: [k.send(PONG, b'x', mask=b'same') for _ in range(3)]),
    }
    with Scene(connect=False) as s:
        for name, (code, act) in bad.items():
            sock = RawSocket(s.slack)
            act(sock)
            assert sock.close_code() == code, name
            assert s.breaks() == ['websocket'], name
        s.slack.wait_for(lambda: all(c.close_code for c in s.slack.connections), 5)


def test_good_frames():
    with Scene() as s:
        said = s.ada.dm('hi')
        envelope = s.sock.envelope()
        value = json.dumps({'envelope_id': envelope['envelope_id']}).encode()
        s.sock.send(TEXT, value[:10], fin=False)
        s.sock.send(PING, b'p' * 125)
        assert s.sock.frame()[:3] == (True, PONG, b'p' * 125)
        s.sock.send(CONT, b'', fin=False)
        s.sock.send(CONT, value[10:])
        s.slack.wait_for(lambda: said.envelopes[0].done, 5)
        s.sock.send(PONG, b'unasked')
        s.sock.send(CLOSE, struct.pack('>H', 1000) + '안녕'.encode())
        assert s.sock.close_code() == 1000
        closed = s.slack.wait_for(lambda: [c for c in s.slack.connections if c.state == 'closed'], 5)[0]
        assert (closed.close_code, closed.close_reason, closed.clean) == (1000, '안녕', True) and not s.rules()


def test_server_pings():
    with Scene(connect=False) as s:
        s.slack.ping_interval, s.slack.pong_timeout = 0.05, 0.5
        sock = RawSocket(s.slack)
        for _ in range(3):
            fin, opcode, payload, _, _ = sock.frame()
            assert (fin, opcode) == (True, PING) and len(payload) < 126
            sock.send(PONG, payload)
        s.slack.wait_for(lambda: s.slack.connections[-1].pongs == 3, 5)
        assert not s.rules()
        assert sock.close_code() == 1001 and s.breaks('ping') == ['ping']


# Envelopes --------------------------------------------------------------------------------------------------------

def test_event_shape():
    with Scene() as s:
        s.ada.dm('a < b & <!channel> http://x.example')
        envelope = s.sock.envelope()
        assert set(envelope) == {'envelope_id', 'payload', 'type', 'accepts_response_payload', 'retry_attempt',
                                 'retry_reason'}
        assert envelope['type'] == 'events_api' and envelope['accepts_response_payload'] is False
        assert envelope['retry_attempt'] == 0 and envelope['retry_reason'] == ''
        payload = envelope['payload']
        assert payload['type'] == 'event_callback' and payload['api_app_id'] == s.slack.world.app
        assert payload['authorizations'][0]['user_id'] == s.slack.bot_user and payload['event_id'].startswith('Ev')
        assert isinstance(payload['event_time'], int) and payload['event_context'].startswith('4-')
        event = payload['event']
        assert event['text'] == 'a &lt; b &amp; &lt;!channel&gt; <http://x.example>' and event['channel_type'] == 'im'
        assert event['user'] == s.ada.id and event['ts'] == event['event_ts'] and event['blocks'][0]['type'] == 'rich_text'
        s.sock.ack(envelope)
        s.slack.settle()
        assert not s.rules() and s.slack.acks[0].latency < 5


def test_mention_gives_two_events():
    with Scene() as s:
        said = s.ada.say(s.room, 'question', mention=True)
        events = [s.event() for _ in range(2)]
        assert [e['type'] for e in events] == ['message', 'app_mention']
        assert events[0]['channel_type'] == 'channel' and 'channel_type' not in events[1]
        assert events[1]['text'] == f'<@{s.slack.bot_user}> question'
        s.ada.say(s.room, 'reply', thread=said)
        reply = s.event('message')
        assert reply['thread_ts'] == said.ts and reply['parent_user_id'] == s.ada.id
        s.slack.channel('away', members=[s.ada], bot=False)
        s.ada.say('away', 'unheard', mention=True)
        s.ada.dm(s.slack.mention + ' in a dm')
        assert s.event('message')['channel_type'] == 'im'              # no app_mention in a direct message
        s.ada.dm('next')
        assert s.event()['text'] == 'next'


def test_edits_joins_and_others():
    with Scene() as s:
        said = s.ada.say(s.room, 'one')
        s.event('message')
        s.ada.edit(said, 'two')
        changed = s.event('message')
        assert changed['subtype'] == 'message_changed' and changed['message']['text'] == 'two'
        assert changed['previous_message']['text'] == 'one' and changed['hidden'] is True
        s.ada.delete(said)
        deleted = s.event('message')
        assert deleted['subtype'] == 'message_deleted' and deleted['deleted_ts'] == said.ts
        bob = s.slack.user('bob')
        bob.join(s.room)
        assert s.event('member_joined_channel')['user'] == bob.id
        assert s.event('message')['subtype'] == 'channel_join'
        bob.leave(s.room)
        assert s.event('member_left_channel')['user'] == bob.id
        s.event('message')
        s.slack.bot_message(s.room, 'beep')
        assert s.event('message')['subtype'] == 'bot_message'
        s.api('chat.postMessage', channel=s.room.id, text='mine')
        own = s.event('message')
        assert own['bot_id'] == s.slack.world.bot_id and own['user'] == s.slack.bot_user
        s.ada.open_home()
        assert s.event('app_home_opened')['tab'] == 'home'
        s.slack.events.add('channel_rename')
        s.slack.rename(s.room, 'quiz')
        assert s.event('channel_rename')['channel']['name'] == 'quiz'
        s.slack.settle()
        assert not s.rules()


def test_subscriptions_and_scopes():
    with Scene() as s:
        s.slack.events.discard('message.channels')
        s.ada.say(s.room, 'unheard')
        s.slack.set_scopes(['chat:write'])
        s.ada.dm('no scope')
        s.slack.set_scopes(['im:history'])
        s.ada.dm('heard')
        assert s.event()['text'] == 'heard'


def test_slash():
    with Scene() as s:
        run = s.ada.slash(s.room, '/interview', 'daily 9:00 & more')
        envelope = s.sock.envelope()
        assert envelope['type'] == 'slash_commands' and envelope['accepts_response_payload'] is True
        payload = envelope['payload']
        assert payload['command'] == '/interview' and payload['text'] == 'daily 9:00 &amp; more'
        assert payload['is_enterprise_install'] == 'false' and payload['channel_name'] == 'general'
        s.sock.ack(envelope, {'text': 'done'})
        assert run.wait().response == {'text': 'done'} and s.ada.ephemerals[-1].plain == 'done'
        s.ada.slash(s.room, '/interview', 'x')
        s.sock.ack(s.sock.envelope(), {'response_action': 'clear'})
        assert s.breaks('ack') == ['ack']


def open_modal(s):
    """A post with a button, pressed, answered by a modal: the block_actions payload."""
    s.api('chat.postMessage', channel=s.room.id, text='q', blocks=[{'type': 'actions', 'block_id': 'row', 'elements': [
        {'type': 'button', 'text': text('Answer & go'), 'action_id': 'answer', 'value': '7'}]}])
    s.event('message')
    post = s.slack.wait_message(s.room)
    run = s.ada.press(post, 'Answer & go')
    envelope = s.sock.envelope()
    s.sock.ack(envelope)
    run.wait()
    assert s.api('views.open', trigger_id=run.trigger_id, view=MODAL)['ok']
    return envelope


def test_button_and_modal():
    with Scene() as s:
        envelope = open_modal(s)
        payload = envelope['payload']
        assert envelope['type'] == 'interactive' and envelope['accepts_response_payload'] is False
        assert 'retry_attempt' not in envelope and payload['type'] == 'block_actions'
        action = payload['actions'][0]
        assert (action['action_id'], action['block_id'], action['value'], action['type']) == (
            'answer', 'row', '7', 'button')
        assert payload['container']['message_ts'] == payload['message']['ts'] and payload['channel']['name'] == 'general'
        assert payload['user']['id'] == s.ada.id and payload['response_url'].startswith('http://127.0.0.1:')
        view = s.slack.wait_view(s.ada, 'Question')
        for wrong in (None, '', 'x' * 101, {'nope': 'x'}):
            try:
                s.ada.submit(wrong)
                raise AssertionError(f'Slack would not submit {wrong!r}')
            except ValueError:
                pass
        run = s.ada.submit({'a': 'a <b> & c'})
        envelope = s.sock.envelope()
        assert envelope['accepts_response_payload'] is True
        sent = envelope['payload']['view']
        assert sent['state']['values'] == {'b': {'a': {'type': 'plain_text_input', 'value': 'a <b> & c'}}}
        assert sent['private_metadata'] == 'm' and sent['callback_id'] == 'q' and sent['id'] == view.id
        s.sock.ack(envelope, {'response_action': 'errors', 'errors': {'b': 'too short'}})
        assert run.wait().errors == {'b': 'too short'} and s.ada.view.errors == {'b': 'too short'}
        s.ada.submit('longer')
        s.sock.ack(s.sock.envelope(), {'response_action': 'update', 'view': {
            'type': 'modal', 'title': text('Result'), 'blocks': [{'type': 'section', 'text': text('5 points')}]}})
        assert s.slack.wait_view(s.ada, '5 points').title == 'Result' and s.ada.view.id == view.id
        s.ada.close()
        assert s.ada.view is None and not s.rules()


def test_submission_answers():
    def empty():
        return None
    with Scene() as s:
        bad = [{'response_action': 'dance'}, {'response_action': 'errors', 'errors': {'zz': 'x'}},
               {'response_action': 'errors', 'errors': {}}, {'response_action': 'errors', 'errors': {'b': ''}},
               {'response_action': 'clear', 'view': MODAL}, {'response_action': 'update', 'view': {'type': 'home'}},
               {'response_action': 'push'}, {'text': 'x'}, 'text']
        for answer in bad:
            open_modal(s)
            s.ada.submit('x')
            s.sock.ack(s.sock.envelope(), answer)
            assert s.breaks('ack') == ['ack'], answer
        open_modal(s)
        s.ada.submit('x')
        s.sock.ack(s.sock.envelope(), {'response_action': 'push', 'view': MODAL})
        s.slack.wait_for(lambda: len(s.slack.views(s.ada)) == 2, 5)
        s.ada.submit('y')
        s.sock.ack(s.sock.envelope(), {'response_action': 'clear'})
        s.slack.wait_for(lambda: not s.slack.views(s.ada), 5)
        open_modal(s)
        s.ada.submit('x').envelope
        s.sock.ack(s.sock.envelope())
        s.slack.wait_for(lambda: s.ada.view is empty(), 5)
        assert not s.rules()


def test_view_closed():
    with Scene() as s:
        open_modal(s)
        s.api('views.update', view_id=s.ada.view.id, view=dict(MODAL, notify_on_close=True))
        s.ada.close()
        assert s.event('view_closed')['is_cleared'] is False


# Acknowledgements ---------------------------------------------------------------------------------------------------

def test_ack_rules():
    with Scene() as s:
        for wrong in ('not json', '[1]', '{"envelope_id":5}', '{}', {'envelope_id': 'unknown'}):
            s.sock.text(wrong)
            assert s.breaks('ack') == ['ack'], wrong
        s.ada.dm('x')
        envelope = s.sock.envelope()
        s.sock.ack(envelope, {'text': 'no'})
        assert s.breaks('ack') == ['ack']                               # an event takes no payload
        s.sock.ack(envelope)
        assert s.breaks('ack') == ['ack']                               # acknowledged twice
        s.ada.dm('y')
        s.sock.text(dict(envelope_id=s.sock.envelope()['envelope_id'], extra=1))
        assert s.breaks('ack') == ['ack']
        assert all(d.latency is not None for d in s.slack.deliveries)


def test_late_ack_and_retries():
    with Scene() as s:
        s.slack.ack_timeout, s.slack.retry_delays = 0.1, (0.0, 0.0, 0.0)
        said = s.ada.dm('x')
        tries = s.sock.envelopes(4)
        assert [t['retry_attempt'] for t in tries] == [0, 1, 2, 3]
        assert [t['retry_reason'] for t in tries] == [''] + ['timeout'] * 3
        assert len({t['envelope_id'] for t in tries}) == 4 and len({t['payload']['event_id'] for t in tries}) == 1
        s.slack.wait_for(lambda: s.slack.lost, 5)
        assert said.envelopes[0].failed and s.rules() == ['ack'] * 4
        s.sock.ack(tries[0])
        assert s.breaks('ack') == ['ack']                               # too late
        s.ada.slash(s.room, '/interview', 'x')
        s.slack.wait_for(lambda: s.slack.user_errors, 5)                # no second try: the person saw an error
        assert s.slack.interactions[-1].outcome == 'failed'


def test_retry_on_another_socket():
    with Scene() as s:
        second = RawSocket(s.slack)
        s.slack.ack_timeout, s.slack.retry_delays = 0.1, (0.0,)
        s.ada.dm('one')
        s.ada.dm('two')
        first = [s.sock.envelope(), second.envelope()]                  # in turn
        assert {e['payload']['event']['text'] for e in first} == {'one', 'two'}
        again = [s.sock.envelope(), second.envelope()]
        assert again[0]['payload'] == first[1]['payload'] and again[1]['payload'] == first[0]['payload']
        s.sock.ack(again[0])
        second.ack(again[1])
        s.slack.settle()


def test_waiting_and_dropped_events():
    with Scene(connect=False) as s:
        said = s.ada.dm('nobody there')
        assert s.ada.slash(s.room, '/interview').outcome == 'failed'
        s.sock = RawSocket(s.slack)
        envelope = s.sock.envelope()
        assert envelope['retry_attempt'] == 1 and envelope['payload']['event']['text'] == 'nobody there'
        s.sock.sock.close()                                             # gone without an ack
        s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        s.sock = RawSocket(s.slack)
        again = s.sock.envelope()
        assert again['payload']['event_id'] == envelope['payload']['event_id']
        s.sock.ack(again)
        s.slack.wait_for(lambda: said.envelopes[0].done, 5)
        assert not s.rules()


def test_lost_acks_and_repeats():
    with Scene() as s:
        s.slack.ack_timeout, s.slack.retry_delays = 0.1, (0.0,)
        s.slack.lose_acks(1)
        said = s.ada.dm('x')
        first = s.event()
        assert s.event() == first                                       # told again though it was acknowledged
        s.slack.settle()
        s.slack.repeat(said)
        envelope = s.sock.envelope()
        assert envelope['payload']['event'] == first and envelope['retry_attempt'] == 1
        s.sock.ack(envelope)
        s.slack.settle()
        s.slack.repeat(said, same_envelope_id=True)
        same = s.sock.envelope()
        assert same['envelope_id'] == said.envelopes[0].deliveries[-1].envelope_id
        s.sock.ack(same)
        run = s.ada.slash(s.room, '/interview', 'x')
        s.event()
        run.wait()
        s.slack.repeat(run)
        twice = s.sock.envelope()
        assert twice['payload'] == run.payload and 'retry_attempt' not in twice
        s.sock.ack(twice)
        s.slack.settle()
        assert not s.rules()


def test_burst():
    with Scene() as s:
        said = s.slack.burst(2000, s.ada, text='answer {i}')
        seen = []
        for envelope in (s.sock.envelope() for _ in range(2000)):
            s.sock.ack(envelope)
            seen.append(envelope['payload']['event']['text'])
        s.slack.settle()
        assert seen == [f'answer {i}' for i in range(2000)] and all(m.envelopes[0].done for m in said)
        assert len(s.slack.latencies()) == 2000 and not s.rules()


# Ends -------------------------------------------------------------------------------------------------------------

def test_disconnect():
    with Scene() as s:
        for reason in ('warning', 'refresh_requested'):
            s.slack.disconnect(reason, close_after=0.1)
            assert s.sock.envelope() == {'type': 'disconnect', 'reason': reason, 'debug_info': {'host': 'applink-1'}}
            fresh = RawSocket(s.slack)                                  # before the old one closes
            assert s.sock.close_code() == 1000
            s.sock.send(CLOSE, struct.pack('>H', 1000))
            s.slack.wait_for(lambda: len(s.slack.open_connections) == 1, 5)
            s.sock = fresh
        s.slack.disconnect('link_disabled')
        assert s.sock.envelope()['reason'] == 'link_disabled' and s.sock.close_code() == 1000
        assert s.api('apps.connections.open', s.slack.app_token)['ok'] is False
        assert s.rules() == ['socket_mode_not_enabled']


def test_ends_of_a_socket():
    with Scene(connect=False) as s:
        sock = RawSocket(s.slack)
        s.slack.close_socket(1012, 'restart')
        assert sock.close_code() == 1012
        sock = RawSocket(s.slack)
        s.slack.drop()
        assert sock.close_code() is None
        sock = RawSocket(s.slack)
        s.slack.drop(how='rst')
        try:
            sock.frame()
            raise AssertionError('expected a reset')
        except ConnectionResetError:
            pass


def test_half_open():
    with Scene() as s:
        sock = s.sock
        s.slack.half_open()
        s.slack.ack_timeout, s.slack.retry_delays = 0.1, (0.0, 0.0, 0.0)
        s.ada.dm('lost')
        sock.send(PING, b'there?')
        sock.sock.settimeout(0.3)
        try:
            sock.frame()
            raise AssertionError('a half-open socket says nothing')
        except TimeoutError:
            pass
        assert s.slack.open_connections and s.slack.connections[0].half_open
        fresh = RawSocket(s.slack)
        assert fresh.hello['num_connections'] == 2
        sock.sock.close()
        s.slack.wait_for(lambda: len(s.slack.open_connections) == 1, 5)
        assert not s.rules()


def test_handshake_faults():
    with Scene(connect=False) as s:
        def faulty(kind, **more):
            s.slack.fail_handshake(kind, seconds=0.1, **more)
            return RawSocket(s.slack, hello=False)
        assert [faulty(k).status for k in ('404', '500', '429', 'plain_200')] == [404, 500, 429, 200]
        wrong = faulty('wrong_accept')
        assert wrong.status == 101 and not wrong.accepted
        assert 'sec-websocket-accept' not in faulty('no_accept').headers
        assert 'upgrade' not in faulty('no_upgrade').headers
        assert faulty('extension').headers['sec-websocket-extensions'] == 'permessage-deflate'
        assert faulty('subprotocol').headers['sec-websocket-protocol'] == 'chat'
        assert faulty('hang').status == faulty('reset').status == faulty('close').status == faulty('garbage').status == 0
        assert not faulty('half').accepted and not faulty('huge_headers', size=200000).accepted
        slow = faulty('drip')
        assert slow.accepted and slow.envelope()['type'] == 'hello'
        slow.close()
        s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        s.ada.dm('glued')
        glued = faulty('glued')
        assert glued.accepted and b'"hello"' in glued.first_read        # one packet: 101, hello and the first event
        assert glued.envelope()['type'] == 'hello' and glued.envelope()['payload']['event']['text'] == 'glued'
        assert RawSocket(s.slack).accepted and not s.rules()
        assert accept_key('dGhlIHNhbXBsZSBub25jZQ==') == 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='      # RFC 6455 1.3


def test_corrupt_frames():
    kinds = {
        'bad_utf8': lambda f: f[1] == TEXT and not valid(f[2]), 'cut_utf8': lambda f: f[1] == TEXT and not valid(f[2]),
        'masked': lambda f: f[4], 'rsv': lambda f: f[3] == 4, 'rsv2': lambda f: f[3] == 2,
        'opcode': lambda f: f[1] == 3, 'control_opcode': lambda f: f[1] == 11,
        'long_control': lambda f: f[1] == PING and len(f[2]) > 125, 'fragmented_control': lambda f: f[1] == PING and not f[0],
        'lone_continuation': lambda f: f[1] == CONT, 'nested_message': lambda f: f[1] == TEXT and not f[0],
        'close_one_byte': lambda f: f[1] == CLOSE and len(f[2]) == 1, 'binary': lambda f: f[1] == BINARY,
        'close_bad_code': lambda f: f[2] == struct.pack('>H', 1005), 'close_bad_utf8': lambda f: not valid(f[2][2:]),
        'huge': lambda f: len(f[2]) > 1 << 20, 'long_form': lambda f: f[2] == b'hello',
        'endless_fragments': lambda f: f[1] == TEXT and not f[0], 'many_empty_fragments': lambda f: not f[0] and not f[2],
        'ping_flood': lambda f: f[2] == b'flood',
    }

    def valid(data):
        try:
            data.decode()
            return True
        except UnicodeDecodeError:
            return False
    with Scene(connect=False) as s:
        for kind, proves in kinds.items():
            sock = RawSocket(s.slack)
            s.slack.corrupt(kind, connection=s.slack.open_connections[-1])
            assert proves(sock.frame()), kind
            sock.close(1002)
            s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        assert not s.rules()
    for kind in ('huge_declared', 'negative_length', 'garbage', 'http', 'half_frame'):
        assert len(broken_bytes(kind)) > 10
    try:
        broken_bytes('unheard of')
        raise RuntimeError
    except ValueError:
        pass


def test_fragments():
    with Scene() as s:
        s.slack.fragment(7)
        s.ada.dm('한국어 답')
        pieces = [s.sock.frame()]
        while not (pieces[-1][0] and pieces[-1][1] == CONT):
            pieces.append(s.sock.frame())
        assert pieces[0][:2] == (False, TEXT) and pieces[1][:2] == (True, PING)
        whole = b''.join(p[2] for p in pieces if p[1] != PING)
        assert json.loads(whole)['payload']['event']['text'] == '한국어 답'
        s.sock.ack(json.loads(whole))
        s.slack.settle()


def test_bad_envelopes():
    with Scene() as s:
        for kind in KINDS:
            s.slack.bad_envelope(kind)
            opcode, payload = s.sock.message()
            assert opcode == TEXT, kind
            try:
                value = json.loads(payload)
                if isinstance(value, dict) and isinstance(value.get('envelope_id'), str):
                    s.sock.ack(value)                                   # allowed
            except (ValueError, RecursionError):
                assert kind in ('malformed_json', 'truncated_json', 'empty', 'nul', 'trailing', 'deep', 'deep_object'), kind
        s.ada.dm('alive')
        assert s.event()['text'] == 'alive' and not s.rules()


if __name__ == '__main__':
    run_tests(sys.modules['__main__'])
