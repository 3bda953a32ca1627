"""R1-AQA's own training (src/train.py of its repository) with Earshot's rewards instead of its two; its words are the same.

Its accuracy compares answers by mathematics first, by which "C major, 120 bpm" is "D minor, 120 bpm".
"""

import os
import sys

sys.path[:0] = [os.path.join(os.environ["R1_AQA"], "src"), os.path.dirname(os.path.abspath(__file__))]

import rewards  # noqa: E402
from utils import rewards as theirs  # noqa: E402

theirs.accuracy_reward = rewards.total
theirs.format_reward = lambda completions, **_: [0.0] * len(completions)

import train  # noqa: E402

train.main()
