"""Writes the tiny model, the adapters, the batches and the curves that ParityTest compares with.

python make.py     (torch 2.10.0, transformers 4.57.6, peft 0.21.2)

model/      a Hugging Face LLaVA folder of random weights, stored in 16 bits
adapter/    adapters of its decoder as PEFT writes them, both matrices random
curves.json batches (picture batches with two rows of different lengths, every fifth without
            pictures), losses of 20 steps with everything trained, with adapters and with the
            projector alone, logits and gradient norms of the first batch, and the losses of the
            same weights with a tied output matrix and the exact GELU in the tower

Pixels are a formula, so that they need not be stored: see pixels().
"""

import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

HERE = Path(__file__).parent
IMAGE, PAD, SIDE, PATCHES = 3, 0, 16, 4
STEPS = 20


def config(tied=False, act="quick_gelu"):
    text = LlamaConfig(
        hidden_size=32, intermediate_size=56, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=10, vocab_size=80, rms_norm_eps=1e-5, rope_theta=10000.0,
        max_position_embeddings=128, tie_word_embeddings=tied, bos_token_id=1, eos_token_id=2)
    vision = CLIPVisionConfig(
        hidden_size=24, intermediate_size=40, num_hidden_layers=3, num_attention_heads=3,
        image_size=SIDE, patch_size=8, projection_dim=24, hidden_act=act)
    return LlavaConfig(
        text_config=text, vision_config=vision, image_token_index=IMAGE, image_seq_length=PATCHES,
        vision_feature_layer=-2, vision_feature_select_strategy="default",
        tie_word_embeddings=tied)


def write_model():
    torch.manual_seed(20)
    model = LlavaForConditionalGeneration(config())
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                p.copy_(torch.randn_like(p) * (0.3 if "embed" in name else 1 / p[0].numel() ** 0.5))
            elif "norm" in name and name.endswith("weight"):
                p.copy_(1 + 0.2 * torch.randn_like(p))
            else:
                p.copy_(0.1 * torch.randn_like(p))
    shutil.rmtree(HERE / "model", ignore_errors=True)
    model.half().save_pretrained(HERE / "model")


def load(**changes):
    weights = load_file(HERE / "model" / "model.safetensors")
    if changes.get("tied"):
        weights = {k: v for k, v in weights.items() if "lm_head" not in k}
    return LlavaForConditionalGeneration.from_pretrained(
        None, config=config(**changes), state_dict=weights, dtype=torch.float32)


def pixels(step, rows):
    """Channels, rows and columns counted by i: ((17 i + 29 row + 53 step) mod 61 - 30) / 16."""
    i = torch.arange(3 * SIDE * SIDE)
    return torch.stack([((17 * i + 29 * r + 53 * step) % 61 - 30) / 16 for r in range(rows)]).view(
        rows, 3, SIDE, SIDE)


def batches():
    generator = torch.Generator().manual_seed(7)
    made = []
    for step in range(STEPS):
        pictured = step % 5 != 4
        rows, width = [], 15
        for length in (15, 12):
            words = torch.randint(4, 80, (length - 1,), generator=generator).tolist()
            ids = [1] + words
            if pictured:
                ids[2:2 + PATCHES] = [IMAGE] * PATCHES
            answer = length - 5
            labels = [-100] * answer + ids[answer:]
            fill = width - length
            rows.append((ids + [PAD] * fill, labels + [-100] * fill))
        made.append({"pictured": pictured, "ids": [r[0] for r in rows], "labels": [r[1] for r in rows]})
    return made


def inputs(batch, step):
    ids = torch.tensor(batch["ids"])
    given = {"input_ids": ids, "attention_mask": (ids != PAD).long()}
    if batch["pictured"]:
        given["pixel_values"] = pixels(step, 2)
    return given


def curve(model, data, rate, decay=0.0, steps=STEPS):
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=decay)
    losses, norms = [], []
    for step in range(steps):
        batch = data[step]
        loss = model(**inputs(batch, step), labels=torch.tensor(batch["labels"])).loss
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimiser.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def only(model, part):
    for name, p in model.named_parameters():
        p.requires_grad_(part in name)
    return model


def write_adapter(model):
    torch.manual_seed(21)
    lora = LoraConfig(
        r=4, lora_alpha=6, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM",
        target_modules=r".*language_model.*\.(q_proj|v_proj|o_proj|up_proj|down_proj)")
    adapted = get_peft_model(model, lora)
    with torch.no_grad():
        for name, p in adapted.named_parameters():
            if "lora_B" in name:
                p.copy_(0.1 * torch.randn_like(p))
    shutil.rmtree(HERE / "adapter", ignore_errors=True)
    adapted.save_pretrained(HERE / "adapter")
    (HERE / "adapter" / "README.md").unlink(missing_ok=True)


def main():
    torch.set_num_threads(1)
    write_model()
    data = batches()
    write_adapter(load())
    adapted = PeftModel.from_pretrained(load(), HERE / "adapter", is_trainable=True)
    with torch.no_grad():
        first = load()(**inputs(data[0], 0)).logits
        adapted_first = adapted(**inputs(data[0], 0)).logits
    result = {
        "batches": data,
        "logits": first[0, -1].tolist(),
        "adapted_logits": adapted_first[0, -1].tolist(),
        "scratch": curve(load(), data, 3e-3, decay=0.05),
        "adapters": curve(adapted, data, 1e-2),
        "projector": curve(only(load(), "multi_modal_projector"), data[:4] * 5, 1e-2),
        "tied": curve(load(tied=True, act="gelu"), data, 3e-3, steps=3),
    }
    (HERE / "curves.json").write_text(json.dumps(result) + "\n")
    for name in ("scratch", "adapters", "projector", "tied"):
        print(name, [round(x, 4) for x in result[name]["losses"]])


main()
