#!/usr/bin/env python3
"""Takes the frames that fuzzing begins with out of the DICOM files of this folder and of jpeg2000.

    pip install pydicom==3.0.2
    ./make-fuzz.py
"""
import pathlib

from pydicom import dcmread
from pydicom.encaps import generate_frames

HERE = pathlib.Path(__file__).parent
OUT = HERE.parents[2] / "main/resources/org/llavamed/codec/internal/fuzz"
NAMES = """jpeg-grey jpeg-420 jpeg-420-restart jpeg-12-extended jpeg-12-progressive jpeg-12-spectral
jpeg-lossless-4 jpeg-lossless-restart jpeg-lossless-rgb-scans jpeg-lossless-signed-12
jpeg-ls-8-bits jpeg-ls-sample-8-near-3 jpeg-ls-line-16-near-0 jpeg-ls-none-8-near-0 jpeg-ls-parameters
jpeg-ls-restart rle-8-rgb rle-16-signed deflated-frames""".split()
JPEG_2000 = "grey-8 grey-16 grey-lossy jp2-boxes layers-precincts rgb-reversible tiles".split()

lines = ["file\ttransfer syntax\trows\tcolumns\tsamples\tphotometric\tbits allocated\tbits stored\tsigned"]
paths = [HERE / f"{name}.dcm" for name in NAMES]
paths += [HERE.parent / f"jpeg2000/{name}.dcm" for name in JPEG_2000]
for path in paths:
    name = path.stem
    if not path.exists():
        raise SystemExit(f"{path} is missing")
    ds = dcmread(path)
    (OUT / f"{name}.frame").write_bytes(next(generate_frames(ds.PixelData, number_of_frames=1)))
    lines.append("\t".join(str(value) for value in (
        f"{name}.frame", ds.file_meta.TransferSyntaxUID, ds.Rows, ds.Columns, ds.SamplesPerPixel,
        ds.PhotometricInterpretation, ds.BitsAllocated, ds.BitsStored, ds.PixelRepresentation)))
(OUT / "frames.tsv").write_text("\n".join(lines) + "\n")
