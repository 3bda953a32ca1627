"""Records what torch makes of norms, activations, rotations, averages, convolutions and attentions, and of their
gradients: attention.json.

Run as `python attention.py` with the packages of requirements.txt. All is computed in float64, from inputs that are
exact in float32.
"""

import json
import pathlib

import torch
from torch.nn import functional
from transformers import Qwen2Config
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding, apply_rotary_pos_emb

torch.manual_seed(7)
torch.set_num_threads(1)


def normal(*shape, scale=1.0):
    """Normal numbers of few digits."""
    return ((torch.randn(*shape) * scale * 256).round() / 256).double()


def record(function, **inputs):
    """The inputs, the output, a gradient of the output, and the gradients of the inputs."""
    for tensor in inputs.values():
        tensor.requires_grad_()
    output = function(**inputs)
    gradient = normal(*output.shape)
    output.backward(gradient)
    tensors = {**inputs, "output": output, "d output": gradient}
    tensors |= {"d " + name: tensor.grad for name, tensor in inputs.items()}
    return {name: [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()] for name, tensor in tensors.items()}


def rms_norm(x, weight):
    """As Qwen2RMSNorm, which casts to float32."""
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def rotary(x, heads=2, positions=(0, 3, 40, 7)):
    dimension = x.shape[-1] // heads
    config = Qwen2Config(
        hidden_size=x.shape[-1], num_attention_heads=heads,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0})
    cosines, sines = Qwen2RotaryEmbedding(config)(x, torch.tensor(positions)[None])
    split = x.view(1, len(positions), heads, dimension).transpose(1, 2)
    out, _ = apply_rotary_pos_emb(split, split, cosines, sines)
    return out.transpose(1, 2).reshape(x.shape)


def averaged_pairs(x, counts=(5, 4)):
    return torch.cat([functional.avg_pool1d(part.T[None], 2, stride=2)[0].T for part in x.split(counts)])


def convolution(x, weight, counts=(7, 4)):
    """Two clips under a kernel of three taps with stride 2; `weight` is [outputs, taps * inputs]."""
    kernel = weight.view(weight.shape[0], 3, -1).transpose(1, 2)
    return torch.cat([functional.conv1d(part.T[None], kernel, stride=2, padding=1)[0].T for part in x.split(counts)])


def attention(queries, keys, values, heads, groups, mask):
    split = lambda x, n: x.view(1, x.shape[0], n, -1).transpose(1, 2)
    out = functional.scaled_dot_product_attention(
        split(queries, heads), split(keys, groups), split(values, groups), attn_mask=mask, enable_gqa=True)
    return out.transpose(1, 2).reshape(queries.shape)


def tree(prompt=6, completions=(4, 1, 5)):
    """Completions that see the prompt and themselves."""
    rows = prompt + sum(completions)
    mask = torch.zeros(rows, rows, dtype=torch.bool)
    mask[:, :prompt] = True
    mask[:prompt, :prompt] = torch.ones(prompt, prompt, dtype=torch.bool).tril()
    first = prompt
    for count in completions:
        mask[first : first + count, first : first + count] = torch.ones(count, count, dtype=torch.bool).tril()
        first += count
    return mask


def attend(heads, groups, dimension, mask):
    function = lambda queries, keys, values: attention(queries, keys, values, heads, groups, mask)
    return record(
        function, queries=normal(mask.shape[0], heads * dimension), keys=normal(mask.shape[1], groups * dimension),
        values=normal(mask.shape[1], groups * dimension))


cases = {
    "rms norm": record(rms_norm, x=normal(3, 19, scale=2), weight=normal(19)),
    "layer norm": record(
        lambda x, weight, bias: functional.layer_norm(x, [19], weight, bias, 1e-5), x=normal(3, 19, scale=2) + 1,
        weight=normal(19), bias=normal(19)),
    "gelu": record(functional.gelu, x=normal(40, scale=2)),
    "silu": record(lambda gate, up: functional.silu(gate) * up, gate=normal(40, scale=2), up=normal(40)),
    "rotary": record(rotary, x=normal(4, 16)),
    "averaged pairs": record(averaged_pairs, x=normal(9, 3)),
    "convolution": record(convolution, x=normal(11, 3), weight=normal(2, 9)),
    "tree": attend(4, 2, 8, tree()),
    "segment": attend(2, 2, 5, torch.ones(9, 9, dtype=torch.bool)),
}
path = pathlib.Path(__file__).with_name("attention.json")
path.write_text(json.dumps(cases, separators=(",", ":")).replace("]},", "]},\n").replace("],", "],\n") + "\n")
print(path.stat().st_size, "bytes")
