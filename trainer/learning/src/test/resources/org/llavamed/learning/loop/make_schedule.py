"""Learning rates by transformers' own schedule, for ScheduleTest.

Ran with torch 2.10 and transformers 4.57:  python make_schedule.py > schedule.json
"""
import json
import math

import torch
from transformers import get_cosine_schedule_with_warmup

runs = []
for steps, ratio in [(1, 0.0), (3, 0.03), (10, 0.0), (20, 0.25), (37, 0.1), (100, 0.03)]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_cosine_schedule_with_warmup(optimizer, math.ceil(steps * ratio), steps)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    runs.append({"steps": steps, "warmup": ratio, "rates": rates})
print(json.dumps(runs, indent=1))
