"""Measures Earshot's scan and caption stages and librosa's loading, alternating, on the same files.

Called by the command beside this file, which provides librosa.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field

import measured

SOUNDS = {".aif", ".aifc", ".aiff", ".au", ".caf", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".rf64", ".snd", ".w64",
          ".wav", ".wave"}
STEPS = ["scan", "librosa, 1 process", "librosa, 2 processes", "caption"]


@dataclass
class Folder:
    name: str
    audio: pathlib.Path  # links to the files that both sides read
    files: list
    seconds: float
    clips: int = 0
    clip_seconds: float = 0  # of the clips: a sound that occurs twice is one clip
    walls: dict = field(default_factory=lambda: {step: [] for step in STEPS})
    cpus: dict = field(default_factory=lambda: {step: [] for step in STEPS})
    peak: int = 0


def main():
    options = arguments()
    measured.require_earshot()
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as scratch:
        scratch = pathlib.Path(scratch)
        print(measured.machine())
        print(versions(), flush=True)
        folders = [prepared(pathlib.Path(path), scratch / str(index)) for index, path in enumerate(options.folders)]
        for number in range(options.rounds):
            for folder in folders:
                one_round(folder, scratch / "run", number)
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    report(folders, options.rounds)
    print(measured.load("load after"))


def arguments():
    parser = argparse.ArgumentParser(description="Scanning and captioning against librosa.load, on the same files.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("folders", nargs="*", metavar="DIR", help="folders of audio (default: those in "
                        "EARSHOT_TEST_DATA called animals, digits and music)")
    options = parser.parse_args()
    data = os.environ.get("EARSHOT_TEST_DATA")
    if not options.folders and data:
        options.folders = [f"{data}/{name}" for name in ("animals", "digits", "music")]
    if not options.folders:
        parser.error("no folder given, and EARSHOT_TEST_DATA is not set")
    for folder in options.folders:
        if not os.path.isdir(folder):
            parser.error(f"{folder}: no such folder")
    return options


def versions():
    names = ["librosa", "soundfile", "soxr", "numpy"]
    packages = [f"{name} {importlib.metadata.version(name)}" for name in names]
    return ", ".join([f"Python {platform.python_version()}", *packages])


def prepared(source, audio):
    """Links to the files of `source` that both sides can read; says which are left out. Warms the page cache too."""
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in SOUNDS and path.is_file())
    answers = librosa_load("check", found)
    unread = {answer["path"]: answer["problem"] for answer in answers if "problem" in answer}
    seconds = {answer["path"]: answer["seconds"] for answer in answers if "seconds" in answer}
    for path in found:
        if str(path) not in unread:
            # Links keep the folder's shape without copying its audio.
            link = audio / path.relative_to(source)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
    # Left out where it would name files that are left out.
    for name in ("labels.csv", "metadata.jsonl", "metadata.csv"):
        if (source / name).is_file() and not unread:
            shutil.copy(source / name, audio / name)
    folder = Folder(source.name, audio, [str(path) for path in found if str(path) in seconds], sum(seconds.values()))
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as run:
        _, scanned = measured.earshot_run(audio, run + "/run", "--until", "scan")
    folder.clips, folder.clip_seconds = scanned["clips"], scanned["seconds"]
    refused = Counter(row["code"] for row in scanned["rejections"] for _ in range(row["count"]))
    print(f"{source.name}: {len(found)} files, {len(unread)} that librosa cannot read (left out of both sides), "
          f"{sum(refused.values())} that Earshot refuses{' ' + str(dict(refused)) if refused else ''} (timed on both "
          f"sides), {folder.clips} clips without repeats, {folder.seconds:.0f} s of audio", flush=True)
    for path, problem in unread.items():
        print(f"  {path}: {problem}")
    return folder


def librosa_load(what, paths):
    script = str(pathlib.Path(__file__).with_name("librosa_load.py"))
    done = subprocess.run([sys.executable, "-B", script, str(what)], input="\n".join(str(path) for path in paths),
                          text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"librosa_load.py {what}: ended with code {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def one_round(folder, run, number):
    """Each step once. Every round begins with another step, so that a slow minute is not always the same side's."""
    shutil.rmtree(run, ignore_errors=True)
    ours = lambda: [stage(folder, run, "scan"), stage(folder, run, "caption")]
    steps = [ours, lambda: loading(folder, 1), lambda: loading(folder, 2)]
    for index in range(len(steps)):
        steps[(number + index) % len(steps)]()


def stage(folder, run, name):
    took, _ = measured.earshot_run(folder.audio, run, "--until", name)
    folder.walls[name].append(took.wall)
    folder.cpus[name].append(took.cpu)
    folder.peak = max(folder.peak, took.peak)


def loading(folder, processes):
    step = STEPS[processes]
    took = librosa_load(processes, folder.files)
    folder.walls[step].append(took["wall"])
    folder.cpus[step].append(took["cpu"])


def report(folders, rounds):
    print(f"\nMedian of {rounds} rounds, smallest and largest in brackets.\n"
          "Earshot: whole process, from its start to its end. librosa.load(path, sr=16000, mono=True): without "
          "imports.\n")
    rows = [["", "wall s", "files or clips/s", "audio s/s", "cpu s", "cores busy"]]
    for folder in folders:
        for step in STEPS:
            rows.append(speed(folder, step))
    measured.table(rows)
    print("\nTimes as fast as librosa, on the same files, paired within a round; 's' is scan, 's+c' scan and caption, "
          "1 and 2\nlibrosa's processes. The last two compare seconds of processor time.\n")
    rows = [["", "s : 1", "s : 2", "s+c : 1", "s+c : 2", "s : 1, cpu", "s+c : 1, cpu"]]
    rows += [[folder.name] + ratios([folder]) for folder in folders]
    rows.append(["overall"] + ratios(folders))
    measured.table(rows)
    print("\nThe two sides do not do the same. Scanning decodes each file at its own rate, mixes it to mono, checks "
          "and hashes\nits samples and commits to the run's database; it does not resample. librosa.load decodes "
          "and resamples to 16 kHz.\nCaptioning decodes again, resamples to 16 kHz, measures and words the captions. "
          "scan+caption, both commands added,\ndoes all that librosa.load does and more.")
    print(f"Largest resident set of Earshot: {max(folder.peak for folder in folders) / 1e6:.0f} MB")


def speed(folder, step):
    walls = folder.walls[step]
    middle = statistics.median(walls)
    count, seconds = (folder.clips, folder.clip_seconds) if step == "caption" else (len(folder.files), folder.seconds)
    cpus = folder.cpus[step]
    busy = statistics.median(cpu / wall for cpu, wall in zip(cpus, walls))
    return [f"{folder.name}, {step}", f"{middle:.2f} [{min(walls):.2f}-{max(walls):.2f}]", f"{count / middle:.0f}",
            f"{seconds / middle:.0f}", f"{statistics.median(cpus):.2f}", f"{busy:.2f}"]


def ratios(folders):
    """Of each round the quotient of the sums over `folders`: on the clock, and the last two on the processor."""
    clock, cpu = [folder.walls for folder in folders], [folder.cpus for folder in folders]
    both = ["scan", "caption"]
    columns = [(clock, STEPS[1], ["scan"]), (clock, STEPS[2], ["scan"]), (clock, STEPS[1], both),
               (clock, STEPS[2], both), (cpu, STEPS[1], ["scan"]), (cpu, STEPS[1], both)]
    return [ratio(times, theirs, ours) for times, theirs, ours in columns]


def ratio(times, theirs, ours):
    their_sums = [sum(column) for column in zip(*(each[theirs] for each in times))]
    our_sums = [sum(column) for column in zip(*(each[step] for each in times for step in ours))]
    paired = [their / our for their, our in zip(their_sums, our_sums)]
    return f"{statistics.median(paired):.2f} [{min(paired):.2f}-{max(paired):.2f}]"


if __name__ == "__main__":
    main()
