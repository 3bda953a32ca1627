"""Writes mmau-matcher.json: what MMAU's scoring rule says of texts, to hold Earshot's matcher to.

The rule is that of evaluation.py in MMAU (commit 110127f), restated: a text is the set of the matches of \\b\\w+\\b in
its lower-cased form; a prediction is right when it has a match, has all those of the answer, and has none that a choice
with another set adds to the answer's.

    python3 mmau_matcher.py                              texts of our own
    python3 mmau_matcher.py PATH/mmau-test-mini.json     and the counts over the benchmark, printed
"""
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

WORD = re.compile(r"\b\w+\b")


def words(text):
    return WORD.findall(text.lower())


def accepts(answer, prediction, choices):
    said, wanted = set(words(prediction)), set(words(answer))
    wrong = set()
    for choice in choices:
        offered = set(words(choice))
        if offered != wanted:
            wrong |= offered - wanted
    return bool(said) and wanted <= said and not said & wrong


def random_texts(count):
    """Texts of old code points of every kind, among letters, so that runs of both kinds come up."""
    old = unicodedata.ucd_3_2_0
    kinds = {}
    for point in range(0x80, 0x30000):
        kind = old.category(chr(point))
        if kind not in ("Cn", "Cs", "Co"):
            kinds.setdefault(kind, []).append(chr(point))
    generator = random.Random(1)
    names = sorted(kinds)
    for _ in range(count):
        yield "".join(
            generator.choice("aZ9_ -") if generator.random() < 0.4 else generator.choice(kinds[generator.choice(names)])
            for _ in range(generator.randrange(1, 13)))


TEXTS = [
    "", " ", "...", "A dog's bark", "state-of-the-art", "snake_case _ __", "3.5 seconds", "\u00c4rger \u00e9t\u00e9",
    "e\u0301te\u0301", "\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3 \u03a3 \u03a3\u03a3\u2019 \u0391\u03a3.",
    "\u0130stanbul", "x\u00b2 \u00bd \u2167 \u2460 \u4e94", "\u212b \u2126 \u212a", "\u1112\u1161\u11ab \ud55c",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\uff21\uff22\uff23", "\U0001f600 ok", "a\u200db", "\u00aa\u00ba", "\u01c5",
]

QUESTIONS = [
    ("Man", ["Man", "Woman", "Child", "Robot"]),
    ("A then B", ["A then B", "B then A", "A", "B"]),
    ("a dog barks", ["a dog barks", "a dog barks twice", "a cat", "dog"]),
    ("dog", ["dog", "Dog", "a dog", "cat"]),
    ("two dogs", ["two dogs", "two cats", "three dogs", "two"]),
    ("440 Hz", ["440 Hz", "880 Hz", "220 Hz", "1,760 Hz"]),
    ("1.5 s", ["1.5 s", "5.1 s", "15 s", "1 s"]),
    ("\u266a", ["\u266a", "\u266b", "note", "rest"]),
    ("caf\u00e9", ["caf\u00e9", "cafe\u0301", "cafe", "tea"]),
    ("yes", ["yes", "no"]),
]


def matcher_cases():
    for answer, choices in QUESTIONS:
        predictions = list(choices)
        for index, choice in enumerate(choices):
            letter = "ABCDEFGH"[index]
            predictions += [letter, f"({letter}) {choice}", f"{letter}. {choice}", f"The answer is {choice}.",
                            choice.upper(), f"{choice} {choice}"]
        predictions += ["", "?", " ".join(choices), answer + " and something else"]
        for prediction in predictions:
            yield {"answer": answer, "choices": choices, "prediction": prediction,
                   "right": accepts(answer, prediction, choices)}


def print_counts(path):
    questions = json.loads(Path(path).read_text())
    forms = {"exact": lambda letter, text: text, "letter": lambda letter, text: letter,
             "(B) text": lambda letter, text: f"({letter}) {text}",
             "The answer is text": lambda letter, text: f"The answer is {text}"}
    for name, form in forms.items():
        wrong = sum(not accepts(q["answer"], form("ABCDEFGH"[q["choices"].index(q["answer"])], q["answer"]), q["choices"])
                    for q in questions)
        print(f"{name}: {wrong} of {len(questions)} counted as wrong")
    pairs = [sum(c != q["answer"] and accepts(q["answer"], c, q["choices"]) for c in q["choices"]) for q in questions]
    print(f"a wrong choice counted as right: {sum(map(bool, pairs))} questions, {sum(pairs)} choices")


if __name__ == "__main__":
    texts = TEXTS + list(random_texts(400))
    fixture = {"words": [{"text": text, "words": words(text)} for text in texts], "cases": list(matcher_cases())}
    Path(__file__).with_name("mmau-matcher.json").write_text(json.dumps(fixture, indent=None, separators=(",", ":")) + "\n")
    if len(sys.argv) > 1:
        print_counts(sys.argv[1])
