"""Writes golden-pictures.json: what Pillow and numpy make of generated pictures.

    python3 -m venv venv && venv/bin/pip install pillow numpy && venv/bin/python make_golden_pictures.py

With `transformers` installed too, every case is also run through its CLIPImageProcessor and must be equal.
"""

import hashlib
import json
import pathlib

import numpy
import PIL
from PIL import Image

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
SIZES = [
    (1, 1), (1, 7), (7, 1), (2, 3), (5, 5), (33, 1000), (1000, 33), (100, 100), (112, 113), (223, 224), (224, 224),
    (225, 224), (224, 500), (336, 336), (448, 448), (500, 333), (512, 512), (640, 480), (481, 641), (3, 2001),
    (1537, 1023), (2048, 2500),
]


def generated(width, height, channels, kind):
    """The same numbers as GeneratedPictures.java makes."""
    i = numpy.arange(width * height * channels, dtype=numpy.uint32)
    if kind == "noise":
        v = i * numpy.uint32(2654435761)
        v ^= v >> numpy.uint32(15)
        v *= numpy.uint32(2246822519)
        v >>= numpy.uint32(24)
    else:
        c = i % channels
        x = i // channels % width
        y = i // channels // width
        v = (x * 3 + y * 2 + c * 40) // 5 % 256
    return v.astype(numpy.uint8).reshape(height, width, channels)


def squared(image):
    width, height = image.size
    if width == height:
        return image
    side = max(width, height)
    canvas = Image.new("RGB", (side, side), tuple(int(m * 255) for m in MEAN))
    canvas.paste(image, ((side - width) // 2, (side - height) // 2))
    return canvas


def resized(image, edge, crop):
    width, height = image.size
    short, long = min(width, height), max(width, height)
    length = int(edge * long / short)
    image = image.resize((edge, length) if width <= height else (length, edge), Image.Resampling.BICUBIC)
    left, top = (image.width - crop) // 2, (image.height - crop) // 2
    return numpy.asarray(image.crop((left, top, left + crop, top + crop)))


def normalised(pixels):
    values = (pixels.astype(numpy.float64) * 0.00392156862745098).astype(numpy.float32)
    values = (values - numpy.array(MEAN, numpy.float32)) / numpy.array(STD, numpy.float32)
    return numpy.ascontiguousarray(values.transpose(2, 0, 1))


def checked_by_transformers(image, edge, crop, values):
    try:
        from transformers.models.clip.image_processing_clip import CLIPImageProcessor
    except ImportError:
        return False
    processor = CLIPImageProcessor(size={"shortest_edge": edge}, crop_size={"height": crop, "width": crop})
    other = processor(image, return_tensors="np", input_data_format="channels_last")["pixel_values"][0]
    assert other.dtype == numpy.float32 and numpy.array_equal(other, values), (image.size, edge, crop)
    return True


def main():
    cases = []
    checked = 0
    for n, (width, height) in enumerate(SIZES):
        for channels in (1, 3):
            for mode in ("square", "pad"):
                edge, crop = ((224, 224), (336, 336), (256, 224))[n % 3]
                kind = ("noise", "ramp")[(n + channels // 2) % 2]
                pixels = generated(width, height, channels, kind)
                image = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).convert("RGB")
                if mode == "pad":
                    image = squared(image)
                square = resized(image, edge, crop)
                values = normalised(square)
                checked += checked_by_transformers(image, edge, crop, values)
                cases.append({
                    "width": width, "height": height, "channels": channels, "kind": kind, "mode": mode, "edge": edge, "crop": crop,
                    "pixels": hashlib.sha256(square.tobytes()).hexdigest(),
                    "values": hashlib.sha256(values.astype("<f4").tobytes()).hexdigest(),
                })
    out = pathlib.Path(__file__).parent / "golden-pictures.json"
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    out.write_text('{"pillow": "%s", "numpy": "%s", "cases": [\n%s\n]}\n' % (PIL.__version__, numpy.__version__, lines))
    print(f"{len(cases)} cases, {checked} of them also equal to transformers")


main()
