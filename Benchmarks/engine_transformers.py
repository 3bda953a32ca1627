"""transformers' side of Benchmarks/engine: answers the lines that EngineBenchmark answers.

    engine_transformers.py FOLDER float32|bfloat16
"""

import json
import pathlib
import sys
import time

import torch
import transformers


def main():
    folder, kind = sys.argv[1:3]
    audio = json.loads((pathlib.Path(folder) / "config.json").read_text())["model_type"] == "qwen2_audio"
    family = transformers.Qwen2AudioForConditionalGeneration if audio else transformers.Qwen2ForCausalLM
    model = family.from_pretrained(folder, dtype=getattr(torch, kind)).eval()
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    extractor = transformers.WhisperFeatureExtractor(feature_size=128)
    with torch.inference_mode():
        for line in sys.stdin:
            what, *numbers = line.split()
            measure = {"encoder": encoder, "prefill": prefill, "decode": decode}[what]
            print(measure(model, extractor, *map(int, numbers)), flush=True)


def encoder(model, extractor, seconds):
    samples = torch.randn(seconds * 16_000).numpy() * 0.1
    start = time.monotonic()
    features = extractor(samples, sampling_rate=16_000, return_tensors="pt").input_features
    inner = model.model
    rows = inner.audio_tower(features.to(model.dtype)).last_hidden_state
    inner.multi_modal_projector(rows)
    return time.monotonic() - start


def prefill(model, extractor, tokens):
    prompt = (torch.arange(tokens) * 7 % 500 + 1).unsqueeze(0)
    start = time.monotonic()
    model(input_ids=prompt, logits_to_keep=1)
    return time.monotonic() - start


def decode(model, extractor, batch, tokens):
    """Seconds a step: what `tokens` more tokens take."""
    prompt = (torch.arange(32) * 7 + torch.arange(batch).unsqueeze(1) * 31) % 500 + 1
    taken = []
    for count in (1, tokens + 1):
        start = time.monotonic()
        model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=count,
            min_new_tokens=count)
        taken.append(time.monotonic() - start)
    return (taken[1] - taken[0]) / tokens


main()
