#!/usr/bin/env python3
"""The strict Slack test server, its Web API half: every rule refuses, every fault does what it says."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers'))
from slack_raw_client import FORM_TYPE, JSON_TYPE, http, run_tests            # noqa: E402
from slack_scene import Scene, button, press_new, section, text              # noqa: E402
from slack_server import BOT_SCOPES                                          # noqa: E402


# Who calls --------------------------------------------------------------------------------------------------------

def test_tokens():
    with Scene() as s:
        s.refused(s.api('auth.test', ''), 'not_authed', 'token')
        s.refused(s.api('auth.test', 'xoxb-wrong'), 'invalid_auth')
        s.refused(s.api('chat.postMessage', s.slack.app_token, channel=s.room.id, text='x'),
                  'not_allowed_token_type', 'token')
        s.refused(s.api('apps.connections.open'), 'not_allowed_token_type', 'token')
        s.refused(s.api('auth.test', '', _headers={'Authorization': s.slack.bot_token}), 'not_authed', 'token')
        s.refused(s.api('auth.test', '', token=s.slack.bot_token), 'not_authed', 'token')
        assert s.api.form('auth.test', _token='', token=s.slack.bot_token)['ok']
        assert s.api('auth.test')['user_id'] == s.slack.bot_user and not s.slack.violations
        s.slack.revoke(s.slack.bot_token)
        s.refused(s.api('auth.test'), 'token_revoked')


def test_scopes():
    with Scene(bot_scopes=[c for c in BOT_SCOPES if c != 'chat:write']) as s:
        answer = s.post(text='x')
        assert answer['needed'] == 'chat:write' and 'users:read' in answer['provided']
        s.refused(answer, 'missing_scope')
        im = s.ada.im
        s.refused(s.api.form('conversations.info', channel=im.id), 'missing_scope')
        assert s.api.form('conversations.info', channel=s.room.id)['channel']['name'] == 'general'


def test_methods_and_types():
    with Scene() as s:
        s.refused(s.api('chat.shout'), 'unknown_method', 'unknown_method')
        s.refused(s.api('bookmarks.list'), 'unknown_method', 'unknown_method')
        s.refused(s.post(text='x', colour='red'), 'invalid_arguments', 'arguments')
        s.refused(s.api('chat.postMessage', text='x'), 'invalid_arguments', 'arguments')
        s.refused(s.post(text=5), 'invalid_arguments', 'arguments')
        s.refused(s.post(text='x', mrkdwn='yes'), 'invalid_arguments', 'arguments')
        s.refused(s.post(text='x', blocks={}), 'invalid_arguments', 'arguments')
        s.refused(s.post(text='x', parse='some'), 'invalid_arguments', 'arguments')
        s.refused(s.api('chat.update', channel=s.room.id, ts=None, text='x'), 'invalid_arguments', 'arguments')
        answer = s.api('users.info', user=s.ada.id)
        assert 'takes no JSON' in answer['response_metadata']['messages'][0]
        s.refused(answer, 'invalid_arguments', 'arguments')
        s.refused(s.api.form('users.list', limit='many'), 'invalid_arguments', 'arguments')
        assert s.api.form('users.info', user=s.ada.id)['user']['tz'] == 'Europe/London' and not s.slack.violations


def test_content_types():
    with Scene() as s:
        room, bearer = s.room.id, {'Authorization': 'Bearer ' + s.slack.bot_token}
        good = json.dumps({'channel': room, 'text': 'x'}).encode()
        s.refused(s.api('chat.postMessage', _raw=b'{"a":', _type=JSON_TYPE), 'invalid_arguments', 'arguments')
        s.refused(s.api('chat.postMessage', _raw=b'[1]', _type=JSON_TYPE), 'invalid_arguments', 'arguments')
        s.refused(s.api('chat.postMessage', _raw=good, _type='text/plain'), 'invalid_arguments', 'arguments')
        s.refused(s.api('chat.postMessage', _raw=good, _type='application/json; charset=latin-1'), 'invalid_arguments',
                  'arguments')
        s.refused(s.api('chat.postMessage', _raw=b'channel=x&text=%ff', _type=FORM_TYPE), 'invalid_arguments',
                  'arguments')
        answer = s.api('chat.postMessage', _raw=good, _type='application/json')
        assert answer['warning'] == 'missing_charset' and s.slack.warnings and not s.slack.violations
        form = s.api.form('chat.postMessage', channel=room, text='f', blocks=[section('from a form')])
        assert form['ok'] and s.slack.messages(s.room)[-1].plain == 'from a form'
        assert http(s.slack, 'POST', '/elsewhere', bearer)[0] == 404
        assert http(s.slack, 'POST', '/api/auth.test', {'Content-Length': 'x'})[0] == 400
        assert [v.rule for v in s.slack.violations] == ['http', 'http']


# Messages ---------------------------------------------------------------------------------------------------------

def test_post_errors():
    with Scene() as s:
        s.refused(s.post(), 'no_text', 'no_text')
        s.refused(s.post(text='   '), 'no_text', 'no_text')
        s.refused(s.post(text='x' * 40001), 'msg_too_long', 'msg_too_long')
        s.refused(s.post(text='x', thread_ts='1.000001'), 'thread_not_found', 'thread_not_found')
        s.refused(s.api('chat.postMessage', channel='C0NOWHERE', text='x'), 'channel_not_found')
        away = s.slack.channel('away', members=[s.ada], bot=False)
        s.refused(s.api('chat.postMessage', channel=away.id, text='x'), 'not_in_channel')
        secret = s.slack.channel('secret', members=[s.ada], private=True, bot=False)
        s.refused(s.api('chat.postMessage', channel=secret.id, text='x'), 'channel_not_found')
        s.slack.archive(s.room)
        s.refused(s.post(text='x'), 'is_archived')


def test_update_and_delete():
    with Scene() as s:
        ts = s.post(text='one', blocks=[section('one')])['ts']
        change = dict(channel=s.room.id, ts=ts)
        assert s.api('chat.update', text='two', **change)['ok']
        assert s.slack.messages(s.room)[-1].plain == 'one'             # blocks stay unless given
        assert s.api('chat.update', text='three', blocks=[section('three')], **change)['ok']
        message = s.slack.messages(s.room)[-1]
        assert message.plain == 'three' and message.edited and [v[0] for v in message.versions] == ['one', 'two']
        assert s.api('chat.update', text='four', blocks=[], **change)['ok']
        assert s.slack.messages(s.room)[-1].plain == 'four'
        s.refused(s.api('chat.update', text='x' * 4001, **change), 'msg_too_long', 'msg_too_long')
        s.refused(s.api('chat.update', channel=s.room.id, ts='1.5', text='x'), 'message_not_found', 'message_not_found')
        said = s.ada.say(s.room, 'mine')
        s.refused(s.api('chat.update', channel=s.room.id, ts=said.ts, text='x'), 'cant_update_message',
                  'cant_update_message')
        s.refused(s.api('chat.delete', channel=s.room.id, ts=said.ts), 'cant_delete_message', 'cant_delete_message')
        assert s.api('chat.delete', **change)['ok'] and not s.slack.messages(s.room, bot=True)
        s.refused(s.api('chat.update', text='late', **change), 'message_not_found')   # gone meanwhile: no offence


def test_threads():
    with Scene() as s:
        parent = s.ada.say(s.room, 'parent')
        reply = s.post(text='reply', thread_ts=parent.ts)
        assert [m.text for m in s.slack.messages(s.room, thread=parent)] == ['reply']
        assert [m.text for m in s.slack.messages(s.room, thread='')] == ['parent']
        s.post(text='deep', thread_ts=reply['ts'])
        assert s.slack.violations[-1].rule == 'thread_ts'
        found = s.api.form('conversations.replies', channel=s.room.id, ts=parent.ts)['messages']
        assert [m['text'] for m in found] == ['parent', 'reply', 'deep'] and found[0]['reply_count'] == 2


def test_pings():
    with Scene() as s:
        s.post(text=f'safe &lt;!channel&gt; `x` {"&lt;@" + s.ada.id + "&gt;"}', blocks=[
            {'type': 'section', 'text': text('<!channel> in plain text')}])
        assert s.slack.pings == []
        s.post(text='<!channel>')
        s.post(text='x', blocks=[section('<!here|here> and <@%s>' % s.ada.id)])
        s.post(text='x', blocks=[{'type': 'rich_text', 'elements': [{'type': 'rich_text_section', 'elements': [
            {'type': 'broadcast', 'range': 'everyone'}]}]}])
        s.post(text='@channel', parse='full')
        s.api('chat.postEphemeral', channel=s.room.id, user=s.ada.id, text='<!everyone>')
        assert [p.kind for p in s.slack.pings] == ['channel', 'here', 'user', 'everyone', 'channel', 'everyone']
        assert s.slack.pings[2].target == s.ada.id and s.slack.pings[-1].ephemeral


def test_ephemeral():
    with Scene() as s:
        assert s.api('chat.postEphemeral', channel=s.room.id, user=s.ada.id, text='only you')['message_ts']
        assert [m.plain for m in s.ada.ephemerals] == ['only you'] and not s.slack.messages(s.room)
        bob = s.slack.user('bob')
        s.refused(s.api('chat.postEphemeral', channel=s.room.id, user=bob.id, text='x'), 'user_not_in_channel')


def test_reading():
    with Scene() as s:
        for name in ('a', 'b', 'c'):
            s.slack.user(name)
        first = s.api.form('users.list', limit=2)
        second = s.api.form('users.list', limit=100, cursor=first['response_metadata']['next_cursor'])
        assert len(first['members']) == 2 and len(second['members']) == 3
        assert second['response_metadata']['next_cursor'] == ''
        s.refused(s.api.form('users.list', cursor='nonsense'), 'invalid_cursor', 'invalid_cursor')
        gone = s.slack.user('gone', deleted=True)
        assert s.api.form('users.info', user=gone.id)['user']['deleted'] is True
        s.refused(s.api.form('users.info', user='U0NOBODY'), 'user_not_found')
        assert s.api.form('conversations.members', channel=s.room.id)['members'] == [s.ada.id, s.slack.bot_user]
        assert s.api.form('conversations.info', channel=s.room.id)['channel']['creator'] == s.ada.id
        im = s.api('conversations.open', users=s.ada.id)['channel']['id']
        assert im == s.ada.im.id == s.api('chat.postMessage', channel=s.ada.id, text='dm')['channel']
        s.refused(s.api('conversations.open', users=gone.id), 'user_disabled')
        s.post(text='hist')
        assert s.api.form('conversations.history', channel=s.room.id)['messages'][0]['text'] == 'hist'
        names = [c['name'] for c in s.api.form('conversations.list', types='public_channel,private_channel')['channels']]
        assert names == ['general']


def test_reactions():
    with Scene() as s:
        said = s.ada.say(s.room, 'hm')
        args = dict(channel=s.room.id, timestamp=said.ts, name='eyes')
        assert s.api('reactions.add', **args)['ok']
        s.refused(s.api('reactions.add', **args), 'already_reacted')
        s.refused(s.api('reactions.add', channel=s.room.id, timestamp='9.9', name='eyes'), 'message_not_found',
                  'message_not_found')
        assert s.slack.messages(s.room)[0].reactions == [('eyes', s.slack.bot_user)]


# Response URLs ----------------------------------------------------------------------------------------------------

def answer_url(s, url, _type=JSON_TYPE, **body):
    status, _, raw = http(s.slack, 'POST', '/' + url.split('/', 3)[3], {'Content-Type': _type}, json.dumps(body).encode())
    return status, raw.decode()


def test_response_url():
    with Scene() as s:
        url = s.ada.slash(s.room, '/interview', 'score').response_url
        assert answer_url(s, url, text='mine <!here>') == (200, 'ok') and s.ada.ephemerals[-1].plain == 'mine @here'
        assert s.slack.pings[-1].ephemeral
        assert answer_url(s, url, text='all', response_type='in_channel') == (200, 'ok')
        assert s.slack.messages(s.room)[-1].via == 'response_url' and not s.slack.violations
        assert answer_url(s, url)[0] == 400 and answer_url(s, url, text='x', to='y')[0] == 400
        assert answer_url(s, url, text='x', blocks=[{'type': 'poem'}]) == (400, 'invalid_blocks')
        assert answer_url(s, url, _type='text/plain', text='x')[0] == 400
        assert len(s.slack.violations) == 4
        for _ in range(3):
            assert answer_url(s, url, text='more')[0] == 200
        assert answer_url(s, url, text='sixth') == (404, 'used_url') and len(s.slack.violations) == 5
        s.slack.url_ttl = 0.0
        assert answer_url(s, s.ada.slash(s.room, '/interview').response_url, text='x') == (404, 'expired_url')
        assert answer_url(s, f'http://{s.slack.authority}/commands/T/1/x', text='x')[0] == 404


def test_response_url_replaces():
    with Scene() as s:
        url = press_new(s).response_url
        assert answer_url(s, url, text='new', replace_original=True)[0] == 200
        assert s.slack.messages(s.room, bot=True)[-1].plain == 'new'
        assert answer_url(s, url, delete_original=True)[0] == 200 and not s.slack.messages(s.room, bot=True)
        s.api('chat.postEphemeral', channel=s.room.id, user=s.ada.id, text='x', blocks=[
            {'type': 'actions', 'elements': [button('Go', action_id='go')]}])
        pressed = s.ada.press(s.ada.ephemerals[-1], 'go')
        assert pressed.payload['container']['is_ephemeral'] and 'message' not in pressed.payload
        assert answer_url(s, pressed.response_url, text='changed', replace_original=True)[0] == 200
        assert s.ada.ephemerals[-1].plain == 'changed'


# Limits and faults ------------------------------------------------------------------------------------------------

def test_rate_limits():
    with Scene(rate_limits=True) as s:
        s.slack.limits.burst, s.slack.limits.per_second = 2, 0.001
        assert s.post(text='1')['ok'] and s.post(text='2')['ok'] and not s.slack.offences
        limited = s.post(text='3')
        assert limited.status == 429 and int(limited.headers['retry-after']) > 0 and limited['error'] == 'ratelimited'
        assert not s.slack.offences
        s.post(text='4')
        assert len(s.slack.offences) == 1                               # came back too early
        other = s.slack.channel('other', members=[s.ada])
        assert s.api('chat.postMessage', channel=other.id, text='1')['ok'] and len(s.slack.offences) == 1
        s.slack.limits.tiers[4] = 3
        assert [s.api.form('users.info', user=s.ada.id).status for _ in range(4)] == [200, 200, 200, 429]
        try:
            s.slack.check()
            raise RuntimeError('check() must complain')
        except AssertionError as complaint:
            assert 'too early' in str(complaint)


def test_faults_before_the_work():
    with Scene() as s:
        fault = s.slack.fail('429', 'chat.postMessage', retry_after=7)
        assert s.api('auth.test')['ok'] and fault.hits == 0
        answer = s.post(text='x')
        assert answer.status == 429 and answer.headers['retry-after'] == '7' and fault.hits == 1
        s.post(text='early')
        assert len(s.slack.offences) == 1
        s.slack.fail('429_bare')
        assert 'retry-after' not in s.post(text='x').headers
        s.slack.fail('502', times=2)
        assert [s.post(text='x').status for _ in range(3)] == [502, 502, 200]
        s.slack.fail('502')
        assert b'<html>' in s.post(text='x').raw
        s.slack.fail('500', after=1)
        assert [s.post(text='x').status for _ in range(3)] == [200, 500, 200]
        s.slack.fail('reset')
        assert s.post(text='x').status == 0
        s.slack.fail('http_garbage')
        assert s.post(text='x').status == 0
        s.slack.fail('error', error='fatal_error')
        assert s.post(text='x')['error'] == 'fatal_error'
        s.slack.fail('hang', seconds=0.1)
        assert s.post(text='never').status == 0
        done = [m.text for m in s.slack.messages(s.room)]
        assert done == ['early', 'x', 'x', 'x'], done


def test_faults_after_the_work():
    with Scene() as s:
        def faulty(kind, **more):
            s.slack.fail(kind, **more)
            return s.post(text=kind)
        assert faulty('lost_answer').status == 0
        cut = faulty('truncated')
        assert cut.status == 200 and len(cut.raw) < int(cut.headers['content-length'])
        broken = faulty('malformed')
        assert broken.status == 200 and broken.raw.endswith(b',,') and not broken
        assert faulty('empty_body').raw == b''
        assert faulty('wrong_type').raw == b'["ok"]'
        assert len(faulty('huge_body', size=300000).raw) > 300000
        assert faulty('drip', seconds=0.2)['ok']
        assert faulty('hang', seconds=0.1, work=True).status == 0
        assert [m.text for m in s.slack.messages(s.room)] == ['lost_answer', 'truncated', 'malformed', 'empty_body',
                                                              'wrong_type', 'huge_body', 'drip', 'hang']
        assert [c.fault for c in s.slack.requests('chat.postMessage')][:2] == ['lost_answer', 'truncated']


def test_files():
    with Scene(bot_scopes=BOT_SCOPES + ('files:write', 'files:read')) as s:
        got = s.api.form('files.getUploadURLExternal', filename='a.txt', length=3)
        assert http(s.slack, 'POST', '/' + got['upload_url'].split('/', 3)[3], {}, b'abc')[0] == 200
        assert s.api('files.completeUploadExternal', files=[{'id': got['file_id'], 'title': 'A'}],
                     channel_id=s.room.id)['files'][0]['title'] == 'A'
        s.refused(s.api('files.completeUploadExternal', files=[{'id': 'F0'}]), 'file_not_found', 'file_not_found')


def test_expect_continue():
    with Scene() as s:
        answer = s.api('chat.postMessage', _headers={'Expect': '100-continue'}, channel=s.room.id, text='x')
        assert answer.status == 100 and answer.raw.startswith(b'HTTP/1.1 200 OK') and not s.slack.violations


def test_own_mistakes_are_told():
    with Scene() as s:
        s.slack.api.methods.auth_test = lambda args, token: 1 / 0
        assert s.api('auth.test').status == 0
        try:
            s.slack.check()
            raise RuntimeError('check() must complain')
        except AssertionError as complaint:
            assert 'ZeroDivisionError' in str(complaint)


def test_wait_for_reports():
    with Scene() as s:
        try:
            s.slack.wait_message(s.room, 'never', timeout=0.1)
            raise RuntimeError('must not be found')
        except AssertionError as report:
            assert 'never' in str(report) and '-- requests' in str(report)


if __name__ == '__main__':
    run_tests(sys.modules['__main__'])
