"""Records what the scripts of the benchmarks, and scipy, say of made-up answers, to hold Earshot's rules to.

The rules are restated: that of MMAU's evaluation.py (commit 110127f) and MMAR's (commit 3bce090), which skip rows
without a prediction; that of AIR-Bench's score_foundation.py (commit d5c1bdf); the answer tag of R1-AQA's test_mmau.py
(commit 5d24f31).

    python3 rules_reference.py                                 items of our own
    python3 rules_reference.py PATH/mmau-test-mini.json        and the results over the benchmark's own

The answers of a prediction file follow from its number, so that only the marks are recorded: for each file the right
and the scored answers, and the FNV-1a hash of the marks in the order of the items.
"""
import json
import random
import re
import sys
from pathlib import Path

from scipy.stats import binomtest

FILES = 500
WORD = re.compile(r"\b\w+\b")
MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def below(self, bound):
        return (self.next() * bound) >> 64


def words(text):
    return set(WORD.findall(text.lower()))


def accepts(answer, prediction, choices):
    said, wanted = words(prediction), words(answer)
    wrong = set()
    for choice in choices:
        offered = words(choice)
        if offered != wanted:
            wrong |= offered - wanted
    return bool(said) and wanted <= said and not said & wrong


def prediction_file(items, number):
    """(item, prediction) in the order of the file; None for a row without a prediction."""
    generator = SplitMix64(number)
    order = list(range(len(items)))
    for place in range(len(order) - 1, 0, -1):
        other = generator.below(place + 1)
        order[place], order[other] = order[other], order[place]
    rows = []
    for index in order:
        answer, choices = items[index]["answer"], items[index]["choices"]
        form = generator.below(13)
        right = choices.index(answer)
        pick = right if generator.below(2) == 0 else generator.below(len(choices))
        second = generator.below(len(choices))
        letter, text = "ABCDEFGH"[pick], choices[pick]
        rows.append((index, [
            answer, text, letter, f"({letter}) {text}", f"{letter}. {text}", f"The answer is {text}.",
            f"{text} and {choices[second]}", ", ".join(choices), text.upper(), text.lower(), "", f"  {text}\n", None,
        ][form]))
    return rows


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return f"{value:016x}"


def results(items):
    found = []
    for number in range(FILES):
        marks = ["-"] * len(items)
        for index, prediction in prediction_file(items, number):
            if prediction is not None:
                marks[index] = str(int(accepts(items[index]["answer"], prediction, items[index]["choices"])))
        found.append([marks.count("1"), len(marks) - marks.count("-"), fnv("".join(marks))])
    return found


SOUNDS = [
    "Man", "Woman", "Child", "Robot", "a dog barks", "a dog barks twice", "a cat", "dog", "two dogs", "three dogs",
    "440 Hz", "880 Hz", "1.5 s", "5.1 s", "C major", "A minor", "F# minor", "B", "4/4", "3/4", "piano, then violin",
    "violin, then piano", "piano", "Violin", "Yes", "No", "True", "False", "caf\u00e9", "a door that creaks open",
    "the creak of an open door", "rain on a tin roof", "It's a train", "train's horn", "state-of-the-art", "state",
    "speaker_1", "speaker_2", "\u2669", "none of the above", "all of the above", "A", "\u00c4rger", "anger",
]
MIXED = SOUNDS + ["\u6c49\u8bed", "\u666e\u901a\u8bdd", "\u4e00\u53ea\u72d7", "\u72ac\u306e\u58f0", "caf\u00e9 \u732b",
                  "laughing -> crying", "crying -> laughing"]


def made_items(vocabulary, sizes, count, seed):
    generator = random.Random(seed)
    items = []
    for number in range(count):
        choices = generator.sample(vocabulary, generator.choice(sizes))
        if generator.random() < 0.05:
            choices[-1] = choices[0]
        items.append({"id": f"item-{number}", "choices": choices, "answer": generator.choice(choices)})
    return items


def air_bench_letter(response):
    said = response.strip().replace("\n", "")
    if said == "None" or not said:
        return None
    if said[0] in "ABCD":
        return said[0]
    return said[-2] if len(said) > 1 and said[-2] in "ABCD" else None


def tagged(output):
    found = re.search(r"<answer>(.*?)</answer>", output)
    return (found.group(1) if found else output).strip()


PIECES = ["<answer>", "</answer>", "<answer", ">", "\n", "\r\n", " ", "\t", "A", "B", "C.", "D)", "E", "None", "a",
          "The answer is ", "dog", ".", "\u3000", "\x1c", "\u200b", "\u00e9", "e\u0301", "\u2028", "<think>", "\x85"]


def text_cases(count):
    generator = random.Random(2)
    texts = ["".join(generator.choice(PIECES) for _ in range(generator.randrange(0, 8))) for _ in range(count)]
    return [{"text": text, "answer": tagged(text), "letter": air_bench_letter(text)} for text in texts]


def statistics():
    generator = random.Random(3)
    shares, pairs = [], []
    for count in [1, 2, 5, 10, 100, 333, 1000, 9000, 100000]:
        for right in {0, 1, count // 3, count - 1, count, generator.randrange(count + 1)}:
            interval = binomtest(right, count).proportion_ci(0.95, method="wilson")
            shares.append([right, count, interval.low, interval.high])
    pairs = [(0, 0), (1, 0), (0, 5), (10, 10), (6, 15), (120, 80), (0, 900), (4000, 4200), (49000, 51000)]
    pairs += [(generator.randrange(60), generator.randrange(60)) for _ in range(20)]
    return {"wilson": sorted(shares),
            "mcnemar": [[b, c, binomtest(min(b, c), b + c).pvalue if b + c else 1.0] for b, c in pairs]}


def write(name, value):
    text = json.dumps(value, separators=(",", ":"))
    Path(__file__).with_name(name).write_text(text + "\n")


if __name__ == "__main__":
    mmau = made_items(SOUNDS, [4] * 18 + [2, 5, 8], 60, 1)
    mmar = made_items(MIXED, [4] * 8 + [2, 2, 3, 5, 6], 60, 4)
    write("rules-predictions.json", {
        "mmau": {"items": mmau, "files": results(mmau)}, "mmar": {"items": mmar, "files": results(mmar)}})
    write("rules-texts.json", text_cases(400))
    write("rules-statistics.json", statistics())
    if len(sys.argv) > 1:
        questions = json.loads(Path(sys.argv[1]).read_text())
        write("rules-mmau-test-mini.json", results(questions))
