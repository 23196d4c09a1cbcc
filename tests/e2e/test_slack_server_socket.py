#!/usr/bin/env python3
"""The strict Slack test server, its Socket Mode: envelopes as Slack makes them, acks, redelivery, and the ends of a socket."""
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers'))
from slack_faults import KINDS                                                # noqa: E402
from slack_raw_client import CLOSE, PING, TEXT, RawSocket, run_tests          # noqa: E402
from slack_scene import MODAL, SocketScene as Scene, text                     # noqa: E402


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
        s.slack.ack_timeout, s.slack.retry_delays = 1.0, (0.0,)
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
        s.slack.ack_timeout = 60.0
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
            said = [s.ada.dm('one'), s.ada.dm('two')]                   # nothing goes to a socket that was told to close
            for envelope in fresh.envelopes(2):
                fresh.ack(envelope)
            assert all(s.slack.wait_acked(m) for m in said)
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


def test_outage():
    with Scene() as s:
        port = s.slack.port
        s.slack.go_down()
        try:
            s.sock.frame()
            raise AssertionError('expected a reset')
        except ConnectionResetError:
            pass
        try:
            s.api('auth.test')
            raise AssertionError('expected a refusal')
        except ConnectionRefusedError:
            pass
        s.slack.come_up()
        assert s.slack.port == port and s.api('auth.test')['ok']
        s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        assert RawSocket(s.slack).hello['num_connections'] == 1
        s.slack.link_url = 'ws://example.com/link/'
        assert s.api.url() == 'ws://example.com/link/' and not s.rules()


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
