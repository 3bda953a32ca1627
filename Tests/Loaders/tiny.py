"""Makes a tiny model with random weights, to see whether a trainer trains at all: no download, no GPU.

    python tiny.py qwen2|qwen2-audio FOLDER

The tokenizer is a byte-level one without merges, with Qwen2's special tokens and chat template.
"""

import json
import pathlib
import sys

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|audio_bos|>", "<|AUDIO|>", "<|audio_eos|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content %}{% if part.type == 'text' %}{{ part.text }}{% else %}"
    "Audio 1: <|audio_bos|><|AUDIO|><|audio_eos|>\n{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def tokenizer():
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE(vocab={letter: place for place, letter in enumerate(letters)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens(SPECIAL)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=TEMPLATE,
        additional_special_tokens=SPECIAL)


def text_settings(vocabulary):
    return dict(vocab_size=vocabulary, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
                num_key_value_heads=2, max_position_embeddings=4096, bos_token_id=None)


def keep_from_saying(model, ids):
    """Makes these tokens all but impossible, whatever the weights are: one number that is the same of every token counts against
    them. What a random model says must not ask for another sound."""
    head = model.get_output_embeddings().weight
    with torch.no_grad():
        model.get_input_embeddings().weight[:, 0] = 1
        head[:, 0] = 0
        head[ids, 0] = -100


def main():
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    torch.manual_seed(1)
    words = tokenizer()
    ids = {name: words.convert_tokens_to_ids(name) for name in SPECIAL}
    ends = dict(eos_token_id=ids["<|im_end|>"], pad_token_id=ids["<|endoftext|>"])
    if kind == "qwen2":
        model = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**text_settings(len(words)), **ends))
        words.save_pretrained(folder)
    else:
        config = transformers.Qwen2AudioConfig(
            audio_config=dict(d_model=32, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=64, num_mel_bins=128),
            text_config=dict(model_type="qwen2", **text_settings(len(words)), **ends), audio_token_index=ids["<|AUDIO|>"])
        model = transformers.Qwen2AudioForConditionalGeneration(config)
        features = transformers.WhisperFeatureExtractor(feature_size=128)
        transformers.Qwen2AudioProcessor(features, words, chat_template=TEMPLATE).save_pretrained(folder)
    keep_from_saying(model, [ids[name] for name in SPECIAL if name != "<|im_end|>"])
    model.generation_config = transformers.GenerationConfig(**ends)
    model.save_pretrained(folder)
    print(json.dumps({"model": kind, "weights": model.num_parameters()}))


if __name__ == "__main__":
    main()
