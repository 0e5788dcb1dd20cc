#!/usr/bin/env python3
"""Times GDCM on the files of DecodeBenchmark: least processor time of one thread.

    pip install python-gdcm==3.2.6 && ./gdcm_decode.py a.dcm b.dcm ...

Prints a line a file: name, ms to open and decode, ms to decode. GDCM decodes every frame, the Java
benchmark the first: give files of one frame.
"""
import sys
import time

import gdcm

NATIVE = gdcm.TransferSyntax(gdcm.TransferSyntax.ImplicitVRLittleEndian)
SECONDS = 5

for name in sys.argv[1:]:
    best_all = best = float("inf")
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.thread_time()
        reader = gdcm.ImageReader()
        reader.SetFileName(name)
        assert reader.Read(), name
        opened = time.thread_time()
        change = gdcm.ImageChangeTransferSyntax()  # GetBuffer would add a copy into Python
        change.SetInput(reader.GetImage())
        change.SetTransferSyntax(NATIVE)
        assert change.Change(), name
        done = time.thread_time()
        best_all, best = min(best_all, done - start), min(best, done - opened)
    print(f"{name}\t{best_all * 1e3:.2f}\t{best * 1e3:.2f}")
