# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy==2.4.6", "torch==2.15.0", "transformers==5.23.0"]
# ///
"""Records what torch (float32) makes of small inputs: ops.json.

Run as `uv run make_ops.py`, or with the packages above.
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional
from transformers import Qwen2Config
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding, apply_rotary_pos_emb

torch.manual_seed(3)
torch.set_num_threads(1)


def numbers(tensor):
    """The shortest texts that are still these float32 numbers, in row-major order."""
    flat = tensor.detach().to(torch.float32).flatten().tolist()
    return [float(numpy.format_float_positional(numpy.float32(x), unique=True)) for x in flat]


def normal(*shape, scale=1.0):
    """Normal numbers of few digits."""
    return (torch.randn(*shape) * scale * 1024).round() / 1024


def activations():
    x = torch.cat([torch.linspace(-12, 12, 193), torch.tensor([-100.0, -88.5, -0.0, 1e-6, -1e-6, 88.5, 100.0])])
    x = (x * 512).round() / 512
    y = normal(x.numel())
    return {"x": x, "y": y, "gelu": functional.gelu(x), "silu": functional.silu(x) * y}


def norms(columns):
    x, weight, bias = normal(3, columns, scale=4) + 2, normal(columns) + 1, normal(columns)
    variance = x.pow(2).mean(-1, keepdim=True)
    return {
        "x": x, "weight": weight, "bias": bias, "layer": functional.layer_norm(x, [columns], weight, bias, 1e-5),
        "rms": weight * (x * torch.rsqrt(variance + 1e-6)), "log": x.logsumexp(-1),
    }  # fmt: skip


def rotary(dimension, theta):
    heads, positions = 2, torch.tensor([0, 1, 7, 1_000, 20_000, 32_767])
    rope = {"rope_type": "default", "rope_theta": theta}
    table = Qwen2RotaryEmbedding(
        Qwen2Config(hidden_size=dimension * heads, num_attention_heads=heads, rope_parameters=rope))
    x = normal(len(positions), heads * dimension)
    cosines, sines = table(x, positions[None])
    split = x.view(1, len(positions), heads, dimension).transpose(1, 2)
    out, _ = apply_rotary_pos_emb(split, split, cosines, sines)
    return {"x": x, "positions": positions, "out": out.transpose(1, 2).reshape(x.shape)}


def attention(rows, past, heads, groups, dimension, causal):
    total = past + rows
    q, k, v = normal(rows, heads * dimension), normal(total, groups * dimension), normal(total, groups * dimension)
    split = lambda x, n: x.view(1, -1, n, dimension).transpose(1, 2).double()
    mask = torch.ones(rows, total, dtype=torch.bool).tril(past) if causal else None
    out = functional.scaled_dot_product_attention(
        split(q, heads), split(k, groups), split(v, groups), attn_mask=mask, enable_gqa=True)
    return {"q": q, "k": k, "v": v, "out": out.transpose(1, 2).reshape(q.shape)}


cases = {
    "activations": activations(),
    "norms 37": norms(37),
    "norms 128": norms(128),
    "rotary 16": rotary(16, 10_000.0),
    "rotary 64": rotary(64, 1_000_000.0),
    "causal": attention(9, 4, heads=6, groups=2, dimension=16, causal=True),
    "segment": attention(19, 0, heads=2, groups=2, dimension=20, causal=False),
}
path = pathlib.Path(__file__).with_name("ops.json")
recorded = {name: {key: numbers(value) for key, value in case.items()} for name, case in cases.items()}
path.write_text(json.dumps(recorded, separators=(",", ":")).replace("]},", "]},\n").replace("],", "],\n") + "\n")
print(path.stat().st_size, "bytes")
