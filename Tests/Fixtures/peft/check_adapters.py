"""Loads adapters that Earshot wrote with PEFT, and compares their logits with those of the models that Earshot merged:

    EARSHOT_PEFT_OUTPUT=/tmp/adapters swift test --filter adaptersAndMergedModelsForPeft
    python check_adapters.py /tmp/adapters

Every weight of an adapter has to be taken up, every merged model has to load without a missing or an unexpected weight.
"""

import pathlib
import sys
import warnings

import torch
from peft import PeftModel
from transformers import (
    AutoConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2AudioForConditionalGeneration,
    Qwen2ForCausalLM,
)

MODELS = pathlib.Path(__file__).parent.parent / "models"
KINDS = {
    "qwen2_audio": Qwen2AudioForConditionalGeneration, "qwen2": Qwen2ForCausalLM,
    "qwen2_5_omni_thinker": Qwen2_5OmniThinkerForConditionalGeneration,
}
TEXT = [3, 14, 159, 26, 53, 58, 97, 93, 238, 46]
TOLERANCE = 1e-4


def load(folder):
    kind = KINDS[AutoConfig.from_pretrained(folder).model_type]
    model, report = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    problems = {key: value for key, value in report.items() if value}
    assert not problems, f"{folder}: {problems}"
    return model.eval()


def inputs(model):
    """A text, or one with two seconds of noise in it."""
    if not hasattr(model.config, "audio_config"):
        return {"input_ids": torch.tensor([TEXT])}
    torch.manual_seed(1)
    frames = 3000 if model.config.model_type == "qwen2_audio" else 200
    mask = torch.zeros(1, frames, dtype=torch.long)
    mask[:, :200] = 1
    tokens = TEXT[:4] + [model.config.audio_token_index] * 50 + TEXT[4:]
    return {
        "input_ids": torch.tensor([tokens]), "attention_mask": torch.ones(1, len(tokens), dtype=torch.long),
        "input_features": torch.randn(1, 128, frames), "feature_attention_mask": mask,
    }


@torch.no_grad()
def check(base, folder):
    with warnings.catch_warnings():
        # Missing adapter keys are a warning.
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=FutureWarning)
        adapted = PeftModel.from_pretrained(load(base), folder).eval()
    before = load(base)
    merged = load(folder.parent / f"{folder.name}-merged")
    given = inputs(merged)
    a, b, c = (model(**given).logits for model in (adapted, merged, before))
    difference, effect = (a - b).abs().max().item(), (a - c).abs().max().item()
    loras = sum("lora_A" in name for name, _ in adapted.named_parameters())
    print(f"{base.name} {folder.name}: {loras} layers, largest difference {difference:.2e}, of the adapter {effect:.2f}")
    assert difference <= TOLERANCE and effect > 0.1


def main():
    output = pathlib.Path(sys.argv[1])
    for model in sorted(output.iterdir()):
        for config in sorted(model.glob("*/adapter_config.json")):
            check(MODELS / model.name, config.parent)


if __name__ == "__main__":
    main()
