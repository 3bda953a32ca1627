"""A GRPO step of Earshot's trainer against TRL's GRPOTrainer, on the same random text models, in turn in one run.

    python training.py --models FOLDER [--shapes qwen2-47m qwen2-0.5b] [--rounds N] [--steps N] [--checkpointing]

The python has torch, transformers, trl, peft and datasets; FOLDER holds the models, which are made where missing.
Each side runs in a process of its own that loads the model anew, so that its largest resident set is its own. In a
process the first step, which warms up, does not count.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import measured

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("TRAINING_BENCHMARK", str(measured.ROOT / ".build/release/training-benchmark"))
# What we aim at for each shape: times as many steps an hour, and the share of TRL's memory.
TARGETS = {
    ("qwen2-47m", "full"): (8, 0.25), ("qwen2-47m", "LoRA"): (8, 0.25), ("qwen2-0.5b", "full"): (3.5, None),
    ("qwen2-0.5b", "LoRA"): (3.5, 1 / 3),
}
# For full training of the larger shape: bytes a parameter are weight, gradient and two moments.
BYTES_A_PARAMETER, SLACK = 16, 1.3


def model(folder, shape):
    path = folder / shape
    if not (path / "model.safetensors").exists():
        if not (folder / "nano").exists():
            measured.earshot("models", "init", "nano", folder / "nano")
        subprocess.run([sys.executable, "-B", str(HERE / "make_model.py"), shape, str(path), "--tokenizer",
                        str(folder / "nano")], check=True)
    return path


def side(command, options, lora):
    """Seconds of the steps but the first, the process's own largest resident set, and what else it says."""
    arguments = ["--steps", options.steps + 1, "--prompt-tokens", options.prompt_tokens, "--completion-tokens",
                 options.completion_tokens, "--generations", options.generations]
    output = measured.run([*command, *map(str, arguments), *(["--lora"] if lora else [])]).output
    answer = json.loads(output.strip().splitlines()[-1])
    return answer["step_seconds"][1:], answer["peak_rss_bytes"], answer


def spread(values, form):
    return f"{statistics.median(values):{form}} [{min(values):{form}}-{max(values):{form}}]"


def compare(path, options, kind):
    lora = kind == "LoRA"
    theirs = [sys.executable, "-B", str(HERE / "training_trl.py"), "--model", str(path)]
    commands = {"TRL": theirs + (["--checkpointing"] if options.checkpointing else []),
                "earshot": [PROGRAM, "--model", str(path)]}
    seconds, peaks, parameters = {name: [] for name in commands}, {name: [] for name in commands}, 0
    for number in range(options.rounds):
        for name in list(commands) if number % 2 == 0 else list(commands)[::-1]:
            steps, peak, answer = side(commands[name], options, lora)
            # One number a round: a ratio is taken within a round.
            seconds[name].append(statistics.median(steps))
            peaks[name].append(peak / 1e9)
            parameters = answer.get("parameters", parameters)
    faster = [a / b for a, b in zip(seconds["TRL"], seconds["earshot"])]
    smaller = [a / b for a, b in zip(peaks["earshot"], peaks["TRL"])]
    rows = [[f"{path.name}, {kind}", "s a step", "steps an hour", "GB"]]
    for name in commands:
        hourly = [3_600 / value for value in seconds[name]]
        rows.append([name, spread(seconds[name], ".2f"), f"{statistics.median(hourly):.0f}",
                     spread(peaks[name], ".2f")])
    measured.table(rows)
    peak = statistics.median(peaks["earshot"]) * 1e9
    print(verdict(path.name, kind, faster, smaller, peak, parameters), "\n", flush=True)


def verdict(shape, kind, faster, smaller, peak, parameters):
    speed, share = TARGETS.get((shape, kind), (None, None))
    text = f"times as fast: {spread(faster, '.2f')}"
    if speed:
        text += f", {speed} asked for: {'met' if statistics.median(faster) >= speed else 'not met'}"
    text += f"; share of the memory: {spread(smaller, '.3f')}"
    if share:
        text += f", {share:.3f} asked for: {'met' if statistics.median(smaller) <= share else 'not met'}"
    elif kind == "full" and parameters:
        limit = SLACK * BYTES_A_PARAMETER * parameters
        text += (f"; {peak / parameters:.1f} bytes a parameter, {SLACK} x {BYTES_A_PARAMETER} asked for: "
                 f"{'met' if peak <= limit else 'not met'}")
    return text


def main():
    parser = argparse.ArgumentParser(prog="training", description="A step of GRPO against TRL's.")
    parser.add_argument("--models", type=pathlib.Path, required=True, help="the folder of the models")
    parser.add_argument("--shapes", nargs="+", default=["qwen2-47m", "qwen2-0.5b"])
    parser.add_argument("--kinds", nargs="+", choices=["full", "LoRA"], default=["full", "LoRA"])
    parser.add_argument("--rounds", type=int, default=3, help="processes of each side (default: 3)")
    parser.add_argument("--steps", type=int, default=2, help="steps of a process that count (default: 2)")
    parser.add_argument("--prompt-tokens", type=int, default=256)
    parser.add_argument("--completion-tokens", type=int, default=32)
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument(
        "--checkpointing", action="store_true", help="let TRL recompute activations, as it does by default")
    options = parser.parse_args()
    if not shutil.which(PROGRAM):
        sys.exit(f"{PROGRAM}: not there. Run 'swift build -c release', or name another in TRAINING_BENCHMARK.")
    print(f"{os.cpu_count()} cores, {measured.load('load before')}; medians of {options.rounds} rounds")
    for shape in options.shapes:
        path = model(options.models, shape)
        for kind in options.kinds:
            compare(path, options, kind)
    print(measured.load("load after"))


if __name__ == "__main__":
    main()
