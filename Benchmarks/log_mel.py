"""Measures Earshot's log-mel spectrograms and those of WhisperFeatureExtractor, alternately, and compares the numbers.

Called by the command beside this file, which provides transformers and torch.
"""

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch
import transformers

import measured

RATE = 16_000
PROGRAM = os.environ.get("LOG_MEL_BENCHMARK", str(measured.ROOT / ".build/release/log-mel-benchmark"))


def main():
    options = arguments()
    if not shutil.which(PROGRAM):
        sys.exit(f"{PROGRAM}: not there. Build it with 'swift build -c release', or name another in LOG_MEL_BENCHMARK.")
    print(f"{os.cpu_count()} cores, {measured.load('load before')}")
    print(f"Python {platform.python_version()}, transformers {transformers.__version__}, torch {torch.__version__}; "
          f"{options.bands} bands; medians of {options.rounds} rounds", flush=True)
    rows = [["clip", "torch threads", "transformers ms", "earshot ms", "times as fast", "at the fastest of each",
             "largest difference"]]
    extractor = transformers.WhisperFeatureExtractor(feature_size=options.bands)
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as scratch:
        # torch's threads wait for each other in loops, so on a busy machine one may be faster than two.
        for threads in sorted({torch.get_num_threads(), 1}, reverse=True):
            torch.set_num_threads(threads)
            for seconds in options.seconds:
                rows.append(compared(extractor, seconds, options, pathlib.Path(scratch)))
    measured.table(rows)
    print(measured.load("load after"))


def arguments():
    parser = argparse.ArgumentParser(prog="log-mel", description="Log-mel against WhisperFeatureExtractor.")
    parser.add_argument("--rounds", type=int, default=200, help="spectrograms of each side (default: 200)")
    parser.add_argument("--bands", type=int, default=128, help="mel bands (default: 128)")
    parser.add_argument("--seconds", type=float, nargs="+", default=[30, 5], help="lengths of clips (default: 30 5)")
    return parser.parse_args()


def clip(seconds):
    """A rising tone that swells, in noise."""
    index = numpy.arange(round(seconds * RATE))
    time_in_clip = index / RATE
    swell = numpy.sin(2 * numpy.pi * 2.3 * time_in_clip) ** 2
    tone = 0.3 * swell * numpy.sin(2 * numpy.pi * (200 + 40 * time_in_clip) * time_in_clip)
    return (tone + 0.01 * numpy.random.default_rng(1).standard_normal(len(index))).astype(numpy.float32)


def compared(extractor, seconds, options, scratch):
    """A row of the table. In each round one spectrogram of each side; they begin in turn."""
    samples = clip(seconds)
    samples.tofile(scratch / "samples")
    command = [PROGRAM, str(options.bands), str(scratch / "samples"), str(extractor.n_samples)]
    subprocess.run([*command, str(scratch / "result")], check=True)
    result = numpy.fromfile(scratch / "result", numpy.float32).reshape(options.bands, -1)
    difference = numpy.abs(result - theirs(extractor, samples)[1]).max()

    sides = [lambda: theirs(extractor, samples)[0], None]
    taken = [[], []]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        sides[1] = lambda: ours(child)
        for number in range(options.rounds + 10):
            for side in ((0, 1), (1, 0))[number % 2]:
                elapsed = sides[side]()
                if number >= 10:
                    taken[side].append(elapsed)
        child.stdin.close()
    ratios = [a / b for a, b in zip(*taken)]
    milliseconds = [spread([1000 * elapsed for elapsed in side], 2) for side in taken]
    return [f"{seconds:g} s", str(torch.get_num_threads()), *milliseconds, spread(ratios, 1),
            f"{min(taken[0]) / min(taken[1]):.1f}", f"{difference:.1e}"]


def theirs(extractor, samples):
    start = time.perf_counter()
    result = extractor(samples, sampling_rate=RATE, return_tensors="np")["input_features"][0]
    return time.perf_counter() - start, result


def ours(child):
    child.stdin.write("\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def spread(values, digits):
    """The median, and in brackets the first and the ninth tenth."""
    tenths = statistics.quantiles(values, n=10)
    return f"{statistics.median(values):.{digits}f} [{tenths[0]:.{digits}f}-{tenths[8]:.{digits}f}]"


if __name__ == "__main__":
    main()
