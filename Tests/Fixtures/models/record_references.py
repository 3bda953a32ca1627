"""Records what transformers computes with the checkpoints of this folder: `python record_references.py`.

Float32 on the CPU with eager attention. For every checkpoint `references/NAME.json` holds texts, ids and where in
`NAME.bin` (float32, little endian) the numbers are; `references/sampling.json` holds what the logits processors make of
fixed logits. Asserts what the numbers are worth: that logits follow the audio, that greedy decoding wanders and that no
step of it is a close call, and that a left-padded batch equals its members.
"""

import json
import pathlib

import numpy
import torch
from transformers import (
    AutoTokenizer,
    GenerationConfig,
    LogitsProcessorList,
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2AudioForConditionalGeneration,
    Qwen2AudioProcessor,
    Qwen2ForCausalLM,
    WhisperFeatureExtractor,
)

import clips

HERE = pathlib.Path(__file__).parent
TOKENS = 64
CLOSE = 2e-4  # of two logits; ten times what float32 differs by between implementations

# mel frames -> samples, and the seed of the clip
CLIPS = {
    3: (480, 3), 7: (1_101, 7), 200: (32_000, 200), 401: (64_037, 401), 613: (98_000, 613), 3_000: (480_000, 3_000),
    3_517: (562_643, 3_517),
}

COLUMNS = [77, 575]  # of the logits that are recorded at every position
AUDIO = {"type": "audio"}


def said(text):
    return {"type": "text", "text": text}


def user(*parts):
    return {"role": "user", "content": list(parts)}


HEARING = {
    **{f"clip{frames}": ([user(AUDIO, said("What do you hear in this audio?"))], [frames])
       for frames in CLIPS if frames <= 3_000},
    "two": ([user(AUDIO, said("and"), AUDIO, said("\n Is the second one louder than the first?"))], [401, 200]),
    "turns": ([
        {"role": "system", "content": "Describe the sound."}, user(AUDIO, said("What is it?")),
        {"role": "assistant", "content": "A dog barks twice."}, user(AUDIO)], [200, 613]),
}
READING = {
    "text": ([{"role": "user", "content": "Which of these is heard first: the bell or the engine?"}], []),
    "system": ([
        {"role": "system", "content": "Answer with one letter."}, {"role": "user", "content": "Hello!\n\n How are you?"},
        {"role": "assistant", "content": "I'm well."}, {"role": "user", "content": "0 1 2 and ½ é ü 狗?"}], []),
}
WANDERING = ["clip613", "clip3000", "two", "text", "system"]
COMPLETIONS = [" A dog barks twice.", "Rain falls on a tin roof, then a door closes softly.<|im_end|>"]


class Record:
    """Numbers in one binary file, found by name."""

    def __init__(self):
        self.parts, self.places, self.size = [], {}, 0

    def __setitem__(self, name, values):
        values = numpy.ascontiguousarray(values, dtype="<f4")
        assert numpy.isfinite(values).all(), name
        self.places[name] = {"shape": list(values.shape), "offset": self.size}
        self.parts.append(values.tobytes())
        self.size += values.size


class Subject:
    """A checkpoint with what it takes to ask it something."""

    def __init__(self, name, kind):
        folder = HERE / name
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        self.model.generation_config = GenerationConfig()
        self.extractor = self.processor = None
        if kind is Qwen2AudioForConditionalGeneration:
            self.processor = Qwen2AudioProcessor.from_pretrained(folder)
            self.extractor = self.processor.feature_extractor
        elif kind is Qwen2_5OmniThinkerForConditionalGeneration:
            self.extractor = WhisperFeatureExtractor.from_pretrained(folder)

    def text(self, conversation):
        source = self.processor or self.tokenizer
        return source.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True)

    def features(self, frames):
        sounds = [clips.clip(CLIPS[frame][1], CLIPS[frame][0]) for frame in frames]
        found = self.extractor(
            sounds, sampling_rate=16_000, padding="max_length", return_attention_mask=True, return_tensors="pt")
        assert found.attention_mask.sum(-1).tolist() == list(frames)
        return {"input_features": found.input_features, "feature_attention_mask": found.attention_mask}

    def inputs(self, text, frames, completion=""):
        """The processor's inputs; transformers' own expansion of placeholders where the processor can be had."""
        if self.processor and frames:
            sounds = [clips.clip(CLIPS[frame][1], CLIPS[frame][0]) for frame in frames]
            return dict(self.processor(text=text + completion, audio=sounds, return_tensors="pt", sampling_rate=16_000))
        for frame in frames:
            text = text.replace("<|AUDIO|>", "<|filled|>" * (((frame - 1) // 2 - 1) // 2 + 1), 1)
        text = text.replace("<|filled|>", "<|AUDIO|>") + completion
        return dict(self.tokenizer(text, return_tensors="pt")) | (self.features(frames) if frames else {})

    def audio_rows(self, frames):
        """What replaces the placeholders of one clip, `[rows, hidden]`."""
        rows = []
        inner = self.model.model
        hook = inner.language_model.register_forward_pre_hook(
            lambda _, __, named: rows.append(named["inputs_embeds"]), with_kwargs=True)
        inputs = self.inputs("<|audio_bos|><|AUDIO|><|audio_eos|>", [frames])
        self.model(**inputs)
        hook.remove()
        return rows[0][0, 1:-1].numpy()

    def greedy(self, inputs, **settings):
        settings = {"do_sample": False, "max_new_tokens": TOKENS, "pad_token_id": 0} | settings
        out = self.model.generate(
            **inputs, generation_config=GenerationConfig(**settings), return_dict_in_generate=True, output_scores=True)
        scores = torch.stack(out.scores, 1)
        best = scores.topk(2, -1).values
        margin = (best[..., 0] - best[..., 1]).min().item()
        assert margin > CLOSE, f"a close call: {margin}"
        return out.sequences[:, inputs["input_ids"].shape[1]:].tolist(), margin


def rows_to_keep(count):
    """All of few rows; of many the ends and a dozen between."""
    return sorted({0, 1, count - 2, count - 1, *(count * k // 13 for k in range(13))} & set(range(count)))


def record_clips(subject, record, allowed):
    result = []
    for frames in allowed:
        rows = subject.audio_rows(frames)
        kept = rows_to_keep(len(rows))
        mel = subject.features([frames])["input_features"][0].numpy()
        record[f"audio{frames}.rows"] = rows[kept]
        record[f"audio{frames}.means"] = rows.mean(-1)
        record[f"audio{frames}.mel"] = mel[::9, :frames:max(1, frames // 13)]
        result.append({"frames": frames, "samples": CLIPS[frames][0], "seed": CLIPS[frames][1], "rows": len(rows),
                       "kept": kept, "melStride": [9, max(1, frames // 13)]})
    return result


def record_prompt(subject, record, name, conversation, frames):
    text = subject.text(conversation)
    inputs = subject.inputs(text, frames)
    ids = inputs["input_ids"][0].tolist()
    logits = subject.model(**inputs).logits[0]
    kept = rows_to_keep(len(ids))
    record[f"{name}.last"] = logits[-1]
    record[f"{name}.columns"] = logits[:, COLUMNS]
    record[f"{name}.mass"] = logits.logsumexp(-1)
    record[f"{name}.rows"] = logits[kept][:, ::16]
    item = {"name": name, "messages": conversation, "frames": frames, "text": text, "ids": ids, "kept": kept}
    item["completions"] = [score(subject, text, frames, len(ids), completion) for completion in COMPLETIONS]
    if name in WANDERING:
        (found,), item["margin"] = subject.greedy(inputs)
        assert len(set(found)) >= 20, (name, len(set(found)))
        item["greedy"] = found
        (item["penalised"],), _ = subject.greedy(inputs, repetition_penalty=1.3)
        item["stop"] = found[40]
        (item["stopped"],), _ = subject.greedy(inputs, eos_token_id=found[40])
        assert len(item["stopped"]) == found.index(found[40]) + 1
    return item


def score(subject, text, frames, prompt, completion):
    inputs = subject.inputs(text, frames, completion)
    ids = inputs["input_ids"][0]
    logits = subject.model(**inputs).logits[0]
    found = logits.log_softmax(-1)[prompt - 1:-1].gather(-1, ids[prompt:, None])[:, 0]
    return {"text": completion, "ids": ids[prompt:].tolist(), "logprobs": [round(x, 7) for x in found.tolist()]}


def check_audio_counts(subject):
    """The same prompt with the sound played backwards gives other logits and another best token somewhere."""
    conversation, frames = HEARING["clip200"]
    inputs = subject.inputs(subject.text(conversation), frames)
    other = inputs | {"input_features": inputs["input_features"].flip(-1).roll(200, -1)}
    a, b = (subject.model(**x).logits[0] for x in (inputs, other))
    tail = slice(-15, None)
    assert (a - b)[tail].abs().max() > 0.5, "the audio hardly counts"
    assert (a.argmax(-1) != b.argmax(-1))[tail].any(), "the audio does not change the best token"
    return (a - b)[tail].abs().max().item()


def check_batch(subject, prompts, asked):
    """A left-padded batch of the short prompts decodes as its members do."""
    names = [name for name in ("clip613", "two", "text", "system") if name in asked]
    inputs = [subject.inputs(subject.text(asked[name][0]), asked[name][1]) for name in names]
    longest = max(x["input_ids"].shape[1] for x in inputs)
    batch = {"input_ids": [], "attention_mask": []}
    for x in inputs:
        short = longest - x["input_ids"].shape[1]
        batch["input_ids"].append(torch.nn.functional.pad(x["input_ids"][0], (short, 0), value=0))
        batch["attention_mask"].append(torch.nn.functional.pad(x["attention_mask"][0], (short, 0), value=0))
    batch = {key: torch.stack(value) for key, value in batch.items()}
    for key in ("input_features", "feature_attention_mask"):
        parts = [x[key] for x in inputs if key in x]
        if parts:
            batch[key] = torch.cat(parts)
    last = subject.model(**batch).logits[:, -1]
    alone = torch.stack([subject.model(**x).logits[0, -1] for x in inputs])
    assert (last - alone).abs().max() < 5e-5, (last - alone).abs().max()
    found, _ = subject.greedy(batch)
    by_name = {item["name"]: item for item in prompts}
    assert found == [by_name[name]["greedy"] for name in names]
    return names


def record_subject(name, kind):
    subject = Subject(name, kind)
    record = Record()
    hears = subject.extractor is not None
    allowed = [f for f in CLIPS if hears and (f <= 3_000 or kind is Qwen2_5OmniThinkerForConditionalGeneration)]
    asked = (HEARING if hears else {}) | READING
    result = {"checkpoint": name, "clips": record_clips(subject, record, allowed)}
    result["prompts"] = [record_prompt(subject, record, key, *asked[key]) for key in asked]
    reach = check_audio_counts(subject) if hears else 0
    result["batch"] = check_batch(subject, result["prompts"], asked)
    result["tensors"] = record.places
    (HERE / "references" / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False) + "\n")
    (HERE / "references" / f"{name}.bin").write_bytes(b"".join(record.parts))
    distinct = [len(set(item["greedy"])) for item in result["prompts"] if "greedy" in item]
    margin = min(item["margin"] for item in result["prompts"] if "margin" in item)
    print(f"{name}: distinct of {TOKENS}: {distinct}, closest call {margin:.1e}, audio moves logits by {reach:.2f}")
    return subject


SAMPLING = [
    {"temperature": 0.7}, {"temperature": 1.7}, {"top_k": 1}, {"top_k": 20}, {"top_k": 10_000}, {"top_p": 0.5},
    {"top_p": 0.95}, {"top_p": 0.001}, {"min_p": 0.05}, {"min_p": 0.9}, {"repetition_penalty": 1.1},
    {"repetition_penalty": 0.8}, {"temperature": 0.7, "top_k": 20, "top_p": 0.5, "repetition_penalty": 1.1},
    {"temperature": 0.3, "top_p": 0.9, "min_p": 0.1}, {"temperature": 2.5, "top_k": 40, "top_p": 0.99, "min_p": 0.02},
    {"temperature": 1.3, "top_k": 7, "min_p": 0.3, "repetition_penalty": 1.5},
]


def record_sampling(model):
    """What transformers' own list of processors leaves of each set of logits: tokens and scores, in order of token."""
    cases = []
    for number, settings in enumerate(SAMPLING):
        for length in (10, 576):
            seen = [(number * 13 + k * k) % length for k in range(9)]
            config = GenerationConfig(do_sample=True, **{"top_k": 0} | settings)
            chain = model._get_logits_processor(
                generation_config=config, input_ids_seq_length=len(seen), encoder_input_ids=torch.tensor([seen]),
                prefix_allowed_tokens_fn=None, logits_processor=LogitsProcessorList(), device="cpu")
            logits = torch.from_numpy(clips.resting(1_000, number, length))[None]
            scores = chain(torch.tensor([seen]), logits.clone())[0]
            kept = (scores > -torch.inf).nonzero()[:, 0].tolist()
            listed = kept if len(kept) <= 80 else kept[::29]
            cases.append({
                "settings": settings, "seed": 1_000, "ordinal": number, "length": length, "seen": seen,
                "keptCount": len(kept), "listed": listed, "scores": [float(f"{scores[k]:.8g}") for k in listed]})
    (HERE / "references" / "sampling.json").write_text(json.dumps({"cases": cases}) + "\n")


@torch.no_grad()
def main():
    torch.set_num_threads(1)
    (HERE / "references").mkdir(exist_ok=True)
    for name in ("qwen2-audio", "qwen2-audio-grouped"):
        record_subject(name, Qwen2AudioForConditionalGeneration)
    for name in ("qwen2.5-omni", "qwen2.5-omni-whole"):
        record_subject(name, Qwen2_5OmniThinkerForConditionalGeneration)
    for name in ("qwen2-tied", "qwen2-untied"):
        subject = record_subject(name, Qwen2ForCausalLM)
    record_sampling(subject.model)


if __name__ == "__main__":
    main()
