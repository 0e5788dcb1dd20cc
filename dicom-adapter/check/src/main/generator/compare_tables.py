#!/usr/bin/env python3
"""Compares iods.tsv and modules.tsv, which state no edition, with sources that state one.

    python compare_tables.py ../resources/org/llavamed/check/internal

Needs highdicom 0.28.2, pydicom 3.0.2 and pynetdicom 3.0.4 (PyPI), which know the storage classes of
some edition, and GDCM's Part3.xml (Debian package libgdcm3.0), the modules of PS3.3-2008.
"""

import csv
import json
import pathlib
import pkgutil
import re
import sys
import xml.etree.ElementTree as ElementTree

from pydicom._version import __dicom_version__ as edition_of_pydicom
from pydicom.datadict import keyword_for_tag
from pydicom.uid import UID_dictionary
from pynetdicom import sop_class
from pynetdicom._version import __dicom_version__ as edition_of_pynetdicom

PART3 = "/usr/share/gdcm-3.0/XML/Part3.xml"
DEEPEST_MACRO = 4


def classes():
    carried = set(json.loads(pkgutil.get_data("highdicom", "_standard/sop_class_iod_map.json")))
    print("pydicom,", edition_of_pydicom, "lacks", sorted(carried - set(UID_dictionary)))
    storage = set(sop_class._STORAGE_CLASSES.values())
    print(
        "pynetdicom,", edition_of_pynetdicom, "has", len(storage), "storage classes; highdicom lacks",
        sorted(storage - carried),
    )


def key(name):
    """The name of a module as highdicom writes it."""
    return re.sub("[^a-z0-9]+", "-", name.lower().split(" module")[0]).strip("-")


def level(text):
    return len(text) - len(text.lstrip(">"))


def attributes(table, macros, depth=0):
    """Types by path of keywords, those of macros too."""
    found, path = {}, []
    for entry in table:
        if entry.tag == "include":
            text = entry.get("ref") or ""
            macro = re.search(r"Table\s+([\w.-]+\w)", text)
            if macro and macro.group(1) in macros and depth < DEEPEST_MACRO:
                inner = attributes(macros[macro.group(1)], macros, depth + 1)
                found.update({(*path[: level(text)], *rest): kind for rest, kind in inner.items()})
        elif entry.tag == "entry":
            del path[level(entry.get("name") or ""):]
            path.append(keyword(entry))
            found[tuple(path)] = entry.get("type")
    return found


def keyword(entry):
    try:
        return keyword_for_tag(int(entry.get("group") + entry.get("element"), 16))
    except ValueError:
        return ""


def modules(folder):
    tables = ElementTree.parse(PART3).getroot()
    macros = {macro.get("table"): macro for macro in tables.findall("macro")}
    other = {}
    for module in tables.findall("module"):
        other.setdefault(key(module.get("name")), attributes(module, macros))
    counts = {"same type": 0, "other type": 0, "younger": 0, "module younger": 0}
    with open(folder / "modules.tsv", encoding="utf-8") as lines:
        for module, path, name, kind in list(csv.reader(lines, delimiter="\t"))[2:]:
            steps = (*path.split("."), name) if path else (name,)
            if module not in other:
                counts["module younger"] += 1
            elif steps not in other[module]:
                counts["younger"] += 1
                if not path:
                    print("not in", tables.get("edition"), module, name, kind)
            elif other[module][steps] == kind:
                counts["same type"] += 1
            else:
                counts["other type"] += 1
                print(module, ".".join(steps), kind, "but", other[module][steps], "there")
    print("GDCM,", tables.get("edition"), counts)


classes()
modules(pathlib.Path(sys.argv[1]))
