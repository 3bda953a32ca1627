"""The other side of scan-and-caption: librosa.load at 16 kHz, mono, on the files that standard input lists.

    python librosa_load.py check      tells of each file its seconds, or why librosa cannot read it
    python librosa_load.py PROCESSES  loads all files; tells the seconds that took, on the clock and on the processor

Imports, and one file loaded to have librosa's lazy parts imported too, come before the clock starts.
"""

import json
import multiprocessing
import sys
import time
import warnings

import librosa

RATE = 16_000


def load(path):
    samples, _ = librosa.load(path, sr=RATE, mono=True)
    return len(samples) / RATE


def check(path):
    try:
        seconds = load(path)
        return {"path": path, "seconds": seconds} if seconds > 0 else {"path": path, "problem": "no samples"}
    except Exception as error:
        return {"path": path, "problem": f"{type(error).__name__}: {error}"}


def costed(path):
    start = time.process_time()
    load(path)
    return time.process_time() - start


def timed(paths, processes):
    load(paths[0])
    if processes == 1:
        start = time.monotonic()
        cpu = sum(costed(path) for path in paths)
        return {"wall": time.monotonic() - start, "cpu": cpu}
    # Forked workers have all that this process imported.
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(load, paths[:1] * processes, chunksize=1)
        start = time.monotonic()
        cpu = sum(pool.imap_unordered(costed, paths, chunksize=4))
        return {"wall": time.monotonic() - start, "cpu": cpu}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    paths = sys.stdin.read().splitlines()
    result = [check(path) for path in paths] if sys.argv[1] == "check" else timed(paths, int(sys.argv[1]))
    print(json.dumps(result))
