"""What the tests' programs wrote, kept in one file a test ($TEST_KEPT), and the search for tokens in it.

The test build keeps every line of the log by itself, at every level; what a program says on its standard streams and
leaves in files is kept by who reads it, with keep().
"""
import base64
import os
import re
import urllib.parse

# The shapes of the platforms' tokens, and the secret halves of the test servers' own, which must not stand alone either.
SHAPES = [rb"\d{6,}(?::|%(?:25)?3a|\\x3a)[\w-]{20,}", rb"xox[a-z]-[\w-]{8,}", rb"xapp-[\w-]{8,}", rb"TEST-token_of", rb"a-wrong-token-a",
          rb"interviewtest(?:bot|app)token"]
TOKEN = re.compile(b"|".join(SHAPES), re.I)


def keep(*data):
    """Bytes, or the path of a file that a program has written."""
    path = os.environ.get("TEST_KEPT")
    for one in data if path else ():
        if isinstance(one, str):
            with open(one, "rb") as f:
                one = f.read()
        with open(path, "ab") as f:
            f.write(one or b"")


def keep_found(folder, but=()):
    """Of the files in FOLDER only what would be found: databases are big. BUT: files that a test has written itself."""
    for root, _, names in os.walk(folder):
        for path in (os.path.join(root, name) for name in names):
            if path not in but and os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as f:
                    keep(*(("%s: %s\n" % (path, found)).encode() for found in tokens_in(f.read())))


def forms(token):
    """The ways in which a token could be written."""
    raw = token.encode()
    return {raw, urllib.parse.quote(token, safe="").encode(), urllib.parse.quote(token).encode(), base64.b64encode(raw)[:-4],
            raw.split(b":")[-1], raw.hex().encode()}


def tokens_in(data):
    """The lines, cut short, of DATA that hold a token."""
    return [data[max(0, m.start() - 80):m.end() + 40].decode("utf-8", "replace") for m in TOKEN.finditer(data)]
