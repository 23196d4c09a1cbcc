#!/usr/bin/env python3
"""The strict Slack test server: Block Kit and views, every limit refused one past its end and taken at it."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers'))
from slack_raw_client import run_tests                                      # noqa: E402
from slack_scene import Scene, button, entry, modal, press_new, section, text  # noqa: E402


# Blocks -----------------------------------------------------------------------------------------------------------

BAD_BLOCKS = {
    'section of 3001': [section('x' * 3001)], 'empty section': [section('')], 'section of nothing': [{'type': 'section'}],
    'header of 151': [{'type': 'header', 'text': text('x' * 151)}],
    'header in mrkdwn': [{'type': 'header', 'text': text('x', 'mrkdwn')}],
    'button text of 76': [{'type': 'actions', 'elements': [button('x' * 76)]}],
    'button in mrkdwn': [{'type': 'actions', 'elements': [{'type': 'button', 'text': text('x', 'mrkdwn')}]}],
    'action_id of 256': [{'type': 'actions', 'elements': [button(action_id='x' * 256)]}],
    'value of 2001': [{'type': 'actions', 'elements': [button(value='x' * 2001)]}],
    'style': [{'type': 'actions', 'elements': [button(style='blue')]}],
    'value not a string': [{'type': 'actions', 'elements': [button(value=7)]}],
    '26 elements': [{'type': 'actions', 'elements': [button(action_id=str(i)) for i in range(26)]}],
    'no elements': [{'type': 'actions', 'elements': []}],
    'same action_id twice': [{'type': 'actions', 'elements': [button(action_id='a'), button(action_id='a')]}],
    'same block_id twice': [dict(section('a'), block_id='b'), dict(section('b'), block_id='b')],
    'block_id of 256': [dict(section('a'), block_id='b' * 256)],
    '11 context elements': [{'type': 'context', 'elements': [text('x')] * 11}],
    'button in context': [{'type': 'context', 'elements': [button()]}],
    '51 blocks': [section('x')] * 51, 'unknown block': [{'type': 'poem'}], 'no type': [{}], 'not an object': ['x'],
    'unknown property': [dict(section('x'), colour='red')], 'null property': [dict(section('x'), block_id=None)],
    'field of 2001': [{'type': 'section', 'fields': [text('x' * 2001)]}],
    '11 fields': [{'type': 'section', 'fields': [text('x')] * 11}],
    'overflow of 6': [{'type': 'actions', 'elements': [{'type': 'overflow', 'options': [
        {'text': text(str(i)), 'value': str(i)} for i in range(6)]}]}],
    'select of nothing': [{'type': 'actions', 'elements': [{'type': 'static_select', 'placeholder': text('p')}]}],
    'option of 76': [{'type': 'actions', 'elements': [{'type': 'static_select', 'options': [
        {'text': text('x' * 76), 'value': 'v'}]}]}],
    '101 options': [{'type': 'actions', 'elements': [{'type': 'static_select', 'options': [
        {'text': text('x'), 'value': str(i)} for i in range(101)]}]}],
    '11 checkboxes': [{'type': 'actions', 'elements': [{'type': 'checkboxes', 'options': [
        {'text': text('x'), 'value': str(i)} for i in range(11)]}]}],
    'image without alt': [{'type': 'image', 'image_url': 'https://example.com/a.png'}],
    'image without url': [{'type': 'image', 'alt_text': 'a'}],
    'confirm of 301': [{'type': 'actions', 'elements': [button(confirm={'text': text('x' * 301)})]}],
    'placeholder of 151': [entry(placeholder=text('x' * 151))], 'text input alone': [{'type': 'plain_text_input'}],
    'markdown of 12001': [{'type': 'markdown', 'text': 'x' * 12001}],
    'rich text element': [{'type': 'rich_text', 'elements': [{'type': 'rich_text_section', 'elements': [{'type': 'x'}]}]}],
}
GOOD_BLOCKS = {
    'section': [section('x' * 3000)], 'header': [{'type': 'header', 'text': text('x' * 150)}],
    'buttons': [{'type': 'actions', 'elements': [button('x' * 75, action_id=str(i), value='v' * 20, style='primary')
                                                 for i in range(25)]}],
    'context': [{'type': 'context', 'elements': [text('x', 'mrkdwn')] * 10}], '50 dividers': [{'type': 'divider'}] * 50,
    'fields': [{'type': 'section', 'fields': [text('x', 'mrkdwn')] * 10}],
    'accessory': [dict(section('x'), accessory=button(url='https://example.com', action_id='x' * 255))],
    'select': [{'type': 'actions', 'elements': [{'type': 'static_select', 'options': [
        {'text': text('x'), 'value': 'v'}], 'initial_option': {'text': text('x'), 'value': 'v'}}]}],
    'rich text': [{'type': 'rich_text', 'elements': [{'type': 'rich_text_preformatted', 'elements': [
        {'type': 'text', 'text': 'int main'}]}, {'type': 'rich_text_list', 'style': 'bullet', 'elements': [
            {'type': 'rich_text_section', 'elements': [{'type': 'text', 'text': 'a', 'style': {'bold': True}}]}]}]}],
    'markdown': [{'type': 'markdown', 'text': '**x**'}],
}


def test_bad_blocks_are_refused():
    with Scene() as s:
        for name, blocks in BAD_BLOCKS.items():
            answer = s.post(text='x', blocks=blocks)
            assert answer.get('error') == 'invalid_blocks', (name, answer)
            assert 'json-pointer:/blocks' in answer['response_metadata']['messages'][0], (name, answer)
        assert len(s.slack.violations) == len(BAD_BLOCKS) and not s.slack.messages(s.room)


def test_good_blocks_are_taken():
    with Scene() as s:
        for name, blocks in GOOD_BLOCKS.items():
            answer = s.post(text='x', blocks=blocks)
            assert answer.get('ok'), (name, answer)
        assert not s.slack.violations and all(b.get('block_id') for m in s.slack.messages(s.room) for b in m.blocks)


def test_blocks_together():
    with Scene() as s:
        s.refused(s.post(text='x', blocks=[section('y' * 2900)] * 5), 'msg_blocks_too_long', 'msg_blocks_too_long')
        assert s.post(text='x', blocks=[section('y' * 2900)] * 4)['ok']


def test_rendering():
    with Scene() as s:
        s.post(text='fallback', blocks=[
            {'type': 'header', 'text': text('Q & A')}, section('hi <@%s> a &lt; b <https://x.example|link>' % s.ada.id),
            {'type': 'actions', 'elements': [button('Answer', action_id='answer'), button('Hint')]},
            {'type': 'context', 'elements': [text('*2* answers', 'mrkdwn')]}])
        message = s.slack.messages(s.room)[0]
        assert message.plain == 'Q & A\nhi @Ada a < b link\n[Answer] [Hint]\n*2* answers', message.plain
        assert message.buttons == ['Answer', 'Hint']


# Views ------------------------------------------------------------------------------------------------------------

BAD_VIEWS = {
    'title of 25': modal(title=text('x' * 25)), 'submit of 25': modal(submit=text('x' * 25)),
    'close of 25': modal(close=text('x' * 25)), 'metadata of 3001': modal(private_metadata='x' * 3001),
    'callback of 256': modal(callback_id='x' * 256), '101 blocks': modal(*[{'type': 'divider'}] * 101),
    'input without submit': {'type': 'modal', 'title': text('T'), 'blocks': [entry()]},
    'placeholder of 151': modal(entry(placeholder=text('x' * 151))), 'no blocks': {'type': 'modal', 'title': text('T')},
    'initial of 3001': modal(entry(initial_value='x' * 3001)), 'max of 3001': modal(entry(max_length=3001)),
    'min over max': modal(entry(min_length=9, max_length=5)), 'markdown': modal({'type': 'markdown', 'text': 'x'}),
    'same ids': modal(entry('a'), entry('a')), 'two in focus': modal(entry('a', focus_on_load=True), entry(
        'b', focus_on_load=True)), 'unknown': modal(size='big'), 'label mrkdwn': modal(
            dict(entry(), label=text('x', 'mrkdwn'))), 'no type': {'title': text('T'), 'blocks': []},
    'label of 2001': modal(dict(entry(), label=text('x' * 2001))), 'home': {'type': 'home', 'blocks': []},
}


def test_bad_views_are_refused():
    with Scene() as s:
        trigger = press_new(s).trigger_id
        for name, view in BAD_VIEWS.items():
            answer = s.api('views.open', trigger_id=trigger, view=view)
            assert answer.get('error') == 'invalid_arguments', (name, answer)
            assert answer['response_metadata']['messages'], name
        assert len(s.slack.violations) == len(BAD_VIEWS) and s.ada.view is None
        s.slack.violations.clear()
        s.refused(s.api('views.open', trigger_id=trigger, view=modal(*[section('x' * 2900)] * 90)), 'view_too_large',
                  'view_too_large')
        good = modal(entry(multiline=True, max_length=3000), private_metadata='x' * 3000, title=text('x' * 24))
        assert s.api('views.open', trigger_id=trigger, view=good)['view']['root_view_id'] == s.ada.view.id
        assert s.api.form('views.publish', user_id=s.ada.id, view={'type': 'home', 'blocks': [section('x')]})['ok']
        s.refused(s.api('views.publish', user_id=s.ada.id, view=modal()), 'invalid_arguments', 'invalid_arguments')


def test_triggers():
    with Scene() as s:
        s.refused(s.api('views.open', trigger_id='1.2.3', view=modal()), 'invalid_trigger_id', 'invalid_trigger_id')
        trigger = press_new(s).trigger_id
        assert s.api('views.open', trigger_id=trigger, view=modal())['ok']
        s.refused(s.api('views.open', trigger_id=trigger, view=modal()), 'exchanged_trigger_id', 'exchanged_trigger_id')
        s.refused(s.api('views.open', view=modal()), 'invalid_arguments', 'invalid_arguments')
        s.slack.trigger_ttl = 0.0
        s.refused(s.api('views.open', trigger_id=press_new(s).trigger_id, view=modal()), 'expired_trigger_id')


def test_view_stack():
    with Scene() as s:
        s.refused(s.api('views.push', trigger_id=press_new(s).trigger_id, view=modal()), 'not_found', 'not_found')
        s.api('views.open', trigger_id=press_new(s).trigger_id, view=modal(
            {'type': 'actions', 'elements': [button('More', action_id='more')]}))
        root = s.ada.view
        for depth in (2, 3):
            pushed = s.ada.press(s.slack.views(s.ada)[0], 'More').trigger_id
            answer = s.api('views.push', trigger_id=pushed, view=modal(section(f'level {depth}')))
            assert answer['view']['root_view_id'] == root.id and len(s.slack.views(s.ada)) == depth
        again = s.ada.press(s.slack.views(s.ada)[0], 'More').trigger_id
        s.refused(s.api('views.push', trigger_id=again, view=modal()), 'push_limit_reached', 'push_limit_reached')
        s.refused(s.api('views.update', view_id=root.id, hash='old', view=modal()), 'hash_conflict')
        assert s.api('views.update', view_id=root.id, hash=root.hash, view=modal(section('new')))['ok']
        assert s.slack.views(s.ada)[0].plain == 'new'
        s.ada.close(clear=True)
        s.refused(s.api('views.update', view_id=root.id, view=modal()), 'not_found')
        s.refused(s.api('views.update', view_id='V0', view=modal()), 'not_found', 'not_found')
        s.refused(s.api('views.update', view=modal()), 'invalid_arguments', 'invalid_arguments')


def test_home():
    with Scene() as s:
        view = {'type': 'home', 'blocks': [section('score 3')]}
        first = s.api('views.publish', user_id=s.ada.id, view=view)['view']
        assert s.ada.home.plain == 'score 3'
        assert s.api('views.publish', user_id=s.ada.id, view=view, hash=first['hash'])['ok']
        s.refused(s.api('views.publish', user_id=s.ada.id, view=view, hash=first['hash']), 'hash_conflict')


if __name__ == '__main__':
    run_tests(sys.modules['__main__'])
