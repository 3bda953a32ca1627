"""GRPO with TRL on questions about sounds that are told in words: captions stand in the prompt where the sound would be, since TRL's
trainers take no sound.

    python train.py --config grpo.yaml                        # one GPU, or none
    python train.py --config grpo.yaml --model_name_or_path MODEL --max_steps 100
"""

import pathlib

from datasets import load_dataset
from trl import GRPOConfig, GRPOTrainer, ModelConfig, TrlParser, get_peft_config

import rewards

HERE = pathlib.Path(__file__).resolve().parent


def main():
    config, model = TrlParser((GRPOConfig, ModelConfig)).parse_args_and_config()
    files = {split: str(HERE / f"data/text-{split}.jsonl") for split in ("train", "dev")}
    there = {split: path for split, path in files.items() if pathlib.Path(path).exists() and pathlib.Path(path).stat().st_size}
    rows = load_dataset("json", data_files=there)
    functions, config.reward_weights = rewards.functions(longest=config.max_completion_length)
    trainer = GRPOTrainer(
        model=model.model_name_or_path, args=config, reward_funcs=functions, train_dataset=rows["train"],
        eval_dataset=rows.get("dev"), peft_config=get_peft_config(model))
    trainer.train()
    trainer.save_model(config.output_dir)


if __name__ == "__main__":
    main()
