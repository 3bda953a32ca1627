"""Records what transformers makes of sparse and of full config.json files.

    python make_configurations.py

Requirements: transformers 5.23.0, torch 2.15. Writes configurations.json beside itself: for each case the file as a
user may have it and the values that the class fills in.
"""

import json
import os
import tempfile

from transformers import AutoConfig

AUDIO_7B = {
    "model_type": "qwen2_audio_encoder", "num_mel_bins": 128, "encoder_layers": 32, "encoder_attention_heads": 20,
    "encoder_ffn_dim": 5120, "encoder_layerdrop": 0.0, "d_model": 1280, "dropout": 0.0, "attention_dropout": 0.0,
    "activation_function": "gelu", "activation_dropout": 0.0, "scale_embedding": False, "init_std": 0.02,
    "max_source_positions": 1500,
}
TEXT_7B = {
    "bos_token_id": 151643, "eos_token_id": 151645, "intermediate_size": 11008, "max_position_embeddings": 8192,
    "model_type": "qwen2", "rope_theta": 10000, "rms_norm_eps": 1e-05, "sliding_window": 32768,
    "torch_dtype": "bfloat16", "use_mrope": False, "vocab_size": 156032,
}
OMNI_TEXT_3B = {
    "model_type": "qwen2_5_omni_text", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 36,
    "num_attention_heads": 16, "num_key_value_heads": 2, "vocab_size": 151936, "rope_theta": 1000000.0,
    "rope_scaling": {"mrope_section": [16, 24, 24], "rope_type": "default", "type": "default"},
    "max_position_embeddings": 32768, "use_sliding_window": False, "sliding_window": 32768,
}
CASES = {
    "qwen2 empty": {"model_type": "qwen2"},
    "qwen2 0.5B v4": {
        "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "hidden_size": 896, "intermediate_size": 4864,
        "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 151936,
        "rope_theta": 1000000.0, "rms_norm_eps": 1e-06, "tie_word_embeddings": True, "bos_token_id": 151643,
        "eos_token_id": 151645, "max_position_embeddings": 32768, "use_sliding_window": False,
        "sliding_window": 32768, "torch_dtype": "bfloat16",
    },
    "qwen2 v5": {
        "model_type": "qwen2", "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": None,
        "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}, "dtype": "float32",
        "layer_types": ["full_attention"] * 2, "num_hidden_layers": 2, "eos_token_id": [5, 6], "pad_token_id": 7,
    },
    "qwen2 head_dim": {"model_type": "qwen2", "hidden_size": 60, "num_attention_heads": 4,
                       "num_key_value_heads": 4, "head_dim": 32},
    "qwen2_audio empty": {"model_type": "qwen2_audio"},
    "qwen2_audio 7B v4": {
        "model_type": "qwen2_audio", "architectures": ["Qwen2AudioForConditionalGeneration"],
        "audio_config": AUDIO_7B, "audio_token_index": 151646, "ignore_index": -100, "text_config": TEXT_7B,
        "torch_dtype": "bfloat16", "transformers_version": "4.38.1", "vocab_size": 156032,
    },
    "qwen2_audio nano": {
        "model_type": "qwen2_audio", "audio_token_index": 259,
        "audio_config": {"d_model": 160, "encoder_layers": 4, "encoder_attention_heads": 5, "encoder_ffn_dim": 640,
                         "model_type": "qwen2_audio_encoder", "num_mel_bins": 80, "max_source_positions": 100},
        "text_config": {"vocab_size": 1000, "hidden_size": 192, "num_attention_heads": 6, "num_key_value_heads": 2,
                        "num_hidden_layers": 5, "intermediate_size": 640, "model_type": "qwen2"},
    },
    "qwen2_5_omni_thinker empty": {"model_type": "qwen2_5_omni_thinker"},
    "qwen2_5_omni empty": {"model_type": "qwen2_5_omni"},
    "qwen2_5_omni 3B": {
        "model_type": "qwen2_5_omni", "enable_audio_output": True,
        "thinker_config": {
            "model_type": "qwen2_5_omni_thinker", "audio_token_index": 151646, "audio_start_token_id": 151647,
            "audio_end_token_id": 151648, "pad_token_id": 151643, "eos_token_id": 151645,
            "text_config": OMNI_TEXT_3B,
            "audio_config": {"model_type": "qwen2_5_omni_audio_encoder", "d_model": 1280, "encoder_layers": 32,
                             "n_window": 100, "output_dim": 2048},
        },
    },
}


def theta(text):
    return float(text.rope_parameters["rope_theta"])


def decoder(text, tied):
    heads = text.num_attention_heads
    return {
        "vocabularySize": text.vocab_size, "hiddenSize": text.hidden_size,
        "intermediateSize": text.intermediate_size, "layers": text.num_hidden_layers, "heads": heads,
        "keyValueHeads": text.num_key_value_heads,
        "headDimension": getattr(text, "head_dim", None) or text.hidden_size // heads,
        "normEpsilon": text.rms_norm_eps, "ropeTheta": theta(text), "maximumPositions": text.max_position_embeddings,
        "tiedEmbeddings": bool(tied),
    }


def encoder(audio, width):
    return {
        "melBands": audio.num_mel_bins, "width": audio.d_model, "layers": audio.encoder_layers,
        "heads": audio.encoder_attention_heads, "feedForwardWidth": audio.encoder_ffn_dim,
        "maximumPositions": audio.max_source_positions, "window": getattr(audio, "n_window", None),
        "outputWidth": width,
    }


def tokens(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def filled(file):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "config.json"), "w") as target:
            json.dump(file, target)
        config = AutoConfig.from_pretrained(folder)
    if config.model_type == "qwen2_5_omni":
        config = config.thinker_config
    text = config if config.model_type == "qwen2" else config.text_config
    architecture = {"qwen2_5_omni_thinker": "qwen2_5_omni"}.get(config.model_type, config.model_type)
    result = {"architecture": architecture, "decoder": decoder(text, getattr(config, "tie_word_embeddings", False))}
    audio = getattr(config, "audio_config", None)
    if audio is not None:
        result["encoder"] = encoder(audio, text.hidden_size)
        result["audioToken"] = config.audio_token_index
        for name, key in (("audioStartToken", "audio_start_token_id"), ("audioEndToken", "audio_end_token_id")):
            if hasattr(config, key):
                result[name] = getattr(config, key)
    for name, key in (("padToken", "pad_token_id"), ("endTokens", "eos_token_id")):
        own = getattr(config, key, None)
        result[name] = own if own is not None else getattr(text, key, None)
    result["endTokens"] = tokens(result["endTokens"])
    return result


if __name__ == "__main__":
    cases = [{"name": name, "file": json.dumps(file), "filled": filled(file)} for name, file in CASES.items()]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "configurations.json")
    with open(path, "w") as target:
        json.dump(cases, target, indent=1)
        target.write("\n")
