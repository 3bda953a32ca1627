"""Runs a command as a child process, and tells what it took."""

import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
EARSHOT = os.environ.get("EARSHOT", str(ROOT / ".build/release/earshot"))
PIPELINE = str(ROOT / "pipelines/quickstart.yaml")


@dataclass
class Measured:
    wall: float  # seconds, from before the process starts to after it ended
    cpu: float  # seconds, user and system
    peak: int  # bytes, the largest resident set
    output: str
    events: list = field(default_factory=list)

    @property
    def busy(self):
        """Processor seconds per second: 2.0 is two cores all the time."""
        return self.cpu / self.wall


@dataclass
class Event:
    at: float  # seconds since the start
    kind: str  # 'started' or 'finished'
    stage: str
    text: str
    peak: int  # bytes, the largest resident set so far


def run(arguments):
    """Runs `arguments`. Lines of JSON on its standard error become events; a failure ends this program."""
    output = tempfile.TemporaryFile("w+")
    start = time.monotonic()
    child = subprocess.Popen(arguments, stdout=output, stderr=subprocess.PIPE, text=True, errors="replace")
    events, other = [], []
    for line in child.stderr:
        event = read_event(line)
        if event is None:
            other.append(line)
        elif event["event"] in ("started", "finished"):
            at = time.monotonic() - start
            events.append(Event(at, event["event"], event["stage"], event.get("text", ""), peak_now(child.pid)))
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: ended with code {child.returncode}\n{''.join(other[-20:])}")
    output.seek(0)
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output.read(), events)


def earshot(*arguments):
    return run([EARSHOT, *[str(argument) for argument in arguments]])


def earshot_run(audio, folder, *arguments):
    """`earshot run pipelines/quickstart.yaml` on the folder `audio`, and its report."""
    measured = earshot("run", PIPELINE, "--audio", audio, "--into", folder, "--json", *arguments)
    return measured, json.loads(measured.output)


def read_event(line):
    if not line.startswith('{"event"'):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None


def peak_now(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def require_earshot():
    if not shutil.which(EARSHOT):
        sys.exit(f"{EARSHOT}: not there. Build it with 'swift build -c release', or name another in EARSHOT.")


def machine():
    """The machine and its load, as lines to print. Without /proc/cpuinfo, less."""
    model = "unknown processor"
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{os.cpu_count()} cores, {model}; {system}; {load('load before')}\n"
        f"{time.strftime('%Y-%m-%d')}; earshot {earshot('--version').output.strip()}"
    )


def load(when):
    """How busy the machine is with everything, over 1, 5 and 15 minutes: more than a few tenths before is noise."""
    return f"{when}: " + ", ".join(f"{value:.1f}" for value in os.getloadavg())


def table(rows):
    """Columns of text, the first left-aligned, the others right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())
