"""The people and channels of the Slack test server, as a test holds them, and what a test can do to the workspace.

User and Channel are handles: they hold an id and ask the server. Workspace is a part of SlackServer.
"""
import time

import slack_blocks
from slack_engine import empty_value, field_value
from slack_socket import Envelope
from slack_world import ChannelState, Message


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


class Workspace:
    """SlackServer's methods that make and change people, channels and events."""

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

    def im(self, user, other=None):
        """The direct message with the bot, or one between two people that the bot is not in."""
        def work():
            if other is None:
                return self.world.im_with(user.id)
            return self.world.add_channel('directmessage', 'im', user.id, [user.id, other.id], other.id)
        return Channel(self, self.run(work))

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
