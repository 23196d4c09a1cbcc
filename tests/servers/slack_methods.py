"""What the Web API's methods do to the workspace. Arguments arrive with checked names and types.

SlackError(offence=True) marks what a client could have known: a malformed message, a view of the wrong shape. Errors
that depend on what people did meanwhile (the channel is gone, the trigger is old) are no offence.
"""
import time

import slack_blocks
from slack_reading import Reading, SlackError
from slack_world import Message

TEXT_LIMIT = 40000                 # chat.postMessage
UPDATE_TEXT_LIMIT = 4000           # chat.update, by its own page
ATTACHMENT_LIMIT = 100


class Methods(Reading):
    def run(self, name, args, token):
        method = getattr(self, name.replace('.', '_'), None)
        if method is None:
            raise SlackError('unknown_method', True, ['known to Slack but not played by this server'])
        return method(args, token)

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
