"""Writes the curve of Python's torch.optim.AdamW that TorchAdamWTest compares with.

python make.py > curve.txt
Two groups: w (8 numbers, lr 0.05, decay 0.1) and b (4 numbers, lr 0.01 changed to 0.02 before the
fourth step, decay 0). Gradients come from the formula below. A line a step: w, then b.
"""

import torch

w = torch.tensor([(i - 3.5) / 4 for i in range(8)], requires_grad=True)
b = torch.tensor([i / 3 for i in range(4)], requires_grad=True)
optimiser = torch.optim.AdamW(
    [{"params": [w], "lr": 0.05, "weight_decay": 0.1}, {"params": [b], "lr": 0.01, "weight_decay": 0.0}],
    betas=(0.8, 0.95), eps=1e-6)
for step in range(6):
    if step == 3:
        optimiser.param_groups[1]["lr"] = 0.02
    w.grad = torch.tensor([((step * 7 + i * 5) % 11 - 5) / 10 for i in range(8)])
    b.grad = torch.tensor([((step * 3 + i * 2) % 7 - 3) / 100 for i in range(4)])
    optimiser.step()
    print(" ".join(f"{x:.9g}" for x in torch.cat([w, b]).tolist()))
