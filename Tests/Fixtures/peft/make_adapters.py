"""Makes the adapters of this folder with PEFT, and records what they make of the tiny checkpoints in ../models:
`python make_adapters.py`, with the packages of requirements.txt.

Of each merged model: some weights whole (merged.safetensors, float32) and the logits behind a text (expected.json).
"""

import json
import pathlib
import shutil

import numpy
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2AudioForConditionalGeneration,
    Qwen2ForCausalLM,
)

HERE = pathlib.Path(__file__).parent
MODELS = HERE.parent / "models"
TEXT = [3, 14, 159, 26, 53, 58, 97, 93, 238, 46]
CASES = {
    # a regular expression, both towers, rank-stabilised, a module trained whole
    "qwen2-audio": (Qwen2AudioForConditionalGeneration, dict(
        r=2, lora_alpha=6, use_rslora=True, lora_dropout=0.1, modules_to_save=["multi_modal_projector.linear"],
        target_modules=r".*(language_model|audio_tower)\.layers\.\d+\..*(q_proj|v_proj|fc1|down_proj)")),
    # a list of short names, layers with other ranks and alphas, biases trained too
    "qwen2-untied": (Qwen2ForCausalLM, dict(
        r=2, lora_alpha=8, bias="lora_only", target_modules=["q_proj", "o_proj", "gate_proj"],
        rank_pattern={"o_proj": 3}, alpha_pattern={"layers.1.self_attn.o_proj": 5, "gate_proj": 1})),
    "qwen2.5-omni": (Qwen2_5OmniThinkerForConditionalGeneration, dict(
        r=2, lora_alpha=4, target_modules=r".*(language_model|audio_tower)\..*(k_proj|fc2)")),
}
# By their names in the merged model.
RECORDED = {
    "qwen2-audio": [
        "model.language_model.layers.1.self_attn.v_proj.weight", "model.audio_tower.layers.0.self_attn.q_proj.weight",
        "model.audio_tower.layers.1.fc1.weight", "model.multi_modal_projector.linear.bias",
    ],
    "qwen2-untied": [
        "model.layers.0.self_attn.o_proj.weight", "model.layers.1.self_attn.o_proj.weight",
        "model.layers.1.self_attn.q_proj.bias",
    ],
    "qwen2.5-omni": [
        "model.language_model.layers.0.self_attn.k_proj.weight", "model.audio_tower.layers.1.fc2.weight",
    ],
}


def fill(model, seed):
    """Gives everything trained values as after some training."""
    draws = numpy.random.Generator(numpy.random.PCG64(seed))
    for name, parameter in sorted(model.named_parameters()):
        if parameter.requires_grad:
            noise = torch.from_numpy(draws.standard_normal(tuple(parameter.shape)).astype(numpy.float32))
            with torch.no_grad():
                parameter.add_(0.1 * noise)


def main():
    for seed, (name, (kind, settings)) in enumerate(CASES.items()):
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model = kind.from_pretrained(MODELS / name, dtype=torch.float32)
        model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **settings))
        fill(model, 11 + seed)
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = name
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
        merged = model.merge_and_unload()
        state = merged.state_dict()
        save_file({key: state[key].contiguous() for key in RECORDED[name]}, folder / "merged.safetensors", {"format": "pt"})
        for path in folder.glob("*.safetensors"):
            path.chmod(0o644)
        with torch.no_grad():
            logits = merged(input_ids=torch.tensor([TEXT])).logits[0, -1]
        expected = {"text": TEXT, "logits": [float(f"{value:.7g}") for value in logits.tolist()]}
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
