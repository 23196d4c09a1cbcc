"""The Slack test server's middle: changes to the workspace, the events they cause, and what answers to them mean.

Runs in the server's own thread. SlackServer (slack_server.py) adds the thread, the test's API and the command line.
"""
import copy
import json
import time

import slack_blocks
from slack_methods import SlackError
from slack_socket import Envelope
from slack_world import Message

MESSAGE_KEYS = {'text', 'blocks', 'attachments', 'response_type', 'replace_original', 'delete_original', 'thread_ts',
                'mrkdwn', 'unfurl_links', 'unfurl_media', 'metadata'}

# The scope without which Slack does not tell an app of a thing, even when it is subscribed.
EVENT_SCOPES = {'app_mention': 'app_mentions:read', 'message.im': 'im:history', 'message.channels': 'channels:history',
                'message.groups': 'groups:history', 'message.mpim': 'mpim:history',
                'member_joined_channel': 'channels:read', 'member_left_channel': 'channels:read',
                'channel_rename': 'channels:read', 'user_change': 'users:read'}


class Ping:
    """Somebody was notified by the bot: kind channel, here, everyone, user or subteam."""

    def __init__(self, kind, target, channel, ts, text, ephemeral):
        self.kind, self.target, self.channel, self.ts = kind, target, channel, ts
        self.text, self.ephemeral = text, ephemeral

    def __repr__(self):
        return f'Ping({self.kind} {self.target} in {self.channel}: {self.text[:60]!r})'


class Interaction:
    """A button press, submission or slash command on its way. outcome: pending, acked, failed (the person saw an error).
    errors: what a modal shows under its fields; response: the ack's payload."""

    def __init__(self, server, user, payload):
        self.server, self.user, self.payload = server, user, payload
        self.outcome, self.response, self.errors, self.envelope = 'pending', None, {}, None
        self.view = None

    @property
    def trigger_id(self):
        return self.payload.get('trigger_id')

    @property
    def response_url(self):
        return self.payload.get('response_url')

    @property
    def latency(self):
        return next((d.latency for d in self.envelope.deliveries if d.latency is not None), None)

    def wait(self, timeout=10):
        """Waits for the ack and returns self; AssertionError when there is none."""
        self.server.wait_for(lambda: self.outcome != 'pending', timeout, 'ack of ' + self.payload.get(
            'type', self.payload.get('command', '')))
        assert self.outcome == 'acked', f'interaction failed: nobody acknowledged it ({self.payload.get("type")})'
        return self


class Engine:
    """Needs from its subclass: world, hub, loop, events, pings, changed(), breach(), warn()."""

    # Messages --------------------------------------------------------------------------------------------------

    def store(self, channel, message, parse_full=False):
        """Puts a message into its channel and tells the app about it."""
        message.render(self.world.names())
        if message.thread_ts and message.thread_ts in channel.messages:
            parent = channel.messages[message.thread_ts]
            parent.thread_ts = parent.thread_ts or parent.ts
        channel.messages[message.ts] = message
        if message.bot:
            self.note_pings(message, parse_full)
        self.changed()
        if not message.bot or self.echo:
            self.emit_message(channel, message)

    def note_pings(self, message, parse_full=False):
        for kind, target in slack_blocks.find_pings(message.text, message.blocks + message.attachments, parse_full):
            self.pings.append(Ping(kind, target, message.channel, message.ts, message.plain,
                                   bool(message.ephemeral_for)))

    def store_ephemeral(self, channel, user, text, blocks, attachments, via, thread=''):
        message = Message(self.world.ids.ts(), channel.id, self.world.bot.id, text, blocks, attachments, bot=True,
                          thread_ts=thread, ephemeral_for=user.id, via=via)
        message.render(self.world.names())
        self.world.ephemerals.append(message)
        self.note_pings(message)
        self.changed()
        return message

    def edit(self, channel, message, text, blocks, attachments=None):
        before = self.world.message_json(message)
        message.versions = message.versions + [(message.text, message.plain)]
        message.text, message.blocks, message.edited = text, blocks, True
        message.attachments = message.attachments if attachments is None else attachments
        message.render(self.world.names())
        if message.bot:
            self.note_pings(message)
        self.changed()
        if message.ephemeral_for or message.bot and not self.echo:
            return
        ts = self.world.ids.ts()
        self.emit_in(channel, {'type': 'message', 'subtype': 'message_changed',
                               'message': self.world.message_json(message), 'previous_message': before,
                               'channel': channel.id, 'hidden': True, 'ts': ts, 'event_ts': ts,
                               'channel_type': channel.type})

    def delete(self, channel, message):
        before = self.world.message_json(message)
        message.deleted = True
        channel.messages.pop(message.ts, None)
        channel.tombstones.add(message.ts)
        self.changed()
        if message.bot and not self.echo:
            return
        ts = self.world.ids.ts()
        self.emit_in(channel, {'type': 'message', 'subtype': 'message_deleted', 'previous_message': before,
                               'channel': channel.id, 'hidden': True, 'deleted_ts': message.ts, 'ts': ts,
                               'event_ts': ts, 'channel_type': channel.type})

    # Events ----------------------------------------------------------------------------------------------------

    def emit(self, event, subscription=None):
        """Sends an event to the app when it is subscribed; returns the envelope or None."""
        wanted = subscription or event['type']
        scope = EVENT_SCOPES.get(wanted)
        if wanted not in self.events or scope and scope not in self.api.tokens[self.bot_token]['scopes']:
            return None
        envelope = Envelope('events_api', self.world.event_payload(event), False)
        self.hub.send(envelope)
        return envelope

    def emit_in(self, channel, event):
        """A message event of a conversation the app is in."""
        if self.world.bot.id not in channel.members:
            return None
        return self.emit(event, {'channel': 'message.channels', 'group': 'message.groups', 'im': 'message.im',
                                 'mpim': 'message.mpim'}[channel.type])

    def emit_message(self, channel, message):
        event = self.world.message_json(message)
        event.pop('reply_count', None)
        event.update({'channel': channel.id, 'event_ts': message.ts, 'channel_type': channel.type})
        sent = [self.emit_in(channel, event)]
        mention = f'<@{self.world.bot.id}>' in message.text
        if mention and channel.kind != 'im' and not message.bot and not message.subtype and (
                self.world.bot.id in channel.members):
            mentioned = dict(event, type='app_mention')
            mentioned.pop('channel_type')
            sent.append(self.emit(mentioned))
        message.envelopes = [e for e in sent if e]

    def add_member(self, channel, user, inviter=None):
        if user.id not in channel.members:
            channel.members.append(user.id)
        self.membership('joined', channel, user, inviter)

    def remove_member(self, channel, user):
        self.membership('left', channel, user)
        if user.id in channel.members:
            channel.members.remove(user.id)

    def membership(self, what, channel, user, inviter=None):
        ts = self.world.ids.ts()
        event = {'type': f'member_{what}_channel', 'user': user.id, 'channel': channel.id,
                 'channel_type': 'G' if channel.kind == 'private' else 'C', 'team': self.world.team, 'event_ts': ts}
        if inviter:
            event['inviter'] = inviter.id
        self.changed()
        if self.world.bot.id in channel.members or user.id == self.world.bot.id:
            self.emit(event)
        text = f'<@{user.id}> has {what} the channel'
        self.store(channel, Message(ts, channel.id, user.id, text, via='system', subtype={
            'joined': 'channel_join', 'left': 'channel_leave'}[what]))

    # Views -----------------------------------------------------------------------------------------------------

    def show_view(self, user, content, push=False):
        previous = user.stack[-1] if push and user.stack else None
        if not push:
            for view_id in user.stack:
                self.world.views[view_id].closed = True
            user.stack = []
        view = self.world.new_view(user, content, previous, self.world.views[previous].root if previous else '')
        user.stack.append(view.id)
        self.changed()
        return view

    def update_view(self, view, content):
        view.versions = view.versions + [view.content]
        view.content, view.errors = self.world.store_view(content), {}
        view.hash, view.names = self.world.new_hash(), self.world.names()
        self.changed()

    def publish_home(self, user, content):
        if user.home is None:
            user.home = self.world.new_view(user, content)
        else:
            self.update_view(user.home, content)
        self.changed()
        return user.home

    def close_view(self, user, view, everything=False):
        closing = list(user.stack) if everything else [view.id]
        for view_id in closing:
            self.world.views[view_id].closed = True
        user.stack = [v for v in user.stack if v not in closing]
        self.changed()

    # Interactions ----------------------------------------------------------------------------------------------

    def interact(self, kind, user, payload, accepts, on_ack=None, check=None):
        interaction = Interaction(self, user, payload)

        def acked(answer):
            interaction.response = answer
            if on_ack:
                on_ack(interaction, answer)
            interaction.outcome = 'acked'
            self.changed()

        def failed():
            interaction.outcome = 'failed'
            self.user_errors.append((user.id, payload.get('type') or payload.get('command')))
            self.changed()

        interaction.envelope = Envelope(kind, payload, accepts, acked, failed, check)
        self.interactions.append(interaction)
        self.hub.send(interaction.envelope)
        return interaction

    def submitted(self, view, interaction, answer):
        """What the ack of a view_submission does to the modal."""
        user = self.world.users[view.user]
        action = (answer or {}).get('response_action')
        view.errors = {}
        if action == 'errors':
            view.errors = interaction.errors = dict(answer['errors'])
        elif action == 'update':
            self.update_view(view, answer['view'])
            interaction.view = view
        elif action == 'push':
            interaction.view = self.show_view(user, answer['view'], push=True)
        elif action == 'clear':
            self.close_view(user, view, everything=True)
        else:
            self.close_view(user, view)

    def submission_complaint(self, view, payload):
        """Why an ack's payload is no answer to a view_submission, or None."""
        action = payload.get('response_action')
        keys = {'errors': {'errors'}, 'update': {'view'}, 'push': {'view'}, 'clear': set()}
        if action not in keys:
            return f'response_action {action!r}'
        if set(payload) - {'response_action'} != keys[action]:
            return f'response_action {action} with {sorted(set(payload) - {"response_action"})}'
        if action == 'errors':
            inputs = {b['block_id'] for b in view.inputs}
            errors = payload['errors']
            if not isinstance(errors, dict) or not errors:
                return 'errors must be an object of block_id: text'
            if set(errors) - inputs:
                return f'errors for {sorted(set(errors) - inputs)}, which are no input blocks of the view'
            if any(not isinstance(e, str) or not e for e in errors.values()):
                return 'an error must be a text'
        if action in ('update', 'push'):
            error, messages = slack_blocks.check_view(payload['view'], 'modal')
            if error:
                return f'view of response_action {action}: {error} {messages}'
            if action == 'push' and len(self.world.users[view.user].stack) >= 3:
                return 'push_limit_reached'
        return None

    # response_url and message acks -----------------------------------------------------------------------------

    def response_url(self, request):
        """(status, body) of a POST to a response_url."""
        url = self.world.response_urls.get(request.path)
        if url is None:
            self.breach('response_url', f'unknown URL {request.path}')
            return 404, b'no_service'
        if request.method != 'POST' or 'application/json' not in (request.header('content-type') or ''):
            self.breach('response_url', 'needs a POST of application/json')
            return 400, b'invalid_payload'
        if time.monotonic() - url.born > self.api.methods.url_ttl:
            return 404, b'expired_url'
        if url.used >= self.api.methods.url_uses:
            self.breach('response_url', f'used more than {self.api.methods.url_uses} times')
            return 404, b'used_url'
        try:
            body = json.loads(request.body.decode())
        except ValueError:
            body = None
        complaint = self.answer_complaint(body)
        if complaint:
            self.breach('response_url', complaint)
            return 400, complaint.split(':')[0].encode()
        url.used += 1
        try:
            self.apply_answer(url, body, 'response_url')
        except SlackError as refused:
            if refused.offence:
                self.breach('response_url', f'{refused.error} {refused.messages}')
            return 404 if 'not_found' in refused.error else 400, refused.error.encode()
        return 200, b'ok'

    def answer_complaint(self, body):
        """Why a message answer (response_url or ack) is malformed, or None."""
        if not isinstance(body, dict):
            return 'invalid_payload: not a JSON object'
        if set(body) - MESSAGE_KEYS:
            return f'invalid_payload: unknown keys {sorted(set(body) - MESSAGE_KEYS)}'
        if body.get('response_type') not in (None, 'ephemeral', 'in_channel'):
            return f'invalid_payload: response_type {body["response_type"]!r}'
        for key in ('replace_original', 'delete_original'):
            if not isinstance(body.get(key, False), bool):
                return f'invalid_payload: {key} must be a boolean'
        if body.get('delete_original'):
            return None
        try:
            self.api.methods.content(body)
        except SlackError as refused:
            return f'{refused.error}: {refused.messages}'
        return None

    def apply_answer(self, url, body, via):
        channel, user = self.world.channels[url.channel], self.world.users[url.user]
        original = next((m for m in self.world.ephemerals if m.ts == url.message_ts), None) if url.ephemeral else \
            channel.messages.get(url.message_ts)
        if body.get('delete_original'):
            if original is None:
                raise SlackError('message_not_found')
            if url.ephemeral:
                original.deleted = True
                return self.changed()
            return self.delete(channel, original)
        text, blocks, attachments = self.api.methods.content(body)
        if body.get('replace_original') and original is not None:
            return self.edit(channel, original, text, blocks, attachments)
        thread = body.get('thread_ts') or ''
        if body.get('response_type') == 'in_channel':
            return self.api.methods.post(channel, text, blocks, attachments, {}, via, thread)
        return self.store_ephemeral(channel, user, text, blocks, attachments, via, thread)

    # What a person can do --------------------------------------------------------------------------------------

    def say_as(self, user, channel, text, thread_ts='', subtype='', broadcast=False, typed=True):
        stored = self.world.typed(text) if typed else text
        message = Message(self.world.ids.ts(), channel.id, user.id, stored, via='user', thread_ts=thread_ts,
                          subtype=subtype, broadcast=broadcast, client_msg_id=self.world.ids.uuid())
        if not subtype:
            message.blocks = self.world.rich_text(stored)
        self.store(channel, message)
        return message

    def press_as(self, user, target, block, element, chosen=None):
        """A block_actions payload for one element of a message or view."""
        in_view = not isinstance(target, Message)
        trigger = self.world.new_trigger(user, target.id if in_view and target.type == 'modal' else '')
        payload = self.world.interaction('block_actions', user, trigger)
        action = {'action_id': element['action_id'], 'block_id': block['block_id'], 'type': element['type'],
                  'action_ts': self.world.ids.ts()}
        for key in ('text', 'value', 'style'):
            if key in element:
                action[key] = copy.deepcopy(element[key])
        action.update(chosen or {})
        if in_view:
            payload['container'] = {'type': 'view', 'view_id': target.id}
            payload['view'] = self.world.view_json(target)
        else:
            self.add_message_to(payload, user, target)
        payload['actions'] = [action]
        return self.interact('interactive', user, payload, False)

    def add_message_to(self, payload, user, message):
        channel = self.world.channels[message.channel]
        ephemeral = bool(message.ephemeral_for)
        payload['container'] = {'type': 'message', 'message_ts': message.ts, 'channel_id': channel.id,
                                'is_ephemeral': ephemeral}
        if message.thread_ts:
            payload['container']['thread_ts'] = message.thread_ts
        payload['channel'] = self.world.channel_ref(channel)
        if not ephemeral:                      # Slack does not repeat an ephemeral message
            payload['message'] = self.world.message_json(message)
        payload['state'] = {'values': {}}
        payload['response_url'] = f'http://{self.authority}' + self.world.new_response_url(
            'actions', channel, user, message.ts, ephemeral)

    def slash_as(self, user, channel, command, text):
        trigger = self.world.new_trigger(user)
        path = self.world.new_response_url('commands', channel, user)
        payload = self.world.slash_payload(user, channel, command, self.world.typed(text).strip(), trigger,
                                           f'http://{self.authority}{path}')
        url = self.world.response_urls[path]

        def acked(interaction, answer):
            if answer:
                self.apply_answer(url, answer, 'ack')
        return self.interact('slash_commands', user, payload, True, acked, self.answer_complaint)

    def submit_as(self, user, view, values):
        trigger = self.world.new_trigger(user, view.id)
        payload = self.world.interaction('view_submission', user, trigger)
        payload.update({'view': self.world.view_json(view, values), 'response_urls': []})
        return self.interact('interactive', user, payload, True,
                             lambda interaction, answer: self.submitted(view, interaction, answer),
                             lambda answer: self.submission_complaint(view, answer))

    def close_as(self, user, view, everything):
        notify = view.content.get('notify_on_close')
        everything = everything or bool(view.content.get('clear_on_close'))
        payload = self.world.interaction('view_closed', user, None)
        payload.update({'view': self.world.view_json(view), 'is_cleared': everything})
        self.close_view(user, view, everything)
        return self.interact('interactive', user, payload, False) if notify else None

    def home_as(self, user, tab):
        channel = self.world.im_with(user.id)
        event = {'type': 'app_home_opened', 'user': user.id, 'channel': channel.id, 'tab': tab,
                 'event_ts': self.world.ids.ts()}
        if user.home and tab == 'home':
            event['view'] = self.world.view_json(user.home)
        return self.emit(event)


def field_value(element, value):
    """The state entry of an input element for what a person entered; ValueError when Slack would not let them."""
    kind = element['type']
    if kind in ('plain_text_input', 'email_text_input', 'url_text_input', 'number_input'):
        text = '' if value is None else str(value)
        low, high = element.get('min_length', 0), element.get('max_length', 3000)
        if text and not low <= len(text) <= high:
            raise ValueError(f'Slack lets people enter {low} to {high} characters here, not {len(text)}')
        return {'type': kind, 'value': text or None}
    if kind in ('static_select', 'radio_buttons', 'overflow'):
        return {'type': kind, 'selected_option': find_option(element, value) if value is not None else None}
    if kind in ('checkboxes', 'multi_static_select'):
        return {'type': kind, 'selected_options': [find_option(element, v) for v in value or []]}
    keys = {'users_select': 'selected_user', 'channels_select': 'selected_channel', 'datepicker': 'selected_date',
            'conversations_select': 'selected_conversation', 'timepicker': 'selected_time'}
    if kind in keys:
        return {'type': kind, keys[kind]: value}
    raise ValueError(f'no play for {kind}')


def find_option(element, value):
    options = element.get('options') or [o for g in element.get('option_groups', []) for o in g['options']]
    for option in options:
        if value in (option.get('value'), slack_blocks.unescape(option['text']['text'])):
            return option
    raise ValueError(f'no option {value!r} in {[o.get("value") for o in options]}')


def empty_value(entry):
    return not any(v for k, v in entry.items() if k != 'type')
