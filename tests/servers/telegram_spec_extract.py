#!/usr/bin/env python3
"""Makes telegram_spec.json: what the test server needs of the machine-readable Bot API, and nothing else.

    python3 telegram_spec_extract.py api.json > telegram_spec.json

api.json is the file of that name in github.com/PaulSonOfLars/telegram-bot-api-spec; the commit is in SOURCE below.
A field is [types, required] or [types, required, rules]; the rules are read from the description:
limit [min, max, unit] with unit "characters" or "bytes", parsed (the limit counts after entity parsing),
values (the only strings allowed), between [min, max] for a number.
"""
import json
import re
import sys

SOURCE = ("github.com/PaulSonOfLars/telegram-bot-api-spec, commit 160fd99507e1c7c77e92dc90f5993d724735b51c, api.json: "
          "names, types and limits only, the descriptions left out")


def rules(field):
    """The checks that only the description of a field tells."""
    text, found = field["description"], {}
    limit = re.search(r"\b(\d+)[-–](\d+) (characters|bytes)", text)
    if limit and field["types"] == ["String"]:
        found["limit"] = [int(limit.group(1)), int(limit.group(2)), limit.group(3)]
        if re.search(r"after entit(y|ies) parsing", text):
            found["parsed"] = True
    quoted = re.findall(r'["“]([^"”]+)["”]', text)
    fixed = re.search(r"(?:must be|always) [\"“]?([a-z_]+)[\"”]?\.?$", text)
    if field["types"] == ["String"]:
        if re.search(r"(one of|can be( either)?) [\"“]", text) and len(quoted) > 1:
            found["values"] = quoted
        elif fixed:
            found["values"] = [fixed.group(1)]
    between = re.search(r"[Vv]alues between (\d+)[-–](\d+) are accepted", text)
    if between:
        found["between"] = [int(between.group(1)), int(between.group(2))]
    return found


def fields(item):
    packed = {}
    for field in item.get("fields", []):
        extra = rules(field)
        packed[field["name"]] = [field["types"], field["required"]] + ([extra] if extra else [])
    return packed


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        api = json.load(source)
    out = {"source": SOURCE, "version": api["version"], "released": api["release_date"], "methods": {}, "types": {}}
    for name, method in api["methods"].items():
        out["methods"][name] = {"params": fields(method), "returns": method["returns"]}
    for name, item in api["types"].items():
        out["types"][name] = {"subtypes": item["subtypes"]} if "subtypes" in item else {"fields": fields(item)}
    # One line a method or type: a change of the API then shows as a readable diff.
    lines = []
    for key in ("source", "version", "released"):
        lines.append("%s: %s" % (json.dumps(key), json.dumps(out[key])))
    for key in ("methods", "types"):
        rows = ",\n".join("%s: %s" % (json.dumps(n), json.dumps(v, ensure_ascii=False, separators=(",", ":")))
                          for n, v in sorted(out[key].items()))
        lines.append("%s: {\n%s\n}" % (json.dumps(key), rows))
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
