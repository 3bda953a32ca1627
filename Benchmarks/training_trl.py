"""TRL's GRPOTrainer on a text model, on the CPU: prints its seconds a step and its largest resident set as JSON.

    python training_trl.py --model FOLDER [--lora] [--steps N] [--prompt-tokens 256] [--completion-tokens 32]
        [--generations 8] [--checkpointing]

A step is one prompt of exactly so many tokens with a group of completions of exactly so many (the end is never chosen),
random rewards, loss dapo without a reference model, AdamW, all in float32. --lora trains additions of rank 16 to every
layer of the decoder, else everything is trained. TRL's default recomputes activations, which takes longer and less
memory: --checkpointing.
"""
# Needs torch, transformers, trl, peft and datasets.

import argparse
import json
import os
import random
import resource
import tempfile
import time
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
from datasets import Dataset
from peft import LoraConfig
from trl import GRPOConfig, GRPOTrainer


class Clock(transformers.TrainerCallback):
    def __init__(self):
        self.steps = []

    def on_step_begin(self, *_, **__):
        self.start = time.monotonic()

    def on_step_end(self, *_, **__):
        self.steps.append(time.monotonic() - self.start)


def prompts(count, tokens, tokenizer):
    """Texts of digits: Qwen's tokenizers make one token of each."""
    draw = random.Random(1)
    texts = ["".join(draw.choice("0123456789") for _ in range(tokens)) for _ in range(count)]
    assert all(len(tokenizer(text).input_ids) == tokens for text in texts)
    return Dataset.from_dict({"prompt": texts})


def settings(options, folder):
    return GRPOConfig(
        output_dir=folder, use_cpu=True, bf16=False, max_steps=options.steps, seed=1,
        per_device_train_batch_size=options.generations, num_generations=options.generations,
        gradient_accumulation_steps=1, max_completion_length=options.completion_tokens,
        generation_kwargs={"min_new_tokens": options.completion_tokens},
        gradient_checkpointing=options.checkpointing, loss_type="dapo", beta=0.0, learning_rate=1e-6,
        logging_strategy="no", save_strategy="no", report_to="none", disable_tqdm=True)


def main():
    parser = argparse.ArgumentParser(prog="training_trl")
    parser.add_argument("--model", required=True)
    parser.add_argument("--lora", action="store_true")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--prompt-tokens", type=int, default=256)
    parser.add_argument("--completion-tokens", type=int, default=32)
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument("--checkpointing", action="store_true")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    warnings.simplefilter("ignore")
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    model = transformers.AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    draw, lengths = random.Random(2), set()

    def reward(completion_ids, **_):
        lengths.update(len(ids) for ids in completion_ids)
        return [draw.random() for _ in completion_ids]

    clock = Clock()
    adapter = LoraConfig(
        r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM") if options.lora else None
    with tempfile.TemporaryDirectory(prefix="earshot-benchmark-") as folder:
        trainer = GRPOTrainer(
            model=model, reward_funcs=reward, args=settings(options, folder), peft_config=adapter,
            train_dataset=prompts(options.steps, options.prompt_tokens, tokenizer), processing_class=tokenizer,
            callbacks=[clock])
        trainer.remove_callback(transformers.PrinterCallback)
        trainer.train()
    assert lengths == {options.completion_tokens}, lengths
    parameters = sum(p.numel() for p in trainer.model.parameters())
    trained = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    print(json.dumps({
        "step_seconds": [round(seconds, 3) for seconds in clock.steps],
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "parameters": parameters, "trained": trained, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
