"""Makes the random tiny checkpoints of this folder: `python make_checkpoints.py`, with the packages of requirements.txt.

Every family and every way of storing one: see CHECKPOINTS. The weights are drawn with numpy's PCG64 and are large
enough for logits that react to the audio and for greedy decoding that wanders; record_references.py asserts both.
"""

import json
import pathlib
import shutil

import numpy
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    Qwen2_5OmniThinkerConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2AudioConfig,
    Qwen2AudioForConditionalGeneration,
    Qwen2AudioProcessor,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen2Tokenizer,
    WhisperFeatureExtractor,
)
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

HERE = pathlib.Path(__file__).parent
VOCABULARY = 576  # of the models; the tokenizers have fewer, as on the hub
# Chosen so that no step of greedy decoding is a close call; record_references.py says when one is.
SEEDS = {
    "qwen2-audio": 106, "qwen2-audio-grouped": 106, "qwen2.5-omni": 44, "qwen2.5-omni-whole": 41, "qwen2-tied": 55,
    "qwen2-untied": 67,
}
COMMON = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>"]
VISION = ["<|vision_bos|>", "<|vision_eos|>", "<|IMAGE|>", "<|VIDEO|>"]
TEXT = """
You are a helpful assistant. What do you hear in this audio? Describe the sound in one sentence, then name its source.
Generate the caption in English: a dog barks twice while rain falls on a tin roof. A man speaks, and a door closes.
Which of these is heard first: the bell, the engine, the bird or the applause? Answer with the letter of the choice.
The melody rises slowly on a piano; a violin answers it softly. Water drips into a metal sink, then somebody laughs.
Listen to both recordings. Is the second one louder than the first? I'm sure that they're not the same, it's clear.
0 1 2 3 4 5 6 7 8 9 seconds, minutes, hertz, decibels.

Hello! How are you today? The system answers the user, and the user asks the assistant again.
"""

OMNI_TEMPLATE = (
    "{% set audio_count = namespace(value=0) %}{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}"
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
    "<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
    "{% else %}{% for content in message['content'] %}"
    "{% if content['type'] == 'audio' or 'audio' in content or 'audio_url' in content %}"
    "{% set audio_count.value = audio_count.value + 1 %}"
    "{% if add_audio_id %}Audio {{ audio_count.value }}: {% endif %}<|audio_bos|><|AUDIO|><|audio_eos|>"
    "{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXT_TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def tokenizer(special, template):
    """A byte-level BPE with Qwen2's splitting rule, trained on TEXT."""
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.NFC()
    trained.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    trained.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trained.train_from_iterator([TEXT], trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=alphabet, show_progress=False, special_tokens=[]))
    model = json.loads(trained.to_str())["model"]
    result = Qwen2Tokenizer(
        vocab=model["vocab"], merges=[tuple(merge) for merge in model["merges"]], extra_special_tokens=special,
        chat_template=template)
    assert all(result.convert_tokens_to_ids(token) is not None for token in special)
    return result


def fill(model, seed, gains):
    """Draws every parameter anew: matrices with `gains` over the root of their inputs, norms around 1."""
    draws = numpy.random.Generator(numpy.random.PCG64(seed))
    for name, parameter in sorted(model.named_parameters()):
        if name.endswith("embed_positions.weight"):
            parameter.data.copy_(sinusoids(*parameter.shape))
            continue
        noise = torch.from_numpy(draws.standard_normal(tuple(parameter.shape)).astype(numpy.float32))
        with torch.no_grad():
            parameter.copy_(drawn(name, noise, gains))


def sinusoids(length, width):
    """Whisper's positions: sines, then cosines, of wave lengths from 2 pi to 20,000 pi."""
    rates = numpy.exp(-numpy.log(10_000) / (width // 2 - 1) * numpy.arange(width // 2))
    angles = numpy.arange(length)[:, None] * rates
    return torch.from_numpy(numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], 1).astype(numpy.float32))


def drawn(name, noise, gains):
    if name.endswith("bias"):
        return 0.2 * noise
    if noise.ndim == 1:
        return 1 + 0.2 * noise
    if "embed_tokens" in name:
        return gains["embedding"] * noise
    inputs = noise[0].numel()
    if "lm_head" in name:
        return gains["head"] * noise / inputs**0.5
    gain = gains["query"] if ("q_proj" in name or "k_proj" in name) else gains["other"]
    return gain * noise / inputs**0.5


GAINS = {"embedding": 1.0, "head": 3.0, "query": 1.5, "other": 1.4}
TIED_GAINS = GAINS | {"embedding": 0.4}


def decoder(**changes):
    return {
        "vocab_size": VOCABULARY, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 2048, "use_sliding_window": False,
    } | changes


def encoder(**changes):
    return {
        "num_mel_bins": 128, "d_model": 32, "encoder_layers": 2, "encoder_attention_heads": 4, "encoder_ffn_dim": 64,
        "max_source_positions": 1500,
    } | changes


def qwen2_audio(tokens, text):
    return Qwen2AudioForConditionalGeneration(Qwen2AudioConfig(
        audio_config=encoder() | {"model_type": "qwen2_audio_encoder"},
        text_config=text | {"model_type": "qwen2", "bos_token_id": 0, "eos_token_id": tokens("<|im_end|>")},
        audio_token_index=tokens("<|AUDIO|>")))


def omni(tokens, layers):
    return Qwen2_5OmniThinkerForConditionalGeneration(Qwen2_5OmniThinkerConfig(
        audio_config=encoder(n_window=100, output_dim=64, encoder_layers=layers),
        vision_config={
            "depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 64,
            "fullatt_block_indexes": [0], "patch_size": 4,
        },
        text_config=decoder(
            num_hidden_layers=layers, num_key_value_heads=2, rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 3, 3]}),
        audio_token_index=tokens("<|AUDIO|>"), audio_start_token_id=tokens("<|audio_bos|>"),
        audio_end_token_id=tokens("<|audio_eos|>"), image_token_index=tokens("<|IMAGE|>"),
        video_token_index=tokens("<|VIDEO|>"), vision_start_token_id=tokens("<|vision_bos|>"),
        vision_end_token_id=tokens("<|vision_eos|>"), pad_token_id=tokens("<|endoftext|>")))


def write_tensors(folder, tensors, shards):
    """What save_pretrained writes, with the names as they are given."""
    for old in [*folder.glob("*.safetensors"), *folder.glob("*.safetensors.index.json")]:
        old.unlink()
    tensors = {name: tensor.contiguous() for name, tensor in sorted(tensors.items())}
    if shards == 1:
        save_shard(folder / "model.safetensors", tensors)
        return
    names, places = list(tensors), {}
    for shard in range(shards):
        part = names[len(names) * shard // shards:len(names) * (shard + 1) // shards]
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        save_shard(folder / file, {name: tensors[name] for name in part})
        places |= dict.fromkeys(part, file)
    size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def save_shard(path, tensors):
    save_file(tensors, path, {"format": "pt"})
    path.chmod(0o644)


def edit(path, change):
    content = json.loads(path.read_text())
    path.write_text(json.dumps(change(content), indent=1) + "\n")


def save(name, model, vocabulary, dtype, gains=GAINS, shards=1, rename=None, in_memory=False):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    fill(model, SEEDS[name], gains)
    model = model.to(dtype)
    tokens = vocabulary.convert_tokens_to_ids
    model.generation_config = GenerationConfig(
        do_sample=True, temperature=0.7, top_p=0.5, top_k=20, repetition_penalty=1.1,
        eos_token_id=[tokens("<|im_end|>"), tokens("<|endoftext|>")], pad_token_id=tokens("<|endoftext|>"))
    model.save_pretrained(folder)
    stored = dict(model.state_dict()) if in_memory else load_file(folder / "model.safetensors")
    if rename:
        stored = {rename + key: tensor for key, tensor in stored.items()}
    write_tensors(folder, stored, shards)
    return folder


def older_configuration(config):
    """As transformers 4 wrote it and the hub has it: defaults left out, rope_theta and torch_dtype in their old places."""
    text = config["text_config"]
    kept = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
            "vocab_size", "max_position_embeddings", "bos_token_id", "eos_token_id", "model_type"]
    config["text_config"] = {key: text[key] for key in kept} | {
        "rms_norm_eps": 1e-5, "rope_theta": 10_000, "sliding_window": 32_768, "torch_dtype": "bfloat16"}
    config["torch_dtype"] = config.pop("dtype")
    return config


def whole_omni(config):
    """The thinker's configuration where the whole model has it; of the other parts only what marks them."""
    return {
        "architectures": ["Qwen2_5OmniModel"], "model_type": "qwen2_5_omni", "enable_audio_output": False,
        "thinker_config": config, "torch_dtype": "bfloat16",
    }


def shorten_tokenizers():
    """The same JSON without its indentation."""
    for path in HERE.glob("*/tokenizer.json"):
        content = json.loads(path.read_text())
        path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    plain = tokenizer(COMMON, None)
    spectrum = {"feature_size": 128, "sampling_rate": 16_000, "hop_length": 160, "n_fft": 400}
    # MHA and bf16, the names and the sparse configuration of the hub
    tokens = plain.convert_tokens_to_ids
    model = qwen2_audio(tokens, decoder(rms_norm_eps=1e-5))
    folder = save("qwen2-audio", model, plain, torch.bfloat16)
    edit(folder / "config.json", older_configuration)
    Qwen2AudioProcessor(WhisperFeatureExtractor(**spectrum), plain).save_pretrained(folder)
    # GQA, three layers and f16 in three shards, the names that transformers 5 has in memory
    model = qwen2_audio(tokens, decoder(
        num_key_value_heads=2, num_hidden_layers=3, rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 5e4}))
    folder = save("qwen2-audio-grouped", model, plain, torch.float16, shards=3, in_memory=True)
    Qwen2AudioProcessor(WhisperFeatureExtractor(**spectrum), plain).save_pretrained(folder)
    # the thinker alone, and as a part of the whole model
    seeing = tokenizer(COMMON + VISION, OMNI_TEMPLATE)
    listening = WhisperFeatureExtractor(**spectrum, chunk_length=300)
    folder = save("qwen2.5-omni", omni(seeing.convert_tokens_to_ids, 2), seeing, torch.bfloat16)
    seeing.save_pretrained(folder)
    listening.save_pretrained(folder)
    folder = save(
        "qwen2.5-omni-whole", omni(seeing.convert_tokens_to_ids, 1), seeing, torch.bfloat16, rename="thinker.")
    edit(folder / "config.json", whole_omni)
    add_other_parts(folder)
    seeing.save_pretrained(folder)
    listening.save_pretrained(folder)
    # text alone, tied and not
    chatting = tokenizer(COMMON[:3], TEXT_TEMPLATE)
    text = {"eos_token_id": chatting.convert_tokens_to_ids("<|im_end|>"), "bos_token_id": 0}
    tied = Qwen2ForCausalLM(Qwen2Config(
        **decoder(num_key_value_heads=2, num_hidden_layers=1, intermediate_size=96), **text, tie_word_embeddings=True))
    save("qwen2-tied", tied, chatting, torch.float32, gains=TIED_GAINS)
    chatting.save_pretrained(HERE / "qwen2-tied")
    untied = Qwen2ForCausalLM(Qwen2Config(**decoder(num_key_value_heads=1), **text, tie_word_embeddings=False))
    save("qwen2-untied", untied, chatting, torch.bfloat16)
    chatting.save_pretrained(HERE / "qwen2-untied")
    shorten_tokenizers()


def add_other_parts(folder):
    """Tensors of the speaking parts, which a reader has to pass over."""
    tensors = load_file(folder / "model.safetensors")
    tensors["talker.model.norm.weight"] = torch.ones(8, dtype=torch.bfloat16)
    tensors["token2wav.code2wav_bigvgan_model.conv_pre.bias"] = torch.ones(8)
    write_tensors(folder, tensors, shards=2)


if __name__ == "__main__":
    main()
