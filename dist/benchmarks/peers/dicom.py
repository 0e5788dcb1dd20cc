"""Times DICOM files beside other programs, on the same files and in turns, and prints a table.

python dicom.py LLAVAMED FOLDER [ROUNDS [OBJECTS]]

LLAVAMED is the shipped bin/llavamed. FOLDER is made: single images in several transfer
syntaxes, and OBJECTS (1,000) CT images of 512 KB. Needs pydicom 3 with python-gdcm, pylibjpeg,
pylibjpeg-libjpeg, -openjpeg and -rle from PyPI, and dcmtk, libgdcm-tools and orthanc from Debian.
Each round (5) measures every program once; the figures so far are printed after each on standard
error, medians at the end. Everything stays on the loopback
interface.
"""

import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import gdcm
import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, RLELossless, generate_uid

LLAVAMED = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(sys.argv[2])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
OBJECTS = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
AE = "LLAVAMED"
SIDES = (512, 2048)
WARM = 1 << 15  # repeats times side: so long that the JVM has compiled what it measures


def image(side, number, noise):
    """A CT image of a round body with some texture, as scanners make them."""
    random = np.random.default_rng(number)
    y, x = np.mgrid[-1:1:side * 1j, -1:1:side * 1j]
    body = (x * x + 1.4 * y * y < 0.7) * 1000 + (x * x + y * y < 0.1) * 60
    values = np.clip(body + 24 * np.sin(9 * x) * np.cos(7 * y) + random.normal(0, noise, body.shape), 0, 4095)
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, generate_uid(entropy_srcs=["i", str(number), str(side)])
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(entropy_srcs=["s"]), generate_uid(entropy_srcs=["e"])
    ds.PatientID, ds.PatientName, ds.Modality, ds.InstanceNumber = "BENCH", "Bench^Mark", "CT", number
    ds.StudyDate, ds.StudyTime, ds.StudyID, ds.AccessionNumber = "20260101", "120000", "1", "1"
    ds.Rows = ds.Columns = side
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.RescaleIntercept, ds.RescaleSlope = -1024, 1
    ds.PixelData = values.astype("<u2").tobytes()
    return ds


def make():
    store = FOLDER / "store"
    if len(list(store.glob("*.dcm"))) == OBJECTS:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    store.mkdir(parents=True)
    for side in SIDES:
        folder = FOLDER / str(side)
        folder.mkdir()
        plain = folder / "plain.dcm"
        image(side, 1, 12).save_as(plain, enforce_file_format=True)
        for name, command in {
            "rle": ["dcmcrle"],
            "jpeg-12": ["dcmcjpeg", "+ee"],
            "jpeg-lossless": ["dcmcjpeg", "+e1"],
            "jpeg-ls": ["dcmcjpls"],
            "jpeg-ls-near": ["dcmcjpls", "+en", "+md", "2"],
        }.items():
            subprocess.run([*command, plain, folder / f"{name}.dcm"], check=True)
        subprocess.run(["gdcmconv", "--j2k", plain, folder / "jpeg-2000.dcm"], check=True)
    for number in range(OBJECTS):
        image(512, number, 12).save_as(store / f"{number}.dcm", enforce_file_format=True)


def ours(*arguments):
    out = subprocess.run([LLAVAMED, "bench", "dicom", *arguments], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def pydicom_headers(files):
    begin = time.perf_counter()
    for file in files:
        dcmread(file, stop_before_pixels=True)
    return len(files) / (time.perf_counter() - begin)


def pydicom_decode(file, plugin):
    from pydicom.pixels import get_decoder

    ds = dcmread(file)
    decoder = get_decoder(ds.file_meta.TransferSyntaxUID)
    begin = time.perf_counter()
    array, _ = decoder.as_array(ds, raw=True, decoding_plugin=plugin)
    return array.nbytes / 1e6 / (time.perf_counter() - begin)


def gdcm_decode(file):
    """GDCM without pydicom, whose plug-in for it leaves RLE out; opening the file is part of it."""
    begin = time.perf_counter()
    reader = gdcm.ImageReader()
    reader.SetFileName(str(file))
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ImplicitVRLittleEndian))
    if not reader.Read():
        raise SystemExit(f"GDCM does not read {file}")
    change.SetInput(reader.GetImage())
    if not change.Change():
        raise SystemExit(f"GDCM does not decode {file}")
    return change.GetOutput().GetBufferLength() / 1e6 / (time.perf_counter() - begin)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """A program that listens; its folder is emptied before each round."""

    def __init__(self, name, command):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.process = subprocess.Popen(
            command(self), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{name} does not listen")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)


def orthanc(receiver):
    config = receiver.folder / "orthanc.json"
    config.write_text(json.dumps({
        "DicomPort": receiver.port, "DicomAet": AE, "DicomCheckCalledAet": False,
        "DicomAlwaysAllowStore": True, "HttpServerEnabled": False, "RemoteAccessAllowed": False,
        "StorageDirectory": str(receiver.folder / "db"), "IndexDirectory": str(receiver.folder / "db"),
        "OverwriteInstances": True, "Plugins": [],
    }))
    return ["Orthanc", str(config)]


RECEIVERS = {
    "ours": lambda r: [LLAVAMED, "dicom", "receive", "--port", str(r.port), "--aet", AE, "-o", str(r.folder / "in")],
    "storescp": lambda r: ["storescp", "-aet", AE, "-od", str(r.folder), str(r.port)],
    "Orthanc": orthanc,
}


def seconds(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def storescu(port):
    return seconds(["storescu", "-aec", AE, "+sd", "127.0.0.1", str(port), str(FOLDER / "store")])


def our_send(port):
    return seconds([LLAVAMED, "dicom", "send", "--aec", AE, f"127.0.0.1:{port}", str(FOLDER / "store")])


SENDERS = {"ours": our_send, "storescu": storescu}


def main():
    make()
    stored = sorted((FOLDER / "store").glob("*.dcm"))
    figures = {}

    def note(what, who, value):
        figures.setdefault(what, {}).setdefault(who, []).append(value)

    for _ in range(ROUNDS):
        note("headers (objects/s)", "ours", ours(str(FOLDER / "store"), "--repeats", "15")["headersPerSecond"])
        note("headers (objects/s)", "pydicom", pydicom_headers(stored))
        for side in SIDES:
            for result in ours(str(FOLDER / str(side)), "--repeats", str(WARM // side))["decoding"]:
                note(f"{side}, {UID(result['transferSyntax']).name} (MB/s)", "ours", result["megabytesPerSecond"])
            for file in sorted((FOLDER / str(side)).glob("*.dcm")):
                syntax = dcmread(file, stop_before_pixels=True).file_meta.TransferSyntaxUID
                for plugin in ("gdcm", "pylibjpeg", "pydicom"):
                    try:
                        runs = [pydicom_decode(file, plugin) for _ in range(5)]
                        note(f"{side}, {syntax.name} (MB/s)", plugin, statistics.median(runs))
                    except Exception:  # noqa: BLE001 - a plugin that has no decoder for the syntax
                        continue
                if syntax == RLELossless:
                    runs = [gdcm_decode(file) for _ in range(5)]
                    note(f"{side}, {syntax.name} (MB/s)", "gdcm", statistics.median(runs))
        for receiver, command in RECEIVERS.items():
            for sender, send in SENDERS.items():
                process = Receiver(receiver, command)
                try:
                    rate = OBJECTS / send(process.port)
                finally:
                    process.stop()
                note(f"receive from {sender} (objects/s)", receiver, rate)
                note(f"send to {receiver} (objects/s)", sender, rate)
        print(json.dumps(figures), file=sys.stderr, flush=True)
    for what, programs in figures.items():
        mine = statistics.median(programs["ours"])
        for who, values in programs.items():
            theirs = statistics.median(values)
            print(f"{what[:70]:70} {who:10} {theirs:10.1f}   ours/it {mine / theirs:6.2f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()
