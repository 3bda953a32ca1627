"""Measures the search for near-duplicates and datasketch's MinHashLSH on the same questions, in one run.

Called by the command beside this file, which provides datasketch. Both sides read the same JSON lines; both get the same
text of a question (small letters, no punctuation, choices in the order of their bytes) and shingles of 4 characters, and
look for pairs of similarity 0.85. datasketch hashes with 128 permutations, its default, as arrays at once
(`update_batch`), which is its fastest way, and every text is queried before it is inserted. Recall is counted on the
planted pairs whose true similarity is at least 0.85: a pair is found where the search gives the one as a candidate of
the other, or both to the same cluster.
"""

import argparse
import gc
import json
import os
import pathlib
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time

import datasketch
import numpy

import duplicates_questions
import measured

PROGRAM = os.environ.get("DUPLICATES_BENCHMARK", str(measured.ROOT / ".build/release/duplicates-benchmark"))
WORD = re.compile(r"\b\w+\b")
SHINGLE, SIMILARITY, PERMUTATIONS = 4, 0.85, 128


def main():
    parser = argparse.ArgumentParser(prog="duplicates", description="Near-duplicates against datasketch's MinHashLSH.")
    parser.add_argument("--questions", type=int, default=1_000_000, help="rows (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=1, help="searches of Earshot's; the slowest counts (default: 1)")
    parser.add_argument("--alone", action="store_true", help="leave datasketch out")
    options = parser.parse_args()
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM}: not there. Build it with 'swift build -c release', or name another in "
                 "DUPLICATES_BENCHMARK.")
    print(f"{os.cpu_count()} cores, {measured.load('load before')}")
    print(f"Python {platform.python_version()}, datasketch {datasketch.__version__}, numpy {numpy.__version__}; "
          f"{options.questions} questions", flush=True)
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as folder:
        path = pathlib.Path(folder) / "questions.jsonl"
        planted = duplicates_questions.write(path, options.questions)
        texts = read(path)
        planted = [pair for pair in planted if jaccard(texts[int(pair[0])], texts[int(pair[1])]) >= SIMILARITY]
        print(f"{len(planted)} planted pairs of similarity {SIMILARITY} or more", flush=True)
        del texts
        gc.collect()
        rows = [["", "wall s", "processor s", "reading s", "search s", "recall", "peak MB"]]
        ours = [earshot(path, folder, planted) for _ in range(options.rounds)]
        slowest = max(ours, key=lambda side: side["search"])
        sides = [("earshot", slowest)] + ([] if options.alone else [("datasketch", sketched(path, planted))])
        for title, side in sides:
            rows.append([title, f"{side['wall']:.1f}", f"{side['processor']:.1f}", f"{side['reading']:.1f}", f"{side['search']:.1f}",
                         f"{side['recall']:.4f}", f"{side['peak'] / 1e6:.0f}"])
        measured.table(rows)
        if not options.alone:
            theirs = sides[1][1]
            print(f"times as fast: {theirs['search'] / slowest['search']:.1f} in the search, "
                  f"{theirs['wall'] / slowest['wall']:.1f} in all; "
                  f"its processor time is {theirs['processor'] / slowest['wall']:.1f} times Earshot's wall time")
    print(measured.load("load after"))


def text_of(row):
    parts = [" ".join(WORD.findall(row["question"].lower()))]
    parts += sorted(" ".join(WORD.findall(choice.lower())) for choice in row["choices"])
    return "\n" + "\n".join(parts) + "\n"


def shingles(text):
    return {text[start:start + SHINGLE] for start in range(len(text) - SHINGLE + 1)}


def jaccard(one, other):
    one, other = shingles(one), shingles(other)
    return len(one & other) / len(one | other)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [text_of(json.loads(line)) for line in file]


def earshot(path, folder, planted):
    """The search on both cores; the file is read by one thread."""
    result = pathlib.Path(folder) / "pairs.tsv"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    output = subprocess.run([PROGRAM, str(path), "2", str(result)], check=True, capture_output=True, text=True).stdout
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(output)
    survivor = dict(line.split("\t")[:2] for line in result.read_text().splitlines())
    first = lambda question: survivor.get(question, question)
    found = sum(first(one) == first(other) for one, other in planted)
    search = told["keys"] + told["pairs"] + told["clusters"]
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "processor": processor, "reading": told["reading"], "search": search, "recall": found / len(planted),
            "peak": told["peak"]}


def sketched(path, planted):
    """datasketch: signatures, then each text queried and inserted."""
    start, processor = time.perf_counter(), time.process_time()
    texts = read(path)
    reading = time.perf_counter() - start
    searching = time.perf_counter()
    lsh = datasketch.MinHashLSH(threshold=SIMILARITY, num_perm=PERMUTATIONS)
    wanted = {}
    for one, other in planted:
        wanted.setdefault(int(other), set()).add(int(one))
    candidates = {}
    empty = datasketch.MinHash(num_perm=PERMUTATIONS)
    for number, text in enumerate(texts):
        signature = datasketch.MinHash(num_perm=PERMUTATIONS, permutations=empty.permutations)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        near = lsh.query(signature)
        if number in wanted:
            candidates[number] = near
        lsh.insert(number, signature, check_duplication=False)
        if number % 100_000 == 0 and number:
            print(f"datasketch: {number} after {time.perf_counter() - searching:.0f} s", file=sys.stderr, flush=True)
    search = time.perf_counter() - searching
    found = sum(len(ones & set(candidates[other])) for other, ones in wanted.items())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"wall": reading + search, "processor": time.process_time() - processor, "reading": reading, "search": search, "recall": found / len(planted),
            "peak": peak}


if __name__ == "__main__":
    main()
