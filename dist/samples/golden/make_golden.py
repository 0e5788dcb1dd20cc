#!/usr/bin/python3
"""Makes the reference pictures and INDEX.tsv of this folder from the samples beside it.

    /usr/bin/python3 make_golden.py

Needs Debian's python3-pydicom and numpy, which read the files independently of our own code. Grey
pictures follow PS3.3 C.11.2.1.2 (window of the file, function LINEAR), the result rounded half up to 8
bits; the standard leaves the rounding open, so another renderer may differ by 1. RGB stays as stored.
"""

import csv
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pydicom

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent
# Pictures kept as PNG: those that the default protocol reads (the middles of three equal parts of
# the series and of the cine, and the colour one). Frames count from 1.
KEPT = {
    ("mr-brain/brain_004.dcm", 1),
    ("mr-brain/brain_011.dcm", 1),
    ("mr-brain/brain_017.dcm", 1),
    ("multiframe/mr-heart-cine.dcm", 3),
    ("multiframe/mr-heart-cine.dcm", 9),
    ("multiframe/mr-heart-cine.dcm", 14),
    ("colour/mr-brain-colour.dcm", 1),
}


def window_linear(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    """Returns the 8-bit output of the LINEAR function of PS3.3 C.11.2.1.2.1."""
    scaled = ((values - (centre - 0.5)) / (width - 1) + 0.5) * 255.0
    grey = np.floor(np.clip(scaled, 0, 255) + 0.5)
    grey[values <= centre - 0.5 - (width - 1) / 2] = 0
    grey[values > centre - 0.5 + (width - 1) / 2] = 255
    return grey.astype(np.uint8)


def render(data: pydicom.Dataset, stored: np.ndarray) -> np.ndarray:
    if data.PhotometricInterpretation == "RGB":
        return stored
    modality = stored * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))
    return window_linear(modality, float(data.WindowCenter), float(data.WindowWidth))


def write_png(path: Path, picture: np.ndarray) -> None:
    """Writes 8-bit grey or RGB; filter type 0 in every row."""
    height, width = picture.shape[:2]
    colour_type = 2 if picture.ndim == 3 else 0
    rows = b"".join(b"\0" + row.tobytes() for row in picture)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def main() -> None:
    rows = []
    for file in sorted(SAMPLES.glob("*/*.dcm")):
        path = file.relative_to(SAMPLES).as_posix()
        data = pydicom.dcmread(file)
        frames = data.pixel_array if "NumberOfFrames" in data else data.pixel_array[np.newaxis]
        for number, stored in enumerate(frames, 1):
            picture = render(data, stored)
            png = ""
            if (path, number) in KEPT:
                png = f"{file.stem}-{number:02d}.png"
                write_png(HERE / png, picture)
            window = f"{data.WindowCenter:g}/{data.WindowWidth:g}" if "WindowCenter" in data else ""
            rows.append([
                path, number, "x".join(map(str, stored.shape)), stored.dtype.name, stored.min(), stored.max(),
                hashlib.sha256(stored.astype(stored.dtype.newbyteorder("<")).tobytes()).hexdigest(),
                window, hashlib.sha256(picture.tobytes()).hexdigest(), png])
    with open(HERE / "INDEX.tsv", "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(["path", "frame", "shape", "dtype", "min", "max", "stored_sha256", "window",
                         "picture_sha256", "png"])
        writer.writerows(rows)
    print(f"{len(rows)} frames, {len(KEPT)} pictures")


if __name__ == "__main__":
    main()
