#!/usr/bin/python3
"""Writes elements.tsv and uids.tsv: the registries of DICOM PS3.6 as tables.

Source: the tables of pydicom 2.3.1 (MIT licence; Debian package python3-pydicom), modules
pydicom._dicom_dict and pydicom._uid_dict. Run it again only to take a newer edition:

    /usr/bin/python3 src/main/scripts/make-dictionary.py src/main/resources/org/llavamed/dicom
"""
import sys
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._uid_dict import UID_dictionary

# Entries of PS3.6 annex A that are younger than that table.
YOUNGER_UIDS = {
    "1.2.840.10008.1.2.4.100.1": ("Fragmentable MPEG2 Main Profile / Main Level", "Transfer Syntax", "MPEG2MPMLF"),
    "1.2.840.10008.1.2.4.110": ("JPEG XL Lossless", "Transfer Syntax", "JPEGXLLossless"),
    "1.2.840.10008.1.2.4.111": ("JPEG XL JPEG Recompression", "Transfer Syntax", "JPEGXLJPEGRecompression"),
    "1.2.840.10008.1.2.4.112": ("JPEG XL", "Transfer Syntax", "JPEGXL"),
    "1.2.840.10008.1.2.4.201": ("High-Throughput JPEG 2000 Image Compression (Lossless Only)", "Transfer Syntax", "HTJ2KLossless"),
    "1.2.840.10008.1.2.4.202": (
        "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)", "Transfer Syntax", "HTJ2KLosslessRPCL"),
    "1.2.840.10008.1.2.4.203": ("High-Throughput JPEG 2000 Image Compression", "Transfer Syntax", "HTJ2K"),
    "1.2.840.10008.1.2.4.204": ("JPIP HTJ2K Referenced", "Transfer Syntax", "JPIPHTJ2KReferenced"),
    "1.2.840.10008.1.2.4.205": ("JPIP HTJ2K Referenced Deflate", "Transfer Syntax", "JPIPHTJ2KReferencedDeflate"),
    "1.2.840.10008.1.2.8.1": ("Deflated Image Frame Compression", "Transfer Syntax", "DeflatedImageFrameCompression"),
    "1.2.840.10008.5.1.4.1.1.66.7": ("Label Map Segmentation Storage", "SOP Class", "LabelMapSegmentationStorage"),
    "1.2.840.10008.5.1.4.1.1.66.8": ("Height Map Segmentation Storage", "SOP Class", "HeightMapSegmentationStorage"),
}


def flag(retired):
    return "retired" if retired else ""


def main(folder):
    rows = [("%08X" % tag, vr, vm, keyword, name, flag(retired))
            for tag, (vr, vm, name, retired, keyword) in DicomDictionary.items()]
    rows += [("".join(c if c in "0123456789ABCDEFx" else c.upper() for c in mask), vr, vm, keyword, name, flag(retired))
             for mask, (vr, vm, name, retired, keyword) in RepeatersDictionary.items()]
    write(folder / "elements.tsv", "tag\tvr\tvm\tkeyword\tname\tretired", sorted(rows))
    uids = {uid: (name, kind, keyword, flag(retired))
            for uid, (name, kind, _, retired, keyword) in UID_dictionary.items()}
    uids.update({uid: (*entry, "") for uid, entry in YOUNGER_UIDS.items()})
    key = lambda row: [int(part) for part in row[0].split(".")]
    write(folder / "uids.tsv", "uid\tname\ttype\tkeyword\tretired",
          sorted(((uid, *entry) for uid, entry in uids.items()), key=key))


def write(path, header, rows):
    lines = [header] + ["\t".join(part.strip() for part in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


main(Path(sys.argv[1]))
