"""Writes a model of random weights in the files of the Hugging Face hub.

    python make_model.py SHAPE FOLDER --tokenizer FOLDER

SHAPE is qwen2-0.5b, qwen2-audio-200m or qwen2-audio-8b; the tokenizer's folder lends its files (that of
`earshot models init nano` will do). The weights are bfloat16, normally distributed, and repeat every 64 MB, so that
8 billion of them are written as fast as the disk takes them.
"""
# Needs numpy; see requirements.txt.

import argparse
import json
import math
import shutil
from pathlib import Path

import numpy

SHAPES = {
    "qwen2-0.5b": dict(
        text=dict(hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14,
                  num_key_value_heads=2, vocab_size=151936, rms_norm_eps=1e-6, rope_theta=1e6,
                  max_position_embeddings=32768, tie_word_embeddings=True)),
    "qwen2-47m": dict(
        text=dict(hidden_size=512, intermediate_size=2048, num_hidden_layers=8, num_attention_heads=8,
                  num_key_value_heads=2, vocab_size=32000, rms_norm_eps=1e-6, rope_theta=1e6,
                  max_position_embeddings=8192, tie_word_embeddings=True)),
    "qwen2-audio-200m": dict(
        text=dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=8, num_attention_heads=12,
                  num_key_value_heads=12, vocab_size=32000, rms_norm_eps=1e-5, rope_theta=1e4,
                  max_position_embeddings=8192, tie_word_embeddings=False),
        audio=dict(d_model=768, encoder_layers=12, encoder_attention_heads=12, encoder_ffn_dim=3072)),
    "qwen2-audio-8b": dict(
        text=dict(hidden_size=4096, intermediate_size=11008, num_hidden_layers=32, num_attention_heads=32,
                  num_key_value_heads=32, vocab_size=156032, rms_norm_eps=1e-5, rope_theta=1e4,
                  max_position_embeddings=8192, tie_word_embeddings=False),
        audio=dict(d_model=1280, encoder_layers=32, encoder_attention_heads=20, encoder_ffn_dim=5120)),
}


def text_tensors(text, prefix):
    hidden, inner = text["hidden_size"], text["intermediate_size"]
    keys = hidden // text["num_attention_heads"] * text["num_key_value_heads"]
    yield f"{prefix}model.embed_tokens.weight", [text["vocab_size"], hidden]
    for layer in range(text["num_hidden_layers"]):
        name = f"{prefix}model.layers.{layer}"
        for projection, outputs in (("q", hidden), ("k", keys), ("v", keys)):
            yield f"{name}.self_attn.{projection}_proj.weight", [outputs, hidden]
            yield f"{name}.self_attn.{projection}_proj.bias", [outputs]
        yield f"{name}.self_attn.o_proj.weight", [hidden, hidden]
        yield f"{name}.mlp.gate_proj.weight", [inner, hidden]
        yield f"{name}.mlp.up_proj.weight", [inner, hidden]
        yield f"{name}.mlp.down_proj.weight", [hidden, inner]
        yield f"{name}.input_layernorm.weight", [hidden]
        yield f"{name}.post_attention_layernorm.weight", [hidden]
    yield f"{prefix}model.norm.weight", [hidden]
    if not text["tie_word_embeddings"]:
        yield f"{prefix}lm_head.weight", [text["vocab_size"], hidden]


def audio_tensors(audio, hidden):
    width, inner = audio["d_model"], audio["encoder_ffn_dim"]
    yield "audio_tower.conv1.weight", [width, 128, 3]
    yield "audio_tower.conv1.bias", [width]
    yield "audio_tower.conv2.weight", [width, width, 3]
    yield "audio_tower.conv2.bias", [width]
    yield "audio_tower.embed_positions.weight", [1500, width]
    for layer in range(audio["encoder_layers"]):
        name = f"audio_tower.layers.{layer}"
        for projection in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield f"{name}.self_attn.{projection}.weight", [width, width]
            if projection != "k_proj":
                yield f"{name}.self_attn.{projection}.bias", [width]
        for linear, shape in (("fc1", [inner, width]), ("fc2", [width, inner])):
            yield f"{name}.{linear}.weight", shape
            yield f"{name}.{linear}.bias", shape[:1]
        for norm in ("self_attn_layer_norm", "final_layer_norm"):
            yield f"{name}.{norm}.weight", [width]
            yield f"{name}.{norm}.bias", [width]
    yield "audio_tower.layer_norm.weight", [width]
    yield "audio_tower.layer_norm.bias", [width]
    yield "multi_modal_projector.linear.weight", [hidden, width]
    yield "multi_modal_projector.linear.bias", [hidden]


def bfloat16(values):
    return (values.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16)


def write_weights(path, tensors):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in tensors:
        size = 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % 64)
    noise = bfloat16(numpy.random.default_rng(1).standard_normal(1 << 25) * 0.02)
    one = bfloat16(numpy.ones(1 << 16))
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for index, (name, shape) in enumerate(tensors):
            count = math.prod(shape)
            source = one if "norm" in name and name.endswith("weight") else noise
            start = index * 7919 % (len(source) // 2)
            while count > 0:
                part = source[start : start + min(count, len(source) - start)]
                part.tofile(file)
                count -= len(part)
                start = 0
    return offset


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    arguments = parser.parse_args()
    shape, folder = SHAPES[arguments.shape], arguments.folder
    folder.mkdir(parents=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "preprocessor_config.json"):
        if (arguments.tokenizer / name).exists():
            shutil.copy(arguments.tokenizer / name, folder / name)
    added = {token["content"]: token["id"]
             for token in json.loads((folder / "tokenizer.json").read_text())["added_tokens"]}
    text = dict(shape["text"], model_type="qwen2", hidden_act="silu", bos_token_id=added["<|endoftext|>"],
                eos_token_id=added["<|im_end|>"], pad_token_id=added["<|endoftext|>"])
    if "audio" in shape:
        audio = dict(shape["audio"], model_type="qwen2_audio_encoder", num_mel_bins=128, max_source_positions=1500)
        config = dict(model_type="qwen2_audio", architectures=["Qwen2AudioForConditionalGeneration"],
                      audio_token_index=added["<|AUDIO|>"], audio_config=audio, text_config=text, torch_dtype="bfloat16")
        tensors = [*audio_tensors(audio, text["hidden_size"]), *text_tensors(text, "language_model.")]
    else:
        config = dict(text, architectures=["Qwen2ForCausalLM"], torch_dtype="bfloat16")
        tensors = list(text_tensors(text, ""))
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "generation_config.json").write_text(
        json.dumps({"eos_token_id": [added["<|endoftext|>"], added["<|im_end|>"]],
                    "pad_token_id": added["<|endoftext|>"]}) + "\n")
    size = write_weights(folder / "model.safetensors", tensors)
    print(f"{folder}: {size / 2:,.0f} parameters, {size / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
