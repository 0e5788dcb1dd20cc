"""Writes metrics-golden.json: pairs of answer and truth with their normalised texts and scores.

    python3 -m venv venv && venv/bin/pip install nltk==3.10.4 && venv/bin/python make_metrics_golden.py

BLEU is NLTK's; the rest is written down here from the published definitions, apart from the Java code.
"""

import json
import random
import re
import warnings
from collections import Counter
from pathlib import Path

from nltk.translate.bleu_score import sentence_bleu

HERE = Path(__file__).parent
TABLES = json.loads(
    (HERE / "../../../../../../main/resources/org/llavamed/evaluation/internal/vqa-normalisation.json").read_text()
)
FORMS = {
    "bleu": (0.25, 0.25, 0.25, 0.25),
    "bleu_1": (1, 0, 0, 0),
    "bleu_2": (0, 1, 0, 0),
    "bleu_3": (0, 0, 1, 0),
}


def normalized(text):
    result = text
    number = re.search(r"(\d)(,)(\d)", text) is not None
    for mark in TABLES["punctuation"]:
        beside_blank = f"{mark} " in text or f" {mark}" in text
        result = result.replace(mark, "" if beside_blank or number else " ")
    result = re.sub(r"\.(?!\d)", "", result, count=32)
    words = [TABLES["manual_map"].get(word, word) for word in result.lower().split()]
    words = [word for word in words if word not in TABLES["articles"]]
    words = [TABLES["contractions"].get(word, word) for word in words]
    return " ".join(words).replace(",", "")


def overlap(answer, truth):
    a, t = Counter(normalized(answer).split()), Counter(normalized(truth).split())
    hits = sum(n for word, n in a.items() if word in t)
    foreign = sum(n for word, n in a.items() if word not in t)
    missing = sum(n for word, n in t.items() if word not in a)
    if not a or not t or hits == 0:
        return 0.0, 0.0
    precision, recall = hits / (hits + foreign), hits / (hits + missing)
    return recall, 2 * precision * recall / (precision + recall)


def clipped_f1(answer, truth):
    a, t = Counter(normalized(answer).split()), Counter(normalized(truth).split())
    shared = sum((a & t).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / sum(a.values()), shared / sum(t.values())
    return 2 * precision * recall / (precision + recall)


def exact_match(answer, truth):
    a, t = normalized(answer).split(), normalized(truth).split()
    return sum(1 for word in set(t) if word in a) / len(a) if a else 0.0


def scores(raw_answer, raw_truth):
    answer, truth = normalized(raw_answer.lower()), normalized(raw_truth.lower())
    recall, f1 = overlap(answer, truth)
    inside = truth in answer
    result = {
        "closed_accuracy": float(inside),
        "closed_b": float(inside and ("yes" in answer or "no" in answer)),
        "closed_exact": float(answer == truth),
        "open_recall": recall,
        "f1": f1,
        "open_f1": clipped_f1(answer, truth),
        "exact_match": exact_match(answer, truth),
    }
    for name, weights in FORMS.items():
        result[name] = float(sentence_bleu([truth.split()], answer.split(), weights=weights))
    return answer, truth, result


WORDS = (
    "yes no none zero one two three ten a an the The right left lobe lower upper lung Lungs mass masses "
    "opacity pleural effusion MRI CT T1 T2 weighted axial coronal aint dont it's its whats youre let's "
    "3.5 3,5 1,200 2.2cm x-ray X-Ray posterior-anterior and/or (PA) [AP] \"flair\" normal abnormal "
    "pneumothorax. e.g. i.e. .5 5. ... diffusion-weighted ; / ? ! , . - _ @ ` = + { } < > \\ somebody'd "
    "Id've twas cerebellum; fat? contrast! no, yes, na\u00efve \u00c4rzte \u0664,\u0665 \u0130 \u03a3\u03a3 a\u00a0b \u2003 c\u2028d"
).split(" ")

HAND_MADE = [
    ("yes", "yes"), ("Yes.", "yes"), ("no", "normal"), ("normal", "no"), ("yes no", "no"), ("abnormal", "no"),
    ("", "yes"), ("the", "a"), ("none", "0"), ("None", "zero"), ("left left left", "left"),
    ("left", "left left left"), ("left lung", "lung left lung"), ("The Liver", "liver"),
    ("lung lung lung lung lung", "right lower lung"), ("lung lung", "lung left lung"),
    ("right lower lobe", "right lower lobe"), ("the right lower lobe", "right lower lobe of the lung"),
    ("in the right lower lobe of the lung", "right lower lobe of the lung"),
    ("it is 3,5 cm, or so", "3,5 cm"), ("a,b", "a b"), ("a, b", "a b"), ("x-ray", "x ray"), ("x -ray", "xray"),
    (". " * 40, "."), (".a" * 40, "a"), ("1.5.2.", "1.5.2"), ("somebody'd", "somebodyd"), ("didnt", "didn't"),
    ("5.6cm", "5.6 cm"), ("diffusion weighted MRI", "MRI - diffusion weighted"), ("a b c d e f", "a b c d e f"),
    ("one two three four five six", "1 2 3 4 5 6"), ("MRI-T2 weighted, 'flair'", "flair"), ("\tyes\n", "yes"),
]


def main():
    warnings.simplefilter("ignore")
    chance = random.Random(20260101)
    pairs = list(HAND_MADE)
    for _ in range(400):
        truth = [chance.choice(WORDS) for _ in range(chance.randint(1, 7))]
        answer = [w if chance.random() < 0.7 else chance.choice(WORDS) for w in truth]
        answer += [chance.choice(WORDS) for _ in range(chance.randint(0, 4))]
        if chance.random() < 0.3:
            chance.shuffle(answer)
        blank = " " if chance.random() < 0.9 else ""
        pairs.append((blank.join(answer), " ".join(truth)))
    cases = []
    for answer, truth in pairs:
        normal_answer, normal_truth, result = scores(answer, truth)
        cases.append(
            {"answer": answer, "truth": truth, "normalized": [normal_answer, normal_truth], "scores": result}
        )
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "metrics-golden.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
