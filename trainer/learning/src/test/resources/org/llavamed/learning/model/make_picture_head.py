"""Writes picture-head.json: the loss of the classes of pictures, and its gradient, by PyTorch.

python make_picture_head.py > picture-head.json
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(3)
shown = torch.randn(3, 2, 4, requires_grad=True)
classes = [torch.randn(3, 4), torch.randn(2, 4)]
asked = [([0, 2], [2, 0]), ([1], [1])]
mean = F.normalize((shown / shown.square().mean(-1, keepdim=True).sqrt()).mean(1), dim=1)
loss = sum(
    F.cross_entropy(
        20 * mean[rows] @ F.normalize(vectors, dim=1).t(),
        torch.tensor(answers),
        reduction="sum",
    )
    for vectors, (rows, answers) in zip(classes, asked)
)
loss.backward()
print(
    json.dumps(
        {
            "shown": shown.flatten().tolist(),
            "classes": [c.flatten().tolist() for c in classes],
            "loss": loss.item(),
            "gradient": shown.grad.flatten().tolist(),
        }
    )
)
