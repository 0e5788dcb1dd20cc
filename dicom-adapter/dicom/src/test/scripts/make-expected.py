#!/usr/bin/python3
"""Writes what pydicom 2.3.1 (Debian package python3-pydicom) reads from the reference files.

    /usr/bin/python3 src/test/scripts/make-expected.py FOLDER src/test/resources/org/llavamed/dicom

FOLDER holds INDEX.tsv and the files it names. Writes expected.tsv, one row a file: path, number of
elements in all levels, hash of the element dump, hash of the DICOM JSON model; and names.tsv: the
decoded text of the files that test character sets. Hashes are the first 16 digits of a SHA-256.

Element dump, top level without pixel data and group 0002: for each element the tag (4 bytes, big
endian), then 'S', the number of items (4 bytes) and the dumps of the items, or 'V', the length
(4 bytes) and the value in little endian with even length.

JSON: for each attribute that is neither private, of group 0002, a group length, pixel data nor
Specific Character Set, a line "TAG VR" and a line for each value: numbers as the hexadecimal
digits of a double, FL of a float, binary values as the hash of the bytes, names as component groups joined by '=',
'(' and ')' around items.
"""
import base64
import hashlib
import struct
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom import datadict
from pydicom.dataelem import RawDataElement

PIXELS = {0x7FE00008, 0x7FE00009, 0x7FE00010}
UNITS = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4,
         "FD": 8, "OD": 8, "SV": 8, "UV": 8, "OV": 8}
BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}
NUMBERS = {"DS", "IS", "FL", "FD", "SL", "SS", "UL", "US", "SV", "UV"}


def short(data):
    return hashlib.sha256(data).hexdigest()[:16]


def known_vr(tag):
    try:
        return datadict.dictionary_VR(tag)
    except KeyError:
        return "UN"


def dump(dataset, top, count):
    out = bytearray()
    for tag in sorted(dataset.keys()):
        if top and (int(tag) in PIXELS or tag.group == 2):
            continue
        count[0] += 1
        out += struct.pack(">I", int(tag))
        raw = dataset.get_item(tag)
        vr = raw.VR and str(getattr(raw.VR, "value", raw.VR))
        if isinstance(raw, RawDataElement) and vr in (None, "UN") and not tag.is_private:
            vr = known_vr(tag)
        if vr == "SQ":
            items = dataset[tag].value
            out += b"S" + struct.pack(">I", len(items))
            for item in items:
                out += dump(item, False, count)
            continue
        value = raw.value if isinstance(raw, RawDataElement) else text(raw)
        value = value or b""
        if isinstance(raw, RawDataElement) and not raw.is_little_endian and raw.VR != "UN":
            value = swap(value, UNITS.get(raw.VR, 1))
        if len(value) % 2:
            plain = vr is None or vr in BINARY or vr in UNITS or vr == "UI"
            value += b"\0" if plain else b" "
        out += b"V" + struct.pack(">I", len(value)) + value
    return bytes(out)


def text(element):
    if element.is_empty:
        return b""
    value = element.value
    values = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
    if element.VR in ("UL", "US"):
        return b"".join(struct.pack("<I" if element.VR == "UL" else "<H", v) for v in values)
    return "\\".join(map(str, values)).encode()


def swap(value, unit):
    whole = len(value) // unit * unit
    return b"".join(value[i:i + unit][::-1] for i in range(0, whole, unit)) + value[whole:]


def canonical(model):
    lines = []
    for tag in sorted(model):
        number = int(tag, 16)
        if (number >> 16) % 2 or number >> 16 == 2 or number & 0xFFFF == 0 or number in PIXELS or number == 0x00080005:
            continue
        attribute = model[tag]
        vr = str(getattr(attribute["vr"], "value", attribute["vr"]))
        lines.append(f"{tag} {vr}")
        if "InlineBinary" in attribute:
            data = base64.b64decode(attribute["InlineBinary"])
            lines.append(short(data + b"\0" * (len(data) % 2)))
        for value in attribute.get("Value", []):
            lines += canonical_value(vr, value)
    return lines


def canonical_value(vr, value):
    if vr == "SQ":
        return ["("] + canonical(value or {}) + [")"]
    if value is None or value == "":
        return [""]
    if vr == "PN":
        groups = [value.get(name, "") for name in ("Alphabetic", "Ideographic", "Phonetic")]
        return ["=".join(groups).rstrip("=")]
    if vr in NUMBERS:
        return [struct.pack(">f" if vr == "FL" else ">d", float(value)).hex()]
    return [str(value).rstrip(" \0")]


def texts(dataset):
    for element in dataset:
        if element.VR in ("PN", "LO", "SH", "LT", "ST", "UT") and not element.tag.is_private and str(element.value):
            value = element.value
            values = value if isinstance(value, pydicom.multival.MultiValue) else [value]
            yield element.tag, "\\".join(str(v) for v in values)


def main(folder, target):
    expected = ["path\telements\tdump\tjson"]
    names = ["path\ttag\ttext"]
    for line in (folder / "INDEX.tsv").read_text().splitlines()[1:]:
        path = line.split("\t")[1]
        count = [0]
        try:
            dumped = short(dump(pydicom.dcmread(folder / path, force=True), True, count))
        except Exception as error:
            print(path, "is left out:", error)
            continue
        try:
            dataset = pydicom.dcmread(folder / path, force=True)
            for tag in PIXELS:
                if tag in dataset:
                    del dataset[tag]
            model = dataset.to_json_dict(bulk_data_threshold=1 << 40)
            json = short("\n".join(canonical(model)).encode())
        except Exception as error:
            print(path, "has no JSON:", repr(error))
            json = "-"
        expected.append(f"{path}\t{count[0]}\t{dumped}\t{json}")
        if Path(path).name.startswith("chr"):
            for tag, value in texts(pydicom.dcmread(folder / path)):
                escaped = value.replace("\r", "\\r").replace("\n", "\\n")
                names.append(f"{path}\t{int(tag):08X}\t{escaped}")
    (target / "expected.tsv").write_text("\n".join(expected) + "\n", encoding="utf-8")
    (target / "names.tsv").write_text("\n".join(names) + "\n", encoding="utf-8")


warnings.simplefilter("ignore")
main(Path(sys.argv[1]), Path(sys.argv[2]))
