"""Makes two small tokenizers and golden-tokens.json: token ids and labels of conversations.

The borders between what is given and what is learned come from the character offsets that the
tokenizers library reports for the whole text; a token belongs to the part that its last character
is in. Run in this folder with tokenizers 0.22.
"""

import json

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

POSITIONS = 3
SYSTEM = (
    "A chat between a curious %s and an artificial intelligence assistant. The assistant gives"
    " helpful, detailed, and polite answers to the %s's questions."
)
TEXTS = [
    "Is there a mass in the left lung? No, there is none. Yes, in the right upper lobe.",
    "Human: What is shown in this chest X-ray? Assistant: The heart is of normal size.",
    "USER: Which plane is this CT? ASSISTANT: axial ### [INST] [/INST] the liver and the kidneys",
    SYSTEM % ("human", "human"),
    SYSTEM % ("user", "user"),
]
CONVERSATIONS = [
    [["Is there a mass in the left lung?", "No"]],
    [["Where is it?\nAnswer in one word.", "The right upper lobe."], ["Are you sure?", "Yes, I am."]],
    [["Größe in µm?", "3 µm, naïve \U0001FA7B"]],
    [["1", "2"], ["3", "4"], ["5?", "6."]],
    [["  Two blanks?  ", " a blank before"]],
    [["", "A chest X-ray of the lungs."]],
]


def byte_level(marks):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    train(tokenizer, ["<unk>", "<s>", "</s>", "<image>"] + marks, alphabet)
    return tokenizer


def sentence_piece(marks):
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]
    )
    # The trainer must not merge over words; the finished tokenizer has no pre-tokenizer, as Llama's.
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    octets = ["<0x%02X>" % octet for octet in range(256)]
    train(tokenizer, ["<unk>", "<s>", "</s>"] + octets + ["<image>"] + marks, [])
    content = json.loads(tokenizer.to_str())
    content["pre_tokenizer"] = None
    content["added_tokens"] = [
        token for token in content["added_tokens"] if token["content"] not in octets
    ]
    content["decoder"] = {
        "type": "Sequence",
        "decoders": [
            {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
            {"type": "ByteFallback"},
            {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        ],
    }
    return Tokenizer.from_str(json.dumps(content))


def train(tokenizer, specials, alphabet):
    tokenizer.train_from_iterator(
        TEXTS * 3,
        trainers.BpeTrainer(
            vocab_size=len(specials) + len(alphabet) + 160,
            special_tokens=[AddedToken(special, special=True) for special in specials],
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )


def parts(template, slot, turns):
    """The parts of a conversation's text: (text, learned)."""
    result = []
    for number, (question, answer) in enumerate(turns):
        shown = slot if number == 0 else ""
        before = shown + "\n" + question if shown else question
        if template == "mistral_instruct":
            result += [("[INST] " + before + " [/INST]", False), (" " + answer + " </s>", True)]
        elif template == "vicuna_v1":
            head = SYSTEM % ("user", "user") + " " if number == 0 else ""
            result += [(head + "USER: " + before + " ASSISTANT:", False), (" " + answer + "</s>", True)]
        elif template == "llava_med_v1_trained":
            head = SYSTEM % ("human", "human") + "\n\n### " if number == 0 else ""
            result += [
                (head + "Human: " + before + "\n### Assistant:", False),
                (" " + answer + "\n### ", True),
            ]
        else:
            head = ""
            if number == 0:
                head = SYSTEM % ("human", "human")
                head += "###Human: Hi!###Assistant: Hi there!  How can I help you today?\n###"
            behind = question + "\n" + shown if shown else question
            result += [
                (head + "Human: " + behind + "###", False),
                ("Assistant: " + answer + "###", True),
            ]
    return result


def case(tokenizer, template, turns, pictured):
    marked = tokenizer.token_to_id("<im_start>") is not None
    slot = "<image>" * POSITIONS
    slot = "<im_start>" + slot + "<im_end>" if marked else slot
    texts = parts(template, slot if pictured else "", turns)
    whole = "".join(text for text, _ in texts)
    learned = [flag for text, flag in texts for _ in text]
    encoding = tokenizer.encode(whole, add_special_tokens=False)
    start = tokenizer.token_to_id("<s>")
    labels = [-100]
    for token, (begin, end) in zip(encoding.ids, encoding.offsets):
        # A blank that the normalizer puts before a text has no character of its own.
        last = end - 1 if end > begin else begin
        labels.append(token if learned[last] else -100)
    return {
        "template": template,
        "turns": turns,
        "pictured": pictured,
        "ids": [start] + encoding.ids,
        "labels": labels,
    }


def main():
    golden = []
    for name, make in (("byte-level", byte_level), ("sentencepiece", sentence_piece)):
        for marks in ([], ["<im_start>", "<im_end>"]):
            file = "tokenizer-%s%s.json" % (name, "-marks" if marks else "")
            tokenizer = make(marks)
            tokenizer.save(file, pretty=False)
            templates = ["llava_med_v1_trained", "llava_med_v1_released"]
            for template in templates if marks else ["mistral_instruct", "vicuna_v1"] + templates:
                for turns in CONVERSATIONS:
                    for pictured in (True, False):
                        golden.append({"tokenizer": file, **case(tokenizer, template, turns, pictured)})
    with open("golden-tokens.json", "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(g, ensure_ascii=False) for g in golden) + "\n]\n")


main()
