#!/usr/bin/env python3
"""Makes the small JPEG 2000 files of this folder and expected.tsv.

Pillow (OpenJPEG) writes the codestreams. The values are the source's where nothing is lost, which
pylibjpeg-openjpeg's decoder confirms, and that decoder's where something is (lossy files; their
values are in NAME.bin).

    pip install pydicom==3.0.2 numpy pillow pylibjpeg-openjpeg && ./make-jpeg2000.py
"""
import hashlib
import io
import pathlib

import numpy as np
import openjpeg
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

HERE = pathlib.Path(__file__).parent
LOSSLESS, LOSSY = UID("1.2.840.10008.1.2.4.90"), UID("1.2.840.10008.1.2.4.91")
random = np.random.default_rng(20260102)
table = []


def smooth(shape, top):
    y, x, c = np.mgrid[0:shape[0], 0:shape[1], 0:shape[2] if len(shape) > 2 else 1]
    a = 0.5 + 0.35 * np.sin(x / 5 + c) * np.cos(y / 4 - c) + random.normal(0, 0.04, x.shape)
    return np.clip(a * top, 0, top).reshape(shape)


def save(name, array, bits, photometric="MONOCHROME2", signed=False, lossy=False, source=None, **options):
    wide = array.dtype.itemsize == 2
    image = Image.fromarray(source if source is not None else array.view(np.uint16) if wide else array)
    stream = io.BytesIO()
    options.setdefault("no_jp2", True)
    image.save(stream, "JPEG2000", irreversible=lossy, **options)
    code = bytearray(stream.getvalue())
    if signed:  # the same coefficients, without the shift to the middle of the range
        code[code.index(b"\xff\x51") + 40] |= 0x80
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = LOSSY if lossy else LOSSLESS
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
    ds.Rows, ds.Columns = array.shape[:2]
    ds.SamplesPerPixel = 3 if array.ndim > 2 else 1
    ds.PhotometricInterpretation = photometric
    if array.ndim > 2:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16 if wide else 8, bits, bits - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    ds.PixelData = encapsulate([bytes(code)])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(HERE / (name + ".dcm"), enforce_file_format=True)
    decoded = openjpeg.decode(bytes(code))
    if "offset" in options:  # whose wrapper takes the offset for a part of the image
        decoded = np.asarray(Image.open(io.BytesIO(code)))
    if lossy:
        array = decoded
        (HERE / (name + ".bin")).write_bytes(array.tobytes())
    else:
        assert np.array_equal(decoded.view(array.dtype), array), name
    table.append((name + ".dcm", "x".join(map(str, array.shape)), array.dtype.name,
                  hashlib.sha256(array.tobytes()).hexdigest()))


grey = smooth((37, 43), 255).astype(np.uint8)
grey16 = smooth((37, 43), 65535).astype(np.uint16)
rgb = smooth((37, 43, 3), 255).astype(np.uint8)
save("grey-8", grey, 8)
save("grey-16", grey16, 16)
save("signed-in-unsigned-stream", (grey16.astype(int) - 32768).astype(np.int16), 16)
save("signed-stream", (grey16.astype(int) - 32768).astype(np.int16), 16, source=grey16, signed=True)
save("rgb-no-transform", rgb, 8, "RGB", mct=0)
save("rgb-reversible", rgb, 8, "YBR_RCT", mct=1)
save("jp2-boxes", rgb, 8, "YBR_RCT", mct=1, no_jp2=False)
save("tiles", rgb, 8, "YBR_RCT", mct=1, tile_size=(16, 16))
save("tiles-offset", rgb, 8, "RGB", mct=0, tile_size=(16, 11), offset=(5, 3), tile_offset=(2, 1))
save("layers-precincts", grey16, 16, quality_mode="rates", quality_layers=[20, 5, 1],
     num_resolutions=4, codeblock_size=(8, 16), precinct_size=(32, 32), progression="RPCL")
save("progression-cprl", rgb, 8, "RGB", mct=0, progression="CPRL", num_resolutions=3)
save("packet-lengths", grey, 8, plt=True)
save("one-level", grey, 8, num_resolutions=1)
save("grey-lossy", grey, 8, lossy=True, quality_mode="rates", quality_layers=[4])
save("rgb-lossy", rgb, 8, "YBR_ICT", lossy=True, mct=1, quality_mode="rates", quality_layers=[3])
with open(HERE / "expected.tsv", "w") as out:
    out.write("# made by make-jpeg2000.py: file, shape, type, sha256 of the stored values\n")
    for row in table:
        out.write("\t".join(row) + "\n")
