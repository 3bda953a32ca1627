"""Records what transformers answers to forty questions about sounds: `python nano_eval.py`.

Also `python nano_eval.py MODEL DATA PROMPT LIMIT`: answers for as many items of a file of questions (JSON lines with id,
audio, question, choices), spread evenly over it, as JSON lines with id and output; PROMPT is the name of a file of
prompts/ whose text is known here.

The model is the checkpoint ../models/qwen2-audio, in float32 with eager attention; `nano-eval.json` has the items, the
greedy outputs of 24 tokens and the sums of the logarithms of the choices' probabilities, with the sound and without.
Sounds follow from integer arithmetic that JudgingTests repeats. Asserts that no step of the decoding is a close call and
that outputs differ between items.
"""

import json
import pathlib
import sys

import numpy
import torch
from transformers import GenerationConfig, Qwen2AudioForConditionalGeneration, Qwen2AudioProcessor

HERE = pathlib.Path(__file__).parent
TOKENS = 24
CLOSE = 2e-4
WORDS = ["a bell", "two dogs", "rain on a roof", "an engine", "a man's voice", "applause", "a door", "wind", "birds"]
STEMS = ["What is heard first?", "Which sound is the loudest?", "What is heard in the background?", "Who is there?"]


def sound(number):
    """Samples at 16 kHz as integers of 16 bits."""
    index = numpy.arange(8_000 + 1_531 * number, dtype=numpy.int64)
    return (index * (3 + number) % 97) * 200 - 9_700 + (index // (400 + 37 * number)) % 2 * 6_000


def items():
    for number in range(40):
        choices = [WORDS[(number * 5 + place * (1 + number % 2)) % len(WORDS)] for place in range(2 + number % 3)]
        yield {"id": f"q{number}", "samples": number, "question": STEMS[number % len(STEMS)], "choices": choices,
               "answer": choices[number % len(choices)]}


class Subject:
    def __init__(self, folder):
        self.processor = Qwen2AudioProcessor.from_pretrained(folder)
        self.model = Qwen2AudioForConditionalGeneration.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager").eval()
        self.ends = self.model.generation_config.eos_token_id
        self.model.generation_config = GenerationConfig()

    def prompt(self, messages, hears):
        content = ([{"type": "audio"}] if hears else []) + [{"type": "text", "text": messages[-1]["content"]}]
        return self.processor.apply_chat_template(
            messages[:-1] + [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True)

    def inputs(self, text, samples):
        if samples is None:
            return dict(self.processor.tokenizer(text, return_tensors="pt"))
        return dict(self.processor(text=text, audio=[samples], return_tensors="pt", sampling_rate=16_000))

    def greedy(self, inputs, tokens, close=CLOSE):
        out = self.model.generate(**inputs, generation_config=GenerationConfig(
            do_sample=False, max_new_tokens=tokens, pad_token_id=0, eos_token_id=self.ends),
            return_dict_in_generate=True, output_scores=True)
        best = torch.stack(out.scores, 1).topk(2, -1).values
        margin = (best[..., 0] - best[..., 1]).min().item()
        assert margin > close, f"a close call: {margin}"
        found = out.sequences[0, inputs["input_ids"].shape[1]:]
        return self.processor.tokenizer.decode(found, skip_special_tokens=True), len(found), margin

    def sums(self, text, samples, choices):
        prompt = self.inputs(text, samples)["input_ids"].shape[1]
        result = []
        for choice in choices:
            inputs = self.inputs(text + choice, samples)
            ids = inputs["input_ids"][0]
            found = self.model(**inputs).logits[0].log_softmax(-1)[prompt - 1:-1].gather(-1, ids[prompt:, None])
            result.append((round(found.double().sum().item(), 6), len(found)))
        return result


@torch.no_grad()
def record():
    subject = Subject(HERE.parent / "models" / "qwen2-audio")
    result, closest = [], 9.0
    for item in items():
        samples = (sound(item["samples"]) / 32_768).astype(numpy.float32)
        text = f"{item['question']} Please choose the answer from the following options: {item['choices']}."
        messages = [{"role": "user", "content": text}]
        heard, deaf = subject.prompt(messages, True), subject.prompt(messages, False)
        item["output"], item["tokens"], margin = subject.greedy(subject.inputs(heard, samples), TOKENS)
        closest = min(closest, margin)
        sums = subject.sums(heard, samples, item["choices"])
        item["sum"], item["sumTokens"] = [x for x, _ in sums], [x for _, x in sums]
        item["without"] = [x for x, _ in subject.sums(deaf, None, item["choices"])]
        result.append(item)
    assert len({item["output"] for item in result}) >= 30, "the outputs hardly differ"
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in result)
    (HERE / "nano-eval.json").write_text(f'{{"maximumTokens": {TOKENS}, "items": [\n{lines}\n]}}\n')
    print(f"closest call {closest:.1e}, distinct {len({item['output'] for item in result})}")


PROMPTS = {
    "ask-omni-r1": lambda row: [{"role": "user", "content":
                                 f"{row['question']} Please choose the answer from the following options: {row['choices']}."}],
    "ask-short": lambda row: [{"role": "system", "content": "Listen."},
                              {"role": "user", "content": "\n".join([row["question"], *row["choices"]])}],
}


@torch.no_grad()
def answer(folder, data, prompt, limit):
    import librosa
    subject = Subject(folder)
    most = subject.processor.feature_extractor.n_samples
    rows = [json.loads(line) for line in pathlib.Path(data).read_text().splitlines()]
    for number in range(min(limit, len(rows))):
        row = rows[number * len(rows) // min(limit, len(rows))]
        samples = librosa.load(row["audio"], sr=16_000, duration=row.get("duration"))[0][:most]
        text = subject.prompt(PROMPTS[prompt](row), True)
        output, _, margin = subject.greedy(subject.inputs(text, samples), 16, close=0)
        print(json.dumps({"id": row["id"], "output": output, "margin": margin}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        record()
    else:
        answer(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
