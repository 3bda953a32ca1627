"""Four-choice label questions on the test data (EARSHOT_TEST_DATA): animals, spoken digits, instruments.

    python3 Benchmarks/nano_data.py OUT [--questions 4000]

Writes OUT/{train,dev,test}.jsonl with the rows {"id", "audio", "question", "choices", "answer"} that `earshot train` reads, and
OUT/labels.jsonl with {"id", "audio", "prompt", "response"}, the labels of the training clips alone.

No recording is in two of the sets: of each animal and instrument a quarter of the files is for testing and a twentieth
for dev, of the digits one speaker is for testing and the last takes of the others for dev. Choices are labels of the same
kind of sound; in each set every label is right as often as chance has it where it is offered, so that the text alone is
worth chance.
"""

import argparse
import csv
import hashlib
import json
import os
import random

# How many training questions there are to one on animals: digits are short, hard and cheap, instruments easy.
SHARES = {"animals": 1, "digits": 1.75, "music": 1}
# Questions a held-out clip: of one speaker there are more digits than there are animals, and fewest instruments.
HELD_OUT = {"animals": 4, "digits": 2, "music": 4}
QUESTIONS = {
    "animals": "Which animal is heard?",
    "digits": "Which digit is spoken?",
    "music": "Which instrument plays?",
}


def clips(data):
    """Kind, label, path and part (train, dev or test) of each clip."""
    for kind in QUESTIONS:
        by_label = {}
        with open(os.path.join(data, kind, "labels.csv")) as file:
            for row in csv.DictReader(file):
                path = os.path.join(data, kind, row["file"])
                if os.path.exists(path):
                    by_label.setdefault(row["label"], []).append((row, path))
        for label, rows in by_label.items():
            # In an order that depends on nothing but the names.
            rows.sort(key=lambda row: hashlib.sha256(row[0]["file"].encode()).hexdigest())
            for place, (row, path) in enumerate(rows):
                yield kind, label, path, digit_part(row) if kind == "digits" else part((place + 0.5) / len(rows))


def part(share):
    return "test" if share < 0.25 else "dev" if share < 0.30 else "train"


def digit_part(row):
    if row["speaker"] == "nicolas":
        return "test"
    return "dev" if int(row["file"].rsplit("_", 1)[1].split(".")[0]) >= 23 else "train"


def questions(rows, generator):
    """Questions in fours: four clips of four labels, the same four choices for each, in an order of its own.

    So every label is right exactly once where it is offered, and the most frequent label earns nothing. In each
    round every clip is used at most once; the last ones of frequent labels are left over.
    """
    for kind, text in QUESTIONS.items():
        for index in range(HELD_OUT[kind]):
            waiting = {}
            for k, label, path, _ in generator.sample(rows, len(rows)):
                if k == kind:
                    waiting.setdefault(label, []).append(path)
            while len(waiting) >= 4:
                # The labels with most clips left, ties by chance, so that few are left over.
                order = generator.sample(sorted(waiting), len(waiting))
                labels = sorted(order, key=lambda label: -len(waiting[label]))[:4]
                for label in labels:
                    path = waiting[label].pop()
                    if not waiting[label]:
                        del waiting[label]
                    choices = generator.sample(labels, 4)
                    yield {
                        "id": hashlib.sha256(f"{path} {index}".encode()).hexdigest()[:16], "audio": path, "duration": 5,
                        "question": text, "choices": choices, "answer": choices.index(label), "category": kind,
                    }


def training_questions(rows, count, generator):
    """Questions in fours as above, `count` of them on animals; a label with more clips is asked for more often, by the root."""
    for kind, text in QUESTIONS.items():
        clips_of = {}
        for k, label, path, _ in rows:
            if k == kind:
                clips_of.setdefault(label, []).append(path)
        waiting = {label: [] for label in clips_of}
        for index in range(int(count * SHARES[kind]) // 4):
            # The weighted draw without replacement of Efraimidis and Spirakis (2006).
            keys = {label: generator.random() ** (1 / len(own) ** 0.5) for label, own in clips_of.items()}
            labels = sorted(keys, key=keys.get)[-4:]
            for label in labels:
                if not waiting[label]:
                    waiting[label] = generator.sample(clips_of[label], len(clips_of[label]))
                path = waiting[label].pop()
                choices = generator.sample(labels, 4)
                yield {
                    "id": hashlib.sha256(f"{path} {index}".encode()).hexdigest()[:16], "audio": path, "duration": 5,
                    "question": text, "choices": choices, "answer": choices.index(label), "category": kind,
                }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--questions", type=int, default=4_000, help="training questions on animals")
    parser.add_argument("--data", default=os.environ.get("EARSHOT_TEST_DATA"))
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("EARSHOT_TEST_DATA names no folder with the test data")
    os.makedirs(arguments.out, exist_ok=True)
    generator = random.Random(1)
    every = list(clips(os.path.abspath(arguments.data)))
    for part in ["train", "dev", "test"]:
        rows = [row for row in every if row[3] == part]
        if part == "train":
            written = list(training_questions(rows, arguments.questions, generator))
        else:
            written = list(questions(rows, generator))
        with open(os.path.join(arguments.out, f"{part}.jsonl"), "w") as file:
            for row in written:
                file.write(json.dumps(row) + "\n")
        print(part, len(rows), "clips", len(written), "questions",
              {kind: sum(1 for row in rows if row[0] == kind) for kind in QUESTIONS})
    with open(os.path.join(arguments.out, "labels.jsonl"), "w") as file:
        asked = [json.loads(line) for line in open(os.path.join(arguments.out, "train.jsonl"))]
        for row in asked:
            name = hashlib.sha256(f"{row['id']} label".encode()).hexdigest()[:16]
            file.write(json.dumps({"id": name, "audio": row["audio"], "duration": 5, "prompt": row["question"],
                                   "response": row["choices"][row["answer"]]}) + "\n")


if __name__ == "__main__":
    main()
