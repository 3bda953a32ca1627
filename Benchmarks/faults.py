"""A run against an endpoint in all its bad moods, undisturbed and killed at random moments: does it keep its promises?

    python3 Benchmarks/faults.py [--clips 2000] [--share 0.5] [--kills 20] [--seed 1]

`earshot stand-in` fails in every way that it knows, each for its part of the requests. A run must come to its end with status
0 and every clip answered or with a reason, and must ask for no answer again that arrived whole; killed (SIGKILL) at random
moments and started again, no answer may be billed twice but those that were in flight at a kill. Ends with status 1 where that
does not hold.
"""

import argparse
import collections
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import measured

FAULTS = (
    "rate-limited rate-limited-bare rate-limited-date rate-limited-ms unavailable unavailable-bare server-error slow pause drip "
    "cut-off reset short-length doubled invalid-utf8 wrong-json schema-ignored fenced wrapped trailing-comma reasoning-content "
    "reasoning truncated content-filter refusal no-choices").split()
# What arrives whole and says something; the rest holds no answer, or does not come whole.
ANSWERS = {"", "slow", "pause", "drip", "doubled", "invalid-utf8", "wrong-json", "schema-ignored", "fenced", "wrapped",
           "trailing-comma", "reasoning-content", "reasoning", "truncated", "content-filter", "refusal"}


class StandIn:
    def __init__(self, folder, log, share):
        self.log = folder / log
        words = [f"--fault={name}={share / len(FAULTS)}" for name in FAULTS]
        self.process = subprocess.Popen(
            [measured.EARSHOT, "stand-in", "--port", "0", "--latency", "0.2", "--log", self.log] + words,
            stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def repeats(self):
        """Answers that came whole more than once, and how many answers there were."""
        whole = collections.Counter()
        for line in self.log.read_text().splitlines():
            words = line.split()
            if words[1] == "200" and (words[2] if len(words) > 2 else "") in ANSWERS:
                whole[words[0]] += 1
        return sum(count - 1 for count in whole.values()), sum(whole.values())

    def stop(self):
        self.process.kill()
        self.process.wait()


def command(folder, url, run):
    return [measured.EARSHOT, "run", measured.ROOT / "pipelines/quickstart.yaml", "--audio", folder / "clips", "--into", folder / run,
            "--set", f"write.endpoint={url}", "--set", "write.questions=1",
            # A probe asks the same twice on purpose, to see whether a seed is honoured.
            "--set", "write.probe=false"]


def counts(folder, run):
    store = sqlite3.connect(f"file:{folder / run / 'run.sqlite'}?mode=ro", uri=True)
    one = lambda sql: store.execute(sql).fetchone()[0]
    return {
        "clips": one("SELECT count(*) FROM clip"), "checked": one("SELECT count(*) FROM done WHERE stage = 'check'"),
        "questions": one("SELECT count(*) FROM question"),
        "without": dict(store.execute("SELECT code, count(*) FROM writing WHERE code IS NOT NULL GROUP BY code")),
        "in flight": one("SELECT count(*) FROM attempt WHERE state = 'sent'"),
    }


def environment(folder):
    return dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"))


def undisturbed(folder, share):
    server = StandIn(folder, "undisturbed.log", share)
    start = time.monotonic()
    ended = subprocess.run(command(folder, server.url, "whole"), env=environment(folder), capture_output=True, text=True)
    seconds = time.monotonic() - start
    server.stop()
    repeated, answers = server.repeats()
    found = counts(folder, "whole")
    print(f"undisturbed: status {ended.returncode}, {seconds:.0f} s, {answers} whole answers, {repeated} asked for again; {found}")
    if ended.returncode:
        print(ended.stderr[-2000:])
    return ended.returncode == 0 and repeated == 0 and found["checked"] == found["clips"] and found["in flight"] == 0


def killed(folder, share, kills, draw):
    server = StandIn(folder, "killed.log", share)
    done = 0
    for _ in range(10 * kills):
        if done == kills:
            break
        run = subprocess.Popen(command(folder, server.url, "killed"), env=environment(folder), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=draw.uniform(0.2, 6))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
            done += 1
        else:
            break
    ended = subprocess.run(command(folder, server.url, "killed"), env=environment(folder), capture_output=True, text=True)
    server.stop()
    repeated, answers = server.repeats()
    found = counts(folder, "killed")
    print(f"killed {done} times: status {ended.returncode}, {answers} whole answers, {repeated} billed again of "
          f"{found['in flight']} in flight at a kill; {found}")
    if ended.returncode:
        print(ended.stderr[-2000:])
    return (ended.returncode == 0 and done >= min(kills, 20) and repeated <= found["in flight"]
            and found["checked"] == found["clips"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=2000)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([measured.EARSHOT, "synth", folder / "clips", "--clips", str(arguments.clips)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kept = undisturbed(folder, arguments.share)
        kept &= killed(folder, arguments.share, arguments.kills, random.Random(arguments.seed))
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
