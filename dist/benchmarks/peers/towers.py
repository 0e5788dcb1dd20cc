"""Times torch and OpenVINO on CLIP ViT-L/14-336 up to the last but one layer, random weights.

python towers.py REPEATS

The lines have the form that 'llavamed bench runtime --peers FILE' reads; threads as in decoders.py.
"""

import os
import sys
import time

import openvino
import torch
from transformers import CLIPVisionConfig, CLIPVisionModel

THREADS = int(os.environ.get("THREADS") or len(os.sched_getaffinity(0)))


class Features(torch.nn.Module):
    def __init__(self):
        super().__init__()
        shape = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24)
        shape |= dict(num_attention_heads=16, image_size=336, patch_size=14)
        self.tower = CLIPVisionModel(CLIPVisionConfig(**shape)).eval()

    def forward(self, pixels):
        return self.tower(pixels, output_hidden_states=True).hidden_states[-2][:, 1:]


def timed(name, repeats, run):
    run()
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    print(f"{name} vision of a picture: {sorted(seconds)[repeats // 2]:.3f} s", flush=True)


def main(repeats):
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    features, pixels = Features().eval(), torch.randn(1, 3, 336, 336)
    with torch.inference_mode():
        timed("torch-float32", repeats, lambda: features(pixels))
        with torch.autocast("cpu", torch.bfloat16):
            timed("torch-bfloat16", repeats, lambda: features(pixels))
    model = openvino.convert_model(features, example_input=pixels, input=[1, 3, 336, 336])
    for precision in ("f32", "bf16"):
        hints = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": str(THREADS),
        }
        compiled = openvino.Core().compile_model(model, "CPU", hints)
        timed("openvino-" + precision, repeats, lambda: compiled(pixels.numpy()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
