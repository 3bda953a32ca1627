"""Writes losses.json: GRPO's losses, gradients and metrics as TRL's own trainer computes them, in double precision.

    python losses.py        with the packages of losses-requirements.txt

The batches are drawn so that every branch is taken: ratios on both sides of every clip, advantages of both signs and
0, ragged completions, an empty one, and one that is masked. TRL's `_compute_loss` runs on a stand-in for the trainer
that hands it the log-probabilities.
"""

import collections
import itertools
import json
import pathlib
import types

import torch
from trl import GRPOTrainer

LENGTHS = [7, 1, 4, 0, 6, 3, 5, 7]
MASKED = [False, False, False, False, False, True, False, False]
ADVANTAGES = [1.25, -0.75, 0.0, 0.5, -1.5, 2.0, 0.8, -0.3]
LONGEST = 9


def batch():
    """Log-probabilities now, when sampled, and under the reference, as rows of the longest length."""
    draw = torch.Generator().manual_seed(20250715)
    shape = (len(LENGTHS), max(LENGTHS))
    now = -2 * torch.rand(shape, generator=draw, dtype=torch.float64) - 0.05
    old = now + 0.35 * torch.randn(shape, generator=draw, dtype=torch.float64)
    # Whole completions below the low clip, above the high one and above delta.
    old[-1] += 0.3
    old[0] -= 0.4
    old[4] -= 0.6
    reference = now + 0.25 * torch.randn(shape, generator=draw, dtype=torch.float64)
    mask = torch.tensor([[token < length for token in range(shape[1])] for length in LENGTHS]).double()
    mask[torch.tensor(MASKED)] = 0
    return now, old, reference, mask


class Accelerator:
    num_processes = 1

    def reduce(self, values, reduction):
        return values

    def gather(self, values):
        return values


def trainer(settings, now):
    """What of a trainer `_compute_loss` asks."""
    high = settings["epsilon_high"]
    return types.SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *_, **__: (now, torch.zeros_like(now), None),
        get_gamma_weights=GRPOTrainer.get_gamma_weights,
        accelerator=Accelerator(),
        args=types.SimpleNamespace(
            use_bias_correction_kl=False,
            delta=settings["delta"],
            sapo_temperature_pos=1.0,
            sapo_temperature_neg=1.05,
            vespo_k_pos=2.0,
            vespo_lambda_pos=3.0,
            vespo_k_neg=3.0,
            vespo_lambda_neg=2.0,
            steps_per_generation=1,
        ),
        model=types.SimpleNamespace(training=True),
        current_gradient_accumulation_steps=1,
        aux_loss_enabled=False,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        importance_sampling_level=settings["level"],
        loss_type=settings["type"],
        beta=settings["beta"],
        epsilon_low=settings["epsilon_low"],
        epsilon_high=high,
        max_completion_length=LONGEST,
        use_vllm=False,
        _entropy_bonus_enabled=False,
        _metrics={"train": collections.defaultdict(list)},
    )


def case(settings):
    now, old, reference, mask = batch()
    now.requires_grad_()
    stand_in = trainer(settings, now)
    inputs = {
        "prompt_ids": torch.zeros(len(LENGTHS), 1, dtype=torch.long),
        "prompt_mask": torch.ones(len(LENGTHS), 1, dtype=torch.long),
        "completion_ids": torch.zeros(now.shape, dtype=torch.long),
        "completion_mask": mask,
        "advantages": torch.tensor(ADVANTAGES, dtype=torch.float64),
        "old_per_token_logps": old,
        "ref_per_token_logps": reference,
        "num_items_in_batch": mask.sum(),
    }
    loss = GRPOTrainer._compute_loss(stand_in, None, inputs)
    loss.backward()
    metrics = {name: values[-1] for name, values in stand_in._metrics["train"].items() if name != "entropy"}
    if settings["level"] == "sequence" or settings["type"] == "vespo":
        # Means over all rows there, empty and masked ones too; over those that count here.
        metrics = {name: value for name, value in metrics.items() if name == "kl"}
    return settings | {"loss": loss.item(), "gradient": ragged(now.grad), "metrics": metrics}


def ragged(rows):
    return [row[:length].tolist() for row, length in zip(rows, LENGTHS)]


def main():
    # Numbers among tensors, such as sapo's temperatures, are of this type.
    torch.set_default_dtype(torch.float64)
    now, old, reference, _ = batch()
    kinds = ["grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "vespo", "luspo"]
    cases = []
    for kind, level, beta in itertools.product(kinds, ["token", "sequence"], [0.0, 0.04]):
        if (kind, level) in [("luspo", "token"), ("vespo", "sequence")]:
            continue
        clips = kind not in ["cispo", "sapo", "vespo"]
        for delta in [None, 1.5] if clips else [None]:
            high = 1.4 if kind == "cispo" else 0.28
            settings = {"type": kind, "level": level, "beta": beta, "delta": delta}
            cases.append(case(settings | {"epsilon_low": 0.2, "epsilon_high": high}))
    batches = {"now": ragged(now), "old": ragged(old), "reference": ragged(reference)}
    settings = {"advantages": ADVANTAGES, "masked": MASKED, "longest": LONGEST, "cases": cases}
    path = pathlib.Path(__file__).with_name("losses.json")
    path.write_text(json.dumps(batches | settings) + "\n")
    print(f"{len(cases)} cases")


main()
