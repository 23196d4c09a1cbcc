"""Formatted text as the Bot API sees it: parse_mode=HTML in, text and entities out, and back.

parse_html refuses what the real server refuses, with its words. What the real server accepts but silently changes
(an entity that cannot stand where it stands, an unescaped "&") is kept as a note, so that a test can object to it.
Offsets inside this file count characters; entities given out count UTF-16 code units, as the API does.
"""
import html
import re

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
CODE = ("pre", "code")
_TAGS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
         "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
         "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
         "tg-emoji": "custom_emoji", "tg-time": "date_time"}
_ATTRIBUTES = {"a": ("href",), "code": ("class",), "span": ("class",), "tg-emoji": ("emoji-id",),
               "blockquote": ("expandable",), "tg-time": ("unix", "format")}
_SPACE = b" \t\r\n\0\v"
_PRIORITY = {name: i for i, name in enumerate(
    ("blockquote", "expandable_blockquote", "pre", "code", "text_link", "text_mention", "bold", "italic", "underline",
     "strikethrough", "spoiler"))}


class EntityError(Exception):
    """The description that follows "Bad Request: "."""


def utf16_len(text):
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


class _Html:
    """One pass over the bytes, as the byte offsets in the real server's messages demand."""

    def __init__(self, text):
        self.data = text.encode("utf-8") + b"\0"
        self.size = len(self.data) - 1
        self.i, self.out, self.found, self.open, self.notes = 0, [], [], [], []
        self.length = 0  # characters put out so far

    def fail(self, what):
        raise EntityError("can't parse entities: " + what)

    def parse(self):
        while self.i < self.size:
            c = self.data[self.i]
            if c == 0x26 and self.character_reference():
                continue
            if c != 0x3C:
                self.plain(c)
            elif self.data[self.i + 1] == 0x2F:
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            self.fail("Can't find end tag corresponding to start tag \"%s\"" % self.open[-1][0])
        return b"".join(self.out).decode("utf-8"), self.found

    def plain(self, c):
        if c in (0x26, 0x3E):
            self.notes.append("unescaped %r at byte offset %d" % (chr(c), self.i))
        self.out.append(bytes((c,)))
        self.length += (c & 0xC0) != 0x80
        self.i += 1

    def character_reference(self, into=None):
        m = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]+));?").match(self.data, self.i)
        if m is None:
            return False
        if m.group(3) is not None:
            code = {b"lt": 0x3C, b"gt": 0x3E, b"amp": 0x26, b"quot": 0x22}.get(m.group(3), 0)
        else:
            digits, base = (m.group(1), 16) if m.group(1) is not None else (m.group(2), 10)
            code = int(digits, base) if digits and len(digits) < 9 else 0
            if code >= 0x10FFFF:
                code = 0
        if code == 0:
            return False
        if 0xD800 <= code <= 0xDFFF:
            self.fail("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                      "surrogate code units")
        if not m.group(0).endswith(b";"):
            self.notes.append("character reference without a semicolon at byte offset %d" % self.i)
        if into is None:
            self.out.append(chr(code).encode("utf-8"))
            self.length += 1
        else:
            into.append(chr(code).encode("utf-8"))
        self.i = m.end()
        return True

    def skip_space(self):
        while self.i < self.size and self.data[self.i] in _SPACE:
            self.i += 1

    def start_tag(self):
        begin = self.i
        self.i += 1
        while self.data[self.i] not in _SPACE and self.data[self.i] != 0x3E:
            self.i += 1
        if self.i >= self.size:
            self.fail("Unclosed start tag at byte offset %d" % begin)
        tag = self.data[begin + 1:self.i].decode("utf-8", "replace").lower()
        if tag not in _TAGS:
            self.fail("Unsupported start tag \"%s\" at byte offset %d" % (tag, begin))
        given = {}
        while True:
            self.skip_space()
            if self.data[self.i] == 0x3E and self.i < self.size:
                break
            name, value = self.attribute(tag, begin)
            given[name] = value
            if name not in _ATTRIBUTES.get(tag, ()):
                self.notes.append("attribute %r of <%s> is ignored, at byte offset %d" % (name, tag, begin))
        if tag == "span" and given.get("class") != "tg-spoiler":
            self.fail("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d" % begin)
        self.nesting(tag, given, begin)
        self.open.append((tag, given, self.length))
        self.i += 1

    def attribute(self, tag, begin):
        start = self.i
        while self.data[self.i] not in _SPACE and self.data[self.i] not in b"=>/\"'":
            self.i += 1
        name = self.data[start:self.i].decode("utf-8", "replace")
        if self.i >= self.size:
            self.fail("Unclosed start tag \"%s\" at byte offset %d" % (tag, begin))
        if not name:
            self.fail("Empty attribute name in the tag \"%s\" at byte offset %d" % (tag, begin))
        self.skip_space()
        if self.data[self.i] != 0x3D:
            if self.i >= self.size:
                self.fail("Unclosed start tag \"%s\" at byte offset %d" % (tag, begin))
            return name, ""
        self.i += 1
        self.skip_space()
        if self.i >= self.size:
            self.fail("Unclosed start tag \"%s\" at byte offset %d" % (tag, begin))
        return name, self.attribute_value(begin)

    def attribute_value(self, begin):
        quote = self.data[self.i]
        if quote not in b"'\"":
            start = self.i
            self.i = re.compile(rb"[a-zA-Z0-9.-]*").match(self.data, start).end()
            if self.data[self.i] not in _SPACE and self.data[self.i] != 0x3E:
                self.fail("Unexpected end of name token at byte offset %d" % start)
            return self.data[start:self.i].decode().lower()
        self.i += 1
        value = []
        while self.i < self.size and self.data[self.i] != quote:
            if self.data[self.i] == 0x26 and self.character_reference(value):
                continue
            value.append(self.data[self.i:self.i + 1])
            self.i += 1
        self.i += 1
        if self.i >= self.size:
            self.fail("Unclosed start tag at byte offset %d" % begin)
        return b"".join(value).decode("utf-8", "replace")

    def nesting(self, tag, given, begin):
        """Notes what the documentation forbids and the real server repairs by dropping or cutting an entity."""
        kind, outer = _TAGS[tag], [_TAGS[t[0]] for t in self.open]
        wrong = None
        if any(o in CODE for o in outer):
            if not (tag == "code" and outer and outer[-1] == "pre" and given.get("class")):
                wrong = "inside pre or code"
        elif kind in CODE and any(o not in QUOTES for o in outer):
            wrong = "inside %s" % next(o for o in outer if o not in QUOTES)
        elif kind in QUOTES and any(o in QUOTES for o in outer):
            wrong = "inside a blockquote"
        elif kind in SPLITTABLE and kind in outer:
            wrong = "inside itself"
        elif kind not in SPLITTABLE and any(o not in SPLITTABLE + QUOTES for o in outer):
            wrong = "inside %s" % next(o for o in outer if o not in SPLITTABLE + QUOTES)
        if wrong:
            self.notes.append("<%s> %s, at byte offset %d" % (tag, wrong, begin))

    def end_tag(self):
        begin = self.i
        if not self.open:
            self.fail("Unexpected end tag at byte offset %d" % begin)
        self.i += 2
        while self.data[self.i] not in _SPACE and self.data[self.i] != 0x3E:
            self.i += 1
        name = self.data[begin + 2:self.i].decode("utf-8", "replace").lower()
        self.skip_space()
        if self.i >= self.size or self.data[self.i] != 0x3E:
            self.fail("Unclosed end tag at byte offset %d" % begin)
        tag, given, offset = self.open[-1]
        if name and name != tag:
            self.fail("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"" % (begin, tag, name))
        if not name:
            self.notes.append("end tag without a name at byte offset %d" % begin)
        self.i += 1
        self.open.pop()
        if self.length > offset:
            self.close(tag, given, offset)

    def close(self, tag, given, offset):
        entity = {"type": _TAGS[tag], "offset": offset, "length": self.length - offset}
        same = self.found and (self.found[-1]["offset"], self.found[-1]["length"]) == (offset, entity["length"])
        if tag == "a":
            url = given.get("href") or b"".join(self.out).decode("utf-8")[offset:]
            if not self.link(entity, url):
                return
        elif tag == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        elif tag == "code" and given.get("class", "").startswith("language-"):
            entity["language"] = given["class"][9:]
        elif tag == "tg-emoji":
            if not re.fullmatch(r"-?[1-9][0-9]*", given.get("emoji-id", "")):
                self.fail("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = given["emoji-id"]
        elif tag == "tg-time":
            if not re.fullmatch(r"[0-9]+", given.get("unix", "")):
                self.fail("Invalid date specified")
            entity.update(unix_time=int(given["unix"]), date_time_format=given.get("format", ""))
        if tag == "pre" and same and self.found[-1]["type"] == "code" and "language" in self.found[-1]:
            self.found[-1]["type"] = "pre"
            return
        self.found.append(entity)

    def link(self, entity, url):
        user = re.fullmatch(r"tg://user/?\?id=([0-9]+)", url)
        if user:
            entity.update(type="text_mention", user={"id": int(user.group(1))})
        elif re.match(r"(https?|tg|ton|tonsite)://[^\s/]", url, re.I):
            entity["url"] = url
        elif re.match(r"[^\s/:]+\.[^\s/]{2,}", url):
            entity["url"] = "http://" + url
        else:
            self.notes.append("link %r is no URL and is dropped" % url[:60])
            return False
        return True


def parse_html(text):
    """Returns (text, entities in characters, notes); raises EntityError."""
    parser = _Html(text)
    plain, entities = parser.parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return plain, entities, parser.notes


def from_utf16(text, entities):
    """Entities whose offsets count UTF-16 units -> the same counting characters; raises EntityError."""
    where, units = {0: 0}, 0
    for i, c in enumerate(text):
        units += 1 + (ord(c) > 0xFFFF)
        where[units] = i + 1
    made = []
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if begin not in where or end not in where:
            beyond = begin > units or end > units
            raise EntityError("entity beginning at UTF-16 offset %d ends %s" % (
                begin, "after the end of the text at UTF-16 offset %d" % end if beyond
                else "in a middle of a UTF-16 symbol"))
        made.append(dict(entity, offset=where[begin], length=where[end] - where[begin]))
    return made


def to_utf16(text, entities):
    at, total = [0], 0
    for c in text:
        total += 1 + (ord(c) > 0xFFFF)
        at.append(total)
    return [dict(e, offset=at[e["offset"]], length=at[e["offset"] + e["length"]] - at[e["offset"]])
            for e in entities]


def _sorted(entities):
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _PRIORITY.get(e["type"], 4)))


def _without_overlaps(entities):
    kept, end = [], 0
    for entity in _sorted(entities):
        if entity["offset"] >= end:
            kept.append(entity)
            end = entity["offset"] + entity["length"]
    return kept


def fix_entities(entities):
    """Which entities survive: blockquotes do not nest, links and code neither, and code is cut out of everything
    that is laid over it. (So a spoiler around a code block leaves the code readable.)"""
    quotes = _without_overlaps([e for e in entities if e["type"] in QUOTES])
    solid = _without_overlaps([e for e in entities if e["type"] not in QUOTES and e["type"] not in SPLITTABLE])

    def crosses(e):
        b, n = e["offset"], e["offset"] + e["length"]
        return any(b < q["offset"] + q["length"] and q["offset"] < n and
                   not (q["offset"] <= b and n <= q["offset"] + q["length"]) for q in quotes)

    solid = [e for e in solid if not crosses(e)]
    holes = [(e["offset"], e["offset"] + e["length"]) for e in solid if e["type"] in CODE]
    soft = []
    for kind in SPLITTABLE:
        for begin, end in _union([e for e in entities if e["type"] == kind]):
            for b, n in _cut(begin, end, holes):
                soft.append({"type": kind, "offset": b, "length": n - b})
    return _sorted(quotes + solid + soft)


def _union(entities):
    spans = []
    for e in sorted(entities, key=lambda e: e["offset"]):
        if spans and e["offset"] <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], e["offset"] + e["length"])
        else:
            spans.append([e["offset"], e["offset"] + e["length"]])
    return spans


def _cut(begin, end, holes):
    for b, n in sorted(holes):
        if n <= begin or b >= end:
            continue
        if b > begin:
            yield begin, b
        begin = n
    if begin < end:
        yield begin, end


def _clean(text, entities):
    """Control characters become spaces, invisible direction marks and \\r go, the ends are trimmed."""
    gone = "\r\u0333\u033f\u030a" + "".join(map(chr, range(0x2028, 0x202F)))
    at, out = [], []
    for c in text:
        at.append(len(out))
        if c not in gone:
            out.append(" " if ord(c) < 32 and c != "\n" else c)
    at.append(len(out))
    made = []
    for e in entities:
        begin, end = at[e["offset"]], at[e["offset"] + e["length"]]
        while begin < end and out[begin] in " \n":
            begin += 1
        if begin < end:
            made.append(dict(e, offset=begin, length=end - begin))
    text = "".join(out)
    front = len(text) - len(text.lstrip(" \n"))
    text = text.strip(" \n")
    trimmed = []
    for e in made:
        begin, end = e["offset"] - front, min(e["offset"] + e["length"] - front, len(text))
        if begin < end:
            trimmed.append(dict(e, offset=begin, length=end - begin))
    return text, trimmed


_AUTOMATIC = (("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}\b")),
              ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w@/])")),
              ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w+")),
              ("url", re.compile(r"\bhttps?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]|(?<![\w.@/])t\.me/[\w/?=&-]+")),
              ("email", re.compile(r"(?<![\w.@+-])[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z]{2,})+\b")))


def find_entities(text):
    found = [{"type": kind, "offset": m.start(), "length": m.end() - m.start()}
             for kind, pattern in _AUTOMATIC for m in pattern.finditer(text)]
    return _without_overlaps(found)


def format_text(text, entities):
    """Text and entities (characters) as the server stores them: (text, entities in UTF-16 units).

    Raises EntityError when nothing but white space is left."""
    text, entities = _clean(text, fix_entities(entities))
    if not text:
        raise EntityError("message must be non-empty")
    solid = [e for e in entities if e["type"] not in QUOTES and e["type"] not in SPLITTABLE]
    for e in find_entities(text):
        if all(e["offset"] >= s["offset"] + s["length"] or s["offset"] >= e["offset"] + e["length"] for s in solid):
            entities.append(e)
    return text, to_utf16(text, _sorted(entities))


_OPEN = {"bold": "<b>", "italic": "<i>", "underline": "<u>", "strikethrough": "<s>", "spoiler": "<tg-spoiler>",
         "blockquote": "<blockquote>", "expandable_blockquote": "<blockquote expandable>", "code": "<code>"}


def _tags(e):
    kind = e["type"]
    if kind in _OPEN:
        return _OPEN[kind], "</%s>" % _OPEN[kind][1:-1].split()[0]
    if kind == "pre":
        if e.get("language"):
            return '<pre><code class="language-%s">' % html.escape(e["language"]), "</code></pre>"
        return "<pre>", "</pre>"
    if kind == "text_link":
        return '<a href="%s">' % html.escape(e["url"]), "</a>"
    if kind == "text_mention":
        return '<a href="tg://user?id=%d">' % e["user"]["id"], "</a>"
    return "", ""


def to_html(text, entities):
    """Text and entities (UTF-16) written as HTML in one canonical way."""
    items = _sorted(from_utf16(text, entities))
    out, stack = [], []
    for i in range(len(text) + 1):
        while stack and stack[-1][0] <= i:
            out.append(stack.pop()[1])
        while items and items[0]["offset"] == i:
            opening, closing = _tags(items[0])
            if opening:
                out.append(opening)
                stack.append((i + items[0]["length"], closing))
            items.pop(0)
        if i < len(text):
            out.append(html.escape(text[i], quote=False))
    return "".join(out)


def visible_text(text, entities):
    """What one reads without tapping: the text without what is under a spoiler."""
    hidden = [(e["offset"], e["offset"] + e["length"]) for e in from_utf16(text, entities) if e["type"] == "spoiler"]
    return "".join(c for i, c in enumerate(text) if not any(b <= i < n for b, n in hidden))
