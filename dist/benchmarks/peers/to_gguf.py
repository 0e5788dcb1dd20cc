"""Turns a LLaMA-shaped checkpoint of float16 into a GGUF file with weights of type Q4_0.

python to_gguf.py CHECKPOINT OUT.gguf

The vocabulary gets names of no meaning: only speed is measured.
"""

import ctypes
import json
import pathlib
import sys

import gguf
import numpy as np
from llama_cpp import llama_cpp
from safetensors import safe_open

NAMES = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
PARTS = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def renamed(name):
    if name in NAMES:
        return NAMES[name]
    _, _, layer, part = name.removesuffix(".weight").split(".", 3)
    return f"blk.{layer}.{PARTS[part]}.weight"


def interleaved(matrix, heads):
    """GGUF rotates neighbouring rows of a head, Hugging Face the halves of it."""
    rows, columns = matrix.shape
    halves = matrix.reshape(heads, 2, rows // heads // 2, columns)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


def header(writer, config):
    vocabulary, hidden = config["vocab_size"], config["hidden_size"]
    writer.add_name("random")
    writer.add_vocab_size(vocabulary)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(hidden)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(hidden // config["num_attention_heads"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    bytes_ = [f"<0x{b:02X}>".encode() for b in range(256)]
    rest = [f"t{i}".encode() for i in range(vocabulary - 259)]
    writer.add_tokenizer_model("llama")
    writer.add_token_list([b"<unk>", b"<s>", b"</s>", *bytes_, *rest])
    writer.add_token_scores([0.0] * vocabulary)
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * len(rest))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


def main(checkpoint, out):
    config = json.loads((checkpoint / "config.json").read_text())
    whole = pathlib.Path(f"{out}.f16")
    writer = gguf.GGUFWriter(str(whole), "llama")
    header(writer, config)
    heads = {
        "attn_q": config["num_attention_heads"],
        "attn_k": config["num_key_value_heads"],
    }
    with safe_open(checkpoint / "model.safetensors", "np") as tensors:
        for name in tensors.keys():
            target, tensor = renamed(name), tensors.get_tensor(name)
            part = target.split(".")[-2]
            if part in heads:
                tensor = interleaved(tensor, heads[part])
            writer.add_tensor(target, tensor.astype(np.float32) if tensor.ndim == 1 else tensor)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0
    failed = llama_cpp.llama_model_quantize(str(whole).encode(), out.encode(), ctypes.byref(settings))
    whole.unlink()
    return failed


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
