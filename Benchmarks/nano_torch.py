"""A small Qwen2-Audio trained from scratch in PyTorch, for scale: its accuracy on held-out questions over time.

    python nano_torch.py --train FILE --test FILE --tokenizer FOLDER --out FILE [--minutes 15] [--seed 1] [--every 1]

FILEs are JSONL with the members audio (or audio_path, relative to the file), question, choices and answer_index (or
answer: an index or the text); the tokenizer is that of `earshot models init nano`. Encoder of 4 layers x 192, decoder
of 4 x 256, 5 s of audio, batches of 24, AdamW 5e-4 that falls along a cosine over the minutes, light SpecAugment, the
choices in a new order each time, loss on the answer alone.

An answer counts as right if greedy decoding writes it and ends: that is so if each of its tokens, and the end, is the
likeliest after those before. Minutes are of training; evaluation takes none. FILE of --out is
{"curve": [{"minutes", "step", "loss", "accuracy"}], "by_category", "silence", ...}: `silence` is the accuracy at the end
with nothing to hear.
"""
# Needs torch, transformers, soundfile and scipy.

import argparse
import json
import math
import pathlib
import random
import time

import numpy
import soundfile
import torch
from scipy.signal import resample_poly
from transformers import AutoTokenizer, Qwen2AudioConfig, Qwen2AudioForConditionalGeneration, WhisperFeatureExtractor

RATE, SECONDS, FRAMES = 16_000, 5, 500
BATCH, LEARNING_RATE, WARM_UP, DECAY, NORM = 24, 5e-4, 50, 0.01, 1.0


def rows(path):
    folder = pathlib.Path(path).resolve().parent
    for line in pathlib.Path(path).read_text().splitlines():
        row = json.loads(line)
        answer = row.get("answer_index", row.get("answer"))
        if isinstance(answer, str):
            answer = row["choices"].index(answer)
        yield {"audio": str(folder / row.get("audio", row.get("audio_path"))), "question": row["question"],
               "choices": row["choices"], "answer": answer, "category": row.get("category", "")}


def listen(paths):
    """Spectrogram in half precision and number of its frames that hold sound, by path."""
    extractor = WhisperFeatureExtractor(feature_size=128, chunk_length=SECONDS)
    heard, threads = {}, torch.get_num_threads()
    torch.set_num_threads(1)  # the transforms are too small to share
    for path in sorted(set(paths)):
        rate = soundfile.info(path).samplerate
        samples, _ = soundfile.read(path, frames=rate * SECONDS, dtype="float32", always_2d=True)
        shared = math.gcd(rate, RATE)
        samples = resample_poly(samples.mean(1), RATE // shared, rate // shared)[: RATE * SECONDS]
        found = extractor(samples, sampling_rate=RATE, return_attention_mask=True, return_tensors="pt")
        heard[path] = found.input_features[0].half(), int(found.attention_mask.sum())
    torch.set_num_threads(threads)
    return heard


def build(tokenizer):
    tokens = tokenizer.convert_tokens_to_ids
    return Qwen2AudioForConditionalGeneration(Qwen2AudioConfig(
        audio_config=dict(
            model_type="qwen2_audio_encoder", num_mel_bins=128, d_model=192, encoder_layers=4,
            encoder_attention_heads=6, encoder_ffn_dim=768, max_source_positions=FRAMES // 2),
        text_config=dict(
            model_type="qwen2", vocab_size=len(tokenizer), hidden_size=256, intermediate_size=768, num_hidden_layers=4,
            num_attention_heads=8, num_key_value_heads=4, max_position_embeddings=1024, tie_word_embeddings=False),
        audio_token_index=tokens("<|AUDIO|>")))


class Composer:
    def __init__(self, tokenizer, heard):
        self.tokenizer, self.heard = tokenizer, heard
        self.begin, self.audio, self.finish, self.end = tokenizer.convert_tokens_to_ids(
            ["<|audio_bos|>", "<|AUDIO|>", "<|audio_eos|>", "<|im_end|>"])
        self.known = {}

    def ids(self, text):
        if text not in self.known:
            self.known[text] = self.tokenizer(text, add_special_tokens=False).input_ids
        return self.known[text]

    def batch(self, examples, draw=None, silent=False):
        """Inputs and labels, padded at the right; with `draw` choices are shuffled and spectrograms masked."""
        sequences, features, masks = [], [], []
        for row in examples:
            mel, frames = self.heard[row["audio"]]
            mel = torch.full(mel.shape, -1.5) if silent else mel.float()
            choices = draw.sample(row["choices"], len(row["choices"])) if draw else row["choices"]
            count = ((frames - 1) // 2 - 1) // 2 + 1
            prompt = [self.begin] + [self.audio] * count + [self.finish]
            prompt += self.ids(row["question"] + "\n") + [t for choice in choices for t in self.ids(choice + "\n")]
            answer = self.ids(row["choices"][row["answer"]]) + [self.end]
            sequences.append((prompt, answer))
            features.append(augmented(mel, frames, draw) if draw else mel)
            masks.append(torch.arange(FRAMES) < frames)
        width = max(len(prompt) + len(answer) for prompt, answer in sequences)
        ids = torch.full((len(sequences), width), self.end)
        labels, mask = torch.full_like(ids, -100), torch.zeros_like(ids)
        for n, (prompt, answer) in enumerate(sequences):
            size = len(prompt) + len(answer)
            ids[n, :size], mask[n, :size] = torch.tensor(prompt + answer), 1
            labels[n, len(prompt):size] = torch.tensor(answer)
        return {"input_ids": ids, "attention_mask": mask, "input_features": torch.stack(features),
                "feature_attention_mask": torch.stack(masks).long()}, labels


def augmented(mel, frames, draw):
    """Two stripes of time and one of pitch at the clip's mean (SpecAugment, Park et al. 2019)."""
    mel, mean = mel.clone(), mel[:, :frames].mean()
    for _ in range(2):
        width = draw.randrange(min(40, frames // 8 + 1))
        start = draw.randrange(max(1, frames - width))
        mel[:, start:start + width] = mean
    width = draw.randrange(16)
    start = draw.randrange(128 - width)
    mel[start:start + width] = mean
    return mel


def logits_and_targets(model, inputs, labels):
    """Of the answers' tokens alone: logits of the rest are not computed."""
    hidden = model.model(**inputs).last_hidden_state[:, :-1]
    places = labels[:, 1:] != -100
    return model.lm_head(hidden[places]), labels[:, 1:][places], places


@torch.no_grad()
def evaluate(model, composer, examples, silent=False):
    """Whether each is answered rightly."""
    model.eval()
    right = []
    for start in range(0, len(examples), 64):
        logits, targets, places = logits_and_targets(
            model, *composer.batch(examples[start:start + 64], silent=silent))
        wrong = torch.zeros(places.shape, dtype=torch.long)
        wrong[places] = (logits.argmax(-1) != targets).long()
        right += (wrong.sum(1) == 0).tolist()
    model.train()
    return right


def share(values):
    return round(sum(values) / len(values), 4) if values else None


def train(model, composer, examples, held_out, options):
    draw = random.Random(options.seed)
    adamw = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    spent, step, losses, curve, waiting = 0.0, 0, [], [], []
    total, due = options.minutes * 60, options.every * 60
    while spent < total:
        begin = time.monotonic()
        if len(waiting) < BATCH:
            waiting += draw.sample(examples, len(examples))
        group, waiting = waiting[:BATCH], waiting[BATCH:]
        adamw.param_groups[0]["lr"] = (
            LEARNING_RATE * min(1, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * spent / total)))
        logits, targets, _ = logits_and_targets(model, *composer.batch(group, draw))
        loss = torch.nn.functional.cross_entropy(logits, targets)
        adamw.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), NORM)
        adamw.step()
        losses.append(loss.item())
        step += 1
        spent += time.monotonic() - begin
        if spent >= min(due, total):
            curve.append({"minutes": round(spent / 60, 3), "step": step, "loss": round(share(losses), 4),
                          "accuracy": share(evaluate(model, composer, held_out))})
            print(json.dumps(curve[-1]), flush=True)
            due, losses = due + options.every * 60, []
    return curve


def main():
    parser = argparse.ArgumentParser(prog="nano_torch")
    for name in ("--train", "--test", "--tokenizer", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--every", type=float, default=1, help="minutes between evaluations (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, help="evaluate no more of them than this, drawn at random")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    numpy.random.seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.tokenizer)
    examples, held_out = list(rows(options.train)), list(rows(options.test))
    if options.questions:
        held_out = random.Random(0).sample(held_out, min(options.questions, len(held_out)))
    composer = Composer(tokenizer, listen(row["audio"] for row in examples + held_out))
    model = build(tokenizer)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{parameters:,} parameters, {len(examples)} questions, {len(held_out)} held out", flush=True)
    curve = train(model, composer, examples, held_out, options)
    right = evaluate(model, composer, held_out)
    categories = sorted({row["category"] for row in held_out})
    result = {
        "parameters": parameters, "threads": torch.get_num_threads(), "seed": options.seed, "questions": len(held_out),
        "curve": curve, "accuracy": share(right),
        "by_category": {name: share([r for r, row in zip(right, held_out) if row["category"] == name])
                        for name in categories},
        "silence": share(evaluate(model, composer, held_out, silent=True))}
    pathlib.Path(options.out).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
