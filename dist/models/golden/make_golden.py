"""Writes golden.json, pictures/ and prepared/: what Hugging Face transformers says to the checkpoint of tiny-vqa.

    pip install torch transformers pillow numpy safetensors
    python make_golden.py CHECKPOINT

CHECKPOINT is the folder with the float16 checkpoint that ../tiny-vqa was imported from. The pictures are those of
../../samples/golden and a few that are drawn here. Everything runs in float32 on the CPU.

pictures: file, SHA-256 of its pixels (rows from the top, channels last), and prepared/: the 8-bit RGB picture
[224, 224] after padding and resizing, before / 255, - image_mean, / image_std.
cases: token ids of the prompt, greedy answer as token ids without the end token and as text, the ten largest logits
of the first step; one case a picture has all of them.

A case counts only where every greedy step is decided by at least MARGIN, so that another order of summation cannot
turn it. first_logits are base64 of little-endian float32 [vocabulary]; choices have the natural logarithm of the
probability of each of their tokens, the end token last.
"""
import base64
import hashlib
import json
import pathlib
import sys

import numpy as np
import PIL
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer
from transformers import CLIPImageProcessorPil, LlavaForConditionalGeneration

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE / '../../samples/golden'
MEAN_COLOUR = (122, 116, 104)
IMAGE_TOKENS = 49
END = 2
MARGIN = 0.02
OPEN = [
    'What organ is shown?',
    'What imaging modality was used?',
    'What is abnormal in this image?',
    'What organ system is shown in this image?',
    'What type of image is this?',
]
CLOSED = {
    'What part of the body is shown?': ['head', 'chest', 'abdomen'],
    'What plane is this image in?': ['Axial', 'Coronal', 'Sagittal'],
    'Is this image abnormal?': ['Yes', 'No'],
}


def drawn():
    """Pictures of sizes that samples do not have: wide, tall, odd margins, smaller than the model's side."""
    y, x = np.mgrid[0:201, 0:334]
    wide = np.stack([x * 255 // 333, y * 255 // 200, (x + y) % 256], -1)
    y, x = np.mgrid[0:401, 0:150]
    rings = 128 + 120 * np.cos(np.hypot(x - 60, y - 180) / 9)
    y, x = np.mgrid[0:64, 0:97]
    checker = ((x // 7 + y // 5) % 2) * 200 + 30
    return {
        'grey': np.full((256, 256), 128),
        'gradient-wide': wide,
        'rings-tall': np.rint(rings),
        'checker-small': checker,
    }


def padded(picture):
    """A square with the picture in its centre; an odd margin is smaller on the left and at the top."""
    side = max(picture.size)
    square = Image.new('RGB', (side, side), MEAN_COLOUR)
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


class Reference:
    def __init__(self, checkpoint):
        torch.set_num_threads(1)
        self.model = LlavaForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32).eval()
        self.processor = CLIPImageProcessorPil.from_pretrained(checkpoint)
        self.tokenizer = Tokenizer.from_file(str(checkpoint / 'tokenizer.json'))

    def prepare(self, picture):
        """The 8-bit picture [224, 224, 3] after resizing, and the tensor [1, 3, 224, 224]."""
        square = padded(picture.convert('RGB'))
        eight = self.processor(square, do_rescale=False, do_normalize=False, return_tensors='np')['pixel_values'][0]
        pixels = self.processor(square, return_tensors='pt')['pixel_values']
        return np.asarray(eight).astype(np.uint8).transpose(1, 2, 0), pixels

    def encode(self, question, answer=''):
        text = '<s>[INST] ' + '<image>' * IMAGE_TOKENS + '\n' + question + ' [/INST]' + answer
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    @torch.no_grad()
    def generate(self, pixels, prompt, most=40):
        """First logits, greedy tokens without the end, and the smallest lead of a token over the second."""
        tokens, first, margin = [], None, float('inf')
        step = {'input_ids': torch.tensor([prompt]), 'pixel_values': pixels}
        past = None
        while True:
            out = self.model(**step, past_key_values=past, use_cache=True, logits_to_keep=1)
            logits, past = out.logits[0, -1], out.past_key_values
            first = logits if first is None else first
            best = torch.topk(logits, 2)
            margin = min(margin, float(best.values[0] - best.values[1]))
            token = int(best.indices[0])
            if token == END or len(tokens) == most:
                return first, tokens, margin
            tokens.append(token)
            step = {'input_ids': torch.tensor([[token]])}

    @torch.no_grad()
    def score(self, pixels, question, prompt, choice):
        whole = self.encode(question, ' ' + choice + '</s>')
        assert whole[:len(prompt)] == prompt, 'the tokenizer joins prompt and choice'
        out = self.model(input_ids=torch.tensor([whole]), pixel_values=pixels)
        log = torch.log_softmax(out.logits[0], -1)
        tokens = whole[len(prompt):]
        return {
            'text': choice,
            'tokens': tokens,
            'log_probabilities': [round(float(log[len(prompt) - 1 + i, t]), 5) for i, t in enumerate(tokens)],
        }


def case(reference, name, pixels, question, whole):
    prompt = reference.encode(question)
    first, tokens, margin = reference.generate(pixels, prompt)
    if margin < MARGIN:
        return None
    top = torch.topk(first, 10)
    result = {
        'picture': name,
        'question': question,
        'prompt_ids': prompt,
        'tokens': tokens,
        'text': reference.tokenizer.decode(tokens).strip(),
        'margin': round(margin, 4),
        'top10': [[int(i), round(float(v), 5)] for v, i in zip(top.values, top.indices)],
    }
    if question in CLOSED:
        result['choices'] = [reference.score(pixels, question, prompt, c) for c in CLOSED[question]]
    if whole:
        result['first_logits'] = base64.b64encode(first.numpy().astype('<f4').tobytes()).decode()
    return result


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def pictures():
    """Name and file of every picture; what is drawn here is written first."""
    (HERE / 'pictures').mkdir(exist_ok=True)
    files = {p.stem: p for p in sorted(SAMPLES.glob('*.png'))}
    for name, values in drawn().items():
        files[name] = HERE / 'pictures' / (name + '.png')
        Image.fromarray(values.astype(np.uint8)).save(files[name], optimize=True)
    return files


def main():
    reference = Reference(pathlib.Path(sys.argv[1]))
    (HERE / 'prepared').mkdir(exist_ok=True)
    entries, cases, dropped = [], [], []
    for name, file in pictures().items():
        picture = Image.open(file)
        eight, pixels = reference.prepare(picture)
        Image.fromarray(eight).save(HERE / 'prepared' / (name + '.png'), optimize=True)
        entries.append({
            'name': name,
            'file': str(file.relative_to(HERE)) if file.is_relative_to(HERE) else '../../samples/golden/' + file.name,
            'pixels_sha256': sha256(np.asarray(picture).tobytes()),
            'width': picture.width,
            'height': picture.height,
            'prepared': 'prepared/' + name + '.png',
        })
        first = True
        for question in OPEN + list(CLOSED):
            found = case(reference, name, pixels, question, first)
            if found is None:
                dropped.append(name + ': ' + question)
                continue
            cases.append(found)
            first = False
    grey = {c['question']: c['text'] for c in cases if c['picture'] == 'grey'}
    differing = sorted({c['picture'] for c in cases if c['question'] in grey and c['text'] != grey[c['question']]})
    head = {
        'transformers': transformers.__version__,
        'torch': torch.__version__.split('+')[0],
        'pillow': PIL.__version__,
        'checkpoint_sha256': sha256((pathlib.Path(sys.argv[1]) / 'model.safetensors').read_bytes()),
        'image_mean': reference.processor.image_mean,
        'image_std': reference.processor.image_std,
        'pictures_answered_unlike_grey': differing,
        'undecided': dropped,
    }
    rows = [json.dumps(k) + ': ' + json.dumps(v) for k, v in head.items()]
    for key, items in (('pictures', entries), ('cases', cases)):
        rows.append(json.dumps(key) + ': [\n' + ',\n'.join(json.dumps(i) for i in items) + '\n]')
    (HERE / 'golden.json').write_text('{\n' + ',\n'.join(rows) + '\n}\n')
    print(len(cases), 'cases,', len(dropped), 'undecided, unlike grey:', differing)


if __name__ == '__main__':
    main()
