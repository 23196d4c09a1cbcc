"""The Web API's methods that look things up or touch memberships and files, and the errors all methods share.

SlackError(offence=True) marks what a client could have known; errors that depend on what people did are no offence.
"""
import base64
import time

import slack_blocks


class SlackError(Exception):
    def __init__(self, error, offence=False, messages=(), **extra):
        super().__init__(error)
        self.error, self.offence, self.messages, self.extra = error, offence, list(messages), extra


class Reading:
    """The base of Methods: finding things, conversations, people, files."""

    def __init__(self, server):
        self.server = server
        self.trigger_ttl = 3.0
        self.url_ttl, self.url_uses = 30 * 60.0, 5

    @property
    def world(self):
        return self.server.world

    # Finding -------------------------------------------------------------------------------------------------------

    def channel(self, args, member=True, key='channel'):
        """The channel of a call; private ones without the bot do not exist for it."""
        channel = self.world.find_channel(args[key])
        bot = self.world.bot.id
        if channel is None or channel.kind != 'public' and bot not in channel.members:
            raise SlackError('channel_not_found')
        if member and bot not in channel.members:
            raise SlackError('not_in_channel')
        return channel

    def message(self, channel, ts, error='message_not_found'):
        message = channel.messages.get(ts)
        if message is None:
            raise SlackError(error, offence=ts not in channel.tombstones)
        return message

    def user(self, user_id, error='user_not_found'):
        user = self.world.users.get(user_id)
        if user is None:
            raise SlackError(error)
        return user

    def page(self, items, args, limit=100, most=1000):
        """One page of a list and its response_metadata."""
        size = args.get('limit') or limit
        if not 1 <= size <= most:
            raise SlackError('invalid_limit', True)
        start = 0
        if args.get('cursor'):
            try:
                start = int(base64.b64decode(args['cursor'], validate=True).decode().split(':')[1])
            except (ValueError, IndexError):
                raise SlackError('invalid_cursor', True) from None
        following = base64.b64encode(f'next:{start + size}'.encode()).decode() if start + size < len(items) else ''
        return items[start:start + size], {'next_cursor': following}

    # Conversations -------------------------------------------------------------------------------------------------

    def visible(self, args):
        kinds = {'public_channel': 'public', 'private_channel': 'private', 'mpim': 'mpim', 'im': 'im'}
        asked = (args.get('types') or 'public_channel').split(',')
        unknown = [a for a in asked if a.strip() not in kinds]
        if unknown:
            raise SlackError('invalid_types', True, unknown)
        wanted = {kinds[a.strip()] for a in asked}
        bot = self.world.bot.id
        return [c for c in self.world.channels.values() if c.kind in wanted and not (
            args.get('exclude_archived') and c.archived) and (c.kind == 'public' or bot in c.members)]

    def channel_json(self, channel, count=False):
        return channel.json(self.world.bot.id, self.world.team, count)

    def conversations_list(self, args, token):
        page, more = self.page(self.visible(args), args)
        return {'channels': [self.channel_json(c, True) for c in page], 'response_metadata': more}

    def users_conversations(self, args, token):
        user = args.get('user') or self.world.bot.id
        page, more = self.page([c for c in self.visible(args) if user in c.members], args)
        return {'channels': [self.channel_json(c) for c in page], 'response_metadata': more}

    def conversations_info(self, args, token):
        channel = self.channel(args, member=False)
        return {'channel': self.channel_json(channel, bool(args.get('include_num_members')))}

    def conversations_members(self, args, token):
        page, more = self.page(self.channel(args, member=False).members, args)
        return {'members': page, 'response_metadata': more}

    def conversations_open(self, args, token):
        if bool(args.get('users')) == bool(args.get('channel')):
            raise SlackError('invalid_arguments', True, ['either channel or users'])
        if args.get('channel'):
            channel = self.channel(args)
        else:
            channel = self.open_with([u.strip() for u in args['users'].split(',')])
        full = self.channel_json(channel) if args.get('return_im') else {'id': channel.id}
        return {'no_op': True, 'already_open': True, 'channel': full} if args.get('return_im') else {'channel': full}

    def open_with(self, ids):
        users = [self.user(i) for i in ids]
        if any(u.deleted for u in users):
            raise SlackError('user_disabled')
        if any(u.id == self.world.bot.id for u in users):
            raise SlackError('cannot_dm_bot')
        if len(users) > 8:
            raise SlackError('too_many_users', True)
        if len(users) == 1:
            return self.world.im_with(users[0].id)
        members = sorted(u.id for u in users) + [self.world.bot.id]
        for channel in self.world.channels.values():
            if channel.kind == 'mpim' and sorted(channel.members) == sorted(members):
                return channel
        name = 'mpdm-' + '--'.join(u.name for u in users) + '-1'
        return self.world.add_channel(name, 'mpim', self.world.bot.id, members)

    def history(self, messages, args):
        oldest, latest = float(args.get('oldest') or 0), float(args.get('latest') or 1e12)
        if args.get('inclusive'):
            chosen = [m for m in messages if oldest <= float(m.ts) <= latest]
        else:
            chosen = [m for m in messages if oldest < float(m.ts) < latest]
        return chosen

    def conversations_history(self, args, token):
        channel = self.channel(args)
        roots = [m for m in channel.messages.values() if not m.thread_ts or m.thread_ts == m.ts or m.broadcast]
        page, more = self.page(self.history(roots, args)[::-1], args)
        return {'messages': [self.world.message_json(m) for m in page], 'has_more': bool(more['next_cursor']),
                'pin_count': 0, 'response_metadata': more}

    def conversations_replies(self, args, token):
        channel = self.channel(args)
        root = self.message(channel, args['ts'], 'thread_not_found')
        page, more = self.page([root] + self.history(self.world.replies(root), args), args)
        return {'messages': [self.world.message_json(m) for m in page], 'has_more': bool(more['next_cursor']),
                'response_metadata': more}

    def conversations_join(self, args, token):
        channel = self.channel(args, member=False)
        if channel.kind != 'public':
            raise SlackError('method_not_supported_for_channel_type', True)
        if self.world.bot.id not in channel.members:
            self.server.add_member(channel, self.world.bot)
        return {'channel': self.channel_json(channel)}

    def conversations_leave(self, args, token):
        channel = self.channel(args)
        self.server.remove_member(channel, self.world.bot)
        return {}

    def conversations_mark(self, args, token):
        self.message(self.channel(args), args['ts'])
        return {}

    def conversations_close(self, args, token):
        self.channel(args)
        return {}

    # People and the rest -------------------------------------------------------------------------------------------

    def users_info(self, args, token):
        return {'user': self.user(args['user']).json(self.world.team, bool(args.get('include_locale')))}

    def users_list(self, args, token):
        page, more = self.page(list(self.world.users.values()), args)
        return {'members': [u.json(self.world.team, bool(args.get('include_locale'))) for u in page],
                'cache_ts': int(time.time()), 'response_metadata': more}

    def users_profile_get(self, args, token):
        return {'profile': self.user(args.get('user') or self.world.bot.id).json(self.world.team)['profile']}

    def users_lookupByEmail(self, args, token):
        found = next((u for u in self.world.users.values() if u.email == args['email']), None)
        if found is None:
            raise SlackError('users_not_found')
        return {'user': found.json(self.world.team)}

    def users_getPresence(self, args, token):
        self.user(args.get('user') or self.world.bot.id)
        return {'presence': 'active'}

    def auth_test(self, args, token):
        out = {'url': f'https://{self.world.domain}.slack.com/', 'team': self.world.team_name,
               'user': self.world.bot.name, 'team_id': self.world.team, 'user_id': self.world.bot.id,
               'bot_id': self.world.bot_id, 'is_enterprise_install': False}
        if token['kind'] == 'app':
            out = {'app_name': self.world.bot.real_name, 'app_id': self.world.app}
        return out

    def api_test(self, args, token):
        if args.get('error'):
            raise SlackError(args['error'])
        return {'args': args}

    def team_info(self, args, token):
        return {'team': {'id': self.world.team, 'name': self.world.team_name, 'domain': self.world.domain,
                         'email_domain': '', 'icon': {}, 'url': f'https://{self.world.domain}.slack.com/'}}

    def bots_info(self, args, token):
        if args.get('bot') and args['bot'] != self.world.bot_id:
            raise SlackError('bot_not_found')
        return {'bot': {'id': self.world.bot_id, 'deleted': False, 'name': self.world.bot.real_name,
                        'updated': 1700000000, 'app_id': self.world.app, 'user_id': self.world.bot.id, 'icons': {}}}

    def emoji_list(self, args, token):
        return {'emoji': {}, 'cache_ts': '1700000000.000000'}

    def apps_connections_open(self, args, token):
        if not self.server.hub.enabled:
            raise SlackError('socket_mode_not_enabled', True, ['Socket Mode was turned off (link_disabled)'])
        return {'url': self.server.hub.open_url()}

    # Files: an upload is two calls and one POST in between -----------------------------------------------------------

    def files_getUploadURLExternal(self, args, token):
        if args['length'] <= 0:
            raise SlackError('invalid_arguments', True, ['length must be positive'])
        file_id = self.world.ids.make('F')
        self.world.files[file_id] = {'id': file_id, 'name': args['filename'], 'title': args['filename'],
                                     'length': args['length'], 'content': None, 'done': False}
        return {'upload_url': f'http://{self.server.authority}/upload/v1/{file_id}', 'file_id': file_id}

    def files_completeUploadExternal(self, args, token):
        out = []
        for entry in args['files']:
            stored = self.world.files.get(entry.get('id'))
            if stored is None or stored['content'] is None:
                raise SlackError('file_not_found', True)
            stored.update(done=True, title=entry.get('title', stored['title']))
            out.append({'id': stored['id'], 'title': stored['title']})
        if args.get('channel_id'):
            channel = self.channel(args, key='channel_id')
            text = args.get('initial_comment') or ''
            self.post(channel, slack_blocks.normalise(text), [], [{'fallback': f['title'], 'text': f['title']}
                                                                  for f in out], {}, 'files.completeUploadExternal')
        return {'files': out}

    def files_info(self, args, token):
        stored = self.world.files.get(args['file'])
        if stored is None:
            raise SlackError('file_not_found')
        return {'file': {k: v for k, v in stored.items() if k != 'content'}}

    def files_delete(self, args, token):
        if self.world.files.pop(args['file'], None) is None:
            raise SlackError('file_not_found')
        return {}

    def files_list(self, args, token):
        return {'files': [{k: v for k, v in f.items() if k != 'content'} for f in self.world.files.values()],
                'paging': {'count': 100, 'total': len(self.world.files), 'page': 1, 'pages': 1}}
