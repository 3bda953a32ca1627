"""Requests a second, processor time a request and memory of the `write` stage against the openai client for Python, and where
asked against distilabel and Curator.

    python3 Benchmarks/requests.py [--clips 4000] [--at-once 256] [--latency 0.2] [--rounds 3]
        [--distilabel PYTHON] [--curator PYTHON]

A server on loopback, in a process of its own, gives every request the same answer of five questions after the latency. Earshot's
side is `earshot run --until write` on clips that are captioned already: it reads the captions, makes the requests, and has
every answer durable in the run's database before it counts. The other side sends the same bodies through AsyncOpenAI with a
semaphore, as scripts do, and keeps nothing. Needs the openai package; without it Earshot's side is measured alone. distilabel and
Curator each want their own environment, whose Python is given; their sides are peers/requests_*.py. The sides take turns.
"""

import argparse
import asyncio
import json
import multiprocessing
import pathlib
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import measured

ANSWER = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "refusal": None, "content": json.dumps(
        {"items": [{"question": f"Which sound is heard as number {n}?", "correct": f"a bell of {n} kg",
                    "distractors": ["a dog", "rain", "a door"], "evidence": "It lasts 1.0 seconds.",
                    "skill": "identification", "difficulty": "easy"} for n in range(5)]})}}],
    "usage": {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200}}).encode()
RESPONSE = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)) + ANSWER


class Server(asyncio.Protocol):
    """Reads requests and writes the one answer, each after the latency."""

    latency = 0.0

    def connection_made(self, transport):
        self.transport, self.data, self.need = transport, bytearray(), None

    def data_received(self, data):
        self.data += data
        while True:
            if self.need is None:
                end = self.data.find(b"\r\n\r\n")
                if end < 0:
                    return
                head = bytes(self.data[:end]).lower()
                place = head.find(b"content-length:")
                length = int(head[place + 15:].split(b"\r\n", 1)[0]) if place >= 0 else 0
                self.need = end + 4 + length
            if len(self.data) < self.need:
                return
            del self.data[:self.need]
            self.need = None
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, RESPONSE)


def serve(latency, ports):
    async def main():
        Server.latency = latency
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=1024)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def ours(url, captioned, folder, at_once):
    run = folder / "run"
    run.mkdir()
    source = sqlite3.connect(captioned)
    with sqlite3.connect(run / "run.sqlite") as copy:
        source.backup(copy)
    source.close()
    outcome, report = measured.earshot_run(
        folder.parent / "clips", run, "--until", "write", "--set", f"write.endpoint={url}", "--set", "write.key=none",
        "--set", f"write.concurrency={at_once}")
    writing = {event.kind: event.at for event in outcome.events if event.stage == "write"}
    return report["requests"]["answered"], writing["finished"] - writing["started"], outcome.cpu, outcome.peak


def theirs(url, bodies, at_once, results):
    import openai

    async def main():
        client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
        gate = asyncio.Semaphore(at_once)

        async def one(body):
            async with gate:
                return await client.chat.completions.create(**body)

        start = time.monotonic()
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.gather(*[one(body) for body in bodies])
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        results.put((len(bodies), time.monotonic() - start, cpu, after.ru_maxrss * 1024))

    asyncio.run(main())


def peer(name, python, url, bodies, at_once, folder):
    """What the script peers/requests_NAME.py says of itself."""
    path = folder / "bodies.json"
    path.write_text(json.dumps(bodies))
    ended = subprocess.run([python, measured.ROOT / f"Benchmarks/peers/requests_{name}.py", path, url, str(at_once)],
                           capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{name}: {ended.stderr[-2000:]}")
    said = json.loads(ended.stdout.splitlines()[-1])
    if said["answered"] != len(bodies):
        sys.exit(f"{name} answered {said['answered']} of {len(bodies)}: {ended.stderr[-2000:]}")
    return said["answered"], said["seconds"], said["cpu"], said["peak"]


def bodies(database):
    with sqlite3.connect(database) as store:
        return [json.loads(row[0]) for row in store.execute("SELECT body FROM request")]


def others(url, asked, options, processes, folder):
    results = processes.Queue()
    other = processes.Process(target=theirs, args=(url, asked, options.at_once, results))
    other.start()
    other.join()
    if other.exitcode == 0:
        yield "openai", results.get()
    for name, python in (("distilabel", options.distilabel), ("curator", options.curator)):
        if python:
            yield name, peer(name, python, url, asked, options.at_once, folder)


def row(name, count, wall, cpu, peak):
    return [name, f"{count / wall:.0f}", f"{1000 * cpu / count:.2f}", f"{peak / 1e6:.0f}"]


def main():
    parser = argparse.ArgumentParser(prog="requests")
    parser.add_argument("--clips", type=int, default=4_000)
    parser.add_argument("--at-once", type=int, default=256)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--distilabel", metavar="PYTHON", help="the Python of an environment with distilabel")
    parser.add_argument("--curator", metavar="PYTHON", help="the Python of an environment with Curator")
    options = parser.parse_args()
    measured.require_earshot()
    print(measured.machine(), "\n")
    processes = multiprocessing.get_context("spawn")
    ports = processes.Queue()
    server = processes.Process(target=serve, args=(options.latency, ports), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ports.get()}/v1"
    rows = [["side", "requests/s", "ms of processor a request", "MB"]]
    ratios = {}
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        measured.earshot("synth", place / "clips", "--clips", options.clips)
        measured.earshot_run(place / "clips", place / "captioned", "--until", "caption")
        captioned = place / "captioned/run.sqlite"
        asked = None
        for number in range(options.rounds):
            folder = place / f"round-{number}"
            folder.mkdir()
            count, wall, cpu, peak = ours(url, captioned, folder, options.at_once)
            asked = asked or bodies(folder / "run/run.sqlite")
            rows.append(row("earshot", count, wall, cpu, peak))
            for name, its in others(url, asked, options, processes, folder):
                rows.append(row(name, *its))
                ratios.setdefault(name, []).append((count / wall / (its[0] / its[1]), cpu / count / (its[2] / its[0])))
    measured.table(rows)
    for name, values in ratios.items():
        print(f"\nof {name}: {statistics.median(r for r, _ in values):.2f} times the requests a second, "
              f"{statistics.median(c for _, c in values):.2f} of the processor time a request")
    print(measured.load("load after"))
    sys.stdout.flush()
    server.terminate()


if __name__ == "__main__":
    main()
