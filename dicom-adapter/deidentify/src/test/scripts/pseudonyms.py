#!/usr/bin/env python3
"""Prints the golden values of ProfileTest: pseudonyms of a secret of 16 zero bytes."""

import hmac
import uuid


def code(use, value):
    return hmac.new(bytes(16), use.encode() + b"\0" + value.encode(), "sha256").digest()


number = bytearray(code("UID", "1.2.3")[:16])
number[6] = number[6] & 0x0F | 0x80
number[8] = number[8] & 0x3F | 0x80
print("2.25.%d" % uuid.UUID(bytes=bytes(number)).int)
print("P" + code("Patient", "ID 1CT1")[:8].hex().upper())
print(1 + (int.from_bytes(code("Dates", "ID 1CT1")[:8], "big") >> 1) % 3650)
