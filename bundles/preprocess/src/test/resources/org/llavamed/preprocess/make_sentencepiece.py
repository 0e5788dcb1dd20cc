"""Trains the small SentencePiece models of SentencePieceModelTest from a text of our own, and writes
the ids that the SentencePiece library gives. Run by hand:

    pip install sentencepiece==0.2.3 && python make_sentencepiece.py
"""

import io
import json
import random

import sentencepiece

PLACES = "lung heart liver kidney spleen aorta bladder pancreas stomach brain spine pelvis".split()
FINDINGS = "mass nodule effusion fracture cyst edema opacity lesion pneumothorax infarct".split()
SIDES = "left right upper lower anterior posterior medial lateral bilateral".split()
SHAPES = [
    "Is there a {f} in the {s} {p}?",
    "What does the {p} show?",
    "The {s} {p} shows a {f} of {n} mm.",
    "There is no {f} of the {p}, and no {f2}.",
    "How many {f}s are in the {p}?  {n}",
    "Yes, the {f} is {s} of the {p}.\tSize: {n}.{m} cm",
    "Größe der Läsion: {n} µm, {s}",
    "No.  The    {p} is normal.",
    "肺に結節 {n} 個",
]
TEXTS = [
    "Is there a mass in the left lung?",
    " leading blank",
    "trailing blank ",
    "  two   and  three  ",
    "line\nfeed\r\n\ttab",
    "Größe: 3 µm, naïve e\u0301",
    "肺に結節がある",
    "\U0001F680 \U0001FA7B\U0001FAC0 x",
    "<0x0A> ▁ ▁▁ a▁",
    "zero \u0000 bell \u0007 nbsp \u00a0",
    "             ",
    "aaaaaaaa ---- 1234567890",
    "",
    " ",
]
MODELS = {
    "llama": dict(vocab_size=560, byte_fallback=True, remove_extra_whitespaces=False),
    "unknown": dict(vocab_size=300, byte_fallback=False, remove_extra_whitespaces=True),
    "bare": dict(
        vocab_size=460, byte_fallback=True, remove_extra_whitespaces=False, add_dummy_prefix=False
    ),
}


def corpus():
    rng = random.Random(7)
    for _ in range(3000):
        yield rng.choice(SHAPES).format(
            p=rng.choice(PLACES),
            s=rng.choice(SIDES),
            f=rng.choice(FINDINGS),
            f2=rng.choice(FINDINGS),
            n=rng.randrange(100),
            m=rng.randrange(10),
        )


def main():
    golden = {"texts": TEXTS, "ids": {}}
    for name, settings in MODELS.items():
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=corpus(),
            model_writer=model,
            model_type="bpe",
            normalization_rule_name="identity",
            allow_whitespace_only_pieces=True,
            character_coverage=0.9995,
            split_digits=True,
            hard_vocab_limit=False,
            num_threads=1,
            minloglevel=2,
            **settings,
        )
        with open(f"sentencepiece-{name}.model", "wb") as file:
            file.write(model.getvalue())
        processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
        golden["ids"][name] = [processor.encode(text) for text in TEXTS]
    with open("golden-sentencepiece.json", "w", encoding="utf-8") as file:
        rows = [f'    "{n}": [\n' + ",\n".join(f"      {json.dumps(i)}" for i in ids) + "\n    ]"
                for n, ids in golden["ids"].items()]
        texts = ",\n".join("    " + json.dumps(text) for text in TEXTS)
        file.write('{\n  "texts": [\n' + texts + '\n  ],\n  "ids": {\n' + ",\n".join(rows) + "\n  }\n}\n")


main()
