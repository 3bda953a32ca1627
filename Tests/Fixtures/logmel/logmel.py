# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "torch==2.15.0", "transformers==5.23.0"]
# ///
"""Records numbers of transformers' WhisperFeatureExtractor, on its torch path: logmel.json. Run as `uv run logmel.py`.

The signals are those of Tests/AudioTests/LogMelSignals.swift. Of each spectrogram: its sum, largest and smallest value,
and a few frames (around both ends of the sound and inside it) in every eleventh band. Of the filter banks: all weights
that are not zero, with the first bin of each band.
"""

import json
import pathlib

import numpy
from transformers import WhisperFeatureExtractor

RATE = 16_000


def noise(count, seed=1):
    """SplitMix64, its upper 24 bits as a number from -0.5 to 0.5."""
    with numpy.errstate(over="ignore"):
        mixed = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> numpy.uint64(31))
    return (mixed >> numpy.uint64(40)).astype(numpy.float64) / 2**24 - 0.5


def tone(count):
    return 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(count) / RATE)


def bursts(count):
    """A loud tone and noise near the floor, 250 ms each."""
    index = numpy.arange(count)
    loud = 0.9 * numpy.sin(2 * numpy.pi * 3021.7 * index / RATE)
    return numpy.where(index // 4000 % 2 == 0, loud, noise(count) / 512)


def voice(count):
    """20 harmonics of a wavering pitch, swelling 4.6 times a second."""
    time = numpy.arange(count) / RATE
    phase = 2 * numpy.pi * 120 * time + 5 * numpy.sin(2 * numpy.pi * 0.7 * time)
    swell = numpy.abs(numpy.sin(2 * numpy.pi * 2.3 * time))
    return 0.1 * swell * sum(numpy.sin(k * phase) / k for k in range(1, 21))


SIGNALS = {"noise": noise, "tone": tone, "bursts": bursts, "voice": voice}
CASES = [(128, count, 30) for count in (1, 159, 160, 161, 64_037, 480_000)] + [(128, 500_000, 300)]
CASES += [(80, count, 30) for count in (161, 64_037, 480_000)]


def recorded(signal, bands, count, seconds):
    extractor = WhisperFeatureExtractor(feature_size=bands, chunk_length=seconds)
    samples = SIGNALS[signal](count).astype(numpy.float32)
    result = extractor(samples, sampling_rate=RATE, return_tensors="np", return_attention_mask=True)
    values, valid = result["input_features"][0], int(result["attention_mask"].sum())
    frames = {0, 1, 2, valid // 3, valid // 2, valid - 1, valid, valid + 1, values.shape[1] - 2, values.shape[1] - 1}
    frames = sorted(frame for frame in frames if frame < values.shape[1])
    return {
        "signal": signal, "bands": bands, "samples": count, "paddedTo": seconds * RATE, "valid": valid,
        "sum": float(values.astype(numpy.float64).sum()), "largest": round(float(values.max()), 7),
        "smallest": round(float(values.min()), 7), "frames": frames,
        "values": [[round(float(values[band, frame]), 6) for frame in frames] for band in range(0, bands, 11)],
    }


def filters(bands):
    weights = WhisperFeatureExtractor(feature_size=bands).mel_filters
    found = []
    for band in weights.T:
        places = numpy.flatnonzero(band)
        found.append({"firstBin": int(places[0]), "weights": band[places[0] : places[-1] + 1].tolist()})
    return found


result = {
    "filters": {str(bands): filters(bands) for bands in (80, 128)},
    "cases": [recorded(signal, *case) for signal in SIGNALS for case in CASES],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
