"""Records what torch makes of products, embeddings, chosen log-probabilities and optimizer steps.

Run as `python linear.py` with the packages of requirements.txt: writes linear.json (in float64, from inputs that are
exact in float32) and linear_optimizer.json (in float32).
"""

import json
import pathlib

import torch
from transformers import (
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

torch.manual_seed(5)
torch.set_num_threads(1)
here = pathlib.Path(__file__).parent


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


def normal(*shape):
    """Normal numbers of few digits."""
    return ((torch.randn(*shape) * 256).round() / 256).double()


def record(outputs, inputs, gradients):
    """The numbers of all, after a loss that is the sum of each output times its recorded gradient."""
    sum((output * gradients[name]).sum() for name, output in outputs.items()).backward()
    case = {name: numbers(x) for name, x in (outputs | inputs).items()}
    case |= {"d " + name: numbers(x) for name, x in gradients.items()}
    case |= {"d " + name: numbers(x.grad) for name, x in inputs.items() if x.grad is not None}
    return case


def leaves(**tensors):
    return {name: x.requires_grad_() for name, x in tensors.items()}


def linear():
    v = leaves(x=normal(5, 7), w=normal(6, 7), b=normal(6))
    y = torch.nn.functional.linear(v["x"], v["w"], v["b"])
    return record({"y": y}, v, {"y": normal(5, 6)})


def adapters():
    """Two layers of one input, each with an adapter: the first is frozen, the second trained."""
    v = leaves(x=normal(5, 7), w2=normal(4, 7), a1=normal(2, 7), b1=normal(6, 2), a2=normal(3, 7), b2=normal(4, 3))
    frozen = {"w1": normal(6, 7), "c1": normal(6)}
    y1 = v["x"] @ frozen["w1"].T + frozen["c1"] + 0.5 * (v["x"] @ v["a1"].T) @ v["b1"].T
    y2 = v["x"] @ v["w2"].T + 2.0 * (v["x"] @ v["a2"].T) @ v["b2"].T
    return record({"y1": y1, "y2": y2}, v | frozen, {"y1": normal(5, 6), "y2": normal(5, 4)})


def embedding():
    v = leaves(table=normal(6, 3), rows=normal(2, 3))
    x = torch.nn.functional.embedding(torch.tensor([4, 1, 4, 0, 5, 4]), v["table"])
    y = x.index_copy(0, torch.tensor([4, 1]), v["rows"])
    return record({"y": y}, v, {"y": normal(6, 3)})


def chosen():
    v = leaves(hidden=normal(4, 5), head=normal(11, 5))
    rows, tokens = torch.tensor([2, 0, 2, 3, 2]), torch.tensor([10, 3, 0, 3, 10])
    logits = v["hidden"][rows] @ v["head"].T / 0.75
    logs = logits.log_softmax(-1)
    case = record({"logs": logs.gather(1, tokens[:, None])[:, 0]}, v, {"logs": normal(5)})
    return case | {
        "entropies": numbers(-(logs.exp() * logs).sum(-1)),
        "largest": numbers((logits.argmax(-1) == tokens).double()),
    }


def steps():
    """Ten steps of AdamW over two tensors, one of which decays, along a cosine."""
    v = [normal(3, 4).float().requires_grad_(), normal(5).float().requires_grad_()]
    case = {"before 0": numbers(v[0]), "before 1": numbers(v[1])}
    groups = [{"params": [v[0]], "weight_decay": 0.1}, {"params": [v[1]], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0.02, betas=(0.9, 0.99), eps=1e-8)
    schedule = get_cosine_schedule_with_warmup(optimizer, 2, 10)
    for step in range(10):
        for index, x in enumerate(v):
            x.grad = (normal(*x.shape) * 10.0 ** (index - step % 3)).float()
            case[f"gradient {step} {index}"] = numbers(x.grad)
        case[f"norm {step}"] = [float(torch.nn.utils.clip_grad_norm_(v, 1.0))]
        for index, x in enumerate(v):
            case[f"clipped {step} {index}"] = numbers(x.grad)
        optimizer.step()
        schedule.step()
        for index, x in enumerate(v):
            case[f"values {step} {index}"] = numbers(x)
            case[f"first {step} {index}"] = numbers(optimizer.state[x]["exp_avg"])
            case[f"second {step} {index}"] = numbers(optimizer.state[x]["exp_avg_sq"])
    return case


def schedules():
    """Of steps 0 to 12, of 12 in all."""
    makers = {
        "constant": lambda o, w: get_constant_schedule_with_warmup(o, w),
        "linear": lambda o, w: get_linear_schedule_with_warmup(o, w, 12),
        "cosine": lambda o, w: get_cosine_schedule_with_warmup(o, w, 12),
    }
    case = {}
    for name, make in makers.items():
        for warm_up in [0, 3, 12]:
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
            schedule = make(optimizer, warm_up)
            factors = []
            for _ in range(13):
                factors.append(schedule.get_last_lr()[0])
                optimizer.step()
                schedule.step()
            case[f"{name} {warm_up}"] = factors
    return case


def write(name, cases):
    (here / name).write_text(json.dumps(cases, separators=(",", ":")).replace("},", "},\n") + "\n")


write("linear.json", {f.__name__: f() for f in [linear, adapters, embedding, chosen]})
write("linear_optimizer.json", {f.__name__: f() for f in [steps, schedules]})
