#!/usr/bin/env python3
"""Makes codes.tsv, the codes of PS3.16 with their meanings, from pydicom (MIT).

    pip install pydicom==3.0.2
    python3 make_codes.py ../resources/org/llavamed/deidentify/internal
"""

import sys

from pydicom.sr._concepts_dict import concepts

LONGEST = 64  # characters of LO
SCHEMES = ("DCM", "SCT", "LN", "UCUM")

with open(sys.argv[1] + "/codes.tsv", "w", encoding="utf-8", newline="\n") as table:
    table.write(
        "# Codes of the context groups of PS3.16 2024c as in pydicom 3.0.2 (MIT). Made by make_codes.py.\n")
    table.write("scheme\tvalue\tmeaning\n")
    for scheme in SCHEMES:
        codes = {}
        for keyword in sorted(concepts[scheme]):
            for value, entry in concepts[scheme][keyword].items():
                if len(entry[0].strip()) <= LONGEST:
                    codes.setdefault(value, entry[0].strip())
        for value in sorted(codes):
            table.write("%s\t%s\t%s\n" % (scheme, value, codes[value]))
        print(scheme, len(codes))
