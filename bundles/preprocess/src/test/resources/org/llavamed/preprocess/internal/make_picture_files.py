"""Writes picture files of every kind and expected.json: what Pillow reads from them, over black, upright.

    python3 -m venv venv && venv/bin/pip install pillow numpy && venv/bin/python make_picture_files.py
"""

import hashlib
import json
import pathlib

import numpy
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 19, 13
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
grey = ((x + y * WIDTH) % 256).astype(numpy.uint8)
rgb = numpy.dstack([grey, 255 - grey, (x * 12).astype(numpy.uint8)])
alpha = (y * 20).astype(numpy.uint8)
expected = {}


def over_black(colours, opacity):
    return ((colours.astype(int) * opacity.astype(int)[..., None] * 2 + 255) // 510).astype(numpy.uint8)


def note(name, pixels):
    if pixels.ndim == 3 and (pixels == pixels[:, :, :1]).all():
        pixels = pixels[:, :, 0]
    shape = list(pixels.shape) if pixels.ndim == 3 else [*pixels.shape, 1]
    expected[name] = {"shape": shape, "sha256": hashlib.sha256(numpy.ascontiguousarray(pixels).tobytes()).hexdigest()}


def write(name, array, pixels=None, mode=None, **options):
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    image.save(HERE / name, **options)
    if pixels is None:
        pixels = numpy.asarray(ImageOps.exif_transpose(Image.open(HERE / name)).convert("RGB"))
    note(name, pixels)


write("grey.png", grey)
write("grey-1-bit.png", Image.fromarray((grey > 90).astype(numpy.uint8) * 255).convert("1"))
write("grey-16-bit.png", (grey.astype(numpy.uint16) * 257 + x % 3 * 40).astype(numpy.uint16),
      (((grey.astype(int) * 257 + x % 3 * 40) % 65536 + 128) // 257).astype(numpy.uint8))
write("grey-alpha.png", numpy.dstack([grey, alpha]), over_black(grey[..., None], alpha))
write("rgb.png", rgb)
write("rgb-alpha.png", numpy.dstack([rgb, alpha]), over_black(rgb, alpha))
write("palette.png", Image.fromarray(rgb).quantize(64))
write("grey.bmp", grey)
write("rgb.bmp", rgb)
write("palette.gif", Image.fromarray(rgb).quantize(64))
write("two-frames.gif", Image.fromarray(grey), save_all=True, append_images=[Image.fromarray(255 - grey)])
write("grey.tif", grey)
write("grey-16-bit.tif", grey.astype(numpy.uint16) * 257, grey)
write("rgb-lzw.tif", rgb, compression="tiff_lzw")
write("rgb-deflate.tif", rgb, compression="tiff_adobe_deflate")
write("grey.jpg", grey, quality=90)
write("rgb.jpg", rgb, quality=90, subsampling=0)
write("rgb-subsampled.jpg", Image.fromarray(rgb).resize((64, 48)), quality=85, subsampling=2)
write("progressive.jpg", rgb, quality=90, progressive=True, subsampling=0)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    write(f"orientation-{orientation}.jpg", rgb, quality=90, subsampling=0, exif=exif)
cmyk = Image.fromarray(numpy.dstack([rgb, alpha // 2]), "CMYK")
write("cmyk.jpg", cmyk, quality=95)
# The same samples, declared as Y, Cb, Cr and K: Adobe's transform 2.
data = bytearray((HERE / "cmyk.jpg").read_bytes())
data[data.index(b"Adobe") + 11] = 2
(HERE / "ycck.jpg").write_bytes(data)
note("ycck.jpg", numpy.asarray(Image.open(HERE / "ycck.jpg").convert("RGB")))
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
print(len(expected), "files")
