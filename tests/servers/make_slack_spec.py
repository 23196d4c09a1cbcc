#!/usr/bin/env python3
"""Writes slack_spec.json: what the strict Slack test server checks a client against.

    make_slack_spec.py WEB_API_ARGS BLOCK_KIT_TYPES OPENAPI [EVENTS_ASYNCAPI] > slack_spec.json

WEB_API_ARGS    JSON extract of the type definitions of npm @slack/web-api: method -> argument -> type, required
BLOCK_KIT_TYPES JSON extract of the type definitions of npm @slack/types: type -> field -> type, required, doc
OPENAPI         slack_web_openapi_v2 of github slackapi/slack-api-specs (2021, archived): content types a method
                takes, and legacy arguments
EVENTS_ASYNCAPI slack_events_api_async_v1 of the same repository: the scope an event needs

The limits are read from the sentences of the type definitions. Where those are silent the limit is one of the
small tables below, each from the method's or block's page on docs.slack.dev.
"""
import json
import re
import sys

# Methods a bot of this kind could call. The others are known by name only.
FAMILIES = ('api.test', 'apps.connections.open', 'auth.test', 'bots.info', 'emoji.list', 'team.info')
PREFIXES = ('chat.', 'conversations.', 'files.', 'pins.', 'reactions.', 'users.', 'views.')
SKIP = re.compile(r'conversations\.(.*(Invite|invite|canvases|externalInvite|requestShared).*)|files\.(remote|comments)'
                  r'|chat\.(unfurl|startStream|appendStream|stopStream)|users\.(discoverable|deletePhoto|setPhoto)')

# (scope, rate tier) from each method's page on docs.slack.dev; 0 = "special": a limit of its own.
CONVERSATION_READ = 'channels:read,groups:read,im:read,mpim:read'
CONVERSATION_HISTORY = 'channels:history,groups:history,im:history,mpim:history'
CONVERSATION_WRITE = 'channels:manage,groups:write,im:write,mpim:write'
ACCESS = {
    'api.test': ('', 4), 'auth.test': ('', 0), 'apps.connections.open': ('connections:write', 3),
    'bots.info': ('users:read', 3), 'emoji.list': ('emoji:read', 2), 'team.info': ('team:read', 3),
    'chat.postMessage': ('chat:write', 0), 'chat.postEphemeral': ('chat:write', 4),
    'chat.update': ('chat:write', 3), 'chat.delete': ('chat:write', 3), 'chat.getPermalink': ('', 0),
    'chat.meMessage': ('chat:write', 3), 'chat.scheduleMessage': ('chat:write', 3),
    'chat.scheduledMessages.list': ('', 3), 'chat.deleteScheduledMessage': ('chat:write', 3),
    'conversations.open': (CONVERSATION_WRITE, 3), 'conversations.close': (CONVERSATION_WRITE, 2),
    'conversations.info': (CONVERSATION_READ, 3), 'conversations.list': (CONVERSATION_READ, 2),
    'conversations.members': (CONVERSATION_READ, 4), 'conversations.history': (CONVERSATION_HISTORY, 3),
    'conversations.replies': (CONVERSATION_HISTORY, 3), 'conversations.join': ('channels:join', 3),
    'conversations.leave': (CONVERSATION_WRITE, 3), 'conversations.mark': (CONVERSATION_WRITE, 3),
    'users.info': ('users:read', 4), 'users.list': ('users:read', 2),
    'users.conversations': (CONVERSATION_READ, 3), 'users.getPresence': ('users:read', 3),
    'users.lookupByEmail': ('users:read.email', 3), 'users.profile.get': ('users.profile:read', 4),
    'reactions.add': ('reactions:write', 3), 'reactions.remove': ('reactions:write', 2),
    'reactions.get': ('reactions:read', 3), 'pins.add': ('pins:write', 2), 'pins.remove': ('pins:write', 2),
    'files.getUploadURLExternal': ('files:write', 4), 'files.completeUploadExternal': ('files:write', 4),
    'files.info': ('files:read', 4), 'files.delete': ('files:write', 3), 'files.list': ('files:read', 3),
    'views.open': ('', 4), 'views.push': ('', 4), 'views.update': ('', 4), 'views.publish': ('', 4),
}

# Limits the type definitions do not spell out, from the block and element pages of docs.slack.dev.
EXTRA_LIMITS = {
    ('Overflow', 'options'): {'min': 1, 'max': 5},
    ('Checkboxes', 'options'): {'min': 1, 'max': 10},
    ('RadioButtons', 'options'): {'min': 1, 'max': 10},
    ('StaticSelect', 'option_groups'): {'max': 100},
    ('MultiStaticSelect', 'option_groups'): {'max': 100},
    ('PlainTextInput', 'initial_value'): {'max': 3000},
    ('ImageBlock', 'image_url'): {'max': 3000},
    ('ImageElement', 'image_url'): {'max': 3000},
    ('ImageElement', 'alt_text'): {'max': 2000},
    ('ActionsBlock', 'elements'): {'min': 1, 'max': 25},
    ('ContextBlock', 'elements'): {'min': 1, 'max': 10},
    ('SectionBlock', 'fields'): {'min': 1, 'max': 10},
    ('SectionBlock', 'text'): {'min': 1, 'max': 3000},
    ('RichTextBlock', 'elements'): {'min': 1},
    ('PlainTextElement', 'text'): {'min': 1, 'max': 3000},
    ('MrkdwnElement', 'text'): {'min': 1, 'max': 3000},
    ('MarkdownBlock', 'text'): {'min': 1, 'max': 12000},
    ('ModalView', 'external_id'): {'max': 255}, ('HomeView', 'external_id'): {'max': 255},
}

PATTERNS = [re.compile(p, re.I) for p in (
    r'maximum length (?:is|for .{0,60}? is|of)\s+([\d,]+)\s*characters',
    r'max length of ([\d,]+) characters', r'limited? (?:to )?([\d,]+) characters',
    r'must be less than ([\d,]+) characters', r'maximum number of (?:items|options|option groups) is ([\d,]+)',
    r'maximum of ([\d,]+) (?:items|elements|options)', r'max of ([\d,]+) blocks', r'array of up to ([\d,]+)',
    r'maximum ([\d,]+) rows')]


class TypeReader:
    """Reads a TypeScript type as printed in the .d.ts files into {t: kind, ...}."""
    TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_$][\w$.]*|-?\d+|[|&\[\]{}()<>,;:?])')

    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            m = self.TOKEN.match(text, at)
            if not m:
                break
            self.tokens.append(m.group(1))
            at = m.end()
        self.i = 0

    def peek(self):
        return self.tokens[self.i] if self.i < len(self.tokens) else ''

    def take(self):
        self.i += 1
        return self.tokens[self.i - 1]

    def read(self):
        options = [self.postfix()]
        while self.peek() in ('|', '&'):
            operator = self.take()
            right = self.postfix()
            options = [{'t': 'object'}] if operator == '&' else options + [right]
        return union(options)

    def postfix(self):
        kind = self.primary()
        while self.peek() == '[' and self.i + 1 < len(self.tokens) and self.tokens[self.i + 1] == ']':
            self.i += 2
            kind = {'t': 'array', 'of': kind}
        return kind

    def primary(self):
        token = self.take()
        if token == '|':
            return self.primary()
        if token == '(':
            kind = self.read()
            self.take()
            return kind
        if token == '[':                          # [T, ...T[]]: a list of at least one
            kind = self.postfix()
            while self.take() != ']':
                pass
            if self.peek() == ']':
                self.take()
            return {'t': 'array', 'of': kind, 'min': 1}
        if token == '{':
            return self.inline_object()
        if token[0] == '"':
            return {'t': 'enum', 'v': [json.loads(token)]}
        if re.fullmatch(r'-?\d+', token):
            return {'t': 'enum', 'v': [int(token)]}
        if token in ('true', 'false'):
            return {'t': 'enum', 'v': [token == 'true']}
        if token in ('string', 'number', 'boolean', 'undefined', 'any', 'unknown', 'null'):
            return {'t': {'unknown': 'any'}.get(token, token)}
        if self.peek() == '<':
            depth = 0
            while self.i < len(self.tokens):
                step = self.take()
                depth += {'<': 1, '>': -1}.get(step, 0)
                if depth == 0:
                    break
            return {'t': 'object'}
        return {'t': 'ref', 'v': [token]}

    def inline_object(self):
        fields = {}
        while self.peek() not in ('}', ''):
            name = self.take()
            required = 1
            if self.peek() == '?':
                self.take()
                required = 0
            if self.peek() != ':':
                break
            self.take()
            fields[name] = dict(self.read(), req=required)
            if self.peek() in (';', ','):
                self.take()
        if self.peek() == '}':
            self.take()
        return {'t': 'object', 'fields': fields}


def union(options):
    options = [o for o in options if o['t'] != 'undefined']
    if not options:
        return {'t': 'any'}
    if all(o['t'] == 'enum' for o in options):
        return {'t': 'enum', 'v': [v for o in options for v in o['v']]}
    if all(o['t'] == 'ref' for o in options):
        return {'t': 'ref', 'v': [v for o in options for v in o['v']]}
    return options[0] if len(options) == 1 else {'t': 'union', 'v': options}


def limit_of(doc):
    text = ' '.join(doc.split())
    low = re.search(r'minimum length (?:for .{0,40}? )?is ([\d,]+)', text, re.I)
    limits = {}
    for pattern in PATTERNS:
        found = pattern.search(text)
        if found:
            limits['max'] = int(found.group(1).replace(',', ''))
            break
    if low:
        limits['min'] = int(low.group(1))
    return limits


def block_types(source):
    out = {}
    for name, entry in source['types'].items():
        if not entry['file'].startswith(('block-kit/', 'views')) or name in ('View', 'Confirm'):
            continue
        if entry.get('union'):
            out[name] = {'union': entry['union']}
            continue
        if name in ('AnyBlock', 'KnownBlock', 'Block') or 'codePointAt' in entry.get('fields', {}):
            continue                                   # an alias of a primitive shows JavaScript's own members
        fields = {}
        for field, info in entry.get('fields', {}).items():
            kind = TypeReader(info['type']).read()
            kind.update(limit_of(info.get('doc', '')) if field != 'type' else {})
            kind.update(EXTRA_LIMITS.get((name, field), {}))
            kind['req'] = int(info['required'])
            if kind['t'] == 'ref' and kind['v'] == ['ColorScheme']:
                kind = {'t': 'enum', 'v': ['primary', 'danger'], 'req': 0}
            fields[field] = kind
        if fields:
            out[name] = {'fields': fields}
    for name in list(out):                              # a union of one shape is written as [] in the extract
        if out[name].get('union') == []:
            del out[name]
    for name in ('ImageBlock', 'ImageElement'):
        entry = source['types'][name]
        fields = {}
        for field, info in entry['fields'].items():
            kind = TypeReader(info['type']).read()
            kind.update(limit_of(info.get('doc', '')) if field != 'type' else {})
            kind.update(EXTRA_LIMITS.get((name, field), {}))
            kind['req'] = int(info['required'])
            fields[field] = kind
        out[name] = {'fields': fields}
    return out


def content_types(openapi, method):
    entry = openapi['paths'].get('/' + method)
    if not entry:
        return ['form', 'json'], []
    verb = next(iter(entry.values()))
    takes = ['json' if 'json' in kind else 'form' for kind in verb.get('consumes', [])]
    return takes, [p['name'] for p in verb['parameters'] if p['name'] != 'token']


def methods(args, openapi):
    out, names = {}, []
    for name, arguments in sorted(args['methods'].items()):
        if not (name in FAMILIES or name.startswith(PREFIXES)) or SKIP.search(name):
            names.append(name)
            continue
        takes, old = content_types(openapi, name)
        scope, tier = ACCESS.get(name, ('', 3))
        known = {}
        for argument, info in arguments.items():
            if argument != 'token':
                known[argument] = dict(TypeReader(info['type']).read(), req=int(info['required']))
            if argument == 'reply_broadcast':           # printed as one arm of a union; documented as a boolean
                known[argument] = {'t': 'boolean', 'req': 0}
        out[name] = {'args': known, 'takes': takes, 'scope': scope, 'tier': tier,
                     'legacy': sorted(set(old) - set(known))}
    return out, names


def event_scopes(asyncapi):
    out = {}
    for topic, entry in asyncapi.get('topics', {}).items():
        scopes = entry.get('subscribe', {}).get('x-scopes-required')
        if topic.startswith('message.') and scopes:
            out[topic] = scopes
    return out


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    args, blocks, openapi = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:4])
    asyncapi = json.load(open(sys.argv[4], encoding='utf-8')) if len(sys.argv) == 5 else {}
    played, others = methods(args, openapi)
    spec = {
        'origin': {
            'methods': args['source'], 'blocks': blocks['source'],
            'content_types': 'github slackapi/slack-api-specs, commit bc08db49625630e3585bf2f1322128ea04f2a7f3 (MIT)',
            'licence': 'MIT, Copyright (c) Slack Technologies, LLC. Generated by make_slack_spec.py; do not edit.',
        },
        'methods': played, 'other_methods': others, 'blocks': block_types(blocks),
        'event_scopes': event_scopes(asyncapi),
    }
    text = json.dumps(spec, ensure_ascii=False, separators=(',', ':'), sort_keys=True)
    # One method or block type a line: a diff of two versions stays readable.
    print(re.sub(r'("[\w.]+":\{"(?:args|fields|union)":)', r'\n\1', text))


if __name__ == '__main__':
    main()
