#!/usr/bin/env python3
"""Makes the small DICOM files of this folder and the tables of expected pictures.

The pictures come from other implementations, never from our own renderer: dcmtk 3.6.7 (`dcm2pnm`,
with the first window or table of the file, its overlays, its square pixels; `dcmp2pgm` for
presentation states) and pydicom 3.0.2 (`apply_windowing`, `apply_color_lut`, conversion of YBR).
Where the rule is our own (percentiles, padding, functional groups) or none of them draws it
(shutters with corners, displayed areas, layers) the few lines below compute it with NumPy.

    pip install pydicom==3.0.2 numpy pillow pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg
    ./make-golden.py [folder of the reference collection]           (dcmtk on the PATH)
"""
import csv
import gzip
import hashlib
import itertools
import pathlib
import re
import subprocess
import sys

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import (
    apply_color_lut, apply_modality_lut, apply_windowing, convert_color_space, pixel_array)
from pydicom.pixels.utils import pack_bits
from pydicom.sequence import Sequence

HERE = pathlib.Path(__file__).parent
NAMES = ("Red", "Green", "Blue")
random = np.random.default_rng(20260101)
table = []
presentations = []


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
    """Java's %.6g, which keeps zeros behind the point, but no point without them."""
    return ("%#.6g" % value).rstrip(".")


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
    near = (29992 + np.arange(256) % 17).astype(np.uint16).reshape(16, 16)
    pictures = []
    for name in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        ds = dataset(near, WindowCenter="30000", WindowWidth="8", VOILUTFunction=name)
        pictures.append(sixteen_bits(apply_windowing(near, ds)))
        save("voi-" + name.lower().replace("_", "-"), ds, "FILE_WINDOW 30000.0/8.00000",
             pictures[-1])
    for one, other in itertools.combinations(pictures, 2):
        assert np.abs(one - other).max() > 10, "the functions are hardly to be told apart"
    wide = noise(0, 65535, np.uint16)
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
    ds = dataset(a, photometric="PALETTE COLOR")
    for name, channel in zip(NAMES, rgb):
        setattr(ds, name + "PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(ds, name + "PaletteColorLookupTableData", channel.tobytes())
    save("palette-8", ds, "COLOUR", apply_color_lut(a, ds))
    wide = noise(0, 400, np.uint16)
    ds = dataset(wide, 9, photometric="PALETTE COLOR")
    for name in NAMES:
        setattr(ds, name + "PaletteColorLookupTableDescriptor", [300, 30, 16])
        setattr(ds, name + "PaletteColorLookupTableData",
                noise(0, 65535, np.uint16, 300).tobytes())
    save("palette-16", ds, "COLOUR", np.floor(apply_color_lut(wide, ds) / 257 + 0.5))
    # two entries, 100 on a ramp, 54 single ones, and the ramp again, in 8 bits by a reference
    for bits, scale, again in ((8, 1, [2, 1, 4, 0, 0, 0]), (16, 257, [1, 100, 240 * 257])):
        ds = dataset(a, photometric="PALETTE COLOR")
        for i, name in enumerate(NAMES):
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


def more_tables():
    """Modality and VOI tables of 8 and 16 bits with a first value below 0, as dcm2pnm applies them."""
    s = noise(-600, 600, np.int16)
    for bits in (8, 16):
        entries = (np.sqrt(np.arange(1000) / 1000) * (2 ** bits - 1)).astype("<u%d" % (bits // 8))
        lut = item(entries, -500, bits, entries.tobytes())
        save("voi-lut-%d" % bits, dataset(s, VOILUTSequence=Sequence([lut])), "FILE_VOI_LUT",
             dcmtk("+Wl", "1"))
        lut.add_new(0x00283004, "LO", "US")
        center = 2 ** (bits - 1)
        save("modality-lut-%d" % bits,
             dataset(s, ModalityLUTSequence=Sequence([lut]), WindowCenter=str(center),
                     WindowWidth=str(center)),
             "FILE_WINDOW %s/%s" % (number(center), number(center)), dcmtk("+Wi", "1"))
    narrow = noise(-2048, 2047, np.int16)
    save("rescale-signed", dataset(narrow, 12, RescaleSlope="2.5", RescaleIntercept="-100",
                                   WindowCenter="200", WindowWidth="6000"),
         "FILE_WINDOW 200.000/6000.00", dcmtk("+Wi", "1"))
    ds = dataset(narrow, 12, photometric="PALETTE COLOR")
    for name in NAMES:
        ds.add_new({"Red": 0x00281101, "Green": 0x00281102, "Blue": 0x00281103}[name], "SS",
                   [3000, -1500, 16])
        setattr(ds, name + "PaletteColorLookupTableData",
                noise(0, 65535, np.uint16, 3000).tobytes())
    save("palette-signed", ds, "COLOUR", dcmtk())


def wide():
    f64 = random.normal(size=(16, 16)).astype("<f8")
    ds = dataset(f64.astype("<f4"))
    del ds.FloatPixelData
    ds.BitsAllocated, ds.DoubleFloatPixelData = 64, f64.tobytes()
    save("double", ds, description("PERCENTILES", *percentiles(f64)), ramp(f64, *percentiles(f64)))
    s32 = noise(-2 * 10**9, 2 * 10**9, np.int32)
    save("grey-signed-32", dataset(s32), description("PERCENTILES", *percentiles(s32)),
         ramp(s32, *percentiles(s32)))
    ds = dataset(s32, WindowCenter="1000", WindowWidth="3e9")
    save("grey-signed-32-window", ds, "FILE_WINDOW 1000.00/3.00000e+09",
         ramp(s32, 1000 - 1.5e9, 1000 + 1.5e9 - 1))
    ct = noise(-200, 1400, np.int16)
    ct[:4] = -2000
    ds = dataset(ct, modality="CT", RescaleSlope="1", RescaleIntercept="-1024", WindowCenter="40",
                 WindowWidth="400", PixelPaddingValue=-2000)
    save("padding-signed", ds, "FILE_WINDOW 40.0000/400.000", dcmtk("+Wi", "1"))


def enhanced_frames():
    """MR: each frame has a rescale of its own, the window is shared. US: 8 bits, windows by frame."""
    a = noise(0, 2000, np.uint16, (3, 16, 16))
    ds = dataset(a, frames=3, modality="MR")
    shared, voi = Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth = "900", "1500"
    shared.FrameVOILUTSequence = Sequence([voi])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    groups = []
    for slope in ("0.5", "1", "1.25"):
        group, value = Dataset(), Dataset()
        value.RescaleIntercept, value.RescaleSlope, value.RescaleType = "10", slope, "US"
        group.PixelValueTransformationSequence = Sequence([value])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    for frame, group in enumerate(groups):
        values = apply_modality_lut(a[frame], group.PixelValueTransformationSequence[0])
        save("enhanced-mr", ds, "FILE_WINDOW 900.000/1500.00",
             ramp(values, 900 - 0.5 - 749.5, 900 - 0.5 + 749.5), frame)
    a = noise(0, 255, np.uint8, (2, 16, 16))
    ds = dataset(a, frames=2, modality="US")
    groups = []
    for center, width, function in (("100", "120", "LINEAR"), ("90", "80", "SIGMOID")):
        group, voi = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth, voi.VOILUTFunction = center, width, function
        group.FrameVOILUTSequence = Sequence([voi])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    for frame, options in enumerate((("+Ww", "100", "120"), ("+Ww", "90", "80", "+Wfs"))):
        save("enhanced-us", ds, "FILE_WINDOW %s/%s" % (number(float(options[1])),
                                                      number(float(options[2]))),
             dcmtk(*options, "+F", str(frame + 1)), frame)


def palette_of(ds, first, bits, channels):
    """Sets the three tables of a palette; first is signed as the pixels are."""
    for tag, name, entries in zip((0x00281101, 0x00281102, 0x00281103), NAMES, channels):
        ds.add_new(tag, "SS" if ds.PixelRepresentation else "US", [len(entries), first, bits])
        setattr(ds, name + "PaletteColorLookupTableData", entries.tobytes())


def mixed(grey, values, first, ds):
    """Grey below the first value mapped, the palette's colours from it on."""
    plain = Dataset()
    plain.update(ds)
    del plain.PixelPresentation  # pydicom does not divide the values itself
    colours = np.floor(apply_color_lut(values, plain) / 257 + 0.5)
    return np.where((values < first)[..., None], np.asarray(grey)[..., None], colours)


def supplemental():
    """Palettes of the higher values of grey pictures (numbers of their own)."""
    own = np.random.default_rng(20260102)
    channels = lambda count: [own.integers(0, 65535, count, "<u2", True) for _ in NAMES]
    a = own.integers(0, 3100, (16, 16), np.uint16, True)
    for name, shape in (("supplemental", "IDENTITY"), ("supplemental-inverse", "INVERSE")):
        ds = dataset(a, 12, modality="MR", WindowCenter="800", WindowWidth="1500",
                     PixelPresentation="COLOR", PresentationLUTShape=shape)
        palette_of(ds, 2000, 16, channels(1000))
        grey = ramp(a, 800 - 0.5 - 749.5, 800 - 0.5 + 749.5)
        save(name, ds, "FILE_WINDOW 800.000/1500.00",
             mixed(255 - grey if shape == "INVERSE" else grey, a, 2000, ds))
    # frames of all three kinds; the window comes from the grey values alone
    a = own.integers(-500, 700, (3, 16, 16), np.int16, True)
    a[:, 0] = -2000
    a[2, 1:] = np.abs(a[2, 1:]) + 400
    ds = dataset(a, frames=3, modality="MR", PixelPresentation="MIXED", PixelPaddingValue=-2000)
    palette_of(ds, 400, 16, channels(200))
    groups = []
    for kind in ("MONOCHROME", "COLOR", "COLOR"):
        group, frame_type = Dataset(), Dataset()
        frame_type.PixelPresentation = kind
        group.MRImageFrameTypeSequence = Sequence([frame_type])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    for frame, values in enumerate(a):
        seen = values[1:] if frame == 0 else values[1:][values[1:] < 400]
        low, high = percentiles(seen) if seen.size else (0, 1)
        picture = ramp(values, low, high)
        picture[0] = 0
        save("supplemental-mixed", ds, description("PERCENTILES", low, high),
             picture if frame == 0 else mixed(picture, values, 400, ds), frame)


def referring():
    """A segmented palette of 16 bits that refers back to a run and a ramp (numbers of their own)."""
    own = np.random.default_rng(20260103)
    a = own.integers(0, 255, (16, 16), np.uint8, True)

    def segmented(unit):
        ds = dataset(a, photometric="PALETTE COLOR")
        for i, name in enumerate(NAMES):
            # 3 entries, 60 on a ramp, 2 entries, then the ramp and the 2 entries; once more both
            segments = [0, 3, 100 * i, 9000, 30000, 1, 60, 65000 - 7000 * i, 0, 2, 40000, 70 + i]
            for _ in range(2):
                segments += [2, 2, 5 * unit, 0]
            segments += [0, 67, *range(500, 60800, 900)]
            setattr(ds, name + "PaletteColorLookupTableDescriptor", [256, 0, 16])
            setattr(ds, "Segmented" + name + "PaletteColorLookupTableData",
                    np.array(segments, "<u2").tobytes())
        return ds
    # the standard counts the offset in bytes, pydicom in words
    save("palette-segmented-16-reference", segmented(2), "COLOUR",
         np.floor(apply_color_lut(a, segmented(1)) / 257 + 0.5))


def float_padding():
    """Padding of real numbers: one value, and a range of them (numbers of their own)."""
    own = np.random.default_rng(20260104)
    for name, dtype, kind, limit in (
            ("float-padding", "<f4", "Float", None), ("float-padding-range", "<f4", "Float", -900.25),
            ("double-padding-range", "<f8", "DoubleFloat", -900.25)):
        values = own.normal(size=(16, 16)).astype(dtype)
        values[:3] = -1000.5
        values[3] = -950.125 if limit else values[3]
        ds = dataset(values.astype("<f4"))
        if kind == "DoubleFloat":
            del ds.FloatPixelData
            ds.BitsAllocated, ds.DoubleFloatPixelData = 64, values.tobytes()
        setattr(ds, kind + "PixelPaddingValue", -1000.5)
        if limit:
            setattr(ds, kind + "PixelPaddingRangeLimit", limit)
        low, high = percentiles(values[4 if limit else 3:])
        picture = ramp(values, low, high)
        ds.PresentationLUTShape = "INVERSE"  # so that padding is not black by its value alone
        picture = 255 - picture
        picture[:4 if limit else 3] = 0
        save(name, ds, description("PERCENTILES", low, high), picture)


def show(name, ds, rule, expected, frame=0, state=None, overlays=False, window=""):
    """Adds a row of presentations.tsv."""
    path = HERE / (name + ".dcm")
    ds.save_as(path, enforce_file_format=True)
    if state is not None:
        state_path = HERE / (name + ".state.dcm")
        state.save_as(state_path, enforce_file_format=True)
    picture = expected
    if expected is dcmp2pgm:
        picture = dcmp2pgm(path, state_path, frame)
    elif callable(expected):
        picture = expected(path)
    picture = np.asarray(picture, np.uint8)
    presentations.append((
        path.name, str(frame), state_path.name if state is not None else "",
        "overlays" if overlays else "", window, rule,
        "%dx%d" % (picture.shape[1], picture.shape[0]), picture.tobytes().hex()))


def dcmp2pgm(path, state, frame=0):
    out = HERE / "picture.tmp"
    subprocess.run(["dcmp2pgm", "-q", "-p", state, "-f", str(frame + 1), path, out], check=True)
    pnm = out.read_bytes()
    out.unlink()
    head = re.match(rb"P5\s+(#.*\n)?\s*(\d+)\s+(\d+)\s+\d+\s", pnm)
    return np.frombuffer(pnm[head.end():], np.uint8).reshape(int(head[3]), int(head[2]))


def overlay(ds, bits, group=0x6000, origin=(1, 1), kind="G", frames=None, first=None):
    for element, vr, value in (
            (0x10, "US", bits.shape[-2]), (0x11, "US", bits.shape[-1]), (0x15, "IS", frames),
            (0x40, "CS", kind), (0x50, "SS", list(origin)), (0x51, "US", first),
            (0x100, "US", 1), (0x102, "US", 0)):
        if value is not None:
            ds.add_new((group, element), vr, value)
    data = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.add_new((group, 0x3000), "OW", data + b"\0" * (len(data) % 2))


def overlays():
    a = noise(0, 250, np.uint8)
    bits = noise(0, 1, np.uint8, (9, 13))
    pnm = lambda *options: lambda path: dcmtk_overlays(path, *options)
    for name, photometric, origin, kind in (
            ("overlay", "MONOCHROME2", (3, 2), "G"), ("overlay-outside", "MONOCHROME2", (-3, 9), "G"),
            ("overlay-monochrome1", "MONOCHROME1", (1, 1), "G"),
            ("overlay-roi", "MONOCHROME2", (8, 8), "R")):
        ds = dataset(a, photometric=photometric)
        overlay(ds, bits, origin=origin, kind=kind)
        show(name, ds, description("FULL_RANGE", 0, 255), pnm("+Omr"), overlays=True)
    show("overlay-not-asked", ds, description("FULL_RANGE", 0, 255), dcmtk("-W"))
    b = noise(0, 250, np.uint8, (3, 16, 16))
    ds = dataset(b, frames=3)
    overlay(ds, noise(0, 1, np.uint8, (2, 9, 13)), frames=2, first=2)
    overlay(ds, noise(0, 1, np.uint8, (4, 5)), group=0x6002)
    for frame in range(3):
        show("overlay-frames", ds, description("FULL_RANGE", 0, 255),
             pnm("+F", str(frame + 1)), frame, overlays=True)
    words = noise(0, 4000, np.uint16) | (noise(0, 15, np.uint16) & 9) << 12
    ds = dataset(words, 12, WindowCenter="2000", WindowWidth="4096")
    for group, position in ((0x6000, 15), (0x6004, 12)):
        overlay(ds, bits, group=group)
        for element in (0x10, 0x11):
            ds[group, element].value = 16
        ds[group, 0x100].value, ds[group, 0x102].value = 16, position
        del ds[group, 0x3000]
    show("overlay-embedded", ds, "FILE_WINDOW 2000.00/4096.00", pnm("+Wi", "1"), overlays=True)
    show("overlay-embedded-masked", ds, "FILE_WINDOW 2000.00/4096.00", dcmtk("+Wi", "1"))
    rgb = noise(0, 250, np.uint8, (16, 16, 3))
    ds = dataset(rgb, photometric="RGB")
    overlay(ds, bits, origin=(2, 2))
    expected = rgb.copy()  # dcm2pnm draws none on colour
    expected[1:10, 1:14][bits == 1] = 255
    show("overlay-rgb", ds, "COLOUR", expected, overlays=True)


def dcmtk_overlays(path, *options):
    pnm = subprocess.run(["dcm2pnm", "-q", "-S", *options, path], check=True,
                         stdout=subprocess.PIPE).stdout
    _, width, height, _, pixels = split(pnm)
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


def aspects():
    """Square pixels by dcm2pnm's default way, the mean of what a new pixel covers."""
    a = noise(0, 255, np.uint8, (12, 20))
    full = description("FULL_RANGE", 0, 255)
    for name, attributes, size in (
            ("aspect-tall", {"PixelAspectRatio": ["5", "3"]}, ("+Sxv", "20")),
            ("aspect-wide", {"PixelAspectRatio": ["4", "5"]}, ("+Syv", "12")),
            ("aspect-spacing", {"PixelSpacing": ["1.25", "0.5"], "PixelAspectRatio": ["1", "2"]},
             ("+Sxv", "20")),
            ("aspect-imager", {"ImagerPixelSpacing": ["0.25", "0.375"]}, ("+Syv", "12"))):
        show(name, dataset(a, **attributes), full, dcmtk_scaled(*size))
    show("aspect-square", dataset(a, PixelSpacing=["0.4001", "0.4"]), full, a)
    show("aspect-unusable", dataset(a, PixelSpacing=["0", "0.4"]), full, a)
    rgb = noise(0, 255, np.uint8, (12, 20, 3))
    show("aspect-rgb", dataset(rgb, photometric="RGB", PixelAspectRatio=["4", "3"]), "COLOUR",
         dcmtk_scaled("+Sxv", "20"))


def dcmtk_scaled(*options):
    def run(path):
        pnm = subprocess.run(["dcm2pnm", "-q", "-O", "-W", "+a", *options, path], check=True,
                             stdout=subprocess.PIPE).stdout
        magic, width, height, _, pixels = split(pnm)
        shape = (height, width, 3) if magic == b"P6" else (height, width)
        return np.frombuffer(pixels, np.uint8).reshape(shape)
    return run


def reference(frame=None):
    ref = Dataset()
    ref.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ref.ReferencedSOPInstanceUID = "2.25.1"
    if frame:
        ref.ReferencedFrameNumber = str(frame)
    return ref


def complete(ds):
    """Adds what dcmp2pgm asks for."""
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.2", "2.25.3"
    ds.PatientName, ds.PatientID, ds.SeriesNumber, ds.InstanceNumber = "A^B", "1", "1", "1"
    for name in ("PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime",
                 "AccessionNumber", "ReferringPhysicianName"):
        setattr(ds, name, "")
    return ds


def state(columns=20, rows=12, **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.11.1", "2.25.9"
    complete(ds)
    ds.SeriesInstanceUID, ds.Modality, ds.Manufacturer = "2.25.8", "PR", "x"
    ds.PresentationCreationDate, ds.PresentationCreationTime = "20260101", "120000"
    ds.ContentLabel, ds.ContentDescription, ds.ContentCreatorName = "STATE", "", ""
    series, area = Dataset(), Dataset()
    series.SeriesInstanceUID = "2.25.3"
    series.ReferencedImageSequence = Sequence([reference()])
    ds.ReferencedSeriesSequence = Sequence([series])
    area.DisplayedAreaTopLeftHandCorner = [1, 1]
    area.DisplayedAreaBottomRightHandCorner = [columns, rows]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    ds.DisplayedAreaSelectionSequence = Sequence([area])
    ds.PresentationLUTShape = "IDENTITY"
    for name, value in more.items():
        setattr(ds, name, value)
    return ds


def states():
    a = noise(0, 4095, np.uint16, (12, 20))
    ds = complete(dataset(a, 12, RescaleSlope="2", RescaleIntercept="-500", WindowCenter="7",
                          WindowWidth="9"))  # the state takes the place of all of it
    rule = "PRESENTATION_STATE "
    full = description("PRESENTATION_STATE", 0, 4095)
    show("state-identity", ds, full, dcmp2pgm, state=state())
    show("state-inverse", ds, full, dcmp2pgm, state=state(PresentationLUTShape="INVERSE"))
    one = complete(dataset(a, 12, "MONOCHROME1"))
    show("state-monochrome1", one, full, dcmp2pgm, state=state())
    rescale = {"RescaleSlope": "0.5", "RescaleIntercept": "-100", "RescaleType": "US"}
    show("state-rescale", ds, description("PRESENTATION_STATE", -100, 1947.5), dcmp2pgm,
         state=state(**rescale))
    voi = Dataset()
    voi.WindowCenter, voi.WindowWidth = "1000", "1500"
    show("state-window", ds, rule + "1000.00/1500.00", dcmp2pgm,
         state=state(SoftcopyVOILUTSequence=Sequence([voi]), **rescale))
    show("state-window-asked", ds, "REQUESTED_WINDOW 500.000/700.000",
         ramp(a * 0.5 - 100, 500 - 0.5 - 349.5, 500 - 0.5 + 349.5), window="500/700",
         state=state(SoftcopyVOILUTSequence=Sequence([voi]), **rescale))
    entries = (np.sqrt(np.arange(3000) / 3000) * 4095).astype("<u2")
    table = Dataset()
    table.VOILUTSequence = Sequence([item(entries, 500, 12, entries.tobytes())])
    show("state-voi-lut", ds, "PRESENTATION_STATE", dcmp2pgm,
         state=state(SoftcopyVOILUTSequence=Sequence([table])))
    modality = item(entries, 500, 12, entries.tobytes())
    modality.add_new(0x00283004, "LO", "US")
    show("state-modality-lut", ds, full, dcmp2pgm,
         state=state(ModalityLUTSequence=Sequence([modality])))
    signed = noise(-2048, 2047, np.int16, (12, 20))
    show("state-signed", complete(dataset(signed, 12)),
         description("PRESENTATION_STATE", -2048, 2047), dcmp2pgm, state=state())
    for bits, count, vois, shown in (
            (8, 256, [voi], rule + "1000.00/1500.00"), (12, 4096, [], full),
            (16, 1024, [voi], rule + "1000.00/1500.00")):
        entries = (np.sqrt(np.arange(count) / (count - 1)) * (2 ** bits - 1)).astype("<u2")
        data = entries.astype("u1").tobytes() if bits == 8 else entries.tobytes()
        plut = state(PresentationLUTSequence=Sequence([item(entries, 0, bits, data)]))
        if vois:
            plut.SoftcopyVOILUTSequence = Sequence(vois)
        del plut.PresentationLUTShape
        show("state-presentation-lut-%d" % bits, ds, shown, dcmp2pgm, state=plut)
    for turn in (0, 90, 180, 270):
        for flip in "NY":
            if turn or flip == "Y":
                show("state-turn-%d-%s" % (turn, flip), ds, full, dcmp2pgm,
                     state=state(ImageRotation=turn, ImageHorizontalFlip=flip))
    b = noise(0, 255, np.uint8, (2, 12, 20))
    vois = []
    for frame, (center, width) in ((2, ("90", "100")), (1, ("150", "120"))):
        voi = Dataset()
        voi.WindowCenter, voi.WindowWidth = center, width
        voi.ReferencedImageSequence = Sequence([reference(frame)])
        vois.append(voi)
    frames = complete(dataset(b, frames=2))
    for frame, window in enumerate(("150.000/120.000", "90.0000/100.000")):
        show("state-frames", frames, rule + window, dcmp2pgm, frame,
             state=state(SoftcopyVOILUTSequence=Sequence(vois)))


def shutters():
    a = noise(0, 255, np.uint8, (12, 20))
    ds = complete(dataset(a))
    full = description("PRESENTATION_STATE", 0, 255)
    bits = noise(0, 1, np.uint8, (12, 20))
    bitmap = state(ShutterShape="BITMAP", ShutterOverlayGroup=0x6000,
                   ShutterPresentationValue=0xFFFF)
    overlay(bitmap, bits)
    show("shutter-bitmap", ds, full, dcmp2pgm, state=bitmap)
    y, x = np.mgrid[1:13, 1:21]
    rectangle = {"ShutterLeftVerticalEdge": "3", "ShutterRightVerticalEdge": "15",
                 "ShutterUpperHorizontalEdge": "2", "ShutterLowerHorizontalEdge": "11"}
    in_rectangle = (x >= 3) & (x <= 15) & (y >= 2) & (y <= 11)
    circle = {"CenterOfCircularShutter": ["6", "10"], "RadiusOfCircularShutter": "5"}
    in_circle = np.hypot(x - 10, y - 6) <= 5
    polygon = {"VerticesOfThePolygonalShutter": ["1", "10", "6", "1", "12", "10", "6", "19"]}
    in_polygon = np.abs(x - 10) / 9 + np.where(y < 6, (6 - y) / 5, (y - 6) / 6) <= 1
    for name, shape, attributes, seen in (
            ("rectangle", "RECTANGULAR", rectangle, in_rectangle),
            ("circle", "CIRCULAR", circle, in_circle),
            ("both", ["RECTANGULAR", "CIRCULAR"], {**rectangle, **circle},
             in_rectangle & in_circle),
            ("polygon", "POLYGONAL", polygon, in_polygon)):
        picture = a
        if name == "polygon":  # what the outline passes is a matter of rounding: grey either way
            inner = np.abs(x - 10) / 9 + np.where(y < 6, (6 - y) / 5, (y - 6) / 6)
            picture = np.where(np.abs(inner - 1) < 0.25, 128, a).astype(np.uint8)
        closed = state(ShutterShape=shape, ShutterPresentationValue=0x8000, **attributes)
        show("shutter-" + name, complete(dataset(picture)), full,
             np.where(seen, picture, 128), state=closed)


def layers():
    """Overlays that a state activates, in the grey of their layer; displayed areas."""
    a = noise(0, 255, np.uint8, (12, 20))
    full = description("PRESENTATION_STATE", 0, 255)
    bits = noise(0, 1, np.uint8, (5, 7))
    layer = Dataset()
    layer.GraphicLayer, layer.GraphicLayerOrder = "ONE", "1"
    layer.GraphicLayerRecommendedDisplayGrayscaleValue = 0x4000
    expected = a.copy()
    expected[2:7, 3:10][bits == 1] = 64
    of_image = complete(dataset(a))
    overlay(of_image, bits, origin=(3, 4))
    active = state(GraphicLayerSequence=Sequence([layer]))
    active.add_new(0x60001001, "CS", "ONE")
    show("layer-of-image", of_image, full, expected, state=active)
    show("layer-not-active", of_image, full, a, state=state())
    white = np.where(expected != a, 255, a)
    white[2:7, 3:10][bits == 1] = 255
    show("layer-asked", of_image, full, white, state=state(), overlays=True)
    plain = complete(dataset(a))
    overlay(active, bits, origin=(3, 4))
    show("layer-of-state", plain, full, expected, state=active)
    for name, first, last, picture in (
            ("area", [4, 3], [15, 9], a[2:9, 3:15]),
            ("area-outside", [-1, 0], [20, 13], np.pad(a, ((1, 1), (2, 0)))),
            ("area-turned", [15, 3], [4, 9], a[2:9, 3:15])):
        shown = state(ImageHorizontalFlip="Y" if name == "area-turned" else "N", ImageRotation=0)
        shown.DisplayedAreaSelectionSequence[0].DisplayedAreaTopLeftHandCorner = first
        shown.DisplayedAreaSelectionSequence[0].DisplayedAreaBottomRightHandCorner = last
        show(name, plain, full, picture[:, ::-1] if name == "area-turned" else picture,
             state=shown)
    shown = state()
    del shown.DisplayedAreaSelectionSequence[0].PresentationPixelAspectRatio
    shown.DisplayedAreaSelectionSequence[0].PresentationPixelSpacing = ["1", "0.5"]
    show("area-spacing", plain, full, np.repeat(a, 2, axis=0), state=shown)


# SOP classes whose pixels are no picture: not rendered
MAPS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")


def collection(folder):
    """Of the first and last frame of each file with pixels: samples and a hash of the whole.

    The hash is that of the picture from pydicom's values and tables, for grey ones by the equations of
    PS3.3 C.11.2.1.2, rounded to the nearest. It lies within 1 of dcm2pnm's in every pixel where the peer
    is dcm2pnm. Who renders the same picture to the last bit does so too, without any picture of the
    collection in here.
    """
    rows, left_out = [], []
    with open(folder / "INDEX.tsv") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if row["decode"] not in ("exact", "tolerance"):
                continue
            ds = dcmread(folder / row["path"], force=True)
            frames = int(row["frames"]) if row["frames"].isdigit() else 1
            if ds.get("SOPClassUID") in MAPS:
                left_out.append((row["path"], "a map, no picture"))
                continue
            for frame in sorted({0, frames - 1}):
                try:
                    rule, peer, picture, whole = reference_picture(folder, row, ds, frame)
                except Exception as e:
                    left_out.append((row["path"], "%s: %s" % (type(e).__name__, str(e)[:90])))
                    continue
                picture, whole = square(picture, ds, frame), square(whole, ds, frame)
                pixels = picture.reshape(picture.shape[0] * picture.shape[1], -1)
                step = max(1, len(pixels) // 200) | 1
                rows.append((row["path"], str(frame), rule, str(step),
                             pixels[::step].tobytes().hex(), row["photometric"], peer,
                             "%dx%d" % (whole.shape[1], whole.shape[0]),
                             hashlib.sha256(whole.tobytes()).hexdigest()))
    write("reference-collection.tsv",
          "file, frame, rendering, step, every step-th pixel, photometric interpretation, peer, "
          "size, SHA-256 of the whole picture", rows)
    for path, why in left_out:
        print("left out:", path, why)


def reference_picture(folder, row, ds, frame):
    """Returns rendering, the other implementation, its picture in the stored size, pydicom's."""
    path = folder / row["path"]
    stored = stored_values(folder, row, ds, path, frame)
    if row["samples"] == "3" or row["photometric"] == "PALETTE COLOR":
        peer = "pydicom"
        if row["photometric"] == "PALETTE COLOR":
            picture = apply_color_lut(stored, ds)
            if picture.dtype.itemsize > 1:
                picture = np.floor(picture / 257 + 0.5)
        elif row["photometric"] in ("YBR_FULL", "YBR_FULL_422"):
            picture = convert_color_space(stored, row["photometric"], "RGB")
        else:  # RGB; YBR_RCT and YBR_ICT, which the decoder undoes
            most = 2.0 ** ds.BitsStored - 1
            picture = stored if most == 255 else np.floor(stored / most * 255 + 0.5)
        picture = np.asarray(picture, np.uint8)
        return "COLOUR", peer, picture, picture
    return grey_picture(path, ds, stored, frame)


def square(picture, ds, frame):
    """Square pixels by the mean of what a new pixel covers, in NumPy."""
    measures = functional(ds, frame, "PixelMeasuresSequence", "PixelSpacing")
    for sides in (measures and measures.get("PixelSpacing"), ds.get("ImagerPixelSpacing"),
                  ds.get("NominalScannedPixelSpacing"), ds.get("PixelAspectRatio")):
        if sides and len(sides) > 1 and min(float(sides[0]), float(sides[1])) > 0:
            ratio = float(sides[0]) / float(sides[1])
            break
    else:
        return picture
    if abs(ratio - 1) < 0.01:
        return picture
    axis = 0 if ratio > 1 else 1
    old = picture.shape[axis]
    new = int(np.rint(old * max(ratio, 1 / ratio)))
    edges = np.arange(new + 1) * old / new
    cover = np.clip(np.minimum(edges[1:, None], np.arange(1, old + 1))
                    - np.maximum(edges[:-1, None], np.arange(old)), 0, None)
    mean = np.tensordot(cover * new / old, picture.astype(np.float64), (1, axis))
    return np.floor(np.moveaxis(mean, 0, axis) + 0.5).astype(np.uint8)


def stored_values(folder, row, ds, path, frame):
    """The collection's own values where the file is lossy, else pydicom's."""
    if row["reference"]:
        with gzip.open(folder / row["reference"]) as values:
            array = np.load(values)
        return array.reshape(-1, *array.shape[-(3 if row["samples"] == "3" else 2):])[frame]
    if not row["frames"].isdigit():  # no number: one frame
        ds.NumberOfFrames = None
    array = pixel_array(ds, index=frame, raw=True)
    for group in range(0x6000, 0x6020, 2):  # overlays within the words
        position = ds.get((group, 0x102))
        if (group, 0x3000) not in ds and position and position.value > ds.get("HighBit", 99):
            array = array & ~np.array(1 << position.value).astype(array.dtype)
    return array


def functional(ds, frame, macro, keyword):
    """The data set that holds an attribute of a frame: per-frame group, shared group, top."""
    groups = list(ds.get("PerFrameFunctionalGroupsSequence", []))[frame:frame + 1]
    groups += list(ds.get("SharedFunctionalGroupsSequence", []))[:1]
    for group in groups:
        for found in group.get(macro, [])[:1]:
            if keyword in found:
                return found
    return ds if keyword in ds else None


def has_table(ds, keyword):
    """A sequence whose item holds no value is no table."""
    return bool(ds.get(keyword)) and bool(ds[keyword][0].get("LUTDescriptor"))


def tables_of(ds):
    """What pydicom applies to values without a rescale: the modality table, where there is one."""
    only = Dataset()
    if has_table(ds, "ModalityLUTSequence"):
        only.ModalityLUTSequence = ds.ModalityLUTSequence
    return only


def first(value):
    return float(value[0] if hasattr(value, "__len__") and not isinstance(value, str) else value)


def grey_picture(path, ds, stored, frame):
    """Modality and window by pydicom, or by dcm2pnm where it reads the file."""
    rescale = functional(ds, frame, "PixelValueTransformationSequence", "RescaleIntercept")
    slope = intercept = None
    if not has_table(ds, "ModalityLUTSequence") and rescale is not None and rescale.RescaleSlope:
        slope, intercept = first(rescale.get("RescaleSlope", 1)), first(rescale.RescaleIntercept)
    padding = np.zeros(stored.shape, bool)
    if ds.get("PixelPaddingValue") is not None and stored.dtype.kind in "iu":
        low = int(np.array(ds.PixelPaddingValue).astype(stored.dtype))
        high = int(np.array(ds.get("PixelPaddingRangeLimit", low)).astype(stored.dtype))
        padding = (stored >= min(low, high)) & (stored <= max(low, high))
    voi = functional(ds, frame, "FrameVOILUTSequence", "WindowCenter")
    if has_table(ds, "VOILUTSequence"):
        rule, options = "FILE_VOI_LUT", ("+Wl", "1")
        center = width = None
    elif voi is not None and voi.WindowWidth is not None and first(voi.WindowWidth) >= 1:
        center, width = first(voi.WindowCenter), first(voi.WindowWidth)
        rule, options = "FILE_WINDOW", ("+Ww", str(center), str(width))
    else:
        rule, center, width = own_window(ds, stored, padding, slope, intercept)
        # by the function LINEAR, which dcm2pnm has, the same ramp
        options = ("+Ww", str(center + 0.5), str(width + 1))
        if rule == "BODY_PART_TABLE":
            options = ("+Ww", str(center), str(width))
    linear = rule in ("FILE_WINDOW", "BODY_PART_TABLE")
    named = rule if center is None else "%s %s/%s" % (rule, number(center), number(width))
    if center is None:
        raise ValueError("no picture by pydicom")
    values = apply_modality_lut(stored, rescale if slope is not None else tables_of(ds))
    middle, span = (center - 0.5, width - 1) if linear else (center, width)
    with np.errstate(invalid="ignore", divide="ignore"):  # the equations of PS3.3 C.11.2.1.2
        whole = np.clip(((values - middle) / span + 0.5) * 255, 0, 255)
        whole = np.nan_to_num(np.floor(whole + 0.5))
    if ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE":
        whole = 255 - whole
    try:
        picture, peer = dcmtk_any(path, frame, options), "dcm2pnm"
        if np.abs(whole - picture)[~padding].max(initial=0) > 1:
            print("dcm2pnm and pydicom differ:", path.name)
            picture, peer = whole, "pydicom"
    except (subprocess.CalledProcessError, ValueError, IndexError):
        picture, peer = whole, "pydicom"
    picture, whole = np.array(picture, np.uint8), np.array(whole, np.uint8)
    picture[padding] = whole[padding] = 0
    return named, peer, picture, whole


def own_window(ds, stored, padding, slope, intercept):
    """The rules of ours where a file has no window, in units of the modality."""
    units = "HU" if slope is None else ds.get("RescaleType", "HU")
    if slope is not None and ds.get("Modality") == "CT" and units == "HU":
        return ("BODY_PART_TABLE", *ct_window(ds.get("BodyPartExamined", "")))
    modality = lambda v: v * (1 if slope is None else slope) + (intercept or 0)
    if stored.dtype.kind in "iu" and stored.dtype.itemsize < 4 and ds.get("BitsStored", 99) <= 8:
        low = -(2 ** (ds.BitsStored - 1)) if stored.dtype.kind == "i" else 0
        low, high, rule = low, low + 2 ** ds.BitsStored - 1, "FULL_RANGE"
    else:
        rest = stored[~padding & np.isfinite(stored)]
        low, high = percentiles(rest)
        if low == high:
            low, high = float(rest.min()), float(rest.max())
        rule = "PERCENTILES"
    low, high = sorted((modality(low), modality(high)))
    return (rule, low + 0.5, 1.0) if low == high else (rule, low + (high - low) / 2, high - low)


def ct_window(part):
    table = HERE.parents[2] / "main/resources/org/llavamed/render/internal/ct-windows.tsv"
    rows = [line.split("\t") for line in table.read_text().splitlines() if line[0] != "#"]
    windows = {row[0]: (float(row[1]), float(row[2])) for row in rows}
    return windows.get(re.sub("[^A-Z]", "", str(part or "").upper()), windows["*"])


def dcmtk_any(path, frame, options):
    """dcm2pnm, or its siblings for JPEG and JPEG-LS."""
    for tool in ("dcm2pnm", "dcmj2pnm", "dcml2pnm"):
        run = subprocess.run([tool, "-q", "-O", "-S", *options, "+F", str(frame + 1), path],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if run.returncode == 0 and run.stdout:
            magic, width, height, _, pixels = split(run.stdout)
            return np.frombuffer(pixels, np.uint8).reshape(height, width)
    raise ValueError("dcmtk does not read it")


def write(name, columns, rows):
    with open(HERE / name, "w") as out:
        out.write("# made by make-golden.py: %s\n" % columns)
        for row in rows:
            out.write("\t".join(row) + "\n")


windows()
ranges()
tables()
enhanced()
colours()
more_tables()
wide()
enhanced_frames()
supplemental()
referring()
float_padding()
write("expected.tsv", "file, frame, rendering, step, every step-th pixel", table)
overlays()
aspects()
states()
shutters()
layers()
write("presentations.tsv",
      "file, frame, presentation state, overlays, window, rendering, size, pixels", presentations)
if len(sys.argv) > 1:
    collection(pathlib.Path(sys.argv[1]))
