# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "soxr==1.1.0"]
# ///
"""Records what soxr makes of short inputs: resample.json. Run as `uv run resample.py`, or with the packages above."""

import json
import pathlib

import numpy
import soxr

TARGET = 16_000


def number(value):
    """The shortest text that is still this float32."""
    return float(numpy.format_float_positional(numpy.float32(value), unique=True))


def signal(count):
    """Two sines and a step, so that edges and steady parts both count."""
    index = numpy.arange(count)
    samples = 0.5 * numpy.sin(0.2 * index) + 0.2 * numpy.sin(1.1 * index) + 0.25 * (index >= count // 2)
    return numpy.round(samples, 6).astype(numpy.float32)


cases = []
for rate, count in [(8_000, 120), (44_100, 400), (11_127, 150)]:
    samples = signal(count)
    output = soxr.resample(samples, rate, TARGET, quality="HQ")
    cases.append({"rate": rate, "input": [number(x) for x in samples], "output": [number(x) for x in output]})

lengths = []
for rate in [100, 8_000, 11_127, 22_257, 44_100, 48_000]:
    for count in [1, 2, 7, 100, 1_001, 4_410, 8_191]:
        zeros = numpy.zeros(count, numpy.float32)
        lengths.append([rate, count, len(soxr.resample(zeros, rate, TARGET, quality="HQ"))])

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"target": TARGET, "cases": cases, "lengths": lengths}) + "\n")
