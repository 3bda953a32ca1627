"""Whether training changed a model: compares the weights of two folders, the second the newest checkpoint below it.

    python trained.py BEFORE AFTER
"""

import pathlib
import sys

from safetensors.numpy import load_file

before = load_file(pathlib.Path(sys.argv[1]) / "model.safetensors")
files = sorted(pathlib.Path(sys.argv[2]).rglob("model.safetensors"), key=lambda file: file.stat().st_mtime)
if not files:
    sys.exit(f"no model below {sys.argv[2]}")
after = load_file(files[-1])
changed = [name for name in before if name in after and (before[name] != after[name]).any()]
if not changed:
    sys.exit(f"{files[-1]}: no weight changed")
print(f"{files[-1]}: {len(changed)} of {len(before)} tensors changed")
