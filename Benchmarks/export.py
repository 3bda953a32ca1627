"""Measures `earshot export` of a run with a million questions and `datasets` writing the same rows, in one run.

Called by the command beside this file, which provides datasets. The run's database is filled by export-benchmark through the calls
that a run's stages make: a writer's answer a clip, three questions, two captions. Ours is the whole command, to the check of
what was written; `datasets` reads the rows of our JSON lines, and writes them as it does for its users (export_datasets.py).
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import measured

FILLER = os.environ.get("EXPORT_BENCHMARK", str(measured.ROOT / ".build/release/export-benchmark"))
THEIRS = pathlib.Path(__file__).with_name("export_datasets.py")
FORMATS = ["jsonl", "parquet"]
MOST = 300e6  # bytes, of the largest resident set


def main():
    parser = argparse.ArgumentParser(prog="export", description="Exports of a million questions against datasets.")
    parser.add_argument("--questions", type=int, default=1_000_000, help="rows (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="exports of each side (default: 3)")
    parser.add_argument("--scratch", help="where the run and the exports go (default: the temporary folder)")
    parser.add_argument("--run", help="a run's folder that is filled already, or is to be kept")
    parser.add_argument("--alone", action="store_true", help="leave datasets out")
    options = parser.parse_args()
    measured.require_earshot()
    print(measured.machine())
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-", dir=options.scratch) as scratch:
        run = pathlib.Path(options.run or f"{scratch}/run")
        fill(run, options.questions)
        sides = [("earshot", ours)] + ([] if options.alone else [("datasets", theirs)])
        taken = {(side, kind): [] for side, _ in sides for kind in FORMATS}
        for number in range(options.rounds):
            # Rounds begin with another side each time; the rows that datasets reads are there from the first on.
            for name, side in sides if number % 2 == 0 else reversed(sides):
                for kind in FORMATS:
                    taken[name, kind].append(side(run, kind, pathlib.Path(scratch)))
        show(taken)
    print(measured.load("load after"))
    worst = max(result.peak for (side, _), results in taken.items() if side == "earshot" for result in results)
    if worst > MOST:
        sys.exit(f"earshot took {worst / 1e6:.0f} MB; the limit is {MOST / 1e6:.0f}")


def fill(run, questions):
    database = run / "run.sqlite"
    if not database.exists():
        if not os.access(FILLER, os.X_OK):
            sys.exit(f"{FILLER}: not there. Build it with 'swift build -c release', or name another in EXPORT_BENCHMARK.")
        filled = measured.run([FILLER, str(run), str(questions)])
        print(f"filled in {filled.wall:.0f} s, {filled.peak / 1e6:.0f} MB")
    print(f"database: {database.stat().st_size / 1e6:.0f} MB", flush=True)


def ours(run, kind, scratch):
    """The command that a user gives. The last export of JSON lines stays: it has the rows for the other side."""
    target = scratch / kind
    if target.exists():
        shutil.rmtree(target)
    result = measured.earshot("export", run, "--format", kind, "--audio", "none", "--to", target)
    return told("earshot", kind, result, target)


def theirs(run, kind, scratch):
    target = scratch / f"datasets.{kind}"
    rows = [str(scratch / "jsonl" / f"{split}.jsonl") for split in ["train", "dev", "test"]]
    result = measured.run([sys.executable, "-B", str(THEIRS), kind, str(target), str(scratch), *rows])
    print(result.output.strip())
    told("datasets", kind, result, target)
    target.unlink()
    return result


def told(side, kind, result, target):
    size = int(subprocess.run(["du", "-sb", target], check=True, capture_output=True, text=True).stdout.split()[0])
    print(f"{side}, {kind}: {result.wall:.1f} s, {result.cpu:.1f} s of processor, {result.peak / 1e6:.0f} MB; "
          f"wrote {size / 1e6:.0f} MB", flush=True)
    return result


def show(taken):
    rows = [["", "wall s", "processor s", "peak MB"]]
    spread = lambda values, digits: f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"
    for (side, kind), results in taken.items():
        rows.append([
            f"{side}, {kind}", spread([result.wall for result in results], 1),
            spread([result.cpu for result in results], 1), spread([result.peak / 1e6 for result in results], 0)])
    measured.table(rows)
    for kind in FORMATS:
        if ("datasets", kind) in taken:
            pairs = list(zip(taken["earshot", kind], taken["datasets", kind]))
            print(f"{kind}: {spread([their.wall / our.wall for our, their in pairs], 2)} times as fast, with "
                  f"{spread([our.cpu / their.cpu for our, their in pairs], 2)} of the processor time")


if __name__ == "__main__":
    main()
