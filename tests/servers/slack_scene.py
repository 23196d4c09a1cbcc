"""A small stage for the tests of the Slack test server: a server, one person, one channel, a raw client.

SocketScene has a connected socket as well.
"""
from slack_raw_client import RawApi, RawSocket
from slack_server import SlackServer


def text(value, kind='plain_text'):
    return {'type': kind, 'text': value}


def section(value):
    return {'type': 'section', 'text': text(value, 'mrkdwn')}


def button(label='Go', **more):
    return dict({'type': 'button', 'text': text(label)}, **more)


def modal(*blocks, **more):
    return dict({'type': 'modal', 'title': text('T'), 'submit': text('Send'), 'blocks': list(blocks)}, **more)


def entry(block_id='answer', **more):
    return {'type': 'input', 'block_id': block_id, 'label': text('L'),
            'element': dict({'type': 'plain_text_input', 'action_id': 'a_' + block_id}, **more)}


class Scene:
    """A server with one person, one channel and a raw client."""

    def __init__(self, **options):
        self.slack = SlackServer(**options).start()
        self.slack.trigger_ttl = 60.0          # a slow machine must not fail a test
        self.api = RawApi(self.slack)
        self.ada = self.slack.user('ada', display_name='Ada', tz='Europe/London', is_admin=True)
        self.room = self.slack.channel('general', members=[self.ada])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.slack.stop()

    def post(self, **args):
        return self.api('chat.postMessage', channel=self.room.id, **args)

    def refused(self, answer, error, rule=None):
        """The answer is the error, and (with a rule) a violation was recorded; violations start anew."""
        assert answer.status == 200 and answer['ok'] is False and answer['error'] == error, (answer, self.slack.violations)
        rules = [v.rule for v in self.slack.violations]
        assert rule is None and not rules or rule in rules, (rule, self.slack.violations)
        self.slack.violations.clear()


def press_new(s, label='Go'):
    """A fresh message with a button, pressed: the interaction with its trigger_id."""
    s.post(text='x', blocks=[{'type': 'actions', 'elements': [button(label, action_id='go')]}])
    return s.ada.press(s.slack.messages(s.room, bot=True)[-1], label)


MODAL = {'type': 'modal', 'title': text('Question'), 'submit': text('Send'), 'callback_id': 'q', 'private_metadata': 'm',
         'blocks': [{'type': 'input', 'block_id': 'b', 'label': text('L'), 'element': {
             'type': 'plain_text_input', 'action_id': 'a', 'multiline': True, 'max_length': 100}}]}


class SocketScene:
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
