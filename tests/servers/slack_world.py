"""The workspace the Slack test server plays: people, channels, messages, views, and the payloads Slack makes of them.

Pure state and JSON shapes; nothing here knows sockets. Everything is touched by the server's own thread only.
"""
import base64
import copy
import itertools
import json
import random
import re
import time
import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime

import slack_blocks

ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'


class Ids:
    """Ids in Slack's style, the same in every run of a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.last_ts = 0.0

    def make(self, prefix, length=10):
        return prefix + ''.join(self.random.choice(ALPHABET) for _ in range(length))

    def block(self):
        return self.make('', 5)

    def hexes(self, length):
        return ''.join(self.random.choice('0123456789abcdef') for _ in range(length))

    def uuid(self):
        return '-'.join(self.hexes(n) for n in (8, 4, 4, 4, 12))

    def ts(self):
        """A message time stamp: seconds with six decimals, never twice."""
        now = max(round(time.time(), 6), self.last_ts + 0.000001)
        self.last_ts = now
        return f'{now:.6f}'


@dataclass
class UserState:
    id: str
    name: str
    real_name: str
    display_name: str
    tz: str = 'Asia/Seoul'
    locale: str = 'ko-KR'
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    email: str = ''
    home: dict = None                      # the view shown in the home tab
    stack: list = field(default_factory=list)       # view ids of the open modal, top last

    def offset(self):
        try:
            return int(datetime.now(zoneinfo.ZoneInfo(self.tz)).utcoffset().total_seconds())
        except Exception:                  # an unknown zone name is a test's own choice
            return 0

    def json(self, team, include_locale=False):
        names = {'real_name': self.real_name, 'real_name_normalized': self.real_name,
                 'display_name': self.display_name, 'display_name_normalized': self.display_name}
        out = {'id': self.id, 'team_id': team, 'name': self.name, 'deleted': self.deleted}
        profile = dict(names, title='', phone='', skype='', status_text='', status_emoji='', team=team,
                       avatar_hash='g' + self.id.lower(), image_48='https://example.invalid/48.png')
        if not self.deleted:
            out.update({'color': '9f69e7', 'real_name': self.real_name, 'tz': self.tz, 'tz_label': self.tz,
                        'tz_offset': self.offset(), 'is_admin': self.is_admin or self.is_owner,
                        'is_owner': self.is_owner, 'is_primary_owner': False, 'is_restricted': False,
                        'is_ultra_restricted': False, 'who_can_share_contact_card': 'EVERYONE'})
            if include_locale:
                out['locale'] = self.locale
        out.update({'profile': profile, 'is_bot': self.is_bot, 'is_app_user': False, 'updated': 1700000000})
        return out


@dataclass
class ChannelState:
    id: str
    name: str
    kind: str                              # public, private, im, mpim
    creator: str
    members: list = field(default_factory=list)
    archived: bool = False
    user: str = ''                         # the other side of an im
    created: int = field(default_factory=lambda: int(time.time()))
    messages: dict = field(default_factory=dict)    # ts -> Message, in order
    tombstones: set = field(default_factory=set)    # ts of deleted messages

    @property
    def type(self):
        return {'public': 'channel', 'private': 'group', 'im': 'im', 'mpim': 'mpim'}[self.kind]

    def json(self, bot, team, num_members=False):
        if self.kind == 'im':
            return {'id': self.id, 'created': self.created, 'is_archived': self.archived, 'is_im': True,
                    'is_org_shared': False, 'context_team_id': team, 'user': self.user, 'is_user_deleted': False,
                    'is_open': True, 'priority': 0}
        out = {'id': self.id, 'name': self.name, 'is_channel': self.kind == 'public',
               'is_group': self.kind == 'private', 'is_im': False, 'is_mpim': self.kind == 'mpim',
               'is_private': self.kind != 'public', 'created': self.created, 'is_archived': self.archived,
               'is_general': False, 'unlinked': 0, 'name_normalized': self.name, 'is_shared': False,
               'is_org_shared': False, 'is_pending_ext_shared': False, 'pending_shared': [], 'context_team_id': team,
               'updated': self.created * 1000, 'creator': self.creator, 'is_ext_shared': False,
               'shared_team_ids': [team], 'is_member': bot in self.members,
               'topic': {'value': '', 'creator': '', 'last_set': 0},
               'purpose': {'value': '', 'creator': '', 'last_set': 0}, 'previous_names': []}
        if num_members:
            out['num_members'] = len(self.members)
        return out


@dataclass
class Message:
    """A message as a test sees it: .text raw, .plain as read, .buttons, .versions of earlier texts."""
    ts: str
    channel: str
    user: str
    text: str
    blocks: list = field(default_factory=list)
    attachments: list = field(default_factory=list)
    bot: bool = False
    subtype: str = ''
    thread_ts: str = ''
    broadcast: bool = False
    edited: bool = False
    deleted: bool = False
    ephemeral_for: str = ''
    metadata: dict = None
    reactions: list = field(default_factory=list)   # (name, user)
    versions: list = field(default_factory=list)    # (text, plain) before each edit
    plain: str = ''
    via: str = ''                                   # how it came: method name, response_url, ack, or user
    client_msg_id: str = ''
    envelopes: list = field(default_factory=list)   # what told the app of it

    def render(self, names):
        self.plain = slack_blocks.render(self.blocks, names) if self.blocks else slack_blocks.show_mrkdwn(
            self.text, names)
        if self.attachments:
            self.plain += ''.join('\n' + (a.get('text') or a.get('fallback') or '') for a in self.attachments)

    @property
    def elements(self):
        return [(block, e) for block in self.blocks for e in slack_blocks.elements_of(block)]

    @property
    def buttons(self):
        """Labels of the buttons, in order."""
        return [slack_blocks.unescape(e['text']['text']) for _, e in self.elements if e['type'] == 'button']


@dataclass
class View:
    """A modal or home tab as a test sees it: .title, .plain, .blocks, .values typed so far."""
    id: str
    user: str
    content: dict
    root: str = ''
    previous: str = None
    hash: str = ''
    closed: bool = False
    errors: dict = field(default_factory=dict)      # block_id -> message shown under the field
    versions: list = field(default_factory=list)    # earlier contents
    names: dict = field(default_factory=dict)

    @property
    def type(self):
        return self.content['type']

    @property
    def title(self):
        return slack_blocks.unescape((self.content.get('title') or {}).get('text', ''))

    @property
    def blocks(self):
        return self.content['blocks']

    @property
    def plain(self):
        return slack_blocks.render(self.blocks, self.names)

    @property
    def inputs(self):
        return [b for b in self.blocks if b['type'] == 'input']

    @property
    def elements(self):
        return [(block, e) for block in self.blocks for e in slack_blocks.elements_of(block)]

    @property
    def buttons(self):
        return [slack_blocks.unescape(e['text']['text']) for _, e in self.elements if e['type'] == 'button']


@dataclass
class Trigger:
    id: str
    user: str
    born: float
    view: str = ''                         # the modal it came from; views.push needs one
    used: bool = False


@dataclass
class ResponseUrl:
    path: str
    channel: str
    user: str
    born: float
    message_ts: str = ''
    ephemeral: bool = False
    used: int = 0


class World:
    """All state of the workspace."""

    def __init__(self, seed=1, now=time.time):
        self.ids = Ids(seed)
        self.now = now
        self.team, self.app = self.ids.make('T'), self.ids.make('A')
        self.domain, self.team_name = 'testers', 'Testers'
        self.token = self.ids.make('', 24)             # the legacy verification token in every payload
        self.bot_id = self.ids.make('B')
        self.users, self.channels, self.views = {}, {}, {}
        self.triggers, self.response_urls, self.files = {}, {}, {}
        self.ephemerals = []
        self.bot = self.add_user('interviewbot', is_bot=True, real_name='Interviewer', display_name='')
        self.events = itertools.count(1)

    # People and channels ---------------------------------------------------------------------------------------

    def add_user(self, name, real_name=None, display_name=None, **more):
        real_name = name.capitalize() if real_name is None else real_name
        user = UserState(self.ids.make('U'), name, real_name, real_name if display_name is None else display_name,
                         **more)
        user.email = user.email or f'{name}@example.invalid'
        self.users[user.id] = user
        return user

    def add_channel(self, name, kind='public', creator='', members=(), user=''):
        prefix = {'im': 'D', 'mpim': 'G'}.get(kind, 'C')
        channel = ChannelState(self.ids.make(prefix), name, kind, creator, list(members), user=user)
        self.channels[channel.id] = channel
        return channel

    def im_with(self, user_id):
        for channel in self.channels.values():
            if channel.kind == 'im' and channel.user == user_id and self.bot.id in channel.members:
                return channel
        return self.add_channel('directmessage', 'im', user_id, [user_id, self.bot.id], user_id)

    def names(self):
        names = {u.id: u.display_name or u.real_name or u.name for u in self.users.values()}
        names.update({c.id: c.name for c in self.channels.values()})
        return names

    def find_channel(self, key):
        """A channel by id, name, #name, or (as chat.postMessage allows) a person's id."""
        key = key.lstrip('#') if key.startswith('#') else key
        if key in self.channels:
            return self.channels[key]
        if key in self.users:
            return self.im_with(key)
        return next((c for c in self.channels.values() if c.name == key and c.kind in ('public', 'private')), None)

    # What users type -------------------------------------------------------------------------------------------

    def typed(self, text):
        """What a person typed, as Slack stores it: & < > escaped, mentions of known people kept, URLs wrapped."""
        out, known = [], {**self.users, **self.channels}
        for part in re.split(r'(<@\w+>|<#\w+(?:\|[^<>]*)?>|https?://[^\s<>|]+)', text):
            inner = re.match(r'<[@#](\w+)', part)
            if inner and inner.group(1) in known:
                out.append(part)
            elif re.match(r'https?://', part):
                out.append('<' + slack_blocks.escape(part) + '>')
            else:
                out.append(slack_blocks.escape(part))
        return ''.join(out)

    def rich_text(self, text):
        """The rich_text block Slack adds to a person's message."""
        elements = []
        for part in re.split(r'(<@\w+>)', text):
            if re.fullmatch(r'<@\w+>', part):
                elements.append({'type': 'user', 'user_id': part[2:-1]})
            elif part:
                elements.append({'type': 'text', 'text': slack_blocks.unescape(part)})
        return [{'type': 'rich_text', 'block_id': self.ids.block(),
                 'elements': [{'type': 'rich_text_section', 'elements': elements}]}]

    # JSON shapes -----------------------------------------------------------------------------------------------

    def message_json(self, message, with_channel=False):
        out = {'type': 'message', 'user': message.user, 'text': message.text, 'ts': message.ts, 'team': self.team}
        if message.client_msg_id:
            out['client_msg_id'] = message.client_msg_id
        if message.bot:
            out.update({'bot_id': self.bot_id, 'app_id': self.app,
                        'bot_profile': {'id': self.bot_id, 'app_id': self.app, 'name': self.bot.real_name,
                                        'icons': {}, 'deleted': False, 'updated': 1700000000, 'team_id': self.team}})
        for key in ('subtype', 'thread_ts', 'blocks', 'attachments', 'metadata'):
            if getattr(message, key):
                out[key] = copy.deepcopy(getattr(message, key))
        if message.thread_ts and message.thread_ts != message.ts:
            parent = self.channels[message.channel].messages.get(message.thread_ts)
            out['parent_user_id'] = parent.user if parent else ''
        if message.edited:
            out['edited'] = {'user': message.user, 'ts': message.ts}
        if message.reactions:
            names = {}
            for name, user in message.reactions:
                names.setdefault(name, []).append(user)
            out['reactions'] = [{'name': n, 'users': u, 'count': len(u)} for n, u in names.items()]
        replies = self.replies(message)
        if replies:
            out.update({'thread_ts': message.ts, 'reply_count': len(replies), 'latest_reply': replies[-1].ts,
                        'reply_users': sorted({r.user for r in replies}),
                        'reply_users_count': len({r.user for r in replies}), 'is_locked': False, 'subscribed': True})
        if with_channel:
            out['channel'] = message.channel
        return out

    def replies(self, message):
        channel = self.channels.get(message.channel)
        if not channel or message.ephemeral_for:
            return []
        return [m for m in channel.messages.values() if m.thread_ts == message.ts and m.ts != message.ts]

    def view_json(self, view, values=None):
        content = view.content
        out = {'id': view.id, 'team_id': self.team, 'type': content['type'], 'blocks': copy.deepcopy(view.blocks),
               'private_metadata': content.get('private_metadata', ''), 'callback_id': content.get('callback_id', ''),
               'state': {'values': values or {}}, 'hash': view.hash,
               'title': content.get('title') or {'type': 'plain_text', 'text': 'View Title', 'emoji': True},
               'clear_on_close': content.get('clear_on_close', False),
               'notify_on_close': content.get('notify_on_close', False), 'close': content.get('close'),
               'submit': content.get('submit'), 'previous_view_id': view.previous, 'root_view_id': view.root or view.id,
               'app_id': self.app, 'external_id': content.get('external_id', ''),
               'app_installed_team_id': self.team, 'bot_id': self.bot_id}
        return out

    def event_payload(self, event, event_id=None):
        """The event_callback wrapper."""
        channel = event.get('channel')
        channel = channel.get('id') if isinstance(channel, dict) else channel
        context = {'et': event['type'], 'tid': self.team, 'aid': self.app, 'cid': channel}
        encoded = base64.b64encode(json.dumps(context, separators=(',', ':')).encode()).decode().rstrip('=')
        return {'token': self.token, 'team_id': self.team, 'context_team_id': self.team,
                'context_enterprise_id': None, 'api_app_id': self.app, 'event': event, 'type': 'event_callback',
                'event_id': event_id or 'Ev' + self.ids.make('', 8), 'event_time': int(self.now()),
                'authorizations': [{'enterprise_id': None, 'team_id': self.team, 'user_id': self.bot.id,
                                    'is_bot': True, 'is_enterprise_install': False}],
                'is_ext_shared_channel': False, 'event_context': '4-' + encoded}

    def who(self, user):
        return {'id': user.id, 'username': user.name, 'name': user.name, 'team_id': self.team}

    def channel_ref(self, channel):
        return {'id': channel.id, 'name': {'im': 'directmessage', 'private': 'privategroup'}.get(
            channel.kind, channel.name)}

    def interaction(self, kind, user, trigger):
        out = {'type': kind, 'user': self.who(user), 'api_app_id': self.app, 'token': self.token,
               'team': {'id': self.team, 'domain': self.domain}, 'enterprise': None, 'is_enterprise_install': False}
        if trigger:
            out['trigger_id'] = trigger.id
        return out

    def slash_payload(self, user, channel, command, text, trigger, url):
        return {'token': self.token, 'team_id': self.team, 'team_domain': self.domain, 'channel_id': channel.id,
                'channel_name': self.channel_ref(channel)['name'], 'user_id': user.id, 'user_name': user.name,
                'command': command, 'text': text, 'api_app_id': self.app, 'is_enterprise_install': 'false',
                'response_url': url, 'trigger_id': trigger.id}

    # Single-use things -----------------------------------------------------------------------------------------

    def new_trigger(self, user, view=''):
        trigger = Trigger(f'{self.ids.random.randrange(10**12, 10**13)}.{self.ids.random.randrange(10**12, 10**13)}.'
                          + self.ids.hexes(32), user.id, time.monotonic(), view)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, kind, channel, user, message_ts='', ephemeral=False):
        path = f'/{kind}/{self.team}/{self.ids.random.randrange(10**12, 10**13)}/{self.ids.make("", 24)}'
        self.response_urls[path] = ResponseUrl(path, channel.id, user.id, time.monotonic(), message_ts, ephemeral)
        return path

    def new_view(self, user, content, previous=None, root=''):
        view = View(self.ids.make('V'), user.id, self.store_view(content), root, previous, self.new_hash(),
                    names=self.names())
        view.root = root or view.id
        self.views[view.id] = view
        return view

    def store_view(self, content):
        content = copy.deepcopy(content)
        content['blocks'] = slack_blocks.store_blocks(content['blocks'], self.ids.block)
        for key in ('title', 'submit', 'close'):
            if content.get(key):
                slack_blocks.complete_texts(content[key])
        return content

    def new_hash(self):
        return f'{int(self.now())}.{self.ids.hexes(8)}'


