"""Writes a random checkpoint that differs from tiny-llava in every choice that config.json offers, and what
transformers says to it (expected.json).

    pip install torch transformers safetensors
    python make_variant.py

Mistral decoder with 4 heads on 2 key and value heads that are not hidden_size / heads wide, another rotary base, tied
embeddings; exact GELU in the tower, its last hidden state with the class token; a projector without bias; bfloat16;
tensor names of the newer layout, in two files with an index.
"""
import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, LlavaConfig, LlavaForConditionalGeneration, MistralConfig

HERE = pathlib.Path(__file__).resolve().parent
IMAGE, END, TOKENS = 3, 2, 17

torch.manual_seed(7)
config = LlavaConfig(
    vision_config=CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8,
        hidden_act='gelu', projection_dim=32),
    text_config=MistralConfig(
        hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, vocab_size=64, rms_norm_eps=1e-6, max_position_embeddings=128, sliding_window=None,
        rope_parameters={'rope_type': 'default', 'rope_theta': 1e6}, bos_token_id=1, eos_token_id=END,
        tie_word_embeddings=True),
    image_token_index=IMAGE, image_seq_length=TOKENS, vision_feature_layer=-1, vision_feature_select_strategy='full',
    projector_hidden_act='gelu', multimodal_projector_bias=False, tie_word_embeddings=True)
model = LlavaForConditionalGeneration(config).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        spread = 0.4 if parameter.dim() > 1 else 0.1
        centre = 1.0 if 'norm' in name and name.endswith('weight') else 0.0
        parameter.copy_((centre + spread * torch.randn_like(parameter)).bfloat16().float())

weights = {
    name: value.bfloat16().contiguous()
    for name, value in model.state_dict().items()
    if name != 'lm_head.weight' and 'position_ids' not in name
}
names, index = sorted(weights), {}
for part in range(2):
    file = f'model-{part + 1:05d}-of-00002.safetensors'
    save_file({name: weights[name] for name in names[part::2]}, HERE / file)
    index.update({name: file for name in names[part::2]})
(HERE / 'model.safetensors.index.json').write_text(json.dumps({'weight_map': index}, indent=1, sort_keys=True) + '\n')
described = config.to_dict() | {'architectures': ['LlavaForConditionalGeneration']}
(HERE / 'config.json').write_text(json.dumps(described, indent=1, sort_keys=True, default=str) + '\n')
(HERE / 'preprocessor_config.json').write_text(json.dumps({
    'image_processor_type': 'CLIPImageProcessor', 'size': {'shortest_edge': 32}, 'crop_size': {'height': 32, 'width': 32},
    'resample': 3, 'image_mean': [0.5, 0.5, 0.5], 'image_std': [0.5, 0.5, 0.5]}) + '\n')
(HERE / 'tokenizer_config.json').write_text(json.dumps({'chat_template': '[INST] <image>\n... [/INST]'}) + '\n')
(HERE / 'tokenizer.json').write_text(json.dumps({'added_tokens': [{'id': IMAGE, 'content': '<image>'}]}) + '\n')

pixels = torch.randn(1, 3, 32, 32).mul(100).round().div(100)
prompt = [1, 9, 33] + [IMAGE] * TOKENS + [17, 40, 5, 61]
tokens, ids = [], torch.tensor([prompt])
with torch.no_grad():
    for step in range(8):
        logits = model(input_ids=ids, pixel_values=pixels).logits[0, -1]
        if step == 0:
            first = logits
        token = int(logits.argmax())
        if token == END:
            break
        tokens.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
(HERE / 'expected.json').write_text(json.dumps({
    'transformers': transformers.__version__,
    'pixels': [round(float(v), 2) for v in pixels.flatten()],
    'prompt_ids': prompt,
    'tokens': tokens,
    'first_logits': [round(float(v), 5) for v in first]}) + '\n')
print(tokens, float(first.min()), float(first.max()))
