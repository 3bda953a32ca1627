# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "soundfile==0.14.0"]
# ///
"""Writes 440 Hz at 16 kHz, amplitude 0.5, in the formats that need an encoder: tone.flac, tone.ogg, tone.mp3.

The flac lasts half a second, the others 4 seconds: long enough for several pages, and for jumps in a stream of tiny frames.
"""

import pathlib

import numpy
import soundfile

RATE = 16_000
samples = 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(4 * RATE) / RATE)
here = pathlib.Path(__file__).parent
soundfile.write(here / "tone.flac", samples[: RATE // 2], RATE, subtype="PCM_16")
soundfile.write(here / "tone.ogg", samples, RATE, format="OGG", subtype="VORBIS")
soundfile.write(here / "tone.mp3", samples, RATE, format="MP3", subtype="MPEG_LAYER_III")
