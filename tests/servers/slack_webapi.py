"""The Web API's outer half: who calls, with which token, arguments of which type; faults, limits and the request log.

Everything a client gets wrong by the specification is a violation (server.violations) besides the error it is told.
A refusal that depends on the workspace's state (channel_not_found, expired_trigger_id …) is only in server.refusals.
"""
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import slack_blocks
from slack_methods import Methods, SlackError

SPEC = slack_blocks.SPEC
WEB_FAULTS = ('429', '429_bare', '500', '502', '503', 'reset', 'hang', 'malformed', 'truncated', 'empty_body', 'huge_body',
              'wrong_type', 'drip', 'lost_answer', 'error', 'http_garbage')
BEFORE_WORK = ('429', '429_bare', '500', '502', '503', 'reset', 'error', 'http_garbage')
BAD_GATEWAY = b'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n'


@dataclass
class Fault:
    """A fault in waiting. method None: any; times: how often; after: extra calls to let pass first."""
    kind: str
    method: str = None
    times: int = 1
    after: int = 0
    retry_after: int = 1
    seconds: float = 30.0
    size: int = 1 << 20
    error: str = 'internal_error'
    work: bool = None                      # hang: do the work before hanging; False: of the others, do not do it
    hits: int = 0


@dataclass
class Call:
    """One request to the Web API as it was answered."""
    method: str
    args: dict
    at: float
    token: str = ''
    content_type: str = ''
    status: int = 200
    response: dict = None
    fault: str = ''
    finished: float = None
    headers: list = field(default_factory=list)

    @property
    def ok(self):
        return bool(self.response and self.response.get('ok'))

    @property
    def error(self):
        return (self.response or {}).get('error', '')


class WebApi:
    def __init__(self, server):
        self.server = server
        self.methods = Methods(server)
        self.tokens = {}
        self.calls, self.faults = [], []

    def add_token(self, token, kind, scopes):
        self.tokens[token] = {'kind': kind, 'scopes': set(scopes), 'state': ''}

    # Faults ----------------------------------------------------------------------------------------------------

    def next_fault(self, method):
        for fault in self.faults:
            if fault.method in (None, method) and fault.times > 0:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                fault.hits += 1
                return fault
        return None

    # One request -----------------------------------------------------------------------------------------------

    def handle(self, request):
        """(status, headers, body, fault, call) for a request to /api/…"""
        method = request.path[len('/api/'):]
        call = Call(method, {}, time.monotonic(), content_type=request.header('content-type') or '',
                    headers=request.headers)
        self.calls.append(call)
        fault = self.next_fault(method)
        if fault and (fault.kind in BEFORE_WORK or fault.work is False or fault.kind == 'hang' and not fault.work):
            return self.refused_by_fault(fault, call, request)
        status, headers, answer = self.answer(request, call)
        call.status, call.response, call.fault = status, answer, fault.kind if fault else ''
        if not answer.get('ok'):
            self.server.refusals.append((method, answer.get('error'), call.args))
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.server.changed()
        return status, [('Content-Type', 'application/json; charset=utf-8'), ('X-Slack-Req-Id', 'r1')] + headers, \
            body, fault, call

    def refused_by_fault(self, fault, call, request):
        call.fault, kind = fault.kind, fault.kind
        headers, body, status = [('Content-Type', 'application/json; charset=utf-8')], b'', 200
        call.args = self.arguments(request, [], [])
        if kind.startswith('429'):
            status, call.response = 429, {'ok': False, 'error': 'ratelimited'}
            if kind == '429':
                headers.append(('Retry-After', str(fault.retry_after)))
                for key in self.server.limits.keys(call.method, call.args.get('channel')):
                    self.server.limits.close(key, fault.retry_after)
            body = b'{"ok":false,"error":"ratelimited"}'
        elif kind == 'error':
            call.response = {'ok': False, 'error': fault.error}
            body = json.dumps(call.response).encode()
        elif kind in ('500', '502', '503'):
            status, headers, body = int(kind), [('Content-Type', 'text/html')], BAD_GATEWAY
        call.status = status
        self.server.changed()
        return status, headers, body, fault, call

    def answer(self, request, call):
        problems, warnings = [], []
        name = call.method
        args = call.args = self.arguments(request, problems, warnings)
        spec = SPEC['methods'].get(name)
        if spec is None:
            self.server.breach('unknown_method', name + (' (not played here)' if name in SPEC['other_methods'] else ''))
            return 200, [], self.error('unknown_method', {'req_method': name})
        token, refusal = self.authenticate(request, args, name, spec, call)
        if refusal:
            return 200, [], refusal
        wait = self.server.limits.check(name, self.channel_id(args), spec['tier'])
        if wait:
            return 429, [('Retry-After', str(wait))], self.error('ratelimited')
        headers = [('X-OAuth-Scopes', ','.join(sorted(token['scopes']))), ('X-Accepted-OAuth-Scopes', spec['scope'])]
        problems += self.check_arguments(spec, args)
        if problems:
            for problem in problems:
                self.server.breach('arguments', f'{name}: {problem}')
            return 200, headers, self.error('invalid_arguments', messages=['[ERROR] ' + p for p in problems])
        try:
            answer = dict({'ok': True}, **(self.methods.run(name, args, token) or {}))
        except SlackError as refused:
            if refused.offence:
                self.server.breach(refused.error, f'{name}: ' + ('; '.join(refused.messages) or json.dumps(
                    {k: v for k, v in args.items() if k in ('channel', 'ts', 'thread_ts', 'user', 'view_id')})))
            answer = self.error(refused.error, refused.extra, ['[ERROR] ' + m for m in refused.messages])
        if warnings:
            answer['warning'] = ','.join(warnings)
            answer.setdefault('response_metadata', {})['warnings'] = warnings
        return 200, headers, answer

    def channel_id(self, args):
        channel = self.server.world.find_channel(args['channel']) if isinstance(args.get('channel'), str) else None
        return channel.id if channel else args.get('channel')

    def error(self, name, extra=None, messages=None):
        answer = dict({'ok': False, 'error': name}, **(extra or {}))
        if messages:
            answer['response_metadata'] = {'messages': messages}
        return answer

    # Tokens ----------------------------------------------------------------------------------------------------

    def authenticate(self, request, args, name, spec, call):
        header = request.header('authorization')
        given = args.pop('token', None)
        if 'token' in request.query:
            self.server.breach('token', f'{name}: token in the query string')
        if header is not None:
            scheme, _, value = header.partition(' ')
            if scheme.lower() != 'bearer' or not value.strip():
                self.server.breach('token', f'{name}: Authorization is not "Bearer TOKEN"')
                return None, self.error('not_authed')
            given = value.strip()
        elif given is not None and 'json' in call.content_type:
            self.server.breach('token', f'{name}: a JSON request needs the Authorization header')
            return None, self.error('not_authed')
        if name == 'api.test' and given is None:
            return {'scopes': set(), 'kind': ''}, None
        if not given:
            self.server.breach('token', f'{name}: no token')
            return None, self.error('not_authed')
        token = self.tokens.get(given)
        call.token = given.split('-')[0]
        if token is None:
            return None, self.error('invalid_auth')
        if token['state']:
            return None, self.error(token['state'])
        wants = 'app' if name == 'apps.connections.open' else 'bot'
        if token['kind'] != wants and name not in ('api.test', 'auth.test'):
            self.server.breach('token', f'{name}: needs a{"n app" if wants == "app" else " bot"} token')
            return None, self.error('not_allowed_token_type')
        needed = self.missing_scope(spec, args, token)
        if needed:
            return None, self.error('missing_scope', {'needed': needed, 'provided': ','.join(sorted(token['scopes']))})
        return token, None

    def missing_scope(self, spec, args, token):
        """The scope a call lacks. Conversation methods need the one of the conversation's kind."""
        scopes = [s for s in spec['scope'].split(',') if s]
        if not scopes or len(scopes) == 1:
            return scopes[0] if scopes and scopes[0] not in token['scopes'] else None
        channel = self.server.world.find_channel(args['channel']) if isinstance(args.get('channel'), str) else None
        kinds = {'public': 0, 'private': 1, 'im': 2, 'mpim': 3}
        if channel:
            wanted = [scopes[kinds[channel.kind]]]
        elif args.get('users'):
            wanted = [scopes[3 if ',' in args['users'] else 2]]
        elif isinstance(args.get('types'), str):
            names = {'public_channel': 0, 'private_channel': 1, 'im': 2, 'mpim': 3}
            wanted = [scopes[names[t]] for t in args['types'].split(',') if t in names]
        else:
            return None if token['scopes'] & set(scopes) else ','.join(scopes)
        return next((s for s in wanted if s not in token['scopes']), None)

    # Arguments -------------------------------------------------------------------------------------------------

    def arguments(self, request, problems, warnings):
        """The request's arguments by name; JSON-in-form values are decoded."""
        args = dict(request.query)
        kind = (request.header('content-type') or '').lower()
        media, _, parameters = kind.partition(';')
        media = media.strip()
        spec = SPEC['methods'].get(request.path[len('/api/'):], {'takes': ['form', 'json'], 'args': {}})
        if request.method == 'GET':
            if 'get' not in spec['takes'] and spec['takes'] != ['form']:
                problems.append('this method is called with POST')
            return self.decode_form(args, spec, problems)
        if request.method != 'POST':
            problems.append(f'HTTP method {request.method}')
        if not request.body:
            return self.decode_form(args, spec, problems)
        if media == 'application/x-www-form-urlencoded':
            if 'charset' in parameters:
                warnings.append('superfluous_charset')
            try:
                args.update(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True,
                                      errors='strict'))
            except ValueError as bad:
                problems.append(f'invalid_form_data: {bad}')
            return self.decode_form(args, spec, problems)
        if media == 'application/json':
            return self.decode_json(request, args, parameters, spec, problems, warnings)
        problems.append(f'invalid_post_type: content type {kind!r}')
        return args

    def decode_json(self, request, args, parameters, spec, problems, warnings):
        if 'charset' not in parameters:
            warnings.append('missing_charset')
            self.server.warn('charset', f'{request.path}: JSON without charset=utf-8')
        elif 'utf-8' not in parameters:
            problems.append(f'invalid_charset: {parameters.strip()}')
        try:
            value = json.loads(request.body.decode())
        except ValueError:
            problems.append('invalid_json')
            return args
        if not isinstance(value, dict):
            problems.append('json_not_object')
            return args
        if 'json' not in spec['takes']:
            problems.append('this method takes no JSON: its arguments would be ignored')
            return args
        args.update(value)
        for key, kind in spec['args'].items():       # blocks, attachments and view may still come as a string
            if kind['t'] in ('array', 'ref', 'object') and isinstance(args.get(key), str):
                args[key] = self.embedded(key, args[key], problems)
        return args

    def embedded(self, key, text, problems):
        try:
            return json.loads(text)
        except ValueError:
            problems.append(f'invalid JSON in {key} [json-pointer:/{key}]')
            return None

    def decode_form(self, args, spec, problems):
        for key, kind in spec['args'].items():
            if key not in args:
                continue
            text, want = args[key], kind['t']
            if want == 'number':
                digits = text.lstrip('-').isdigit()
                args[key] = int(text) if digits else text
            elif want == 'boolean' or want == 'enum' and isinstance(kind['v'][0], bool):
                args[key] = {'true': True, '1': True, 'false': False, '0': False}.get(text.lower(), text)
            elif want in ('array', 'ref', 'object', 'union'):
                if want == 'array' and kind['of']['t'] == 'string' and not text.startswith('['):
                    args[key] = text.split(',')
                else:
                    args[key] = self.embedded(key, text, problems)
        return args

    def check_arguments(self, spec, args):
        checker = slack_blocks.Checker()
        problems = []
        for name, kind in spec['args'].items():
            if name in args and args[name] is not None:
                if kind['t'] in ('array', 'ref') and name in ('blocks', 'attachments', 'view'):
                    want = dict if name == 'view' else list
                    if not isinstance(args[name], want):
                        problems.append(f'must be a{"n object" if want is dict else "n array"} [json-pointer:/{name}]')
                else:
                    checker.value(args[name], kind, '/' + name)
            elif kind.get('req') and name in args:
                problems.append(f'must not be null [json-pointer:/{name}]')
            elif kind.get('req'):
                problems.append(f'missing required field: {name}')
        for name in args:
            if name not in spec['args'] and name != 'token':
                legacy = 'legacy' if name in spec['legacy'] else 'unknown'
                problems.append(f'{legacy} argument: {name}')
        return problems + checker.errors
