"""A strict reader of Prometheus's text format (version 0.0.4)."""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)?,?\})? (NaN|[+-]?Inf|[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(?: -?[0-9]+)?" % (NAME, LABEL, LABEL))
HEAD = re.compile(r"# (HELP|TYPE) (%s) (.*)" % NAME)


def parse(text):
    """{name: (type, {labels: value})}; raises ValueError at what the format does not allow."""
    metrics, current = {}, None
    if not text.endswith("\n"):
        raise ValueError("no line feed at the end")
    for number, line in enumerate(text[:-1].split("\n"), 1):
        def wrong(what):
            return ValueError("line %d: %s: %r" % (number, what, line))
        if line.startswith("#"):
            head = HEAD.fullmatch(line)
            if not head:
                raise wrong("neither HELP nor TYPE")
            kind, name, rest = head.groups()
            if kind == "HELP":
                if name in metrics:
                    raise wrong("a second HELP")
                if re.search(r"\\(?![\\n])", rest):
                    raise wrong("a bad escape in HELP")
                metrics[name], current = [None, {}], name
            else:
                if name != current or metrics[name][0] or metrics[name][1]:
                    raise wrong("TYPE is not right behind its HELP")
                if rest not in ("counter", "gauge", "histogram", "summary", "untyped"):
                    raise wrong("an unknown type")
                metrics[name][0] = rest
            continue
        sample = SAMPLE.fullmatch(line)
        if not sample:
            raise wrong("no sample")
        name, labels, value = sample.groups()
        if name != current or not metrics[name][0]:
            raise wrong("a sample outside of its group")
        if labels in metrics[name][1]:
            raise wrong("the same labels twice")
        metrics[name][1][labels] = float(value)
    return {name: (kind, samples) for name, (kind, samples) in metrics.items()}
