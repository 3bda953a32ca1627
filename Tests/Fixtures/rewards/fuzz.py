"""Records what the rewards of the hand-off, Sources/Stages/HandOff/Files/rewards.py, say of 10,000 made-up completions.

    python3 Tests/Fixtures/rewards/fuzz.py

Writes fuzz.jsonl beside this file: a question a line, with completions of it as [text, tokens, longest, scores, overlong, cosine].
`scores` has a letter for each of RULES: 1, 0, or - where the reward does not apply. The Swift tests hold Earshot's own rewards to
it. Python 3.11; no package.
"""

import json
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "Sources/Stages/HandOff/Files"))
import rewards  # noqa: E402

RULES = [f"accuracy:{rule}" for rule in rewards.ACCURACY_RULES] + ["format:answer", "format:think-answer"]
TEXTS = """dog|Dog|a dog|a cat|cat|two dogs|man bites dog|dog bites man|C|C#|D minor, 120 bpm|C major, 120 bpm|B|A|(A)|b|3|three|3.5 s
|12|café|cafe\u0301|Straße|STRASSE|ΟΔΟΣ|οδος|ığdır|IĞDIR|A dog|A.M. radio|not a dog|water, running|running water|don't|dont|co-op|x_y
|ﬁre|日本語|犬の声|.|?!|the second|It rises.|it rises|up and down|0.5 to 1 s|50 %|50%|n/a|None|both A and B|\u00a0bell\u00a0|bell""".replace("\n", "").split("|")
SPACE = ["", "", "", " ", "\n", "\t ", "\u00a0", "\u2003", "\x1c", "\r\n"]
TAGS = ["<answer>", "</answer>", "<think>", "</think>", "<Answer>", "<answer >", "< answer>", "</ answer>", "<answer><answer>"]


def question(draw):
    choices = draw.sample(TEXTS, draw.choice([2, 3, 4, 4, 4, 5]))
    if draw.random() < 0.1:
        choices[-1] = choices[0]
    if draw.random() < 0.15:
        choices = [draw.choice(SPACE) + choice + draw.choice(SPACE) for choice in choices]
    kind = draw.random()
    answer = draw.randrange(len(choices))
    if kind < 0.6:
        return {"choices": choices, "answer": answer, "solution": ""}
    solution = choices[answer] if kind < 0.75 else f"<answer>{draw.choice(SPACE)}{choices[answer]}</answer>"
    if kind > 0.92:
        choices = []
    return {"choices": choices, "answer": -1, "solution": solution if kind < 0.98 else ""}


def said(draw, question):
    """What a completion says, before any tags."""
    choices = question["choices"] or TEXTS
    choice = draw.choice(choices)
    if 0 <= question["answer"] and draw.random() < 0.4:
        choice = choices[question["answer"]]
    letter = draw.choice("ABCDEFabcdz")
    form = draw.randrange(14)
    if form < 5:
        return choice
    return [choice.upper(), choice.lower(), f"{letter}", f"({letter})", f"{letter}.", f"{letter}) {choice}", f"({letter}): {choice}",
            " ".join(reversed(choice.split())), f"{choice} {draw.choice(TEXTS)}"][form - 5]


def completion(draw, question):
    def space():
        return draw.choice(SPACE)

    text, form = said(draw, question), draw.randrange(12)
    if form < 3:
        return space() + text + space()
    if form < 6:
        return f"{space()}<answer>{space()}{text}{space()}</answer>{space()}"
    if form < 8:
        return f"<think>{draw.choice(TEXTS)}</think>{space()}<answer>{text}</answer>{space()}"
    if form == 8:
        return f"<answer>{text}</answer> and <answer>{said(draw, question)}</answer>"
    if form == 9:
        return f"<answer>{text}</answer></think>{space()}{said(draw, question)}"
    parts = [draw.choice(TAGS) if draw.random() < 0.5 else said(draw, question) for _ in range(draw.randrange(6))]
    return "".join(part + space() for part in parts)


def main():
    draw = random.Random(20260822)
    with open(HERE / "fuzz.jsonl", "w", encoding="utf-8", newline="\n") as file:
        for _ in range(500):
            row = question(draw)
            completions = []
            for _ in range(20):
                text, longest = completion(draw, row), draw.choice([0, 64, 100, 257])
                tokens = draw.randrange(longest + 1) if longest else draw.randrange(100)
                known = dict(solution=row["solution"], choices=row["choices"], answer=row["answer"], tokens=tokens, longest=longest)
                scores = [rewards.reward(name, text, **known) for name in RULES]
                completions.append([
                    text, tokens, longest, "".join("-" if score is None else f"{score:.0f}" for score in scores),
                    rewards.reward("length:overlong:32", text, **known), rewards.reward("length:cosine:letter-or-text", text, **known)])
            file.write(json.dumps(row | {"completions": completions}, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
