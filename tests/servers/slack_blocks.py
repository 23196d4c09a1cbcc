"""Block Kit as Slack checks and stores it (slack_show.py: as it shows it).

check_blocks() and check_view() walk a value along slack_spec.json and return a list of errors in Slack's own form,
"must be less than 3001 characters [json-pointer:/blocks/0/text/text]"; an empty list means valid.
store_blocks() returns what Slack would hand back: ids filled in, plain text escaped.
Lengths are counted in Unicode code points of the string as sent.
"""
import copy
import json
import os
import re

from slack_show import elements_of, escape, find_pings, render, show_mrkdwn, unescape

__all__ = ['check_blocks', 'check_message_blocks', 'check_view', 'store_blocks', 'complete_texts', 'normalise', 'elements_of',
           'escape', 'unescape', 'find_pings', 'render', 'show_mrkdwn', 'SPEC', 'Checker']
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'slack_spec.json'), encoding='utf-8') as _file:
    SPEC = json.load(_file)
TYPES = SPEC['blocks']

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_BLOCK_CHARACTERS = 13200       # undocumented; measured by users, "about 13,200 characters" (bolt-js #2509)
VIEW_BYTES = 250 * 1000
ONLY_IN_MESSAGES = {'markdown', 'table', 'file', 'context_actions', 'card', 'carousel', 'task_card', 'plan',
                    'data_table', 'container'}
NOT_IN_HOME = {'file_input'}
NOT_IN_MESSAGES = {'alert'}


def members(name):
    """The plain types a type name stands for (unions flattened)."""
    entry = TYPES.get(name)
    if entry is None:
        return []
    if 'union' not in entry:
        return [name]
    return [plain for one in entry['union'] for plain in members(one)]


def type_tag(name):
    kind = TYPES[name]['fields'].get('type')
    return kind['v'] if kind and kind['t'] == 'enum' else None


BLOCKS_BY_TAG = {tag: name for name in TYPES if name.endswith('Block') and 'fields' in TYPES[name]
                 for tag in type_tag(name) or []}


class Checker:
    def __init__(self):
        self.errors = []

    def bad(self, pointer, text):
        self.errors.append(f'{text} [json-pointer:{pointer}]')

    def value(self, value, kind, pointer):
        getattr(self, 'is_' + kind['t'])(value, kind, pointer)

    def is_any(self, value, kind, pointer):
        pass

    def is_string(self, value, kind, pointer):
        if not isinstance(value, str):
            return self.bad(pointer, 'must be a string')
        self.length(value, kind, pointer)

    def length(self, value, kind, pointer):
        if len(value) > kind.get('max', 1 << 30):
            self.bad(pointer, f'must be less than {kind["max"] + 1} characters')
        if len(value) < kind.get('min', 0):
            self.bad(pointer, f'must be more than {kind["min"] - 1} characters')

    def is_number(self, value, kind, pointer):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.bad(pointer, 'must be a number')

    def is_boolean(self, value, kind, pointer):
        if not isinstance(value, bool):
            self.bad(pointer, 'must be a boolean')

    def is_enum(self, value, kind, pointer):
        if not any(value == v and isinstance(value, bool) == isinstance(v, bool) for v in kind['v']):
            self.bad(pointer, f'must be a valid enum value: {kind["v"]}')

    def is_array(self, value, kind, pointer):
        if not isinstance(value, list):
            return self.bad(pointer, 'must provide an array')
        if len(value) > kind.get('max', 1 << 30):
            self.bad(pointer, f'no more than {kind["max"]} items allowed')
        if len(value) < kind.get('min', 0):
            self.bad(pointer, f'must have at least {kind["min"]} items')
        for i, item in enumerate(value):
            self.value(item, kind['of'], f'{pointer}/{i}')

    def is_union(self, value, kind, pointer):
        """Any one alternative will do; report the first one's complaints otherwise."""
        first = None
        for option in kind['v']:
            trial = Checker()
            trial.value(value, option, pointer)
            if not trial.errors:
                return
            first = first or trial.errors
        self.errors += first or []

    def is_object(self, value, kind, pointer):
        if not isinstance(value, dict):
            return self.bad(pointer, 'must be an object')
        if 'fields' in kind:
            self.fields(value, kind['fields'], pointer)

    def is_ref(self, value, kind, pointer):
        if not isinstance(value, dict):
            return self.bad(pointer, 'must be an object')
        names = [plain for name in kind['v'] for plain in members(name)]
        name = self.choose(value, names, pointer)
        if not name:
            return
        self.fields(value, TYPES[name]['fields'], pointer)
        if ('max' in kind or 'min' in kind) and isinstance(value.get('text'), str):
            self.length(value['text'], kind, pointer + '/text')
        special = getattr(self, 'on_' + name, None)
        if special and not self.errors:
            special(value, pointer)

    def choose(self, value, names, pointer):
        if not names:
            return None
        tag = value.get('type')
        tagged = [n for n in names if type_tag(n)]
        if tagged:
            found = [n for n in tagged if tag in type_tag(n)]
            if not found:
                self.bad(pointer, f'unsupported type: {tag}')
                return None
            return found[0]
        text = value.get('text')                       # options carry no type: their text tells
        if isinstance(text, dict) and len(names) > 1:
            for name in names:
                want = TYPES[name]['fields'].get('text', {})
                if want.get('t') == 'ref' and text.get('type') in (type_tag(want['v'][0]) or []):
                    return name
        return names[0]

    def fields(self, value, fields, pointer):
        for name, kind in fields.items():
            if name in value:
                if value[name] is None:
                    self.bad(f'{pointer}/{name}', 'must not be null')
                else:
                    self.value(value[name], kind, f'{pointer}/{name}')
            elif kind.get('req'):
                self.bad(pointer, f'missing required field: {name}')
        for name in value:
            if name not in fields:
                self.bad(pointer, f'invalid additional property: {name}')

    # Rules the type definitions cannot say -------------------------------------------------------------------------

    def on_SectionBlock(self, value, pointer):
        if 'text' not in value and 'fields' not in value:
            self.bad(pointer, 'missing required field: text or fields')
        for i, field in enumerate(value.get('fields', [])):
            self.length(field['text'], {'max': 2000}, f'{pointer}/fields/{i}/text')

    def on_StaticSelect(self, value, pointer):
        if ('options' in value) == ('option_groups' in value):
            self.bad(pointer, 'must define either `options` or `option_groups`')
        if value.get('options') == []:
            self.bad(pointer + '/options', 'must have at least 1 items')
        known = value.get('options') or [o for g in value.get('option_groups', []) for o in g['options']]
        self.initial(value, known, pointer)
    on_MultiStaticSelect = on_StaticSelect

    def on_Checkboxes(self, value, pointer):
        self.initial(value, value['options'], pointer)
    on_RadioButtons = on_Checkboxes

    def initial(self, value, options, pointer):
        chosen = value.get('initial_options', []) + ([value['initial_option']] if 'initial_option' in value else [])
        if any(one not in options for one in chosen):
            self.bad(pointer, 'initial option must match one of the options')
        values = [o.get('value') for o in options]
        if None in values:
            self.bad(pointer, 'missing required field: value of an option')
        if len(set(values)) != len(values):
            self.bad(pointer, 'option values must be unique')

    def on_PlainTextInput(self, value, pointer):
        low, high = value.get('min_length', 0), value.get('max_length', 3000)
        if not 0 <= low <= 3000 or not 1 <= high <= 3000 or low > high:
            self.bad(pointer, 'min_length and max_length must be in order and at most 3000')
        if len(value.get('initial_value', '')) > high:
            self.bad(pointer + '/initial_value', f'must be less than {high + 1} characters')

    def on_Button(self, value, pointer):
        if 'url' in value and not re.match(r'^[a-z][a-z0-9+.-]*:', value['url'], re.I):
            self.bad(pointer + '/url', 'must be a valid url')

    def on_ImageBlock(self, value, pointer):
        if ('image_url' in value) == ('slack_file' in value):
            self.bad(pointer, 'must define either `image_url` or `slack_file`')
    on_ImageElement = on_ImageBlock


def check_blocks(blocks, surface, pointer='/blocks'):
    """Errors of a list of blocks for a surface: 'message', 'modal' or 'home'."""
    checker = Checker()
    if not isinstance(blocks, list):
        checker.bad(pointer, 'must provide an array')
        return checker.errors
    limit = MESSAGE_BLOCKS if surface == 'message' else VIEW_BLOCKS
    if len(blocks) > limit:
        checker.bad(pointer, f'no more than {limit} items allowed')
    seen, focus = set(), 0
    for i, block in enumerate(blocks):
        where = f'{pointer}/{i}'
        tag = block.get('type') if isinstance(block, dict) else None
        name = BLOCKS_BY_TAG.get(tag) if isinstance(tag, str) else None
        if not name:
            checker.bad(where, f'unsupported type: {tag}')
            continue
        if surface != 'message' and tag in ONLY_IN_MESSAGES or surface == 'message' and tag in NOT_IN_MESSAGES:
            checker.bad(where, f'unsupported type in a {surface}: {tag}')
        one = Checker()
        one.is_ref(block, {'v': [name]}, where)
        checker.errors += one.errors
        if not one.errors:
            focus += count_focus(block)
            check_ids(checker, block, where, seen)
    if focus > 1:
        checker.bad(pointer, 'only one element may have focus_on_load')
    return checker.errors


def check_ids(checker, block, where, seen):
    block_id = block.get('block_id')
    if block_id is not None:
        if block_id in seen:
            checker.bad(where, f'`block_id` {block_id} already exists')
        seen.add(block_id)
    ids = [e['action_id'] for e in elements_of(block) if 'action_id' in e]
    if len(ids) != len(set(ids)):
        checker.bad(where, f'`action_id` {ids} already exists')


def count_focus(block):
    return sum(bool(e.get('focus_on_load')) for e in elements_of(block))


def check_message_blocks(blocks):
    """(error name or None, messages) of a message's blocks."""
    errors = check_blocks(blocks, 'message')
    if errors:
        return 'invalid_blocks', errors
    size = len(json.dumps(blocks, ensure_ascii=False, separators=(',', ':')))
    if size > MESSAGE_BLOCK_CHARACTERS:
        return 'msg_blocks_too_long', [f'{size} characters of blocks']
    if sum(len(b['text']) for b in blocks if b['type'] == 'markdown') > 12000:
        return 'msg_blocks_too_long', ['more than 12000 characters of markdown']
    return None, []


def check_view(view, want=None):
    """(error name or None, messages) of a view; want is 'modal' or 'home' when only one will do."""
    if not isinstance(view, dict):
        return 'invalid_arguments', ['must be an object [json-pointer:/view]']
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        return 'view_too_large', []
    kind = view.get('type')
    if kind not in ('modal', 'home') or (want and kind != want):
        return 'invalid_arguments', [f'unsupported type: {kind} [json-pointer:/view/type]']
    checker = Checker()
    name = 'ModalView' if kind == 'modal' else 'HomeView'
    fields = {k: v for k, v in TYPES[name]['fields'].items()}
    fields['blocks'] = {'t': 'array', 'of': {'t': 'any'}, 'req': 1}
    checker.fields(view, fields, '/view')
    if isinstance(view.get('blocks'), list):
        checker.errors += check_blocks(view['blocks'], kind, '/view/blocks')
        has_input = any(isinstance(b, dict) and b.get('type') == 'input' for b in view['blocks'])
        if kind == 'modal' and has_input and 'submit' not in view:
            checker.bad('/view', '`submit` is required when an input block is within the blocks array')
    return ('invalid_arguments', checker.errors) if checker.errors else (None, [])


# Storing -----------------------------------------------------------------------------------------------------------

def normalise(text):
    """A message text as stored: a bare ampersand becomes an entity, existing entities and <…> stay."""
    return re.sub(r'&(?!amp;|lt;|gt;)', '&amp;', text)


def store_blocks(blocks, new_id):
    """A copy with block_id and action_id filled in and text objects completed; new_id() makes an id."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault('block_id', new_id())
        for element in elements_of(block):
            element.setdefault('action_id', new_id())
        complete_texts(block)
    return blocks


def complete_texts(value):
    if isinstance(value, list):
        for item in value:
            complete_texts(item)
    elif isinstance(value, dict):
        if value.get('type') == 'mrkdwn':
            value.setdefault('verbatim', False)
            value['text'] = normalise(value['text'])
        elif value.get('type') == 'plain_text':
            value.setdefault('emoji', True)
            value['text'] = normalise(value['text']).replace('<', '&lt;').replace('>', '&gt;')
        for item in value.values():
            if isinstance(item, (dict, list)):
                complete_texts(item)
