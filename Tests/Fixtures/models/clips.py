"""Sound that follows from a seed by integer arithmetic alone, so that ReferenceClip.swift makes the very same samples."""

import numpy

MASK = (1 << 64) - 1
BLOCK = 1600


class SplitMix64:
    """The generator of Steele, Lea and Flood (OOPSLA 2014)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)


def clip(seed, count):
    """`count` samples at 16 kHz: every tenth of a second another triangle wave and another level of noise.

    A sample is an integer of 16 bits over 32,768, hence exact in float32.
    """
    draws = SplitMix64(seed)
    values = numpy.empty(count, numpy.int64)
    phase = 0
    for start in range(0, count, BLOCK):
        draw = draws.next()
        step, tone, noise = 100 + (draw >> 48) % 12_000, (draw >> 40) & 15, (draw >> 32) & 7
        for index in range(start, min(start + BLOCK, count)):
            phase = (phase + step) & 0xFFFF
            triangle = 2 * abs(phase - 32_768) - 32_768
            hiss = (draws.next() >> 48) - 32_768
            values[index] = (triangle * tone + hiss * noise) >> 5
    return (values / 32_768).astype(numpy.float32)


def resting(seed, ordinal, length):
    """`length` numbers of about [-4, 4) for logits without a model: exact in float32."""
    draws = SplitMix64(seed + ordinal)
    return numpy.array([((draws.next() >> 48) - 32_768) / 8_192 for _ in range(length)], numpy.float32)
