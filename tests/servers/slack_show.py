"""Block Kit and mrkdwn as people see it: render() to plain text, and find_pings(): what would notify somebody."""
import html
import re


def escape(text):
    """The three characters Slack escapes."""
    return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')


def unescape(text):
    return text.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&')


def elements_of(block):
    """The interactive elements directly in a block."""
    found = [e for e in block.get('elements', []) if isinstance(e, dict)] if block.get('type') in (
        'actions', 'context_actions') else []
    for key in ('accessory', 'element'):
        if isinstance(block.get(key), dict) and block[key].get('type') != 'image':
            found.append(block[key])
    return found


TOKEN = re.compile(r'<([^<>]*)>')


def show_mrkdwn(text, names=None):
    """mrkdwn as a person reads it: entities decoded, <…> resolved. The marks * _ ~ ` stay as they are."""
    names = names or {}

    def resolve(match):
        body, _, label = match.group(1).partition('|')
        if body.startswith('@'):
            return '@' + (names.get(body[1:]) or label or body[1:])
        if body.startswith('#'):
            return '#' + (label or names.get(body[1:]) or body[1:])
        if body.startswith('!date^'):
            return label
        if body.startswith('!'):
            return label if label.startswith('@') else '@' + (label or body[1:].split('^')[0])
        return label or body
    return unescape(TOKEN.sub(resolve, text))


def show_text(value, names):
    if not isinstance(value, dict):
        return ''
    text = value.get('text', '')
    return show_mrkdwn(text, names) if value.get('type') == 'mrkdwn' else html.unescape(text)


def show_rich(value, names):
    kind = value.get('type')
    if kind == 'text':
        return value['text']
    if kind == 'link':
        return value.get('text') or value['url']
    if kind == 'user':
        return '@' + names.get(value['user_id'], value['user_id'])
    if kind == 'channel':
        return '#' + names.get(value['channel_id'], value['channel_id'])
    if kind == 'broadcast':
        return '@' + value['range']
    if kind == 'emoji':
        return f':{value["name"]}:'
    if kind == 'date':
        return value.get('fallback', '')
    parts = [show_rich(e, names) for e in value.get('elements', [])]
    if kind == 'rich_text_list':
        return '\n'.join('• ' + p for p in parts)
    return ('\n' if kind == 'rich_text' else '').join(parts)


def show_block(block, names):
    kind = block['type']
    if kind == 'section':
        parts = [show_text(block.get('text'), names)] + [show_text(f, names) for f in block.get('fields', [])]
        parts += [show_element(e, names) for e in elements_of(block)]
    elif kind in ('actions', 'context_actions'):
        parts = [' '.join(show_element(e, names) for e in block['elements'])]
    elif kind == 'context':
        parts = [' '.join(e.get('alt_text') or show_text(e, names) for e in block['elements'])]
    elif kind == 'input':
        parts = [show_text(block['label'], names), show_element(block['element'], names),
                 show_text(block.get('hint'), names)]
    elif kind == 'rich_text':
        parts = [show_rich(block, names)]
    elif kind == 'markdown':
        parts = [block['text']]
    elif kind == 'image':
        parts = [show_text(block.get('title'), names), block['alt_text']]
    else:
        parts = [show_text(block.get('text'), names)]
    return '\n'.join(p for p in parts if p)


def show_element(element, names):
    if element['type'] in ('button', 'workflow_button'):
        return f'[{show_text(element["text"], names)}]'
    if element['type'] == 'plain_text_input':
        return f'[____ {show_text(element.get("placeholder"), names)}]'
    labels = [show_text(o.get('text'), names) for o in element.get('options', [])]
    return f'[{"/".join(labels) or element["type"]}]'


def render(blocks, names=None):
    """The blocks as plain text, one paragraph a block. Buttons appear as [label]."""
    return '\n'.join(p for p in (show_block(b, names or {}) for b in blocks) if p)


def visible_texts(blocks):
    """(kind, text) of every text in blocks: kind 'mrkdwn' or 'plain'."""
    found = []

    def walk(value):
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            if isinstance(value.get('text'), str):
                kind = 'mrkdwn' if value.get('type') in ('mrkdwn', 'markdown') else 'plain'
                found.append((kind, value['text']))
            for item in value.values():
                if isinstance(item, (dict, list)):
                    walk(item)
    walk(blocks)
    return found


PING = re.compile(r'<!(channel|here|everyone|group)(?:\|[^<>]*)?>|<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|<!subteam\^(\w+)[^<>]*>')
LOUD = re.compile(r'(?<![\w@])@(channel|here|everyone)\b')


def find_pings(text, blocks=None, parse_full=False):
    """[(kind, target)] a message would notify: kind channel, here, everyone, user or subteam."""
    found = []
    texts = [('mrkdwn', text or '')] + visible_texts(blocks or [])
    for kind, value in texts:
        if kind == 'mrkdwn':
            for broadcast, user, team in PING.findall(value):
                found.append((broadcast or ('user' if user else 'subteam'), user or team))
            if parse_full:
                found += [(word, '') for word in LOUD.findall(value)]

    def walk(value):
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            if value.get('type') == 'broadcast':
                found.append((value.get('range', ''), ''))
            if value.get('type') == 'user':
                found.append(('user', value.get('user_id', '')))
            for item in value.values():
                if isinstance(item, (dict, list)):
                    walk(item)
    walk(blocks or [])
    return found
