"""Writes rewards.json: what rewards and advantages of Earshot's trainer have to be.

    python rewards.py        with the packages of losses-requirements.txt

Tagged texts are put together at random from pieces and judged by regular expressions, lengths by TRL's own reward
functions, and advantages by its formulas in PyTorch, in double precision.
"""

import json
import math
import pathlib
import random
import re

import torch
from trl.rewards import accuracy_rewards, get_cosine_scaled_reward, get_soft_overlong_punishment
from trl.trainer.utils import nanstd

PIECES = ["<answer>", "</answer>", "<think>", "</think>", " ", "\n", "Car", "B", "\u0301", "é", "<answer", "/answer>"]
SHAPES = [
    ["<answer>", "Car", "</answer>"],
    ["<think>", "B", "</think>", "\n", "<answer>", "Car", "</answer>"],
    ["<answer>", "Car", "</answer>", " ", "<answer>", "B", "</answer>"],
]


def is_one_answer(text):
    found = re.fullmatch(r"\s*<answer>((?:(?!</?answer>).)*)</answer>\s*", text, re.DOTALL)
    return bool(found and found[1].strip())


def is_thought_and_answer(text):
    tag = r"((?:(?!</?answer>|</?think>).)*)"
    found = re.fullmatch(rf"\s*<think>{tag}</think>\s*<answer>{tag}</answer>\s*", text, re.DOTALL)
    return bool(found and found[1].strip() and found[2].strip())


def answer(text):
    """What follows the last thought, or what it says in answer tags that agree; None where they do not."""
    said = text.rsplit("</think>", 1)[-1]
    answers = {found.strip() for found in re.findall(r"<answer>(.*?)</answer>", said, re.DOTALL)}
    if not answers:
        return said.strip()
    return answers.pop() if len(answers) == 1 else None


def texts(count):
    draw = random.Random(20250715)
    for _ in range(count):
        pieces = list(draw.choice(SHAPES + [[]]))
        for _ in range(draw.choice([0, 0, 1, 1, 2, 3, 6])):
            pieces.insert(draw.randrange(len(pieces) + 1), draw.choice(PIECES))
        if pieces and draw.random() < 0.2:
            del pieces[draw.randrange(len(pieces))]
        yield "".join(pieces)


def tagged(count):
    unique = dict.fromkeys(texts(count))
    return [
        {"text": text, "one": is_one_answer(text), "thought": is_thought_and_answer(text), "answer": answer(text)}
        for text in unique
    ]


def lengths():
    cases = []
    for longest, cache in [(100, 20), (100, 0), (64, 64), (7, 3)]:
        counts = [0, 1, longest - cache, longest - cache + 1, longest - 1, longest, longest + 5]
        overlong = get_soft_overlong_punishment(longest, cache)
        accuracy_rewards.accuracy_reward = lambda completions, solution: [is_right for is_right in completions]
        cosine = get_cosine_scaled_reward(longest)
        tokens = [[0] * count for count in counts]
        cases.append({
            "longest": longest,
            "cache": cache,
            "counts": counts,
            "overlong": overlong(tokens),
            "right": cosine([True] * len(counts), [""] * len(counts), tokens),
            "wrong": cosine([False] * len(counts), [""] * len(counts), tokens),
        })
    return cases


def advantages(scores, weights, size, scale, aggregation):
    scores = torch.tensor([[math.nan if s is None else s for s in row] for row in scores], dtype=torch.float64)
    weights = torch.tensor(weights, dtype=torch.float64)
    unscored = scores.isnan().all(1)
    if aggregation == "sum_then_normalize":
        rewards = (scores * weights).nansum(1)
        rewards[unscored] = math.nan
        groups = rewards.view(-1, size)
        result = groups - groups.nanmean(1, keepdim=True)
        if scale == "group":
            result = result / (nanstd(groups, dim=1, keepdim=True) + 1e-4)
        if scale == "batch":
            result = result / (nanstd(rewards) + 1e-4)
    else:
        groups = scores.view(-1, size, len(weights))
        parts = (groups - groups.nanmean(1, keepdim=True)) / (nanstd(groups, dim=1, keepdim=True) + 1e-4)
        sums = (parts.view(-1, len(weights)) * weights).nansum(1)
        sums[unscored] = math.nan
        result = (sums - sums.nanmean()) / (nanstd(sums) + 1e-4)
    return result.flatten().nan_to_num(nan=0).tolist()


def advantage_cases():
    scores = [
        [1.0, 0.5], [0.0, 1.0], [0.0, None], [1.0, 0.0],
        [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0],
        [None, None], [0.0, 1.0], [None, 0.5], [1.0, None],
        [None, None], [None, None], [None, None], [1.0, 0.25],
    ]
    weights = [1.0, 0.5]
    kinds = [(scale, "sum_then_normalize") for scale in ["group", "batch", "none"]] + [("group", "normalize_then_sum")]
    cases = [
        {"scale": scale, "aggregation": how, "advantages": advantages(scores, weights, 4, scale, how)}
        for scale, how in kinds
    ]
    return {"scores": scores, "weights": weights, "size": 4, "cases": cases}


def main():
    torch.set_default_dtype(torch.float64)  # TRL's deviations divide counts
    path = pathlib.Path(__file__).with_name("rewards.json")
    texts = tagged(400)
    path.write_text(json.dumps({"tagged": texts, "lengths": lengths(), "advantages": advantage_cases()}) + "\n")
    print(len(texts), "texts,", sum(t["one"] for t in texts), "answers,", sum(t["thought"] for t in texts), "thoughts")


main()
