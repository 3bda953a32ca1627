"""Measures Earshot's engine, transformers and llama.cpp on the same random weights, alternately in one run.

Called by the command beside this file, which provides the packages and the models.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import measured

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("ENGINE_BENCHMARK", str(measured.ROOT / ".build/release/engine-benchmark"))


class Side:
    """A process that holds a model and answers each line with a number."""

    def __init__(self, name, command):
        self.name = name
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline()
        if not answer:
            sys.exit(f"{self.name}: ended at '{line}'")
        return float(answer)

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def earshot(folder, weights):
    return Side(f"earshot {weights}", [PROGRAM, str(folder), "--weights", weights])


def transformers(folder, kind):
    return Side(f"transformers {kind}", [sys.executable, "-B", str(HERE / "engine_transformers.py"), str(folder), kind])


def llama(folder, kind):
    path = folder / f"{kind}.gguf"
    if not path.exists():
        subprocess.run([sys.executable, "-B", str(HERE / "engine_llama.py"), str(folder), kind, str(path)], check=True)
    return Side(f"llama.cpp {kind}", [sys.executable, "-B", str(HERE / "engine_llama.py"), str(path)])


def compare(title, line, sides, rounds, work=None, data=None):
    """A table of one measurement: medians over rounds in which each side takes its turn; the first side is the base.

    `work` is the number of operations, `data` the bytes read by each side; the share is that of the float32 products'
    speed or of the read bandwidth, which the last side measures in the same rounds.
    """
    taken = {side.name: [] for side in sides}
    limits = []
    for number in range(rounds + 1):
        order = sides if number % 2 == 0 else sides[::-1]
        for side in order:
            seconds = side.ask(line)
            if number > 0:
                taken[side.name].append(seconds)
        limits.append(sides[-1].ask("sgemm" if work else "read"))
    limit = statistics.median(limits)
    base = taken[sides[0].name]
    rows = [[title, "ms", "smallest - largest", "GFLOPS" if work else "GB/s",
             f"of {limit:.0f}", f"times as fast as {sides[0].name}"]]
    for side in sides:
        times = taken[side.name]
        median = statistics.median(times)
        ratios = sorted(a / b for a, b in zip(base, times))
        amount = work / median / 1e9 if work else data.get(side.name, 0) / median / 1e9
        rows.append([side.name, f"{median * 1e3:.1f}", f"{min(times) * 1e3:.1f} - {max(times) * 1e3:.1f}",
                     f"{amount:.0f}" if work else f"{amount:.1f}", f"{amount / limit * 100:.0f} %",
                     f"{statistics.median(ratios):.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}]"])
    measured.table(rows)
    print(flush=True)


def text_model(folder, rounds):
    body, embeddings = 357_897_216, 136_134_656
    bits = {"float32": 32, "bfloat16": 16, "f32": 32, "bf16": 16, "int8": 8.5, "q8_0": 8.5, "int4": 4.5, "q4_0": 4.5}
    sides = [transformers(folder, "float32"), transformers(folder, "bfloat16")]
    sides += [llama(folder, kind) for kind in ("bf16", "q8_0", "q4_0")]
    sides += [earshot(folder, weights) for weights in ("float32", "bfloat16", "int8", "int4")]
    data = {}
    for side in sides:
        kind = side.name.split()[-1]
        data[side.name] = (body * bits[kind] + embeddings * max(8.5, bits[kind])) / 8
    compare("0.5B, prefill of 512", "prefill 512", sides, rounds, work=2 * body * 512)
    compare("0.5B, a step of 1", "decode 1 32", sides, rounds, data=data)
    compare("0.5B, a step of 16", "decode 16 16", sides, rounds, data=data)
    for side in sides:
        side.close()


def audio_model(folder, rounds):
    sides = [transformers(folder, "float32"), transformers(folder, "bfloat16")]
    sides += [earshot(folder, weights) for weights in ("float32", "int8")]
    layers = 12 * (4 * 768 * 768 + 2 * 768 * 3072)
    work = 2 * 1500 * layers + 12 * 4 * 1500 * 1500 * 768 + 2 * 768 * (3000 * 384 + 1500 * 2304)
    compare("200M, audio of 30 s", "encoder 30", sides, rounds, work=work)
    compare("200M, audio of 5 s", "encoder 5", sides, rounds, work=work)
    compare("200M, prefill of 512", "prefill 512", sides, rounds, work=2 * 512 * 8 * (4 * 768 * 768 + 3 * 768 * 3072))
    for side in sides:
        side.close()


def main():
    parser = argparse.ArgumentParser(prog="engine", description="The engine against transformers and llama.cpp.")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each side (default: 5)")
    parser.add_argument("--models", type=pathlib.Path, required=True, help="the folder of the models")
    options = parser.parse_args()
    if not shutil.which(PROGRAM):
        sys.exit(f"{PROGRAM}: not there. Build it with 'swift build -c release', or name another in ENGINE_BENCHMARK.")
    print(f"{os.cpu_count()} cores, {measured.load('load before')}; medians of {options.rounds} rounds")
    audio_model(options.models / "qwen2-audio-200m", options.rounds)
    text_model(options.models / "qwen2-0.5b", options.rounds)
    print(measured.load("load after"))


main()
