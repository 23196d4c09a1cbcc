"""Checks a request against the Bot API's own specification (telegram_spec.json).

Knows nothing of chats or messages. Every departure is a Problem: `refuse` says whether the server has to answer 400
(a note, refuse=False, is something the real server swallows although the documentation forbids it).
"""
import json
import os
import re

_PLAIN = ("Integer", "String", "Boolean", "Float")
_DEPTH = 40  # rich text nests; anything deeper is an attack on the parser


class Problem:
    def __init__(self, where, what, refuse=True, answer=None):
        self.where, self.what, self.refuse = where, what, refuse
        self.answer = answer or "Bad Request: %s: %s" % (where, what)

    def __str__(self):
        return "%s: %s" % (self.where, self.what)

    __repr__ = __str__


class Upload:
    """One file of a multipart body."""

    def __init__(self, name, data, mime):
        self.name, self.data, self.mime = name, data, mime

    def __repr__(self):
        return "Upload(%r, %d bytes)" % (self.name, len(self.data))


class JsonText:
    """A parameter that came as text: whether it is a number or JSON is decided by the specification."""

    def __init__(self, text):
        self.text = text


class Spec:
    def __init__(self, path=None):
        path = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), "telegram_spec.json")
        with open(path, encoding="utf-8") as source:
            spec = json.load(source)
        self.version, self.methods, self.types = spec["version"], spec["methods"], spec["types"]
        self.by_lower = {name.lower(): name for name in self.methods}
        self.update_types = [name for name in self.types["Update"]["fields"] if name != "update_id"]
        self.reactions = self.types["ReactionTypeEmoji"]["fields"]["emoji"][2]["values"]

    def method(self, name):
        """The method's own spelling, or None: method names are case-insensitive."""
        return self.by_lower.get(name.lower())

    def check_request(self, method, raw, files):
        """raw: name -> JsonText or a JSON value. Returns (params, problems)."""
        params, problems = {}, []
        known = self.methods[method]["params"]
        attached = set()
        for name, value in raw.items():
            if name not in known:
                problems.append(Problem(name, "unknown parameter of %s" % method))
                continue
            types, rules = known[name][0], (known[name][2] if len(known[name]) > 2 else {})
            found = []
            if name in files:
                found.append(Problem(name, "given both as text and as a file"))
            params[name] = self._top(value, types, rules, name, found)
            problems += found
            attached.update(re.findall(r"attach://([^\"\\\s]+)", value.text if isinstance(value, JsonText)
                                       else json.dumps(value)))
        for name, upload in files.items():
            if name in known and "InputFile" in known[name][0]:
                params.setdefault(name, upload)
            elif name not in attached:
                problems.append(Problem(name, "a file that no parameter refers to"))
        for name, field in known.items():
            if field[1] and (name not in params or params[name] == ""):
                problems.append(Problem(name, "missing required parameter of %s" % method,
                                        answer="Bad Request: %s" % _missing(name)))
        return params, problems

    def check_object(self, type_name, value):
        """The problems of a whole object, for checking what this server itself sends."""
        problems = []
        self._value(value, [type_name], {}, type_name, problems, 0)
        return problems

    def _top(self, value, types, rules, where, problems):
        if not isinstance(value, JsonText):
            if isinstance(value, str) and not any(t in ("String", "InputFile") for t in types):
                if all(t not in _PLAIN for t in types):
                    return self._json(value, types, rules, where, problems)  # JSON inside JSON is allowed
            return self._value(value, types, rules, where, problems, 0)
        text = value.text
        if "Integer" in types and re.fullmatch(r"-?[0-9]{1,18}", text):
            return self._value(int(text), types, rules, where, problems, 0)
        if "String" in types or "InputFile" in types:
            return self._value(text, types, rules, where, problems, 0)
        if "Boolean" in types:
            if text.lower() in ("true", "false"):
                return text.lower() == "true"
            problems.append(Problem(where, "expected true or false, got %r" % text[:40]))
            return None
        if "Integer" in types or "Float" in types:
            if "Float" in types and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?", text):
                return float(text)
            problems.append(Problem(where, "expected a number, got %r" % text[:40]))
            return None
        return self._json(text, types, rules, where, problems)

    def _json(self, text, types, rules, where, problems):
        try:
            value = json.loads(text, object_pairs_hook=lambda pairs: self._pairs(pairs, where, problems))
        except (ValueError, RecursionError):
            problems.append(Problem(where, "is not JSON", answer="Bad Request: " + _not_json(where)))
            return None
        return self._value(value, types, rules, where, problems, 0)

    @staticmethod
    def _pairs(pairs, where, problems):
        made = dict(pairs)
        if len(made) != len(pairs):
            problems.append(Problem(where, "the same key twice in one object"))
        return made

    def _value(self, value, types, rules, where, problems, depth):
        """Checks a JSON value against any of the types; returns it unchanged."""
        if depth > _DEPTH:
            problems.append(Problem(where, "nested too deep"))
            return value
        best = None
        for name in types:
            found = []
            self._one(value, name, rules, where, found, depth)
            if not found:
                return value
            if best is None or _nearness(self, value, name, found) > best[0]:
                best = (_nearness(self, value, name, found), found)
        problems += best[1]
        return value

    def _one(self, value, name, rules, where, problems, depth):
        if name.startswith("Array of "):
            if not isinstance(value, list):
                problems.append(Problem(where, "expected an Array"))
                return
            for i, item in enumerate(value):
                self._value(item, [name[9:]], {}, "%s[%d]" % (where, i), problems, depth + 1)
        elif name in _PLAIN or name == "InputFile":
            _plain(value, name, rules, where, problems)
        else:
            self._object(value, name, where, problems, depth)

    def _object(self, value, name, where, problems, depth):
        kind = self.types[name]
        if "subtypes" in kind:
            self._value(value, kind["subtypes"], {}, where, problems, depth + 1)
            return
        if not isinstance(value, dict):
            problems.append(Problem(where, "expected an object of type %s" % name))
            return
        for key, item in value.items():
            field = kind["fields"].get(key)
            if field is None:
                problems.append(Problem("%s.%s" % (where, key), "unknown field of %s" % name))
            else:
                self._value(item, field[0], field[2] if len(field) > 2 else {}, "%s.%s" % (where, key), problems,
                            depth + 1)
        for key, field in kind["fields"].items():
            if field[1] and key not in value:
                problems.append(Problem("%s.%s" % (where, key), "missing required field of %s" % name))


def _nearness(spec, value, name, found):
    """Which of several types a wrong value was meant to be: the one whose required fields and constants it has."""
    if not isinstance(value, dict) or name not in spec.types or "fields" not in spec.types[name]:
        return -1000 - len(found)
    fields, score = spec.types[name]["fields"], 0
    for key, field in fields.items():
        allowed = field[2].get("values") if len(field) > 2 else None
        if key in value and allowed and value[key] in allowed:
            score += 10
        elif key in value and field[1]:
            score += 2
    return score * 100 - len(found)


def _plain(value, name, rules, where, problems):
    right = {"Integer": isinstance(value, int) and not isinstance(value, bool),
             "Boolean": isinstance(value, bool),
             "Float": isinstance(value, (int, float)) and not isinstance(value, bool),
             "String": isinstance(value, str),
             "InputFile": isinstance(value, (str, Upload))}[name]
    if not right:
        problems.append(Problem(where, "expected %s, got %s" % (name, json.dumps(value, default=str)[:60])))
        return
    if name == "Integer" and not -(1 << 53) < value < 1 << 53:
        problems.append(Problem(where, "beyond 52 bits"))
    if "between" in rules and not rules["between"][0] <= value <= rules["between"][1]:
        # The real server clamps silently: worth knowing, not worth a refusal.
        problems.append(Problem(where, "%d is not between %d and %d" % (value, *rules["between"]), refuse=False))
    if name == "String":
        _string(value, rules, where, problems)


def _string(value, rules, where, problems):
    try:
        encoded = value.encode("utf-8")
    except UnicodeEncodeError:
        problems.append(Problem(where, "is not UTF-8", answer="Bad Request: strings must be encoded in UTF-8"))
        return
    if "values" in rules and value not in rules["values"]:
        problems.append(Problem(where, "%r is not one of the allowed values" % value[:40], answer=_bad_value(where)))
    if "limit" in rules and not rules.get("parsed"):
        low, high, unit = rules["limit"]
        size = len(encoded) if unit == "bytes" else len(value)
        if not low <= size <= high:
            problems.append(Problem(where, "%d %s, allowed are %d to %d" % (size, unit, low, high),
                                    answer=_bad_length(where, size)))


def _missing(name):
    return {"text": "message text is empty", "chat_id": "chat_id is empty", "user_id": "invalid user_id specified",
            "message_id": "message identifier is not specified",
            "document": "there is no document in the request", "photo": "there is no photo in the request",
            "commands": "can't parse commands: expected an Array", "action": "wrong parameter action in request",
            }.get(name, "parameter \"%s\" is required" % name)


def _not_json(where):
    return {"reply_markup": "can't parse reply keyboard markup JSON object",
            "reply_parameters": "can't parse reply parameters JSON object",
            "entities": "can't parse entities JSON object",
            "commands": "can't parse commands JSON object",
            "scope": "can't parse BotCommandScope JSON object",
            "reaction": "can't parse reaction types JSON object",
            "link_preview_options": "can't parse link preview options JSON object",
            }.get(where, "can't parse %s JSON object" % where)


def _bad_value(where):
    if where.endswith(".emoji"):
        return "Bad Request: REACTION_INVALID"
    return "Bad Request: wrong value of %s" % where


def _bad_length(where, size):
    last = where.split(".")[-1]
    if last == "callback_data":
        return "Bad Request: BUTTON_DATA_INVALID"
    if last == "command":
        return "Bad Request: command length must not exceed 32" if size else "Bad Request: command must be non-empty"
    if last == "description" and "commands" in where:
        return ("Bad Request: command description length must not exceed 256" if size else
                "Bad Request: command description must be non-empty")
    if last == "text" and where == "text":
        return "Bad Request: MESSAGE_TOO_LONG"
    return "Bad Request: wrong length of %s" % where
