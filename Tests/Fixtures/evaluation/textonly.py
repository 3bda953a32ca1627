"""Records what scikit-learn and scipy make of questions answered from their text, to hold Earshot's classifier to.

    python3 textonly.py

writes textonly.json beside it: the questions of two made-up sets, and for each the probabilities of the choices. Those
of `two` have two choices, so that the conditional logit is scikit-learn's LogisticRegression without an intercept, on
the differences of the choices' features; those of `mixed` have two to five, and scipy minimises the loss. The features
are written down here a second time, from their description.
"""
import hashlib
import json
import math
import random
import re
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

FOLDS = 5
STEMS = [
    "What makes the sound at {}?", "How many times does the {} come?", "Which comes after the {}?",
    "Is the {} loud or quiet?", "Where would one hear the {}?",
]
NOUNS = "bell dog engine rain voice drum door wind whistle crowd clock glass".split()
WORDS = "a red small dog bark loud far bell rings twice engine idles rain on tin roof voice low hum 3 12".split()


def fold(clip):
    parts = [b"earshot text-only fold 1", clip.encode()]
    data = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") % FOLDS


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def made(seed, count, sizes):
    """Questions whose right choices are longer, earlier and of certain words more often than chance has it."""
    rng = random.Random(seed)
    items = []
    for number in range(count):
        stem = rng.choice(STEMS).format(rng.choice(NOUNS))
        choices = []
        while len(choices) < rng.choice(sizes):
            choice = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 4)))
            if choice not in choices:
                choices.append(choice)
        weights = [
            math.exp(0.3 * len(c.split()) + 1.0 * ("dog" in c) - 0.8 * ("12" in c) - 0.4 * place)
            for place, c in enumerate(choices)
        ]
        answer = rng.choices(range(len(choices)), weights)[0]
        items.append({"clip": f"clip {number // 3}", "stem": stem, "choices": choices, "answer": answer})
    return items


def names(item, place):
    choice, stem = words(item["choices"][place]), words(item["stem"])
    whole, asked = tuple(choice), tuple(stem)
    found = {("choice", whole), ("stem choice", asked, whole)}
    found |= {("word", word) for word in choice} | {("stem word", asked, word) for word in choice}
    found |= {("words", pair) for pair in zip(choice, choice[1:])}
    found |= {("asked choice", word, whole) for word in stem}
    lengths = [len(c) for c in item["choices"]]
    found.add(("place", len(lengths), place))
    shorter = sum(length < lengths[place] for length in lengths)
    longer = sum(length > lengths[place] for length in lengths)
    found.add(("length", len(lengths), shorter, longer))
    return found


def shared(one, other):
    return sum(word in other for word in one) / len(one) if one else 0.0


def measured(item, place):
    texts = [words(choice) for choice in item["choices"]]
    lengths = [len(choice) for choice in item["choices"]]
    others = [text for number, text in enumerate(texts) if number != place]
    length = math.log((lengths[place] + 1) / (sum(lengths) / len(lengths) + 1))
    alike = sum(shared(texts[place], other) for other in others) / len(others)
    return [length, alike, shared(texts[place], words(item["stem"]))]


def prior(items, text, left_out):
    right = even = 0.0
    for item in items:
        if item["fold"] in left_out:
            continue
        for place, choice in enumerate(item["choices"]):
            if tuple(words(choice)) == text:
                right += place == item["answer"]
                even += 1 / len(item["choices"])
    return math.log((right + 1) / (even + 1))


def tables(items):
    """By question the choices' features, without the prior, which a fold's fit gives."""
    seen = {}
    for number, item in enumerate(items):
        for place in range(len(item["choices"])):
            for name in names(item, place):
                seen.setdefault(name, set()).add(number)
    numbers = {name: number for number, name in enumerate(sorted((n for n in seen if len(seen[n]) > 1), key=repr))}
    rows = []
    for item in items:
        table = np.zeros((len(item["choices"]), len(numbers) + 4))
        for place in range(len(item["choices"])):
            for name in names(item, place):
                if name in numbers:
                    table[place, numbers[name]] = 1
            table[place, -3:] = measured(item, place)
        rows.append(table)
    return rows


def with_priors(items, rows, held):
    cache = {}
    for item, table in zip(items, rows):
        for place, choice in enumerate(item["choices"]):
            key = (tuple(words(choice)), frozenset({held, item["fold"]}))
            if key not in cache:
                cache[key] = prior(items, *key)
            table[place, -4] = cache[key]
    return rows


def by_scikit(rows, answers):
    differences = np.array([(table[answer] - table[1 - answer]) for table, answer in zip(rows, answers)])
    signs = np.array([1 if number % 2 else -1 for number in range(len(rows))])
    model = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-10, max_iter=10_000)
    model.fit(differences * signs[:, None], signs)
    return model.coef_[0]


def by_scipy(rows, answers):
    def loss(weights):
        value, gradient = 0.5 * weights @ weights, weights.copy()
        for table, answer in zip(rows, answers):
            scores = table @ weights
            value -= log_softmax(scores)[answer]
            step = softmax(scores)
            step[answer] -= 1
            gradient += table.T @ step
        return value, gradient

    result = minimize(
        loss, np.zeros(rows[0].shape[1]), jac=True, method="L-BFGS-B",
        options={"maxiter": 5_000, "ftol": 1e-15, "gtol": 1e-8})
    return result.x


def answered(items, fit):
    for item in items:
        item["fold"] = fold(item["clip"])
    rows = tables(items)
    for held in range(FOLDS):
        with_priors(items, rows, held)
        kept = [number for number, item in enumerate(items) if item["fold"] != held]
        weights = fit([rows[number] for number in kept], [items[number]["answer"] for number in kept])
        for number, item in enumerate(items):
            if item["fold"] == held:
                item["probabilities"] = [float(f"{p:.9g}") for p in softmax(rows[number] @ weights)]
    return items


def main():
    sets = {
        "two": answered(made(1, 240, [2]), by_scikit),
        "mixed": answered(made(2, 300, [2, 3, 4, 5]), by_scipy),
    }
    path = Path(__file__).with_name("textonly.json")
    path.write_text(json.dumps(sets, indent=0) + "\n")
    for name, items in sets.items():
        right = sum(max(range(len(i["choices"])), key=i["probabilities"].__getitem__) == i["answer"] for i in items)
        print(name, len(items), "questions,", right, "right")


if __name__ == "__main__":
    main()
