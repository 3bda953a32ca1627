"""Makes questions with planted near-duplicates, the same for the same seed.

Used by duplicates.py. Nine of ten rows are questions of their own: a stem from one of 400 patterns with slots, four
choices of a vocabulary of made-up names. Every tenth is a copy of an earlier one with one to three small edits of the kinds
that writers make: a typing error, another article, a word put in front, a choice in another order, a word left out.
"""

import json
import random

SOUNDS = ["dog barking", "church bell", "car horn", "rain on a roof", "piano", "male voice", "glass breaking", "siren"]
STEMS = [
    "Which sound comes {order} the {a} in this {clip}?",
    "How many times does the {a} occur {order} the {b}?",
    "What is the most likely source of the {adjective} sound heard {order} the {a}?",
    "Which of these is heard together with the {a} and the {b} in the {clip}?",
    "Based on the {clip}, where was the {adjective} {a} most likely recorded?",
    "What happens in the background while the {a} is {adjective}?",
    "Which instrument plays the {adjective} part {order} the {a}?",
    "How does the loudness of the {a} change {order} the {b} in this {clip}?",
]
ORDERS = ["before", "after", "during", "right after", "shortly before"]
CLIPS = ["recording", "clip", "audio", "scene", "sound"]
ADJECTIVES = ["loud", "faint", "sharp", "low", "distant", "bright", "rough", "steady", "sudden", "muffled"]
FIRST = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru".split()


def name(random_source):
    return "".join(random_source.choice(FIRST) for _ in range(random_source.randint(2, 4)))


def question(random_source, vocabulary):
    stem = random_source.choice(STEMS).format(
        order=random_source.choice(ORDERS), clip=random_source.choice(CLIPS),
        adjective=random_source.choice(ADJECTIVES), a=" ".join(random_source.sample(vocabulary, 2)),
        b=" ".join(random_source.sample(vocabulary, 2)))
    return stem, [" ".join(random_source.sample(vocabulary, random_source.randint(1, 3))) for _ in range(4)]


def edited(random_source, stem, choices):
    choices = list(choices)
    for _ in range(random_source.randint(1, 3)):
        kind = random_source.randrange(5)
        words = stem.split()
        place = random_source.randrange(len(words))
        if kind == 0:
            index = random_source.randrange(len(stem))
            stem = stem[:index] + random_source.choice("abcdefghijklmnopqrstuvwxyz") + stem[index + 1:]
        elif kind == 1:
            stem = stem.replace(" the ", " a ", 1)
        elif kind == 2:
            stem = random_source.choice(["So, ", "Listen: ", "Now, "]) + stem
        elif kind == 3:
            random_source.shuffle(choices)
        elif len(words) > 4:
            stem = " ".join(words[:place] + words[place + 1:])
    return stem, choices


def write(path, count, seed=1):
    """Writes `count` questions as JSON lines; returns the planted pairs, (earlier, later) by id."""
    random_source = random.Random(seed)
    vocabulary = [name(random_source) for _ in range(5_000)] + SOUNDS
    pairs, kept = [], []
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            if number % 10 == 9:
                original, stem, choices = random_source.choice(kept)
                stem, choices = edited(random_source, stem, choices)
                pairs.append((str(original), str(number)))
            else:
                stem, choices = question(random_source, vocabulary)
                if len(kept) < 100_000:
                    kept.append((number, stem, choices))
                else:
                    kept[random_source.randrange(len(kept))] = (number, stem, choices)
            row = {"id": str(number), "audio": f"{number}.wav", "question": stem, "choices": choices, "answer": choices[0]}
            file.write(json.dumps(row) + "\n")
    return pairs
