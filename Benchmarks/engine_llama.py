"""llama.cpp's side of Benchmarks/engine, through llama-cpp-python: answers the lines that EngineBenchmark answers.

    engine_llama.py FILE.gguf            prefill and decode
    engine_llama.py FOLDER KIND NEW.gguf   writes a Qwen2 model as GGUF: KIND is f32, bf16, q8_0 or q4_0
"""

import ctypes
import json
import os
import pathlib
import sys
import time


def convert(folder, kind, path):
    import gguf
    import numpy
    import torch
    from safetensors.torch import load_file

    config = json.loads((pathlib.Path(folder) / "config.json").read_text())
    types = {"f32": gguf.GGMLQuantizationType.F32, "bf16": gguf.GGMLQuantizationType.BF16,
             "q8_0": gguf.GGMLQuantizationType.Q8_0, "q4_0": gguf.GGMLQuantizationType.Q4_0}
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(4096)
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    for name, tensor in load_file(pathlib.Path(folder) / "model.safetensors").items():
        values = tensor.to(torch.float32).numpy()
        is_matrix = values.ndim == 2
        # As llama.cpp's own quantisation does, embeddings and logits keep eight bits.
        wanted = "q8_0" if kind == "q4_0" and "embed_tokens" in name else kind
        type = types[wanted] if is_matrix else gguf.GGMLQuantizationType.F32
        data = values if type == gguf.GGMLQuantizationType.F32 else gguf.quants.quantize(values, type)
        writer.add_tensor(gguf_name(name), data, raw_dtype=type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_name(name):
    parts = name.removeprefix("model.").split(".")
    if parts[0] == "embed_tokens":
        return "token_embd.weight"
    if parts[0] == "norm":
        return "output_norm.weight"
    inner = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
             "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
             "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
    return f"blk.{parts[1]}.{inner['.'.join(parts[2:-1])]}.{parts[-1]}"


class Engine:
    def __init__(self, path):
        import llama_cpp

        self.library = llama_cpp
        self.silence = llama_cpp.llama_log_callback(lambda *_: None)  # kept, as the library keeps a pointer to it
        llama_cpp.llama_log_set(self.silence, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
        if not self.model:
            sys.exit(f"{path}: llama.cpp cannot load it")
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch, parameters.n_seq_max = 16 * 640, 512, 512, 16
        parameters.n_threads = parameters.n_threads_batch = os.cpu_count()
        self.context = llama_cpp.llama_init_from_model(self.model, parameters)

    def step(self, tokens, sequences, positions, wanted):
        library = self.library
        batch = library.llama_batch_init(len(tokens), 0, 1)
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index], batch.pos[index] = token, positions[index]
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, sequences[index]
            batch.logits[index] = wanted[index]
        if library.llama_decode(self.context, batch) != 0:
            sys.exit("llama_decode failed")
        library.llama_batch_free(batch)

    def clear(self):
        self.library.llama_memory_clear(self.library.llama_get_memory(self.context), True)

    def prefill(self, tokens):
        self.clear()
        start = time.monotonic()
        self.step([1 + i * 7 % 500 for i in range(tokens)], [0] * tokens, range(tokens), [i == tokens - 1 for i in range(tokens)])
        return time.monotonic() - start

    def decode(self, batch, tokens):
        """Seconds a step; which token comes next makes no difference to the time."""
        self.clear()
        for sequence in range(batch):
            self.step([1 + (sequence * 31 + i * 7) % 500 for i in range(32)], [sequence] * 32, range(32), [i == 31 for i in range(32)])
        start = time.monotonic()
        for position in range(32, 32 + tokens):
            self.step([(position * 13 + s) % 500 for s in range(batch)], list(range(batch)), [position] * batch, [1] * batch)
        return (time.monotonic() - start) / tokens


def main():
    if len(sys.argv) == 4:
        return convert(*sys.argv[1:])
    run = Engine(sys.argv[1])
    for line in sys.stdin:
        what, *numbers = line.split()
        print({"prefill": run.prefill, "decode": run.decode}[what](*map(int, numbers)), flush=True)


main()
