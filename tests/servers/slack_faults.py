"""Text messages with wrong contents for bad_envelope(): legal WebSocket, unusable Socket Mode.

Each is (text, envelope_id or None); a client may acknowledge one with an id, or ignore it, but must live on.
"""
import json

KINDS = ('malformed_json', 'truncated_json', 'empty', 'number', 'array', 'null', 'string', 'deep', 'deep_object', 'nul',
         'unknown_type', 'no_type', 'no_envelope_id', 'envelope_id_number', 'no_payload', 'null_payload',
         'string_payload', 'array_payload', 'no_event', 'event_string', 'unknown_event', 'missing_fields',
         'wrong_types', 'duplicate_keys', 'huge_numbers', 'lone_surrogate', 'bad_interactive', 'empty_actions',
         'bad_slash', 'bad_view', 'bad_state', 'disconnect_no_reason', 'disconnect_unknown', 'second_hello',
         'hostile_ids', 'trailing')


def bad_envelope_text(kind, world):
    envelope_id = world.ids.uuid()

    def envelope(payload, kind='events_api', **more):
        return json.dumps(dict({'envelope_id': envelope_id, 'type': kind, 'payload': payload,
                                'accepts_response_payload': False}, **more))

    def event(value, **more):
        return envelope(dict(world.event_payload({'type': 'message'}), event=value, **more))

    def act(**more):
        user = next(iter(world.users.values()))
        return envelope(dict(world.interaction(more.pop('type', 'block_actions'), user, None), **more), 'interactive')
    message = {'type': 'message', 'channel': 'C0', 'user': 'U0', 'text': 'x', 'ts': '1.1', 'channel_type': 'channel'}
    plain = {
        'malformed_json': '{"type":"events_api","envelope_id":', 'truncated_json': '{"type":"hel', 'empty': '',
        'number': '42', 'array': '[1,2,3]', 'null': 'null', 'string': '"hello"', 'nul': '{"type":"a\x00b"}',
        'deep': '[' * 100000 + ']' * 100000, 'deep_object': '{"a":' * 50000 + '1' + '}' * 50000,
        'trailing': '{"type":"hello"} trailing', 'disconnect_no_reason': '{"type":"x_disconnect"}',
        'disconnect_unknown': '{"type":"nothing_known","reason":"mystery"}',
        'second_hello': '{"type":"hello","num_connections":1,"connection_info":{"app_id":"%s"}}' % world.app,
        'lone_surrogate': '{"type":"events_api","envelope_id":"' + envelope_id + '","payload":{"x":"\\ud800"}}',
        'duplicate_keys': '{"type":"hello","type":"events_api","envelope_id":1,"envelope_id":"%s"}' % envelope_id,
        'huge_numbers': '{"type":"events_api","envelope_id":"%s","payload":{"event_time":1e999,"x":%s}}' % (
            envelope_id, '9' * 400),
    }
    if kind in plain:
        return plain[kind], envelope_id
    table = {
        'unknown_type': lambda: envelope({'a': 1}, 'future_things'),
        'no_type': lambda: json.dumps({'envelope_id': envelope_id, 'payload': {}}),
        'no_envelope_id': lambda: json.dumps({'type': 'events_api', 'payload': world.event_payload(message)}),
        'envelope_id_number': lambda: json.dumps({'type': 'events_api', 'envelope_id': 7,
                                                  'payload': world.event_payload(message)}),
        'no_payload': lambda: json.dumps({'type': 'events_api', 'envelope_id': envelope_id}),
        'null_payload': lambda: envelope(None), 'string_payload': lambda: envelope('text'),
        'array_payload': lambda: envelope([1]),
        'no_event': lambda: envelope({'type': 'event_callback', 'event_id': 'Ev0'}),
        'event_string': lambda: event('message'),
        'unknown_event': lambda: event({'type': 'planet_aligned', 'user': 'U0'}),
        'missing_fields': lambda: event({'type': 'message'}),
        'wrong_types': lambda: event(dict(message, user=7, text=[], ts={}, channel=None), event_id=9),
        'bad_interactive': lambda: envelope({'type': 'block_actions'}, 'interactive'),
        'empty_actions': lambda: act(actions=[]),
        'bad_slash': lambda: envelope({'command': 5, 'text': None}, 'slash_commands'),
        'bad_view': lambda: act(type='view_submission', view='V0'),
        'bad_state': lambda: act(type='view_submission', view={'id': 'V0', 'callback_id': 'x', 'private_metadata': '}{',
                                                              'state': {'values': [1, 2]}}),
        'hostile_ids': lambda: event(dict(message, user="U0'; DROP TABLE users;--", channel='../../etc',
                                          text='x', ts='not a number')),
    }
    if kind not in table:
        raise ValueError(f'{kind!r} is none of {KINDS}')
    return table[kind](), envelope_id
