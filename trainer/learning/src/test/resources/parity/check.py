"""Prints the logits of the last position of the first batch of curves.json.

python check.py MODEL [ADAPTER]     (torch, transformers, peft)
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import LlavaForConditionalGeneration

model = LlavaForConditionalGeneration.from_pretrained(sys.argv[1], dtype=torch.float32)
if len(sys.argv) > 2:
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, sys.argv[2])
batch = json.loads((Path(__file__).parent / "curves.json").read_text())["batches"][0]
i = torch.arange(3 * 16 * 16)
pixels = torch.stack([((17 * i + 29 * row) % 61 - 30) / 16 for row in range(2)]).view(2, 3, 16, 16)
ids = torch.tensor(batch["ids"])
with torch.no_grad():
    logits = model(input_ids=ids, attention_mask=(ids != 0).long(), pixel_values=pixels).logits
print(json.dumps(logits[0, -1].tolist()))
