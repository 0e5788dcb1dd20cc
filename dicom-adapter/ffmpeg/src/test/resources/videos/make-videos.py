#!/usr/bin/env python3
"""Makes the small videos of this folder, wrapped as DICOM, and expected.tsv.

Debian's ffmpeg 5.1 writes the videos from its own test picture and decodes them again; its planes,
chroma repeated to full size by NumPy, are what is expected.

    apt-get install ffmpeg; pip install pydicom==3.0.2 numpy && ./make-videos.py
"""
import hashlib
import pathlib
import subprocess

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

HERE = pathlib.Path(__file__).parent
COLUMNS, ROWS, FRAMES = 96, 66, 10
SOURCE = ["-f", "lavfi", "-i", f"testsrc2=size={COLUMNS}x{ROWS}:rate=25", "-frames:v", str(FRAMES)]
table = []


def save(name, syntax, container, options, bits=8, pieces=1):
    video, raw = HERE / f"video.{container}", HERE / "video.raw"
    quiet = ["ffmpeg", "-loglevel", "error", "-y"]
    subprocess.run([*quiet, *SOURCE, *options, "-fflags", "+bitexact", "-flags", "+bitexact", video],
                   check=True)
    pixels = "yuv420p10le" if bits > 8 else "yuv420p"
    subprocess.run([*quiet, "-i", video, "-f", "rawvideo", "-pix_fmt", pixels, raw], check=True)
    planes = np.fromfile(raw, "<u2" if bits > 8 else "u1").reshape(FRAMES, -1)
    luma, chroma = ROWS * COLUMNS, (ROWS // 2) * (COLUMNS // 2)
    y = planes[:, :luma].reshape(FRAMES, ROWS, COLUMNS)
    cb, cr = (planes[:, luma + i * chroma:luma + (i + 1) * chroma]
              .reshape(FRAMES, ROWS // 2, COLUMNS // 2).repeat(2, 1).repeat(2, 2) for i in (0, 1))
    expected = np.stack([y, cb, cr], -1)
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4." + syntax)
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.4.1"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
    ds.Rows, ds.Columns, ds.NumberOfFrames, ds.SamplesPerPixel = ROWS, COLUMNS, FRAMES, 3
    ds.PhotometricInterpretation, ds.PlanarConfiguration = "YBR_PARTIAL_420", 0
    ds.BitsAllocated = 16 if bits > 8 else 8
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, 0
    stream = video.read_bytes()
    size = -(-len(stream) // pieces) + 1 & ~1
    ds.PixelData = encapsulate([stream[i:i + size] for i in range(0, len(stream), size)], has_bot=False)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(HERE / (name + ".dcm"), enforce_file_format=True)
    table.append([name + ".dcm", expected.dtype.name]
                 + [hashlib.sha256(frame.tobytes()).hexdigest()[:16] for frame in expected])
    video.unlink()
    raw.unlink()


H264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-bf", "2", "-g", "6", "-crf", "36"]
HEVC = ["-c:v", "libx265", "-x265-params", "log-level=none:info=0:pools=none", "-crf", "40"]
save("mpeg2", "100", "m2v", ["-c:v", "mpeg2video", "-bf", "2", "-g", "6", "-q:v", "20"])
save("mpeg2-transport", "101", "ts", ["-c:v", "mpeg2video", "-bf", "2", "-g", "6", "-q:v", "20"])
save("h264-mp4", "102", "mp4", H264)
save("h264-fragments", "103.1", "mp4", H264, pieces=3)
save("h264-elementary", "104", "h264", H264)
save("hevc-mp4", "107", "mp4", [*HEVC, "-pix_fmt", "yuv420p"])
save("hevc-10-bit", "108", "mp4", [*HEVC, "-pix_fmt", "yuv420p10le"], bits=10)
with open(HERE / "expected.tsv", "w") as out:
    out.write("# made by make-videos.py: file, type, first half of the sha256 of each frame's values\n")
    for row in table:
        out.write("\t".join(row) + "\n")
