#!/usr/bin/env python3
"""Makes the small DICOM files of this folder and expected.tsv.

The stored values come from other implementations, never from our own decoder: pydicom 3.0.2 with
`raw=True` (native, RLE), Pillow on libjpeg-turbo (JPEG of 8 bits, its YCbCr untouched), dcmtk
3.6.7 (`dcmcjpeg` writes and `dcmdjpeg` decodes JPEG of 12 bits and lossless JPEG) and CharLS by
pyjpegls 1.5.1 (JPEG-LS; dcmtk's `dcmcjpls` where coding parameters are chosen, and its `dcmdjpls`
has to agree). What no encoder of these offers is joined of its streams: restart intervals, which
are small pictures of their own, scans of single components, and the precision of lossless JPEG.

    pip install pydicom==3.0.2 numpy pillow pyjpegls==1.5.1 pylibjpeg-libjpeg==2.5.0
    ./make-golden.py      (dcmtk on the PATH)
"""
import hashlib
import io
import pathlib
import struct
import subprocess
import tempfile
import zlib

import jpeg_ls
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.pixels import pixel_array
from pydicom.pixels.utils import pack_bits
from pydicom.uid import UID

HERE = pathlib.Path(__file__).parent
IMPLICIT, EXPLICIT = UID("1.2.840.10008.1.2"), UID("1.2.840.10008.1.2.1")
DEFLATED, BIG = UID("1.2.840.10008.1.2.1.99"), UID("1.2.840.10008.1.2.2")
UNCOMPRESSED, RLE = UID("1.2.840.10008.1.2.1.98"), UID("1.2.840.10008.1.2.5")
DEFLATED_FRAMES = UID("1.2.840.10008.1.2.8.1")
BASELINE, EXTENDED = UID("1.2.840.10008.1.2.4.50"), UID("1.2.840.10008.1.2.4.51")
LOSSLESS, LOSSLESS_1 = UID("1.2.840.10008.1.2.4.57"), UID("1.2.840.10008.1.2.4.70")
LS, LS_NEAR = UID("1.2.840.10008.1.2.4.80"), UID("1.2.840.10008.1.2.4.81")
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
        ds.compress(RLE, a, encoding_plugin="pydicom", generate_instance_uid=False)
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



def stream(frame, tool, *options, bits=None):
    """Compresses a frame with a tool of dcmtk."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = folder + "/source", folder + "/target"
        ds = dataset(EXPLICIT, frame, bits, "RGB" if frame.ndim == 3 else "MONOCHROME2")
        ds.PixelData = frame.tobytes() + b"\0" * (frame.nbytes % 2)
        ds["PixelData"].VR = "OB" if frame.itemsize == 1 else "OW"
        ds.save_as(source, enforce_file_format=True)
        subprocess.run([tool, *options, source, target], check=True)
        return next(generate_frames(dcmread(target).PixelData, number_of_frames=1))


def save_stream(name, syntax, data, expected, bits=None, checker=None):
    """Saves a frame; another decoder, where given, has to give the expected values."""
    photometric = "RGB" if expected.ndim == 3 else "MONOCHROME2"
    ds = dataset(syntax, expected, bits, photometric)
    save(name, ds, encapsulate([bytes(data)]), "OB", expected)
    if checker:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([checker, HERE / (name + ".dcm"), folder + "/back"], check=True)
            back = dcmread(folder + "/back")
            if photometric == "RGB":  # dcmtk may write it by plane
                found = pixel_array(back, raw=True)
            else:
                found = back.pixel_array
        assert np.array_equal(found, expected), name


def patient(rows, columns, bits, channels=None):
    """A bright disc with a gradient and noise before a background that is partly flat."""
    y, x, c = np.mgrid[0:rows, 0:columns, 0:channels or 1]
    most = 2 ** bits - 1
    inside = (y - rows / 2) ** 2 + (x - columns / 2) ** 2 < (min(rows, columns) / 2.5) ** 2
    a = most * (0.1 + inside * (0.4 + 0.4 * x / columns - 0.1 * c))
    a = a + random.normal(0, most / 60, x.shape) * (inside | (y > rows * 0.8))
    a = np.clip(a, 0, most).astype(np.uint8 if bits <= 8 else np.uint16)
    return a if channels else a[..., 0]


def segments(data):
    """Splits a stream of one scan into its marker segments and the coded data."""
    parts, at = {}, 2
    while True:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
        parts[marker] = parts.get(marker, b"") + data[at:at + 2 + length]
        at += 2 + length
        if marker == 0xDA:
            return parts, data[at:data.rindex(b"\xff\xd9")]


def restarts(strips, rows, interval, frame_marker):
    """Joins streams of strips that have the same tables: one frame with restart markers."""
    parts, _ = segments(strips[0])
    frame = bytearray(parts[frame_marker])
    frame[5:7] = struct.pack(">H", rows)
    out = b"\xff\xd8" + frame + parts.get(0xC4, b"") + parts.get(0xF8, b"")
    out += b"\xff\xdd\0\4" + struct.pack(">H", interval) + parts[0xDA]
    for i, strip in enumerate(strips):
        others, coded = segments(strip)
        assert others.get(0xC4) == parts.get(0xC4)
        out += (bytes([0xFF, 0xD0 + (i - 1) % 8]) if i else b"") + coded
    return out + b"\xff\xd9"


def lossless_jpeg():
    def encode(frame, selection, *options, **more):
        return stream(frame, "dcmcjpeg", "+el", "+sv", str(selection), *options, **more)

    def keep(name, data, expected, bits=None, syntax=LOSSLESS):
        save_stream("jpeg-lossless-" + name, syntax, data, expected, bits, "dcmdjpeg")

    for selection in range(1, 8):
        a = noise((9, 11), np.uint16, 0, 65535)
        a[:, 4:] = patient(9, 7, 16)
        keep(f"{selection}", encode(a, selection), a)
    a = patient(19, 23, 8)
    keep("sv1", stream(a, "dcmcjpeg", "+e1"), a, syntax=LOSSLESS_1)
    for bits, shift in ((8, 2), (16, 5)):
        a = patient(19, 23, bits)
        keep(f"{bits}-shift", encode(a, 5, "+pt", str(shift)), a >> shift << shift)
    signed = patient(19, 23, 12).astype(np.int16) - 2048
    keep("signed-12", encode((signed & 0xFFF).astype(np.int16), 4, bits=12), signed, 12)
    for bits, selection in ((8, 7), (16, 4)):
        a = patient(19, 23, bits, 3)
        keep(f"rgb-{bits}", encode(a, selection), a)
    a = patient(19, 23, 8, 3)
    parts = [segments(encode(np.ascontiguousarray(a[..., i]), 6)) for i in range(3)]
    frame = bytearray(segments(encode(a, 6))[0][0xC3])
    out = b"\xff\xd8" + frame
    for i, (one, coded) in enumerate(parts):
        scan = bytearray(one[0xDA])
        scan[5] = frame[10 + 3 * i]
        out += one[0xC4] + scan + coded
    keep("rgb-scans", out + b"\xff\xd9", a)
    strip = patient(2, 23, 16)
    strip[0, 0] = 100
    strips = [strip + np.uint16(i) for i in range(11)]
    keep("restart", restarts([encode(s, 6) for s in strips], 22, 46, 0xC3), np.concatenate(strips))
    for bits, coded_bits in ((2, 8), (5, 8), (10, 16), (14, 16)):
        a = patient(19, 23, bits)
        # all predictions start at half of the range, everything else is relative
        moved = a + a.dtype.type(2 ** (coded_bits - 1) - 2 ** (bits - 1))
        data = bytearray(encode(moved, 7))
        data[data.index(b"\xff\xc3") + 4] = bits
        keep(f"{bits}-bits", data, a, bits)


def jpeg_ls_frames():
    # CharLS takes and gives planes where nothing is interleaved, else pixels
    orders = {0: (2, 0, 1), 1: (0, 1, 2), 2: (0, 1, 2)}

    def encode(a, bits, near=0, interleave=0):
        ordered = a.transpose(orders[interleave]) if a.ndim == 3 else a
        return bytes(jpeg_ls.encode_buffer(
            ordered.tobytes(), a.shape[0], a.shape[1], a.shape[2] if a.ndim == 3 else 1, bits,
            near, interleave))

    def decode(data, a, interleave=0):
        found = np.frombuffer(bytes(jpeg_ls.decode_buffer(bytes(data))[0]), a.dtype)
        if a.ndim == 2:
            return found.reshape(a.shape)
        order = orders[interleave]
        return found.reshape([a.shape[i] for i in order]).transpose(np.argsort(order))

    def keep(name, data, a, bits, near=0, interleave=0, checker="dcmdjpls"):
        expected = decode(data, a, interleave)
        assert np.abs(expected.astype(int) - a).max() <= near
        assert near == 0 or not np.array_equal(expected, a)
        syntax = LS_NEAR if near else LS
        known = bits in (8, 12, 16)  # all that dcmtk takes
        save_stream("jpeg-ls-" + name, syntax, data, expected, bits, checker if known else None)

    for bits in (2, 5, 7, 8, 9, 10, 12, 15, 16):
        a = patient(19, 23, bits)
        keep(f"{bits}-bits", encode(a, bits), a, bits)
    for near, bits in ((1, 8), (2, 12), (5, 16), (10, 8), (3, 5)):
        a = patient(19, 23, bits)
        keep(f"near-{near}-{bits}-bits", encode(a, bits, near), a, bits, near)
    for interleave, name in enumerate(("none", "line", "sample")):
        for bits, near in ((8, 0), (16, 0), (8, 3)):
            a = patient(19, 23, bits, 3)
            keep(f"{name}-{bits}-near-{near}", encode(a, bits, near, interleave), a, bits, near,
                 interleave)
        a = patient(22, 23, 8, 3)
        strips = [encode(a[y:y + 2], 8, 0, interleave) for y in range(0, 22, 2)]
        if interleave:
            joined = restarts(strips, 22, 2, 0xF7)
            keep(f"{name}-restart", joined, a, 8, 0, interleave, None)
    a = patient(22, 23, 12)
    strips = [encode(a[y:y + 2], 12) for y in range(0, 22, 2)]
    keep("restart", restarts(strips, 22, 2, 0xF7), a, 12, checker=None)
    a = patient(19, 23, 8)
    chosen = stream(a, "dcmcjpls", "+t1", "5", "+t2", "9", "+t3", "12", "+rs", "31")
    keep("parameters", chosen, a, 8)
    # a largest value below the precision's: coded as with eight bits
    wide = bytearray(encode(a, 8))
    wide[wide.index(b"\xff\xf7") + 4] = 9
    at = wide.index(b"\xff\xda")
    wide[at:at] = b"\xff\xf8\0\x0d\1\0\xff\0\3\0\7\0\x15\0\x40"
    save_stream("jpeg-ls-largest-value", LS, wide, a.astype(np.uint16), 9)
    # not with CharLS, which takes the limit of a code from the precision
    found = pixel_array(HERE / "jpeg-ls-largest-value.dcm", raw=True, decoding_plugin="pylibjpeg")
    assert np.array_equal(found, a)
    signed = patient(19, 23, 12).astype(np.int16) - 2048
    data = stream((signed & 0xFFF).astype(np.int16), "dcmcjpls", bits=12)
    save_stream("jpeg-ls-signed-12", LS, data, signed, 12, "dcmdjpls")


native()
fragments()
jpeg8()
jpeg12()
lossless_jpeg()
jpeg_ls_frames()
with open(HERE / "expected.tsv", "w") as table:
    table.write("# made by make-golden.py: file, shape, type, sha256 of the stored values\n")
    for row in rows_of_table:
        table.write("\t".join(row) + "\n")
