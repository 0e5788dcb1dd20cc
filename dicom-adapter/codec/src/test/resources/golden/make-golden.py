#!/usr/bin/env python3
"""Makes the small DICOM files of this folder and expected.tsv.

The stored values come from other implementations, never from our own decoder: pydicom 3.0.2 with
`raw=True` (native, RLE), Pillow on libjpeg-turbo (JPEG of 8 bits, its YCbCr untouched) and dcmtk
3.6.7 (`dcmcjpeg` writes and `dcmdjpeg` decodes JPEG of 12 bits).

    pip install pydicom==3.0.2 numpy pillow && ./make-golden.py      (dcmtk on the PATH)
"""
import hashlib
import io
import pathlib
import subprocess
import zlib

import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import pixel_array
from pydicom.pixels.utils import pack_bits
from pydicom.uid import UID

HERE = pathlib.Path(__file__).parent
IMPLICIT, EXPLICIT = UID("1.2.840.10008.1.2"), UID("1.2.840.10008.1.2.1")
DEFLATED, BIG = UID("1.2.840.10008.1.2.1.99"), UID("1.2.840.10008.1.2.2")
UNCOMPRESSED, RLE = UID("1.2.840.10008.1.2.1.98"), UID("1.2.840.10008.1.2.5")
DEFLATED_FRAMES = UID("1.2.840.10008.1.2.8.1")
BASELINE, EXTENDED = UID("1.2.840.10008.1.2.4.50"), UID("1.2.840.10008.1.2.4.51")
random = np.random.default_rng(20260101)
rows_of_table = []


def dataset(syntax, array, bits_stored=None, photometric="MONOCHROME2", frames=1, planar=0):
    colour = photometric not in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "2.25.1"
    shape = array.shape[1:] if frames > 1 else array.shape
    ds.Rows, ds.Columns = shape[0], shape[1]
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = photometric
    if colour:
        ds.PlanarConfiguration = planar
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.BitsAllocated = array.dtype.itemsize * 8
    ds.BitsStored = bits_stored or ds.BitsAllocated
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = 1 if array.dtype.kind == "i" else 0
    return ds


def save(name, ds, data, vr="OW", expected=None, tag="PixelData"):
    setattr(ds, tag, data + b"\0" * (len(data) % 2))
    if tag == "PixelData":
        ds["PixelData"].VR = vr
        if ds.file_meta.TransferSyntaxUID.is_encapsulated:
            ds["PixelData"].is_undefined_length = True
    path = HERE / (name + ".dcm")
    ds.save_as(path, enforce_file_format=True)
    if expected is None:
        expected = pixel_array(path, raw=True)
    expected = np.ascontiguousarray(expected, expected.dtype.newbyteorder("<"))
    rows_of_table.append((
        path.name, "x".join(map(str, expected.shape)), expected.dtype.name,
        hashlib.sha256(expected.tobytes()).hexdigest()))


def noise(shape, dtype, low, high):
    return random.integers(low, high, shape, dtype=dtype, endpoint=True)


def native():
    a = noise((7, 5), np.int16, -2048, 2047)
    stored = (a & 0x0FFF).astype("<u2")
    save("implicit-12-signed", dataset(IMPLICIT, a, 12), stored.tobytes())
    big = noise((3, 3, 5), np.uint8, 0, 255)
    swapped = np.frombuffer(big.tobytes() + b"\0", ">u2").astype("<u2").tobytes()
    save("big-endian-ow-8-odd-frames", dataset(BIG, big, frames=3), swapped, "OW", big)
    save("big-endian-ob-8", dataset(BIG, big, frames=3), big.tobytes(), "OB", big)
    b16 = noise((4, 3), np.int16, -32768, 32767)
    save("big-endian-16-signed", dataset(BIG, b16), b16.astype(">i2").tobytes())
    b32 = noise((2, 4, 3), np.uint32, 0, 2**32 - 1)
    save("big-endian-32", dataset(BIG, b32, frames=2), b32.astype(">u4").tobytes())
    planes = noise((4, 5, 3), np.uint16, 0, 65535)
    save("planar-16", dataset(EXPLICIT, planes, photometric="RGB", planar=1),
         planes.transpose(2, 0, 1).tobytes())
    s8 = noise((4, 4), np.int8, -64, 63)
    save("signed-7-of-8", dataset(EXPLICIT, s8, 7), (s8 & 0x7F).astype("u1").tobytes(), "OB", s8)
    high = noise((4, 4), np.uint16, 0, 65535)
    # pydicom clears all bits above Bits Stored; by our definition only those of overlays are
    save("unsigned-above-bits-stored", dataset(EXPLICIT, high, 12), high.tobytes(), expected=high)
    ds = dataset(EXPLICIT, high, 12)
    ds.add_new(0x60000010, "US", 4)
    ds.add_new(0x60000011, "US", 4)
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 16)
    ds.add_new(0x60000102, "US", 15)
    save("overlay-in-bit-15", ds, high.tobytes(), expected=high & 0x7FFF)
    deflated = noise((2, 6, 5), np.uint16, 0, 9)
    save("deflated", dataset(DEFLATED, deflated, frames=2), deflated.tobytes(),
         expected=deflated)
    ybr = noise((4, 6, 3), np.uint8, 0, 255)
    half = b"".join(bytes([*ybr[y, x:x + 2, 0], *ybr[y, x, 1:]])
                    for y in range(4) for x in range(0, 6, 2))
    save("ybr-full-422", dataset(EXPLICIT, ybr, photometric="YBR_FULL_422"), half, "OB")
    bits = noise((3, 5, 7), np.uint8, 0, 1)
    ds = dataset(EXPLICIT, bits, frames=3)
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    save("one-bit-3-frames", ds, pack_bits(bits), "OB")
    for name, dtype, tag in (("float", "<f4", "FloatPixelData"),
                             ("double", "<f8", "DoubleFloatPixelData")):
        f = random.normal(size=(3, 4)).astype(dtype)
        ds = dataset(EXPLICIT, f)
        del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
        save(name, ds, f.tobytes(), tag=tag)


def fragments():
    frames = noise((2, 5, 3), np.uint16, 0, 65535)
    save("encapsulated-uncompressed", dataset(UNCOMPRESSED, frames, frames=2),
         encapsulate([f.tobytes() for f in frames]), "OB", frames)
    raw = [zlib.compressobj(9, zlib.DEFLATED, -15) for _ in frames]
    packed = [z.compress(f.tobytes()) + z.flush() for z, f in zip(raw, frames)]
    # pydicom does not know this transfer syntax: the file is written with another UID of its length
    save("deflated-frames", dataset(BASELINE, frames, frames=2), encapsulate(packed), "OB", frames)
    path = HERE / "deflated-frames.dcm"
    path.write_bytes(path.read_bytes().replace(BASELINE.encode(), DEFLATED_FRAMES.encode() + b"\0"))
    for name, dtype, shape, photometric in (
            ("rle-8-rgb", np.uint8, (9, 11, 3), "RGB"),
            ("rle-16-signed", np.int16, (3, 300), "MONOCHROME2")):
        a = noise(shape, dtype, 0, 3)
        ds = dataset(EXPLICIT, a, photometric=photometric)
        ds.PixelData = a.tobytes()
        ds.compress(RLE, a, generate_instance_uid=False)
        save(name, ds, ds.PixelData, "OB", a)


def smooth(rows, columns, channels):
    y, x, c = np.mgrid[0:rows, 0:columns, 0:channels]
    a = 128 + 90 * np.sin(x / 5 + c) * np.cos(y / 4 - c) + random.normal(0, 12, x.shape)
    return np.clip(a, 0, 255).astype(np.uint8)


def jpeg8():
    variants = {
        "jpeg-444": {"subsampling": 0}, "jpeg-422": {"subsampling": 1},
        "jpeg-420": {"subsampling": 2}, "jpeg-420-restart": {"restart_marker_blocks": 2},
        "jpeg-420-optimised": {"optimize": True}}
    for name, options in variants.items():
        stream = io.BytesIO()
        Image.fromarray(smooth(37, 43, 3)).save(stream, "JPEG", quality=80, **options)
        picture = Image.open(io.BytesIO(stream.getvalue()))
        picture.draft("YCbCr", picture.size)
        ybr = np.asarray(picture)
        assert picture.mode == "YCbCr" and ybr.shape == (37, 43, 3)
        ds = dataset(BASELINE, ybr, photometric="YBR_FULL_422")
        save(name, ds, encapsulate([stream.getvalue()]), "OB", ybr)
    stream = io.BytesIO()
    Image.fromarray(smooth(37, 43, 1)[..., 0]).save(stream, "JPEG", quality=60)
    grey = np.asarray(Image.open(io.BytesIO(stream.getvalue())))
    save("jpeg-grey", dataset(BASELINE, grey), encapsulate([stream.getvalue()]), "OB", grey)


def jpeg12():
    source = HERE / "source.tmp"
    a = (smooth(37, 43, 1)[..., 0].astype(np.uint16) * 16) + noise((37, 43), np.uint16, 0, 15)
    ds = dataset(EXPLICIT, a, 12)
    ds.PixelData = a.tobytes()
    ds["PixelData"].VR = "OW"
    ds.save_as(source, enforce_file_format=True)
    for name, option in (("jpeg-12-extended", "+ee"), ("jpeg-12-spectral", "+es"),
                         ("jpeg-12-progressive", "+ep")):
        target, back = HERE / (name + ".dcm"), HERE / "back.tmp"
        subprocess.run(["dcmcjpeg", option, "+q", "85", "+un", source, target], check=True)
        subprocess.run(["dcmdjpeg", target, back], check=True)
        expected = dcmread(back).pixel_array
        written = dcmread(target)
        save(name, written, written.PixelData, "OB", expected)
        back.unlink()
    source.unlink()


native()
fragments()
jpeg8()
jpeg12()
with open(HERE / "expected.tsv", "w") as table:
    table.write("# made by make-golden.py: file, shape, type, sha256 of the stored values\n")
    for row in rows_of_table:
        table.write("\t".join(row) + "\n")
