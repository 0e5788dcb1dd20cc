#!/usr/bin/env python3
"""Holds our copies against those of another implementation of the basic profile.

    llavamed dicom anonymize FILES... -o OURS --pixels-checked --map MAP.csv
    pip install dicom-anonymizer==2.1.0
    python3 compare_anonymizers.py MAP.csv > anonymizers.tsv

For each attribute of the originals, at every depth: in how many files its value stayed in our copy, and
in how many in the copy of dicom-anonymizer (tables of edition 2026c). Attributes that both treat alike
in all files are counted in the last line alone.
"""

import collections
import csv
import sys
import tempfile

import pydicom
from dicomanonymizer import anonymize_dicom_file, initialize_actions


def rules():
    return initialize_actions("dicomfields_2026c")


def values(dataset, path=""):
    for element in dataset:
        name = path + (element.keyword or "%08X" % element.tag)
        if element.tag.is_private or element.tag.group in (2, 0x7FE0):
            continue
        if element.VR == "SQ":
            for item in element.value:
                yield from values(item, name + ".")
        elif element.value not in (None, "", []):
            yield name, str(element.value)


def table(dataset):
    found = collections.defaultdict(set)
    for name, value in values(dataset):
        found[name].add(value)
    return found


def main():
    stayed = collections.defaultdict(lambda: [0, 0, 0])
    files = 0
    for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
        with tempfile.NamedTemporaryFile(suffix=".dcm") as their:
            try:
                anonymize_dicom_file(row["file"], their.name, base_rules_gen=rules)
                copies = [table(pydicom.dcmread(path, force=True)) for path in (row["new file"], their.name)]
                original = table(pydicom.dcmread(row["file"], force=True))
            except Exception as problem:
                print("left out:", row["file"].rsplit("/", 1)[-1], type(problem).__name__, file=sys.stderr)
                continue
        files += 1
        for name, texts in original.items():
            stayed[name][0] += 1
            for i, copy in enumerate(copies):
                stayed[name][1 + i] += bool(texts & copy[name])
    print("attribute\tfiles\tkept by us\tkept by dicom-anonymizer")
    alike = 0
    for name in sorted(stayed):
        count, ours, theirs = stayed[name]
        if ours == theirs:
            alike += 1
        else:
            print("%s\t%d\t%d\t%d" % (name, count, ours, theirs))
    print("(%d others, alike in %d files)" % (alike, files))


main()
