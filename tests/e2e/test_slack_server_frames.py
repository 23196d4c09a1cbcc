#!/usr/bin/env python3
"""The strict Slack test server, its WebSocket: handshake and frames refused by RFC 6455, and what it can break itself."""
import base64
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers'))
from slack_raw_client import BINARY, CLOSE, CONT, PING, PONG, TEXT, RawSocket, run_tests  # noqa: E402
from slack_scene import SocketScene as Scene                                             # noqa: E402
from websocket_server import accept_key, broken_bytes                                    # noqa: E402


# Handshake --------------------------------------------------------------------------------------------------------

def test_hello():
    with Scene() as s:
        hello = s.sock.hello
        assert s.sock.accepted and hello['type'] == 'hello' and hello['num_connections'] == 1
        assert hello['connection_info']['app_id'] == s.slack.world.app
        assert hello['debug_info']['approximate_connection_time'] > 0
        assert RawSocket(s.slack).hello['num_connections'] == 2 and not s.rules()


def test_ticket_is_for_one_use():
    with Scene(connect=False) as s:
        url = s.api.url()
        assert RawSocket(s.slack, url).status == 101 and not s.rules()
        assert RawSocket(s.slack, url).status == 404 and s.rules() == ['handshake']
        assert RawSocket(s.slack, url.split('?')[0] + '?ticket=x&app_id=y').status == 404
        assert RawSocket(s.slack, s.api.url().split('&')[0]).status == 404
        s.slack.ticket_ttl = 0.0
        assert RawSocket(s.slack, s.api.url()).status == 404 and len(s.rules()) == 3


def test_handshake_rules():
    with Scene(connect=False) as s:
        short = base64.b64encode(b'short').decode()
        for status, more in {
                'upgrade': (400, {'Upgrade': None}), 'upgrade2': (400, {'Upgrade': 'h2c'}),
                'connection': (400, {'Connection': 'close'}), 'version': (426, {'Sec-WebSocket-Version': '8'}),
                'key': (400, {'Sec-WebSocket-Key': None}), 'short': (400, {'Sec-WebSocket-Key': short}),
                'base64': (400, {'Sec-WebSocket-Key': '!' * 24}), 'host': (400, {'Host': 'slack.com'}),
                'nohost': (400, {'Host': None})}.values():
            sock = RawSocket(s.slack, headers=more)
            assert sock.status == status, (status, more, sock.status)
            assert s.rules() in (['handshake'], ['http']), more
        assert RawSocket(s.slack, headers={'Sec-WebSocket-Version': '8'}).headers['sec-websocket-version'] == '13'
        key = base64.b64encode(os.urandom(16)).decode()
        assert RawSocket(s.slack, key=key).status == 101 and RawSocket(s.slack, key=key).status == 400
        target = s.api.url().split('/', 3)[3]
        assert RawSocket(s.slack, request=f'POST /{target} HTTP/1.1').status == 405
        assert RawSocket(s.slack, request=f'GET /{target} HTTP/1.0').status == 400
        assert RawSocket(s.slack, headers={'Connection': 'keep-alive, Upgrade', 'Upgrade': 'WebSocket'}).accepted


def test_extensions_are_never_agreed():
    with Scene(connect=False) as s:
        sock = RawSocket(s.slack, headers={'Sec-WebSocket-Extensions': 'permessage-deflate',
                                           'Sec-WebSocket-Protocol': 'chat'})
        assert sock.accepted and 'sec-websocket-extensions' not in sock.headers
        assert 'sec-websocket-protocol' not in sock.headers


def test_ten_sockets():
    with Scene() as s:
        nine = [RawSocket(s.slack) for _ in range(9)]
        eleventh = RawSocket(s.slack)
        assert eleventh.hello == {'type': 'disconnect', 'reason': 'too_many_websockets',
                                  'debug_info': {'host': 'applink-1'}}
        assert eleventh.close_code() == 1000 and s.rules() == ['too_many_websockets']
        nine[0].close()
        assert RawSocket(s.slack).hello['num_connections'] == 10


# Frames -----------------------------------------------------------------------------------------------------------

def test_bad_frames():
    bad = {
        'unmasked': (1002, lambda k: k.send(TEXT, b'{}', mask=None)), 'rsv1': (1002, lambda k: k.send(TEXT, b'{}', rsv=4)),
        'rsv3': (1002, lambda k: k.send(TEXT, b'{}', rsv=1)), 'opcode': (1002, lambda k: k.send(0x3, b'{}')),
        'control opcode': (1002, lambda k: k.send(0xB)), 'long ping': (1002, lambda k: k.send(PING, b'x' * 126)),
        'fragmented ping': (1002, lambda k: k.send(PING, b'x', fin=False)),
        'lone continuation': (1002, lambda k: k.send(CONT, b'x')),
        'nested': (1002, lambda k: (k.send(TEXT, b'{', fin=False), k.send(TEXT, b'}'))),
        'utf-8': (1007, lambda k: k.send(TEXT, b'"\xff"')), 'cut utf-8': (1007, lambda k: k.send(TEXT, b'"\xed\x95')),
        'surrogate': (1007, lambda k: k.send(TEXT, b'"\xed\xa0\x80"')), 'binary': (1003, lambda k: k.send(BINARY, b'{}')),
        'too big': (1009, lambda k: k.send(TEXT, b'', length=1 << 40)),
        'long form': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFE, 0, 5]) + b'mask' + b'hello')),
        'long form 8': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFF]) + struct.pack('>Q', 300) + b'mask')),
        'negative': (1002, lambda k: k.sock.sendall(bytes([0x81, 0xFF]) + b'\xff' * 8 + b'mask')),
        'close of one byte': (1002, lambda k: k.send(CLOSE, b'\x03')),
        'close 1005': (1002, lambda k: k.send(CLOSE, struct.pack('>H', 1005))),
        'close 999': (1002, lambda k: k.send(CLOSE, struct.pack('>H', 999))),
        'close reason': (1007, lambda k: k.send(CLOSE, struct.pack('>H', 1000) + b'\xff')),
        'same mask': (1002, lambda k: [k.send(PONG, b'x', mask=b'same') for _ in range(3)]),
    }
    with Scene(connect=False) as s:
        for name, (code, act) in bad.items():
            sock = RawSocket(s.slack)
            act(sock)
            assert sock.close_code() == code, name
            assert s.breaks() == ['websocket'], name
        s.slack.wait_for(lambda: all(c.close_code for c in s.slack.connections), 5)


def test_good_frames():
    with Scene() as s:
        said = s.ada.dm('hi')
        envelope = s.sock.envelope()
        value = json.dumps({'envelope_id': envelope['envelope_id']}).encode()
        s.sock.send(TEXT, value[:10], fin=False)
        s.sock.send(PING, b'p' * 125)
        assert s.sock.frame()[:3] == (True, PONG, b'p' * 125)
        s.sock.send(CONT, b'', fin=False)
        s.sock.send(CONT, value[10:])
        s.slack.wait_for(lambda: said.envelopes[0].done, 5)
        s.sock.send(PONG, b'unasked')
        s.sock.send(CLOSE, struct.pack('>H', 1000) + '안녕'.encode())
        assert s.sock.close_code() == 1000
        closed = s.slack.wait_for(lambda: [c for c in s.slack.connections if c.state == 'closed'], 5)[0]
        assert (closed.close_code, closed.close_reason, closed.clean) == (1000, '안녕', True) and not s.rules()


def test_server_pings():
    with Scene(connect=False) as s:
        s.slack.ping_interval, s.slack.pong_timeout = 0.05, 2.0
        sock = RawSocket(s.slack)
        for _ in range(3):
            fin, opcode, payload, _, _ = sock.frame()
            assert (fin, opcode) == (True, PING) and len(payload) < 126
            sock.send(PONG, payload)
        s.slack.wait_for(lambda: s.slack.connections[-1].pongs == 3, 5)
        assert not s.rules()
        assert sock.close_code() == 1001 and s.breaks('ping') == ['ping']


def test_handshake_faults():
    with Scene(connect=False) as s:
        def faulty(kind, **more):
            s.slack.fail_handshake(kind, seconds=0.1, **more)
            return RawSocket(s.slack, hello=False)
        assert [faulty(k).status for k in ('404', '500', '429', 'plain_200')] == [404, 500, 429, 200]
        wrong = faulty('wrong_accept')
        assert wrong.status == 101 and not wrong.accepted
        assert 'sec-websocket-accept' not in faulty('no_accept').headers
        assert 'upgrade' not in faulty('no_upgrade').headers
        assert faulty('extension').headers['sec-websocket-extensions'] == 'permessage-deflate'
        assert faulty('subprotocol').headers['sec-websocket-protocol'] == 'chat'
        assert faulty('hang').status == faulty('reset').status == faulty('close').status == faulty('garbage').status == 0
        assert not faulty('half').accepted and not faulty('huge_headers', size=200000).accepted
        slow = faulty('drip')
        assert slow.accepted and slow.envelope()['type'] == 'hello'
        slow.close()
        s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        s.ada.dm('glued')
        glued = faulty('glued')
        assert glued.accepted and b'"hello"' in glued.first_read        # one packet: 101, hello and the first event
        assert glued.envelope()['type'] == 'hello' and glued.envelope()['payload']['event']['text'] == 'glued'
        assert RawSocket(s.slack).accepted and not s.rules()
        assert accept_key('dGhlIHNhbXBsZSBub25jZQ==') == 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='      # RFC 6455 1.3


def test_corrupt_frames():
    kinds = {
        'bad_utf8': lambda f: f[1] == TEXT and not valid(f[2]), 'cut_utf8': lambda f: f[1] == TEXT and not valid(f[2]),
        'masked': lambda f: f[4], 'rsv': lambda f: f[3] == 4, 'rsv2': lambda f: f[3] == 2,
        'opcode': lambda f: f[1] == 3, 'control_opcode': lambda f: f[1] == 11,
        'long_control': lambda f: f[1] == PING and len(f[2]) > 125, 'fragmented_control': lambda f: f[1] == PING and not f[0],
        'lone_continuation': lambda f: f[1] == CONT, 'nested_message': lambda f: f[1] == TEXT and not f[0],
        'close_one_byte': lambda f: f[1] == CLOSE and len(f[2]) == 1, 'binary': lambda f: f[1] == BINARY,
        'close_bad_code': lambda f: f[2] == struct.pack('>H', 1005), 'close_bad_utf8': lambda f: not valid(f[2][2:]),
        'huge': lambda f: len(f[2]) > 1 << 20, 'long_form': lambda f: f[2] == b'hello',
        'endless_fragments': lambda f: f[1] == TEXT and not f[0], 'many_empty_fragments': lambda f: not f[0] and not f[2],
        'ping_flood': lambda f: f[2] == b'flood',
    }

    def valid(data):
        try:
            data.decode()
            return True
        except UnicodeDecodeError:
            return False
    with Scene(connect=False) as s:
        for kind, proves in kinds.items():
            sock = RawSocket(s.slack)
            s.slack.corrupt(kind, connection=s.slack.open_connections[-1])
            assert proves(sock.frame()), kind
            sock.close(1002)
            s.slack.wait_for(lambda: not s.slack.open_connections, 5)
        assert not s.rules()
    for kind in ('huge_declared', 'negative_length', 'garbage', 'http', 'half_frame'):
        assert len(broken_bytes(kind)) > 10
    try:
        broken_bytes('unheard of')
        raise RuntimeError
    except ValueError:
        pass


def test_fragments():
    with Scene() as s:
        s.slack.fragment(7)
        s.ada.dm('한국어 답')
        pieces = [s.sock.frame()]
        while not (pieces[-1][0] and pieces[-1][1] == CONT):
            pieces.append(s.sock.frame())
        assert pieces[0][:2] == (False, TEXT) and pieces[1][:2] == (True, PING)
        whole = b''.join(p[2] for p in pieces if p[1] != PING)
        assert json.loads(whole)['payload']['event']['text'] == '한국어 답'
        s.sock.ack(json.loads(whole))
        s.slack.settle()


if __name__ == '__main__':
    run_tests(sys.modules['__main__'])
