"""What the Web API's methods do to the workspace. Arguments arrive with checked names and types.

SlackError(offence=True) marks what a client could have known: a malformed message, a view of the wrong shape. Errors
that depend on what people did meanwhile (the channel is gone, the trigger is old) are no offence.
"""
import base64
import time

import slack_blocks
from slack_world import Message

TEXT_LIMIT = 40000                 # chat.postMessage
UPDATE_TEXT_LIMIT = 4000           # chat.update, by its own page
ATTACHMENT_LIMIT = 100


class SlackError(Exception):
    def __init__(self, error, offence=False, messages=(), **extra):
        super().__init__(error)
        self.error, self.offence, self.messages, self.extra = error, offence, list(messages), extra


class Methods:
    def __init__(self, server):
        self.server = server
        self.trigger_ttl = 3.0
        self.url_ttl, self.url_uses = 30 * 60.0, 5

    @property
    def world(self):
        return self.server.world

    def run(self, name, args, token):
        method = getattr(self, name.replace('.', '_'), None)
        if method is None:
            raise SlackError('unknown_method', True, ['known to Slack but not played by this server'])
        return method(args, token)

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

    # Messages ------------------------------------------------------------------------------------------------------

    def content(self, args, limit=TEXT_LIMIT, previous=None):
        """(text, blocks, attachments) of a message, checked."""
        text, blocks = args.get('text'), args.get('blocks')
        attachments = args.get('attachments')
        if args.get('markdown_text') is not None:
            if text or blocks:
                raise SlackError('markdown_text_conflict', True)
            if len(args['markdown_text']) > 12000:
                raise SlackError('msg_too_long', True, [f'{len(args["markdown_text"])} characters of markdown'])
            blocks = [{'type': 'markdown', 'text': args['markdown_text']}]
            text = args['markdown_text']
        if not (text and text.strip()) and not blocks and not attachments:
            raise SlackError('no_text', True)
        if text and len(text) > limit:
            raise SlackError('msg_too_long', True, [f'{len(text)} characters of text, {limit} allowed'])
        if text and len(text) > 4000:
            self.server.warn('long_text', f'{len(text)} characters of text; Slack advises at most 4,000')
        if blocks:
            error, messages = slack_blocks.check_message_blocks(blocks)
            if error:
                raise SlackError(error, True, messages)
        for attachment in attachments or []:
            if len(attachments) > ATTACHMENT_LIMIT:
                raise SlackError('too_many_attachments', True)
            error, messages = slack_blocks.check_message_blocks(attachment.get('blocks') or [])
            if error:
                raise SlackError('invalid_attachments', True, messages)
        stored = slack_blocks.store_blocks(blocks, self.world.ids.block) if blocks else []
        return slack_blocks.normalise(text or ''), stored, attachments or []

    def thread(self, channel, args):
        """The thread_ts of a post: the parent's, which must be there."""
        ts = args.get('thread_ts')
        if not ts:
            return ''
        parent = channel.messages.get(ts)
        if parent is None:
            raise SlackError('thread_not_found', offence=ts not in channel.tombstones)
        if parent.thread_ts and parent.thread_ts != parent.ts:
            self.server.breach('thread_ts', "a reply's ts as thread_ts: use its parent's")
            return parent.thread_ts
        return ts

    def post(self, channel, text, blocks, attachments, args, via, thread=''):
        message = Message(self.world.ids.ts(), channel.id, self.world.bot.id, text, blocks, attachments, bot=True,
                          thread_ts=thread, metadata=args.get('metadata'), via=via,
                          broadcast=bool(args.get('reply_broadcast')))
        self.server.store(channel, message, args.get('parse') == 'full' or bool(args.get('link_names')))
        return message

    def chat_postMessage(self, args, token):
        channel = self.world.find_channel(args['channel'])
        if channel and channel.kind == 'public' and 'chat:write.public' in token['scopes']:
            channel = self.channel(args, member=False)
        else:
            channel = self.channel(args)
        if channel.archived:
            raise SlackError('is_archived')
        if channel.kind == 'im' and self.world.users[channel.user].deleted:
            raise SlackError('channel_not_found')
        customised = [k for k in ('username', 'icon_url', 'icon_emoji') if args.get(k)]
        if customised and 'chat:write.customize' not in token['scopes']:
            raise SlackError('missing_scope', True, needed='chat:write.customize',
                             provided=','.join(sorted(token['scopes'])))
        text, blocks, attachments = self.content(args)
        thread = self.thread(channel, args)
        message = self.post(channel, text, blocks, attachments, args, 'chat.postMessage', thread)
        return {'channel': channel.id, 'ts': message.ts, 'message': self.world.message_json(message)}

    def chat_meMessage(self, args, token):
        channel = self.channel(args)
        text, blocks, attachments = self.content(args)
        return {'channel': channel.id, 'ts': self.post(channel, text, blocks, attachments, args, 'chat.meMessage').ts}

    def chat_postEphemeral(self, args, token):
        channel = self.channel(args)
        user = self.world.users.get(args['user'])
        if user is None or user.id not in channel.members:
            raise SlackError('user_not_in_channel')
        text, blocks, attachments = self.content(args)
        thread = self.thread(channel, args)
        message = self.server.store_ephemeral(channel, user, text, blocks, attachments, 'chat.postEphemeral', thread)
        return {'message_ts': message.ts}

    def own(self, channel, ts, error):
        message = self.message(channel, ts)
        if not message.bot:
            raise SlackError(error, True)
        return message

    def chat_update(self, args, token):
        channel = self.channel(args)
        message = self.own(channel, args['ts'], 'cant_update_message')
        if channel.archived:
            raise SlackError('is_archived')
        if args.get('blocks') == [] and args.get('text'):
            args = dict(args, blocks=None)
            cleared = True
        else:
            cleared = False
        text, blocks, attachments = self.content(args, UPDATE_TEXT_LIMIT)
        if 'blocks' not in args and not cleared:
            blocks = message.blocks            # kept unless given: the page of chat.update says so
        if 'attachments' not in args:
            attachments = message.attachments
        self.server.edit(channel, message, text, blocks, attachments)
        return {'channel': channel.id, 'ts': message.ts, 'text': message.text,
                'message': self.world.message_json(message)}

    def chat_delete(self, args, token):
        channel = self.channel(args)
        message = self.own(channel, args['ts'], 'cant_delete_message')
        self.server.delete(channel, message)
        return {'channel': channel.id, 'ts': args['ts']}

    def chat_getPermalink(self, args, token):
        channel = self.channel(args, member=False)
        message = self.message(channel, args['message_ts'])
        return {'channel': channel.id,
                'permalink': f'https://{self.world.domain}.slack.com/archives/{channel.id}/p{message.ts.replace(".", "")}'}

    def reactions_add(self, args, token):
        channel = self.channel(args)
        message = self.message(channel, args['timestamp'])
        if not args['name'] or not all(c.isalnum() or c in '_+-:' for c in args['name'].strip(':')):
            raise SlackError('invalid_name', True)
        mark = (args['name'].strip(':'), self.world.bot.id)
        if mark in message.reactions:
            raise SlackError('already_reacted')
        if len({name for name, _ in message.reactions}) >= 23:
            raise SlackError('too_many_emoji')
        message.reactions.append(mark)
        return {}

    def reactions_remove(self, args, token):
        message = self.message(self.channel(args), args['timestamp'])
        mark = (args['name'].strip(':'), self.world.bot.id)
        if mark not in message.reactions:
            raise SlackError('no_reaction')
        message.reactions.remove(mark)
        return {}

    def reactions_get(self, args, token):
        channel = self.channel(args)
        message = self.message(channel, args['timestamp'])
        return {'type': 'message', 'channel': channel.id, 'message': self.world.message_json(message)}

    # Views ---------------------------------------------------------------------------------------------------------

    def exchange(self, args, push=False):
        """The person and trigger behind a trigger_id, used up by this."""
        if bool(args.get('trigger_id')) == bool(args.get('interactivity_pointer')):
            raise SlackError('invalid_arguments', True, ['either trigger_id or interactivity_pointer'])
        trigger = self.world.triggers.get(args.get('trigger_id') or args.get('interactivity_pointer'))
        if trigger is None:
            raise SlackError('invalid_trigger_id', True)
        if trigger.used:
            raise SlackError('exchanged_trigger_id', True)
        if time.monotonic() - trigger.born > self.trigger_ttl:
            raise SlackError('expired_trigger_id')
        trigger.used = True
        return self.world.users[trigger.user], trigger

    def check_view(self, view, want):
        error, messages = slack_blocks.check_view(view, want)
        if error:
            raise SlackError(error, True, messages)
        external = view.get('external_id')
        if external and any(v.content.get('external_id') == external and not v.closed
                            for v in self.world.views.values()):
            raise SlackError('duplicate_external_id', True)

    def views_open(self, args, token):
        self.check_view(args['view'], 'modal')
        user, _ = self.exchange(args)
        return {'view': self.world.view_json(self.server.show_view(user, args['view']))}

    def views_push(self, args, token):
        self.check_view(args['view'], 'modal')
        user, trigger = self.exchange(args)
        if not trigger.view or not user.stack:
            raise SlackError('not_found', True, ['the trigger does not come from an open modal'])
        if len(user.stack) >= 3:
            raise SlackError('push_limit_reached', True)
        return {'view': self.world.view_json(self.server.show_view(user, args['view'], push=True))}

    def views_update(self, args, token):
        if bool(args.get('view_id')) == bool(args.get('external_id')):
            raise SlackError('invalid_arguments', True, ['either view_id or external_id'])
        view = self.world.views.get(args.get('view_id')) if args.get('view_id') else next(
            (v for v in self.world.views.values() if v.content.get('external_id') == args['external_id']), None)
        if view is None:
            raise SlackError('not_found', True)
        if view.closed:
            raise SlackError('not_found')
        if args.get('hash') and args['hash'] != view.hash:
            raise SlackError('hash_conflict')
        error, messages = slack_blocks.check_view(args['view'], view.type)
        if error:
            raise SlackError(error, True, messages)
        self.server.update_view(view, args['view'])
        return {'view': self.world.view_json(view)}

    def views_publish(self, args, token):
        error, messages = slack_blocks.check_view(args['view'], 'home')
        if error:
            raise SlackError(error, True, messages)
        user = self.world.users.get(args['user_id'])
        if user is None or user.deleted:
            raise SlackError('invalid_arguments', False, ['user_id'])
        if args.get('hash') and user.home and args['hash'] != user.home.hash:
            raise SlackError('hash_conflict')
        return {'view': self.world.view_json(self.server.publish_home(user, args['view']))}

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
