"""Writes small random checkpoints in every layout that is imported, and what Hugging Face transformers says to them.

    pip install torch transformers safetensors sentencepiece
    python make_layouts.py

Each folder holds checkpoint/, with the files and tensor names of its layout, where the layout has them base/ (what
deltas are added to) and tower/ (the CLIP tower on its own), and expected.json:

prompt_ids: ids of the prompt, -200 where a picture's feature stands.
before, picture, after: where the checkpoint has a SentencePiece tokenizer, the text of the prompt, picture as often as
the picture has positions.
pixels: the prepared picture [3, side, side], absent from text models.
features: what tower and projector make of it, [positions, hidden].
tokens: greedy continuation without the end token.
logits: [len(tokens) + 1, vocabulary] after the prompt and after each of the tokens.
margin: smallest lead of a token over the second; the seeds are chosen so that it is at least MARGIN, and so that the
answer is not one token again and again.

pixels, features and logits are base64 of little-endian float32. Everything is computed in float32 on the CPU, with the
stored weights. Where transformers knows the layout, its own class reads the picture; for the original LLaVA-Med layouts
the same is composed of CLIPVisionModel's hidden state, linear layers with GELU between and the language model's
inputs_embeds. That the composition is right is checked against LlavaForConditionalGeneration (see composed()).
"""
import base64
import json
import pathlib
import shutil

import sentencepiece
import torch
import transformers
from safetensors.torch import save_file
from torch import nn
from transformers import (
    CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaForCausalLM, LlavaConfig, LlavaForConditionalGeneration,
    MistralConfig, MistralForCausalLM)

HERE = pathlib.Path(__file__).resolve().parent
PICTURE = -200
BEGIN, END = 1, 2
STEPS = 8
MARGIN = 0.02
TYPES = {'float32': torch.float32, 'float16': torch.float16, 'bfloat16': torch.bfloat16}
TOWER = 'model.vision_tower.vision_tower.vision_model.'
CORPUS = [
    'What organ is shown?', 'Is there a lesion in the left lung?', 'The heart is normal.', 'This is a chest x-ray.',
    'Where is the lesion?', 'The liver is shown in this image.', 'No, there is none.', 'Yes, in the right lung.',
]


# ---- weights ----

def fill(model, seed, dtype, grid=None):
    """Random weights of a spread that keeps activations near 1, as the file will hold them."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            last = name.split('.')[-2:]
            if parameter.dim() == 1:
                values = 0.1 * torch.randn(parameter.shape, generator=generator)
                if 'norm' in last[0] or 'layrnorm' in last[0]:
                    values = values + (1 if last[1] == 'weight' else 0)
            else:
                spread = 1.2 * parameter[0].numel() ** -0.5
                values = spread * torch.randn(parameter.shape, generator=generator)
            if grid:
                values = (values * grid).round().clamp(-grid, grid) / grid + 0.0  # no negative zero
            parameter.copy_(values.to(TYPES[dtype]).float())
    return model.eval()


def stored(model, dtype):
    return {name: value.to(TYPES[dtype]) for name, value in model.named_parameters()}


def renamed(weights, prefix, strip=()):
    """The weights with other names: what begins with one of strip loses it, then all get the prefix."""
    result = {}
    for name, value in weights.items():
        for part in strip:
            name = name.removeprefix(part)
        result[prefix + name] = value
    return result


def save(folder, weights, shards=1):
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.contiguous().clone() for name, value in weights.items()}
    if shards == 1:
        save_file(weights, folder / 'model.safetensors', metadata={'format': 'pt'})
        return
    names, index = sorted(weights), {}
    for part in range(shards):
        file = f'model-{part + 1:05d}-of-{shards:05d}.safetensors'
        mine = names[part::shards]
        save_file({name: weights[name] for name in mine}, folder / file, metadata={'format': 'pt'})
        index.update({name: file for name in mine})
    total = sum(value.numel() * value.element_size() for value in weights.values())
    write(folder / 'model.safetensors.index.json', {'metadata': {'total_size': total}, 'weight_map': index})


def write(file, value):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=1, sort_keys=True, default=str) + '\n')


# ---- tokenizers ----

def characters(folder, size, image=None):
    """A tokenizer.json of single characters, with the image's token where there is one."""
    special = ['<unk>', '<s>', '</s>'] + (['<image>'] if image is not None else [])
    pieces = special + ['\u2581'] + [chr(c) for c in [10] + list(range(33, 127))]
    vocabulary = {piece: i for i, piece in enumerate(pieces[:size])}
    added = [
        {'id': vocabulary[p], 'content': p, 'single_word': False, 'lstrip': False, 'rstrip': False,
         'normalized': False, 'special': True} for p in special]
    write(folder / 'tokenizer.json', {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': added,
        'normalizer': {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '\u2581'}, 'pre_tokenizer': None,
        'post_processor': None,
        'decoder': {'type': 'Sequence', 'decoders': [
            {'type': 'Replace', 'pattern': {'String': '\u2581'}, 'content': ' '}, {'type': 'Fuse'}]},
        'model': {'type': 'BPE', 'dropout': None, 'unk_token': '<unk>', 'continuing_subword_prefix': None,
                  'end_of_word_suffix': None, 'fuse_unk': True, 'byte_fallback': False, 'ignore_merges': False,
                  'vocab': vocabulary, 'merges': []}})


def piece_model(folder):
    """A SentencePiece model trained as LLaMA's was: byte pair encoding that falls back to bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / 'tokenizer.model'
    with file.open('wb') as out:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS), model_writer=out, model_type='bpe', vocab_size=320, byte_fallback=True,
            character_coverage=1.0, normalization_rule_name='identity', remove_extra_whitespaces=False,
            split_digits=True, allow_whitespace_only_pieces=True, unk_id=0, bos_id=BEGIN, eos_id=END, pad_id=-1,
            num_threads=1, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_file=str(file))


# ---- what transformers says ----

class Reference:
    """Logits for ids with PICTURE at a picture's positions."""

    def __init__(self, language, features=None):
        self.language = language
        self.features = features

    @torch.no_grad()
    def logits(self, ids):
        ids = torch.tensor([ids])
        rows = self.language.get_input_embeddings()(ids.clamp(min=0))
        if self.features is not None:
            rows[ids == PICTURE] = self.features
        return self.language(inputs_embeds=rows).logits[0, -1]


class Whole:
    """The same by a LlavaForConditionalGeneration."""

    def __init__(self, model, pixels):
        self.model, self.pixels = model, pixels

    @torch.no_grad()
    def logits(self, ids):
        ids = torch.tensor([ids])
        ids[ids == PICTURE] = self.model.config.image_token_id
        return self.model(input_ids=ids, pixel_values=self.pixels).logits[0, -1]

    @torch.no_grad()
    def features(self):
        found = self.model.model.get_image_features(pixel_values=self.pixels)
        found = getattr(found, 'pooler_output', found)
        return found[0]


def answer(reference, prompt, image):
    tokens, rows, margin = [], [], float('inf')
    while True:
        logits = reference.logits(prompt + tokens)
        rows.append(logits)
        best = torch.topk(logits, 2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        token = int(best.indices[0])
        if token in (END, image) or len(tokens) == STEPS:
            return tokens, torch.stack(rows), margin
        tokens.append(token)


def encoded(tensor):
    return base64.b64encode(tensor.detach().float().contiguous().numpy().astype('<f4').tobytes()).decode()


def expect(name, reference, prompt, pixels=None, features=None, **more):
    tokens, logits, margin = answer(reference, prompt, more.get('image_token_id'))
    if margin < MARGIN or len(tokens) < STEPS or len(set(tokens)) < STEPS // 2:
        return None
    expected = {
        'transformers': transformers.__version__, 'torch': torch.__version__.split('+')[0], 'prompt_ids': prompt,
        'tokens': tokens, 'margin': round(margin, 4), 'vocabulary': logits.shape[1], 'logits': encoded(logits)} | more
    if pixels is not None:
        expected |= {'pixels': encoded(pixels), 'features': encoded(features)}
    write(HERE / name / 'expected.json', expected)
    print(f'{name}: {tokens}, margin {margin:.3f}, logits {logits.min():.2f} to {logits.max():.2f}')
    return expected


def picture(side, seed):
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(seed)).mul(64).round().div(64)


def decided(name, make):
    """Calls make(seed) with the first seed whose answer is decided by the margin."""
    shutil.rmtree(HERE / name, ignore_errors=True)
    for seed in range(1, 60):
        if make(seed) is not None:
            return
    raise SystemExit(name + ': no seed gives decided answers')


# ---- text models ----

def rope(theta):
    return {'rope_type': 'default', 'rope_theta': theta}


def older(config):
    """The dictionary as transformers 4 wrote it."""
    result = {k: v for k, v in config.items() if k not in ('rope_parameters', 'dtype')}
    result['rope_theta'] = config['rope_parameters']['rope_theta']
    return result


def text_only(name, config, kind, dtype, shards=1, old=False):
    def make(seed):
        model = fill(kind(config), seed, dtype)
        prompt = [BEGIN] + [3 + (7 * i + seed) % (config.vocab_size - 3) for i in range(21)]
        if expect(name, Reference(model), prompt) is None:
            return None
        folder = HERE / name / 'checkpoint'
        described = config.to_dict() | {'architectures': [kind.__name__]}
        described = older(described) | {'torch_dtype': dtype} if old else described | {'dtype': dtype}
        write(folder / 'config.json', described)
        write(folder / 'generation_config.json', {'bos_token_id': BEGIN, 'eos_token_id': END})
        write(folder / 'tokenizer_config.json', {'tokenizer_class': 'PreTrainedTokenizerFast'})
        characters(folder, config.vocab_size)
        save(folder, stored(model, dtype), shards)
        return True
    decided(name, make)


def text_models():
    common = dict(
        intermediate_size=80, num_hidden_layers=2, vocab_size=96, max_position_embeddings=128, bos_token_id=BEGIN,
        eos_token_id=END)
    text_only(
        'text-mha-llama', LlamaConfig(
            hidden_size=48, num_attention_heads=3, num_key_value_heads=3, rope_parameters=rope(1e4),
            rms_norm_eps=1e-6, tie_word_embeddings=False, **common), LlamaForCausalLM, 'float32', old=True)
    text_only(
        'text-gqa-mistral', MistralConfig(
            hidden_size=40, num_attention_heads=4, num_key_value_heads=2, head_dim=16, sliding_window=None,
            rope_parameters=rope(1e6), rms_norm_eps=1e-5, tie_word_embeddings=False, **common), MistralForCausalLM,
        'bfloat16', shards=2)
    text_only(
        'text-tied-llama', LlamaConfig(
            hidden_size=64, num_attention_heads=2, num_key_value_heads=1, head_dim=64, rope_parameters=rope(5e5),
            rms_norm_eps=1e-5, tie_word_embeddings=True, **common), LlamaForCausalLM, 'float16')
    text_only(
        'text-head8-llama', LlamaConfig(
            hidden_size=48, num_attention_heads=6, num_key_value_heads=3, head_dim=8, rope_parameters=rope(1e4),
            rms_norm_eps=1e-5, tie_word_embeddings=True, **common), LlamaForCausalLM, 'float16', old=True)


# ---- LLaVA in the layouts of transformers ----

def llava(name, config, dtype, rename, shards=1, old=False, special=None):
    def make(seed):
        model = fill(LlavaForConditionalGeneration(config), seed, dtype)
        pixels = picture(config.vision_config.image_size, seed)
        whole = Whole(model, pixels)
        size = config.text_config.vocab_size
        prompt = [BEGIN] + [4 + seed % 40] * 2 + [PICTURE] * config.image_seq_length + [
            4 + (11 * i + seed) % (size - 4) for i in range(7)]
        features = whole.features()
        if expect(name, whole, prompt, pixels[0], features, image_token_id=config.image_token_id) is None:
            return None
        folder = HERE / name / 'checkpoint'
        described = config.to_dict() | {'architectures': ['LlavaForConditionalGeneration']}
        if old:
            described['text_config'] = older(described['text_config'])
            described.pop('image_token_id', None)
            described['image_token_index'] = config.image_token_id
        write(folder / 'config.json', described)
        write(folder / 'preprocessor_config.json', clip(config.vision_config.image_size))
        write(folder / 'tokenizer_config.json', special or {})
        characters(folder, size, config.image_token_id)
        tied = config.text_config.tie_word_embeddings
        weights = {n: v for n, v in stored(model, dtype).items() if not (tied and n.startswith('lm_head'))}
        save(folder, {rename(n): v for n, v in weights.items()}, shards)
        return True
    decided(name, make)


def clip(side, mean=(0.48145466, 0.4578275, 0.40821073), deviation=(0.26862954, 0.26130258, 0.27577711)):
    return {
        'image_processor_type': 'CLIPImageProcessor', 'do_center_crop': True, 'do_convert_rgb': True,
        'do_normalize': True, 'do_rescale': True, 'do_resize': True, 'rescale_factor': 1 / 255,
        'size': {'shortest_edge': side}, 'crop_size': {'height': side, 'width': side}, 'resample': 3,
        'image_mean': list(mean), 'image_std': list(deviation)}


def tower_of(name):
    """The part of a tower's name behind vision_model, whichever version of transformers gave the name."""
    return name.split('vision_tower.')[1].removeprefix('vision_model.')


def older_name(name):
    if name.startswith('model.vision_tower.'):
        return 'vision_tower.vision_model.' + tower_of(name)
    if name.startswith('lm_head'):
        return 'language_model.' + name
    name = name.removeprefix('model.')
    return name.replace('language_model.', 'language_model.model.', 1)


def newer_name(name):
    return 'model.vision_tower.vision_model.' + tower_of(name) if 'vision_tower.' in name else name


def llavas():
    llava(
        'llava-old-llama', LlavaConfig(
            vision_config=CLIPVisionConfig(
                hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=3, image_size=28,
                patch_size=14, projection_dim=32),
            text_config=LlamaConfig(
                hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=4, head_dim=16, vocab_size=96, rms_norm_eps=1e-5, max_position_embeddings=128,
                rope_parameters=rope(1e4), bos_token_id=BEGIN, eos_token_id=END, tie_word_embeddings=False),
            image_token_id=3, image_seq_length=4, vision_feature_layer=-2, vision_feature_select_strategy='default',
            tie_word_embeddings=False), 'float16', older_name, old=True,
        special={'chat_template': 'USER: <image>\n... ASSISTANT:'})
    # All that config.json lets differ from the one above.
    llava(
        'llava-new-mistral', LlavaConfig(
            vision_config=CLIPVisionConfig(
                hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=32,
                patch_size=8, hidden_act='gelu', projection_dim=32),
            text_config=MistralConfig(
                hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, head_dim=16, vocab_size=64, rms_norm_eps=1e-6, max_position_embeddings=128,
                sliding_window=None, rope_parameters=rope(1e6), bos_token_id=BEGIN, eos_token_id=END,
                tie_word_embeddings=True),
            image_token_id=3, image_seq_length=17, vision_feature_layer=-1, vision_feature_select_strategy='full',
            projector_hidden_act='gelu', multimodal_projector_bias=False, tie_word_embeddings=True),
        'bfloat16', newer_name, shards=2, special={'chat_template': '[INST] <image>\n... [/INST]'})


# ---- LLaVA-Med in its own layouts ----

def projector(kind, inputs, outputs):
    """The modules of mm_projector by mm_projector_type: linear, or mlpNx_gelu with N linear layers."""
    if kind == 'linear':
        return nn.Linear(inputs, outputs)
    modules = [nn.Linear(inputs, outputs)]
    for _ in range(int(kind[3]) - 1):
        modules += [nn.GELU(), nn.Linear(outputs, outputs)]
    return nn.Sequential(*modules)


@torch.no_grad()
def seen(tower, project, pixels, layer, class_token):
    hidden = tower(pixel_values=pixels, output_hidden_states=True).hidden_states[layer]
    return project(hidden if class_token else hidden[:, 1:])[0]


def composed():
    """Checks seen() and Reference against LlavaForConditionalGeneration with the same weights."""
    vision = CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=2, image_size=28, patch_size=14)
    text = MistralConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, vocab_size=64, sliding_window=None, rope_parameters=rope(1e6), tie_word_embeddings=False)
    config = LlavaConfig(
        vision_config=vision, text_config=text, image_token_id=3, image_seq_length=4, vision_feature_layer=-2,
        vision_feature_select_strategy='default', tie_word_embeddings=False)
    model = fill(LlavaForConditionalGeneration(config), 5, 'float32')
    tower = CLIPVisionModel(vision).eval()
    tower.load_state_dict(model.model.vision_tower.state_dict())
    project = projector('mlp2x_gelu', 32, 32)
    theirs = model.model.multi_modal_projector
    project[0].load_state_dict(theirs.linear_1.state_dict())
    project[2].load_state_dict(theirs.linear_2.state_dict())
    language = MistralForCausalLM(text).eval()
    language.model.load_state_dict(model.model.language_model.state_dict())
    language.lm_head.load_state_dict(model.lm_head.state_dict())
    pixels, prompt = picture(28, 5), [BEGIN] + [PICTURE] * 4 + [9, 33, 17]
    ours = Reference(language, seen(tower, project, pixels, -2, False)).logits(prompt)
    difference = float((ours - Whole(model, pixels).logits(prompt)).abs().max())
    print('composition against LlavaForConditionalGeneration:', difference)
    assert difference < 1e-5


def tower_weights(tower, prefix, dtype, positions=False):
    weights = renamed(stored(tower, dtype), prefix, strip=('vision_model.',))
    if positions:
        count = weights[prefix + 'embeddings.position_embedding.weight'].shape[0]
        weights[prefix + 'embeddings.position_ids'] = torch.arange(count).unsqueeze(0)
    return weights


def pieces(model, before, after):
    """Ids of a prompt with one picture, as the original makes them: the texts around it one by one, each as if it
    began a text, only the first with the begin token."""
    return [BEGIN] + model.encode(before), model.encode(after)


def med15(name, kind, tower_config, dtype, class_token=False, shards=1, theta=1e6):
    """Version 1.5: LlavaMistralForCausalLM, one flat config, the tuned tower inside, <image> as -200."""
    text = MistralConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8 if theta < 1e6 else 16, vocab_size=320, rms_norm_eps=1e-5, max_position_embeddings=256,
        sliding_window=None, rope_parameters=rope(theta), tie_word_embeddings=False)
    count = (tower_config.image_size // tower_config.patch_size) ** 2 + (1 if class_token else 0)

    def make(seed):
        folder = HERE / name / 'checkpoint'
        text_before, text_after = '[INST] ', '\n' + CORPUS[0] + ' [/INST]'
        before, after = pieces(piece_model(folder), text_before, text_after)
        prompt = before + [PICTURE] * count + after
        tower = fill(CLIPVisionModel(tower_config), seed, dtype)
        project = fill(projector(kind, tower_config.hidden_size, text.hidden_size), seed + 100, dtype)
        language = fill(MistralForCausalLM(text), seed + 200, dtype)
        pixels = picture(tower_config.image_size, seed)
        features = seen(tower, project, pixels, -2, class_token)
        found = expect(
            name, Reference(language, features), prompt, pixels[0], features, before=text_before, picture='<image>',
            after=text_after)
        if found is None:
            return None
        config = {
            'architectures': ['LlavaMistralForCausalLM'], 'model_type': 'llava_mistral', 'bos_token_id': BEGIN,
            'eos_token_id': END, 'attention_dropout': 0.0, 'freeze_mm_mlp_adapter': False, 'hidden_act': 'silu',
            'hidden_size': text.hidden_size, 'image_aspect_ratio': 'pad', 'initializer_range': 0.02,
            'intermediate_size': text.intermediate_size, 'max_position_embeddings': 256,
            'mm_hidden_size': tower_config.hidden_size, 'mm_patch_merge_type': 'flat', 'mm_projector_lr': None,
            'mm_projector_type': kind, 'mm_use_im_patch_token': False, 'mm_use_im_start_end': False,
            'mm_vision_select_feature': 'cls_patch' if class_token else 'patch', 'mm_vision_select_layer': -2,
            'mm_vision_tower': 'openai/clip-vit-large-patch14-336', 'num_attention_heads': text.num_attention_heads,
            'num_hidden_layers': text.num_hidden_layers, 'num_key_value_heads': text.num_key_value_heads,
            'rms_norm_eps': 1e-5, 'rope_theta': theta, 'sliding_window': None, 'tie_word_embeddings': False,
            'tokenizer_model_max_length': 128, 'tokenizer_padding_side': 'right', 'torch_dtype': dtype,
            'transformers_version': '4.36.2', 'tune_mm_mlp_adapter': False, 'unfreeze_mm_vision_tower': True,
            'use_cache': True, 'use_mm_proj': True, 'vocab_size': text.vocab_size}
        if text.head_dim * text.num_attention_heads != text.hidden_size:
            config['head_dim'] = text.head_dim
        write(folder / 'config.json', config)
        write(folder / 'generation_config.json', {'bos_token_id': BEGIN, 'eos_token_id': END})
        special(folder)
        weights = stored(language, dtype) | renamed(stored(project, dtype), 'model.mm_projector.')
        save(folder, weights | tower_weights(tower, TOWER, dtype, positions=True), shards)
        return True
    decided(name, make)


def special(folder, **added):
    write(folder / 'special_tokens_map.json', {'bos_token': '<s>', 'eos_token': '</s>', 'unk_token': '<unk>'})
    write(folder / 'tokenizer_config.json', {
        'add_bos_token': True, 'add_eos_token': False, 'bos_token': '<s>', 'eos_token': '</s>', 'unk_token': '<unk>',
        'legacy': True, 'tokenizer_class': 'LlamaTokenizer'})
    if added:
        write(folder / 'added_tokens.json', added)


def med10(name, delta):
    """Version 1.0: LlavaLlamaForCausalLM, a linear projector, <im_start>, <im_patch>, <im_end>, the tower in a folder
    of its own; with delta the language model's weights less the base's, whose table has fewer rows."""
    rows, dtype = 320, 'float16'
    marks = {'[PAD]': rows, '<im_patch>': rows + 1, '<im_start>': rows + 2, '<im_end>': rows + 3}
    vision = CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=2, image_size=28, patch_size=14,
        projection_dim=32)

    def text(vocabulary):
        return LlamaConfig(
            hidden_size=32, intermediate_size=88, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
            head_dim=16, vocab_size=vocabulary, rms_norm_eps=1e-6, max_position_embeddings=128,
            rope_parameters=rope(1e4), tie_word_embeddings=False)

    def config(vocabulary, **more):
        return {
            'bos_token_id': BEGIN, 'eos_token_id': END, 'hidden_act': 'silu', 'hidden_size': 32,
            'initializer_range': 0.02, 'intermediate_size': 88, 'max_position_embeddings': 128,
            'num_attention_heads': 2, 'num_hidden_layers': 2, 'pad_token_id': 0, 'rms_norm_eps': 1e-6,
            'tie_word_embeddings': False, 'torch_dtype': dtype, 'transformers_version': '4.28.0.dev0',
            'vocab_size': vocabulary} | more

    def make(seed):
        folder = HERE / name / 'checkpoint'
        text_before, text_after = 'USER: ', '\n' + CORPUS[0] + ' ASSISTANT:'
        # The tokenizer of transformers' March 2023, which v1.0 pins, takes white space beside such tokens for theirs.
        before, after = pieces(piece_model(folder), text_before.rstrip(), text_after.lstrip())
        prompt = before + [marks['<im_start>']] + [PICTURE] * 4 + [marks['<im_end>']] + after
        tower = fill(CLIPVisionModel(vision), seed, dtype)
        project = fill(projector('linear', vision.hidden_size, 32), seed + 100, dtype)
        # On this grid the sum of base and delta is exact in half precision.
        base = fill(LlamaForCausalLM(text(rows)), seed + 200, dtype, grid=256)
        language = fill(LlamaForCausalLM(text(rows + len(marks))), seed + 300, dtype, grid=256)
        pixels = picture(28, seed)
        features = seen(tower, project, pixels, -2, False)
        found = expect(
            name, Reference(language, features), prompt, pixels[0], features, image_token_id=marks['<im_patch>'],
            before=text_before + '<im_start>', picture='<im_patch>', after='<im_end>' + text_after)
        if found is None:
            return None
        write(folder / 'config.json', config(
            rows + len(marks), architectures=['LlavaLlamaForCausalLM'], model_type='llava',
            freeze_mm_mlp_adapter=False, image_aspect_ratio='square', image_grid_pinpoints=None, mm_hidden_size=32,
            mm_resampler_type=None, mm_use_im_start_end=True, mm_vision_select_layer=-2,
            mm_vision_tower='openai/clip-vit-large-patch14', sep_image_conv_front=False, tune_mm_mlp_adapter=False,
            use_cache=True, use_mm_proj=True))
        special(folder, **marks)
        weights = stored(language, dtype)
        if delta:
            weights = less(weights, stored(base, dtype))
            write(HERE / name / 'base/config.json', config(
                rows, architectures=['LlamaForCausalLM'], model_type='llama'))
            piece_model(HERE / name / 'base')
            special(HERE / name / 'base')
            save(HERE / name / 'base', stored(base, dtype) | frequencies(), shards=2)
        save(folder, weights | renamed(stored(project, dtype), 'model.mm_projector.') | frequencies(), shards=2)
        own = HERE / name / 'tower'
        described = vision.to_dict() | {'architectures': ['CLIPVisionModel'], 'torch_dtype': dtype}
        if delta:
            described = {
                'architectures': ['CLIPModel'], 'model_type': 'clip', 'projection_dim': 32,
                'vision_config': vision.to_dict(), 'text_config': {'model_type': 'clip_text_model', 'hidden_size': 16}}
        write(own / 'config.json', described)
        write(own / 'preprocessor_config.json', clip(28))
        other = {'logit_scale': torch.tensor(2.5), 'visual_projection.weight': torch.zeros(32, 32)} if delta else {}
        save(own, tower_weights(tower, 'vision_model.', dtype, positions=delta) | other)
        return True
    decided(name, make)


def less(weights, base):
    result = {}
    for name, value in weights.items():
        rows = base[name].shape[0]
        result[name] = value.clone()
        result[name][:rows] -= base[name]
        again = result[name].clone()
        again[:rows] += base[name]
        assert torch.equal(again, value), name + ': base and delta do not add up exactly'
    return result


def frequencies():
    """The buffers that checkpoints of that time hold beside the weights."""
    return {
        f'model.layers.{i}.self_attn.rotary_emb.inv_freq': 1e4 ** -(torch.arange(0, 16, 2).float() / 16)
        for i in range(2)}


def tuned(layers, side, patch, intermediate=64):
    """A tower of one head of 64, the width of all heads of CLIP, as nothing in these checkpoints states it."""
    return CLIPVisionConfig(
        hidden_size=64, intermediate_size=intermediate, num_hidden_layers=layers, num_attention_heads=1,
        image_size=side, patch_size=patch, projection_dim=32)


def meds():
    med15('med15-linear', 'linear', tuned(2, 24, 8), 'float16')
    med15('med15-mlp2x', 'mlp2x_gelu', tuned(3, 32, 8, 32), 'bfloat16', shards=3)
    med15('med15-mlp3x-class', 'mlp3x_gelu', tuned(2, 40, 8, 96), 'float16', class_token=True, theta=1e4)
    med10('med10', delta=False)
    med10('med10-delta', delta=True)


if __name__ == '__main__':
    torch.set_num_threads(1)
    composed()
    text_models()
    llavas()
    meds()
