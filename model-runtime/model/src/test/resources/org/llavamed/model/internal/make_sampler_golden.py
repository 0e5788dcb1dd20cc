"""Writes sampler.json: what the logits processors of Hugging Face transformers make of logits.

Run by hand: pip install torch transformers; python make_sampler_golden.py
Each case has logits [vocabulary], the tokens that were seen, and the probabilities after repetition penalty,
temperature, top-k and top-p, in the order in which `generate` applies them; 0 for tokens that are cut.
"""

import json
import pathlib
import random

import torch
import transformers
from transformers import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

VOCABULARY = 24
SETTINGS = [  # temperature, top-k, top-p, penalty
    (1.0, 0, 1.0, 1.0), (0.7, 0, 1.0, 1.0), (1.8, 0, 1.0, 1.3), (1.0, 5, 1.0, 1.0), (0.5, 3, 1.0, 1.0),
    (1.0, 1, 1.0, 1.0), (1.0, 100, 1.0, 1.0), (1.0, 0, 0.9, 1.0), (1.0, 0, 0.5, 1.0), (2.5, 0, 0.8, 1.0),
    (1.0, 0, 0.01, 1.0), (0.9, 10, 0.7, 1.0), (1.3, 6, 0.95, 1.5), (0.2, 20, 0.999, 5.0), (3.0, 8, 0.6, 2.0),
    (1.0, 4, 0.75, 1.1),
]  # fmt: skip


def main():
    draw = random.Random(3)
    cases = []
    for temperature, top_k, top_p, penalty in SETTINGS:
        for spread in (0.5, 2.0, 6.0):
            logits = [round(draw.gauss(0, spread), 3) for _ in range(VOCABULARY)]
            seen = sorted(draw.sample(range(VOCABULARY), 7))
            steps = LogitsProcessorList()
            if penalty != 1:
                steps.append(RepetitionPenaltyLogitsProcessor(penalty))
            if temperature != 1:
                steps.append(TemperatureLogitsWarper(temperature))
            if top_k:
                steps.append(TopKLogitsWarper(top_k))
            if top_p < 1:
                steps.append(TopPLogitsWarper(top_p))
            scores = steps(torch.tensor([seen]), torch.tensor([logits]))
            shares = torch.softmax(scores, -1)[0]
            assert abs(shares.sum().item() - 1) < 1e-5
            cases.append({
                "temperature": temperature, "topK": top_k, "topP": top_p, "repetitionPenalty": penalty, "seen": seen,
                "logits": logits,
                "logProbabilities": [round(x, 5) for x in torch.log_softmax(torch.tensor(logits), -1).tolist()],
                "shares": [float(f"{x:.6g}") for x in shares.tolist()],
            })  # fmt: skip
    lines = ",\n".join(json.dumps(case) for case in cases)
    made = f"transformers {transformers.__version__}, torch {torch.__version__}"
    pathlib.Path(__file__).with_name("sampler.json").write_text('{"made": "%s", "cases": [\n%s\n]}\n' % (made, lines))


if __name__ == "__main__":
    main()
