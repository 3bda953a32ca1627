"""Writes a large model, quantizes it, and measures what it takes to caption one clip with it.

Called by the command beside this file.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import measured


def main():
    parser = argparse.ArgumentParser(prog="large-model", description=__doc__.splitlines()[0])
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    parser.add_argument("--models", type=pathlib.Path, default=cache / "earshot-benchmarks/models")
    parser.add_argument("--tokens", type=int, default=16, help="tokens of the caption (default: 16)")
    options = parser.parse_args()
    measured.require_earshot()
    print(measured.machine(), flush=True)
    small = quantized(options.models)
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as scratch:
        measured.earshot("synth", scratch, "--clips", "1")
        clip = next(pathlib.Path(scratch).glob("**/*.wav"))
        opened = measured.earshot("models", "show", small)
        first = measured.earshot("caption", clip, "--model", small, "--max-tokens", "1", "--json")
        many = measured.earshot("caption", clip, "--model", small, "--max-tokens", options.tokens, "--json")
    caption = json.loads(many.output)
    print(f"opened and checked: {opened.wall:.2f} s")
    print(f"caption of {caption['seconds']:.1f} s of audio: first token after {first.wall:.1f} s, "
          f"{len(caption['tokens'])} tokens after {many.wall:.1f} s")
    print(f"largest resident set, the mapped weights included: {many.peak / 1e9:.2f} GB")
    if many.peak > 8e9:
        sys.exit("more than 8 GB")


def quantized(models):
    large, small, nano = models / "qwen2-audio-8b", models / "qwen2-audio-8b-int4", models / "nano"
    if (small / "config.json").exists():
        return small
    if not nano.exists():
        measured.earshot("models", "init", "nano", nano)
    if not (large / "model.safetensors").exists():
        script = pathlib.Path(__file__).parent / "make_model.py"
        subprocess.run([sys.executable, script, "qwen2-audio-8b", large, "--tokenizer", nano], check=True)
    start = time.monotonic()
    measured.earshot("models", "quantize", large, small, "--weights", "int4")
    print(f"quantized in {time.monotonic() - start:.0f} s", flush=True)
    return small


main()
