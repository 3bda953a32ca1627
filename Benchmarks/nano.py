"""What SFT and GRPO make of the nano model on the test data: from random weights to answers, by `earshot train`.

    python3 Benchmarks/nano.py OUT [--seeds 1 2 3] [--warm-up N] [--sft N] [--grpo N] [--more N] [--train KEY=VALUE ...]

For each seed: a fresh nano model names sounds, then learns to answer questions (SFT); from that checkpoint one arm goes on
with GRPO, the other with SFT for as long. Each arm's best checkpoint on the dev set answers the test set, with its sounds and
with silence in their place. Prints a table and the paired difference of the arms with a bootstrap interval over recordings,
and writes OUT/nano.json. Nobody else should use the machine: minutes are the clock's. `--more` fixes the steps of the arm that
goes on with SFT, which are else as many as fit into GRPO's minutes. What has ended in OUT is not trained again.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys

import measured

# Of an unseen speaker and other rooms; more of it blurs what tells instruments apart.
AUGMENT = "{equalizer: 0.5, noise: 0.5}"
PROMPT = measured.ROOT / "prompts/ask-short.md"

COMMON = """
name: {name}
train:
  model: {model}
  seed: {seed}
data:
  train: {data}/train.jsonl
  dev: {data}/dev.jsonl
  test: {data}/test.jsonl
  prompt: {prompt}
  shuffle_choices: true
"""

SFT = """
{name}:
  method: sft
  spec_augment: {augment}
  batch: 32
  steps: {steps}
  learning_rate: {rate}
  schedule: {schedule}
  warmup_steps: {warmup}
  weight_decay: 0.01
  pass_tokens: 8192
  save_every: 0
  keep: 1
  evaluate_every: {evaluate}
"""

WARM_UP = """
warm-up:
  method: sft
  data:
    train: [{data}/labels.jsonl, {data}/train.jsonl]
  spec_augment: {augment}
  batch: 32
  steps: {steps}
  learning_rate: 1e-3
  schedule: constant
  warmup_steps: 50
  weight_decay: 0.01
  pass_tokens: 8192
  save_every: 0
  evaluate_every: 0
"""

GRPO = """
grpo:
  rewards: [accuracy]
  loss: dapo
  beta: 0
  generations: 8
  temperature: 1
  max_tokens: 16
  spec_augment: {augment}
  sampling_rounds: 2
  batch: 24
  steps: {steps}
  learning_rate: {rate}
  schedule: constant
  pass_tokens: 8192
  save_every: 0
  keep: 1
  evaluate_every: {evaluate}
"""


def train(out, name, text, overrides):
    """Runs a training, unless it has ended before; returns its folder."""
    folder = out / name
    file = out / f"{name}.yaml"
    summary = out / f"{name}.json"
    if summary.exists():
        return folder
    file.write_text(text)
    command = [str(measured.EARSHOT), "train", str(file), "--output", str(folder), "--json"]
    for override in overrides:
        command += ["--set", override]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    json.loads(result.stdout)
    summary.write_text(result.stdout)
    return folder


def lines(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def elapsed(folder):
    """Seconds of all phases, each of which counts its own."""
    seconds = [line["elapsed"] for line in lines(folder / "metrics.jsonl") if "elapsed" in line]
    return sum(now for now, then in zip(seconds, seconds[1:] + [0]) if then < now)


def step_seconds(folder):
    return statistics.median(line["step_time"] for line in lines(folder / "metrics.jsonl") if "step_time" in line)


def curve(folder):
    """[minutes of training so far, accuracy on the dev set], of all phases."""
    points, before, last = [], 0, 0
    for line in lines(folder / "metrics.jsonl"):
        if "elapsed" in line:
            if line["elapsed"] < last:
                before += last
            last = line["elapsed"]
        elif "eval_accuracy" in line:
            points.append([round((before + last) / 60, 2), line["eval_accuracy"]])
    return points


def answers(folder):
    return {line["id"]: line for line in lines(folder / "answers.jsonl")}


def shares(rows, questions):
    found = {"all": 100 * statistics.mean(row["right"] for row in rows.values()),
             "silence": 100 * statistics.mean(row["silent_right"] for row in rows.values())}
    for kind in sorted({question["category"] for question in questions}):
        own = [rows[question["id"]]["right"] for question in questions if question["category"] == kind]
        found[kind] = 100 * statistics.mean(own)
    return found


def difference(pairs, questions, draws=2_000):
    """Of two arms over all seeds, in points; recordings are drawn with replacement."""
    by_clip = {}
    for question in questions:
        own = by_clip.setdefault(question["audio"], [])
        own += [second[question["id"]]["right"] - first[question["id"]]["right"] for first, second in pairs]
    clips = [(sum(own), len(own)) for own in by_clip.values()]
    draw = random.Random(1)

    def mean(sample):
        return 100 * sum(value for value, _ in sample) / sum(count for _, count in sample)

    found = sorted(mean(draw.choices(clips, k=len(clips))) for _ in range(draws))
    return mean(clips), found[int(0.025 * draws)], found[int(0.975 * draws)]


def one_seed(options, out, data, seed):
    place = out / f"seed-{seed}"
    place.mkdir(parents=True, exist_ok=True)
    model = place / "model"
    if not model.exists():
        measured.earshot("models", "init", "nano", model, "--seed", seed)
    common = dict(data=data, seed=seed, prompt=PROMPT)
    base = COMMON.format(name="base", model=model, **common) + WARM_UP.format(steps=options.warm_up, data=data, augment=AUGMENT)
    base += SFT.format(name="sft", steps=options.sft, rate="1e-3", schedule="cosine", warmup=0, evaluate=200, augment=AUGMENT)
    start = train(place, "base", base, options.train)
    grpo = COMMON.format(name="grpo", model=start / "model", **common)
    grpo += GRPO.format(steps=options.grpo, rate=options.grpo_rate, evaluate=25, augment=AUGMENT)
    rewarded = train(place, "grpo", grpo, options.train)
    steps = options.more or max(1, round(elapsed(rewarded) / step_seconds(start)))
    more = COMMON.format(name="more", model=start / "model", **common)
    more += SFT.format(name="sft", steps=steps, rate=options.more_rate, schedule="cosine", warmup=20,
                        evaluate=max(1, steps // 8), augment=AUGMENT)
    continued = train(place, "more", more, options.train)
    silent = [line["frac_reward_zero_std"] for line in lines(rewarded / "metrics.jsonl")
              if "frac_reward_zero_std" in line]
    return {"base": answers(start), "more": answers(continued), "grpo": answers(rewarded),
            "minutes": {"base": elapsed(start) / 60, "grpo": elapsed(rewarded) / 60, "more": elapsed(continued) / 60},
            "curves": {"base": curve(start), "grpo": curve(rewarded), "more": curve(continued)},
            "without_signal": statistics.mean(silent)}


def main():
    parser = argparse.ArgumentParser(prog="nano")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--warm-up", type=int, default=900, help="steps")
    parser.add_argument("--sft", type=int, default=1_500, help="steps")
    parser.add_argument("--grpo", type=int, default=200, help="steps")
    parser.add_argument("--more", type=int, help="steps")
    parser.add_argument("--grpo-rate", default="1e-4")
    parser.add_argument("--more-rate", default="2e-4")
    parser.add_argument("--train", nargs="*", default=[], help="overrides of the training files")
    options = parser.parse_args()
    out = options.out.absolute()
    data = out / "data"
    if not data.exists():
        subprocess.run([sys.executable, "-B", os.path.join(os.path.dirname(__file__), "nano_data.py"), data], check=True)
    questions = lines(data / "test.jsonl")
    results = {seed: one_seed(options, out, data, seed) for seed in options.seeds}
    rows = [["seed", "arm", "minutes", "all", "silence", "animals", "digits", "music"]]
    for seed, result in results.items():
        for arm in ["base", "more", "grpo"]:
            found = shares(result[arm], questions)
            rows.append([str(seed), arm, f"{result['minutes'][arm]:.1f}",
                         *(f"{found[name]:.1f}" for name in rows[0][3:])])
    measured.table(rows)
    mean, low, high = difference([(result["more"], result["grpo"]) for result in results.values()], questions)
    print(f"\nGRPO against SFT for as long: {mean:+.1f} points [{low:+.1f}, {high:+.1f}] over {len(questions)} questions")
    print("groups without signal:", ", ".join(f"{100 * r['without_signal']:.0f} %" for r in results.values()))
    (out / "nano.json").write_text(json.dumps(
        {str(seed): {arm: shares(result[arm], questions) for arm in ["base", "more", "grpo"]} | {
            "minutes": result["minutes"], "curves": result["curves"], "without_signal": result["without_signal"]}
         for seed, result in results.items()} | {"difference": [mean, low, high]}, indent=1))


if __name__ == "__main__":
    main()
