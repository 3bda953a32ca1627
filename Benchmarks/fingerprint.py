"""Copies real recordings in the ways that fingerprints have to survive, and measures Earshot's fingerprints on them.

Called by the command beside this file, which provides numpy, scipy and soundfile.
"""

import argparse
import fractions
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import scipy.signal
import soundfile

import measured

PROGRAM = pathlib.Path(os.environ.get(
    "FINGERPRINT_BENCHMARK", measured.ROOT / ".build/release/fingerprint-benchmark"))
# Largest and smallest bit rate of each version of MPEG, which compression levels 0 and 1 stand for.
MP3_RATES = [(32_000, 320, 32), (16_000, 160, 8), (0, 64, 8)]


def main():
    options = arguments()
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM}: not there. Build it with 'swift build -c release --product fingerprint-benchmark'.")
    data = os.environ.get("EARSHOT_TEST_DATA")
    if not data:
        sys.exit("EARSHOT_TEST_DATA: not set. Set it to the folder with 'animals' and 'music'.")
    print(f"{os.cpu_count()} cores, {measured.load('load before')}; soundfile {soundfile.__version__}, "
          f"libsndfile {soundfile.__libsndfile_version__}", flush=True)
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-", dir=options.scratch) as scratch:
        scratch = pathlib.Path(scratch)
        kinds = make_copies(pathlib.Path(data), scratch)
        lines = run("copies", scratch / "original", *(scratch / kind for kind in kinds))
        tell(lines, scratch / "original")
    for line in run("scale", options.clips, options.seconds):
        tell_scale(line)
    print(measured.load("load after"))


def arguments():
    parser = argparse.ArgumentParser(prog="fingerprint", description="Audio fingerprints of copies.")
    parser.add_argument("--clips", type=int, default=200_000, help="made-up clips to search among (default: 200,000)")
    parser.add_argument("--seconds", type=float, default=10, help="seconds of each (default: 10)")
    parser.add_argument("--scratch", help="folder for the copies, about 2 GB (default: the system's)")
    return parser.parse_args()


def run(*words):
    result = subprocess.run([PROGRAM, *map(str, words)], stdout=subprocess.PIPE, check=True, text=True)
    return [line.split("\t") for line in result.stdout.splitlines()]


def make_copies(data, scratch):
    kinds = []
    for path in sorted(p for name in ("animals", "music") for p in (data / name).rglob("*.*") if p.suffix != ".csv"):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        if len(samples) < 3 * rate:
            continue
        name = "__".join(path.relative_to(data).with_suffix("").parts)
        write(scratch, "original", name, samples, rate, subtype="FLOAT")
        kinds = copy(scratch, name, samples, rate)
    return kinds


def copy(scratch, name, samples, rate):
    """Writes all copies of one recording; returns the names of their kinds."""
    peak = max(float(numpy.abs(samples).max()), 1e-9)
    at8, at44 = resampled(samples, rate, 8000), resampled(samples, rate, 44_100)
    loud, quiet = samples * min(10 ** 0.6, 0.99 / peak), samples * 10 ** -0.6
    copies = {
        "mp3 64k": (samples, rate, mp3(rate)), "ogg": (samples, rate, OGG), "8 kHz": (at8, 8000, {}),
        "44.1 kHz": (at44, 44_100, {}), "+12 dB": (loud, rate, {}), "-12 dB": (quiet, rate, {}),
        "no first second": (samples[rate:], rate, {}), "no last second": (samples[:-rate], rate, {}),
        "no first second, mp3 64k": (samples[rate:], rate, mp3(rate)),
        "8 kHz, -12 dB, no last second": (at8[:-8000] * 10 ** -0.6, 8000, {}),
    }
    for kind, (values, new_rate, form) in copies.items():
        write(scratch, kind, name, values, new_rate, **form)
    return list(copies)


OGG = {"format": "OGG", "subtype": "VORBIS"}


def mp3(rate):
    largest, smallest = next((a, b) for lowest, a, b in MP3_RATES if rate >= lowest)
    level = (largest - 64) / (largest - smallest)
    return {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT", "compression_level": level}


def resampled(samples, rate, new_rate):
    ratio = fractions.Fraction(new_rate, rate)
    return scipy.signal.resample_poly(samples, ratio.numerator, ratio.denominator, axis=0)


def write(scratch, kind, name, samples, rate, **form):
    folder = scratch / kind
    folder.mkdir(exist_ok=True)
    # libmp3lame takes nothing but the rates of MPEG.
    if form.get("format") == "MP3" and rate not in (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000):
        samples, rate = resampled(samples, rate, 22_050), 22_050
        form = mp3(rate)
    suffix = form.get("format", "WAV").lower()
    form.setdefault("subtype", "PCM_16")
    soundfile.write(folder / f"{name}.{suffix}", samples, rate, **form)


def tell(lines, originals):
    kinds = [["copies", "sought", "found", "smallest", "1 %", "5 %", "median"]]
    kinds += [line[1:] for line in lines if line[0] == "copies"]
    measured.table(kinds)
    speeds = [["files", "audio s", "decoded s/s", "fingerprints s/s"]]
    speeds += [[pathlib.Path(line[1]).name, *(f"{float(field):.0f}" for field in line[3:])]
               for line in lines if line[0] == "speed"]
    measured.table(speeds)
    for line in lines:
        if line[0] == "different":
            print(f"{line[1]} pairs of different recordings: similarity 99 % below {line[2]}, 99.9 % below {line[3]}, "
                  f"largest {line[4]}")
    pairs = {tuple(sorted(line[1:3])): correlation(originals, *line[1:4]) for line in lines if line[0] == "pair"}
    false = sorted(pair for pair, value in pairs.items() if value < 0.8)
    print(f"{len(pairs)} pairs of files match; samples of {len(pairs) - len(false)} correlate by more than 0.8 there")
    unknown = sorted({tuple(sorted(line[1:3])) for line in lines if line[0] == "other"} - set(pairs))
    print(f"false pairs: {false or 'none'}; pairs that only copies make: {unknown or 'none'}")
    for line in lines:
        if line[0] == "alike" and tuple(sorted(line[1:3])) not in pairs:
            print("most alike of those that do not match:", *line[1:])


def correlation(originals, first, second, offset):
    """The largest correlation of the samples within 50 ms of the offset in seconds, between 250 and 3500 Hz."""
    a, b = (band(originals / f"{name}.wav") for name in (first, second))
    products = scipy.signal.fftconvolve(a, b[::-1])
    middle = round(float(offset) * 16_000) + len(b) - 1
    place = max(0, middle - 800) + int(numpy.abs(products[max(0, middle - 800):middle + 800]).argmax())
    shift = place - (len(b) - 1)
    start, end = max(0, shift), min(len(a), len(b) + shift)
    energies = (a[start:end] ** 2).sum() * (b[start - shift:end - shift] ** 2).sum()
    return abs(products[place]) / max(float(energies) ** 0.5, 1e-12)


def band(path):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = resampled(samples.mean(axis=1), rate, 16_000)
    return scipy.signal.sosfilt(scipy.signal.butter(4, [250, 3500], "bandpass", fs=16_000, output="sos"), mono)


def tell_scale(line):
    _, clips, seconds, searched, clustered, planted, found, clusters, others, before, most = line
    print(f"{clips} made-up clips of {seconds} s: all pairs in {searched} s ({int(clips) / float(searched):.0f} clips/s), "
          f"clusters in {clustered} s; {found} of {planted} planted copies found, {others} other pairs, {clusters} "
          f"clusters; memory {before} MB with the fingerprints alone, {most} MB at most")


if __name__ == "__main__":
    main()
