"""Whole training steps in PyTorch, for TrainingTests: `python make_grpo_step.py`, packages as in requirements.txt.

On the tiny random checkpoints of ../models, sequence by sequence without padding, in float64 (transformers computes the
norms' and the rotation's statistics in float32 even so), eager attention, with WhisperFeatureExtractor's spectrograms
by its numpy path, in float64 too. Writes `steps-CHECKPOINT.json`:

    checkpoint       name of the folder in ../models
    clips            [{seed, samples, frames, rows}]: clip(seed, samples) of ../models/clips.py, which is
                     referenceClip(seed:count:) of ModelsTests; `frames` of its mel are sound, `rows` placeholders
    prompts          [{text, ids, clip}]: ids with the placeholders repeated; `clip` indexes clips, null without audio
    completions      [{prompt, text, ids, reward, truncated, advantage}]: in groups, the prompts' order; take the ids:
                     not every text is read back as its own; advantage is
                     (reward - mean of the group) / (deviation of the group with n - 1, + 1e-4); only the truncated
                     ones do not end with <|im_end|>
    cases            what was computed, each from the checkpoint's own weights:
      name
      kind           "grpo", "sft" or "dpo"
      settings       grpo: {loss_type, beta, epsilon_low, epsilon_high, temperature, mask_truncated, old: [[...]] or
                     null, reference: [[...]] or null}: log-probabilities by completion and token; `old` null is on
                     policy (the detached log-probabilities of the step itself), in a second step those of the first
                     sft: {examples: indices of completions}: loss = sum over their tokens / number of tokens
                     dpo: {pairs: [[chosen, rejected]], beta, reference: [sum per completion]}: sigmoid loss
      adapter        null, or {rank, scale, modules: [name]}: low-rank additions to frozen modules. Module number k has
                     A[i][j] = 0.2 sin(0.37 (i * inputs + j) + k), shape [rank, inputs], and
                     B[o][r] = 0.2 cos(0.53 (o * rank + r) + k), shape [outputs, rank]
      optimizer      AdamW: {learning_rate, beta1, beta2, epsilon, weight_decay, maximum_norm}; decay only for what has
                     two dimensions or more; gradients are clipped to maximum_norm before. epsilon is larger than
                     usual: with 1e-8 the first step is the gradient's sign, also of gradients that are rounding errors
      steps          one or two optimizer steps on the same data:
        loss, gradient_norm (before clipping), clipped_low, clipped_high (token shares; grpo), kl (token mean; grpo with
        beta), margin (dpo: mean of the log-ratios' differences)
        entropy      mean over the completion tokens that count, of softmax(logits / temperature), nats
        accuracy     share of them that are the largest logit
        log_probabilities  [[...]] by completion (sft: of the examples alone)
        parameters   {name: {shape, gradient: digest, change: digest}}: the gradient before clipping, and what all steps
                     so far changed the parameter by. Names are the engine's, adapters "MODULE.lora_A", "MODULE.lora_B".
                     Convolutions are as the trainer holds them: [out, 3 * in], tap by tap. The encoder's positions are
                     frozen

A digest of the elements x_0 ... x_(n-1) is {norm, first, projections}: the Euclidean norm, the first 8 elements, and
for w in 0.7, 1.3, 2.9 the sum of x_i cos(w i + w). Compare a projection to a share of the norm, not of itself: its
noise is that of all elements. What float32 changes, and noise of 2e-5 in the spectrograms (more than another float32
spectrogram differs by), is printed.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from transformers import (
    AutoTokenizer,
    Qwen2AudioForConditionalGeneration,
    Qwen2AudioProcessor,
    Qwen2ForCausalLM,
    logging,
)

HERE = pathlib.Path(__file__).parent
MODELS = HERE.parent / "models"
sys.path.insert(0, str(MODELS))

import clips  # noqa: E402

CLIPS = [(200, 32_000, 200), (401, 64_037, 401)]  # seed, samples, frames of mel
QUESTIONS = ["What do you hear in this audio?", "Which of these is heard first: the bell or the engine?"]
# Of each prompt's completions one is cut off; rewards have ties and both signs of advantage. The one without a text is
# what the checkpoint itself finds likeliest, so that some tokens are.
GREEDY = 5
COMPLETIONS = [
    (0, " A dog barks twice.<|im_end|>", 1.0), (0, "Rain falls on a tin roof.<|im_end|>", 0.0),
    (0, None, 0.5), (1, "The bell<|im_end|>", 2.0), (1, "the engine, the bird or", 0.0),
    (1, "It's the engine, then somebody laughs.<|im_end|>", 0.0),
]
OPTIMIZER = {
    "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-4, "weight_decay": 0.01, "maximum_norm": 1.0}
FREQUENCIES = [0.7, 1.3, 2.9]
ADAPTER = {"rank": 4, "scale": 2.0}


class Adapted(torch.nn.Module):
    """A frozen layer with an addition of low rank."""

    def __init__(self, layer, number):
        super().__init__()
        self.layer = layer
        inputs, outputs, rank = layer.in_features, layer.out_features, ADAPTER["rank"]
        a = 0.2 * numpy.sin(0.37 * numpy.arange(rank * inputs) + number).reshape(rank, inputs)
        b = 0.2 * numpy.cos(0.53 * numpy.arange(outputs * rank) + number).reshape(outputs, rank)
        self.lora_A, self.lora_B = (torch.nn.Parameter(torch.tensor(x, dtype=layer.weight.dtype)) for x in (a, b))
        self.active = True

    def forward(self, x):
        y = self.layer(x)
        return y + ADAPTER["scale"] * (x @ self.lora_A.T @ self.lora_B.T) if self.active else y


class Subject:
    """A checkpoint, and the prompts and completions in its tokens."""

    def __init__(self, name, dtype, noise=0.0):
        folder = MODELS / name
        self.name, self.dtype = name, dtype
        self.hears = name.startswith("qwen2-audio")
        kind = Qwen2AudioForConditionalGeneration if self.hears else Qwen2ForCausalLM
        self.model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").to(dtype).eval()
        if self.hears:
            # Frozen where the model is made, but not where transformers 5.23 has loaded it.
            self.model.model.audio_tower.embed_positions.requires_grad_(False)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2AudioProcessor.from_pretrained(folder) if self.hears else None
        self.prompts = [self.prompt(index, noise) for index in range(len(QUESTIONS))]
        self.completions = [
            self.greedy(prompt) if text is None else self.tokenizer(text, add_special_tokens=False).input_ids
            for prompt, text, _ in COMPLETIONS]

    def prompt(self, index, noise):
        said = [{"type": "text", "text": QUESTIONS[index]}]
        if not self.hears:
            text = self.tokenizer.apply_chat_template(
                [{"role": "user", "content": QUESTIONS[index]}], tokenize=False, add_generation_prompt=True)
            return text, dict(self.tokenizer(text, return_tensors="pt"))
        text = self.processor.apply_chat_template(
            [{"role": "user", "content": [{"type": "audio"}] + said}], tokenize=False, add_generation_prompt=True)
        seed, samples, frames = CLIPS[index]
        inputs = dict(self.processor(
            text=text, audio=[clips.clip(seed, samples)], return_tensors="pt", sampling_rate=16_000))
        assert inputs["feature_attention_mask"].sum().item() == frames
        extractor = self.processor.feature_extractor
        sound = numpy.zeros(extractor.n_samples)
        sound[:samples] = clips.clip(seed, samples)
        features = torch.tensor(extractor._np_extract_fbank_features(sound[None], "cpu")).to(self.dtype)
        assert (features - inputs["input_features"]).abs().max() < 1e-4
        if noise:
            features += noise * torch.randn(features.shape, generator=torch.Generator().manual_seed(1)).to(self.dtype)
        return text, inputs | {"input_features": features}

    def greedy(self, prompt):
        """The likeliest tokens after a prompt, none of them by a close call."""
        ids = []
        with torch.no_grad():
            for _ in range(GREEDY):
                best = self.logits_after(prompt, ids + [0])[-1].topk(2)
                assert best.values[0] - best.values[1] > 0.01, "a close call"
                ids.append(best.indices[0].item())
        return ids

    def logits(self, number):
        """Those that choose each token of a completion, `[tokens, vocabulary]`."""
        return self.logits_after(COMPLETIONS[number][0], self.completions[number])

    def logits_after(self, prompt, ids):
        inputs = dict(self.prompts[prompt][1])
        whole = torch.cat([inputs["input_ids"], torch.tensor([ids])], 1)
        inputs |= {"input_ids": whole, "attention_mask": torch.ones_like(whole)}
        return self.model(**inputs, use_cache=False).logits[0, -len(ids) - 1:-1]

    def adapt(self):
        """Freezes the model and adds to its decoder's q_proj and v_proj."""
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        body = self.model.model.language_model if self.hears else self.model.model
        self.adapted = {}
        for number, layer in enumerate(body.layers):
            for place, name in enumerate(("q_proj", "v_proj")):
                module = Adapted(getattr(layer.self_attn, name), 2 * number + place)
                setattr(layer.self_attn, name, module)
                self.adapted[f"decoder.layers.{number}.self_attn.{name}"] = module

    def trained(self):
        """The parameters by the engine's names."""
        return {engine_name(name): p for name, p in self.model.named_parameters() if p.requires_grad}


def engine_name(name):
    for start, engine in (("model.language_model.", "decoder."), ("model.audio_tower.", "audio_tower."),
                          ("model.multi_modal_projector.", "multi_modal_projector."), ("model.", "decoder."),
                          ("lm_head.", "decoder.lm_head.")):
        if name.startswith(start):
            return engine + name[len(start):]
    raise ValueError(name)


def digest(name, tensor):
    if ".conv" in name and tensor.ndim == 3:
        tensor = tensor.permute(0, 2, 1)
    values = tensor.detach().double().reshape(-1).numpy()
    places = numpy.arange(values.size)
    projections = [values @ numpy.cos(w * places + w) for w in FREQUENCIES]
    return {"norm": short(numpy.sqrt(values @ values)), "first": [short(x) for x in values[:8]],
            "projections": [short(x) for x in projections]}


def number(value):
    return float(f"{value.item() if isinstance(value, torch.Tensor) else value:.9g}")


def short(value):
    return float(f"{value:.7g}") or 0


def shape_of(name, tensor):
    if ".conv" in name and tensor.ndim == 3:
        return [tensor.shape[0], tensor.shape[1] * tensor.shape[2]]
    return list(tensor.shape)


def advantages():
    result = []
    for prompt in range(len(QUESTIONS)):
        rewards = torch.tensor([reward for p, _, reward in COMPLETIONS if p == prompt], dtype=torch.float64)
        result += ((rewards - rewards.mean()) / (rewards.std() + 1e-4)).tolist()
    return result


def is_truncated(number):
    return not (COMPLETIONS[number][1] or "").endswith("<|im_end|>")


def chosen(subject, number, temperature=1.0):
    """Log-probabilities of a completion's tokens, the entropies there and whether the tokens are the likeliest."""
    logits = subject.logits(number) / temperature
    scores = logits.double().log_softmax(-1)
    ids = torch.tensor(subject.completions[number])
    entropies = -(scores.exp() * scores).sum(-1)
    return scores.gather(-1, ids[:, None])[:, 0], entropies.detach(), (logits.argmax(-1) == ids)


def grpo(subject, settings, old):
    """The loss as TRL 1.10 has it, for loss types grpo and dapo."""
    everything = [chosen(subject, n, settings["temperature"]) for n in range(len(COMPLETIONS))]
    sums, weights, counts = [], [], {"low": 0.0, "high": 0.0, "kl": 0.0, "entropy": 0.0, "accuracy": 0.0}
    for n, advantage in enumerate(advantages()):
        found, entropies, largest = everything[n]
        counted = not (settings["mask_truncated"] and is_truncated(n))
        before = torch.tensor(old[n], dtype=torch.float64) if old else found.detach()
        ratio = (found - before).exp()
        low, high = 1 - settings["epsilon_low"], 1 + settings["epsilon_high"]
        losses = -torch.minimum(ratio * advantage, ratio.clamp(low, high) * advantage)
        if settings["beta"]:
            gap = torch.tensor(settings["reference"][n], dtype=torch.float64) - found
            divergence = gap.exp() - gap - 1
            losses = losses + settings["beta"] * divergence
            counts["kl"] += counted * divergence.sum().item()
        sums.append(losses.sum() * counted)
        weights.append(len(found) * counted)
        counts["low"] += counted * ((ratio < low) & (advantage < 0)).sum().item()
        counts["high"] += counted * ((ratio > high) & (advantage > 0)).sum().item()
        counts["entropy"] += counted * entropies.sum().item()
        counts["accuracy"] += counted * largest.sum().item()
    if settings["loss_type"] == "grpo":
        loss = sum(s / max(w, 1) for s, w in zip(sums, weights)) / len(sums)
    else:
        loss = sum(sums) / sum(weights)
    shares = {name: number(count / sum(weights)) for name, count in counts.items()}
    record = {"clipped_low": shares["low"], "clipped_high": shares["high"], "entropy": shares["entropy"],
              "accuracy": shares["accuracy"]} | ({"kl": shares["kl"]} if settings["beta"] else {})
    return loss, record | {"log_probabilities": listed(found for found, _, _ in everything)}


def listed(rows):
    return [[number(x) for x in row] for row in rows]


def sft(subject, settings, _):
    everything = [chosen(subject, n) for n in settings["examples"]]
    count = sum(len(found) for found, _, _ in everything)
    loss = -sum(found.sum() for found, _, _ in everything) / count
    return loss, {"entropy": number(sum(e.sum() for _, e, _ in everything) / count),
                  "accuracy": number(sum(x.sum() for _, _, x in everything) / count),
                  "log_probabilities": listed(found for found, _, _ in everything)}


def dpo(subject, settings, _):
    everything = [chosen(subject, n) for n in range(len(COMPLETIONS))]
    sums = [found.sum() for found, _, _ in everything]
    reference = settings["reference"]
    margins = torch.stack([(sums[a] - reference[a]) - (sums[b] - reference[b]) for a, b in settings["pairs"]])
    loss = -torch.nn.functional.logsigmoid(settings["beta"] * margins).mean()
    used = [everything[n] for pair in settings["pairs"] for n in pair]
    count = sum(len(found) for found, _, _ in used)
    return loss, {"margin": number(margins.mean()),
                  "entropy": number(sum(e.sum() for _, e, _ in used) / count),
                  "accuracy": number(sum(x.sum() for _, _, x in used) / count),
                  "log_probabilities": listed(found for found, _, _ in everything)}


LOSSES = {"grpo": grpo, "sft": sft, "dpo": dpo}


def optimizer(parameters, settings):
    groups = [{"params": [p for p in parameters if p.ndim >= 2], "weight_decay": settings["weight_decay"]},
              {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0}]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]], lr=settings["learning_rate"],
        betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])


def run(name, dtype, case, noise=0.0):
    """The steps of a case."""
    subject = Subject(name, dtype, noise)
    if case["adapter"]:
        subject.adapt()
    trained = subject.trained()
    start = {key: p.detach().clone() for key, p in trained.items()}
    adamw = optimizer(trained.values(), case["optimizer"])
    steps, old = [], case["settings"].get("old")
    for _ in range(case["count"]):
        adamw.zero_grad()
        loss, record = LOSSES[case["kind"]](subject, case["settings"], old)
        loss.backward()
        gradients = {key: p.grad.clone() for key, p in trained.items()}
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), case["optimizer"]["maximum_norm"])
        adamw.step()
        old = record["log_probabilities"]
        steps.append({"loss": number(loss), "gradient_norm": number(norm)} | record | {"parameters": {
            key: {"shape": shape_of(key, p), "gradient": digest(key, gradients[key]),
                  "change": digest(key, p.detach() - start[key])} for key, p in sorted(trained.items())}})
    return steps


def cases(name):
    """What is computed. Reference and older log-probabilities are those of the checkpoint, moved a little."""
    subject = Subject(name, torch.float64)
    with torch.no_grad():
        base = listed(chosen(subject, n)[0] for n in range(len(COMPLETIONS)))
        cold = listed(chosen(subject, n, 0.8)[0] for n in range(len(COMPLETIONS)))
        subject.adapt()
        modules = list(subject.adapted)

    def moved(rows, size):
        return [[number(x + size * math.sin(1.7 * i + 0.9 * n)) for i, x in enumerate(row)]
                for n, row in enumerate(rows)]

    plain = {"loss_type": "grpo", "beta": 0.04, "epsilon_low": 0.2, "epsilon_high": 0.2, "temperature": 1.0,
             "mask_truncated": False, "old": None, "reference": moved(base, 0.3)}
    older = plain | {"loss_type": "dapo", "beta": 0.0, "epsilon_high": 0.28, "temperature": 0.8, "reference": None,
                     "mask_truncated": True, "old": moved(cold, 0.5)}
    sums = [number(sum(row) + 0.5 * math.sin(n)) for n, row in enumerate(base)]
    adapter = ADAPTER | {"modules": modules}
    examples = {"examples": [0, 5]}

    def case(title, kind, settings, count=1, adapter=None, **changes):
        return {"name": title, "kind": kind, "settings": settings, "adapter": adapter, "optimizer": OPTIMIZER | changes,
                "count": count}

    return [
        case("grpo", "grpo", plain, count=2),
        case("dapo", "grpo", plain | {"loss_type": "dapo"}),
        case("dapo, off policy, truncated masked, colder", "grpo", older),
        case("sft", "sft", examples, weight_decay=1.0),
        case("dpo", "dpo", {"pairs": [[0, 1], [3, 5]], "beta": 0.1, "reference": sums}),
        # The reference is the model without its adapter.
        case("grpo, adapter", "grpo", plain | {"reference": base}, count=2, adapter=adapter),
        case("sft, adapter", "sft", examples, adapter=adapter),
    ]


def furthest(a, b, key):
    """The largest difference of two digests of all parameters, relative to each parameter's norm."""
    worst = (0.0, "")
    for name, entry in a["parameters"].items():
        x, y = entry[key], b["parameters"][name][key]
        scale = max(x["norm"], 1e-6)
        size = max(abs(p - q) for p, q in zip(x["first"] + x["projections"], y["first"] + y["projections"])) / scale
        worst = max(worst, (size, name))
    return worst


def check(name, case, steps):
    """How far float32, and features with the noise that mel spectrograms differ by, are from what is recorded."""
    single = run(name, torch.float32, case)[-1]
    noisy = run(name, torch.float64, case, noise=2e-5)[-1] if name.startswith("qwen2-audio") else None
    for title, other in (("float32", single), ("features + 2e-5", noisy)):
        if other is None:
            continue
        found = {key: furthest(steps[-1], other, key) for key in ("gradient", "change")}
        print(f"  {title}: loss {abs(steps[-1]['loss'] - other['loss']):.1e}, "
              + ", ".join(f"{key} {size:.1e} ({where})" for key, (size, where) in found.items()))


def record(name):
    subject = Subject(name, torch.float64)
    sounds = [{"seed": seed, "samples": samples, "frames": frames, "rows": ((frames - 1) // 2 - 1) // 2 + 1}
              for seed, samples, frames in CLIPS]
    result = {
        "checkpoint": name, "clips": sounds if subject.hears else [],
        "prompts": [{"text": text, "ids": inputs["input_ids"][0].tolist(), "clip": n if subject.hears else None}
                    for n, (text, inputs) in enumerate(subject.prompts)],
        "completions": [{"prompt": prompt, "text": subject.tokenizer.decode(subject.completions[n]),
                         "ids": subject.completions[n], "reward": reward,
                         "truncated": is_truncated(n), "advantage": number(advantages()[n])}
                        for n, (prompt, _, reward) in enumerate(COMPLETIONS)],
        "cases": []}
    for case in cases(name):
        steps = run(name, torch.float64, case)
        print(f"{name}, {case['name']}: loss {steps[0]['loss']:.6f}, gradient {steps[0]['gradient_norm']:.3f}, "
              f"{len(steps[0]['parameters'])} parameters")
        check(name, case, steps)
        result["cases"].append({key: value for key, value in case.items() if key != "count"} | {"steps": steps})
    (HERE / f"steps-{name}.json").write_text(json.dumps(result, separators=(",", ":"), ensure_ascii=False) + "\n")


def main():
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    for name in ("qwen2-audio", "qwen2-untied", "qwen2-tied"):
        record(name)


if __name__ == "__main__":
    main()
