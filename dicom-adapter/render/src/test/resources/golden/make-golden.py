#!/usr/bin/env python3
"""Makes the small DICOM files of this folder, expected.tsv and reference-collection.tsv.

The pictures come from other implementations, never from our own renderer: dcmtk 3.6.7 (`dcm2pnm`,
with the first window or table of the file) and pydicom 3.0.2 (`apply_windowing`,
`apply_color_lut`, conversion of YBR). Where the rule is our own (percentiles, padding, functional
groups) the few lines below compute it with NumPy.

    pip install pydicom==3.0.2 numpy pillow pylibjpeg pylibjpeg-libjpeg
    ./make-golden.py [folder of the reference collection]           (dcmtk on the PATH)
"""
import csv
import gzip
import pathlib
import subprocess
import sys

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import (
    apply_color_lut, apply_windowing, convert_color_space, pixel_array)
from pydicom.pixels.utils import pack_bits
from pydicom.sequence import Sequence

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(20260101)
table = []


def dataset(array, bits_stored=None, photometric="MONOCHROME2", frames=1, modality="OT", **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "2.25.1"
    shape = array.shape[1:] if frames > 1 else array.shape
    ds.Rows, ds.Columns = shape[0], shape[1]
    colour = len(shape) == 3
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = photometric
    ds.Modality = modality
    if colour:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.BitsAllocated = array.dtype.itemsize * 8
    ds.BitsStored = bits_stored or ds.BitsAllocated
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = 1 if array.dtype.kind == "i" else 0
    for name, value in more.items():
        setattr(ds, name, value)
    if array.dtype.kind == "f":
        del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
        ds.FloatPixelData = array.tobytes()
    else:
        ds.PixelData = array.tobytes()
        ds["PixelData"].VR = "OB" if ds.BitsAllocated <= 8 else "OW"
    return ds


def save(name, ds, description, expected, frame=0):
    path = HERE / (name + ".dcm")
    ds.save_as(path, enforce_file_format=True)
    picture = expected(path) if callable(expected) else expected
    picture = np.asarray(picture, np.uint8)
    table.append((path.name, str(frame), description, "1", picture.tobytes().hex()))


def dcmtk(*options):
    def run(path):
        pnm = subprocess.run(["dcm2pnm", "-q", "-O", "-S", *options, path], check=True,
                             stdout=subprocess.PIPE).stdout
        magic, width, height, _, pixels = split(pnm)
        shape = (height, width, 3) if magic == b"P6" else (height, width)
        return np.frombuffer(pixels, np.uint8).reshape(shape)
    return run


def split(pnm):
    fields, position = [], 0
    while len(fields) < 4:
        end = position
        while pnm[end:end + 1] not in (b" ", b"\n"):
            end += 1
        if pnm[position:position + 1] == b"#":
            end = pnm.index(b"\n", position)
        else:
            fields.append(pnm[position:end])
        position = end + 1
    return fields[0], int(fields[1]), int(fields[2]), int(fields[3]), pnm[position:]


def ramp(values, low, high):
    values = np.asarray(values, np.float64)
    return np.floor(np.clip((values - low) / (high - low), 0, 1) * 255 + 0.5)


def percentiles(values):
    ordered = np.sort(values.ravel())
    rank = lambda f: ordered[int(max(1, np.ceil(f * ordered.size))) - 1]
    return float(rank(0.01)), float(rank(0.99))


def description(rule, low, high):
    return "%s %s/%s" % (rule, number(low + (high - low) / 2), number(high - low))


def number(value):
    """Java's %.6g, which keeps zeros behind the point."""
    return "%#.6g" % value


def noise(low, high, dtype, shape=(16, 16)):
    return random.integers(low, high, shape, dtype=dtype, endpoint=True)


def sixteen_bits(picture):
    """Output of pydicom's VOI functions for unsigned 16-bit pixels to 0 to 255."""
    return np.floor(picture / 65535 * 255 + 0.5)


def windows():
    hu = noise(-200, 1400, np.int16)
    hu[0, 0] = -2000
    rescale = {"RescaleIntercept": "-1024", "RescaleSlope": "1"}
    window = {"WindowCenter": ["40", "900"], "WindowWidth": ["400", "2000"]}
    save("ct-window", dataset(hu, modality="CT", **rescale, **window),
         "FILE_WINDOW 40.0000/400.000", dcmtk("+Wi", "1"))
    save("ct-brain", dataset(hu, modality="CT", BodyPartExamined="BRAIN", **rescale),
         "BODY_PART_TABLE 40.0000/80.0000", dcmtk("+Ww", "40", "80"))
    save("ct-other-units", dataset(hu, modality="CT", RescaleType="OD", **rescale),
         description("PERCENTILES", *[p - 1024 for p in percentiles(hu)]),
         ramp(hu, *percentiles(hu)))
    xr = noise(0, 4095, np.uint16)
    window = {"WindowCenter": "1800", "WindowWidth": "1500.5"}
    save("monochrome1", dataset(xr, 12, "MONOCHROME1", modality="CR", **window),
         "FILE_WINDOW 1800.00/1500.50", dcmtk("+Wi", "1"))
    ds = dataset(xr, 12, modality="CR", **window)
    save("presentation-inverse",
         dataset(xr, 12, modality="CR", PresentationLUTShape="INVERSE", **window),
         "FILE_WINDOW 1800.00/1500.50", sixteen_inverse(ds, xr))
    wide = noise(0, 65535, np.uint16)
    for name in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        ds = dataset(wide, WindowCenter="30000", WindowWidth="40000", VOILUTFunction=name)
        save("voi-" + name.lower().replace("_", "-"), ds, "FILE_WINDOW 30000.0/40000.0",
             sixteen_bits(apply_windowing(wide, ds)))
    for name, center, width in (("window-zero", "0", "0"), ("window-missing", None, None)):
        ds = dataset(wide)
        if center:
            ds.WindowCenter, ds.WindowWidth = center, width
        save(name, ds, description("PERCENTILES", *percentiles(wide)),
             ramp(wide, *percentiles(wide)))


def sixteen_inverse(ds, array):
    path = HERE / "source.tmp"
    ds.save_as(path, enforce_file_format=True)
    picture = 255 - dcmtk("+Wi", "1")(path)
    path.unlink()
    return picture


def ranges():
    for name, array, bits in (("grey-8", noise(0, 255, np.uint8), 8),
                              ("grey-7", noise(0, 127, np.uint8), 7),
                              ("grey-8-in-16", noise(0, 255, np.uint16), 8)):
        top = 2 ** bits - 1
        save(name, dataset(array, bits), description("FULL_RANGE", 0, top), dcmtk("-W"))
    s8 = noise(-128, 127, np.int8)
    save("grey-signed-8", dataset(s8), description("FULL_RANGE", -128, 127), dcmtk("-W"))
    bits = noise(0, 1, np.uint8)
    ds = dataset(bits)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 1, 1, 0
    ds.PixelData = pack_bits(bits)
    save("one-bit", ds, description("FULL_RANGE", 0, 1), bits * 255)
    u16 = noise(100, 5000, np.uint16)
    u16[:4] = 0
    expected = ramp(u16, *percentiles(u16[4:]))
    expected[:4] = 0
    save("padding", dataset(u16, PixelPaddingValue=0), description(
        "PERCENTILES", *percentiles(u16[4:])), expected)
    expected = 255 - expected
    expected[:4] = 0
    save("padding-monochrome1", dataset(u16, photometric="MONOCHROME1", PixelPaddingValue=0),
         description("PERCENTILES", *percentiles(u16[4:])), expected)
    u16[0] = 20
    expected = ramp(u16, *percentiles(u16[4:]))
    expected[:4] = 0
    save("padding-range", dataset(u16, PixelPaddingValue=0, PixelPaddingRangeLimit=50),
         description("PERCENTILES", *percentiles(u16[4:])), expected)
    same = np.full((16, 16), 7, np.uint16)
    save("single-value", dataset(same), "PERCENTILES 7.50000/1.00000", np.zeros((16, 16)))
    u32 = noise(10**9, 4 * 10**9, np.uint32)
    save("grey-32", dataset(u32), description("PERCENTILES", *percentiles(u32)),
         ramp(u32, *percentiles(u32)))
    f32 = random.normal(size=(16, 16)).astype("<f4")
    save("float", dataset(f32), description("PERCENTILES", *percentiles(f32)),
         ramp(f32, *percentiles(f32)))
    f32[0, 0] = np.nan
    rest = f32.ravel()[1:]
    expected = ramp(np.nan_to_num(f32, nan=-100), *percentiles(rest))
    save("float-nan", dataset(f32), description("PERCENTILES", *percentiles(rest)), expected)


def item(entries, first, bits, words):
    lut = Dataset()
    lut.add_new(0x00283002, "SS" if first < 0 else "US", [len(entries) % 65536, first, bits])
    lut.add_new(0x00283006, "OW", words)
    return lut


def tables():
    a = noise(0, 1100, np.uint16)
    entries = (np.sqrt(np.arange(1000) / 1000) * 4095).astype("<u2")
    lut = item(entries, 50, 12, entries.tobytes())
    save("voi-lut", dataset(a, 12, VOILUTSequence=Sequence([lut])), "FILE_VOI_LUT",
         dcmtk("+Wl", "1"))
    s = noise(-600, 600, np.int16)
    lut = item(entries, -500, 12, entries.tobytes())
    save("voi-lut-signed", dataset(s, VOILUTSequence=Sequence([lut])), "FILE_VOI_LUT",
         dcmtk("+Wl", "1"))
    mlut = item(entries, 50, 12, entries.tobytes())
    mlut.add_new(0x00283004, "LO", "US")
    save("modality-lut", dataset(a, 12, ModalityLUTSequence=Sequence([mlut]), WindowCenter="2000",
                                 WindowWidth="3000"), "FILE_WINDOW 2000.00/3000.00",
         dcmtk("+Wi", "1"))


def enhanced():
    a = noise(0, 2000, np.int16, (2, 16, 16))
    ds = dataset(a, frames=2, modality="CT")
    shared, value = Dataset(), Dataset()
    value.RescaleIntercept, value.RescaleSlope, value.RescaleType = "-1000", "2", "HU"
    shared.PixelValueTransformationSequence = Sequence([value])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    groups = []
    for center, width in (("100", "900"), ("500", "2000")):
        group, voi = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = center, width
        group.FrameVOILUTSequence = Sequence([voi])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    hu = a.astype(np.float64) * 2 - 1000
    for frame, (center, width) in enumerate(((100, 900), (500, 2000))):
        low = center - 0.5 - (width - 1) / 2
        save("enhanced", ds, "FILE_WINDOW %s/%s" % (number(center), number(width)),
             ramp(hu[frame], low, low + width - 1), frame)


def partial(ybr):
    """Solves the equations that PS3.3 C.7.6.3.1.2 gives for YBR_PARTIAL_422."""
    forward = [[0.2568, 0.5041, 0.0979], [-0.1482, -0.2910, 0.4392], [0.4392, -0.3678, -0.0714]]
    rgb = (ybr - [16, 128, 128]) @ np.linalg.inv(forward).T
    return np.floor(np.clip(rgb, 0, 255) + 0.5)


def colours():
    a = noise(0, 255, np.uint8)
    rgb = [noise(0, 255, np.uint8, 256) for _ in range(3)]
    names = ("Red", "Green", "Blue")
    ds = dataset(a, photometric="PALETTE COLOR")
    for name, channel in zip(names, rgb):
        setattr(ds, name + "PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(ds, name + "PaletteColorLookupTableData", channel.tobytes())
    save("palette-8", ds, "COLOUR", apply_color_lut(a, ds))
    wide = noise(0, 400, np.uint16)
    ds = dataset(wide, 9, photometric="PALETTE COLOR")
    for name in names:
        setattr(ds, name + "PaletteColorLookupTableDescriptor", [300, 30, 16])
        setattr(ds, name + "PaletteColorLookupTableData",
                noise(0, 65535, np.uint16, 300).tobytes())
    save("palette-16", ds, "COLOUR", np.floor(apply_color_lut(wide, ds) / 257 + 0.5))
    # two entries, 100 on a ramp, 54 single ones, and the ramp again; pydicom counts the offset of
    # 16-bit references in words, the standard in bytes, so there the ramp is repeated in full
    for bits, scale, again in ((8, 1, [2, 1, 4, 0, 0, 0]), (16, 257, [1, 100, 240 * 257])):
        ds = dataset(a, photometric="PALETTE COLOR")
        for i, name in enumerate(names):
            segments = [0, 2, 10 * i * scale, 20 * scale, 1, 100, 240 * scale]
            segments += [0, 54, *range(scale, 55 * scale, scale), *again]
            setattr(ds, name + "PaletteColorLookupTableDescriptor", [256, 0, bits])
            setattr(ds, "Segmented" + name + "PaletteColorLookupTableData",
                    np.array(segments, "<u%d" % (bits // 8)).tobytes() + b"\0" * (bits // 8 & 1))
        save("palette-segmented-%d" % bits, ds, "COLOUR",
             np.floor(apply_color_lut(a, ds) / scale + 0.5))
    full = noise(0, 255, np.uint8, (16, 16, 3))
    save("rgb", dataset(full, photometric="RGB"), "COLOUR", full)
    save("ybr-full", dataset(full, photometric="YBR_FULL"), "COLOUR",
         lambda path: pixel_array(path, raw=False))
    half = b"".join(bytes([*full[y, x:x + 2, 0], *full[y, x, 1:]])
                    for y in range(16) for x in range(0, 16, 2))
    ds = dataset(full, photometric="YBR_FULL_422")
    ds.PixelData = half
    save("ybr-full-422", ds, "COLOUR", lambda path: pixel_array(path, raw=False))
    shared = np.repeat(full[:, ::2, 1:], 2, axis=1).astype(np.float64)
    ybr = np.concatenate([full[..., :1], shared], axis=2)
    ds = dataset(full, photometric="YBR_PARTIAL_422")
    ds.PixelData = half
    save("ybr-partial-422", ds, "COLOUR", partial(ybr))
    deep = noise(0, 4095, np.uint16, (16, 16, 3))
    save("rgb-12", dataset(deep, 12, photometric="RGB"), "COLOUR",
         np.floor(deep / 4095 * 255 + 0.5))


def collection(folder):
    """Samples every n-th pixel of the first frame of each file that carries a window or colour."""
    rows = []
    with open(folder / "INDEX.tsv") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            path = folder / row["path"]
            native = row["transfer_syntax_uid"] in (
                "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2",
                "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
                "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55")
            if row["decode"] not in ("exact", "tolerance") or not native:
                continue
            ds = dcmread(path, force=True)
            if row["photometric"].startswith("YBR") or row["photometric"] == "PALETTE COLOR":
                try:
                    array = pixel_array(path, index=0, raw=True)
                    if row["reference"]:  # lossy: start from the collection's own stored values
                        with gzip.open(folder / row["reference"]) as stored:
                            array = np.load(stored).reshape(-1, *array.shape)[0]
                    if row["photometric"].startswith("YBR"):
                        array = convert_color_space(array, row["photometric"], "RGB")
                except Exception as e:
                    print("left out:", row["path"], e)
                    continue
                if row["photometric"] == "PALETTE COLOR":
                    array = apply_color_lut(array, ds)
                    if array.dtype.itemsize > 1:
                        array = np.floor(array / 257 + 0.5)
                rule = "COLOUR"
            elif ds.get("WindowWidth"):
                window = lambda v: float(v[0] if hasattr(v, "__len__") and not isinstance(v, str)
                                         else v)
                rule = "FILE_WINDOW %s/%s" % (number(window(ds.WindowCenter)),
                                              number(window(ds.WindowWidth)))
                source = path
                if ds.file_meta.TransferSyntaxUID.startswith("1.2.840.10008.1.2.4"):
                    source = HERE / "source.tmp"
                    subprocess.run(["dcmdjpeg", path, source], check=True)
                array = dcmtk("+Wi", "1", "+F", "1")(source)
                (HERE / "source.tmp").unlink(missing_ok=True)
            else:
                continue
            array = np.asarray(array, np.uint8)
            pixels = array.reshape(array.shape[0] * array.shape[1], -1)
            step = max(1, len(pixels) // 200) | 1
            rows.append((row["path"], "0", rule, str(step), pixels[::step].tobytes().hex()))
    write("reference-collection.tsv", rows)


def write(name, rows):
    with open(HERE / name, "w") as out:
        out.write("# made by make-golden.py: file, frame, rendering, step, every step-th pixel\n")
        for row in rows:
            out.write("\t".join(row) + "\n")


windows()
ranges()
tables()
enhanced()
colours()
write("expected.tsv", table)
if len(sys.argv) > 1:
    collection(pathlib.Path(sys.argv[1]))
