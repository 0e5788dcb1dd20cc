#!/usr/bin/env python3
"""Writes the inputs that FuzzTargetContract replays, known-bad/TARGET/NAME.bin of each module's tests.

    python make_known_bad.py

Each is of a kind that once did harm, here or in other programs: it was read for ever, or exhausted
stack or heap. What has to be said of it stands in known-bad/sentences.tsv, written by hand.
"""

import pathlib
import struct
import zlib

ADAPTER = pathlib.Path(__file__).resolve().parents[5] / "dicom-adapter"
FRAMES = ADAPTER / "codec/src/main/resources/org/llavamed/codec/internal/fuzz"
EXPLICIT, DEFLATED, JPEG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"
ENDLESS = 0xFFFFFFFF


def write(module, target, name, content):
    folder = ADAPTER / module / "src/test/resources/known-bad" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (name + ".bin")).write_bytes(content)


def element(tag, vr, value, length=None):
    length = len(value) if length is None else length
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr.encode())
    wide = vr in ("OB", "SQ", "UC", "UN")
    return head + (struct.pack("<xxI", length) if wide else struct.pack("<H", length)) + value


def item(tag, length):
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, length)


def part10(syntax, data_set):
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = element(0x00020010, "UI", uid)
    group = element(0x00020000, "UL", struct.pack("<I", len(meta)))
    if syntax == DEFLATED:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        data_set = deflater.compress(data_set) + deflater.flush()
    return bytes(128) + b"DICM" + group + meta + data_set


def files():
    deep = element(0x0040A730, "SQ", b"", ENDLESS) + item(0xFFFEE000, ENDLESS)
    name = element(0x00100010, "PN", b"Doe^Jane")
    inputs = {
        "length-beyond-the-end": part10(EXPLICIT, element(0x00091001, "UN", b"xx", 0x676E6F6C)),
        "sequences-in-sequences": part10(DEFLATED, 100_000 * deep),
        "list-of-short-values": part10(DEFLATED, element(0x00091001, "UC", b"\\" * (48 << 20))),
        "zeros-in-the-data-set": part10(
            DEFLATED, name + bytes(4 << 20) + element(0x00100020, "LO", b"", 9)
        ),
        "fragment-beyond-the-end": part10(
            JPEG,
            name + element(0x7FE00010, "OB", item(0xFFFEE000, 0) + item(0xFFFEE000, 0xFFFFFFF0), ENDLESS),
        ),
    }
    for what, content in inputs.items():
        write("dicom", "part10", what, content)


def json():
    inputs = {
        "exponent-of-ten-digits": '{"00280010":{"vr":"US","Value":[1e9999999999]}}',
        "arrays-in-arrays": "[" * 20_000,
        "sequences-in-sequences": '{"0040A730":{"vr":"SQ","Value":[' * 1000,
        "number-of-many-digits": '{"00280010":{"vr":"US","Value":[%s]}}' % ("9" * 20_000),
    }
    for what, content in inputs.items():
        write("dicom", "json", what, content.encode())


def frame(names, name):
    """An input of FrameFuzzTarget: the number of the sound frame, and its bytes."""
    return bytes([names.index(name)]), bytearray((FRAMES / (name + ".frame")).read_bytes())


def largest(content, markers):
    """Makes rows and columns in a frame header the most that it can say."""
    at = min(content.index(b"\xFF" + bytes([marker])) for marker in markers
             if b"\xFF" + bytes([marker]) in content)
    content[at + 5: at + 9] = b"\xFF" * 4
    return content


def frames():
    rows = [line.split("\t") for line in (FRAMES / "frames.tsv").read_text().splitlines()[1:]]

    def names(*endings):
        return [row[0].removesuffix(".frame") for row in rows
                if row[1].removeprefix("1.2.840.10008.1.2.") in endings]

    dct, lossless = names("4.50", "4.51", "4.53", "4.55"), names("4.57")
    lines, wavelet = names("4.80", "4.81"), names("4.90", "4.91")
    runs = names("5", "8.1")
    number, content = frame(dct, "jpeg-grey")
    write("codec", "jpeg", "header-of-the-largest-picture", number + largest(content, [0xC0]))
    number, content = frame(dct, "jpeg-12-progressive")
    scan, end = content.rindex(b"\xFF\xDA"), content.rindex(b"\xFF\xD9")
    write("codec", "jpeg", "scan-again-and-again", number + content[:end] + 20 * content[scan:end])
    number, content = frame(lossless, "jpeg-lossless-4")
    write("codec", "jpeg-lossless", "header-of-the-largest-picture", number + largest(content, [0xC3]))
    number, content = frame(lines, "jpeg-ls-8-bits")
    write("codec", "jpeg-ls", "header-of-the-largest-picture", number + largest(content, [0xF7]))
    number, content = frame(wavelet, "grey-8")
    data = content.index(b"\xFF\x93") + 38
    broken = content[:data] + b"\xFF\xFF" + content[data + 2:]
    write("codec", "jpeg-2000", "ones-in-the-data", number + broken)
    size = content.index(b"\xFF\x51")
    content[size + 6: size + 14] = b"\x7F\xFF\xFF\xFF" * 2
    write("codec", "jpeg-2000", "header-of-the-largest-picture", number + content)
    number, content = frame(runs, "rle-8-rgb")
    write("codec", "rle", "segments-beyond-the-end", number + struct.pack("<16I", 3, *[0xFFFFFFF0] * 15))
    write("codec", "rle", "segments-without-end", number + b"\xFF" * 64 + content[64:])
    number, content = frame(runs, "deflated-frames")
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(bytes(64 << 20)) + deflater.flush()
    write("codec", "rle", "deflated-to-64-mebibytes", number + bomb)


def connections():
    """The first byte is our side: the acceptor, or which service we ask for."""
    for side, what in ((0, 1), (1, 2), (3, 2)):
        start = bytes([side]) + struct.pack(">BxI", what, ENDLESS)
        write("dimse", "pdu", "largest-length-side-%d" % side, start + bytes(64))
    items = struct.pack(">BxH", 0x10, 0) * 3000
    for side, what in ((0, 1), (2, 2)):
        body = struct.pack(">Hxx16s16s32x", 1, b"PEER", b"OURS") + items
        write("dimse", "pdu", "items-without-content-side-%d" % side,
              bytes([side]) + struct.pack(">BxI", what, len(body)) + body)


def multipart():
    start = b'multipart/related; type="application/dicom"; boundary=b\n'
    inputs = {
        "boundary-without-end": b'multipart/related; boundary="' + b"\\" * 1000 + b"\n--",
        "length-of-twenty-digits": start + b"--b\r\nContent-Length: 99999999999999999999\r\n\r\nx\r\n--b--",
        "header-without-end": start + b"--b\r\n" + b"x" * 20_000,
        "nearly-boundaries": start + b"--b\r\n\r\n" + b"\r\n--" * 4000,
    }
    for what, content in inputs.items():
        write("dicomweb", "multipart", what, content)


files()
json()
frames()
connections()
multipart()
