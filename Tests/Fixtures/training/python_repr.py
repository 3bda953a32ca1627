"""Writes python-repr.json: lists of texts as Python shows them. Needs nothing but Python 3.11 or later.

    python3 python_repr.py > python-repr.json

A list of {"texts": [...], "shown": str(texts)}. Texts are ASCII in the JSON, so that no editor changes them.
"""

import json

CASES = [
    ["a car", "a dog", "rain", "wind"],
    [],
    [""],
    ["it's", 'a"b', "x"],
    ["""both ' and " in one""", "'", '"', "''", '""'],
    ["back\\slash", "C:\\n", "\\"],
    ["line\nbreak", "tab\there", "return\rhere", "nul\0", "bell\a", "\x1b[0m", "\x7f", "\x85"],
    ["Geräusch", "日本語", "naïve — “quoted”", "½ ≤ 3", "🎵 music", "e\u0301"],
    ["no\u00a0break", "soft\u00adhyphen", "zero\u200bwidth", "line\u2028sep", "para\u2029sep", "ideo\u3000graphic"],
    ["\ufeffmark", "private\ue000use", "tag\U000e0001", "\U0010ffff", "\u0378", "\u202eright"],
    ["[a, b]", "{x}", "%s", "a, 'b'"],
]

print(json.dumps([{"texts": case, "shown": str(case)} for case in CASES], indent=1))
