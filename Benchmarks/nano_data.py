"""Four-choice label questions on the test data (EARSHOT_TEST_DATA): animals, spoken digits, instruments.

    python3 Benchmarks/nano_data.py OUT [--questions 8] [--test-questions 3]

Writes OUT/{train,dev,test}.jsonl with the rows {"id", "audio", "question", "choices", "answer"} that `earshot train` reads, and
OUT/labels.jsonl with {"id", "audio", "prompt", "response"}, the labels of the training clips alone.

No recording is in two of the sets: animals and melodies are drawn by file, digits by speaker (one for test, the
best of the rest for training; dev takes the last tenth of the takes). Choices are labels of the same kind of sound; in
each set every label is right as often as chance has it where it is offered, so that the text alone is worth chance.
"""

import argparse
import csv
import hashlib
import json
import os
import random

QUESTIONS = {
    "animals": "Which animal is heard?",
    "digits": "Which digit is spoken?",
    "music": "Which instrument plays?",
}


def part_of(kind, row):
    """train, dev or test."""
    if kind == "digits":
        if row["speaker"] == "nicolas":
            return "test"
        return "dev" if int(row["file"].rsplit("_", 1)[1].split(".")[0]) >= 23 else "train"
    place = int(hashlib.sha256(row["file"].encode()).hexdigest()[:8], 16) / 2**32
    return "test" if place < 0.25 else "dev" if place < 0.30 else "train"


def clips(data):
    for kind in QUESTIONS:
        with open(os.path.join(data, kind, "labels.csv")) as file:
            for row in csv.DictReader(file):
                path = os.path.join(data, kind, row["file"])
                if os.path.exists(path):
                    yield kind, row["label"], path, part_of(kind, row)


def questions(rows, rounds, generator):
    """Questions in fours: four clips of four labels, the same four choices for each, in an order of its own.

    So every label is right exactly once where it is offered, and the most frequent label earns nothing. In each of
    `rounds` every clip is used at most once; the last ones of frequent labels are left over.
    """
    for kind, text in QUESTIONS.items():
        for index in range(rounds):
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--questions", type=int, default=8, help="questions a training clip")
    parser.add_argument("--test-questions", type=int, default=3, help="questions a held-out clip")
    parser.add_argument("--data", default=os.environ.get("EARSHOT_TEST_DATA"))
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("EARSHOT_TEST_DATA names no folder with the test data")
    os.makedirs(arguments.out, exist_ok=True)
    generator = random.Random(1)
    every = list(clips(os.path.abspath(arguments.data)))
    for part in ["train", "dev", "test"]:
        rows = [row for row in every if row[3] == part]
        count = arguments.questions if part == "train" else arguments.test_questions
        written = list(questions(rows, count, generator))
        with open(os.path.join(arguments.out, f"{part}.jsonl"), "w") as file:
            for row in written:
                file.write(json.dumps(row) + "\n")
        print(part, len(rows), "clips", len(written), "questions",
              {kind: sum(1 for row in rows if row[0] == kind) for kind in QUESTIONS})
    with open(os.path.join(arguments.out, "labels.jsonl"), "w") as file:
        for kind, label, path, part in every:
            if part == "train":
                name = hashlib.sha256(f"{path} label".encode()).hexdigest()[:16]
                file.write(json.dumps({"id": name, "audio": path, "duration": 5, "prompt": QUESTIONS[kind], "response": label}) + "\n")


if __name__ == "__main__":
    main()
