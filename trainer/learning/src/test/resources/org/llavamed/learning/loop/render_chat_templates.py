"""Renders the templates of chat_templates.json by transformers' own machinery, for ChatTemplateFileTest.

The "jinja" texts are ours; "plain" and "shown" are what transformers makes of them.
Ran with transformers 4.57:  python render_chat_templates.py chat_templates.json
"""
import json
import sys

from transformers.utils.chat_template_utils import render_jinja_template


def messages(picture):
    first = "what is it?"
    if picture:
        first = [{"type": "image"}, {"type": "text", "text": first}]
    return [
        {"role": "user", "content": first},
        {"role": "assistant", "content": "a lung"},
        {"role": "user", "content": "which side?"},
        {"role": "assistant", "content": [{"type": "text", "text": "left's"}]},
    ]


with open(sys.argv[1]) as file:
    templates = json.load(file)
for template in templates.values():
    for name, picture in (("plain", False), ("shown", True)):
        rendered, _ = render_jinja_template([messages(picture)], chat_template=template["jinja"])
        template[name] = rendered[0]
with open(sys.argv[1], "w") as file:
    json.dump(templates, file, indent=1)
    file.write("\n")
