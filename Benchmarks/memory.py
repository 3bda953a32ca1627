"""Peak memory and time of whole runs: many clips, and one long recording. Called by the command beside this file."""

import argparse
import array
import math
import pathlib
import random
import sys
import tempfile
import wave

import measured

RATE = 44_100


def main():
    options = arguments()
    measured.require_earshot()
    print(measured.machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-", dir=options.scratch) as scratch:
        scratch = pathlib.Path(scratch)
        peaks = []
        if options.clips > 0:
            peaks.append(many_clips(scratch / "many", options.clips))
        if options.hours > 0:
            peaks.append(long_recording(scratch / "long", options.hours))
        print(measured.load("load after"))
    worst = max(peaks, default=0)
    within = worst <= options.limit_mb * 1e6
    print(f"\nlargest resident set {worst / 1e6:.0f} MB: {'within' if within else 'OVER'} {options.limit_mb} MB")
    return 0 if within else 1


def arguments():
    parser = argparse.ArgumentParser(prog="memory", description="Peak memory and time of whole runs.")
    parser.add_argument("--clips", type=int, default=10_000, help="synthesized clips; 0 for none (default: 10000)")
    parser.add_argument("--hours", type=float, default=2, help="hours of the long recording; 0 for none (default: 2)")
    parser.add_argument("--limit-mb", type=int, default=500, help="exit with 1 over so many MB (default: 500)")
    parser.add_argument("--scratch", help="where to keep up to 3 GB meanwhile (default: the temporary folder)")
    return parser.parse_args()


def many_clips(folder, clips):
    """`earshot synth`: clips that all differ, labelled, 16 kHz mono, 1 to 6 s."""
    folder.mkdir()
    made = measured.earshot("synth", folder / "audio", "--clips", clips)
    print(f"\n{clips} synthesized clips (made in {made.wall:.0f} s)", flush=True)
    took, report = measured.earshot_run(folder / "audio", folder / "run")
    return show(took, report)


def long_recording(folder, hours):
    """44.1 kHz, stereo, 16-bit; cut into windows of 30 s."""
    (folder / "audio").mkdir(parents=True)
    path = folder / "audio" / "long.wav"
    write_recording(path, round(hours * 3600))
    print(f"\none recording of {hours:g} h, {path.stat().st_size / 1e9:.2f} GB, windows of 30 s", flush=True)
    took, report = measured.earshot_run(folder / "audio", folder / "run", "--set", "scan.window=30s")
    return show(took, report)


def write_recording(path, seconds):
    """A second each of tones, chirps and noise in an order of chance, so that no two windows are the same."""
    source = random.Random(1)
    pieces = [piece(index, source) for index in range(48)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(seconds):
            file.writeframesraw(source.choice(pieces))


def piece(index, source):
    """A second: a decaying tone that may rise or fall, and more or less noise, other noise on each side."""
    frequency = 110 * 2 ** (index / 12)
    slope = (index % 3 - 1) * frequency / 2
    noise = 0.002 if index % 4 else 0.2
    samples = array.array("h")
    for frame in range(RATE):
        time = frame / RATE
        tone = 0.4 * math.exp(-3 * time) * math.sin(2 * math.pi * (frequency + slope * time / 2) * time)
        samples.extend(round(32_767 * (tone + noise * (source.random() - 0.5))) for _ in range(2))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def show(took, report):
    """A line for each stage, of one process that ran them all; its peak so far at the end of each stage."""
    clips, seconds = report["clips"], report["seconds"]
    rows = [["stage", "wall s", "clips/s", "peak MB so far"]]
    begun = 0.0
    for event in took.events:
        if event.kind == "finished":
            # The first stage counts from the start of the process, the others from the end of the one before.
            wall = event.at - begun
            begun = event.at
            rows.append([event.stage, f"{wall:.2f}", f"{clips / max(wall, 0.01):.0f}", f"{event.peak / 1e6:.0f}"])
    rows.append(["whole run", f"{took.wall:.2f}", f"{clips / took.wall:.0f}", f"{took.peak / 1e6:.0f}"])
    measured.table(rows)
    print(f"{clips} clips, {seconds / 3600:.1f} h of audio, {report['questions']} questions, "
          f"{report['accepted']} of them in the set; {took.busy:.2f} cores busy", flush=True)
    return took.peak


if __name__ == "__main__":
    sys.exit(main())
